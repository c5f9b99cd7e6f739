"""What is in a certificate file, from its bytes alone: runs in the child and touches no disk.

Whatever the bytes are, there is a code for them; what is raised is a defect of ours. Of several keys and certificates
the best decides, since one that can be signed with is enough; the others are named.
"""

from __future__ import annotations

import base64
import binascii
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from checks.certfile import ber, opening, pkcs12
from checks.certfile.judging import FATAL, Container, Criteria, Form, best, is_authority, judge
from checks.model import Coverage, Finding
from checks.pki import certificates, der
from checks.pki.certificates import Certificate
from checks.pki.der import DerError
from checks.record import replace
from checks.secret import Secret
from checks.shown import show

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

    Key: TypeAlias = PrivateKeyTypes | Literal["locked", "wrong-password"] | None
    """A private key; None where the library cannot load it, a word where no password or not this one opens it."""

_MOST_BLOCKS = 3_000
"""Blocks of a text that are read: more than a file of the largest size has certificates."""
_CERTIFICATES = ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PKCS7", "CMS", "PKCS12")
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]{64,}={0,2}")


def look(data: bytes, password: Secret | None, criteria: Criteria) -> Finding:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _look(_as_text(data), password, criteria)
        except MemoryError:
            return Finding("too-costly")


def _as_text(data: bytes) -> bytes:
    """A text as editors on Windows save it, in the plain bytes that it was made of; anything else as it is."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return data.decode(encoding, "replace").encode("ascii", "replace")
    return data


def _look(data: bytes, password: Secret | None, criteria: Criteria) -> Finding:
    if not data:
        return Finding("empty")
    if b"-----BEGIN " in data:
        return _pem(data, password, criteria)
    if _BASE64.fullmatch(data.strip()):
        plain = b"".join(data.split()).rstrip(b"=")
        # A text that was cut within a group of four still says that it was cut.
        plain = plain[: len(plain) - (len(plain) % 4 == 1)]
        return _binary(base64.b64decode(plain + b"=" * (-len(plain) % 4)), password, criteria, "armoured")
    return _binary(data, password, criteria, "pkcs12")


def _binary(data: bytes, password: Secret | None, criteria: Criteria, form: Form) -> Finding:
    if not _may_be_one(data):
        return Finding("not-pkcs12", {}, (_resembles(data),))
    try:
        whole = ber.definite(data)
    except ber.Cut:
        return Finding("truncated", {}, (f"{len(data)} bytes",))
    except DerError as error:
        return Finding("too-costly" if isinstance(error, ber.Limit) else "damaged", {}, (str(error),))
    if pkcs12.is_pfx(whole):
        return _pfx(data, whole, password, criteria, form)
    if encoded := _signed_data(whole):
        read, unread = _parsed(encoded)
        container = Container(criteria, evidence=(f"PKCS#7, certificates: {len(encoded)}",))
        return _counted(_without_keys(read, unread, container), len(encoded), unread)
    try:
        return judge(certificates.parse(whole), Container(criteria))
    except DerError:
        if _is_key(whole):
            return Finding("no-certificate", {}, ("private key",))
        return Finding("not-pkcs12", {}, (_resembles(whole),))


def _may_be_one(data: bytes) -> bool:
    """Whether the first bytes, as far as they go, are those of a key or certificate in DER or BER."""
    if data[0] != der.SEQUENCE:
        return False
    within = 2 + (data[1] & 0x7F if data[1:2] > b"\x80" else 0)
    return data[within : within + 1] in (b"", b"\x02", b"\x06", b"\x30")


def _is_key(whole: bytes) -> bool:
    """Whether it has the outer form of a private key: PKCS#8 open or encrypted, RSA, EC."""
    tags = bytes(part.tag for part in der.items(whole))
    return tags.startswith((b"\x02\x30\x04", b"\x02" * 9, b"\x02\x04\xa0")) or tags == b"\x30\x04"


def _resembles(data: bytes) -> str:
    """What a file that is no PKCS#12 looks like, in a word for people who know."""
    if data[:4] == b"\xfe\xed\xfe\xed":
        return "Java keystore (JKS)"
    if data[:2] == b"PK":
        return "ZIP archive"
    if data[:4] == b"%PDF":
        return "PDF"
    return "another ASN.1 structure" if _may_be_one(data) else "unknown content"


def _signed_data(whole: bytes) -> list[bytes]:
    """The certificates of a PKCS#7 (RFC 5652, 5.1), as `.p7b` files hold them; none where it is no such structure."""
    try:
        name, content = der.items(whole)
        if der.oid(name) != _SIGNED_DATA:
            return []
        parts = der.items(der.one(content.value).whole)
        return [one.whole for part in parts if part.tag == 0xA0 for one in der.elements(part.value)]
    except ValueError:
        return []


def _pfx(data: bytes, whole: bytes, password: Secret | None, criteria: Criteria, form: Form) -> Finding:
    container = Container(criteria, form)
    try:
        structure = pkcs12.structure_of(whole)
        ciphers = ", ".join(dict.fromkeys(structure.ciphers)) or "none"
        container = Container(criteria, form, (f"PKCS#12, encryption: {ciphers}",), structure.outdated)
        if structure.iterations > pkcs12.MOST_ITERATIONS:
            return container.finding("too-costly", f"iterations: {structure.iterations:.3g}")
        contents = opening.open_file(data, structure, password)
    except pkcs12.Unsupported as error:
        return container.finding("unsupported", str(error))
    except DerError as error:
        return container.finding("damaged", str(error))
    except opening.CannotOpen as error:
        if error.code == "damaged":
            return container.finding("damaged", "the password fits, the checksum does not")
        if not structure.keys and not structure.sealed and structure.certificates:
            return container.finding("no-key")
        # Some files leave the certificates open: what is wrong with them needs no password.
        seen = [] if structure.sealed else _parsed(structure.certificates)[0]
        return _undecided(error.code, seen, container)
    read, unread = _parsed(contents.certificates)
    missing = "unsupported" if contents.sealed else "unreadable-part" if unread else ""
    free = ("it opens without a password",) if password and contents.free else ()
    sealed = ("the password fits, the content cannot be opened",) if contents.sealed else ()
    container = replace(container, evidence=(*container.evidence, *free, *sealed))
    findings = [_of_key(key, read, container, missing) for key in contents.keys] or [
        container.finding(missing or "no-key", f"certificates: {len(read)}")
    ]
    unread += [f"key {at}" for at, key in enumerate(contents.keys, 1) if key is None]
    unread += ["encrypted part"] * contents.sealed
    return _counted(best(findings), len(contents.keys) + len(contents.certificates) + contents.sealed, unread)


def _parsed(encoded: Sequence[bytes]) -> tuple[list[Certificate], list[str]]:
    """The certificates that can be read, and names for those that cannot."""
    read, unread = [], []
    for at, one in enumerate(encoded, 1):
        try:
            read.append(certificates.parse(one))
        except DerError:
            unread.append(f"certificate {at}")
    return read, unread


def _counted(finding: Finding, of: int, unread: Sequence[str]) -> Finding:
    """The finding of a file with so many keys and certificates, some of which could not be read."""
    return replace(finding, coverage=Coverage(max(0, of - len(unread)), of, tuple(unread)))


def _of_key(key: Key, read: list[Certificate], container: Container, missing: str) -> Finding:
    """What one key and its certificate are; `missing` is to be said where that one may be among what was not read."""
    if key is None:
        return _undecided(missing or "unreadable-part", read, container)
    if isinstance(key, str):
        code = key if key == "wrong-password" else ""
        return _undecided(code if read else missing, read, container)
    fits = [_fits(key, one) for one in read]
    own = [judge(one, container) for one, fit in zip(read, fits, strict=True) if fit]
    if own:
        return best(own)
    if None in fits:
        return container.finding(missing or "unreadable-part")
    return container.finding(missing or ("key-mismatch" if read else "no-certificate"))


def _undecided(code: str, read: list[Certificate], container: Container) -> Finding:
    """What is known of certificates whose key was not seen: `code`, unless the only one would do with no key.

    With no `code`, what the best of them is.
    """
    seen = [judge(one, container) for one in _leaves(read)]
    if not seen:
        return container.finding(code or "no-certificate")
    first = best(seen)
    if not code or (len(read) == 1 and first.code in FATAL):
        return first
    return Finding(code, first.values if len(seen) == 1 else {}, first.evidence)


def _leaves(read: list[Certificate]) -> list[Certificate]:
    """Those that are nobody's issuer, or all where there is none."""
    issuers = {one.issuer_key for one in read if not one.self_issued}
    leaves = [one for one in read if one.subject_key not in issuers]
    return [one for one in leaves if not is_authority(one)] or leaves or read


def _fits(key: PrivateKeyTypes, certificate: Certificate) -> bool | None:
    """Whether the key is the certificate's own; None where the library cannot read the certificate's."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    mine = key.public_key().public_bytes(*form)
    if mine == certificate.spki:
        return True
    try:
        return load_der_public_key(certificate.spki).public_bytes(*form) == mine
    except Exception:  # of many classes, one for each kind of refusal
        return None


def _without_keys(read: list[Certificate], unread: Sequence[str], container: Container) -> Finding:
    """The best of certificates that came without a key."""
    findings = [judge(one, container) for one in _leaves(read)]
    return best(findings + [container.finding("unreadable-part") for _ in unread])


def _blocks(data: bytes) -> Iterator[tuple[str, bytes, bytes]]:
    """Label, body and whole of each block of a PEM text (RFC 7468), in one pass; one without end has no body."""
    at = 0
    while (begin := data.find(b"-----BEGIN ", at)) >= 0:
        line = data.find(b"-----", begin + 11, begin + 80)
        label = data[begin + 11 : line] if line > 0 else b""
        ending = b"-----END " + label + b"-----"
        end = data.find(ending, line) if line > 0 else -1
        if end < 0:
            yield label.decode("ascii", "replace"), b"", b""
            return
        at = end + len(ending)
        yield label.decode("ascii", "replace"), data[line + 5 : end], data[begin:at]


def _pem(data: bytes, password: Secret | None, criteria: Criteria) -> Finding:
    encoded: list[bytes] = []
    keys: list[Key] = []
    labels: dict[str, None] = {}
    broken: list[str] = []
    for number, (label, body, block) in enumerate(_blocks(data)):
        if number >= _MOST_BLOCKS:
            return Finding("too-costly", {}, (f"more than {_MOST_BLOCKS} blocks",))
        labels[label] = None
        if not block:
            broken.append("truncated")
        elif label.endswith("PRIVATE KEY"):
            keys.append(_pem_key(block, password))
        elif label in _CERTIFICATES:
            try:
                binary = base64.b64decode(b"".join(body.split()), validate=True)
                whole = ber.definite(binary)
            except (binascii.Error, DerError) as error:
                broken.append("truncated" if isinstance(error, ber.Cut) else "damaged")
                continue
            if pkcs12.is_pfx(whole):
                # `certutil -encode` calls whatever it is given a certificate.
                return _pfx(binary, whole, password, criteria, "armoured")
            encoded += _signed_data(whole) or [whole]
    read, unread = _parsed(encoded)
    of = len(keys) + len(encoded) + len(broken)
    container = Container(
        criteria, "pem" if keys else "certificate", (f"PEM: {show(', '.join(labels), 80)}",)
    )
    findings = [container.finding(code) for code in broken]
    if keys:
        missing = "unreadable-part" if unread else broken[0] if broken else ""
        findings = [_of_key(key, read, container, missing) for key in keys] + findings
        for at, key in enumerate(keys, 1):
            if key is None or isinstance(key, str):
                unread.append(f"key {at} (encrypted)" if key else f"key {at}")
    elif encoded:
        findings.insert(0, _without_keys(read, unread, container))
    if not findings:
        return container.finding("not-pkcs12")
    return _counted(best(findings), of, unread + [f"{code} block" for code in broken])


def _pem_key(block: bytes, password: Secret | None) -> Key:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    encrypted = b"ENCRYPTED" in block
    if encrypted and not password:
        return "locked"
    try:
        return load_pem_private_key(block, password.reveal() if password and encrypted else None)
    except MemoryError:
        raise
    except Exception:  # of many classes, one for each kind of refusal
        return "wrong-password" if encrypted else None
