import io
import re
import threading
import time

import pytest
from rich.console import Console

from samestory.progress import Bars, Lines, Quiet

KINDS = [Quiet, Lines, Bars]


def terminal(width: int = 100) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None)


def pipe() -> Console:
    return Console(file=io.StringIO(), width=100)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def reporter(kind: type[Quiet]) -> Quiet:
    return Quiet() if kind is Quiet else kind(terminal())


def run(shown: Quiet, *names: str, error: BaseException | None = None) -> None:
    for name in names:
        with shown.stage(name) as stage:
            stage.progress(1, 2)
            if error is not None:
                raise error
            stage.progress(2, 2)
            stage.note = f"{name} is done"


def test_lines_prints_a_line_when_a_stage_is_done() -> None:
    console = pipe()
    shown = Lines(console)
    with shown.stage("ingest") as stage:
        stage.progress(1, 3)
        stage.note = "3 articles"
        assert written(console) == ""
    assert written(console) == f"ingest    3 articles ({shown.seconds['ingest']:.1f} s)\n"
    run(shown, "split", "encode")
    assert [line.split()[0] for line in written(console).splitlines()] == ["ingest", "split", "encode"]


def test_lines_to_a_pipe_hold_no_control_codes() -> None:
    console = pipe()
    run(Lines(console), "ingest", "split")
    assert written(console).replace("\n", "").isprintable()


def test_bars_shows_a_bar_and_leaves_the_line() -> None:
    console = terminal()
    shown = Bars(console)
    with shown.stage("encode") as stage:
        stage.progress(30, 120)
        assert shown._bars is not None
        shown._bars.refresh()
        assert "30/120" in written(console)
        stage.note = "120 texts"
    assert re.search(r"encode    120 texts \(\d+\.\d s\)", written(console))
    assert written(console).count("120 texts") == 1


@pytest.mark.parametrize("width", [1, 10, 40])
def test_bars_on_a_narrow_terminal(width: int) -> None:
    console = terminal(width)
    run(Bars(console), "ingest", "split")
    assert "split" in written(console).replace("\n", "")


def test_bars_without_a_total_or_progress() -> None:
    console = terminal()
    with Bars(console).stage("ingest") as stage:
        stage.note = "nothing to do"
    assert "nothing to do" in written(console)


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run(Quiet(), "ingest", "split")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("kind", KINDS)
def test_seconds_are_kept_in_the_order_of_the_stages(kind: type[Quiet]) -> None:
    shown = reporter(kind)
    with shown.stage("slow"):
        time.sleep(0.05)
    run(shown, "ingest", "align")
    assert list(shown.seconds) == ["slow", "ingest", "align"]
    assert 0.05 <= shown.seconds["slow"] < 5
    assert 0 <= shown.seconds["align"] < 5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("error", [ValueError("bad"), KeyboardInterrupt()])
def test_stage_that_raises_ends_and_is_not_called_done(kind: type[Quiet], error: BaseException) -> None:
    threads = set(threading.enumerate())
    shown = reporter(kind)
    with pytest.raises(type(error)) as raised:
        run(shown, "ingest", error=error)
    assert raised.value is error
    for thread in set(threading.enumerate()) - threads:
        thread.join(timeout=10)
        assert not thread.is_alive()
    run(shown, "split")
    assert "split" in shown.seconds
    assert "ingest" not in shown.seconds
    if isinstance(shown, Lines):
        assert "ingest is done" not in written(shown._console)
        assert "split is done" in written(shown._console)


@pytest.mark.parametrize("error", [None, ValueError("bad")])
def test_bars_give_the_cursor_back(error: BaseException | None) -> None:
    console = terminal()
    try:
        run(Bars(console), "ingest", error=error)
    except ValueError:
        assert error is not None
    hide, show = "\x1b[?25l", "\x1b[?25h"
    assert written(console).count(hide) == 1
    assert written(console).rindex(show) > written(console).rindex(hide)


@pytest.mark.parametrize("kind", KINDS)
def test_stage_may_return_from_within(kind: type[Quiet]) -> None:
    shown = reporter(kind)

    def check() -> str:
        with shown.stage("check") as stage:
            stage.note = "nothing is new"
            return "early"

    assert check() == "early"
    assert list(shown.seconds) == ["check"]
    assert not isinstance(shown, Lines) or "nothing is new" in written(shown._console)
