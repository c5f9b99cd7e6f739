"""What the guides say of where their statements come from is true: no wider than the passage, and not gone by.

Covers checks.statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import reduce
from itertools import product
from pathlib import Path

import pytest

from checks import FACTS_FROM
from checks.guide import Guide, load_guide
from checks.guides.entries import names
from checks.record import dataclass, replace
from checks.rules.conditions import ALWAYS, When, met
from checks.rules.dates import PLACES
from checks.statements import statements
from checks.steps import Basis, Page
from checks.text import Text

GUIDES = [load_guide("oss"), load_guide("kei")]
OF_GUIDE: Mapping[str, Mapping[str, frozenset[str]]] = {
    "oss": {"case.vehicle": frozenset({"registered", "small-motorcycle"})},
    "kei": {"case.vehicle": frozenset({"kei"})},
}
"""What an application is where a statement does not ask: the guide `oss` refuses kei cars, `kei` knows nothing else."""
CHOICES: dict[str, frozenset[str]] = {}
for guide in GUIDES:
    for question in guide.questions.values():
        values = frozenset(choice.value for choice in question.choices)
        CHOICES[question.id] = CHOICES.get(question.id, frozenset()) | values

HEDGES = {
    "ja": "確かめられていません|未確認|推定|みられ|考えられ|限りません|情報源によって|見つかっていません|案内では",
    "en": "confirmed|could not|inferred|probably|need not be|Sources disagree|was found|is known here",
}

FUTURE = {
    "ja": "予定|見込み|今後|これから|(始ま|終わ|変わ|上が|下が)ります|(廃止|変更|終了|開始|改定|発売)(され|し)ます|外(し|れ)ます|ようになります",
    "en": r"\b(will|plan(s|ned)? to|(is|are) (to|going to|due to|about to)|scheduled|expected to|upcoming|soon)\b",
}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = [
    r"(?P<y>\d{4})年((?P<m>\d{1,2})月((?P<d>\d{1,2})日)?)?",
    r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)",
    rf"((?P<d>\d{{1,2}}) )?(?P<n>{'|'.join(MONTHS)}) (?P<y>\d{{4}})",
    r"\b(in|of|since|by|until|end of) (?P<y>20\d\d)\b",
]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the condition under which it is shown."""

    guide: str
    id: str
    text: Text
    basis: Basis
    page: Page
    applies: When
    kind: str = ""

    def names(self, what: Text) -> bool:
        """Whether its own sentences name that, in both languages."""
        return what.ja in self.text.ja and what.en.lower() in self.text.en.lower()

    def hedged(self) -> bool:
        """Whether its own sentences say that it is not certain, in both languages."""
        return all(re.search(words, getattr(self.text, lang)) for lang, words in HEDGES.items())


def _join(*texts: Text | None) -> Text:
    said = [text for text in texts if text is not None]
    return Text(" ".join(text.ja for text in said), " ".join(text.en for text in said))


def said_of(guide: Guide) -> Iterator[Said]:
    """Every statement that is shown for certain answers."""

    def said(kind: str, id_: str, text: Text, basis: Basis, *conditions: When) -> Said:
        joined = reduce(_and, conditions, ALWAYS)
        return Said(guide.name, id_, text, basis, guide.pages[basis.page], joined, kind)

    for step in (guide.case, *guide.steps):
        for note in step.notes:
            yield said("note", note.id, note.text, note.basis, step.applies, note.applies)
        for question in step.questions:
            hints = (choice.hint for choice in question.choices)
            text = _join(question.text, question.help, *hints)
            yield said("question", question.id, text, question.basis, question.applies)
    for row in guide.scope.rows:
        if row.text is not None:
            yield said("row", row.id, _join(row.text, row.remedy), row.basis, row.applies)
    for rule in guide.deadlines.all():
        asked = guide.questions[rule.question].applies if rule.question else ALWAYS
        yield said("date", f"deadline {rule.id}", rule.text, rule.basis, asked, _of_choices(rule.applies))
    for check in guide.checks.values():
        page = guide.pages[check.source]
        basis = Basis(page.id, page.read or date.min, "official" if page.official else "secondary")
        words = (check.title, check.why, check.how, *(says.text for says in check.says.values()))
        yield said("check", check.id, _join(*words), basis, check.applies)
    for symptom in guide.symptoms:
        yield said("symptom", symptom.id, _join(*symptom.causes, symptom.help), symptom.basis)


def _and(first: When, second: When) -> When:
    if not first.any_of or not second.any_of:
        return first if first.any_of else second
    groups = []
    for one, other in product(first.any_of, second.any_of):
        merged = dict(one)
        for question, allowed in other:
            merged[question] = merged.get(question, allowed) & allowed
        if all(merged.values()):
            groups.append(tuple(merged.items()))
    return When(tuple(groups))


def _of_choices(when: When) -> When:
    """The condition without what it asks of dates."""
    groups = [tuple((q, a) for q, a in group if not a <= set(PLACES)) for group in when.any_of]
    return When(tuple(groups)) if all(groups) else ALWAYS


def wider(said: Said) -> Mapping[str, str] | None:
    """Answers for which a statement is shown although its passage does not speak of them; None where there are none."""
    covers = said.basis.covers if said.basis.covers.any_of else said.page.covers
    asked = covers.questions()
    for group in said.applies.any_of or ((),):
        shown = {**OF_GUIDE[said.guide], **dict(group)}
        for values in product(*(sorted(shown.get(question, CHOICES[question])) for question in asked)):
            answers = dict(zip(asked, values, strict=True))
            if covers.any_of and not met(covers, answers):
                return answers
    return None


def overstated(said: Said) -> bool:
    """Whether a statement reaches further than its passage, or is of one place, without a word of it.

    Beside questions and dates the source is always shown, so that "inferred" says it; notes and rows stand alone in
    reports. A symptom has no condition: what is seen tells whom it concerns, and its source must not claim more.
    """
    scope = said.basis.scope or said.page.scope
    if scope is None or said.names(scope) or said.hedged():
        return False
    covers = said.basis.covers if said.basis.covers.any_of else said.page.covers
    if said.kind == "symptom":
        return said.basis.confidence == "official" and not covers.any_of
    if said.kind in ("question", "date") and said.basis.confidence in ("inferred", "unread"):
        return False
    return not covers.any_of or wider(said) is not None


EVERY = [said for guide in GUIDES for said in said_of(guide)]


def test_no_statement_reaches_further_than_the_passage_it_rests_on() -> None:
    found = {f"{one.guide} {one.id} ({one.page.id}): {wider(one)}" for one in EVERY if overstated(one)}
    assert not found, "\n".join(sorted(found))


def last_days(sentence: str) -> list[date]:
    """The last day of each date, month or year that a sentence names."""
    found = []
    for match in (match for pattern in DAYS for match in re.finditer(pattern, sentence)):
        part = match.groupdict()
        month = int(part.get("m") or (MONTHS.index(part["n"]) + 1 if part.get("n") else 12))
        if part.get("d"):
            found.append(date(int(part["y"]), month, int(part["d"])))
        else:
            found.append(date(int(part["y"]) + month // 12, month % 12 + 1, 1) - timedelta(1))
    return found


def gone_by(text: Text, today: date) -> list[str]:
    """The sentences that speak of a day which has passed as if it were to come."""
    return [
        sentence
        for lang, words in FUTURE.items()
        for sentence in re.split(r"(?<=。)|(?<=[.!?:]) ", getattr(text, lang))
        if re.search(words, sentence) and any(day <= today for day in last_days(sentence))
    ]


def every_text() -> Iterator[Text]:
    """Every sentence of the guides and of what checks can say."""
    for one in EVERY:
        yield one.text
    for guide in GUIDES:
        yield from (step.not_needed for step in guide.steps if step.not_needed)
        for check in guide.checks.values():
            yield from (check.title, check.why, check.how)
            for says in check.says.values():
                yield _join(says.text, says.remedy)


NEWEST = max(fact.basis.checked for guide in GUIDES for fact in statements(guide))
"""Today, as far as the data knows."""


def test_nothing_that_has_happened_is_told_as_future() -> None:
    texts = list(every_text())
    assert len(texts) > 700
    assert [sentence for text in texts for sentence in gone_by(text, NEWEST)] == []


@pytest.mark.parametrize(
    ("ja", "en", "gone"),
    [
        ("2026年7月21日に始まる予定です。", "It is to begin on 21 July 2026.", 2),
        ("2026年7月に変わります。", "It will change in July 2026.", 2),
        ("2026-07-21に廃止されます。", "It ends soon (2026-07-21).", 2),
        ("2025年に始まります。", "It is scheduled for the end of 2025.", 2),
        ("2026年7月21日に始まりました。", "It began on 21 July 2026.", 0),
        ("2027年4月15日に外す予定です。", "Mozilla plans to drop it on 15 April 2027.", 0),
        ("2026年12月に変わります。", "It will change in December 2026.", 0),
        ("2025年に始まりました。今後の案内を見てください。", "It began in 2025. You will be told.", 0),
    ],
)
def test_a_day_that_has_passed_is_found_where_it_is_worded_as_future(ja: str, en: str, gone: int) -> None:
    assert len(gone_by(Text(ja, en), date(2026, 11, 27))) == gone


def test_the_plan_for_the_root_would_be_found_once_its_day_has_come() -> None:
    texts = list(every_text())
    assert any(gone_by(text, date(2027, 4, 15)) for text in texts)


def test_a_statement_that_reaches_too_far_is_found() -> None:
    said = next(one for one in EVERY if one.id == "documents.duty")
    assert said.basis.confidence == "secondary"
    assert not overstated(said)
    everywhere = replace(said, applies=ALWAYS, text=Text("15日以内です。", "Within 15 days."))
    assert wider(everywhere) is not None
    assert overstated(everywhere)
    assert overstated(replace(everywhere, kind="question"))
    assert not overstated(
        replace(everywhere, text=Text("移転登録と変更登録で15日です。", "15 days for transfers and changes."))
    )
    assert not overstated(replace(everywhere, text=Text("15日です（未確認）。", "15 days (not confirmed).")))
    assert overstated(replace(everywhere, text=Text("15日です（未確認）。", "15 days.")))
    narrow = replace(said.basis, covers=When(((("case.procedure", frozenset({"change"})),),)))
    assert wider(replace(said, basis=narrow)) == {"case.procedure": "transfer"}
    place = next(one for one in EVERY if one.id == "documents.tax-data")
    assert overstated(replace(place, text=Text("1週間ほどかかります。", "It takes about a week.")))


def test_the_list_of_facts_names_no_page_date_that_is_not_known() -> None:
    pages = {page.id: page for guide in GUIDES for page in guide.pages.values()}
    text = (Path(__file__).parents[3] / "docs" / "facts.md").read_text("utf-8")
    rows = [line.split(" | ") for line in text.partition("## Pages")[2].splitlines() if "](http" in line]
    assert {row[0].removeprefix("| ") for row in rows} == set(pages)
    for row in rows:
        page = pages[row[0].removeprefix("| ")]
        assert row[2].strip() in (page.page_date, "undated copy" if page.read and not page.page_date else "")


def test_pages_have_their_own_date_or_none_and_speak_of_what_there_is() -> None:
    pages = {page.id: page for guide in GUIDES for page in guide.pages.values()}
    for page in pages.values():
        assert re.fullmatch(r"(20\d\d(-\d\d){0,2})?", page.page_date), page.id
        if page.read is not None:
            assert page.page_date <= page.read.isoformat(), page.id
        assert (page.scope is None) <= (page.covers == ALWAYS), page.id
    for covers in (one.basis.covers for one in EVERY), (page.covers for page in pages.values()):
        for group in (group for when in covers for group in when.any_of):
            for question, answers in group:
                assert answers <= CHOICES[question], question
    assert sum(bool(page.page_date) for page in pages.values()) < len(pages) // 2


def test_what_is_to_change_says_by_when_and_is_gone_by_from_then_on() -> None:
    known = {fact.id: fact for guide in GUIDES for fact in statements(guide)}
    removal = known["root-certificate.browser-removal"]
    assert removal.basis.changes_by == date(2027, 4, 15)
    assert not removal.gone_by(date(2027, 4, 14))
    assert removal.gone_by(date(2027, 4, 15))
    assert known["pc [roots]"].basis.changes_by == date(2027, 4, 15)
    assert all(
        fact.basis.changes_by is None or fact.basis.changes_by > fact.basis.checked for fact in known.values()
    )


def test_the_version_says_how_old_the_oldest_facts_are() -> None:
    assert min(load_guide(name).oldest for name in names()).isoformat() == FACTS_FROM
