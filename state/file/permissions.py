"""Whose a file is, and who else may read or replace it. Windows has owners and rights of another kind; nothing is judged there."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path


def is_ours(seen: os.stat_result, *, root: bool = False) -> bool:
    """Whether a file with this `lstat` or `fstat` belongs to this user, or with `root` to the system; on Windows any does."""
    if sys.platform == "win32":
        return True
    return seen.st_uid == os.geteuid() or (root and seen.st_uid == 0)


def is_plain(path: Path) -> bool:
    """Whether the name is a regular file of ours, no link."""
    try:
        seen = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(seen.st_mode) and is_ours(seen)


def check_own(handle: int, path: Path) -> None:
    """Raises `PermissionError` unless the open file is a regular one of ours: another user may have put it there."""
    seen = os.fstat(handle)
    if not stat.S_ISREG(seen.st_mode) or not is_ours(seen):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), os.fspath(path))


def tighten(path: Path, mode: int) -> bool:
    """Takes away from others what they may not do with a file or folder of ours; True when something was taken away."""
    if os.name == "nt":
        return False
    try:
        seen = os.lstat(path)
        if stat.S_ISLNK(seen.st_mode) or not is_ours(seen) or not stat.S_IMODE(seen.st_mode) & ~mode:
            return False
        os.chmod(path, stat.S_IMODE(seen.st_mode) & mode)
    except OSError:
        return False
    return True


def open_to_others(folder: Path) -> bool:
    """Whether other users may put files into the folder and take them out again."""
    if os.name == "nt":
        return False
    try:
        mode = os.stat(folder).st_mode
    except OSError:
        return False
    return bool(mode & 0o022) and not mode & stat.S_ISVTX
