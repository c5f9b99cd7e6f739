"""The copies beside a session file: ten dated backups, damaged files, originals of older formats."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from state.errors import StateError
from state.file import files
from state.file.document import MAX_BYTES
from state.file.tables import highest_rev
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
    backups: list[tuple[int, str, int, str]] = []
    for name in files.names(path.parent):
        match = _BACKUP.fullmatch(name, len(path.name)) if name.startswith(path.name) else None
        if match:
            backups.append((int(match[2]), match[1], int(match[3] or 0), name))
    return [path.with_name(name) for *_, name in sorted(backups, reverse=True)]


def keep(path: Path, data: SessionData) -> None:
    """Makes the present file, which holds `data`, a backup; raises `OSError`. The session's lock is held."""
    name = path.with_name(f"{path.name}.bak-{stamp(data.updated)}-r{highest_rev(data)}")
    any(files.keep_copy(path, backup) for backup in islice(files.numbered(name), 100))


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


def keep_damaged(path: Path, raw: bytes, now: datetime) -> Path:
    """A synced copy of a damaged file's bytes, `NAME.toml.broken-TIME`; one that is there already is not made again.

    Raises `OSError`.
    """
    for name in files.names(path.parent):
        if name.startswith(path.name + ".broken-"):
            with suppress(StateError):
                if files.read(path.with_name(name), MAX_BYTES) == raw:
                    return path.with_name(name)
    copy = files.write_beside(files.numbered(path.with_name(f"{path.name}.broken-{stamp(now)}")), raw)
    files.sync_folder(path.parent)
    return copy
