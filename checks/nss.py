"""The certificate databases of Firefox and Chromium (NSS `cert9.db`), read without NSS and without changing them.

A cert9.db is an SQLite file whose table `nssPublic` has one column per PKCS#11 attribute, named `a` and the attribute
in hexadecimal; numbers are four bytes, big-endian (NSS, lib/softoken/sdb.c). Its trust records come in two forms:
NSS's own CKO_NSS_TRUST and, in newer versions, CKO_TRUST of PKCS#11 3.2.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import time
from collections.abc import Iterable
from typing import TypeAlias
from urllib.parse import quote

from checks.record import dataclass
from checks.system.api import Unavailable

_CLASS, _VALUE = "a0", "a11"
_CERTIFICATE, _NSS_TRUST, _TRUST = 0x1, 0xCE534353, 0xB
_NSS_SHA1, _NSS_SERVER = "ace5363b4", "ace536358"
_HASH, _SERVER = "a635", "a62c"

# CKT_NSS_* and CKT_*: what stands in a trust record.
_NSS_TRUSTED = frozenset({0xCE534351, 0xCE534352})
_NSS_DISTRUSTED = frozenset({0xCE53435A})
_TRUSTED = frozenset({1, 2})
_DISTRUSTED = frozenset({3})

MOST_BYTES = 256 * 1024 * 1024
MOST_ROWS = 20_000
_SECONDS = 2.0
"""Seconds that reading one database may take."""

_Row: TypeAlias = tuple[object, object, object]


@dataclass(frozen=True, slots=True)
class NssTrust:
    """What one database says of the wanted roots; SHA-256 of their DER, in lower-case hexadecimal."""

    present: frozenset[str]
    """Trusted by a record, or kept as a certificate and not distrusted."""
    forbidden: frozenset[str]


def read_nss(path: str, wanted: Iterable[str]) -> NssTrust:
    """What the database at `path` says of the roots with these SHA-256.

    Readable while a browser writes to it: the file is opened as unchanging, and read once more when a write got in
    between. Raises `FileNotFoundError`, or `Unavailable` when it cannot be read.
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
        return NssTrust(frozenset(), frozenset())
    end = time.monotonic() + _SECONDS
    try:
        records = _read(path, end)
    except sqlite3.Error:
        time.sleep(0.05)  # a write in progress lasts milliseconds
        try:
            records = _read(path, end)
        except sqlite3.Error as error:
            raise Unavailable(f"{path}: {type(error).__name__}: {error}") from None
    return judge(records, wanted)


@dataclass(frozen=True, slots=True)
class Records:
    """The certificates and trust records of a database; hashes are SHA-1 or SHA-256, told apart by their length."""

    certificates: tuple[bytes, ...] = ()
    trusted: frozenset[bytes] = frozenset()
    distrusted: frozenset[bytes] = frozenset()


def judge(records: Records, wanted: Iterable[str]) -> NssTrust:
    """Which of the wanted roots the records name; a record of distrust outweighs everything else."""
    by_sha256 = {sha256: frozenset(_names_of(sha256, records.certificates)) for sha256 in wanted}
    kept = {hashlib.sha256(der).hexdigest() for der in records.certificates}
    forbidden = {sha256 for sha256, names in by_sha256.items() if names & records.distrusted}
    present = {sha256 for sha256, names in by_sha256.items() if names & records.trusted or sha256 in kept}
    return NssTrust(frozenset(present - forbidden), frozenset(forbidden))


def _names_of(sha256: str, certificates: Iterable[bytes]) -> Iterable[bytes]:
    """The hashes under which a root may be recorded."""
    yield bytes.fromhex(sha256)
    for der in (*certificates, *_known()):
        if hashlib.sha256(der).hexdigest() == sha256:
            yield hashlib.sha1(der, usedforsecurity=False).digest()


def _known() -> Iterable[bytes]:
    from checks.pki.anchors import table

    return table().ders.values()


def _read(path: str, end: float) -> Records:
    connection = sqlite3.connect(
        f"file:{quote(os.path.abspath(path))}?mode=ro&immutable=1", uri=True, timeout=1.0
    )
    # Stops a query that a damaged or hostile file makes endless.
    connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    try:
        connection.text_factory = bytes
        columns = {
            bytes(row[1]).decode("ascii", "replace")
            for row in connection.execute("PRAGMA table_info(nssPublic)")
        }
        if not columns:
            raise sqlite3.DatabaseError("no table nssPublic")
        certificates = tuple(
            value
            for kind, value, _ in _rows(connection, columns, _VALUE, "")
            if _number(kind) == _CERTIFICATE and isinstance(value, bytes)
        )
        trusted: set[bytes] = set()
        distrusted: set[bytes] = set()
        for hash_column, server, wanted_kind, yes, no in (
            (_NSS_SHA1, _NSS_SERVER, _NSS_TRUST, _NSS_TRUSTED, _NSS_DISTRUSTED),
            (_HASH, _SERVER, _TRUST, _TRUSTED, _DISTRUSTED),
        ):
            for kind, digest, value in _rows(connection, columns, hash_column, server):
                if _number(kind) == wanted_kind and isinstance(digest, bytes):
                    if _number(value) in yes:
                        trusted.add(digest)
                    elif _number(value) in no:
                        distrusted.add(digest)
        return Records(certificates, frozenset(trusted), frozenset(distrusted))
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection, columns: set[str], first: str, second: str) -> list[_Row]:
    if _CLASS not in columns or first not in columns or (second and second not in columns):
        return []
    query = f"SELECT {_CLASS}, {first}, {second or 'NULL'} FROM nssPublic WHERE {first} IS NOT NULL LIMIT {MOST_ROWS}"
    return list(connection.execute(query))


def _number(value: object) -> int:
    """A number of a column; -1 for what is none."""
    if isinstance(value, int):
        return value
    return int.from_bytes(value, "big") if isinstance(value, bytes) and 0 < len(value) <= 8 else -1
