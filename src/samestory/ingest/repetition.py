"""Lines that stand twice: inside one article, and in several articles of one site."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from msgspec.structs import replace

from samestory.ingest.shape import ends_sentence
from samestory.ingest.tokens import length, tokens
from samestory.records import Article, Block, fold

_SEED = 6  # words a line must have to be looked for inside another ...
_PARAGRAPH = 200  # ... and may have: the search must stay linear in the text
_ALIKE = 8  # lines with the same first six words that are looked for, for the same reason
_NEAR = 0.85  # Jaccard of words from which a line repeats the title
_LINE = 40  # words beyond which no line is a site's boilerplate


def repeats_title(line: str, title: str) -> bool:
    """Whether `line` is the title again: the same words, a few more (the site's name) or a few others."""
    words, wanted = set(tokens(line)), set(tokens(title))
    if not wanted:
        return False
    near = len(words & wanted) >= _NEAR * len(words | wanted)
    return near or (len(wanted) >= 4 and wanted <= words and len(words) <= len(wanted) + 3)


def contained(lines: Sequence[str]) -> set[int]:
    """Return the indexes of lines whose words, 6 to 200, stand in the same order within another line.

    Of equal lines the first is kept: the fuller copy of a paragraph is always left.
    """
    words = [tokens(line) for line in lines]
    starts: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, line in enumerate(words):
        alike = starts[tuple(line[:_SEED])]
        if _SEED <= len(line) <= _PARAGRAPH and len(alike) < _ALIKE:
            alike.append(index)
    found: set[int] = set()
    for index, line in enumerate(words):
        for at in range(len(line) - _SEED + 1):
            for other in starts.get(tuple(line[at : at + _SEED]), ()):
                whole = line[at : at + len(words[other])] == words[other]
                if whole and (len(line) > len(words[other]) or index < other):
                    found.add(other)
    return found


def mark_boilerplate(articles: Sequence[Article]) -> Iterator[Article]:
    """Yield the articles with the lines that several of one site share marked as furniture.

    A site is a source, or the folder where no source is known. Two articles are enough for a line that
    is no sentence. A sentence must stand in three and in half of a known source's articles: reports on
    one story share quotes, and a paper repeats the background of a story it follows.
    """
    sites: dict[tuple[str, str], list[Article]] = defaultdict(list)
    for article in articles:
        sites[_site(article)].append(article)
    least = {site: (2, _least_for_a_sentence(site, len(members))) for site, members in sites.items()}
    counts = {
        site: Counter(line for a in members for line in {_line(a, block) for block in a.blocks})
        for site, members in sites.items()
    }
    for article in articles:
        site = _site(article)
        marked = tuple(
            replace(block, role="furniture") if _is_boilerplate(article, block, counts[site], least[site]) else block
            for block in article.blocks
        )
        yield article if marked == article.blocks else replace(article, blocks=marked)


def _least_for_a_sentence(site: tuple[str, str], articles: int) -> float:
    return max(3, articles / 2) if site[0] == "source" else math.inf


def _is_boilerplate(article: Article, block: Block, counts: Counter[str], least: tuple[int, float]) -> bool:
    line = _line(article, block)
    if block.role != "body" or length(line) > _LINE:
        return False
    return counts[line] >= least[ends_sentence(line)]


def _line(article: Article, block: Block) -> str:
    return fold(article.text[block.start : block.end])


def _site(article: Article) -> tuple[str, str]:
    if article.source:
        return "source", article.source
    file = article.path.partition("#")[0]
    return "folder", str(PurePosixPath(file).parent)
