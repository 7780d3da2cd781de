import importlib.util
import json
import logging
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nltk.tokenize import punkt as nltk_punkt
from punkt import OrthoContext

from samestory.records import Article, Block, fold
from samestory.split import _PUNKT_NAMES, Splitter, _splitter, signature, split, splitter

ROOT = Path(__file__).resolve().parent.parent


def cut(lang: str, text: str) -> list[str]:
    return [fold(text[start:end]) for start, end in splitter(lang).spans(text)]


def article(lang: str, *blocks: tuple[str, str]) -> Article:
    text, found = "", []
    for role, line in blocks:
        found.append(Block(len(text), len(text) + len(line), role))
        text += line + "\n\n"
    return Article("a", lang, "t", None, None, None, "a.txt", "0" * 64, text, tuple(found))


# Each case is a list of sentences; joined by a space they must come apart again.
SENTENCES = {
    "fr": [
        ["M. Petit et Mme Roux sont venus.", "MM. Blanc et Noir aussi.", "Il a marché 300 m.", "Puis il s’est assis."],
        ["Voir l’art. 5 et le no. 7.", "Le temple date de 50 av. J.-C. et tient encore."],
        ["Le Dr. Morel a soigné J.-P. Durand.", "L’auteur J. K. Rowling a écrit à J.R.R. Tolkien."],
        ["« Est-ce vrai ? » demande-t-elle.", "« Non ! » répond le maire.", "La salle rit."],
        ["« Il pleut.", "Rentrons vite. »", "Personne ne bouge."],
        ["Il a dit « non ».", "Elle a dit « oui. »", "Le prix : 3.500 euros ; c’est cher."],
        ["C’était… Enfin, personne ne sait.", "Rien... Sauf lui peut-être."],
        [
            "Il a tout vu (ou presque).",
            "(Personne ne l’a cru.)",
            "Écrivez à a.b@exemple.fr ou voyez http://exemple.fr/x?Id=1 ici.",
        ],
        ["– Tu viens ?", "– Oui, j’arrive.", "– Bon !"],
    ],
    "en": [
        ["U.S. officials met Mr. Brown at 10.30 a.m. on Monday.", "He lives in the U.S.", "The house is small."],
        ["See No. 5 and p. 12.", "She said no.", "Twelve people agreed.", "It rose by 3.5 per cent."],
        ["He works for Acme Inc.", "The firm sells ropes, e.g. Manila rope, nets, etc.", "They are strong."],
        ["“Why?” she asked.", "“I don’t know.", "Ask him!” he said.", "Nobody did."],
        ['"Stop!" cried the guard.', '"Now."', "The boat left."],
        ["Yahoo! said it would appeal.", "What?!", "Yes (!) indeed."],
        ["Gen. Hill and REP. Stone voted.", "One thing was clear: They had lost; Nobody spoke."],
        ["1. Boil the water.", "2. Add the salt.", "IV. Serve it."],
    ],
    "id": [
        [
            "Dr. Andi membeli beras, gula, dll. untuk warga.",
            "Ia juga membawa tenda, obat, dll.",
            "Pemerintah belum menjawab.",
        ],
        [
            "Rumahnya di Jl. Melati No. 5, Kab. Bogor.",
            "PT. Bank Maju merugi Rp. 3.500 per saham.",
            "Ia lahir tgl. 5 Mei.",
        ],
        ["Prof. Dr. H. Budi Santoso, S.H., M.Si. setuju.", "Ia dibantu Hj. Siti, S.E.", "Dia datang pukul 10.30 WIB."],
        ["“Kami siap.", "Tunggu saja!” katanya.", "“Kapan?” tanya warga.", "“Besok,” jawabnya."],
        [
            "Ini ... rumit.",
            "Surat itu ditandatangani a.n. Kepala Dinas.",
            "Program berjalan s.d. Desember.",
            "Lihat hlm. 7.",
        ],
        ["Kata V.N. Rahman dkk. kemarin.", "Menurut Sdr. Ali dan Ny. Ratna, benar.", "DR. Amir menolak dsb."],
        ["Wow siap.com – Para ahli hadir.", "Situs kompas.Com dan dr.Budi tidak terpotong."],
        ["Ia menjawab tidak.", "Hal. 12 memuat daftarnya.", "Itu sudah menjadi hal.", "Mereka pulang jam 5."],
    ],
    "ms": [["Encik Ali tinggal di Jl. Damai.", "Dia datang pukul 8.30 pagi.", "“Betul?” tanyanya."]],
    "de": [["Am 3. Oktober kam z.B. Dr. Klein.", "„Das ist gut.“", "Er ging.", "»Ja.«", "Dann schwieg er."]],
    "es": [["¿Qué pasa?", "¡Nada!", "El Sr. García vino.", "«Bien.»", "Luego se fue."]],
    "ru": [["А. С. Пушкин писал.", "«Да?» — спросил он.", "В 2010 г. он уехал."]],
    "el": [["Τι κάνεις;", "Καλά είμαι.", "Ναι."]],
    "ar": [["قال د. أحمد ذلك.", "هل هذا صحيح؟", "نعم."]],
    "ur": [["یہ سچ ہے۔", "وہ گیا۔"]],
    "hi": [["डॉ. शर्मा आए।", "क्यों?", "वे गए।"]],
    "ka": [["ეს არის.", "ის წავიდა."]],
    "hu": [["Dr. Kovács jött.", "J. K. Rowling írt.", "Vége."]],
}


@pytest.mark.parametrize(("lang", "sentences"), [(lang, case) for lang, cases in SENTENCES.items() for case in cases])
def test_sentences_come_apart_where_they_were_joined(lang: str, sentences: list[str]) -> None:
    assert cut(lang, " ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("zh", ["他说：“我们会努力。”", "真的吗？", "增长了3.5%。", "他说……然后走了。"]),
        ("ja", ["「本当ですか？」と聞いた。", "はい。", "行きます！"]),
    ],
)
def test_scripts_without_spaces(lang: str, sentences: list[str]) -> None:
    assert cut(lang, "".join(sentences)) == sentences


@pytest.mark.parametrize("gap", ["\u00a0", "\u202f", " ", ""])
def test_a_french_closing_quote_stays_with_its_sentence(gap: str) -> None:
    first = f"«{gap}Il part.{gap}»"
    assert cut("fr", f"{first} Puis rien.") == [fold(first), "Puis rien."]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("kata para ahli.Kredit: Foto", ["kata para ahli.", "Kredit: Foto"]),
        ("milik anak-anak!Mereka pulang", ["milik anak-anak!", "Mereka pulang"]),
        ("“Kami siap.”Mereka pulang", ["“Kami siap.”", "Mereka pulang"]),
        ("lihat tiket.Com sekarang", ["lihat tiket.Com sekarang"]),
        ("berkas laporan.Final.pdf hilang", ["berkas laporan.Final.pdf hilang"]),
        ("surat@contoh.Org dan x/y.Baru ada", ["surat@contoh.Org dan x/y.Baru ada"]),
    ],
)
def test_a_missing_space_is_mended_only_where_that_is_safe(text: str, parts: list[str]) -> None:
    assert cut("id", text) == parts


def test_loose_typing_ends_a_sentence_only_after_an_ordinary_word() -> None:
    assert cut("id", "Harga naik tiga persen. sebelumnya turun.") == ["Harga naik tiga persen.", "sebelumnya turun."]
    assert cut("id", "Acme Ltd. telah tutup.") == ["Acme Ltd. telah tutup."]


def test_numeric_abbreviations_need_a_number() -> None:
    ours = Splitter(numeric=["no"])
    assert len(list(ours.spans("It is no. 7 here."))) == 1
    assert len(list(ours.spans("It is no. We stay."))) == 2


@pytest.mark.parametrize("lang", sorted(_PUNKT_NAMES))
def test_every_trained_language_loads(lang: str, caplog: pytest.LogCaptureFixture) -> None:
    assert cut(lang, "Xyzzy 12 abcdef. Qwert 34 ghijkl!") == ["Xyzzy 12 abcdef.", "Qwert 34 ghijkl!"]
    assert not caplog.records


def test_a_language_without_a_model_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    _splitter.cache_clear()
    with caplog.at_level(logging.WARNING, "samestory.split"):
        splitter("zh")
        splitter("zh-Hant")
    assert [record.args for record in caplog.records] == [("zh",)]


def test_our_flags_are_those_of_the_wheel() -> None:
    for flag in ("BEG_UC", "MID_UC", "UNK_UC", "BEG_LC", "MID_LC", "UNK_LC"):
        assert OrthoContext[flag] == getattr(nltk_punkt, f"_ORTHO_{flag}")


def test_signatures_name_model_and_version_without_loading_them() -> None:
    assert "french@" in signature("fr")
    assert signature("id") == signature("ms") != signature("fr")
    assert signature("pt-BR") == signature("pt")
    assert "untrained" in signature("zh")
    code = """if True:
        import sys
        from samestory.split import signature
        signature("fr"), signature("id")
        print({"nltk", "punkt"} & set(sys.modules))
    """
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


def test_an_article_is_split_by_block_and_role() -> None:
    given = article(
        "id",
        ("title", "Feri mogok. Semua selamat"),
        ("dateline", "Rabu, 22/5/2024. 09.40 WIB"),
        ("body", "  \t "),
        ("body", " Feri  mogok. \u00a0Semua\tselamat!  "),
        ("caption", " "),
        ("caption", "  Feri di pelabuhan. (Foto: Ist.) "),
        ("furniture", "Baca juga: Kapal. Feri. "),
    )
    (got,) = split([given])
    assert [(s.index, s.role, s.text) for s in got.sentences] == [
        (0, "title", "Feri mogok. Semua selamat"),
        (1, "dateline", "Rabu, 22/5/2024. 09.40 WIB"),
        (2, "body", "Feri mogok."),
        (3, "body", "Semua selamat!"),
        (4, "caption", "Feri di pelabuhan. (Foto: Ist.)"),
        (5, "furniture", "Baca juga: Kapal. Feri."),
    ]
    assert got.text == given.text
    assert got.blocks == given.blocks


ODD = [
    "", " \n ", ".", "...", "?!", "” ", "« »", "Satu.", " . . . ", "a.b.c. D.", "。。！", "「」。", "(.) (?) [!]",
    "1. 2. 3.", "Ya. \u00a0 \u2009 Tidak.\u3000Entah", "e\u0301tat. E\u0301tat!", "😀. 😀! Ya", "\"'“”‘’«»'\" .",
    "A. B? c! D… E", "۔؟।",
]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "fr", "id", "zh", "ar", "el"])
@pytest.mark.parametrize("text", [*ODD, *(" ".join(case) for cases in SENTENCES.values() for case in cases)])
def test_offsets_cover_all_but_white_space(lang: str, text: str) -> None:
    (got,) = split([article(lang, ("body", text), ("body", text))])
    for block in got.blocks:
        at = block.start
        for sentence in (s for s in got.sentences if block.start <= s.start < block.end):
            assert not got.text[at : sentence.start].strip()
            assert sentence.start < sentence.end <= block.end
            assert fold(got.text[sentence.start : sentence.end]) == sentence.text != ""
            at = sentence.end
        assert not got.text[at : block.end].strip()
    assert [s.index for s in got.sentences] == list(range(len(got.sentences)))


@pytest.mark.parametrize(
    "unit", ["kata ", "a", "a.", "e.g. x ", "!", "? ", ". ", '"', ".”", "我们会努力，", "1.", "x.Foo"]
)
def test_a_megabyte_in_one_line_takes_linear_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    start = time.process_time()
    assert sum(1 for _ in splitter("id").spans(text)) >= 1
    assert time.process_time() - start < 10


def test_the_indonesian_parameters_are_what_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("train_punkt_indonesian", ROOT / "scripts/train_punkt_indonesian.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    if not script.SOURCE.exists():
        pytest.skip("the training text ../shared/mt-data/mono.id.txt.xz is not part of the project")
    made = tmp_path / "punkt_id.json"
    monkeypatch.setattr(sys, "argv", ["train_punkt_indonesian.py", "--out", str(made)])
    script.main()
    assert made.read_bytes() == script.TARGET.read_bytes()


def test_gold_sentences_of_the_sample_set() -> None:
    """Body sentences of the hand-made gold, joined by spaces, come apart again: at least 98 % of them."""
    rows = [json.loads(line) for line in (ROOT / "tests/gold/sentences.jsonl").read_text(encoding="utf-8").splitlines()]
    found = expected = 0
    for row in rows:
        gold = [text for role, text in row["sentences"] if role == "body"]
        got = cut(row["lang"], " ".join(gold))
        found += len(set(gold) & set(got))
        expected += max(len(gold), len(got))
    assert found / expected >= 0.98
