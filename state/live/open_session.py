"""A session opened: its file read or recovered, others looked for, the record of its PC opened with it, the saver begun."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import checks
from checks.guide import Guides
from checks.record import replace
from state.errors import SessionUnreadable, StateError
from state.file import files, load, notices, presence, store
from state.file.load import Loaded
from state.file.places import Folder, check_name, prepare
from state.live.merge import merge
from state.live.saver import Saver
from state.live.session import Session
from state.session_data import SCHEMA, Pc, SessionData


def open_session(
    path: Path,
    guides: Guides,
    *,
    guide: str = checks.FIRST_GUIDE,
    read_only: bool = False,
    now: Callable[[], datetime] | None = None,
    host: str | None = None,
    user: str | None = None,
    join: bool = True,
    folder: Folder | None = None,
    platform: str = "",
) -> Session:
    """The session in a file, made anew when there is none (with `read_only` it stays unmade and empty).

    `guides` gives the guide that it follows, by name; one made anew follows `guide`. `now` is the idea of now, aware of its zone. `join` shows this process to
    others and keeps a reserve on the disk; short commands leave both out. Raises `SessionUnreadable` (a copy of the file
    was kept, its `recoverable` is the newest good one) and `SessionTooNew`, which `read_only` opens nevertheless.

    With the program's `folder` the record of the PC that the session names is open as well. In its sessions folder a new
    session names this PC when its `platform` is one from which an application can be sent, and a session of version 0.1 the
    PC that it was prepared on where that is beyond doubt; that alone saves nothing.
    """
    clock = now if now is not None else lambda: datetime.now(UTC)
    path = files.resolve(path)
    loaded = _read(path, guides, clock, read_only)
    moment = clock().astimezone(UTC).replace(microsecond=0)
    if loaded:
        data = loaded.data
    else:
        named = {} if guide == checks.FIRST_GUIDE else {"guide": guides(guide).name}
        name = path.name.removesuffix(".toml")
        data = SessionData(name, moment, moment, checks.__version__, session_extra=named)
    login = presence.host_name() if host is None else host, presence.user_name() if user is None else user
    session = Session(path, data, guides, login, clock)
    session.notices = loaded.notices if loaded else ()
    if not read_only:
        _begin(session, loaded, join=join)
    if folder is not None:
        records = folder

        def opened(name: str, pc: Pc | None = None) -> Session | None:
            try:
                return open_record(records, guides, name, pc=pc, read_only=read_only, now=now, join=join)
            except StateError as error:
                session.tell(error.text)
            return None

        session.open_record = opened
        session.folder = folder
        session.follow_pc()
        if session.own.pc_name:
            if session.pc_record is None:
                session.tell(notices.no_record(session.own.pc_name))
        elif not read_only and path.parent == folder.sessions and (loaded is None or loaded.schema < SCHEMA):
            _name_pc(session, folder, loaded, platform, opened)
    if session.saver is not None:
        session.saver.start()
    return session


def _read(path: Path, guides: Guides, clock: Callable[[], datetime], read_only: bool) -> Loaded | None:
    try:
        return load.load(path, guides, newer=read_only)
    except SessionUnreadable as error:
        from state.file.recover import add_recovery

        raise add_recovery(path, error, guides, clock(), keep=not read_only) from None


def _begin(session: Session, loaded: Loaded | None, *, join: bool, quietly: bool = False) -> None:
    """Gives the session its file and a saver that is yet to be started; one that is new is saved at once unless `quietly`."""
    path, data, clock = session.path, session.own, session.clock
    session.tell(*notices.about_file(path, new=loaded is None))
    raw, schema = (loaded.raw, loaded.schema) if loaded else (None, SCHEMA)
    file = store.SessionFile(path, data, raw, session.guides, merge, schema, clock, known=data.takeover)
    if join:
        session.presence = presence.PresenceFile(path, session.at(), session.host, session.user)
        session.presence.enter()
        session.tell(*(notices.is_here(other) for other in session.presence.news()[1]))
    session.snapshots.put(replace(data, app=checks.__version__))  # goes out with the next change
    saved = session.snapshots.newest if loaded or quietly else None
    session.saver = Saver(session, file, saved=saved, keep_reserve=join)


def _name_pc(
    session: Session,
    folder: Folder,
    loaded: Loaded | None,
    platform: str,
    opened: Callable[[str, Pc | None], Session | None],
) -> None:
    """Names the PC of a session that is new, or of version 0.1, where that is known."""
    sending = session.guide.sending
    if sending is None or (loaded is None and platform not in sending.platforms):
        return
    from state.file.machine import machine_id
    from state.live import pc_records
    from state.live.pc_entries import sent_from

    pc: Pc | None = Pc("", session.host, session.user, platform, session.at())
    if loaded is not None:
        pc = sent_from(loaded.data, sending)
    if pc is None:
        return
    with suppress(StateError):  # what cannot be named is left open
        if pc.is_at(session.host, session.user):
            pc = replace(pc, machine=machine_id(folder))
        record = opened(pc_records.name_for(folder, session.guides, pc), pc)
        if record is not None:
            session.use(record, quietly=True)


def open_record(
    folder: Folder,
    guides: Guides,
    name: str,
    *,
    pc: Pc | None = None,
    read_only: bool = False,
    now: Callable[[], datetime] | None = None,
    join: bool = False,
) -> Session | None:
    """The PC record of that name, open like a session; None when there is none and no `pc` is given to make one of.

    One made anew is saved with its first change. A damaged one is recovered from the newest good copy, its bytes kept.
    Raises `BadName`, `SessionUnreadable` when there is no good copy, `SessionTooNew`, `CannotWrite`.
    """
    clock = now if now is not None else lambda: datetime.now(UTC)
    path = files.resolve(folder.pcs / (check_name(name) + ".toml"))
    said = []
    try:
        loaded = _read(path, guides, clock, read_only)
    except SessionUnreadable as error:
        if error.recoverable is None:
            raise
        if read_only:
            loaded, said = Loaded(error.recoverable.data, guides(checks.FIRST_GUIDE), b""), [error.text]
        else:
            from state.file.recover import restore

            said = [notices.recovered(restore(path, guides, merge, clock()))]
            loaded = load.load(path, guides)
    if loaded is None and pc is None:
        return None
    moment = clock().astimezone(UTC).replace(microsecond=0)
    data = loaded.data if loaded else SessionData(name, moment, moment, checks.__version__, pc=pc)
    head = data.pc
    if head is None:
        raise SessionUnreadable(notices.no_pc_record(path))
    if pc is not None and not head.machine:
        head = replace(head, machine=pc.machine)
    data = replace(data, name=name, pc=head)  # a file that was copied by hand may say another name
    record = Session(path, data, guides, (presence.host_name(), presence.user_name()), clock)
    record.tell(*said)
    if not read_only:
        prepare(folder.pcs)
        _begin(record, loaded, join=join, quietly=True)
        assert record.saver is not None
        record.saver.start()
    return record


def recover(
    path: Path,
    guides: Guides,
    *,
    now: Callable[[], datetime] | None = None,
    folder: Folder | None = None,
) -> Session:
    """Puts the newest good copy in the place of an unreadable file, whose bytes are kept, and opens it.

    Raises `SessionUnreadable` when there is no good copy, `CannotWrite`, `SessionBusy`, `SessionTooNew`.
    """
    from state.file.recover import restore

    good = restore(path, guides, merge, now() if now is not None else None)
    session = open_session(path, guides, now=now, folder=folder)
    session.tell(notices.recovered(good))
    return session
