"""A damaged session in a real terminal: the program that ends says why, and how to go on all the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from checks.guide import load_guide
from state.live.open_session import open_session

if sys.platform == "win32":
    pytest.skip("a POSIX terminal", allow_module_level=True)

from tests.support.pty_screen import PtyScreen

HOW = "oss-junbi --session 名前"


def program(home: Path) -> PtyScreen:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "OSS_JUNBI_HOME": str(home), "TERM": "xterm-256color", "PYTHONUTF8": "1",
           "LANG": "ja_JP.UTF-8"}  # fmt: skip
    return PtyScreen([sys.executable, "-m", "tui", "--offline"], env)


def damaged(home: Path, *, copied: bool) -> None:
    """The last session is damaged; only one that was saved twice has a copy beside it."""
    file = home / "sessions" / "default.toml"
    home.mkdir(mode=0o700)
    file.parent.mkdir(mode=0o700)
    if copied:
        made = open_session(file, load_guide, host="PC-01", user="taro")
        made.answer("case.role", "self")
        assert made.close(5.0)
    file.write_text("schema = 1\n[session\n", "utf-8")


def test_one_of_which_nothing_can_be_read(tmp_path: Path) -> None:
    damaged(tmp_path / "home", copied=False)
    with program(tmp_path / "home") as terminal:
        assert terminal.wait() == 65
        terminal.see(HOW)
        assert "セッションを開けません" in terminal.text.replace("\n", "")


def test_one_that_the_person_does_not_want_back(tmp_path: Path) -> None:
    damaged(tmp_path / "home", copied=True)
    with program(tmp_path / "home") as terminal:
        terminal.see("壊れて")
        terminal.send("\x1b")
        assert terminal.wait() == 65
        terminal.see(HOW)
