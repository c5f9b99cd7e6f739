"""The stores of roots on Windows: their keys in the registry, Python's merged view, and the automatic update."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from checks.record import replace
from checks.system.api import Unavailable
from checks.system.facts import RootStores, Store
from checks.system.parse_common import hashes
from checks.system.parse_windows import (
    CERTIFICATE,
    Terms,
    named_in,
    parse_properties,
    server_terms,
    terms_in_list,
)
from checks.system.registry import Registry, blob, number

_STORES = (
    ("LocalMachine ROOT", r"HKLM\SOFTWARE\Microsoft\SystemCertificates\ROOT"),
    ("LocalMachine AuthRoot", r"HKLM\SOFTWARE\Microsoft\SystemCertificates\AuthRoot"),
    ("LocalMachine Disallowed", r"HKLM\SOFTWARE\Microsoft\SystemCertificates\Disallowed"),
    ("Enterprise Root", r"HKLM\SOFTWARE\Microsoft\EnterpriseCertificates\Root"),
    ("Enterprise Disallowed", r"HKLM\SOFTWARE\Microsoft\EnterpriseCertificates\Disallowed"),
    ("GroupPolicy Root", r"HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates\Root"),
    ("GroupPolicy Disallowed", r"HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates\Disallowed"),
    ("CurrentUser Root", r"HKCU\Software\Microsoft\SystemCertificates\Root"),
    ("CurrentUser Disallowed", r"HKCU\Software\Microsoft\SystemCertificates\Disallowed"),
    ("CurrentUser GroupPolicy Root", r"HKCU\Software\Policies\Microsoft\SystemCertificates\Root"),
    (
        "CurrentUser GroupPolicy Disallowed",
        r"HKCU\Software\Policies\Microsoft\SystemCertificates\Disallowed",
    ),
)
_AUTO_UPDATE = r"HKLM\SOFTWARE\Microsoft\SystemCertificates\AuthRoot\AutoUpdate"
_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates\AuthRoot"

_SERVER_AUTH = "1.3.6.1.5.5.7.3.1"

Enumerate = Callable[[str], list[tuple[bytes, str, object]]]
"""`ssl.enum_certificates`: certificates of a store as (DER, encoding, True or a set of purposes)."""


def root_stores(registry: Registry, enumerate_store: Enumerate | None) -> RootStores:
    """All stores that could be read; raises `Unavailable` when none could."""
    thumbprints = _thumbprints()
    stores: list[Store] = []
    unreadable: list[str] = []
    for name, key in _STORES:
        try:
            stores.append(_store(registry, name, key, thumbprints, unreadable))
        except Unavailable as error:
            unreadable.append(error.reason)
    if enumerate_store is not None:
        stores += _merged(enumerate_store, unreadable)
    try:
        switched_off = number(registry.values(_POLICY), "DisableRootAutoUpdate") == 1
        lists = registry.values(_AUTO_UPDATE)
    except Unavailable as error:
        unreadable.append(error.reason)
        switched_off, lists = False, None
    trust_list = blob(lists, "EncodedCtl")
    listed = {
        sha256: terms
        for sha1, sha256 in thumbprints.items()
        if (terms := terms_in_list(trust_list, bytes.fromhex(sha1)))
    }
    if listed:
        # The list restricts roots; that it names them does not mean that they are there.
        stores.append(replace(_on_terms("AutoUpdate AuthRoot", listed), present=frozenset()))
    if banned := named_in(blob(lists, "DisallowedCertEncodedCtl"), thumbprints):
        stores.append(
            Store("AutoUpdate DisallowedCert", forbidden=frozenset(thumbprints[sha1] for sha1 in banned))
        )
    if not stores:
        raise Unavailable("; ".join(unreadable[:3]) or "no certificate store")
    fetchable = frozenset(sha256 for sha256, terms in listed.items() if not terms.forbidden)
    return RootStores(tuple(stores), tuple(unreadable), not switched_off, fetchable if trust_list else None)


def _on_terms(name: str, found: Mapping[str, Terms]) -> Store:
    """A store of roots (SHA-256) that are there on these terms."""
    unclear = {one: terms.unclear for one, terms in found.items() if terms.unclear}
    forbidden = frozenset(one for one, terms in found.items() if terms.forbidden)
    return Store(
        name,
        frozenset(found) - unclear.keys() - forbidden,
        forbidden,
        unclear,
        {one: terms.refused_from for one, terms in found.items() if terms.refused_from},
        {one: terms.issued_before for one, terms in found.items() if terms.issued_before},
    )


def _thumbprints() -> Mapping[str, str]:
    """SHA-1 (as Windows names its keys) to SHA-256 of the roots that may matter."""
    from checks.pki.anchors import table

    return {
        hashlib.sha1(der, usedforsecurity=False).hexdigest().upper(): sha256.hex()
        for sha256, der in table().ders.items()
    }


def _store(
    registry: Registry, name: str, key: str, thumbprints: Mapping[str, str], unreadable: list[str]
) -> Store:
    found: dict[str, Terms] = {}
    for sha1, sha256 in thumbprints.items():
        values = registry.values(rf"{key}\Certificates\{sha1}")
        if values is None:
            continue
        if name.endswith("Disallowed"):
            # The name of the key is what Windows goes by; the contents need not be whole.
            found[sha256] = Terms(forbidden=True)
            continue
        properties = parse_properties(blob(values, "Blob"))
        if hashlib.sha256(properties.get(CERTIFICATE, b"")).hexdigest() != sha256:
            unreadable.append(f"{name}: {sha1} does not hold that certificate")
            continue
        found[sha256] = server_terms(properties)
    return _on_terms(name, found)


def _merged(enumerate_store: Enumerate, unreadable: list[str]) -> list[Store]:
    """Windows' own merged view of the roots and of what is forbidden; it does not say which store holds them."""
    found = []
    for name in ("ROOT", "Disallowed"):
        try:
            certificates = enumerate_store(name)
        except OSError as error:
            unreadable.append(f"{name}: {type(error).__name__}")
            continue
        # A root whose purposes lack servers is not counted, nor as forbidden: the registry says why.
        ders = [der for der, _, trust in certificates if trust is True or _SERVER_AUTH in _purposes(trust)]
        if name == "ROOT":
            found.append(Store("merged ROOT", present=hashes(ders)))
        else:
            found.append(Store("merged Disallowed", forbidden=hashes(der for der, _, _ in certificates)))
    return found


def _purposes(trust: object) -> frozenset[object]:
    return frozenset(trust) if isinstance(trust, set | frozenset) else frozenset()
