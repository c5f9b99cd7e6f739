"""The driver against a foreign emulator in a real pseudo-terminal.

Covers tui.terminal.pump and tui.terminal.skeleton.
"""

from __future__ import annotations

import os
import re
import signal
import struct
import sys
import time
import unicodedata
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)
import fcntl
import termios

from rich.cells import cell_len, split_graphemes

from checks.wrap import is_ambiguous
from tests.support.terminal_lab import Terminal, ambiguous_is_wide, cells, drawn, terminal
from tui.terminal.driver import driver_class
from tui.terminal.glyphs import one_cell
from tui.terminal.modes import LARGEST

OURS = re.compile(
    rb"\x1b\[[0-9;]*[mHGABCKJX]|\x1b\[\?(?:25|7|1000|1002|1006|2004|1049)[hl]|\r\n?|\x08|\n|\x1b\[m"
)
"""Everything the driver may ever send that is no text."""


def same_picture(lab: Terminal) -> None:
    wanted = drawn(lab.dump()["ansi"], lab.columns, lab.rows)
    lab.until(lambda: cells(lab.screen, lab.columns, lab.rows) == wanted, "the picture that Textual drew")


def same_text(lab: Terminal, *, safe: bool) -> None:
    wanted = expected_text(lab.dump()["rows"], safe=safe)
    lab.until(lambda: shown_text(lab) == wanted, "the text that Textual drew")


def expected_text(rows: list[str], *, safe: bool) -> list[list[str]]:
    """Per row and cell what must stand there; '' in the right half of a wide character, None: not compared."""
    picture = []
    for row in rows:
        line: list[str] = []
        for start, end, width in split_graphemes(row)[0]:
            chars = row[start:end]
            char = _base(one_cell(chars[0]) if safe and is_ambiguous(chars[0]) else chars[0])
            if width == 0:  # a mark with nothing before it
                continue
            if chars[0] == "\u3000":
                line += [" ", " "]
            elif width > cell_len(chars[0]):  # made wide by U+FE0F, which is not sent
                line += [char, " "]
            else:
                line += [char, *[""] * (width - 1)]
        picture.append(line)
    return picture


def shown_text(lab: Terminal) -> list[list[str]]:
    return [[_base(lab.screen.buffer[y][x].data) for x in range(lab.columns)] for y in range(lab.rows)]


def _base(data: str) -> str:
    """Without marks, which this emulator puts on the right half of a wide character."""
    return "".join(char for char in unicodedata.normalize("NFD", data) if not unicodedata.combining(char))[:1]


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (121, 33)])
def test_random_screens_are_what_textual_drew(size: tuple[int, int]) -> None:
    with terminal({"kinds": ["plain", "kanji", "kana"]}, size=size) as lab:
        lab.reported("ready")
        for _ in range(8):
            same_picture(lab)
            lab.type("  ")


def test_marks_emoji_and_ambiguous_characters_shift_nothing() -> None:
    with terminal({"kinds": ["plain", "kanji", "ambiguous", "marks", "emoji"], "measured": False}) as lab:
        lab.reported("ready")
        for _ in range(6):
            same_text(lab, safe=False)
            lab.type(" ")


def test_safe_is_right_in_every_row_where_ambiguous_characters_are_wide() -> None:
    order = {"kinds": ["plain", "kanji", "ambiguous"], "glyphs": "safe"}
    with ambiguous_is_wide(), terminal(order) as lab:
        lab.reported("ready")
        for _ in range(4):
            same_text(lab, safe=True)
            lab.type(" ")
        assert not any(is_ambiguous(char) for char in lab.raw.decode())


def test_the_measure_can_fail() -> None:
    """Where ambiguous characters are wide, `narrow` breaks rows: the test above would see it."""
    order = {"kinds": ["plain", "kanji", "ambiguous"], "glyphs": "narrow"}
    with ambiguous_is_wide(), terminal(order) as lab:
        lab.reported("ready")
        dump = lab.dump()
        while lab.pump():
            pass
        wanted, got = expected_text(dump["rows"], safe=False), shown_text(lab)
        assert sum(a == b for a, b in zip(wanted, got, strict=True)) < 20


def test_resizing_repainting_and_tiny_terminals() -> None:
    with terminal({"kinds": ["plain", "kanji"]}) as lab:
        lab.reported("ready")
        for size in [(100, 30), (40, 12), (1, 1), (5, 3), (80, 24)]:
            lab.resize(*size)
            lab.type(" ")
            same_picture(lab)
        lab.stream.feed(b"\x1b[3;3Hwall: somebody wrote here\x1b[5;1H\x1b[41m\x1b[K")
        lab.type("l")
        same_picture(lab)


@pytest.mark.parametrize("size", [(10_000, 10_000), (65_535, 30), (40, 65_535)])
def test_a_window_beyond_all_bounds_is_drawn_in_part_and_takes_keys(size: tuple[int, int]) -> None:
    columns, rows = size
    with terminal({"kinds": ["plain", "kanji"]}) as lab:
        pid = lab.reported("ready")[0]
        lab.settle()
        before = _resident(pid)
        fcntl.ioctl(lab.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(pid, signal.SIGWINCH)  # the emulator, which has no such window, draws what it can of it
        lab.until(lambda: len(lab.dump()["rows"]) == min(rows, LARGEST[1]), "all rows")
        assert cell_len(lab.dump()["rows"][0]) == min(columns, LARGEST[0])
        assert _furthest(lab.raw) <= LARGEST[1]
        for key in "xyx":
            lab.type(key)
            assert lab.reported("key")[0] == key
        assert _resident(pid) - before < 150_000
        lab.type("q")
        assert lab.end() == 0


def _furthest(raw: bytes) -> int:
    """The last row to which the cursor was sent."""
    return max((int(row) for row in re.findall(rb"\x1b\[(\d+)(?:;\d+)?H", raw)), default=0)


def _resident(pid: int) -> int:
    """Memory of a process in kB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def test_suspended_and_resumed() -> None:
    with terminal({"kinds": ["plain", "kanji"]}) as lab:
        pid = lab.reported("ready")[0]
        lab.settle()
        lab.type("z")
        lab.until(lambda: Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "T", "stopped")
        while lab.pump():
            pass
        assert lab.modes() == {7, 25}
        assert termios.tcgetattr(lab.slave)[3] == lab.before[3]
        os.kill(pid, signal.SIGCONT)
        lab.until(lambda: 1049 in lab.modes(), "alternate screen again")
        same_picture(lab)
        lab.type("q")
        assert lab.end() == 0
        assert termios.tcgetattr(lab.slave) == lab.before


def test_a_stalled_line_stops_nothing_and_the_newest_picture_comes_afterwards() -> None:
    with terminal({"kinds": ["plain", "kanji"], "ticks": True}) as lab:
        lab.reported("ready")
        stalled_ticks = 0
        last = 0
        while stalled_ticks < 5:  # the terminal is not read; the program's timer goes on and says so
            value = lab.reported("tick", draw=False)[1]
            assert value["tick"] > last
            last = value["tick"]
            stalled_ticks += value["stalled"] is True
        lab.type("t")  # no further frame: what is missing when the line is free again must come by itself
        while lab.reported("key", draw=False)[0] != "t":
            pass
        unread = len(lab.raw)
        lab.until(lambda: len(lab.raw) > unread, "output again")
        same_picture(lab)
        assert (
            len(lab.raw) - unread < 30_000
        )  # what was on its way, and one picture, not all those in between
        lab.type("q")
        assert lab.end() == 0
        assert lab.modes() == {7, 25}


@pytest.mark.parametrize("no_line", [False, True])
def test_a_short_stall_ends_with_the_right_picture(no_line: bool) -> None:
    with terminal({"kinds": ["plain", "kanji"], "ticks": True, "no_line": no_line}) as lab:
        lab.reported("ready")
        for _ in range(3):
            lab.until(lambda: lab.reported("tick", draw=False)[1]["stalled"], draw=False)
            lab.until(lambda: lab.reported("tick")[1]["stalled"] is False, "free again")
        lab.type("t")
        same_picture(lab)


HOSTILE = [
    "\x1b]52;c;aGVsbG8=\x07clip", "\x1b]52;c;aGVsbG8=\x1b\\clip", "\x1b]8;;http://example.com/\x07link\x1b]8;;\x07",
    "\x1b]0;title\x07", "\x1b[2J\x1b[Hmoved", "\x1b[5;5Hmoved", "\x1bP$q\"p\x1b\\dcs", "\x9b2Jc1", "\x9d52;c;eA==\x9cc1",
    "a\x00b\x0e\x0fc", "\u202egnp.exe", "\u2066x\u2069", "\u200bzero\u200d\u200fwidth", "\ufeffbom",
    "\U000e0041tags", "\x7fdel\x08\x08\x08over", "\x1b[?1049l", "\x1b[6n", "\x1b[c", "\x1bc", "\x1b[>4;2m", "e" + "\u0301" * 50,
    "\ud800surrogate"[1:], "tab\tend", "\x05enq", "\x1b]10;?\x07", "\x1b_Gi=1\x1b\\", "\u2028line",
]  # fmt: skip


def test_hostile_text_never_reaches_the_terminal_raw() -> None:
    with terminal({"texts": HOSTILE}, size=(60, len(HOSTILE))) as lab:
        lab.reported("ready")
        lab.settle()
        rest = OURS.sub(b"", lab.raw).decode()
        assert not re.search(
            "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]", rest
        )
        assert "\u0301" * 5 not in rest
        assert lab.modes() >= {1049, 25}
        rows = [row.rstrip() for row in lab.text()]
        assert rows[0] == "]52;c;aGVsbG8=clip"  # drawn in its own row, moved nowhere
        assert rows[4] == "[2J[Hmoved"
        assert rows[5] == "[5;5Hmoved"
        assert not any("moved" in row for at, row in enumerate(rows) if at not in (4, 5))


REPLIES = [
    "\x1b[?62;1;6c", "\x1b[>41;354;0c", "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b]11;rgb:0000/0000/0000\x07", "\x1b[12;40R",
    "\x1bP1$r0m\x1b\\", "\x1bP>|XTerm(370)\x1b\\", "\x1b[?2026;2$y", "\x1b[?1u", "\x1b[8;24;80t", "\x1b]lqxtitle\x1b\\",
    "\x1b[0n", "\x1bP!|00000000\x1b\\", "\x1b]52;c;cQ==\x07", "\x1b_Gi=1;OK\x1b\\", "\x9b?62c", "\x1b[99999999999u",
    "\x1b]4;1;rgb:ffff/0000/0000\x07", "\x1b[5qq"[:-1],
]  # fmt: skip


def test_replies_of_the_terminal_never_act_as_keys() -> None:
    with terminal({}) as lab:
        lab.reported("ready")
        for reply in REPLIES:
            lab.type(reply)
            lab.type("x")
            value = lab.reported("key")
            assert value[0] == "x", (reply, value)
        for reply in REPLIES[:6]:  # byte by byte, as over a bad line
            for byte in reply.encode():
                lab.type(bytes((byte,)))
                lab.pump(0.002)
            lab.type("x")
            assert lab.reported("key")[0] == "x", reply


def test_keys_mouse_paste_and_full_width_keys_arrive() -> None:
    with terminal({}) as lab:
        lab.reported("ready")
        keys = {"\x1b[A": "up", "\x1bOB": "down", "\x1b[15~": "f5", "\x1b[1;5C": "ctrl+right", "\r": "enter", "\t": "tab",
                "\x1b[Z": "shift+tab", "\x1b": "escape", "\x10": "ctrl+p", "ｘ": "ｘ", "？": "fullwidth_question_mark", "１": "１",
                "・": "katakana_middle_dot", "：": "fullwidth_colon", "\x1bOP": "f1", "\x1b[[A": "f1", "\x1bk": "alt+k", "\x1b1": "alt+1",
                "\x1b/": "alt+slash", "\x1b ": "alt+space", "\x1bf": "alt+f", "\x1b\r": "alt+enter", "\x1b\t": "alt+tab", "日": "日"}  # fmt: skip
        for typed, key in keys.items():
            lab.type(typed)
            assert lab.reported("key")[0] == key
        lab.type("\x1b[200~貼り付け\x1b[31m\r\nq\x1b[201~")
        assert lab.reported("paste")[0] == "貼り付け[31m\r\nq"
        lab.type("\x1b[<0;11;5M\x1b[<0;11;5m")
        assert lab.reported("mouse")[0] == [10, 4]


def test_the_cursor_is_visible_and_follows() -> None:
    with terminal({"texts": ["plain"]}) as lab:
        lab.reported("ready")
        lab.settle()
        lab.type("c")
        lab.until(lambda: (lab.screen.cursor.x, lab.screen.cursor.y) == (7, 3), "cursor")
        assert 25 in lab.modes()


def test_an_idle_screen_sends_nothing_and_a_small_change_little() -> None:
    with terminal({"texts": ["見出し", "line"]}) as lab:
        lab.reported("ready")
        lab.settle()
        before = len(lab.raw)
        lab.type("x")
        lab.reported("key")
        lab.settle()
        assert len(lab.raw) == before
        lab.type("c")
        lab.settle()
        assert len(lab.raw) - before <= 8


def test_control_sequences_are_sent_only_from_the_list() -> None:
    controls = ["\x07", "\x1b]52;c;cQ==\x07", "\x1b]0;x\x07", "\x1b[2J", "\x1b]52;c;?\x07", "q"]
    with terminal({"controls": controls}) as lab:
        lab.reported("ready")
        lab.settle()
        lab.type("w")
        assert lab.reported("sent")[0] == [True, True, False, False, False, False]
        lab.settle()
        assert b"\x1b]52;c;cQ==\x07" in lab.raw
        assert b"\x1b]0;" not in lab.raw


def test_the_skeleton_comes_first_and_the_first_frame_is_the_difference_to_it() -> None:
    with terminal({"skeleton": True, "probe": True, "kinds": ["plain", "kanji"]}) as lab:
        lab.until(lambda: any("2 PC環境" in row.replace("\x00", "") for row in lab.text()), "skeleton")
        assert not any("ready" in value for value in lab.reports)
        assert lab.reported("glyphs")[0] == "narrow"
        lab.reported("ready")
        same_picture(lab)
        assert lab.raw.count(b"\x1b[?1049h") == 1
        assert lab.raw.count(b"\x1b[2J") == 1
        lab.type("q")
        assert lab.end() == 0
        assert lab.modes() == {7, 25}
        assert termios.tcgetattr(lab.slave) == lab.before


def test_what_is_typed_before_the_screen_is_there_is_not_lost() -> None:
    with terminal({"skeleton": True, "probe": True}) as lab:
        lab.type("x")
        lab.reported("ready")
        assert lab.reported("key")[0] == "x"


@pytest.mark.parametrize("skeleton", [False, True])
def test_the_width_of_ambiguous_characters_is_measured(skeleton: bool) -> None:
    with ambiguous_is_wide(), terminal({"probe": True, "skeleton": skeleton}) as lab:
        assert lab.reported("glyphs")[0] == "safe"
    with terminal({"probe": True, "skeleton": skeleton}) as lab:
        assert lab.reported("glyphs")[0] == "narrow"


def test_a_terminal_that_does_not_answer_gets_safe_glyphs_soon() -> None:
    with terminal({"probe": True}) as lab:
        lab.screen.answer = lambda data: None
        began = lab.reported("started")[0]
        assert lab.reported("glyphs")[0] == "safe"
        assert time.monotonic() - began < 3


def test_textuals_own_driver_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    assert driver_class() is not None
    monkeypatch.setenv("OSS_JUNBI_DRIVER", "textual")
    assert driver_class() is None
