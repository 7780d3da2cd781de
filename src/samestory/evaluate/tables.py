"""What an evaluation found, as tables and texts for a rich console."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from samestory.evaluate.beads import Text as Side
from samestory.evaluate.calibration import Calibration, Fit
from samestory.evaluate.evaluation import Evaluation
from samestory.evaluate.indexes import IndexEvaluation
from samestory.evaluate.measure import Figures, Measure, Relations, Score
from samestory.evaluate.mistakes import Listed, Shown
from samestory.evaluate.telling import StoryBreakdown

_SORTS = {
    "false": "false beads, the highest scores first",
    "missed": "missed gold beads, the longest first",
    "boundary": "beads cut in another place, the highest scores first",
}
_OTHERS = {"false": "gold", "missed": "made", "boundary": "gold"}


def evaluation_tables(found: Evaluation) -> Group:
    """Return the tables of the evaluation of a build, and the texts of its worst errors."""
    total = found.sentences.total
    share = f"divergent accepted: {total.divergent_accepted} of {total.divergent}"
    parts: list[RenderableType] = [
        _stories(found.stories),
        Text(),
        _sentences(found),
        Text(f"{share}; neutral: {total.neutral}; of articles without gold: {found.unjudged}"),
        _relations(found.relations),
        Text(),
        _calibration(found.calibration),
        _fit("strict", found.calibration.strict),
        _fit("lax", found.calibration.lax),
    ]
    for sort, listed in (
        ("false", found.errors.false),
        ("missed", found.errors.missed),
        ("boundary", found.errors.boundary),
    ):
        parts += _errors(sort, listed)
    if found.missing:
        parts += [Text(), Text("not in the corpus, counted as missed: " + ", ".join(found.missing), style="yellow")]
    if found.unplaced:
        parts += [Text(), Text("gold sentences that are not in their article:", style="yellow")]
        parts += [Text(f"  {lost.path}  {lost.text}") for lost in found.unplaced]
    return Group(*parts)


def index_tables(found: IndexEvaluation) -> Table:
    """Return the table of the evaluation of beads of indexes."""
    return _measures({"all": found.total, "without deletions": found.links}, "beads")


def _stories(found: StoryBreakdown) -> Table:
    table = _table("stories", "made", "wanted", "P", "R", "F1")
    for name, row in {"all": found.total, **found.by_languages}.items():
        table.add_row(Text(name), str(row.made), str(row.wanted), *_score(row.pairs))
    return table


def _sentences(found: Evaluation) -> Table:
    parts = found.sentences
    return _measures({"all": parts.total, **parts.by_languages, **parts.by_kind, **parts.by_story}, "sentences")


def _relations(found: Relations) -> Text:
    score = "P {}, R {}, F1 {}".format(*_score(found.partial))
    return Text(f"of {found.beads} cut as in the gold: {found.wanted} partial, {found.told} told partial, {score}")


def _measures(rows: Mapping[str, Measure], name: str) -> Table:
    table = _table(name, "made", "wanted", "P", "R", "F1", "lax P", "lax R", "lax F1")
    divergent = any(isinstance(row, Figures) and row.divergent for row in rows.values())
    if divergent:
        table.add_column("divergent", justify="right")
    for label, row in rows.items():
        more = [f"{row.divergent_accepted}/{row.divergent}"] if divergent and isinstance(row, Figures) else []
        table.add_row(Text(label), str(row.made), str(row.wanted), *_score(row.strict), *_score(row.lax), *more)
    return table


def _calibration(found: Calibration) -> Table:
    table = _table("scores", "beads", "mean", "right", "lax right")
    for one in found.bins:
        shares = (one.mean_score, one.right_strict, one.right_lax)
        table.add_row(f"{one.low:.1f}-{one.high:.1f}", str(one.count), *map(_number, shares))
    return table


def _fit(name: str, fit: Fit) -> Text:
    return Text(f"{name}: expected calibration error {_number(fit.ece)}, Brier score {_number(fit.brier)}")


def _errors(sort: str, listed: Listed) -> Iterator[RenderableType]:
    if not listed.worst:
        return
    yield Text()
    yield Text(f"{_SORTS[sort]} ({len(listed.worst)} of {listed.count})", style="bold")
    for error in listed.worst:
        yield Text(f"{error.languages}  {_label(error.bead)}", style="cyan")
        yield from _texts(error.bead.texts, 2)
        for other in error.others:
            yield Text(f"  {_OTHERS[sort]}: {_label(other)}", style="dim")
            yield from _texts(other.texts, 4)


def _label(bead: Shown) -> str:
    return f"{bead.score:.3f}  {bead.id}" if bead.score is not None else f"{bead.relation}"


def _texts(sides: Iterable[Side], indent: int) -> Iterator[Text]:
    for side in sides:
        yield Text(f"{' ' * indent}{side.lang}  {side.text}  ").append(side.path, style="dim")
        if side.english is not None:
            yield Text(f"{' ' * (indent + 4)}{side.english}", style="dim italic")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _score(found: Score) -> tuple[str, str, str]:
    return _number(found.precision), _number(found.recall), _number(found.f1)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
