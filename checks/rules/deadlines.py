"""Every date that matters for an application, and from when on it can be sent: a guide's `deadlines.toml` held against the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from checks.model import Finding
from checks.record import dataclass, replace
from checks.rules.conditions import ALWAYS, Value, When, evaluate, met
from checks.rules.dates import (
    JAPAN,
    add_months,
    end_of_day,
    in_japan,
    next_business_day,
    place_in_time,
    previous_business_day,
    spoken,
)
from checks.steps import Basis, CheckId, QuestionId
from checks.text import Text

if TYPE_CHECKING:
    from checks.guide import Guide

DateKind: TypeAlias = Literal["law", "office", "paper", "insurance", "inspection", "certificate", "root"]
"""What stands behind a date: a legal duty, the office's rule, a paper's age, the policy, the inspection,
the applicant's certificate, the portal's root certificate (the same for every session)."""

OFFICE_KINDS: frozenset[DateKind] = frozenset({"law", "office", "paper"})
"""Dates by which an office must have received something, so that its closed days count."""

_COMES = Text("{day}に期限が来ます。{text}", "Mind {day}: {text}")
_OVER = Text("{day}に期限が切れました。{text}", "Over since {day}: {text}")


@dataclass(frozen=True, slots=True)
class DateRule:
    """How one date follows from an answer, a finding or a table of facts; one of those three is named.

    It matters once `applies` is met and until `unless` is.
    """

    id: str
    kind: DateKind
    text: Text
    """What happens on that day, and what to do."""
    basis: Basis
    question: QuestionId = ""
    """The question from whose date it is counted."""
    check: CheckId = ""
    """The check whose finding has the date as its value `until`."""
    fact: str = ""
    """`TABLE.KEY` of `checks/data/pc.toml`."""
    days: int = 0
    months: int = 0
    """How much later than the question's date it is; earlier where negative."""
    applies: When = ALWAYS
    unless: When | None = None
    mind_days: int = 0
    """From so many days before, it is said beside the time of sending."""
    approximate: bool = False
    """Sources disagree or say "about": what is older is something to ask about, not a refusal."""


@dataclass(frozen=True, slots=True)
class WaitRule:
    """What must be waited for before the application can be sent, once `applies` is met and `unless` is not."""

    id: str
    text: Text
    """Why; `{day}` is the question's date, for a wait without one the day it ends."""
    basis: Basis
    applies: When = ALWAYS
    unless: When | None = None
    hours: int = 0
    """Hours from now."""
    question: QuestionId = ""
    days: int = 0
    """Instead of hours: until the end of the day so many days after the question's date."""


@dataclass(frozen=True, slots=True)
class DateRules:
    """All rules of a guide on dates."""

    dates: tuple[DateRule, ...] = ()
    waits: tuple[WaitRule, ...] = ()
    sent: WaitRule | None = None
    """Met once the application has been sent: nothing is waited for any more."""
    examined: WaitRule | None = None
    """When the application is looked at: on working days, until `hours` o'clock in Japan."""

    def all(self) -> list[DateRule | WaitRule]:
        """Every rule."""
        single = (rule for rule in (self.sent, self.examined) if rule is not None)
        return [*self.dates, *self.waits, *single]


@dataclass(frozen=True, slots=True)
class DueDate:
    """One date that matters."""

    id: str
    day: date
    text: Text
    basis: Basis
    kind: DateKind
    moment: datetime | None = None
    """The exact moment in UTC, where it is known."""
    safe: date | None = None
    """For an office: the last working day, when the day itself is none."""
    mind_days: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """Why the application cannot be sent, or is not looked at, before a moment."""

    id: str
    until: datetime
    text: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class Sending:
    """From when on an application can be sent."""

    moment: datetime | None
    """The first moment; None where it cannot be filed as answered."""
    waits: tuple[Wait, ...]
    """What it waits for; those whose moment is `now` are only to be minded."""
    sent: bool = False


def deadlines(
    guide: Guide, answers: Mapping[str, Value], now: datetime, findings: Mapping[str, Finding] | None = None
) -> tuple[DueDate, ...]:
    """Every date that matters for this application, the nearest first, also those that have passed.

    `findings` (by the check's id) add the end of a certificate that a check has read.
    """
    known = _placed(answers, now)
    due = (
        _due(rule, guide, answers, findings or {}) for rule in guide.deadlines.dates if _matters(rule, known)
    )
    return tuple(sorted((one for one in due if one), key=lambda one: (one.day, one.id)))


def _matters(rule: DateRule | WaitRule, known: Mapping[str, Value]) -> bool:
    return met(rule.applies, known) and not (rule.unless is not None and met(rule.unless, known))


def _due(
    rule: DateRule, guide: Guide, answers: Mapping[str, Value], findings: Mapping[str, Finding]
) -> DueDate | None:
    basis, moment = rule.basis, None
    day: date | None
    if rule.fact:
        from checks.table import facts

        table, _, key = rule.fact.partition(".")
        value = facts(table).entries[key]
        moment = value if isinstance(value, datetime) else None
        day = value if moment is None else in_japan(moment)
        basis = replace(basis, checked=facts(table).checked)
    elif rule.check:
        day = _until(findings.get(rule.check))
    else:
        day = _answered(rule.question, guide, answers)
    if day is None:
        return None
    day += timedelta(days=rule.days)
    if rule.months:
        day = add_months(day, rule.months)
    last = previous_business_day(day) if rule.kind in OFFICE_KINDS else day
    return DueDate(
        rule.id, day, rule.text, basis, rule.kind, moment, None if last == day else last, rule.mind_days
    )


def _answered(question: str, guide: Guide, answers: Mapping[str, Value]) -> date | None:
    """The day answered, where the question applies."""
    value = answers.get(question)
    applies = evaluate(guide.questions[question].applies, answers).yes
    return value if isinstance(value, date) and applies else None


def _until(finding: Finding | None) -> date | None:
    """The last day of validity among a finding's values; None also where there is no end (RFC 5280, 4.1.2.5)."""
    value = None if finding is None else finding.values.get("until")
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if day == date.max else day


def earliest_sending(
    guide: Guide, answers: Mapping[str, Value], now: datetime, findings: Mapping[str, Finding] | None = None
) -> Sending:
    """The first moment at which the application can be sent, and what it waits for.

    Last comes when it will be looked at. Once it is sent there is nothing to wait for.
    """
    rules, known = guide.deadlines, _placed(answers, now)
    if rules.sent is not None and met(rules.sent.applies, known):
        return Sending(now, (_wait(rules.sent, now, answers.get(rules.sent.question)),), True)
    waits = sorted(_waits(rules.waits, answers, known, now), key=lambda wait: wait.until)
    moment = max((wait.until for wait in waits), default=now)
    waits += _near(deadlines(guide, answers, now, findings), now)
    if rules.examined is not None:
        # Nobody looks at it in the evening any more.
        day = next_business_day(in_japan(moment + timedelta(hours=24 - rules.examined.hours)))
        waits.append(_wait(rules.examined, max(datetime.combine(day, time(), JAPAN), moment), day))
    return Sending(moment, tuple(waits))


def _waits(
    rules: tuple[WaitRule, ...], answers: Mapping[str, Value], known: Mapping[str, Value], now: datetime
) -> Iterator[Wait]:
    for rule in rules:
        if not _matters(rule, known):
            continue
        if not rule.question:
            yield _wait(rule, now + timedelta(hours=rule.hours))
            continue
        day = answers.get(rule.question)
        if isinstance(day, date) and (until := end_of_day(day, rule.days)) > now:
            yield _wait(rule, until, day)


def _wait(rule: WaitRule, until: datetime, day: Value | None = None) -> Wait:
    text = rule.text.filled({"day": spoken(day)}) if isinstance(day, date) else rule.text
    return Wait(rule.id, until, text, rule.basis)


def _near(dates: tuple[DueDate, ...], now: datetime) -> Iterator[Wait]:
    """What comes to its end so soon that the application had better be quick."""
    today = in_japan(now)
    for due in dates:
        if due.mind_days and (due.day - today).days <= due.mind_days:
            text = (_OVER if due.day < today else _COMES).filled({"day": spoken(due.day), "text": due.text})
            yield Wait(due.id, now, text, due.basis)


def _placed(answers: Mapping[str, Value], now: datetime) -> dict[str, Value]:
    """The answers with each date as `past`, `today` or `coming`, so that conditions can ask about it."""
    today = in_japan(now)
    return {
        name: place_in_time(value, today) if isinstance(value, date) else value
        for name, value in answers.items()
    }
