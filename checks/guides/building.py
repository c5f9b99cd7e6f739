"""A guide put together from its files and the probes, and held to its own rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from checks.guide import Guide
from checks.guides.borrowing import WORD
from checks.guides.entries import (
    Place,
    Table,
    expected,
    read_guide,
    record,
    refuse_unknown,
    shared_pages,
    tables,
)
from checks.model import Check, Says
from checks.pki.known_roots import EXPECTED
from checks.probes import every_check
from checks.record import dataclass, field, replace
from checks.rules.conditions import When, both
from checks.rules.dates import PLACES
from checks.rules.deadlines import DateRule, DateRules, WaitRule
from checks.rules.scope import Assumption, ScopeRow, ScopeRules
from checks.statements import statements
from checks.steps import Basis, Note, Page, Question, Step, Symptom
from checks.table import parse
from checks.text import Text

OTHERS = ("guide", "links", "scope", "deadlines", "symptoms")
"""The files of a guide beside `case.toml` and those of its steps; the last three may be left out."""

Rule = TypeVar("Rule", DateRule, WaitRule)

_NO_FILE = Text("このファイルが必要です。", "the file is missing.")
_NO_DAY = Text("資料と照合した日が必要です。", "the day of the last comparison with the sources is missing.")
_EACH_OTHER = Text("条件が互いを待っています。", "the conditions wait for each other.")
_NEVER = Text("この条件は決して成り立ちません。", "this condition can never hold.")
_NO_REASON = Text("必要ないときの理由が必要です。", "missing: why the step is not needed.")
_TWICE = Text("このIDは二度使われています。", "this id is used twice.")
_CHOICES = Text(
    "kind が choice のときだけ、2つ以上が必要です。", "needed for the kind choice alone, two or more."
)
_ONE_SOURCE = Text(
    "question、check、fact のうち、ちょうど1つが必要です。",
    "exactly one of question, check and fact is needed.",
)
_FITS = Text(
    "code が fits の行には refuses も text も書かず、ほかの行には両方が必要です。",
    "a row with the code fits has neither refuses nor text, any other has both.",
)


def from_sources(name: str, folder: Path | None = None) -> Guide:
    """The guide of its files and the probes; raises `GuideError` when they contradict themselves."""
    return build(name, read_guide(name, folder), [check for _, _, check in every_check()])


def build(name: str, files: Mapping[str, Table], checks: Sequence[Check]) -> Guide:
    """The guide of these files, by their names without `.toml`, and those checks; raises `GuideError`.

    A condition on a question that itself has a condition holds only when both do, so that an answer which is
    kept but no longer asked for decides nothing.
    """
    source = _Source(name, files)
    steps = source.steps()
    guide = record(
        Guide, source.data("guide"), source.place("guide"), name=name, case=steps[0], steps=steps[1:],
        pages=source.pages(), scope=source.scope(steps[1:]), symptoms=source.symptoms(),
        questions={question.id: question for step in steps for question in step.questions},
        checks={check.id: check for check in checks},
    )  # fmt: skip
    answers = {f"answer to {q.id}": [choice.value for choice in q.choices] for q in guide.questions.values()}
    known = {"page": guide.pages, "question": guide.questions, "check": guide.checks, **answers}
    known["step"] = [step.id for step in steps]
    known["item"] = _items(steps)
    known["root"] = EXPECTED.values()
    refuse_unknown(source.references, known)
    guide = replace(guide, deadlines=source.deadlines(steps))
    places = {f"answer to {q.id}": PLACES for q in guide.questions.values() if q.kind == "date"}
    refuse_unknown(source.of_dates, {**known, **places})
    return _Inherit(source, guide).guide()


@dataclass(frozen=True, slots=True)
class _Source:
    """The files of one guide, read into records."""

    name: str
    files: Mapping[str, Table]
    references: list[tuple[Place, str, str]] = field(default_factory=list)
    of_dates: list[tuple[Place, str, str]] = field(default_factory=list)
    """Those of `deadlines.toml`, where conditions ask whether a date is past."""

    def place(self, file: str | int) -> Place:
        """A file by its name, or that of a step by its number, with the day of its `[basis]`."""
        file = _file(file)
        basis = self.files.get(file, {}).get("basis")
        checked = basis.get("checked") if isinstance(basis, dict) else None
        return Place(
            f"{self.name}/{file}.toml", "", checked if type(checked) is date else None, self.references
        )

    def data(self, file: str | int, *words: str) -> Table:
        """What a file holds; raises `GuideError` where it has other words than these."""
        if _file(file) not in self.files:
            raise self.place(file).wrong("", _NO_FILE)
        data = self.files[_file(file)]
        for word in data if words else ():
            self.place(file).refer(word, words)
        if "basis" in words and self.place(file).checked is None:
            raise self.place(file).at("basis").wrong("checked", _NO_DAY)
        return data

    def steps(self) -> tuple[Step, ...]:
        """The case and the steps, as many as there are files of steps."""
        last = max((int(file[4:]) for file in self.files if re.fullmatch("step[1-9][0-9]?", file)), default=1)
        for file in self.files:
            self.place(file).refer(file, {*OTHERS, *map(_file, range(last + 1))})
        steps = []
        for number in range(last + 1):
            data, place = (
                self.data(number, "step", "basis", "note", "question"),
                self.place(number),
            )
            notes = tuple(record(Note, table, place) for table in tables(data, "note", place))
            questions = tuple(_question(table, number, place) for table in tables(data, "question", place))
            head, at = data.get("step"), place.at("step")
            steps.append(record(Step, head, at, number=number, notes=notes, questions=questions))
            if steps[-1].applies.any_of and steps[-1].not_needed is None:
                raise at.wrong("not_needed", _NO_REASON)
        return tuple(steps)

    def pages(self) -> dict[str, Page]:
        """The pages of the guide, and those that checks refer to whichever guide shows them."""
        found: dict[str, Page] = {}
        shared = Place("links.toml", "", None, self.references)
        for data, place in ((shared_pages(), shared), (self.data("links", "links"), self.place("links"))):
            for id_, table in data.get("links", {}).items():
                if id_ in found:
                    raise place.wrong(id_, _TWICE)
                found[id_] = record(Page, table, place.at(id_), id=id_)
        return found

    def symptoms(self) -> tuple[Symptom, ...]:
        """What people see."""
        if "symptoms" not in self.files:
            return ()
        data, place = self.data("symptoms", "basis", "symptom", WORD), self.place("symptoms")
        return tuple(record(Symptom, table, place) for table in tables(data, "symptom", place))

    def scope(self, steps: Sequence[Step]) -> ScopeRules:
        """What can be filed in which way, nothing without the file; a row refuses the application or some steps."""
        if "scope" not in self.files:
            return ScopeRules()
        data, place = self.data("scope", "basis", "check", "assumed", "undecided", "row"), self.place("scope")
        numbers, rows = {step.id: step.number for step in steps}, []
        for table in tables(data, "row", place):
            at, refuses = place.at(table.get("id")), table.get("refuses", [])
            named = list(numbers) if refuses == "application" else refuses
            if not isinstance(named, list):
                raise expected(at, "refuses", tuple)
            for id_ in named:
                at.refer(id_, numbers)
            rest = {word: value for word, value in table.items() if word != "refuses"}
            row = record(ScopeRow, rest, at, refuses=frozenset(numbers[id_] for id_ in named))
            if bool(named) == (row.code == "fits") or (row.text is None) != (row.code == "fits"):
                raise at.wrong("refuses", _FITS)
            rows.append(row)
        defaults = (
            tuple(record(Assumption, table, place.at(word)) for table in tables(data, word, place))
            for word in ("assumed", "undecided")
        )
        rest = {word: value for word, value in data.items() if word == "check"}
        return record(
            ScopeRules, rest, place, rows=tuple(rows), assumed=next(defaults), undecided=next(defaults)
        )

    def deadlines(self, steps: Sequence[Step]) -> DateRules:
        """The dates that matter and what is waited for, nothing without the file."""
        if "deadlines" not in self.files:
            return DateRules()
        data = self.data("deadlines", "basis", "date", "wait", "sent", "examined")
        place = replace(self.place("deadlines"), references=self.of_dates)
        bases = {note.id: note.basis for step in steps for note in step.notes}
        bases |= {question.id: question.basis for step in steps for question in step.questions}
        dates = [one.id for step in steps for one in step.questions if one.kind == "date"]
        facts = [
            f"{table}.{key}"
            for table, entries in parse().items()
            if isinstance(entries, dict)
            for key, value in entries.items()
            if isinstance(value, date)
        ]
        rules = tuple(_dated(DateRule, one, place, bases, dates) for one in tables(data, "date", place))
        for rule in rules:
            if sum(map(bool, (rule.question, rule.check, rule.fact))) != 1:
                raise place.at(rule.id).wrong("question", _ONE_SOURCE)
            if rule.fact:
                place.at(rule.id).refer(rule.fact, facts)
        return DateRules(
            rules,
            tuple(_dated(WaitRule, one, place, bases, dates) for one in tables(data, "wait", place)),
            *(
                _dated(WaitRule, data[word], place.at(word), bases, dates) if word in data else None
                for word in ("sent", "examined")
            ),
        )


def _dated(
    kind: type[Rule], table: Table, place: Place, bases: Mapping[str, Basis], dates: Sequence[str]
) -> Rule:
    """A rule on dates. Its basis may be that of a note or question, and is that of its question where none is said."""
    said = table.get("basis", table.get("question")) if isinstance(table, dict) else None
    if isinstance(said, str):
        place.at(table.get("id", place.entry)).refer(said, bases)
        rest = {word: value for word, value in table.items() if word != "basis"}
        rule = record(kind, rest, place, basis=bases[said])
    else:
        rule = record(kind, table, place)
    if rule.question:
        place.at(rule.id).refer(rule.question, dates)
    return replace(rule, text=rule.text.filled(table))


def _items(steps: Sequence[Step]) -> set[str]:
    """The ids of what the steps show."""
    return {
        id_
        for step in steps
        for id_ in (*(one.id for one in step.notes), *(one.id for one in step.questions), *step.checks)
    }


def _file(file: str | int) -> str:
    return file if isinstance(file, str) else f"step{file}" if file else "case"


def _question(table: Table, step: int, place: Place) -> Question:
    """A question; one of the kind `yesno` has its two choices from the words `yes`, `no`, `yes_hint` and `no_hint`."""
    given = table.get("choices", [])
    if table.get("kind") == "yesno":
        table = dict(table)
        table["choices"] = [
            {"value": value, "text": {"ja": ja, "en": en}, "standing": table.pop(value, standing)}
            | ({"hint": table.pop(f"{value}_hint")} if f"{value}_hint" in table else {})
            for value, ja, en, standing in (("yes", "はい", "Yes", "done"), ("no", "いいえ", "No", "to-do"))
        ]
    question = record(Question, table, place, step=step)
    if (question.kind == "choice") != (len(given) > 1):
        raise place.at(question.id).wrong("choices", _CHOICES)
    return question


class _Inherit:
    """Adds to each condition the conditions of the questions that it asks about, and places the checks."""

    def __init__(self, source: _Source, guide: Guide) -> None:
        self._source, self._guide = source, guide
        self._own = {
            question.id: (step.number, question.applies if question.applies.any_of else step.applies)
            for step in (guide.case, *guide.steps)
            for question in step.questions
        }
        self._pending: list[str] = []

    def guide(self) -> Guide:
        """The guide with its conditions, its checks in the order of the steps, and the sentences of its scope."""
        guide = self._guide
        steps = [self._step(step) for step in (guide.case, *guide.steps)]
        questions = {question.id: question for step in steps for question in step.questions}
        checks, scope = self._shown(steps), guide.scope
        if scope.check in checks:
            checks[scope.check] = _worded(checks[scope.check], scope)
        guide = replace(guide, case=steps[0], steps=tuple(steps[1:]), questions=questions, checks=checks)
        return replace(guide, oldest=min((one.basis.checked for one in statements(guide)), default=date.max))

    def _when(self, when: When, place: Place) -> When:
        """The condition with all that it rests on; raises `GuideError` where it can never hold."""
        for question in when.questions():
            step, own = self._own[question]
            if not own.any_of:
                continue
            if question in self._pending:
                raise place.wrong(question, _EACH_OTHER)
            self._pending.append(question)
            when = both(self._when(own, self._source.place(step).at(question)), when, question)
            self._pending.pop()
            if not when.any_of:
                raise place.wrong(question, _NEVER)
        if any(not allowed for group in when.any_of for _, allowed in group):
            raise place.wrong("applies", _NEVER)
        return when

    def _step(self, step: Step) -> Step:
        place = self._source.place(step.number)
        return replace(
            step,
            applies=self._when(step.applies, place.at("step")),
            notes=tuple(
                replace(one, applies=self._when(one.applies, place.at(one.id))) for one in step.notes
            ),
            questions=tuple(
                replace(one, applies=self._when(one.applies, place.at(one.id))) for one in step.questions
            ),
        )

    def _shown(self, steps: Sequence[Step]) -> dict[str, Check]:
        """The checks that the steps show, in their order, and after them those that they build on."""
        found: dict[str, Check] = {}
        for step in steps:
            for id_ in step.checks:
                if id_ in found:
                    raise self._source.place(step.number).at("step").wrong(id_, _TWICE)
                found[id_] = self._check(id_, step.number, shown=True)
        pending = list(found.values())
        for check in pending:
            for id_ in check.requires:
                if id_ not in found:
                    found[id_] = self._check(id_, check.step, shown=False)
                    pending.append(found[id_])
        return found

    def _check(self, id_: str, step: int, *, shown: bool) -> Check:
        """A check as this guide shows it. Answers that the guide does not offer are left out of its condition."""
        check, place, guide = self._guide.checks[id_], self._source.place(step).at(id_), self._guide
        for name in check.requires:
            place.refer(name, guide.checks)
        groups = []
        for group in check.applies.any_of:
            terms = []
            for question, allowed in group:
                place.refer(question, guide.questions)
                offered = {choice.value for choice in guide.questions[question].choices}
                terms.append((question, allowed & offered))
            if all(allowed for _, allowed in terms):
                groups.append(tuple(terms))
        if check.applies.any_of and not groups:
            raise place.wrong("applies", _NEVER)
        return replace(
            check, step=step, shown=shown, source=self._page(check.source, place) or guide.page,
            says={code: self._said(says, step, place) for code, says in check.says.items()},
            titles=MappingProxyType({name: guide.checks[name].title for name in check.requires}),
            applies=self._when(When(tuple(groups)), place),
            needs=tuple(question for question in check.needs if question in guide.questions),
        )  # fmt: skip

    def _page(self, page: str, place: Place) -> str:
        """The page of a check, empty where it is about the service of another guide."""
        if page:
            place.refer(page, self._guide.pages)
        return page if page and self._guide.pages[page].guide in ("", self._guide.name) else ""

    def _said(self, says: Says, step: int, place: Place) -> Says:
        """What a check says, in the words of this guide, with a page of its own."""
        words = {"office": self._guide.words.office, "service": self._guide.words.service, "step": step}
        remedy = says.remedy and says.remedy.filled(words)
        return replace(says, text=says.text.filled(words), remedy=remedy, link=self._page(says.link, place))


def _worded(check: Check, scope: ScopeRules) -> Check:
    """The check with the sentences of the rows that it speaks for."""
    says = dict(check.says)
    for code, said in check.says.items():
        rows = {
            row.id: replace(
                said,
                text=row.text or said.text,
                remedy=row.remedy or said.remedy,
                link=row.basis.page,
                commands=row.commands,
            )
            for row in scope.rows
            if row.code == code
        }
        says[code] = replace(said, rows=MappingProxyType(rows))
    return replace(check, says=MappingProxyType(says))
