"""A question of ours over the foot of whatever is on the screen."""

from __future__ import annotations

import re
from collections.abc import Callable

from checks.text import Text
from checks.wrap import cell_width, wrap
from tui.commands import Key
from tui.desk import Desk
from tui.screens.view import View
from tui.widgets import bars
from tui.widgets.frame import Frame, Row, Span, clip, inactive, width_of


class Ask(View):
    """A question of ours over the last lines of the screen behind, answered by one key."""

    letters = "yYnNqbpP"

    def __init__(
        self,
        desk: Desk,
        text: Text,
        keys: Text,
        yes: Callable[[], None],
        other: Callable[[], None] | None = None,
        no: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(desk)
        self.text, self.keys, self.yes, self.other, self.no = text, keys, yes, other, no

    def draw(self, width: int, height: int) -> Frame:
        desk = self.desk
        behind = desk.views[desk.views.index(self) - 1].draw(width, height)
        lines: list[Row] = [(Span(" "), Span(line, "notice")) for line in wrap(desk.t(self.text), width - 2)]
        lines = [bars.rule(desk, width), *(clip(row, width) for row in lines), *self._buttons(width)][
            -height:
        ]
        # A click on the screen behind means nothing while the question waits.
        still = [inactive(row) for row in behind.rows[: height - len(lines)]]
        return Frame((*still, *lines), (0, max(0, height - len(lines) + 1)))

    def _buttons(self, width: int) -> list[Row]:
        """The answers, each whole and with a place to click, on as many lines as they take."""
        rows: list[list[Span]] = [[]]
        for part in re.split(r"\s{2,}", self.desk.t(self.keys).strip()):
            found = re.search(r"\((\w+)", part) or re.match(r"(\w)", part)
            key = {"Esc": "escape"}.get(found[1], found[1]) if found else ""
            for line in wrap(part, width - 2):
                if rows[-1] and width_of(rows[-1]) + cell_width(line) + 3 > width:
                    rows.append([])
                rows[-1] += [Span("  " if rows[-1] else " "), Span(line, "key", f"reply {key}")]
        return [clip(row, width) for row in rows]

    def key(self, key: Key) -> bool:
        if key.name in ("ctrl+c", "ctrl+q", "ctrl+l"):
            return False
        if key.half in ("y", "Y", "enter"):
            self.leave()
            self.yes()
        elif key.half in ("n", "N", "escape", "q", "b"):
            self.leave()
            if self.no is not None:
                self.no()
        elif key.half in ("p", "P") and self.other is not None:
            self.leave()
            self.other()
        return True

    def click(self, act: str) -> None:
        """Only a click on an answer answers: another may have been meant for the screen behind."""
        verb, _, key = act.partition(" ")
        if verb == "reply":
            self.key(Key(key, key if len(key) == 1 else ""))
