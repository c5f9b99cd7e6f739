"""Long work over many things, shared among the processors."""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

_LEAST = 200
"""Things that one process does sooner than another one is made."""
_MOST = 4


def done(things: Sequence[T], do: Callable[[T], Any]) -> list[Any]:
    """What `do` gives for each of them, in order: plain values as JSON has them.

    On Linux, and while there is only one thread, copies of this process take their shares; elsewhere this one does all.
    What a copy does not give back is done here.
    """
    count = _processes(len(things))
    size = -(-len(things) // count) if things else 0
    copies = []
    if count > 1:
        gc.freeze()  # what is there already is not looked through, and so not copied, by the others
        copies = [_copy(things[at : at + size], do) for at in range(size, len(things), size)]
    results = []
    try:
        results += [do(thing) for thing in things[:size]]
        for number, (pid, pipe) in enumerate(copies, 1):
            share = things[number * size : (number + 1) * size]
            given = _collected(pid, pipe)
            copies[number - 1] = (0, -1)
            results += given if given and len(given) == len(share) else [do(thing) for thing in share]
    finally:
        for pid, pipe in copies:
            _end(pid, pipe)
    return results


def _processes(things: int) -> int:
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return max(1, min(_MOST, len(os.sched_getaffinity(0)), things // _LEAST))


def _copy(share: Sequence[T], do: Callable[[T], Any]) -> tuple[int, int]:
    """A copy of this process that works and tells it all at the end: its number, and where it can be heard; 0 when there is none."""
    if sys.platform == "win32":
        return 0, -1
    ours, its = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(ours)
        os.close(its)
        return 0, -1
    if pid:
        os.close(its)
        return pid, ours
    # Nothing of this may ever come back into the program: neither its exits nor what it still has to print.
    try:
        os.close(ours)
        with os.fdopen(its, "wb") as pipe:
            pipe.write(json.dumps([do(thing) for thing in share]).encode("ascii"))
    finally:
        os._exit(0)


def _collected(pid: int, pipe: int) -> list[Any] | None:
    if not pid:
        return None
    with os.fdopen(pipe, "rb") as file:
        raw = file.read()
    with suppress(OSError):
        os.waitpid(pid, 0)
    try:
        given = json.loads(raw)
    except ValueError:
        return None
    return given if isinstance(given, list) else None


def _end(pid: int, pipe: int) -> None:
    """Whatever happened here, no copy goes on."""
    if not pid or sys.platform == "win32":
        return
    import signal

    with suppress(OSError):
        os.close(pipe)
    with suppress(OSError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
