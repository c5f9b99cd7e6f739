"""64 KiB kept free while a session is open, freed when the disk is full so that the last answers still find room."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from state.file import files

SIZE = 64 * 1024
_FULL = tuple(getattr(errno, name) for name in ("ENOSPC", "EDQUOT") if hasattr(errno, name))


class Reserve:
    """The reserve of one session, `NAME.toml.reserve`; two processes share it."""

    def __init__(self, path: Path, *, wanted: bool) -> None:
        self._path = path.with_name(path.name + ".reserve")
        self._wanted = wanted
        self._there = False

    def make(self) -> None:
        """Takes the room unless that was done; failing is no reason to stop."""
        if not self._wanted or self._there:
            return
        try:
            # Random bytes: zeros would take no room on a file system that compresses.
            files.write_new(self._path, os.urandom(SIZE))
        except FileExistsError:
            pass
        except OSError:
            return
        self._there = True

    def free(self, number: int) -> bool:
        """Gives the room back when error `number` says that the disk is full; True when that may have helped."""
        if number not in _FULL or not self._there:
            return False
        self._there = False
        with suppress(OSError):
            return files.remove(self._path)
        return False

    def moved(self, path: Path) -> Reserve:
        """The reserve of another session in place of this one."""
        self.remove()
        return Reserve(path, wanted=self._wanted)

    def remove(self) -> None:
        """Takes the reserve away with the session."""
        if self._there:
            with suppress(OSError):
                files.remove(self._path)
