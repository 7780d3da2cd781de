"""Groups: the same fact in two or more languages, put together from pairs that agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import fsum

from samestory.records import Group, Pair, Side, stable_id

_Node = tuple[str, Side]


def groups(pairs: Iterable[Pair]) -> Iterator[Group]:
    """Yield groups of sides, one per language, of which every two are an accepted pair that does not contradict.

    The surest pair that is still free begins a group; then joins, language by language, the side that
    is paired with every member and fits best. A side belongs to one group at most, so a pair whose
    side is already in another group makes none.
    """
    scores: dict[frozenset[_Node], float] = {}
    links: dict[_Node, set[_Node]] = {}
    stories: dict[frozenset[_Node], str] = {}
    for pair in pairs:
        if pair.contradictions:
            continue
        a, b = zip(pair.languages, pair.sides, strict=True)
        link = frozenset((a, b))
        scores[link] = pair.score
        stories[link] = pair.story
        links.setdefault(a, set()).add(b)
        links.setdefault(b, set()).add(a)
    taken: set[_Node] = set()
    for link in sorted(scores, key=lambda link: (-scores[link], _order(link))):
        if taken.isdisjoint(link):
            members = _grow(set(link), links, scores, taken)
            taken |= members
            yield _group(stories[link], members, scores)


def _grow(
    members: set[_Node], links: dict[_Node, set[_Node]], scores: dict[frozenset[_Node], float], taken: set[_Node]
) -> set[_Node]:
    """Add to `members` the best side of each further language that is paired with all of them."""
    while True:
        languages = {lang for lang, _ in members}
        common = set.intersection(*(links[member] for member in members)) - taken
        fitting = [node for node in common if node[0] not in languages]
        if not fitting:
            return members
        members.add(max(fitting, key=lambda node: (fsum(scores[frozenset((node, m))] for m in members), _key(node))))


def _group(story: str, members: set[_Node], scores: dict[frozenset[_Node], float]) -> Group:
    sides = tuple(sorted(members, key=_key))
    weakest = min(scores[frozenset((a, b))] for a in sides for b in sides if a != b)
    return Group(f"g-{stable_id(*map(str, map(_key, sides)))}", story, weakest, sides)


def _key(node: _Node) -> tuple[str, str, tuple[int, ...]]:
    lang, side = node
    return lang, side.article, side.sentences


def _order(link: frozenset[_Node]) -> list[tuple[str, str, tuple[int, ...]]]:
    return sorted(map(_key, link))
