"""The literary gold of tests/gold/bitext: texts and translations made by hand, aligned in one order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from alignment.baselines import sentalign
from alignment.cases import Bead
from alignment.monotone_material import Counts, Sided, counted, rated, vectors_of
from samestory import monotone
from samestory.encoders import DIRECT, encoder

_SKIPS = (0.2, 0.05)


class LiteraryText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text and its translation, a sentence an entry, and the beads of both in order."""

    name: str
    languages: tuple[str, str]
    a: tuple[str, ...]
    b: tuple[str, ...]
    beads: tuple[Bead, ...]


def literary_texts(folder: Path) -> list[LiteraryText]:
    """Return the texts of `folder`, by name."""
    return [msgspec.json.decode(path.read_bytes(), type=LiteraryText) for path in sorted(folder.glob("*.json"))]


def aligned(text: LiteraryText) -> Sequence[Sided]:
    """Return the beads that samestory makes of `text`, each run of sentences encoded as one."""
    direct = encoder(DIRECT, 2)
    a, b = (monotone.encoded(side, lang, direct) for side, lang in zip((text.a, text.b), text.languages, strict=True))
    return monotone.align(a, b, monotone.load())


def literary_table(folder: Path) -> str:
    """Return a table of F1, strict and lax, by languages: samestory, and sentalign at two costs of a skip."""
    systems: dict[str, Callable[[LiteraryText], Sequence[Sided]]] = {"samestory": aligned}
    try:
        for skip in _SKIPS:
            sentalign(["a"], ["b"], vectors_of, skip=skip)
            systems[f"sentalign, skip {skip}"] = lambda text, skip=skip: sentalign(  # type: ignore[misc]
                text.a, text.b, vectors_of, skip=skip
            )
    except ImportError as error:
        print(f"sentalign: not measured, {error}\n")
    totals: dict[str, dict[str, Counts]] = {}
    for text in literary_texts(folder):
        for name, system in systems.items():
            counts = counted(text.beads, system(text))
            for languages in ("-".join(text.languages), "all"):
                row = totals.setdefault(languages, {})
                row[name] = row.get(name, np.zeros(5)) + counts
    rows = [f"| languages | {' | '.join(systems)} |", f"|---|{'---|' * len(systems)}"]
    ordered = sorted(totals, key=lambda languages: (languages == "all", languages))
    rows += [f"| {n} | {' | '.join(rated(totals[n][name]) for name in systems)} |" for n in ordered]
    return "\n".join(rows)
