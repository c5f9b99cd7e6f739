"""BER as some programs write PKCS#12 files (NSS, old Java), rewritten as definite lengths; bounded, without recursion.

Rules: ITU-T X.690 sections 8.1.3 (lengths) and 8.7 (octet strings made of parts).
"""

from __future__ import annotations

from checks.pki.der import OCTET_STRING, Malformed
from checks.record import dataclass, field

DEPTH = 32
ELEMENTS = 20_000


class Cut(Malformed):
    """The data ends before the element that it begins does."""


class Limit(Malformed):
    """More than we are willing to read, which says nothing against the data."""


@dataclass(slots=True)
class _Open:
    """A constructed element that is being read; `end` is None while its end has to be found."""

    tag: int
    end: int | None
    parts: list[bytes] = field(default_factory=list)

    def close(self) -> bytes:
        if self.tag == OCTET_STRING | 0x20:
            return element(OCTET_STRING, b"".join(map(_content, self.parts)))
        return element(self.tag, b"".join(self.parts))


def definite(data: bytes) -> bytes:
    """The first element of `data` with definite lengths and whole octet strings; what follows it is left out.

    Raises `Cut` when it is not complete, `Limit` when it is too much, `Malformed` when it contradicts itself.
    """
    open_: list[_Open] = []
    at = count = 0
    while True:
        count += 1
        if count > ELEMENTS:
            raise Limit("too many elements")
        limit = next((one.end for one in reversed(open_) if one.end is not None), len(data))
        if open_ and open_[-1].end is None and data[at : at + 2] == b"\0\0":
            at += 2
            done = open_.pop().close()
        else:
            tag, length, at = _head(data, at, limit)
            if length is None or tag & 0x20:
                if length is None and not tag & 0x20:
                    raise Malformed("a primitive element without an end")
                if len(open_) >= DEPTH:
                    raise Limit("too deep")
                open_.append(_Open(tag, None if length is None else at + length))
                if length != 0:
                    continue
                done = open_.pop().close()
            else:
                assert length is not None
                done = element(tag, data[at : at + length])
                at += length
        while open_:
            open_[-1].parts.append(done)
            if open_[-1].end != at:
                break
            done = open_.pop().close()
        else:
            return done


def _head(data: bytes, at: int, limit: int) -> tuple[int, int | None, int]:
    if at + 2 > limit:
        raise Cut("header is cut")
    tag, first = data[at], data[at + 1]
    at += 2
    if tag & 0x1F == 0x1F:
        raise Malformed("tag is not readable")
    if first == 0x80:
        return tag, None, at
    length = first
    if first & 0x80:
        size = first & 0x7F
        if size > 4:
            raise Malformed("length is not readable")
        if at + size > limit:
            raise Cut("length is cut")
        length = int.from_bytes(data[at : at + size], "big")
        at += size
    if at + length > limit:
        raise Cut("content is cut") if limit == len(data) else Malformed("content overflows")
    return tag, length, at


def element(tag: int, content: bytes) -> bytes:
    """One element with a definite length."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _content(element: bytes) -> bytes:
    if element[0] != OCTET_STRING:
        raise Malformed("part of an octet string expected")
    size = element[1]
    return element[2:] if size < 0x80 else element[2 + (size & 0x7F) :]
