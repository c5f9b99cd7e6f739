"""The driver inside a real tmux: its picture is compared, and what it hands on to the clipboard."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

if shutil.which("tmux") is None:
    pytest.skip("tmux is not installed", allow_module_level=True)

from tests.support.terminal_lab import BOUND, ROOT


class Tmux:
    """A server of its own with one pane, in which `tests/support/terminal_app.py` runs."""

    def __init__(self, folder: Path, order: dict[str, Any]) -> None:
        self.socket, self.reports = folder / "tmux", folder / "reports"
        self.reports.touch()
        environ = {
            "ORDER": json.dumps(order),
            "REPORT": str(self.reports),
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
        }
        self.environ = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "TERM": "xterm-256color",
        }
        setting = [f"{name}={value}" for name, value in environ.items()]
        self.call(
            "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24",
            "env", *setting, sys.executable, str(ROOT / "tests" / "support" / "terminal_app.py"),
        )  # fmt: skip

    def call(self, *arguments: str) -> str:
        result = subprocess.run(
            ["tmux", "-u", "-S", str(self.socket), *arguments],
            env=self.environ, capture_output=True, encoding="utf-8", timeout=BOUND, check=False,
        )  # fmt: skip
        return result.stdout

    def reported(self, key: str) -> list[Any]:
        whole = self.reports.read_text().rpartition("\n")[0]  # the last line may still be on its way
        return [value[key] for value in map(json.loads, whole.splitlines()) if key in value]

    def picture(self) -> list[str]:
        rows = self.call("capture-pane", "-p").split("\n")[:24]
        return [row.rstrip() for row in [*rows, *[""] * (24 - len(rows))]]


def until(condition: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < end, what
        threading.Event().wait(0.02)


@pytest.fixture
def tmux(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tmux]:
    running = Tmux(tmp_path, request.param)
    yield running
    running.call("kill-server")


ORDER = {
    "kinds": ["plain", "kanji", "kana"],
    "controls": ["\x1b]52;c;eA==\x07"],
    "skeleton": True,
    "probe": True,
}


@pytest.mark.parametrize("tmux", [ORDER], indirect=True)
def test_the_picture_in_tmux_is_what_textual_drew(tmux: Tmux) -> None:
    until(lambda: tmux.reported("ready"), "start")
    assert tmux.reported("glyphs") == ["safe"]  # tmux answers for itself, not for the terminal outside
    for step in range(1, 5):
        tmux.call("send-keys", "Space", "Space", "d")
        until(lambda step=step: len(tmux.reported("rows")) == step, "dump")  # type: ignore[misc]
        wanted = [row.replace("\u3000", "  ").rstrip() for row in tmux.reported("rows")[-1]]
        until(lambda wanted=wanted: tmux.picture() == wanted, "picture")  # type: ignore[misc]


@pytest.mark.parametrize("tmux", [ORDER], indirect=True)
def test_the_clipboard_reaches_tmux(tmux: Tmux) -> None:
    until(lambda: tmux.reported("ready"), "start")
    tmux.call("set-option", "-s", "set-clipboard", "on")
    tmux.call("send-keys", "w")
    until(lambda: tmux.call("show-buffer") == "x", "buffer")


@pytest.mark.parametrize("tmux", [ORDER], indirect=True)
def test_a_new_size_in_tmux(tmux: Tmux) -> None:
    until(lambda: tmux.reported("ready"), "start")
    for columns in (60, 30, 80):
        tmux.call("resize-window", "-x", str(columns), "-y", "24")
        tmux.call("send-keys", "Space")

        def right(columns: int = columns) -> bool:
            tmux.call("send-keys", "d")
            rows = tmux.reported("rows")
            shown = [row.replace("\u3000", "  ").rstrip() for row in rows[-1]] if rows else []
            return bool(rows) and len(rows[-1][0]) <= columns and tmux.picture() == shown

        until(right, f"picture at {columns} columns")
