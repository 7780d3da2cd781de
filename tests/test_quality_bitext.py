"""The quality gate of alignment in one order: literary texts and their translations, gold made by hand.

The lattice was not fitted on them.
"""

import hashlib
from itertools import chain
from pathlib import Path

import pytest

from alignment.literary import LiteraryText, aligned, literary_texts
from alignment.monotone_material import counted

FOLDER = Path(__file__).parent / "gold" / "bitext"
TEXTS = {text.name: text for text in literary_texts(FOLDER)}
DIGEST = "e2a0ce4b8f2ed531"  # where the gold was changed on purpose, update this line and the floors

# Strict F1, just below what was measured, which stands behind.
FLOORS = {
    "de-fr-1": 0.96,  # 0.970
    "de-fr-3": 0.93,  # 0.947
    "zh-en-2": 0.95,  # 0.967
    "zh-en-4": 0.96,  # 0.970
}
LAX_FLOOR = 0.98


def test_the_gold_is_the_one_the_floors_were_measured_on() -> None:
    content = b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.json")))
    assert hashlib.sha256(content).hexdigest()[:16] == DIGEST


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_sentence_is_in_one_bead_and_beads_are_in_order(text: LiteraryText) -> None:
    assert list(chain.from_iterable(bead.a for bead in text.beads)) == list(range(len(text.a)))
    assert list(chain.from_iterable(bead.b for bead in text.beads)) == list(range(len(text.b)))
    assert all(sentence and sentence == sentence.strip() for sentence in (*text.a, *text.b))


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_literary_translations_keep_to_their_floors(name: str, floor: float) -> None:
    strict, made, wanted, right, hit = counted(TEXTS[name].beads, aligned(TEXTS[name]))
    assert 2 * strict / (made + wanted) >= floor
    assert min(right / made, hit / wanted) >= LAX_FLOOR
