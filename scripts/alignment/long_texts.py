"""Long texts, vectors given: how time and memory of the alignment in one order grow, beside sentalign's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import numpy as np

from samestory import monotone
from samestory.records import Matrix

SIZES = (1_000, 5_000, 20_000)
_WIDTH = 512
_TOPIC = 20  # sentences of like content


def table() -> str:
    """Return a table; each row is measured in a process of its own, so that its memory is its own."""
    rows = [
        "| sentences a side | samestory, s | peak memory, MB | sentalign, s | peak memory, MB |",
        "|---|---:|---:|---:|---:|",
    ]
    for size in SIZES:
        cells = [cell for system in ("samestory", "sentalign") for cell in _measured(system, size)]
        rows.append(f"| {size:,} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _measured(system: str, size: int) -> list[str]:
    command = [sys.executable, "-m", "alignment.long_texts", system, str(size)]
    done = subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": "scripts"}
    )
    return done.stdout.split() if done.returncode == 0 else ["not installed", "-"]


def made_texts(size: int) -> tuple[Matrix, Matrix]:
    """Return the span vectors, (4, size, 512), of two made-up texts that say the same, noise between them."""
    rng = np.random.default_rng(0)
    base = rng.standard_normal((size, _WIDTH), dtype=np.float32)
    for start in range(0, size, _TOPIC):
        base[start : start + _TOPIC] += 0.7 * rng.standard_normal(_WIDTH, dtype=np.float32)
    first = _spans(base)
    base += rng.standard_normal((size, _WIDTH), dtype=np.float32)
    return first, _spans(base)


def _spans(vectors: Matrix) -> Matrix:
    """Return the normalised sums of every 1 to 4 rows, made in place: what is measured is the alignment's memory."""
    out = np.zeros((monotone.LONGEST, *vectors.shape), dtype=np.float32)
    for longer in range(monotone.LONGEST):
        for size in range(longer, monotone.LONGEST):
            out[size, : len(vectors) - size] += vectors[longer : len(vectors) - size + longer]
    for span in out:
        np.divide(span, np.maximum(np.linalg.norm(span, axis=1, keepdims=True), 1e-9), out=span)
    return out


def main(system: str, size: int) -> None:
    """Print the seconds that `system` takes and the peak memory of the process in MB."""
    a, b = made_texts(size)
    widths = np.full(size, 80.0)
    if system == "samestory":
        weights, threads = monotone.load(), os.cpu_count() or 1
        began = time.perf_counter()
        monotone.align(monotone.Text(a, widths), monotone.Text(b, widths), weights, threads)
    else:
        package = import_module("sentalign.dp_utils")
        make_alignment_types, vecalign = package.make_alignment_types, package.vecalign

        types = [shape for shape in make_alignment_types(2 * monotone.LONGEST) if max(shape) <= monotone.LONGEST]
        for side in (a, b):  # it looks at spans beyond the end too
            for length in range(1, monotone.LONGEST):
                side[length, size - length :] = side[length, size - length - 1]
        began = time.perf_counter()
        vecalign(
            vecs0=a, vecs1=b, final_alignment_types=types, del_percentile_frac=0.2, width_over2=9,
            max_size_full_dp=300, costs_sample_size=20000, num_samps_for_norm=100,
        )  # fmt: skip
    took = time.perf_counter() - began
    print(f"{took:.2f} {_peak_memory():.0f}")


def _peak_memory() -> float:
    """Return the peak memory of this process in MB.

    Linux tells that of its program alone; what POSIX tells may be that of the process that started it.
    """
    import resource

    told = Path("/proc/self/status")
    if told.is_file():
        (line,) = (line for line in told.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
