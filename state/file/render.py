"""The text of a session file: our layout, tomli-w's notation for every single value.

Each entry is a text of its own. One that was proved by reading it back is not made again, so that a save costs what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from checks.text import Text
from state.errors import CannotWrite
from state.file import document
from state.file.entry_types import EntryType, TomlTable
from state.file.tables import (
    CLEARED,
    KNOWN,
    PC,
    RESULTS,
    SESSION,
    TABLES,
    TAKEOVER,
    UI,
    highest_rev,
    row_lists,
    row_table,
)
from state.session_data import MAX_REV, Conflict, SessionData, UndoStep, Unread

if TYPE_CHECKING:
    from state.file.known_text import KnownText

HEAD = """\
# oss-junbi のセッションファイルです。UTF-8で手で直せます。[end] の answers は [answers] の数です。
# パスワードや暗証番号は書かれていません。書かないでください。
# A session of oss-junbi. It may be edited by hand, in UTF-8; "answers" in [end] counts the entries of [answers].
# It holds no password and no PIN. Write none into it.
"""
_HEAD_OF_RECORD = HEAD.replace("セッションファイル", "PCの記録").replace(
    "A session of oss-junbi", "What oss-junbi knows of a PC"
)


class Writer:
    """Makes the bytes of a session, remembering the proved texts of the last time."""

    def __init__(self) -> None:
        self._old: KnownText | None = None
        self._new: KnownText = {}

    def learn(self, data: SessionData, raw: bytes | None) -> None:
        """Before the first save: what is on the disk, and the session that was read from it."""
        if self._old is None and raw is not None:
            from state.file.known_text import known_text

            self._old = known_text(data, raw)

    def bytes_of(self, data: SessionData) -> bytes:
        """The bytes of a session file, with end table and checksum.

        Raises `CannotWrite` when something does not read back as what was meant, or the file would be larger than we
        would read; nothing has been touched then.
        """
        if highest_rev(data) > MAX_REV:
            raise CannotWrite(_NOT_SAME)  # a file with such numbers would not be read again
        self._new = {}
        raw = document.seal("\n".join(self._parts(data)) + "\n")
        if len(raw) > document.MAX_BYTES:
            raise CannotWrite(_TOO_LARGE)
        self._old = self._new
        return raw

    def _parts(self, data: SessionData) -> Iterator[str]:
        unknown = {key: value for key, value in data.extra.items() if key not in KNOWN}
        tables = [text for key in unknown if (text := _plain({key: unknown[key]})).startswith("[")]
        loose = {key: value for key, value in unknown.items() if not _plain({key: value}).startswith("[")}
        yield HEAD if data.pc is None else _HEAD_OF_RECORD
        yield self._whole({"schema": data.schema} | loose)
        head = {key.name: getattr(data, key.name) for key in SESSION.keys}
        head |= PC.write(data.pc) if data.pc is not None else {}
        yield self._whole({"session" if data.pc is None else "pc": head | dict(data.session_extra)})
        if data.takeover is not None:
            yield self._whole({"takeover": TAKEOVER.write(data.takeover)})
        for table in TABLES:
            for name, type_, entries in table.headed(data):
                for id_ in sorted(entries):
                    yield self._entry(name, id_, entries[id_], type_)
        for table in TABLES:
            if table.stamps:
                texts = sorted(getattr(data, table.name).items())
                yield from self._filled(table.name, {id_: entry.text for id_, entry in texts if entry.text})
                yield from self._filled(table.stamps, {id_: CLEARED.write(entry) for id_, entry in texts})
        yield from self._filled("ui", UI.write(data.ui))
        for name, lists in row_lists(data).items():
            yield from self._lists(name, lists, _beside(data, name))
        yield from tables
        yield self._whole({"end": {"answers": len(data.answers) + len(data.unread), **_beside(data, "end")}})

    def _entry(self, name: str, id_: str, entry: Any, type_: EntryType) -> str:
        def make() -> str:
            return _entry(name, id_, dict(entry.entry) if isinstance(entry, Unread) else type_.write(entry))

        return self._once(name, id_, entry, make)

    def _lists(self, name: str, lists: Mapping[str, tuple[Any, ...]], rest: TomlTable) -> Iterator[str]:
        if not any(lists.values()) and not rest:
            return
        first, *_ = lists
        lists = {key: rows for key, rows in lists.items() if rows or key == first}
        text = self._whole({name: {key: [] for key in lists} | rest})
        for key, rows in lists.items():
            lines = [self._once(name, f"{key} {at}", row, partial(_row, row)) for at, row in enumerate(rows)]
            text = text.replace(f"{key} = []\n", f"{key} = [\n{''.join(lines)}]\n", 1)
        yield text

    def _filled(self, name: str, table: TomlTable) -> Iterator[str]:
        """A table that is written as a whole, unless it is empty."""
        if table:
            yield self._whole({name: table})

    def _whole(self, table: TomlTable) -> str:
        """Tables that are written as a whole; the same ones are not made again."""
        where = ("", next(iter(table)))
        known = (self._old or {}).get(where)
        text = known[1] if known is not None and document.same(known[0], table) else _plain(table)
        self._new[where] = (table, text)
        return text

    def _once(self, name: str, key: str, entry: object, make: Callable[[], str]) -> str:
        known = (self._old or {}).get((name, key))
        text = known[1] if known is not None and known[0] is entry else make()
        self._new[name, key] = (entry, text)
        return text


def _beside(data: SessionData, key: str) -> TomlTable:
    """The unknown keys in one of our own tables."""
    value = data.extra.get(key)
    return dict(value) if isinstance(value, Mapping) else {}


_TOO_LARGE = Text(
    "セッションが大きくなりすぎたため保存できません (上限1 MiB)。長いメモを減らしてください。",
    "The session has grown too large to be saved (limit 1 MiB). Please shorten long notes.",
)
_NOT_SAME = Text(
    "書き込む内容を読み戻して確かめたところ一致しませんでした。ファイルには触れていません。",
    "What was to be written did not read back the same. The file has not been touched.",
)


def _prove(text: str, meant: TomlTable) -> str:
    import tomllib

    try:
        text.encode("utf-8")
        good = document.same(tomllib.loads(text), meant)
    except (ValueError, RecursionError):
        good = False
    if not good:
        raise CannotWrite(_NOT_SAME)
    return text


class _Utc(datetime):
    """A time that is written as in RFC 3339 with a Z."""

    def __str__(self) -> str:
        text = self.isoformat()
        return text[: -len("+00:00")] + "Z" if text.endswith("+00:00") else text


def _dumps(table: TomlTable) -> str:
    import tomli_w

    return tomli_w.dumps(_with_z(table))


def _with_z(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_z(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_z(item) for item in value]
    if isinstance(value, datetime) and value.tzinfo is not None:
        return _Utc.combine(value.date(), value.timetz())
    return value


def _plain(table: TomlTable) -> str:
    return _prove(_dumps(table), table)


def _entry(name: str, id_: str, table: TomlTable) -> str:
    """One entry under its own header, the values of a finding on one line."""
    values = table.get("values")
    if name != RESULTS.name or not values:
        return _plain({name: {id_: table}})
    text = _dumps({name: {id_: {key: value for key, value in table.items() if key != "values"}}})
    header, outcome, code, rest = text.split("\n", 3)
    lines = (header, outcome, code, f"values = {_inline(values)}", rest)
    return _prove("\n".join(lines), {name: {id_: table}})


def _row(row: UndoStep | Conflict) -> str:
    table = row_table(row)
    line = _inline(table)
    _prove(f"row = {line}\n", {"row": table})
    return f"    {line},\n"


def _inline(value: object) -> str:
    """A value on one line, as it may stand in a list or an inline table."""
    if isinstance(value, Mapping):
        pairs = (f"{_dumps({key: 0})[:-5]} = {_inline(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return _dumps({"v": value})[4:-1]
