"""What each change makes of a session: pure functions from one snapshot to the next.

Every change has a revision `rev`, higher than any before, and a time `at` in UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from checks.model import Finding, Outcome, Scope
from checks.record import dataclass, replace
from checks.rules.conditions import Value
from checks.text import Text
from state.errors import BadValue
from state.session_data import (
    MAX_HISTORY,
    MAX_NOTE,
    MAX_TEXT,
    Answer,
    Change,
    Cleared,
    Note,
    Result,
    SessionData,
    Terms,
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
    data: SessionData, question: str, value: Value | None, scope: Scope, stamp: Stamp
) -> SessionData:
    """With this answer, or without one for None; what it was before goes into the history."""
    was = data.answers.get(question)
    before = was.value if was is not None else None
    if before != value:
        change = Change(question, before, value, stamp.rev, was.scope if was and value is None else scope)
        data = replace(data, history=_with_change(data, change))
    return _with_answer(data, question, value, scope, stamp)


def _with_answer(
    data: SessionData, question: str, value: Value | None, scope: Scope, stamp: Stamp
) -> SessionData:
    answers, unread, cleared = dict(data.answers), dict(data.unread), dict(data.cleared)
    was = answers.pop(question, None)
    unread.pop(question, None)
    cleared.pop(question, None)
    if value is None:
        cleared[question] = Cleared(stamp.at, stamp.rev)
    else:
        who = (stamp.host, stamp.user) if scope == "pc" else ("", "")
        answers[question] = Answer(value, stamp.at, stamp.rev, scope, *who, was.extra if was else {})
    data = _without_conflict(data, "answer", question)
    return replace(data, answers=answers, unread=unread, cleared=cleared)


def recorded(
    data: SessionData, check: str, outcome: str, finding: Finding, took_ms: int, scope: Scope, stamp: Stamp
) -> SessionData:
    """With what a check found; raises `ValueError` for an unknown outcome."""
    result = Result(
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
    return replace(data, results={**data.results, check: result})


def clean_note(text: str) -> str:
    """A note as it can be kept; raises `BadValue` when it is too long."""
    return clean(text, MAX_NOTE)


def noted(data: SessionData, item: str, text: str, stamp: Stamp) -> SessionData:
    """With this note; an empty one stands for one that was removed."""
    was = data.notes.get(item)
    note = Note(text, stamp.at, stamp.rev, was.extra if was else {})
    return replace(_without_conflict(data, "note", item), notes={**data.notes, item: note})


def clean_waiver(reason: str, by: str) -> tuple[str, str]:
    """Reason and name as they can be kept; raises `BadValue` when one is empty or too long."""
    reason, by = clean(reason, MAX_TEXT).strip(), clean(by, 200).strip()
    if not reason or not by:
        raise BadValue(Text("理由と名前が必要です。", "A reason and a name are needed."))
    return reason, by


def waived(data: SessionData, item: str, terms: Terms | None, stamp: Stamp) -> SessionData:
    """With an accepted exception, or without one for None; what it was before goes into the history."""
    before = _terms(data, item)
    if before != terms:
        change = Change(item, before, terms, stamp.rev, kind="waiver")
        data = replace(data, history=_with_change(data, change))
    return _with_waiver(data, item, terms, stamp)


def _terms(data: SessionData, item: str) -> Terms | None:
    waiver = data.waivers.get(item)
    return Terms(waiver.reason, waiver.by, waiver.until) if waiver is not None else None


def _with_waiver(data: SessionData, item: str, terms: Terms | None, stamp: Stamp) -> SessionData:
    waivers, withdrawn = dict(data.waivers), dict(data.withdrawn)
    was = waivers.pop(item, None)
    withdrawn.pop(item, None)
    if terms is None:
        withdrawn[item] = Cleared(stamp.at, stamp.rev)
    else:
        extra = was.extra if was is not None else {}
        waivers[item] = Waiver(terms.reason, terms.by, terms.until, stamp.at, stamp.rev, extra)
    return replace(_without_conflict(data, "waiver", item), waivers=waivers, withdrawn=withdrawn)


def _with_change(data: SessionData, change: Change) -> tuple[Change, ...]:
    """The history with one more change; what was undone before can no longer be made again."""
    kept = tuple(old for old in data.history if not old.undone)
    return (*kept, change)[-MAX_HISTORY:]


def _without_conflict(data: SessionData, kind: str, item: str) -> SessionData:
    """Who changes an entry anew has settled the conflict about it."""
    return replace(data, conflicts=tuple(one for one in data.conflicts if (one.kind, one.id) != (kind, item)))


def settled(data: SessionData, item: str) -> SessionData:
    """Without the conflicts about `item`; the same object when there is none."""
    kept = tuple(conflict for conflict in data.conflicts if conflict.id != item)
    return data if kept == data.conflicts else replace(data, conflicts=kept)


def turned(data: SessionData, stamp: Stamp, *, undoing: bool) -> tuple[SessionData, str] | None:
    """With the last change of an answer or waiver taken back, or the one last taken back made again, and its id.

    None when there is nothing to turn. A change that was overtaken from outside (by hand, by the winner of a
    conflict) can no longer be turned and leaves the history.
    """
    order: Iterable[Change] = (
        reversed([change for change in data.history if not change.undone])
        if undoing
        else sorted((change for change in data.history if change.undone), key=lambda one: -one.turn)
    )
    overtaken: list[Change] = []
    for change in order:
        given = data.answers.get(change.question)
        now: Value | Terms | None = given.value if given is not None else None
        if change.kind == "waiver":
            now = _terms(data, change.question)
        then, value = (change.after, change.before) if undoing else (change.before, change.after)
        if now != then:
            overtaken.append(change)
            continue
        turn = replace(change, undone=undoing, turn=stamp.rev)
        history = tuple(turn if one is change else one for one in data.history if one not in overtaken)
        data = replace(data, history=history)
        if change.kind == "waiver":
            return _with_waiver(
                data, change.question, value if isinstance(value, Terms) else None, stamp
            ), change.question
        said = None if isinstance(value, Terms) else value
        return _with_answer(data, change.question, said, change.scope, stamp), change.question
    return None


def taken_over(
    data: SessionData, other: SessionData, scopes: Collection[Scope], any_host: bool, stamp: Stamp
) -> tuple[SessionData, int]:
    """With what still holds of another session, and how much that is; the first entry gets `stamp.rev`."""
    rev = stamp.rev - 1
    answers, results = dict(data.answers), dict(data.results)

    def holds(entry: Answer | Result) -> bool:
        here = any_host or (entry.host, entry.user) == (stamp.host, stamp.user)
        return entry.scope in scopes and (entry.scope != "pc" or here)

    for question, answer in sorted(other.answers.items()):
        if question not in answers and holds(answer):
            rev += 1
            answers[question] = replace(answer, rev=rev)
    for check, result in sorted(other.results.items()):
        if check not in results and holds(result):
            rev += 1
            results[check] = replace(result, rev=rev)
    unread = {name: one for name, one in data.unread.items() if name not in answers}
    cleared = {name: one for name, one in data.cleared.items() if name not in answers}
    data = replace(data, answers=answers, unread=unread, cleared=cleared, results=results)
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
