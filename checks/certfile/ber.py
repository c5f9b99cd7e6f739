"""BER as some programs write PKCS#12 files (NSS, old Java), rewritten as definite lengths, within limits.

Rules: ITU-T X.690 sections 8.1.3 (lengths) and 8.7 (octet strings made of parts).
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.pki.der import OCTET_STRING, DerError, element

DEPTH = 32
ELEMENTS = 20_000


class Cut(DerError):
    """The data ends before the element that it begins does."""


class Limit(DerError):
    """More than we are willing to read, which says nothing against the data."""


def definite(data: bytes) -> bytes:
    """The first element of `data` with definite lengths and whole octet strings; what follows it is left out.

    Raises `Cut` when it is not complete, `Limit` when it is too much, `DerError` when it contradicts itself.
    """
    return _read(data, 0, len(data), iter(range(ELEMENTS)), DEPTH)[0]


def _read(data: bytes, at: int, limit: int, left: Iterator[int], depth: int) -> tuple[bytes, int]:
    """The element at `at`, rewritten, and where it ends; nothing of it may lie beyond `limit`."""
    if next(left, None) is None:
        raise Limit("too many elements")
    tag, length, at = _head(data, at, limit)
    if not tag & 0x20:
        if length is None:
            raise DerError("a primitive element without an end")
        return element(tag, data[at : at + length]), at + length
    if not depth:
        raise Limit("too deep")
    end = None if length is None else at + length
    parts: list[bytes] = []
    while at != end:
        if end is None and data[at : at + 2] == b"\0\0":
            at += 2
            break
        part, at = _read(data, at, limit if end is None else end, left, depth - 1)
        parts.append(part)
    if tag == OCTET_STRING | 0x20:
        return element(OCTET_STRING, b"".join(map(_octets, parts))), at
    return element(tag, b"".join(parts)), at


def _head(data: bytes, at: int, limit: int) -> tuple[int, int | None, int]:
    """Tag, length (None while the end has to be found) and where the content begins."""
    if at + 2 > limit:
        raise Cut("header is cut")
    tag, length = data[at], data[at + 1]
    at += 2
    if tag & 0x1F == 0x1F:
        raise DerError("tag is not readable")
    if length == 0x80:
        return tag, None, at
    if length & 0x80:
        size = length & 0x7F
        if size > 4:
            raise DerError("length is not readable")
        if at + size > limit:
            raise Cut("length is cut")
        length = int.from_bytes(data[at : at + size], "big")
        at += size
    if at + length > limit:
        raise Cut("content is cut") if limit == len(data) else DerError("content overflows")
    return tag, length, at


def _octets(part: bytes) -> bytes:
    if part[0] != OCTET_STRING:
        raise DerError("part of an octet string expected")
    size = part[1]
    return part[2:] if size < 0x80 else part[2 + (size & 0x7F) :]
