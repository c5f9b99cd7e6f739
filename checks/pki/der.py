"""The part of DER (ITU-T X.690) that certificates are made of, read without trust and without recursion."""

from __future__ import annotations

from collections.abc import Iterator

from checks.record import dataclass

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID = 0x01, 0x02, 0x03, 0x04, 0x06
UTC_TIME, GENERALIZED_TIME, SEQUENCE = 0x17, 0x18, 0x30


class DerError(ValueError):
    """The bytes are not the DER that was expected."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag, its content, and all of its bytes."""

    tag: int
    value: bytes
    whole: bytes


def elements(data: bytes) -> Iterator[Element]:
    """The elements that follow each other in `data`; raises `DerError` where one is cut or not readable."""
    at, end = 0, len(data)
    while at < end:
        start, tag = at, data[at]
        if tag & 0x1F == 0x1F or at + 2 > end:
            raise DerError("tag or length is cut")
        length, at = data[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4 or at + count > end:
                raise DerError("length is not readable")
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + length > end:
            raise DerError("content is cut")
        yield Element(tag, data[at : at + length], data[start : at + length])
        at += length


def element(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def one(data: bytes, tag: int | None = None) -> Element:
    """The only element in `data`; raises `DerError` when there is another number of them or another tag."""
    found = list(elements(data))
    if len(found) != 1 or (tag is not None and found[0].tag != tag):
        raise DerError("another element was expected")
    return found[0]


def items(data: bytes, tag: int = SEQUENCE) -> list[Element]:
    """What the one sequence (or set) in `data` contains."""
    return list(elements(one(data, tag).value))


def oid(element: Element) -> str:
    """An object identifier in dotted form."""
    data = element.value
    if element.tag != OID or not data or data[-1] & 0x80 or len(data) > 64:
        raise DerError("not an object identifier")
    numbers: list[int] = []
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(str(number) for number in (first, numbers[0] - 40 * first, *numbers[1:]))


def boolean(element: Element) -> bool:
    if element.tag != BOOLEAN or len(element.value) != 1:
        raise DerError("not a boolean")
    return element.value != b"\x00"


def integer(element: Element) -> int:
    if element.tag & 0x1F != INTEGER or not element.value:
        raise DerError("not an integer")
    return int.from_bytes(element.value, "big", signed=True)


def bits(element: Element) -> bytes:
    if element.tag != BIT_STRING or not element.value or element.value[0] > 7:
        raise DerError("not a bit string")
    return element.value[1:]
