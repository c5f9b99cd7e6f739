"""Single touches of the file system: no link followed, nobody else let in.

Covers state.file.permissions.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from state.errors import CannotWrite, SessionUnreadable
from state.file import files, permissions
from state.file.lock import locked

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX")


@posix_only
def test_a_link_in_the_place_of_a_file_is_neither_read_nor_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "x.toml"
    target.write_bytes(b"theirs")
    link.symlink_to(target)
    with pytest.raises(SessionUnreadable):
        files.read(link, 100)
    with pytest.raises(FileExistsError):
        files.write_new(link, b"ours")
    assert not permissions.is_plain(link)
    assert not permissions.tighten(link, 0o600)
    assert files.remove(link)
    assert target.read_bytes() == b"theirs"


@posix_only
def test_a_link_in_the_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"theirs")
    (tmp_path / "x.toml.lock").symlink_to(target)
    with pytest.raises(CannotWrite), locked(tmp_path / "x.toml", 0.05):
        pass
    assert target.read_bytes() == b"theirs"


@posix_only
def test_what_is_made_is_for_its_owner_alone_whatever_the_mask(tmp_path: Path) -> None:
    program = (
        "import os, sys; os.umask(0); from pathlib import Path; from checks.guide import load_guide; from state.live.open_session import open_session;"
        "s = open_session(Path(sys.argv[1]), load_guide); s.answer('case.role', 'self'); s.note('documents', 'x');"
        "assert s.flush(20); s.answer('case.role', 'dealer'); print(s.flush(20), flush=True); sys.stdin.read(); s.close()"
    )
    place = tmp_path / "a" / "b"
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    run = subprocess.Popen(
        [sys.executable, "-c", program, str(place / "x.toml")],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    assert run.stdout.readline().strip() == "True"
    found = {path.relative_to(tmp_path): path.lstat().st_mode for path in tmp_path.rglob("*")}
    assert run.communicate("")[0] == ""
    assert len(found) >= 6  # the folders, the file, its backup, its lock, its presence
    for name, mode in found.items():
        assert stat.S_IMODE(mode) == (0o700 if stat.S_ISDIR(mode) else 0o600), name
