"""A held key: the highlight follows each press, the right pane where the selection rests.

Covers tui.application.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.helpers_tui import drive, make_app, press, screen_text, see, until
from tui import cursor_rest
from tui.application import JunbiApp
from tui.cursor_rest import CursorRest
from tui.screens.main import Main


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever time passes between two keys of the test, the key is held."""
    monkeypatch.setattr(cursor_rest, "REST", 3600.0)
    monkeypatch.setattr(cursor_rest, "LONGEST", 3600.0)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> CursorRest:
    """One whose right pane was drawn at 1.0, with the times that users have."""
    monkeypatch.setattr(cursor_rest, "REST", 0.15)
    of = CursorRest()
    of.drawn(1.0, whole=True)
    return of


def test_nothing_waits_before_the_selection_moves(real: CursorRest) -> None:
    assert real.wait(5.0) is None


def test_a_single_move_is_drawn_ahead_and_the_rest_at_once(real: CursorRest) -> None:
    real.move(5.0)
    assert real.wait(5.0) == 0.0
    real.drawn(5.0, whole=False)
    assert real.wait(5.0) is None
    real.drawn(5.0, whole=True)
    real.move(5.16)
    assert real.wait(5.16) == 0.0


@pytest.mark.parametrize(
    ("moves", "now", "wait"),
    [
        ([1.0, 1.03], 1.03, 0.15),
        ([1.0, 1.03], 1.1, 0.08),
        ([1.0, 1.03, 1.06], 1.06, 0.15),
        ([1.0, 1.12, 1.24, 1.36, 1.48], 1.48, 0.02),  # held so long that the rest follows
    ],
)
def test_a_held_key_waits_for_rest(real: CursorRest, moves: list[float], now: float, wait: float) -> None:
    for at in moves:
        real.move(at)
        real.drawn(at, whole=False)
    assert real.wait(now) == pytest.approx(wait)
    assert real.wait(now + wait + 0.001) is None


def test_another_command_waits_for_nothing(real: CursorRest) -> None:
    real.move(1.0)
    real.move(1.01)
    assert real.wait(1.02) == pytest.approx(0.14)
    real.settle()
    assert real.wait(1.02) is None


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
        assert main.waits
        assert beside(app) == first
        await press(pilot, "tab", "tab")
        await until(pilot, lambda: beside(app) != first, "the pane to follow")
        assert main.waits is None

    drive(app, script)


def test_the_pane_follows_by_itself_when_the_key_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_of(tmp_path)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "home", "tab", "tab")
        await press(pilot, "down")
        first = beside(app)
        monkeypatch.setattr(cursor_rest, "REST", 0.3)
        await press(pilot, "down", "down")
        await until(pilot, lambda: beside(app) != first, "the pane to follow")

    drive(app, script)
