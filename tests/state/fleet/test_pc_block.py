"""The block of text that carries what was found on a PC: whole, in whatever surrounds it, or refused."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.guide import load_guide
from checks.model import Context, Outcome
from checks.record import replace
from checks.runner import Finished
from checks.runner import run as run_checks
from state.fleet import pc_block
from state.fleet.fleet_pc import WORST
from state.fleet.pc_block import BEGIN, END, MAX_BLOCK, NotTaken, is_of_pc, pack, unpack
from state.fleet.shared_pc import shared_pc
from tests.support.machines import DATA, windows_pc
from tests.support.pc_runs import CHECKS, GUIDE, OPTIONS, codes_of, finished, full_run, run_of, values_for

BLOCK = pack(full_run(), GUIDE).text
WINDOWS_PCS = sorted(
    path.stem for path in (DATA / "windows").glob("*.json") if not path.stem.startswith("readers-")
)
OTHER = pack(replace(full_run(), host="DESK-4"), GUIDE).text


def test_every_code_of_every_check_comes_back_as_it_was_found() -> None:
    carried = set()
    for number in range(max(len(codes_of(check)) for check in CHECKS)):
        run = full_run(number)
        block = pack(run, GUIDE)
        assert len(block.text) <= MAX_BLOCK
        assert (block.limit, block.left_out) == (0, ())
        facts, notices = shared_pc(block.text.encode(), load_guide, OPTIONS)
        assert notices == ()
        assert (facts.host, facts.user, facts.platform, facts.machine) == (
            run.host,
            run.user,
            "windows",
            run.machine,
        )
        expected = {
            done.check.id: (done.outcome, done.finding.code, done.finding.values, (), run.started)
            for done in run.results
            if is_of_pc(GUIDE, done.check, done.finding.code)
        }
        got = {
            id_: (one.outcome, one.code, one.values, one.evidence, one.at)
            for id_, one in facts.results.items()
        }
        assert got == expected
        carried |= {(id_, code) for id_, (_, code, *_) in got.items()}
    assert carried == {
        (check.id, code)
        for check in CHECKS
        for code in codes_of(check)
        if code not in ("elsewhere", "not-applicable")
    }


@pytest.mark.parametrize("name", WINDOWS_PCS)
def test_what_is_found_on_a_windows_pc_fits_and_comes_back(name: str, tmp_path: Path) -> None:
    context = Context(windows_pc(name, tmp_path), options=replace(OPTIONS, offline=True), guide=GUIDE)
    found = [event for event in run_checks(CHECKS, context) if isinstance(event, Finished)]
    block = pack(run_of(found), GUIDE)
    assert (block.limit, block.left_out) == (0, ())
    assert len(block.text) < MAX_BLOCK / 2
    facts, notices = shared_pc(block.text.encode(), load_guide, OPTIONS)
    assert notices == ()
    expected = {
        done.check.id: done.finding.code for done in found if is_of_pc(GUIDE, done.check, done.finding.code)
    }
    assert {id_: one.code for id_, one in facts.results.items()} == expected


def test_the_form_of_a_block() -> None:
    first, *lines, last, end = BLOCK.split("\n")
    assert (first, last, end) == (BEGIN, END, "")
    assert {len(line) for line in lines[:-1]} == {64}
    assert "=" not in BLOCK
    assert "evidence" not in unpack(BLOCK.encode())[0].decode()


KANJI, LETTERS = range(0x4E00, 0x9FA0), range(0x20, 0x7F)


def _random(letters: range, length: int) -> Callable[[str], str]:
    """Values that no compression makes shorter."""
    chance = random.Random(1)
    return lambda name: "".join(map(chr, chance.choices(letters, k=length)))


@pytest.mark.parametrize(
    ("letters", "length", "limit"),
    [(KANJI, 20, 0), (KANJI, 60, 20), (KANJI, 160, 20), (LETTERS, 40, 0), (LETTERS, 100, 40)],
)
def test_long_values_lose_their_middle_first(letters: range, length: int, limit: int) -> None:
    run = full_run(1, _random(letters, length))
    block = pack(run, GUIDE)
    assert len(block.text) <= MAX_BLOCK
    assert (block.limit, block.left_out) == (limit, ())
    facts, notices = shared_pc(block.text.encode(), load_guide, OPTIONS)
    assert notices == ()
    longest = max(len(str(value)) for one in facts.results.values() for value in one.values.values())
    assert longest == (limit or length)


def test_then_findings_are_left_out_and_failures_last() -> None:
    value = _random(KANJI, 200)
    worst = [max(check.says, key=lambda code: len(values_for(check, code, str))) for check in CHECKS]
    run = run_of(
        finished(check, code, {**values_for(check, code, value), "more": value("")})
        for check, code in zip(CHECKS, worst, strict=True)
    )
    block = pack(run, GUIDE)
    assert len(block.text) <= MAX_BLOCK
    assert block.left_out
    facts, _ = shared_pc(block.text.encode(), load_guide, OPTIONS)
    outcomes = {done.check.id: done.outcome for done in run.results}
    assert facts.results.keys() | set(block.left_out) == outcomes.keys()
    ranks = [WORST.index(outcomes[id_]) for id_ in block.left_out]
    assert ranks == sorted(ranks, reverse=True)
    assert min(ranks) >= max(WORST.index(one.outcome) for one in facts.results.values())
    assert Outcome.FAIL in {one.outcome for one in facts.results.values()}


def _indented(text: str, with_: str) -> str:
    return textwrap.indent(text, with_, lambda line: True)


@pytest.mark.parametrize(
    "text",
    [
        f"田中様\n\nお世話になります。\n{BLOCK}\nよろしくお願いします。\n",
        BLOCK.replace("\n", "\r\n"),
        BLOCK.replace("\n", "\r"),
        _indented(BLOCK, "> "),
        _indented(BLOCK, "> > | "),
        _indented(BLOCK, "　　"),
        _indented(BLOCK, "\t \u00a0"),
        BLOCK.replace("\n", "  \n\n"),
        BLOCK.replace("\n", ""),
        f"{BEGIN} の行から写してください。\n{BLOCK}",
        BLOCK + BLOCK,
        BLOCK.strip(),
    ],
)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp"]
)
def test_it_is_found_in_whatever_surrounds_it(text: str, encoding: str) -> None:
    if encoding in ("utf-16-le", "utf-16-be"):
        text = text[text.index("-----") :]  # without a mark UTF-16 is told by a beginning in ASCII
    raw = text.encode(encoding, "replace" if encoding in ("cp932", "euc_jp") else "strict")
    assert set(unpack(raw)) == set(unpack(BLOCK.encode()))


def test_in_utf_16_japanese_may_come_first_where_there_is_a_mark() -> None:
    assert unpack(f"田中様\n{_indented(BLOCK, '　')}".encode("utf-16"))


@pytest.mark.parametrize(
    "text", ["", "-", "{}", "BEGIN OSS-JUNBI PC", BEGIN.replace("PC", "PCS") + END.replace("PC", "PCS")]
)
def test_a_text_without_a_mark_holds_none(text: str) -> None:
    assert unpack(text.encode()) == []


@given(st.integers(0, len(BLOCK) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_changes_nothing(place: int, bit: int) -> None:
    raw = bytearray(BLOCK.encode())
    raw[place] ^= 1 << bit
    _refused_or_same(bytes(raw))


@given(st.integers(0, len(BLOCK)), st.integers(0, len(BLOCK)))
def test_a_cut_block_is_refused_or_holds_all(start: int, end: int) -> None:
    _refused_or_same(BLOCK[start:end].encode())
    _refused_or_same((BLOCK[:start] + BLOCK[end:]).encode())


@given(st.lists(st.sampled_from(BLOCK.split("\n")), max_size=30))
def test_lines_in_another_order_are_refused_or_hold_all(lines: list[str]) -> None:
    _refused_or_same("\n".join(lines).encode())


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_whatever_stands_before_and_after_it_is_taken(before: bytes, after: bytes) -> None:
    raw = b"text:" + before + b"\n" + BLOCK.encode() + after
    assert unpack(raw) == unpack(BLOCK.encode())


@given(st.binary(max_size=3000))
def test_any_bytes_between_the_marks_are_refused(body: bytes) -> None:
    with pytest.raises(NotTaken):
        unpack(BEGIN.encode() + body + END.encode())


def _refused_or_same(raw: bytes) -> None:
    try:
        found = unpack(raw)
    except NotTaken:
        return
    assert found in ([], unpack(BLOCK.encode()))


def test_two_blocks_are_both_found() -> None:
    assert len(set(unpack((BLOCK + "\n" + OTHER).encode()))) == 2
    with pytest.raises(NotTaken) as told:
        shared_pc((BLOCK + "\n" + OTHER).encode(), load_guide, OPTIONS)
    assert "2" in told.value.why.ja


def test_what_unfolds_to_more_than_a_block_can_hold_is_refused() -> None:
    import base64
    import zlib

    packed = zlib.compress(b" " * (1 << 26), 9)
    body = base64.b64encode(packed + pc_block._checksum(packed)[:16])
    assert len(body) < 1 << 20
    with pytest.raises(NotTaken):
        unpack(BEGIN.encode() + body + END.encode())


def test_many_marks_take_linear_time() -> None:
    with pytest.raises(NotTaken):
        unpack(BEGIN.encode() * 36_000)
    assert unpack((BEGIN.encode() + b"\n") * 36_000 + BLOCK.encode()) == unpack(BLOCK.encode())
