"""Families of certificates that people sign with, recognised by issuer and policy; nothing is claimed beyond that.

JPKI: J-LIS certificate profile 3.2 (2026-03-31). Commercial registry: Ministry of Justice, moj.go.jp/content/001422028.pdf.
G-ID: by the service's name in the issuer only; its policy numbers could not be read.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from checks.pki import der, names
from checks.pki.certificates import Certificate

Family: TypeAlias = Literal["jpki", "jpki-auth", "jpki-test", "registry", "g-id", "unknown"]

_POLICIES = "2.5.29.32"
_JPKI = "1.2.392.200149.8.5.1."
_JPKI_SIGN = frozenset({f"{_JPKI}1.20", f"{_JPKI}1.40"})
"""On a card, and in a smartphone."""
_JPKI_TEST = f"{_JPKI}0."
_REGISTRY = "1.2.392.100300.1."
_REGISTRY_POLICIES = frozenset({f"{_REGISTRY}3.4", f"{_REGISTRY}3.2"})
_CORPORATION = f"{_REGISTRY}1.3"

KINDS: dict[str, frozenset[str]] = {
    "registry-file": frozenset({"registry"}),
    "gyoseishoshi": frozenset({"g-id"}),
}
"""For a kind of certificate as it is answered, the families that fit it; other answers fit every family."""


def policies(certificate: Certificate) -> tuple[str, ...]:
    """The policy identifiers it says it was issued under; none where they cannot be read."""
    extension = certificate.extensions.get(_POLICIES)
    try:
        if extension is None:
            return ()
        return tuple(der.oid(der.items(item.whole)[0]) for item in der.items(extension.value))
    except (ValueError, IndexError):
        return ()


def family(certificate: Certificate) -> Family:
    """Which family a certificate belongs to, by the name of its issuer and the policy it was issued under."""
    issuer = names.attributes(certificate.issuer)
    found = policies(certificate)
    organisations = {text.strip().casefold() for kind, text in issuer if kind == "O"}
    units = {text.strip().casefold() for kind, text in issuer if kind == "OU"}
    common = " ".join(text for kind, text in issuer if kind == "CN").casefold()
    if "jpki-test" in organisations or any(policy.startswith(_JPKI_TEST) for policy in found):
        return "jpki-test"
    if "jpki" in organisations:
        if "jpki for digital signature" in units:
            return "jpki" if not found or _JPKI_SIGN.intersection(found) else "unknown"
        return "jpki-auth" if "jpki for user authentication" in units else "unknown"
    if "japanese government" in organisations and "ministry of justice" in units and "registrar of" in common:
        known = _REGISTRY_POLICIES.intersection(found) or _CORPORATION in certificate.extensions
        return "registry" if known else "unknown"
    if any("secom" in name for name in organisations) and any(
        "passport for g-id" in text.casefold() for kind, text in issuer if kind in ("CN", "OU")
    ):
        return "g-id"
    return "unknown"
