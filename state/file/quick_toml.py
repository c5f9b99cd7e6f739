"""TOML in the layout that we write ourselves, read in a tenth of the time that `tomllib` takes.

It knows one statement a line, tables one level deep, and plain values. Whatever else it meets goes to `tomllib`: a single
statement where it stands alone, else the whole text. What it gives is the same as what `tomllib` gives; a test holds both to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, TypeAlias

_KEY = r'(?:[A-Za-z0-9_-]+|"[^"\\\x00-\x1f\x7f]*")'
_VALUE = (
    r'(?:"([^"\\\x00-\x1f\x7f]*)"'
    r"|([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z)"
    r"|([0-9]{4}-[0-9]{2}-[0-9]{2})|(0|[1-9][0-9]{0,17})|(true|false))"
)
_PAIR = re.compile(rf"({_KEY}) = {_VALUE}")
_ITEM = re.compile(rf"    {_VALUE},")
_ROW = re.compile(r"    (\{ .* \}),")
_HEADER = re.compile(rf"\[({_KEY})(?:\.({_KEY}))?\]")
_COMMENT = re.compile(r"#[^\x00-\x08\x0a-\x1f\x7f]*")
_BEGIN = re.compile(rf"({_KEY}) = (.*)")

_DOTS = 100
"""More dots than this may be a key of endless depth, which the careful reader knows to refuse."""

Table: TypeAlias = dict[str, Any]


class _Unknown(Exception):
    """Nothing that is read here."""


def loads(text: str) -> Table | None:
    """The tables of a text in our layout; None when it has another layout or is no TOML."""
    if "\r" in text:
        return None
    try:
        return _tables(iter(text.split("\n")))
    except (_Unknown, ValueError, RecursionError):
        return None


def _tables(lines: Iterator[str]) -> Table:
    root: Table = {}
    opened: dict[str, Table] = {}
    table = root
    pair = _PAIR.fullmatch
    for line in lines:
        if not line:
            continue
        found = pair(line)
        if found is not None:
            key, value = _name(found[1]), _value(found)
        elif line[0] == "[":
            table = _opened(line, root, opened)
            continue
        elif line[0] == "#":
            if _COMMENT.fullmatch(line) is None:
                raise _Unknown
            continue
        else:
            key, value = _statement(line, lines)
        if key in table:
            raise _Unknown
        table[key] = value
    return root


def _opened(line: str, root: Table, opened: dict[str, Table]) -> Table:
    """The table that a header opens; one that was there before is not for us to judge."""
    found = _HEADER.fullmatch(line)
    if found is None:
        raise _Unknown
    first = _name(found[1])
    if found[2] is None:
        if first in root:
            raise _Unknown
        root[first] = opened[first] = {}
        return opened[first]
    if first not in opened:
        if first in root:
            raise _Unknown
        root[first] = opened[first] = {}
    second = _name(found[2])
    if second in opened[first]:
        raise _Unknown
    made: Table = {}
    opened[first][second] = made
    return made


def _statement(line: str, lines: Iterator[str]) -> tuple[str, Any]:
    """A key with something larger: an inline table, a list over several lines, a text with escapes."""
    found = _BEGIN.fullmatch(line)
    if found is None:
        raise _Unknown
    key = _name(found[1])
    if found[2] == "[":
        return key, _list(lines)
    if found[2].startswith("{ "):
        return key, _inline(found[2])
    return key, _alone(f"v = {found[2]}")


def _alone(text: str) -> Any:
    import tomllib

    # A text on one line has no keys in it, whatever it says.
    if not text.startswith('v = "') and text.count(".") > _DOTS:
        raise _Unknown
    tables = tomllib.loads(text)
    if tables.keys() != {"v"}:
        raise _Unknown
    return tables["v"]


def _list(lines: Iterator[str]) -> list[Any]:
    items: list[Any] = []
    for line in lines:
        if line == "]":
            return items
        found = _ITEM.fullmatch(line)
        if found is not None:
            items.append(_value(found, 1))
            continue
        found = _ROW.fullmatch(line)
        if found is not None:
            items.append(_inline(found[1]))
        elif line.startswith('    "') and line.endswith(","):
            items.append(_alone(f"v = {line[4:-1]}"))
        else:
            raise _Unknown
    raise _Unknown


def _inline(text: str) -> Table:
    """A table on one line: read here when all its values are plain."""
    table: Table = {}
    at, end = 2, len(text) - 2
    while found := _PAIR.match(text, at, end):
        key = _name(found[1])
        if key in table:
            raise _Unknown
        table[key] = _value(found)
        at = found.end()
        if at == end and text.endswith(" }"):
            return table
        if not text.startswith(", ", at):
            break
        at += 2
    made = _alone(f"v = {text}")
    if not isinstance(made, dict):
        raise _Unknown
    return made


def _name(key: str) -> str:
    return key[1:-1] if key[0] == '"' else key


def _value(found: re.Match[str], text: int = 2) -> str | int | date:
    kind = found.lastindex
    assert kind is not None
    given: str = found[kind]
    if kind == text:
        return given
    if kind == text + 1:
        return datetime.fromisoformat(given)
    if kind == text + 2:
        return date.fromisoformat(given)
    return int(given) if kind == text + 3 else given == "true"
