"""From the plain tables of a session file to the session.

Tolerant means that what is absent gets its default and what is unknown is kept. An answer passes the same door as one that is
typed; one that is none is kept and counts as not given. Whatever else is present and wrong is refused with its place, because
guessing at it could cost somebody an application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeVar, cast

from checks import FIRST_GUIDE
from checks.guide import Guide, GuideError, Guides
from checks.model import Json, Outcome, Scope
from checks.record import replace
from checks.rules.conditions import Value
from checks.rules.dates import FIRST_YEAR, LAST_YEAR
from checks.shown import show
from checks.text import Text
from state.file.encode import Table
from state.session_data import (
    EPOCH,
    MAX_REV,
    SCHEMA,
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
    Ui,
    Unread,
    Waiver,
)

T = TypeVar("T")

SCOPES = ("pc", "office", "case")


class Invalid(Exception):
    """A value in the file is not what it must be: the key's place and what is expected."""

    def __init__(self, path: tuple[str, ...], why: Text) -> None:
        super().__init__(why.en)
        self.path = path
        self.why = why

    @property
    def key(self) -> str:
        """The key as it may be shown."""
        return show(".".join(part if part.isidentifier() else f'"{part}"' for part in self.path), 160)


class _Reader:
    """One table being read: what is taken is known, the rest is kept as it is."""

    def __init__(self, table: object, path: tuple[str, ...]) -> None:
        if not isinstance(table, dict):
            raise Invalid(path, Text("表 (テーブル) が必要です", "a table is expected"))
        self.rest: Table = dict(table)
        self.path = path

    def take(self, key: str, read: Callable[[object], T | None], default: T | None, expected: Text) -> T:
        path = (*self.path, key)
        if key not in self.rest:
            if default is None:
                raise Invalid(path, Text("必要な項目がありません", "a required key is missing"))
            return default
        try:
            value = read(self.rest.pop(key))
        except (ValueError, OverflowError):
            value = None
        if value is None:
            raise Invalid(path, expected)
        return value

    def text(self, key: str, default: str | None = "") -> str:
        return self.take(key, _str, default, Text("文字列が必要です", "a string is expected"))

    def time(self, key: str, default: datetime | None) -> datetime:
        return self.take(
            key,
            _time,
            default,
            Text(
                "時差つきの日時が必要です (例 2026-11-22T01:00:00Z)",
                "a date and time with its zone is expected (as 2026-11-22T01:00:00Z)",
            ),
        )

    def number(self, key: str, default: int = 0) -> int:
        return self.take(
            key, _number, default, Text("0以上の整数が必要です", "a whole number from 0 is expected")
        )

    def scope(self, default: Scope) -> Scope:
        given = self.take("scope", lambda value: value if value in SCOPES else None, default, _one_of(SCOPES))
        return cast(Scope, given)


A_VALUE = Text(
    '文字列 (例 "yes") または1926年から2099年までの日付 (例 2026-11-22) が必要です',
    'a string (as "yes") or a date from 1926 to 2099 (as 2026-11-22) is expected',
)


def _one_of(choices: Iterable[str]) -> Text:
    names = " / ".join(choices)
    return Text(f"{names} のどれかが必要です", f"one of {names} is expected")


def _str(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_REV else None


def _time(value: object) -> datetime | None:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return None


def _day(value: object) -> date | None:
    # As when it is typed: rules look months away from a day, which must not lead out of the calendar.
    if isinstance(value, date) and not isinstance(value, datetime) and FIRST_YEAR <= value.year <= LAST_YEAR:
        return value
    return None


def _last_day(value: object) -> date | None:
    if not isinstance(value, str):
        return _day(value)
    from checks.rules.dates import parse_day

    return parse_day(value)


def _value(value: object) -> Value | None:
    return value if isinstance(value, str) else _day(value)


def _strings(value: object) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None


def _facts(value: object) -> dict[str, Json] | None:
    if isinstance(value, dict) and all(isinstance(item, str | int | bool) for item in value.values()):
        return dict(value)
    return None


def decode(tables: Table, guides: Guides, name: str = "", at: datetime = EPOCH) -> SessionData:
    """The session in the tables of a file of our schema; raises `Invalid` with the place of the first wrong value.

    Its answers are judged by the guide that it names.
    `name` and `at` stand in where a file made by hand does not say its name and times.
    """
    top = _Reader(tables, ())
    session = _Reader(top.rest.pop("session", {}), ("session",))
    guide = _guide(session, guides)
    created = session.time("created", at)
    updated = session.time("updated", created)
    data: dict[str, Any] = {
        "name": session.text("name", name),
        "created": created,
        "updated": updated,
        "app": session.text("app", ""),
        "schema": top.rest.pop("schema", SCHEMA),
        **_answers(top, updated, guide),
        "cleared": _each(top, "cleared", lambda reader: _cleared(reader, updated)),
        "results": _each(top, "results", lambda reader: _result(reader, updated)),
        "waivers": _each(top, "waivers", lambda reader: _waiver(reader, updated)),
        "withdrawn": _each(top, "withdrawn", lambda reader: _cleared(reader, updated)),
        "notes": _notes(top, updated),
        "drafts": _each(top, "drafts", lambda reader: _draft(reader, updated)),
        "ui": _ui(_Reader(top.rest.pop("ui", {}), ("ui",))),
        "history": _history(top, guide),
        "conflicts": _list(top, "conflicts", entries=_conflict),
        "takeover": _takeover(top),
    }
    end = dict(_Reader(top.rest.pop("end", {}), ("end",)).rest)
    end.pop("answers", None)
    if end:
        top.rest["end"] = end
    for given, taken in (("answers", "cleared"), ("unread", "cleared"), ("waivers", "withdrawn")):
        for name in data[given].keys() & data[taken].keys():
            # Written in again by hand: the newer of the two statements holds, an answer at the same revision.
            older = taken if data[given][name].rev >= data[taken][name].rev else given
            if data[given][name].rev == 0:
                older = taken
            del data[older][name]
    return SessionData(**data, session_extra=session.rest, extra=top.rest)


def _guide(session: _Reader, guides: Guides) -> Guide:
    """The guide that a session follows; its name stays among what is kept of the table."""
    name = session.rest.get("guide", FIRST_GUIDE)
    try:
        return guides(str(name))
    except GuideError as error:
        if not error.known:  # one that contradicts itself is no fault of the session's
            raise
        raise Invalid((*session.path, "guide"), _one_of(error.known)) from None


def _each(top: _Reader, key: str, read: Callable[[_Reader], T]) -> dict[str, T]:
    entries = _Reader(top.rest.pop(key, {}), (key,)).rest
    return {name: read(_Reader(entry, (key, name))) for name, entry in entries.items()}


def _answers(top: _Reader, at: datetime, guide: Guide) -> dict[str, dict[str, Any]]:
    """The answers, and apart from them what stands among them and is none."""
    read = _each(top, "answers", lambda reader: _answer(reader, at, guide))
    return {
        "answers": {name: one for name, one in read.items() if isinstance(one, Answer)},
        "unread": {name: one for name, one in read.items() if isinstance(one, Unread)},
    }


def _admitted(guide: Guide, question: str, found: object) -> Value | None:
    """The answer that a value means, None when it is none; of a question of another version whatever could be one."""
    asked = guide.questions.get(question)
    if asked is None:
        return _value(found)
    if isinstance(found, str) and asked.choice(found) is not None:
        return found
    from checks.rules.answers import AnswerError, admitted

    try:
        return admitted(asked, found)
    except AnswerError:
        return None


def _answer(reader: _Reader, at: datetime, guide: Guide) -> Answer | Unread:
    entry = dict(reader.rest)
    value = _admitted(guide, reader.path[-1], reader.rest.pop("value", None))
    if value is None:
        try:
            str(entry)
        except ValueError:  # a number so long that it cannot be written again
            raise Invalid((*reader.path, "value"), A_VALUE) from None
        return Unread(entry, reader.time("at", at), reader.number("rev"))
    return Answer(
        value=value,
        at=reader.time("at", at),
        rev=reader.number("rev"),
        scope=reader.scope("case"),
        host=reader.text("host"),
        user=reader.text("user"),
        extra=reader.rest,
    )


def _cleared(reader: _Reader, at: datetime) -> Cleared:
    return Cleared(at=reader.time("at", at), rev=reader.number("rev"), extra=reader.rest)


def _result(reader: _Reader, at: datetime) -> Result:
    return Result(
        outcome=reader.take("outcome", _outcome, None, _one_of(outcome.value for outcome in Outcome)),
        code=reader.text("code"),
        values=reader.take(
            "values",
            _facts,
            {},
            Text(
                "文字列・整数・真偽値の表が必要です",
                "a table of strings, whole numbers and booleans is expected",
            ),
        ),
        evidence=reader.take(
            "evidence", _strings, (), Text("文字列の並びが必要です", "a list of strings is expected")
        ),
        at=reader.time("at", at),
        rev=reader.number("rev"),
        host=reader.text("host"),
        user=reader.text("user"),
        took_ms=reader.number("took_ms"),
        scope=reader.scope("pc"),
        extra=reader.rest,
    )


def _outcome(value: object) -> Outcome | None:
    return Outcome(value) if isinstance(value, str) else None


def _waiver(reader: _Reader, at: datetime) -> Waiver:
    terms = _terms_of(reader)
    when, rev = reader.time("at", at), reader.number("rev")
    return Waiver(terms.reason, terms.by, terms.until, when, rev, reader.rest)


def _notes(top: _Reader, at: datetime) -> dict[str, Note]:
    texts = _Reader(top.rest.pop("notes", {}), ("notes",))
    changes = _Reader(top.rest.pop("note-changes", {}), ("note-changes",))
    notes: dict[str, Note] = {}
    for item in list(texts.rest) + [item for item in changes.rest if item not in texts.rest]:
        reader = _Reader(changes.rest.get(item, {}), ("note-changes", item))
        notes[item] = Note(
            text=texts.text(item), at=reader.time("at", at), rev=reader.number("rev"), extra=reader.rest
        )
    return notes


def _draft(reader: _Reader, at: datetime) -> Draft:
    return Draft(reader.time("at", at), reader.text("note"), reader.text("answer"), reader.rest)


def _ui(reader: _Reader) -> Ui:
    folded: tuple[str, ...] = reader.take(
        "folded", _strings, (), Text("文字列の並びが必要です", "a list of strings is expected")
    )
    return Ui(cursor=reader.text("cursor"), folded=folded, extra=reader.rest)


def _takeover(top: _Reader) -> Takeover | None:
    if "takeover" not in top.rest:
        return None
    reader = _Reader(top.rest.pop("takeover"), ("takeover",))
    number, pid = reader.number("number"), reader.number("pid")
    host, user, at = reader.text("host"), reader.text("user"), reader.time("at", EPOCH)
    return Takeover(number, host, user, pid, at, reader.rest)


def _list(top: _Reader, table: str, **lists: Callable[[_Reader], T]) -> tuple[T, ...]:
    holder = _Reader(top.rest.pop(table, {}), (table,))
    found: list[T] = []
    for key, read in lists.items():
        items = holder.rest.pop(key, [])
        if not isinstance(items, list):
            raise Invalid((table, key), Text("表の並びが必要です", "a list of tables is expected"))
        found += [read(_Reader(item, (table, key))) for item in items]
    if holder.rest:
        top.rest[table] = holder.rest
    return tuple(found)


def _history(top: _Reader, guide: Guide) -> tuple[Change, ...]:
    """The changes in the order in which they were made; those of one kind stay as they stand in the file."""
    from heapq import merge

    listed = _list(top, "history", changes=lambda reader: _change(reader, guide), waivers=_waiver_change)
    found = [one for one in listed if one is not None]
    kinds = ([one for one in found if one.kind == kind] for kind in ("answer", "waiver"))
    return tuple(merge(*kinds, key=lambda one: one.rev))


def _terms(reader: _Reader, key: str) -> Terms | None:
    if key not in reader.rest:
        return None
    return _terms_of(_Reader(reader.rest.pop(key), (*reader.path, key)))


def _terms_of(reader: _Reader) -> Terms:
    until = reader.take(
        "until",
        _last_day,
        None,
        Text("日付 (例 2026-11-22) が必要です", "a date (as 2026-11-22) is expected"),
    )
    return Terms(reader.text("reason", None), reader.text("by", None), until)


def _waiver_change(reader: _Reader) -> Change:
    before, after = _terms(reader, "before"), _terms(reader, "after")
    return replace(_change_of(reader, None, None), before=before, after=after, kind="waiver")


def _change(reader: _Reader, guide: Guide) -> Change | None:
    """One change of an answer; None when what it would bring back is no answer."""
    question = reader.rest.get("question")
    said = [reader.rest.pop(key, None) for key in ("before", "after")]
    values = [None if one is None else _admitted(guide, str(question), one) for one in said]
    if any(value is None and one is not None for value, one in zip(values, said, strict=True)):
        return None
    return _change_of(reader, *values)


def _change_of(reader: _Reader, before: Value | None, after: Value | None) -> Change:
    return Change(
        question=reader.text("question", None),
        before=before,
        after=after,
        rev=reader.number("rev"),
        scope=reader.scope("case"),
        undone=reader.take(
            "undone",
            lambda value: value if isinstance(value, bool) else None,
            False,
            Text("trueかfalseが必要です", "true or false is expected"),
        ),
        turn=reader.number("turn"),
        extra=reader.rest,
    )


def _conflict(reader: _Reader) -> Conflict:
    kinds = ("answer", "note", "waiver")
    kind = reader.take("kind", lambda value: value if value in kinds else None, None, _one_of(kinds))
    return Conflict(
        kind=cast(Literal["answer", "note", "waiver"], kind),
        id=reader.text("id", None),
        lost=cast(Value, reader.take("lost", _value, None, A_VALUE)) if "lost" in reader.rest else None,
        at=reader.time("at", EPOCH),
        rev=reader.number("rev"),
        over=reader.number("over"),
        extra=reader.rest,
    )
