"""Conditions on answers: data that a person who knows the procedures can read, and the three-valued rule for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from checks.record import dataclass

Value: TypeAlias = str | date
"""An answer: a choice, `yes`, `no` or free text as string; a calendar date as date."""
Alternative: TypeAlias = tuple[tuple[str, frozenset[str]], ...]
"""Questions, each with the answers of which it must have one."""


@dataclass(frozen=True, slots=True)
class When:
    """Holds when one of its alternatives does; without any it holds always.

    `{"area.question": {"answer"}}` is one alternative with one question.
    """

    any_of: tuple[Alternative, ...] = ()

    def questions(self) -> tuple[str, ...]:
        """The questions that are asked about, each once, in order."""
        return tuple(dict.fromkeys(question for group in self.any_of for question, _ in group))


ALWAYS = When()


@dataclass(frozen=True, slots=True)
class Holds:
    """Whether a condition holds; `open` names the first unanswered question that still decides it."""

    yes: bool
    open: str = ""


_YES, _NO = Holds(True), Holds(False)


def evaluate(when: When, answers: Mapping[str, Value]) -> Holds:
    """What is known of a condition: while a question that decides is unanswered it holds, and names that question."""
    if not when.any_of:
        return _YES
    undecided = ""
    for group in when.any_of:
        missing = ""
        for question, allowed in group:
            value = answers.get(question)
            if value is None:
                missing = missing or question
            elif value not in allowed:
                break
        else:
            if not missing:
                return _YES
            undecided = undecided or missing
    return Holds(True, undecided) if undecided else _NO


def met(when: When, answers: Mapping[str, Value]) -> bool:
    """Whether the condition holds whatever the unanswered questions will be answered with."""
    return evaluate(when, answers) is _YES


def both(first: When, second: When, question: str) -> When:
    """A condition that holds when `second` does and, wherever it asks about `question`, `first` does too."""
    groups: list[Alternative] = []
    for group in second.any_of:
        if question not in dict(group):
            groups.append(group)
            continue
        for other in first.any_of:
            merged = dict(other)
            for name, allowed in group:
                merged[name] = merged.get(name, allowed) & allowed
            if all(merged.values()):
                groups.append(tuple(merged.items()))
    return When(tuple(dict.fromkeys(groups)))


def parse_when(data: object) -> When:
    """A condition from the guide: a table, or a list of tables of which one must hold.

    Raises `ValueError` when it has another shape.
    """
    groups = [] if data is None else data if isinstance(data, list) else [data]
    return When(tuple(map(_alternative, groups)))


def _alternative(data: object) -> Alternative:
    if not isinstance(data, dict) or not data:
        raise ValueError(f"not a condition: {data!r}")
    for question, allowed in data.items():
        if not isinstance(allowed, list) or not all(isinstance(value, str) for value in allowed):
            raise ValueError(f"not a list of answers: {question}")
    return tuple((question, frozenset(allowed)) for question, allowed in data.items())
