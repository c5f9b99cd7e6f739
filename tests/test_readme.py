"""What the papers say against the program: keys, commands, options, variables, exit codes, files; and both READMEs say the same."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from checks.guide import load_guide
from state.file.settings import _KEYS
from tui.cli.arguments import parse
from tui.cli.help_text import EXIT_CODES
from tui.cli.spec import COMMANDS as WORDS
from tui.cli.spec import COMMON, OPTIONS
from tui.commands import COMMANDS, key_label

ROOT = Path(__file__).parents[1]
PAPERS = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for folder in (".", "docs", "docs/fleet")
    for path in sorted((ROOT / folder).glob("*.md"))
}
ENGLISH, JAPANESE = PAPERS["README.md"], PAPERS["README.ja.md"]
ARROWS = {"up": "↑", "down": "↓", "left": "←", "right": "→"}
EVERYWHERE = {"page", "ends", "pane"}
"""Commands whose keys are as in any program: the screen's help has them, and second keys of the others."""
OTHER_VARIABLES = {"OSS_JUNBI_CONFINED", "OSS_JUNBI_DRIVER"}
"""For an account with one command only (docs/restricted-ssh.md), and between our own processes."""

both = pytest.mark.parametrize("text", [ENGLISH, JAPANESE], ids=["en", "ja"])


def chapter(text: str, *titles: str) -> str:
    return next(part for part in text.split("\n## ") if part.startswith(titles))


def blocks(text: str) -> list[str]:
    """The code of a paper, without comments and without sentences within quotes."""
    found = re.findall(r"^```(?:sh|powershell)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [re.sub(r'"[^"\n]*"', '""', re.sub(r" +#.*", "", block)) for block in found]


def commands(text: str) -> list[list[str]]:
    """Every command line with `oss-junbi` in a block."""
    lines = [
        line
        for block in re.findall(r"^```(?:sh|powershell)?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    found = []
    for line in lines:
        for part in re.split(r";|&&|\||#", line):
            if re.match(r"oss-junbi( |$)", part.strip()):
                found.append(shlex.split(part.strip().replace("\\", "/"))[1:])
    return found


@both
def test_the_keys_are_those_of_the_screen(text: str) -> None:
    table = chapter(text, "In twenty seconds", "20秒")
    named = set()
    for word in " ".join(re.findall("`([^`]+)`", table[table.index("\n|") : table.rindex("|\n")])).split():
        named |= {word} if len(word) > 1 and word.isascii() and not word.islower() else set(word)
    labels = {command.id: {key_label(key, ARROWS) for key in command.keys} for command in COMMANDS}
    assert [
        name for name, keys in labels.items() if name not in {*EVERYWHERE, "step"} and not keys & named
    ] == []
    assert named - set().union(*labels.values()) <= {"1-7"}


@both
def test_every_command_and_option_is_named(text: str) -> None:
    said = {words[0] for words in commands(text) if words} | set(re.findall(r"oss-junbi ([a-z]+)", text))
    assert set(WORDS) <= said
    for option in COMMON:
        if option.name not in ("--version", "--help"):
            assert f"`{option.name}`" in chapter(text, "Settings", "設定"), option.name


@both
def test_variables_and_settings_are_those_of_the_program(text: str) -> None:
    source = "".join(
        path.read_text("utf-8") for name in ("checks", "state", "tui") for path in (ROOT / name).rglob("*.py")
    )
    used = set(re.findall(r"\bOSS_JUNBI_[A-Z_]+\b", source)) - OTHER_VARIABLES
    assert set(re.findall(r"OSS_JUNBI_[A-Z_]+", text)) == used
    rows = [row.split("|") for row in chapter(text, "Settings", "設定").splitlines() if row.startswith("|")][
        2:
    ]
    assert {cell.strip(" `") for row in rows if (cell := row[3]).strip()} == set(_KEYS)


@both
def test_exit_codes_are_those_of_the_help(text: str) -> None:
    assert re.findall(r"^\| (\d+|128\+n) \|", text, re.MULTILINE) == [code for code, _ in EXIT_CODES]


def test_both_languages_have_the_same_commands_in_the_same_order() -> None:
    assert blocks(ENGLISH) == blocks(JAPANESE)
    assert len(blocks(ENGLISH)) > 6
    assert ENGLISH.count("\n## ") == JAPANESE.count("\n## ")
    links = [
        sorted(set(re.findall(r"\]\(([^)]+)\)", text)) - {"README.md", "README.ja.md"})
        for text in (ENGLISH, JAPANESE)
    ]
    assert links[0] == links[1]


@pytest.mark.parametrize("name", PAPERS)
def test_every_command_line_in_a_paper_is_understood(name: str) -> None:
    known = load_guide("oss")
    for words in commands(PAPERS[name]):
        parse(words)
    lines = [line.replace("\\|", "|") for line in re.findall(r"`(oss-junbi [^`]+)`", PAPERS[name])]
    parts = [part.split() for line in lines for part in re.split(r";|&&|\|", line)]
    for words in [part[1:] for part in parts if len(part) > 1 and part[0] == "oss-junbi"]:
        if words[0] in ("about", "…") or words[-1] == "pc.user-name":
            continue
        assert words[0] in WORDS or words[0] in OPTIONS, words
        assert {word for word in words if word.startswith("--")} <= set(OPTIONS), words
        if words[0] == "check":
            ids = {word for word in words if re.fullmatch(r"[a-z-]+\.[a-z.-]+", word)}
            assert ids <= set(known.checks), words


@pytest.mark.parametrize("name", PAPERS)
def test_every_link_within_the_repository_leads_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", PAPERS[name]):
        if "://" not in target:
            assert (folder / target).exists(), target


@pytest.mark.parametrize(
    "name", [name for name in PAPERS if name not in ("CONTRIBUTING.md", "docs/performance.md")]
)
def test_every_file_and_function_named_in_a_paper_exists(name: str) -> None:
    text = PAPERS[name]
    for path in re.findall(r"`((?:checks|state|tui|tests|docs|\.ci)/[A-Za-z0-9_./*-]+)`", text):
        assert "N" in Path(path).stem or [*ROOT.glob(path.rstrip("/"))], path
    source = "".join(path.read_text("utf-8") for path in (ROOT / "checks").rglob("*.py"))
    for function in re.findall(r"`(?:[a-zA-Z_]+\.)?((?:parse|_)[a-z_]+)`", text):
        assert f"def {function}(" in source, function
    for module, function in re.findall(r"`([a-z]+_[a-z]+)\.([a-z_]{3,})`", text):
        for path in (ROOT / "checks").rglob(f"{module}.py"):
            assert f"def {function}(" in path.read_text("utf-8"), f"{module}.{function}"


def test_third_party_packages_are_those_that_are_required() -> None:
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ([0-9][^ |]*) \|", PAPERS["docs/third-party.md"], re.MULTILINE)
    listed = dict(rows)
    components = json.loads((ROOT / "docs" / "sbom.json").read_text("utf-8"))["components"]
    assert {one["name"]: one["version"] for one in components} == listed
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]:
        needed = Requirement(line)
        assert listed[needed.name] in needed.specifier, line


def test_the_glossary_names_what_there_is_and_each_term_once() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAPERS["docs/glossary.md"].splitlines()
        if line.startswith("| ") and not line.startswith(("| **", "| 日本語"))
    ]
    assert len(rows) > 60
    assert {len(row) for row in rows} == {4}
    for column in (0, 1):
        terms = [row[column] for row in rows]
        assert sorted(terms) == sorted(set(terms))
        assert all(terms)
    files = [path for name in ("checks", "state", "tui") for path in (ROOT / name).rglob("*")]
    modules = {path.stem for path in files if path.suffix == ".py" or path.is_dir()}
    text = "\n".join(path.read_text("utf-8") for path in files if path.suffix in (".py", ".toml"))
    defined = set(re.findall(r"(?:class|def) (\w+)|^ *(\w+)(?:: [^=\n]+)?(?: = |$)", text, re.MULTILINE))
    words = {word for pair in defined for word in pair}
    ids = set(re.findall(r'(?:id|value) = "([^"]+)"', text))
    named = {name for row in rows for name in re.findall("`([^`]+)`", row[3])}
    assert named - modules - words - ids == set()


def test_the_glossary_is_linked_from_every_door() -> None:
    for name in ("README.md", "README.ja.md", "CONTRIBUTING.md"):
        assert "docs/glossary.md" in PAPERS[name]
