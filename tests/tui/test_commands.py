"""The table of commands: every key and command is found, in both languages, everywhere it should be.

Covers tui.desk, tui.screens.link, tui.screens.messages and tui.screens.palette.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from checks.text import Lang
from tests.support.helpers_tui import drive, make_app, press, screen_text, see, until
from tui import commands
from tui.commands import COMMANDS, Key, command_for, key_label, keys_of
from tui.desk import SENT
from tui.screens.dispatch import ONCE_MORE, SCREENS
from tui.screens.explanation import EXPLAIN_TITLE
from tui.screens.help import HELP_KEYS
from tui.screens.main import Main
from tui.screens.messages import Messages
from tui.screens.note import NOTE_DISCARD, NoteScreen
from tui.screens.palette import PALETTE_TITLE
from tui.screens.papers_view import ReportView
from tui.screens.selected import OF_NODE
from tui.terminal.glyphs import SAFE

ARROWS = {"up": SAFE.up, "down": SAFE.down, "left": SAFE.left, "right": SAFE.right}


def test_no_key_has_two_meanings() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_is_done_by_somebody(command: commands.Command) -> None:
    general = {"back", "quit", "language", "theme", "repaint"}
    assert (
        command.id in general
        or command.id in SCREENS
        or command.id in OF_NODE
        or hasattr(Main, f"_do_{command.id}")
    )


def test_every_key_of_the_contract_is_there() -> None:
    wanted = "up down left right h j k l enter space 1 2 3 4 5 6 7 n N r R x / f e m y o u ctrl+r p s c L t ! ? f1 ctrl+p : ctrl+l escape q"
    keys = {key for command in COMMANDS for key in command.keys}
    assert set(wanted.split()) <= keys


@pytest.mark.parametrize("char", [key for command in COMMANDS for key in command.keys if len(key) == 1])
def test_full_width_twins_do_the_same(char: str) -> None:
    twin = chr(ord(char) + 0xFEE0)
    assert command_for(Key("whatever", twin)) is command_for(Key(char, char)) is not None


def test_the_full_width_space_is_a_space() -> None:
    command = command_for(Key("ideographic_space", "\u3000"))
    assert command is not None
    assert command.id == "answer"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_help_has_every_command(tmp_path: Path, lang: Lang) -> None:
    app = make_app(tmp_path / "s.toml", lang=lang)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "question_mark")
        await see(pilot, HELP_KEYS.to(lang))
        seen = screen_text(app)
        for _ in range(40):
            await press(pilot, "pagedown")
            seen += screen_text(app)
            if "[n/a ]" in screen_text(app) or "[外]" in screen_text(app):
                break
        packed = "".join(seen.split())
        for command in COMMANDS:
            assert "".join(command.title.to(lang).split()) in packed, command.id
            label = "".join(key_label(key, ARROWS) for key in keys_of(command, 7))
            assert label in packed, command.id

    drive(app, script)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_palette_has_every_command(tmp_path: Path, lang: Lang) -> None:
    app = make_app(tmp_path / "s.toml", lang=lang)

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "ctrl+p")
        await see(pilot, PALETTE_TITLE.to(lang))
        seen = screen_text(app)
        for _ in COMMANDS:
            await press(pilot, "down", "down", "down")
            seen += screen_text(app)
        for command in COMMANDS:
            assert command.title.to(lang) in seen, command.id

    drive(app, script)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("ほうこく", "報告書"),
        ("houkoku", "報告書"),
        ("hokoku", "報告書"),
        ("report", "報告書"),
        ("報告", "報告書"),
        ("ヘルプ", "ヘルプ"),
        ("undo", "取り消す"),
        ("元に戻す", "取り消す"),
        ("hozon", "報告書"),
        ("ひきつぎ", "引き継ぐ"),
        ("exit", "終了"),
        ("R", "この項目を検査"),
    ],
)
def test_the_palette_finds_by_kana_romaji_kanji_and_english(tmp_path: Path, typed: str, title: str) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "ctrl+p", *typed)
        await until(pilot, lambda: title in screen_text(app).split("\n")[3])

    drive(app, script)


def test_a_command_picked_in_the_palette_is_done(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "ctrl+p", *"mes", "enter")
        await see(pilot, Messages.heading.ja)

    drive(app, script)


def test_letters_typed_in_the_palette_never_act(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "colon", "q", "R", "x", "u")
        await until(pilot, lambda: ": qRxu" in screen_text(app))
        assert app.is_running

    drive(app, script)


def test_a_command_of_the_main_screen_is_done_from_any_other(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "c", "ctrl+p", *"houkoku", "enter")
        await see(pilot, ReportView.heading.ja)
        await press(pilot, "escape")
        await see(pilot, "次にやること", "1 証明書とブラウザー")

    drive(app, script)


def test_ctrl_c_must_come_twice(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, "ctrl+c")
        await see(pilot, ONCE_MORE.ja)
        assert app.is_running
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not app.is_running)

    drive(app, script)


def test_escape_never_quits(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        await press(pilot, *["escape"] * 5)
        await pilot.pause()
        assert app.is_running

    drive(app, script)


@pytest.mark.parametrize("width", [*range(40, 201, 8)])
def test_no_glyph_of_a_message_is_lost(tmp_path: Path, width: int) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        app.desk.say(SENT)
        await until(pilot, lambda: "端末へ送りました" in "".join(screen_text(app).split()))
        tail = "".join("".join(screen_text(app).split("\n")[-5:]).split())
        assert "".join(SENT.ja.split()) in tail

    drive(app, script, (width, 24))


def test_escape_and_a_key_that_come_together_are_both_done_but_text_is_no_command(tmp_path: Path) -> None:
    app = make_app(tmp_path / "s.toml")

    async def script(pilot: Pilot[int]) -> None:
        main = app.desk.views[0]
        assert isinstance(main, Main)
        await press(pilot, "e")
        await see(pilot, EXPLAIN_TITLE.ja)
        app.post_message(events.Key("alt+L", "L"))
        await see(pilot, "Ready")
        assert len(app.desk.views) == 1
        await press(pilot, "slash", *"tls")
        app.post_message(events.Key("alt+x", "x"))  # out of the field; what came along was text
        await until(pilot, lambda: main.place.filter == "" and main.field is None)
        for field, typed in (("m", "L"), ("colon", "L"), ("slash", "q")):
            await press(pilot, field)
            await until(pilot, lambda: app.desk.view.typing)
            app.post_message(events.Key(f"alt+{typed}", typed))
            await until(pilot, lambda: not app.desk.view.typing)
            await pilot.pause()
            assert app.desk.views == [main]
            assert app.desk.lang == "en"
            assert app.is_running
        await press(pilot, "m", "x")
        app.post_message(events.Key("alt+y", "y"))  # what was typed is not given up by a key that came along
        await see(pilot, NOTE_DISCARD.en)
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(app.desk.view, NoteScreen) and app.desk.view.editor.text == "x")

    drive(app, script)
