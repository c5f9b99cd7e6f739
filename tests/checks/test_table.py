"""The tables of facts that change: whole, dated, and in agreement with each other.

Covers checks.steps.
"""

from __future__ import annotations

import re

from checks import table
from checks.steps import Confidence


def test_each_table_has_a_source_a_day_and_a_confidence() -> None:
    for name in ("portal", "windows", "browsers", "extension", "addon", "jpki", "machine", "roots"):
        facts = table.facts(name)
        assert facts.confidence in Confidence.__args__  # type: ignore[attr-defined]
        assert facts.entries["source"]
        assert not table.is_stale(name, facts.checked)


def test_the_portal_names_releases_of_windows_that_are_known() -> None:
    known = table.facts("windows").entries["release"]
    assert len({release["build"] for release in known}) == len(known) > 3
    assert set(table.facts("portal").words("releases")) <= {release["name"] for release in known}


def test_what_was_reported_of_the_portal_is_dated_by_the_report() -> None:
    facts = table.facts("portal")
    reported = str(facts.entries["reported"])
    assert re.fullmatch("20[0-9]{2}-[01][0-9]", reported)
    assert reported <= facts.checked.isoformat()
    assert "September 2026" in str(facts.entries["source"])


def test_the_names_of_programs_are_patterns() -> None:
    for name, keys in {"addon": ("programs", "hosts"), "jpki": ("programs",)}.items():
        for key in keys:
            for pattern in table.facts(name).words(key):
                re.compile(pattern)
