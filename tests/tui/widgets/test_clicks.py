"""A click is what stood on the terminal when it was made, and a double click is one act. Time is passed in.

Covers tui.widgets.canvas.
"""

from __future__ import annotations

import random
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from checks.model import Options
from tests.support.helpers_reach import Reach, reach
from tests.support.helpers_tui import drive, make_app, press, until
from tui import application
from tui.commands import Key
from tui.screens.case import Case
from tui.screens.dispatch import clicked, dispatch
from tui.widgets import canvas
from tui.widgets.clicks import DOUBLE, Click, Clicks, ShownFrame
from tui.widgets.frame import Frame, Span, act_at

LIST = "choose a 1"


def picture(*acts: str) -> ShownFrame:
    """A picture with one act in each line."""
    return ShownFrame(Frame(tuple((Span("x" * 10, "text", act),) for act in acts)), None, None)


def press_at(clicks: Clicks, y: int, at: float, x: int = 3, up: tuple[int, int] | None = None) -> str:
    clicks.down(x, y, at)
    click = clicks.up(*(up or (x, y)), at)
    return click.act if click is not None else ""


def test_an_act_is_found_by_the_cells_that_it_takes() -> None:
    frame = Frame(((Span("漢字", "text", "a"), Span("b", "text", "b")), ()))
    assert [act_at(frame, x, 0) for x in range(6)] == ["a"] * 4 + ["b", ""]
    assert [act_at(frame, 0, y) for y in (1, 2, -1, 1_000_000)] == [""] * 4


def test_a_click_counts_for_the_picture_of_its_moment() -> None:
    clicks = Clicks()
    clicks.drawn(picture("old"), 1.0)
    clicks.drawn(picture("new"), 2.0)
    assert press_at(clicks, 0, 1.5) == "old"
    assert press_at(clicks, 0, 0.5) == ""  # before there was anything
    assert press_at(clicks, 0, 2.5) == "new"


@pytest.mark.parametrize("gap", [0.0, 0.01, 0.1, 0.2, 0.39])
@pytest.mark.parametrize("after", [LIST, "choose b 2", ""])
def test_a_double_click_is_one_act_whatever_is_drawn_in_between(gap: float, after: str) -> None:
    clicks = Clicks()
    clicks.drawn(picture(LIST), 0.0)
    assert press_at(clicks, 0, 5.0) == LIST
    clicks.drawn(picture(after), 5.0 + gap / 2)
    assert press_at(clicks, 0, 5.0 + gap) == ""
    assert press_at(clicks, 0, 5.0 + DOUBLE) == after


def test_a_double_click_whose_first_release_came_late_is_one_act() -> None:
    clicks = Clicks()
    clicks.drawn(picture("a"), 0.0)
    clicks.down(3, 0, 1.0)
    assert clicks.up(3, 0, 3.0) is not None
    assert press_at(clicks, 0, 3.1) == ""


def test_two_targets_of_one_picture_are_two_acts_at_once() -> None:
    clicks = Clicks()
    clicks.drawn(picture("a", "b"), 0.0)
    assert [press_at(clicks, y, 1.0) for y in (0, 1, 0, 1)] == ["a", "b", "", ""]


def test_a_pointer_that_leaves_its_target_does_nothing() -> None:
    clicks = Clicks()
    clicks.drawn(picture("a", "b"), 0.0)
    assert press_at(clicks, 0, 1.0, up=(3, 1)) == ""
    assert press_at(clicks, 0, 2.0, up=(9, 0)) == "a"
    assert clicks.up(3, 0, 3.0) is None


def test_clicks_that_waited_too_long_mean_nothing_and_memory_is_bounded() -> None:
    clicks = Clicks()
    for number in range(10_000):
        clicks.drawn(picture("a"), float(number))
    assert press_at(clicks, 0, 5.0) == ""
    assert press_at(clicks, 0, 10_000.0) == "a"
    assert len(clicks._pictures) < 100


def click(hands: Reach, act: str, picture: ShownFrame) -> None:
    assert any(span.act == act for row in picture.frame.rows for span in row), act
    clicked(hands.desk, Click(act, picture))


def seen(hands: Reach) -> ShownFrame:
    view = hands.desk.view
    return ShownFrame(view.draw(80, 24), view, view.subject)


def test_a_click_carries_question_and_value(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        hands.press("c")
        before = seen(hands)
        click(hands, "choose case.role self", before)
        assert hands.desk.view.question.id == "case.procedure"  # type: ignore[attr-defined]
        click(hands, "choose case.role dealer", before)  # of the picture that was there when it was made
        assert dict(hands.desk.session.answers) == {"case.role": "dealer"}


@pytest.mark.parametrize(
    ("key", "act"),
    [("j", "key enter"), ("j", "key -"), ("n", "key enter"), ("escape", "choose case.role self")],
)
def test_a_click_on_a_key_counts_only_for_what_was_highlighted(tmp_path: Path, key: str, act: str) -> None:
    with reach(tmp_path) as hands:
        hands.press("c", "1", "2", "N", "N")
        before, answers = seen(hands), dict(hands.desk.session.answers)
        hands.press(key)
        click(hands, act, before)
        assert dict(hands.desk.session.answers) == answers
        assert act.startswith("choose") or isinstance(hands.desk.view, Case)


def test_a_choice_is_not_given_to_another_form(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        hands.main.place.go("pc.update")
        hands.press("space")
        before = seen(hands)
        hands.press("escape")
        hands.main.place.go("payment.bank")
        hands.press("space")
        click(hands, "choose pc.update yes", before)
        assert not hands.desk.session.answers
        assert hands.main.form is not None


def test_a_line_of_a_list_is_picked_wherever_it_has_gone(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        hands.press("s")
        before = seen(hands)
        hands.desk.view.found.reverse()  # type: ignore[attr-defined]
        click(hands, "pick second", before)
        hands.shell.settle()
        assert hands.desk.session.path.name == "second.toml"


def test_the_application_asks_what_was_on_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two clicks with any gap, the second after the next question was drawn: one answer."""
    now = [100.0]
    monkeypatch.setattr(canvas, "get_time", lambda: now[0])

    def pointer(app: application.JunbiApp, y: int, at: float) -> None:
        for kind in (events.MouseDown, events.MouseUp):
            event = kind(None, 12, y, 0, 0, 1, False, False, False, screen_x=12, screen_y=y)
            event.time = at
            app._pointed(event)

    for number, gap in enumerate((0.0, 0.05, 0.2, 0.39)):
        app = make_app(tmp_path / f"{number}.toml", options=Options(offline=True))

        async def script(pilot: Pilot[int], app: application.JunbiApp = app, gap: float = gap) -> None:
            await press(pilot, "c")
            await until(pilot, lambda: isinstance(app.desk.view, Case) and not app._due)
            lines = ["".join(span.text for span in row) for row in app.canvas.picture.rows]
            y = next(n for n, line in enumerate(lines) if "2 販売店" in line)
            now[0] += 10
            pointer(app, y, now[0])
            now[0] += gap / 2
            app._present(app.size)
            now[0] += gap / 2
            pointer(app, y, now[0])
            assert dict(app.desk.session.answers) == {"case.role": "dealer"}

        drive(app, script)


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
@pytest.mark.parametrize("row", [4, 5, 8])
def test_a_double_click_in_one_piece_on_the_real_screen(tmp_path: Path, row: int) -> None:
    from tests.laboratory.program import Program, plain

    with Program(tmp_path, "--lang", "en") as screen:
        screen.until(lambda: "Next" in screen.text)
        screen.send("c")
        screen.see("1 The applicant")
        screen.send(f"\x1b[<0;12;{row}M\x1b[<0;12;{row}m" * 2)
        screen.until(lambda: "Answered" in screen.text)
        screen.send("\x1bq")
        assert screen.wait() == 0
    assert list(plain(tmp_path / "s.toml")["answers"]) == ["case.role"]


def test_a_flood_of_clicks_gives_only_what_stood_under_the_pointer(tmp_path: Path) -> None:
    """Clicks and keys against old pictures: an answer that is given was in a picture at the place of a click."""
    with reach(tmp_path) as hands:
        for seed in range(10):
            chance = random.Random(seed)
            hands.fresh()
            hands.press("c")
            clicks, now = Clicks(), 0.0
            for _ in range(400):
                now += chance.choice((0.0, 0.01, 0.2, 0.5))
                if chance.random() < 0.5:
                    clicks.drawn(seen(hands), now)
                if chance.random() < 0.2:
                    dispatch(hands.desk, Key(chance.choice(("up", "down", "n", "N"))))
                x, y = chance.randrange(80), chance.randrange(24)
                old = dict(hands.desk.session.answers)
                clicks.down(x, y, now)
                found = clicks.up(x, y, now)
                if found is None or found.act in ("back", "help") or found.act.startswith("key"):
                    continue
                clicked(hands.desk, found)
                new = dict(hands.desk.session.answers)
                if new != old:
                    _, question, value = found.act.split(" ")
                    assert new == {**old, question: value}
                    assert act_at(found.picture.frame, x, y) == found.act
            assert hands.desk.session.answers, seed


def test_times_of_counted_clicks_on_one_target_are_far_apart() -> None:
    clicks, chance, acted, now = Clicks(), random.Random(1), [], 0.0
    clicks.drawn(picture("a"), 0.0)
    for _ in range(2000):
        now += chance.random() * 0.5
        if press_at(clicks, 0, now):
            acted.append(now)
    assert len(acted) > 500
    assert all(later - earlier >= DOUBLE for earlier, later in pairwise(acted))
