"""Which character came together with Esc, from Textual's name of the key."""

from __future__ import annotations

import unicodedata
from functools import cache

_NAMES = {
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
    "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip


def after_escape(name: str) -> str | None:
    """The character that came together with Esc, from Textual's name for it with Alt.

    Empty for a key that types none (Enter, Tab): it was meant for what Esc has left. `None` for keys without Alt.
    """
    if not name.startswith("alt+"):
        return None
    key = name.removeprefix("alt+").removeprefix("shift+")
    if len(key) == 1:
        return key
    try:
        character = _ascii_names().get(key) or unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        return ""
    return character if character.isprintable() else ""


@cache
def _ascii_names() -> dict[str, str]:
    """The ASCII character of each of Textual's names for one."""
    names = {unicodedata.name(chr(code)).lower(): chr(code) for code in range(0x20, 0x7F)}
    keys = {name.replace("-", "_").replace(" ", "_"): character for name, character in names.items()}
    return {_NAMES.get(name, name): character for name, character in keys.items()}
