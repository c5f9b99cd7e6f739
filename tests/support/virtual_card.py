"""A card that exists only here: in process as a transport, or as the card side of a virtual reader (vpcd).

It keeps count of what it was sent, so that a test can show that no try was spent and no PIN came near it.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from checks.card.apdu import Apdu
from checks.card.card import Trouble

JPKI = bytes.fromhex("D392F000260100000001")
OK, NOT_FOUND, DENIED = b"\x90\x00", b"\x6a\x82", b"\x69\x82"
ATR = bytes.fromhex("3BE000FF8131FE4514")
LAST = datetime(2030, 3, 14, 14, 59, 59, tzinfo=UTC)
"""23:59:59 on 2030-03-14 in Japan."""


def certificate(
    subject_unit: str, issuer_unit: str, organisation: str = "JPKI", last: datetime = LAST
) -> bytes:
    """A certificate as the public service's authorities name them; the person is an example."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())

    def name(unit: str) -> x509.Name:
        pairs = [(NameOID.COUNTRY_NAME, "JP"), (NameOID.ORGANIZATION_NAME, organisation)]
        pairs += [(NameOID.ORGANIZATIONAL_UNIT_NAME, unit)]
        return x509.Name([x509.NameAttribute(kind, text) for kind, text in pairs])

    made = (
        x509.CertificateBuilder()
        .subject_name(name(subject_unit))
        .issuer_name(name(issuer_unit))
        .public_key(key.public_key())
        .serial_number(0x5EC12E75E21A1)
        .not_valid_before(last - timedelta(days=1800))
        .not_valid_after(last)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("x" * 60 + ".example")]), False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.DER)


def good_files(organisation: str = "JPKI", last: datetime = LAST) -> dict[int, bytes]:
    """The files of a card with both certificates."""
    return {
        0x0006: b"JPKIAPICCTOKEN2".ljust(32),
        0x0008: b"\x8f\x8f\x00",
        0x000A: certificate("SECRET NAME", "JPKI for user authentication", organisation, last),
        0x0002: certificate("JPKI for digital signature", "JPKI for digital signature", organisation),
    }


@dataclass
class VirtualCard:
    """Files, PINs and habits of a card; `commands` is all that it was sent."""

    files: dict[int, bytes] = field(default_factory=dict)
    tries: dict[int, bytes] = field(default_factory=lambda: {0x1B: b"\x63\xc5", 0x18: b"\x63\xc3"})
    """Status words that a VERIFY without data gets."""
    jpki: bool = True
    answers: list[bytes] | None = None
    """Fixed answers, whole, in place of all sense; the last one is repeated."""
    gone_after: int | None = None
    """Commands after which the card is pulled out."""
    commands: list[bytes] = field(default_factory=list)
    spent: int = 0
    """VERIFY commands with data: none is ever right."""
    _file: int = 0

    def answer(self, command: bytes) -> bytes | None:
        """The data and status word, or None when the card is gone."""
        if self.gone_after is not None and len(self.commands) >= self.gone_after:
            return None
        self.commands.append(command)
        if self.answers is not None:
            return self.answers[min(len(self.commands), len(self.answers)) - 1]
        head, body = command[:4], command[4:]
        if head[:2] == b"\x00\xa4" and head[2] == 4:
            return OK if self.jpki and body[1:] == JPKI else NOT_FOUND
        if head[:2] == b"\x00\xa4" and head[2] == 2:
            self._file = int.from_bytes(body[1:3], "big")
            return OK if self._file in self.files or self._file in self.tries else NOT_FOUND
        if head[:2] == b"\x00\xb0":
            data = self.files.get(self._file)
            if data is None:
                return DENIED
            at, length = int.from_bytes(head[2:4], "big"), (body[0] or 256)
            return data[at : at + length] + OK if at < len(data) else b"\x6b\x00"
        if head == b"\x00\x20\x00\x80":
            if body:
                self.spent += 1
            return self.tries.get(self._file, NOT_FOUND)
        return b"\x6d\x00"

    def transmit(self, command: Apdu) -> tuple[bytes, int]:
        """The same as a transport of ours."""
        said = self.answer(command.raw)
        if said is None:
            raise Trouble("removed")
        if len(said) < 2:
            raise Trouble("silent", f"{len(said)} bytes")
        return said[:-2], int.from_bytes(said[-2:], "big")


def scenarios() -> dict[str, tuple[VirtualCard, str, str]]:
    """Cards by name, with the codes of `certificate.card` and `certificate.pin-tries` (`-`: not reached)."""
    good = good_files()
    token = {**good, 6: b"JPKIAPICCTOKEN".ljust(32)}
    none = {**good, 8: b"\x00\x8f\x00"}
    return {
        "good": (VirtualCard(good), "my-number-card", "enough"),
        "locked": (VirtualCard(good, {0x1B: b"\x63\xc0", 0x18: b"\x63\xc3"}), "my-number-card", "locked"),
        "blocked-pin": (VirtualCard(good, {0x1B: b"\x69\x83"}), "my-number-card", "locked"),
        "invalidated-pin": (VirtualCard(good, {0x1B: b"\x69\x84"}), "my-number-card", "locked"),
        "one-try": (VirtualCard(good, {0x1B: b"\x63\xc1"}), "my-number-card", "few"),
        "three-tries": (VirtualCard(good, {0x1B: b"\x63\xc3"}), "my-number-card", "enough"),
        "already-entered": (VirtualCard(good, {0x1B: OK}), "my-number-card", "no-answer"),
        "no-signature": (VirtualCard(none), "no-signature-certificate", "enough"),
        "signature-unclear": (
            VirtualCard({name: data for name, data in good.items() if name != 8}), "signature-unclear", "enough",
        ),
        "old-juki": (VirtualCard(token), "old-juki-card", "-"),
        "android": (VirtualCard({**good, 6: b"JPKIAPGPSETOKEN".ljust(32)}), "smartphone", "-"),
        "iphone": (VirtualCard({**good, 6: b"JPKIAPIOSTOKEN".ljust(32)}), "smartphone", "-"),
        "new-token": (VirtualCard({**good, 6: b"JPKIAPICCTOKEN9".ljust(32)}), "unknown-token", "-"),
        "test-issuer": (VirtualCard(good_files("JPKI-TEST")), "test-card", "-"),
        "other-card": (VirtualCard(jpki=False), "other-card", "-"),
        "removed": (VirtualCard(good, gone_after=9), "removed", "-"),
        "empty": (VirtualCard(answers=[b""]), "silent", "-"),
        "garbage": (VirtualCard(answers=[b"\xde\xad\xbe\xef"]), "garbage", "-"),
        "garbage-token": (VirtualCard({**good, 6: b"\x1b[31m\x9b" + bytes(range(28))}), "garbage", "-"),
        "blank-token": (VirtualCard({**good, 6: b" " * 32}), "silent", "-"),
        "endless": (VirtualCard(answers=[OK, OK, b"JPKIAPICCTOKEN2".ljust(32) + OK, b"\x30\x82\x1f\x00" + OK]),
                    "garbage", "-"),
    }  # fmt: skip


class Inserted:
    """The card in a virtual reader: the vpcd protocol on a TCP connection to this machine."""

    def __init__(self, card: VirtualCard, port: int = 35963) -> None:
        self.card = card
        """Can be replaced by another between two readings."""
        self.resets = 0
        self._socket = socket.create_connection(("127.0.0.1", port), 5)
        self._socket.settimeout(60)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def remove(self) -> None:
        """Pull the card out."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            # The reader sends a length and a body apart, and waits for the length to be acknowledged.
            self._socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, "TCP_QUICKACK", 1), 1)
            part = self._socket.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def _serve(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                (size,) = struct.unpack(">H", self._read(2))
                message = self._read(size)
                if size == 1 and message in (b"\0", b"\1", b"\2"):
                    self.resets += message == b"\2"
                    continue
                said = ATR if message == b"\4" and size == 1 else self.card.answer(message)
                if said is None:
                    self._socket.close()
                    return
                self._socket.sendall(struct.pack(">H", len(said)) + said)


class Readers:
    """A service with these readers, each with a card or with a trouble."""

    def __init__(self, **inside: VirtualCard | Trouble) -> None:
        self._inside = inside

    @contextlib.contextmanager
    def card(self, reader: str) -> Iterator[VirtualCard]:
        """The card in that reader."""
        found = self._inside[reader]
        if isinstance(found, Trouble):
            raise found
        yield found
