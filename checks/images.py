"""What the head of a JPEG file says: its size in pixels, its orientation, and whether it is whole.

Only a few bytes are read, however large the file is. Sources: ITU-T T.81 (the markers of JPEG), Exif 2.3 (the
orientation tag 0x0112).
"""

from __future__ import annotations

import os
import stat
from typing import BinaryIO, Literal, TypeAlias

from checks.record import dataclass

Kind: TypeAlias = Literal["jpeg", "other", "damaged"]

MAX_SEGMENTS = 2000
"""Segments looked at before the picture itself; real files have a few dozen."""
TAIL = 65536
"""Bytes at the end among which the end marker must be; some programs append data of their own."""

# Start of frame: all SOFn but DHT (C4), JPG (C8) and DAC (CC), which share the range.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xD8)) | {0x01}


class NotAFile(OSError):
    """The path leads to something that is no ordinary file (a folder, a pipe, a device)."""


@dataclass(frozen=True, slots=True)
class Image:
    """What was seen of one file; pixels are 0 when they could not be read."""

    kind: Kind
    size: int
    """Bytes."""
    width: int = 0
    height: int = 0
    orientation: int = 1
    """Exif's: 1 is upright, 2 to 8 are mirrored or turned."""
    looks_like: str = ""
    """For `other`: what the first bytes say, `png`, `pdf` and so on."""


def read_image(path: str) -> Image:
    """What the file's head says; raises `OSError` when it cannot be read, `NotAFile` when it is no file."""
    # Without O_NONBLOCK a pipe without a writer would hold us until somebody writes.
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    )
    handle = os.open(path, flags)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise NotAFile(path)
        return _read(file, status.st_size)


def _read(file: BinaryIO, size: int) -> Image:
    start = file.read(16)
    if start[:3] != b"\xff\xd8\xff":
        return Image("other", size, looks_like=_looks_like(start))
    width = height = 0
    orientation = 1
    at = 2
    for _ in range(MAX_SEGMENTS):
        file.seek(at)
        head = file.read(4)
        if len(head) < 2 or head[0] != 0xFF:
            return Image("damaged", size, width, height, orientation)
        marker = head[1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        length = int.from_bytes(head[2:4], "big")
        if marker in (0xD8, 0xD9) or len(head) < 4 or length < 2:
            return Image("damaged", size, width, height, orientation)
        if marker in _FRAMES:
            frame = file.read(5)
            if len(frame) < 5:
                return Image("damaged", size)
            height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
        elif marker == 0xE1 and orientation == 1:
            orientation = _orientation(file.read(min(length - 2, 65535)))
        elif marker == 0xDA:
            whole = width > 0 and height > 0 and at + 2 + length < size and _ends(file, size)
            return Image("jpeg" if whole else "damaged", size, width, height, orientation)
        at += 2 + length
    return Image("damaged", size, width, height, orientation)


def _ends(file: BinaryIO, size: int) -> bool:
    """Whether the end marker is there."""
    file.seek(max(0, size - TAIL))
    return b"\xff\xd9" in file.read(TAIL)


def _orientation(segment: bytes) -> int:
    """The orientation of an Exif segment, 1 when it says none."""
    if segment[:6] != b"Exif\x00\x00":
        return 1
    tiff = segment[6:]
    order: Literal["little", "big"] | None = {b"II*\x00": "little", b"MM\x00*": "big"}.get(tiff[:4])  # type: ignore[assignment]
    if order is None:
        return 1
    first = int.from_bytes(tiff[4:8], order)
    count = int.from_bytes(tiff[first : first + 2], order)
    for index in range(min(count, 200)):
        at = first + 2 + 12 * index
        entry = tiff[at : at + 12]
        if len(entry) == 12 and int.from_bytes(entry[:2], order) == 0x0112:
            value = int.from_bytes(entry[8:10], order)
            return value if 1 <= value <= 8 else 1
    return 1


_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"%PDF", "pdf"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"PK\x03\x04", "zip"),
)


def _looks_like(start: bytes) -> str:
    if start[4:8] == b"ftyp":
        return "avif" if start[8:12] in (b"avif", b"avis") else "heic"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    if not start:
        return "empty"
    return next((name for magic, name in _STARTS if start.startswith(magic)), "unknown")
