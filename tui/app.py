"""The full screen: one Textual application over one session."""

from __future__ import annotations

from pathlib import Path

from checks.model import Options
from checks.text import Lang
from tui.terminal.glyphs import SAFE, Glyphs


def start(
    path: Path,
    options: Options,
    *,
    lang: Lang = "ja",
    glyphs: Glyphs = SAFE,
    theme: str = "dark",
    color: bool = True,
    read_only: bool = False,
    sessions: Path | None = None,
    host: str = "",
    user: str = "",
    picture: object = None,
) -> int:
    """Show the session in the file `path` until the person quits; returns the exit code (0, 70 or 74).

    Opens the session itself, so it raises what `Session.open` raises, before the terminal is touched.
    `theme` is `dark`, `light` or `contrast`; `color` False means no colours at all (`--no-color`, NO_COLOR).
    `sessions` is the folder of saved sessions that the sessions screen lists; None leaves that screen empty.
    `picture` is what `skeleton.paint` returned, or None. The caller has made sure that both ends are a terminal.
    """
    raise NotImplementedError
