"""Names to addresses, with the deadline that `getaddrinfo` itself does not know."""

from __future__ import annotations

import queue
import socket
import threading
from typing import Literal, TypeAlias

from checks.net.deadline import Deadline
from checks.record import dataclass

Address: TypeAlias = tuple[socket.AddressFamily, tuple[str, int]]
"""Family and address with port; a zone is part of the address (`fe80::1%eth0`)."""

MOST = 16
"""Addresses kept of one name."""

_NO_SUCH_NAME = frozenset(
    value
    for value in (
        getattr(socket, "EAI_NONAME", None),
        getattr(socket, "EAI_NODATA", None),
        -2, -5,  # glibc
        11001, 11004,  # Windows: WSAHOST_NOT_FOUND, WSANO_DATA
    )
    if value is not None
)  # fmt: skip

_NOWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses kept for documentation (RFC 5737, RFC 3849): nobody has them, and nothing is sent to them."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the resolver said; `note` is the system's own message or a short technical reason."""

    state: Literal["resolved", "not-found", "no-answer"]
    addresses: tuple[Address, ...] = ()
    note: str = ""


def resolve(host: str, port: int, deadline: Deadline, *, vague: bool) -> Resolution:
    """All addresses of a host, IPv6 and IPv4, in the order the system prefers; never raises.

    `vague` resolvers say "no such name" too when this PC has no network at all.
    The query runs in a daemon thread: it cannot be stopped, only left behind.
    """
    answers: queue.SimpleQueue[Resolution] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_ask(host, port, vague)), daemon=True, name="resolve").start()
    while True:
        left = deadline.left()
        try:
            return answers.get(timeout=max(0.0, min(left, 0.2)))
        except queue.Empty:
            if left <= 0.0:
                return Resolution("no-answer", note="timed out")


def _ask(host: str, port: int, vague: bool) -> Resolution:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        said = error.errno in _NO_SUCH_NAME and (not vague or has_way_out())
        state: Literal["not-found", "no-answer"] = "not-found" if said else "no-answer"
        return Resolution(state, note=f"{error.errno} {error.strerror or ''}".strip())
    except UnicodeError:
        return Resolution("not-found", note="not a host name")
    except (OSError, ValueError) as error:
        return Resolution("no-answer", note=str(error))
    addresses: list[Address] = []
    for family, _, _, _, address in found:
        if family in (socket.AF_INET, socket.AF_INET6):
            text = str(address[0])
            if len(address) == 4 and address[3] and "%" not in text:
                text += f"%{address[3]}"
            entry = (socket.AddressFamily(family), (text, port))
            if entry not in addresses:
                addresses.append(entry)
    if not addresses:
        return Resolution("not-found", note="no address")
    return Resolution("resolved", tuple(addresses[:MOST]))


def has_way_out() -> bool:
    """Whether this PC has a route to other networks; a datagram socket asks its own system only."""
    for family, address in _NOWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                sock.connect((address, 9))
        except OSError:
            continue
        return True
    return False
