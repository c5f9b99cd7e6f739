"""The session: answers and what becomes of them, undo after a restart, two logins, recovery, reading only."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from checks.model import Finding
from state import backups, presence, saver, store
from state.errors import BadValue, CannotWrite, ReadOnly, SessionTooNew, SessionUnreadable
from state.model import MAX_HISTORY, MAX_REV, SessionData
from state.session import Session, recover


class Clock:
    """A clock that goes on by a second whenever it is asked."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saver, "LOOK", 0.02)


def opened(path: Path, **how: object) -> Session:
    return Session.open(path, now=Clock(), **how)  # type: ignore[arg-type]


def on_disk(path: Path) -> SessionData:
    loaded = store.load(path)
    assert loaded is not None
    assert not loaded.notices
    return loaded.data


def wait_until(session: Session, condition: Callable[[], bool]) -> None:
    told = threading.Event()
    session.subscribe(told.set)
    for _ in range(400):
        if condition():
            return
        told.wait(0.025)
        told.clear()
    raise AssertionError("did not come")


def test_a_new_session_is_made_at_once_and_everything_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "さくら.toml"
    session = opened(path, host="PC-01", user="yamada")
    assert session.flush(10)
    assert on_disk(path).name == "さくら"
    first = session.answer("case.procedure", "transfer")
    second = session.answer("insurance.end", date(2027, 3, 31), scope="office")
    third = session.answer("pc.kind", "own", scope="pc")
    fourth = session.record(
        "portal.tls", "fail", Finding("untrusted-root", {"root": "例"}, ("a",)), took_ms=412
    )
    session.note("documents", "二行の\nメモ")
    session.waive("pc.memory", "更新予定", "佐藤", date(2026, 12, 31))
    session.look("portal.tls", ["pc-environment"])
    assert (first, second, third, fourth) == (1, 2, 3, 4)
    assert session.close(10)
    assert session.saved_rev == 6
    again = opened(path)
    assert again.notices == ()
    assert dict(again.answers) == {
        "case.procedure": "transfer",
        "insurance.end": date(2027, 3, 31),
        "pc.kind": "own",
    }
    assert again.data.answers["insurance.end"].scope == "office"
    assert again.data.answers["insurance.end"].host == ""
    assert (again.data.answers["pc.kind"].host, again.data.answers["pc.kind"].user) == ("PC-01", "yamada")
    result = again.results["portal.tls"]
    assert (result.outcome, result.code, dict(result.values), result.took_ms, result.host) == (
        "fail", "untrusted-root", {"root": "例"}, 412, "PC-01",
    )  # fmt: skip
    assert again.notes == {"documents": "二行の\nメモ"}
    assert again.waivers["pc.memory"].until == date(2026, 12, 31)
    assert (again.ui.cursor, again.ui.folded) == ("portal.tls", ("pc-environment",))
    assert again.save_state().saved
    assert again.close(10)
    assert sorted(name for name in os.listdir(tmp_path) if ".bak-" not in name) == [
        "さくら.toml",
        "さくら.toml.lock",
    ]


def test_times_are_utc_and_go_by_the_given_clock(tmp_path: Path) -> None:
    session = opened(tmp_path / "x.toml")
    session.answer("case.role", "self")
    assert session.data.answers["case.role"].at.tzinfo is UTC
    assert session.data.answers["case.role"].at.year == 2026
    assert session.data.answers["case.role"].at.microsecond == 0
    assert session.close(10)


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
        session.answer("case.role", str(number))
    assert session.flush(10)
    assert len(on_disk(tmp_path / "x.toml").history) == MAX_HISTORY
    count = 0
    while session.undo():
        count += 1
    assert count == MAX_HISTORY
    assert session.answers["case.role"] == "19"
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


def test_two_logins_lose_nothing_and_are_told_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    one, other = opened(path), None
    assert one.flush(10)
    other = opened(path)
    assert "も" in other.notices[0].ja
    assert [(who.pid, who.alive) for who in other.others()] == [(os.getpid(), True)]
    one.answer("case.role", "self")
    assert one.flush(10)
    other.answer("case.route", "full")
    assert other.flush(10)
    wait_until(one, lambda: "case.route" in one.answers)
    assert dict(one.answers) == dict(other.answers) == {"case.role": "self", "case.route": "full"}
    wait_until(one, lambda: len(one.others()) == 1)
    assert other.close(10)
    assert one.others() == ()
    assert one.conflicts() == ()
    assert one.close(10)
    assert not (tmp_path / "x.toml.here").exists()


def test_a_true_conflict_is_kept_until_it_is_settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saver, "LOOK", 3600.0)
    path = tmp_path / "x.toml"
    one = opened(path)
    one.answer("case.role", "self")
    assert one.flush(10)
    other = opened(path)
    one.answer("case.vehicle", "kei")
    one.answer("case.role", "dealer")
    one.note("documents", "one")
    assert one.flush(10)
    low = other.answer("case.role", "employee")
    other.note("documents", "other")
    assert other.flush(10)
    assert other.answers["case.role"] == "dealer"
    assert other.saved_rev >= low
    assert {(c.kind, c.id, c.lost) for c in other.conflicts()} == {
        ("answer", "case.role", "employee"),
        ("note", "documents", "other"),
    }
    assert other.answer("case.route", "full") > max(c.over for c in other.conflicts())
    assert other.flush(10)
    assert len(on_disk(path).conflicts) == 2
    other.answer("case.role", "employee")
    other.settle("documents")
    assert other.conflicts() == ()
    assert other.flush(10)
    assert on_disk(path).conflicts == ()
    assert one.close(10)
    assert other.close(10)
    assert on_disk(path).values()["case.role"] == "employee"


def test_a_foreign_revision_never_counts_as_our_own_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saver, "LOOK", 3600.0)
    path = tmp_path / "x.toml"
    one = opened(path)
    assert one.flush(10)
    other = opened(path)
    for number in range(20):
        other.answer("case.role", str(number))
    assert other.flush(10)
    mine = one.answer("case.route", "full")
    held: list[int] = []
    one.subscribe(lambda: held.append(one.saved_rev))
    assert one.flush(10)
    wait_until(one, lambda: one.data.top() >= 20)
    next_ = one.answer("case.vehicle", "kei")
    assert mine == 1
    assert next_ == 21
    assert one.saved_rev < next_ or one.save_state().unsaved == 0
    assert held[0] == mine
    assert one.close(10)
    assert other.close(10)


def test_a_hand_edit_underneath_is_taken_in(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.role", "self")
    assert session.flush(10)
    edited = path.read_bytes().replace(b"\n[end]\n", b'\n[answers."case.route"]\nvalue = "full"\n\n[end]\n')
    path.write_bytes(edited.replace(b"answers = 1", b"answers = 2"))
    wait_until(session, lambda: "case.route" in session.answers)
    session.answer("case.vehicle", "kei")
    assert session.close(10)
    assert set(on_disk(path).answers) == {"case.role", "case.route", "case.vehicle"}
    assert any("手で直された" in notice.ja for notice in session.notices)


def test_a_file_damaged_underneath_is_kept_and_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.role", "self")
    assert session.flush(10)
    path.write_bytes(b"schema = 1\n[answers\n")
    wait_until(session, lambda: path.read_bytes().startswith(b"# oss-junbi"))
    assert session.flush(10)
    assert on_disk(path).values() == {"case.role": "self"}
    broken = [name for name in os.listdir(tmp_path) if ".broken-" in name]
    assert [(tmp_path / name).read_bytes() for name in broken] == [b"schema = 1\n[answers\n"]
    assert any("2行目" in notice.ja for notice in session.notices)
    assert session.close(10)


def test_a_file_made_newer_underneath_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    assert session.flush(10)
    newer = path.read_bytes().replace(b"schema = 1", b"schema = 2")
    path.write_bytes(newer)
    session.answer("case.role", "self")
    assert not session.flush(10)
    state = session.save_state()
    assert (state.saved, state.unsaved, state.exit_code) == (False, 1, 65)
    with pytest.raises(SessionTooNew):
        session.require_saved(10)
    assert not session.close(10)
    assert path.read_bytes() == newer


def test_a_broken_file_is_put_aside_once_and_recovered_from_its_backup(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.role", "self")
    assert session.flush(10)
    session.answer("case.route", "full")
    assert session.close(10)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    for _ in range(2):
        with pytest.raises(SessionUnreadable) as caught:
            opened(path)
    assert caught.value.exit_code == 65
    assert caught.value.quarantine is not None
    assert caught.value.quarantine.read_bytes() == whole[: len(whole) // 2]
    assert len([name for name in os.listdir(tmp_path) if ".broken-" in name]) == 1
    assert path.read_bytes() == whole[: len(whole) // 2]
    good = caught.value.recoverable
    assert good is not None
    assert good.data.values() == {"case.role": "self"}
    assert good.source.name in caught.value.text.ja
    session = recover(path, now=Clock())
    assert dict(session.answers) == {"case.role": "self"}
    assert "取り戻しました" in session.notices[-1].ja
    assert session.close(10)
    assert caught.value.quarantine.exists()


def test_a_file_saved_as_shift_jis_is_recovered_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.note("documents", "日本語のメモ")
    assert session.close(10)
    for backup in backups.listed(path):
        backup.unlink()
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp932"))
    with pytest.raises(SessionUnreadable, match="Shift_JIS"):
        opened(path)
    session = recover(path, now=Clock())
    assert session.notes == {"documents": "日本語のメモ"}
    assert session.close(10)


def test_without_a_good_copy_nothing_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"")
    with pytest.raises(SessionUnreadable) as caught:
        opened(path)
    assert caught.value.recoverable is None
    with pytest.raises(SessionUnreadable):
        recover(path)
    assert path.read_bytes() == b""


@pytest.mark.skipif(os.name == "nt", reason="sparse files and links of POSIX")
def test_a_file_too_large_to_read_keeps_its_bytes_and_is_recovered(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.role", "self")
    assert session.flush(10)
    session.answer("case.role", "dealer")
    assert session.close(10)
    path.unlink()
    with open(path, "wb") as file:
        file.truncate(1 << 30)
    session = recover(path, now=Clock())
    assert dict(session.answers) == {"case.role": "self"}
    assert session.close(10)
    assert [p.stat().st_size for p in tmp_path.iterdir() if ".broken-" in p.name] == [1 << 30]


def test_reading_only_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path, read_only=True)
    assert dict(session.answers) == {}
    assert session.close(10)
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"schema = 1\n")
    before = path.stat()
    with pytest.raises(SessionUnreadable):
        opened(path, read_only=True)
    assert list(tmp_path.iterdir()) == [path]
    path.write_bytes(b'schema = 9\n[answers."case.role"]\nvalue = "self"\n')
    session = opened(path, read_only=True)
    assert dict(session.answers) == {"case.role": "self"}
    assert "新しい版" in session.notices[0].ja
    with pytest.raises(ReadOnly):
        session.answer("case.role", "dealer")
    session.look("x")
    assert session.close(10)
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(before.st_mode)
    with pytest.raises(SessionTooNew):
        opened(path)


def test_ten_backups_are_kept_that_reach_far_back(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path, join=False)
    for number in range(25):
        session.answer("case.role", str(number))
        assert session.flush(10)
    assert session.close(10)
    kept = backups.listed(path)
    assert len(kept) == backups.KEPT
    revs = [on_disk(backup).top() for backup in kept]
    assert revs[: backups.NEWEST] == [24, 23, 22, 21, 20]
    assert revs[-1] == 0
    assert all(stat.S_IMODE(backup.stat().st_mode) == 0o600 for backup in kept if os.name != "nt")


def test_what_still_holds_is_taken_over_with_its_dates(tmp_path: Path) -> None:
    old = opened(tmp_path / "old.toml", host="PC-01", user="a")
    old.answer("case.procedure", "transfer")
    old.answer("office.agent", "yes", scope="office")
    old.answer("pc.kind", "own", scope="pc")
    old.record("pc.os", "pass", Finding("ok"), took_ms=1)
    assert old.close(10)
    for host, expected in (
        ("PC-01", {"office.agent", "pc.kind", "pc.os"}),
        ("PC-02", {"office.agent"}),
    ):
        new = opened(tmp_path / f"{host}.toml", host=host, user="a")
        assert new.take_over(old.data) == len(expected)
        assert set(new.answers) | set(new.results) == expected
        assert new.data.answers["office.agent"].at == old.data.answers["office.agent"].at
        assert new.save_state().unsaved in (0, len(expected), len(expected) + 1)
        assert new.close(10)
        assert set(on_disk(tmp_path / f"{host}.toml").values()) == set(new.answers)
    new = opened(tmp_path / "many.toml", host="PC-03", user="b")
    assert new.take_over(old.data, {"pc"}, any_host=True) == 2
    assert new.close(10)


def test_what_cannot_be_kept_is_refused_or_made_harmless(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    with pytest.raises(BadValue, match="Too long"):
        session.answer("case.role", "x" * 5000)
    with pytest.raises(BadValue):
        session.note("documents", "x" * 50_000)
    with pytest.raises(BadValue):
        session.waive("pc.os", " ", "b", date(2026, 12, 31))
    with pytest.raises(ValueError, match="perhaps"):
        session.record("pc.os", "perhaps", Finding("ok"))
    session.answer("case.name", "a\udc80\x00\x1b[31m")
    session.record("pc.os", "pass", Finding("ok", {"n": "v" * 5000}, ("e\ud800" * 3000,) * 500))
    assert session.close(10)
    data = on_disk(path)
    assert data.values()["case.name"] == "a\\udc80\x00\x1b[31m"
    assert len(data.results["pc.os"].evidence) == 60
    assert all(len(line) <= 500 for line in data.results["pc.os"].evidence)


def test_a_session_too_large_to_be_read_again_is_not_written(tmp_path: Path) -> None:
    session = opened(tmp_path / "x.toml")
    assert session.flush(10)
    for number in range(40):
        session.note(f"item.{number}", "あ" * 10_000)
    with pytest.raises(CannotWrite, match="too large"):
        session.require_saved(20)
    for number in range(39):
        session.note(f"item.{number}", "")
    assert session.flush(20)
    assert session.close(10)
    assert set(on_disk(tmp_path / "x.toml").notes) >= {"item.39"}


@pytest.mark.skipif(sys.platform != "linux", reason="process numbers by the Linux /proc")
def test_a_dead_process_is_not_told_of_and_cleared_away(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    code = (
        "import sys, time; from pathlib import Path; from state.session import Session;"
        "s = Session.open(Path(sys.argv[1])); s.flush(10); print('here', flush=True); time.sleep(60)"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "here\n"
    session = opened(path)
    assert [(who.pid, who.alive) for who in session.others()] == [(run.pid, True)]
    run.kill()
    run.wait()
    run.stdout.close()
    assert session.others() == ()
    assert len(list((tmp_path / "x.toml.here").iterdir())) == 1
    assert session.close(10)


def test_processes_of_other_hosts_and_boots(tmp_path: Path) -> None:
    me = presence.own()
    folder = tmp_path / "x.toml.here"
    folder.mkdir()
    line = me.line()
    (folder / "far-1-1").write_text(line.replace(f'host = "{me.host}"', 'host = "far"'), encoding="utf-8")
    if me.boot:
        (folder / "old-1-1").write_text(line.replace(me.boot, "another-boot"), encoding="utf-8")
    (folder / "junk").write_bytes(b"\xff\x00 = [")
    told = presence.present(folder)
    assert [(who.host, who.alive) for who in told] == [("far", None)]
    assert sorted(os.listdir(folder)) == ["far-1-1", "junk"]


@pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")
def test_links_and_modes(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    path = tmp_path / "x.toml"
    path.symlink_to(real / "x.toml")
    session = opened(path)
    session.answer("case.role", "self")
    assert session.close(10)
    assert path.is_symlink()
    assert on_disk(real / "x.toml").values() == {"case.role": "self"}
    os.chmod(real / "x.toml", 0o644)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (real / "x.toml.tmp").symlink_to(victim)
    session = opened(path)
    assert "本人だけ" in session.notices[0].ja
    session.answer("case.role", "dealer")
    assert session.close(10)
    assert victim.read_text() == "mine"
    assert stat.S_IMODE((real / "x.toml").stat().st_mode) == 0o600
    (real / "x.toml.lock").unlink()
    (real / "x.toml.lock").symlink_to(victim)
    session = opened(path)
    session.answer("case.role", "employee")
    assert not session.flush(10)
    assert session.save_state().exit_code == 74
    assert not session.close(10)
    assert victim.read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs to give a link away")
def test_a_link_made_by_another_user_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    opened(target).close(10)
    (tmp_path / "x.toml").symlink_to(target)
    if sys.platform != "win32":
        os.chown(tmp_path / "x.toml", 12345, 12345, follow_symlinks=False)
    with pytest.raises(SessionUnreadable, match="made by another user"):
        opened(tmp_path / "x.toml")


def test_a_flush_inside_a_change_does_not_hang(tmp_path: Path) -> None:
    """As in a signal handler that comes while the session is being changed."""
    session = opened(tmp_path / "x.toml", join=False)
    session.answer("case.role", "self")
    with session._mutex:
        assert session.flush(10)
    assert session.close(10)


def test_a_subscriber_that_fails_does_not_stop_the_saver(tmp_path: Path) -> None:
    session = opened(tmp_path / "x.toml", join=False)

    def fail() -> None:
        raise RuntimeError("the screen is gone")

    session.subscribe(fail)
    session.answer("case.role", "self")
    assert session.flush(10)
    session.answer("case.role", "dealer")
    assert session.close(10)
    assert on_disk(tmp_path / "x.toml").values() == {"case.role": "dealer"}


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; import state.session, state.folder, state.settings;"
        "print([m for m in ('ssl', 'cryptography', 'textual', 'rich', 'psutil', 'asyncio', 'platformdirs') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert said.stdout.strip() == "[]"


@pytest.mark.skipif(os.name == "nt", reason="a folder in the way, as POSIX tells it")
def test_a_session_that_cannot_be_saved_moves_to_another_place(tmp_path: Path) -> None:
    session = opened(tmp_path / "gone" / "x.toml")
    assert session.flush(10)
    (tmp_path / "gone").rename(tmp_path / "away")
    session.answer("case.role", "self")
    assert not session.flush(10)
    with pytest.raises(CannotWrite, match="exists already"):
        session.move(tmp_path / "away" / "x.toml")
    session.move(tmp_path / "new" / "y.toml")
    assert session.flush(10)
    assert session.save_state().saved
    assert on_disk(tmp_path / "new" / "y.toml").name == "y"
    session.answer("case.route", "full")
    assert session.close(10)
    assert set(on_disk(tmp_path / "new" / "y.toml").answers) == {"case.role", "case.route"}
    assert on_disk(tmp_path / "away" / "x.toml").answers == {}


def test_an_empty_answer_is_none(tmp_path: Path) -> None:
    session = opened(tmp_path / "x.toml", join=False)
    session.answer("case.role", "self")
    session.answer("case.role", "")
    assert dict(session.answers) == {}
    assert session.data.cleared["case.role"].rev == 2
    assert session.answer("case.role", None) == 2
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
    assert (session.waivers["pc.os"].reason, session.waivers["pc.os"].until) == ("延長", date(2027, 1, 31))
    assert session.data.withdrawn == {}
    assert session.undo() == "pc.os"
    assert session.waivers["pc.os"].reason == "検証済み"
    assert session.undo() == "pc.os"
    assert "pc.os" not in session.waivers
    assert session.undo() == "case.role"
    assert [session.redo() for _ in range(5)] == ["case.role", "pc.os", "pc.os", "pc.os", None]
    assert "pc.os" not in session.waivers
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


def test_numbers_that_would_not_be_read_again_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    raw = f'schema = 1\n[answers.a]\nvalue = "b"\nrev = {MAX_REV}\n[end]\nanswers = 1\n'.encode()
    path.write_bytes(raw)
    session = opened(path)
    session.answer("case.role", "self")
    with pytest.raises(CannotWrite, match="did not read back"):
        session.require_saved()
    assert path.read_bytes() == raw
    session.close(0.1)


def test_a_withdrawn_waiver_does_not_come_back_from_another_login(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    one = opened(path)
    one.waive("pc.os", "検証済み", "佐藤", date(2026, 12, 31))
    assert one.flush(10)
    other = opened(path)
    assert one.withdraw("pc.os")
    assert one.flush(10)
    other.answer("case.role", "self")
    assert other.flush(10)
    wait_until(other, lambda: "pc.os" not in other.waivers)
    assert on_disk(path).waivers == {}
    assert one.close(10)
    assert other.close(10)


def test_an_editor_that_is_in_the_middle_of_writing_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saver, "LOOK", 3600.0)
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.role", "self")
    assert session.flush(10)
    edited = path.read_bytes().replace(b'value = "self"', b'value = "dealer"')
    path.write_bytes(edited[: len(edited) // 2])
    assert session._saver is not None
    session._saver._look()
    assert session.save_state().saved
    path.write_bytes(edited)
    session._saver._look()
    assert session.answers["case.role"] == "dealer"
    assert session.close(10)
    assert on_disk_edited(path) == "dealer"
    assert [name for name in os.listdir(tmp_path) if ".broken-" in name] == []


def on_disk_edited(path: Path) -> object:
    loaded = store.load(path)
    assert loaded is not None
    return loaded.data.values().get("case.role")
