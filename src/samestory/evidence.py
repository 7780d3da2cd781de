"""The evidence that two spans of sentences report the same fact, as numbers a scorer can weigh.

A span is 1 to 3 consecutive content sentences of one article. Its vector is the normalised sum of its
sentences' vectors, each by the root of its length; its facts are all of theirs. There are two similarities,
the cosine on the originals and, where both sides have English that can be trusted, on the English; beside
each stands by how much it exceeds the mean of either side's nearest neighbours among the articles of a
build, as in the margin of Artetxe and Schwenk 2019 (https://aclanthology.org/P19-1309), and how far it lies from
what the articles, and the build as a whole, reach where they agree most literally.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from samestory.collection import Collection
from samestory.facts import contradictions, name_similarity
from samestory.spans import Spans

FEATURES = (
    "direct similarity",
    "direct margin",
    "english similarity",
    "english margin",
    "has english",
    "similarity",
    "margin",
    "lead over rivals",
    "behind the best",
    "direct gain of length",
    "english gain of length",
    "length ratio",
    "length",
    "length of the shorter",
    "sentences more",
    "title with body",
    "shared numbers",
    "numbers of the poorer side alone",
    "numbers of one side only",
    "shared names",
    "names of the poorer side alone",
    "names of one side only",
    "name similarity",
    "number mismatch",
    "name mismatch",
    "negation mismatch",
    "quotation mismatch",
    "behind the best of all",
    "level of the articles",
    "against the level of the collection",
    "lead over rivals that agree",
    "behind the best that agrees",
    "closest of the articles against the level of the collection",
    "against the closest of the articles",
    "level of the collection",
)
_AT = {name: n for n, name in enumerate(FEATURES)}
_NUMBERS = ("shared numbers", "numbers of the poorer side alone", "numbers of one side only")
_NAMES = ("shared names", "names of the poorer side alone", "names of one side only")
MISMATCHES = {name: name.replace(" ", "-") for name in ("number mismatch", "name mismatch", "negation mismatch")}
"""The features that say one side contradicts the other, and the flag of each."""

_FULL = 60_000  # candidates up to which every span is compared with every other
_NEAREST = 24  # spans of the other article that a span is compared with beyond that
_LOWEST = -2.0  # below any margin
_CLOSEST = 3  # matches that show how close two articles are
_BEHIND = -0.12  # of both sides' best matches together; what lies further back is not read for contradictions

# English cosines lie higher than direct ones for the same closeness. This line takes the one to the
# other's scale: on English sentence pairs the 95th and 99.5th percentiles of both met.
_ENGLISH_SLOPE, _ENGLISH_OFFSET = 0.886, -0.022

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Evidence(NamedTuple):
    """Candidate beads of two articles: rows among the spans of either, and the evidence, shape (n, len(FEATURES))."""

    rows: Places
    columns: Places
    values: Values

    def column(self, name: str) -> Values:
        """Return one feature of all candidates."""
        return np.asarray(self.values[:, _AT[name]])


class _Similarities(NamedTuple):
    """Of all spans of one article with all of the other: cosines, what is usual for either side, what exceeds it."""

    direct: Values
    direct_hub: Values
    english: Values
    english_hub: Values
    known: Values
    both: Values
    margin: Values


def evidence(collection: Collection, a: Spans, b: Spans) -> Evidence:
    """Return the evidence for the candidate beads of `a` and `b`: those of shape 1-1, 1-n and n-1."""
    found = _similarities(collection, a, b)
    rows, columns = _candidates(a, b, found.both)
    values = np.zeros((len(rows), len(FEATURES)))
    _fill_similarity(values, found, a, b, rows, columns)
    of_all = collection.nearest(a, b.lang)[rows] + collection.nearest(b, a.lang)[columns]
    values[:, _AT["behind the best of all"]] = np.minimum(2 * found.direct[rows, columns] - of_all, 0.0)
    values[:, _AT["level of the articles"]] = _level(found.both[: a.sentences, : b.sentences])
    level, direct = collection.level(a.lang, b.lang), found.direct[rows, columns]
    closest = found.direct[: a.sentences, : b.sentences].max(initial=0.0)
    values[:, _AT["against the level of the collection"]] = direct - level
    values[:, _AT["closest of the articles against the level of the collection"]] = closest - level
    values[:, _AT["against the closest of the articles"]] = direct - closest
    values[:, _AT["level of the collection"]] = level
    _fill_lengths(values, a, b, rows, columns)
    _fill_facts(values, collection, a, b, rows, columns)
    _fill_agreeing(values, found, a, b, rows, columns)
    return Evidence(rows, columns, values)


def _similarities(collection: Collection, a: Spans, b: Spans) -> _Similarities:
    direct = (a.direct @ b.direct.T).astype(np.float64)
    direct_hub = (collection.hub(a, b.lang, "direct")[:, None] + collection.hub(b, a.lang, "direct")) / 2
    nothing = np.zeros_like(direct)
    if a.english is None or b.english is None:
        return _Similarities(direct, direct_hub, nothing, nothing, nothing, direct, direct - direct_hub)
    known = np.outer(a.english.any(axis=1), b.english.any(axis=1)).astype(np.float64)
    english = (a.english @ b.english.T).astype(np.float64) * known
    english_hub = (collection.hub(a, b.lang, "english")[:, None] + collection.hub(b, a.lang, "english")) / 2 * known
    similarity = np.where(known > 0, both(direct, english), direct)
    one, other = direct - direct_hub, english - english_hub
    margin = np.where(known > 0, np.maximum(one, (one + other) / 2), one)
    return _Similarities(direct, direct_hub, english, english_hub, known, similarity, margin)


def _candidates(a: Spans, b: Spans, similarity: Values) -> tuple[Places, Places]:
    """Return the beads to look at; in long articles only those with the nearest spans of either side."""
    wanted = np.minimum.outer(a.sizes, b.sizes) == 1
    if wanted.size > _FULL:
        near = np.zeros_like(wanted)
        for size in np.unique(a.sizes):
            for other in np.unique(b.sizes):
                block = np.ix_(a.sizes == size, b.sizes == other)
                near[block] = _near(similarity[block]) | _near(similarity[block].T).T
        wanted &= near
    rows, columns = np.nonzero(wanted)
    return rows, columns


def _near(similarity: Values) -> npt.NDArray[np.bool_]:
    """Return which columns are among the nearest of each row."""
    if similarity.shape[1] <= _NEAREST:
        return np.ones(similarity.shape, dtype=np.bool_)
    least = np.partition(similarity, -_NEAREST, axis=1)[:, -_NEAREST]
    return np.asarray(similarity >= least[:, None])


def _fill_similarity(out: Values, found: _Similarities, a: Spans, b: Spans, rows: Places, columns: Places) -> None:
    told = {
        "direct similarity": found.direct,
        "direct margin": found.direct - found.direct_hub,
        "english similarity": found.english,
        "english margin": found.english - found.english_hub,
        "has english": found.known,
        "similarity": found.both,
        "margin": found.margin,
        "lead over rivals": _lead(found.both, found.both, a, b),
        "behind the best": _behind(found.margin, found.margin),
    }
    for name, of_all in told.items():
        out[:, _AT[name]] = of_all[rows, columns]
    out[:, _AT["direct gain of length"]] = _gain(found.direct, a, b, rows, columns)
    out[:, _AT["english gain of length"]] = _gain(found.english, a, b, rows, columns)


def _lead(similarity: Values, rivals: Values, a: Spans, b: Spans) -> Values:
    """Return what each pair of spans has over the best rival of either, by the similarity `rivals` have."""
    return similarity - np.maximum(_best_rival(rivals, b), _best_rival(rivals.T, a).T)


def _behind(margin: Values, rivals: Values) -> Values:
    """Return how far each pair of spans lies behind the best of `rivals` of either; nothing where it is ahead."""
    best = [rivals.max(axis=axis, keepdims=True, initial=_LOWEST) for axis in (1, 0)]
    return np.asarray(np.minimum(margin - best[0], 0.0) + np.minimum(margin - best[1], 0.0))


def _best_rival(similarity: Values, b: Spans) -> Values:
    """Return, for each row with each span of `b`, its best similarity to a sentence outside that span of `b`."""
    single = similarity[:, : b.sentences]  # single sentences come first
    edge = np.zeros((len(similarity), 1))
    before = np.maximum.accumulate(np.hstack([edge, single]), axis=1)
    after = np.maximum.accumulate(np.hstack([edge, single[:, ::-1]]), axis=1)[:, ::-1]
    rivals = np.maximum(before[:, b.starts], after[:, b.starts + b.sizes])
    for column, others in b.others_of_repeated.items():  # a sentence said twice is no rival of its own
        rivals[:, column] = single[:, others].max(axis=1, initial=0.0)
    return rivals


def _level(similarity: Values) -> float:
    """Return how close the closest sentences of two articles are: a match far below is suspect in near translations."""
    if not similarity.size:
        return 0.0
    mutual = (similarity == similarity.max(axis=1, keepdims=True)) & (similarity == similarity.max(axis=0))
    return float(np.sort(similarity[mutual])[-_CLOSEST:].mean())


def _gain(similarity: Values, a: Spans, b: Spans, rows: Places, columns: Places) -> Values:
    """Return what a bead has over the best bead that lacks its first or last sentence; 0 for a bead of 1-1."""
    long_a, long_b = a.sizes[rows] > 1, b.sizes[columns] > 1
    best = np.full(len(rows), -np.inf)
    for part in a.parts:
        best = np.where(long_a, np.maximum(best, similarity[part[rows], columns]), best)
    for part in b.parts:
        best = np.where(long_b, np.maximum(best, similarity[rows, part[columns]]), best)
    return np.where(np.isfinite(best), similarity[rows, columns] - best, 0.0)


def _fill_lengths(out: Values, a: Spans, b: Spans, rows: Places, columns: Places) -> None:
    left, right = a.lengths[rows], b.lengths[columns]
    out[:, _AT["length ratio"]] = np.abs(np.log(left / right))
    out[:, _AT["length"]] = np.log(left * right) / 2
    out[:, _AT["length of the shorter"]] = np.log(np.minimum(left, right))
    out[:, _AT["sentences more"]] = a.sizes[rows] + b.sizes[columns] - 2
    out[:, _AT["title with body"]] = a.titles[rows] != b.titles[columns]


def _fill_facts(out: Values, collection: Collection, a: Spans, b: Spans, rows: Places, columns: Places) -> None:
    numbers = _shared(collection, [f.numbers for f in a.facts], [f.numbers for f in b.facts], rows, columns)
    names = _shared(collection, [f.names for f in a.facts], [f.names for f in b.facts], rows, columns)
    out[:, [_AT[name] for name in _NUMBERS]] = numbers
    out[:, [_AT[name] for name in _NAMES]] = names
    for n in np.flatnonzero(out[:, _AT["behind the best"]] >= _BEHIND):
        left, right = a.facts[rows[n]], b.facts[columns[n]]
        found = contradictions(left, right)
        out[n, _AT["name similarity"]] = name_similarity(left, right)
        out[n, [_AT[name] for name in MISMATCHES]] = [flag in found for flag in MISMATCHES.values()]
        out[n, _AT["quotation mismatch"]] = left.quoted != right.quoted


def _fill_agreeing(out: Values, found: _Similarities, a: Spans, b: Spans, rows: Places, columns: Places) -> None:
    """Compare with rivals as before, but for those that contradict: the sentence they are near to means another."""
    against = out[:, [_AT[name] for name in MISMATCHES]].any(axis=1)
    places = rows[against], columns[against]
    similarity, margin = found.both.copy(), found.margin.copy()
    similarity[places], margin[places] = 0.0, _LOWEST
    out[:, _AT["lead over rivals that agree"]] = _lead(found.both, similarity, a, b)[rows, columns]
    out[:, _AT["behind the best that agrees"]] = _behind(found.margin, margin)[rows, columns]


def _shared(
    collection: Collection,
    a: Sequence[frozenset[str]],
    b: Sequence[frozenset[str]],
    rows: Places,
    columns: Places,
) -> Values:
    """Return, shape (n, 3), the surprise of the terms both have, of the poorer side's own, and of all on one side."""
    terms = sorted(frozenset[str]().union(*a, *b))
    weights = np.array([collection.surprise(term) for term in terms])
    left, right = _incidence(a, terms), _incidence(b, terms)
    shared = ((left * weights) @ right.T)[rows, columns]
    alone = [np.maximum(own - shared, 0.0) for own in ((left @ weights)[rows], (right @ weights)[columns])]
    return np.stack([shared, np.minimum(*alone), alone[0] + alone[1]], axis=1)


def _incidence(rows: Sequence[frozenset[str]], terms: Sequence[str]) -> Values:
    column = {term: n for n, term in enumerate(terms)}
    matrix = np.zeros((len(rows), len(terms)))
    for row, found in enumerate(rows):
        matrix[row, [column[term] for term in found]] = 1.0
    return matrix


def both(direct: Values, english: Values) -> Values:
    """Return the similarity that the two cosines show together: a poor translation sinks no match."""
    return np.maximum(direct, (direct + _ENGLISH_SLOPE * english + _ENGLISH_OFFSET) / 2)
