"""What a person sees of a running build: bars on a terminal, one quiet line per stage elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class Stage:
    """A running stage. `progress` takes what is done and what there is to do; `note` is its closing line."""

    def __init__(self) -> None:
        self.note = ""

    def progress(self, done: int, total: int) -> None:
        """Show that `done` of `total` is done."""


class Reporter(Protocol):
    """Shows the stages of a build and keeps their seconds."""

    seconds: dict[str, float]

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Run a stage called `name`."""
        ...


class Quiet:
    """Says nothing; keeps the seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Run a stage called `name`."""
        began = time.perf_counter()
        stage = self._begin(name)
        yield stage
        self.seconds[name] = time.perf_counter() - began
        self._end(name, stage)

    def _begin(self, _name: str) -> Stage:
        return Stage()

    def _end(self, name: str, stage: Stage) -> None:
        pass


class Lines(Quiet):
    """Prints a line when a stage is done."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def _end(self, name: str, stage: Stage) -> None:
        self._console.print(f"{name:<9} {stage.note} ({self.seconds[name]:.1f} s)", highlight=False)


class Bars(Lines):
    """Shows a bar while a stage runs and its line when it is done."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._bars: Progress | None = None

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Run a stage called `name`."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Speed(), TimeElapsedColumn())
        with (
            Progress(*columns, TimeRemainingColumn(), console=self._console, transient=True) as self._bars,
            super().stage(name) as stage,
        ):
            yield stage

    def _begin(self, name: str) -> Stage:
        assert self._bars is not None
        return _Bar(self._bars, f"{name:<9}")


class _Speed(ProgressColumn):
    """What is done in a second: sentences, texts, pairs of articles."""

    def render(self, task: Task) -> Text:
        """Return the speed, or nothing before there is one."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


class _Bar(Stage):
    def __init__(self, bars: Progress, description: str) -> None:
        super().__init__()
        self._bars = bars
        self._task = bars.add_task(description, total=None)

    def progress(self, done: int, total: int) -> None:
        self._bars.update(self._task, completed=done, total=total)
