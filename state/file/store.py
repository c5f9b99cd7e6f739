"""The session file written: the protocol that makes a save safe.

A save never writes into the file. The whole text goes into a temporary file beside it, is synced, takes the file's place in
one step, and the folder is synced; only then is anything called saved. All of it happens under the session's lock, after
reading what is there now and putting both together.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from checks.guide import Guides
from checks.record import dataclass, field
from checks.text import Text
from state.errors import CannotWrite, SessionBusy, SessionUnreadable, TakenOver, named, reason
from state.file import backups, document, files, presence
from state.file import notices as sentences
from state.file.load import understand
from state.file.lock import locked
from state.file.render import Writer
from state.file.tables import highest_rev
from state.session_data import SCHEMA, SessionData, Takeover

Merge: TypeAlias = Callable[[SessionData, SessionData, SessionData], SessionData]
"""Puts two sides together, given the state from which both started: base, ours, theirs."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a save put on the disk."""

    data: SessionData
    notices: tuple[Text, ...] = ()


@dataclass(slots=True)
class SessionFile:
    """One session file as this process knows it: the state both sides last agreed on, and its bytes."""

    path: Path
    base: SessionData
    raw: bytes | None
    """The bytes of `base` on the disk; None when there was no file."""
    guides: Guides
    """The guide of each name, by which answers are judged."""
    merge: Merge
    schema: int = SCHEMA
    """The schema of those bytes."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    writer: Writer = field(default_factory=Writer)
    known: Takeover | None = None
    """The takeover that was there when this login came, or its own: any other one makes it read only."""

    def read(self, ours: SessionData) -> Committed | None:
        """What others wrote in the meantime, put together with `ours`; None when nothing changed. Writes nothing."""
        raw = files.read(self.path, document.MAX_BYTES)
        if raw is None or raw == self.raw:
            return None
        loaded = understand(raw, self.path, self.guides)
        merged = self.merge(self.base, ours, loaded.data)
        self.base, self.raw, self.schema = loaded.data, raw, loaded.schema
        return Committed(merged, loaded.notices)

    @property
    def taken_by(self) -> Takeover | None:
        """The takeover in the file that this login does not know of or has not answered, None when there is none."""
        there = self.base.takeover
        return there if there != self.known else None

    def refuse_older_logins(self) -> None:
        """Raises `SessionBusy` while the file has an older format and a login of that version is in it, which could then no
        longer save.
        """
        if self.schema < SCHEMA and self.raw is not None:
            older = presence.of_older_version(self.path.with_name(self.path.name + ".here"))
            if older:
                raise SessionBusy(sentences.older_login(self.path, older[0]))

    def commit(self, ours: SessionData, timeout: float = 2.0) -> Committed:
        """Puts `ours`, together with what others wrote, on the disk; returns only when file and folder are synced.

        Raises `SessionBusy` when the lock cannot be had in `timeout` seconds, `CannotWrite`, `SessionTooNew`, `TakenOver`.
        After an error the old file is whole, and the next call begins anew: it reads and merges again, for the caller
        knows nothing yet of what others wrote, and takes a new temporary file.
        """
        agreed = (self.base, self.raw, self.schema)
        try:
            return self._commit(ours, timeout)
        except BaseException:
            self.base, self.raw, self.schema = agreed
            raise

    def _commit(self, ours: SessionData, timeout: float) -> Committed:
        path = self.path
        temporary = path.with_name(path.name + ".tmp")
        notices: tuple[Text, ...] = ()
        with files.as_cannot_write(path):
            if self.raw is None:
                # Only for the first save: a folder that vanished later may be a disk that was pulled out.
                files.make_folder(path.parent)
        with files.as_cannot_write(path), locked(path, timeout):
            raw = self._now_there()
            self.refuse_older_logins()
            if raw is not None and raw != self.raw:
                try:
                    loaded = understand(raw, path, self.guides)
                except SessionUnreadable as error:
                    from state.file import salvage

                    notices += (self._keep_damaged(raw, error),)
                    # What another login saved there and we have not seen yet.
                    ours = salvage.onto(ours, raw, self.guides).data
                else:
                    ours = self.merge(self.base, ours, loaded.data)
                    notices += loaded.notices
                    self.base, self.raw, self.schema = loaded.data, raw, loaded.schema
            if self.taken_by is not None and raw is not None:
                raise TakenOver(sentences.taken_over(self.taken_by), self.taken_by)
            self.writer.learn(self.base, self.raw)
            new = self.writer.bytes_of(ours)
            files.remove(temporary)
            files.write_new(temporary, new)
            try:
                notices += self._back_up(raw, ours)
                files.replace(temporary, path)
            except OSError:
                with suppress(OSError):
                    files.remove(temporary)
                raise
            # Ours from here on, also when the folder cannot be synced and nothing is called saved.
            self.base, self.raw, self.schema, self.known = ours, new, SCHEMA, ours.takeover
            files.sync_folder(path.parent)
        return Committed(ours, notices)

    def _back_up(self, raw: bytes | None, ours: SessionData) -> tuple[Text, ...]:
        """Keeps what is about to be replaced; a save does not fail with its backup, which is only told."""
        if raw is None or raw != self.raw:
            return ()
        try:
            if self.schema < SCHEMA:
                backups.keep_original(self.path, self.schema)
            if highest_rev(self.base) < highest_rev(ours):
                backups.keep(self.path, self.base)
        except (OSError, SessionUnreadable) as error:
            why = reason(error) if isinstance(error, OSError) else error.text
            return (Text(f"控えを作れませんでした。{why.ja}。", f"The backup could not be made: {why.en}."),)
        return ()

    def _now_there(self) -> bytes | None:
        try:
            return files.read(self.path, document.MAX_BYTES)
        except SessionUnreadable as error:
            # A folder, a pipe or somebody else's file took the name: nothing of ours may go in its place.
            raise CannotWrite(error.text) from error

    def _keep_damaged(self, raw: bytes, error: SessionUnreadable) -> Text:
        """Keeps the damaged file that replaced ours, before the good state in memory takes its place again."""
        copy = named(backups.keep_damaged(self.path, raw, self.now()).name)
        return Text(
            f"{error.text.ja} 壊れたファイルを {copy} に残し、画面の内容で書き直しました。",
            f"{error.text.en} It is kept as {copy} and was written anew from memory.",
        )
