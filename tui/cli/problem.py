"""What a person can cause: one sentence that names it, and the exit code."""

from __future__ import annotations

from checks.text import Lang, Text

USAGE, UNREADABLE, BUG, CANNOT_WRITE = 2, 65, 70, 74
OPEN = 4


class Problem(Exception):
    """Ends a command with one sentence on standard error and `exit_code`."""

    def __init__(self, text: Text, exit_code: int = USAGE, /, **values: object) -> None:
        super().__init__(text.en)
        self.text = filled(text, **values)
        self.exit_code = exit_code


def filled(text: Text, /, **values: object) -> Text:
    """`text` with its placeholders filled, a `Text` by its language; outside values are made inert and short."""
    if not values:
        return text
    from checks.shown import show

    def safe(lang: Lang) -> dict[str, str]:
        return {
            key: show(value.to(lang) if isinstance(value, Text) else str(value), 80)
            for key, value in values.items()
        }

    return Text(text.fill(safe("ja"), "ja"), text.fill(safe("en"), "en"))


def nearest(word: str, known: object) -> str:
    """The known word that looks most like `word`, or an empty string."""
    from difflib import get_close_matches

    names = [str(name) for name in known] if hasattr(known, "__iter__") else []
    found = get_close_matches(word[:80], names, 1, 0.6)
    return found[0] if found else ""
