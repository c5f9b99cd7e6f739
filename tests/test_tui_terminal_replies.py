"""Input: replies are taken out, keys stay, however the bytes are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.terminal.keys import after_escape
from tui.terminal.replies import LONG, SHORT, Replies

REPLIES = [
    "\x1b[?62;1;6c", "\x1b[>41;354;0c", "\x1b[=0c", "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b]4;1;rgb:f/0/0\x07",
    "\x1b[12;40R", "\x1b[1;2R", "\x1b[0n", "\x1bP1$r0m\x1b\\", "\x1bP0+r\x1b\\", "\x1bP>|term\x1b\\", "\x1bP!|00\x1b\\", "\x1b[?2026;2$y",
    "\x1b[?1u", "\x1b[8;24;80t", "\x1b]lqtitle\x1b\\", "\x1b]52;c;cXE=\x07", "\x1b_Gi=1;OK\x1b\\", "\x9b?62c", "\x9d11;q\x9c",
    "\x1b[5q", "\x1b[99999999999u", "\x1b[201~", "\x1bXq\x1b\\", "\x1b^q\x1b\\",
]  # fmt: skip
KEYS = [
    "a", "漢", "\x03", "\r", "\x1b[A", "\x1bOP", "\x1b[1;5C", "\x1b[15~", "\x1b[Z", "\x1b[107;3u", "\x1b[97;5u", "\x1b[<0;3;4M",
    "\x1b[<35;3;4m", "\x1b[I", "\x1b[O", "\x1b[200~貼る q\x1b[201~",
]  # fmt: skip


def reader() -> Replies:
    return Replies({"\x1b[Z", "\x1b[I", "\x1b[O"}.__contains__)


@given(st.lists(st.sampled_from(REPLIES + KEYS), max_size=12), st.lists(st.integers(0, 200), max_size=8))
def test_however_it_is_cut_replies_vanish_and_keys_stay(parts: list[str], cuts: list[int]) -> None:
    data = "".join(parts)
    at = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    replies = reader()
    out = "".join(replies.feed(data[a:b]) for a, b in pairwise(at))
    assert out == "".join(part for part in parts if part in KEYS)
    assert replies.wait() is None


@given(st.text(st.sampled_from("\x1b[]P_X^O0;?c~RnM<\x07\\a\x9b\x9d\x9c"), max_size=40))
def test_nothing_stays_held_for_ever(data: str) -> None:
    replies = reader()
    replies.feed(data)
    for _ in range(3):
        if replies.wait() is not None:
            replies.timeout()
    assert replies.wait() is None


@pytest.mark.parametrize(
    ("data", "typed"),
    [("\x1b", "\x1b"), ("\x1b[", "\x1b[91;3u"), ("\x1bO", "\x1b[79;3u"), ("\x1b]", "\x1b[93;3u"), ("\x1b[?6", ""), ("\x1b]11;rg", ""), ("\x1b[1;", "")],
)  # fmt: skip
def test_what_stays_incomplete_was_typed_or_is_dropped(data: str, typed: str) -> None:
    replies = reader()
    assert replies.feed(data) == ""
    assert replies.wait() == (SHORT if typed else LONG)
    assert replies.timeout() == typed


@pytest.mark.parametrize("character", [*"1k/Q b f]P_0漢", "\r", "\t"])
def test_a_character_that_came_with_esc_is_that_character_with_alt(character: str) -> None:
    assert reader().feed(f"\x1b{character}a") == f"\x1b[{ord(character)};3ua"


@pytest.mark.parametrize(
    ("character", "after"), [(char, char) for char in "1k/Q b漢？¡"] + [("\r", ""), ("\t", "")]
)
def test_textual_reads_it_as_one_key_that_types_nothing(character: str, after: str) -> None:
    from textual._xterm_parser import XTermParser
    from textual.events import Key

    (key,) = XTermParser().feed(reader().feed(f"\x1b{character}"))
    assert isinstance(key, Key)
    assert key.character is None
    assert after_escape(key.key) == after


@pytest.mark.parametrize("name", ["a", "escape", "ctrl+a", "up", "shift+tab"])
def test_keys_without_alt_came_alone(name: str) -> None:
    assert after_escape(name) is None


def test_two_escapes_and_a_key() -> None:
    assert reader().feed("\x1b\x1b[A") == "\x1b\x1b[A"


def test_a_paste_carries_text_only() -> None:
    assert (
        reader().feed("\x1b[200~a\x1b[31m\x9b2J\x00\r\nb\tc\x1b[201~d")
        == "\x1b[200~a[31m2J\r\nb\tc\x1b[201~d"
    )


def test_a_paste_whose_end_is_lost_ends_by_itself() -> None:
    replies = reader()
    assert replies.feed("\x1b[200~abc\x1b[20") == "\x1b[200~abc"
    assert replies.wait() == LONG
    assert replies.timeout() == "\x1b[201~"
    assert replies.feed("q") == "q"


def test_an_endless_reply_does_not_grow() -> None:
    replies = reader()
    for _ in range(100):
        assert replies.feed("\x1b]11;" if replies.wait() is None else "q" * 1000) in ("", "q" * 1000)
    assert len(replies._held) < 10_000
