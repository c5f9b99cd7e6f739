"""Two logins on one session: what each changed since they last agreed, put together so that nothing is lost.

Per entry: who did not change it gives way; when both did, the higher `rev` wins, then the later time, then the value, so
that both sides come to the same result in whatever order they meet. The losing value of a true conflict is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from checks.record import replace
from checks.rules.conditions import Value
from state.session_data import (
    MAX_CONFLICTS,
    MAX_HISTORY,
    MAX_TEXT,
    Answer,
    Change,
    Cleared,
    Conflict,
    Note,
    Result,
    SessionData,
    Takeover,
    Terms,
    Ui,
    Unread,
    Waiver,
)

Given = Answer | Unread | Cleared
Accepted = Waiver | Cleared
Entry = TypeVar("Entry", Given, Result, Note, Waiver | Cleared)
V = TypeVar("V")


def merge(base: SessionData, ours: SessionData, theirs: SessionData) -> SessionData:
    """What both sides know, given the state `base` from which both started. Symmetric in `ours` and `theirs`.

    `schema` must be the same. The conflicts found are part of the result.
    """
    if ours is theirs or theirs is base or theirs == base:
        return ours
    if ours is base or ours == base:
        return theirs
    found: list[Conflict] = []
    answers, lost = _entries(_given(base), _given(ours), _given(theirs))
    found += [_conflict("answer", name, one, other) for name, one, other in lost]
    notes, lost_notes = _entries(base.notes, ours.notes, theirs.notes)
    found += [_conflict("note", name, one, other) for name, one, other in lost_notes]
    waivers, lost_waivers = _entries(_accepted(base), _accepted(ours), _accepted(theirs))
    found += [_conflict("waiver", name, one, other) for name, one, other in lost_waivers]
    results, _ = _entries(base.results, ours.results, theirs.results)
    newer = ours if _rank_data(ours) >= _rank_data(theirs) else theirs
    history = _set(base.history, ours.history, theirs.history, key=_change_key, rank=_change_rank)
    kept = _set(base.conflicts, ours.conflicts, theirs.conflicts, key=_conflict_key, rank=repr)
    known = {_conflict_key(conflict) for conflict in kept}
    kept += [conflict for conflict in found if _conflict_key(conflict) not in known]
    return SessionData(
        name=_one(base.name, ours.name, theirs.name, newer.name),
        created=min(ours.created, theirs.created),
        updated=max(ours.updated, theirs.updated),
        app=_one(base.app, ours.app, theirs.app, newer.app),
        schema=ours.schema,
        answers={name: entry for name, entry in answers.items() if isinstance(entry, Answer)},
        unread={name: entry for name, entry in answers.items() if isinstance(entry, Unread)},
        cleared={name: entry for name, entry in answers.items() if isinstance(entry, Cleared)},
        results=results,
        notes=notes,
        drafts=_each(base.drafts, ours.drafts, theirs.drafts, newer.drafts),
        waivers={name: entry for name, entry in waivers.items() if isinstance(entry, Waiver)},
        withdrawn={name: entry for name, entry in waivers.items() if isinstance(entry, Cleared)},
        ui=_ui(base.ui, ours.ui, theirs.ui, newer.ui),
        history=tuple(sorted(history, key=_change_rank)[-MAX_HISTORY:]),
        conflicts=tuple(sorted(kept, key=_conflict_key)[-MAX_CONFLICTS:]),
        takeover=_later(ours.takeover, theirs.takeover),
        session_extra=_each(
            base.session_extra, ours.session_extra, theirs.session_extra, newer.session_extra
        ),
        extra=_each(base.extra, ours.extra, theirs.extra, newer.extra),
    )


def _given(data: SessionData) -> dict[str, Given]:
    return {**data.cleared, **data.unread, **data.answers}


def _accepted(data: SessionData) -> dict[str, Accepted]:
    return {**data.withdrawn, **data.waivers}


def _later(one: Takeover | None, other: Takeover | None) -> Takeover | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda taken: (taken.number, taken.at, repr(taken)))


def value_of(entry: Given | Note | Waiver) -> Value | None:
    """What an entry says, for comparing and showing: None when it says that there is nothing."""
    if isinstance(entry, Answer):
        return entry.value
    if isinstance(entry, Unread):
        return str(entry.entry.get("value", ""))[:MAX_TEXT] or None
    if isinstance(entry, Note):
        return entry.text or None
    if isinstance(entry, Waiver):
        return f"{entry.reason} ({entry.by}, {entry.until.isoformat()})"
    return None


def _rank(entry: Given | Result | Note | Waiver) -> tuple[int, datetime, str, str]:
    said = "" if isinstance(entry, Result) else _plain(value_of(entry))
    return (entry.rev, entry.at, said, repr(entry))


def _plain(value: Value | Terms | None) -> str:
    if isinstance(value, Terms):
        return repr(value)
    return value.isoformat() if isinstance(value, date) else value or ""


def _entries(
    base: Mapping[str, Entry], ours: Mapping[str, Entry], theirs: Mapping[str, Entry]
) -> tuple[dict[str, Entry], list[tuple[str, Entry, Entry]]]:
    """The merged table, and for each true conflict its id, the entry kept and the entry lost."""
    merged: dict[str, Entry] = {}
    lost: list[tuple[str, Entry, Entry]] = []
    for name in ours.keys() | theirs.keys():
        was, one, other = base.get(name), ours.get(name), theirs.get(name)
        if one == other or other == was:
            entry = one
        elif one == was:
            entry = other
        elif one is None or other is None:
            # Taken out of the file by hand on one side, changed on the other: what was said stays.
            entry = one if other is None else other
        else:
            first, second = (one, other) if _rank(one) >= _rank(other) else (other, one)
            entry = first
            if not isinstance(one, Result) and _said(first) != _said(second) and _said(second) != _said(was):
                lost.append((name, first, second))
        if entry is not None:
            merged[name] = entry
    return merged, lost


def _said(entry: object) -> Value | None:
    return value_of(entry) if isinstance(entry, Answer | Unread | Cleared | Note | Waiver) else None


def _conflict(
    kind: Literal["answer", "note", "waiver"],
    id: str,  # noqa: A002 - the word for it
    kept: Given | Note | Waiver,
    lost: Given | Note | Waiver,
) -> Conflict:
    return Conflict(kind=kind, id=id, lost=value_of(lost), at=lost.at, rev=lost.rev, over=kept.rev)


def _conflict_key(conflict: Conflict) -> tuple[int, int, str, str, str]:
    return (conflict.over, conflict.rev, conflict.kind, conflict.id, _plain(conflict.lost))


def _change_key(change: Change) -> tuple[int, str, str, str, str]:
    return (change.rev, change.kind, change.question, _plain(change.before), _plain(change.after))


def _change_rank(change: Change) -> tuple[int, str, int, str]:
    return (change.rev, change.question, change.turn, repr(change))


def _set(
    base: Iterable[V],
    ours: Iterable[V],
    theirs: Iterable[V],
    *,
    key: Callable[[V], object],
    rank: Callable[[V], Any],
) -> list[V]:
    """The members of both, less those that one side dropped; of two forms of the same member the later."""
    was = {key(item): item for item in base}
    one = {key(item): item for item in ours}
    other = {key(item): item for item in theirs}
    kept: list[V] = []
    for name in one.keys() | other.keys():
        both = [side[name] for side in (one, other) if name in side]
        if len(both) == 1 and name in was:
            continue
        changed = [item for item in both if item != was.get(name)] or both
        kept.append(max(changed, key=rank))
    return kept


def _one(base: V, ours: V, theirs: V, newer: V) -> V:
    if ours == theirs or theirs == base:
        return ours
    return theirs if ours == base else newer


def _rank_data(data: SessionData) -> tuple[datetime, int, str]:
    return (data.updated, data.top(), repr((data.name, data.app, data.ui, data.extra, data.session_extra)))


def _ui(base: Ui, ours: Ui, theirs: Ui, newer: Ui) -> Ui:
    merged = _one(
        replace(base, extra={}), replace(ours, extra={}), replace(theirs, extra={}), replace(newer, extra={})
    )
    return replace(merged, extra=_each(base.extra, ours.extra, theirs.extra, newer.extra))


def _each(
    base: Mapping[str, V], ours: Mapping[str, V], theirs: Mapping[str, V], newer: Mapping[str, V]
) -> dict[str, V]:
    """Drafts, and keys that this version does not know: each as a whole goes the way of an entry."""
    absent: Any = object()
    merged: dict[str, V] = {}
    for key in [*ours, *(key for key in theirs if key not in ours)]:
        value = _one(
            base.get(key, absent), ours.get(key, absent), theirs.get(key, absent), newer.get(key, absent)
        )
        if value is absent:
            # Removed on one side and changed on the other, or removed on one side: a change outlives a removal.
            removed_only = base.get(key, absent) in (ours.get(key, absent), theirs.get(key, absent))
            if removed_only:
                continue
            value = ours[key] if key in ours else theirs[key]
        merged[key] = value
    return merged
