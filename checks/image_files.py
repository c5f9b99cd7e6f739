"""What a JPEG file says of itself: its size in pixels, its orientation, and whether it reaches the end of its image.

The segments are walked from the first to the end of the image (EOI); what stands behind that is not looked at, since
phones put a film, a second picture or data of their own there. Sources: ITU-T T.81 (the segments of JPEG, annex B), Exif
2.3 (the orientation tag 0x0112); bytes that belong to no segment are skipped as libjpeg does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from checks.record import dataclass
from checks.system.bounded_files import open_regular

Kind: TypeAlias = Literal["jpeg", "other", "empty", "damaged", "unclear"]

LARGEST = 32 * 1024 * 1024
"""Bytes of a file that are read; the largest photos of phones have about 30 MB."""
MAX_SEGMENTS = 10_000
"""Segments that are walked; real files have a few dozen, with a depth map a few hundred."""

_SOI, _EOI, _SOS, _APP1 = 0xD8, 0xD9, 0xDA, 0xE1
_STRAY = 0
"""In place of a marker: bytes that belong to no segment."""
# Start of frame: all SOFn but DHT (C4), JPG (C8) and DAC (CC), which share the range; F7 is that of JPEG-LS.
_FRAMES = frozenset((*range(0xC0, 0xD0), 0xF7)) - {0xC4, 0xC8, 0xCC}
_COMMON = frozenset((0xC0, 0xC1, 0xC2))
"""Baseline, extended and progressive with Huffman coding: the frames that every browser shows."""
_ALONE = frozenset((*range(0xD0, 0xD8), 0x01))
_NEXT = re.compile(rb"\xff([^\x00\xff])", re.DOTALL)
_AFTER_SCAN = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
"""Within a scan FF 00 is a byte of data, and restart markers (D0 to D7) belong to it."""


class _Cut(Exception):
    """The data end before the end of the image."""


@dataclass(frozen=True, slots=True)
class Image:
    """What was seen of one file; pixels are 0 when they could not be read."""

    kind: Kind
    """`empty` has no bytes or only zeros; `damaged` is proven; `unclear` is what programs may well open, but could not
    be followed to its end here."""
    size: int
    """Bytes."""
    width: int = 0
    height: int = 0
    orientation: int = 1
    """Exif's: 1 is upright, 2 to 8 are mirrored or turned."""
    looks_like: str = ""
    """For `other`: what the first bytes say, `png`, `pdf` and so on."""
    why: str = ""
    """For `unclear`: what kept it from being judged."""


def read_image(path: str) -> Image:
    """What the file says; raises `OSError` when it cannot be read, of these `NotRegular` when it is no file."""
    with open_regular(path) as file:
        size, start = os.fstat(file.fileno()).st_size, file.read(4096)
        if not start.strip(b"\0"):
            return Image("empty", size)
        if start[:2] != b"\xff\xd8":
            return Image("other", size, looks_like=_looks_like(start))
        return _walk(start + file.read(LARGEST - len(start)), size)


def _walk(data: bytes, size: int) -> Image:
    width = height = scans = 0
    orientation = 1
    stray = whole = sound = False
    try:
        for count, (marker, body) in enumerate(_segments(data)):
            if count >= MAX_SEGMENTS:
                return Image("unclear", size, width, height, orientation, why="too many parts")
            if marker == _STRAY:
                stray = True
            elif marker in _FRAMES:
                sound = not width and len(body) >= 6
                height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
                # A height of 0 is said by a later segment (DNL), which hardly any program reads.
                if marker not in _COMMON or body[:1] != b"\x08" or not height:
                    return Image("unclear", size, width, height, orientation, why="a rare form of JPEG")
            elif marker == _APP1 and orientation == 1:
                orientation = _orientation(body)
            elif marker == _SOS:
                scans += 1
            elif marker == _SOI:
                break
        else:
            whole = sound and width > 0 and scans > 0
    except _Cut:
        if len(data) >= LARGEST:
            return Image("unclear", size, width, height, orientation, why="too large")
    if stray and (whole or b"\xff\xd9" in data):
        return Image("unclear", size, width, height, orientation, why="data between its parts")
    return Image("jpeg" if whole else "damaged", size, width, height, orientation)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each segment before the end of the image; raises `_Cut` when there is no such end."""
    at, scanning = 2, False
    while found := (_AFTER_SCAN if scanning else _NEXT).search(data, at):
        between = found.start() - at
        if scanning and not between:
            raise _Cut
        if not scanning and between and data[at : found.start()].strip(b"\xff"):
            yield _STRAY, b""
        marker, at, scanning = found[1][0], found.end(), False
        if marker == _EOI:
            return
        if marker in _ALONE or marker == _SOI:
            yield marker, b""
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if at + max(2, length) > len(data):
            raise _Cut
        if length < 2:
            yield _STRAY, b""
        yield marker, data[at + 2 : at + length]
        at += max(2, length)
        scanning = marker == _SOS
    raise _Cut


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
    (b"%PDF", "pdf"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x00\x00\x00\x0cjP  ", "jpeg2000"),
    (b"PK\x03\x04", "zip"),
)
_BRANDS = {b"avif": "avif", b"avis": "avif"} | dict.fromkeys(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "heic"
)
"""Of files in the ISO base media format; the others are films."""


def _looks_like(start: bytes) -> str:
    if start[4:8] == b"ftyp":
        return _BRANDS.get(start[8:12], "unknown")
    if start[:2] == b"BM" and start[6:10] == bytes(4):
        return "bmp"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    return next((name for magic, name in _STARTS if start.startswith(magic)), "unknown")
