"""What can be seen of TLS before it is encrypted (RFC 8446 section 5, RFC 5246 section 7): enough to name a cause."""

from __future__ import annotations

_ALERT, _HANDSHAKE, _DATA = 21, 22, 23
_FATAL = 2
_SERVER_HELLO = 2
_LONGEST = 16384 + 2048
TLS_1_2 = 0x0303

ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    22: "record_overflow",
    40: "handshake_failure",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
}


class Sniffer:
    """Follows the records a server sends until they are encrypted."""

    def __init__(self) -> None:
        self.pending = b""
        """Bytes that make no whole record yet; all that came, when they can be no TLS."""
        self._handshake = b""
        self._first = True
        self._plain = True
        self.is_tls = True
        """False as soon as the first bytes can be no TLS record."""
        self.version = 0
        """Version in the ServerHello, 0 until one was seen."""
        self.alert: int | None = None
        """The last fatal alert in the clear."""
        self.warned = False
        """Whether there was an alert that is not fatal: the other side speaks TLS."""

    def feed(self, data: bytes) -> None:
        """Look at the next bytes of the stream."""
        if not self._plain or not self.is_tls:
            return
        self.pending += data
        while self.pending:
            head = self.pending[:5]
            if self._first and (head[0] not in (_ALERT, _HANDSHAKE) or (len(head) > 1 and head[1] != 3)):
                self.is_tls = False
                return
            if len(head) < 5:
                return
            length = int.from_bytes(head[3:], "big")
            if length > _LONGEST:
                self.is_tls = not self._first
                self._plain = False
                return
            if len(self.pending) < 5 + length:
                return
            content, self.pending = self.pending[5 : 5 + length], self.pending[5 + length :]
            self._first = False
            self._record(head[0], content)
            if not self._plain:
                return

    def _record(self, kind: int, content: bytes) -> None:
        if kind == _ALERT and len(content) == 2:
            if content[0] == _FATAL:
                self.alert = content[1]
            else:
                self.warned = True
        elif kind == _HANDSHAKE and not self.version:
            self._handshake += content
            if len(self._handshake) >= 6:
                if self._handshake[0] == _SERVER_HELLO:
                    self.is_tls = self._handshake[4] == 3
                    self.version = int.from_bytes(self._handshake[4:6], "big")
                    self._handshake = b""
                else:
                    self._plain = False
        elif kind != _HANDSHAKE:
            self._plain = False  # ChangeCipherSpec: from here on everything is encrypted
            self.pending = b""


def holds_record(data: bytes) -> bool:
    """Whether there is a whole encrypted record among the records that begin at the start of `data`."""
    at = 0
    while at + 5 <= len(data):
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        if at + 5 + length > len(data):
            return False
        if data[at] == _DATA:
            return True
        at += 5 + length
    return False
