"""A damaged session file: what is whole and newer in it comes back with the copy, each entry as it was, and never more."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.guide import load_guide
from checks.model import Finding
from checks.text import counted
from state.errors import SessionUnreadable
from state.file import backups, load, salvage
from state.file.recover import newest_good
from state.file.render import Writer
from state.live import saver
from state.live.open_session import open_session, recover
from state.session_data import Answer, Cleared, SessionData, SessionNote, Waiver
from tests.laboratory.samples import real_session, session
from tests.support.helpers_session import on_disk, opened, wait_until

pytestmark = pytest.mark.usefixtures("quick_looks")

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
FULL = replace(session(), waivers={"pc.os": session().waivers["pc.os"]})
RAW = real_session()
PARTNERS = {"answers": "cleared", "waivers": "withdrawn", "declared": "undeclared"}
PARTNERS |= {removed: entries for entries, removed in PARTNERS.items()}
ENTRIES = (*PARTNERS, "results")


def older() -> SessionData:
    """The session before some of its changes: an answer of before, one that was not cleared yet, the findings not there."""
    return replace(
        FULL,
        answers={
            "case.procedure": Answer("change", NOW, 2),
            "case.role": FULL.answers["case.role"],
            "case.route": Answer("full", NOW, 3),
            "pc.managed": Answer("no", NOW, 60),  # newer than in the file
        },
        cleared={},
        results={},
        notes={"documents": SessionNote("前のメモ", NOW, 4)},
        waivers={"pc.memory": Waiver("前の例外", "管理者", FULL.waivers["pc.os"].until, NOW, 5)},
        withdrawn={},
        declared={},
        undeclared={},
        takeover=None,
        history=(),
    )


def wholly(raw: bytes) -> dict[str, set[str]]:
    """The entries whose table stands in these bytes together with the blank line after it, found by plain search."""
    found: dict[str, set[str]] = {}
    for table in ENTRIES:
        for name in getattr(FULL, table):
            at = RAW.index(f'[{table}."{name}"]\n'.encode())
            if len(raw) >= RAW.index(b"\n\n", at) + 2:
                found.setdefault(table, set()).add(name)
    at = RAW.index(b"[note-changes.documents]")
    if len(raw) >= RAW.index(b"\n\n", at) + 2:
        found["notes"] = {"documents"}
    return found


def agrees(end: int) -> list[str]:
    """What is wrong with what comes of the first `end` bytes and the older copy."""
    base = older()
    there = wholly(RAW[:end])
    data = salvage.onto(base, RAW[:end], load_guide).data
    wrong = []
    for table in (*ENTRIES, "notes"):
        wanted = dict(getattr(base, table))
        for name in there.get(table, ()):
            entry = getattr(FULL, table)[name]
            if name not in wanted or entry.rev > wanted[name].rev:
                wanted[name] = entry
        for name in there.get(PARTNERS.get(table, ""), ()):
            wanted.pop(name, None)
        if getattr(data, table) != wanted:
            wrong.append(f"{end} {table}: {set(getattr(data, table)) ^ set(wanted)}")
    return wrong


def test_every_prefix_gives_back_all_that_is_whole_in_it_and_all_of_the_copy() -> None:
    assert agrees(0) == []
    ends = {*range(0, len(RAW), 97), *range(len(RAW) - 40, len(RAW)), *cuts()}
    assert [wrong for end in sorted(ends) for wrong in agrees(end)] == []


def cuts() -> set[int]:
    """The ends where a table is just whole, one byte before and after."""
    at, found = 0, set()
    while (at := RAW.find(b"\n\n", at + 1)) > 0:
        found |= {at, at + 1, at + 2, at + 3}
    return found


@given(st.integers(0, len(RAW) - 1), st.integers(0, 7), st.integers(0, len(RAW)))
def test_damaged_bytes_never_harm_what_the_copy_has(at: int, bit: int, end: int) -> None:
    damaged = bytearray(RAW)
    damaged[at] ^= 1 << bit
    base = older()
    found = salvage.onto(base, bytes(damaged[:end]), load_guide)
    for table in ENTRIES:
        for name, entry in getattr(base, table).items():
            partner = PARTNERS.get(table)
            kept = getattr(found.data, table).get(name)
            if kept is None and partner is not None:
                kept = getattr(found.data, partner).get(name)
            assert kept is not None
            assert kept == entry or kept.rev > entry.rev
    Writer().bytes_of(found.data)


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_survived(raw: bytes) -> None:
    assert salvage.onto(older(), raw, load_guide).data == older()
    assert salvage.onto(
        older(), RAW[:1500] + raw, load_guide
    ).data.answers.keys() >= older().answers.keys() - {"case.route"}


@pytest.mark.parametrize(
    "piece",
    [
        b'[answers."case.role"]\nvalue = "nobody"\nat = 2026-11-22T01:00:00Z\nrev = 99\n\n',  # no such choice
        b'[answers."case.role"]\nvalue = "self"\nrev = 99\n\n',  # no time
        b'[answers."case.role"]\nvalue = "self"\nat = 2026-11-22T01:00:00Z\n\n',  # no revision
        b'[answers."case.role"]\nvalue = "self"\nat = 2026-11-22T01:00:00Z\nrev = -1\n\n',
        b'[answers."case.role"]\nvalue = "self"\nat = 2026-11-22T01:00:00Z\nrev = 99\n',  # perhaps cut
        b'[notes]\nx = """\n[answers."case.role"]\nvalue = "self"\nat = 2026-11-22T01:00:00Z\nrev = 99\n\n',
        b'schema = 3\n\n[answers."case.role"]\nvalue = "self"\nat = 2026-11-22T01:00:00Z\nrev = 99\n\n',
        b'[notes]\n"documents" = "later"\n\n[ui]\n',  # no revision
        b'[note-changes.documents]\nat = 2026-11-22T01:00:00Z\nrev = 99\n\n[ui]\n',  # no text
    ],
)  # fmt: skip
def test_what_is_not_valid_by_itself_is_not_taken(piece: bytes) -> None:
    assert salvage.onto(older(), piece, load_guide).data == older()


def damaged(path: Path, keep: int) -> bytes:
    """A session of three answers; the copy beside it has `keep` of them, the file lost its end."""
    session = opened(path)
    for question, value in (("case.role", "self"), ("case.route", "full"), ("case.vehicle", "registered")):
        session.answer(question, value)
        assert session.flush(10)
    session.record("pc.os", "pass", Finding("ok", {}, ()))
    assert session.close(10)
    for backup in backups.listed(path)[: -keep or None] if keep else backups.listed(path):
        backup.unlink()
    raw = path.read_bytes()
    raw = raw[: raw.index(b"[results") + 300]
    raw = raw[: raw.rindex(b"\n\n") + 2] if raw.rindex(b"\n\n") > raw.index(b"[results") else raw
    path.write_bytes(raw)
    return raw


def test_the_person_is_told_how_much_came_from_where(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    raw = damaged(path, 2)
    with pytest.raises(SessionUnreadable) as refused:
        opened(path)
    good = refused.value.recoverable
    assert good is not None
    copy = load.load(good.source, load_guide)
    assert copy is not None
    assert (good.copied, good.answers) == (len(copy.data.answers), 3 - len(copy.data.answers))
    assert good.answers > 0
    assert f"回答{good.copied}件" in refused.value.text.ja
    assert f"回答{good.answers}件" in refused.value.text.ja
    assert good.at == copy.data.updated
    session = recover(path, load_guide)
    assert dict(session.answers) == {"case.role": "self", "case.route": "full", "case.vehicle": "registered"}
    assert f"{counted(good.answers, 'newer answer')} and" in session.notices[-1].en
    assert f"{counted(good.copied, 'answer')} from the backup of" in session.notices[-1].en
    assert session.close(10)
    kept = [name for name in os.listdir(tmp_path) if ".broken-" in name]
    assert [(tmp_path / name).read_bytes() for name in kept] == [raw]


def test_without_any_copy_the_damaged_file_alone_gives_back_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    damaged(path, 0)
    good = newest_good(path, load_guide)
    assert good is not None
    assert (good.kind, good.answers) == ("damaged", 3)
    session = recover(path, load_guide)
    assert session.data.values() == {"case.role": "self", "case.route": "full", "case.vehicle": "registered"}
    assert "3 answers" in session.notices[-1].en
    assert "no backup" in session.notices[-1].en
    assert session.close(10)


def test_what_another_login_saved_in_a_file_that_was_then_damaged_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saver, "LOOK", 3600.0)
    path = tmp_path / "x.toml"
    one = opened(path)
    one.answer("case.role", "self")
    assert one.flush(10)
    other = open_session(path, load_guide)
    other.answer("case.route", "full")
    assert other.close(10)
    raw = path.read_bytes()
    path.write_bytes(raw[: raw.rindex(b"[end]")])
    one.answer("case.vehicle", "registered")
    assert one.flush(10)
    assert on_disk(path).values() == {"case.role": "self", "case.route": "full", "case.vehicle": "registered"}
    wait_until(one, lambda: "case.route" in one.answers)
    assert one.close(10)


def test_a_withdrawal_in_the_damaged_file_counts_too() -> None:
    base = older()
    newer = replace(
        base,
        answers={name: one for name, one in base.answers.items() if name != "case.route"},
        cleared={"case.route": Cleared(NOW, 50)},
    )
    raw = Writer().bytes_of(newer)
    found = salvage.onto(base, raw[:-100], load_guide)
    assert "case.route" not in found.data.answers
    assert (found.answers, found.others) == (1, 0)


def test_pieces_in_any_order_come_to_the_same() -> None:
    pieces = RAW.split(b"\n\n")
    rng = random.Random(20261122)
    rng.shuffle(pieces)
    wanted = salvage.onto(older(), RAW, load_guide).data
    found = salvage.onto(older(), b"\n\n".join(pieces) + b"\n\n", load_guide).data
    assert (found.answers, found.results, found.waivers) == (wanted.answers, wanted.results, wanted.waivers)
