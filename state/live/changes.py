"""What each change makes of a session: pure functions from one snapshot to the next.

Every change has a revision `rev`, higher than any before, and a time `at` in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from checks.model import Finding, Outcome, Scope
from checks.record import dataclass, replace
from checks.rules.conditions import Value
from checks.text import Text
from state.errors import BadValue
from state.file.tables import ANSWERS, DECLARED, NOTES, RESULTS, TABLES, UNDOABLE, WAIVERS, Table
from state.session_data import (
    EPOCH,
    LOOKED,
    MAX_BY,
    MAX_HISTORY,
    MAX_NOTE,
    MAX_REV,
    MAX_TEXT,
    Answer,
    Cleared,
    Declaration,
    Draft,
    Entry,
    Pc,
    Result,
    SessionData,
    SessionNote,
    Takeover,
    UndoStep,
    Waiver,
)

MAX_EVIDENCE = 60
"""Lines of evidence kept of a finding."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A change's revision and time, and the host and user who make it."""

    rev: int
    at: datetime
    host: str
    user: str


def clean_value(value: Value | None) -> Value | None:
    """An answer as it can be kept: None for an empty one, a day for a time; raises `BadValue` when it is too long."""
    if isinstance(value, str):
        return clean(value, MAX_TEXT) or None
    return value.date() if isinstance(value, datetime) else value


def answered(
    data: SessionData, stamp: Stamp, question: str, value: Value | None, scope: Scope
) -> SessionData:
    """With this answer, or without one for None; what it was before goes into the history. The same when there is none anyway."""
    was = data.answers.get(question)
    if value is None and was is None and question not in data.unread:
        return data
    return changed(data, ANSWERS, question, value, was.scope if was and value is None else scope, stamp)


def recorded(
    data: SessionData, stamp: Stamp, check: str, outcome: str, finding: Finding, took_ms: int, scope: Scope
) -> SessionData:
    """With what a check found; raises `ValueError` for an unknown outcome.

    A declaration ends with the first look after it, so that it does not come back when the next one finds nothing out.
    """
    result = result_of(outcome, finding, took_ms, scope, stamp)
    was, declaration = data.results.get(check), data.declared.get(check)
    if declaration is not None and (
        result.outcome in LOOKED or (was is not None and was.outcome in LOOKED and was.at >= declaration.at)
    ):
        data = _with(data, DECLARED, check, Cleared(stamp.at, stamp.rev))
    if data.pc is not None:
        data = replace(data, pc=replace(data.pc, seen=max(data.pc.seen, stamp.at)))
    return _with(data, RESULTS, check, result)


def result_of(outcome: str, finding: Finding, took_ms: int, scope: Scope, stamp: Stamp) -> Result:
    """What a check found, as it is kept; raises `ValueError` for an unknown outcome."""
    return Result(
        outcome=Outcome(outcome),
        code=_cut(finding.code),
        values={
            _cut(key): _cut(value) if isinstance(value, str) else value
            for key, value in finding.values.items()
        },
        evidence=tuple(_cut(line) for line in finding.evidence[:MAX_EVIDENCE]),
        at=stamp.at,
        rev=stamp.rev,
        host=stamp.host,
        user=stamp.user,
        took_ms=max(0, int(took_ms)),
        scope=scope,
    )


def found(
    data: SessionData, stamp: Stamp, pc: Pc, results: Mapping[str, Result], added_by: str
) -> tuple[SessionData, int]:
    """A PC record with what was found on its PC, of each check the later finding, and how many were later."""
    there = dict(data.results)
    later = {id_: one for id_, one in sorted(results.items()) if id_ not in there or one.at > there[id_].at}
    for rev, (id_, one) in enumerate(later.items(), stamp.rev):
        there[id_] = replace(one, rev=rev, scope="pc", host=pc.host, user=pc.user)
    old = data.pc or pc
    head = replace(
        old,
        machine=old.machine or pc.machine,
        platform=pc.platform or old.platform,
        seen=max(old.seen, pc.seen),
        added_by=clean(added_by, 200),
        added=stamp.at if added_by else EPOCH,
    )
    return replace(data, pc=head, results=there), len(later)


def clean_note(text: str) -> str:
    """A note as it can be kept; raises `BadValue` when it is too long."""
    return clean(text, MAX_NOTE)


def noted(data: SessionData, stamp: Stamp, item: str, text: str) -> SessionData:
    """With this note; an empty one stands for one that was removed. The same when it says so already."""
    was = data.notes.get(item)
    if (was.text if was else "") == text:
        return data
    return _with(data, NOTES, item, SessionNote(text, stamp.at, stamp.rev, was.extra if was else {}))


def drafted(
    data: SessionData, key: str, kind: Literal["note", "answer"], text: str, at: datetime
) -> SessionData:
    """With what a login is typing; nothing typed leaves no draft. The same when it is known already."""
    old = data.drafts.get(key, Draft(at))
    if text == (old.note if kind == "note" else old.answer):
        return data
    new = replace(old, note=text, at=at) if kind == "note" else replace(old, answer=text, at=at)
    drafts = {**data.drafts, key: new}
    if not new.note and not new.answer:
        del drafts[key]
    return replace(data, drafts=drafts)


def looked(data: SessionData, cursor: str | None, folded: Sequence[str] | None) -> SessionData:
    """With where the person is; None stands for what it was. The same when it is known already."""
    ui = replace(
        data.ui,
        cursor=data.ui.cursor if cursor is None else cursor,
        folded=data.ui.folded if folded is None else tuple(folded),
    )
    return data if ui == data.ui else replace(data, ui=ui)


def clean_words(text: str, limit: int) -> str:
    """A reason or a name as it can be kept; raises `BadValue` when it is empty or too long."""
    text = clean(text, limit).strip()
    if not text:
        raise BadValue(Text("理由と名前が必要です。", "Reason and name cannot be empty."))
    return text


def waived(
    data: SessionData,
    stamp: Stamp,
    item: str,
    terms: tuple[str, str, date] | None,
    scope: Literal["", "pc", "case"] = "",
) -> SessionData:
    """With an exception accepted for a reason, by a name and until a day, or without one for None; into the history too.

    Raises `BadValue` for an empty reason or name. The same when there is none anyway.
    """
    if terms is None and item not in data.waivers:
        return data
    waiver = None
    if terms is not None:
        reason, by, until = terms
        waiver = Waiver(clean_words(reason, MAX_TEXT), clean_words(by, MAX_BY), until, EPOCH, 0, scope)
    return changed(data, WAIVERS, item, waiver, "case", stamp)


def declared(data: SessionData, stamp: Stamp, check: str, declaration: Declaration | None) -> SessionData:
    """With somebody's word for a check, or without one for None; into the history too. Raises `BadValue` for the name.

    The same when there is none anyway.
    """
    if declaration is None and check not in data.declared:
        return data
    now = None if declaration is None else replace(declaration, by=clean_words(declaration.by, MAX_BY))
    return changed(data, DECLARED, check, now, "case", stamp)


# The history keeps of an answer its value, of any other entry the entry without its time and revision.


def _kept(table: Table, data: SessionData, id_: str) -> Value | Entry | None:
    """What the history keeps of the entry that stands under an id, None when there is none."""
    entry: Entry | None = getattr(data, table.name).get(id_)
    if entry is None or isinstance(entry, Answer):
        return entry.value if entry is not None else None
    bare: Entry = table.entries.bare(entry)
    return bare


def changed(
    data: SessionData, table: Table, id_: str, now: Value | Entry | None, scope: Scope, stamp: Stamp
) -> SessionData:
    """With this in the table; what was there before goes into the history, and what was undone can no longer be made again."""
    before = _kept(table, data, id_)
    if before != now:
        data = with_step(data, UndoStep(id_, before, now, stamp.rev, scope, kind=table.kind))
    return _put(data, table, id_, now, scope, stamp)


def with_step(data: SessionData, step: UndoStep) -> SessionData:
    """With one more change that can be undone; what was undone can no longer be made again."""
    history = (*(old for old in data.history if not old.undone), step)[-MAX_HISTORY:]
    return replace(data, history=history)


def shared(data: SessionData, stamp: Stamp, record: SessionData, now: SessionData) -> SessionData:
    """The session with the steps of what was just changed in its PC's record, which was `record` and is `now`."""
    for step in now.history:
        was, is_now = _rev(record, step), _rev(now, step)
        data = with_step(
            _left(data, step, was, is_now), replace(step, rev=stamp.rev, pc=now.name, left=is_now)
        )
    return data


def _left(data: SessionData, step: UndoStep, was: int, now: int) -> SessionData:
    """Where this session's own changes left an entry of the record that it has just changed once more."""
    key = (step.kind, step.question)
    return replace(
        data,
        history=tuple(
            replace(one, left=now) if one.pc and (one.kind, one.question) == key and one.left == was else one
            for one in data.history
        ),
    )


def _rev(data: SessionData, step: UndoStep) -> int:
    """The revision of what stands where a step was made, 0 where nothing does."""
    entry = UNDOABLE[step.kind].statements(data).get(step.question)
    return entry.rev if entry is not None else 0


def _put(
    data: SessionData, table: Table, id_: str, now: Value | Entry | None, scope: Scope, stamp: Stamp
) -> SessionData:
    """With what the history kept as an entry of now, or with the trace of one that was removed for None."""
    was = getattr(data, table.name).get(id_)
    extra = was.extra if was is not None else {}
    if now is None:
        return _with(data, table, id_, Cleared(stamp.at, stamp.rev))
    if isinstance(now, str | date):
        who = (stamp.host, stamp.user) if scope == "pc" else ("", "")
        return _with(data, table, id_, Answer(now, stamp.at, stamp.rev, scope, *who, extra))
    changed: dict[str, Any] = {"at": stamp.at, "rev": stamp.rev, "extra": extra}
    return _with(data, table, id_, replace(now, **changed))


def _with(data: SessionData, table: Table, id_: str, entry: Entry) -> SessionData:
    """With this under an id of a table. Who changes an entry anew has settled the conflict about it."""
    statements = table.statements(data)
    statements.pop(id_, None)
    statements[id_] = entry
    conflicts = tuple(one for one in data.conflicts if (one.kind, one.id) != (table.kind, id_))
    return replace(data, conflicts=conflicts, **table.fields(statements))


def claimed(data: SessionData, stamp: Stamp, pid: int) -> SessionData:
    """Taken over by a process: every other login can only read from its next save on."""
    number = min(data.takeover.number + 1, MAX_REV) if data.takeover is not None else 1
    return replace(data, takeover=Takeover(number, stamp.host, stamp.user, pid, stamp.at))


def turned(
    data: SessionData,
    stamp: Stamp,
    record: SessionData | None = None,
    record_stamp: Stamp | None = None,
    *,
    undoing: bool,
) -> tuple[SessionData, SessionData | None, str] | None:
    """With the last change of an answer, waiver or declaration taken back, or the one last taken back made again, and its id.

    Between the two stands the PC's record as it is then, for a change that was made there. None when there is nothing to
    turn. A change that was overtaken from outside (by hand, by the winner of a conflict, in a record by anybody else, or
    with its record no longer the session's) can no longer be turned and leaves the history.
    """
    order: Iterable[UndoStep] = (
        reversed([step for step in data.history if not step.undone])
        if undoing
        else sorted((step for step in data.history if step.undone), key=lambda one: -one.turn)
    )
    overtaken: list[UndoStep] = []
    for step in order:
        table = UNDOABLE[step.kind]
        then, now = (step.after, step.before) if undoing else (step.before, step.after)
        place = record if step.pc else data
        ours = place is not None and (not step.pc or (step.pc, step.left) == (place.name, _rev(place, step)))
        if place is None or not ours or _kept(table, place, step.question) != then:
            overtaken.append(step)
            continue
        turn = replace(step, undone=undoing, turn=stamp.rev)
        history = tuple(turn if one is step else one for one in data.history if one not in overtaken)
        data = replace(data, history=history)
        if record is None or record_stamp is None or not step.pc:
            return _put(data, table, step.question, now, step.scope, stamp), None, step.question
        record = _put(record, table, step.question, now, step.scope, record_stamp)
        return _left(data, step, step.left, record_stamp.rev), record, step.question
    return None


def taken_over(
    data: SessionData, entries: Mapping[str, Mapping[str, Any]], stamp: Stamp
) -> tuple[SessionData, int]:
    """With these entries of another session, by table and id, and how many; what is there already stays.

    They keep their dates; the first gets `stamp.rev`.
    """
    rev = stamp.rev - 1
    for table in TABLES:
        statements = table.statements(data)
        for id_, entry in sorted(entries.get(table.name, {}).items()):
            if id_ not in getattr(data, table.name):
                rev += 1
                statements[id_] = replace(entry, rev=rev)
        data = replace(data, **table.fields(statements))
    return data, rev - stamp.rev + 1


def clean(text: str, limit: int) -> str:
    """Text as it can be written as UTF-8; raises `BadValue` when it has more than `limit` characters."""
    if len(text) > limit:
        raise BadValue(
            Text(
                f"長すぎます ({len(text)}字、上限{limit}字)。",
                f"Too long ({len(text)} characters, limit {limit}).",
            )
        )
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _cut(text: str, limit: int = 500) -> str:
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= limit else text[: limit - 2] + ".."
