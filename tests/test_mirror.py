"""The tests mirror the packages: for `state/file/lock.py` look into `tests/state/file`.

There is a `test_lock.py`, or the docstring of a test says that it covers `state.file.lock`. The command line, `tui/cli`,
has its tests in `tests/cli`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = sorted(
    path.relative_to(ROOT)
    for package in ("checks", "state", "tui")
    for path in (ROOT / package).rglob("*.py")
    if path.name != "__init__.py"
)
MODULE = re.compile(r"\b(?:checks|state|tui)(?:\.\w+)+")


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def own_test(path: Path) -> Path:
    """The test file of a module, if it has one of its own."""
    parts = path.parts[1:] if path.parts[:2] == ("tui", "cli") else path.parts
    return ROOT.joinpath("tests", *parts[:-1], f"test_{path.stem}.py")


def named() -> set[str]:
    """The modules that the docstrings of the tests name."""
    docstrings = (
        ast.get_docstring(ast.parse(path.read_text("utf-8"))) for path in (ROOT / "tests").rglob("test_*.py")
    )
    return {name for docstring in docstrings for name in MODULE.findall(docstring or "")}


def test_every_module_has_its_test_or_is_named_in_one() -> None:
    covered = named()
    assert [
        dotted(path) for path in PRODUCT if not own_test(path).exists() and dotted(path) not in covered
    ] == []


def test_every_module_that_a_test_names_exists() -> None:
    known = {dotted(path) for path in PRODUCT}
    assert len(named()) > 50
    assert sorted(named() - known - {dotted(path.parent) for path in PRODUCT}) == []


def test_few_tests_belong_to_no_package() -> None:
    assert len(list((ROOT / "tests").glob("test_*.py"))) <= 12
