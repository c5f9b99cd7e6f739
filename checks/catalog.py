"""The guide's words and the checks as one validated, unchangeable whole."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, cast, get_args

from checks.model import Check, Scope
from checks.probes import MODULES
from checks.steps import Basis, Choice, Confidence, Note, Page, Question, Standing, Step
from checks.text import Text
from checks.when import parse_when

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

    def step(self, number: int) -> Step:
        """The step with that number; 0 is the case."""
        return self.case if number == 0 else self.steps[number - 1]

    def checks_of(self, number: int) -> tuple[Check, ...]:
        """The checks of a step, in their order."""
        return tuple(check for check in self.checks.values() if check.step == number)


@cache
def load_catalog() -> Catalog:
    """The catalog, read once; raises `GuideError` when the guide or a check contradicts itself."""
    steps = tuple(_step(name, data) for name, data in read_guide().items() if name != "links")
    pages = _pages(read_guide()["links"])
    questions = {question.id: question for step in steps for question in step.questions}
    checks = _checks()
    catalog = Catalog(steps[0], steps[1:], pages, questions, checks)
    _validate(catalog)
    return catalog


@cache
def read_guide() -> dict[str, dict[str, Any]]:
    """The guide's files as plain data, by name."""
    folder = resources.files("checks.guide")
    return {
        name: tomllib.loads(folder.joinpath(f"{name}.toml").read_text("utf-8")) for name in (*GUIDE, "links")
    }


def _checks() -> dict[str, Check]:
    found = [
        value
        for name in MODULES
        for value in vars(importlib.import_module(f"checks.probes.{name}")).values()
        if isinstance(value, Check)
    ]
    found.sort(key=lambda check: check.step)
    return {check.id: check for check in found}


def _pages(data: Mapping[str, Any]) -> dict[str, Page]:
    return {
        key: Page(key, page["url"], _text(page["title"]), page.get("read"), page.get("official", True))
        for key, page in data["links"].items()
    }


def _step(name: str, data: Mapping[str, Any]) -> Step:
    try:
        head = data["step"]
        default = data["basis"]
        number = int(head["number"])
        return Step(
            number=number,
            id=head["id"],
            title=_text(head["title"]),
            short=_text(head["short"]),
            link=head["link"],
            applies=parse_when(head.get("applies")),
            not_needed=_optional(head.get("not_needed")),
            notes=tuple(_note(entry, default) for entry in data.get("note", ())),
            questions=tuple(_question(entry, number, default) for entry in data.get("question", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GuideError(f"{name}.toml: {error}") from error


def _note(entry: Mapping[str, Any], default: Mapping[str, Any]) -> Note:
    return Note(
        id=entry["id"],
        kind=entry["kind"],
        text=_text(entry["text"]),
        basis=_basis(entry, default),
        applies=parse_when(entry.get("applies")),
    )


YES = Text("はい", "Yes")
NO = Text("いいえ", "No")


def _question(entry: Mapping[str, Any], step: int, default: Mapping[str, Any]) -> Question:
    kind = entry["kind"]
    if kind == "yesno":
        choices: tuple[Choice, ...] = (
            Choice("yes", YES, entry.get("yes", "done"), _optional(entry.get("yes_hint"))),
            Choice("no", NO, entry.get("no", "to-do"), _optional(entry.get("no_hint"))),
        )
    else:
        choices = tuple(
            Choice(
                choice["value"],
                _text(choice["text"]),
                cast(Standing, choice.get("standing", "done")),
                _optional(choice.get("hint")),
            )
            for choice in entry.get("choices", ())
        )
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
        scope=cast(Scope, entry.get("scope", "case")),
        after=entry.get("after", ""),
        wait_hours=entry.get("wait_hours", 0),
        document=entry.get("document", False),
    )


def _basis(entry: Mapping[str, Any], default: Mapping[str, Any]) -> Basis:
    merged = {**default, **entry.get("basis", {})}
    checked, confidence = merged["checked"], merged["confidence"]
    if not isinstance(checked, date) or confidence not in get_args(Confidence):
        raise ValueError(f"no usable source: {entry['id']}")
    return Basis(merged["page"], checked, confidence)


def _text(data: Mapping[str, str]) -> Text:
    return Text(data["ja"], data["en"])


def _optional(data: Mapping[str, str] | None) -> Text | None:
    return None if data is None else _text(data)


def _validate(catalog: Catalog) -> None:
    """Raise `GuideError` for a reference to something that does not exist."""
    wanted = [(q.id, q.applies.questions()) for q in catalog.questions.values()]
    wanted += [(c.id, (*c.applies.questions(), *c.needs)) for c in catalog.checks.values()]
    wanted += [(n.id, n.applies.questions()) for s in (catalog.case, *catalog.steps) for n in s.notes]
    for owner, questions in wanted:
        for question in questions:
            if question not in catalog.questions:
                raise GuideError(f"{owner}: no question {question}")
    for check in catalog.checks.values():
        for required in check.requires:
            if required not in catalog.checks:
                raise GuideError(f"{check.id}: no check {required}")
        for page in (check.source, *(says.link for says in check.says.values() if says.link)):
            if page not in catalog.pages:
                raise GuideError(f"{check.id}: no page {page}")
    for step in (catalog.case, *catalog.steps):
        for basis in (*(n.basis for n in step.notes), *(q.basis for q in step.questions)):
            if basis.page not in catalog.pages:
                raise GuideError(f"{step.id}: no page {basis.page}")
