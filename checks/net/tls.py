"""One verified TLS handshake, driven by us so that limit, memory and evidence are ours, and the chain it brought."""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from checks.net.connect import Connection, TimeLimit
from checks.net.records import ALERTS, TLS_1_2, holds_data, plain_records
from checks.record import dataclass

NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME: the dates are ours to judge, at the moment the program believes it is."""

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!aNULL:!eNULL:!aDSS:!PSK:@SECLEVEL=0"
"""Key exchanges with forward secrecy that browsers offer: DHE they have given up, and static RSA counts as no cipher in
common, as for Python's own defaults. Level 0 lets weak chains through to us, so that they can be named."""

LEGACY_SERVER_CONNECT = ssl.Options(0x4)
"""OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT: servers without RFC 5746 are no fault, as for browsers (the name came with 3.12)."""

MOST_BYTES = 512 * 1024
FIRST_RECORD = 20 * 1024
"""Bytes within which the first record ends."""
BANNER = re.compile(rb"(?!HTTP/)[^\n]*\n|.*?\n\r?\n", re.DOTALL)
"""What names a server that does not speak TLS: its first line, or the head of an HTTP answer."""
MOST_BANNER = 4096
BANNER_WAIT = 0.5
"""Bytes and seconds in which the rest of a banner may come."""
ALERT_WAIT = 0.3
"""Seconds in which a TLS 1.3 server may still object to a missing client certificate."""

End: TypeAlias = Literal[
    "done",
    "certificate",
    "not-tls",
    "tls-version",
    "alert",
    "protocol",
    "chain-unreadable",
    "timeout",
    "closed",
]

_VERSION_REASONS = (
    "UNSUPPORTED_PROTOCOL",
    "VERSION_TOO_LOW",
    "WRONG_SSL_VERSION",
    "TLSV1_ALERT_PROTOCOL_VERSION",
)
_CHAIN_REASONS = (
    "EXCESSIVE_MESSAGE_SIZE",
    "CERT_LENGTH_MISMATCH",
    "UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS",
    "UNKNOWN_CERTIFICATE_TYPE",
    "WRONG_CERTIFICATE_TYPE",
    "CA_DN_LENGTH_MISMATCH",
)
_CHAIN_LIBRARIES = frozenset({"ASN1", "X509", "X509V3", "EVP", "EC", "RSA", "DECODER"})
_ALERT_PREFIXES = ("SSLV3_ALERT_", "TLSV1_ALERT_", "TLSV13_ALERT_", "TLSV1_")


@dataclass(frozen=True, slots=True)
class Handshake:
    """How a handshake ended, and what it brought."""

    end: End
    chain: tuple[bytes, ...] = ()
    """DER of the certificates as received, leaf first."""
    verified: tuple[bytes, ...] = ()
    """DER of the path OpenSSL verified, leaf to root; empty when it refused."""
    version: str = ""
    cipher: str = ""
    alert: str = ""
    """The alert received, or our own reason for giving up."""
    verify_code: int = 0
    """OpenSSL's X509_V_ERR number, 0 when it accepted."""
    verify_message: str = ""
    banner: str = ""
    """How an answer that is not TLS begins, as outsiders wrote it."""


@lru_cache(maxsize=4)
def verifying_context(added: tuple[bytes, ...]) -> ssl.SSLContext:
    """A client context that trusts the public bundle, our table and the added roots, the same on every Python."""
    import certifi

    from checks.pki import anchors

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
    context.set_ciphers(CIPHERS)
    context.options |= LEGACY_SERVER_CONNECT
    context.hostname_checks_common_name = False
    context.verify_flags = ssl.VerifyFlags(ssl.VERIFY_X509_TRUSTED_FIRST | NO_CHECK_TIME)
    missing = [*added, *anchors.table().ders.values()]
    try:
        context.load_verify_locations(certifi.where())
    except (OSError, ssl.SSLError):
        missing += anchors.bundle().ders.values()
    for data in missing:
        with contextlib.suppress(ssl.SSLError, ValueError):
            context.load_verify_locations(cadata=data)
    return context


class Stream:
    """TLS over a connection, through buffers in memory; every read and write has a limit."""

    def __init__(
        self, connection: Connection, context: ssl.SSLContext, host: str, early: bytes = b""
    ) -> None:
        self._connection = connection
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._received = bytearray()
        self._unread = b""
        self._cut = False
        if early:
            self._feed(early)

    def close(self) -> None:
        self._connection.close()

    def _feed(self, data: bytes) -> None:
        if len(self._received) <= MOST_BYTES:
            self._received += data
        self._incoming.write(data)

    def _flush(self, limit: TimeLimit) -> None:
        data = self._outgoing.read()
        if data:
            # The other side may have gone after an alert that is still to be read.
            with contextlib.suppress(ConnectionError):
                self._connection.send(data, limit)

    def _fill(self, limit: TimeLimit) -> bytes:
        """More bytes from the wire into OpenSSL; none at the end; raises `TimeoutError`."""
        try:
            data = self._connection.receive(limit)
        except TimeoutError:
            raise
        except OSError:
            data = b""
        if data:
            self._feed(data)
        else:
            self._cut = True
            self._incoming.write_eof()
        return data

    def handshake(self, limit: TimeLimit) -> Handshake:
        """Shake hands with verification on; never raises for what the other side does."""
        try:
            while True:
                if not plain_records(self._received[:FIRST_RECORD]).is_tls:
                    return Handshake("not-tls", banner=self._banner(limit.within(BANNER_WAIT)))
                if len(self._received) > MOST_BYTES:
                    return self._ended("protocol", "too much data")
                try:
                    self._tls.do_handshake()
                    self._flush(limit)
                    return self._ended("done")
                except ssl.SSLWantReadError:
                    self._flush(limit)
                    self._fill(limit)
        except TimeoutError:
            return self._ended("timeout")
        except ssl.SSLCertVerificationError as error:
            with contextlib.suppress(OSError):
                self._flush(limit.within(1.0))
            return self._ended("certificate", "", error.verify_code, str(error.verify_message))
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return self._ended("closed") if plain_records(self._received).alert is None else self._refused("")
        except ssl.SSLError as error:
            with contextlib.suppress(OSError):
                self._flush(limit.within(1.0))
            return self._refused(error.reason or _unnamed(str(error)), error.library or "")
        except OSError:
            return self._ended("closed")

    def _banner(self, limit: TimeLimit) -> str:
        said = bytes(self._received)
        with contextlib.suppress(OSError):
            while len(said) < MOST_BANNER and not BANNER.match(said):
                more = self._connection.receive(limit)
                if not more:
                    break
                said += more
        whole = BANNER.match(said)
        return (whole[0] if whole else said)[:MOST_BANNER].decode("utf-8", "backslashreplace")

    def _refused(self, reason: str, library: str = "SSL") -> Handshake:
        seen = plain_records(self._received)
        alert = seen.alert
        if alert is not None or reason.startswith(_ALERT_PREFIXES):
            if alert == 70 or reason == "TLSV1_ALERT_PROTOCOL_VERSION":
                return self._ended("tls-version", "protocol_version")
            name = ALERTS.get(alert, f"alert {alert}") if alert is not None else alert_name(reason)
            return self._ended("alert", name)
        if reason in _VERSION_REASONS or 0 < seen.version < TLS_1_2:
            return self._ended("tls-version", reason.lower())
        if not seen.version and not seen.warned:
            return self._ended("not-tls", reason.lower())
        if reason in _CHAIN_REASONS or not _CHAIN_LIBRARIES.isdisjoint(
            (library, reason.removesuffix("_LIB"))
        ):
            return self._ended("chain-unreadable", reason.lower())
        return self._ended("protocol", reason.lower())

    def _ended(self, end: End, alert: str = "", code: int = 0, message: str = "") -> Handshake:
        cipher = self._tls.cipher()
        return Handshake(
            end,
            _chain(self._tls, "get_unverified_chain"),
            _chain(self._tls, "get_verified_chain") if end == "done" else (),
            self._tls.version() or "",
            cipher[0] if cipher else "",
            alert,
            code,
            message,
        )

    def objection(self, limit: TimeLimit) -> str:
        """The name of the alert that a TLS 1.3 server sends after the handshake, or an empty string.

        Waits `ALERT_WAIT` seconds, less when the server goes on: a session ticket or data means it is content.
        Nothing is sent.
        """
        if self._tls.version() != "TLSv1.3":
            return ""
        wait = limit.within(ALERT_WAIT)
        after = b""
        while True:
            try:
                self._unread += self._tls.read(1)
                return ""
            except ssl.SSLWantReadError:
                if holds_data(after):
                    return ""
            except ssl.SSLError as error:
                return alert_name(error.reason or "") if "ALERT" in (error.reason or "") else ""
            try:
                more = self._fill(wait)
            except TimeoutError:
                return ""
            after = (after + more)[-65536:]

    def ask(self, question: bytes, limit: TimeLimit) -> Callable[[], bytes]:
        """Send a question and return the function that receives parts of its answer; both raise `OSError`."""
        self._tls.write(question)
        self._flush(limit)

        def receive() -> bytes:
            if self._unread:
                data, self._unread = self._unread, b""
                return data
            while True:
                try:
                    return self._tls.read(16384)
                except ssl.SSLWantReadError:
                    self._flush(limit)
                    if self._cut:
                        return b""
                    self._fill(limit)
                except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
                    return b""

        return receive


def _unnamed(text: str) -> str:
    """`ASN1_LIB` of an error that is only described, `[SSL] ASN1 lib (_ssl.c:1006)`."""
    return text.removeprefix("[SSL] ").partition(" (")[0].replace(" ", "_").upper()[:40]


def alert_name(reason: str) -> str:
    """`TLSV13_ALERT_CERTIFICATE_REQUIRED` as the standard spells it, `certificate_required`."""
    prefix = next(filter(reason.startswith, _ALERT_PREFIXES), "")
    return reason.removeprefix(prefix).lower()


_DER = 2
"""`_ssl.ENCODING_DER`."""


def _chain(tls: ssl.SSLObject, method: str) -> tuple[bytes, ...]:
    """DER of a chain. The methods are public since Python 3.13; 3.11 and 3.12 have them in a private object alone."""
    owner: Any = tls if hasattr(tls, method) else getattr(tls, "_sslobj", None)
    get = getattr(owner, method, None)
    if get is None:
        return ()
    try:
        found = get() or ()
    except (ValueError, ssl.SSLError):
        return ()
    return tuple(item if isinstance(item, bytes) else item.public_bytes(_DER) for item in found)
