"""The session that a command is about: looked at, or opened to change it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from checks import FIRST_GUIDE, __version__
from checks.guide import Guide, load_guide
from checks.record import dataclass
from state.errors import CannotWrite, SessionUnreadable, StateError, reason
from state.file import load, notices, places, presence
from state.file.places import Folder
from state.session_data import SessionData
from state.sources import age, is_old
from tui.cli import sentences
from tui.cli.problem import CANNOT_WRITE, Problem
from tui.cli.setup import Setup

if TYPE_CHECKING:
    from state.live.session import Session
    from state.standing import Progress

FIRST = "default"
"""Name of the session that is begun when there is none and none was named."""

PATIENCE = 5.0
"""Seconds to wait for the session's lock and for the disk."""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it is on the disk; an empty one where there is no file yet."""

    data: SessionData
    """With what the record of its PC says."""
    path: Path
    exists: bool
    guide: Guide
    own: SessionData
    """What stands in its own file."""

    @property
    def file(self) -> str:
        """The place as a string, empty when there is no file yet."""
        return os.fspath(self.path) if self.exists else ""

    def progress(self, setup: Setup) -> Progress:
        from state.progress import progress

        return progress(
            self.guide,
            self.data,
            setup.options,
            host=presence.host_name(),
            user=presence.user_name(),
            platform=presence.platform_name(),
        )


def guide_meant(setup: Setup) -> Guide:
    """The guide of the session meant, where there is one that can be read, else the first guide."""
    with contextlib.suppress(StateError, OSError):
        loaded = load.load(path_of(setup), load_guide)
        if loaded is not None:
            return loaded.guide
    return load_guide(FIRST_GUIDE)


def say_age(setup: Setup, guide: Guide) -> None:
    """Tell once, on standard error, when the oldest facts should be looked up again."""
    if is_old(guide.oldest, today := setup.options.today()):
        setup.say(age(guide.oldest, today))


def path_of(setup: Setup, folder: Folder | None = None) -> Path:
    """The file of the session meant: the one named, else the last one, else a first one; raises `BadName`."""
    if setup.state is not None:
        return setup.state
    folder = folder or places.locate()
    return places.session_path(folder, setup.session or places.last_session(folder) or FIRST)


def look(setup: Setup, path: Path | None = None) -> StoredSession:
    """The session meant or the one in that file; raises what reading raises, with the damaged file put aside."""
    path = path if path is not None else path_of(setup)
    try:
        loaded = load.load(path, load_guide)
    except SessionUnreadable as error:
        from state.file import recover

        now, keep = setup.options.moment(), not setup.read_only
        raise recover.add_recovery(path, error, load_guide, now, keep=keep) from None
    if loaded is None:
        now = setup.options.moment().replace(microsecond=0)
        data = SessionData(path.name.removesuffix(".toml"), now, now, __version__)
        return StoredSession(data, path, False, load_guide(FIRST_GUIDE), data)
    for notice in loaded.notices:
        setup.say(notice)
    return StoredSession(_with_record(setup, loaded.data), path, True, loaded.guide, loaded.data)


def _with_record(setup: Setup, data: SessionData) -> SessionData:
    """The session with what the record of its PC says; where that cannot be read, or is not here, this is said."""
    if not data.pc_name:
        return data
    from state.live.pc_records import with_record

    try:
        shown = with_record(data, places.locate(), load_guide)
    except StateError as error:
        setup.say(error.text)
        return data
    if shown.pc is None:
        setup.say(notices.no_record(data.pc_name))
    return shown


@contextlib.contextmanager
def change(
    setup: Setup,
    path: Path | None = None,
    *,
    guide: str = FIRST_GUIDE,
    join: bool = False,
    note: bool = True,
) -> Iterator[Session]:
    """The session opened to change it, made with `guide` when it is new, saved and closed at the end whatever happens.

    With `join` other processes see that it is in use, and `--read-only` opens it for reading; otherwise that is refused.
    With `note` it is the one that is resumed next time.
    """
    if setup.read_only and not join:
        raise Problem(sentences.READ_ONLY, CANNOT_WRITE)
    folder = places.locate()
    path = path if path is not None else path_of(setup, folder)
    in_folder = path.parent == folder.sessions
    if in_folder and not setup.read_only:
        for notice in places.prepare(folder.sessions):
            setup.say(notice)
    from state.live.open_session import open_session

    if setup.read_only:
        load.load(path, load_guide)  # a newer file is refused here, while the full screen shows it
    session = open_session(
        path,
        load_guide,
        guide=guide,
        read_only=setup.read_only,
        now=setup.options.moment,
        join=join,
        folder=folder,
        platform=presence.platform_name(),
    )
    try:
        if not join:
            for notice in session.notices:
                setup.say(notice)
        yield session
        if not setup.read_only:
            require_saved(session, path)
            if in_folder and note:
                places.note_last(folder, path.name.removesuffix(".toml"))
    finally:
        session.close(2.0)


def require_saved(session: Session, path: Path) -> None:
    """Return when everything is on the disk; raises why it is not (74, 75, 65)."""
    try:
        session.require_saved(PATIENCE)
    except CannotWrite as error:
        if not error.errno:
            raise
        # Once more: a scanner or a network folder may have refused for a moment only.
        if session.flush(PATIENCE):
            return
        # A command ends here, and nothing may save the change after this has been said.
        session.give_up()
        why = reason(OSError(error.errno, os.strerror(error.errno)))
        stored = None
        with contextlib.suppress(StateError):
            stored = load.load(path, load_guide)
        # The file may hold what could not be called saved, as when only its folder was not synced.
        there = stored is not None and stored.data == session.own
        said = sentences.NOT_SURE if there else sentences.NOT_SAVED
        raise Problem(said, CANNOT_WRITE, file=path, why=why) from None
