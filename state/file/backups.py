"""The copies beside a session file: ten dated backups, damaged files put aside, originals of older formats."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from state.errors import StateError
from state.file import files
from state.file.document import MAX_BYTES
from state.session_data import SessionData

KEPT = 10
"""Backups that are kept, counted by name and not by any clock."""
NEWEST = 5
"""Of these, the newest stay whatever their times; the others are thinned so that they reach far back."""

_BACKUP = re.compile(r"\.bak-(\d{8}T\d{6}Z)-r(\d+)(?:-(\d+))?\Z")


def stamp(at: datetime) -> str:
    """A time as it stands in file names."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") if at.year >= 1000 else "19700101T000000Z"


def listed(path: Path) -> list[Path]:
    """The backups of a session, the newest first: by revision, then by date."""
    found: list[tuple[int, str, int, str]] = []
    for name in files.names(path.parent):
        match = _BACKUP.fullmatch(name, len(path.name)) if name.startswith(path.name) else None
        if match:
            found.append((int(match[2]), match[1], int(match[3] or 0), name))
    return [path.with_name(name) for *_, name in sorted(found, reverse=True)]


def keep(path: Path, data: SessionData) -> None:
    """Makes the present file, which holds `data`, a backup; raises `OSError`. The session's lock is held."""
    name = f"{path.name}.bak-{stamp(data.updated)}-r{data.top()}"
    for more in range(1, 100):
        if files.keep_copy(path, path.with_name(name if more == 1 else f"{name}-{more}")):
            return


def thin(path: Path) -> None:
    """Takes away backups above `KEPT`: of the older ones always that whose neighbours are closest in time."""
    backups = listed(path)
    while len(backups) > KEPT:
        times = [_time(backup) for backup in backups]
        # The very oldest stays, so that there is always one from far back.
        gaps = [(times[i - 1] - times[i + 1], -i) for i in range(NEWEST, len(backups) - 1)]
        victim = backups.pop(-min(gaps)[1])
        with suppress(OSError):
            files.remove(victim)


def _time(backup: Path) -> float:
    match = _BACKUP.search(backup.name)
    if match:
        with suppress(ValueError):
            return datetime.fromisoformat(match[1]).timestamp()
    return 0.0


def keep_original(path: Path, schema: int) -> None:
    """Keeps a file of an older format for good, before it is written in ours; raises `OSError`."""
    files.keep_copy(path, path.with_name(f"{path.name}.schema{schema}"))


def set_aside(path: Path, raw: bytes, now: datetime) -> Path:
    """A synced copy of a damaged file's bytes, `NAME.toml.broken-TIME`; one that is there already is not made again.

    Raises `OSError`.
    """
    for name in files.names(path.parent):
        if name.startswith(path.name + ".broken-"):
            with suppress(StateError):
                if files.read(path.with_name(name), MAX_BYTES) == raw:
                    return path.with_name(name)
    base = f"{path.name}.broken-{stamp(now)}"
    for more in range(1, 1000):
        aside = path.with_name(base if more == 1 else f"{base}-{more}")
        try:
            files.write_new(aside, raw)
        except FileExistsError:
            continue
        files.sync_folder(path.parent)
        return aside
    raise FileExistsError(os.fspath(path.with_name(base)))
