"""The guide built from the guide's files and the probes, and held to its own rules."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from checks.guide import Guide
from checks.guides import entries
from checks.guides.entries import GUIDE, GuideError, read_guide
from checks.model import Check
from checks.probes import MODULES
from checks.record import replace
from checks.rules.conditions import When, both
from checks.rules.scope import CHECK, Scope
from checks.steps import Note, Question, Step


def from_sources(name: str, folder: Path | None = None) -> Guide:
    """The guide of its files and the probes; raises `GuideError` when they contradict themselves."""
    return build(read_guide(name, folder), _checks())


def build(data: Mapping[str, Mapping[str, Any]], checks: Sequence[Check]) -> Guide:
    """The guide of that data and those checks; raises `GuideError` when they contradict themselves.

    A condition on a question that itself has a condition holds only when both do, so that an answer which is
    kept but no longer asked for decides nothing.
    """
    steps = tuple(entries.step(name, data[name]) for name in GUIDE)
    pages = entries.pages(data["links"])
    inherit = _Inherit(steps)
    steps = tuple(inherit.step(step) for step in steps)
    questions = {question.id: question for step in steps for question in step.questions}
    scope = entries.scope(data["scope"], {step.id: step.number for step in steps[1:]})
    found = {check.id: inherit.check(check) for check in _shown(steps, checks)}
    if CHECK in found:
        found[CHECK] = _worded(found[CHECK], scope)
    validities = tuple(
        entries.validity(entry, data[name]["basis"])
        for name in GUIDE
        for entry in data[name].get("validity", ())
    )
    guide = Guide(steps[0], steps[1:], pages, questions, found, validities, scope)
    ids = [(q.id, "question") for s in steps for q in s.questions] + [
        (n.id, "note") for s in steps for n in s.notes
    ]
    ids += [(check.id, "check") for check in found.values()] + [(step.id, "step") for step in steps[1:]]
    _validate(guide, ids)
    return guide


def _shown(steps: Sequence[Step], checks: Sequence[Check]) -> list[Check]:
    """The checks that the steps show, in their order, each with its step, and after them those that they build on."""
    known = {check.id: check for check in checks}
    found: dict[str, Check] = {}

    def placed(check: Check, step: int, *, shown: bool = True) -> Check:
        titles = {id_: known[id_].title for id_ in check.requires if id_ in known}
        return replace(check, step=step, shown=shown, titles=MappingProxyType(titles))

    for step in steps:
        for id_ in step.checks:
            if id_ not in known:
                raise GuideError(f"{step.id}: no check {id_}")
            if id_ in found:
                raise GuideError(f"{id_}: used twice")
            found[id_] = placed(known[id_], step.number)
    pending = list(found.values())
    for check in pending:
        for required in check.requires:
            if required not in known:
                raise GuideError(f"{check.id}: no check {required}")
            if required not in found:
                found[required] = placed(known[required], check.step, shown=False)
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


def _validate(guide: Guide, ids: Sequence[tuple[str, str]]) -> None:
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
        for q in guide.questions.values()
    ]
    wanted += [(c.id, (*c.applies.questions(), *c.needs)) for c in guide.checks.values()]
    wanted += [(n.id, n.applies.questions()) for s in (guide.case, *guide.steps) for n in s.notes]
    wanted += [(s.id, s.applies.questions()) for s in (guide.case, *guide.steps)]
    wanted += [("validity", (v.question,)) for v in guide.validities]
    wanted += [(row.id, row.applies.questions()) for row in guide.scope.rows]
    for default in (*guide.scope.assumed, *guide.scope.undecided):
        wanted.append(("scope", (default.question, *default.applies.questions())))
    for owner, questions in wanted:
        for question in questions:
            if question not in guide.questions:
                raise GuideError(f"{owner}: no question {question}")
    for step in (guide.case, *guide.steps):
        if step.applies.any_of and step.not_needed is None:
            raise GuideError(f"{step.id}: does not say why it is not needed")
        _validate_when(guide, step.id, step.applies)
        parts: tuple[Note | Question, ...] = (*step.notes, *step.questions)
        for entry in parts:
            _validate_when(guide, entry.id, entry.applies)
    for row in guide.scope.rows:
        _validate_when(guide, row.id, row.applies)
    for asked in guide.questions.values():
        for choice in asked.choices:
            _validate_when(guide, asked.id, choice.applies)
    _validate_checks(guide)
    _validate_pages(guide)


def _validate_when(guide: Guide, owner: str, when: When) -> None:
    for group in when.any_of:
        for question, allowed in group:
            known = {choice.value for choice in guide.questions[question].choices}
            if not allowed <= known:
                raise GuideError(f"{owner}: {question} cannot be {', '.join(sorted(allowed - known))}")


def _validate_checks(guide: Guide) -> None:
    for check in guide.checks.values():
        _validate_when(guide, check.id, check.applies)


def _validate_pages(guide: Guide) -> None:
    used = [(check.id, check.source) for check in guide.checks.values()]
    used += [
        (check.id, says.link) for check in guide.checks.values() for says in check.says.values() if says.link
    ]
    for step in (guide.case, *guide.steps):
        used.append((step.id, step.link))
        parts: tuple[Note | Question, ...] = (*step.notes, *step.questions)
        used += [(entry.id, entry.basis.page) for entry in parts]
    used += [(validity.question, validity.basis.page) for validity in guide.validities]
    used += [(row.id, row.basis.page) for row in guide.scope.rows]
    for owner, page in used:
        if page not in guide.pages:
            raise GuideError(f"{owner}: no page {page}")
