"""Every date that matters for this application, and from when on it can be sent: pure rules over the answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from checks.model import Finding
from checks.record import dataclass
from checks.rules.conditions import Value
from checks.rules.dates import JAPAN, both, in_japan, next_business_day, usable
from checks.rules.due_dates import OFFICE_KINDS, Deadline, Kind, basis_of, deadlines
from checks.steps import Basis
from checks.text import Text

__all__ = ["OFFICE_KINDS", "Deadline", "Kind", "Reason", "deadlines", "earliest_application"]

EXPIRY_SOON_DAYS = 30
"""Days before the end of a certificate or an inspection from which it belongs to the reasons."""
EVENING = 18
"""Hour from which no office of the state receives anything on that day, wherever its hours end exactly."""

JPKI = ("jpki-reader", "jpki-phone")
INSURED = ("new-registration", "used-registration", "continuous-inspection")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the application can not be sent, or is not looked at, before a moment."""

    id: str
    until: datetime
    text: Text
    basis: Basis


def earliest_application(
    answers: Mapping[str, Value], now: datetime, findings: Mapping[str, Finding] | None = None
) -> tuple[datetime, tuple[Reason, ...]]:
    """The first moment (same zone as `now`) at which the application can be sent, and what it waits for.

    Reasons whose moment is `now` are no waits: an end that comes near, and, last, when it will be looked at. Once it
    is sent there is nothing to wait for.
    """
    sent = answers.get("documents.application-date")
    if isinstance(sent, date) and sent <= in_japan(now):
        text = Text(f"{both(sent, 'ja')}に申請を送っています。", f"It was sent on {both(sent, 'en')}.")
        return now, (Reason("documents.application-date", now, text, basis_of("documents.application-date")),)
    reasons = [*_certificate_wait(answers, now), *_insurance_wait(answers, now)]
    moment = max((reason.until for reason in reasons), default=now)
    reasons.sort(key=lambda reason: reason.until)
    reasons += _ends(answers, now, findings or {})
    # Nobody looks at it in the evening any more.
    day = next_business_day(in_japan(moment + timedelta(hours=24 - EVENING)))
    text = Text(
        f"送信はいつでもできます。審査は開庁日の業務時間だけで、早くて{both(day, 'ja')}です。",
        f"It can be sent at any time, but is examined in office hours only: on {both(day, 'en')} at the earliest.",
    )
    opens = datetime.combine(day, time(), JAPAN)
    return moment, (*reasons, Reason("case.hours", max(opens, moment), text, basis_of("case.hours")))


def _ends(answers: Mapping[str, Value], now: datetime, findings: Mapping[str, Finding]) -> list[Reason]:
    """What comes to its end so soon that the application had better be quick."""
    today = in_japan(now)
    return [
        Reason(
            end.id,
            now,
            Text(
                f"{both(end.day, 'ja')}に期限が{'切れました' if end.day < today else '来ます'}。{end.text.ja}",
                f"{'Over since' if end.day < today else 'Mind'} {both(end.day, 'en')}: {end.text.en}",
            ),
            end.basis,
        )
        for end in deadlines(answers, now, findings)
        if (end.kind == "certificate" or end.id == "documents.inspection-expiry")
        and (end.day - today).days <= EXPIRY_SOON_DAYS
    ]


def _certificate_wait(answers: Mapping[str, Value], now: datetime) -> list[Reason]:
    if answers.get("certificate.kind") not in JPKI:
        return []
    lost = answers.get("certificate.moved-house") == "yes" and answers.get("certificate.reissued") == "no"
    end = answers.get("certificate.expires-on")
    over = isinstance(end, date) and end < in_japan(now)
    if lost or over or answers.get("certificate.card-obtained") == "no":
        text = Text(
            "署名用電子証明書の発行が先です。発行から24時間ほどは使えません（今発行した場合の時刻です）。",
            "The signing certificate must be issued first, and cannot be used for about 24 hours (the time if it were issued now).",
        )
        return [
            Reason(
                "certificate.card-obtained",
                now + timedelta(hours=24),
                text,
                basis_of("digital-certificate.jpki-wait"),
            )
        ]
    issued = answers.get("certificate.issued-on")
    if not isinstance(issued, date):
        return []
    ready = usable(issued).astimezone(now.tzinfo)
    if ready <= now:
        return []
    text = Text(
        f"電子証明書は、発行（{both(issued, 'ja')}）から24時間ほど使えません。発行の時刻が分からないので、翌日いっぱいを待つ時間としています。",
        f"The certificate cannot be used for about 24 hours after its issue on {both(issued, 'en')}. As the hour is not known, the whole next day is waited for.",
    )
    return [Reason("certificate.issued-on", ready, text, basis_of("digital-certificate.jpki-wait"))]


def _insurance_wait(answers: Mapping[str, Value], now: datetime) -> list[Reason]:
    seen = answers.get("insurance.data-visible")
    if answers.get("case.procedure") not in INSURED or seen == "yes":
        return []
    if seen is None and answers.get("insurance.contract") is None:
        return []
    text = Text(
        "自賠責の電子データが見えるまで、契約から1時間ほどかかります（今送られた場合の時刻です）。",
        "It takes about an hour until the electronic insurance data is visible (the time if it were sent now).",
    )
    return [
        Reason(
            "insurance.data-visible", now + timedelta(hours=1), text, basis_of("compulsory-insurance.an-hour")
        )
    ]
