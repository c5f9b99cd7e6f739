"""What macOS's own tools print, turned into facts; pure."""

from __future__ import annotations

import plistlib
import re
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError

from checks.system.facts import OsFacts, ProxyFacts, ProxySetting


def parse_plist(data: bytes) -> dict[str, Any]:
    """A property list whose top is a dictionary; raises `ValueError` for anything else."""
    try:
        found = plistlib.loads(data)
    except (plistlib.InvalidFileException, ExpatError, ValueError, RecursionError, OverflowError, KeyError, TypeError,
            IndexError) as error:  # fmt: skip
        raise ValueError(type(error).__name__) from None
    if not isinstance(found, dict):
        raise ValueError("not a dictionary")
    return found


def parse_system_version(data: bytes) -> OsFacts:
    """The system from SystemVersion.plist; raises `ValueError` when it is none."""
    found = parse_plist(data)
    version = str(found.get("ProductUserVisibleVersion") or found.get("ProductVersion") or "")
    name = str(found.get("ProductName") or "macOS")
    return OsFacts(f"{name} {version}".strip(), version, edition=str(found.get("ProductBuildVersion", "")))


_ENTRY = re.compile(r"\s*(\S+) : (.*)")


def parse_scutil_proxy(text: str) -> ProxyFacts:
    """The settings that `scutil --proxy` prints; lines of another shape are passed over."""
    flat: dict[str, str] = {}
    exceptions: list[str] = []
    in_list = False
    for line in text.splitlines():
        match = _ENTRY.fullmatch(line)
        if in_list:
            if line.strip() == "}":
                in_list = False
            elif match:
                exceptions.append(match[2].strip())
        elif match and match[1] == "ExceptionsList":
            in_list = True
        elif match:
            flat[match[1]] = match[2].strip()
    settings = []
    for scheme in ("https", "http"):
        host, port = (flat.get(f"{scheme.upper()}{what}", "") for what in ("Proxy", "Port"))
        if flat.get(f"{scheme.upper()}Enable") == "1" and host:
            settings.append(ProxySetting(scheme, f"{host}:{port}" if port else host, "macos"))
    pac = flat.get("ProxyAutoConfigURLString") if flat.get("ProxyAutoConfigEnable") == "1" else None
    return ProxyFacts(
        tuple(settings), tuple(exceptions), pac or None, flat.get("ProxyAutoDiscoveryEnable") == "1"
    )


_FOR_SERVERS = frozenset(
    {"", "SSL", "1.2.840.113635.100.1.3", "BASICX509", "APPLE X509 BASIC", "1.2.840.113635.100.1.2"}
)
"""The policies whose settings count for web servers: none, SSL, and the basic one that all others rest on."""

_CERTIFICATE = re.compile(r"Cert \d+: (.*)")


def parse_trust_settings(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the certificates that are always trusted and never trusted for web servers.

    From `security dump-trust-settings`, which has no fixed form and gives names only; a setting without a policy, or
    for the policy SSL, counts. "No Trust Settings were found" gives two empty sets.
    """
    trusted: set[str] = set()
    denied: set[str] = set()
    name, policy, host = "", "", ""
    for line in text.splitlines():
        line = line.strip()
        if match := _CERTIFICATE.fullmatch(line):
            name, policy, host = match[1].strip(), "", ""
        elif line.replace(" ", "") == "Numberoftrustsettings:0":
            trusted.add(name)  # no restriction: trusted for everything
        elif line.startswith("Trust Setting "):
            policy, host = "", ""
        elif line.startswith("Policy String"):
            host = line.partition(":")[2].strip()
        elif line.startswith("Policy OID"):
            policy = line.partition(":")[2].strip()
        elif line.startswith("Result Type") and name and not host and policy.upper() in _FOR_SERVERS:
            result = line.partition(":")[2].strip()
            if result.endswith("Deny"):
                denied.add(name)
            elif result.endswith(("TrustRoot", "TrustAsRoot")):
                trusted.add(name)
    return frozenset(trusted - denied), frozenset(denied)


def parse_app(info: Mapping[str, Any]) -> str:
    version = info.get("CFBundleShortVersionString") or info.get("CFBundleVersion") or ""
    return version if isinstance(version, str) else ""
