"""The catalog built from the guide's files and the probes, and held to its own rules."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from checks.guide import Catalog
from checks.guides import entries
from checks.guides.entries import GUIDE, GuideError, read_guide
from checks.model import Check
from checks.probes import MODULES
from checks.record import replace
from checks.rules.conditions import When, both
from checks.rules.scope import CHECK, Scope
from checks.steps import Note, Question, Step


def from_sources() -> Catalog:
    """The catalog of the guide's files and the probes; raises `GuideError` when they contradict themselves."""
    return build(read_guide(), _checks())


def build(guide: Mapping[str, Mapping[str, Any]], checks: Sequence[Check]) -> Catalog:
    """The catalog of that guide and those checks; raises `GuideError` when they contradict themselves.

    A condition on a question that itself has a condition holds only when both do, so that an answer which is
    kept but no longer asked for decides nothing.
    """
    steps = tuple(entries.step(name, guide[name]) for name in GUIDE)
    pages = entries.pages(guide["links"])
    inherit = _Inherit(steps)
    steps = tuple(inherit.step(step) for step in steps)
    questions = {question.id: question for step in steps for question in step.questions}
    scope = entries.scope(guide["scope"], {step.id: step.number for step in steps[1:]})
    found = {check.id: inherit.check(check) for check in placed(steps, checks)}
    if CHECK in found:
        found[CHECK] = _worded(found[CHECK], scope)
    validities = tuple(
        entries.validity(entry, guide[name]["basis"])
        for name in GUIDE
        for entry in guide[name].get("validity", ())
    )
    catalog = Catalog(steps[0], steps[1:], pages, questions, found, validities, scope)
    ids = [(q.id, "question") for s in steps for q in s.questions] + [
        (n.id, "note") for s in steps for n in s.notes
    ]
    ids += [(check.id, "check") for check in found.values()] + [(step.id, "step") for step in steps[1:]]
    _validate(catalog, ids)
    return catalog


def placed(steps: Sequence[Step], checks: Sequence[Check]) -> list[Check]:
    """The checks that the steps show, in their order, each with its step, and after them those that they build on."""
    known = {check.id: check for check in checks}
    found: dict[str, Check] = {}
    for step in steps:
        for id_ in step.checks:
            if id_ not in known:
                raise GuideError(f"{step.id}: no check {id_}")
            if id_ in found:
                raise GuideError(f"{id_}: used twice")
            found[id_] = replace(known[id_], step=step.number)
    pending = list(found.values())
    for check in pending:
        for required in check.requires:
            if required not in known:
                raise GuideError(f"{check.id}: no check {required}")
            if required not in found:
                found[required] = replace(known[required], step=check.step, shown=False)
                pending.append(found[required])
    return list(found.values())


def _worded(check: Check, scope: Scope) -> Check:
    """The check with the sentences of the rows that it speaks for."""
    says = dict(check.says)
    for code, said in check.says.items():
        rows = {
            row.id: replace(
                said, text=row.text or said.text, remedy=row.remedy or said.remedy, link=row.basis.page
            )
            for row in scope.rows
            if row.code == code
        }
        says[code] = replace(said, rows=MappingProxyType(rows))
    return replace(check, says=MappingProxyType(says))


def _checks() -> list[Check]:
    return [
        value
        for name in MODULES
        for value in vars(importlib.import_module(f"checks.probes.{name}")).values()
        if isinstance(value, Check)
    ]


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
            if not when.any_of:
                raise GuideError(f"{question}: a condition on it can never hold")
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
    kinds: dict[str, list[str]] = {}
    for id_, kind in ids:
        kinds.setdefault(id_, []).append(kind)
    for id_, found in kinds.items():
        # A check that shares a question's id is the verdict on its answer.
        if len(found) > 1 and sorted(found) != ["check", "question"]:
            raise GuideError(f"{id_}: used twice")
    wanted = [
        (q.id, (*q.applies.questions(), *(name for name in (q.after, q.due_from) if name)))
        for q in catalog.questions.values()
    ]
    wanted += [(c.id, (*c.applies.questions(), *c.needs)) for c in catalog.checks.values()]
    wanted += [(n.id, n.applies.questions()) for s in (catalog.case, *catalog.steps) for n in s.notes]
    wanted += [(s.id, s.applies.questions()) for s in (catalog.case, *catalog.steps)]
    wanted += [("validity", (v.question,)) for v in catalog.validities]
    wanted += [(row.id, row.applies.questions()) for row in catalog.scope.rows]
    for default in (*catalog.scope.assumed, *catalog.scope.undecided):
        wanted.append(("scope", (default.question, *default.applies.questions())))
    for owner, questions in wanted:
        for question in questions:
            if question not in catalog.questions:
                raise GuideError(f"{owner}: no question {question}")
    for step in (catalog.case, *catalog.steps):
        if step.applies.any_of and step.not_needed is None:
            raise GuideError(f"{step.id}: does not say why it is not needed")
        _validate_when(catalog, step.id, step.applies)
        parts: tuple[Note | Question, ...] = (*step.notes, *step.questions)
        for entry in parts:
            _validate_when(catalog, entry.id, entry.applies)
    for row in catalog.scope.rows:
        _validate_when(catalog, row.id, row.applies)
    for asked in catalog.questions.values():
        for choice in asked.choices:
            _validate_when(catalog, asked.id, choice.applies)
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
        parts: tuple[Note | Question, ...] = (*step.notes, *step.questions)
        used += [(entry.id, entry.basis.page) for entry in parts]
    used += [(validity.question, validity.basis.page) for validity in catalog.validities]
    used += [(row.id, row.basis.page) for row in catalog.scope.rows]
    for owner, page in used:
        if page not in catalog.pages:
            raise GuideError(f"{owner}: no page {page}")
