"""A terminal that is looked at cell by cell: a foreign emulator that tears nothing, and what the program means to show."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import pyte

from checks.wrap import graphemes, is_ambiguous
from tests.support.pty_screen import PtyScreen
from tests.support.terminal_lab import Emulator

PATIENCE = 10.0
"""Seconds until a picture that does not come right is a broken one."""


class Strict(Emulator):
    """An emulator that tears nothing: whoever writes over half of a wide character blanks the other half, as xterm does."""

    def draw(self, data: str) -> None:
        for char in data:
            width = pyte.screens.wcwidth(char)
            if width == 0 and not unicodedata.combining(char):
                continue  # variation selectors and joiners; the emulator would drop all that follows
            if width > 0:
                x = min(self.cursor.x, self.columns - width)
                self._tear(x, x + width)
            super().draw(char)

    def erase_characters(self, count: int | None = None) -> None:
        self._tear(self.cursor.x, self.cursor.x + (count or 1))
        super().erase_characters(count)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        if how == 0:
            self._tear(self.cursor.x, self.columns)
        super().erase_in_line(how, private)

    def _tear(self, begin: int, end: int) -> None:
        row = self.buffer[self.cursor.y]
        for left, right in ((begin - 1, begin), (end - 1, end)):
            if left >= 0 and right < self.columns and row[right].data == "":
                row[left] = row[left]._replace(data=" ")
                row[right] = row[right]._replace(data=" ")


class Seen(PtyScreen):
    """A program somewhere behind a pseudo-terminal whose emulator answers questions, and the frame it means to show."""

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], picture: Path, *, columns: int, lines: int
    ) -> None:
        super().__init__(argv, env, columns=columns, lines=lines)
        emulator = Strict(columns, lines)
        emulator.answer = lambda data: self.send(data)
        self.screen, self._stream = emulator, pyte.ByteStream(emulator)
        self._picture = picture
        self.keys = 0
        self.views: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def resize(self, columns: int, lines: int) -> None:
        """As in `PtyScreen`, the emulator first: what comes for the new size must find it."""
        self.screen.resize(lines, columns)
        super().resize(columns, lines)

    def meant(self) -> dict[str, Any]:
        """What the program last meant to show."""
        try:
            known: dict[str, Any] = json.loads(self._picture.read_text("utf-8"))
        except FileNotFoundError:
            return {"rows": [], "keys": -1, "cursor": [0, 0], "glyphs": "", "view": ""}
        return known

    def wrong(self) -> str:
        """How the picture differs from what is meant; empty when it does not."""
        known = self.meant()
        self.views.add(known["view"])
        rows = known["rows"]
        if known["keys"] != self.keys or len(rows) != self.screen.lines:
            return f"{known['keys']} keys of {self.keys}, {len(rows)} rows of {self.screen.lines}"
        for y, row in enumerate(rows):
            shown = [self.screen.buffer[y][x].data for x in range(self.screen.columns)]
            x = differs(row, shown)
            if x is not None:
                return f"row {y} from column {x}: meant {row!r}, shown {''.join(shown)!r}"
        x, y = known["cursor"]
        cursor = self.screen.cursor
        if (min(cursor.x, self.screen.columns - 1), cursor.y) != (min(x, self.screen.columns - 1), y):
            return f"the cursor is at {cursor.x},{cursor.y}, meant {x},{y}"
        if known["glyphs"] == "safe":
            buffer = self.screen.buffer
            drawn = {
                char for y in range(self.screen.lines) for cell in buffer[y].values() for char in cell.data
            }
            if any(map(is_ambiguous, drawn)):
                return f"ambiguous in safe: {sorted(filter(is_ambiguous, drawn))}"
        return ""

    def right(self) -> str:
        """Wait until the picture is what is meant; says what is wrong when it never is."""
        limit = time.monotonic() + PATIENCE
        while True:
            wrong = self.wrong()
            if not wrong:
                return ""
            if time.monotonic() > limit:
                return wrong
            if not self.pump(0.02):
                return f"the terminal closed; {wrong}\n{self.text.strip()}"

    def press(self, key: str) -> str:
        """Press one key and wait for the picture."""
        self.keys += 1
        self.send(key)
        return self.right()

    def leave(self) -> list[str]:
        """Quit; says so when the program stays."""
        self.send("q")
        limit = time.monotonic() + PATIENCE
        while self.pump(0.05):
            if time.monotonic() > limit:
                return [f"did not quit:\n{self.text}"]
        return []

    def walk(self, keys: Sequence[str]) -> tuple[int, list[str]]:
        """Press keys, compare after each; how many pictures came right, and what did not."""
        count = 0
        for key in keys:
            wrong = self.press(key)
            if not wrong:
                count += 1
                continue
            view, self.keys = self.meant()["view"], self.meant()["keys"]
            return count, [f"after {key!r} in {view}: {wrong}"]
        return count, []


def differs(row: str, shown: Sequence[str]) -> int | None:
    """The first column in which a row that was meant is not what is shown; `None` when all is there."""
    x = 0
    for chars, width in graphemes(row):
        base = unicodedata.normalize("NFC", chars)[:1]
        cell = unicodedata.normalize("NFC", shown[x])[:1] if x < len(shown) else None
        if base == "\u3000":
            if list(shown[x : x + 2]) not in ([" ", " "], ["\u3000", ""]):
                return x
        elif cell != base:
            return x
        elif width == 2 and (x + 1 >= len(shown) or (len(chars) == 1 and shown[x + 1] != "")):
            return x  # half of a wide character
        x += width
    return None if x == len(shown) else x
