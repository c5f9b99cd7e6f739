"""The way to cards through the system's PC/SC service, by the optional package pyscard; imported only when it is used.

Error numbers: PC/SC Workgroup part 5, as pcsc-lite and winscard use them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from checks.card.apdu import Apdu
from checks.card.card import Trouble

MOST_READERS = 10
NOTICE = 1500
"""Milliseconds for the service to notice that a card is gone."""

_NO_SERVICE = frozenset({0x8010001D, 0x8010001E})
_NO_READER = frozenset({0x8010002E, 0x80100009, 0x80100017})
_NO_CARD = frozenset({0x8010000C})
_REMOVED = frozenset({0x80100069, 0x80100068})
_HELD = frozenset({0x8010000B})
_SILENT = frozenset({0x80100065, 0x80100066, 0x80100067, 0x8010000F, 0x80100016, 0x8010002F, 0x80100015})
_DENIED = frozenset({0x8010006A, 0x80100027})


def trouble(number: int, call: str) -> Trouble:
    """What an error number of PC/SC means for a reading."""
    number &= 0xFFFFFFFF
    detail = f"{call}: 0x{number:08X}"
    for code, numbers in (
        ("no-service", _NO_SERVICE),
        ("no-reader", _NO_READER),
        ("no-card", _NO_CARD),
        ("removed", _REMOVED),
        ("held", _HELD),
        ("silent", _SILENT),
        ("denied", _DENIED),
    ):
        if number in numbers:
            return Trouble(code, detail)
    return Trouble("no-answer", detail)


@contextlib.contextmanager
def readers() -> Iterator[tuple[Pcsc, tuple[str, ...]]]:
    """The service and the names of its readers; raises `Trouble`, with `no-library` where pyscard is missing."""
    try:
        from smartcard import scard
    except ImportError as error:
        raise Trouble("no-library", type(error).__name__) from None
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result:
        raise trouble(result, "SCardEstablishContext")
    try:
        result, names = scard.SCardListReaders(context, [])
        if result:
            raise trouble(result, "SCardListReaders")
        if not names:
            raise Trouble("no-reader")
        yield Pcsc(scard, context), tuple(names[:MOST_READERS])
    finally:
        scard.SCardReleaseContext(context)


class Pcsc:
    """The service, with one context open."""

    def __init__(self, scard: Any, context: Any) -> None:
        self._scard = scard
        self._context = context

    @contextlib.contextmanager
    def card(self, reader: str) -> Iterator[Reader]:
        """The card in that reader, ours alone until the end; raises `Trouble`."""
        scard = self._scard
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        result, handle, protocol = scard.SCardConnect(
            self._context, reader, scard.SCARD_SHARE_SHARED, protocols
        )
        if result:
            raise trouble(result, "SCardConnect")
        try:
            # Another program that selects a file between two of our commands would change what we read.
            result = scard.SCardBeginTransaction(handle)
            if result:
                raise trouble(result, "SCardBeginTransaction")
            try:
                yield Reader(scard, handle, protocol, lambda: self._empty(reader))
            finally:
                scard.SCardEndTransaction(handle, scard.SCARD_LEAVE_CARD)
        finally:
            scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)

    def _empty(self, reader: str) -> bool:
        """Whether the card has just been pulled out; the service may take a moment to notice."""
        scard = self._scard
        known = scard.SCARD_STATE_UNAWARE
        for pause in (0, NOTICE):
            result, states = scard.SCardGetStatusChange(self._context, pause, [(reader, known)])
            if result not in (0, scard.SCARD_E_TIMEOUT) or not states:
                return True
            known = states[0][1] & 0xFFFF
            if not known & scard.SCARD_STATE_PRESENT:
                return True
        return False


class Reader:
    """One card as a transport."""

    def __init__(self, scard: Any, handle: Any, protocol: int, empty: Callable[[], bool]) -> None:
        self._scard = scard
        self._handle = handle
        self._empty = empty
        self._header = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0

    def transmit(self, command: Apdu) -> tuple[bytes, int]:
        """Send one command; an answer without a status word counts as silence. Raises `Trouble`."""
        if type(command) is not Apdu:
            raise TypeError("not a command of ours")
        result, answer = self._scard.SCardTransmit(self._handle, self._header, list(command.raw))
        failed = trouble(result, "SCardTransmit") if result else None
        if failed is None and len(answer) < 2:
            failed = Trouble("silent", f"{len(answer)} bytes")
        if failed is not None:
            # A card that was pulled out looks like a silent one until the service has noticed.
            if failed.code in ("silent", "no-answer") and self._empty():
                raise Trouble("removed", failed.detail)
            raise failed
        return bytes(answer[:-2]), answer[-2] << 8 | answer[-1]
