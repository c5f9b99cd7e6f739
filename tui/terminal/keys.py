"""Full-width twins: a key typed with the input method left on does what its half-width key does.

The converter of a Japanese input method turns `q` into `ｑ`, `?` into `？`, `/` into `・`, and vowels into kana
at once; none of these may leave a person stranded. In a text input they stay what they are.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.events import Event

_BY_KANA = {
    "\u3000": " ", "・": "/", "、": ",", "。": ".", "「": "[", "」": "]", "ー": "-", "〜": "~", "￥": "\\", "’": "'",
    "”": '"', "‘": "`", "−": "-", "あ": "a", "い": "i", "う": "u", "え": "e", "お": "o", "ん": "n",
    "･": "/", "､": ",", "｡": ".", "｢": "[", "｣": "]", "ｰ": "-",
}  # fmt: skip
_NAMES = {
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
    "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip


@cache
def halfwidth_character(character: str) -> str | None:
    """The ASCII character typed by the same key with the input method off; `None` if there is no such."""
    if len(character) != 1:
        return None
    if "！" <= character <= "～":
        return chr(ord(character) - 0xFEE0)
    return _BY_KANA.get(character)


def halfwidth_key(character: str | None) -> str | None:
    """Textual's name for the half-width twin of a key (`q`, `question_mark`, `space`); `None` for others."""
    half = halfwidth_character(character) if character else None
    return None if half is None else key_name(half)


@cache
def key_name(character: str) -> str:
    """Textual's name for the key of an ASCII character."""
    if character.isalnum():
        return character
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    return _NAMES.get(name, name)


def after_escape(name: str) -> str | None:
    """The character that came together with Esc, from Textual's name for it with Alt.

    Empty for a key that types none (Enter, Tab): it was meant for what Esc has left. `None` for keys without Alt.
    """
    if not name.startswith("alt+"):
        return None
    key = name.removeprefix("alt+").removeprefix("shift+")
    return key if len(key) == 1 else _characters().get(key) or _named(key)


@cache
def _characters() -> dict[str, str]:
    return {key_name(chr(code)): chr(code) for code in range(0x20, 0x7F)}


def _named(key: str) -> str:
    try:
        character = unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        return ""
    return character if character.isprintable() else ""


class HalfwidthKeys:
    """For the App, before `App` in its bases: `class OurApp(HalfwidthKeys, App[None])`.

    Full-width keys arrive as their twins unless what has the focus takes text (`Input`, `TextArea`, or any
    widget with `TAKES_TEXT = True`).
    """

    async def on_event(self, event: Event) -> None:
        """Hand the event on, in place of a full-width key its half-width twin."""
        from textual.events import Key

        if (
            isinstance(event, Key)
            and not event.is_forwarded
            and not takes_text(getattr(self, "focused", None))
        ):
            half = halfwidth_character(event.character or "")
            if half is not None:
                event = Key(key_name(half), half)
        await super().on_event(event)  # type: ignore[misc]


def takes_text(widget: object) -> bool:
    """Whether keys are text for this widget."""
    if widget is None:
        return False
    taking = getattr(widget, "TAKES_TEXT", None)
    if taking is not None:
        return bool(taking)
    return any(kind.__name__ in ("Input", "TextArea", "MaskedInput") for kind in type(widget).__mro__)
