"""The command `samestory evaluate`: how good an alignment is, against gold made by hand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console, RenderableType

from samestory.errors import UsageError

_PLAIN_WIDTH = 200  # columns of a table that goes to a file: wide enough not to break its lines


def evaluate_command(
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD", help="Folder with stories.jsonl, sentences.jsonl and pairs.jsonl, or a file of beads."
        ),
    ],
    aligned: Annotated[Path, typer.Argument(metavar="ALIGNED", help="The folder a build wrote, or a file of beads.")],
    corpus: Annotated[
        Path | None, typer.Option(help="Corpus folder of the build.", show_default="corpus beside ALIGNED")
    ] = None,
    errors: Annotated[int, typer.Option(min=0, help="At most so many errors of each sort; 0 for none.")] = 5,
    plot: Annotated[
        Path | None, typer.Option(help="Also draw the scores against the truth into this file (.svg, .png, .pdf).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
) -> None:
    """Measure an alignment against gold made by hand.

    Prints precision, recall and F1 of stories and of sentence beads (strict and lax, as vecalign has them),
    how far the scores can be trusted, and the worst errors with their texts. Two files of beads of indexes,
    such as vecalign writes ([0]:[0, 1]:0.12), are measured alike.
    """
    from samestory.evaluate import evaluate, evaluate_indexes
    from samestory.evaluate.plot import check
    from samestory.evaluate.plot import plot as draw
    from samestory.evaluate.tables import evaluation_tables, index_tables

    missing = next((path for path in (gold, aligned) if not path.exists()), None)
    if missing is not None:
        raise UsageError(
            f"{missing} is missing: name a folder of gold and one that a build wrote, or two files of beads"
        )
    if gold.is_dir() != aligned.is_dir():
        raise UsageError(f"{gold} and {aligned} are a folder and a file: name two folders, or two files of beads")
    if plot is not None:
        check(plot)
    if gold.is_dir():
        found = evaluate(gold, aligned, corpus, errors)
        if plot is not None:
            draw(found.calibration, plot)
        _print(found, None if as_json else evaluation_tables(found))
    elif corpus is not None or plot is not None:
        option = f"--plot {plot}" if corpus is None else f"--corpus {corpus}"
        raise UsageError(f"{option} goes with folders: {gold} and {aligned} are files of beads")
    else:
        beads = evaluate_indexes(gold, aligned)
        _print(beads, None if as_json else index_tables(beads))


def _print(found: msgspec.Struct, tables: RenderableType | None) -> None:
    """Print `tables`, or `found` as JSON where there are none."""
    if tables is None:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        out = Console() if sys.stdout.isatty() else Console(width=_PLAIN_WIDTH)
        out.print(tables, soft_wrap=True)
