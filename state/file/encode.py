"""From the session to the plain tables of its file, in a form that is always the same for the same content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from checks.rules.conditions import Value
from state.session_data import (
    Answer,
    Change,
    Cleared,
    Conflict,
    Draft,
    Note,
    Result,
    SessionData,
    Takeover,
    Terms,
    Unread,
    Waiver,
)

Table: TypeAlias = dict[str, Any]

KNOWN = (
    "schema", "session", "takeover", "answers", "cleared", "results", "waivers", "withdrawn", "notes", "note-changes", "drafts", "ui",
    "history", "conflicts", "end",
)  # fmt: skip
"""The top-level keys of this format, in the order in which they are written."""


def unknown(data: SessionData) -> Table:
    """The top-level keys that this version does not know."""
    return {key: value for key, value in data.extra.items() if key not in KNOWN}


def session_table(data: SessionData) -> Table:
    """The table `[session]`."""
    table: Table = {"name": data.name, "created": data.created, "updated": data.updated, "app": data.app}
    return table | dict(data.session_extra)


def takeover_table(one: Takeover) -> Table:
    """The table `[takeover]`."""
    table: Table = {"number": one.number, "host": one.host, "user": one.user, "pid": one.pid, "at": one.at}
    return table | dict(one.extra)


def small_tables(data: SessionData) -> dict[str, Table]:
    """The tables that are written as a whole: notes, when they were changed, where the person was."""
    ui: Table = {"cursor": data.ui.cursor} if data.ui.cursor else {}
    ui |= {"folded": list(data.ui.folded)} if data.ui.folded else {}
    notes = sorted(data.notes.items())
    return {
        "notes": {item: note.text for item, note in notes if note.text},
        "note-changes": {item: stamp_table(note) for item, note in notes},
        "ui": ui | dict(data.ui.extra),
    }


def end_table(data: SessionData) -> Table:
    """The table `[end]`."""
    return {"answers": len(data.answers) + len(data.unread), **beside(data, "end")}


def beside(data: SessionData, key: str) -> Table:
    """The unknown keys in one of our own tables."""
    value = data.extra.get(key)
    return dict(value) if isinstance(value, Mapping) else {}


def answer_table(answer: Answer | Unread) -> Table:
    """One answer as a table; one that could not be read as it was found."""
    if isinstance(answer, Unread):
        return dict(answer.entry)
    table: Table = {"value": answer.value, "at": answer.at, "rev": answer.rev, "scope": answer.scope}
    return table | _who(answer.host, answer.user) | dict(answer.extra)


def result_table(result: Result) -> Table:
    """One result as a table."""
    table: Table = {"outcome": result.outcome.value, "code": result.code}
    table |= {"values": dict(result.values)} if result.values else {}
    table |= {"evidence": list(result.evidence)} if result.evidence else {}
    table |= {"at": result.at, "rev": result.rev} | _who(result.host, result.user)
    return table | {"took_ms": result.took_ms, "scope": result.scope} | dict(result.extra)


def _who(host: str, user: str) -> Table:
    return ({"host": host} if host else {}) | ({"user": user} if user else {})


def stamp_table(entry: Cleared | Note) -> Table:
    """When something was changed that has no table of its own."""
    return {"at": entry.at, "rev": entry.rev, **entry.extra}


def draft_table(draft: Draft) -> Table:
    """One draft as a table."""
    table: Table = {"at": draft.at}
    table |= {"note": draft.note} if draft.note else {}
    table |= {"answer": draft.answer} if draft.answer else {}
    return table | dict(draft.extra)


def waiver_table(waiver: Waiver) -> Table:
    """One waiver as a table."""
    table: Table = {"reason": waiver.reason, "by": waiver.by, "until": waiver.until, "at": waiver.at}
    return table | {"rev": waiver.rev} | dict(waiver.extra)


def change_table(change: Change) -> Table:
    """One change of the history as a table."""
    table: Table = {"question": change.question}
    table |= {} if change.before is None else {"before": _said(change.before)}
    table |= {} if change.after is None else {"after": _said(change.after)}
    table |= {"rev": change.rev}
    table |= {} if change.scope == "case" else {"scope": change.scope}
    table |= {"undone": True} if change.undone else {}
    table |= {"turn": change.turn} if change.turn else {}
    return table | dict(change.extra)


def _said(said: Value | Terms) -> object:
    if isinstance(said, Terms):
        return {"reason": said.reason, "by": said.by, "until": said.until}
    return said


def conflict_table(conflict: Conflict) -> Table:
    """One losing side of a conflict as a table."""
    table: Table = {"kind": conflict.kind, "id": conflict.id}
    table |= {} if conflict.lost is None else {"lost": conflict.lost}
    return table | {"at": conflict.at, "rev": conflict.rev, "over": conflict.over} | dict(conflict.extra)
