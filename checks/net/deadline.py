"""One end for many steps: what is left of a time limit."""

from __future__ import annotations

import time
from collections.abc import Callable


class Deadline:
    """`seconds` from now; a run that was cancelled has nothing left."""

    def __init__(self, seconds: float, cancelled: Callable[[], bool] = lambda: False) -> None:
        self._end = time.monotonic() + seconds
        self._cancelled = cancelled

    def left(self) -> float:
        """Seconds left, never negative."""
        return 0.0 if self._cancelled() else max(0.0, self._end - time.monotonic())

    def share(self, parts: int) -> Deadline:
        """A fair part of what is left, for one of `parts` tries."""
        return Deadline(self.left() / max(1, parts), self._cancelled)

    def within(self, seconds: float) -> Deadline:
        """An end at most `seconds` away."""
        return Deadline(min(seconds, self.left()), self._cancelled)
