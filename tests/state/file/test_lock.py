"""The lock of a session: who holds it, and what takes its place where there are no locks."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from state.errors import SessionBusy
from state.file.lock import locked

posix_only = pytest.mark.skipif(os.name == "nt", reason="flock")


@posix_only
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS])
def test_where_no_locks_are_known_a_file_takes_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    import fcntl

    def no_locks(handle: int, how: int) -> None:
        raise OSError(number, "no locks")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    path = tmp_path / "x.toml"
    with locked(path, 0.1):
        assert (tmp_path / "x.toml.lock-file").exists()
        with pytest.raises(SessionBusy), locked(path, 0.05):
            pass
    assert not (tmp_path / "x.toml.lock-file").exists()
    # Of a dead process: does not block.
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    from state.file import presence

    line = presence.own().line().replace(f"pid = {os.getpid()}", f"pid = {dead.pid}")
    (tmp_path / "x.toml.lock-file").write_text(line, encoding="utf-8")
    with locked(path, 2.0):
        pass
    assert sorted(os.listdir(tmp_path)) == ["x.toml.lock"]


@posix_only
@pytest.mark.parametrize("left", [b"", b"x" * 5000, b"host = 'far away'\n"])
def test_whoever_held_the_lock_before_the_file_says_who_holds_it_now(tmp_path: Path, left: bytes) -> None:
    from state.file import presence

    path, lock = tmp_path / "x.toml", tmp_path / "x.toml.lock"
    lock.write_bytes(left)
    mine = presence.own().line().encode()
    for said in (left, mine + b"more"):
        lock.write_bytes(said)
        with locked(path):
            assert lock.read_bytes() == mine
    with locked(path):
        assert lock.read_bytes() == mine
