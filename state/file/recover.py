"""What to do with a session file that cannot be read: its bytes are kept, the newest good copy is found and offered."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from checks.guide import Guides
from checks.record import dataclass, replace
from checks.text import Text, counted
from state.errors import SessionTooNew, SessionUnreadable, StateError, named
from state.file import backups, files, store
from state.file.document import MAX_BYTES, utf16
from state.session_data import SessionData, here

ENCODINGS: Mapping[str, Text] = {
    "shift-jis": Text("シフトJIS", "Shift_JIS"),
    "utf-16": Text("UTF-16", "UTF-16"),
}
"""What an editor may have saved a session in, by kind of recovery."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A good copy of a session: what it holds, from when, and where it was found."""

    data: SessionData
    at: datetime
    """When the copy's last change was made."""
    source: Path
    kind: Literal["backup", "temporary", "shift-jis", "utf-16", "damaged"]
    copied: int = 0
    """Answers of the copy alone."""
    answers: int = 0
    """Answers, and withdrawals of one, that are newer in the damaged file and could be read there."""
    others: int = 0
    """Findings, notes and waivers of which the same is true."""

    def told(self) -> Text:
        """One sentence for the person, times in local time."""
        when = here(self.at).strftime("%Y-%m-%d %H:%M:%S")
        count = len(self.data.answers)
        encoding = ENCODINGS.get(self.kind)
        if encoding is not None:
            return Text(
                f"このファイルを{encoding.ja}として読むと、回答{count}件を取り戻せます。",
                f"Read as {encoding.en}, this file gives back {counted(count, 'answer')}.",
            )
        if self.kind == "damaged":
            return Text(
                f"控えはありませんが、壊れたファイルから回答{self.answers}件、そのほか{self.others}件を取り戻せます。",
                f"There is no copy, but {counted(self.answers, 'answer')} and {counted(self.others, 'other entry', 'other entries')} can be read of the damaged file.",
            )
        if self.answers or self.others:
            return Text(
                f"{when} 時点の控え {named(self.source.name)} の回答{self.copied}件に、それより新しいもの"
                f"（回答{self.answers}件、そのほか{self.others}件）を壊れたファイルから加えて、取り戻せます。",
                f"The copy {named(self.source.name)} of {when} gives back {counted(self.copied, 'answer')}, the damaged file what is newer: "
                f"{counted(self.answers, 'answer')} and {counted(self.others, 'other entry', 'other entries')}.",
            )
        return Text(
            f"{when} 時点の控え {named(self.source.name)} から、回答{count}件を取り戻せます。",
            f"The copy {named(self.source.name)} of {when} gives back {counted(count, 'answer')}.",
        )


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
            loaded = store.load(source, guides)
            if loaded is None or not loaded.whole:
                continue
            if best is None or loaded.data.top() > best.data.top():
                best = Recovered(loaded.data, loaded.data.updated, source, kind, len(loaded.data.answers))
            if kind == "backup":
                break
    raw = None
    with suppress(StateError):
        raw = files.read(path, MAX_BYTES)
    if raw is None:
        return best
    from state.file import salvage

    encoding = utf16(raw)
    with suppress(StateError):
        data = store.understand(raw, path, guides, encoding=encoding).data if encoding else None
        if data is not None and (best is None or data.top() >= best.data.top()):
            return Recovered(data, data.updated, path, "utf-16")
    if best is not None:
        more = salvage.onto(best.data, raw, guides)
        return replace(best, data=more.data, answers=more.answers, others=more.others)
    with suppress(StateError):
        data = store.understand(raw, path, guides, encoding="cp932").data
        return Recovered(data, data.updated, path, "shift-jis")
    found = salvage.alone(raw, path.name.removesuffix(".toml"), guides)
    if found is None:
        return None
    return Recovered(found.data, found.data.updated, path, "damaged", 0, found.answers, found.others)


def put_aside(
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
            error.quarantine = backups.set_aside(path, raw, now or datetime.now(UTC))
    if keep and error.quarantine is None:
        # Too large to be read: the bytes get a second name instead of a copy.
        aside = path.with_name(f"{path.name}.broken-{backups.stamp(now or datetime.now(UTC))}")
        with suppress(OSError, StateError):
            if files.is_plain(path) and (files.keep_copy(path, aside) or os.path.samefile(path, aside)):
                error.quarantine = aside
    parts = [error.text]
    if error.quarantine is not None:
        name = named(error.quarantine.name)
        parts.append(Text(f"控えを {name} に残しました。", f"A copy of it was kept as {name}."))
    if error.recoverable is not None:
        parts.append(error.recoverable.told())
    error.text = Text(" ".join(part.ja for part in parts), " ".join(part.en for part in parts))
    return error


def restore(path: Path, guides: Guides, now: datetime | None = None) -> Recovered:
    """Puts the newest good copy in the place of an unreadable session file, whose bytes are kept aside.

    Raises `SessionUnreadable` when there is no good copy or the bytes could not be kept, `CannotWrite`, `SessionBusy`.
    """
    path = files.resolve(path)
    try:
        store.load(path, guides)
    except SessionTooNew:
        raise
    except SessionUnreadable as error:
        broken = put_aside(path, error, guides, now)
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
    target = store.Store(path, good.data, None, guides)
    target.commit(good.data)
    return good
