"""The few commands that we ever send to a card. None of them can carry a PIN, and no other can be made.

ISO/IEC 7816-4: SELECT (A4), READ BINARY (B0), VERIFY (20). A VERIFY without data asks for the tries left and spends
none. File numbers of the JPKI application: OpenSC and public card tools, see the sources of step 6.
"""

from __future__ import annotations

from enum import Enum

from checks.record import dataclass


class Application(Enum):
    """Applications that we select."""

    JPKI = bytes.fromhex("D392F000260100000001")


class File(Enum):
    """Files of the JPKI application that are read or selected; none of them needs a PIN for that."""

    TOKEN = 0x0006
    CERTIFICATES = 0x0008
    """Which certificates are on the card."""
    AUTH_CERTIFICATE = 0x000A
    SIGN_AUTHORITY = 0x0002
    AUTH_PIN = 0x0018
    SIGN_PIN = 0x001B


_SELECT_APPLICATION = bytes.fromhex("00A4040C0A")
_SELECT_FILE = bytes.fromhex("00A4020C02")
_READ = bytes.fromhex("00B0")
_TRIES = bytes.fromhex("00200080")
_READABLE = 0x7FFF


@dataclass(frozen=True, slots=True)
class Apdu:
    """One command as sent; raises `ValueError` for anything but the four shapes below.

    SELECT of a known application or file, READ BINARY without data, and VERIFY of four bytes: no length, no data.
    """

    raw: bytes

    def __post_init__(self) -> None:
        raw = self.raw
        allowed = type(raw) is bytes and (
            raw == _TRIES
            or raw in _APPLICATIONS
            or raw in _FILES
            or (len(raw) == 5 and raw[:2] == _READ and raw[2] < 0x80)
        )
        if not allowed:
            raise ValueError("not a command of ours")


_APPLICATIONS = frozenset(_SELECT_APPLICATION + application.value for application in Application)
_FILES = frozenset(_SELECT_FILE + file.value.to_bytes(2, "big") for file in File)


def select_application(application: Application) -> Apdu:
    """Make an application the current one."""
    return Apdu(_SELECT_APPLICATION + application.value)


def select_file(file: File) -> Apdu:
    """Make a file the current one."""
    return Apdu(_SELECT_FILE + file.value.to_bytes(2, "big"))


def read_binary(offset: int, length: int) -> Apdu:
    """Read 1 to 256 bytes of the current file, from an offset of at most 32767; raises `ValueError` otherwise."""
    if not 0 <= offset <= _READABLE or not 1 <= length <= 256:
        raise ValueError("outside a file")
    return Apdu(_READ + offset.to_bytes(2, "big") + bytes((length & 0xFF,)))


def tries_left() -> Apdu:
    """Ask how many tries the selected PIN has left."""
    return Apdu(_TRIES)
