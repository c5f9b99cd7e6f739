"""Ids as a person types them."""

from __future__ import annotations

from checks.guide import Catalog
from checks.model import Check
from checks.steps import Question
from tui.cli import sentences
from tui.cli.problem import Problem, nearest


def check_of(catalog: Catalog, id: str) -> Check:  # noqa: A002 - the word the contract uses
    """The check with that id; raises `Problem` that names the nearest one."""
    check = catalog.checks.get(id)
    if check is not None:
        return check
    if id in catalog.questions:
        raise Problem(sentences.NOT_A_CHECK, id=id)
    raise unknown(id, catalog.checks)


def question_of(catalog: Catalog, id: str) -> Question:  # noqa: A002
    """The question with that id; raises `Problem` that names the nearest one."""
    question = catalog.questions.get(id)
    if question is not None:
        return question
    if id in catalog.checks:
        raise Problem(sentences.NOT_A_QUESTION, id=id)
    raise unknown(id, catalog.questions)


def unknown(id: str, known: object) -> Problem:  # noqa: A002
    """The refusal of an id that nobody knows."""
    near = nearest(id, known)
    return Problem(sentences.UNKNOWN_ID_NEAR if near else sentences.UNKNOWN_ID, id=id, near=near)
