"""Every date that matters, of one session or of many, ready for text, JSON and calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from checks.guide import Guide
from checks.model import Finding, Options
from checks.record import dataclass
from checks.rules.dates import both
from checks.rules.deadlines import DueDate, Sending, Wait, deadlines, earliest_sending
from checks.rules.scope import judge
from checks.shown import show
from checks.steps import Basis, Page
from checks.text import Lang, Text
from state.calendar import Event
from state.layout import called, lines, local, utc
from state.session_data import SessionData
from state.sources import dated

EARLIEST = Text("申請できる時期", "When you can submit it")
_NOW = Text(
    "待ち時間はありません。準備がそろえば、すぐに送信できます。",
    "There is no waiting period: you can submit it as soon as everything is ready.",
)
_FROM = Text(
    "早くて {at} に送信できます（準備がそろっている場合）。",
    "You can submit it from {at}, if everything is ready.",
)
_REFUSED = Text(
    "答えた方法では申請できないか、申請できるかを確かめられていません。",
    "It cannot be filed as answered, or it could not be confirmed that it can.",
)
_SENT = Text("送信済みです。", "It has been submitted.")
DATES = Text("関係する期日", "Relevant dates")
_LEFT = Text("あと{n}日", "in {n|day}")
_TODAY = Text("今日", "today")
_PAST = Text("{n}日前", "{n|day} ago")
_SAFE = Text("窓口が開いている最後の日: {day}", "Last working day of the office: {day}")
_SUMMARY = Text("OSS準備: {text}", "OSS: {text}")
_SOURCE = Text("出典: {url}（{dated}）", "Source: {url} ({dated})")


@dataclass(frozen=True, slots=True)
class Agenda:
    """The dates of all sessions asked for, the nearest first, and from when on each can be sent."""

    now: datetime
    today: date
    dates: tuple[tuple[str, DueDate], ...]
    """Each with the name of its session; empty for a date that concerns every session alike."""
    sending: tuple[tuple[str, Sending], ...]
    """Of each session by name from when on it can be sent."""
    pages: Mapping[str, Page]
    """The pages that the dates and waits refer to, by their ids."""
    titles: Mapping[str, str]
    """What each session is called, by its name."""


def agenda(sessions: Iterable[tuple[Guide, SessionData]], options: Options) -> Agenda:
    """The agenda of these sessions, each with its guide; what concerns all of them alike is listed once."""
    now = options.moment()
    dates: dict[tuple[date, str, str], DueDate] = {}
    sending = []
    pages: dict[str, Page] = {}
    titles: dict[str, str] = {}
    for guide, data in sessions:
        pages |= guide.pages
        answers = data.values()
        titles[data.name] = called(data.name, answers.get(guide.roles.reference))
        findings = {id_: Finding(result.code, result.values) for id_, result in data.results.items()}
        for due in deadlines(guide, answers, now, findings):
            dates.setdefault((due.day, "" if due.kind == "root" else data.name, due.id), due)
        fit = judge(guide.scope, answers)
        if fit.row is not None and fit.row.text is not None:
            refused = Wait(guide.scope.check, now, fit.row.text, fit.row.basis)
            sending.append((data.name, Sending(None, (refused,))))
        else:
            sending.append((data.name, earliest_sending(guide, answers, now, findings)))
    ordered = tuple((session, due) for (_, session, _), due in sorted(dates.items(), key=lambda one: one[0]))
    return Agenda(now, options.today(), ordered, tuple(sending), pages, titles)


def next_date(guide: Guide, data: SessionData, options: Options) -> date | None:
    """The next day that matters for this session alone, None when none is known."""
    made = agenda([(guide, data)], options)
    return next((due.day for session, due in made.dates if session and due.day >= made.today), None)


def as_json(made: Agenda, now: datetime) -> dict[str, Any]:
    """The document of `deadlines --format json`."""
    return {
        "schema": 1,
        "made": utc(now),
        "today": made.today.isoformat(),
        "earliest": [
            {
                "session": name,
                "at": sending.moment and utc(sending.moment),
                "now": sending.moment is not None and sending.moment <= now,
                "reasons": [
                    {
                        "id": wait.id,
                        "until": utc(wait.until),
                        "text": wait.text.as_json(),
                        **_source(wait.basis, made),
                    }
                    for wait in sending.waits
                ],
            }
            for name, sending in made.sending
        ],
        "deadlines": [
            {
                "session": session or None,
                "id": due.id,
                "kind": due.kind,
                "date": due.day.isoformat(),
                "moment": due.moment and utc(due.moment),
                "safe": due.safe and due.safe.isoformat(),
                "days": (due.day - made.today).days,
                "text": due.text.as_json(),
                **_source(due.basis, made),
            }
            for session, due in made.dates
        ],
    }


def as_lines(made: Agenda, lang: Lang, cells: int) -> list[str]:
    """The agenda as text; with several sessions each line names its own."""
    many = len(made.sending) > 1
    out = [EARLIEST.to(lang)]
    for name, sending in made.sending:
        said = can_be_sent(made, sending, lang)
        out += lines(f"{made.titles[name]}: {said}" if many else said, cells, "  ", "    ")
        for wait in sending.waits:
            out += lines(wait.text.to(lang), cells, "    ")
    out += ["", DATES.to(lang)]
    for session, due in made.dates:
        name = f" {made.titles[session]}:" if many and session else ""
        out += lines(f"{day_line(made, due, lang)}{name}", cells, "  ")
        out += lines(due.text.to(lang), cells, "    ")
        if due.safe is not None:
            out += lines(_SAFE.fill({"day": both(due.safe, lang)}, lang), cells, "    ")
    return out


def can_be_sent(made: Agenda, sending: Sending, lang: Lang) -> str:
    """From when on it can be submitted, in a sentence."""
    if sending.moment is None:
        return _REFUSED.to(lang)
    if sending.moment > made.now:
        return _FROM.fill({"at": local(sending.moment)}, lang)
    return (_SENT if sending.sent else _NOW).to(lang)


def day_line(made: Agenda, due: DueDate, lang: Lang) -> str:
    """The day of a date, and how far away that is."""
    days = (due.day - made.today).days
    left = (_LEFT if days > 0 else _PAST if days else _TODAY).fill({"n": abs(days)}, lang)
    return f"{both(due.day, lang)} ({left})"


def as_events(made: Agenda, lang: Lang) -> list[Event]:
    """The dates that are still to come, as calendar entries; an office's on its last working day."""
    events = []
    for session, due in made.dates:
        if due.day < made.today:
            continue
        on = due.day if due.safe is None or due.safe < made.today else due.safe
        text, page = due.text.to(lang), made.pages[due.basis.page]
        title = made.titles.get(session, "")
        parts = [title, text] if session else [text]
        if due.safe is not None:
            parts.append(both(due.day, lang))
        parts.append(_SOURCE.fill({"url": page.url, "dated": dated(page, due.basis.checked, lang)}, lang))
        summary = _SUMMARY.fill({"text": f"{title}: {text}" if title != show(session) else text}, lang)
        events.append(Event(f"{session}/{due.id}", on, summary, "\n".join(parts), page.url))
    return events


def _source(basis: Basis, made: Agenda) -> dict[str, str]:
    return {
        "source": made.pages[basis.page].url,
        "checked": basis.checked.isoformat(),
        "confidence": basis.confidence,
    }
