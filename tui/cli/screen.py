"""The way into the full screen."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tui.cli import words
from tui.cli.console import is_terminal, tell
from tui.cli.problem import Problem

if TYPE_CHECKING:
    from tui.cli.setup import Setup
    from tui.terminal.glyphs import Glyphs
    from tui.terminal.skeleton import Picture


def needs_terminal() -> None:
    """Raise `Problem` unless both ends are a terminal that can place text."""
    if not is_terminal(sys.stdin) or not is_terminal(sys.stdout) or os.environ.get("TERM") == "dumb":
        raise Problem(words.NO_TERMINAL)


def main(setup: Setup) -> int:
    """Show the session until the person leaves; the first picture stands before anything slow is imported."""
    # Textual reads these: they import any module, write files, press keys; a browser could be any program.
    for name in [name for name in os.environ if name.startswith("TEXTUAL") or name == "BROWSER"]:
        del os.environ[name]
    from tui.terminal import locale, probe, skeleton
    from tui.terminal.modes import restore_terminal

    problem = locale.problem(setup.lang)
    titles = [f"{number} {title.to(setup.lang)}" for number, title in enumerate(words.STEP_TITLES, 1)]
    picture = skeleton.paint("oss-junbi", titles, words.LOADING.to(setup.lang))
    try:
        return _show(setup, probe.choose_glyphs(setup.glyphs), picture)
    finally:
        restore_terminal()
        if problem is not None:
            tell(problem, setup.lang)


def _show(setup: Setup, glyphs: Glyphs, picture: Picture | None) -> int:
    from state import folder as places
    from tui.cli.opened import path_of, who

    folder = places.locate()
    path = path_of(setup, folder)
    if not setup.read_only:
        places.prepare(folder.sessions)
        if path.parent == folder.sessions:
            places.note_last(folder, path.name.removesuffix(".toml"))
    from tui.app import start

    host, user = who()
    return start(
        path, setup.options, lang=setup.lang, glyphs=glyphs, theme=setup.theme, color=setup.color,
        read_only=setup.read_only, sessions=folder.sessions, host=host, user=user, picture=picture,
    )  # fmt: skip
