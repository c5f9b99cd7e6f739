"""One function run in a short-lived process of its own: it may hang, crash or eat memory, and only it is lost.

The child gets its work, secrets included, through its standard input as bytes; its arguments are always the same,
its environment nearly empty, its errors are dropped. It takes our `sys.path`, so that it finds the same packages
whether they were installed, are run from a folder that cannot be written to, or come out of an archive.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from checks.secret import Secret, no_dumps

MEMORY = 768 * 1024 * 1024
"""Bytes of address space of a child, where the system keeps such a limit."""
ANSWER = 64 * 1024
"""Bytes that a child may answer with."""
PAYLOAD = 1024 * 1024
"""Bytes that a child may be given."""

_START = (
    "import json, sys\n"
    "order = json.loads(sys.stdin.buffer.readline())\n"
    "sys.path[:] = order['path']\n"
    "from checks.child import serve\n"
    "serve(order)\n"
)
_KEPT = ("SYSTEMROOT", "WINDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PCSCLITE_CSOCK_NAME")


class ChildError(Exception):
    """A child gave no answer; the text says how it ended and holds nothing of what it was given."""


class ChildCrash(ChildError):
    """Our own function in the child raised an exception: a defect, told by its class and its place."""

    def __init__(self, error: str, place: str) -> None:
        super().__init__(f"{error} at {place}")
        self.raised = (error, place)


class ChildLate(ChildError):
    """The child was stopped at its deadline or at its limit of processor time."""


def call(
    function: str, payload: bytes | Secret, *, deadline: float, memory: int = MEMORY, answer: int = ANSWER
) -> bytes:
    """The bytes that `function` (`package.module:name`, bytes to bytes) gives for `payload`, from a process of its own.

    `deadline` in seconds, for waiting and for processor time alike. Raises `ChildLate` when that is over, `ChildError`
    when the process cannot start, ends without an answer or answers with more than `answer` bytes, `ChildCrash` when
    `function` raises.
    """
    secret = Secret(payload) if isinstance(payload, bytes) else payload
    del payload  # a traceback with variables must find no bytes
    if len(secret) > PAYLOAD:
        raise ValueError("payload too large")
    if getattr(sys, "frozen", False) or not sys.executable:
        raise ChildError("no interpreter to start")
    end = time.monotonic() + deadline
    order = {
        "path": [os.path.abspath(entry) for entry in sys.path],
        "function": function,
        "cpu": max(1, round(deadline)),
        "wall": deadline + 0.4,
        "memory": memory,
    }
    try:
        child = subprocess.Popen(
            (sys.executable, "-I", "-S", "-B", "-c", _START),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            close_fds=True,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, ValueError) as error:
        raise ChildError(f"could not start ({type(error).__name__})") from None
    kept = bytearray()
    threads = (
        threading.Thread(target=_give, args=(child, json.dumps(order).encode(), secret), daemon=True),
        threading.Thread(target=take, args=(child, kept, answer), daemon=True),
    )
    try:
        for thread in threads:
            thread.start()
        threads[1].join(max(0.0, end - time.monotonic()))
        if threads[1].is_alive():
            raise ChildLate("stopped at its deadline")
        if len(kept) > answer:
            raise ChildError("answered too much")
        try:
            code = child.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise ChildLate("stopped at its deadline") from None
    finally:
        _end(child)
        for thread in threads:
            thread.join(1.0)
        for pipe, thread in ((child.stdin, threads[0]), (child.stdout, threads[1])):
            if pipe is not None and not thread.is_alive():
                with contextlib.suppress(OSError):
                    pipe.close()
    if code in _TIME_IS_UP:
        raise ChildLate("stopped at its limit of processor time")
    if code == _CRASHED:
        from checks.shown import show

        name, _, place = bytes(kept).decode("ascii", "replace").partition(" ")
        raise ChildCrash(show(name, 60), show(place or name, 120))
    if code != 0:
        raise ChildError(f"ended with {code}")
    return bytes(kept)


_CRASHED = 4
_TIME_IS_UP = frozenset(
    -int(getattr(signal, name)) for name in ("SIGKILL", "SIGXCPU", "SIGALRM") if hasattr(signal, name)
)


def within(deadline: float, timeout: float | None) -> float:
    """A deadline that ends before a check's own `timeout` does, so that the child is gone when its check is."""
    return deadline if timeout is None else max(0.2, min(deadline, 0.8 * timeout))


def _give(child: subprocess.Popen[bytes], order: bytes, payload: Secret) -> None:
    assert child.stdin is not None
    with contextlib.suppress(OSError, ValueError):
        child.stdin.write(order + b"\n")
        child.stdin.write(payload.reveal())
    with contextlib.suppress(OSError, ValueError):
        child.stdin.close()


def take(child: subprocess.Popen[bytes], kept: bytearray, most: int) -> None:
    """Adds what the child writes to `kept`, until it ends or `kept` has more than `most` bytes."""
    assert child.stdout is not None
    with contextlib.suppress(OSError, ValueError):
        while len(kept) <= most and (chunk := os.read(child.stdout.fileno(), 65536)):
            kept.extend(chunk)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        with contextlib.suppress(OSError):
            child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(2.0)


def serve(order: dict[str, Any]) -> None:
    """The child's side: set the limits, read the payload, answer, and end without any tidying up."""
    import faulthandler

    no_dumps()  # before the secret is read
    _limit(int(order["cpu"]), int(order["memory"]))
    # A thread of C's own: it also ends a process whose interpreter is held by a key derivation.
    faulthandler.dump_traceback_later(float(order["wall"]), exit=True, file=2)
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints is no answer
    try:
        payload = sys.stdin.buffer.read(PAYLOAD + 1)
        module, _, name = str(order["function"]).partition(":")
        function: Callable[[bytes], bytes] = getattr(importlib.import_module(module), name)
        answer = memoryview(function(payload))
        while answer:
            answer = answer[os.write(out, answer) :]
    except MemoryError:  # a limit of ours
        os._exit(3)
    except Exception as error:
        from checks.finding import place

        os.write(out, f"{type(error).__name__} {place(error)}".encode("ascii", "replace"))
        os._exit(_CRASHED)
    except BaseException:  # a panic of compiled code is no Exception
        os._exit(3)
    os._exit(0)


def _limit(cpu: int, memory: int) -> None:
    try:
        resource = importlib.import_module("resource")
    except ImportError:  # Windows: the parent's deadline is the limit
        return
    limits = {"RLIMIT_CPU": cpu, "RLIMIT_AS": memory, "RLIMIT_FSIZE": 0}
    for name, value in limits.items():
        number = getattr(resource, name, None)
        if number is not None:
            # macOS refuses some of these; the parent's deadline holds there too.
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(number, (value, value))
