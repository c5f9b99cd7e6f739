"""The Tab key: the words themselves, and each script in the shell that it is for."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from checks.guide import load_guide
from tests.support.pty_screen import PtyScreen
from tui.cli.completion import candidates
from tui.cli.spec import COMMANDS

ROOT = Path(__file__).resolve().parents[2]


def words(*typed: str) -> list[str]:
    """What can stand in place of the last word."""
    return [word for word, _ in candidates(typed, load_guide("oss"), "en")]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment in which `oss-junbi` is this program, with one session whose name every shell takes as it is."""
    program = tmp_path / "bin" / "oss-junbi"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m tui "$@"\n', "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    home = tmp_path / "home"
    made = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "OSS_JUNBI_HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm",
    }
    for name in ("sakura-12", "桜 13"):
        subprocess.run([program, "new", name], env=made, check=True, capture_output=True)
    return made


def test_what_can_stand_where() -> None:
    assert words("") == list(COMMANDS)
    assert words("st") == ["status"]
    assert words("report", "--format", "") == list(COMMANDS["report"].formats)
    assert words("report", "--format=j") == ["--format=json"]
    assert words("report", "--fo") == ["--format", "--for"]
    assert words("--lang", "e") == ["en"]
    assert words("--lang", "en", "report", "--for", "c") == ["customer"]
    assert words("check", "pc.ext") == ["pc.extension"]
    assert words("answer", "case.vehicle=ke") == ["case.vehicle=kei"]
    assert words("fleet", "") == ["merge"]
    assert words("completion", "z") == ["zsh"]
    assert words("import", "") == []  # a file
    assert words("--ca-file", "") == []
    assert "case.procedure=" in words("answer", "case.proc")


def test_every_option_of_every_command_is_offered() -> None:
    for name, command in COMMANDS.items():
        assert set(command.options) <= set(words(name, "-"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("oss-junbi sta", ["status"]),
        ("oss-junbi report --format ", ["text", "markdown", "html", "json"]),
        ("oss-junbi answer case.vehicle=ke", ["kei"]),
        ("oss-junbi status --lang=e", ["en"]),
        ("oss-junbi forget s", ["sakura-12"]),
        ("oss-junbi import ", []),
    ],
)
def test_bash(env: dict[str, str], line: str, expected: list[str]) -> None:
    script = (
        "source <(oss-junbi completion bash)\n"
        'COMP_LINE="$1" COMP_POINT=${#1}\n'
        "compopt() { :; }\n_oss_junbi\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", script, "bash", line], env=env, check=True, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.stdout.split() == expected


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_fish(env: dict[str, str]) -> None:
    script = 'oss-junbi completion fish | source; complete -C "oss-junbi sta"; complete -C "oss-junbi answer case.vehicle=ke"'
    done = subprocess.run(["fish", "-c", script], env=env, check=True, capture_output=True, text=True)
    found = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert found == ["status", "case.vehicle=kei"]
    assert "どこまで済んだか" in done.stdout


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh(env: dict[str, str]) -> None:
    with PtyScreen(["zsh", "-f", "-i"], {**env, "PS1": "> "}) as screen:
        screen.send("autoload -Uz compinit; compinit -u; source <(oss-junbi completion zsh); echo re''ady\r")
        screen.see("ready")
        screen.send("oss-junbi sta\t")
        screen.see("oss-junbi status")


def test_an_unknown_shell_is_refused(env: dict[str, str]) -> None:
    done = subprocess.run(["oss-junbi", "completion", "tcsh"], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "powershell" in done.stderr
