"""Heads of HTTP answers: what is read of honest and of hostile servers, in whatever pieces it comes."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import chain, repeat

import pytest

from checks.net import http

TO = b"Location: https://login.example/\r\n"
LOCATION = {"location": "https://login.example/"}


def pieces(data: bytes, size: int) -> Callable[[], bytes]:
    """The data in pieces, then a silence that ends at the deadline."""
    parts = iter([data[at : at + size] for at in range(0, len(data), size)])

    def receive() -> bytes:
        part = next(parts, None)
        if part is None:
            raise TimeoutError
        return part

    return receive


@pytest.mark.parametrize("size", [1, 2, 3, 7, 16384])
@pytest.mark.parametrize(
    ("data", "status", "headers"),
    [
        (b"HTTP/1.1 302 Found\r\n" + TO + b"\r\n", 302, LOCATION),
        (b"HTTP/1.1 302 Found\n" + TO.replace(b"\r", b"") + b"\n", 302, LOCATION),
        (b"HTTP/1.1 302 Found\n" + TO.replace(b"\r", b"") + b"\r\n", 302, LOCATION),
        (b"HTTP/1.0 200\r\n\r\n", 200, {}),
        (b"HTTP/1.1 200 \r\n\r\n", 200, {}),
        (b"HTTP/1.1 101 Switching\r\n\r\n", 101, {}),
        (b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 E\r\nLink: x\r\n\r\nHTTP/1.1 302 F\r\n" + TO + b"\r\n", 302, LOCATION),
        (b"HTTP/1.1 302 F\r\nLOCATION  :https://login.example/\r\n\r\n", 302, LOCATION),
        (b"HTTP/1.1 302 F\r\nLocation:\r\n https://login.example/\r\n\r\n", 302, LOCATION),
        (b"HTTP/1.1 302 F\r\nX: a\r\n Location: b\r\n" + TO + b"\r\n", 302, {"x": "a Location: b", **LOCATION}),
        (b"HTTP/1.1 302 F\r\n" + TO + b"Location: https://other.example/\r\n\r\n", 302, LOCATION),
        (b"HTTP/1.1 302 F\r\nno header\r\n" + TO + b"\r\n", 302, {"no header": "", **LOCATION}),
        (b"HTTP/1.1 302 F\r\nX: y\r\r\n" + TO + b"\r\n", 302, {"x": "y", **LOCATION}),
        (b"HTTP/1.1 200 K\r\nX: y\r" + TO + b"\r\n", 200, {"x": "y\rLocation: https://login.example/"}),
        (b"HTTP/1.1 302 F\r\n" + b"X: y\r\n" * 2000 + TO + b"\r\n", 302, {"x": "y", **LOCATION}),
    ],
)  # fmt: skip
def test_heads(data: bytes, status: int, headers: dict[str, str], size: int) -> None:
    head = http.read_head(pieces(data, size))
    assert (head.status, dict(head.headers), head.rest) == (status, headers, b"")


def test_what_follows_the_head_is_kept() -> None:
    early = b"\x16\x03\x03\r\n\r\nHTTP/1.1 500 No\r\n\r\n"
    assert http.read_head(pieces(b"HTTP/1.1 200 OK\n\n" + early, 16384)).rest == early


@pytest.mark.parametrize("size", [1, 16384])
@pytest.mark.parametrize(
    "first",
    [b"HTTP/1.1 +200 OK", b"HTTP/1.1 2_00 OK", b"HTTP/1.1 0200 OK", b"HTTP/1.1 20 OK", b"HTTP/1.1 099 OK", b"HTTP/1.1 000 OK",
     b"HTTP/1.1 2000 OK", b"HTTP/1.1 \xb2\xb2\xb2 OK", b"HTTP/1.1 abc", b"HTTP/1.1", b"HTTP/1.1  200 OK", b"HTTP/1.x 200 OK",
     b"HTTP/2 200 OK", b"http/1.1 200 OK", b"", b" HTTP/1.1 200 OK", b"SSH-2.0-Example", b"220 mail.example ESMTP"],
)  # fmt: skip
def test_what_is_no_status_line(first: bytes, size: int) -> None:
    with pytest.raises(http.NotHttp, match="no status line"):
        http.read_head(pieces(first + b"\r\n\r\n", size))


@pytest.mark.parametrize("data", [b"\x00", b"S", b"HTTQ", b"HTTP/2", b"HTTP/1.1 100 C\r\n\r\nX"])
def test_what_cannot_become_a_status_line_is_not_waited_for(data: bytes) -> None:
    with pytest.raises(http.NotHttp):
        http.read_head(pieces(data, 16384))


@pytest.mark.parametrize("end", range(len(b"HTTP/1.1 200 OK\r\nDate: x\r\n\r")))
def test_a_cut_connection_is_no_end_of_the_head(end: int) -> None:
    parts = iter([b"HTTP/1.1 200 OK\r\nDate: x\r\n\r"[:end], b""])
    with pytest.raises(ConnectionResetError):
        http.read_head(lambda: next(parts))


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 2700),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y" * 16384),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"HTTP/1.1 200 OK\r\nX: a", b"\n y"),
        (b"", b"HTTP/1.1 100 C\r\n\r\n" * 900),
        (b"", b"HTTP/1.1 103 E\r\n\r\n" * 900),
        (b"", b"HTTP/1.1 103\n\n"),
    ],
    ids=["headers", "one line", "a drip", "folds", "100", "103", "one 103 after the other"],
)
def test_an_endless_head_is_refused_early_in_bounded_memory_and_time(first: bytes, then: bytes) -> None:
    parts: Iterator[bytes] = chain([first] if first else [], repeat(then))
    taken = 0

    def receive() -> bytes:
        nonlocal taken
        part = next(parts)
        taken += len(part)
        assert taken < 4 * http.LARGEST_HEAD, "no end of reading"
        return part

    begin = time.process_time()
    with pytest.raises(http.NotHttp, match="head too large"):
        http.read_head(receive)
    assert time.process_time() - begin < 2.0
    assert http.LARGEST_HEAD < taken <= http.LARGEST_HEAD + 16400
    taken = 0
    tracemalloc.start()
    try:
        with pytest.raises(http.NotHttp):
            http.read_head(receive)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "filling", [b"X: y\r\n" * 9_000, b" \r\n" * 20_000, b"a\n" * 30_000, b"\r \t" * 20_000]
)
def test_the_largest_head_is_read_quickly_whatever_it_is_made_of(filling: bytes) -> None:
    begin = time.process_time()
    head = http.read_head(pieces(b"HTTP/1.1 302 F\r\n" + TO + b"A: b\r\n" + filling + b"\r\n\r\n", 1))
    assert head.headers["location"] == LOCATION["location"]
    assert time.process_time() - begin < 1.0


@pytest.mark.parametrize(
    ("host", "port", "usual", "text"),
    [("a.example", 443, 443, "a.example"), ("a.example", 80, 443, "a.example:80"), ("::1", 443, 443, "[::1]"), ("::1", 80, 0, "[::1]:80")],
)  # fmt: skip
def test_authority(host: str, port: int, usual: int, text: str) -> None:
    assert http.authority(host, port, usual) == text


def test_request() -> None:
    asked = http.request("HEAD", "/portal/", "a.example:80", "X: y")
    assert asked == (
        b"HEAD /portal/ HTTP/1.1\r\nHost: a.example:80\r\nUser-Agent: oss-junbi\r\nAccept: */*\r\nX: y\r\n\r\n"
    )
