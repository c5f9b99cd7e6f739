"""What a saver is doing, what it has put on the disk, and what of both is told to a person."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TypeAlias

from checks.record import dataclass
from checks.text import Text
from state.errors import StateError, TakenOver
from state.session_data import SaveState

STALLED = 4.0
"""Seconds after which a save that has not come back is shown: a network folder stalls, or the lock is waited for."""
_NO_ANSWER = Text(
    "ディスクの応答を待っています。まだ保存されていません。",
    "The disk does not answer yet. Not saved so far.",
)


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What of the session is on the disk, file and folder synced; -1 changes when there is no file yet."""

    changes: int = -1
    views: int = -1
    rev: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Idle:
    """The last try went well."""


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """The last try went wrong; the next is at `again` by the monotonic clock, never when that is infinite."""

    error: StateError
    since: datetime
    changes: int
    """So many were tried; a further change is tried at once."""
    again: float
    times: int = 0


@dataclass(frozen=True, slots=True)
class Saving:
    """A save is under way; `earlier` is the state before it."""

    since: datetime
    began: float
    """By the monotonic clock."""
    earlier: Idle | SaveFailed


@dataclass(frozen=True, slots=True)
class Displaced:
    """Another login took the session over."""

    error: TakenOver
    failing_since: datetime | None


SaverState: TypeAlias = Idle | Saving | SaveFailed | Displaced


def error_of(state: SaverState) -> StateError | None:
    """Why the last try failed; None when it went well."""
    last = state.earlier if isinstance(state, Saving) else state
    return None if isinstance(last, Idle) else last.error


def told(state: SaverState, disk: OnDisk, unsaved: int, *, moving: bool) -> SaveState:
    """What a person is told, given how many changes are `unsaved` and whether another file is to be written."""
    error = error_of(state)
    if isinstance(state, Saving) and error is None and time.monotonic() - state.began > STALLED:
        return SaveState(False, disk.at, state.since, unsaved, _NO_ANSWER, 74)
    new_file, since = disk.changes < 0, None
    if isinstance(state, Displaced):
        new_file, since, error = False, state.failing_since, error if unsaved else None
    else:
        last = state.earlier if isinstance(state, Saving) else state
        since = last.since if isinstance(last, SaveFailed) else None
    if moving:
        new_file, error = True, None
    return SaveState(
        saved=unsaved == 0 and not new_file and error is None,
        at=disk.at,
        failing_since=since if error is not None else None,
        unsaved=unsaved,
        error=error.text if error is not None else None,
        exit_code=error.exit_code if error is not None else 0,
    )
