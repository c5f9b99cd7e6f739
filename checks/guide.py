"""A guide: one service's checklist as a value, its words and the checks that it shows as one unchangeable whole."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeAlias

from checks.model import Check, Context, Finding
from checks.record import dataclass, field
from checks.rules.deadlines import DateRules
from checks.rules.scope import ScopeRules
from checks.steps import (
    Letters,
    OfficialCheck,
    Page,
    PageId,
    Portal,
    Question,
    Roles,
    Sending,
    Step,
    Symptom,
    Words,
)
from checks.text import Text

_UNNAMED = Text("-", "-")


class GuideError(ValueError):
    """A guide contradicts itself; `text` names file, entry, word and what is expected. The command line ends with 2."""

    exit_code = 2

    def __init__(self, text: Text, known: tuple[str, ...] = ()) -> None:
        super().__init__(text.en)
        self.text = text
        self.known = known
        """For a name that is no guide's: the guides that there are."""


@dataclass(frozen=True, slots=True)
class Guide:
    """All steps, questions, checks and pages, each found by its id."""

    case: Step = Step(0, "case", _UNNAMED, _UNNAMED, "")
    steps: tuple[Step, ...] = ()
    pages: Mapping[str, Page] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    """All questions, the case's first, in the order of the steps."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """All checks that the steps show, in their order, and last those that are run only because others build on them."""
    scope: ScopeRules = ScopeRules()
    deadlines: DateRules = DateRules()
    symptoms: tuple[Symptom, ...] = ()
    name: str = ""
    title: Text = _UNNAMED
    page: PageId = ""
    """Id of the page that a check rests on which names none of its own."""
    portal: Portal = Portal("")
    words: Words = Words()
    roles: Roles = Roles()
    letters: Letters = Letters()
    official_check: OfficialCheck | None = None
    oldest: date = date.max
    """The day on which the longest unread of its statements and of the tables was last compared with its source."""
    sending: Sending | None = None
    """Absent: an application can be sent from any PC."""

    def question(self, id: str) -> Question | None:  # noqa: A002 - the word the contract uses
        """The question that has that id, or had it."""
        found = self.questions.get(id)
        return found or next((one for one in self.questions.values() if id in one.formerly), None)

    def step(self, number: int) -> Step:
        """The step with that number; 0 is the case."""
        return self.case if number == 0 else self.steps[number - 1]

    def checks_of(self, number: int) -> tuple[Check, ...]:
        """The checks that a step shows, in their order."""
        return tuple(check for check in self.checks.values() if check.step == number and check.shown)


@dataclass(frozen=True, slots=True)
class Late:
    """A probe whose module is imported when it is run."""

    module: str
    name: str

    def __call__(self, context: Context) -> Finding:
        found: Check = getattr(importlib.import_module(f"checks.probes.{self.module}"), self.name)
        return found.probe(context)


Guides: TypeAlias = Callable[[str], Guide]
"""Gives the guide of a name: `load_guide`, handed down from where a command or the screen begins."""


@cache
def load_guide(name: str, folder: Path | None = None) -> Guide:
    """The guide of that name, made once: as built with an installed package, else from its files and the probes.

    `folder` holds a folder of files for each guide; None means the guides that come with the program. Raises
    `GuideError` for a name that is not there and for a guide that contradicts itself.
    """
    if folder is None and re.fullmatch("[a-z][a-z0-9-]*", name):
        with suppress(ModuleNotFoundError):
            guide: Guide = importlib.import_module(f"checks.guides.{name}.compiled").guide()
            return guide
    from checks.guides.building import from_sources

    return from_sources(name, folder)
