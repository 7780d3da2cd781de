"""The closing table of a build."""

from __future__ import annotations

from pathlib import Path

from rich.console import Group
from rich.table import Table
from rich.text import Text

from samestory.build import Report


def summary(report: Report, corpus: Path, aligned: Path) -> Group:
    """Return the table of what a build made, for a rich console."""
    counts = report.counts
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    table.add_row("articles", str(sum(counts.articles.values())), _each(counts.articles))
    table.add_row("sentences", str(sum(counts.sentences.values())), _each(counts.sentences))
    if counts.flagged:
        share = f"{counts.flagged_sentences / counts.translated:.1%} of {counts.translated} translated"
        each = _each(counts.flagged, total=counts.translated)
        table.add_row("flagged", str(counts.flagged_sentences), f"{share}: {each}")
    table.add_row("stories", str(counts.stories))
    table.add_row("pairs", str(sum(counts.pairs.values())), _each(counts.pairs))
    table.add_row("groups", str(counts.groups))
    table.add_row("rejected", str(sum(counts.rejected.values())), _each(counts.rejected))
    table.add_row("seconds", f"{sum(report.seconds.values()):.1f}", _each(report.seconds, "{:.1f}"))
    state = "nothing was new" if report.up_to_date else "written"
    return Group(table, Text(f"{state}: {corpus}/ and {aligned}/ (open {aligned / 'report.html'})"))


def _each(counts: dict[str, int] | dict[str, float], form: str = "{}", total: int = 0) -> str:
    """Return names and counts in a row, each with its share of `total` where that is given."""
    shares = {name: f" ({count / total:.1%})" if total else "" for name, count in counts.items()}
    return "  ".join(f"{name} {form.format(count)}{shares[name]}" for name, count in counts.items())
