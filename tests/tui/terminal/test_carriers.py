"""The real program inside real carriers, its picture compared with what it means to show; all of it: the laboratory."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

from tests.laboratory import seen, terminals
from tests.laboratory.seen import Seen, Strict, differs
from tests.laboratory.terminals import Place, carried, missing, place_for, sweep, tour


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place_for(tmp_path_factory.mktemp("t"), ["bare"]) as found:
        yield found


@pytest.mark.parametrize(
    ("carrier", "cells", "glyphs", "lang"),
    [("bare", 1, "auto", "en"), ("tmux", 2, "auto", "ja"), ("screen", 2, "auto", "en"), ("screen-cjk", 2, "auto", "ja")],
)  # fmt: skip
def test_every_row_is_right(place: Place, carrier: str, cells: int, glyphs: str, lang: str) -> None:
    if missing(carrier):
        pytest.skip(missing(carrier))
    keys = [*"j5cp", "\x1b", "?", "\x1b", "s", "\x1b", "o", "\x1b", "t"]
    told = tour(place, carrier, cells, glyphs, lang, [(80, 24), (40, 12)], keys)
    assert told.losses == []
    assert told.pictures == 2 * (len(keys) + 1)


def test_the_message_line_of_the_running_program(place: Place) -> None:
    told = sweep(place, "bare", 2, "safe", "ja", range(40, 201, 20), 2)
    assert told.losses == []
    assert told.pictures == 18


def test_a_digit_or_enter_that_comes_with_esc_is_not_typed_and_takes_nothing(place: Place) -> None:
    argv, env = carried(place, "bare", place.program("ja", "safe"))
    place.picture.unlink(missing_ok=True)
    with Seen(argv, env, place.picture, columns=80, lines=24) as terminal:
        assert terminal.right() == ""
        for together, after in (("\x1b1", "1"), ("\x1b/", "/"), ("\x1b\r", "")):
            for key in "/tls":
                assert terminal.press(key) == ""
            assert "tls" in terminal.text
            assert terminal.press(together) == ""
            assert "¡" not in terminal.text
            assert "tls" not in terminal.text  # Esc has left the field and taken the filter back
            if after == "/":
                assert terminal.press("\x1b") == ""
        terminal.leave()


@pytest.mark.parametrize(
    ("told", "config", "background"),
    [
        ("ffff/ffff/f0f0", "", "brightwhite"),
        ("0000/0000/0000", "", "black"),
        ("ffff/ffff/f0f0", 'theme = "dark"\n', "black"),
    ],
    ids=["cream", "black", "set"],
)
def test_the_theme_follows_the_background_unless_one_is_set(
    place: Place, told: str, config: str, background: str
) -> None:
    argv, env = carried(place, "bare", place.program("ja", "auto"))
    place.picture.unlink(missing_ok=True)
    settings = place.folder / "data" / "config.toml"
    settings.write_text(config)
    with Seen(argv, env, place.picture, columns=80, lines=24) as terminal:
        emulator = terminal.screen
        assert isinstance(emulator, Strict)
        emulator.answer = lambda data: terminal.send(f"\x1b]11;rgb:{told}\x1b\\".encode() + data)
        assert terminal.right() == ""
        assert terminal.meant()["glyphs"] == "narrow"  # the answer about widths came in the same breath
        assert {emulator.buffer[y][x].bg for y in (1, 12) for x in (1, 40, 79)} == {background}
        assert terminal.leave() == []
    settings.unlink()


def test_the_measure_can_fail() -> None:
    assert differs("自動 a", ["自", "", "動", "", " ", "a"]) is None
    assert differs("自動 a", ["自", "", " ", " ", " ", "a"]) == 2
    assert differs("自動 a", ["自", " ", "動", "", " ", "a"]) == 0
    assert differs("自動 a", ["自", "", "動", "", " ", "b"]) == 5
    assert differs("自", ["自", "", "x"]) == 2
    assert terminals.expected("tmux", 1, "auto") == "safe"


def test_a_screen_that_is_torn_is_seen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """`narrow` where ambiguous characters are wide, in tmux, which cannot know: rows break, and it is told."""
    if missing("tmux"):
        pytest.skip(missing("tmux"))
    monkeypatch.setattr(seen, "PATIENCE", 0.5)
    told = tour(place, "tmux", 2, "narrow", "ja", [(80, 24)], ["j"])
    assert told.losses
