"""What can still be read of a damaged session file: table by table, each valid on its own, and newer than the copy beside it.

A table counts only when it is whole: a blank line or the next header follows, it parses by itself, states its revision and
time, and says what this version could have written. Bytes after a string of several lines are not looked at, for there a
line that looks like a header may be part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TypeVar

from checks.guide import Guides
from checks.record import dataclass, replace
from state.file.decode import Invalid, decode
from state.file.document import MAX_BYTES, Malformed, Table, parse_toml
from state.session_data import MAX_HISTORY, SCHEMA, Answer, Cleared, Note, Result, SessionData, Unread, Waiver

_HEADER = re.compile(rb"\[[^\[\n]")
_SCHEMA = re.compile(rb"^schema[ \t]*=[ \t]*(\d{1,6})[ \t]*\r?$", re.MULTILINE)
_LONG_STRING = re.compile(rb"[=,\[{][ \t]*(?:\"\"\"|''')")
_ENTRIES = ("answers", "cleared", "results", "waivers", "withdrawn")

Entry = TypeVar("Entry", Answer | Unread | Cleared, Result, Note, Waiver | Cleared)


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A session with what was newer in a damaged file: so many answers (or withdrawals of one), and so much else."""

    data: SessionData
    answers: int = 0
    others: int = 0


def onto(base: SessionData, raw: bytes, guides: Guides) -> Salvaged:
    """`base` with every whole, valid entry of the damaged bytes that has a higher revision; never raises."""
    found = _read(raw, guides)
    if found is None:
        return Salvaged(base)
    given, answers = _newer(_given(base), _given(found))
    accepted, waivers = _newer(_accepted(base), _accepted(found))
    results, more = _newer(base.results, found.results)
    notes, written = _newer(base.notes, found.notes)
    others = waivers + more + written
    taken = base.takeover
    if found.takeover is not None and (taken is None or found.takeover.number > taken.number):
        taken = found.takeover
    drafts = {**base.drafts, **found.drafts}
    if not answers and not others and taken == base.takeover and drafts == base.drafts:
        return Salvaged(base)
    known = {(change.rev, change.question, change.kind) for change in base.history}
    changes = [one for one in found.history if (one.rev, one.question, one.kind) not in known]
    at = [one.at for table in found.tables() for one in table.values()]
    data = replace(
        base,
        updated=max([base.updated, *at]),
        answers={name: one for name, one in given.items() if isinstance(one, Answer)},
        unread={name: one for name, one in given.items() if isinstance(one, Unread)},
        cleared={name: one for name, one in given.items() if isinstance(one, Cleared)},
        waivers={name: one for name, one in accepted.items() if isinstance(one, Waiver)},
        withdrawn={name: one for name, one in accepted.items() if isinstance(one, Cleared)},
        results=results,
        notes=notes,
        drafts=drafts,
        takeover=taken,
        history=tuple(sorted((*base.history, *changes), key=lambda one: one.rev)[-MAX_HISTORY:]),
    )
    return Salvaged(data, answers, others)


def alone(raw: bytes, name: str, guides: Guides) -> Salvaged | None:
    """The same where there is no copy at all; None when no entry can be read."""
    try:
        session = _tables(raw, guides).get("session", {})
        base = decode({"session": session}, guides, name)
    except Invalid:
        base = decode({}, guides, name)
    found = onto(base, raw, guides)
    return found if found.answers or found.others else None


def _given(data: SessionData) -> dict[str, Answer | Unread | Cleared]:
    return {**data.cleared, **data.unread, **data.answers}


def _accepted(data: SessionData) -> dict[str, Waiver | Cleared]:
    return {**data.withdrawn, **data.waivers}


def _newer(base: Mapping[str, Entry], found: Mapping[str, Entry]) -> tuple[dict[str, Entry], int]:
    newer = {name: one for name, one in found.items() if name not in base or one.rev > base[name].rev}
    return {**base, **newer}, len(newer)


def _read(raw: bytes, guides: Guides) -> SessionData | None:
    """The whole and valid tables of the bytes as a session; None when they are of another format."""
    tables = _tables(raw, guides)
    if not tables:
        return None
    data = decode({}, guides)
    kept: Table = {}
    for key, part in tables.items():
        with suppress(Invalid):
            data = decode({**kept, key: part}, guides)
            kept[key] = part
    return replace(data, unread={})


def _tables(raw: bytes, guides: Guides) -> Table:
    """Every whole table that is valid by itself, put together; of two with the same name the one with the higher revision."""
    tables: Table = {}
    raw = raw[:MAX_BYTES].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    schema = _SCHEMA.search(raw)
    if schema is not None and int(schema[1]) != SCHEMA:
        return tables
    notes = False
    for chunk in _chunks(raw):
        try:
            parsed = parse_toml(chunk.decode("utf-8"))
        except (Malformed, UnicodeDecodeError):
            continue
        key = next(iter(parsed), "")
        part = parsed[key]
        if len(parsed) != 1 or not isinstance(part, dict):
            continue
        notes = notes or key == "notes"
        if key in _ENTRIES or (key == "note-changes" and notes):
            for name, entry in part.items():
                if _dated(entry) and _valid(key, name, entry, guides):
                    was = tables.setdefault(key, {}).get(name)
                    if was is None or was["rev"] < entry["rev"]:
                        tables[key][name] = entry
        elif key == "drafts":
            tables.setdefault(key, {}).update(part)
        elif key in ("session", "takeover", "notes", "history"):
            tables.setdefault(key, part)
    # A text without its revision cannot be told from an older one.
    changes = tables.get("note-changes", {})
    if "notes" in tables:
        tables["notes"] = {name: text for name, text in tables["notes"].items() if name in changes}
    return tables


def _chunks(raw: bytes) -> Iterator[bytes]:
    """The pieces of a file that begin with a header and are followed by something that shows that they are whole."""
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


def _valid(key: str, name: str, entry: Table, guides: Guides) -> bool:
    try:
        decode({key: {name: entry}} | ({"notes": {name: ""}} if key == "note-changes" else {}), guides)
    except Invalid:
        return False
    return True
