"""The session file: reading it with a diagnosis, and the protocol that makes a save safe.

A save never writes into the file. The whole text goes into a temporary file beside it, is synced, takes the file's place in
one step, and the folder is synced; only then is anything called saved. All of it happens under the session's lock, after
reading what is there now and putting both together.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from checks.record import dataclass, field, replace
from checks.text import Text
from state import backups, document, encode, files
from state.decode import Invalid, decode
from state.document import Malformed
from state.errors import CannotWrite, SessionTooNew, SessionUnreadable, named, reason
from state.lock import locked
from state.merge import merge
from state.migrate import migrate
from state.model import EPOCH, SCHEMA, SessionData
from state.render import Writer


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session as it was read."""

    data: SessionData
    raw: bytes
    notices: tuple[Text, ...] = ()
    schema: int = SCHEMA
    """The schema of the file itself: lower when it was migrated, higher when it can only be looked at."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a save put on the disk."""

    data: SessionData
    raw: bytes
    notices: tuple[Text, ...] = ()


def understand(raw: bytes, path: Path, *, newer: bool = False, encoding: str = "utf-8") -> Loaded:
    """The session in these bytes; `path` is for the messages.

    Raises `SessionUnreadable` with file, key and line, `SessionTooNew` unless `newer` asks for what can be understood of it.
    """
    try:
        parsed = document.parse(raw, encoding)
    except Malformed as error:
        raise _diagnosis(path, error.why, error.line) from None
    schema = _schema(parsed, path)
    where = named(path)
    if schema > SCHEMA:
        notice = Text(
            f"{where} は新しい版 (形式{schema}) が書いたファイルのため、見るだけで開きます。変更するには新しい版を使ってください。",
            f"{where} was written by a newer version (format {schema}). It can be looked at only; "
            "use the newer version to change it.",
        )
        if not newer:
            raise SessionTooNew(
                Text(
                    f"{where} は新しい版 (形式{schema}) が書いたファイルです。この版は形式{SCHEMA}までのため、変更せずに終わります。",
                    f"{where} was written by a newer version (format {schema}); this version knows formats up to {SCHEMA} "
                    "and leaves it untouched.",
                ),
                schema,
            )
        return Loaded(_as_far_as_known(parsed.tables, path), raw, (notice,), schema)
    if parsed.whole == "cut":
        last = parsed.text.rstrip("\n").count("\n") + 1
        raise _diagnosis(
            path,
            Text(
                "終わりの部分がありません。途中で切れたファイルのようです ([end] に answers = 数 が必要です)",
                'the end is missing; the file seems to be cut ([end] with "answers = number" is needed)',
            ),
            last,
            "end",
        )
    try:
        tables = migrate(parsed.tables, schema)
        data = decode(tables, path.name.removesuffix(".toml"))
    except Invalid as error:
        raise _diagnosis(path, error.why, document.line_of(parsed.text, error.path), error.key) from None
    return Loaded(data, raw, _notices(parsed, data, schema, where), schema)


def _schema(parsed: document.Document, path: Path) -> int:
    schema = parsed.tables.get("schema")
    if schema is None:
        raise _diagnosis(
            path,
            Text(
                "oss-junbiのセッションではありません (schema がありません)",
                "it is no session of oss-junbi (schema is missing)",
            ),
            1,
            "schema",
        )
    if not isinstance(schema, int) or isinstance(schema, bool) or not 0 <= schema < 10**6:
        line = document.line_of(parsed.text, ("schema",))
        raise _diagnosis(
            path, Text("0以上の整数が必要です", "a whole number from 0 is expected"), line, "schema"
        )
    return schema


def _notices(parsed: document.Document, data: SessionData, schema: int, where: str) -> tuple[Text, ...]:
    if schema < SCHEMA:
        return (
            Text(
                f"{where} は古い形式{schema}のため、次の保存で形式{SCHEMA}に直します。元のファイルは残します。",
                f"{where} has the older format {schema}; the next save brings it to format {SCHEMA}. The original is kept.",
            ),
        )
    if parsed.whole == "whole":
        return ()
    if parsed.stated is not None and parsed.stated != len(data.answers):
        return (
            Text(
                f"{where} は手で直されたか壊れています (回答は{parsed.stated}件のはずが{len(data.answers)}件)。内容を確かめてください。",
                f"{where} was edited by hand or damaged ({len(data.answers)} answers instead of {parsed.stated}). "
                "Please look through the answers.",
            ),
        )
    return (
        Text(
            f"{where} は手で直されたようです。読める内容なので、そのまま受け入れました。",
            f"{where} seems to have been edited by hand. It is valid and was accepted.",
        ),
    )


def _diagnosis(path: Path, why: Text, line: int | None, key: str = "") -> SessionUnreadable:
    where = named(path)
    ja, en = where, where
    if line is not None:
        ja, en = f"{ja} の{line}行目", f"{en}, line {line}"
    if key:
        ja, en = f"{ja} ({key})", f"{en} ({key})"
    text = Text(
        f"{ja}: {why.ja}。セッションを開けません。ファイルはそのまま残します。",
        f"{en}: {why.en}. The session cannot be opened; the file is left as it is.",
    )
    return SessionUnreadable(text, line=line, key=key)


def _as_far_as_known(tables: document.Table, path: Path) -> SessionData:
    """What can be shown of a newer file: entry by entry, what we cannot read is left out."""
    name = path.name.removesuffix(".toml")
    data = SessionData(name=name, created=EPOCH, updated=EPOCH, app="")
    known: document.Table = {}
    for key in encode.KNOWN[1:-1]:
        part = tables.get(key)
        with suppress(Invalid):
            if part is not None:
                data = decode({**known, key: part}, name)
                known[key] = part
            continue
        if isinstance(part, dict):
            known[key] = {}
            for each, entry in part.items():
                with suppress(Invalid):
                    data = decode({**known, key: {**known[key], each: entry}}, name)
                    known[key][each] = entry
    return replace(data, schema=tables["schema"])


def load(path: Path, *, newer: bool = False) -> Loaded | None:
    """The session in a file, None when there is no file; raises `SessionUnreadable`, `SessionTooNew`."""
    raw = files.read(path, document.MAX_BYTES)
    return None if raw is None else understand(raw, path, newer=newer)


@dataclass(slots=True)
class Store:
    """One session file as this process knows it: the state both sides last agreed on, and its bytes."""

    path: Path
    base: SessionData
    raw: bytes | None
    """The bytes of `base` on the disk; None when there was no file."""
    schema: int = SCHEMA
    """The schema of those bytes."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    writer: Writer = field(default_factory=Writer)

    def read(self, ours: SessionData) -> Committed | None:
        """What others wrote in the meantime, put together with `ours`; None when nothing changed. Writes nothing."""
        raw = files.read(self.path, document.MAX_BYTES)
        if raw is None or raw == self.raw:
            return None
        loaded = understand(raw, self.path)
        merged = merge(self.base, ours, loaded.data)
        self.base, self.raw, self.schema = loaded.data, raw, loaded.schema
        return Committed(merged, raw, loaded.notices)

    def commit(self, ours: SessionData, timeout: float = 2.0) -> Committed:
        """Puts `ours`, together with what others wrote, on the disk; returns only when file and folder are synced.

        Raises `SessionBusy` when the lock cannot be had in `timeout` seconds, `CannotWrite`, `SessionTooNew`. After an
        error the old file is whole, and the next call begins anew with a new temporary file.
        """
        path = self.path
        temporary = path.with_name(path.name + ".tmp")
        notices: tuple[Text, ...] = ()
        with files.as_cannot_write(path):
            if self.raw is None:
                # Only for the first save: a folder that vanished later may be a disk that was pulled out.
                files.make_folder(path.parent)
        with files.as_cannot_write(path), locked(path, timeout):
            raw = self._now_there()
            if raw is not None and raw != self.raw:
                try:
                    loaded = understand(raw, path)
                except SessionUnreadable as error:
                    notices += (self._set_aside(raw, error),)
                else:
                    ours = merge(self.base, ours, loaded.data)
                    notices += loaded.notices
                    self.base, self.raw, self.schema = loaded.data, raw, loaded.schema
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
            # From here on this is what is there, also when the folder cannot be synced and nothing is called saved.
            self.base, self.raw, self.schema = ours, new, SCHEMA
            files.sync_folder(path.parent)
        return Committed(ours, new, notices)

    def tidy(self) -> None:
        """Takes away backups above the ten that are kept; for after a save."""
        backups.thin(self.path)

    def _back_up(self, raw: bytes | None, ours: SessionData) -> tuple[Text, ...]:
        """Keeps what is about to be replaced; a save is worth more than its backup, so a failure is only told."""
        if raw is None or raw != self.raw:
            return ()
        try:
            if self.schema < SCHEMA:
                backups.keep_original(self.path, self.schema)
            if self.base.top() < ours.top():
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

    def _set_aside(self, raw: bytes, error: SessionUnreadable) -> Text:
        """Keeps the damaged file that replaced ours, before the good state in memory takes its place again."""
        aside = backups.set_aside(self.path, raw, self.now())
        return Text(
            f"{error.text.ja} 壊れたファイルを {named(aside.name)} に残し、画面の内容で書き直しました。",
            f"{error.text.en} It is kept as {named(aside.name)} and was written anew from memory.",
        )
