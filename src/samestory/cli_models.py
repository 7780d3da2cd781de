"""The command line under `samestory models`: which translation packages there are, and what is done with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from samestory.errors import ModelError, UsageError

models = typer.Typer(no_args_is_help=True, help="Install, list, verify and remove translation packages.")


@models.command("list")
def list_command() -> None:
    """List the packages that translate to English: those installed here, Argos Translate's, the starters."""
    from samestory.argos import own_folder
    from samestory.packages import installed

    found = installed(own_folder())
    if not found:
        Console(stderr=True).print("no package is installed: samestory models install LANG, or FILE.argosmodel")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("language", "version", "place", "MB", "sha256", "used"):
        table.add_column(column, justify="right" if column == "MB" else "left")
    for package in found:
        digest = package.sha256[:12] if package.sha256 else "damaged"
        used = "yes" if package.in_use else "no"
        row = (package.lang, package.version, package.place, f"{package.size / 1e6:.1f}", digest, used)
        table.add_row(*map(Text, row))
    Console().print(table)


@models.command("install")
def install_command(
    what: Annotated[
        list[str],
        typer.Argument(metavar="LANG|FILE", help="Languages (ISO 639-1) to fetch from Argos, or .argosmodel files."),
    ],
) -> None:
    """Install packages: by language where there is a network, from files where not.

    This is the only command that reaches for the network.
    """
    from samestory.argos import own_folder
    from samestory.packages import Installed, install_file, install_languages

    done: list[Installed] = []
    files = [name for name in what if _is_file(name)]
    listed = (lang.strip().lower() for name in what if name not in files for lang in name.split(","))
    languages = [lang for lang in listed if lang]
    done += [install_file(Path(name), own_folder()) for name in files]
    if languages:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        bars = Progress(*columns, console=Console(stderr=True), transient=True)
        tasks = {lang: bars.add_task(lang, total=None) for lang in languages}

        def progress(lang: str, received: int, total: int | None) -> None:
            bars.start()
            bars.update(tasks[lang], completed=received, total=total)

        try:
            done += install_languages(languages, own_folder(), progress=progress)
        finally:
            bars.stop()
    for package in done:
        typer.echo(f"installed {package.lang} {package.version} ({package.size / 1e6:.1f} MB) in {package.path}")


@models.command("verify")
def verify_command() -> None:
    """Read every installed package again and name each file that is not as it was installed; exit 1 if there is one."""
    from samestory.argos import own_folder
    from samestory.packages import verify

    verdicts = verify(own_folder())
    for verdict in verdicts:
        what = ", ".join(f"{file} {how}" for file, how in verdict.damage.items())
        typer.echo(f"{verdict.path.name}: {what or 'as it was installed'}")
    if not verdicts:
        typer.echo(f"nothing is installed in {own_folder()}")
    broken = [verdict.path.name for verdict in verdicts if not verdict.sound]
    if broken:
        raise ModelError(f"not as installed: {', '.join(broken)}: install again, or samestory models remove LANG")


@models.command("remove")
def remove_command(
    langs: Annotated[list[str], typer.Argument(metavar="LANG", help="Languages whose packages are to go.")],
) -> None:
    """Remove the packages of some languages that `samestory models install` installed."""
    from samestory.argos import own_folder
    from samestory.packages import remove

    for lang in langs:
        for path in remove(lang, own_folder()):
            typer.echo(f"removed {path.name}")


def _is_file(name: str) -> bool:
    """Whether `name` is meant as a file; raises UsageError where it is meant so and is none."""
    meant = name.endswith((".argosmodel", ".zip")) or "/" in name or "\\" in name
    if meant and not Path(name).is_file():
        raise UsageError(f"{name} is no file: name an .argosmodel file, or a language such as fr")
    return meant
