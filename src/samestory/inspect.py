"""Look at an alignment in the terminal: stories, and their pairs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from samestory import manifest
from samestory.errors import UsageError
from samestory.files import read_rows
from samestory.rows import Row


def show(
    console: Console,
    aligned: Path,
    pair: str | None = None,
    story: str | None = None,
    scores: tuple[float, float] = (0.0, 1.0),
    limit: int = 0,
) -> None:
    """Print the stories in the folder `aligned` with those of their pairs that fit.

    `pair` is a language pair ("fr-id"), `story` a story's id, `scores` the least and the greatest
    score, `limit` the most pairs per story (0 for all). Unless a story is asked for, those of which no pair fits are
    left out. Raises UsageError where there is no such thing.
    """
    record = manifest.read(aligned)
    if record is None:
        raise UsageError(f"{aligned} holds no finished alignment: run samestory build, or name its --aligned folder")
    pair = None if pair is None else "-".join(sorted(pair.split("-")))
    if pair is not None and pair not in record.counts.pairs:
        raise UsageError(f"no pairs of {pair} in {aligned}: it has {', '.join(record.counts.pairs) or 'none at all'}")
    stories = [row for row in _rows(aligned / "stories.jsonl") if story in (None, row["story"])]
    if story is not None and not stories:
        raise UsageError(f"no story {story} in {aligned}: samestory inspect {aligned} lists them")
    names = [pair] if pair else list(record.counts.pairs)
    pairs = [row for name in names for row in _rows(aligned / f"{name}.jsonl")]
    pairs = [row for row in pairs if scores[0] <= row["score"] <= scores[1]]
    filtered = pair is not None or scores != (0.0, 1.0)
    fitting = {row["story"]: [p for p in pairs if p["story"] == row["story"]] for row in stories}
    for row in stories:
        own = fitting[row["story"]]
        if own or story is not None or not filtered:
            _show_story(console, row, own[: limit or None], len(own))
    if not stories:
        console.print("[dim]no stories[/]")
    elif filtered and not any(fitting.values()):
        console.print("[dim]no pair fits[/]")


def _rows(path: Path) -> Sequence[Row]:
    try:
        return read_rows(path)
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"{path} is missing or damaged ({error}): run samestory build again") from error


def _show_story(console: Console, story: Row, pairs: Sequence[Row], count: int) -> None:
    noun = "pair" if count == 1 else "pairs"
    console.rule(f"[bold]{story['story']}[/]  score {story['score']:.3f}  {count} {noun}", align="left")
    for article in story["articles"]:
        date = f"  {article['date']}" if article["date"] else ""
        line = f"[cyan]{article['lang']}[/]  {escape(article['title'])}{date}  [dim]{article['id']}[/]"
        console.print(line, emoji=False)
    for name in dict.fromkeys("-".join(pair["translation"]) for pair in pairs):
        console.print(_table(name, [pair for pair in pairs if "-".join(pair["translation"]) == name]))
    if len(pairs) < count:
        console.print(f"[dim]and {count - len(pairs)} more[/]")
    console.print()


def _table(name: str, pairs: Sequence[Row]) -> Table:
    table = Table(show_lines=True, expand=True)
    table.add_column("score", no_wrap=True, width=17)
    for lang in name.split("-"):
        table.add_column(lang, ratio=1)
    for pair in pairs:
        notes = [f"[bold]{pair['score']:.3f}[/]", pair["relation"], *(f"[yellow]{f}[/]" for f in pair["flags"])]
        table.add_row("\n".join(notes), *(_cell(pair, lang) for lang in pair["translation"]))
    return table


def _cell(pair: Row, lang: str) -> Text:
    lines = [escape(pair["translation"][lang])]
    if lang != "en" and pair["english"][lang] is not None:
        lines.append(f"[dim italic]{escape(pair['english'][lang])}[/]")
    source = pair["source"][lang]
    lines.append(f"[dim]{source['article']} {source['start']}:{source['end']}[/]")
    return Text.from_markup("\n".join(lines), emoji=False)  # ":100:" is no picture here
