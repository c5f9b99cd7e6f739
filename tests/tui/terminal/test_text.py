"""Glyphs, full-width keys, clipboard, locale: what needs no terminal.

Covers tui.terminal.clipboard, tui.terminal.glyphs and tui.terminal.keys.
"""

from __future__ import annotations

import base64
import re
import sys
from dataclasses import fields

import pytest

from checks.wrap import cell_width, is_ambiguous
from tui.cli.terminal import encoding_problem
from tui.terminal import clipboard
from tui.terminal.clipboard import Copied
from tui.terminal.glyphs import NARROW, SAFE, one_cell, substitute

ALL = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def test_safe_has_no_ambiguous_character_anywhere() -> None:
    for field in fields(SAFE):
        value = getattr(SAFE, field.name)
        assert not any(map(is_ambiguous, str(value))), field.name


def test_both_sets_take_the_same_cells_where_they_stand_in_columns() -> None:
    for name in (
        "open",
        "closed",
        "bar_left",
        "bar_full",
        "bar_empty",
        "bar_right",
        "rule",
        "bar_line",
    ):
        assert cell_width(getattr(SAFE, name)) == cell_width(getattr(NARROW, name)), name


def test_substitution_leaves_no_ambiguous_character_of_all_unicode() -> None:
    for char in filter(is_ambiguous, ALL):
        form = substitute(char, SAFE)
        assert not any(map(is_ambiguous, form)), hex(ord(char))
        assert cell_width(one_cell(char)) == 1
        assert not is_ambiguous(one_cell(char))


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("待つ…", "待つ.."), ("1024×768", "1024x768"), ("設定→更新", "設定->更新"), ("①と⑳", "(1)と(20)"), ("●済 ○未", "*済 〇未"),
        ("“引用”", '"引用"'), ("Привет"[0], "Pe"), ("α", "alpha"), ("é", "e"), ("½", "1/2"), ("─│┌█", "-|+#"), ("Ⅳ", "IV"),
        ("辻\U000e0100", "辻\U000e0100"), ("漢字ｱｲｳ・「」", "漢字ｱｲｳ・「」"), ("a\u0301", "a"),
    ],
)  # fmt: skip
def test_substitution(text: str, safe: str) -> None:
    assert substitute(text, SAFE) == safe
    assert substitute(text, NARROW) == text


def sent(text: str, environ: dict[str, str]) -> tuple[Copied, str]:
    out: list[str] = []

    def send(data: str) -> bool:
        assert clipboard.is_control(data)
        out.append(data)
        return True

    return clipboard.copy(text, send, environ), "".join(out)


def test_a_text_is_sent_to_the_clipboard() -> None:
    result, data = sent("証明書", {"TERM": "xterm"})
    assert result is Copied.SENT
    assert data == f"\x1b]52;c;{base64.b64encode('証明書'.encode()).decode()}\x07"


def test_inside_tmux_and_screen_it_is_wrapped() -> None:
    _, tmux = sent("x", {"TMUX": "/tmp/x,1,0"})
    assert tmux == "\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\"
    _, screen = sent("長い" * 400, {"STY": "1.x"})
    parts = re.findall("\x1bP(.*?)\x1b\\\\", screen, re.DOTALL)
    assert len(parts) > 3
    assert max(map(len, parts)) < 768
    whole = re.fullmatch("\x1b]52;c;(.*)\x07", "".join(parts))
    assert whole is not None
    assert base64.b64decode(whole[1]).decode() == "長い" * 400


def test_what_cannot_be_sent_says_so() -> None:
    assert sent("x" * 3001, {})[0] is Copied.TOO_LONG
    assert sent("あ" * 1001, {})[0] is Copied.TOO_LONG
    assert sent("x" * 3000, {})[0] is Copied.SENT
    assert sent("x" * 3000, {"STY": "1"})[0] is Copied.SENT
    assert sent("x" * 3000, {"TMUX": "1"})[0] is Copied.SENT
    both = {"TMUX": "1", "STY": "1"}  # one within the other: screen would print what is wrapped for tmux
    assert "tmux;" in sent("x", both | {"TERM": "tmux-256color"})[1]
    assert sent("x", both | {"TERM": "screen.xterm-256color"})[1].startswith("\x1bP\x1b]52;c;")
    assert "\x1bP" not in sent("x", both | {"TERM": "screen-256color"})[1]
    assert sent("x", {"TERM_PROGRAM": "Apple_Terminal"})[0] is Copied.UNSUPPORTED
    assert sent("", {})[0] is Copied.UNSUPPORTED
    assert clipboard.copy("x", lambda data: False, {}) is Copied.UNSUPPORTED
    assert sent("x\ud800", {})[0] is Copied.SENT


@pytest.mark.parametrize("data", ["", "\x1b]52;c;?\x07", "\x1b]0;x\x07", "\x1b[2J", "\x1bPq\x1b\\", "\x1bPtmux;\x1b\x1b]52;c;eA==\x07", "\x07\x07", "eA=="])  # fmt: skip
def test_other_sequences_are_refused(data: str) -> None:
    assert not clipboard.is_control(data)


@pytest.mark.parametrize(
    ("encoding", "environ", "says"),
    [
        ("utf-8", {"LANG": "ja_JP.UTF-8"}, None),
        ("UTF8", {}, None),
        ("euc_jp", {"LANG": "ja_JP.eucJP"}, "LANG"),
        ("cp932", {"PYTHONIOENCODING": "cp932"}, "PYTHONIOENCODING"),
        ("ascii", {"LC_ALL": "POSIX", "LANG": "ja_JP.UTF-8"}, "LC_ALL"),
        ("no-such", {}, "no-such"),
    ],
)
def test_the_locale_is_named_when_it_is_the_reason(
    encoding: str, environ: dict[str, str], says: str | None
) -> None:
    for lang in ("ja", "en"):
        problem = encoding_problem(encoding, environ)
        sentence = None if problem is None else problem.to("ja" if lang == "ja" else "en")
        assert (sentence is None) == (says is None)
        assert says is None or (sentence is not None and says in sentence and "UTF-8" in sentence)
