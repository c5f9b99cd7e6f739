"""Every statement of the product with where it comes from: those of the guides, and the tables that checks compare with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from checks.guide import Guide
from checks.record import dataclass
from checks.steps import Basis, Page
from checks.table import tables
from checks.text import Text


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, the page on which it rests, and how."""

    id: str
    text: Text
    basis: Basis
    page: Page

    def gone_by(self, today: date) -> bool:
        """Whether it was to change by now."""
        return self.basis.changes_by is not None and self.basis.changes_by <= today


def statements(*guides: Guide) -> list[Statement]:
    """What the guides say, what they share once, and the tables."""
    pages = {id_: page for guide in reversed(guides) for id_, page in guide.pages.items()}
    found = dict.fromkeys(one for guide in guides for one in _said(guide))
    rest = []
    for name, table in tables().items():
        if isinstance(table, dict) and table.get("page") in pages:
            basis = Basis(table["page"], table["checked"], table["confidence"], table.get("changes_by"))
            rest.append(Statement(f"pc [{name}]", Text(*[table["source"]] * 2), basis, pages[table["page"]]))
    return [*found, *rest]


def _said(guide: Guide) -> Iterator[Statement]:
    for step in (guide.case, *guide.steps):
        for note in step.notes:
            yield Statement(note.id, note.text, note.basis, guide.pages[note.basis.page])
        for question in step.questions:
            said, more, basis = question.text, question.help, question.basis
            text = said if more is None else Text(f"{said.ja}: {more.ja}", f"{said.en}: {more.en}")
            yield Statement(question.id, text, basis, guide.pages[basis.page])
    for row in guide.scope.rows:
        if row.text is not None:
            yield Statement(f"scope {row.id}", row.text, row.basis, guide.pages[row.basis.page])
    for rule in guide.deadlines.all():
        yield Statement(f"deadline {rule.id}", rule.text, rule.basis, guide.pages[rule.basis.page])
    for symptom in guide.symptoms:
        seen, more, basis = symptom.seen[0], symptom.help, symptom.basis
        text = Text(f"{seen}: {more.ja}", f"{seen}: {more.en}")
        yield Statement(f"symptom {symptom.id}", text, basis, guide.pages[basis.page])
