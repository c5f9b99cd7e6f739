"""Sessions as tests open them, and what is on the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from checks.guide import load_guide
from state.file import load
from state.live.open_session import open_session
from state.live.session import Session
from state.session_data import SessionData


class Clock:
    """A clock that goes on by a second whenever it is asked."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def opened(path: Path, **how: object) -> Session:
    """A session with a clock of its own."""
    return open_session(path, load_guide, now=Clock(), **how)  # type: ignore[arg-type]


def saved_rev(session: Session) -> int:
    """Changes made here with this revision or a lower one are on the disk, file and folder synced."""
    assert session.saver is not None
    return session.saver.disk.rev


def on_disk(path: Path) -> SessionData:
    """What the file holds, which is whole and as we wrote it."""
    loaded = load.load(path, load_guide)
    assert loaded is not None
    assert not loaded.notices
    return loaded.data


def wait_until(session: Session, condition: Callable[[], bool]) -> None:
    """Comes back as soon as it holds after something was told of the session."""
    told = threading.Event()
    session.subscribe(told.set)
    for _ in range(400):
        if condition():
            return
        told.wait(0.025)
        told.clear()
    raise AssertionError("did not come")
