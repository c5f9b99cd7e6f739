"""A session file that is edited, damaged, replaced or cut: what is done with its bytes, and what comes back.

Covers state.file.backups and state.file.notices.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from checks.guide import load_guide
from state.errors import SessionTooNew, SessionUnreadable
from state.file import backups, load
from state.file.tables import highest_rev
from state.live import saver
from state.live.open_session import recover
from tests.support.helpers_session import Clock, on_disk, opened, wait_until

pytestmark = pytest.mark.usefixtures("quick_looks")


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
    assert session.saver is not None
    session.saver._look()
    assert session.save_state().saved
    path.write_bytes(edited)
    session.saver._look()
    assert session.answers["case.role"] == "dealer"
    assert session.close(10)
    loaded = load.load(path, load_guide)
    assert loaded is not None
    assert loaded.data.values()["case.role"] == "dealer"
    assert [name for name in os.listdir(tmp_path) if ".broken-" in name] == []


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
    newer = path.read_bytes().replace(b"schema = 2", b"schema = 3")
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
    session = recover(path, load_guide, now=Clock())
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
    session = recover(path, load_guide, now=Clock())
    assert session.data.notes["documents"].text == "日本語のメモ"
    assert session.close(10)


def test_without_a_good_copy_nothing_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"")
    with pytest.raises(SessionUnreadable) as caught:
        opened(path)
    assert caught.value.recoverable is None
    with pytest.raises(SessionUnreadable):
        recover(path, load_guide)
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
    session = recover(path, load_guide, now=Clock())
    assert dict(session.answers) == {"case.role": "self"}
    assert session.close(10)
    assert [p.stat().st_size for p in tmp_path.iterdir() if ".broken-" in p.name] == [1 << 30]


def test_ten_backups_are_kept_that_reach_far_back(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path, join=False)
    for number in range(25):
        session.answer("other.words", str(number))
        assert session.flush(10)
    assert session.close(10)
    kept = backups.listed(path)
    assert len(kept) == backups.KEPT
    revs = [highest_rev(on_disk(backup)) for backup in kept]
    assert revs[: backups.NEWEST] == [24, 23, 22, 21, 20]
    assert revs[-1] == 0
    assert all(stat.S_IMODE(backup.stat().st_mode) == 0o600 for backup in kept if os.name != "nt")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_saved_as_utf16_gives_back_what_was_edited_in_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.role", "self")
    assert session.flush(10)
    session.note("documents", "日本語のメモ")
    assert session.close(10)
    assert backups.listed(path)
    edited = path.read_text(encoding="utf-8").replace('value = "self"', 'value = "dealer"')
    path.write_bytes(edited.replace("\n", "\r\n").encode(encoding))
    with pytest.raises(SessionUnreadable) as caught:
        opened(path, read_only=True)
    assert "Read as UTF-16, this file gives back 1 answer" in caught.value.text.en
    assert not [name for name in os.listdir(tmp_path) if ".broken-" in name]
    session = recover(path, load_guide, now=Clock())
    assert dict(session.answers) == {"case.role": "dealer"}
    assert session.data.notes["documents"].text == "日本語のメモ"
    assert "UTF-16として読み、回答1件" in session.notices[-1].ja
    assert session.close(10)


def test_a_file_of_zeros_is_told_as_that_and_its_backup_is_offered(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    session = opened(path)
    session.answer("case.role", "self")
    assert session.flush(10)
    session.answer("case.role", "dealer")
    assert session.close(10)
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(SessionUnreadable, match="nothing but zeros") as caught:
        opened(path)
    assert "UTF-16" not in caught.value.text.en
    good = caught.value.recoverable
    assert good is not None
    assert (good.kind, good.data.values()) == ("backup", {"case.role": "self"})


@pytest.mark.parametrize("text", ['title = "x"\n', "# nothing\n", "[tool.x]\na = 1\n"])
def test_a_toml_file_of_others_gets_no_copy_beside_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SessionUnreadable, match="no session of oss-junbi") as caught:
        opened(path)
    assert caught.value.quarantine is None
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_a_session_once_is_add_recovery(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('[answers."case.role"]\nvalue = "self"\n', "utf-8")
    with pytest.raises(SessionUnreadable) as caught:
        opened(path)
    assert caught.value.quarantine is not None
