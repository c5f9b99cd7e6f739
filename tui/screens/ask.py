"""A question of ours over the foot of whatever is on the screen."""

from __future__ import annotations

from collections.abc import Callable

from checks.text import Text
from checks.wrap import wrap
from tui.commands import Key
from tui.desk import Desk
from tui.screens.view import View
from tui.widgets.frame import Frame, Span, clip


class Ask(View):
    """A question of ours over the last lines of the screen behind, answered by one key."""

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
        """The screen behind, with the question at its foot."""
        desk = self.desk
        behind = desk.views[desk.views.index(self) - 1].draw(width, height)
        lines = [clip((Span(desk.glyphs.rule * width, "rule"),), width)]
        lines += [
            clip((Span(" "), Span(line, "notice")), width) for line in wrap(desk.t(self.text), width - 2)
        ]
        lines += [clip((Span(" "), Span(line, "key")), width) for line in wrap(desk.t(self.keys), width - 2)]
        lines = lines[-height:]
        rows = (*behind.rows[: height - len(lines)], *lines)
        return Frame(rows, (0, max(0, height - len(lines) + 1)))

    def key(self, key: Key) -> bool:
        """Yes, no, or the third way; every other key waits."""
        if key.name in ("ctrl+c", "ctrl+q", "ctrl+l"):
            return False
        if key.half in ("y", "Y", "enter"):
            self.leave()
            self.yes()
        elif key.half in ("n", "N", "escape", "q"):
            self.leave()
            if self.no is not None:
                self.no()
        elif key.half in ("p", "P") and self.other is not None:
            self.leave()
            self.other()
        return True

    def click(self, act: str, twice: bool) -> None:
        """Only keys answer: a click may have been meant for the screen behind."""
