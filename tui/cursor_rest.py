"""How quickly the selection moves: it is drawn first, and what is read of it where it rests. No Textual here.

On a thin line the pane beside the selection is most of what a cursor key sends: the highlight goes ahead of it, and a
held key does without it.
"""

from __future__ import annotations

REST = 0.15
"""Seconds after which the selection rests; a held key repeats in a third of that. 0 draws everything at once."""
LONGEST = 0.5
"""Seconds after which what stands beside the selection follows it all the same while a key is held."""


class CursorRest:
    """The moves of the selection, and when what stands beside it was last drawn; seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._moved = self._drawn = float("-inf")
        self._hurried = False
        self._ahead = self._behind = False

    def move(self, now: float) -> None:
        """The selection moved."""
        self._hurried = now - self._moved < REST
        self._moved = now
        self._ahead = self._behind = REST > 0

    def settle(self) -> None:
        """Something else was asked for, of the selected line: nothing waits."""
        self._hurried = self._behind = False

    def wait(self, now: float) -> float | None:
        """Seconds that what stands beside the selection may still be of another line; None when it is to be drawn now."""
        if not self._behind:
            return None
        left = min(self._moved + REST, self._drawn + LONGEST) - now if self._hurried else 0.0
        if left > 0:
            return left
        return 0.0 if self._ahead else None

    def drawn(self, now: float, *, whole: bool) -> None:
        """The selection was drawn, and what stands beside it too if `whole`."""
        self._ahead = False
        if whole:
            self._drawn, self._behind = now, False
