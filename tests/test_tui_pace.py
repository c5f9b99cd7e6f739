"""A held key: the highlight follows each press, the right pane where the selection rests."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.helpers_tui import drive, make_app, press, screen_text, see, until
from tui import pace
from tui.application import JunbiApp
from tui.pace import Pace
from tui.screens.main import Main


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever time passes between two keys of the test, the key is held."""
    monkeypatch.setattr(pace, "REST", 3600.0)
    monkeypatch.setattr(pace, "LONGEST", 3600.0)


@pytest.mark.parametrize(
    ("moves", "drawn", "now", "wait"),
    [
        ([], 0.0, 5.0, 0.0),
        ([1.0], 0.0, 1.0, 0.0),  # a single press
        ([1.0, 1.2], 1.0, 1.2, 0.0),  # each rests before the next
        ([1.0, 1.03], 1.0, 1.03, 0.15),
        ([1.0, 1.03], 1.0, 1.1, 0.08),
        ([1.0, 1.03], 1.0, 1.18, 0.0),
        ([1.0, 1.03, 1.06], 1.0, 1.06, 0.15),
        ([1.0, 1.12, 1.24, 1.36, 1.48], 1.0, 1.48, 0.02),  # held so long that the rest follows
        ([1.0, 1.12, 1.24, 1.36, 1.48], 1.0, 1.5, 0.0),
        ([1.0, 1.03, 1.5], 1.2, 1.5, 0.0),  # let go, and pressed again
    ],
)
def test_when_the_selection_rests(
    monkeypatch: pytest.MonkeyPatch, moves: list[float], drawn: float, now: float, wait: float
) -> None:
    monkeypatch.setattr(pace, "REST", 0.15)
    of = Pace()
    of.drawn(drawn)
    for at in moves:
        of.move(at)
    assert of.wait(now) == pytest.approx(wait)


def test_another_command_waits_for_nothing(quick: None) -> None:
    of = Pace()
    of.drawn(1.0)
    of.move(1.0)
    of.move(1.01)
    assert of.wait(1.02) > 0
    of.settle()
    assert of.wait(1.02) == 0


def app_of(tmp_path: Path) -> JunbiApp:
    return make_app(tmp_path / "s.toml", lang="en")


def beside(app: JunbiApp) -> str:
    """What the right pane says."""
    lines = screen_text(app).splitlines()
    return "\n".join(line[38:] for line in lines if line.startswith("|"))


def highlighted(app: JunbiApp) -> str:
    column, line = app.canvas.picture.cursor
    return screen_text(app).splitlines()[line][column:38]


def test_the_pane_stays_while_a_key_is_held_and_follows_any_other_key(tmp_path: Path, quick: None) -> None:
    app = app_of(tmp_path)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "home", "tab", "tab")
        await see(pilot, "The application")
        await press(pilot, "down")
        first, line = beside(app), highlighted(app)
        await press(pilot, "down", "down")
        await until(pilot, lambda: highlighted(app) != line, "the highlight to follow")
        main = app.desk.views[0]
        assert isinstance(main, Main)
        assert main.waits > 0
        assert beside(app) == first
        await press(pilot, "tab", "tab")
        await until(pilot, lambda: beside(app) != first, "the pane to follow")
        assert main.waits == 0

    drive(app, script)


def test_the_pane_follows_by_itself_when_the_key_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_of(tmp_path)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "home", "tab", "tab")
        await press(pilot, "down")
        first = beside(app)
        monkeypatch.setattr(pace, "REST", 0.3)
        await press(pilot, "down", "down")
        await until(pilot, lambda: beside(app) != first, "the pane to follow")

    drive(app, script)
