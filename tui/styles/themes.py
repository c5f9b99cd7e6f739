"""The themes: which of the terminal's 16 colours a role has.

Roles are words and marks as well, so a colour never says anything alone. Contrast is measured in the tests
with the palettes of common terminals: at least 4.5 to 1 for every role of every theme. All paint the background: Tera
Term begins on cream, and bright colours on a background that nobody measured cannot be read. Bold never stands on a
dark colour that most terminals would draw bright, or lighter, for being bold.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.style import Style

THEMES = ("dark", "light", "contrast")

_DARK: Mapping[str, str] = {
    "text": "white on black",
    "title": "bold bright_white on black",
    "heading": "bold bright_cyan on black",
    "muted": "white on black",
    "rule": "white on black",
    "done": "bright_green on black",
    "attention": "bold bright_red on black",
    "warn": "bright_yellow on black",
    "todo": "bright_yellow on black",
    "running": "bright_cyan on black",
    "stale": "bright_cyan on black",
    "unknown": "bright_cyan on black",
    "key": "bright_cyan on black",
    "link": "underline bright_cyan on black",
    "error": "bold bright_red on black",
    "notice": "bright_yellow on black",
    "input": "underline white on black",
    "cursor": "black on white",
    "cursor-off": "bold underline bright_white on black",
    "qr": "black on bright_white",
    "qr-dark": "bright_white on black",
}

_LIGHT: Mapping[str, str] = {
    "text": "black on bright_white",
    "title": "black on bright_white",
    "heading": "blue on bright_white",
    "muted": "black on bright_white",
    "rule": "black on bright_white",
    "done": "black on bright_green",
    "attention": "bold bright_white on red",
    "warn": "black on bright_yellow",
    "todo": "black on bright_yellow",
    "running": "black on bright_cyan",
    "stale": "bright_white on magenta",
    "unknown": "bright_white on magenta",
    "key": "blue on bright_white",
    "link": "underline blue on bright_white",
    "error": "bold bright_white on red",
    "notice": "black on bright_yellow",
    "input": "underline black on bright_white",
    "cursor": "bright_white on black",
    "cursor-off": "underline black on bright_white",
    "qr": "black on bright_white",
    "qr-dark": "bright_white on black",
}

_CONTRAST: Mapping[str, str] = {
    "text": "bright_white on black",
    "title": "bold bright_white on black",
    "heading": "bold bright_yellow on black",
    "muted": "bright_white on black",
    "rule": "bright_white on black",
    "done": "bold bright_green on black",
    "attention": "black on bright_yellow",
    "warn": "bold bright_yellow on black",
    "todo": "bold bright_yellow on black",
    "running": "bold bright_cyan on black",
    "stale": "bold bright_cyan on black",
    "unknown": "bold bright_cyan on black",
    "key": "bold bright_yellow on black",
    "link": "bold underline bright_cyan on black",
    "error": "black on bright_yellow",
    "notice": "bold bright_yellow on black",
    "input": "bold underline bright_white on black",
    "cursor": "black on bright_white",
    "cursor-off": "bold underline bright_white on black",
    "qr": "black on bright_white",
    "qr-dark": "bright_white on black",
}

_PLAIN: Mapping[str, str] = {
    "title": "bold",
    "heading": "bold",
    "attention": "bold",
    "error": "bold",
    "link": "underline",
    "input": "underline",
    "cursor": "reverse",
    "cursor-off": "bold underline",
    "qr": "reverse",
    "qr-dark": "",
}

_ALL: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"dark": _DARK, "light": _LIGHT, "contrast": _CONTRAST, "plain": _PLAIN}
)


def look(theme: str) -> Mapping[str, str]:
    """How each role looks in a theme; `plain` has no colours."""
    return _ALL[theme]


@cache
def style(theme: str, role: str) -> Style:
    """The role's style in a theme, for Textual."""
    from rich.style import Style

    table = _ALL[theme]
    return Style.parse(table.get(role) or table.get("text") or "none")
