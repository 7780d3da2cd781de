"""What a line looks like by itself: a date, a caption, a label, a list of tags, prose."""

from __future__ import annotations

import re

from samestory.ingest.cues import BYLINE, CALL, DEPICTION, PART, PICTURE, SEE_ALSO, function_words, opening
from samestory.ingest.tokens import length, tokens

_CLOSERS = "\"'”’»›)]}」』】*"
_STOPS = ".!?…。！？｡։؟۔।॥።།។။"
_BREAK = re.compile(rf"[{_STOPS}][{re.escape(_CLOSERS)}]*\s")

_NUMERIC_DATE = r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b"
_NAMED_DATE = r"\b\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s(?:d[eo]\s)?[^\W\d]{3,12}\.?,?\s(?:d[eo]\s)?(?:19|20)\d\d\b"
_AMERICAN_DATE = r"\b[^\W\d]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d\b"
_HAN_DATE = r"\d{4}\s?[年년]\s?\d{1,2}\s?[月월]"
_DATE = re.compile(f"{_NUMERIC_DATE}|{_NAMED_DATE}|{_AMERICAN_DATE}|{_HAN_DATE}")
_CLOCK = re.compile(r"\b\d{1,2}(?:\s?[:.hH]\s?\d{2}(?:\s?[ap]\.?\s?m\b\.?)?|\s?[ap]\.?\s?m\b\.?)")
_WIRE = re.compile(r"([^.!?()]{2,40})(?:\([^()]{2,25}\)\s*[-–—]*|\s[-–—]+)$")

_PICTURES = "|".join(PICTURE)
_CREDIT_LINE = re.compile(rf"\W*(?:{_PICTURES})\b[^:：©.]{{0,30}}[:：©/]", re.IGNORECASE)
_CREDIT_IN_BRACKETS = re.compile(
    rf"[(\[](?:(?:{_PICTURES})\b|[^()\[\]]*(?:\b(?:{_PICTURES})\s?:|©))[^()\[\]]*[)\]]\W*$", re.IGNORECASE
)
_NAMES_IN_BRACKETS = re.compile(r"[(\[][^\Wa-z\d][^()\[\]]*\s?/\s?[^\Wa-z\d][^()\[\]]*[)\]]$")
_CREDIT_BEHIND = re.compile(rf"(?<!\w)(?:{_PICTURES})\b(?:\s?[^\W\d]+)?\s?[:：©][^!?]{{2,60}}$", re.IGNORECASE)
_NAME_BEHIND_PICTURE = re.compile(rf"[{_STOPS}]\s+(?i:{_PICTURES})\s[^\Wa-z\d][^!?]{{1,40}}$")
_AGENCY_IN_BRACKETS = re.compile(r"\([^\Wa-z\d][^()]{1,45}\)$")
_AGENCY = re.compile(r"\s?/\s?(?:[A-Z]{2,6}|[A-Z]\w+ (?:Images|Photos?|Press))$|(?:\bvia|©)\s[A-Z][^.!?]{1,40}$")

_CRUMBS = re.compile(r"\s[|›»>•·]\s")
_LINK = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|(?<!\w)[@#]\w+")


def is_symbols(line: str) -> bool:
    """Whether nothing but digits and signs is there: a page number, a separator."""
    return not any(char.isalpha() for char in line)


def ends_sentence(line: str) -> bool:
    """Whether the line ends as a sentence does, behind closing quotes and brackets."""
    return line.rstrip(_CLOSERS + " ").endswith(tuple(_STOPS))


def function_share(line: str, lang: str) -> float | None:
    """Return the share of function words among the words of a line; None for a language without a list."""
    known = function_words(lang)
    words = tokens(line)
    return sum(word in known for word in words) / len(words) if known and words else None


def is_prose(line: str, lang: str) -> bool:
    """Whether a line reads as running text: a sentence of four words, or a long line built like one."""
    words = length(line)
    if ends_sentence(line) and words >= 4:
        return True
    share = function_share(line, lang)
    return words >= 15 and (share >= 0.1 if share is not None else not _is_enumeration(line))


def is_headline(line: str) -> bool:
    """Whether a line is short enough for a headline, and shorter still where it ends as a sentence does."""
    if ends_sentence(line):
        return length(line) <= 16 and _BREAK.search(line) is None
    return length(line) <= 30 and len(line) <= 220 and len(_BREAK.findall(line)) <= 1


def is_deck(line: str, lang: str) -> bool:
    """Whether a line without a full stop still makes a statement, as the line under a headline does."""
    share = function_share(line, lang)
    return length(line) >= 6 and (share >= 0.15 if share is not None else length(line) >= 8)


def is_dateline(line: str) -> bool:
    """Whether a line holds a date or a time and little else, or only a place in capitals and an agency."""
    date = _DATE.search(line)
    if date is None and _CLOCK.search(line) is None:
        wire = _WIRE.match(line)
        return wire is not None and wire[1].isupper()
    rest = _CLOCK.sub(" ", _DATE.sub(" ", line))
    return not ends_sentence(rest) and sum(word.isalpha() for word in tokens(rest)) <= (6 if date else 3)


def is_caption(line: str) -> bool:
    """Whether a line is about a picture: it names the picture at its head, or credits it at its end."""
    words = length(line)
    if words > 80:
        return False
    if _CREDIT_IN_BRACKETS.search(line) or (_CREDIT_LINE.match(line) and words <= 25):
        return True
    names = _NAMES_IN_BRACKETS.search(line)
    if names and words <= 25 and len(_BREAK.findall(line[: names.start()])) <= 1:
        return True
    if ends_sentence(line):
        return False
    if _CREDIT_BEHIND.search(line) or _NAME_BEHIND_PICTURE.search(line):
        return True
    return words <= 8 and opening(DEPICTION).match(line) is not None


def is_credited(line: str) -> bool:
    """Whether a line ends with what may be an agency. True of some headlines too: ask for its place."""
    if ends_sentence(line) or length(line) > 25 or _BREAK.search(line):
        return False
    return _AGENCY_IN_BRACKETS.search(line) is not None or _AGENCY.search(line) is not None


def is_see_also(line: str) -> bool:
    """Whether a line invites to another text: a cue and a colon, or a phrase on a line that is no sentence."""
    cue = opening(SEE_ALSO).match(line)
    if cue is None or length(line) > 40:
        return False
    rest = line[cue.end() :]
    phrase = " " in cue[0].strip()
    if re.match(r"\s?[:：]", rest):
        return True
    return (phrase or re.match(r"[^:：]{0,12}[:：]", rest) is not None) and not ends_sentence(line)


def is_call(line: str) -> bool:
    """Whether a line asks the reader to subscribe, or states rights. True of some sentences too: ask for its place."""
    return length(line) <= 30 and (line.startswith("©") or opening(CALL).match(line) is not None)


def is_part(line: str) -> bool:
    """Whether a line names a part of the page: alone, with a number, or before a colon and no sentence."""
    cue = opening(PART).match(line)
    if cue is None or length(line) > 20:
        return False
    rest = line[cue.end() :].strip()
    return not any(char.isalpha() for char in rest) or (rest.startswith((":", "：")) and not ends_sentence(line))


def is_byline(line: str) -> bool:
    """Whether a line names its writer."""
    return length(line) <= 10 and not ends_sentence(line) and opening(BYLINE).match(line) is not None


def is_shouted_label(line: str) -> bool:
    """Whether a line is a few words in capitals and a colon, with nothing behind."""
    return line.endswith((":", "：")) and line.isupper() and length(line) <= 4


def is_links(line: str) -> bool:
    """Whether addresses and handles make up half of a line."""
    words = line.split()
    return sum(_LINK.match(word) is not None for word in words) * 2 >= len(words)


def is_crumbs(line: str) -> bool:
    """Whether a line is a few names parted by bars or arrows."""
    return length(line) <= 12 and not ends_sentence(line) and _CRUMBS.search(line) is not None


def _is_enumeration(line: str) -> bool:
    return not ends_sentence(line) and line.count(",") + line.count("、") >= 3 and _BREAK.search(line) is None
