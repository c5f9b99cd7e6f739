"""Certificate files that are cut, flipped, endless or no certificate files at all: a code each, no exception."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.certfile import ber
from checks.pki import der
from tests.support.certificate_files import (
    OTHER,
    PASSWORD,
    certificate,
    indefinite,
    judge,
    oid,
    p12,
    pbes2,
    pbkdf2,
    pfx,
    scrypt,
    shrouded,
    tlv,
    whole,
)

GOOD = p12(certificate())


def test_passwords() -> None:
    assert judge(GOOD).code == "ok"
    assert judge(GOOD, None).code == "password-needed"
    assert judge(GOOD, b"").code == "wrong-password"
    assert judge(GOOD, b"sakura-2026").code == "wrong-password"
    assert judge(GOOD, b"\xff\x00\xfe").code == "wrong-password"
    assert judge(p12(certificate(), b""), None).code == "ok"
    assert judge(p12(certificate(), "パスワード".encode()), "パスワード".encode()).code == "ok"


def test_the_parts_of_a_file() -> None:
    assert judge(p12(None)).code == "no-certificate"
    assert judge(p12(None, foreign=certificate(number=1))).code == "key-mismatch"
    assert judge(p12(certificate(), foreign=certificate(OTHER, number=1))).code == "ok"


def test_lengths_left_open_are_read_too() -> None:
    data = indefinite(GOOD)
    assert b"\x30\x80" in data
    assert judge(data).code == "ok"
    assert judge(data, None).code == "password-needed"
    assert judge(data[:-2]).code == "truncated"
    assert judge(data[: len(data) // 2]).code == "truncated"


@pytest.mark.parametrize("tenth", range(10))
def test_cut_at_each_tenth(tenth: int) -> None:
    cut = GOOD[: len(GOOD) * tenth // 10]
    for password in (PASSWORD, None, b"wrong"):
        assert judge(cut, password).code == ("truncated" if tenth else "empty")
    assert judge(GOOD[:-1]).code == "truncated"
    assert judge(GOOD + b"\r\n").code == "ok"


def test_a_damaged_file_is_told_from_a_wrong_password() -> None:
    at = len(GOOD) - 20  # in the checksum
    damaged = GOOD[:at] + bytes((GOOD[at] ^ 1,)) + GOOD[at + 1 :]
    assert judge(damaged).code == "damaged"
    assert judge(damaged, b"wrong").code == "wrong-password"
    assert judge(damaged, None).code == "password-needed"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\0", "not-pkcs12"),
        (b"hello", "not-pkcs12"),
        (b"\xfe\xed\xfe\xed" + b"x" * 50, "not-pkcs12"),
        (b"PK\x03\x04" + b"x" * 50, "not-pkcs12"),
        (b"%PDF-1.7", "not-pkcs12"),
        (b"0", "truncated"),
        (b"0\x82\x10", "truncated"),
        (tlv(0x30), "not-pkcs12"),
        (tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xA0, tlv(0x30))), "not-pkcs12"),
        (b"\x30\x80" * 200, "too-costly"),
        (b"\x30\x80" + b"\x02\x01\x03" * 30_000, "too-costly"),
        (b"0123456789", "not-pkcs12"),
        (pfx(tlv(0x30, tlv(6, b"\x2a")), 1), "damaged"),
        (tlv(0x30, whole(2), tlv(0x30, oid("1.2.840.113549.1.7.1"))), "unsupported"),
        (tlv(0x30, whole(3), tlv(0x30, oid("1.2.840.113549.1.7.1"))), "damaged"),
        (tlv(0x30, whole(3), tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xA0, tlv(0x30)))), "unsupported"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "unreadable-part"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA", "truncated"),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "not-pkcs12"),
    ],
)
def test_what_is_no_certificate_file(data: bytes, code: str) -> None:
    for password in (PASSWORD, None):
        assert judge(data, password).code == code


@pytest.mark.parametrize(
    "bomb",
    [
        pfx(mac=2**31 - 1),
        pfx(mac=2**63),
        pfx(shrouded(pbes2(pbkdf2(2**31 - 1))), 1),
        pfx(shrouded(pbes2(scrypt(2**24, 8, 1)))),
        pfx(shrouded(pbes2(scrypt(2, 2**20, 2**10)))),
        pfx(b"".join(shrouded(pbes2(pbkdf2(4_000_000))) for _ in range(3))),
        indefinite(pfx(shrouded(pbes2(pbkdf2(2**31 - 1))), 1)),
    ],
)
def test_bombs_are_not_even_tried(bomb: bytes) -> None:
    assert len(bomb) < 1100
    begin = time.process_time()
    for password in (PASSWORD, None):
        assert judge(bomb, password).code == "too-costly"
    assert time.process_time() - begin < 0.5


@pytest.mark.parametrize("count", [0, -5])
def test_counts_that_cannot_be(count: int) -> None:
    made = pfx(shrouded(pbes2(pbkdf2(7)))).replace(whole(7), tlv(2, count.to_bytes(1, "big", signed=True)))
    assert judge(made).code == "damaged"


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    judge(data)
    judge(b"\x30" + data)
    judge(b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(data) + b"\n-----END CERTIFICATE-----\n")


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_one_byte_flipped(at: int, mask: int) -> None:
    data = bytearray(GOOD)
    data[at] ^= mask
    for password in (PASSWORD, None):
        found = judge(bytes(data), password)
        assert found.code in {
            "ok", "damaged", "truncated", "not-pkcs12", "unsupported", "too-costly", "wrong-password", "password-needed",
        }, (at, mask)  # fmt: skip
        if found.code == "ok":
            assert found.values == judge(GOOD).values


@given(st.binary(max_size=120))
def test_definite_lengths_are_as_another_reader_takes_them(data: bytes) -> None:
    try:
        first = next(der.elements(b"\x30" + data))
        list(der.elements(first.value))
    except (der.DerError, StopIteration):
        return
    try:
        rewritten = ber.definite(b"\x30" + data)
    except der.DerError:
        return
    assert ber.definite(rewritten) == rewritten
    assert ber.definite(indefinite(rewritten)) == ber.definite(rewritten)
