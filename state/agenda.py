"""Every date that matters, of one session or of many, ready for text, JSON and calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from checks.guide import Guide
from checks.model import Finding, Options
from checks.record import dataclass
from checks.rules.dates import both
from checks.rules.deadlines import Deadline, Reason, deadlines, earliest_application
from checks.rules.scope import judge
from checks.shown import show
from checks.steps import Basis, Page
from checks.text import Lang, Text
from state.calendar import Event
from state.layout import lines, local, utc
from state.session_data import SessionData

_EARLIEST = Text("申請できる時期", "When it can be sent")
_NOW = Text(
    "待ち時間はありません。準備がそろえば、すぐに送信できます。",
    "Nothing has to be waited for: it can be sent as soon as everything is ready.",
)
_FROM = Text(
    "早くて {at} に送信できます（準備がそろっている場合）。",
    "It can be sent from {at}, if everything is ready.",
)
_REFUSED = Text(
    "答えた方法では申請できないか、申請できるかを確かめられていません。",
    "It cannot be filed in the way answered, or that it can could not be confirmed.",
)
_SENT = Text("送信済みです。", "It has been sent.")
_DATES = Text("関係する期日", "Dates that matter")
_LEFT = Text("あと{n}日", "in {n|day}")
_TODAY = Text("今日", "today")
_PAST = Text("{n}日前", "{n|day} ago")
_SAFE = Text("窓口が開いている最後の日: {day}", "Last working day of the office: {day}")
_SUMMARY = Text("OSS準備: {text}", "OSS: {text}")
_SOURCE = Text("出典: {url}（{day} 確認）", "Source: {url} (read {day})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One date; `session` is empty for a date that concerns every session alike."""

    session: str
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Agenda:
    """The dates of all sessions asked for, the nearest first, and from when on each can be sent."""

    now: datetime
    today: date
    entries: tuple[Entry, ...]
    earliest: tuple[tuple[str, datetime | None, tuple[Reason, ...]], ...]
    """Of each session the moment, None where the application cannot be filed as answered, and the reasons."""
    sent: frozenset[str]
    """The questions for the day on which an application was sent: a reason with such an id says that it was."""
    pages: Mapping[str, Page]
    """The pages that the dates and reasons refer to, by their ids."""


def agenda(sessions: Iterable[tuple[Guide, SessionData]], options: Options) -> Agenda:
    """The agenda of these sessions, each with its guide; what concerns all of them alike is listed once."""
    entries: dict[tuple[str, str, date], Entry] = {}
    earliest: list[tuple[str, datetime | None, tuple[Reason, ...]]] = []
    now = options.moment()
    pages: dict[str, Page] = {}
    sent: set[str] = set()
    for guide, data in sessions:
        pages |= guide.pages
        sent.add(guide.roles.sent)
        answers = data.values()
        findings = {id_: Finding(result.code, result.values) for id_, result in data.results.items()}
        for deadline in deadlines(answers, now, findings):
            name = "" if deadline.kind == "root" else data.name
            entries.setdefault((name, deadline.id, deadline.day), Entry(name, deadline))
        fit = judge(guide.scope, answers)
        if fit.row is not None and fit.row.text is not None:
            earliest.append((data.name, None, (Reason(guide.scope.check, now, fit.row.text, fit.row.basis),)))
            continue
        moment, reasons = earliest_application(answers, now, findings)
        earliest.append((data.name, moment, reasons))
    ordered = sorted(
        entries.values(), key=lambda entry: (entry.deadline.day, entry.session, entry.deadline.id)
    )
    return Agenda(now, options.today(), tuple(ordered), tuple(earliest), frozenset(sent), pages)


def next_date(guide: Guide, data: SessionData, options: Options) -> date | None:
    """The next day that matters for this session alone, None when none is known."""
    today = options.today()
    days = [
        entry.deadline.day
        for entry in agenda([(guide, data)], options).entries
        if entry.session and entry.deadline.day >= today
    ]
    return min(days, default=None)


def as_json(made: Agenda, now: datetime) -> dict[str, Any]:
    """The document of `deadlines --format json`."""
    return {
        "schema": 1,
        "made": utc(now),
        "today": made.today.isoformat(),
        "earliest": [
            {
                "session": name,
                "at": None if moment is None else utc(moment),
                "now": moment is not None and moment <= now,
                "reasons": [
                    {
                        "id": reason.id,
                        "until": utc(reason.until),
                        "text": _both(reason.text),
                        **_basis(reason.basis, made),
                    }
                    for reason in reasons
                ],
            }
            for name, moment, reasons in made.earliest
        ],
        "deadlines": [
            {
                "session": entry.session or None,
                "id": entry.deadline.id,
                "kind": entry.deadline.kind,
                "date": entry.deadline.day.isoformat(),
                "moment": None if entry.deadline.moment is None else utc(entry.deadline.moment),
                "safe": None if entry.deadline.safe is None else entry.deadline.safe.isoformat(),
                "days": (entry.deadline.day - made.today).days,
                "text": _both(entry.deadline.text),
                **_basis(entry.deadline.basis, made),
            }
            for entry in made.entries
        ],
    }


def as_lines(made: Agenda, lang: Lang, cells: int) -> list[str]:
    """The agenda as text; with several sessions each line names its own."""
    many = len(made.earliest) > 1
    out = [_EARLIEST.to(lang)]
    for name, moment, reasons in made.earliest:
        sent = any(reason.id in made.sent for reason in reasons)
        said = _NOW.to(lang)
        if moment is None:
            said = _REFUSED.to(lang)
        elif moment > made.now:
            said = _FROM.fill({"at": local(moment)}, lang)
        if sent:
            said = _SENT.to(lang)
        out += lines(f"{show(name)}: {said}" if many else said, cells, "  ", "    ")
        for reason in reasons:
            out += lines(reason.text.to(lang), cells, "    ")
    out += ["", _DATES.to(lang)]
    for entry in made.entries:
        deadline = entry.deadline
        days = (deadline.day - made.today).days
        left = _TODAY.to(lang) if not days else (_LEFT if days > 0 else _PAST).fill({"n": abs(days)}, lang)
        name = f" {show(entry.session)}:" if many and entry.session else ""
        out += lines(f"{both(deadline.day, lang)} ({left}){name}", cells, "  ")
        out += lines(deadline.text.to(lang), cells, "    ")
        if deadline.safe is not None:
            out += lines(_SAFE.fill({"day": both(deadline.safe, lang)}, lang), cells, "    ")
    return out


def as_events(made: Agenda, lang: Lang) -> list[Event]:
    """The dates that are still to come, as calendar entries; an office's on its last working day."""
    events = []
    for entry in made.entries:
        deadline = entry.deadline
        on = deadline.safe or deadline.day
        if on < made.today:
            on = deadline.day
        if on < made.today:
            continue
        page = made.pages[deadline.basis.page]
        parts = [show(entry.session)] if entry.session else []
        parts.append(deadline.text.to(lang))
        if deadline.safe is not None:
            parts.append(both(deadline.day, lang))
        parts.append(_SOURCE.fill({"url": page.url, "day": deadline.basis.checked.isoformat()}, lang))
        summary = _SUMMARY.fill({"text": deadline.text.to(lang)}, lang)
        events.append(Event(f"{entry.session}/{deadline.id}", on, summary, "\n".join(parts), page.url))
    return events


def _both(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}


def _basis(basis: Basis, made: Agenda) -> dict[str, str]:
    return {
        "source": made.pages[basis.page].url,
        "checked": basis.checked.isoformat(),
        "confidence": basis.confidence,
    }
