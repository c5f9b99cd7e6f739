"""The way into the full screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

import checks
from checks.text import Lang
from tui.cli import sentences
from tui.cli.console import is_terminal
from tui.cli.language import language_at_a_glance
from tui.cli.problem import Problem

if TYPE_CHECKING:
    from tui.cli.setup import Setup
    from tui.terminal.skeleton import FirstPicture


FRAMED = 18
"""Lines from which the panes have a frame, which moves the tree."""


def needs_terminal() -> None:
    """Raise `Problem` unless both ends are a terminal that can place text."""
    if not is_terminal(sys.stdin) or not is_terminal(sys.stdout) or os.environ.get("TERM") == "dumb":
        raise Problem(sentences.NO_TERMINAL)


def straight(lang: Lang) -> int:
    """`oss-junbi` without arguments: the first picture stands before anything slow is imported."""
    needs_terminal()
    return _show(lang, None)


def main(setup: Setup) -> int:
    return _show(setup.lang, setup)


def _show(lang: Lang, setup: Setup | None) -> int:
    picture = _first_picture(lang if setup is not None else language_at_a_glance(lang), setup)
    from tui.terminal.modes import restore_terminal

    try:
        if setup is None:
            from tui.cli.arguments import Arguments
            from tui.cli.setup import set_up
            from tui.cli.spec import SCREEN

            setup = set_up(Arguments(SCREEN), lang)
        from tui.app import start  # while the terminal's answer about its widths is on its way

        return start(setup, picture)
    finally:
        restore_terminal()


def _guide_at_a_glance(setup: Setup | None) -> str:
    """The guide of the session that will be shown, by the first lines of its file; empty where that cannot be told.

    For the first picture only: it looks where `places.locate` does, without the time that this takes to import.
    """
    state, name = (setup.args.one("--state"), setup.session) if setup else (None, None)
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser(
        "~/Library/Application Support" if sys.platform == "darwin" else "~/.local/share"
    )
    folder = os.path.expanduser(os.environ.get("OSS_JUNBI_HOME") or os.path.join(data, "oss-junbi"))
    try:
        if not state and not name:
            if not os.path.exists(os.path.join(folder, "sessions")):
                return checks.FIRST_GUIDE
            with open(os.path.join(folder, "last-session"), encoding="utf-8") as file:
                name = file.read(1024).strip()
        path = state or os.path.join(folder, "sessions", f"{name}.toml")
        if not os.path.lexists(path):
            return checks.FIRST_GUIDE
        with open(path, encoding="utf-8") as file:
            head = file.read(4096)
    except (OSError, ValueError):
        return ""
    for line in head.splitlines():
        key, _, value = line.partition("=")
        if key.strip() == "guide":
            found = value.strip().strip("\"'")
            return found if found.replace("-", "").isalnum() else ""
    return checks.FIRST_GUIDE


def _step_titles(lang: Lang, guide: str) -> Iterator[str]:
    """The short titles of a guide's steps, looked for in its files: the guide itself takes longer to load."""
    folder = os.path.join(os.path.dirname(checks.__file__), "guides", guide)
    for number in count(1) if guide else ():
        try:
            with open(os.path.join(folder, f"step{number}.toml"), encoding="utf-8") as file:
                head = file.read(2000)
        except OSError:
            return
        for line in head.splitlines():
            if line.startswith(f"short.{lang} = "):
                yield line.partition(" = ")[2].strip('"')
                break


def _first_picture(lang: Lang, setup: Setup | None) -> FirstPicture | None:
    # Textual reads these: they import any module, write files, press keys; a browser could be any program.
    for name in [name for name in os.environ if name.startswith("TEXTUAL") or name == "BROWSER"]:
        del os.environ[name]
    from tui.terminal import skeleton

    titles = [
        f"{number} {title}" for number, title in enumerate(_step_titles(lang, _guide_at_a_glance(setup)), 1)
    ]
    framed = os.get_terminal_size(sys.stdout.fileno()).lines >= FRAMED
    return skeleton.paint(
        "oss-junbi", titles, sentences.LOADING.to(lang), steps_at=(3, 4) if framed else (2, 3)
    )
