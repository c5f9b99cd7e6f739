"""The terminal test in terminals of several kinds.

Covers tui.cli.known_terminals and tui.cli.terminal.
"""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from checks.text import Text
from tui.cli import known_terminals
from tui.cli import terminal as command
from tui.cli.arguments import parse
from tui.cli.problem import Problem
from tui.cli.setup import set_up
from tui.cli.terminal import TerminalReport
from tui.terminal import modes

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)

from tests.support.terminal_lab import Terminal, ambiguous_is_wide, terminal

ANSWERS: dict[str, int | None] = {
    "漢字": 4, "●": 1, "─": 1, "①": 1, "…": 1, "ｶ": 1, "か\u3099": 2, "辻\U000e0100": 2, "🚗": 2,
}  # fmt: skip


def output(lab: Terminal) -> tuple[str, int]:
    status = lab.end()
    return "\n".join(row.replace("\x00", "") for row in lab.text()), status


def test_in_an_ordinary_terminal_all_is_well() -> None:
    with terminal({"selftest": "en"}, size=(150, 40)) as lab:
        lab.until(lambda: any("(y/N)" in row for row in lab.text()), "question")
        lab.type("n\r")
        text, status = output(lab)
        assert status == 0
        assert "[fix]" not in text
        assert "one cell" in text
        assert "shown as UTF-8" in text
        assert "150 x 40" in text
        assert b"\x1b]52" not in lab.raw


def test_with_a_yes_the_clipboard_is_tried() -> None:
    with terminal({"selftest": "ja"}, size=(150, 40)) as lab:
        lab.until(lambda: any("(y/N)" in row for row in lab.text()), "question")
        lab.type("y\r")
        _, status = output(lab)
        assert status == 0
        assert b"\x1b]52;c;b3NzLWp1bmJp\x07" in lab.raw
        assert "ClipboardAccessFromRemote" in lab.raw.decode()


def test_wide_ambiguous_characters_name_the_setting() -> None:
    with ambiguous_is_wide(), terminal({"selftest": "ja"}, size=(150, 50)) as lab:
        lab.until(lambda: any("(y/N)" in row for row in lab.text()), "question")
        lab.type("n\r")
        output(lab)
        assert "Ambiguous Characters width: 1 Cell" in lab.raw.decode()
        assert "Treat CJK ambiguous characters as wide" in lab.raw.decode()


def test_a_terminal_that_does_not_read_utf8_is_found() -> None:
    with terminal({"selftest": "ja"}, size=(150, 60)) as lab:
        lab.stream.select_other_charset("@")  # Latin-1: each byte a character
        lab.until(lambda: b"(y/N)" in lab.raw, "question")
        lab.type("n\r")
        _, status = output(lab)
        assert status == 1
        assert "[要対応]" in lab.raw.decode()
        assert "Remote character set: UTF-8" in lab.raw.decode()


def test_a_silent_terminal_is_no_error() -> None:
    with terminal({"selftest": "en"}, size=(150, 40)) as lab:
        lab.screen.answer = lambda data: None
        lab.until(lambda: any("(y/N)" in row for row in lab.text()), "question")
        lab.type("\r")
        text, status = output(lab)
        assert status == 0
        assert "does not answer" in text


def test_without_a_terminal_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modes, "terminal", lambda: None)
    with pytest.raises(Problem) as refused:
        command.main(set_up(parse(["terminal"]), "en", {}))
    assert refused.value.exit_code == 2
    assert refused.value.text == command.NO_TERMINAL


@pytest.mark.parametrize(
    ("environ", "says", "bad"),
    [
        ({"TERM": "dumb"}, "--plain", True),
        ({}, "--plain", True),
        ({"TERM": "xterm"}, "TermType", False),
        ({"TERM": "xterm-256color"}, "256", False),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "16777216", False),
    ],
)
def test_colours(environ: dict[str, str], says: str, bad: bool) -> None:
    out = io.StringIO()
    report = TerminalReport("en", out)
    report.colours(environ)
    assert says in out.getvalue()
    assert report.bad is bad


@pytest.mark.parametrize(
    ("answers", "says", "bad"),
    [
        ({}, "one cell", False),
        ({"●": 2, "─": 2, "①": 2, "…": 2}, "two cells", False),
        ({"●": None}, "unknown width", True),
        ({"漢字": 6}, "not shown as UTF-8", True),
        ({"漢字": None}, "does not answer", False),
        ({"🚗": 1}, "emoji", False),
    ],
)
def test_widths(answers: dict[str, Any], says: str, bad: bool) -> None:
    out = io.StringIO()
    report = TerminalReport("en", out)
    report.widths(lambda text: (ANSWERS | answers)[text])
    assert says in out.getvalue()
    assert report.bad is bad


@pytest.mark.parametrize("cells", [1, 2])
def test_who_answers_in_place_of_the_terminal_is_named(cells: int) -> None:
    out = io.StringIO()
    report = TerminalReport("en", out)
    answers = ANSWERS | dict.fromkeys("●─①…", cells)
    report.widths(lambda text: answers[text], "tmux")
    assert "tmux answers in place of the terminal" in out.getvalue()
    assert "--glyphs narrow" in out.getvalue()
    assert not report.bad


@pytest.mark.parametrize(("size", "verdict"), [((80, 24), "[ok]"), ((40, 12), "[note]"), ((39, 24), "[fix]")])
def test_size(size: tuple[int, int], verdict: str) -> None:
    out = io.StringIO()
    TerminalReport("en", out).size(*size)
    assert out.getvalue().startswith(verdict)


def sentences() -> list[Text]:
    found: list[Text] = []
    for value in [*vars(command).values(), *vars(known_terminals).values()]:
        values = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value]
        for one in values:
            found += [part for part in (one if isinstance(one, tuple) else (one,)) if isinstance(part, Text)]
    return found


def test_every_sentence_can_be_shown_on_every_console() -> None:
    assert len(sentences()) > 30
    for text in sentences():
        text.ja.encode("cp932")
        text.ja.encode("euc_jp")
        text.en.encode("ascii")
