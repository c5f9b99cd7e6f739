"""The stores of roots on Linux: bundles, p11-kit's anchors and blocklists, and what moves them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

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

    def read(path: str) -> bytes | None:
        """The content of a file; None where it is missing or, as is then noted, cannot be read."""
        try:
            return read_bytes(path, 16 * 1024 * 1024)
        except FileNotFoundError:
            return None
        except Unavailable as error:
            unreadable.append(error.reason)
            return None

    def files(folders: Iterable[str]) -> Iterator[str]:
        for folder in map(at, folders):
            try:
                names = names_in(folder)
            except Unavailable as error:
                unreadable.append(error.reason)
                continue
            yield from (os.path.join(folder, name) for name in names)

    bundles = {path: path for path in each_once(map(at, BUNDLES))}
    file = environ.get("SSL_CERT_FILE", "")
    if file and os.path.realpath(file) not in map(os.path.realpath, filter(os.path.exists, bundles)):
        bundles[f"SSL_CERT_FILE {file}"] = file
    for name, path in bundles.items():
        if (data := read(path)) is not None:
            stores.append(RootStore(name, parse_common.parse_certificate_file(data)))
    blocked: set[str] = set()
    anchored: set[str] = set()
    for path in files(BLOCKLISTS):
        data = read(path) or b""
        if path.endswith(".p11-kit"):
            found = frozenset().union(*parse_common.parse_p11_kit(data))
        else:
            found = parse_common.parse_certificate_file(data)
        blocked |= found
        if not found and not os.path.basename(path).lower().startswith("readme"):
            unreadable.append(f"{path}: no certificate that is understood")
    for path in files(SOURCES):
        if path.endswith(".p11-kit"):
            trusted, distrusted = parse_common.parse_p11_kit(read(path) or b"")
            anchored |= trusted
            blocked |= distrusted
    if anchored or blocked:
        stores.append(RootStore("p11-kit", frozenset(anchored), frozenset(blocked)))
    # Debian's configuration switches off certificates that it brings along.
    path = at("etc/ca-certificates.conf")
    names = parse_common.parse_deselected((read(path) or b"").decode("utf-8", "replace"))[:1000]
    off = [os.path.join("usr/share/ca-certificates", name) for name in names if ".." not in name.split("/")]
    deselected = [parse_common.parse_certificate_file(read(at(name)) or b"") for name in off]
    if any(deselected):
        stores.append(RootStore(path, forbidden=frozenset().union(*deselected)))
    if not stores and not unreadable:
        raise Unavailable("no bundle in " + ", ".join("/" + path for path in BUNDLES[:3]))
    moved = tuple(name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if environ.get(name))
    return RootStores(tuple(stores), tuple(unreadable), moved_by=moved)
