"""What is in a certificate file, from its bytes alone: runs in the child, touches no disk, raises nothing.

Order where several things hold: what makes the file unusable comes first, then the certificate's faults, then doubts.
"""

from __future__ import annotations

import base64
import binascii
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from checks.certfile import ber, families, pkcs12
from checks.dates import JAPAN
from checks.pki import certificates, der, names
from checks.record import dataclass, field
from checks.secret import Secret
from checks.shown import show

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

SOON = timedelta(days=30)

_MOST_BLOCKS = 50
_CERTIFICATE_LABELS = ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")
_SIGNED_DATA = "1.2.840.113549.1.7.2"

Form: TypeAlias = Literal["pkcs12", "certificate", "pem"]


@dataclass(slots=True)
class Found:
    """The outcome: a code of `certificate.file`, values and evidence, nothing about the person."""

    code: str
    values: dict[str, str | int] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)


def look(data: bytes, password: Secret | None, now: datetime, kind: str = "") -> Found:
    """Judge the bytes of one file at the moment `now`; `kind` is the answer to `certificate.kind`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _look(data, password, now, kind)
    except MemoryError:
        return Found("too-costly")
    except Exception as error:
        return Found("damaged", {}, [f"not readable ({type(error).__name__})"])


def _look(data: bytes, password: Secret | None, now: datetime, kind: str) -> Found:
    if not data:
        return Found("empty")
    if b"-----BEGIN " in data[:65536]:
        return _pem(data, now, kind)
    if data[0] != 0x30:
        return Found("not-pkcs12", {}, [_resembles(data)])
    try:
        whole = ber.definite(data)
    except ber.Cut:
        return Found("truncated", {}, [f"{len(data)} bytes"])
    except der.Malformed:
        return Found("damaged" if data[1:2] >= b"\x80" else "not-pkcs12")
    if pkcs12.is_pfx(whole):
        return _pfx(data, whole, password, now, kind)
    try:
        certificate = certificates.parse(whole)
    except der.Malformed:
        return Found("not-pkcs12", {}, [_resembles(whole)])
    return _judge(certificate, now, kind, "certificate", [])


def _resembles(data: bytes) -> str:
    """What a file that is no PKCS#12 looks like, in a word for people who know."""
    if data[:4] == b"\xfe\xed\xfe\xed":
        return "Java keystore (JKS)"
    if data[:2] == b"PK":
        return "ZIP archive"
    if data[:4] == b"%PDF":
        return "PDF"
    if data[:1] == b"0":
        try:
            first = next(der.elements(der.one(data, der.SEQUENCE).value))
            if first.tag == der.OID and der.oid(first) == _SIGNED_DATA:
                return "PKCS#7 (.p7b)"
        except (der.Malformed, StopIteration):
            pass
        return "another ASN.1 structure"
    return "unknown content"


def _pfx(data: bytes, whole: bytes, password: Secret | None, now: datetime, kind: str) -> Found:
    try:
        outside = pkcs12.outside(whole)
    except pkcs12.Unsupported as error:
        return Found("unsupported", {}, [str(error)])
    except der.Malformed as error:
        return Found("damaged", {}, [str(error)])
    evidence = [f"PKCS#12, encryption: {', '.join(dict.fromkeys(outside.ciphers)) or 'none'}"]
    if outside.iterations > pkcs12.MOST_ITERATIONS:
        return Found("too-costly", {}, [*evidence, f"iterations: {outside.iterations:.3g}"])
    from cryptography.hazmat.primitives.serialization import pkcs12 as library

    try:
        opened = library.load_pkcs12(data, password.reveal() if password else None)
    except MemoryError:
        raise
    except Exception:
        return _unopened(outside, password, now, kind, evidence)
    loaded = [entry.certificate for entry in opened.additional_certs]
    if opened.cert is not None:
        loaded.insert(0, opened.cert.certificate)
    if opened.key is None:
        return Found("no-key", {}, [*evidence, f"certificates: {len(loaded)}"])
    if not loaded:
        return Found("no-certificate", {}, evidence)
    from cryptography.hazmat.primitives.serialization import Encoding

    for entry in loaded:
        if _fits(opened.key, entry):
            certificate = certificates.parse(entry.public_bytes(Encoding.DER))
            return _judge(certificate, now, kind, "pkcs12", evidence, outside.old)
    return Found("key-mismatch", {}, evidence)


def _fits(key: PrivateKeyTypes, certificate: object) -> bool:
    """Whether the key is the certificate's own."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    assert isinstance(certificate, x509.Certificate)
    try:
        mine, theirs = (
            one.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            for one in (key.public_key(), certificate.public_key())
        )
    except Exception:
        return False
    return mine == theirs


def _unopened(
    outside: pkcs12.Outside, password: Secret | None, now: datetime, kind: str, evidence: list[str]
) -> Found:
    """A sound structure that this password, or none, does not open."""
    if password is not None and _opens_a_key(outside, password):
        return Found("damaged", {}, [*evidence, "the password fits, the checksum does not"])
    if not outside.encrypted_parts and not outside.keys and not outside.plain_keys and outside.certificates:
        return Found("no-key", {}, evidence)
    code = "password-needed" if password is None else "wrong-password"
    for encoded in outside.certificates:
        # Some files leave the certificate open: what is wrong with it needs no password.
        try:
            seen = _judge(certificates.parse(encoded), now, kind, "pkcs12", evidence, outside.old)
        except der.Malformed:
            continue
        if len(outside.certificates) == 1:
            if seen.code in FATAL:
                return seen
            return Found(code, seen.values, seen.evidence)
    return Found(code, {}, evidence)


FATAL = frozenset({"expired", "not-yet-valid", "test-certificate", "authentication-only", "self-signed"})
"""Codes that no password would change."""


def _opens_a_key(outside: pkcs12.Outside, password: Secret) -> bool:
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    for encrypted in outside.keys[:3]:
        try:
            load_der_private_key(encrypted, password.reveal())
        except Exception:
            continue
        return True
    return False


def _blocks(data: bytes) -> Iterator[tuple[str, bytes, bytes]]:
    """Label, body and whole of each block of a PEM text (RFC 7468), in one pass; raises `ber.Cut` for one without end."""
    at = 0
    for _ in range(_MOST_BLOCKS):
        begin = data.find(b"-----BEGIN ", at)
        if begin < 0:
            return
        line = data.find(b"-----", begin + 11, begin + 80)
        label = data[begin + 11 : line] if line > 0 else b""
        ending = b"-----END " + label + b"-----"
        end = data.find(ending, line) if line > 0 else -1
        if end < 0:
            raise ber.Cut("a block without end")
        at = end + len(ending)
        yield label.decode("ascii", "replace"), data[line + 5 : end], data[begin:at]


def _pem(data: bytes, now: datetime, kind: str) -> Found:
    """A text file of certificates; a private key in it is compared only where it is not encrypted."""
    try:
        blocks = list(_blocks(data))
    except ber.Cut:
        return Found("truncated")
    labels = [label for label, _, _ in blocks]
    evidence = [f"PEM: {show(', '.join(dict.fromkeys(labels)), 80)}"]
    encoded = [body for label, body, _ in blocks if label in _CERTIFICATE_LABELS]
    keys = [block for label, _, block in blocks if label.endswith("PRIVATE KEY")]
    if not encoded:
        return Found("no-certificate" if keys else "not-pkcs12", {}, evidence)
    read: list[certificates.Certificate] = []
    for body in encoded:
        try:
            read.append(certificates.parse(base64.b64decode(b"".join(body.split()), validate=True)))
        except (binascii.Error, der.Malformed):
            return Found("damaged", {}, evidence)
    issuers = {one.issuer_key for one in read if not one.self_issued}
    own = next((one for one in read if one.subject_key not in issuers), read[0])
    if not keys:
        return _judge(own, now, kind, "certificate", evidence)
    fitting = _owner(keys, read)
    if fitting is None and not any(b"ENCRYPTED" in block for block in keys):
        return Found("key-mismatch", {}, evidence)
    return _judge(fitting or own, now, kind, "pem", evidence)


def _owner(keys: list[bytes], read: list[certificates.Certificate]) -> certificates.Certificate | None:
    """The certificate that an unencrypted key belongs to."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    for block in keys:
        try:
            key = load_pem_private_key(block, None)
        except Exception:
            continue
        for one in read:
            try:
                if _fits(key, x509.load_der_x509_certificate(one.der)):
                    return one
            except ValueError:
                continue
    return None


def _judge(
    certificate: certificates.Certificate,
    now: datetime,
    kind: str,
    form: Form,
    evidence: list[str],
    old: tuple[str, ...] = (),
) -> Found:
    """What a certificate is and whether it can be signed with; keeps its family, issuer and last day only."""
    family = families.family(certificate)
    selfmade = certificate.self_issued
    values: dict[str, str | int] = {"family": family}
    if not selfmade:
        # The issuer of a self-signed certificate is the person.
        values["issuer"] = show(names.short(certificate.issuer), 60)
    if certificate.not_before is None or certificate.not_after is None:
        return Found("damaged", {}, [*evidence, "validity is not readable"])
    values["until"] = certificate.not_after.astimezone(JAPAN).date().isoformat()
    evidence = [*evidence, f"family: {family}", f"notAfter: {certificate.not_after.isoformat()}"]
    left = certificate.not_after - now
    values["days"] = left.days
    if family == "jpki-test":
        code = "test-certificate"
    elif family == "jpki-auth":
        code = "authentication-only"
    elif left < timedelta(0):
        code = "expired"
    elif certificate.not_before > now:
        code = "not-yet-valid"
        values["start"] = certificate.not_before.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M")
    elif selfmade:
        code = "self-signed"
    elif form == "certificate":
        code = "no-key" if kind in families.KINDS else "certificate-only"
    elif form == "pem":
        code = "pem-with-key"
    elif family == "unknown":
        code = "unknown-family"
    elif family not in families.KINDS.get(kind, {family}):
        code = "other-family"
    elif left <= SOON:
        code = "expires-soon"
    else:
        code = "old-encryption" if old else "ok"
        if old:
            values["cipher"] = ", ".join(old)
    return Found(code, values, evidence)
