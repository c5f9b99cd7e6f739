"""The stores of roots on Linux: bundles, p11-kit's anchors and blocklists, and what moves them."""

from __future__ import annotations

import os
from collections.abc import Mapping

from checks.system import parse_common
from checks.system.api import Unavailable
from checks.system.bounded_files import each_once, names_in, read_bytes
from checks.system.facts import RootStore, RootStores

BUNDLES = (
    "etc/ssl/certs/ca-certificates.crt",
    "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "etc/pki/tls/certs/ca-bundle.crt",
    "var/lib/ca-certificates/ca-bundle.pem",
    "etc/ca-certificates/extracted/tls-ca-bundle.pem",
    "etc/ssl/ca-bundle.pem",
    "etc/ssl/certs/ca-bundle.crt",
    "etc/ssl/cert.pem",
)
"""Where distributions keep the roots for servers: Debian, Fedora, older Red Hat, openSUSE, Arch, SLE, NixOS, Alpine."""

BLOCKLISTS = (
    "etc/pki/ca-trust/source/blocklist",
    "etc/pki/ca-trust/source/blacklist",
    "usr/share/pki/ca-trust-source/blocklist",
    "etc/pki/trust/blocklist",
    "etc/pki/trust/blacklist",
    "usr/share/pki/trust/blocklist",
    "usr/share/pki/trust/blacklist",
    "etc/ca-certificates/trust-source/blocklist",
    "usr/share/ca-certificates/trust-source/blocklist",
)
SOURCES = (
    "etc/pki/ca-trust/source",
    "usr/share/pki/ca-trust-source",
    "etc/pki/trust",
    "etc/ca-certificates/trust-source",
)
"""Folders whose `.p11-kit` files may trust or distrust (p11-kit, "trust module configuration")."""


def root_stores(root: str, environ: Mapping[str, str]) -> RootStores:
    """The stores of the tree under `root`; raises `Unavailable` when there is none at all."""
    stores: list[RootStore] = []
    unreadable: list[str] = []

    def at(path: str) -> str:
        return os.path.join(root, path)

    for path in each_once(at(path) for path in BUNDLES):
        _add(stores, unreadable, path, path)
    moved = tuple(name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if environ.get(name))
    known = {os.path.realpath(store.name) for store in stores}
    file = environ.get("SSL_CERT_FILE", "")
    if file and os.path.realpath(file) not in known:
        _add(stores, unreadable, f"SSL_CERT_FILE {file}", file)
    blocked: set[str] = set()
    anchored: set[str] = set()
    for folder in BLOCKLISTS:
        for path in _files(at(folder), unreadable):
            found = _certificates(path, unreadable)
            blocked |= found
            if not found and not os.path.basename(path).lower().startswith("readme"):
                unreadable.append(f"{path}: no certificate that is understood")
    for folder in SOURCES:
        for path in _files(at(folder), unreadable):
            if path.endswith(".p11-kit"):
                yes, no = parse_common.parse_p11_kit(_read(path, unreadable))
                anchored |= yes
                blocked |= no
    if anchored or blocked:
        stores.append(RootStore("p11-kit", frozenset(anchored), frozenset(blocked)))
    if deselected := _deselected(root, unreadable):
        stores.append(RootStore(at("etc/ca-certificates.conf"), forbidden=deselected))
    if not stores and not unreadable:
        raise Unavailable("no bundle in " + ", ".join("/" + path for path in BUNDLES[:3]))
    return RootStores(tuple(stores), tuple(unreadable), moved_by=moved)


def _deselected(root: str, unreadable: list[str]) -> frozenset[str]:
    """The certificates switched off in Debian's configuration, looked up among those it brings along."""
    path = os.path.join(root, "etc/ca-certificates.conf")
    names = parse_common.parse_deselected(_read(path, unreadable).decode("utf-8", "replace"))
    found: set[str] = set()
    for name in names[:1000]:
        if ".." not in name.split("/"):
            found |= _certificates(os.path.join(root, "usr/share/ca-certificates", name), unreadable)
    return frozenset(found)


def _add(stores: list[RootStore], unreadable: list[str], name: str, path: str) -> None:
    try:
        data = read_bytes(path, 16 * 1024 * 1024)
    except FileNotFoundError:
        return
    except Unavailable as error:
        unreadable.append(error.reason)
        return
    stores.append(RootStore(name, parse_common.parse_certificate_file(data)))


def _files(folder: str, unreadable: list[str]) -> list[str]:
    try:
        return [os.path.join(folder, name) for name in names_in(folder)]
    except Unavailable as error:
        unreadable.append(error.reason)
        return []


def _read(path: str, unreadable: list[str]) -> bytes:
    try:
        return read_bytes(path, 16 * 1024 * 1024)
    except OSError:
        return b""
    except Unavailable as error:
        if not error.reason.endswith("not a file"):
            unreadable.append(error.reason)
        return b""


def _certificates(path: str, unreadable: list[str]) -> frozenset[str]:
    data = _read(path, unreadable)
    if path.endswith(".p11-kit"):
        return frozenset().union(*parse_common.parse_p11_kit(data))
    return parse_common.parse_certificate_file(data)
