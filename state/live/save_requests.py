"""The queue to the saver's thread: look whether there is something to save, and answer when it is saved."""

from __future__ import annotations

from queue import Empty, SimpleQueue

from checks.record import dataclass


@dataclass(frozen=True, slots=True)
class _Flush:
    changes: int
    views: int
    reply: SimpleQueue[bool]


class SaveRequests:
    """Anybody may put something in, also a signal handler; only the saver's thread takes out and answers."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[_Flush | None] = SimpleQueue()
        self._waiting: list[_Flush] = []

    def wake(self) -> None:
        """Says that there is something to look at."""
        self._queue.put(None)

    def flush(self, changes: int, views: int) -> SimpleQueue[bool]:
        """Asks to save now; where the answer comes, once so many changes and views are on the disk or cannot be."""
        reply: SimpleQueue[bool] = SimpleQueue()
        self._queue.put(_Flush(changes, views, reply))
        return reply

    # For the saver's thread

    def wait(self, pause: float) -> None:
        """Takes what is requested within `pause` seconds; comes back with the first request."""
        try:
            item = self._queue.get(timeout=pause) if pause > 0 else self._queue.get_nowait()
            while True:
                if item is not None:
                    self._waiting.append(item)
                item = self._queue.get_nowait()
        except Empty:
            return

    def answer(self, changes: int, views: int) -> bool:
        """Answers those who wait for no more than so many changes and views; True when others wait."""
        left = [one for one in self._waiting if changes < one.changes or views < one.views]
        for flush in self._waiting:
            if flush not in left:
                flush.reply.put(True)
        self._waiting = left
        return bool(left)

    def answer_all(self, saved: bool) -> None:
        """Answers all that still wait: it cannot be saved now, or it is safe elsewhere."""
        for flush in self._waiting:
            flush.reply.put(saved)
        self._waiting = []
