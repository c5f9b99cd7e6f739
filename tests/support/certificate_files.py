"""Certificate files made for the tests: every family, every fault; all names are examples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from checks.certfile.content import look
from checks.certfile.judging import CODES, Criteria
from checks.model import Finding
from checks.secret import Secret

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PASSWORD = b"Sakura-2026"

REGISTRY = (
    (NameOID.COUNTRY_NAME, "JP"),
    (NameOID.ORGANIZATION_NAME, "Japanese Government"),
    (NameOID.ORGANIZATIONAL_UNIT_NAME, "Ministry of Justice"),
    (NameOID.COMMON_NAME, "Registrar of Tokyo Legal Affairs Bureau"),
)
G_ID = (
    (NameOID.COUNTRY_NAME, "JP"),
    (NameOID.ORGANIZATION_NAME, "SECOM Trust Systems CO.,LTD."),
    (NameOID.ORGANIZATIONAL_UNIT_NAME, "SECOM Passport for G-ID"),
)
OTHER = ((NameOID.ORGANIZATION_NAME, "Example Trust"), (NameOID.COMMON_NAME, "Example Signing CA"))
PERSON = ((NameOID.COUNTRY_NAME, "JP"), (NameOID.COMMON_NAME, "SECRET PERSON"))


def jpki(unit: str, organisation: str = "JPKI") -> tuple[tuple[x509.ObjectIdentifier, str], ...]:
    return (
        (NameOID.COUNTRY_NAME, "JP"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "Japan Agency for Local Authority Information Systems"),
    )


Name = Sequence[tuple[x509.ObjectIdentifier, str]]


@cache
def key(number: int) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    issuer: Name = REGISTRY,
    policy: str = "1.2.392.100300.1.3.4",
    *,
    begin: datetime = NOW - timedelta(days=30),
    end: datetime = NOW + timedelta(days=300),
    subject: Name = PERSON,
    number: int = 0,
    extensions: Sequence[x509.ExtensionType] = (),
) -> x509.Certificate:
    """A certificate of that issuer for our key `number`."""

    def name(parts: Name) -> x509.Name:
        return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])

    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key(number).public_key())
        .serial_number(0x5EC12E75E21A1)
        .not_valid_before(begin)
        .not_valid_after(end)
    )
    if policy:
        policies = [x509.PolicyInformation(x509.ObjectIdentifier(policy), None)]
        builder = builder.add_extension(x509.CertificatePolicies(policies), critical=True)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key(0), hashes.SHA256())


def p12(
    made: x509.Certificate | None, password: bytes = PASSWORD, *, foreign: x509.Certificate | None = None
) -> bytes:
    """A PKCS#12 file of the certificate with our key; an empty password means none.

    `foreign` is put beside the key without being its own.
    """
    how = BestAvailableEncryption(password) if password else NoEncryption()
    others = [foreign] if foreign else None
    return pkcs12.serialize_key_and_certificates(b"example", key(0), made, others, how)


# DER by hand, for files that no library writes.


def tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def oid(dotted: str) -> bytes:
    numbers = [int(part) for part in dotted.split(".")]
    body = b""
    for number in (40 * numbers[0] + numbers[1], *numbers[2:]):
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.append(0x80 | number & 0x7F)
        body += bytes(reversed(digits))
    return tlv(6, body)


def whole(number: int) -> bytes:
    return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def pfx(safe: bytes = b"", mac: int = 0) -> bytes:
    """A PKCS#12 file with these contents, and a checksum of that many iterations."""
    data = tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(4, tlv(0x30, safe))))
    sha1 = tlv(0x30, tlv(0x30, oid("1.3.14.3.2.26"), tlv(5)), tlv(4, b"x" * 20))
    checked = tlv(0x30, sha1, tlv(4, b"saltsalt"), whole(mac)) if mac else b""
    return tlv(0x30, whole(3), data, checked)


def shrouded(algorithm: bytes) -> bytes:
    """A part with an encrypted key of that algorithm."""
    bag = tlv(
        0x30,
        oid("1.2.840.113549.1.12.10.1.2"),
        tlv(0xA0, tlv(0x30, algorithm, tlv(4, b"x" * 160))),
    )
    return tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(4, tlv(0x30, bag))))


def pbes2(derivation: bytes) -> bytes:
    aes = tlv(0x30, oid("2.16.840.1.101.3.4.1.42"), tlv(4, b"i" * 16))
    return tlv(0x30, oid("1.2.840.113549.1.5.13"), tlv(0x30, derivation, aes))


def pbkdf2(iterations: int) -> bytes:
    return tlv(0x30, oid("1.2.840.113549.1.5.12"), tlv(0x30, tlv(4, b"saltsalt"), whole(iterations)))


def scrypt(cost: int, block: int, parallel: int) -> bytes:
    numbers = (whole(cost), whole(block), whole(parallel))
    return tlv(0x30, oid("1.3.6.1.4.1.11591.4.11"), tlv(0x30, tlv(4, b"saltsalt"), *numbers))


def indefinite(data: bytes) -> bytes:
    """The same with lengths left open and octet strings in parts, as NSS writes it."""
    out = b""
    at = 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            size, at = int.from_bytes(data[at : at + count], "big"), at + count
        content = data[at : at + size]
        at += size
        if tag & 0x20:
            out += bytes((tag, 0x80)) + indefinite(content) + b"\0\0"
        elif tag == 4 and size > 40:
            out += b"\x24\x80" + tlv(4, content[:30]) + tlv(4, content[30:]) + b"\0\0"
        else:
            out += tlv(tag, content)
    return out


def judge(
    data: bytes,
    password: bytes | None = PASSWORD,
    kind: str = "",
    *,
    now: datetime = NOW,
    listed: bool = False,
    medium: str = "",
) -> Finding:
    """What is found in the file; nothing secret is in anything that is kept."""
    found = look(data, None if password is None else Secret(password), Criteria(now, kind, listed, medium))
    assert found.code in CODES
    kept = json.dumps([found.code, dict(found.values), found.evidence])
    for secret in ("SECRET PERSON", "5ec12e75e21a1", str(0x5EC12E75E21A1), "Sakura", "BEGIN"):
        assert secret not in kept
    assert set(found.values) <= {"family", "issuer", "until", "days", "start", "cipher", "bytes"}
    return found
