"""Certificate files of every kind and fault: the right code, no exception, and no secret in anything that is kept."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from checks.certfile import ber, content, families, pkcs12, reading, worker
from checks.certfile.content import Found, look
from checks.certfile.reading import CODES, read_file
from checks.model import Finding
from checks.pki import certificates, der
from checks.probes.certificate_file_says import FILE
from checks.secret import Secret
from tests.certificate_files import (
    G_ID,
    NOW,
    OTHER,
    PASSWORD,
    PERSON,
    certificate,
    indefinite,
    jpki,
    key,
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

SIGN = jpki("JPKI for digital signature")
AUTH = jpki("JPKI for user authentication")
TEST = jpki("JPKI for digital signature", "JPKI-TEST")
DAY = timedelta(days=1)
GOOD = p12(certificate())


MAKE_PIPE = getattr(os, "mkfifo", None)


def judge(data: bytes, password: bytes | None = PASSWORD, kind: str = "", now: datetime = NOW) -> Found:
    found = look(data, None if password is None else Secret(password), now, kind)
    assert found.code in CODES
    kept = json.dumps([found.code, found.values, found.evidence])
    for secret in ("SECRET PERSON", "5ec12e75e21a1", str(0x5EC12E75E21A1), "Sakura", "BEGIN"):
        assert secret not in kept
    assert set(found.values) <= {"family", "issuer", "until", "days", "start", "cipher", "bytes"}
    return found


def test_every_code_has_its_sentence_and_every_sentence_its_code() -> None:
    assert set(FILE) == CODES | {"remote", "no-path", "no-password-read"}


# Families and dates.


@pytest.mark.parametrize(
    ("issuer", "policy", "family"),
    [
        (SIGN, "1.2.392.200149.8.5.1.1.20", "jpki"),
        (SIGN, "1.2.392.200149.8.5.1.1.40", "jpki"),
        (SIGN, "", "jpki"),
        (SIGN, "1.2.3.4", "unknown"),
        (SIGN, "1.2.392.200149.8.5.1.0.20", "jpki-test"),
        (TEST, "", "jpki-test"),
        (AUTH, "1.2.392.200149.8.5.1.3.30", "jpki-auth"),
        (jpki("Something else"), "", "unknown"),
        (None, "1.2.392.100300.1.3.4", "registry"),
        (None, "1.2.392.100300.1.3.2", "registry"),
        (None, "", "unknown"),
        (None, "1.2.3.4", "unknown"),
        (G_ID, "", "g-id"),
        (G_ID[:2], "", "unknown"),
        (OTHER, "1.2.392.100300.1.3.4", "unknown"),
        (OTHER, "", "unknown"),
    ],
)
def test_families(issuer: object, policy: str, family: str) -> None:
    made = certificate(issuer, policy) if issuer else certificate(policy=policy)  # type: ignore[arg-type]
    assert families.family(certificates.parse(made.public_bytes(Encoding.DER))) == family


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (-30 * DAY, 31 * DAY, "ok"),
        (-30 * DAY, 30 * DAY + timedelta(seconds=1), "ok"),
        (-30 * DAY, 30 * DAY, "expires-soon"),
        (-30 * DAY, timedelta(0), "expires-soon"),
        (-30 * DAY, timedelta(seconds=-1), "expired"),
        (timedelta(0), 300 * DAY, "ok"),
        (timedelta(seconds=1), 300 * DAY, "not-yet-valid"),
    ],
)
def test_dates(begin: timedelta, end: timedelta, code: str) -> None:
    assert judge(p12(certificate(begin=NOW + begin, end=NOW + end))).code == code


def test_the_last_day_is_the_one_in_japan() -> None:
    made = p12(certificate(end=datetime(2027, 3, 31, 15, 0, tzinfo=UTC)))
    assert judge(made).values["until"] == "2027-04-01"
    assert (
        judge(p12(certificate(end=datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC)))).values["until"]
        == "2027-03-31"
    )


@pytest.mark.parametrize(
    ("made", "kind", "code"),
    [
        (certificate(), "registry-file", "ok"),
        (certificate(), "gyoseishoshi", "other-family"),
        (certificate(G_ID, ""), "gyoseishoshi", "ok"),
        (certificate(G_ID, ""), "registry-file", "other-family"),
        (certificate(G_ID, ""), "other-ca", "ok"),
        (certificate(OTHER, ""), "other-ca", "unknown-family"),
        (certificate(OTHER, ""), "registry-file", "unknown-family"),
        (certificate(PERSON, ""), "other-ca", "self-signed"),
        (certificate(TEST, ""), "", "test-certificate"),
        (certificate(AUTH, ""), "", "authentication-only"),
    ],
)
def test_kinds(made: object, kind: str, code: str) -> None:
    found = judge(p12(made), kind=kind)  # type: ignore[arg-type]
    assert found.code == code
    assert ("issuer" in found.values) == (code != "self-signed")


def test_old_encryption_is_said_when_nothing_else_is_wrong() -> None:
    read = certificates.parse(certificate().public_bytes(Encoding.DER))
    for kind, code in (("registry-file", "old-encryption"), ("gyoseishoshi", "other-family")):
        found = content._judge(read, NOW, kind, "pkcs12", [], ("RC2-40",))
        assert found.code == code
    assert content._judge(read, NOW + 300 * DAY + DAY, "", "pkcs12", [], ("RC2-40",)).code == "expired"


def test_the_issuers_name_is_made_harmless() -> None:
    from cryptography.x509.oid import NameOID

    made = certificate([(NameOID.COMMON_NAME, "CA\x1b]0;x\x07[@click=app.quit] \u202eevil")], "")
    issuer = str(judge(p12(made)).values["issuer"])
    assert "\x1b" not in issuer
    assert "\u202e" not in issuer


# Passwords and structure.


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
        (b"\x30\x80" * 200, "damaged"),
        (b"\x30\x80" + b"\x02\x01\x03" * 30_000, "damaged"),
        (b"0123456789", "truncated"),
        (pfx(tlv(0x30, tlv(6, b"\x2a")), 1), "damaged"),
        (tlv(0x30, whole(2), tlv(0x30, oid("1.2.840.113549.1.7.1"))), "damaged"),
        (tlv(0x30, whole(3), tlv(0x30, oid("1.2.840.113549.1.7.1"))), "damaged"),
        (tlv(0x30, whole(3), tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xA0, tlv(0x30)))), "unsupported"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "damaged"),
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
    begin = time.monotonic()
    for password in (PASSWORD, None):
        assert judge(bomb, password).code == "too-costly"
    assert time.monotonic() - begin < 0.5


@pytest.mark.parametrize("count", [0, -5])
def test_counts_that_cannot_be(count: int) -> None:
    made = pfx(shrouded(pbes2(pbkdf2(7)))).replace(whole(7), tlv(2, count.to_bytes(1, "big", signed=True)))
    assert judge(made).code == "damaged"


# Certificates and text files.


def pem(*blocks: bytes) -> bytes:
    return b"".join(blocks)


CERTIFICATE = certificate().public_bytes(Encoding.PEM)
KEY = key(0).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
OTHER_KEY = key(1).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
LOCKED_KEY = key(1).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
OLD = certificate(end=NOW - DAY)


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (certificate().public_bytes(Encoding.DER), "other-ca", "certificate-only"),
        (certificate().public_bytes(Encoding.DER), "registry-file", "no-key"),
        (OLD.public_bytes(Encoding.DER), "registry-file", "expired"),
        (certificate(AUTH, "").public_bytes(Encoding.DER), "other-ca", "authentication-only"),
        (certificate().public_bytes(Encoding.DER)[:-1], "other-ca", "truncated"),
        (CERTIFICATE, "other-ca", "certificate-only"),
        (CERTIFICATE.replace(b"\n", b"\r\n"), "other-ca", "certificate-only"),
        (b"Bag Attributes\n    friendlyName: x\n" + CERTIFICATE, "other-ca", "certificate-only"),
        (pem(CERTIFICATE, KEY), "other-ca", "pem-with-key"),
        (
            pem(KEY, certificate(OTHER, "", number=1).public_bytes(Encoding.PEM), CERTIFICATE),
            "",
            "pem-with-key",
        ),
        (pem(CERTIFICATE, OTHER_KEY), "other-ca", "key-mismatch"),
        (pem(CERTIFICATE, LOCKED_KEY), "other-ca", "pem-with-key"),
        (pem(OLD.public_bytes(Encoding.PEM), KEY), "other-ca", "expired"),
        (KEY, "other-ca", "no-certificate"),
        (CERTIFICATE[:-40], "other-ca", "truncated"),
    ],
)
def test_certificates_without_a_container(data: bytes, kind: str, code: str) -> None:
    assert judge(data, None, kind).code == code


@pytest.mark.parametrize(
    "data",
    [
        b"-----BEGIN A-----\n" * 58_000,
        b"-----BEGIN " * 95_000,
        b"-----BEGIN A-----\n-----END A-----\n" * 30_000,
    ],
)
def test_a_text_of_many_beginnings_is_read_in_one_pass(data: bytes) -> None:
    begin = time.monotonic()
    assert judge(data).code in ("truncated", "not-pkcs12")
    assert time.monotonic() - begin < 1


# Nothing breaks it.


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
    except (der.Malformed, StopIteration):
        return
    try:
        rewritten = ber.definite(b"\x30" + data)
    except der.Malformed:
        return
    assert ber.definite(rewritten) == rewritten
    assert ber.definite(indefinite(rewritten)) == ber.definite(rewritten)


# Files and the child process.


def read(path: Path | str, password: bytes | None = PASSWORD, **more: object) -> Finding:
    return read_file(str(path), password, NOW, **more)  # type: ignore[arg-type]


def test_a_file_through_the_child(tmp_path: Path) -> None:
    path = tmp_path / "証明書 $(x) ;'.p12"
    path.write_bytes(GOOD)
    found = read(path, kind="registry-file")
    assert (found.code, found.values["wareki"]) == ("ok", "令和9年9月18日")
    assert set(found.values) == {"family", "issuer", "until", "days", "wareki"}
    assert read(path, None).code == "password-needed"
    assert read(path, b"x" * 5000).code == "wrong-password"


def test_a_bomb_through_the_child_does_not_take_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.p12"
    path.write_bytes(pfx(mac=2**31 - 1))
    begin = time.monotonic()
    assert read(path).code == "too-costly"
    assert time.monotonic() - begin < 3
    # One that stays below the limit, three keys and a checksum, on a machine that is too slow for it.
    path.write_bytes(pfx(shrouded(pbes2(pbkdf2(4_900_000))), 5_000_000))
    begin = time.monotonic()
    assert read(path, deadline=0.7).code == "too-costly"
    assert time.monotonic() - begin < 3


def test_what_is_at_the_place(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    with open(tmp_path / "huge", "wb") as file:
        file.truncate(5_000_000_000)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    (tmp_path / "file").write_bytes(GOOD)
    expected = {
        "empty": "empty", "huge": "too-big", ".": "directory", "nothing": "missing", "link": "missing",
        "file/inside": "missing", "loop": "unreadable", "x" * 300: "unreadable", "a\0b": "unreadable",
    }  # fmt: skip
    if MAKE_PIPE:
        MAKE_PIPE(tmp_path / "pipe")
        expected |= {"pipe": "not-a-file"}
    found = {}
    for name in expected:
        data = worker.contents(str(tmp_path / name) if name != "." else str(tmp_path))
        found[name] = data.code if isinstance(data, Found) else judge(data).code
    assert found == expected
    assert isinstance(worker.contents(str(tmp_path / "file")), bytes)
    if sys.platform == "linux":
        assert worker.contents("/dev/zero") == Found("not-a-file")
    assert read("~no-such-user-here/x.p12").code == "missing"
    assert read(tmp_path / "huge").values["bytes"] == 5_000_000_000
    assert read("\ud800.p12").code in ("missing", "unreadable")


def test_a_file_that_changes_under_our_hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.p12"
    path.write_bytes(GOOD)
    really = os.open

    def vanished(name: str, flags: int) -> int:
        raise FileNotFoundError

    def pipe_instead(name: str, flags: int) -> int:
        path.unlink()
        assert MAKE_PIPE
        MAKE_PIPE(path)
        return really(name, flags)

    def refused(name: str, flags: int) -> int:
        raise PermissionError

    for change, code in ((refused, "unreadable"), (vanished, "missing"), (pipe_instead, "not-a-file")):
        if change is pipe_instead and MAKE_PIPE is None:
            continue
        monkeypatch.setattr(os, "open", change)
        found = worker.contents(str(path))
        assert isinstance(found, Found)
        assert found.code == code
    monkeypatch.undo()


@given(st.binary(max_size=200) | st.just(b'{"code":"ok","values":{"days":"x"},"evidence":[]}'))
def test_an_answer_that_makes_no_sense(answer: bytes) -> None:
    assert reading._finding(answer).code == "no-answer"


def test_an_answer_is_taken_only_as_far_as_it_may_go() -> None:
    said = {
        "code": "ok",
        "values": {"until": "2027-01-01", "subject": "X", "issuer": "a\x1bb" * 99},
        "evidence": ["\x1b"],
    }
    found = reading._finding(json.dumps(said).encode())
    assert set(found.values) == {"until", "issuer", "wareki"}
    assert "\x1b" not in repr(found)
    assert len(str(found.values["issuer"])) <= 80


# All files of a public collection.


def collection() -> list[Path]:
    vectors = pytest.importorskip("cryptography_vectors")
    return sorted((Path(vectors.__file__).parent / "pkcs12").glob("*.p12"))


EXPECTED = {
    "cert-aes256cbc-no-key": (b"cryptography", "no-key"),
    "cert-key-aes256cbc": (b"cryptography", "self-signed"),
    "cert-none-key-none": (b"cryptography", "self-signed"),
    "cert-rc2-key-3des": (b"cryptography", "self-signed"),
    "java-truststore": (None, "no-key"),
    "no-cert-key-aes256cbc": (b"cryptography", "no-certificate"),
    "no-password": (None, "self-signed"),
}


def expected(path: Path) -> tuple[bytes | None, str]:
    """Password and code of a file of the collection, by its name."""
    if path.stem in EXPECTED:
        return EXPECTED[path.stem]
    password = None if path.stem.endswith("-no-pwd") else b"password"
    return password, "no-key" if path.stem.startswith("no-cert-") else "self-signed"


def test_the_collection_with_right_wrong_and_no_password() -> None:
    assert len(collection()) >= 31
    for path in collection():
        data = path.read_bytes()
        password, code = expected(path)
        assert judge(data, password).code == code, path.name
        protected = password is not None and path.stem != "cert-none-key-none"
        if protected:
            assert judge(data, None).code == "password-needed", path.name
        if protected or (path.stem.endswith("-no-pwd") and not path.stem.startswith("no-cert-")):
            assert judge(data, b"wrong").code == "wrong-password", path.name


def test_the_collection_cut_at_each_tenth() -> None:
    for path in collection():
        data = path.read_bytes()
        password, _ = expected(path)
        for tenth in range(10):
            for given_password in (password, b"wrong", None):
                found = judge(data[: len(data) * tenth // 10], given_password)
                assert found.code == ("truncated" if tenth else "empty"), (path.name, tenth)


HARMLESS = {
    "damaged",
    "truncated",
    "not-pkcs12",
    "unsupported",
    "too-costly",
    "wrong-password",
    "password-needed",
}


def test_the_collection_with_single_bytes_flipped() -> None:
    """A flip is noticed or without effect; it never makes a fault of another kind."""
    for number, path in enumerate(collection()):
        data = path.read_bytes()
        password, code = expected(path)
        for at in range(number % 7, len(data), 149):
            for mask in (0x01, 0x80):
                flipped = bytearray(data)
                flipped[at] ^= mask
                found = judge(bytes(flipped), password)
                assert found.code in HARMLESS | {code}, (path.name, at, mask)


def test_iterations_are_read_from_the_collection() -> None:
    found = {
        path.stem: pkcs12.outside(ber.definite(path.read_bytes()))
        for path in collection()
        if path.stem in ("cert-rc2-key-3des", "cert-key-aes256cbc")
    }
    assert found["cert-rc2-key-3des"].old == ("RC2-40",)
    assert found["cert-rc2-key-3des"].ciphers == ["RC2-40", "3DES"]
    assert found["cert-key-aes256cbc"].old == ()
    assert all(outside.iterations >= 4096 and outside.mac for outside in found.values())


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl")
def test_openssl_opens_what_we_open_and_nothing_else() -> None:
    """Its own program, which shares no code with the reader of the outside, judges each password."""
    for path in [path for path in collection() if not path.stem.startswith("name-")]:
        password, _ = expected(path)
        for word in (password or b"", b"wrong"):
            argv = ("openssl", "pkcs12", "-legacy", "-noout", "-in", path, "-passin", f"pass:{word.decode()}")
            opened = subprocess.run(argv, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
            ours = judge(path.read_bytes(), word or None).code
            # Without a key, or with a certificate in the open, the fault is there whatever the password.
            if path.stem != "cert-none-key-none" and not (
                path.stem.endswith("-no-pwd") or "trust" in path.stem
            ):
                assert opened == (ours not in ("wrong-password", "password-needed")), (path.name, word, ours)
