"""Changes of a session taken back and made again, also after a restart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from state.session_data import MAX_HISTORY
from tests.support.helpers_session import on_disk, opened

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
