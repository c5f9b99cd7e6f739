"""Checks in the background: a daemon thread of our own iterates the engine and leaves the events in a queue.

Never a thread worker of Textual's: the program waits for those when it ends, and a probe may be stuck for long.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from checks.model import Check, Context, Options, Outcome
from checks.record import dataclass, field
from checks.runner import Event, run
from checks.text import Text
from tui import wording
from tui.shell import filled


@dataclass(slots=True)
class Run:
    """One run of checks. Events are stale as soon as another number is the current one."""

    number: int
    wake: Callable[[int], object]
    """Called from the thread whenever there is news: with the run's number, any number of times."""
    told: bool = True
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
        while True:
            try:
                yield self._events.get_nowait()
            except queue.Empty:
                return


def contact(options: Options) -> Text:
    """What the network checks contact."""
    portal = f"{options.portal}:{options.port}"
    if options.proxy:
        from urllib.parse import urlsplit

        parts = urlsplit(options.proxy if "//" in options.proxy else f"//{options.proxy}")
        where = f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or ""
        return filled(wording.CONTACT_PROXY, portal=portal, proxy=where)
    return filled(wording.CONTACT_PORTAL, portal=portal)
