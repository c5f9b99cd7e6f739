"""The saver: one thread of its own per session that alone touches the disk, so that no screen ever waits for it.

Everything asked of it goes through a queue that may be used inside a signal handler (`asked.py`). What it has to say stands
in attributes that are replaced as a whole, so that reading them takes no lock.
"""

from __future__ import annotations

import math
import threading
import time
from datetime import datetime
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING

from checks.record import dataclass, replace
from checks.text import Text
from state.errors import CannotWrite, SessionBusy, SessionTooNew, SessionUnreadable, StateError, TakenOver
from state.file import notices
from state.file.disk_reserve import Reserve
from state.file.store import Store
from state.live.save_requests import Asked
from state.session_data import SaveState, Takeover

if TYPE_CHECKING:
    from state.live.snapshot import Source, Version

PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds before trying again after a failure; the last one repeats."""
LAZY = 1.0
"""Seconds that a movement of the cursor, or what is being typed, may wait for an answer to be saved with."""
LOOK = 3.0
"""Seconds between two looks at what others wrote."""
SLOW = 2.0
"""Seconds after which a save that has not come back is told of: a network folder stalls."""
LOCK = 2.0
"""Seconds that one try waits for the lock."""


@dataclass(frozen=True, slots=True)
class _Saved:
    count: int
    looks: int
    rev: int
    at: datetime | None
    failing_since: datetime | None
    error: StateError | None


class Saver:
    """Saves a session whenever it changed, and looks now and then at what others wrote."""

    def __init__(self, source: Source, store: Store, *, saved: Version | None, keep_reserve: bool) -> None:
        self._source = source
        self._store = store
        self._asked = Asked()
        self._reserve = Reserve(store.path, wanted=keep_reserve)
        self._failures = 0
        self._tried = -1
        self._again = 0.0
        self._lazy_from = math.inf
        self._busy_since: tuple[float, datetime] | None = None
        self._move: Store | None = None
        self._resume: tuple[Takeover | None] | None = None
        self._taken: TakenOver | None = None
        self._kept: tuple[int, tuple[Path, bytes]] | None = None
        """Up to which change everything is kept aside, and in which file."""
        self._keep_reserve = keep_reserve
        self._final = False
        self._damaged = 0
        self._dead = False
        self._saved = (
            _Saved(saved.count, saved.looks, saved.rev, saved.data.updated, None, None)
            if saved is not None
            else _Saved(-1, -1, 0, None, None, None)
        )
        self._thread = threading.Thread(target=self._run, name="saver", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Says that there is something to save; may be called anywhere, also in a signal handler."""
        self._asked.wake()

    def move(self, store: Store) -> None:
        """Saves to another file from now on."""
        self._move = store
        self._asked.wake()

    @property
    def moving(self) -> bool:
        """Whether another file is to be written from now on, and was not yet begun."""
        return self._move is not None

    def resume(self, answered: Takeover | None) -> None:
        """Saves again: the person has answered this takeover with one of their own."""
        self._resume = (answered,)
        self._asked.wake()

    @property
    def saved_rev(self) -> int:
        """Every change made here with this revision or a lower one is on the disk."""
        return self._saved.rev

    @property
    def saved_count(self) -> int:
        """How many of the changes made here are on the disk."""
        return self._saved.count

    @property
    def error(self) -> StateError | None:
        """Why the last try failed."""
        return self._taken or self._saved.error

    def state(self) -> SaveState:
        """What is on the disk, told without waiting for anything."""
        saved = self._saved
        unsaved = self._unsaved()
        new_file = saved.count < 0
        error = saved.error
        if self._taken is not None:
            new_file, error = False, self._taken if unsaved else None
        if self._move is not None:
            new_file, error = True, None
        busy = self._busy_since
        if busy is not None and time.monotonic() - busy[0] > SLOW + LOCK and error is None:
            return SaveState(False, saved.at, busy[1], unsaved, _SLOW, 74)
        return SaveState(
            saved=unsaved == 0 and not new_file and error is None,
            at=saved.at,
            failing_since=saved.failing_since if error is not None else None,
            unsaved=unsaved,
            error=error.text if error is not None else None,
            exit_code=error.exit_code if error is not None else 0,
        )

    def _unsaved(self) -> int:
        """Changes that are neither in the session nor kept aside."""
        there = max(self._saved.count, 0, self._kept[0] if self._kept is not None else 0)
        return max(0, self._source.version().count - there)

    def flush(self, timeout: float) -> bool:
        """Saves now; True when all that was changed before the call is on the disk. Waits at most `timeout` seconds."""
        version = self._source.version()
        if self._saved.count >= version.count and self._saved.looks >= version.looks:
            return True
        until = time.monotonic() + timeout
        reply = self._asked.flush(version.count, version.looks)
        while self._thread.is_alive():
            try:
                return reply.get(timeout=max(0.0, min(0.25, until - time.monotonic())))
            except Empty:
                if time.monotonic() >= until:
                    break
        return self._saved.count >= version.count

    def close(self, timeout: float) -> bool:
        """Saves and ends the thread; True when everything is on the disk."""
        done = self.flush(timeout)
        self._final = True
        self._asked.wake()
        self._thread.join(min(timeout, 0.5) if done else 0.1)
        if not self._thread.is_alive():
            self._reserve.remove()
        return done

    def give_up(self) -> None:
        """Ends the thread without another try; a save that is under way is waited for."""
        self._dead = self._final = True
        self._asked.wake()
        self._thread.join(SLOW)

    def _run(self) -> None:
        look_at = time.monotonic() + LOOK
        while not self._final:
            self._asked.wait(min(self._due(), look_at) - time.monotonic())
            self._moved()
            if (self._waited_for() or time.monotonic() >= self._due()) and not self._dead:
                self._save()
                self._waited_for()
                self._source.tell()
                if self._saved.error is None:
                    self._reserve.make()
                    self._store.tidy()
            elif time.monotonic() >= look_at and (self._taken is not None or not self._dead):
                self._look()
            if self.error is not None and not isinstance(self.error, SessionBusy):
                self._asked.end(self._taken is not None and self._unsaved() == 0)
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + LOOK

    def _moved(self) -> None:
        store = self._move
        answered, self._resume = self._resume, None
        if answered is not None or store is not None:
            self._taken, self._dead, self._tried = None, False, -1
        if answered is not None:
            self._store.known = answered[0]
        if store is not None:
            self._reserve.remove()
            self._reserve = Reserve(store.path, wanted=self._keep_reserve)
            self._store, self._dead, self._tried, self._failures = store, False, -1, 0
            self._saved = _Saved(-1, -1, 0, None, None, None)
            if self._move is store:
                self._move = None  # last, so that nobody takes the new file for saved in between

    def _due(self) -> float:
        """When to save, by the monotonic clock: now when there are changes that were not tried yet, else later or never."""
        version, saved = self._source.version(), self._saved
        if self._dead:
            return math.inf
        if version.count > max(saved.count, self._tried):
            return 0.0
        if saved.error is not None:
            return self._again
        if version.count > saved.count:
            return 0.0
        if version.looks == saved.looks:
            self._lazy_from = math.inf
        elif self._lazy_from == math.inf:
            self._lazy_from = time.monotonic()
        return self._lazy_from + LAZY

    def _waited_for(self) -> bool:
        """Answers those whose changes are on the disk; whether others still wait."""
        return self._asked.met(self._saved.count, self._saved.looks)

    def _save(self) -> None:
        version = self._source.version()
        self._tried = version.count
        self._busy_since = (time.monotonic(), self._source.at())
        try:
            done = self._store.commit(version.data, LOCK)
        except Exception as error:  # a bug of ours must show as "not saved", never end the thread in silence
            self._failed(error)
        else:
            self._failures = 0
            # Before anything else: from here on it is true, whatever happens to the rest.
            self._saved = _Saved(version.count, version.looks, version.rev, self._source.at(), None, None)
            # A signal handler that waits for this save may hold the session: only take in what there is to take in.
            if done.data is not version.data or done.notices:
                self._source.absorb(version.data, done.data, done.notices)
            if self._kept is not None:
                from state.file import rescue

                # It is in the session now.
                rescue.take_away(self._kept[1])
                self._kept = None
        finally:
            self._busy_since = None

    def _now_taken(self, error: TakenOver) -> None:
        """From here on nothing is written; what was not saved yet is kept in a session of its own."""
        self._taken, self._dead = error, True
        # Only after this can no change come any more.
        self._source.taken(error.by)
        self._look()
        self._source.tell()

    def _keep_aside(self) -> None:
        count = self._unsaved()
        if not count:
            return
        from state.file import rescue

        version = self._source.version()
        try:
            kept = rescue.keep(self._store.path, version.data)
        except Exception:  # held in memory, told of, and tried again at the next look
            return
        if self._kept is not None:
            rescue.take_away(self._kept[1])
        self._kept = (version.count, kept)
        self._source.kept_aside(kept[0], count)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, TakenOver):
            self._now_taken(error)
            return
        known = error if isinstance(error, StateError) else CannotWrite(_bug(error))
        if isinstance(known, CannotWrite) and self._reserve.free(known.errno):
            # There may be room now; the next try follows at once.
            self._failures = 0
            self._again = 0.0
        else:
            self._again = time.monotonic() + PAUSES[min(self._failures, len(PAUSES) - 1)]
            self._failures += 1
        self._dead = self._taken is not None or isinstance(known, SessionTooNew)
        since = self._saved.failing_since or self._source.at()
        self._saved = replace(self._saved, failing_since=since, error=known)

    def _look(self) -> None:
        version = self._source.version()
        read, came = None, False
        try:
            came = self._source.pulse()
            read = self._store.read(version.data)
        except SessionUnreadable:
            # Damaged under our hands: what we hold takes its place, the damaged bytes are kept. But only when it still
            # is at the next look: an editor that writes in place may be in the middle of it.
            self._damaged += 1
            if self._taken is not None:
                self._keep_aside()
            elif self._damaged > 1:
                self._saved = replace(self._saved, count=min(self._saved.count, version.count - 1))
                self._tried = -1
            return
        except Exception as error:  # as in _save
            self._failed(error)
            came = True
        self._damaged = 0
        if read is not None:
            self._source.absorb(version.data, read.data, read.notices)
        by = self._store.taken_by
        if by is not None and self._taken is None:
            self._now_taken(TakenOver(notices.taken_over(by), by))
        elif self._taken is not None:
            self._keep_aside()
        if read is not None or came:
            self._source.tell()


_SLOW = Text(
    "ディスクの応答を待っています。まだ保存されていません。",
    "The disk does not answer yet. Not saved so far.",
)


def _bug(error: Exception) -> Text:
    name = type(error).__name__
    return Text(
        f"保存中にプログラムの誤りが起きました ({name})。まだ保存されていません。",
        f"A fault of this program stopped the save ({name}). Not saved so far.",
    )
