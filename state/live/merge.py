"""Two logins on one session: what each changed since they last agreed, put together so that nothing is lost.

Per entry: who did not change it gives way; when both did, the higher `rev` wins, then the later time, then the value, so
that both sides come to the same result in whatever order they meet. The losing value of a true conflict is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from checks.record import replace
from checks.rules.conditions import Value
from state.file.tables import TABLES, Table, highest_rev
from state.session_data import (
    MAX_CONFLICTS,
    MAX_HISTORY,
    Conflict,
    Entry,
    Pc,
    SessionData,
    Takeover,
    Ui,
    UndoStep,
)

V = TypeVar("V")


def merge(base: SessionData, ours: SessionData, theirs: SessionData) -> SessionData:
    """What both sides know, given the state `base` from which both started. Symmetric in `ours` and `theirs`.

    `schema` must be the same. The conflicts found are part of the result.
    """
    if ours is theirs or theirs is base or theirs == base:
        return ours
    if ours is base or ours == base:
        return theirs
    newer = ours if _rank_data(ours) >= _rank_data(theirs) else theirs
    fields: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for table in TABLES:
        if table.dated:
            merged, lost = _entries(table, *map(table.statements, (base, ours, theirs)))
            fields |= table.fields(merged)
            conflicts += lost
        else:
            fields[table.name] = _each(*(getattr(side, table.name) for side in (base, ours, theirs, newer)))
    history = _set(base.history, ours.history, theirs.history, key=_step_key, rank=_step_rank)
    kept = _set(base.conflicts, ours.conflicts, theirs.conflicts, key=_conflict_key, rank=repr)
    known = {_conflict_key(conflict) for conflict in kept}
    kept += [conflict for conflict in conflicts if _conflict_key(conflict) not in known]
    return SessionData(
        name=_one(base.name, ours.name, theirs.name, newer.name),
        created=min(ours.created, theirs.created),
        updated=max(ours.updated, theirs.updated),
        app=_one(base.app, ours.app, theirs.app, newer.app),
        schema=ours.schema,
        **fields,
        ui=_ui(base.ui, ours.ui, theirs.ui, newer.ui),
        history=tuple(sorted(history, key=_step_rank)[-MAX_HISTORY:]),
        conflicts=tuple(sorted(kept, key=_conflict_key)[-MAX_CONFLICTS:]),
        takeover=_later(ours.takeover, theirs.takeover),
        pc=_pc(base.pc, ours.pc, theirs.pc, newer.pc),
        session_extra=_each(
            base.session_extra, ours.session_extra, theirs.session_extra, newer.session_extra
        ),
        extra=_each(base.extra, ours.extra, theirs.extra, newer.extra),
    )


def _later(one: Takeover | None, other: Takeover | None) -> Takeover | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda taken: (taken.number, taken.at, repr(taken)))


def _pc(base: Pc | None, ours: Pc | None, theirs: Pc | None, newer: Pc | None) -> Pc | None:
    if ours is None or theirs is None:
        return ours or theirs
    merged = _one(base, ours, theirs, newer)
    return merged and replace(merged, seen=max(ours.seen, theirs.seen))


def _plain(value: Value | Entry | None) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else "" if value is None else repr(value)


def _entries(
    table: Table, base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Conflict]]:
    """The merged table, and the true conflicts: both sides say something that the other does not, and that is new."""

    def rank(entry: Any) -> tuple[int, datetime, str, str]:
        return (entry.rev, entry.at, _plain(table.said(entry)), repr(entry))

    merged: dict[str, Any] = {}
    lost: list[Conflict] = []
    for id_ in ours.keys() | theirs.keys():
        was, one, other = base.get(id_), ours.get(id_), theirs.get(id_)
        if one == other or other == was:
            entry = one
        elif one == was:
            entry = other
        elif one is None or other is None:
            # Taken out of the file by hand on one side, changed on the other: what was said stays.
            entry = one if other is None else other
        else:
            first, second = (one, other) if rank(one) >= rank(other) else (other, one)
            entry, said = first, table.said(second)
            if said not in (table.said(first), table.said(was)):
                lost.append(Conflict(table.kind, id_, said, second.at, second.rev, first.rev))
        if entry is not None:
            merged[id_] = entry
    return merged, lost


def _conflict_key(conflict: Conflict) -> tuple[int, int, str, str, str]:
    return (conflict.over, conflict.rev, conflict.kind, conflict.id, _plain(conflict.lost))


def _step_key(step: UndoStep) -> tuple[int, str, str, str, str]:
    return (step.rev, step.kind, step.question, _plain(step.before), _plain(step.after))


def _step_rank(step: UndoStep) -> tuple[int, str, int, str]:
    return (step.rev, step.question, step.turn, repr(step))


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
    return (
        data.updated,
        highest_rev(data),
        repr((data.name, data.app, data.ui, data.extra, data.session_extra)),
    )


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
