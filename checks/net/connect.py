"""TCP connections that keep their deadline whatever the other side does."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Sequence
from typing import Literal, TypeAlias

from checks.net.deadline import Deadline
from checks.net.dns import Address
from checks.net.http import authority
from checks.record import dataclass

Reason: TypeAlias = Literal["refused", "unreachable", "no-answer"]
SLICE = 0.25
"""Seconds a single wait takes at most, so that a cancelled run notices."""


class Connection:
    """A connected socket; reads and writes end at the deadline that is handed to them."""

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

    def receive(self, deadline: Deadline, limit: int = 16384) -> bytes:
        """At least one byte, or none at the end; raises `TimeoutError` at the deadline, other `OSError` when cut."""
        while True:
            left = deadline.left()
            if left <= 0.0:
                raise TimeoutError
            self._sock.settimeout(min(left, SLICE))
            with contextlib.suppress(TimeoutError):
                return self._sock.recv(limit)

    def send(self, data: bytes, deadline: Deadline) -> None:
        """All of `data`; raises as `receive` does."""
        view = memoryview(data)
        while view:
            left = deadline.left()
            if left <= 0.0:
                raise TimeoutError
            self._sock.settimeout(min(left, SLICE))
            with contextlib.suppress(TimeoutError):
                view = view[self._sock.send(view) :]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One address that could not be connected to."""

    peer: str
    reason: Reason
    note: str


def connect(
    addresses: Sequence[Address], deadline: Deadline
) -> tuple[Connection | None, tuple[Attempt, ...]]:
    """The first address that answers, each with a fair part of the time; never raises."""
    failed: list[Attempt] = []
    cut: tuple[socket.socket, str] | None = None
    for at, (family, address) in enumerate(addresses):
        peer = authority(*address)
        share = deadline.share(len(addresses) - at)
        if share.left() <= 0.0:
            failed.append(Attempt(peer, "no-answer", "no time left"))
            continue
        sock: socket.socket | None = None
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.settimeout(share.left())
            sock.connect(_with_zone(address) if family == socket.AF_INET6 else address)
            if cut is not None:
                cut[0].close()
            return Connection(sock, peer), tuple(failed)
        except OSError as error:
            if sock is not None and isinstance(error, ConnectionResetError) and cut is None:
                # A refusal has a name of its own: this one was connected, and reset before we looked.
                cut = (sock, peer)
            elif sock is not None:
                sock.close()
            failed.append(Attempt(peer, _reason(error), error.strerror or type(error).__name__))
    if cut is not None:
        return Connection(*cut), tuple(failed)
    return None, tuple(failed)


def worst(attempts: Sequence[Attempt]) -> Reason:
    """The reason that says most when every address failed: a refusal proves that a machine was reached."""
    reasons = {attempt.reason for attempt in attempts}
    if "refused" in reasons:
        return "refused"
    return "no-answer" if "no-answer" in reasons else "unreachable"


def _with_zone(address: tuple[str, int]) -> tuple[str, int, int, int]:
    host, _, zone = address[0].partition("%")
    if not zone:
        return host, address[1], 0, 0
    try:
        return host, address[1], 0, int(zone) if zone.isdigit() else socket.if_nametoindex(zone)
    except (AttributeError, OSError):
        return address[0], address[1], 0, 0


def _reason(error: OSError) -> Reason:
    if isinstance(error, TimeoutError) or error.errno == errno.ETIMEDOUT:
        return "no-answer"
    if isinstance(error, ConnectionError):
        return "refused"
    return "unreachable"
