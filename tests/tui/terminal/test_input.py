"""Input: replies are taken out, keys stay, however the bytes are cut and delayed. The clock is the test's own."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.typing_line import Line, whole
from tui.terminal.input import BURST, LONG, MOST, SHORT, TAIL, Input
from tui.terminal.keys import after_escape

REPLIES = [
    "\x1b[?62;1;6c", "\x1b[>41;354;0c", "\x1b[=0c", "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b]4;1;rgb:f/0/0\x07",
    "\x1b[12;40R", "\x1b[1;2R", "\x1b[0n", "\x1bP1$r0m\x1b\\", "\x1bP0+r\x1b\\", "\x1bP>|term\x1b\\", "\x1bP!|00\x1b\\", "\x1b[?2026;2$y",
    "\x1b[?1u", "\x1b[8;24;80t", "\x1b]lqtitle\x1b\\", "\x1b]52;c;cXE=\x07", "\x1b_Gi=1;OK\x1b\\", "\x9b?62c", "\x9d11;q\x9c",
    "\x1b[5q", "\x1b[99999999999u", "\x1b[201~", "\x1bXq\x1b\\", "\x1b^q\x1b\\",
]  # fmt: skip
KEYS = [
    "a", "漢", "\x03", "\r", "\x1b[A", "\x1b[D", "\x1bOP", "\x1bOR", "\x1b[1;5C", "\x1b[15~", "\x1b[Z", "\x1b[107;3u", "\x1b[97;5u",
    "\x1b[[A", "\x1b[<0;3;4M", "\x1b[<0;12;17m", "\x1b[<64;3;4M", "\x1b[200~貼る q\x1b[201~", "\x1b[200~R\nu\x1b[201~",
]  # fmt: skip
X10 = [b"\x1b[M !!", b"\x1b[M#,R", b"\x1b[M \xc3\xa9", b"\x1b[M \xff\xc2", b"\x1b[M qR"]
"""Mouse reports in the old form: any byte may stand in them. They are not asked for, and do nothing."""
ITEMS = [item.encode() for item in (*REPLIES, *KEYS)] + X10
PAUSES = (0.0, 0.02, 0.06, 0.2, 0.6, 1.0, 2.0)
INTRODUCERS = "[]OP_^X"
NAMES = {"[": "left_square_bracket", "]": "right_square_bracket", "_": "underscore", "^": "circumflex_accent"}


def pieces(data: str) -> list[str]:
    return [piece.text for piece in Input({"\x1b[Z"}.__contains__).feed(data.encode(), 0.0)]


@given(st.lists(st.sampled_from(REPLIES + KEYS), max_size=12), st.lists(st.integers(0, 300), max_size=8))
def test_however_it_is_cut_replies_vanish_and_keys_stay(parts: list[str], cuts: list[int]) -> None:
    data = "".join(parts).encode()
    at = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    line = Line()
    for a, b in pairwise(at):
        line.send(data[a:b])
    assert line.rest(10.0).acts == [act for part in parts if part in KEYS for act in whole(part)]


def extra(acts: list[str], allowed: list[str]) -> set[str]:
    """What is more than the whole gives; that ESC alone is a key was known when it came."""
    rest = list(acts)
    for act in allowed:
        if act in rest:
            rest.remove(act)
    return set(rest) - {"escape"}


@pytest.mark.parametrize("item", ITEMS, ids=ascii)
@pytest.mark.parametrize("beside", [("", ""), ("j", "k"), ("\x1b[B", "\x1b[<0;1;1M"), ("", "山")], ids=ascii)
def test_cut_at_any_byte_with_any_pause_it_does_nothing_that_the_whole_does_not(
    item: bytes, beside: tuple[str, str]
) -> None:
    before, after = (text.encode() for text in beside)
    data, expected = before + item + after, whole(before) + whole(item) + whole(after)
    assert whole(data) == expected
    for cut in range(1, len(data)):
        for pause in PAUSES:
            acts = Line().send(data[:cut], pause).send(data[cut:], 10.0).acts
            assert not extra(acts, expected), (cut, pause, acts)
            if len(before) <= cut <= len(before) + len(item):  # what stands beside it stays
                kept = whole(before) + whole(after)
                assert [act for act in acts if act in kept] == kept, (cut, pause, acts)


@pytest.mark.parametrize("item", [item for item in ITEMS if item[:2] not in (b"\x1b^", b"\x1bX")], ids=ascii)
def test_torn_into_single_bytes_it_does_nothing_that_the_whole_does_not(item: bytes) -> None:
    """With a long pause ESC, and what comes alone after it, are keys; nothing else is. (No terminal sends ^ and X strings.)"""
    for pause in PAUSES:
        line = Line()
        for byte in item:
            line.send(bytes((byte,)), pause)
        assert extra(line.rest(10.0).acts, whole(item)) <= {NAMES.get(char, char) for char in INTRODUCERS}, (
            pause
        )


def test_items_beside_each_other_with_random_cuts_and_pauses() -> None:
    chance = random.Random(20261127)
    for _ in range(1500):
        chosen = [chance.choice(ITEMS) for _ in range(chance.randint(1, 4))]
        data = b"".join(chosen)
        line, at = Line(), 0
        while at < len(data):
            size = chance.choice((1, 2, 3, 5, 8, 40))
            line.send(data[at : at + size], chance.choice(PAUSES))
            at += size
        got = extra(line.rest(10.0).acts, [act for item in chosen for act in whole(item)])
        assert got <= {NAMES.get(char, char) for char in INTRODUCERS} | {"q"}, (data, got)


@pytest.mark.parametrize("char", INTRODUCERS)
def test_after_a_lone_esc_the_rest_of_a_sequence_is_swallowed_and_alone_it_is_the_key(char: str) -> None:
    key = NAMES.get(char, char)
    for after in (SHORT, 1.0, 2.0):
        assert Line().send("\x1b", after).send(char, 1.0).acts == ["escape", key]
        assert Line().send("\x1b", after).send(char, 0.2).send("j", 1.0).acts == ["escape", key, "j"]
        for tail in (char + "R", char + "12;3u"):
            assert "R" not in Line().send("\x1b", after).send(tail + "\x1b\\", 3.0).acts
            assert Line().send("\x1b", after).send(tail + "\x1b\\", 3.0).send("j", 1.0).acts[0::9] == [
                "escape"
            ]
        assert key not in Line().send("\x1b", after).send(char, TAIL * 0.9).send("R\x07", 3.0).acts
    assert Line().send("\x1b", 2.5).send(char, 1.0).acts == ["escape", key]
    assert Line().send("\x1b", 1.0).send("j", 0.1).send(char, 1.0).acts == ["escape", "j", key]


@pytest.mark.parametrize(
    "begun",
    ["\x1b[", "\x1b[1;", "\x1b[<0;1", "\x1b]11;rg", "\x1b]", "\x1bP1$", "\x1bP", "\x1bO", "\x1b_", "\x1b^x"],
)
@pytest.mark.parametrize("pause", [0.5, 2.0, 3.0, 60.0])
def test_what_stays_incomplete_never_becomes_keys(begun: str, pause: float) -> None:
    line = Line().send(begun, pause)
    assert line.acts == []
    end = "\x1b\\" if begun[1] in "]P_^X" else "R"
    goes_on = {"\x1bO": "", "\x1b_": "G"}.get(begun, "1")
    line.send(goes_on + end, 0.1).send("j", 1.0)
    assert "R" not in line.acts
    assert line.acts[-1] == "j"
    assert set(line.acts) <= {"j", "f3"}


def test_a_string_whose_end_is_lost_does_not_take_what_is_typed_for_ever() -> None:
    line = Line().send("\x1b]11;rgb", 5.0).send("j", 5.0)
    assert line.acts == []
    assert line.send("k", 1.0).acts == ["k"]
    assert Line().send("\x1b]11;rgb", 0.5).send("\x1b", 3.0).send("k", 1.0).acts == ["escape", "k"]
    assert Line().send("\x1b]11;rgb", 0.5).send("\x1b\x1b", 1.0).send("k", 1.0).acts == [
        "escape",
        "escape",
        "k",
    ]
    assert Line().send("\x1b]11;rgb", 0.5).send("\x03", 1.0).acts == ["ctrl+c"]


@given(st.binary(max_size=60))
def test_nothing_is_awaited_for_ever_and_nothing_raises(data: bytes) -> None:
    line = Line()
    for byte in data:
        line.send(bytes((byte,)), 0.01)
    line.rest(60.0)
    assert line.input.wait(line.now) is None
    assert Line().send(data, 60.0).input.wait(2000.0) is None


@pytest.mark.parametrize("character", [*"1k/Q b f]P_0漢", "\r", "\t"])
def test_a_character_that_came_with_esc_is_that_character_with_alt(character: str) -> None:
    assert pieces(f"\x1b{character}a") == [f"\x1b[{ord(character)};3u", "a"]


@pytest.mark.parametrize(
    ("character", "after"), [(char, char) for char in "1k/Q b漢？¡"] + [("\r", ""), ("\t", ""), ("\x7f", "")]
)
def test_textual_reads_it_as_one_key_that_types_nothing(character: str, after: str) -> None:
    (key,) = whole(f"\x1b{character}")
    assert after_escape(key) == after


@pytest.mark.parametrize("name", ["a", "escape", "ctrl+a", "up", "shift+tab"])
def test_keys_without_alt_came_alone(name: str) -> None:
    assert after_escape(name) is None


def test_two_escapes_and_a_key() -> None:
    assert whole("\x1b\x1b[A") == ["escape", "up"]
    assert whole("\x1b\x03") == ["escape", "ctrl+c"]


def test_a_paste_carries_text_only() -> None:
    assert pieces("\x1b[200~a\x1b[31m\x9b2J\x00\r\nb\tc\x1b[201~d") == ["a[31m2J\r\nb\tc", "d"]


def test_a_paste_whose_end_is_late_or_lost_ends_by_itself_and_never_acts() -> None:
    line = Line().send("\x1b[200~abc\x1b[20", 2.0)
    assert line.acts == []
    assert line.rest(1.0).acts == ["paste abc"]
    assert line.send("q", 1.0).acts == ["paste abc", "q"]
    late = Line().send("\x1b[200~abc", 5.0).send("qRu\x1b[201~j", 1.0)
    assert late.acts == ["paste abc", "paste qRu", "j"]
    assert Line().send("\x1b", 1.0).send("[200~qRu\x1b[201~", 1.0).acts == ["escape", "paste qRu"]


def test_a_paste_in_many_pieces_is_one() -> None:
    text = "漢字 kana\n" * 300
    data = f"\x1b[200~{text}\x1b[201~".encode()
    line = Line()
    for at in range(0, len(data), 7):
        line.send(data[at : at + 7], 0.01)
    assert line.acts == [f"paste {text}"]


LONGER = "申請の内容" * 3


def test_a_long_text_in_one_read_is_a_burst_and_what_follows_at_once_belongs_to_it() -> None:
    line = Line().send(LONGER).send("qR", 0.01).send("u", 1.0)
    assert line.acts == [f"burst {LONGER}", "burst qR", "burst u"]
    assert line.send("q").acts[-1] == "q"
    assert whole("j" * (BURST - 1)) == ["j"] * (BURST - 1)
    assert whole("j" * BURST) == ["burst " + "j" * BURST]
    assert whole("\x1b" + LONGER) == ["escape", f"burst {LONGER}"]
    assert whole("\x1b[A" + "j" * BURST + "\x03") == ["up", "burst " + "j" * BURST, "ctrl+c"]
    alone = Input().feed(("j" * BURST).encode(), 0.0)[0]
    beside = Input().feed(("j" * BURST + "\x1b[A").encode(), 0.0)[0]
    assert (alone.alone, beside.alone) == (True, False)


@pytest.mark.parametrize("begun", ["\x1b[", "\x1b]11;", "\x1bP1+r", "\x1b_G", "\x1b[200~", "\x1b[<0;"])
def test_what_never_ends_takes_no_memory_and_each_read_as_long_as_the_first(begun: str) -> None:
    reader = Input()
    reader.feed(begun.encode(), 0.0)
    for _ in range(400):
        assert reader.feed(b"1" * 4096, 0.0) == []
        assert len(reader._pending) <= 5000
        assert reader._paste is None or len(reader._paste) <= MOST
    assert len(reader._pending) <= 300 or reader._paste is not None


def test_what_is_no_text_in_utf_8_is_no_key() -> None:
    chance = random.Random(1)
    data = bytes(chance.randrange(128, 256) for _ in range(4000))
    assert not [act for act in whole(data) if len(act) == 1 and act.isascii()]


def test_times_are_those_that_are_promised() -> None:
    for data, seconds in (
        ("\x1b", SHORT),
        ("\x1b[1", LONG),
        ("\x1b]1", LONG),
        ("\x1b[200~a", LONG),
        ("j" * 12, TAIL),
    ):
        line = Line().send(data)
        assert line.input.wait(line.now) == pytest.approx(seconds)
    assert SHORT < 0.2 < 2.0 < LONG
