"""The reliability diagram: the share of beads that are right over what their scores promise.

After DeGroot and Fienberg 1983 (https://doi.org/10.2307/2987588), as in Guo et al. 2017 (https://arxiv.org/abs/1706.04599).
"""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path

from samestory.errors import UsageError
from samestory.evaluate.calibration import Calibration
from samestory.files import replace

FORMATS = (".svg", ".png", ".pdf")


def check(path: Path) -> None:
    """Raise UsageError where `path` has none of the endings in FORMATS or no folder, or Matplotlib is not installed."""
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"--plot {path}: end the name in {', '.join(FORMATS)}")
    if not path.parent.is_dir():
        raise UsageError(f"--plot {path}: there is no folder {path.parent}, make it first")
    if find_spec("matplotlib") is None:
        raise UsageError("--plot needs Matplotlib: pip install 'samestory[plot]'")


def plot(found: Calibration, path: Path) -> None:
    """Draw `found` into the file `path`, which `check` passes; the same calibration makes the same bytes."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    kind = path.suffix.lower()
    held = [one for one in found.bins if one.count]
    promised = [one.mean_score for one in held]
    with rc_context({"svg.hashsalt": "samestory"}):
        figure = Figure(figsize=(5, 6), layout="constrained")
        above, below = figure.subplots(2, sharex=True, height_ratios=(3, 1))
        above.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="as promised")
        for name, shares, ece in (
            ("shares a sentence with a right pair", [one.right_lax for one in held], found.lax.ece),
            ("is a right pair", [one.right_strict for one in held], found.strict.ece),
        ):
            gap = "" if ece is None else f" (error {ece:.3f})"
            above.plot(promised, shares, marker="o", label=f"{name}{gap}")
        above.set(ylabel="share that is right", ylim=(-0.02, 1.02))
        above.legend(loc="upper left", fontsize="small")
        below.bar([one.low for one in found.bins], [one.count for one in found.bins], width=0.1, align="edge", ec="w")
        below.set(xlabel="score", ylabel="pairs", xlim=(-0.02, 1.02))
        drawn = io.BytesIO()
        metadata = {"Date": None} if kind == ".svg" else {"CreationDate": None} if kind == ".pdf" else {}
        figure.savefig(drawn, format=kind[1:], metadata=metadata)
    replace(path, drawn.getvalue())
