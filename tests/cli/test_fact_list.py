"""`oss-junbi facts`, and the one line on the age of the facts when a command judges."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checks.guide import load_guide
from checks.statements import statements
from checks.wrap import cell_width
from tui.__main__ import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command on a day and returns its exit code, its output and its messages."""
    monkeypatch.setenv("OSS_JUNBI_HOME", str(tmp_path))

    def call(*argv: str, day: str = "2026-11-28") -> tuple[int, str, str]:
        monkeypatch.setenv("OSS_JUNBI_NOW", f"{day}T10:00+09:00")
        code = main([*argv, "--lang", "en"] if "--lang" not in argv else list(argv))
        return code, *capsys.readouterr()

    return call


def document(run: Run, *argv: str, day: str = "2026-11-28") -> dict[str, Any]:
    code, out, _ = run("facts", *argv, "--format", "json", day=day)
    assert code == 0
    loaded: dict[str, Any] = json.loads(out)
    schema = (resources.files("state") / "schemas" / "facts.schema.json").read_text("utf-8")
    jsonschema.validate(loaded, json.loads(schema))
    return loaded


def test_every_statement_of_both_guides_and_the_tables_is_there(run: Run) -> None:
    made = document(run)
    assert len(made["facts"]) == len(statements(load_guide("oss"), load_guide("kei"))) > 400
    assert made["oldest"] == min(fact["read"] for fact in made["facts"])
    facts = {fact["id"]: fact for fact in made["facts"]}
    assert facts["documents.three-months"]["page_date"] == "undated"
    assert "変更登録" in facts["documents.three-months"]["scope"]["ja"]
    assert facts["pc-environment.csp-ksp"]["page_date"] == "2025-11-21"
    assert facts["pc [roots]"]["changes_by"] == "2027-04-15"
    assert not any(fact["possibly_gone_by"] for fact in made["facts"])
    kei = document(run, "--guide", "kei")["facts"]
    assert {fact["id"] for fact in kei} < set(facts)


def test_old_shows_what_was_read_so_long_ago_and_what_may_be_gone_by(run: Run) -> None:
    assert document(run, "--old", "180")["facts"] == []
    assert {fact["read"] for fact in document(run, "--old", "6")["facts"]} == {"2026-11-22"}
    assert document(run, "--old", "0")["facts"]
    later = document(run, "--old", "400", day="2027-04-15")["facts"]
    assert "root-certificate.browser-removal" in {fact["id"] for fact in later}
    assert all(fact["possibly_gone_by"] and fact["changes_by"] <= "2027-04-15" for fact in later)
    days = [fact["read"] for fact in document(run, "--old", "0")["facts"]]
    assert days == sorted(days)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_text_fits_eighty_columns_and_says_the_age_always(run: Run, lang: str) -> None:
    _, out, _ = run("facts", "--lang", lang, day="2027-06-10")
    lines = out.splitlines()
    assert len(lines) > 2000
    # An address is never torn: it is copied.
    assert max(cell_width(line) for line in lines if "://" not in line) <= 80
    assert "200" in lines[1]
    assert "2026-11-22" in lines[1]
    assert ("日付のない写し" if lang == "ja" else "undated copy") in out
    assert ("もう変わったかもしれません" if lang == "ja" else "Possibly gone by") in out


def test_a_guide_or_a_number_that_is_none_is_refused(run: Run) -> None:
    assert run("facts", "--old", "soon")[0] == 2
    assert run("facts", "--old", "-1")[0] == 2
    assert run("facts", "--guide", "bike")[0] == 2


@pytest.mark.parametrize("argv", [["status"], ["report"], ["check", "pc.disk", "--offline"]])
def test_a_command_that_judges_says_once_how_old_the_facts_are(run: Run, argv: list[str]) -> None:
    for day, said in (("2027-05-21", 0), ("2027-05-22", 1)):
        errors = run(*argv, day=day)[2]
        assert errors.count("The oldest facts were looked up") == said, errors
        assert len(errors.splitlines()) == said
    assert "181 days ago (2026-11-22)" in errors


def test_the_report_and_explain_say_what_may_be_gone_by(run: Run) -> None:
    for argv in (["report"], ["explain", "root-certificate.browser-removal"]):
        assert "Possibly gone by since 2027-04-15" not in run(*argv, day="2027-04-14")[1]
        assert "Possibly gone by since 2027-04-15" in run(*argv, day="2027-04-15")[1].replace("\n  ", " ")
    told = run("explain", "documents.three-months")[1]
    assert "undated copy, read 2026-11-22" in told
    assert "The page speaks of: changes filed by an agent" in told
