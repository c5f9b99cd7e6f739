"""From the plain tables of a session file to the session, by the description in `tables.py`.

An answer passes the same door as one that is typed; one that is none is kept and counts as not given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from heapq import merge
from typing import Any

from checks import FIRST_GUIDE
from checks.guide import Guide, GuideError, Guides
from checks.record import replace
from checks.rules.conditions import Value
from checks.text import Text
from state.file.entry_types import (
    A_VALUE,
    AT,
    REV,
    Invalid,
    KeyPath,
    TomlTable,
    as_table,
    as_value,
    choice,
    text,
)
from state.file.tables import (
    ANSWERS,
    CLEARED,
    CONFLICT,
    KNOWN,
    NOTES,
    PC,
    SESSION,
    TABLES,
    TAKEOVER,
    UI,
    UNDO_STEP,
    UNDOABLE,
    WAIVERS,
    Table,
)
from state.session_data import EPOCH, SCHEMA, Answer, SessionData, SessionNote, Takeover, Ui, UndoStep, Unread

_TWO_HEADS = Text(
    "[session] と [pc] の両方があります。どちらか一つだけにしてください",
    "[session] and [pc] are both there; a file has one of them",
)


def decode(tables: TomlTable, guides: Guides, name: str = "") -> SessionData:
    """The session in the tables of a file of our schema; raises `Invalid` with the place of the first wrong value.

    Its answers are judged by the guide that it names. `name` stands in where a file made by hand does not say its own.
    """
    top = as_table(tables, ())
    head_name = "pc" if "pc" in top else "session"
    if {"pc", "session"} <= top.keys():
        raise Invalid(("pc",), _TWO_HEADS)
    session: TomlTable = {"name": name} | as_table(top.pop(head_name, {}), (head_name,))
    session.setdefault("updated", session.get("created", EPOCH))
    head = SESSION.read(session, (head_name,))
    session_extra = head.pop("extra")
    if head_name == "pc":
        fields_of_pc = {key.name: session_extra.pop(key.name) for key in PC.keys if key.name in session_extra}
        head["pc"] = PC.read(fields_of_pc, ("pc",), head["updated"])
    guide = _guide(session_extra, guides)
    fields: dict[str, Any] = {"schema": top.pop("schema", SCHEMA), **head}
    _rename(top, guide)
    for table in TABLES:
        fields |= _table(table, top, head["updated"], guide)
    ui: Ui = UI.read(top.pop("ui", {}), ("ui",))
    takeover: Takeover | None = None
    if "takeover" in top:
        takeover = TAKEOVER.read(top.pop("takeover"), ("takeover",))
    history = _history(top, guide)
    conflicts = tuple(CONFLICT.read(row, path) for row, path in _rows(top, "conflicts", "entries"))
    end = as_table(top.pop("end", {}), ("end",))
    end.pop("answers", None)
    if end:
        top["end"] = end
    rest = {"session_extra": session_extra, "extra": top}
    return SessionData(**fields, ui=ui, takeover=takeover, history=history, conflicts=conflicts, **rest)


def decode_valid(tables: TomlTable, guides: Guides, name: str = "") -> SessionData:
    """The same of whatever can be read, entry by entry; the rest is left out."""
    data = decode({}, guides, name)
    kept: TomlTable = {}
    for key in [known for known in KNOWN if known in tables]:
        part = tables[key]
        with suppress(Invalid):
            data = decode(kept | {key: part}, guides, name)
            kept[key] = part
            continue
        for id_, entry in part.items() if isinstance(part, dict) else ():
            with suppress(Invalid):
                valid = kept.get(key, {}) | {id_: entry}
                data = decode(kept | {key: valid}, guides, name)
                kept[key] = valid
    return data


def _guide(session: TomlTable, guides: Guides) -> Guide:
    """The guide that a session follows, by what is kept of its table."""
    try:
        return guides(str(session.get("guide", FIRST_GUIDE)))
    except GuideError as error:
        if not error.known:  # one that contradicts itself is no fault of the session's
            raise
        raise Invalid(("session", "guide"), choice("guide", error.known).expected) from None


def _rename(top: TomlTable, guide: Guide) -> None:
    """Answers, notes and exceptions under an id that a question had formerly, put under its present one.

    What stands there already stays, unless it has a lower revision.
    """
    former = {old: question for question in guide.questions.values() for old in question.formerly}
    for name in (ANSWERS.name, WAIVERS.name, NOTES.name, NOTES.stamps):
        entries = top.get(name)
        for id_ in former.keys() & entries.keys() if isinstance(entries, dict) else ():
            top[name] = entries = dict(top[name])
            entry, question = entries.pop(id_), former[id_]
            if isinstance(entry, dict) and "value" in entry:
                entry = entry | {"value": question.renewed(entry["value"])}
            if question.id not in entries or _rev(entries[question.id]) < _rev(entry):
                entries[question.id] = entry


def _rev(entry: object) -> int:
    rev = entry.get("rev") if isinstance(entry, dict) else None
    return rev if isinstance(rev, int) else 0


def _table(table: Table, top: TomlTable, at: datetime, guide: Guide) -> dict[str, Any]:
    """The fields of `SessionData` that hold what stands in a table; `at` is the time of the file."""
    if table.stamps:
        return {table.name: dict(_texts(table, top, at))}
    entries = as_table(top.pop(table.name, {}), (table.name,))
    fields = table.fields({id_: _statement(table, id_, entry, at, guide) for id_, entry in entries.items()})
    if table.tombstones:
        removed = as_table(top.pop(table.tombstones, {}), (table.tombstones,))
        fields[table.tombstones] = {
            id_: CLEARED.read(entry, (table.tombstones, id_), at) for id_, entry in removed.items()
        }
        for name in filter(None, (table.name, table.unread)):
            _newer_alone(fields[name], fields[table.tombstones])
    return fields


def _statement(table: Table, id_: str, entry: object, at: datetime, guide: Guide) -> Any:
    path = (table.name, id_)
    if table is not ANSWERS:
        return table.entries.read(entry, path, at)
    raw = as_table(entry, path)
    value = _admitted(guide, id_, raw.get("value"))
    if value is not None:
        answer: Answer = table.entries.read(raw | {"value": value}, path, at)
        return answer
    try:
        str(raw)
    except ValueError:  # a number so long that it cannot be written again
        raise Invalid((*path, "value"), A_VALUE) from None
    return Unread(raw, AT.take(dict(raw), path, at), REV.take(dict(raw), path))


def _admitted(guide: Guide, question: str, value: object) -> Value | None:
    """The answer that a value means, None when it is none; of a question of another version whatever could be one."""
    known = guide.questions.get(question)
    if known is None:
        return as_value(value)
    if isinstance(value, str) and known.choice(value) is not None:
        return value
    from checks.rules.answers import AnswerError, admitted

    try:
        return admitted(known, value)
    except AnswerError:
        return None


def _newer_alone(entries: dict[str, Any], removed: dict[str, Any]) -> None:
    """Written in again by hand: the newer of the two statements holds, the entry at the same revision or without one."""
    for id_ in entries.keys() & removed.keys():
        older = removed if entries[id_].rev >= removed[id_].rev or entries[id_].rev == 0 else entries
        del older[id_]


def _texts(table: Table, top: TomlTable, at: datetime) -> Iterator[tuple[str, SessionNote]]:
    texts = as_table(top.pop(table.name, {}), (table.name,))
    stamps = as_table(top.pop(table.stamps, {}), (table.stamps,))
    for id_ in [*texts, *(id_ for id_ in stamps if id_ not in texts)]:
        changed = CLEARED.read(stamps.get(id_, {}), (table.stamps, id_), at)
        said = text(id_).take(texts, (table.name,))
        yield id_, SessionNote(said, changed.at, changed.rev, changed.extra)


def _rows(top: TomlTable, table: str, key: str) -> Iterator[tuple[TomlTable, KeyPath]]:
    """The rows of a list; what else stands in its table stays."""
    rest = as_table(top.pop(table, {}), (table,))
    rows = rest.pop(key, [])
    if not isinstance(rows, list):
        raise Invalid((table, key), Text("表の並びが必要です", "a list of tables is expected"))
    if rest:
        top[table] = rest
    for row in rows:
        yield as_table(row, (table, key)), (table, key)


def _history(top: TomlTable, guide: Guide) -> tuple[UndoStep, ...]:
    """The changes in the order in which they were made; those of one kind stay as they stand in the file."""
    lists: list[list[UndoStep]] = []
    for table in UNDOABLE.values():
        steps = (_step(table, row, path, guide) for row, path in _rows(top, "history", table.undo))
        lists.append([step for step in steps if step is not None])
    return tuple(merge(*lists, key=lambda step: step.rev))


def _step(table: Table, row: TomlTable, path: KeyPath, guide: Guide) -> UndoStep | None:
    """One change; None when what it would bring back is no answer."""
    sides: dict[str, Any] = {side: row.pop(side) for side in ("before", "after") if side in row}
    for side, entry in sides.items():
        if table is not ANSWERS:
            sides[side] = table.entries.read_bare(entry, (*path, side))
            continue
        sides[side] = _admitted(guide, str(row.get("question")), entry)
        if sides[side] is None:
            return None
    step: UndoStep = UNDO_STEP.read(row, path)
    return replace(step, kind=table.kind, **sides)
