"""Long texts that came in one read: keys typed ahead, or a paste that nothing marks as one. No Textual here."""

from __future__ import annotations

from collections.abc import Iterator

from tui.commands import EVERY_KEY, Key, command_for
from tui.desk import Desk
from tui.screens.dispatch import paste
from tui.screens.view import View
from tui.terminal.input import BURST

_NAMES = {"\r": "enter", "\n": "ctrl+j", "\t": "tab"}


class Bursts:
    """Judges one read after the other."""

    def __init__(self) -> None:
        self._keys = True
        """The last one was keys."""

    def take(self, desk: Desk, text: str, *, more: bool, alone: bool) -> Iterator[Key]:
        """The keys in it, to be pressed one after the other; what is none is put where text is typed.

        `more`: it goes on with the one before. `alone`: the read held nothing else; where it did, keys of the screens that
        the rest leads to may be among them.
        """
        view = desk.view
        if view.typing:
            self._keys = False
            line = text.rstrip("\r\n")
            paste(desk, line)
            if len(line) < len(text) and "\r" not in line and "\n" not in line:
                yield Key("enter", "\r")  # a line, as a scanner sends one, and not a page
            return
        if not more or (self._keys and len(text) >= BURST):
            known = [view.knows(char) or (not alone and char in EVERY_KEY) for char in text if char >= " "]
            self._keys = all(known) or _is_search(view, text)
        if not self._keys:
            paste(desk, text)
            return
        for char in text:
            yield Key(_NAMES.get(char, char), char)


def _is_search(view: View, text: str) -> bool:
    """Whether it is a filter typed ahead, key, words and Enter: a search changes nothing."""
    command = command_for(Key(text[0], text[0]))
    return command is not None and command.id == "filter" and view.knows(text[0]) and "\r" not in text[:-1]
