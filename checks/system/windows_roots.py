"""The stores of roots on Windows: their keys in the registry, Python's merged view, and the automatic update."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from checks.pki import der
from checks.pki.certificates import SERVER_AUTH
from checks.record import dataclass, replace
from checks.system.api import Unavailable
from checks.system.facts import RootStore, RootStores
from checks.system.parse_common import hashes
from checks.system.registry import Registry, blob, number

_SYSTEM, _POLICIES = r"Microsoft\SystemCertificates", r"Policies\Microsoft\SystemCertificates"
_STORES = {
    "LocalMachine ROOT": rf"HKLM\SOFTWARE\{_SYSTEM}\ROOT",
    "LocalMachine AuthRoot": rf"HKLM\SOFTWARE\{_SYSTEM}\AuthRoot",
    "LocalMachine Disallowed": rf"HKLM\SOFTWARE\{_SYSTEM}\Disallowed",
    "Enterprise Root": r"HKLM\SOFTWARE\Microsoft\EnterpriseCertificates\Root",
    "Enterprise Disallowed": r"HKLM\SOFTWARE\Microsoft\EnterpriseCertificates\Disallowed",
    "GroupPolicy Root": rf"HKLM\SOFTWARE\{_POLICIES}\Root",
    "GroupPolicy Disallowed": rf"HKLM\SOFTWARE\{_POLICIES}\Disallowed",
    "CurrentUser Root": rf"HKCU\Software\{_SYSTEM}\Root",
    "CurrentUser Disallowed": rf"HKCU\Software\{_SYSTEM}\Disallowed",
    "CurrentUser GroupPolicy Root": rf"HKCU\Software\{_POLICIES}\Root",
    "CurrentUser GroupPolicy Disallowed": rf"HKCU\Software\{_POLICIES}\Disallowed",
}
_AUTO_UPDATE = rf"HKLM\SOFTWARE\{_SYSTEM}\AuthRoot\AutoUpdate"
_POLICY = rf"HKLM\SOFTWARE\{_POLICIES}\AuthRoot"

_CERTIFICATE, _USAGE, _NAMES = 32, 9, 84
_DISABLED, _DISABLED_USAGE, _LIMITED, _LIMITED_USAGE, _DISABLED_CA = 104, 122, 126, 127, 128
"""Properties of certificates (wincrypt.h of the Windows SDK, CERT_…_PROP_ID)."""
_ATTRIBUTE = "1.3.6.1.4.1.311.10.11."
_SET = 0x31
_ANY_USAGE = "2.5.29.37.0"

ListStore = Callable[[str], Iterable[tuple[bytes, str, Any]]]
"""`ssl.enum_certificates`: certificates of a store as (DER, encoding, True or a set of purposes)."""


@dataclass(frozen=True, slots=True)
class RootTerms:
    """On what terms Windows lets a root vouch for web servers."""

    forbidden: bool = False
    refused_from: datetime | None = None
    """When it is forbidden from on."""
    issued_before: datetime | None = None
    """It vouches only for certificates issued up to that moment."""
    unclear: str = ""
    """What of its settings is not understood."""


def root_stores(registry: Registry, list_store: ListStore | None) -> RootStores:
    """All stores that could be read; raises `Unavailable` when none could."""
    from checks.pki.anchors import table

    # Windows names its keys by SHA-1.
    thumbprints = {
        hashlib.sha1(data, usedforsecurity=False).hexdigest().upper(): sha256.hex()
        for sha256, data in table().ders.items()
    }
    stores: list[RootStore] = []
    unreadable: list[str] = []
    for name, key in _STORES.items():
        try:
            stores.append(_store(registry, name, key, thumbprints, unreadable))
        except Unavailable as error:
            unreadable.append(error.reason)
    if list_store is not None:
        stores += _merged(list_store, unreadable)
    try:
        switched_off = number(registry.values(_POLICY), "DisableRootAutoUpdate") == 1
        lists = registry.values(_AUTO_UPDATE)
    except Unavailable as error:
        unreadable.append(error.reason)
        switched_off, lists = False, None
    trust_list, banned_list = blob(lists, "EncodedCtl"), blob(lists, "DisallowedCertEncodedCtl")
    listed = {
        sha256: terms
        for sha1, sha256 in thumbprints.items()
        if (terms := terms_in_list(trust_list, bytes.fromhex(sha1)))
    }
    if listed:
        # The list restricts roots; that it names them does not mean that they are there.
        stores.append(replace(_on_terms("AutoUpdate AuthRoot", listed), present=frozenset()))
    # The subjects of the list are the bytes of the thumbprints.
    banned = frozenset(sha256 for sha1, sha256 in thumbprints.items() if bytes.fromhex(sha1) in banned_list)
    if banned:
        stores.append(RootStore("AutoUpdate DisallowedCert", forbidden=banned))
    if not stores:
        raise Unavailable("; ".join(unreadable[:3]) or "no certificate store")
    fetchable = frozenset(sha256 for sha256, terms in listed.items() if not terms.forbidden)
    return RootStores(tuple(stores), tuple(unreadable), not switched_off, fetchable if trust_list else None)


def _on_terms(name: str, roots: Mapping[str, RootTerms]) -> RootStore:
    """A store of roots (SHA-256) that are there on these terms."""
    unclear = {one: terms.unclear for one, terms in roots.items() if terms.unclear}
    forbidden = frozenset(one for one, terms in roots.items() if terms.forbidden)
    return RootStore(
        name,
        frozenset(roots) - unclear.keys() - forbidden,
        forbidden,
        unclear,
        {one: terms.refused_from for one, terms in roots.items() if terms.refused_from},
        {one: terms.issued_before for one, terms in roots.items() if terms.issued_before},
    )


def _store(
    registry: Registry, name: str, key: str, thumbprints: Mapping[str, str], unreadable: list[str]
) -> RootStore:
    roots: dict[str, RootTerms] = {}
    for sha1, sha256 in thumbprints.items():
        values = registry.values(rf"{key}\Certificates\{sha1}")
        if values is None:
            continue
        if name.endswith("Disallowed"):
            # The name of the key is what Windows goes by; the contents need not be whole.
            roots[sha256] = RootTerms(forbidden=True)
            continue
        properties = parse_properties(blob(values, "Blob"))
        if hashlib.sha256(properties.get(_CERTIFICATE, b"")).hexdigest() != sha256:
            unreadable.append(f"{name}: {sha1} does not hold that certificate")
            continue
        roots[sha256] = server_terms(properties)
    return _on_terms(name, roots)


def _merged(list_store: ListStore, unreadable: list[str]) -> list[RootStore]:
    """Windows' own merged view of the roots and of what is forbidden; it does not say which store holds them."""
    stores = []
    try:
        # A root whose purposes lack servers is not counted, nor as forbidden: the registry says why.
        stores.append(RootStore("merged ROOT", present=hashes(server_roots(list_store))))
    except OSError as error:
        unreadable.append(f"ROOT: {type(error).__name__}")
    try:
        forbidden = hashes(data for data, _, _ in list_store("Disallowed"))
        stores.append(RootStore("merged Disallowed", forbidden=forbidden))
    except OSError as error:
        unreadable.append(f"Disallowed: {type(error).__name__}")
    return stores


def server_roots(list_store: ListStore) -> list[bytes]:
    """The certificates (DER) of the merged ROOT store that may vouch for web servers; raises `OSError`."""
    return [
        data
        for data, encoding, purposes in list_store("ROOT")
        if encoding == "x509_asn"
        and (purposes is True or (isinstance(purposes, Collection) and SERVER_AUTH in purposes))
    ]


def parse_properties(data: bytes) -> dict[int, bytes]:
    """The properties of a store's `Blob`: number, 1, length, each four bytes little-endian, then the content.

    What stands after the last whole one is kept under -1, a number that no property has.
    """
    properties: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        end = at + 12 + int.from_bytes(data[at + 8 : at + 12], "little")
        if end > len(data):
            properties[-1] = data[at:]
            break
        properties[int.from_bytes(data[at : at + 4], "little")] = data[at + 12 : end]
        at = end
    return properties


def terms_in_list(trust_list: bytes, sha1: bytes) -> RootTerms | None:
    """On what terms an encoded trust list names that certificate; None when it does not name it.

    An entry is the thumbprint and a set of attributes, whose numbers (the last of their identifier) are those of the
    properties, as seen in Microsoft's list of October 2026.
    """
    if sha1 not in trust_list:
        return None
    try:
        attributes = next(der.elements(trust_list.split(b"\x04\x14" + sha1, 1)[1]))
        properties: dict[int, bytes] = {}
        for attribute in der.items(attributes.whole, _SET):
            name, values = der.items(attribute.whole)
            kind = int(der.oid(name).rpartition(_ATTRIBUTE)[2])
            properties[kind] = der.items(values.whole, _SET)[0].value
    except (ValueError, IndexError, StopIteration):
        return RootTerms(unclear="an entry of the trust list")
    return server_terms(properties)


def server_terms(properties: Mapping[int, bytes]) -> RootTerms:
    """On what terms a root with these properties may vouch for web servers.

    9 are the purposes it is restricted to. From the time in 104 on it is disabled, for the purposes in 122 where
    those are named; 122 alone disables them. Certificates issued after the time in 126 are refused, for the purposes
    in 127 where those are named (learn.microsoft.com, trusted-root/deprecation, and Microsoft's list of October 2026).
    """
    try:
        if _USAGE in properties and not _for_servers(properties[_USAGE]):
            return RootTerms(forbidden=True)
        disabled = _DISABLED_USAGE not in properties or _for_servers(properties[_DISABLED_USAGE])
        refused_from = _moment(properties[_DISABLED]) if disabled and _DISABLED in properties else None
        if disabled and _DISABLED_USAGE in properties and _DISABLED not in properties:
            return RootTerms(forbidden=True)
        limited = _LIMITED_USAGE not in properties or _for_servers(properties[_LIMITED_USAGE])
        issued_before = _moment(properties[_LIMITED]) if limited and _LIMITED in properties else None
        if limited and _LIMITED_USAGE in properties and _LIMITED not in properties:
            raise ValueError(f"property {_LIMITED_USAGE} without {_LIMITED}")
    except ValueError as error:
        return RootTerms(unclear=str(error))
    # Name constraints, and what came after the properties that are known; from 0x8000 on they are anyone's own.
    strange = [
        kind for kind in properties if kind == _NAMES or (not 0 < kind < _DISABLED_CA and kind < 0x8000)
    ]
    return RootTerms(False, refused_from, issued_before, f"property {strange[0]}" if strange else "")


def _for_servers(content: bytes) -> bool:
    """Whether a list of purposes holds that of web servers; raises `ValueError` when it is none."""
    return not {SERVER_AUTH, _ANY_USAGE}.isdisjoint(der.oid(item) for item in der.items(content))


def _moment(content: bytes) -> datetime:
    """A FILETIME: steps of 100 ns since 1601; raises `ValueError` for none, as 0 is."""
    steps = int.from_bytes(content, "little")
    if len(content) != 8 or not steps:
        raise ValueError("a property without a time")
    try:
        return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=steps // 10)
    except OverflowError:
        raise ValueError("a property with a time beyond the calendar") from None
