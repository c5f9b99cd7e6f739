"""Which entries of a session are a PC's, and how the session looks together with that PC's record: pure functions."""

from __future__ import annotations

from typing import Any

from checks.guide import Guide
from checks.model import Scope
from checks.record import replace
from checks.steps import Sending
from state.file.tables import RESULTS, TABLES, highest_rev
from state.session_data import Answer, Cleared, Pc, Result, SessionData, Unread, Waiver


def scope_of(guide: Guide, item: str) -> Scope:
    """How far what is said of an item holds; of a step, or an item of another version: the case."""
    known = guide.checks.get(item) or guide.questions.get(item)
    return known.scope if known is not None else "case"


class Together:
    """A session as it is shown with the record of its PC; what has not changed is not put together again."""

    def __init__(self) -> None:
        self._parts: tuple[object, ...] = ()
        self._fields: dict[str, Any] = {}
        self._shown: tuple[SessionData, SessionData] | None = None

    def of(self, session: SessionData, record: SessionData) -> SessionData:
        """The session with all that its record says."""
        if self._shown is not None and self._shown[0] is session and self._parts[-1] is record:
            return self._shown[1]
        parts = (*(getattr(session, name) for name in _FIELDS), record)
        if len(parts) != len(self._parts) or any(a is not b for a, b in zip(parts, self._parts, strict=True)):
            self._parts, self._fields = parts, _together(session, record)
        conflicts = (*session.conflicts, *record.conflicts)
        shown = replace(session, pc=record.pc, conflicts=conflicts, **self._fields)
        self._shown = session, shown
        return shown


_SHARED = tuple(table for table in TABLES if table.scope != "case")


_FIELDS = tuple(
    filter(None, (name for table in _SHARED for name in (table.name, table.tombstones, table.unread)))
)


def _together(session: SessionData, record: SessionData) -> dict[str, Any]:
    """By field. Of two statements about one id the later holds, the record's when both are as old.

    One of another PC's gives way to any of the record's.
    """
    fields: dict[str, Any] = {}
    for table in _SHARED:
        ours, theirs = table.statements(session), table.statements(record)
        for id_, entry in theirs.items():
            own = ours.get(id_)
            if own is None or entry.at >= own.at or _of_another(own, record.pc):
                ours[id_] = entry
        fields |= table.fields(ours)
    return fields


def _of_another(entry: object, pc: Pc | None) -> bool:
    if not isinstance(entry, Answer | Result) or entry.scope != "pc" or pc is None:
        return False
    return bool(entry.host) and not pc.is_at(entry.host, entry.user)


# What moves.


def moved(session: SessionData, record: SessionData, guide: Guide) -> tuple[SessionData, SessionData, int]:
    """The session naming the PC of a record, the record with what the session held of that PC, and how many entries it took.

    Of two entries the newest stays. Waivers and notes say no host: they go with the result of the same id, else to the only
    host of the file.
    """
    pc = record.pc
    assert pc is not None
    alone = hosts(session) == {(pc.host, pc.user)}

    def goes(id_: str, entry: object) -> bool:
        if isinstance(entry, Answer | Result):
            return entry.scope == "pc" and pc.is_at(entry.host, entry.user)
        if isinstance(entry, Cleared | Unread) or (isinstance(entry, Waiver) and entry.scope == "case"):
            return False
        if id_ in session.results:
            return goes(id_, session.results[id_])
        said = isinstance(entry, Waiver) and entry.scope == "pc"
        return alone and (said or scope_of(guide, id_) == "pc")

    fields: dict[str, Any] = {}
    taken: dict[str, Any] = {}
    left: dict[tuple[str, str], int] = {}
    rev = highest_rev(record)
    for table in _SHARED:
        ours, theirs = table.statements(session), table.statements(record)
        for id_ in sorted(id_ for id_, entry in ours.items() if goes(id_, entry)):
            entry = ours.pop(id_)
            if id_ not in theirs or entry.at > theirs[id_].at:
                rev += 1
                theirs[id_] = replace(entry, rev=rev)
                left[table.kind, id_] = rev
        fields |= table.fields(ours)
        taken |= table.fields(theirs)
    seen = max((pc.seen, *(one.at for one in taken[RESULTS.name].values()))) if left else pc.seen
    history = tuple(
        replace(step, pc=record.name, left=left[step.kind, step.question])
        if (step.kind, step.question) in left
        else step
        for step in session.history
    )
    fields["session_extra"] = {**session.session_extra, "pc": record.name}
    return (
        replace(session, history=history, **fields),
        replace(record, pc=replace(pc, seen=seen), **taken),
        len(left),
    )


def hosts(data: SessionData) -> frozenset[tuple[str, str]]:
    """The hosts that entries of the scope `pc` come from, with their users."""
    entries: tuple[Answer | Result, ...] = (*data.answers.values(), *data.results.values())
    return frozenset((one.host, one.user) for one in entries if one.scope == "pc" and one.host)


def sent_from(data: SessionData, sending: Sending) -> Pc | None:
    """The PC that a session of version 0.1 was prepared on, where that is beyond doubt.

    That is when exactly one host occurs, and what the guide's check says of it is said of no other system than one from
    which an application can be sent.
    """
    result = data.results.get(sending.check)
    if result is None or len({host for host, _ in hosts(data)}) != 1 or not result.host:
        return None
    if sending.value not in result.values:
        return None
    return Pc("", result.host, result.user, sending.platforms[0], result.at)
