"""The way of a picture past Textual's compositor, and of a key past its widgets: the same picture, none forgotten."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual import events

from tests.support.helpers_tui import drive, make_app, until
from tui.styles.themes import THEMES
from tui.terminal.cells import Screen

SIZE = (80, 24)


def grid(lines: Sequence[str]) -> list[list[Any]]:
    screen = Screen(*SIZE)
    for y, line in enumerate(lines):
        screen.feed(f"\x1b[0m\x1b[{y + 1};1H\x1b[K{line}")
    return screen.grid


@pytest.mark.parametrize("theme", [*THEMES, "plain"])
def test_the_direct_picture_is_what_textual_would_draw(tmp_path: Path, theme: str) -> None:
    app = make_app(tmp_path / "a.toml", theme=theme)

    async def script(pilot: Any) -> None:
        shown: list[list[str]] = []
        for key in ("down", "enter", "right", "question_mark", "escape", "ctrl+p", "j", "escape"):
            await pilot.press(key)
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            wanted = grid([strip.render(app.console) for strip in strips])
            app._driver.show = shown.append  # type: ignore[union-attr]
            try:
                app.canvas.present(app.canvas.picture, app.desk.theme)
            finally:
                del app._driver.show  # type: ignore[union-attr]
            assert grid(shown[-1]) == wanted, key
        assert len({"".join(lines) for lines in shown}) > 4

    drive(app, script, SIZE)


def test_many_keys_at_once_are_one_picture_and_none_is_lost(tmp_path: Path) -> None:
    app = make_app(tmp_path / "a.toml")
    drawn: list[float] = []
    taken: list[str] = []

    async def script(pilot: Any) -> None:
        present, take = app._present, app._take
        app._present = lambda size: (drawn.append(time.monotonic()), present(size))[1]  # type: ignore[method-assign,func-returns-value]
        app._take = lambda key: (taken.append(key.name), take(key))[1]  # type: ignore[method-assign,func-returns-value]
        for number in range(40):
            app.post_message(events.Key("up" if number % 2 else "down", None))
        await until(pilot, lambda: len(taken) == 40 and not app._due, "all keys")
        assert taken == ["down", "up"] * 20
        assert len(drawn) < 20
        before = len(drawn)
        app.post_message(events.Key("down", None))
        await until(pilot, lambda: len(drawn) > before, "the picture of a single key")

    drive(app, script, SIZE)


def test_a_key_that_comes_before_the_first_picture_acts_in_it(tmp_path: Path) -> None:
    app = make_app(tmp_path / "a.toml")
    app._typed_ahead.append(events.Key("question_mark", "?"))

    async def script(pilot: Any) -> None:
        assert len(app.desk.views) == 2
        await pilot.press("escape")
        assert len(app.desk.views) == 1

    drive(app, script, SIZE)


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
def test_another_size_and_a_repaint_are_whole_pictures(tmp_path: Path) -> None:
    if sys.platform == "win32":
        return
    import fcntl
    import struct
    import termios

    import pyte

    from tests.benchmarks.terminal import Raw

    env = {**os.environ, "TERM": "xterm-256color", "OSS_JUNBI_HOME": str(tmp_path), "LANG": "C.UTF-8"}
    argv = [sys.executable, "-m", "tui", "--offline", "--lang", "en", "--state", str(tmp_path / "a.toml")]
    # With its local checks done the picture stays as it is, however slow the machine.
    subprocess.run([*argv, "check", "--save"], env=env, capture_output=True, check=False)
    raw = Raw(argv, env, SIZE)
    screen = pyte.Screen(*SIZE)
    stream = pyte.ByteStream(screen)
    fed = 0

    def shows(condition: Callable[[list[str]], bool]) -> None:
        nonlocal fed
        limit = time.monotonic() + 20
        while not condition(screen.display):
            assert time.monotonic() < limit, screen.display
            raw.read(1.0)
            stream.feed(bytes(raw.data[fed:]))
            fed = len(raw.data)

    try:
        shows(lambda lines: "Quit" in lines[23] or "quit" in lines[23])
        for columns, rows in ((100, 30), (60, 20), (80, 24)):
            screen.resize(rows, columns)
            screen.reset()
            fcntl.ioctl(raw.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            last = rows - 1
            shows(lambda lines: "?" in lines[last] and bool(lines[0].strip()))  # noqa: B023 - called at once
        raw.until_quiet(0.5)
        stream.feed(bytes(raw.data[fed:]))
        fed = len(raw.data)
        before = screen.display[2:20]  # the lines that say how it stands may change
        screen.reset()
        os.write(raw.fd, b"\x0c")
        shows(lambda lines: lines[2:20] == before)
        raw.until_quiet(0.5)
        stream.feed(bytes(raw.data[fed:]))
        fed = len(raw.data)
        screen.reset()
        os.kill(
            raw.pid, signal.SIGWINCH
        )  # narrower and as wide as before, in one: the terminal has cut the lines
        shows(lambda lines: lines[2:20] == before)
    finally:
        raw.close()
