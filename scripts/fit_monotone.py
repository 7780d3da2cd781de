#!/usr/bin/env python3
"""Fit the weights of src/samestory/data/monotone.json, of the alignment of translations, and print how well it does.

Material: line-parallel text made harder, lines dropped, cut and merged on either side: FLORES-200 dev in nine
languages, any two of them, and French and Indonesian with English from several domains. None of it stays in the
project; the figures are measured on FLORES-200 devtest. Run it from the root of the repository (about 10 minutes):

    python scripts/fit_monotone.py --flores ../shared/dev/flores200 --parallel ../shared/mt-data
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import msgspec
from threadpoolctl import threadpool_limits

from alignment.monotone_fit import fit, prepare, readied
from alignment.monotone_material import DEVTEST, figures, flores_lines, training_cases
from samestory.files import replace
from samestory.monotone.evidence import FEATURES, KINDS
from samestory.monotone.weights import Stage, Weights

# Added to the weight of the share of unmatched sentences: the likeliest alignment leaves too few unmatched in texts
# that lack many. Chosen on FLORES-200 dev.
BOLDER = 2.0
START = (0.65, 0.12, 0.1, 0.25)  # habits of texts nothing is known of: the mean of the training cases, rounded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flores", type=Path, default=Path("../shared/dev/flores200"))
    parser.add_argument("--parallel", type=Path, default=Path("../shared/mt-data"))
    parser.add_argument("--cases", type=int, default=320)
    parser.add_argument("--out", type=Path, default=Path("src/samestory/data/monotone.json"))
    options = parser.parse_args()
    with threadpool_limits(1):
        cases = training_cases(options.flores, options.parallel, options.cases, random.Random(11))
        examples = [prepare(case, START) for case in cases]
        first = fit(examples)
        second = fit([readied(case, example, first) for case, example in zip(cases, examples, strict=True)], first)
        weights = Weights(KINDS, FEATURES, START, rounded(first), rounded(second))
        replace(options.out, msgspec.json.format(msgspec.json.encode(weights), indent=1) + b"\n")
        print(f"written: {options.out}\n")
        print(figures(flores_lines(options.flores, "devtest"), DEVTEST, weights))


def rounded(stage: Stage) -> Stage:
    """Return the weights as they are shipped."""
    beads = tuple(tuple(round(weight, 4) for weight in row) for row in stage.beads)
    bias, best, share = (round(weight, 4) for weight in stage.unmatched)
    return Stage(beads, (bias, best, round(share + BOLDER, 4)))


if __name__ == "__main__":
    main()
