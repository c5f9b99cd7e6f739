"""The guide's words and the checks as one unchangeable whole."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache

from checks.model import Check, Context, Finding
from checks.record import dataclass
from checks.rules.scope import Scope
from checks.steps import Page, Question, Step, Validity


@dataclass(frozen=True, slots=True)
class Catalog:
    """All steps, questions, checks and pages, each found by its id."""

    case: Step
    steps: tuple[Step, ...]
    pages: Mapping[str, Page]
    questions: Mapping[str, Question]
    """All questions, the case's first, in the order of the steps."""
    checks: Mapping[str, Check]
    """All checks that the steps show, in their order, and last those that are run only because others build on them."""
    validities: tuple[Validity, ...] = ()
    """How long the papers with a date can be used."""
    scope: Scope = Scope()
    """What can be filed in which way."""

    def step(self, number: int) -> Step:
        """The step with that number; 0 is the case."""
        return self.case if number == 0 else self.steps[number - 1]

    def checks_of(self, number: int) -> tuple[Check, ...]:
        """The checks of a step, in their order."""
        return tuple(check for check in self.checks.values() if check.step == number and check.shown)


@dataclass(frozen=True, slots=True)
class Late:
    """A probe whose module is imported when it is run."""

    module: str
    name: str

    def __call__(self, context: Context) -> Finding:
        """Run the probe."""
        found: Check = getattr(importlib.import_module(f"checks.probes.{self.module}"), self.name)
        return found.probe(context)


@cache
def load_catalog() -> Catalog:
    """The catalog, made once: as built with an installed package, else from the guide's files and the probes.

    Raises `GuideError` when the guide or a check contradicts itself.
    """
    try:
        compiled = importlib.import_module("checks.guides.compiled")
    except ModuleNotFoundError:
        from checks.guides.building import from_sources

        return from_sources()
    catalog: Catalog = compiled.catalog()
    return catalog
