"""The features of a candidate bead: what the scorers of sentence pairs weigh."""

from __future__ import annotations

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
    "similarity apart from the languages",
    "similarity apart from the articles",
    "similarity of the articles",
    "shared words",
    "words of the poorer side shared",
    "words of the richer side shared",
    "overlap of words",
    "overlap of words against the best",
    "denials",
    "denials apart",
    "denials apart against the closest rival",
    "numbers apart against the closest rival",
    "names apart against the closest rival",
    "overlap of words against the closest rival",
    "sentences of the shorter side",
)
LIKELIHOODS = ("likelihood of the likelier side", "likelihood of the other side")
"""What a translation model says of the candidates that are likely at all."""
CROSS = ("one fact, read together", "overlap, read together", "contradiction, read together")
"""What a cross-encoder says of their English."""
CONTEXT = (
    "likeliest part",
    "likeliest extension",
    "likeliest otherwise overlapping",
    "rivals of the less contested side",
    "rivals of the more contested side",
    "likeliest neighbour",
)
"""What the first look says of the other candidates."""
RERANK_FEATURES = (*FEATURES, *LIKELIHOODS, *CROSS, *CONTEXT)
PIVOTS = ("through a third report", "likelier side in a third report", "other side in a third report")
"""What other articles of the story say of a candidate."""
COMPARED_EVIDENCE = (
    "similarity",
    "margin",
    "behind the best",
    "direct gain of length",
    "english gain of length",
    "length ratio",
    "length",
    "shared numbers",
    "numbers of the poorer side alone",
    "numbers of one side only",
    "shared names",
    "names of the poorer side alone",
    "names of one side only",
    "shared words",
    "words of the poorer side shared",
    "words of the richer side shared",
    "overlap of words",
)
"""Those features of the evidence that candidates which differ by one sentence are compared in."""
COMPARED = ("log-odds at second look", *CROSS, *COMPARED_EVIDENCE, *PIVOTS)
"""All that they are compared in."""
ENDS = (
    *COMPARED,
    *(f"{name}, without an end" for name in COMPARED),
    *(f"{name}, with a neighbour" for name in COMPARED),
    "sentences of the longer side",
    "sentences of the shorter side",
    "an end told elsewhere",
    "a neighbour told elsewhere",
)
"""What tells where a likely candidate ends, and whether one side says more."""
AT = {name: n for n, name in enumerate(FEATURES)}
"""The place of each feature."""
MISMATCHES = {name: name.replace(" ", "-") for name in ("number mismatch", "name mismatch", "negation mismatch")}
"""The features that say one side contradicts the other, and the flag of each."""
