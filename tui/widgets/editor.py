"""A field for typed text: characters, marks and wide characters stay whole; pasting and input methods work."""

from __future__ import annotations

from checks.record import dataclass
from checks.shown import show
from checks.wrap import cell_width, graphemes
from tui.commands import Key


@dataclass(slots=True)
class Editor:
    """Text and where the cursor stands in it; `lines` allows line breaks."""

    text: str = ""
    cursor: int = -1
    lines: bool = False
    limit: int = 2000

    def __post_init__(self) -> None:
        if self.cursor < 0:
            self.cursor = len(self.text)

    def insert(self, typed: str) -> None:
        """Put text at the cursor; control and invisible characters are left out, line breaks become blanks."""
        typed = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        if not self.lines:
            typed = " ".join(part for part in typed.split("\n") if part)
        kept = "".join(char for char in typed if char == "\n" or show(char) == char or _mark(char))
        kept = kept[: max(0, self.limit - len(self.text))]
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
        elif key.char and key.char.isprintable():
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

    def view(self, width: int) -> tuple[str, int]:
        """The part of one line of text that is to be seen in `width` cells, and the cursor's column in it."""
        before, after = self.text[: self.cursor], self.text[self.cursor :]
        room = max(1, width - 1)
        units = graphemes(before)
        cells = sum(size for _, size in units)
        while units and cells > room:
            cells -= units.pop(0)[1]
        shown = "".join(chars for chars, _ in units)
        left = width - cells
        for chars, size in graphemes(after):
            if size > left:
                break
            shown += chars
            left -= size
        return shown, cells

    def wrapped(self, width: int) -> tuple[list[str], int, int]:
        """All lines of the text, each at most `width` cells, with the cursor's column and line."""
        lines: list[str] = []
        x = y = at = 0
        for part in self.text.split("\n"):
            lines.append("")
            used = 0
            for chars, size in [*graphemes(part), ("", 0)]:
                here = at <= self.cursor < at + len(chars) or (not chars and at == self.cursor)
                if used + size > width or (here and used >= width):
                    lines.append("")
                    used = 0
                if here:
                    x, y = used, len(lines) - 1
                lines[-1] += chars
                used += size
                at += len(chars)
            at += 1
        return lines, x, y

    @property
    def cells(self) -> int:
        """How wide the text is."""
        return cell_width(self.text)


def _mark(char: str) -> bool:
    """Marks that join the character before: dakuten typed apart, variation selectors of names."""
    import unicodedata

    return (
        bool(unicodedata.combining(char))
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )
