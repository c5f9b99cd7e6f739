"""The sentences of these checks: both languages, the encodings of old terminals, links that exist, values that fit."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from pathlib import Path

import pytest

from checks import table
from checks.model import Check, Outcome
from checks.probes import browser, extension, machine, pc, proxy, roots, signing, smartcard
from checks.steps import Confidence
from checks.text import Text, placeholders

MODULES = (roots, pc, browser, extension, signing, smartcard, machine, proxy)
CHECKS = [value for module in MODULES for value in vars(module).values() if isinstance(value, Check)]
GUIDE = Path(roots.__file__).parent.parent / "guide" / "links.toml"


def texts(check: Check) -> list[Text]:
    said = [text for says in check.says.values() for text in (says.text, says.remedy) if text is not None]
    return [check.title, check.why, check.how, *said]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_sentence_fits_old_terminals(check: Check) -> None:
    for text in texts(check):
        text.ja.encode("cp932")
        text.ja.encode("euc_jp")
        assert text.en.isascii(), text.en
        assert text.ja.isascii() is False
        assert not set(text.ja) & set("～①②③—•"), text.ja


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_what_is_not_well_says_how_to_mend_it(check: Check) -> None:
    for code, says in check.says.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        if says.outcome in (Outcome.FAIL, Outcome.WARN, Outcome.UNKNOWN):
            assert says.remedy is not None, (check.id, code)
        for command in says.commands:
            assert command.isascii()
            assert "\n" not in command


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_links_exist(check: Check) -> None:
    pages = tomllib.loads(GUIDE.read_text("utf-8"))["links"]
    for page in (check.source, *(says.link for says in check.says.values() if says.link)):
        assert page in pages


def test_no_code_is_said_that_nothing_returns() -> None:
    """Each code stands in its module's source once more than where its sentence is."""
    passed_on = {
        "running",
        "stopped",
        "disabled",
        "absent",
    }  # the state of the service as the system gives it
    for module in MODULES:
        constants = [
            node.value
            for node in ast.walk(ast.parse(inspect.getsource(module)))
            if isinstance(node, ast.Constant)
        ]
        wanted = 1 if module is roots else 2  # the sentences of roots stand in a module of their own
        for check in (value for value in vars(module).values() if isinstance(value, Check)):
            for code in check.says.keys() - passed_on:
                assert constants.count(code) >= wanted, (check.id, code)


def test_the_table_is_whole_and_dated() -> None:
    for name in ("portal", "windows", "browsers", "extension", "addon", "jpki", "machine", "roots"):
        facts = table.facts(name)
        assert facts.confidence in Confidence.__args__  # type: ignore[attr-defined]
        assert facts.entries["source"]
        assert not table.is_stale(name, facts.checked)
    builds = [release.build for release in table.releases()]
    assert builds == sorted(set(builds))
    assert set(table.facts("portal").words("releases")) <= {release.name for release in table.releases()}
    for name, keys in {"addon": ("programs", "hosts"), "jpki": ("programs",)}.items():
        for key in keys:
            for pattern in table.facts(name).words(key):
                re.compile(pattern)


def test_placeholders_of_the_two_languages_agree() -> None:
    for check in CHECKS:
        for text in texts(check):
            assert placeholders(text.ja) == placeholders(text.en)
