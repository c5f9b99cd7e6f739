"""Which roots are known, and where from: judged by the SHA-256 of their DER, parsed only when asked for by name."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

from checks.pki import names
from checks.pki.certificates import Certificate, parse, subject_of
from checks.pki.known_roots import EXPECTED as EXPECTED
from checks.pki.known_roots import OTHER_KNOWN as OTHER_KNOWN

DATA = Path(__file__).with_name("data")

_INTERMEDIATES = frozenset(
    {
        # Under the roots of the portal's certification authority.
        "SECOM Passport for Web SR 3.0 CA",
        "SECOM Passport for Web EV 2.0 CA",
        "SECOM Passport for Web OV RSA CA 2024",
        "Cybertrust Japan SureServer CA G4",
        "Cybertrust Japan SureServer EV CA G3",
        "JPRS Domain Validation Authority - G4",
        "JPRS Organization Validation Authority - G4",
        "JPRS DV RSA CA 2024 G1",
        "JPRS OV RSA CA 2024 G1",
        "NII Open Domain CA - G7 RSA",
        "NII Open Domain CA - G7 ECC",
        # The ones most in use elsewhere.
        "Amazon RSA 2048 M01",
        "Amazon RSA 2048 M02",
        "Amazon RSA 2048 M03",
        "Amazon RSA 2048 M04",
        "DigiCert Global G2 TLS RSA SHA256 2020 CA1",
        "DigiCert TLS RSA SHA256 2020 CA1",
        "DigiCert SHA2 Secure Server CA",
        "Encryption Everywhere DV TLS CA - G2",
        "GeoTrust TLS RSA CA G1",
        "GlobalSign Atlas R3 DV TLS CA 2024 Q4",
        "GlobalSign RSA OV SSL CA 2018",
        "Go Daddy Secure Certificate Authority - G2",
        "Microsoft Azure RSA TLS Issuing CA 03",
        "RapidSSL TLS RSA CA G1",
        "Sectigo Public Server Authentication CA DV R36",
        "Sectigo Public Server Authentication CA OV R36",
        "Sectigo RSA Domain Validation Secure Server CA",
        "Sectigo RSA Organization Validation Secure Server CA",
        "Starfield Secure Certificate Authority - G2",
        "Thawte TLS RSA CA G1",
    }
)
"""Public intermediates by common name. The list decides only where a certificate does not itself say (caIssuers)
where its issuer is to be had, which nearly all public ones do; it need not be complete."""

_PEM = re.compile(rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----((?:[^-]++|-(?!----))*+)-----END ")
_MOST_BYTES = 16 * 1024 * 1024
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]{1,3}")


class Trust(StrEnum):
    """Where a root is known from, best first."""

    ADDED = "added"
    """By `--ca-file`: counts as expected."""
    EXPECTED = "expected"
    PUBLIC = "public"
    LISTED = "listed"
    """In our table of public roots, but not in the bundle that was tested."""
    SYSTEM = "system"
    """Only in the operating system's store."""


class Roots:
    """A set of certificates found by SHA-256 at once and by subject when first asked; safe to share between threads."""

    def __init__(self, ders: Iterable[bytes]) -> None:
        self.ders = {hashlib.sha256(data).digest(): data for data in ders}
        self._by_subject: dict[bytes, list[bytes]] | None = None
        self._parsed: dict[bytes, Certificate | None] = {}
        self._lock = threading.Lock()

    def __contains__(self, sha256: bytes) -> bool:
        return sha256 in self.ders

    def named(self, subject_key: bytes) -> list[Certificate]:
        """The certificates with that subject (see `names.key`), parsed."""
        with self._lock:
            if self._by_subject is None:
                self._by_subject = {}
                for data in self.ders.values():
                    try:
                        self._by_subject.setdefault(names.key(subject_of(data)), []).append(data)
                    except ValueError:
                        continue
            return [
                found
                for data in self._by_subject.get(subject_key, ())
                if (found := self._parse(data)) is not None
            ]

    def _parse(self, data: bytes) -> Certificate | None:
        if data not in self._parsed:
            try:
                self._parsed[data] = parse(data)
            except ValueError:
                self._parsed[data] = None
        return self._parsed[data]


def read_pem(data: bytes) -> Iterator[bytes]:
    """The DER of each certificate in a PEM file, one at a time: a broken block hides none of the others."""
    for block in _PEM.finditer(data):
        try:
            decoded = base64.b64decode(b"".join(block[1].split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        # A TRUSTED CERTIFICATE block has trust settings after the certificate.
        yield _first(decoded)


def _first(data: bytes) -> bytes:
    from checks.pki import der

    try:
        return next(der.elements(data)).whole
    except (StopIteration, ValueError):
        return data


def read_certificates(data: bytes) -> list[bytes]:
    """The certificates (DER) in a PEM or DER file; empty where it has none."""
    found = list(read_pem(data))
    if not found and data[:1] == b"\x30":
        with contextlib.suppress(ValueError):
            subject_of(_first(data))
            found = [_first(data)]
    return found


def read_file(path: str | os.PathLike[str]) -> list[bytes]:
    """The certificates of a PEM or DER file; raises `OSError` when it cannot be read, `ValueError` when it has none."""
    with open(path, "rb") as file:
        found = read_certificates(file.read(_MOST_BYTES))
    if not found:
        raise ValueError("no certificate in the file")
    return found


@cache
def bundle() -> Roots:
    """The public bundle that is tested: certifi's, as installed."""
    import certifi

    try:
        return Roots(read_pem(Path(certifi.where()).read_bytes()))
    except OSError:
        return Roots(())


@cache
def table() -> Roots:
    """The expected roots that this program brings along, so that an old bundle can be told from a wrong chain."""
    found = read_pem((DATA / "expected_roots.pem").read_bytes())
    return Roots(data for data in found if hashlib.sha256(data).hexdigest() in EXPECTED)


@cache
def _listed() -> tuple[frozenset[bytes], frozenset[str]]:
    lines = (DATA / "public_roots.txt").read_text("ascii").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    known = {row[0] for row in rows} | set(EXPECTED) | set(OTHER_KNOWN)
    return frozenset(bytes.fromhex(digits) for digits in known), frozenset(
        row[1] for row in rows if len(row) > 1
    )


def listed() -> frozenset[bytes]:
    """SHA-256 of every root in a public list of Mozilla or Microsoft."""
    return _listed()[0]


def is_listed_name(name: bytes) -> bool:
    """Whether a name (DER) is that of a root in one of those lists which the bundle lacks."""
    key = names.key(name)
    return key.hex()[:16] in _listed()[1] and not bundle().named(key) and not table().named(key)


def is_public_intermediate(name: bytes) -> bool:
    """Whether a name (DER) is that of a public intermediate CA."""
    return any(kind == "CN" and text in _INTERMEDIATES for kind, text in names.attributes(name))


def system_files(environ: Callable[[str], str | None] = os.environ.get) -> tuple[list[str], list[str]]:
    """The files and folders OpenSSL reads by default, as `SSL_CERT_FILE` and `SSL_CERT_DIR` move them."""
    import ssl

    paths = ssl.get_default_verify_paths()
    file = environ(paths.openssl_cafile_env) or paths.openssl_cafile
    folders = environ(paths.openssl_capath_env) or paths.openssl_capath
    return [file], [folder for folder in folders.split(os.pathsep) if folder]


def read_system_files(environ: Callable[[str], str | None] = os.environ.get) -> list[bytes]:
    """What OpenSSL's default paths hold; in folders only the files with hashed names count, as for OpenSSL."""
    files, folders = system_files(environ)
    for folder in folders:
        try:
            inside = sorted(name for name in os.listdir(folder) if _HASHED.fullmatch(name))
        except OSError:
            continue
        files.extend(os.path.join(folder, name) for name in inside[:4000])
    found: list[bytes] = []
    for file in files:
        with contextlib.suppress(OSError, ValueError):
            found += read_file(file)
    return found


def trust_of(sha256: bytes, added: Roots, expected: frozenset[str]) -> Trust | None:
    """Where a root is known from, the operating system aside; None when from nowhere. `expected` as in `Question`."""
    if sha256 in added:
        return Trust.ADDED
    if sha256 in bundle():
        return Trust.EXPECTED if not expected or sha256.hex() in expected else Trust.PUBLIC
    return Trust.LISTED if sha256 in listed() else None
