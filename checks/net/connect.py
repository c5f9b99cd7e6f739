"""Names to addresses and TCP connections, within a time limit whatever the other side does."""

from __future__ import annotations

import contextlib
import errno
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

from checks.net.http import authority
from checks.record import dataclass

Address: TypeAlias = tuple[socket.AddressFamily, tuple[Any, ...]]
"""Family and address as `getaddrinfo` gives them: host, port and, for IPv6, flow and zone."""

MOST = 16
"""Addresses kept of one name."""
SLICE = 0.25
"""Seconds a single wait takes at most, so that a cancelled run notices."""

_NO_SUCH_NAME = frozenset((
    *(getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)),
    -2, -5,  # glibc
    11001, 11004,  # Windows: WSAHOST_NOT_FOUND, WSANO_DATA
))  # fmt: skip
_NOWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses kept for documentation (RFC 5737, RFC 3849): nobody has them, and nothing is sent to them."""


class TimeLimit:
    """One end for many steps, `seconds` from now; a run that was cancelled has nothing left."""

    def __init__(self, seconds: float, cancelled: Callable[[], bool] = lambda: False) -> None:
        self._end = time.monotonic() + seconds
        self._cancelled = cancelled

    def left(self) -> float:
        """Seconds left, never negative."""
        return 0.0 if self._cancelled() else max(0.0, self._end - time.monotonic())

    def within(self, seconds: float) -> TimeLimit:
        return TimeLimit(min(seconds, self.left()), self._cancelled)

    def wait(self) -> float:
        """Seconds for one wait; raises `TimeoutError` when none are left."""
        left = self.left()
        if left <= 0.0:
            raise TimeoutError
        return min(left, SLICE)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the resolver said; `note` is the system's own message or a short technical reason."""

    state: Literal["resolved", "not-found", "no-answer"]
    addresses: tuple[Address, ...] = ()
    note: str = ""


def resolve(host: str, port: int, limit: TimeLimit, *, vague: bool) -> Resolution:
    """All addresses of a host, IPv6 and IPv4, in the order the system prefers; never raises.

    `vague` resolvers say "no such name" too when this PC has no network at all.
    The query runs in a daemon thread: `getaddrinfo` knows no time limit, and can only be left behind.
    """
    answers: queue.SimpleQueue[Resolution] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_ask(host, port, vague)), daemon=True, name="resolve").start()
    while True:
        left = limit.left()
        try:
            return answers.get(timeout=min(left, SLICE))
        except queue.Empty:
            if left <= 0.0:
                return Resolution("no-answer", note="timed out")


def _ask(host: str, port: int, vague: bool) -> Resolution:
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        missing = error.errno in _NO_SUCH_NAME and (not vague or has_way_out())
        note = f"{error.errno} {error.strerror or ''}".strip()
        return Resolution("not-found" if missing else "no-answer", note=note)
    except UnicodeError:
        return Resolution("not-found", note="not a host name")
    except (OSError, ValueError) as error:
        return Resolution("no-answer", note=str(error))
    addresses = tuple(dict.fromkeys(
        (socket.AddressFamily(family), address)
        for family, _, _, _, address in entries
        if family in (socket.AF_INET, socket.AF_INET6) and isinstance(address[0], str)
    ))  # fmt: skip
    if not addresses:
        return Resolution("not-found", note="no address")
    return Resolution("resolved", addresses[:MOST])


def has_way_out() -> bool:
    """Whether this PC has a route to other networks; a datagram socket asks its own system only."""
    for family, address in _NOWHERE:
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((address, 9))
            return True
    return False


def peer_name(address: Address) -> str:
    """Address and port for the evidence; a zone is part of the address (`[fe80::1%2]:443`)."""
    host, port, *more = address[1]
    return authority(f"{host}%{more[1]}" if len(more) == 2 and more[1] and "%" not in host else host, port)


class Connection:
    """A connected socket; reads and writes end at the limit that is handed to them."""

    def __init__(self, sock: socket.socket, peer: str) -> None:
        self._sock = sock
        self.peer = peer
        """Address and port of the other side, for the evidence."""

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close; may be called twice."""
        with contextlib.suppress(OSError):
            self._sock.close()

    def receive(self, limit: TimeLimit) -> bytes:
        """At least one byte, or none at the end; raises `TimeoutError` at the limit, other `OSError` when cut."""
        while True:
            self._sock.settimeout(limit.wait())
            with contextlib.suppress(TimeoutError):
                return self._sock.recv(16384)

    def send(self, data: bytes, limit: TimeLimit) -> None:
        view = memoryview(data)
        while view:
            self._sock.settimeout(limit.wait())
            with contextlib.suppress(TimeoutError):
                view = view[self._sock.send(view) :]


Failure: TypeAlias = Literal["refused", "unreachable", "no-answer"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One address that could not be connected to."""

    peer: str
    reason: Failure
    note: str


def connect(addresses: Sequence[Address], limit: TimeLimit) -> tuple[Connection | None, tuple[Attempt, ...]]:
    """The first address that answers, each with a fair part of the time; never raises."""
    failed: list[Attempt] = []
    cut: Connection | None = None
    for at, address in enumerate(addresses):
        peer = peer_name(address)
        seconds = limit.left() / (len(addresses) - at)
        if seconds <= 0.0:
            failed.append(Attempt(peer, "no-answer", "no time left"))
            continue
        sock: socket.socket | None = None
        try:
            sock = socket.socket(address[0], socket.SOCK_STREAM)
            sock.settimeout(seconds)
            sock.connect(address[1])
            return Connection(sock, peer), tuple(failed)
        except OSError as error:
            failed.append(Attempt(peer, _failure(error), error.strerror or type(error).__name__))
            if sock is not None and isinstance(error, ConnectionResetError) and cut is None:
                # A refusal has a name of its own: this one was connected, and reset before we looked.
                cut = Connection(sock, peer)
            elif sock is not None:
                sock.close()
    return cut, tuple(failed)


def worst(attempts: Sequence[Attempt]) -> Failure:
    """The reason that says most when every address failed: a refusal proves that a machine was reached."""
    reasons: dict[Failure, None] = dict.fromkeys(attempt.reason for attempt in attempts)
    return next((reason for reason in ("refused", "no-answer") if reason in reasons), "unreachable")


def _failure(error: OSError) -> Failure:
    if isinstance(error, TimeoutError) or error.errno == errno.ETIMEDOUT:
        return "no-answer"
    return "refused" if isinstance(error, ConnectionError) else "unreachable"
