import pytest

from samestory.facts import contradictions, facts


def found(a: tuple[str, str], b: tuple[str, str]) -> tuple[str, ...]:
    one, other = facts(a[1], a[0]), facts(b[1], b[0])
    assert contradictions(one, other) == contradictions(other, one)
    return contradictions(one, other)


@pytest.mark.parametrize(
    ("fr", "en"),
    [
        ("Ils sont 12.", "There are 13."),
        ("Ils sont douze.", "There are thirteen."),
        ("Cela coûte 12 millions d’euros.", "It costs 13 million euros."),
        ("En hausse de 5 %.", "Up 6%."),
        ("Le 3 mai.", "On 4 May."),
        ("Le 3 mai.", "On 3 June."),
        ("C’était en 1998.", "It was in 1989."),
        ("À 9 h 40.", "At 9:50 a.m."),
        ("Sur 12 km.", "Over 13 kilometres."),
        ("Sur 12 km, 40 personnes.", "Over 12 km, 50 people."),
        ("Environ 83 personnes.", "About 82 people."),
        ("Il y a 30 morts.", "There are 29 dead."),
        ("Plus de 400 personnes.", "There are 480 people."),
        ("Deux tiers des voix.", "Three quarters of the votes."),
        ("Une fuite de 260 tonnes.", "A leak of 180 tons."),
        ("Après 80 minutes.", "After 70."),
        ("Vers 9 heures.", "At 9:40 a.m."),
        ("À 9 h 15.", "At 9:00 a.m."),
        (f"Environ 1{'0' * 31} cas.", f"There are 105{'0' * 29} cases."),
        ("Trois quarts des voix.", "Three fifths of the votes."),
        ("À 80 km/h.", "At 50 km/h."),
        ("Il y a 40 000 personnes.", "There are 35,000 people."),
        ("Deux cent mille personnes.", "There are 250,000 people."),
        ("À 9 h 40, heure locale.", "At 10:50 a.m. local time."),
        ("À 14 h 17, heure de Paris.", "At 7:21 a.m. local time."),
        ("L'attaque a débuté à 15h30 GMT.", "It began at 1300 GMT."),
        ("Un quart des étudiants.", "A third of the students."),
        ("PARIS, 12 janvier - Dès le 1er mars.", "From March 15, it was said on January 12."),
        ("Il y a 120 millions de doses.", "There are 100 million doses."),
        ("Cela coûte 1,1 milliard de roupies.", "It costs 1.5 billion rupees."),
        ("Une amende de 750 millions de roupies.", "A fine of 500m Indonesian rupiahs."),
        ("Elle retient 600 000 livres.", "It withholds £400,000."),
        ("46 millions de livres.", "It cost £64m."),
        ("À 600 m du site.", "At one kilometre, at 1 km from the site."),
        ("À 12 km.", "At 7 miles (11 km)."),
        ("À 13 mètres.", "At 40ft (12 metres)."),
        ("À 11 h GMT.", "At 10:00 GMT, 17:00 WIB."),
        ("Ils ont été cités 91 fois.", "They were cited 61 times."),
        ("Plus de 10 morts.", "There are 9 dead."),
        ("Arrêté à 6 heures par la police.", "He was arrested at 7 a.m."),
        ("Sur 800 m².", "Over 600 sq m."),
        ("Il pèse 900 kg.", "It weighs a tonne and more, 1.5 tonnes."),
        ("À 95 milles nautiques.", "At 120 km."),
        ("En 6 s 14.", "In 6.19 seconds."),
        ("Une tablette de 63 ans.", "A tablet of 61 years."),
        ("Dix autres témoins.", "The organiser and nine other witnesses."),
    ],
)
def test_numbers_that_exclude_each_other(fr: str, en: str) -> None:
    assert found(("fr", fr), ("en", en)) == ("number-mismatch",)


@pytest.mark.parametrize(
    ("fr", "en"),
    [
        ("Ils sont 12.", "There are twelve."),
        ("Ils sont 12.", "They are there."),
        ("Ils sont 12, dont 3 enfants.", "There are 12."),
        ("Cela coûte 12 euros.", "It costs 13 dollars."),
        ("Sur 12 km.", "Over 7 miles."),
        ("En hausse de 5 %.", "There are 6."),
        ("Il y a 5 234 000 habitants.", "There are 5.2 million inhabitants."),
        ("48,6 %.", "49%."),
        ("Deux millions cinq cent mille euros.", "It cost 2.5 million euros."),
        ("Environ 40 000 personnes.", "There are 35,000 people."),
        ("À 14 h 17, heure de Paris.", "At 7:17 a.m. local time."),
        ("C'était le 15 octobre.", "ANKARA, Oct 16 - The bank moved."),
        ("C'était le 9 février.", "ANKARA, Feb 9 - The bank moved, as in October."),
        ("En hausse de 3,6 %.", "It rose 4 percent."),
        ("Un tiers des étudiants.", "A third of the students, for the third time."),
        ("À 21h45, heure de Paris.", "At 11:45 p.m. in the city (2145 GMT)."),
        ("À 16 h 00, heure de Nairobi.", "At 1300 GMT."),
        ("Cela coûte 1,6 milliard d'euros.", "It costs 2 billion euros."),
        ("Environ 50 personnes.", "There are 52 people."),
        ("À 15 heures.", "At 3 p.m."),
        ("À 15 heures.", "At 3 o'clock."),
        ("De 1995 à 1996.", "In 1995-96."),
        ("Deux à trois millions.", "Two million to three million."),
        ("Le 5/12/2024.", "On 12/5/2024."),
        ("Une dizaine de cas.", "There are 12 cases."),
        ("Ils sont 60, dont 60 élus.", "There are 60."),
        ("Plus de 400 personnes.", "There are 420 people."),
        ("Plus de 2000 emplois.", "There are 2,200 jobs."),
        ("Vers 8 heures.", "At 7:55 a.m."),
        ("À 4 m de haut, 500 kilomètres plus loin.", "4 metres up."),
        ("Sur 4 m.", "Over 6 km."),
        ("Les deux villes.", "Over 60 miles."),
        ("Un tiers des voix.", "One of 87 votes."),
        ("À 80 km/h.", "For 3 hours."),
        ("À 38 milles nautiques.", "At about 70 km."),
        ("Près de deux semaines.", "Twelve days."),
        ("Un million et demi de personnes.", "A million and a half people."),
        ("Ils sont 1 200.", "A thousand or so."),
        ("Un millier de personnes.", "There are 1,050."),
        ("Ils sont quinze.", "One in a hundred, half of a million."),
        ("Deux jours plus tard.", "After 30 hours."),
        ("Elle a écrit trente livres.", "She paid £20."),
        ("Un hélicoptère a tué cinq personnes.", "An Mi-8 crashed."),
        ("Elle a 36 ans.", "She is in her mid-30s."),
        ("500 roupies.", "It cost 600 dollars."),
        ("Sortis à 14 h 17, rentrés à 22 h 05, heure de Paris.", "Out at 12:17 GMT and in at 20:05 GMT."),
        ("Un bébé de 5 livres.", "It cost £400."),
        ("Cela coûte 41 millions d'euros.", "It costs £36m."),
        ("Trois fois moins de places.", "There are 4 places."),
        ("Trois fois.", "At 9:40 a.m., in the 1990s."),
        ("Un tiers de plus, un tiers de grain en plus.", "A third more."),
        ("En 4 s 58.", "In 4.58 seconds."),
        ("D'ici à la mi-2026.", "Until mid-2026."),
        ("Jusqu'à huit heures par jour.", "At 7:00 a.m."),
        ("Dix témoins, dont l'organisateur.", "The organiser and nine other witnesses."),
        ("Cent quarante personnes.", "A hundred and forty people."),
        ("Un millier de bassins.", "A thousand tanks, half a million fish."),
    ],
)
def test_numbers_that_can_both_be_true(fr: str, en: str) -> None:
    assert found(("fr", fr), ("en", en)) == ()


@pytest.mark.parametrize(
    ("id_", "en"),
    [
        ("Kemarin Budi Santosa tiba.", "Yesterday Adi Nugraha arrived."),
        ("Mereka tiba di Jerman.", "They arrived in Spain."),
        ("Kata Siti Rahma itu benar.", "It is true, said Siti Wulandari."),
    ],
)
def test_names_that_exclude_each_other(id_: str, en: str) -> None:
    assert found(("id", id_), ("en", en)) == ("name-mismatch",)


@pytest.mark.parametrize(
    ("id_", "en"),
    [
        ("Kemarin Budi Santosa tiba.", "Yesterday Santosa arrived."),
        ("Mereka tiba di Jerman.", "They arrived in Germany."),
        ("Mereka tiba di London.", "They arrived in London with Ada Rowe."),
        ("Pria itu orang Kanada.", "The man is Canadian."),
        ("Menurut OPEC harganya naik.", "According to OPEP it rose."),
        ("Di Laut Hitam ada badai.", "There is a storm on the Black Sea."),
        ("Senin di Mei itu dingin.", "It was a cold Monday in May."),
        ("Menteri Kesehatan setuju.", "The Minister of Health agreed."),
    ],
)
def test_names_that_may_be_one(id_: str, en: str) -> None:
    assert found(("id", id_), ("en", en)) == ()


def test_german_nouns_are_no_names() -> None:
    assert found(("de", "Gestern fuhr ein Zug nach dem Bahnhof."), ("fr", "Hier Ada Rowe est venue.")) == ()


def test_the_english_excuses_a_name_that_is_spelled_anew() -> None:
    french, indonesian = "Ils vont à Pékin demain.", "Mereka ke Beijing besok."
    bare = contradictions(facts(french, "fr"), facts(indonesian, "id"))
    told = contradictions(facts(french, "fr", "They go to Beijing tomorrow."), facts(indonesian, "id"))
    assert (bare, told) == (("name-mismatch",), ())


def test_a_name_of_common_words_needs_a_translation_to_count() -> None:
    english = facts("They watched Big Brother and left.", "en")
    french = "Ils ont vu Kapalua et sont partis."
    assert contradictions(facts(french, "fr"), english) == ()
    assert contradictions(facts(french, "fr", "They saw Kapalua and left."), english) == ("name-mismatch",)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("en", "They did not leave."), ("fr", "Ils sont partis.")),
        (("en", "They left."), ("id", "Mereka tidak pergi.")),
        (("fr", "Ils ne sont jamais partis."), ("id", "Mereka sudah pergi.")),
        (("de", "Sie gingen nicht."), ("es", "Se fueron.")),
        (("zh", "他们没有离开。"), ("en", "They left.")),
        (("ar", "لم يغادروا"), ("en", "They left.")),
    ],
)
def test_one_side_that_denies_is_a_contradiction(a: tuple[str, str], b: tuple[str, str]) -> None:
    assert found(a, b) == ("negation-mismatch",)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("en", "They did not leave."), ("fr", "Ils ne sont pas partis.")),
        (("en", "They did not leave."), ("is", "Þeir fóru.")),
        (("en", "He was unhurt."), ("id", "Ia tidak terluka.")),
        (("fr", "Il a refusé de venir."), ("en", "He would not come.")),
        (("en", "Not only did they leave, they ran."), ("fr", "Ils sont partis en courant.")),
        (("fr", "Il n’a que deux jours."), ("en", "He has two days.")),
    ],
)
def test_what_one_language_denies_and_another_words_otherwise_is_none(a: tuple[str, str], b: tuple[str, str]) -> None:
    assert found(a, b) == ()


@pytest.mark.parametrize(
    ("lang", "text", "truth"),
    [
        ("de", "Er kommt nicht.", True),
        ("de", "Niemand kam ohne Hut.", True),
        ("de", "Er kommt heute.", False),
        ("es", "No vino nadie.", True),
        ("es", "Vino ayer.", False),
        ("pt", "Ele não veio.", True),
        ("pt", "Ele veio ontem.", False),
        ("it", "Non è venuto.", True),
        ("it", "È venuto ieri.", False),
        ("nl", "Hij komt niet.", True),
        ("nl", "Hij komt morgen.", False),
        ("ms", "Dia tidak datang.", True),
        ("zh", "他不会来。", True),
        ("zh", "他来了。", False),
        ("ar", "لا يأتي", True),
        ("ar", "جاء أمس", False),
        ("fr", "Il faut faire un pas.", None),
        ("fr", "Ils sont sans doute partis.", None),
        ("en", "Whether or not he comes, they sing.", None),
        ("id", "Bukan hanya dia yang datang.", None),
        ("en", "They failed.", None),
    ],
)
def test_negation_by_language(lang: str, text: str, truth: bool | None) -> None:
    assert facts(text, lang).negated is truth
