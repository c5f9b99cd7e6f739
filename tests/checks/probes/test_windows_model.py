"""What only Windows, or a broken installation, answers to the checks: modelled here, so that it is tried everywhere.

Covers checks.system.shared, checks.system.windows and checks.system.windows_roots.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import pytest

from checks.guide import load_guide
from checks.pki.anchors import EXPECTED, table
from checks.probes import roots
from checks.rules import dates, deadlines
from checks.system import windows
from checks.system.api import Unavailable
from checks.system.run import Output
from checks.system.windows import WindowsSystem
from checks.system.windows_roots import RootTerms, parse_properties, server_terms, terms_in_list
from checks.verdict import outcome_of
from tests.support.certificate_files import oid, tlv
from tests.support.one_check import look
from tests.support.registry_table import TableRegistry

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


class WindowsTime(datetime):
    """Windows converts no local time before 1970."""

    def astimezone(self, tz: tzinfo | None = None) -> Any:
        if tz is None and self.year < 1970:
            raise OSError(22, "Invalid argument")
        return super().astimezone(tz)


@pytest.mark.parametrize(("issued", "waits"), [(date(1960, 1, 1), 0), (date(2026, 11, 22), 1)])
def test_a_certificate_issued_before_the_calendar_of_windows_is_no_crash(
    monkeypatch: pytest.MonkeyPatch, issued: date, waits: int
) -> None:
    monkeypatch.setattr(dates, "datetime", WindowsTime)
    answers: dict[str, str | date] = {"certificate.kind": "jpki-reader", "certificate.issued-on": issued}
    found = deadlines.earliest_sending(load_guide("oss"), answers, NOW).waits
    assert [wait.id for wait in found].count("certificate.issued-on") == waits


def test_a_library_that_does_not_load_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled for another machine, or kept back by a guard against malware."""
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(Unavailable, match="memory"):
        WindowsSystem(TableRegistry({})).memory()
    monkeypatch.setattr(windows, "sys", type("System", (), {"platform": "win32"}))
    with pytest.raises(Unavailable, match="SCardSvr"):
        windows._service_status("SCardSvr")


@pytest.mark.parametrize(
    ("said", "looked", "names"),
    [
        (b"", (), []),
        (b"[]\r\n", ("pnp",), []),
        (b'[{"FriendlyName":"Reader","InstanceId":"USB\\\\1","Status":"OK"}]', ("pnp",), ["Reader"]),
    ],
)
def test_a_powershell_that_says_nothing_has_found_nothing_out(
    said: bytes, looked: tuple[str, ...], names: list[str]
) -> None:
    asked: list[tuple[str, ...]] = []

    def no_readers() -> tuple[str, ...]:
        raise Unavailable("SCardEstablishContext: 0x8010001d")

    def command(argv: tuple[str, ...]) -> Output:
        asked.append(argv)
        return Output(0, said)

    system = WindowsSystem(
        TableRegistry({}), {"SYSTEMROOT": r"C:\Windows"}, pcsc_readers=no_readers, command=command
    )
    found = system.card_readers()
    assert found.looked == looked
    assert [reader.name for reader in found.readers] == names
    # An empty class must give a document too, or nothing could be told from nothing.
    assert "ConvertTo-Json -Compress -InputObject @(" in asked[0][-1]


# --- On what terms Windows lets a root vouch for web servers --------------------------------------------------------

PAST, FUTURE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)
ROOTS = {EXPECTED[sha256.hex()]: der for sha256, der in table().ders.items() if sha256.hex() in EXPECTED}
CA2, RSA = ROOTS["Security Communication RootCA2"], ROOTS["SECOM TLS RSA Root CA 2024"]


def usage(*purposes: int) -> bytes:
    return tlv(0x30, *(oid(f"1.3.6.1.5.5.7.3.{purpose}") for purpose in purposes))


def filetime(moment: datetime) -> bytes:
    return ((moment - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10).to_bytes(
        8, "little"
    )


SERVER, CODE = usage(1), usage(3)
# What Microsoft's list of October 2026 has for RootCA2 and for the SECOM root of 2024: both serve web servers.
LISTED = {
    126: filetime(PAST),
    127: CODE,
    83: tlv(0x30),
    9: usage(2, 3, 4, 1, 8),
    11: b"S\0",
    20: b"",
    29: b"",
    98: b"",
}
TERMS: list[tuple[dict[int, bytes], RootTerms, str]] = [
    ({}, RootTerms(), "present"),
    (LISTED, RootTerms(), "present"),
    ({9: usage(2, 1)}, RootTerms(), "present"),
    ({9: tlv(0x30, oid("2.5.29.37.0"))}, RootTerms(), "present"),
    ({9: tlv(0x30)}, RootTerms(True), "forbidden"),
    ({9: usage(4)}, RootTerms(True), "forbidden"),
    ({104: filetime(PAST)}, RootTerms(False, PAST), "forbidden"),
    ({104: filetime(PAST), 126: filetime(PAST)}, RootTerms(False, PAST, PAST), "forbidden"),
    ({104: filetime(PAST), 122: SERVER}, RootTerms(False, PAST), "forbidden"),
    ({104: filetime(PAST), 122: CODE}, RootTerms(), "present"),
    ({122: SERVER}, RootTerms(True), "forbidden"),
    ({122: CODE}, RootTerms(), "present"),
    ({104: filetime(FUTURE)}, RootTerms(False, FUTURE), "ending"),
    ({104: filetime(FUTURE), 122: SERVER}, RootTerms(False, FUTURE), "ending"),
    ({126: filetime(PAST)}, RootTerms(False, None, PAST), "issued-before"),
    ({126: filetime(PAST), 127: SERVER}, RootTerms(False, None, PAST), "issued-before"),
    ({126: filetime(FUTURE), 127: SERVER}, RootTerms(False, None, FUTURE), "issued-before"),
    ({126: filetime(PAST), 127: CODE, 122: SERVER}, RootTerms(True), "forbidden"),
    ({104: bytes(8)}, RootTerms(unclear="a property without a time"), "unclear"),
    ({126: bytes(8), 122: CODE}, RootTerms(unclear="a property without a time"), "unclear"),
    ({126: b"\xff" * 8}, RootTerms(unclear="a property with a time beyond the calendar"), "unclear"),
    ({127: SERVER}, RootTerms(unclear="property 127 without 126"), "unclear"),
    ({127: CODE}, RootTerms(), "present"),
    ({122: b"\x30"}, RootTerms(unclear="tag or length is cut"), "unclear"),
    ({84: tlv(0x30)}, RootTerms(unclear="property 84"), "unclear"),
    ({128: filetime(PAST)}, RootTerms(unclear="property 128"), "unclear"),
    ({0x8000: b"own"}, RootTerms(), "present"),
    ({-1: b"cut"}, RootTerms(unclear="property -1"), "unclear"),
]  # fmt: skip


def blob(der: bytes, properties: Mapping[int, bytes]) -> bytes:
    parts = {kind: content for kind, content in (*properties.items(), (32, der)) if kind >= 0}
    packed = b"".join(
        kind.to_bytes(4, "little") + b"\1\0\0\0" + len(content).to_bytes(4, "little") + content
        for kind, content in parts.items()
    )
    return packed + properties.get(-1, b"")


def trust_list(entries: Mapping[bytes, Mapping[int, bytes]]) -> bytes:
    """A trust list as Windows keeps it: an entry for each certificate, with its attributes."""

    def attribute(number: int, content: bytes) -> bytes:
        return tlv(0x30, oid(f"1.3.6.1.4.1.311.10.11.{number}"), tlv(0x31, tlv(0x04, content)))

    return tlv(
        0x30,
        *(
            tlv(
                0x30,
                tlv(0x04, hashlib.sha1(der, usedforsecurity=False).digest()),
                tlv(0x31, *(attribute(number, content) for number, content in properties.items())),
            )
            for der, properties in entries.items()
        ),
    )


def pc(store: Mapping[bytes, Mapping[int, bytes]], listed: bytes = b"") -> WindowsSystem:
    """A PC whose AuthRoot store holds these roots, and whose trust list is this."""
    key = r"HKLM\SOFTWARE\Microsoft\SystemCertificates\AuthRoot"
    values: dict[str, object] = {
        rf"{key}\Certificates\{hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()}": {
            "Blob": {"hex": blob(der, properties).hex()}
        }
        for der, properties in store.items()
    }
    if listed:
        values[rf"{key}\AutoUpdate"] = {"EncodedCtl": {"hex": listed.hex()}}
    environ = {"USERNAME": "yamada", "SESSIONNAME": "Console", "USERPROFILE": r"C:\Users\yamada"}
    return WindowsSystem(TableRegistry(values), environ, list_store=lambda name: [])


@pytest.mark.parametrize(("properties", "terms", "code"), TERMS)
def test_the_terms_of_a_root_in_a_store(properties: dict[int, bytes], terms: RootTerms, code: str) -> None:
    kept = blob(CA2, properties)
    found = parse_properties(kept)
    assert server_terms(found) == terms
    finding = look(roots.os_store, pc({CA2: properties, RSA: {}}), NOW)
    assert finding.code == code
    outcomes = {
        "present": "pass",
        "forbidden": "fail",
        "ending": "warn",
        "issued-before": "warn",
        "unclear": "unknown",
    }
    assert outcome_of(roots.os_store, code) == outcomes[code]
    if code in ("ending", "issued-before"):
        assert finding.values["day"] == (terms.refused_from or terms.issued_before or PAST).date().isoformat()


@pytest.mark.parametrize(("properties", "terms", "code"), [one for one in TERMS if -1 not in one[0]])
def test_the_terms_of_a_root_in_the_trust_list(
    properties: dict[int, bytes], terms: RootTerms, code: str
) -> None:
    listed = trust_list({RSA: {9: usage(2, 1)}, CA2: properties})
    assert terms_in_list(listed, hashlib.sha1(CA2, usedforsecurity=False).digest()) == terms
    assert look(roots.os_store, pc({}, listed), NOW).code == {"present": "fetched-when-needed"}.get(
        code, code
    )


def test_a_thumbprint_that_stands_in_no_entry_is_not_understood() -> None:
    sha1 = hashlib.sha1(CA2, usedforsecurity=False).digest()
    for listed in (b"\x30\x20" + sha1, b"\x04\x14" + sha1, b"\x04\x14" + sha1 + b"\x31\x02\x30\x00"):
        assert terms_in_list(listed, sha1) == RootTerms(unclear="an entry of the trust list")
    assert terms_in_list(trust_list({RSA: {}}), sha1) is None
    assert look(roots.os_store, pc({CA2: {}}, b"\x30\x20" + sha1), NOW).code == "unclear"


def test_a_root_that_has_expired_may_be_disabled() -> None:
    late = datetime(2029, 6, 1, tzinfo=UTC)
    assert look(roots.os_store, pc({CA2: {104: filetime(PAST)}, RSA: {}}), late).code == "successor-only"
