"""What is being typed is kept in the session's file, one entry per item and login, and is no change of the session."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.guide import load_guide
from state.file import load, salvage
from state.file.tables import highest_rev
from state.live.merge import merge
from state.live.open_session import open_session
from state.live.session import Session
from state.session_data import Draft, SessionData
from tests.laboratory.program import plain
from tests.support.helpers_session import saved_rev

AT = datetime(2026, 11, 27, 1, 3, 10, tzinfo=UTC)


def opened(path: Path, host: str = "DESK-3", user: str = "tanaka") -> Session:
    return open_session(path, load_guide, host=host, user=user, now=lambda: AT)


def saved(session: Session) -> SessionData:
    assert session.flush(20.0)
    loaded = load.load(session.path, load_guide)
    assert loaded is not None
    assert not loaded.notices
    return loaded.data


def test_a_draft_stands_in_the_file_under_item_and_login_until_it_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    session = opened(path)
    session.draft("documents", "note", "三行の\nメモ")
    session.draft("documents", "answer", "棚")
    saved(session)
    assert plain(path)["drafts"] == {
        "documents@DESK-3/tanaka": {"at": AT, "note": "三行の\nメモ", "answer": "棚"}
    }
    assert session.close(20.0)
    again = opened(path)
    assert again.drafts() == {"documents": Draft(AT, "三行の\nメモ", "棚")}
    again.draft("documents", "note", "")
    assert again.drafts() == {"documents": Draft(AT, "", "棚")}
    again.draft("documents", "answer", "")
    assert saved(again).drafts == {}
    assert "drafts" not in plain(path)
    assert again.close(20.0)


def test_a_save_of_drafts_alone_makes_no_backup_no_history_and_no_new_time(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    session = opened(path)
    session.answer("case.role", "self")
    before = saved(session)
    listed = set(os.listdir(tmp_path))
    later = datetime(2026, 11, 28, tzinfo=UTC)
    session.clock = lambda: later
    for length in range(1, 30):
        session.draft("documents", "note", "x" * length)
        after = saved(session)
    assert set(os.listdir(tmp_path)) == listed
    assert (after.updated, after.history, highest_rev(after)) == (
        before.updated,
        before.history,
        highest_rev(before),
    )
    assert after.drafts["documents@DESK-3/tanaka"].note == "x" * 29
    assert saved_rev(session) == highest_rev(before)
    assert session.close(20.0)


def test_two_logins_keep_a_draft_each(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    one = opened(path)
    one.answer("case.role", "self")
    saved(one)
    other = opened(path, "DESK-4", "sato")
    one.draft("documents", "note", "ひとつめ")
    saved(one)
    other.draft("documents", "note", "ふたつめ")
    both = saved(other).drafts
    assert {key: draft.note for key, draft in both.items()} == {
        "documents@DESK-3/tanaka": "ひとつめ", "documents@DESK-4/sato": "ふたつめ",
    }  # fmt: skip
    one.draft("documents", "note", "")
    assert {key: draft.note for key, draft in saved(one).drafts.items()} == {
        "documents@DESK-4/sato": "ふたつめ"
    }
    assert other.drafts()["documents"].note == "ふたつめ"
    assert one.close(20.0)
    assert other.close(20.0)


def test_merging_keeps_what_one_side_typed_and_drops_what_one_side_forgot() -> None:
    base = SessionData("s", AT, AT, "0.2.0", drafts={"a@h/u": Draft(AT, "a"), "b@h/u": Draft(AT, "b")})
    ours = SessionData("s", AT, AT, "0.2.0", drafts={"a@h/u": Draft(AT, "a+")})
    theirs = SessionData("s", AT, AT, "0.2.0", drafts={**base.drafts, "c@h/u": Draft(AT, "c")})
    wanted = {"a@h/u": "a+", "c@h/u": "c"}
    for first, second in ((ours, theirs), (theirs, ours)):
        assert {key: draft.note for key, draft in merge(base, first, second).drafts.items()} == wanted


def test_a_damaged_file_gives_its_drafts_back(tmp_path: Path) -> None:
    session = opened(tmp_path / "s.toml")
    session.answer("case.role", "self")
    saved(session)
    session.draft("documents", "note", "大事なメモ")
    saved(session)
    raw = session.path.read_bytes()
    base = SessionData("s", AT, AT, "0.2.0")
    assert (
        salvage.onto(base, raw[: raw.rindex(b"[end]")], load_guide)
        .data.drafts["documents@DESK-3/tanaka"]
        .note
        == "大事なメモ"
    )
    assert session.close(20.0)


def test_nobody_who_only_reads_leaves_a_draft(tmp_path: Path) -> None:
    session = open_session(tmp_path / "s.toml", load_guide, read_only=True)
    session.draft("documents", "note", "x")
    assert session.drafts() == {}


@pytest.mark.parametrize("drafts", ["drafts = 1", '[drafts."x@h/u"]\nnote = 1'])
def test_what_is_no_draft_is_named(tmp_path: Path, drafts: str) -> None:
    from state.errors import SessionUnreadable

    path = tmp_path / "s.toml"
    path.write_text(f"schema = 1\n{drafts}\n[end]\nanswers = 0\n", "utf-8")
    with pytest.raises(SessionUnreadable, match="drafts"):
        open_session(path, load_guide)
