"""What can still be read of a damaged session file: table by table, each valid on its own, and newer than the copy beside it.

A table counts only when it is whole: a blank line or the next header follows, it parses by itself, states its revision and
time, and says what this version could have written. Bytes after a string of several lines are not looked at, for there a
line that looks like a header may be part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.guide import Guides
from checks.record import dataclass, replace
from state.file.decode import decode, decode_valid
from state.file.document import MAX_BYTES, NotToml, parse_toml
from state.file.entry_types import Invalid, TomlTable
from state.file.migrate import SAME_TABLES
from state.file.tables import ANSWERS, TABLES
from state.session_data import MAX_HISTORY, SessionData, Unread

_HEADER = re.compile(rb"\[[^\[\n]")
_SCHEMA = re.compile(rb"^schema[ \t]*=[ \t]*(\d{1,6})[ \t]*\r?$", re.MULTILINE)
_LONG_STRING = re.compile(rb"[=,\[{][ \t]*(?:\"\"\"|''')")
_DATED = {
    name for table in TABLES if table.dated and not table.stamps for name in (table.name, table.tombstones)
}
_STAMPS = {table.stamps: table.name for table in TABLES if table.stamps}
_UNDATED = {table.name for table in TABLES if not table.dated}


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A session with what was newer in a damaged file: so many answers (or withdrawals of one), and so much else."""

    data: SessionData
    answers: int = 0
    others: int = 0


def onto(base: SessionData, raw: bytes, guides: Guides) -> Salvaged:
    """`base` with every whole, valid entry of the damaged bytes that has a higher revision; never raises."""
    tables = _tables(raw, guides)
    if not tables:
        return Salvaged(base)
    damaged = decode_valid(tables, guides)
    fields: dict[str, Any] = {}
    counts: dict[str, int] = {}
    dates = [base.updated]
    for table in TABLES:
        ours, theirs = table.statements(base), table.statements(damaged)
        theirs = {id_: entry for id_, entry in theirs.items() if not isinstance(entry, Unread)}
        if table.dated:
            dates += [entry.at for entry in theirs.values()]
            theirs = {id_: one for id_, one in theirs.items() if id_ not in ours or one.rev > ours[id_].rev}
            counts[table.name] = len(theirs)
        fields |= table.fields(ours | theirs)
    taken = max(filter(None, (base.takeover, damaged.takeover)), key=lambda one: one.number, default=None)
    fields["takeover"] = taken
    if all(getattr(base, name) == value for name, value in fields.items()):
        return Salvaged(base)
    known = {(step.rev, step.question, step.kind) for step in base.history}
    steps = [step for step in damaged.history if (step.rev, step.question, step.kind) not in known]
    history = tuple(sorted((*base.history, *steps), key=lambda step: step.rev)[-MAX_HISTORY:])
    data = replace(base, updated=max(dates), history=history, **fields)
    answers = counts.pop(ANSWERS.name)
    return Salvaged(data, answers, sum(counts.values()))


def alone(raw: bytes, name: str, guides: Guides) -> Salvaged | None:
    """The same where there is no copy at all; None when no entry can be read."""
    try:
        head = {key: part for key, part in _tables(raw, guides).items() if key in ("session", "pc")}
        base = decode(head, guides, name)
    except Invalid:
        base = decode({}, guides, name)
    salvaged = onto(base, raw, guides)
    return salvaged if salvaged.answers or salvaged.others else None


def _tables(raw: bytes, guides: Guides) -> TomlTable:
    """Every whole table that is valid by itself, put together; of two with the same name the one with the higher revision."""
    tables: TomlTable = {}
    raw = raw[:MAX_BYTES].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    schema = _SCHEMA.search(raw)
    if schema is not None and int(schema[1]) not in SAME_TABLES:
        return tables
    for chunk in _chunks(raw):
        try:
            parsed = parse_toml(chunk.decode("utf-8"))
        except (NotToml, UnicodeDecodeError):
            continue
        key = next(iter(parsed), "")
        part = parsed[key]
        if len(parsed) != 1 or not isinstance(part, dict):
            continue
        if key in _DATED or _STAMPS.get(key) in tables:
            for id_, entry in part.items():
                if _dated(entry) and _valid(key, id_, entry, guides):
                    was = tables.setdefault(key, {}).get(id_)
                    if was is None or was["rev"] < entry["rev"]:
                        tables[key][id_] = entry
        elif key in _UNDATED:
            tables.setdefault(key, {}).update(part)
        elif key in ("session", "pc", "takeover", "history", *_STAMPS.values()):
            tables.setdefault(key, part)
    # A text without its revision cannot be told from an older one.
    for stamps, texts in _STAMPS.items():
        if texts in tables:
            changed = tables.get(stamps, {})
            tables[texts] = {id_: text for id_, text in tables[texts].items() if id_ in changed}
    return tables


def _chunks(raw: bytes) -> Iterator[bytes]:
    """The parts of a file that begin with a header and are followed by something that shows that they are whole."""
    lines = raw.split(b"\n")
    begun: int | None = None
    for at, line in enumerate(lines[:-1]):  # the last one is cut, or empty
        if _LONG_STRING.search(line):
            return
        ends = not line.strip() or _HEADER.match(line) is not None
        if ends and begun is not None:
            yield b"\n".join(lines[begun:at]) + b"\n"
            begun = None
        if _HEADER.match(line):
            begun = at


def _dated(entry: object) -> bool:
    return isinstance(entry, dict) and "rev" in entry and "at" in entry


def _valid(key: str, id_: str, entry: TomlTable, guides: Guides) -> bool:
    try:
        decode({key: {id_: entry}}, guides)
    except Invalid:
        return False
    return True
