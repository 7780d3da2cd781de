"""The command `samestory bitext`: aligns two files of one sentence a line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer

from samestory.config import DEFAULTS
from samestory.errors import SamestoryError, UsageError
from samestory.files import replace

_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]+)*")


def bitext_command(
    a: Annotated[Path, typer.Argument(metavar="A.txt", help="One sentence a line, UTF-8.", show_default=False)],
    b: Annotated[Path, typer.Argument(metavar="B.txt", help="The same in the other language.", show_default=False)],
    langs: Annotated[tuple[str, str], typer.Option(help="Languages of the two files (ISO 639-1).", show_default=False)],
    order: Annotated[
        Literal["monotone", "free"], typer.Option(help="monotone for translations, free for reports in any order.")
    ] = "monotone",
    out: Annotated[Path | None, typer.Option(help="File to write.", show_default="standard output")] = None,
    format_: Annotated[
        Literal["jsonl", "indices"],
        typer.Option("--format", help="jsonl, or indices as vecalign writes them: [0]:[0, 1]:0.12."),
    ] = "jsonl",
    min_score: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, help="Least score of a pair in free order.", show_default="90 % precision"),
    ] = DEFAULTS.min_score,
    argos_packages: Annotated[
        list[Path] | None,
        typer.Option(help="Folder with Argos translation packages, for --order free; repeatable.", show_default=False),
    ] = None,
    direct_encoder: Annotated[str, typer.Option(help="Model: a name or a folder.")] = DEFAULTS.direct_encoder,
    cache: Annotated[
        Path | None,
        typer.Option(
            help="File that keeps translations, vectors and what models say of two texts, for --order free.",
            show_default="in the user's cache folder",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processor cores to use; 0 for all.")] = 0,
) -> None:
    """Align two texts of one sentence a line.

    In one order, the best alignment of all lines is found, with beads of up to 4-4 lines; in free order, the pairs
    of lines, 1-1 to 1-3 and 2-2, that report the same fact. Nothing goes to the network.
    """
    from samestory.bitext import bitext, indices, rows

    languages = langs[0].strip().lower(), langs[1].strip().lower()
    for lang in languages:
        if not _CODE.fullmatch(lang):
            raise UsageError(f"--langs {lang}: name both languages by ISO 639-1 codes, a space between: --langs en fr")
    for name, given in (("--argos-packages", argos_packages), ("--cache", cache)):
        if order == "monotone" and given is not None:
            raise UsageError(f"{name} goes with --order free: in one order the texts are compared as they are")
    if order == "monotone" and min_score is not None:
        raise UsageError(
            "--min-score goes with --order free: in one order every line has its place, whatever its score"
        )
    if format_ == "jsonl" and languages[0] == languages[1]:
        raise UsageError(f"--langs names {languages[0]} twice, and a row has one text a language: use --format indices")
    if out is not None and out.resolve() in (a.resolve(), b.resolve()):
        raise UsageError(f"--out {out} is one of the texts and would be written over: name another file")
    if out is not None and out.is_dir():
        raise UsageError(f"--out {out} is a folder: name a file")
    if out is not None and not out.parent.is_dir():
        raise UsageError(f"--out {out} cannot be written: there is no folder {out.parent}")
    config = msgspec.structs.replace(
        DEFAULTS,
        min_score=min_score,
        direct_encoder=direct_encoder,
        translation=msgspec.structs.replace(DEFAULTS.translation, threads=jobs),
    )
    found = bitext(a, b, languages, order, config, cache, argos_packages or ())
    lines = indices(found) if format_ == "indices" else (msgspec.json.encode(row).decode() for row in rows(found))
    text = "".join(f"{line}\n" for line in lines)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        replace(out, text.encode())
    except OSError as error:
        raise SamestoryError(f"{out} cannot be written: {error.strerror}") from error
