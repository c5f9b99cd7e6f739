"""The recipes of CONTRIBUTING.md: done to a copy of the repository as they are written, then the copy's own tests are run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "CONTRIBUTING.md"

_BLOCK = re.compile(
    r"^(?P<indent> *)```(?:python|toml)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
_FILE = re.compile(r"`((?:checks|state|tui|tests)/[a-z0-9_/]+\.(?:py|toml))`")
_PLACE = re.compile(r"(before|after|instead of) the line\s+`([^`]+)`:$")


@dataclass(frozen=True, slots=True)
class Change:
    """One block of a recipe: what goes where."""

    file: str
    how: str
    """`new`, `end`, `before`, `after` or `instead of`; the last three say which line."""
    line: str
    body: str


def recipe(title: str) -> list[Change]:
    """The changes of one chapter, in order."""
    text = GUIDE.read_text("utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    changes = []
    file, at = "", 0
    for block in _BLOCK.finditer(text):
        said = text[at : block.start()].rstrip()
        at = block.end()
        file = ([file, *_FILE.findall(said)])[-1]
        indent = len(block["indent"])
        body = "".join(line[indent:] if line.strip() else line for line in block["body"].splitlines(True))
        place = _PLACE.search(said)
        if place:
            changes.append(Change(file, place[1], place[2], body))
        else:
            last = said.rpartition("\n\n")[2]
            how = "new" if f"ew file `{file}`:" in last else "end"
            assert how == "new" or re.search(rf"[Aa]t the\s+end of\s+`{re.escape(file)}`:$", last), said[
                -200:
            ]
            changes.append(Change(file, how, "", body))
    return changes


def follow(root: Path, changes: Sequence[Change]) -> None:
    """Do to a copy what the recipe says."""
    for change in changes:
        path = root / change.file
        assert path.exists() is (change.how != "new"), change.file
        if change.how == "new":
            path.parent.mkdir(exist_ok=True)
            path.write_text(change.body, "utf-8")
            continue
        text = path.read_text("utf-8")
        if change.how == "end":
            gap = "\n\n" if change.file.endswith(".py") else ""
            path.write_text(text + gap + change.body, "utf-8")
            continue
        line = change.line + "\n"
        assert ("\n" + text).count("\n" + line) == 1, (
            f"{change.file} has no such line, or several: {change.line}"
        )
        kept = {"before": change.body + line, "after": line + change.body, "instead of": change.body}[
            change.how
        ]
        path.write_text(("\n" + text).replace("\n" + line, "\n" + kept)[1:], "utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    root = tmp_path / "copy"
    leave = shutil.ignore_patterns("__pycache__", "results", "benchmarks")
    for name in ("checks", "state", "tui", "tests", "docs"):
        shutil.copytree(ROOT / name, root / name, ignore=leave)
    shutil.copytree(ROOT / ".ci", root / ".ci", ignore=leave)
    for path in (ROOT / "pyproject.toml", ROOT / "LICENSE", *ROOT.glob("*.md")):
        shutil.copy(path, root)
    return root


def run(root: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
    """What Python writes, run in the copy; it ends with one of these exit codes."""
    home = {"OSS_JUNBI_HOME": str(root / "home"), "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env={**os.environ, **home}, capture_output=True, text=True,
        encoding="utf-8", timeout=110,
    )  # fmt: skip
    assert done.returncode in codes, f"{arguments}\n{done.stdout[-4000:]}\n{done.stderr[-2000:]}"
    return done.stdout + (done.stderr if done.returncode == 2 else "")


CHECK = recipe("A check")
QUESTION = recipe("A question, a document, a note")
A_GUIDE = recipe("A guide")
DEADLINE = recipe("A deadline")
PAGE = recipe("A fact or a page")
SCREEN = recipe("A key and a screen")
COMMAND = recipe("A command")
LANGUAGE = recipe("A language")


def test_a_check_with_its_test_has_under_thirty_lines() -> None:
    lines = [line for change in CHECK for line in change.body.splitlines() if line.strip()]
    assert len(lines) < 30


def test_every_recipe_followed_to_the_letter_leaves_the_tests_green(copy: Path) -> None:
    follow(copy, [*CHECK, *QUESTION, *DEADLINE, *PAGE, *SCREEN, *COMMAND])
    run(copy, "tests/facts.py")
    for name in ("README.md", "README.ja.md"):
        text = (copy / name).read_text("utf-8")
        for line, more in (("| `Space` |", "| `a` | x | | |\n"), ("oss-junbi status ", "oss-junbi about\n")):
            assert text.count("\n" + line) == 1
            text = text.replace("\n" + line, f"\n{more}{line}")
        (copy / name).write_text(text, "utf-8")
    run(
        copy, "-m", "pytest", "-p", "no:cacheprovider", "-x",
        *sorted(change.file for change in (*CHECK, *SCREEN, *COMMAND) if change.how == "new" and change.file.startswith("tests/")),
        "tests/checks/probes/test_pc_elsewhere.py", "tests/checks/guides/test_official_page.py", "tests/checks/guides/test_building.py",
        "tests/checks/guides/test_compiling.py", "tests/checks/guides/test_procedures.py", "tests/tui/test_search.py",
        "tests/checks/rules/test_deadlines.py", "tests/test_readme.py", "tests/test_mirror.py",
        "tests/test_layers.py::test_checks_import_neither_state_nor_screen",
        "tests/tui/test_commands.py::test_every_command_is_done_by_somebody",
        "tests/tui/test_commands.py::test_no_key_has_two_meanings",
        "tests/tui/test_commands.py::test_the_palette_has_every_command",
        "tests/tui/test_reach.py", "tests/tui/test_reach_everywhere.py", "-k", "not from_every_other",
    )  # fmt: skip
    assert "oss-junbi 0." in run(copy, "-m", "tui", "about")
    listed = json.loads(run(copy, "-m", "tui", "list", "--format", "json"))
    ids = json.dumps(listed)
    assert '"pc.user-name"' in ids
    assert '"payment.bank-fee"' in ids
    run(copy, "-m", "tui", "answer", "case.procedure=transfer", "documents.event-date=2026-11-02")
    dates = json.loads(run(copy, "-m", "tui", "deadlines", "--format", "json"))["deadlines"]
    assert ("documents.event-date.tax", "2026-12-02") in {(date["id"], date["date"]) for date in dates}
    assert "User name" in run(copy, "-m", "tui", "--lang", "en", "explain", "pc.user-name")
    for tool in (("ruff", "check"), ("ruff", "format", "--check")):
        run(copy, "-m", *tool, *sorted({change.file for change in (*CHECK, *SCREEN, *COMMAND)}))


TREE = """
from pathlib import Path
from checks.guide import load_guide
from tests.support.helpers_tui import drive, make_app, press, see

async def script(pilot):
    await see(pilot, "1 PC", "5 書類")
    await press(pilot, "5", "right")
    await see(pilot, "ナンバープレート")

drive(make_app(Path("tree.toml"), guide=load_guide("bike")), script)
"""


def test_a_guide_of_five_steps_needs_no_line_of_python(copy: Path) -> None:
    follow(copy, A_GUIDE)
    folder = copy / "checks" / "guides" / "bike"
    second = (folder / "step2.toml").read_text("utf-8")
    for number in (3, 4, 5):
        step = second.replace("bike-papers", f"bike-papers-{number}").replace(
            "papers.plate", f"papers.plate-{number}"
        )
        (folder / f"step{number}.toml").write_text(step, "utf-8")

    def bike(*arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        return run(copy, "-m", "tui", *arguments, "--session", "moto", "--lang", "en", codes=codes)

    run(copy, "-m", "tui", "new", "moto")
    (session,) = (copy / "home" / "sessions").glob("moto.toml")
    text = session.read_text("utf-8")
    assert text.count('name = "moto"\n') == 1
    session.write_text(text.replace('name = "moto"\n', 'name = "moto"\nguide = "bike"\n'), "utf-8")
    steps = json.loads(bike("list", "--format", "json"))["steps"]
    assert [step["id"] for step in steps[1:3]] == ["bike-pc", "bike-papers"]
    assert len(steps) == 6
    bike("answer", "case.procedure=scrap", "papers.plate=yes", "papers.plate-5=no")
    assert 'guide = "bike"' in session.read_text("utf-8")
    status = json.loads(bike("status", "--format", "json", codes=(3, 4)))
    assert status["next"]["id"] == "pc.disk"
    assert "papers.plate-5" in bike("status", codes=(3, 4))
    checked = json.loads(bike("check", "--offline", "--format", "json", codes=(0, 1, 3)))
    assert {"pc.disk", "portal.tls"} <= {result["id"] for result in checked["results"]}
    assert checked["portal"] == "bike.example:443"
    assert "Is the number plate at hand?" in bike("explain", "papers.plate")
    assert "Is the number plate at hand?" in bike("report", codes=(3, 4))
    assert "Number plate" not in bike("report", "--for", "customer", codes=(3, 4))
    assert bike("deadlines")
    assert bike("sessions")
    run(copy, "-c", TREE)
    (folder / "step5.toml").write_text(second.replace("kind =", "kinf ="), "utf-8")
    told = bike("list", codes=(2,))
    assert 'Guide file bike/step5.toml, papers.plate: "kinf": not known here. Nearest: kind.' in told
    assert "Traceback" not in told


def test_a_language_begins_with_four_lines(copy: Path) -> None:
    follow(copy, LANGUAGE)
    guide = copy / "checks" / "guides" / "oss" / "step4.toml"
    ja = 'title.ja = "電子納付のための準備"\n'
    text = guide.read_text("utf-8")
    assert ja in text
    guide.write_text(text.replace(ja, ja + 'title.ko = "전자 납부 준비"\n'), "utf-8")
    shown = run(copy, "-m", "tui", "--lang", "ko", "list")
    assert "전자 납부 준비" in shown
    assert "Compulsory" in shown
    run(copy, "-m", "ruff", "format", "--check", "checks/text.py")
    run(copy, "-m", "pytest", "-p", "no:cacheprovider", "-x", "tests/checks/guides/test_building.py", "tests/checks/guides/test_official_page.py",
        "tests/checks/guides/test_compiling.py", "tests/checks/test_verdict.py", "tests/cli/test_arguments.py",
        "tests/tui/terminal/test_lines.py::test_all_sentences_are_found",
        "tests/tui/screens/test_main.py::test_the_language_changes_at_once_and_nothing_is_left_of_the_other")  # fmt: skip


def test_the_shell_commands_name_files_that_exist() -> None:
    named = re.findall(r"`((?:checks|state|tui|tests|docs|\.ci)/[A-Za-z0-9_./-]+)`", GUIDE.read_text("utf-8"))
    made = {
        change.file
        for change in (*CHECK, *QUESTION, *A_GUIDE, *PAGE, *SCREEN, *COMMAND, *LANGUAGE)
        if change.how == "new"
    }
    assert len(named) > 20
    assert [name for name in named if name not in made and not (ROOT / name).exists()] == []
