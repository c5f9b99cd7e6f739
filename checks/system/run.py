"""Commands of the system: absolute path, no shell, an environment made from nothing, limits of time and output."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import PurePosixPath, PureWindowsPath

from checks.child import take
from checks.record import dataclass
from checks.system.api import Unavailable

TIMEOUT = 5.0
LIMIT = 4 * 1024 * 1024
"""Bytes of output kept; a command that writes more is stopped."""


@dataclass(frozen=True, slots=True)
class Output:
    """How a command ended and what it wrote to its standard output."""

    code: int
    data: bytes


def run(argv: tuple[str, ...], timeout: float = TIMEOUT, limit: int = LIMIT) -> Output:
    """Run one program to its end; raises `Unavailable` when it is missing, too slow or too talkative.

    Its standard error is dropped: it is in the system's language and only fit for people.
    """
    program = argv[0]
    if not (PurePosixPath(program).is_absolute() or PureWindowsPath(program).is_absolute()):
        raise ValueError(f"not an absolute path: {program!r}")
    name = PureWindowsPath(program).name
    try:
        child = _start(argv)
    except OSError as error:
        raise Unavailable(f"{name}: {error.strerror or type(error).__name__}") from None
    kept = bytearray()
    reader = threading.Thread(target=take, args=(child, kept, limit), daemon=True, name=f"output of {name}")
    reader.start()
    reader.join(timeout)
    try:
        if reader.is_alive():
            raise Unavailable(f"{name}: no answer in {timeout:g} s")
        if len(kept) > limit:
            raise Unavailable(f"{name}: more than {limit} bytes")
        if not _ended(child, timeout):
            raise Unavailable(f"{name}: does not end")
        _kill(child)
        return Output(child.wait(1.0), bytes(kept))
    finally:
        _kill(child)
        reader.join(1.0)
        if child.stdout is not None and not reader.is_alive():
            child.stdout.close()


def _start(argv: tuple[str, ...]) -> subprocess.Popen[bytes]:
    if sys.platform == "win32":
        root = os.environ.get("SYSTEMROOT", r"C:\Windows")
        # Without SystemRoot neither sockets nor .NET start.
        env = {"SystemRoot": root, "windir": root, "PATH": rf"{root}\System32;{root}"}
        kept: tuple[str, ...] = ("TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "ProgramData")
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        env = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"}
        # Where the person's own settings lie; nothing else of the environment reaches the child.
        kept = ("HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
        flags = 0
    return subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**env, **{name: os.environ[name] for name in kept if name in os.environ}},
        creationflags=flags,
        start_new_session=True,
    )


def _ended(child: subprocess.Popen[bytes], timeout: float) -> bool:
    """Whether the child ends in time; it is left a zombie where there are such, so that its group keeps its number."""
    if sys.platform == "win32" or sys.platform == "darwin":  # macOS has no waitid before Python 3.13
        try:
            child.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True
    end = time.monotonic() + timeout
    while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and, where the system knows groups, all that it started."""
    if child.returncode is not None:
        return
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            child.kill()
        else:
            # The group's number stays taken while its leader has not been waited for.
            os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(1.0)
