"""Checks in the background: a daemon thread of our own iterates the engine and leaves the events in a queue.

Never a thread worker of Textual's: the program waits for those when it ends, and a probe may be stuck for long.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from checks.model import Check, Context, Outcome
from checks.record import dataclass, field
from checks.runner import Event, run


@dataclass(slots=True)
class CheckRun:
    """One run of checks. Events are stale as soon as another number is the current one."""

    number: int
    wake: Callable[[int], object]
    """Called from the thread whenever there is news: with the run's number, any number of times."""
    report_end: bool = True
    """Whether its end is worth a message."""
    quiet: bool = False
    """Not asked for by the person: its message never takes the place of another."""
    left: set[str] = field(default_factory=set)
    """Checks that have not finished."""
    tally: Counter[Outcome] = field(default_factory=Counter)
    cancel: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None
    """A defect in the engine itself; no probe can cause it."""
    _events: queue.SimpleQueue[Event] = field(default_factory=queue.SimpleQueue)

    def begin(self, checks: Sequence[Check], make_context: Callable[[], Context]) -> None:
        """Start; `make_context` is called in the thread, for it may have to ask the system."""
        self.left = {check.id for check in checks}
        threading.Thread(
            target=self._iterate, args=(tuple(checks), make_context), daemon=True, name=f"run {self.number}"
        ).start()

    def _iterate(self, checks: Sequence[Check], make_context: Callable[[], Context]) -> None:
        try:
            for event in run(checks, make_context(), self.cancel):
                self._events.put(event)
                self.wake(self.number)
        except Exception as error:
            self.error = error
        self.ended.set()
        self.wake(self.number)

    def take(self) -> Iterator[Event]:
        """The events since the last call."""
        with suppress(queue.Empty):
            while True:
                yield self._events.get_nowait()


@dataclass(slots=True)
class CheckRuns:
    """What is being checked at the moment; only touched by the screen's thread."""

    under_way: dict[int, CheckRun] = field(default_factory=dict)
    """The runs that have not ended, by number."""
    running: dict[str, float] = field(default_factory=dict)
    """The checks that have begun, and when on the monotonic clock."""
    network_allowed: bool = False
    """The person has agreed to checks that use the network."""
    _count: int = 0

    @property
    def latest(self) -> CheckRun | None:
        """The run that was begun last, if one is under way."""
        return next(reversed(self.under_way.values()), None)

    @property
    def unfinished(self) -> set[str]:
        """The checks that a run is still at."""
        return {name for each in self.under_way.values() for name in each.left}

    @property
    def slowest(self) -> tuple[str, float] | None:
        """The check that has been running longest, and for how many seconds."""
        if not self.running:
            return None
        name = min(self.running, key=lambda key: self.running[key])
        return name, time.monotonic() - self.running[name]

    def add(self, wake: Callable[[int], object], *, report_end: bool, quiet: bool) -> CheckRun:
        """A run with the next number, not begun yet."""
        self._count += 1
        return self.under_way.setdefault(self._count, CheckRun(self._count, wake, report_end, quiet))

    def end(self, number: int) -> None:
        """Forget a run and what it never finished."""
        for name in self.under_way.pop(number).left:
            self.running.pop(name, None)

    def cancel(self) -> None:
        """Stop all of them."""
        for each in self.under_way.values():
            each.cancel.set()
        self.under_way.clear()
        self.running.clear()
