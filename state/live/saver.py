"""The saver: one thread of its own per session that alone touches the disk, so that no screen ever waits for it.

Its state (`save_states.py`) and what is on the disk are replaced as a whole, so that reading them takes no lock; what others
ask of it goes through a queue that may be used inside a signal handler (`save_requests.py`).
"""

from __future__ import annotations

import math
import threading
import time
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Literal

from checks.record import replace
from checks.text import Text
from state.errors import CannotWrite, SessionBusy, SessionTooNew, SessionUnreadable, StateError, TakenOver
from state.file import backups, notices
from state.file.disk_reserve import Reserve
from state.file.store import SessionFile
from state.live.save_requests import SaveRequests
from state.live.save_states import Displaced, Idle, OnDisk, SaveFailed, SaverState, Saving, error_of, told
from state.live.snapshot import Snapshot
from state.session_data import SaveState, Takeover

if TYPE_CHECKING:
    from state.live.session import Session

PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds before trying again after a failure; the last one repeats."""
LAZY = 1.0
"""Seconds that a movement of the cursor, or what is being typed, may wait for an answer to be saved with."""
LOOK = 3.0
"""Seconds between two looks at what others wrote."""
LOCK = 2.0
"""Seconds that one try waits for the lock."""


class Saver:
    """Saves a session whenever it changed, and looks now and then at what others wrote."""

    def __init__(
        self, session: Session, file: SessionFile, *, saved: Snapshot | None, keep_reserve: bool
    ) -> None:
        self._session = session
        self._file = file
        self._reserve = Reserve(file.path, wanted=keep_reserve)
        self._requests = SaveRequests()
        self._state: SaverState = Idle()
        self.disk = OnDisk(saved.changes, saved.views, saved.rev, saved.data.updated) if saved else OnDisk()
        self._next_file: SessionFile | None = None
        self._answered: tuple[Takeover | None] | None = None
        """The takeover that the person has answered with one of their own, until the thread has seen that."""
        self._copy: tuple[int, tuple[Path, bytes]] | None = None
        """Up to which change everything is in a file beside the session, and that file."""
        self._damaged_looks = 0
        self._view_due = math.inf
        """When a mere view is saved."""
        self._ending: Literal["open", "closing", "given up"] = "open"
        self._thread = threading.Thread(target=self._run, name="saver", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Says that there is something to save; may be called anywhere, also in a signal handler."""
        self._requests.wake()

    def move(self, file: SessionFile) -> None:
        """Saves to another file from now on."""
        self._next_file = file
        self._requests.wake()

    @property
    def has_file(self) -> bool:
        """Whether there was a file when it was last looked."""
        return self._file.raw is not None

    @property
    def moving(self) -> bool:
        """Whether another file is to be written from now on, and was not yet begun."""
        return self._next_file is not None

    def resume(self, answered: Takeover | None) -> None:
        """Saves again: the person has answered this takeover with one of their own."""
        self._answered = (answered,)
        self._requests.wake()

    @property
    def error(self) -> StateError | None:
        """Why the last try failed."""
        return error_of(self._state)

    def state(self) -> SaveState:
        """What is on the disk, without waiting for anything."""
        return told(self._state, self.disk, self._unsaved(), moving=self.moving)

    def _unsaved(self) -> int:
        """Changes that are neither in the session's file nor in a copy beside it."""
        there = max(self.disk.changes, 0, self._copy[0] if self._copy is not None else 0)
        return max(0, self._session.snapshots.newest.changes - there)

    def flush(self, timeout: float) -> bool:
        """Saves now; True when all that was changed before the call is on the disk. Waits at most `timeout` seconds."""
        wanted = self._session.snapshots.newest
        if self.disk.changes >= wanted.changes and self.disk.views >= wanted.views:
            return True
        until = time.monotonic() + timeout
        reply = self._requests.flush(wanted.changes, wanted.views)
        while self._thread.is_alive():
            try:
                return reply.get(timeout=max(0.0, min(0.25, until - time.monotonic())))
            except Empty:
                if time.monotonic() >= until:
                    break
        return self.disk.changes >= wanted.changes

    def close(self, timeout: float) -> bool:
        """Saves and ends the thread; True when everything is on the disk."""
        done = self.flush(timeout)
        self._ending = "closing"
        self._requests.wake()
        self._thread.join(min(timeout, 0.5) if done else 0.1)
        if not self._thread.is_alive():
            self._reserve.remove()
        return done

    def give_up(self) -> None:
        """Ends the thread without another try; a save that is under way is waited for."""
        self._ending = "given up"
        self._requests.wake()
        self._thread.join(2.0)

    # On the saver's thread

    def _run(self) -> None:
        look_at = time.monotonic() + LOOK
        while self._ending == "open":
            self._requests.wait(min(self._due(), look_at) - time.monotonic())
            self._take_orders()
            if (self._answer() or time.monotonic() >= self._due()) and self._may_write():
                self._save()
                self._answer()
                self._session.notify()
                if isinstance(self._state, Idle):
                    self._reserve.make()
                    backups.thin(self._file.path)
            elif time.monotonic() >= look_at and (self._may_write() or isinstance(self._state, Displaced)):
                self._look()
            if self.error is not None and not isinstance(self.error, SessionBusy):
                self._requests.answer_all(isinstance(self._state, Displaced) and self._unsaved() == 0)
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + LOOK

    def _may_write(self) -> bool:
        state = self._state
        if isinstance(state, Displaced) or self._ending == "given up":
            return False
        return not (isinstance(state, SaveFailed) and state.again == math.inf)

    def _take_orders(self) -> None:
        """Goes on after a takeover, or to another file."""
        answered, self._answered = self._answered, None
        if answered is not None:
            self._state = Idle()
            self._file.known = answered[0]
        file = self._next_file
        if file is not None:
            self._reserve = self._reserve.moved(file.path)
            self._file, self._state, self.disk = file, Idle(), OnDisk()
            if self._next_file is file:
                self._next_file = None  # last, so that nobody takes the new file for saved in between

    def _due(self) -> float:
        """When to save, by the monotonic clock: now when there are changes that were not tried yet, else later or never."""
        now, disk, state = self._session.snapshots.newest, self.disk, self._state
        if not self._may_write():
            return math.inf
        if isinstance(state, SaveFailed) and now.changes <= max(state.changes, disk.changes):
            return state.again
        if now.changes > disk.changes:
            return 0.0
        if now.views == disk.views:
            self._view_due = math.inf
        elif self._view_due == math.inf:
            self._view_due = time.monotonic() + LAZY
        return self._view_due

    def _answer(self) -> bool:
        """Answers those whose changes are on the disk; whether others still wait."""
        return self._requests.answer(self.disk.changes, self.disk.views)

    def _save(self) -> None:
        tried, earlier = self._session.snapshots.newest, self._state
        assert isinstance(earlier, Idle | SaveFailed)
        self._state = Saving(self._session.at(), time.monotonic(), earlier)
        try:
            self._file.refuse_older_logins()
            self._session.save_record(LOCK)
            done = self._file.commit(tried.data, LOCK)
        except Exception as error:  # a bug of ours must show as "not saved", never end the thread in silence
            self._state = earlier
            self._failed(error, tried.changes)
            return
        # Before anything else: from here on it is true, whatever happens to the rest.
        self.disk = OnDisk(tried.changes, tried.views, tried.rev, self._session.at())
        self._state = Idle()
        # A signal handler that waits for this save may hold the session: only take in what there is to take in.
        if done.data is not tried.data or done.notices:
            self._session.absorb(tried.data, done.data, done.notices)
        if self._copy is not None:
            from state.file import rescue

            # It is in the session now.
            rescue.remove_copy(self._copy[1])
            self._copy = None

    def _failed(self, error: Exception, tried: int) -> None:
        if isinstance(error, TakenOver):
            self._displaced(error)
            return
        known = error if isinstance(error, StateError) else CannotWrite(_bug(error))
        state = self._state
        since, times = (
            (state.since, state.times) if isinstance(state, SaveFailed) else (self._session.at(), 0)
        )
        if isinstance(known, CannotWrite) and self._reserve.free(known.errno):
            # There may be room now; the next try follows at once.
            self._state = SaveFailed(known, since, tried, again=0.0)
            return
        again = time.monotonic() + PAUSES[min(times, len(PAUSES) - 1)]
        if isinstance(known, SessionTooNew):
            again = math.inf
        self._state = SaveFailed(known, since, tried, again, times + 1)

    def _displaced(self, error: TakenOver) -> None:
        """From here on nothing is written; what was not saved yet goes into a session of its own."""
        self._state = Displaced(error, self._state.since if isinstance(self._state, SaveFailed) else None)
        # Only after this can no change come any more.
        self._session.displace(error.by)
        self._look()
        self._session.notify()

    def _copy_unsaved(self) -> None:
        count = self._unsaved()
        if not count:
            return
        from state.file import rescue

        now = self._session.snapshots.newest
        try:
            copy = rescue.save_copy(self._file.path, now.data)
        except Exception:  # it stays in memory, is shown as unsaved, and is tried again at the next look
            return
        if self._copy is not None:
            rescue.remove_copy(self._copy[1])
        self._copy = (now.changes, copy)
        self._session.tell(notices.unsaved_copy(copy[0], count))

    def _look(self) -> None:
        now = self._session.snapshots.newest
        read, news = None, False
        try:
            news = self._session.pulse()
            read = self._file.read(now.data)
        except SessionUnreadable:
            # Damaged under our hands: what is in memory takes its place, the damaged bytes are kept. But only when it still
            # is at the next look: an editor that writes in place may be in the middle of it.
            self._damaged_looks += 1
            if isinstance(self._state, Displaced):
                self._copy_unsaved()
            elif self._damaged_looks > 1:
                self.disk = replace(self.disk, changes=min(self.disk.changes, now.changes - 1))
                self._state = Idle()
            return
        except Exception as error:  # as in _save
            news = True
            if not isinstance(self._state, Displaced):
                self._failed(
                    error, self._state.changes if isinstance(self._state, SaveFailed) else self.disk.changes
                )
        self._damaged_looks = 0
        if read is not None:
            self._session.absorb(now.data, read.data, read.notices)
        by = self._file.taken_by
        if isinstance(self._state, Displaced):
            self._copy_unsaved()
        elif by is not None:
            self._displaced(TakenOver(notices.taken_over(by), by))
        if read is not None or news:
            self._session.notify()


def _bug(error: Exception) -> Text:
    name = type(error).__name__
    return Text(
        f"保存中にプログラムの誤りが起きました ({name})。まだ保存されていません。",
        f"A fault of this program stopped the save ({name}). Not saved so far.",
    )
