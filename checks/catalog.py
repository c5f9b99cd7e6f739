"""The guide's words and the checks as one validated, unchangeable whole."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, cast, get_args

from checks.model import Check, Scope
from checks.probes import MODULES
from checks.steps import (
    Basis,
    Choice,
    Confidence,
    Note,
    NoteKind,
    Page,
    Question,
    Standing,
    Step,
    TakesKind,
    Validity,
)
from checks.text import Text
from checks.when import When, both, parse_when

GUIDE = ("case", "step1", "step2", "step3", "step4", "step5", "step6", "step7")


class GuideError(ValueError):
    """The guide is not well-formed; says in which file and entry."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """All steps, questions, checks and pages, each found by its id."""

    case: Step
    steps: tuple[Step, ...]
    pages: Mapping[str, Page]
    questions: Mapping[str, Question]
    """All questions, the case's first, in the order of the steps."""
    checks: Mapping[str, Check]
    """All checks, in the order of the steps."""
    validities: tuple[Validity, ...] = ()
    """How long the papers with a date can be used."""

    def step(self, number: int) -> Step:
        """The step with that number; 0 is the case."""
        return self.case if number == 0 else self.steps[number - 1]

    def checks_of(self, number: int) -> tuple[Check, ...]:
        """The checks of a step, in their order."""
        return tuple(check for check in self.checks.values() if check.step == number)


@cache
def load_catalog() -> Catalog:
    """The catalog, read once; raises `GuideError` when the guide or a check contradicts itself."""
    return build(read_guide(), _checks())


def build(guide: Mapping[str, Mapping[str, Any]], checks: Sequence[Check]) -> Catalog:
    """The catalog of that guide and those checks; raises `GuideError` when they contradict themselves.

    A condition on a question that itself has a condition holds only when both do, so that an answer which is
    kept but no longer asked for decides nothing.
    """
    steps = tuple(_step(name, guide[name]) for name in GUIDE)
    pages = _pages(guide["links"])
    inherit = _Inherit(steps)
    steps = tuple(inherit.step(step) for step in steps)
    questions = {question.id: question for step in steps for question in step.questions}
    found = {check.id: inherit.check(check) for check in sorted(checks, key=lambda check: check.step)}
    validities = tuple(
        _validity(entry, guide[name]["basis"]) for name in GUIDE for entry in guide[name].get("validity", ())
    )
    catalog = Catalog(steps[0], steps[1:], pages, questions, found, validities)
    ids = [(q.id, "question") for s in steps for q in s.questions] + [
        (n.id, "note") for s in steps for n in s.notes
    ]
    ids += [(check.id, "check") for check in checks] + [(step.id, "step") for step in steps[1:]]
    _validate(catalog, ids)
    return catalog


@cache
def read_guide() -> dict[str, dict[str, Any]]:
    """The guide's files as plain data, by name."""
    folder = resources.files("checks.guide")
    return {
        name: tomllib.loads(folder.joinpath(f"{name}.toml").read_text("utf-8")) for name in (*GUIDE, "links")
    }


def _checks() -> list[Check]:
    return [
        value
        for name in MODULES
        for value in vars(importlib.import_module(f"checks.probes.{name}")).values()
        if isinstance(value, Check)
    ]


def _pages(data: Mapping[str, Any]) -> dict[str, Page]:
    pages = {}
    for key, page in data["links"].items():
        try:
            _known(page, PAGE)
            pages[key] = Page(
                key, page["url"], _text(page["title"]), page.get("read"), page.get("official", True)
            )
        except (KeyError, TypeError, ValueError) as error:
            raise GuideError(f"links.toml: {key}: {error!r}") from error
    return pages


def _step(name: str, data: Mapping[str, Any]) -> Step:
    where = "step"
    try:
        _known(data, FILE)
        head = data["step"]
        _known(head, HEAD)
        default = data["basis"]
        number = int(head["number"])
        notes, questions = [], []
        for entry in data.get("note", ()):
            where = str(entry.get("id"))
            notes.append(_note(entry, default))
        for entry in data.get("question", ()):
            where = str(entry.get("id"))
            questions.append(_question(entry, number, default))
        where = "step"
        return Step(
            number=number,
            id=head["id"],
            title=_text(head["title"]),
            short=_text(head["short"]),
            link=head["link"],
            applies=parse_when(head.get("applies")),
            not_needed=_optional(head.get("not_needed")),
            notes=tuple(notes),
            questions=tuple(questions),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GuideError(f"{name}.toml: {where}: {error!r}") from error


FILE = {"step", "basis", "note", "question", "validity"}
HEAD = {"number", "id", "title", "short", "link", "applies", "not_needed"}
PAGE = {"url", "title", "read", "official"}
NOTE = {"id", "kind", "text", "basis", "applies"}
QUESTION = {
    "id", "kind", "text", "help", "basis", "choices", "applies", "required", "scope", "after", "wait_hours",
    "document", "yes", "no", "yes_hint", "no_hint",
}  # fmt: skip
CHOICE = {"value", "text", "standing", "hint"}
VALIDITY = {"question", "months", "approximate", "basis"}
"""The words that may stand in the files: any other one is a slip of the pen."""


def _known(entry: Mapping[str, Any], words: set[str]) -> None:
    unknown = sorted(set(entry) - words)
    if unknown:
        raise ValueError(f"unknown word: {unknown[0]}")


def _one_of(value: object, words: tuple[str, ...]) -> Any:
    if value not in words:
        raise ValueError(f"not one of {', '.join(words)}: {value}")
    return value


def _note(entry: Mapping[str, Any], default: Mapping[str, Any]) -> Note:
    _known(entry, NOTE)
    return Note(
        id=entry["id"],
        kind=_one_of(entry["kind"], get_args(NoteKind)),
        text=_text(entry["text"]),
        basis=_basis(entry, default),
        applies=parse_when(entry.get("applies")),
    )


def _validity(entry: Mapping[str, Any], default: Mapping[str, Any]) -> Validity:
    try:
        _known(entry, VALIDITY)
        return Validity(
            entry["question"], int(entry["months"]), entry.get("approximate", False), _basis(entry, default)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GuideError(f"validity: {entry.get('question')}: {error!r}") from error


YES = Text("はい", "Yes")
NO = Text("いいえ", "No")


def _question(entry: Mapping[str, Any], step: int, default: Mapping[str, Any]) -> Question:
    _known(entry, QUESTION)
    kind = _one_of(entry["kind"], get_args(TakesKind))
    if kind == "yesno":
        choices: tuple[Choice, ...] = (
            Choice("yes", YES, _standing(entry.get("yes", "done")), _optional(entry.get("yes_hint"))),
            Choice("no", NO, _standing(entry.get("no", "to-do")), _optional(entry.get("no_hint"))),
        )
    else:
        choices = tuple(_choice(choice) for choice in entry.get("choices", ()))
    if (kind == "choice") != (len(choices) > 1 and kind != "yesno"):
        raise ValueError("choices are for the kind choice")
    return Question(
        id=entry["id"],
        step=step,
        kind=kind,
        text=_text(entry["text"]),
        help=_optional(entry.get("help")),
        basis=_basis(entry, default),
        choices=choices,
        applies=parse_when(entry.get("applies")),
        required=entry.get("required", True),
        scope=_one_of(entry.get("scope", "case"), get_args(Scope)),
        after=entry.get("after", ""),
        wait_hours=entry.get("wait_hours", 0),
        document=entry.get("document", False),
    )


def _choice(entry: Mapping[str, Any]) -> Choice:
    _known(entry, CHOICE)
    return Choice(
        entry["value"],
        _text(entry["text"]),
        _standing(entry.get("standing", "done")),
        _optional(entry.get("hint")),
    )


def _standing(value: object) -> Standing:
    return cast(Standing, _one_of(value, get_args(Standing)))


def _basis(entry: Mapping[str, Any], default: Mapping[str, Any]) -> Basis:
    """Page and confidence stand in every entry; only the day may be the file's."""
    given = entry["basis"]
    checked = given.get("checked", default["checked"])
    if not isinstance(checked, date):
        raise ValueError("no day on which it was checked")
    return Basis(given["page"], checked, _one_of(given["confidence"], get_args(Confidence)))


def _text(data: Mapping[str, str]) -> Text:
    return Text(data["ja"], data["en"])


def _optional(data: Mapping[str, str] | None) -> Text | None:
    return None if data is None else _text(data)


class _Inherit:
    """Adds to each condition the conditions of the questions that it asks about."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._own = {q.id: q.applies if q.applies.any_of else s.applies for s in steps for q in s.questions}
        self._pending: list[str] = []

    def when(self, when: When) -> When:
        """The condition with all that it rests on; raises `GuideError` for questions that wait for each other."""
        for question in when.questions():
            own = self._own.get(question)
            if own is None or not own.any_of:
                continue
            if question in self._pending:
                raise GuideError(f"{question}: applies when it applies")
            self._pending.append(question)
            when = both(self.when(own), when, question)
            self._pending.pop()
        return when

    def step(self, step: Step) -> Step:
        """The step with its notes and questions."""
        return replace(
            step,
            notes=tuple(replace(note, applies=self.when(note.applies)) for note in step.notes),
            questions=tuple(
                replace(question, applies=self.when(question.applies)) for question in step.questions
            ),
            applies=self.when(step.applies),
        )

    def check(self, check: Check) -> Check:
        """The check; the very same one when nothing is added."""
        applies = self.when(check.applies)
        return check if applies == check.applies else replace(check, applies=applies)


def _validate(catalog: Catalog, ids: Sequence[tuple[str, str]]) -> None:
    """Raise `GuideError` for a reference to something that does not exist, and for an id that is used twice."""
    seen: dict[str, str] = {}
    for id_, kind in ids:
        if {seen.setdefault(id_, kind), kind} != {kind} and {seen[id_], kind} == {"question", "check"}:
            continue
        if ids.count((id_, kind)) > 1 or seen[id_] != kind:
            raise GuideError(f"{id_}: used twice")
    wanted = [
        (q.id, (*q.applies.questions(), *([q.after] if q.after else ()))) for q in catalog.questions.values()
    ]
    wanted += [(c.id, (*c.applies.questions(), *c.needs)) for c in catalog.checks.values()]
    wanted += [(n.id, n.applies.questions()) for s in (catalog.case, *catalog.steps) for n in s.notes]
    wanted += [(s.id, s.applies.questions()) for s in (catalog.case, *catalog.steps)]
    wanted += [("validity", (v.question,)) for v in catalog.validities]
    for owner, questions in wanted:
        for question in questions:
            if question not in catalog.questions:
                raise GuideError(f"{owner}: no question {question}")
    for step in (catalog.case, *catalog.steps):
        if step.applies.any_of and step.not_needed is None:
            raise GuideError(f"{step.id}: does not say why it is not needed")
        for owner, when in [(x.id, x.applies) for x in (*step.notes, *step.questions)] + [
            (step.id, step.applies)
        ]:
            _validate_when(catalog, owner, when)
    _validate_checks(catalog)
    _validate_pages(catalog)


def _validate_when(catalog: Catalog, owner: str, when: When) -> None:
    for group in when.any_of:
        for question, allowed in group:
            known = {choice.value for choice in catalog.questions[question].choices}
            if not allowed <= known:
                raise GuideError(f"{owner}: {question} cannot be {', '.join(sorted(allowed - known))}")


def _validate_checks(catalog: Catalog) -> None:
    for check in catalog.checks.values():
        _validate_when(catalog, check.id, check.applies)
        for required in check.requires:
            if required not in catalog.checks:
                raise GuideError(f"{check.id}: no check {required}")


def _validate_pages(catalog: Catalog) -> None:
    used = [(check.id, check.source) for check in catalog.checks.values()]
    used += [
        (check.id, says.link)
        for check in catalog.checks.values()
        for says in check.says.values()
        if says.link
    ]
    for step in (catalog.case, *catalog.steps):
        used.append((step.id, step.link))
        used += [(entry.id, entry.basis.page) for entry in (*step.notes, *step.questions)]
    used += [(validity.question, validity.basis.page) for validity in catalog.validities]
    for owner, page in used:
        if page not in catalog.pages:
            raise GuideError(f"{owner}: no page {page}")
