"""The session: answers and what becomes of them, undo after a restart, exceptions, moving, reading only.

Covers state.live.changes, state.live.open_session, state.live.save_requests and state.live.snapshot.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, date
from pathlib import Path

import pytest

from checks.model import Finding
from state.errors import BadValue, CannotWrite, ReadOnly, SessionTooNew, SessionUnreadable
from state.session_data import MAX_REV
from tests.support.helpers_session import on_disk, opened, saved_rev

pytestmark = pytest.mark.usefixtures("quick_looks")


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
    assert saved_rev(session) == 6
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
    result = again.data.results["portal.tls"]
    assert (result.outcome, result.code, dict(result.values), result.took_ms, result.host) == (
        "fail", "untrusted-root", {"root": "例"}, 412, "PC-01",
    )  # fmt: skip
    assert {item: note.text for item, note in again.data.notes.items()} == {"documents": "二行の\nメモ"}
    assert again.data.waivers["pc.memory"].until == date(2026, 12, 31)
    assert (again.data.ui.cursor, again.data.ui.folded) == ("portal.tls", ("pc-environment",))
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
        assert set(new.answers) | set(new.data.results) == expected
        assert new.data.answers["office.agent"].at == old.data.answers["office.agent"].at
        assert new.save_state().unsaved in (0, len(expected), len(expected) + 1)
        assert new.close(10)
        assert set(on_disk(tmp_path / f"{host}.toml").values()) == set(new.answers)


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
    with session._lock:
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
        "import sys; import state.live.session, state.file.places, state.file.settings;"
        "print([m for m in ('ssl', 'cryptography', 'textual', 'rich', 'psutil', 'asyncio', 'platformdirs') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
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
