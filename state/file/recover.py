"""What to do with a session file that cannot be read: its bytes are kept, the newest good copy is found and offered."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from checks.guide import Guides
from checks.record import replace
from checks.text import Text
from state.errors import SessionTooNew, SessionUnreadable, StateError, named
from state.file import backups, files, load, notices, permissions, salvage
from state.file.document import MAX_BYTES, utf16
from state.file.store import Merge, SessionFile
from state.file.tables import highest_rev
from state.session_data import Recovered


def newest_good(path: Path, guides: Guides) -> Recovered | None:
    """The good copy with the highest revision: a complete temporary file, a backup, or the file itself as UTF-16 or Shift_JIS.

    With what can be read of the damaged file itself, where that is newer.
    """
    candidates: list[tuple[Path, Literal["backup", "temporary"]]] = [
        (path.with_name(path.name + ".tmp"), "temporary")
    ]
    candidates += [(backup, "backup") for backup in backups.listed(path)]
    best: Recovered | None = None
    for source, kind in candidates:
        with suppress(StateError):
            loaded = load.load(source, guides)
            if loaded is None or not loaded.whole:
                continue
            if best is None or highest_rev(loaded.data) > highest_rev(best.data):
                best = Recovered(loaded.data, loaded.data.updated, source, kind, len(loaded.data.answers))
            if kind == "backup":
                break
    raw = None
    with suppress(StateError):
        raw = files.read(path, MAX_BYTES)
    if raw is None:
        return best
    encoding = utf16(raw)
    with suppress(StateError):
        data = load.understand(raw, path, guides, encoding=encoding).data if encoding else None
        if data is not None and (best is None or highest_rev(data) >= highest_rev(best.data)):
            return Recovered(data, data.updated, path, "utf-16")
    if best is not None:
        newer = salvage.onto(best.data, raw, guides)
        return replace(best, data=newer.data, answers=newer.answers, others=newer.others)
    with suppress(StateError):
        data = load.understand(raw, path, guides, encoding="cp932").data
        return Recovered(data, data.updated, path, "shift-jis")
    more = salvage.alone(raw, path.name.removesuffix(".toml"), guides)
    if more is None:
        return None
    return Recovered(more.data, more.data.updated, path, "damaged", 0, more.answers, more.others)


def add_recovery(
    path: Path, error: SessionUnreadable, guides: Guides, now: datetime | None = None, *, keep: bool = True
) -> SessionUnreadable:
    """The same error, with the newest good copy and what it gives back, and unless `keep` is False a copy of the bytes.

    Changes nothing but that copy.
    """
    error.recoverable = newest_good(path, guides)
    # What never was ours and has nothing to be put in its place needs no copy: nothing is done to it.
    keep = keep and not (error.foreign and error.recoverable is None)
    with suppress(OSError, StateError):
        raw = files.read(path, MAX_BYTES) if keep else None
        if raw is not None:
            error.quarantine = backups.keep_damaged(path, raw, now or datetime.now(UTC))
    if keep and error.quarantine is None:
        # Too large to be read: the bytes get a second name instead of a copy.
        second = path.with_name(f"{path.name}.broken-{backups.stamp(now or datetime.now(UTC))}")
        with suppress(OSError, StateError):
            if permissions.is_plain(path) and (
                files.keep_copy(path, second) or os.path.samefile(path, second)
            ):
                error.quarantine = second
    parts = [error.text]
    if error.quarantine is not None:
        name = named(error.quarantine.name)
        parts.append(Text(f"控えを {name} に残しました。", f"A copy of it was kept as {name}."))
    if error.recoverable is not None:
        parts.append(notices.recoverable(error.recoverable))
    error.text = Text(" ".join(part.ja for part in parts), " ".join(part.en for part in parts))
    return error


def restore(path: Path, guides: Guides, merge: Merge, now: datetime | None = None) -> Recovered:
    """Puts the newest good copy in the place of an unreadable session file, whose bytes are kept.

    Raises `SessionUnreadable` when there is no good copy or the bytes could not be kept, `CannotWrite`, `SessionBusy`.
    """
    path = files.resolve(path)
    try:
        load.load(path, guides)
    except SessionTooNew:
        raise
    except SessionUnreadable as error:
        broken = add_recovery(path, error, guides, now)
    else:
        raise SessionUnreadable(
            Text(
                f"{named(path)} は読めるファイルです。取り戻す必要はありません。",
                f"{named(path)} can be read; there is nothing to recover.",
            )
        )
    good = broken.recoverable
    if good is None or broken.quarantine is None:
        raise broken
    if os.path.getsize(path) > MAX_BYTES:
        with files.as_cannot_write(path):
            files.remove(path)
    SessionFile(path, good.data, None, guides, merge).commit(good.data)
    return good
