"""The session that a command is about: looked at, or opened to change it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from checks import FIRST_GUIDE, __version__
from checks.guide import Guide, load_guide
from checks.model import Scope
from checks.record import dataclass
from checks.rules.conditions import Value
from checks.text import Text
from state.errors import CannotWrite, ReadOnly, SessionUnreadable, StateError, reason
from state.file import load, places, presence
from state.file.places import Folder
from state.session_data import SessionData
from tui.cli import console, sentences
from tui.cli.problem import CANNOT_WRITE, Problem
from tui.cli.setup import Setup

if TYPE_CHECKING:
    from checks.runner import Finished
    from state.live.session import Session

FIRST = "default"
"""Name of the session that is begun when there is none and none was named."""

PATIENCE = 5.0
"""Seconds to wait for the session's lock and for the disk."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as it is on the disk."""

    data: SessionData
    path: Path
    file: str
    """The place as a string, empty when there is no file yet."""
    guide: Guide


def who() -> tuple[str, str]:
    """This PC and this user."""
    return presence.host_name(), presence.user_name()


def path_of(setup: Setup, folder: Folder | None = None) -> Path:
    """The file of the session meant: the one named, else the last one, else a first one; raises `BadName`."""
    if setup.state is not None:
        return setup.state
    folder = folder or places.locate()
    return places.session_path(folder, setup.session or places.last_session(folder) or FIRST)


def look(setup: Setup) -> Opened | None:
    """The session, None when there is none yet; raises what reading raises, with the damaged file put aside."""
    return look_at(path_of(setup), setup)


def look_at(path: Path, setup: Setup) -> Opened | None:
    """The same for a given file."""
    try:
        loaded = load.load(path, load_guide)
    except SessionUnreadable as error:
        from state.file import recover

        raise recover.add_recovery(
            path, error, load_guide, setup.options.moment(), keep=not setup.read_only
        ) from None
    if loaded is None:
        return None
    for notice in loaded.notices:
        console.tell(notice, setup.lang)
    return Opened(loaded.data, path, os.fspath(path), loaded.guide)


def guide_meant(setup: Setup) -> Guide:
    """The guide of the session meant, where there is one that can be read, else the first guide."""
    with contextlib.suppress(StateError, OSError):
        loaded = load.load(path_of(setup), load_guide)
        if loaded is not None:
            return loaded.guide
    return load_guide(FIRST_GUIDE)


def look_or_empty(setup: Setup) -> Opened:
    """The session, an empty one that is not on the disk when there is none yet."""
    path = path_of(setup)
    found = look_at(path, setup)
    if found is not None:
        return found
    now = setup.options.moment().replace(microsecond=0)
    return Opened(
        SessionData(path.name.removesuffix(".toml"), now, now, __version__), path, "", load_guide(FIRST_GUIDE)
    )


class Change:
    """An open session of a command that changes it."""

    def __init__(self, session: Session, lang_notices: tuple[Text, ...], path: Path) -> None:
        self._session = session
        self.path = path
        self.notices = lang_notices
        self.alive = True
        """Whether the person still wants to go on."""

    @property
    def data(self) -> SessionData:
        """All of it, as it is now."""
        return self._session.data

    @property
    def guide(self) -> Guide:
        """The guide that the session follows."""
        return self._session.guide

    def opened(self) -> Opened:
        """All of it, as the commands that only look have it."""
        return Opened(self._session.data, self.path, os.fspath(self.path), self.guide)

    def answer(self, question: str, value: Value | None, scope: Scope) -> None:
        """Set an answer, None clears it."""
        self._session.answer(question, value, scope=scope)

    def record(self, done: Finished) -> None:
        """Keep a finding; one that says that a place was not opened never takes the place of an earlier look."""
        if done.finding.code == "elsewhere":
            return
        self._session.record(
            done.check.id, done.outcome, done.finding, took_ms=done.took_ms, scope=done.check.scope
        )

    def note(self, item: str, text: str) -> None:
        """Write a note; an empty one removes it."""
        self._session.note(item, text)

    def undo(self) -> str | None:
        """Take the last answer back; the question, or None."""
        return self._session.undo()

    @property
    def session(self) -> Session:
        """The session itself, for what only one command needs."""
        return self._session

    def settle(self) -> None:
        """Return when everything is on the disk; raises why it is not (74, 75, 65)."""
        try:
            self._session.require_saved(PATIENCE)
        except CannotWrite as error:
            if not error.errno:
                raise
            # Once more: a scanner or a network folder may have refused for a moment only.
            if self._session.flush(PATIENCE):
                return
            # A command ends here, and nothing may save the change after this has been said.
            self._session.give_up()
            why = reason(OSError(error.errno, os.strerror(error.errno)))
            said = sentences.NOT_SURE if self._is_there() else sentences.NOT_SAVED
            raise Problem(said, CANNOT_WRITE, file=self.path, why=why) from None

    def _is_there(self) -> bool:
        """Whether the file holds what could not be called saved, as when only its folder was not synced."""
        with contextlib.suppress(StateError):
            loaded = load.load(self.path, load_guide)
            return loaded is not None and loaded.data == self._session.data
        return False

    def leave(self) -> None:
        """The person is done."""
        self.alive = False


@contextlib.contextmanager
def change(
    setup: Setup, path: Path | None = None, *, join: bool = False, note: bool = True
) -> Iterator[Change]:
    """The session opened to change it, made when it is new, saved and closed at the end whatever happens.

    With `join` other processes see that it is in use, and `--read-only` opens it for reading; otherwise that is refused.
    """
    if setup.read_only and not join:
        raise Problem(sentences.READ_ONLY, CANNOT_WRITE)
    folder = places.locate()
    path = path if path is not None else path_of(setup, folder)
    ours = path.parent == folder.sessions
    if ours and not setup.read_only:
        for notice in places.prepare(folder.sessions):
            console.tell(notice, setup.lang)
    from state.live.session import Session

    if setup.read_only:
        load.load(path, load_guide)  # a newer file is refused here, while the full screen shows it
    session = Session.open(path, load_guide, read_only=setup.read_only, now=setup.options.moment, join=join)
    changing = Change(session, session.notices, path)
    if not join:
        for notice in session.notices:
            console.tell(notice, setup.lang)
    try:
        yield changing
        if not setup.read_only:
            changing.settle()
            if ours and note:
                places.note_last(folder, path.name.removesuffix(".toml"))
    finally:
        session.close(2.0)


__all__ = ["Change", "Opened", "ReadOnly", "change", "look", "look_at", "look_or_empty", "path_of", "who"]
