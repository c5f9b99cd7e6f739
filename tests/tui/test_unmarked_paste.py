"""Text that comes in one piece: typed ahead, pasted, scanned. It is keys only where every character of it is one.

Covers tui.thread_messages.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from checks.model import Options
from tests.laboratory.typing import round_trips
from tests.support.helpers_reach import QUESTIONS, SCREENS, reach
from tests.support.helpers_tui import drive, main, make_app, press, until
from tui.application import JunbiApp
from tui.commands import COMMANDS, EVERY_KEY, Key
from tui.screens.case import Case
from tui.screens.dispatch import NOT_TAKEN, dispatch
from tui.screens.main import Main
from tui.screens.note import NoteScreen
from tui.screens.palette import Palette
from tui.screens.shelf_view import Sessions
from tui.thread_messages import Burst

PASTED = "Rqx01 佐藤さんへ: cRu\nq\nx12345"
"""Holds keys of every screen, and what is none."""


def typed(app: JunbiApp, text: str, *, more: bool = False, alone: bool = True) -> None:
    app.on_burst(Burst(text, more=more, alone=alone))


def on(app: JunbiApp, script: Callable[[Pilot[int]], object]) -> None:
    async def go(pilot: Pilot[int]) -> None:
        result = script(pilot)
        if result is not None:
            await result  # type: ignore[misc]

    drive(app, go)


@pytest.mark.parametrize("bracketed", [False, True])
def test_pasted_text_never_acts_on_the_main_screen_and_the_message_says_so(
    tmp_path: Path, bracketed: bool
) -> None:
    app = make_app(tmp_path / "s.toml", options=Options(offline=True))

    async def script(pilot: Pilot[int]) -> None:
        before = app.desk.session.data
        if bracketed:
            app.post_message(events.Paste(PASTED))
        else:
            app.post_message(Burst(PASTED, more=False, alone=True))
        await until(pilot, lambda: app.desk.message is not None and app.desk.message.text == NOT_TAKEN)
        typed(app, "qR", more=True)
        assert app.desk.session.data is before
        assert [type(view) for view in app.desk.views] == [Main]
        assert app.is_running

    drive(app, script)


@pytest.mark.parametrize("name", [*SCREENS, *QUESTIONS, "main"])
def test_on_every_screen_it_is_text_or_nothing(tmp_path: Path, name: str) -> None:
    with reach(tmp_path) as hands:
        {"main": lambda _: None, **SCREENS, **QUESTIONS}[name](hands)
        app = JunbiApp(hands.desk)
        hands.desk.shell, app._live = hands.shell, True
        data, views, left = hands.desk.session.data.answers, list(hands.desk.views), list(hands.shell.left)
        typing = hands.desk.view.typing
        typed(app, PASTED)
        typed(app, "qRx", more=True)
        assert hands.desk.session.data.answers is data
        assert hands.desk.views == views
        assert hands.shell.left == left
        assert typing == (hands.desk.message is None)
        assert not hands.desk.runs.running


def test_keys_typed_ahead_stay_keys(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", options=Options(offline=True))

    def script(pilot: Pilot[int]) -> None:
        typed(app, "jkjkjkjkjkjkjkj")
        assert main(app).place.cursor != "case"
        typed(app, "kkkk", more=True)
        assert main(app).place.cursor == "case"
        typed(app, "hhhhhhhhhhhcc112")  # each is a key here: c opens the case, 1 and 2 answer in it
        assert isinstance(app.desk.view, Case)
        assert dict(app.desk.session.answers) == {"case.role": "self", "case.procedure": "transfer"}

    on(app, script)


def test_a_search_typed_ahead_is_a_search(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", options=Options(offline=True))

    def script(pilot: Pilot[int]) -> None:
        typed(app, "/certificate.card\r")
        assert main(app).place.filter == "certificate.card"
        assert main(app).field is None
        typed(app, "/certificate.card\rR\r")
        assert app.desk.message is not None
        assert app.desk.message.text == NOT_TAKEN

    on(app, script)


def test_keys_beside_a_sequence_may_be_those_of_another_screen(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", options=Options(offline=True))

    def script(pilot: Pilot[int]) -> None:
        typed(app, "chhhhhhhhhh9-", alone=False)
        assert isinstance(app.desk.view, Case)
        app.desk.pop()
        typed(app, "chhhhhhhhhh9-佐", alone=False)
        assert isinstance(app.desk.view, Main)

    on(app, script)


def test_a_line_from_a_scanner_is_taken_with_its_enter_and_a_page_is_not(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", options=Options(offline=True))

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "1", "m")
        assert isinstance(app.desk.view, NoteScreen)
        typed(app, "123456789012 佐藤")
        typed(app, "\r", more=True)
        assert app.desk.session.data.notes["root-certificate"].text == "123456789012 佐藤"
        assert isinstance(app.desk.view, Main)
        typed(app, "Rqx", more=True)  # the rest of it, after all
        assert app.desk.message is not None
        assert app.desk.message.text == NOT_TAKEN
        await press(pilot, "m")
        typed(app, "\nRR\nqqqqqqqqqqqqq\n")
        view = app.desk.view
        assert isinstance(view, NoteScreen)
        assert view.editor.text == "123456789012 佐藤\nRR\nqqqqqqqqqqqqq"
        assert not app.desk.runs.running

    drive(app, script)


def test_a_burst_before_the_first_picture_waits_for_it(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml", options=Options(offline=True))
    app._typed_ahead.append(Burst(PASTED, more=False, alone=True))

    def script(pilot: Pilot[int]) -> None:
        assert len(app.desk.views) == 1
        assert NOT_TAKEN in [said.text for said in app.desk.history]

    on(app, script)


def test_texts_of_all_of_unicode_come_back_from_the_disk(tmp_path: Path) -> None:
    assert round_trips(tmp_path, 200, 20261127) == []


def test_a_full_width_blank_separates_the_words_of_a_search(tmp_path: Path) -> None:
    with reach(tmp_path) as hands:
        hands.press("/", *"ポータル\u3000接続")
        assert hands.main.place.filter == "ポータル\u3000接続"
        assert [node.id for node in hands.main.place.nodes() if node.item is not None] == ["portal.tls"]
        hands.press("escape", ":", *"報告\u3000文書")
        palette = hands.desk.view
        assert isinstance(palette, Palette)
        assert [palette.name(number) for number in range(palette.count())] == ["run report"]
        hands.press("escape", "escape", "s", *"second\u3000")
        assert isinstance(hands.desk.view, Sessions)
        assert [entry.name for entry in hands.desk.view.found] == ["second"]


def test_what_a_screen_says_are_its_keys_are_those_that_do_something(tmp_path: Path) -> None:
    """Every character that `knows` refuses changes nothing; what it knows is in the table of every key."""
    with reach(tmp_path) as hands:
        for name, show in {**SCREENS, **QUESTIONS}.items():
            for char in map(chr, range(0x20, 0x7F)):
                hands.fresh()
                show(hands)
                view = hands.desk.view
                if view.typing:
                    break
                if view.knows(char):
                    assert char in EVERY_KEY, (name, char)
                    continue
                before = (
                    hands.desk.session.data,
                    list(hands.desk.views),
                    view.draw(80, 24).rows[2:],
                    list(hands.shell.left),
                )
                dispatch(hands.desk, Key(char, char))
                assert before == (
                    hands.desk.session.data,
                    hands.desk.views,
                    view.draw(80, 24).rows[2:],
                    hands.shell.left,
                ), (name, char)
    assert {key for command in COMMANDS for key in command.keys if len(key) == 1} <= EVERY_KEY
