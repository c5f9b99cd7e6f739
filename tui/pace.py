"""How quickly the selection moves: what is read only where it rests is drawn only there. No Textual here."""

from __future__ import annotations

REST = 0.15
"""Seconds after which the selection rests; a held key repeats in a third of that."""
LONGEST = 0.5
"""Seconds after which what stands beside the selection follows it all the same while a key is held."""


class Pace:
    """The moves of the selection, and when what stands beside it was last drawn; seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._moved = self._drawn = float("-inf")
        self._hurried = False

    def move(self, now: float) -> None:
        """The selection moved."""
        self._hurried = now - self._moved < REST
        self._moved = now

    def settle(self) -> None:
        """Something else was asked for, of the selected line: nothing waits."""
        self._hurried = False

    def drawn(self, now: float) -> None:
        """What stands beside the selection belongs to it now."""
        self._drawn = now

    def wait(self, now: float) -> float:
        """Seconds that it may still belong to another line; 0 when it is to be drawn."""
        if not self._hurried:
            return 0.0
        return max(0.0, min(self._moved + REST, self._drawn + LONGEST) - now)
