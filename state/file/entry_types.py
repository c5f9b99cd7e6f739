"""How an entry of a table is read and written, key by key: what may stand there, what holds where nothing does.

What is absent gets its default and what is unknown is kept. Whatever is present and wrong is refused with its place,
because guessing at it could cost somebody an application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from checks.model import Json
from checks.record import dataclass, replace
from checks.rules.conditions import Value
from checks.rules.dates import FIRST_YEAR, LAST_YEAR
from checks.shown import show
from checks.text import Text
from state.session_data import EPOCH, MAX_REV

TomlTable: TypeAlias = dict[str, Any]
"""A table of a TOML file as plain values."""
KeyPath: TypeAlias = tuple[str, ...]

REQUIRED: Any = object()
"""The default of a key that must be there."""
TIME_OF_FILE: Any = object()
"""The default of a time that nobody wrote down: that of the file's last change."""


class Invalid(Exception):
    """A value in the file is not what it must be: the key's place and what is expected."""

    def __init__(self, path: KeyPath, why: Text) -> None:
        super().__init__(why.en)
        self.path = path
        self.why = why

    @property
    def key(self) -> str:
        """The key as it may be shown."""
        return show(".".join(part if part.isidentifier() else f'"{part}"' for part in self.path), 160)


def as_table(value: object, path: KeyPath) -> TomlTable:
    """A copy of a table; raises `Invalid` for anything else."""
    if not isinstance(value, dict):
        raise Invalid(path, Text("表 (テーブル) が必要です", "a table is expected"))
    return dict(value)


@dataclass(frozen=True, slots=True)
class EntryKey:
    """One key of an entry, and of the record that holds it."""

    name: str
    read: Callable[[Any], Any]
    """The value meant, None when it is none; may raise `ValueError` or `OverflowError`."""
    expected: Text
    default: Any = REQUIRED
    sparse: bool = False
    """Not written where it has its default."""

    def take(self, table: TomlTable, path: KeyPath, at: datetime = EPOCH) -> Any:
        """Takes the value out of a table; raises `Invalid`."""
        path = (*path, self.name)
        if self.name not in table:
            if self.default is REQUIRED:
                raise Invalid(path, Text("必要な項目がありません", "a required key is missing"))
            return at if self.default is TIME_OF_FILE else self.default
        try:
            value = self.read(table.pop(self.name))
        except (ValueError, OverflowError):
            value = None
        if value is None:
            raise Invalid(path, self.expected)
        return value


@dataclass(frozen=True, slots=True)
class EntryType:
    """The entries of a table: the record that holds one, and its keys in the order in which they are written."""

    record: Any
    keys: tuple[EntryKey, ...]

    def read(self, value: object, path: KeyPath, at: datetime = EPOCH) -> Any:
        """The entry in a table; `at` is the time of the file. Raises `Invalid`."""
        rest = as_table(value, path)
        known = {key.name: key.take(rest, path, at) for key in self.keys}
        return self.record(**known, extra=rest)

    def write(self, entry: Any) -> TomlTable:
        """The entry as a table."""
        return self._table(entry, self.keys) | dict(getattr(entry, "extra", {}))

    # What the history keeps of an entry: the same without its time and revision.

    def bare(self, entry: Any) -> Any:
        """The entry at no time, as the history keeps it."""
        return replace(entry, at=EPOCH, rev=0, extra={})

    def read_bare(self, value: object, path: KeyPath) -> Any:
        """Such an entry in a table; raises `Invalid`."""
        table = as_table(value, path)
        return self.bare(self.read(table | {"at": EPOCH, "rev": 0}, path))

    def write_bare(self, entry: Any) -> TomlTable:
        """Such an entry as a table."""
        return self._table(entry, [key for key in self.keys if key not in (AT, REV)])

    def _table(self, entry: Any, keys: Iterable[EntryKey]) -> TomlTable:
        values = ((key, getattr(entry, key.name)) for key in keys)
        return {key.name: _plain(value) for key, value in values if not key.sparse or value != key.default}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


# What keys may hold.

A_VALUE = Text(
    '文字列 (例 "yes") または1926年から2099年までの日付 (例 2026-11-22) が必要です',
    'a string (as "yes") or a date from 1926 to 2099 (as 2026-11-22) is expected',
)
_A_TEXT = Text("文字列が必要です", "a string is expected")
_A_NUMBER = Text("0以上の整数が必要です", "a whole number from 0 is expected")
_A_TIME = Text(
    "時差つきの日時が必要です (例 2026-11-22T01:00:00Z)",
    "a date and time with its zone is expected (as 2026-11-22T01:00:00Z)",
)
_A_DAY = Text("日付 (例 2026-11-22) が必要です", "a date (as 2026-11-22) is expected")
_STRINGS = Text("文字列の並びが必要です", "a list of strings is expected")
_FACTS = Text(
    "文字列・整数・真偽値の表が必要です", "a table of strings, whole numbers and booleans is expected"
)
_A_FLAG = Text("trueかfalseが必要です", "true or false is expected")


def text(name: str, default: Any = "", *, sparse: bool = False) -> EntryKey:
    """A key that holds a string."""
    return EntryKey(name, _str, _A_TEXT, default, sparse)


def number(name: str, default: Any = 0, *, sparse: bool = False) -> EntryKey:
    """A key that holds a whole number from 0."""
    return EntryKey(name, _number, _A_NUMBER, default, sparse)


def time(name: str) -> EntryKey:
    """A key that holds a time with its zone."""
    return EntryKey(name, _time, _A_TIME, TIME_OF_FILE)


def day(name: str) -> EntryKey:
    """A key that holds a day, written as a date or in any form in which a day can be typed."""
    return EntryKey(name, _any_day, _A_DAY)


def value(name: str, default: Any = REQUIRED, *, sparse: bool = False) -> EntryKey:
    """A key that holds what can be an answer."""
    return EntryKey(name, as_value, A_VALUE, default, sparse)


def strings(name: str) -> EntryKey:
    """A key that holds a list of strings, left out when it is empty."""
    return EntryKey(name, _strings, _STRINGS, (), True)


def facts(name: str) -> EntryKey:
    """A key that holds the values of a finding, left out when there are none."""
    return EntryKey(name, _facts, _FACTS, {}, True)


def flag(name: str) -> EntryKey:
    """A key that holds true, left out when it is false."""
    return EntryKey(name, lambda raw: raw if isinstance(raw, bool) else None, _A_FLAG, False, True)


def choice(
    name: str, choices: Iterable[str], default: Any = REQUIRED, *, made: Any = str, sparse: bool = False
) -> EntryKey:
    """A key that holds one of these words; `made` gives the value that it stands for."""
    words = tuple(choices)
    names = " / ".join(words)
    expected = Text(f"{names} のどれかが必要です", f"one of {names} is expected")
    return EntryKey(name, lambda word: made(word) if word in words else None, expected, default, sparse)


def as_value(raw: object) -> Value | None:
    """What can be an answer, None for anything else."""
    return raw if isinstance(raw, str) else _day(raw)


def _str(raw: object) -> str | None:
    return raw if isinstance(raw, str) else None


def _number(raw: object) -> int | None:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= MAX_REV else None


def _time(raw: object) -> datetime | None:
    return raw.astimezone(UTC) if isinstance(raw, datetime) and raw.tzinfo is not None else None


def _day(raw: object) -> date | None:
    # As when it is typed: rules look months away from a day, which must not lead out of the calendar.
    if isinstance(raw, date) and not isinstance(raw, datetime) and FIRST_YEAR <= raw.year <= LAST_YEAR:
        return raw
    return None


def _any_day(raw: object) -> date | None:
    if not isinstance(raw, str):
        return _day(raw)
    from checks.rules.dates import parse_day

    return parse_day(raw)


def _strings(raw: object) -> tuple[str, ...] | None:
    if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
        return tuple(raw)
    return None


def _facts(raw: object) -> dict[str, Json] | None:
    if isinstance(raw, dict) and all(isinstance(item, str | int | bool) for item in raw.values()):
        return dict(raw)
    return None


AT = time("at")
REV = number("rev")
