"""The real program in a pseudo-terminal, what its picture promises, and what its file keeps of that."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from checks.guide import load_guide
from state.file import load
from tests.support.pty_screen import PtyScreen

ROOT = Path(__file__).resolve().parents[2]
PROCEDURE, ROLE = "case.procedure", "case.role"
DIGITS = "1234567890"
"""The keys of the ten procedures."""
SAVED = "保存済"


def environment(home: Path, **more: str) -> dict[str, str]:
    """An environment with nothing in it but where to write."""
    env = {
        "PATH": "/usr/bin:/bin",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "OSS_JUNBI_HOME": str(home / "data"),
        "PYTHONPATH": str(ROOT),
    }
    return env | more


def command(home: Path, *args: str, order: Mapping[str, Any] | None = None) -> list[str]:
    """The full screen over the session `home/s.toml`, offline; `order` is for `tests/laboratory/child.py`."""
    start = (
        ["-m", "tui"]
        if order is None
        else ["-m", "tests.laboratory.child", json.dumps(order, sort_keys=True)]
    )
    return [sys.executable, *start, "--offline", "--state", str(home / "s.toml"), *args]


class Program(PtyScreen):
    """The full screen as a person has it before them."""

    def __init__(
        self,
        home: Path,
        *args: str,
        order: Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(command(home, *args, order=order), environment(home) | dict(env or {}))

    def __enter__(self) -> Self:
        return self

    @property
    def header(self) -> str:
        """The first line of the main screen, empty while another one is in front."""
        first = self.text.split("\n", 1)[0]
        return first if "oss-junbi  " in first else ""

    def promised(self) -> str | None:
        """The procedure that the picture shows together with the word that it is saved; None when it does not."""
        header = self.header
        if SAVED not in header:
            return None
        words = header.replace("oss-junbi", "").split()
        return SHOWN.get(words[0]) if words else None

    def main(self) -> None:
        """Wait for the main screen."""
        self.until(lambda: bool(self.header), "the main screen")

    def choose(self, number: int) -> None:
        """Pick the procedure `number` (from 0) in the form of the case, and come back."""
        self.send("c" + "h" * 20 + "lll" + DIGITS[number] + "\x1b")

    def choose_role(self, number: int) -> None:
        """Pick the role `number` (from 0), and come back."""
        self.send("c" + "h" * 20 + DIGITS[number] + "\x1b")


def _shown() -> tuple[tuple[str, ...], dict[str, str]]:
    question = load_guide("oss").questions[PROCEDURE]
    values = tuple(choice.value for choice in question.choices)
    return values, {choice.text.ja.split("（")[0].strip(): choice.value for choice in question.choices}


VALUES, SHOWN = _shown()
ROLES = tuple(choice.value for choice in load_guide("oss").questions[ROLE].choices)


def on_disk(path: Path, question: str = PROCEDURE) -> str | None:
    """What the file says is answered, read by the program's own loader; raises when it is not a whole session."""
    loaded = load.load(path, load_guide)
    if loaded is None:
        return None
    if loaded.notices:
        raise AssertionError(f"the file is not as we wrote it: {loaded.notices[0].en}")
    value = loaded.data.values().get(question)
    return None if value is None else str(value)


def plain(path: Path) -> dict[str, Any]:
    """The tables of a session file, read by nothing of ours."""
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def modes(folder: Path) -> list[str]:
    """What in a folder others can look into or that was left behind; empty when all is well."""
    wrong = []
    for name in sorted(folder.rglob("*")):
        mode = name.lstat().st_mode & 0o777
        if mode & 0o077:
            wrong.append(f"{name.name} {mode:o}")
        if name.name.endswith(".tmp"):
            wrong.append(f"{name.name} left behind")
    return wrong


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used; Linux."""
    if sys.platform == "win32":
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
