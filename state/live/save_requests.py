"""What is asked of the saver: to look whether there is something to save, and to answer when it is saved."""

from __future__ import annotations

from queue import Empty, SimpleQueue

from checks.record import dataclass


@dataclass(frozen=True, slots=True)
class _Flush:
    count: int
    looks: int
    reply: SimpleQueue[bool]


class Asked:
    """A queue into which anybody may put, also a signal handler; only the saver's thread takes out and answers."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[_Flush | None] = SimpleQueue()
        self._waiting: list[_Flush] = []

    def wake(self) -> None:
        """Says that there is something to look at."""
        self._queue.put(None)

    def flush(self, count: int, looks: int) -> SimpleQueue[bool]:
        """Asks to save now; where the answer comes, once the changes up to `count` and `looks` are on the disk or cannot be."""
        reply: SimpleQueue[bool] = SimpleQueue()
        self._queue.put(_Flush(count, looks, reply))
        return reply

    # For the saver's thread

    def wait(self, pause: float) -> None:
        """Takes what was asked within `pause` seconds; comes back with the first thing asked."""
        try:
            item = self._queue.get(timeout=pause) if pause > 0 else self._queue.get_nowait()
            while True:
                if item is not None:
                    self._waiting.append(item)
                item = self._queue.get_nowait()
        except Empty:
            return

    def met(self, count: int, looks: int) -> bool:
        """Answers those whose changes are on the disk, which has them up to `count` and `looks`; True when others wait."""
        left: list[_Flush] = []
        for flush in self._waiting:
            if count >= flush.count and looks >= flush.looks:
                flush.reply.put(True)
            else:
                left.append(flush)
        self._waiting = left
        return bool(left)

    def end(self, saved: bool) -> None:
        """Answers all that still wait: it cannot be saved now, or it is safe elsewhere."""
        for flush in self._waiting:
            flush.reply.put(saved)
        self._waiting = []
