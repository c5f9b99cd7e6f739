"""The structure of a PKCS#12 file (RFC 7292): read before any password is tried, since no library tells the causes apart.

A wrong password, a flipped byte and a cut file look the same to the usual libraries; and a file of 1 kB may ask for
hours of key derivation.
"""

from __future__ import annotations

import hashlib
import hmac

from checks.certfile import ber
from checks.pki import der
from checks.pki.der import DerError
from checks.record import dataclass, field

MOST_ITERATIONS = 10_000_000
"""Iterations in all that we are willing to compute; common files ask for 2,000 to 2,000,000."""

DATA, SIGNED, ENVELOPED, ENCRYPTED = (f"1.2.840.113549.1.7.{number}" for number in (1, 2, 3, 6))
_BAG = "1.2.840.113549.1.12.10.1."
_PBES2, _PBKDF2, _PBMAC1 = "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12", "1.2.840.113549.1.5.14"
_SCRYPT = "1.3.6.1.4.1.11591.4.11"
_PBES1 = {
    **{
        f"1.2.840.113549.1.12.1.{number}": name
        for number, name in enumerate(("RC4-128", "RC4-40", "3DES", "3DES-2", "RC2-128", "RC2-40"), 1)
    },
    **{f"1.2.840.113549.1.5.{number}": "DES" for number in (1, 3, 10)},
    **{f"1.2.840.113549.1.5.{number}": "RC2" for number in (4, 6, 11)},
}
"""Ciphers that a password-based scheme names together with the derivation of its key (RFC 7292 C, RFC 8018 B.3)."""
_CIPHERS = {
    "2.16.840.1.101.3.4.1.2": "AES-128",
    "2.16.840.1.101.3.4.1.22": "AES-192",
    "2.16.840.1.101.3.4.1.42": "AES-256",
    "1.2.840.113549.3.7": "3DES",
    "1.2.840.113549.3.2": "RC2",
    "1.3.14.3.2.7": "DES",
}
_OUTDATED = frozenset({"RC4-128", "RC4-40", "RC2-128", "RC2-40", "RC2", "DES"})
"""Ciphers that current software switches off by default; 3DES is old too, but still opened everywhere."""
_COMMON = frozenset({"AES-128", "AES-192", "AES-256"})
_X509 = "1.2.840.113549.1.9.22.1"
_DIGESTS = {
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


class Unsupported(ValueError):
    """A file that is protected, or made, in a way that we do not know: not by one password, in a later version."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What shows whether a password is the file's own (RFC 7292, 4)."""

    method: str
    """Dotted, or the name of the digest where we know it."""
    salt: bytes
    iterations: int
    value: bytes
    content: bytes
    """What it was computed over."""

    @property
    def computed(self) -> bool:
        return self.method in _DIGESTS.values()

    @property
    def known(self) -> bool:
        """Whether we or the library can."""
        return self.computed or self.method == _PBMAC1

    def fits(self, password: bytes | None) -> bool:
        """Whether it comes out with this password (UTF-8, None for an empty one)."""
        # Programs disagree on whether an empty password has an end.
        return self.computed and any(map(self._fits, (_wide(password),) if password else (b"", b"\0\0")))

    def _fits(self, typed: bytes) -> bool:
        new = getattr(hashlib, self.method)
        block, parts = new().block_size, (self.salt, typed)
        # RFC 7292, B.2, with the number 3 for a checksum; one round gives all bytes of the key.
        key = bytes([3]) * block + b"".join(
            (part * block)[: -(-len(part) // block) * block] for part in parts
        )
        for _ in range(self.iterations):
            key = new(key).digest()
        return hmac.compare_digest(hmac.digest(key, self.content, self.method), self.value)


def _wide(password: bytes) -> bytes:
    """A password as these files count it: two bytes a character, and two of nothing at its end."""
    try:
        text = password.decode()
    except UnicodeDecodeError:
        text = password.decode("latin-1")
    return text.encode("utf-16-be") + b"\0\0"


@dataclass(slots=True)
class Pkcs12Structure:
    """What can be seen of a PKCS#12 file without its password."""

    iterations: int = 0
    """Of all key derivations together; scrypt counted by the memory it goes through."""
    ciphers: list[str] = field(default_factory=list)
    certificates: list[bytes] = field(default_factory=list)
    """DER of the certificates that are not encrypted."""
    keys: list[bytes] = field(default_factory=list)
    """Private keys, each as a file of its own without a checksum, encrypted as it was."""
    sealed: list[bytes] = field(default_factory=list)
    """Encrypted parts, each as such a file."""
    open_keys: int = 0
    """How many of the keys need no password; they come first."""
    checksum: Checksum | None = None

    @property
    def common(self) -> bool:
        """Whether all of it is encrypted in ways that the library knows wherever it was built."""
        return _COMMON.issuperset(self.ciphers)

    @property
    def outdated(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in self.ciphers if name in _OUTDATED))


def is_pfx(data: bytes) -> bool:
    """Whether `data` (definite lengths) begins like a PKCS#12 file: a sequence with a number and a content."""
    try:
        parts = der.items(data)
    except DerError:
        return False
    tags = bytes(part.tag for part in parts)
    return tags in (b"\x02\x30", b"\x02\x30\x30") and parts[1].value[:1] == b"\x06"


def structure_of(data: bytes) -> Pkcs12Structure:
    """Read the structure; raises `DerError` where it is damaged, `Unsupported` for public-key protection.

    `data` with definite lengths (`ber.definite`).
    """
    into = Pkcs12Structure()
    try:
        parts = der.items(data)
        if der.integer(parts[0]) != 3:
            raise Unsupported("another version of the format")
        kind, content = _content(parts[1])
        if kind == SIGNED:
            raise Unsupported("signed instead of protected by a password")
        if kind != DATA:
            raise Unsupported("unknown content")
        for part in der.items(_octets(content)):
            _safe(part, into)
        if len(parts) == 3:
            _mac(parts[2], der.one(content, der.OCTET_STRING).value, into)
    except (IndexError, StopIteration):
        raise DerError("an element is missing") from None
    return into


def _content(info: der.Element) -> tuple[str, bytes]:
    parts = der.items(info.whole)
    if len(parts) != 2 or parts[1].tag != 0xA0:
        raise DerError("content is missing" if len(parts) == 1 else "not a content")
    return der.oid(parts[0]), parts[1].value


def _octets(data: bytes) -> bytes:
    """What an octet string holds, with definite lengths as well."""
    return ber.definite(der.one(data, der.OCTET_STRING).value)


def _safe(info: der.Element, into: Pkcs12Structure) -> None:
    kind, content = _content(info)
    if kind == DATA:
        _bags(_octets(content), into, 0)
    elif kind == ENCRYPTED:
        version, inner, *_ = der.items(content)
        if der.integer(version) not in (0, 2):
            raise DerError("unknown version of encrypted data")
        name, algorithm, *rest = der.items(inner.whole)
        if der.oid(name) != DATA or len(rest) != 1 or rest[0].tag not in (0x80, 0xA0) or not rest[0].value:
            raise DerError("encrypted data is missing")
        _encryption(algorithm, into)
        into.sealed.append(_alone(info.whole))
    elif kind == ENVELOPED:
        raise Unsupported("encrypted for a certificate instead of a password")
    else:
        raise Unsupported("unknown part")


def _alone(part: bytes) -> bytes:
    """A file of this one part and without a checksum, so that the library opens it apart from the others."""
    return der.element(der.SEQUENCE, b"\x02\x01\x03" + _data(der.element(der.SEQUENCE, part)))


def _data(content: bytes) -> bytes:
    octets = der.element(0xA0, der.element(der.OCTET_STRING, content))
    return der.element(der.SEQUENCE, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01" + octets)


def _bags(data: bytes, into: Pkcs12Structure, depth: int) -> None:
    for bag in der.items(data):
        name, value, *_ = der.items(bag.whole)
        if value.tag != 0xA0:
            raise DerError("not a bag")
        kind = der.oid(name).removeprefix(_BAG)
        if kind in ("1", "2"):
            if kind == "2":
                algorithm, encrypted = der.items(der.one(value.value, der.SEQUENCE).whole)
                if encrypted.tag != der.OCTET_STRING or not encrypted.value:
                    raise DerError("encrypted key is missing")
                _encryption(algorithm, into)
            key = _alone(_data(der.element(der.SEQUENCE, bag.whole)))
            into.keys.insert(len(into.keys) if kind == "2" else into.open_keys, key)
            into.open_keys += kind == "1"
        elif kind == "3":
            label, wrapped = der.items(value.value)
            if der.oid(label) == _X509:
                into.certificates.append(der.one(wrapped.value, der.OCTET_STRING).value)
        elif kind == "6" and depth < 4:
            _bags(value.value, into, depth + 1)
        elif kind not in ("4", "5"):
            raise Unsupported("unknown bag")


def _encryption(algorithm: der.Element, into: Pkcs12Structure) -> None:
    name, parameters = der.items(algorithm.whole)
    dotted = der.oid(name)
    if dotted in _PBES1:
        into.ciphers.append(_PBES1[dotted])
        _salted(parameters, into)
    elif dotted == _PBES2:
        derivation, cipher = der.items(parameters.whole)
        _derivation(derivation, into)
        dotted = der.oid(der.items(cipher.whole)[0])
        into.ciphers.append(_CIPHERS.get(dotted, dotted))
    else:
        into.ciphers.append(dotted)


def _derivation(algorithm: der.Element, into: Pkcs12Structure) -> None:
    name, parameters = der.items(algorithm.whole)[:2]
    dotted = der.oid(name)
    if dotted == _PBKDF2:
        _salted(parameters, into)
    elif dotted == _SCRYPT:
        cost, block, parallel = (_positive(part) for part in der.items(parameters.whole)[1:4])
        # One iteration of scrypt goes through 128 bytes; about as much as two of SHA-256.
        into.iterations += 2 * cost * block * parallel
    else:
        into.ciphers.append(dotted)


def _salted(parameters: der.Element, into: Pkcs12Structure) -> None:
    salt, iterations, *_ = der.items(parameters.whole)
    if salt.tag != der.OCTET_STRING:
        raise DerError("salt is missing")
    into.iterations += _positive(iterations)


def _mac(data: der.Element, content: bytes, into: Pkcs12Structure) -> None:
    digest, salt, *rest = der.items(data.whole)
    algorithm, value = der.items(digest.whole)
    if value.tag != der.OCTET_STRING or salt.tag != der.OCTET_STRING or len(rest) > 1:
        raise DerError("checksum is damaged")
    name, *parameters = der.items(algorithm.whole)
    method, iterations = der.oid(name), 1
    if method == _PBMAC1:
        _derivation(der.items(parameters[0].whole)[0], into)
    else:
        iterations = _positive(rest[0]) if rest else 1
        into.iterations += iterations
    method = _DIGESTS.get(method, method)
    into.checksum = Checksum(method, salt.value, iterations, value.value, content)


def _positive(element: der.Element) -> int:
    value = der.integer(element)
    if element.tag != der.INTEGER or value < 1:
        raise DerError("a count is not positive")
    return value
