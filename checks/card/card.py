"""A card in a reader, told apart and read without a PIN; bounded whatever the card answers.

Token names and files: J-LIS's card application as described by OpenSC. What a real locked card answers (63C0, 6983 or
6984) and every value of EF 0008 but 8F are not confirmed, so all of the former are read as locked, and any other value
of the latter as "unclear".
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from checks.card import apdu
from checks.card.apdu import Apdu, Application, File
from checks.pki import certificates, der, names
from checks.record import dataclass

MOST_COMMANDS = 120
"""Commands that one reading may take; a whole one takes about 50."""
LARGEST = 8 * 1024
"""Bytes of the largest certificate read; real ones have 1 to 2 kB."""
_CHUNK = 0xE0

_TOKENS = {
    b"JPKIAPICCTOKEN2": "my-number",
    b"JPKIAPICCTOKEN": "old-juki-card",
    b"JPKIAPGPSETOKEN": "android",
    b"JPKIAPIOSTOKEN": "iphone",
}
_GENERATIONS = {
    "19645405a1fe14377434bd55957628ac4038557c542403a2243f21c706fc9355": 1,
    "79679c33e4cc9319440f1ad120a597ff1844e2ef217063adb176966fd5e6fbeb": 2,
    "d227f6cde11d35c5252178f106f843d24651944975413b539fa2fb68dbfa365f": 3,
}
"""SHA-256 of the certificates of JPKI's authority for signatures (J-LIS, sign_fingerprint.pdf)."""
_PRESENT = 0x8F
_NOT_THERE = frozenset({0x6A81, 0x6A82, 0x6D00, 0x6E00})
"""Status words with which a card says that it has no such application (ISO/IEC 7816-4, 5.6)."""
_LOCKED = frozenset({0x6983, 0x6984, 0x63C0})


class Transport(Protocol):
    """The way to one card."""

    def transmit(self, command: Apdu) -> tuple[bytes, int]:
        """The data of the answer and its status word; raises `Trouble`."""


class Trouble(Exception):
    """The card cannot be talked to; `code` says why (`removed`, `held`, `silent` …)."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class CardState:
    """All that is kept of a card, nothing that says whose it is; or why none could be seen."""

    kind: str
    """`my-number`, another sort of card, or the trouble met (`contents.KINDS`)."""
    signature: bool | None = None
    """Whether it has a certificate for signatures; None where that is not clear."""
    sign_tries: int | None = None
    """Tries left of the password for signatures, 0 when locked; None where the card did not say."""
    auth_tries: int | None = None
    generation: int | None = None
    """Of the authority that issued its certificate for signatures; None where unknown."""
    test: bool | None = False
    """Issued by the authority for tests; None where no certificate of the card could be read."""
    auth_until: datetime | None = None
    """Last moment of the certificate for user authentication, UTC."""
    detail: str = ""
    """The status word that decided, for people who know."""
    evidence: tuple[str, ...] = ()
    readers: int = 1
    unread: tuple[str, ...] = ()
    """Readers whose card could not be read, and why."""


class _Conversation:
    """A conversation with a card that ends after a bounded number of commands."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._left = MOST_COMMANDS

    def send(self, command: Apdu) -> tuple[bytes, int]:
        if self._left <= 0:
            raise Trouble("garbage", "too many commands")
        self._left -= 1
        data, status = self._transport.transmit(command)
        return bytes(data[:256]), status & 0xFFFF

    def select(self, file: File) -> bool:
        return self.send(apdu.select_file(file))[1] == 0x9000

    def start(self, file: File, length: int) -> bytes | None:
        if not self.select(file):
            return None
        data, status = self.send(apdu.read_binary(0, length))
        return data[:length] if status in (0x9000, 0x6282) else None

    def element(self, file: File) -> bytes | None:
        """The one DER element that a file begins with, or None."""
        head = self.start(file, 4)
        if head is None or len(head) < 4 or head[0] != der.SEQUENCE or head[1] != 0x82:
            return None
        size = 4 + int.from_bytes(head[2:4], "big")
        if size > LARGEST:
            return None
        data = bytearray(head)
        while len(data) < size:
            part, status = self.send(apdu.read_binary(len(data), min(_CHUNK, size - len(data))))
            if not part or status not in (0x9000, 0x6282):
                return None
            data += part
        return bytes(data[:size])

    def tries(self, file: File) -> int | None:
        if not self.select(file):
            return None
        data, status = self.send(apdu.tries_left())
        if data:
            return None
        if status in _LOCKED:
            return 0
        return status & 0xF if status & 0xFFF0 == 0x63C0 else None


def read(transport: Transport) -> CardState:
    """What card this is and what it says without a PIN; raises `Trouble` when it stops answering."""
    talk = _Conversation(transport)
    _, status = talk.send(apdu.select_application(Application.JPKI))
    if status != 0x9000:
        kind = "other-card" if status in _NOT_THERE else "silent" if not status else "garbage"
        return CardState(kind, detail=f"SELECT {status:04X}")
    name = talk.start(File.TOKEN, 32)
    token = (name or b"").rstrip(b" \0\xff")
    kind = _TOKENS.get(token, "unknown-token")
    if not token:
        # An application that hides its token is no application that we know.
        return CardState("garbage" if name is None else "silent", detail="token is empty")
    if kind != "my-number":
        plain = token.isascii() and token.decode("ascii").isalnum()
        return CardState(kind if plain else "garbage", detail="token of another kind")
    present = talk.start(File.CERTIFICATES, 3)
    authority = _certificate(talk.element(File.SIGN_AUTHORITY))
    own = _certificate(talk.element(File.AUTH_CERTIFICATE))
    issuers = [names.organisation(one.issuer).strip().upper() for one in (authority, own) if one]
    return CardState(
        kind,
        signature=None if not present else present[0] == _PRESENT,
        sign_tries=talk.tries(File.SIGN_PIN),
        auth_tries=talk.tries(File.AUTH_PIN),
        generation=_GENERATIONS.get(authority.sha256.hex()) if authority else None,
        test="JPKI-TEST" in issuers if issuers else None,
        auth_until=own.not_after if own else None,
        detail=f"EF 0008 {present[0]:02X}" if present else "EF 0008 not readable",
    )


def _certificate(encoded: bytes | None) -> certificates.Certificate | None:
    try:
        return certificates.parse(encoded) if encoded else None
    except der.DerError:
        return None
