"""The program with a fault built in, for the other side of a pseudo-terminal: `python -m tests.laboratory.child ORDER ARGS…`.

ORDER is JSON: `kill` [n, "before"|"after"] dies at the n-th file system call of a save; `fault` names a file that, while it
exists, makes every write fail with the error written in it; `stuck` adds so many checks that never end;
`hang` lets the question which system this is never end; `crash` makes a key
of the main screen raise; `secret` is text that
such faults hold in their variables; `order` names a file with the order.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import socket
import sys
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from checks.model import Context, Finding

assert sys.platform != "win32"

_for_ever = contextlib.ExitStack()


def _kill(number: int, when: str) -> None:
    from tests.support.crash_lab import WatchedOs, watching

    def die(count: int, *_: object) -> None:
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    _for_ever.enter_context(watching(WatchedOs(before=die) if when == "before" else WatchedOs(after=die)))


def _fault(name: str) -> None:
    from tests.support.crash_lab import WatchedOs, watching

    def refuse(_: int, call: str, args: tuple[Any, ...]) -> None:
        if call in ("write", "fsync", "replace") and os.path.exists(name):
            number = getattr(errno, Path(name).read_text().strip())
            raise OSError(number, os.strerror(number))

    _for_ever.enter_context(watching(WatchedOs(before=refuse)))


def _waits_for_ever(_context: Context) -> Finding:
    threading.Event().wait()
    return Finding("good")


def _waits_for_the_network(_context: Context) -> Finding:
    one, _other = socket.socketpair()
    one.recv(1)
    return Finding("good")


def _spins(context: Context) -> Finding:
    while not context.cancelled():
        sum(range(1000))
    threading.Event().wait()
    return Finding("good")


def _probes(stuck: int, raising: str) -> None:
    from checks import guide
    from tests.support.helpers_tui import fake_check

    def raises(_context: Context) -> Finding:
        password = raising
        raise RuntimeError(f"not {password}")

    kinds = [_waits_for_ever, _waits_for_the_network, _waits_for_ever, _waits_for_the_network, _spins]
    more = [
        fake_check(f"stuck.n{n}", 1, f"止{n}", f"Stuck {n}", kinds[min(n, 4) if n < 5 else n % 4])
        for n in range(stuck)
    ]
    more += [fake_check("raising.one", 1, "倒れる検査", "Raising", raises)] if raising else []
    load = guide.load_guide

    @cache
    def loaded(name: str) -> Any:
        whole = load(name)
        return replace(whole, checks={**{check.id: check for check in more}, **whole.checks})

    setattr(guide, "load_guide", loaded)  # noqa: B010 - a cached function is of another type


def _hang() -> None:
    from checks import system

    setattr(system, "current", threading.Event().wait)  # noqa: B010 - a function of another type


def _crash(key: str, secret: str) -> None:
    from tui.screens.main import Main

    def broken(self: Main, key: object) -> None:
        password = secret
        raise RuntimeError(f"no {password}")

    setattr(Main, f"_do_{key}", broken)


def main() -> int:
    order: dict[str, Any] = json.loads(sys.argv.pop(1))
    if "order" in order:  # what must not stand on a command line
        order = json.loads(Path(order["order"]).read_text("utf-8"))
    if "kill" in order:
        _kill(*order["kill"])
    if "fault" in order:
        _fault(order["fault"])
    if "stuck" in order or "raising" in order:
        _probes(order.get("stuck", 0), order.get("raising", ""))
    if "hang" in order:
        _hang()
    if "crash" in order:
        _crash(order["crash"], order.get("secret", ""))
    from tui.__main__ import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
