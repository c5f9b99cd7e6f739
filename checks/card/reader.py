"""The way to the cards in this PC's readers, as a transport for our few commands; imported only when it is used."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator

from checks.card.apdu import Apdu
from checks.card.card import Transport, Trouble
from checks.system import pcsc
from checks.system.pcsc import PcscContext, PcscError

NOTICE = 1500
"""Milliseconds for the service to notice that a card is gone."""
_ANSWER = 264
"""Bytes that a card may answer with: 256, a status word, and some that only a card gone wrong sends."""

_TROUBLES = {
    "no-service": pcsc.NO_SERVICE,
    "no-reader": {pcsc.NO_READERS, 0x80100009, 0x80100017},
    "no-card": {0x8010000C},
    "removed": {0x80100069, 0x80100068},
    "held": {0x8010000B},
    "silent": {0x80100065, 0x80100066, 0x80100067, 0x8010000F, 0x80100016, 0x8010002F, 0x80100015},
    "denied": {0x8010006A, 0x80100027},
}


def trouble(error: PcscError) -> Trouble:
    """What a failed call means for a reading."""
    code = next((code for code, numbers in _TROUBLES.items() if error.number in numbers), "no-answer")
    if error.number == 0x80100069 and error.call.startswith("SCardConnect"):
        code = "no-card"  # what Windows says of some readers that are empty
    return Trouble(code, error.reason)


@contextlib.contextmanager
def card(service: PcscContext, name: str) -> Iterator[Transport]:
    """The card in that reader, ours alone until the end; raises `Trouble`."""
    try:
        with service.card(name) as (handle, protocol):
            yield CardTransport(service, name, handle, protocol)
    except PcscError as error:
        raise trouble(error) from None


class CardTransport:
    """A reader with a card in it, as a transport."""

    def __init__(self, service: PcscContext, name: str, card: object, protocol: int) -> None:
        self._service, self._name, self._card = service, name, card
        self._header = service.types.pci(protocol, ctypes.sizeof(service.types.pci))

    def transmit(self, command: Apdu) -> tuple[bytes, int]:
        """Send one command; an answer without a status word counts as silence. Raises `Trouble`."""
        if type(command) is not Apdu:
            raise TypeError("not a command of ours")
        sent = self._card, ctypes.byref(self._header), command.raw, len(command.raw)
        answer, length = ctypes.create_string_buffer(_ANSWER), self._service.types.number(_ANSWER)
        number = self._service.call("SCardTransmit", *sent, None, answer, ctypes.byref(length))
        data = answer.raw[: length.value]
        if not number and len(data) >= 2:
            return data[:-2], int.from_bytes(data[-2:], "big")
        failed = Trouble("silent", f"{len(data)} bytes")
        if number:
            failed = trouble(PcscError("SCardTransmit", number))
        # A card that was pulled out looks like a silent one until the service has noticed.
        if failed.code in ("silent", "no-answer") and self._empty():
            raise Trouble("removed", failed.detail)
        raise failed

    def _empty(self) -> bool:
        """Whether the card has just been pulled out; the service may take a moment to notice."""
        try:
            known = self._service.state(self._name)
            later = self._service.state(self._name, known, NOTICE) if known & pcsc.PRESENT else known
            return not later & pcsc.PRESENT
        except PcscError:
            return True
