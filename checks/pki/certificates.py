"""One certificate (RFC 5280) read from DER by us, so that a broken field never hides the others.

Tried with `cryptography` 50: one time with a zone in its validity, one text in a wrong alphabet or one extension that is
no sequence, and it refuses the whole certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from checks.pki import der, names
from checks.record import dataclass, field

SAN, BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE = "2.5.29.17", "2.5.29.19", "2.5.29.15", "2.5.29.37"
NAME_CONSTRAINTS, AUTHORITY_KEY, SUBJECT_KEY = "2.5.29.30", "2.5.29.35", "2.5.29.14"
AUTHORITY_INFO = "1.3.6.1.5.5.7.1.1"
_CA_ISSUERS = "1.3.6.1.5.5.7.48.2"
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"

_CURVE_BITS = {
    "1.2.840.10045.3.1.1": 192,
    "1.3.132.0.33": 224,
    "1.2.840.10045.3.1.7": 256,
    "1.3.132.0.10": 256,
    "1.3.132.0.34": 384,
    "1.3.132.0.35": 521,
    "1.3.132.0.6": 112,
    "1.3.132.0.8": 160,
    "1.3.132.0.9": 160,
    "1.3.132.0.31": 192,
}
_RSA, _RSA_PSS, _EC, _DSA = (
    "1.2.840.113549.1.1.1",
    "1.2.840.113549.1.1.10",
    "1.2.840.10045.2.1",
    "1.2.840.10040.4.1",
)


@dataclass(frozen=True, slots=True)
class X509Extension:
    """One extension: whether a reader that does not know it must refuse, and its DER content."""

    critical: bool
    value: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """What a certificate says; fields that could not be read are None or empty, and `faults` says which."""

    der: bytes
    sha256: bytes
    tbs: bytes
    version: int
    serial: int
    issuer: bytes
    subject: bytes
    issuer_key: bytes
    """For comparison, see `names.key`."""
    subject_key: bytes
    not_before: datetime | None
    not_after: datetime | None
    spki: bytes
    signature_oid: str
    signature_parameters: bytes
    signature: bytes
    extensions: Mapping[str, X509Extension] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @property
    def sha1(self) -> str:
        """The thumbprint as Windows shows it: 40 lower-case hex digits."""
        return hashlib.sha1(self.der, usedforsecurity=False).hexdigest()

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer are the same name (says nothing about the key)."""
        return self.subject_key == self.issuer_key


def parse(data: bytes) -> Certificate:
    """Read one certificate; raises `der.DerError` only when its outer structure is unreadable."""
    outer = next(iter(der.elements(data)), None)
    if outer is None or outer.tag != der.SEQUENCE:
        raise der.DerError("not a certificate")
    parts = list(der.elements(outer.value))
    if len(parts) != 3:
        raise der.DerError("not a certificate")
    tbs, algorithm, signature = parts
    fields = list(der.elements(tbs.value))
    version = 1
    if fields and fields[0].tag == 0xA0:
        version = der.integer(der.one(fields[0].value)) + 1
        fields = fields[1:]
    if len(fields) < 6:
        raise der.DerError("fields are missing")
    serial, inner, issuer, validity, subject, spki, *rest = fields
    faults: list[str] = []
    if inner.whole != algorithm.whole:
        faults.append("signature algorithms differ")
    times = list(der.elements(validity.value))
    not_before = _time(times[0]) if times else None
    not_after = _time(times[1]) if len(times) > 1 else None
    if not_before is None or not_after is None:
        faults.append("validity is not readable")
    kind, *parameters = der.items(algorithm.whole)
    extensions: dict[str, X509Extension] = {}
    for part in rest:
        if part.tag == 0xA3:
            _read_extensions(part.value, extensions, faults)
    return Certificate(
        der=outer.whole,
        sha256=hashlib.sha256(outer.whole).digest(),
        tbs=tbs.whole,
        version=version,
        serial=int.from_bytes(serial.value[:64], "big"),
        issuer=issuer.whole,
        subject=subject.whole,
        issuer_key=names.key(issuer.whole),
        subject_key=names.key(subject.whole),
        not_before=not_before,
        not_after=not_after,
        spki=spki.whole,
        signature_oid=der.oid(kind),
        signature_parameters=parameters[0].whole if parameters else b"",
        signature=der.bits(signature),
        extensions=extensions,
        faults=tuple(faults),
    )


def subject_of(data: bytes) -> bytes:
    """Only the subject of a certificate, DER: for indexing a bundle quickly; raises `der.DerError`."""
    fields = list(der.elements(next(der.elements(der.one(data, der.SEQUENCE).value)).value))
    at = 5 if fields and fields[0].tag == 0xA0 else 4
    if len(fields) <= at:
        raise der.DerError("fields are missing")
    return fields[at].whole


def _read_extensions(data: bytes, into: dict[str, X509Extension], faults: list[str]) -> None:
    try:
        for element in der.items(data):
            parts = der.items(element.whole)
            dotted = der.oid(parts[0])
            critical = len(parts) == 3 and der.boolean(parts[1])
            if len(parts) not in (2, 3) or parts[-1].tag != der.OCTET_STRING:
                raise der.DerError("not an extension")
            if dotted in into:
                faults.append(f"extension {dotted} stands twice")
            into.setdefault(dotted, X509Extension(critical, parts[-1].value))
    except (ValueError, IndexError):
        faults.append("extensions are not readable")


def _time(element: der.Element) -> datetime | None:
    """A moment as RFC 5280 section 4.1.2.5 writes it: with seconds, in UTC."""
    text = element.value.decode("ascii", "replace")
    if element.tag == der.UTC_TIME and len(text) == 13:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif element.tag != der.GENERALIZED_TIME or len(text) != 15:
        return None
    if not text.endswith("Z") or not text[:-1].isdigit():
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def public_key(certificate: Certificate) -> tuple[str, int]:
    """Kind of key (`RSA`, `EC`, `DSA` or an object identifier) and its size in bits, 0 where that is not known."""
    try:
        algorithm, key = der.items(certificate.spki)
        kind, *parameters = der.items(algorithm.whole)
        dotted = der.oid(kind)
        if dotted in (_RSA, _RSA_PSS):
            modulus = der.items(der.bits(key))[0]
            return "RSA", int.from_bytes(modulus.value, "big").bit_length()
        if dotted == _EC:
            curve = parameters[0] if parameters else None
            known = curve is not None and curve.tag == der.OID
            return "EC", _CURVE_BITS.get(der.oid(curve), 0) if known and curve is not None else 0
        if dotted == _DSA:
            return "DSA", int.from_bytes(der.items(parameters[0].whole)[0].value, "big").bit_length()
        return dotted, 0
    except (ValueError, IndexError):
        return "unreadable", 0


def extension_items(certificate: Certificate, dotted: str) -> list[der.Element] | None:
    """What the sequence in an extension holds; None without the extension; raises `DerError`."""
    extension = certificate.extensions.get(dotted)
    return None if extension is None else der.items(extension.value)


def basic_constraints(certificate: Certificate) -> tuple[bool, int | None] | None:
    """Whether it is a CA, and its path length; None without the extension; raises `DerError`."""
    parts = extension_items(certificate, BASIC_CONSTRAINTS)
    if parts is None:
        return None
    authority = bool(parts) and parts[0].tag == der.BOOLEAN and der.boolean(parts[0])
    lengths = [der.integer(part) for part in parts if part.tag == der.INTEGER]
    if len(lengths) > 1 or any(length < 0 for length in lengths):
        raise der.DerError("path length is not readable")
    return authority, lengths[0] if lengths else None


def key_usage(certificate: Certificate) -> frozenset[int] | None:
    """The numbers of the bits set (0 digitalSignature, 2 keyEncipherment, 4 keyAgreement, 5 keyCertSign …)."""
    extension = certificate.extensions.get(KEY_USAGE)
    if extension is None:
        return None
    data = der.bits(der.one(extension.value))[:2]
    return frozenset(8 * at + bit for at, byte in enumerate(data) for bit in range(8) if byte & 0x80 >> bit)


def extended_key_usage(certificate: Certificate) -> frozenset[str] | None:
    """The purposes as object identifiers; None without the extension."""
    items = extension_items(certificate, EXTENDED_KEY_USAGE)
    return None if items is None else frozenset(map(der.oid, items))


def general_names(certificate: Certificate) -> list[der.Element]:
    """The alternative names of the subject; raises `DerError`."""
    return extension_items(certificate, SAN) or []


def is_for(certificate: Certificate, host: str) -> bool:
    """Whether one of its alternative names is that host (as `names.ascii_host` gives it)."""
    try:
        found = general_names(certificate)
    except ValueError:
        return False
    dns, addresses = ([item.value for item in found if item.tag == tag] for tag in (0x82, 0x87))
    return names.matches(host, dns, addresses)


def subject_key_id(certificate: Certificate) -> bytes | None:
    """The key identifier it gives itself; None where there is none readable."""
    extension = certificate.extensions.get(SUBJECT_KEY)
    try:
        return None if extension is None else der.one(extension.value, der.OCTET_STRING).value
    except ValueError:
        return None


def authority_key_id(certificate: Certificate) -> tuple[bytes | None, int | None]:
    """The key identifier and serial number it says its issuer has; None where not said."""
    try:
        parts = {part.tag: part.value for part in extension_items(certificate, AUTHORITY_KEY) or ()}
    except ValueError:
        parts = {}
    return parts.get(0x80), int.from_bytes(parts[0x82][:64], "big") if 0x82 in parts else None


def says_where_issuer_is(certificate: Certificate) -> bool:
    """Whether it gives an address from which a browser can fetch its issuer (AIA caIssuers)."""
    try:
        for access in extension_items(certificate, AUTHORITY_INFO) or ():
            method, location = der.items(access.whole)
            if der.oid(method) == _CA_ISSUERS and location.tag == 0x86:
                return True
    except ValueError:
        pass
    return False
