"""What does not vary with the machine: bytes, modules, system calls, widgets. Times are compared elsewhere, never asserted."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal is needed", allow_module_level=True)

from checks.guide import load_guide
from state.fleet.pc_block import pack
from state.live.open_session import open_session
from tests.benchmarks import terminal
from tests.support.helpers_tui import drive, make_app
from tests.support.pc_runs import GUIDE, full_run

HEAVY = {
    "cryptography",
    "psutil",
    "certifi",
    "markdown_it",
    "pygments",
    "httpx",
    "ssl",
    "segno",
    "truststore",
}
SLOW_FOR_COMMANDS = HEAVY | {
    "textual",
    "rich",
    "asyncio",
    "inspect",
    "dataclasses",
    "hashlib",
    "platformdirs",
    "logging",
}
QUIET = 0.8


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "TERM": "xterm-256color", "OSS_JUNBI_HOME": str(tmp_path), "LANG": "C.UTF-8"}


@pytest.fixture
def state(tmp_path: Path, env: dict[str, str]) -> Path:
    """A session as at a second start: answered, and its local checks done."""
    path = tmp_path / "guard.toml"
    for words in (
        ["answer", "case.procedure=transfer", "case.role=dealer"],
        ["check", "--offline", "--save"],
    ):
        argv = [sys.executable, "-m", "tui", *words, "--state", str(path)]
        done = subprocess.run(argv, env=env, capture_output=True, check=False)
        assert done.returncode in (0, 1, 3), done.stderr
    return path


@pytest.fixture
def screen(state: Path, env: dict[str, str]) -> Iterator[terminal.Raw]:
    """The program in a pseudo-terminal of 80x24, settled."""
    raw = terminal.Raw([sys.executable, "-m", "tui", "--offline", "--state", str(state)], env, (80, 24))
    try:
        while len(raw.data) < 1_500 and raw.read(10.0):  # the first picture alone has some 230
            pass
        raw.until_quiet(QUIET)
        yield raw
    finally:
        raw.close()


def test_bytes_of_a_start(screen: terminal.Raw) -> None:
    assert 1_500 < len(screen.data) <= 3_600


def test_bytes_of_keys(screen: terminal.Raw) -> None:
    pressed = [screen.press("Down", QUIET)[2] for _ in range(4)]
    assert 0 < max(pressed) <= 1_100
    assert 0 < sum(pressed) <= 3_400


@pytest.mark.parametrize("key", ["?", "Ctrl+P"])
def test_bytes_of_help_and_palette(screen: terminal.Raw, key: str) -> None:
    assert 500 < screen.press(key, QUIET)[2] <= 2_600


def test_nothing_is_sent_while_nothing_happens(screen: terminal.Raw) -> None:
    before = len(screen.data)
    screen.until_quiet(1.5, limit=1.5)
    assert len(screen.data) == before


AT_FIRST_PICTURE = """
import sys
from tui import application
from tui.__main__ import main
def settled(app):
    open(sys.argv.pop(), "w").write("\\n".join(sys.modules))
    app.leave(0)
application.JunbiApp._settled = settled
main(sys.argv[1:-1])
"""


def test_modules_at_the_first_live_picture(state: Path, env: dict[str, str], tmp_path: Path) -> None:
    told = tmp_path / "modules"
    argv = [sys.executable, "-c", AT_FIRST_PICTURE, "--offline", "--state", str(state), str(told)]
    raw = terminal.Raw(argv, env, (80, 24))
    try:
        while raw.read(10.0):
            pass
    finally:
        raw.close()
    modules = told.read_text().split("\n")
    assert not HEAVY & {name.partition(".")[0] for name in modules}
    ours = [name for name in modules if name.partition(".")[0] in ("tui", "state", "checks")]
    # From the sources the guide is made of all probes, which an installed package imports only to run them, with their facts.
    late = ("checks.probes.", "checks.system.", "checks.image_files")
    assert len([name for name in ours if not name.startswith(late)]) <= 123
    assert len(modules) - len(ours) <= 420


@pytest.mark.parametrize(
    "words",
    [["--version"], ["list"], ["status"], ["answer", "case.procedure=transfer"], ["pc", "add", "block"]],
)
def test_commands_load_nothing_slow(words: list[str], env: dict[str, str], tmp_path: Path) -> None:
    code = (
        "import sys; from tui.__main__ import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    )
    block = tmp_path / "block.txt"
    block.write_text(pack(full_run(), GUIDE).text, "ascii")
    argv = [sys.executable, "-c", code, *(str(block) if word == "block" else word for word in words)]
    told = subprocess.run(argv, env=env, capture_output=True, text=True, check=True).stderr.splitlines()[-1]
    assert not SLOW_FOR_COMMANDS & set(told.split())


def test_system_calls_of_a_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()
    lock = threading.Lock()

    def counting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **given: Any) -> Any:
            with lock:
                calls[name] += 1
            return real(*args, **given)

        return call

    session = open_session(tmp_path / "saved.toml", load_guide)
    try:
        session.answer("case.procedure", "transfer")
        assert session.flush(20)
        for name in (
            "open",
            "write",
            "fsync",
            "replace",
            "rename",
            "link",
            "unlink",
            "stat",
            "lstat",
            "fstat",
            "scandir",
        ):
            monkeypatch.setattr(os, name, counting(name, getattr(os, name)))
        session.answer("case.vehicle", "registered")
        assert session.flush(20)
        monkeypatch.undo()
    finally:
        session.close()
    assert calls["fsync"] == 2 or sys.platform != "linux"  # the file and its folder: fewer is not safe
    assert calls["replace"] + calls["rename"] == 1
    assert calls["open"] <= 5
    assert calls["write"] <= 3
    assert sum(calls.values()) <= 20


def test_widgets_on_the_screen(tmp_path: Path) -> None:
    app = make_app(tmp_path / "a.toml")

    async def count(pilot: Any) -> None:
        assert len(list(app.screen.walk_children())) == 1

    drive(app, count)
