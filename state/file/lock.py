"""One writer at a time on a session: a lock on a file of its own beside it, which is never deleted.

The session file itself is not locked, since some network file systems would then forbid reading it. Where the system knows
no locks (ENOLCK) a file that only one can create takes their place; it says who made it, so that a dead one does not block.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from checks.shown import show
from checks.text import Text
from state.errors import SessionBusy, StateError, cannot_write, named
from state.file import files, permissions, presence

PAUSE = 0.01
"""Seconds between two tries."""
_UNKNOWN = tuple(
    getattr(errno, name)
    for name in ("ENOLCK", "ENOSYS", "EOPNOTSUPP", "ENOTSUP", "EINVAL")
    if hasattr(errno, name)
)
_HELD_ON_WINDOWS = 33
"""ERROR_LOCK_VIOLATION."""
_UNKNOWN_ON_WINDOWS = (1, 50, 87, 120)
"""What drives answer that know no locks: invalid function, not supported, invalid parameter, not implemented."""
_FAR = 1 << 30
"""The byte that is locked on Windows: a locked byte cannot be read by others, and they want to read who holds it."""
_ABANDONED = 30.0
"""Seconds after which a lock by file of another host counts as left behind; a save takes milliseconds."""

_sleep: Callable[[float], None] = time.sleep


class NoLocks(Exception):
    """The file system knows no locks."""


@contextmanager
def locked(path: Path, timeout: float = 2.0) -> Iterator[None]:
    """Holds the lock of the session `path`; raises `SessionBusy` after `timeout` seconds, `CannotWrite` when refused."""
    lock = path.with_name(path.name + ".lock")
    until = time.monotonic() + timeout
    try:
        release = _acquire(lock, path, until)
    except NoLocks:
        release = _by_file(path.with_name(path.name + ".lock-file"), path, until)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        yield
    finally:
        release()


def holder(path: Path) -> str:
    """Who holds the lock or held it last, for a message; empty when nobody wrote it down."""
    for suffix in (".lock", ".lock-file"):
        with contextlib.suppress(OSError, StateError):
            raw = files.read(path.with_name(path.name + suffix), 4096)
            who = presence.parse(raw) if raw else None
            if who is not None:
                return f"{show(who.user, 40)}@{show(who.host, 60)} (pid {who.pid})"
    return ""


def _busy(path: Path) -> SessionBusy:
    who = holder(path)
    return SessionBusy(
        Text(
            f"{named(path)} は別のプログラムが保存中のため、まだ保存できません。{who}",
            f"{named(path)} is being saved by another process; it cannot be saved yet. {who}".rstrip(),
        )
    )


def _acquire(lock: Path, path: Path, until: float) -> Callable[[], None]:
    """Takes the lock and gives what releases it. A lock whose name was taken away, when a session is forgotten, is let go."""
    while True:
        handle = files.patiently(lambda: os.open(lock, os.O_RDWR | os.O_CREAT | files.OPEN_FLAGS, 0o600))
        try:
            permissions.check_own(handle, lock)
            while not _try(handle):
                if time.monotonic() >= until:
                    raise _busy(path)
                _sleep(PAUSE)
            if _is(handle, lock):
                _say_who(handle)
                return lambda: _unlock(handle)
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _say_who(handle: int) -> None:
    """Writes down who holds the lock, unless that stands there: a write would cost the save more than the lock itself."""
    with contextlib.suppress(OSError):
        mine = _mine()
        if os.read(handle, len(mine) + 1) != mine:
            os.lseek(handle, 0, os.SEEK_SET)
            os.ftruncate(handle, 0)
            os.write(handle, mine)


def _mine() -> bytes:
    return _line(presence.own())


@lru_cache(maxsize=1)
def _line(who: presence.Identity) -> bytes:
    return who.line().encode("utf-8", "replace")


def _is(handle: int, lock: Path) -> bool:
    if sys.platform == "win32":
        # Nobody can take its name away while it is open, and many drives of the network tell no inode.
        return True
    try:
        return os.path.samestat(os.fstat(handle), os.lstat(lock))
    except FileNotFoundError:
        return False


def _by_file(lock: Path, path: Path, until: float) -> Callable[[], None]:
    """The same by a file that only one can create."""
    mine = _mine()
    while True:
        try:
            handle = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL | files.OPEN_FLAGS, 0o600)
        except FileExistsError:
            _break_abandoned(lock)
        except OSError as error:
            raise cannot_write(path, error) from error
        else:
            with contextlib.suppress(OSError):
                os.write(handle, mine)
            os.close(handle)

            def release() -> None:
                with contextlib.suppress(OSError):
                    os.unlink(lock)

            return release
        if time.monotonic() >= until:
            raise _busy(path)
        _sleep(PAUSE)


def _break_abandoned(lock: Path) -> None:
    """Takes a lock file away whose process is dead, or that is far older than any save, measured by the folder's clock."""
    with contextlib.suppress(OSError, StateError):
        raw = files.read(lock, 4096)
        if raw is None:
            return
        who = presence.parse(raw)
        life = presence.alive(who) if who is not None else None
        if life or (life is None and _age(lock) < (_ABANDONED if who is not None else 2.0)):
            return
        broken = lock.with_name(f"{lock.name}-{os.getpid()}")
        os.rename(lock, broken)
        if files.read(broken, 4096) != raw:
            # Somebody was quicker and this is a new lock: give it back, unless a newer one stands there.
            with contextlib.suppress(OSError):
                os.link(broken, lock)
        os.unlink(broken)


def _age(lock: Path) -> float:
    probe = lock.with_name(f"{lock.name}-{os.getpid()}")
    os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | files.OPEN_FLAGS, 0o600))
    try:
        os.utime(probe)
        return os.lstat(probe).st_mtime - os.lstat(lock).st_mtime
    finally:
        os.unlink(probe)


def _try(handle: int) -> bool:
    """Whether the lock is ours now; raises `NoLocks` where there are none."""
    if sys.platform == "win32":
        from state.file import kernel32

        return _answered(kernel32.lock(handle, _FAR))
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        if error.errno in _UNKNOWN:
            raise NoLocks from None
        raise
    return True


def _answered(number: int) -> bool:
    """The same from the number that Windows gave; raises `OSError` for any that has nothing to do with locks."""
    if number in (0, _HELD_ON_WINDOWS):
        return number == 0
    if number in _UNKNOWN_ON_WINDOWS:
        raise NoLocks
    raise OSError(errno.EACCES if number == 5 else errno.EIO, f"LockFile: {number}")


def _unlock(handle: int) -> None:
    try:
        if sys.platform == "win32":
            from state.file import kernel32

            kernel32.unlock(handle, _FAR)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_UN)
    except OSError:
        # Closing releases it as well.
        pass
    finally:
        os.close(handle)
