"""Writes docs/facts.md: every statement of the guide and of the tables with its source, confidence and date.

For the yearly review: `python tests/facts.py` writes the file anew, `python tests/facts.py --old 180` lists what was
last compared with its source more than 180 days ago.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Before this script's own folder, whose `checks` and `state` are tests.
sys.path.insert(0, str(ROOT))

from checks.guide import Guide, load_guide  # noqa: E402 - the path must be set first
from checks.guides.entries import names  # noqa: E402
from checks.steps import Basis  # noqa: E402

TARGET = ROOT / "docs" / "facts.md"
HEAD = """# Facts and where they come from

Written by `python tests/facts.py`; a test fails when it is out of date. Look everything up again once a year, the
oldest and least certain first (`python tests/facts.py --old 180`), correct the guide, and set the new day there.

Confidence: **official** read on the official page · **secondary** reported by others, shown as unconfirmed ·
**computed** worked out from primary data · **inferred** our own conclusion · **unread** the official page could not
be read and is only linked.

"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement."""

    id: str
    what: str
    page: str
    confidence: str
    checked: date


def facts(*guides: Guide) -> Iterator[Fact]:
    """Every statement with a source: notes, questions, dates and waits, symptoms, tables; what guides share comes once."""
    yield from dict.fromkeys(fact for guide in guides for fact in _said(guide))
    for path in sorted((ROOT / "checks" / "data").glob("*.toml")):
        for name, table in tomllib.loads(path.read_text("utf-8")).items():
            if isinstance(table, dict) and "checked" in table:
                yield Fact(
                    f"{path.stem} [{name}]",
                    table["source"],
                    table["page"],
                    table["confidence"],
                    table["checked"],
                )


def _said(guide: Guide) -> Iterator[Fact]:
    for step in (guide.case, *guide.steps):
        for note in step.notes:
            yield _fact(note.id, note.text.ja, note.basis)
        for question in step.questions:
            said = question.text.ja if question.help is None else f"{question.text.ja}: {question.help.ja}"
            yield _fact(question.id, said, question.basis)
    for rule in guide.deadlines.all():
        yield _fact(f"deadline {rule.id}", rule.text.ja, rule.basis)
    for symptom in guide.symptoms:
        yield _fact(f"symptom {symptom.id}", f"{symptom.seen[0]}: {symptom.help.ja}", symptom.basis)


def _fact(id: str, what: str, basis: Basis) -> Fact:  # noqa: A002 - the word the contract uses
    return Fact(id, what, basis.page, basis.confidence, basis.checked)


def document(*guides: Guide) -> str:
    """The whole of docs/facts.md."""
    found = sorted(facts(*guides), key=lambda fact: (fact.id.partition(".")[0], fact.id))
    checks = {check.id: check for guide in reversed(guides) for check in guide.checks.values()}
    pages = {page.id: page for guide in reversed(guides) for page in guide.pages.values()}
    counts = {fact.confidence: 0 for fact in found}
    for fact in found:
        counts[fact.confidence] += 1
    lines = [
        HEAD + f"{len(found)} statements: " + ", ".join(f"{n} {c}" for c, n in sorted(counts.items())) + ".\n"
    ]
    lines += ["## Statements\n", "| id | statement | page | confidence | checked |", "|---|---|---|---|---|"]
    lines += [
        f"| `{fact.id}` | {_cell(fact.what)} | {fact.page} | {fact.confidence} | {fact.checked} |"
        for fact in found
    ]
    lines += ["", "## Rules of the checks\n", "| check | how | page |", "|---|---|---|"]
    lines += [f"| `{check.id}` | {_cell(check.how.ja)} | {check.source} |" for check in checks.values()]
    lines += ["", "## Pages\n", "| id | page | read | whose |", "|---|---|---|---|"]
    lines += [
        f"| {page.id} | [{_cell(page.title.ja)}]({page.url}) | {page.read or 'not read'} | {'official' if page.official else 'others'} |"
        for page in pages.values()
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "/")


def main(arguments: list[str]) -> int:
    """Write the document, or list what is older than a number of days."""
    guides = [load_guide(name) for name in sorted(names(), reverse=True)]
    if arguments[:1] == ["--old"]:
        limit = int(arguments[1])
        for fact in sorted(facts(*guides), key=lambda fact: fact.checked):
            if (date.today() - fact.checked).days > limit:
                print(f"{fact.checked} {fact.confidence:9} {fact.id}: {fact.what}")
        return 0
    TARGET.write_text(document(*guides), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
