"""Servers on 127.0.0.1 that do everything but what they should."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from ssl import CERT_REQUIRED, TLSVersion
from typing import Any

from tests.support import tls_lab as lab
from tests.support.tls_lab import Handler, Made, Tls

TLS_1_2 = b"\x03\x03"


def record(kind: int, content: bytes, version: bytes = TLS_1_2) -> bytes:
    """One TLS record."""
    return bytes([kind]) + version + struct.pack(">H", len(content)) + content


def message(kind: int, content: bytes) -> bytes:
    """One handshake message."""
    return bytes([kind]) + len(content).to_bytes(3, "big") + content


def hello(version: bytes = TLS_1_2, suite: bytes = b"\xc0\x2b", secure: bool = True) -> bytes:
    """A ServerHello of TLS 1.2 or older; the suite is ECDHE-ECDSA-AES128-GCM-SHA256.

    Without `secure` it is that of a server that does not know RFC 5746.
    """
    if not secure:
        return message(2, version + bytes(range(32)) + b"\x00" + suite + b"\x00")
    renegotiation = b"\xff\x01\x00\x01\x00"
    extensions = struct.pack(">H", len(renegotiation)) + renegotiation
    return message(2, version + bytes(range(32)) + b"\x00" + suite + b"\x00" + extensions)


def certificates(ders: Sequence[bytes]) -> bytes:
    """A Certificate message of TLS 1.2."""
    listed = b"".join(len(der).to_bytes(3, "big") + der for der in ders)
    return message(11, len(listed).to_bytes(3, "big") + listed)


def alert(level: int, number: int) -> bytes:
    """An alert."""
    return record(21, bytes([level, number]))


def says(*parts: bytes, then: str = "wait", first: bool = True, pause: float = 0.0) -> Handler:
    """Reads the ClientHello (or not), says the parts one after the other, then waits, closes or resets."""

    def handle(sock: socket.socket, stop: threading.Event) -> None:
        if first:
            sock.recv(65536)
        for part in parts:
            sock.sendall(part)
            if pause and stop.wait(pause):
                return
        if then == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
        elif then == "wait":
            stop.wait()

    return handle


def forever(part: bytes, before: bytes = b"", pause: float = 0.0) -> Handler:
    """Says something without end."""

    def handle(sock: socket.socket, stop: threading.Event) -> None:
        sock.recv(65536)
        sock.sendall(before)
        while not stop.is_set():
            sock.sendall(part)
            if pause:
                stop.wait(pause)

    return handle


def in_records(data: bytes, size: int = 16000) -> list[bytes]:
    """Handshake bytes cut into records."""
    return [record(22, data[at : at + size]) for at in range(0, len(data), size)]


@cache
def expired() -> Made:
    """An expired leaf under a root that is known to nobody else."""
    return lab.leaf(lab.root(), after=lab.NOW - lab.DAY)


def zoo() -> Iterable[tuple[str, frozenset[str], Handler]]:
    """Name, the codes that are right, and the server."""
    good = lab.leaf(lab.root())
    timeout, closed = {"handshake-timeout"}, {"connection-closed"}
    refused, not_tls, version = {"handshake-refused"}, {"not-tls"}, {"tls-version"}
    chain = {"chain-invalid"}
    flight = record(22, hello() + certificates([good.der]))
    retry = message(
        2,
        TLS_1_2
        + bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
        + b"\x00\x13\x01\x00"
        + b"\x00\x0c\x00\x2b\x00\x02\x03\x04\x00\x33\x00\x02\x00\x18",
    )
    rows: list[tuple[str, set[str], Handler]] = [
        ("silence", timeout, says()),
        ("silence from the first", timeout, says(first=False)),
        ("closes at once", closed, says(then="close", first=False)),
        ("resets at once", closed, says(then="reset", first=False)),
        ("closes after the ClientHello", closed, says(then="close")),
        ("resets after the ClientHello", closed, says(then="reset")),
        ("HTTP", not_tls, says(b"HTTP/1.1 400 Bad Request\r\n\r\n", then="close")),
        ("HTTP, one byte at first", not_tls, says(b"H")),
        ("an SSH banner", not_tls, says(b"SSH-2.0-Example\r\n", first=False)),
        ("a mail banner", not_tls, says(b"220 mail.example ESMTP\r\n", first=False)),
        ("zeros", not_tls, forever(bytes(4096))),
        ("garbage", not_tls, says(bytes(range(255, 0, -1)) * 40)),
        ("garbage within a record", not_tls, says(record(22, bytes(range(7, 250))))),
        ("an echo", not_tls, _echo),
        ("a record with an odd version", not_tls, says(record(22, hello(), b"\x09\x09"))),
        ("a record that is too long", not_tls, says(b"\x16\x03\x03\xff\xff" + bytes(70000))),
        ("half a record, silence", timeout, says(record(22, hello())[:20])),
        ("half a record, closes", closed, says(record(22, hello())[:20], then="close")),
        ("one byte, closes", closed, says(b"\x16", then="close")),
        ("one byte at a time", timeout, says(*(bytes([byte]) for byte in flight), pause=0.05)),
        ("one byte at a time, garbage later", timeout, forever(b"\x00", b"\x16\x03\x03\x40\x00\x02", 0.05)),
        ("empty records without end", refused | not_tls, forever(record(22, b"") * 50)),
        ("warnings without end", refused, forever(alert(1, 100) * 50)),
        ("unrecognised name as a warning, silence", timeout, says(alert(1, 112))),
        ("alert handshake failure", refused, says(alert(2, 40), then="close")),
        ("alert unrecognised name", refused, says(alert(2, 112), then="close")),
        ("alert internal error", refused, says(alert(2, 80), then="close")),
        ("alert of an unknown number", refused, says(alert(2, 201), then="close")),
        ("alert and reset", refused, says(alert(2, 40), then="reset", pause=0.05)),
        ("alert protocol version", version, says(alert(2, 70), then="close")),
        ("alert of an old server", version, says(record(21, b"\x02\x46", b"\x03\x01"), then="close")),
        ("close notify", closed, says(alert(1, 0), then="close")),
        ("TLS 1.1 hello", version, says(record(22, hello(b"\x03\x02"), b"\x03\x02"))),
        ("TLS 1.0 hello", version, says(record(22, hello(b"\x03\x01"), b"\x03\x01"))),
        ("SSL 3.0 hello", version, says(record(22, hello(b"\x03\x00"), b"\x03\x00"))),
        ("a suite that was not offered", refused, says(record(22, hello(suite=b"\x00\x2f")))),
        ("no secure renegotiation, silence", timeout, says(record(22, hello(secure=False)))),
        ("no secure renegotiation, closes", closed, says(record(22, hello(secure=False)), then="close")),
        ("no secure renegotiation, unknown chain", {"untrusted-root"}, says(record(22, hello(secure=False) + certificates([good.der])))),
        ("retries without end", refused, says(record(22, retry), record(22, retry), pause=0.05)),
        ("a certificate of 10 MB", chain, says(record(22, hello()), *in_records(certificates([bytes(10_000_000)])))),
        ("a list of 150 kB", chain, says(record(22, hello()), *in_records(certificates([good.der] * 300)))),
        ("an unreadable certificate", chain, says(record(22, hello() + certificates([b"\x30\x03\x02\x01\x00"])))),
        ("an empty list", chain | refused, says(record(22, hello() + certificates([])))),
        ("a cut certificate", chain, says(record(22, hello() + certificates([good.der[:-40]])))),
        ("unknown chain, silence", {"untrusted-root"}, says(flight)),
        ("unknown chain, reset", {"untrusted-root"}, says(flight, then="reset", pause=0.05)),
        ("endless handshake", chain | refused | not_tls, forever(record(22, bytes([2, 255, 255, 255]) * 4000))),
        ("endless messages", chain | refused | not_tls, forever(record(22, message(4, bytes(4000)) * 4), record(22, hello()))),
    ]  # fmt: skip
    return [(name, frozenset(codes), handler) for name, codes, handler in [*rows, *_more()]]


def _more() -> list[tuple[str, set[str], Handler]]:
    """Alerts, banners and records of every wrong kind; handshakes that go astray; servers with real TLS and a fault."""
    good = lab.leaf(lab.root())
    strangers = [lab.intermediate(lab.root(), "Example", f"j{number}") for number in range(20)]
    timeout, closed = {"handshake-timeout"}, {"connection-closed"}
    refused, not_tls, version = {"handshake-refused"}, {"not-tls"}, {"tls-version"}
    unknown = {"untrusted-root"}
    flight = hello() + certificates([good.der])
    exchange = message(12, b"\x03\x00\x17\x41" + bytes(65) + b"\x04\x03\x00\x08" + bytes(8))
    plain = TLS_1_2 + bytes(range(32)) + b"\x00\xc0\x2b"
    return [
        ("alert bad certificate", refused, says(alert(2, 42), then="close")),
        ("alert certificate required", refused, says(alert(2, 116), then="close")),
        ("alert insufficient security", refused, says(alert(2, 71), then="close")),
        ("alert no application protocol", refused, says(alert(2, 120), then="close")),
        ("alert after the hello", refused, says(record(22, hello()), alert(2, 80), then="close", pause=0.05)),
        ("two fatal alerts", refused | version, says(alert(2, 40) + alert(2, 70), then="close")),
        ("an alert of three bytes", not_tls, says(record(21, b"\x02\x28\x00"), then="close")),
        ("an alert cut in two", not_tls, says(record(21, b"\x02"), record(21, b"\x28"), then="close", pause=0.05)),
        ("half an alert, silence", not_tls, says(record(21, b"\x02"))),
        ("an FTP banner", not_tls, says(b"220 FTP server ready\r\n", then="close")),
        ("a database greeting", not_tls, says(b"\x4a\x00\x00\x00\x0a8.0.36\x00" + bytes(60), first=False)),
        ("an IMAP banner", not_tls, says(b"* OK IMAP4rev1 ready\r\n", first=False)),
        ("an error of a key store", not_tls, says(b"-ERR unknown command\r\n")),
        ("one letter for no", not_tls, says(b"N")),
        ("a login page", not_tls, says(b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n<html>", then="close")),
        ("HTTP/2 without TLS", not_tls, says(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18))),
        ("SSL 2.0 hello", not_tls, says(b"\x80\x2b\x04\x00\x01\x00\x02\x00\x00" + bytes(34))),
        ("application data first", not_tls, says(record(23, bytes(40)))),
        ("change cipher spec first", not_tls, says(record(20, b"\x01"))),
        ("change cipher spec without end", not_tls, forever(record(20, b"\x01") * 200)),
        ("a heartbeat first", not_tls, says(record(24, b"\x01\x40\x00" + bytes(16)))),
        ("a record of no kind", not_tls, says(record(99, bytes(20)))),
        ("two hellos", refused, says(record(22, hello()), record(22, hello()))),
        ("certificates before the hello", not_tls, says(record(22, certificates([good.der])))),
        ("done right after the hello", refused, says(record(22, hello() + message(14, b"")))),
        ("finished first", not_tls, says(record(22, message(20, bytes(12))))),
        ("hello requests without end", refused, forever(record(22, message(0, b"")) * 200)),
        ("an empty hello", not_tls, says(record(22, message(2, b"")))),
        ("a hello cut short", closed, says(record(22, hello()[:30]), then="close")),
        ("a hello with more behind it", refused, says(record(22, message(2, hello()[4:] + bytes(9))))),
        ("TLS 1.9 hello", version, says(record(22, hello(b"\x03\x0a")))),
        ("a session id that is too long", refused, says(record(22, message(2, TLS_1_2 + bytes(32) + b"\xff" + bytes(255) + b"\xc0\x2b\x00")))),
        ("a hello with a ticket, silence", timeout, says(record(22, message(2, plain + b"\x00\x00\x04\x00\x23\x00\x00")))),
        ("compression", refused, says(record(22, message(2, plain + b"\x01")))),
        ("a message of 16 MB announced", not_tls, says(record(22, b"\x0b\xff\xff\xff" + bytes(100)))),
        ("records of one byte each", unknown, says(b"".join(record(22, bytes([byte])) for byte in flight))),
        ("a bad key exchange", unknown, says(record(22, flight + exchange + message(14, b"")))),
        ("only TLS 1.0", version, _real(good, lowest=TLSVersion.TLSv1, highest=TLSVersion.TLSv1)),
        ("wants a client's certificate", unknown, _real(good, lab.root(), client=CERT_REQUIRED)),
        ("an expired leaf", unknown, _real(expired())),
        ("real TLS, then closes", unknown, _real(good, close_after_handshake=True)),
        ("self-signed", {"self-signed"}, _real(lab.leaf(None))),
        ("escape codes in the subject", unknown, _real(lab.leaf(lab.root(), "\x1b]0;gone\x07\x1b[2J"))),
        ("twenty strangers in the chain", unknown, _real(good, *strangers)),
    ]  # fmt: skip


def _real(made: Made, *more: Made, **how: Any) -> Handler:
    """A server of real TLS with this chain."""
    return Tls([made.der, *(one.der for one in more)], made.key, **how).handler()


def _echo(sock: socket.socket, stop: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while not stop.is_set():
            data = sock.recv(65536)
            if not data:
                return
            sock.sendall(data)


def long_chain(depth: int) -> tuple[Made, Tls]:
    """A root, and a server whose valid chain has that many intermediates."""
    root = lab.root()
    chain = [root]
    for at in range(depth):
        chain.append(lab.intermediate(chain[-1], f"D{at}", f"d{at % 8}"))
    made = lab.leaf(chain[-1])
    return root, Tls([made.der, *(link.der for link in reversed(chain[1:]))], made.key)
