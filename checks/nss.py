"""The certificate databases of Firefox and Chromium, read without NSS and without changing them.

A cert9.db is an SQLite file whose table `nssPublic` has one column per PKCS#11 attribute, named `a` and the attribute
in hexadecimal; numbers are four bytes, big-endian (NSS, lib/softoken/sdb.c). Its trust records come in two forms:
NSS's own CKO_NSS_TRUST and, from newer versions, CKO_TRUST of PKCS#11 3.2. The values of the two never coincide.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias, TypeVar
from urllib.parse import quote

from checks.record import dataclass
from checks.system.api import Unavailable

T = TypeVar("T")

_CLASS, _VALUE, _ISSUER = "a0", "a11", "a81"
_CERTIFICATE = 0x1
_FORMS = ((0xCE534353, "ace5363b4", "ace536358"), (0xB, "a635", "a62c"))
"""Class of each form of trust record, its column with the certificate's hash, its column for servers."""

RootTrust: TypeAlias = Literal["trusted", "forbidden", "unclear", ""]


@dataclass(frozen=True, slots=True)
class TrustRules:
    """What a program makes of a root with a trust record, by the record's value for servers; others are unclear."""

    values: Mapping[int, RootTrust]
    """Empty where the record changes nothing, so that the program's own list of roots decides."""
    kept_only: bool = False
    """Whether a record counts only for a certificate that the database holds too."""


FIREFOX = TrustRules({
    0xCE534352: "trusted", 2: "trusted",  # trusted delegator, trust anchor
    0xCE534351: "forbidden", 1: "forbidden",  # trusted as a server of its own, and so not as an authority
    0xCE53435A: "forbidden", 3: "forbidden",  # not trusted
    0xCE53435B: "forbidden", 0xCE534353: "forbidden", 4: "forbidden",  # valid delegator, must verify: no anchor
})  # fmt: skip
"""Firefox 153 (NSS 3.125). A record in the profile comes before the list that Firefox brings along, so that no longer
being an anchor is enough. Tried with each value, as tests/corpus/nss/README.md says."""

CHROMIUM = TrustRules({
    0xCE534352: "trusted", 2: "trusted",
    0xCE53435A: "forbidden",
    3: "unclear",  # refused with NSS 3.125, not seen with NSS 3.87: Chromium uses the NSS of the system
    0xCE534351: "", 1: "", 0xCE53435B: "", 0xCE534353: "", 4: "",
}, kept_only=True)  # fmt: skip
"""Chromium 156, tried in the same way with a root that its own list of roots has."""

MOST_BYTES = 256 * 1024 * 1024
MOST_ROWS = 20_000
_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class NssTrust:
    """What one database says of the wanted roots; SHA-256 of their DER, in lower-case hexadecimal."""

    present: frozenset[str] = frozenset()
    """Trusted by a record, or kept as a certificate and not distrusted."""
    forbidden: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()
    """With a record whose meaning is not known, and none that forbids."""


@dataclass(frozen=True, slots=True)
class Record:
    """One trust record: whose it is, and its value for servers."""

    digest: bytes
    """SHA-1 or SHA-256 of the certificate, told apart by length; another length is a hash that is not known."""
    issuer: bytes
    server: int
    """-1 for what is no number."""


def read_nss(path: str, wanted: Iterable[str], rules: TrustRules) -> NssTrust:
    """What the database at `path` makes of the roots with these SHA-256 in the program that reads it so.

    Raises `FileNotFoundError`, or `Unavailable` when it cannot be read.
    """
    nothing: tuple[list[bytes], list[Record]] = ([], [])
    return judge(*_settled(path, _records, nothing), wanted, rules)


def read_server_certificates(path: str, wanted: Iterable[str]) -> NssTrust:
    """What `ServerCertificate` in a profile of Chromium makes of the roots: what was set at chrome://certificate-manager.

    Its settings are a protocol buffer whose first field holds the kind of trust; 2 is distrust, as tried with
    Chromium 156 (tests/corpus/nss/README.md). Raises as `read_nss`.
    """
    kinds: Mapping[str, int] = _settled(path, _server_certificates, {})
    known = {sha256: kinds[sha256] for sha256 in wanted if sha256 in kinds}
    return NssTrust(
        frozenset(one for one, kind in known.items() if kind == 3),
        frozenset(one for one, kind in known.items() if kind == 2),
        frozenset(one for one, kind in known.items() if kind not in (0, 1, 2, 3)),
    )


def _settled(path: str, read: Callable[[sqlite3.Connection], T], nothing: T) -> T:
    """What `read` gets out of the database, readable while a browser writes to it.

    The file is opened as unchanging, and read once more when a write got in between.
    """
    try:
        info = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except (OSError, ValueError) as error:
        raise Unavailable(f"{path}: {type(error).__name__}") from None
    if not stat.S_ISREG(info.st_mode):
        raise Unavailable(f"{path}: not a file")
    if info.st_size > MOST_BYTES:
        raise Unavailable(f"{path}: too large")
    if info.st_size == 0:
        return nothing
    end = time.monotonic() + _SECONDS
    try:
        return _once(path, read, end)
    except sqlite3.Error:
        time.sleep(0.05)  # a write in progress lasts milliseconds
    try:
        return _once(path, read, end)
    except sqlite3.Error as error:
        raise Unavailable(f"{path}: {type(error).__name__}: {error}") from None


def _once(path: str, read: Callable[[sqlite3.Connection], T], end: float) -> T:
    connection = sqlite3.connect(
        f"file:{quote(os.path.abspath(path))}?mode=ro&immutable=1", uri=True, timeout=1.0
    )
    # Stops a query that a damaged or hostile file makes endless.
    connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    connection.text_factory = bytes
    try:
        return read(connection)
    finally:
        connection.close()


def judge(
    certificates: Iterable[bytes], records: Iterable[Record], wanted: Iterable[str], rules: TrustRules
) -> NssTrust:
    """What the trust records of a database and its certificates (DER) make of each of the wanted roots; the worst counts."""
    from checks.pki.anchors import table

    answers: dict[RootTrust, set[str]] = {"forbidden": set(), "unclear": set(), "trusted": set()}
    kept = {hashlib.sha256(der).hexdigest(): der for der in certificates}
    for sha256 in wanted:
        der = kept.get(sha256) or table().ders.get(bytes.fromhex(sha256), b"")
        digests = {bytes.fromhex(sha256), hashlib.sha1(der, usedforsecurity=False).digest()}
        own: set[RootTrust] = set()
        for record in records if sha256 in kept or not rules.kept_only else ():
            if record.digest in digests:
                own.add(rules.values.get(record.server, "unclear"))
            # Under a hash of another kind it may be of any certificate of that issuer.
            elif len(record.digest) not in (20, 32) and record.issuer and record.issuer in der:
                own.add("unclear")
        worst = next((one for one in answers if one in own), "trusted" if sha256 in kept else "")
        if worst:
            answers[worst].add(sha256)
    return NssTrust(*(frozenset(answers[one]) for one in ("trusted", "forbidden", "unclear")))


def _records(connection: sqlite3.Connection) -> tuple[list[bytes], list[Record]]:
    """The certificates and the trust records."""
    certificates = [
        value
        for kind, value in _rows(connection, "nssPublic", _CLASS, _VALUE)
        if _number(kind) == _CERTIFICATE and isinstance(value, bytes)
    ]
    trust: list[Record] = []
    for wanted, digest_column, server_column in _FORMS:
        for kind, digest, issuer, server in _rows(
            connection, "nssPublic", _CLASS, digest_column, _ISSUER, server_column
        ):
            if _number(kind) == wanted:
                trust.append(Record(_bytes(digest), _bytes(issuer), _number(server)))
    return certificates, trust


def _server_certificates(connection: sqlite3.Connection) -> dict[str, int]:
    """The kind of trust of each certificate by its SHA-256; -1 for settings that are not understood."""
    found: dict[str, int] = {}
    for digest, settings in _rows(connection, "certificates", "sha256hash_hex", "trust_settings"):
        data = _bytes(settings)
        # Field 1, a message of so many bytes, whose field 1 is a number; the default, 0, is left out.
        whole = data[:1] == b"\x0a" and len(data) >= 2 + data[1]
        kind = (
            data[3] if whole and data[1] >= 2 and data[2] == 0x08 else 0 if data in (b"", b"\x0a\0") else -1
        )
        found[_bytes(digest).decode("ascii", "replace").lower()] = kind
    return found


def _rows(connection: sqlite3.Connection, table: str, *names: str) -> list[tuple[object, ...]]:
    """The rows of the table in these columns, NULL for those that it does not have."""
    columns = {
        bytes(row[1]).decode("ascii", "replace") for row in connection.execute(f"PRAGMA table_info({table})")
    }
    if not columns:
        raise sqlite3.DatabaseError(f"no table {table}")
    asked = ", ".join(name if name in columns else "NULL" for name in names)
    rows = list(connection.execute(f"SELECT {asked} FROM {table} LIMIT {MOST_ROWS + 1}"))
    if len(rows) > MOST_ROWS:
        raise sqlite3.DataError(f"more than {MOST_ROWS} rows")
    return rows


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _number(value: object) -> int:
    """A number of a column; -1 for what is none."""
    if isinstance(value, int):
        return value
    return int.from_bytes(value, "big") if isinstance(value, bytes) and 0 < len(value) <= 8 else -1
