"""A field for typed text: characters, marks and wide characters stay whole; pasting and input methods work."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from checks.record import dataclass, field
from checks.wrap import cell_width, graphemes
from tui.commands import Key

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no text holds: control characters (ECMA-48), and the halves of characters that UTF-8 cannot write."""
Look: TypeAlias = Callable[[str], str]


@dataclass(slots=True)
class Editor:
    """Text and where the cursor stands in it; `lines` allows line breaks."""

    text: str = ""
    cursor: int = -1
    lines: bool = False
    limit: int = 2000
    _looks: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.cursor < 0:
            self.cursor = len(self.text)

    def insert(self, typed: str) -> None:
        """Put text at the cursor, as it is: only control characters are left out, and line breaks become blanks."""
        typed = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        if not self.lines:
            typed = " ".join(part for part in typed.split("\n") if part)
        kept = _CONTROL.sub("", typed)[: max(0, self.limit - len(self.text))]
        self.text = self.text[: self.cursor] + kept + self.text[self.cursor :]
        self.cursor += len(kept)

    def key(self, key: Key) -> bool:
        """Edit by one key; False when the key means nothing to a field."""
        name = key.name
        if name in ("left", "ctrl+b"):
            self.cursor -= self._back()
        elif name in ("right", "ctrl+f"):
            self.cursor += self._forth()
        elif name in ("home", "ctrl+a"):
            self.cursor = self.text.rfind("\n", 0, self.cursor) + 1
        elif name in ("end", "ctrl+e"):
            end = self.text.find("\n", self.cursor)
            self.cursor = len(self.text) if end < 0 else end
        elif name == "backspace":
            size = self._back()
            self.text = self.text[: self.cursor - size] + self.text[self.cursor :]
            self.cursor -= size
        elif name in ("delete", "ctrl+d"):
            self.text = self.text[: self.cursor] + self.text[self.cursor + self._forth() :]
        elif name == "ctrl+u":
            self.text, self.cursor = self.text[self.cursor :], 0
        elif name == "ctrl+k":
            self.text = self.text[: self.cursor]
        elif key.char and not _CONTROL.search(key.char):
            self.insert(key.char)
        else:
            return False
        return True

    def _back(self) -> int:
        """Characters of what stands before the cursor."""
        if self.text[: self.cursor].endswith("\n"):
            return 1
        units = graphemes(self.text[: self.cursor].rpartition("\n")[2])
        return len(units[-1][0]) if units else 0

    def _forth(self) -> int:
        """Characters of what stands behind it."""
        if self.text[self.cursor :].startswith("\n"):
            return 1
        units = graphemes(self.text[self.cursor :].partition("\n")[0])
        return len(units[0][0]) if units else 0

    def view(self, width: int, look: Look = str) -> tuple[str, int]:
        """The part of one line of text that is to be seen in `width` cells, and the cursor's column in it.

        `look` is how a character is shown, for one that draws nothing or steers.
        """
        room = max(1, width - 1)
        units = self._units(self.text[: self.cursor], look)
        cells = sum(size for _, size, _ in units)
        while units and cells > room:
            cells -= units.pop(0)[1]
        shown = "".join(chars for chars, _, _ in units)
        left = width - cells
        for chars, size, _ in self._units(self.text[self.cursor :], look):
            if size > left:
                break
            shown += chars
            left -= size
        return shown, cells

    def wrapped(self, width: int, look: Look = str) -> tuple[list[str], int, int]:
        """All lines of the text, each at most `width` cells, with the cursor's column and line."""
        lines: list[str] = []
        x = y = at = 0
        for part in self.text.split("\n"):
            lines.append("")
            used = 0
            for chars, size, length in [*self._units(part, look), ("", 0, 0)]:
                here = at <= self.cursor < at + length or (not length and at == self.cursor)
                if used + size > width or (here and used >= width):
                    lines.append("")
                    used = 0
                if here:
                    x, y = used, len(lines) - 1
                lines[-1] += chars
                used += size
                at += length
            at += 1
        return lines, x, y

    def _units(self, text: str, look: Look) -> list[tuple[str, int, int]]:
        """What of the text is not torn apart: as it is shown, its cells, and how many characters it has."""
        units = []
        for chars, size in graphemes(text):
            if chars.isascii() and chars.isprintable():
                units.append((chars, size, len(chars)))
                continue
            if chars not in self._looks:
                self._looks[chars] = look(chars)
            shown = self._looks[chars]
            units.append((shown, size if shown == chars else cell_width(shown), len(chars)))
        return units
