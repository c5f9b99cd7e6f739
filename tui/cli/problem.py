"""What a person can cause: one sentence that names it, and the exit code."""

from __future__ import annotations

from collections.abc import Iterable

from checks.text import Lang, Text

USAGE, OPEN, UNREADABLE, BUG, CANNOT_WRITE = 2, 4, 65, 70, 74

_DID_YOU_MEAN = Text("{near} のことですか。", "Did you mean {near}?")
_NO_ITEM = Text("「{name}」という項目はありません。", "There is no item '{name}'.")
_ITEMS = Text("oss-junbi list で一覧を表示します。", "'oss-junbi list' shows them all.")


class Problem(Exception):
    """Ends a command with one sentence on standard error and `exit_code`."""

    def __init__(self, text: Text, exit_code: int = USAGE, /, **values: object) -> None:
        super().__init__(text.en)
        self.text = filled(text, **values)
        self.exit_code = exit_code


def filled(text: Text, /, **values: object) -> Text:
    """`text` with its placeholders filled; values from outside are made inert and short."""
    if not values:
        return text
    from checks.shown import show

    def part(lang: Lang) -> str:
        said = {key: value.to(lang) if isinstance(value, Text) else value for key, value in values.items()}
        return text.fill({key: show(str(value), 80) for key, value in said.items()}, lang)

    return Text(part("ja"), part("en"))


def joined(first: Text, second: Text) -> Text:
    return Text(first.ja + second.ja, f"{first.en} {second.en}")


def unknown(text: Text, name: str, known: Iterable[object], lists: Text) -> Problem:
    """The refusal of a `{name}` that is not among `known`: names the nearest one, else says what `lists` them."""
    from difflib import get_close_matches

    near = get_close_matches(name[:80], map(str, known), 1, 0.6)
    return Problem(joined(filled(text, name=name), filled(_DID_YOU_MEAN, near=near[0]) if near else lists))


def unknown_item(id: str, known: Iterable[object]) -> Problem:  # noqa: A002 - the word the contract uses
    """The refusal of an id that the guide does not have."""
    return unknown(_NO_ITEM, id, known, _ITEMS)
