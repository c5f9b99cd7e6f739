"""Ids as a person types them."""

from __future__ import annotations

from checks.guide import Guide
from checks.model import Check
from checks.steps import Question
from tui.cli import sentences
from tui.cli.problem import Problem, nearest


def check_of(guide: Guide, id: str) -> Check:  # noqa: A002 - the word the contract uses
    """The check with that id; raises `Problem` that names the nearest one."""
    check = guide.checks.get(id)
    if check is not None:
        return check
    if id in guide.questions:
        raise Problem(sentences.NOT_A_CHECK, id=id)
    raise unknown(id, guide.checks)


def question_of(guide: Guide, id: str) -> Question:  # noqa: A002
    """The question with that id; raises `Problem` that names the nearest one."""
    question = guide.questions.get(id)
    if question is not None:
        return question
    if id in guide.checks:
        raise Problem(sentences.NOT_A_QUESTION, id=id)
    raise unknown(id, guide.questions)


def unknown(id: str, known: object) -> Problem:  # noqa: A002
    """The refusal of an id that nobody knows."""
    near = nearest(id, known)
    return Problem(sentences.UNKNOWN_ID_NEAR if near else sentences.UNKNOWN_ID, id=id, near=near)
