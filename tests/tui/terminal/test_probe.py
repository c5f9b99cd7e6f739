"""What the one question tells: widths, who stands between, how dark the background is.

Covers tui.terminal.modes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)

from tui.terminal import modes, probe
from tui.terminal.modes import tty

NARROW_ANSWER = b"\x1b[1;2R"


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A terminal that has been asked; what is written to the other end are its answers."""
    for name in ("TMUX", "STY", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)
    ours, theirs = os.pipe()
    monkeypatch.setattr(tty, "input", ours)
    monkeypatch.setattr(tty, "attributes", [])
    monkeypatch.setattr(tty, "typed_ahead", bytearray())
    monkeypatch.setattr(tty, "intermediary", "")
    monkeypatch.setattr(tty, "background", None)
    monkeypatch.setattr(tty, "question_at", None)
    probe.question_sent()
    yield theirs
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    ("who", "between", "glyphs"),
    [
        (b"", "", "narrow"),
        (b"\x1b[>41;354;0c", "", "narrow"),  # xterm
        (b"\x1b[>0;136;0c", "", "narrow"),  # PuTTY
        (b"\x1b[>0;10;1c", "", "narrow"),  # Windows Terminal
        (b"\x1b[>32;100;2c", "", "narrow"),  # Tera Term
        (b"\x1b[>1;7600;0c", "", "narrow"),  # VTE
        (b"\x1b[>84;0;0c", "tmux", "safe"),
        (b"\x1b[>83;40900;0c", "screen", "safe"),
        (b"\x1b[>1;10;0c", "mosh", "safe"),
    ],
)
def test_what_answers_for_another_is_not_believed(line: int, who: bytes, between: str, glyphs: str) -> None:
    os.write(line, b"a" + who + NARROW_ANSWER + b"b")
    assert probe.choose_glyphs("auto").name == glyphs
    assert probe.between() == between
    assert tty.typed_ahead == b"ab"


def test_a_wide_answer_or_none_is_safe(line: int) -> None:
    os.write(line, b"\x1b[1;3R")
    assert probe.choose_glyphs("auto").name == "safe"
    probe.question_sent()
    assert tty.question_at is not None
    tty.question_at -= 10
    assert probe.choose_glyphs("auto").name == "safe"


@pytest.mark.parametrize("name", ["TMUX", "STY"])
def test_the_environment_says_who_is_between(line: int, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "x")
    os.write(line, NARROW_ANSWER)
    assert probe.choose_glyphs("auto").name == "safe"


@pytest.mark.parametrize("setting", ["safe", "narrow"])
def test_a_setting_holds_and_waits_for_nothing_but_takes_the_answers(line: int, setting: str) -> None:
    chosen = probe.choose_glyphs("safe" if setting == "safe" else "narrow")
    assert chosen.name == setting
    probe.question_sent()
    os.write(line, b"\x1b[>84;0;0c\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[1;3R")
    assert probe.choose_glyphs("safe" if setting == "safe" else "narrow").name == setting
    assert probe.between() == "tmux"
    assert probe.has_light_background()
    assert tty.typed_ahead == b""


@pytest.mark.parametrize(
    ("told", "light"),
    [
        (b"", False),
        (b"\x1b]11;rgb:0000/0000/0000\x07", False),
        (b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\", True),
        (b"\x1b]11;rgb:fd/f6/e3\x07", True),
        (b"\x1b]11;rgba:ffff/ffff/ffff/8000\x1b\\", True),
        (b"\x1b]11;rgb:0c/0c/0c\x1b\\", False),
        (b"\x1b]11;rgb:0000/0000/ffff\x1b\\", False),
        (b"\x1b]11;red\x1b\\", False),
        (b"\x1b]11;rgb:\x1b\\", False),
    ],
)
def test_the_background(line: int, told: bytes, light: bool) -> None:
    os.write(line, told + NARROW_ANSWER)
    assert probe.choose_glyphs("auto").name == "narrow"
    assert probe.has_light_background() is light


@pytest.mark.parametrize(
    ("value", "light"), [("0;15", True), ("0;default;15", True), ("15;0", False), ("x", False), ("7", True)]
)
def test_the_environment_may_tell_the_background(
    line: int, value: str, light: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORFGBG", value)
    assert probe.has_light_background() is light
    tty.background = (0.0, 0.0, 0.0)
    assert not probe.has_light_background()


@pytest.mark.parametrize(
    ("environ", "discreet"),
    [({"TERM": "xterm"}, False), ({"TERM": "tmux-256color", "TMUX": "x"}, False), ({"TERM": "linux"}, True),
     ({"TERM": "screen.xterm-256color"}, True), ({"TERM": "xterm", "STY": "1.x"}, True)],
)  # fmt: skip
def test_the_colour_is_not_asked_where_the_question_would_wander(
    environ: dict[str, str], discreet: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERM", "STY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert ("]11" not in probe.question()) is discreet
    assert probe.question().startswith("●")
    assert probe.question().endswith("\x1b[6n")


@pytest.mark.parametrize(
    ("between", "environ", "screen"),
    [("", {"TERM": "xterm"}, False), ("screen", {"TERM": "xterm"}, True), ("tmux", {"TERM": "screen-256color"}, False),
     ("", {"TERM": "screen-256color"}, True), ("", {"TERM": "screen-256color", "TMUX": "x"}, False), ("", {"STY": "x"}, True)],
)  # fmt: skip
def test_in_gnu_screen_the_mouse_stays_off(
    between: str, environ: dict[str, str], screen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERM", "STY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tty, "intermediary", between)
    assert modes.in_screen() is screen
    assert ("\x1b[?1000h" in modes.switched_on(True)) is not screen
    assert "\x1b[?1000h" not in modes.switched_on(False)
    assert modes.switched_on(True).endswith("\x1b[?2004h\x1b[?7l")
