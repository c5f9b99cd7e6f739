"""The engine knows no guide: no module of it names an entry, a number of steps or a host of a service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from checks.guide import Guide, load_guide
from checks.guides.entries import names
from checks.pki.anchors import EXPECTED

ROOT = Path(__file__).parents[3]
GUIDES = [load_guide(name) for name in names()]

EXCEPTIONS = {
    "state/file/migrate.py": "a migration names the ids of its time",
    "tui/cli/spec.py": "examples of what a person may type",
    "tui/cli/help_text.py": "examples of what a person may type",
    "state/letters/phrases.py": "a sentence that refers a helpdesk to a check of ours",
}

NUMBERS = re.compile(r"\bseven\b|七つ|[7７]つ|range\(1, 8\)|\b1-7\b|1から7", re.IGNORECASE)


def ids(guide: Guide) -> Iterator[str]:
    """Every id of a step, a question, a note, a check and a row."""
    yield from (*guide.questions, *guide.checks, *(row.id for row in guide.scope.rows))
    for step in guide.steps:
        yield from (step.id, *(note.id for note in step.notes))


def modules() -> list[Path]:
    """The engine: everything but probes, which speak of what they look at, and data."""
    found = [path for folder in ("checks", "state", "tui") for path in (ROOT / folder).rglob("*.py")]
    return [
        path for path in found if path.parent != ROOT / "checks" / "probes" and path.name != "compiled.py"
    ]


def test_no_module_of_the_engine_names_what_is_a_guides() -> None:
    known = sorted({id_ for guide in GUIDES for id_ in ids(guide)}, key=len, reverse=True)
    dotted = "|".join(re.escape(id_) for id_ in known if "." in id_)
    plain = "|".join(re.escape(id_) for id_ in known if "." not in id_)
    hosts = "|".join(re.escape(guide.portal.host.removeprefix("www.")) for guide in GUIDES)
    pattern = re.compile(rf"(?<![\w.-])(?:{dotted})(?![\w-]|\.\w)|[\"'`](?:{plain})[\"'`]|{hosts}")
    named: dict[str, list[str]] = {}
    for path in modules():
        text = path.read_text("utf-8")
        found = [*pattern.findall(text), *NUMBERS.findall(text)]
        if found:
            named[path.relative_to(ROOT).as_posix()] = found
    assert len(modules()) > 150
    assert {file: found for file, found in named.items() if file not in EXCEPTIONS} == {}
    assert set(EXCEPTIONS) <= set(named), "an exception that is none any more"


def test_no_schema_counts_the_steps() -> None:
    for path in (ROOT / "state" / "schemas").glob("*.json"):
        assert '"maxItems": 7' not in path.read_text("utf-8")
        assert '"minItems": 7' not in path.read_text("utf-8")


def test_the_portals_roots_are_among_those_that_come_with_the_program() -> None:
    assert any(guide.portal.roots for guide in GUIDES)
    for guide in GUIDES:
        assert set(guide.portal.roots) <= set(EXPECTED.values())
