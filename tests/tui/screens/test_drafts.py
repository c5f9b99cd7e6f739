"""A note or a text being typed outlives every way out, is offered again, and quitting asks once.

Covers tui.screens.dispatch, tui.screens.note and tui.session_messages.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from checks.record import replace
from tests.support.helpers_reach import SCREENS, Reach, reach
from tui import answering, session_messages
from tui.commands import Key
from tui.screens.dispatch import dispatch, keep_drafts, perform
from tui.screens.main import Main
from tui.screens.note import NoteScreen

TEXT = "三行にわたる大事なメモ"


def write(hands: Reach, text: str) -> None:
    for char in text:
        dispatch(hands.desk, Key(char, char))
        keep_drafts(hands.desk)


def notes(hands: Reach) -> dict[str, str]:
    return {item: draft.note for item, draft in hands.desk.session.drafts().items()}


def answers(hands: Reach) -> dict[str, str]:
    return {item: draft.answer for item, draft in hands.desk.session.drafts().items()}


def test_a_note_is_a_draft_until_it_is_stored_or_thrown_away(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        SCREENS["note"](hands)
        write(hands, TEXT)
        assert notes(hands) == {"root.store": TEXT}
        hands.press("enter")
        assert notes(hands) == {}
        SCREENS["note"](hands)
        write(hands, "+")
        assert notes(hands) == {"root.store": TEXT + "+"}
        hands.press("backspace")
        keep_drafts(hands.desk)
        assert notes(hands) == {}
        write(hands, "+")
        hands.press("escape", "y")
        assert notes(hands) == {}
        assert hands.desk.session.data.notes["root.store"].text == TEXT


def test_an_answer_is_a_draft_until_it_is_given_or_left(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        for leave, kept in (("enter", "棚の上"), ("escape", None)):
            hands.fresh()
            SCREENS["field"](hands)
            write(hands, "棚の上")
            assert answers(hands) == {"documents.folder": "棚の上"}
            hands.press(leave)
            assert answers(hands) == {}
            assert hands.desk.session.answers.get("documents.folder") == kept


def test_a_field_that_a_click_elsewhere_closed_keeps_its_draft(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        SCREENS["field"](hands)
        write(hands, "棚の上")
        hands.main.click("go documents")
        keep_drafts(hands.desk)
        assert hands.main.form is None
        SCREENS["field"](hands)
        form = hands.main.form
        assert form is not None
        assert form.editor is not None
        assert form.editor.text == "棚の上"


def test_what_was_typed_is_offered_again(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        SCREENS["note"](hands)
        write(hands, TEXT)
        hands.desk.views[:] = [Main(hands.desk)]
        assert hands.main.place.cursor == "root.store"
        session_messages.opened(hands.desk)
        assert hands.desk.message is not None
        assert "ルート証明書" in hands.desk.message.text.ja
        hands.press("m")
        view = hands.desk.view
        assert isinstance(view, NoteScreen)
        assert view.editor.text == TEXT
        assert view.unsaved


def test_facts_that_are_old_say_so_once_when_the_session_is_opened(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        desk = hands.desk
        for oldest, old in ((date.max, False), (desk.options.today() - timedelta(181), True)):
            guide = replace(desk.guide, oldest=oldest)
            desk.session.guides = lambda name, guide=guide: guide  # type: ignore[misc]
            desk.message = None
            session_messages.opened(desk)
            assert (desk.message is not None and "181日" in desk.message.text.ja) == old


WAYS: dict[str, Callable[[Reach], None]] = {
    "ctrl+q": lambda hands: hands.press("ctrl+q"),
    "ctrl+c twice": lambda hands: hands.press("ctrl+c", "ctrl+c"),
    "q in the help": lambda hands: hands.press("f1", "q"),
    "the palette": lambda hands: perform(hands.desk, "quit", anywhere=True),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("screen", ["note", "field"])
def test_quitting_asks_once_whatever_led_there(tmp_path: Path, way: str, screen: str) -> None:
    with reach(tmp_path) as hands:
        SCREENS[screen](hands)
        WAYS[way](hands)
        assert hands.shell.left == [0]  # nothing was typed
        hands.shell.left.clear()
        hands.fresh()
        SCREENS[screen](hands)
        write(hands, TEXT)
        hands.desk.quit_at = 0.0
        WAYS[way](hands)
        assert hands.desk.view is hands.desk.quit_question
        assert hands.shell.left == []
        hands.press("n")
        hands.desk.quit_at = 0.0
        WAYS[way](hands)
        hands.press("y")
        assert hands.shell.left == [0]
        drafts = hands.desk.session.drafts().values()
        assert [draft.note or draft.answer for draft in drafts] == [TEXT]
        hands.fresh()
        SCREENS[screen](hands)
        hands.press("ctrl+q", "ctrl+q")
        assert hands.shell.left == [0]


def test_the_question_about_leaving_a_note_is_not_the_one_about_quitting(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        SCREENS["note"](hands)
        write(hands, TEXT)
        hands.press("escape")
        assert len(hands.desk.views) == 3
        hands.press("ctrl+q")
        assert hands.desk.view is hands.desk.quit_question


def test_a_password_and_a_search_are_no_drafts(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        for screen in ("password", "filter", "palette", "sessions", "new session", "report's file"):
            hands.fresh()
            SCREENS[screen](hands)
            write(hands, "geheim123")
            assert not hands.desk.view.unsaved
            assert hands.desk.session.drafts() == {}
        answering.note(hands.desk, "root.store", "")


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
@pytest.mark.parametrize("way", ["ctrl+q", "ctrl+c", "hangup", "terminate", "kill", "line"])
def test_it_outlives_every_way_out_of_the_real_screen(tmp_path: Path, way: str) -> None:
    if sys.platform == "win32":
        return
    from tests.laboratory.program import Program, plain

    path = tmp_path / "s.toml"

    def kept() -> bool:
        drafts = plain(path).get("drafts", {})
        return any(draft.get("note") == TEXT for draft in drafts.values())

    with Program(tmp_path) as screen:
        screen.main()
        screen.send("1")
        screen.send("m")
        screen.see("メモ: ")
        screen.send(TEXT)
        screen.see(TEXT)
        if way in ("ctrl+q", "ctrl+c"):
            screen.send("\x11" if way == "ctrl+q" else "\x03\x03")
            screen.see("書きかけの文があります")
            screen.send("y")
            assert screen.wait() == 0
        elif way == "line":
            os.close(screen.fd)
            screen.fd = os.open("/dev/null", os.O_RDONLY)
            _, status = os.waitpid(screen.pid, 0)
            screen.status = os.waitstatus_to_exitcode(status)
            assert screen.status == 129
        else:
            if way == "kill":
                screen.until(kept, "the draft on the disk")
            number = {"kill": 9, "hangup": signal.SIGHUP, "terminate": signal.SIGTERM}[way]
            screen.kill(number)
            screen.wait()
    assert kept()
    assert plain(path).get("notes", {}) == {}
    with Program(tmp_path) as screen:
        screen.main()
        screen.see("書きかけの文があります")
        screen.send("m")
        screen.see(TEXT)
        screen.send("\r")
        screen.until(
            lambda: plain(path).get("notes", {}).get("root-certificate") == TEXT, "the note on the disk"
        )
        screen.send("q")
        assert screen.wait() == 0
    assert "drafts" not in plain(path)
