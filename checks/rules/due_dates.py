"""Every date that matters for this application: pure rules over the answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from checks import FIRST_GUIDE
from checks.guide import Guide, load_guide
from checks.model import Finding
from checks.record import dataclass
from checks.rules.conditions import Value, evaluate
from checks.rules.dates import CLOCK_DAYS, add_months, in_japan, previous_business_day
from checks.steps import Basis, Confidence
from checks.text import Text, counted

Kind: TypeAlias = Literal["law", "office", "paper", "insurance", "inspection", "certificate", "root"]
"""What stands behind a date: a legal duty, the office's rule, a paper's age, the policy, the inspection,
the applicant's certificate, the portal's root certificate."""

OFFICE_KINDS: frozenset[Kind] = frozenset({"law", "office", "paper"})
"""Dates by which an office must have received something, so that its closed days count."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date that matters."""

    id: str
    """The question, check or fact that it comes from."""
    day: date
    text: Text
    """What happens on that day, and what to do."""
    basis: Basis
    kind: Kind
    moment: datetime | None = None
    """The exact moment in UTC, where it is known."""
    safe: date | None = None
    """For an office: the last working day, when the day itself is none."""


def deadlines(
    answers: Mapping[str, Value], now: datetime, findings: Mapping[str, Finding] | None = None
) -> tuple[Deadline, ...]:
    """Every date that matters for this application, the nearest first, also those that have passed.

    `findings` (by the check's id) add the end of a certificate that a check has read.
    """
    guide = load_guide(FIRST_GUIDE)
    known = _Applying(guide, answers)
    found = [*_clocks(known), *_papers(guide, known), *_answered(known), *_read(findings or {}), *_roots()]
    return tuple(sorted(found, key=lambda deadline: (deadline.day, deadline.id)))


class _Applying:
    """The answers to questions that apply."""

    def __init__(self, guide: Guide, answers: Mapping[str, Value]) -> None:
        self._guide = guide
        self._answers = answers

    def day(self, question: str) -> date | None:
        """The day answered, when the question applies; None otherwise."""
        value = self._answers.get(question)
        applies = evaluate(self._guide.questions[question].applies, self._answers).yes
        return value if isinstance(value, date) and applies else None

    def text(self, question: str) -> str:
        """The answer to a choice or text question, or an empty string."""
        value = self._answers.get(question)
        return value if isinstance(value, str) else ""


def basis_of(id_: str) -> Basis:
    """Where a note or question of that id comes from."""
    guide = load_guide(FIRST_GUIDE)
    question = guide.questions.get(id_)
    if question is not None:
        return question.basis
    return next(note.basis for step in (guide.case, *guide.steps) for note in step.notes if note.id == id_)


def _office(id_: str, day: date, text: Text, basis: Basis, kind: Kind) -> Deadline:
    safe = previous_business_day(day)
    return Deadline(id_, day, text, basis, kind, safe=None if safe == day else safe)


def _clocks(known: _Applying) -> list[Deadline]:
    found = []
    sent, event = known.day("documents.application-date"), known.day("documents.event-date")
    if sent is not None:
        if known.text("documents.papers-delivered") != "yes":
            text = Text(
                "必要な書類が運輸支局に届く期限です（申請から15日）。届かないと受け付けられません。",
                "The papers must have reached the office (15 days after the application), or it is not accepted.",
            )
            day = sent + timedelta(days=CLOCK_DAYS)
            found.append(
                _office("documents.application-date", day, text, basis_of("documents.fifteen-days"), "office")
            )
    elif event is not None:
        text = Text(
            "移転登録・変更登録を申請する義務の期限です（事由から15日）。",
            "The transfer or change must have been applied for (15 days after the event).",
        )
        day = event + timedelta(days=CLOCK_DAYS)
        found.append(_office("documents.event-date", day, text, basis_of("documents.duty"), "law"))
    return found


def _papers(guide: Guide, known: _Applying) -> list[Deadline]:
    found: list[Deadline] = []
    if known.text("documents.papers-delivered") == "yes":
        return found
    for validity in guide.validities:
        issued = known.day(validity.question)
        if issued is None:
            continue
        name, months = validity.name, validity.months
        about = (
            (
                "約",
                "about ",
                "情報源によって違うため、過ぎたら窓口に確かめます。",
                " Sources disagree: ask the office if it is older.",
            )
            if validity.approximate
            else ("", "", "過ぎたら取り直します。", " Get it anew after that.")
        )
        text = Text(
            f"{name.ja}が使える最後の日です（発行から{about[0]}{months}か月）。{about[2]}",
            f"{name.en}: the last day on which it can be used ({about[1]}{counted(months, 'month')} after issue).{about[3]}",
        )
        found.append(_office(validity.question, add_months(issued, months), text, validity.basis, "paper"))
    return found


_ANSWERED: tuple[tuple[str, Kind, Text], ...] = (
    (
        "insurance.start",
        "insurance",
        Text("自賠責の保険期間が始まります。", "The compulsory insurance begins."),
    ),
    (
        "insurance.end",
        "insurance",
        Text("自賠責の保険期間が終わります（正午まで）。", "The compulsory insurance ends, at noon."),
    ),
    (
        "insurance.present-end",
        "insurance",
        Text("今の自賠責が終わります（正午まで）。", "The present compulsory insurance ends, at noon."),
    ),
    (
        "documents.inspection-expiry",
        "inspection",
        Text(
            "今の車検証が満了します。この日までに継続検査を終えます。",
            "The present inspection certificate expires: the inspection must be through.",
        ),
    ),
    (
        "insurance.inspection-end",
        "inspection",
        Text("新しい車検証の有効期間が満了します。", "The new inspection certificate expires."),
    ),
    (
        "certificate.expires-on",
        "certificate",
        Text(
            "電子証明書の有効期限です。その前に更新するか取り直します。マイナンバーカードでは、更新から24時間ほど使えません。",
            "The digital certificate expires. Renew or replace it before; on the My Number card a new one cannot be used for about 24 hours.",
        ),
    ),
)
"""The days that are answered as they are, and what happens on each."""
_WINDOW = Text(
    "この日から、残りの期間を減らさずに継続検査を受けられます（満了の2か月前）。",
    "From this day on the inspection can be taken without losing days (two months before the end).",
)
_READ = {
    "certificate.file": Text(
        "証明書のファイルの有効期限です。その前に取り直します。",
        "The certificate file expires. Acquire a new one before.",
    ),
    "certificate.auth-expiry": Text(
        "カードの利用者証明用電子証明書の有効期限です。署名用も、ふつうは同じ日までです。",
        "The card's certificate for authentication expires; the one for signing usually does on the same day.",
    ),
}
"""The checks that read the end of a certificate (their value `until`), and what that day means."""


def _answered(known: _Applying) -> list[Deadline]:
    days = [(id_, known.day(id_), text, kind) for id_, kind, text in _ANSWERED]
    found = [
        Deadline(id_, day, text, basis_of(id_), kind) for id_, day, text, kind in days if day is not None
    ]
    for end in found:
        if end.id == "documents.inspection-expiry":
            window = add_months(end.day, -2)
            return [*found, Deadline(f"{end.id}.window", window, _WINDOW, end.basis, end.kind)]
    return found


def _read(findings: Mapping[str, Finding]) -> list[Deadline]:
    basis = Basis("ninsho-list", basis_of("certificate.expires-on").checked, "computed")
    days = [(id_, _end(findings[id_]), text) for id_, text in _READ.items() if id_ in findings]
    return [Deadline(id_, day, text, basis, "certificate") for id_, day, text in days if day is not None]


def _end(finding: Finding) -> date | None:
    """The last day of validity among a finding's values; None also where there is no end (RFC 5280, 4.1.2.5)."""
    value = finding.values.get("until")
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if day == date.max else day


def _roots() -> list[Deadline]:
    from checks.table import facts

    roots = facts("roots")
    removal, expiry = roots.day("browser_removal"), roots.moment("expiry")
    confidence: Confidence = "official"
    return [
        Deadline(
            "root.lifecycle.removal",
            removal,
            Text(
                "ブラウザーが、Security Communication RootCA2をWebサイト用に信頼しなくなる予定の日です。",
                "Browsers plan to stop trusting Security Communication RootCA2 for websites.",
            ),
            Basis("mozilla-lifecycle", roots.checked, confidence),
            "root",
        ),
        Deadline(
            "root.lifecycle.expiry",
            in_japan(expiry),
            Text("Security Communication RootCA2の有効期限です。", "Security Communication RootCA2 expires."),
            Basis("secom-repository", roots.checked, "computed"),
            "root",
            expiry,
        ),
    ]
