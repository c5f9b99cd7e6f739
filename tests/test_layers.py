"""Imports go one way, and what a command does not need is not loaded: seen in fresh interpreters, not in the source."""

from __future__ import annotations

import ast
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHOW = "import sys, json; sys.stderr.write(json.dumps(sorted(sys.modules)))"


def loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{SHOW}"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def modules_of(package: str) -> list[str]:
    """All modules of one of our packages."""
    return [package] + [
        module.name
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}.")
        if not module.name.endswith("__main__")
    ]


def tops(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def test_checks_import_neither_state_nor_screen() -> None:
    found = tops(
        loaded(
            "import importlib\nfor name in " + repr(modules_of("checks")) + ": importlib.import_module(name)"
        )
    )
    assert not found & {"state", "tui", "textual", "rich"}


def test_state_imports_no_screen() -> None:
    found = tops(
        loaded(
            "import importlib\nfor name in " + repr(modules_of("state")) + ": importlib.import_module(name)"
        )
    )
    assert not found & {"tui", "textual", "rich"}


ROOMS = {"state": 0, "state.file": 1, "state.live": 2, "state.shelf": 3, "state.letters": 3, "state.fleet": 3}
"""The rooms of `state/` from the bottom up."""


def test_no_arrow_goes_up_between_the_rooms_of_state() -> None:
    """What several rooms need lies at the top of `state/`; a room knows those below it and nothing of those beside it."""
    arrows = set()
    for path in (ROOT / "state").rglob("*.py"):
        room = ".".join(path.parent.relative_to(ROOT).parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            if isinstance(node, ast.ImportFrom):
                names += [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            there = {
                max((known for known in ROOMS if f"{name}.".startswith(f"{known}.")), key=len, default="")
                for name in names
            }
            arrows |= {(room, other) for other in there - {"", "state"}}
    assert {("state.live", "state.file"), ("state.shelf", "state.file")} <= arrows
    wrong = [(room, other) for room, other in arrows if room != other and ROOMS[room] <= ROOMS[other]]
    assert not wrong


def test_the_top_of_state_is_no_hall() -> None:
    assert len(list((ROOT / "state").glob("*.py"))) <= 14


def test_what_of_the_screen_says_that_it_is_without_textual_is() -> None:
    saying = [
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for path in (ROOT / "tui").rglob("*.py")
        if "No Textual here" in (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")
    ]
    assert "tui.desk" in saying
    code = f"import importlib\nfor name in {sorted(saying)!r}: importlib.import_module(name)"
    assert not tops(loaded(code)) & {"textual", "rich"}


HEAVY = {"textual", "rich", "ssl", "cryptography", "psutil", "certifi", "segno", "truststore", "asyncio"}


@pytest.mark.parametrize(
    "argv",
    [["--version"], ["list"], ["status"], ["answer", "case.procedure=transfer"], ["explain", "portal.tls"]],
)
def test_a_plain_command_loads_nothing_heavy(argv: list[str], tmp_path: Path) -> None:
    code = (
        f"import os, sys; os.environ['OSS_JUNBI_HOME'] = {str(tmp_path)!r}\n"
        f"from tui.__main__ import main\ncode = main({argv!r})\nsys.stdout.flush()"
    )
    assert not tops(loaded(code)) & HEAVY


def test_only_the_system_package_knows_which_operating_system_this_is() -> None:
    """Probes judge facts; where a fact comes from is decided in one place, so that all of them run on any system."""
    asking = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "checks").rglob("*.py"))
        if "system" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in ("sys.platform", "os.name", "platform.system")
    ]
    assert not asking


def test_no_source_holds_invisible_or_bidirectional_characters() -> None:
    """They can make code read other than it runs (CVE-2021-42574)."""
    bad = {
        chr(code)
        for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF, 0x200B)
    }
    for path in sorted(ROOT.glob("*/**/*.py")):
        if ".venv" in path.as_posix():
            continue
        assert not bad & set(path.read_text("utf-8")), path


def test_every_thread_is_one_that_nobody_waits_for() -> None:
    """A probe, a disk or a resolver may never answer: only daemon threads let the program end all the same."""
    found = 0
    for package in ("checks", "state", "tui"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "Thread"
                ):
                    daemon = [word.value for word in node.keywords if word.arg == "daemon"]
                    assert [getattr(value, "value", None) for value in daemon] == [True], (path, node.lineno)
                    found += 1
    assert found > 5
