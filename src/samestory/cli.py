"""The command line: it reads the options, calls the library, and prints what came of it."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.logging import RichHandler

from samestory import __version__
from samestory.align import Order
from samestory.cli_bitext import bitext_command
from samestory.cli_evaluate import evaluate_command
from samestory.cli_models import models
from samestory.config import DEFAULTS
from samestory.errors import SamestoryError, UsageError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Turn news articles in many languages into a sentence-aligned corpus, offline.",
)
app.command("bitext")(bitext_command)
app.command("evaluate")(evaluate_command)
app.add_typer(models, name="models")

_PLAIN_WIDTH = 200  # columns of a table that goes to a file: wide enough not to break its lines


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"samestory {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


@app.command("build")
def build_command(
    seeds: Annotated[
        list[str],
        typer.Argument(
            metavar="SEEDS",
            help="Articles: files, folders or globs of .txt, .html, .jsonl and .warc(.gz).",
            show_default=False,
        ),
    ],
    corpus: Annotated[Path, typer.Option(help="Folder for the articles: one LANG.jsonl per language.")] = Path(
        "corpus"
    ),
    aligned: Annotated[Path, typer.Option(help="Folder for the alignment: one A-B.jsonl per language pair.")] = Path(
        "aligned"
    ),
    langs: Annotated[
        list[str] | None,
        typer.Option(
            help="Keep only this language (ISO 639-1); repeat it, or give several: fr,id.", show_default="all"
        ),
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Share of right pairs to aim at: the least score follows from it.",
            show_default=str(DEFAULTS.precision),
        ),
    ] = None,
    min_score: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Least probability that both sides report the same fact.",
            show_default="that of --precision",
        ),
    ] = DEFAULTS.min_score,
    order: Annotated[
        Order, typer.Option(help="Order of facts in two articles: free, monotone (translations), or auto, found out.")
    ] = DEFAULTS.order,
    keep_divergent: Annotated[
        bool, typer.Option("--keep-divergent", help="Keep and flag pairs whose numbers, names or negation contradict.")
    ] = DEFAULTS.keep_divergent,
    explain: Annotated[
        bool, typer.Option("--explain", help="Write explained.jsonl: why articles are one story, or not.")
    ] = DEFAULTS.explain,
    argos_packages: Annotated[
        list[Path] | None,
        typer.Option(help="Folder with Argos translation packages, searched first; repeatable.", show_default=False),
    ] = None,
    direct_encoder: Annotated[
        str, typer.Option(help="Model for the originals: a name or a folder.")
    ] = DEFAULTS.direct_encoder,
    english_encoder: Annotated[
        str, typer.Option(help="Model for the English: a name or a folder.")
    ] = DEFAULTS.english_encoder,
    cache: Annotated[
        Path | None,
        typer.Option(
            help="File that keeps translations, vectors and what models say of two texts.",
            show_default="in the user's cache folder",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processor cores to use; 0 for all.")] = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Build even if nothing is new since the last build.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the closing table as JSON, and nothing else.")] = False,
) -> None:
    """Build an aligned corpus from news articles.

    Reads the articles, splits them into sentences, translates these to English where a translation
    package is installed, finds the articles that report the same story, and aligns the sentences that
    report the same fact. Nothing goes to the network.

    An article that cannot be used is named in ALIGNED/rejected.jsonl and costs the others nothing.
    Exit codes: 0 done, 1 nothing could be used, 2 wrong usage.
    """
    from samestory.build import build
    from samestory.progress import Bars, Lines, Quiet
    from samestory.summary import summary

    if precision is not None and min_score is not None:
        raise UsageError("--precision and --min-score both set the least score of a pair: give one of them")
    wanted = tuple(sorted({lang.strip().lower() for group in langs or () for lang in group.split(",")} - {""})) or None
    config = msgspec.structs.replace(
        DEFAULTS,
        langs=wanted,
        min_score=min_score,
        precision=DEFAULTS.precision if precision is None else precision,
        order=order,
        keep_divergent=keep_divergent,
        explain=explain,
        direct_encoder=direct_encoder,
        english_encoder=english_encoder,
        translation=msgspec.structs.replace(DEFAULTS.translation, threads=jobs),
    )
    console = Console(stderr=True)
    _log_to(console)
    reporter = Quiet() if as_json else Bars(console) if console.is_terminal else Lines(console)
    report = build(
        seeds,
        corpus,
        aligned,
        config=config,
        cache=cache,
        argos_packages=argos_packages or (),
        reporter=reporter,
        fresh=fresh,
    )
    if as_json:
        typer.echo(msgspec.json.encode(report).decode())
    else:
        out = Console() if sys.stdout.isatty() else Console(width=_PLAIN_WIDTH)
        out.print(summary(report, corpus, aligned), soft_wrap=True)


@app.command("inspect")
def inspect_command(
    aligned: Annotated[Path, typer.Argument(help="The folder a build wrote.")] = Path("aligned"),
    pair: Annotated[
        str | None, typer.Option(help="Only this language pair, such as fr-id.", show_default="all")
    ] = None,
    story: Annotated[str | None, typer.Option(help="Only this story, by its id.", show_default="all")] = None,
    min_score: Annotated[float, typer.Option(min=0.0, max=1.0, help="Only pairs of at least this score.")] = 0.0,
    max_score: Annotated[float, typer.Option(min=0.0, max=1.0, help="Only pairs of at most this score.")] = 1.0,
    limit: Annotated[int, typer.Option(min=0, help="At most so many pairs per story; 0 for all.")] = 0,
) -> None:
    """Show stories and their pairs side by side, with score, English and flags."""
    from samestory.inspect import show

    show(Console(), aligned, pair=pair, story=story, scores=(min_score, max_score), limit=limit)


def main() -> None:
    """Run the command line; an error made on purpose becomes one line and an exit code."""
    run(app)


def run_alone(command: Callable[..., None]) -> None:
    """Run one command as a program of its own, as the scripts do."""
    alone = typer.Typer(rich_markup_mode="markdown", pretty_exceptions_enable=False, add_completion=False)
    alone.command()(command)
    run(alone)


def run(program: typer.Typer) -> None:
    """Run `program`; end with 130 on Ctrl-C, 2 on wrong usage, 1 where nothing could be made."""
    signal.signal(signal.SIGINT, _stop)
    try:
        program()
    except UsageError as error:
        _fail(error, 2)
    except SamestoryError as error:
        _fail(error, 1)


def _stop(*_: object) -> None:
    """End at once: what was stored stays, and no library can swallow the signal on its way up."""
    Console(stderr=True).show_cursor()
    os.write(2, b"\nstopped: the same command goes on where it was\n")
    os._exit(130)


def _fail(error: Exception, code: int) -> None:
    console = Console(stderr=True)
    console.print("samestory:", style="bold red", end=" ")
    console.print(str(error), markup=False, emoji=False, highlight=False, soft_wrap=True)
    sys.exit(code)


def _log_to(console: Console) -> None:
    """Send the log to `console`: in colour on a terminal, one plain line a message elsewhere."""
    handler = RichHandler(console=console, show_time=False, show_path=False) if console.is_terminal else None
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[handler] if handler else None)
    logging.getLogger("samestory").setLevel(logging.INFO)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is among the rejects, by name
