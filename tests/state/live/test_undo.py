"""Changes of a session taken back and made again, also after a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checks.guide import load_guide
from checks.model import Finding
from state.errors import BadValue
from state.live.open_session import open_session
from state.session_data import EPOCH, MAX_HISTORY, Declaration
from tests.support.helpers_session import Clock, on_disk, opened

pytestmark = pytest.mark.usefixtures("quick_looks")


def test_undo_and_redo_work_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.role", "self")
    session.answer("case.role", "dealer")
    session.answer("case.route", "full")
    session.answer("case.route", None)
    assert session.close(10)
    session = opened(path)
    assert session.undo() == "case.route"
    assert session.answers["case.route"] == "full"
    assert session.undo() == "case.route"
    assert "case.route" not in session.answers
    assert session.undo() == "case.role"
    assert session.answers["case.role"] == "self"
    assert session.close(10)
    session = opened(path)
    assert session.redo() == "case.role"
    assert session.answers["case.role"] == "dealer"
    assert session.redo() == "case.route"
    assert session.answers["case.route"] == "full"
    assert session.undo() == "case.route"
    session.answer("case.vehicle", "kei")
    assert session.redo() is None
    assert [session.undo(), session.undo(), session.undo(), session.undo()] == [
        "case.vehicle",
        "case.role",
        "case.role",
        None,
    ]
    assert dict(session.answers) == {}
    assert session.close(10)


def test_the_history_is_bounded(tmp_path: Path) -> None:
    session = opened(tmp_path / "x.toml", join=False)
    for number in range(MAX_HISTORY + 20):
        session.answer("other.words", str(number))
    assert session.flush(10)
    assert len(on_disk(tmp_path / "x.toml").history) == MAX_HISTORY
    count = 0
    while session.undo():
        count += 1
    assert count == MAX_HISTORY
    assert session.answers["other.words"] == "19"
    assert session.close(10)


def test_what_was_overtaken_from_outside_cannot_be_undone(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.route", "full")
    session.answer("case.role", "self")
    assert session.close(10)
    path.write_bytes(path.read_bytes().replace(b'value = "self"', b'value = "dealer"'))
    session = opened(path)
    assert "手で直された" in session.notices[0].ja
    assert session.undo() == "case.route"
    assert dict(session.answers) == {"case.role": "dealer"}
    assert session.close(10)


def test_a_waiver_is_withdrawn_and_both_can_be_undone_also_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.role", "self")
    assert not session.withdraw("pc.os")
    session.waive("pc.os", "検証済み", "佐藤", date(2026, 12, 31))
    session.waive("pc.os", "延長", "佐藤", date(2027, 1, 31))
    assert session.withdraw("pc.os")
    session.require_saved(10)
    assert on_disk(path).waivers == {}
    assert on_disk(path).withdrawn.keys() == {"pc.os"}
    assert session.close(10)
    session = opened(path)
    assert session.undo() == "pc.os"
    assert (session.data.waivers["pc.os"].reason, session.data.waivers["pc.os"].until) == (
        "延長",
        date(2027, 1, 31),
    )
    assert session.data.withdrawn == {}
    assert session.undo() == "pc.os"
    assert session.data.waivers["pc.os"].reason == "検証済み"
    assert session.undo() == "pc.os"
    assert "pc.os" not in session.data.waivers
    assert session.undo() == "case.role"
    assert [session.redo() for _ in range(5)] == ["case.role", "pc.os", "pc.os", "pc.os", None]
    assert "pc.os" not in session.data.waivers
    assert session.answers["case.role"] == "self"
    assert session.close(10)


def test_a_declaration_ends_with_a_look_that_finds_something_out_and_can_be_undone(tmp_path: Path) -> None:
    said = Declaration(" 佐藤 ", "official-check", date(2026, 11, 20), EPOCH, 0)
    for looks, there in (
        (("unknown", "crash", "skip"), True),
        (("pass",), False),
        (("warn",), False),
        (("fail",), False),
        (("fail", "unknown"), False),
    ):
        path = tmp_path / f"{'-'.join(looks)}.toml"
        session = opened(path)
        session.declare("pc.extension", said)
        for outcome in looks:
            session.record("pc.extension", outcome, Finding("code"))
        assert ("pc.extension" in session.data.declared, "pc.extension" in session.data.undeclared) == (
            there,
            not there,
        )
        assert session.undo() == ("pc.extension" if there else None)
        assert session.close(10)
    session = opened(path)
    session.declare("pc.addon", said)
    session.declare("pc.addon", None)
    before = session.data
    session.declare("pc.addon", None)
    assert session.data is before
    assert session.undo() == "pc.addon"
    assert session.close(10)
    kept = on_disk(path).declared["pc.addon"]
    assert (kept.by, kept.said, kept.on) == ("佐藤", "official-check", date(2026, 11, 20))
    session = opened(path)
    for name in ("", "   ", "x" * 201):
        with pytest.raises(BadValue):
            session.declare("pc.os", replace(said, by=name))
    assert session.close(10)


def test_a_look_of_another_login_ends_a_declaration_although_neither_knew_of_the_other(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.toml"
    clock = Clock()  # one for both: the look comes after the word
    one = open_session(path, load_guide, now=clock, host="PC-01")
    other = open_session(path, load_guide, now=clock, host="PC-02")
    one.declare("pc.extension", Declaration("佐藤", "person", date(2026, 11, 20), EPOCH, 0))
    other.record("pc.extension", "fail", Finding("missing"))
    assert one.flush(10)
    assert other.flush(10)
    assert other.close(10)
    assert one.close(10)
    again = opened(path)
    assert again.data.results["pc.extension"].outcome == "fail"
    again.record("pc.extension", "unknown", Finding("timeout"))
    assert "pc.extension" not in again.data.declared
    assert again.close(10)


def test_after_a_restart_the_last_change_is_undone_first_whatever_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    with_all = opened(path)
    with_all.answer("case.role", "self")
    with_all.waive("pc.os", "reason", "name", date(2027, 1, 1))
    with_all.answer("case.vehicle", "kei")
    assert with_all.close()
    again = opened(path)
    assert again.data.history == with_all.data.history
    assert [again.undo() for _ in range(4)] == ["case.vehicle", "pc.os", "case.role", None]
    assert [again.redo() for _ in range(4)] == ["case.role", "pc.os", "case.vehicle", None]
    assert again.close()
