"""A session opened: its file read or recovered, others looked for, the saver begun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import checks
from checks.guide import Guides
from checks.record import replace
from state.errors import SessionUnreadable
from state.file import files, load, notices, presence, store
from state.live.merge import merge
from state.live.saver import Saver
from state.live.session import Session
from state.session_data import SCHEMA, SessionData


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
) -> Session:
    """The session in a file, made anew when there is none (with `read_only` it stays unmade and empty).

    `guides` gives the guide that it follows, by name; one made anew follows `guide`. `now` is the idea of now, aware of its zone. `join` shows this process to
    others and keeps a reserve on the disk; short commands leave both out. Raises `SessionUnreadable` (a copy of the file
    was kept, its `recoverable` is the newest good one) and `SessionTooNew`, which `read_only` opens nevertheless.
    """
    clock = now if now is not None else lambda: datetime.now(UTC)
    path = files.resolve(path)
    try:
        loaded = load.load(path, guides, newer=read_only)
    except SessionUnreadable as error:
        from state.file.recover import add_recovery

        raise add_recovery(path, error, guides, clock(), keep=not read_only) from None
    moment = clock().astimezone(UTC).replace(microsecond=0)
    if loaded:
        data = loaded.data
    else:
        named = {} if guide == checks.FIRST_GUIDE else {"guide": guides(guide).name}
        name = path.name.removesuffix(".toml")
        data = SessionData(name, moment, moment, checks.__version__, session_extra=named)
    host = presence.host_name() if host is None else host
    user = presence.user_name() if user is None else user
    session = Session(path, data, guides, (host, user), clock)
    session.notices = loaded.notices if loaded else ()
    if read_only:
        return session
    session.tell(*notices.about_file(path, new=loaded is None))
    raw, schema = (loaded.raw, loaded.schema) if loaded else (None, SCHEMA)
    file = store.SessionFile(path, data, raw, guides, merge, schema, clock, known=data.takeover)
    if join:
        session.presence = presence.PresenceFile(path, moment, host, user)
        session.presence.enter()
        session.tell(*(notices.is_here(other) for other in session.presence.news()[1]))
    session.snapshots.put(replace(data, app=checks.__version__))  # goes out with the next change
    saved = session.snapshots.newest if loaded else None
    session.saver = Saver(session, file, saved=saved, keep_reserve=join)
    session.saver.start()
    return session


def recover(path: Path, guides: Guides, *, now: Callable[[], datetime] | None = None) -> Session:
    """Puts the newest good copy in the place of an unreadable file, whose bytes are kept, and opens it.

    Raises `SessionUnreadable` when there is no good copy, `CannotWrite`, `SessionBusy`, `SessionTooNew`.
    """
    from state.file.recover import restore

    good = restore(path, guides, merge, now() if now is not None else None)
    session = open_session(path, guides, now=now)
    session.tell(notices.recovered(good))
    return session
