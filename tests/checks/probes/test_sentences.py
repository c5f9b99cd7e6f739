"""The sentences of the checks: where they stand, that each can be said, and that what is not well says how to mend it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import checks
from checks.guide import load_guide
from checks.model import Check, Outcome
from checks.probes import every_check
from checks.text import Text, placeholders
from checks.verdict import GENERIC

ROOT = Path(checks.__file__).parent
PROBES = ROOT / "probes"
SAYS = sorted(PROBES.glob("*_says.py"))
TREES = {path: ast.parse(path.read_text("utf-8")) for path in ROOT.rglob("*.py")}
OF_MODULE: dict[str, list[Check]] = {}
for _module, _name, _check in every_check():
    OF_MODULE.setdefault(_module, []).append(_check)
CHECKS = [check for found in OF_MODULE.values() for check in found]

COMPOSED = {
    "certificate.card": {"no-service-here", "no-reader-here"},
    "certificate.moved": {"register-changed", "office-changed"},
    "documents.deadline": {"event-late", "event-soon", "papers-late", "papers-soon"},
    "payment.ready": {
        "bank-not-national",
        "bank-not-prefecture",
        "card-not-registered",
        "direct-not-registered",
    },
}
"""Codes that their probe puts together, so that they stand nowhere as they are."""


SAYING = {"Says", "passes", "warns", "fails", "skips", "unknown"}
"""What makes the sentences of a code."""


def is_says(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING


def keys_of_tables(tree: ast.AST) -> Iterator[ast.expr]:
    """The codes of the tables of sentences; a sentence that several checks share stands there by its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and any(is_says(value) for value in node.values):
            yield from (key for key in node.keys if key is not None)


def constants(tree: ast.AST) -> Iterator[str]:
    """The strings of a module that are no code of a table of sentences."""
    codes = set(keys_of_tables(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in codes:
            yield node.value


def test_no_code_is_said_that_nothing_returns() -> None:
    written = {text for path, tree in TREES.items() if path.stem != "compiled" for text in constants(tree)}
    unwritten = {check.id: check.says.keys() - written for check in CHECKS}
    assert {name: codes for name, codes in unwritten.items() if codes} == COMPOSED


@pytest.mark.parametrize("name", OF_MODULE)
def test_no_code_is_returned_that_nothing_says(name: str) -> None:
    """What a probe's module returns by its name is a code of one of its checks."""
    tree = TREES[PROBES / f"{name}.py"]
    said = {code for check in OF_MODULE[name] for code in check.says}
    assert said
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
            code = node.args[0]
            chosen = (code.body, code.orelse) if isinstance(code, ast.IfExp) else (code,)
            names = {part.value for part in chosen if isinstance(part, ast.Constant)}
            assert names <= said, f"{name}: line {node.lineno}"


def test_each_answer_that_a_probe_asks_for_belongs_to_a_question() -> None:
    asked = {
        node.args[0].value
        for name in OF_MODULE
        for node in ast.walk(TREES[PROBES / f"{name}.py"])
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("ctx.answer", "ctx.day")
        if isinstance(node.args[0], ast.Constant)
    }
    assert len(asked) > 20
    assert asked <= load_guide("oss").questions.keys()


def test_what_is_worked_out_when_it_is_shown_names_no_answers_that_make_it_stale() -> None:
    assert not [check.id for check in CHECKS if check.derived and check.needs]


def test_what_could_not_be_found_out_is_not_called_wrong() -> None:
    for check in CHECKS:
        for code, says in check.says.items():
            if says.outcome is Outcome.FAIL:
                assert not re.search("分かりません|調べられません", says.text.ja), (check.id, code)
                assert not re.search("could not be|cannot tell|not known", says.text.en), (check.id, code)


WORDED = {"partly", "unanswered", "not-known"}
"""Codes of the engine for which a check may have a sentence of its own."""


def test_no_check_takes_a_code_of_the_engine() -> None:
    for check in CHECKS:
        assert not check.says.keys() & (GENERIC.keys() - WORDED), check.id


@pytest.mark.parametrize("path", SAYS, ids=lambda path: path.stem)
def test_a_file_of_sentences_stands_beside_its_checks_and_holds_nothing_else(path: Path) -> None:
    """`NAME_says.py`, or `NAME_PART_says.py` for a part of its table, holds all sentences of `NAME.py`."""
    name = path.stem.removesuffix("_says")
    owners = [module for module in OF_MODULE if name == module or name.startswith(f"{module}_")]
    assert owners
    owner = max(owners, key=len)
    assert not any(
        is_says(node) for node in ast.walk(TREES[PROBES / f"{owner}.py"]) if isinstance(node, ast.expr)
    )
    for node in TREES[path].body:
        if isinstance(node, ast.ImportFrom):
            assert node.module in (
                "__future__",
                "collections.abc",
                "checks.model",
                "checks.says",
                "checks.text",
            ) or (node.module or "").endswith("_says")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_what_is_not_well_says_how_to_mend_it(check: Check) -> None:
    for code, says in check.says.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        if says.outcome in (Outcome.FAIL, Outcome.WARN, Outcome.UNKNOWN):
            assert says.remedy is not None, (check.id, code)
        for command in says.commands:
            assert command.isascii()
            assert "\n" not in command


def test_one_is_not_said_in_the_plural() -> None:
    days = Text("あと{n}日、{m}件", "in {n|day}, {m|entry|entries}")
    assert [days.fill({"n": n, "m": n}, "en") for n in (0, 1, "1", 2)] == [
        "in 0 days, 0 entries",
        "in 1 day, 1 entry",
        "in 1 day, 1 entry",
        "in 2 days, 2 entries",
    ]
    assert days.fill({"n": 1, "m": 1}, "ja") == "あと1日、1件"
    assert days.fill({"m": 1}, "en") == "in {n} days, 1 entry"
    assert placeholders(days.en) == placeholders(days.ja) == {"n", "m"}
    with pytest.raises(ValueError, match="placeholders differ"):
        Text("{n}日", "{m|day}")


COUNTED = "changes|checks|days|entries|files|hours|minutes|months|PCs|profiles|questions|seconds|sessions|tries|warnings|weeks|years"


def test_what_is_counted_takes_the_form_for_its_number() -> None:
    """`{n} days` says "1 days": it is written `{n|day}`, or with `counted` where the sentence is put together."""
    slip = re.compile(rf"\{{[a-z][^{{}}|]*\}} (?:(?:newer|older|other) )?(?:{COUNTED})\b")
    assert slip.search("in {days} days")
    assert slip.search("f'{more} newer changes'")
    found = {
        f"{path.relative_to(ROOT.parent)}: {match[0]}"
        for part in ("checks", "state", "tui")
        for path in (ROOT.parent / part).rglob("*")
        if path.suffix in (".py", ".toml") and path.stem != "compiled"
        for match in slip.finditer(path.read_text("utf-8"))
    }
    assert found == {"checks/table.py: {table.age(today)} days"}  # shown from 180 days on
