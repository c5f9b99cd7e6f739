"""What one certificate is, and whether it can be signed with; keeps its family, issuer and last day only.

Families are recognised by issuer and policy; nothing is claimed beyond that. JPKI: J-LIS certificate profile 3.2
(2026-03-31). Commercial registry: Ministry of Justice, moj.go.jp/content/001422028.pdf. G-ID: by the service's name in
the issuer only; its policy numbers could not be read.
Order where several things hold: what makes it unusable comes first, then its own faults, then doubts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from checks.model import Finding, Json
from checks.pki import certificates, der, names
from checks.pki.certificates import Certificate
from checks.record import dataclass, replace
from checks.rules.dates import in_japan, japan_time
from checks.shown import show

SOON = timedelta(days=30)
_SIGNATURE, _NON_REPUDIATION, _SIGNS_CERTIFICATES = 0, 1, 5
"""Bits of the key usage (RFC 5280, 4.2.1.3)."""
_OTHER_PURPOSES = frozenset(
    {*(f"1.3.6.1.5.5.7.3.{number}" for number in (1, 2, 3, 5, 6, 7, 8, 9, 17)), "1.3.6.1.4.1.311.20.2.2"}
)
"""Servers, clients, code, IPsec, time stamps, OCSP (RFC 5280, 4.2.1.12), and logon by smart card."""
_UNREADABLE = "extensions are not readable"

Family: TypeAlias = Literal["jpki", "jpki-auth", "jpki-test", "registry", "g-id", "unknown"]
_POLICIES = "2.5.29.32"
_JPKI = "1.2.392.200149.8.5.1."
_JPKI_SIGN = frozenset({f"{_JPKI}1.20", f"{_JPKI}1.40"})
"""On a card, and in a smartphone."""
_JPKI_TEST = f"{_JPKI}0."
_REGISTRY = "1.2.392.100300.1."
_REGISTRY_POLICIES = frozenset({f"{_REGISTRY}3.4", f"{_REGISTRY}3.2"})
_CORPORATION = f"{_REGISTRY}1.3"
_FAMILY_OF = {"registry-file": "registry", "gyoseishoshi": "g-id"}
"""For a kind of certificate as it is answered, the family that fits it; other answers fit every family."""

Form: TypeAlias = Literal["pkcs12", "armoured", "pem", "certificate"]
"""What it came in: a file with its key, the same as a text, a text with a key, no key at all."""

CODES = (
    *("ok", "listed", "card-certificate"),
    *("expires-soon", "old-encryption", "pkcs12-as-text", "pem-with-key", "certificate-only"),
    *("unknown-family", "other-family", "not-for-signing", "password-needed"),
    *("unreadable-part", "unsupported", "no-dates", "wrong-password", "too-costly", "too-big"),
    *("directory", "not-a-file", "missing", "unreadable", "no-answer"),
    *("no-key", "not-yet-valid", "expired", "test-certificate", "authentication-only", "self-signed"),
    *("ca-certificate", "no-certificate", "key-mismatch", "truncated", "damaged", "empty", "not-pkcs12"),
)
"""All codes, the best first: passes, warnings, what could not be found out, failures."""

FATAL = frozenset({"expired", "not-yet-valid", "test-certificate", "authentication-only", "self-signed"})
"""Codes that no key and no password would change."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a file is judged by: the moment, and answers of the person."""

    now: datetime
    kind: str = ""
    listed: bool = False
    """The person saw the authority on the official list."""
    medium: str = ""
    """Where the key of another authority's certificate is: `file`, `ic-card`."""


@dataclass(frozen=True, slots=True)
class Container:
    """What certificates came in, and by what they are judged."""

    criteria: Criteria
    form: Form = "certificate"
    evidence: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    """Outdated ciphers that it is encrypted with."""

    def finding(self, code: str, *evidence: str) -> Finding:
        return Finding(code, {}, (*self.evidence, *evidence))


def best(findings: Sequence[Finding]) -> Finding:
    """The one that the application has most use for; its evidence names the others."""
    first, *others = sorted(findings, key=lambda one: CODES.index(one.code))
    named = [
        f"another certificate: {one.values['family']}, notAfter {one.values['until']}"
        for one in others
        if "until" in one.values
    ]
    return replace(first, evidence=(*first.evidence, *named))


def is_authority(certificate: Certificate) -> bool:
    """Whether it says of itself that certificates are signed with it."""
    try:
        basic, usage = certificates.basic_constraints(certificate), certificates.key_usage(certificate)
    except ValueError:
        return False
    return bool(basic and basic[0]) or (usage is not None and _SIGNS_CERTIFICATES in usage)


def _is_for_signing(certificate: Certificate) -> bool | None:
    """Whether its usages, where it names any, admit signing documents; None where they cannot be read."""
    try:
        usage, purposes = certificates.key_usage(certificate), certificates.extended_key_usage(certificate)
    except ValueError:
        return None
    if _UNREADABLE in certificate.faults:
        return None
    signs = usage is None or not usage.isdisjoint({_SIGNATURE, _NON_REPUDIATION})
    return signs and (purposes is None or not purposes <= _OTHER_PURPOSES)


def judge(certificate: Certificate, container: Container) -> Finding:
    """What is to be said of a certificate that came in this container."""
    family = family_of(certificate)
    begin, end = certificate.not_before, certificate.not_after
    values: dict[str, Json] = {"family": family}
    if not certificate.self_issued:
        # The issuer of a self-signed certificate is the person.
        values["issuer"] = show(names.short(certificate.issuer), 60)
    if begin is None or end is None:
        return Finding("no-dates", values, (*container.evidence, "validity is not readable"))
    evidence = [*container.evidence, f"family: {family}", f"notAfter: {end.isoformat()}"]
    last = in_japan(end)
    if last == date.max:
        evidence.append("no end is set (RFC 5280)")
    left = end - container.criteria.now
    values |= {"until": last.isoformat(), "days": left.days}
    code = _fault(certificate, begin, left, container, family)
    if code == "not-yet-valid":
        values["start"] = japan_time(begin).isoformat(" ", "minutes")[:16]
    elif not code:
        code = _doubt(certificate, left, container, family)
        if code == "old-encryption":
            values["cipher"] = ", ".join(container.outdated)
        elif code == "unreadable-part":
            evidence.append(_UNREADABLE)
    return Finding(code, values, tuple(evidence))


def _fault(
    certificate: Certificate, begin: datetime, left: timedelta, container: Container, family: Family
) -> str:
    """Why it cannot be signed with, or an empty string."""
    # A person's own, self-signed certificate often calls itself an authority.
    if is_authority(certificate) and (container.form == "certificate" or not certificate.self_issued):
        return "ca-certificate"
    if family == "jpki-test":
        return "test-certificate"
    if family == "jpki-auth":
        return "authentication-only"
    if left < timedelta():
        return "expired"
    if begin > container.criteria.now:
        return "not-yet-valid"
    return "self-signed" if certificate.self_issued else ""


def _doubt(certificate: Certificate, left: timedelta, container: Container, family: Family) -> str:
    """What speaks against one that could be signed with, the weightiest first; or that nothing does."""
    criteria, form, unknown = container.criteria, container.form, family == "unknown"
    bare = form == "certificate" and criteria.medium != "ic-card"
    if bare and (criteria.kind in _FAMILY_OF or criteria.medium == "file"):
        return "no-key"
    if not (signs := _is_for_signing(certificate)):
        return "unreadable-part" if signs is None else "not-for-signing"
    if bare:
        return "certificate-only"
    if form == "pem":
        return "pem-with-key"
    if unknown and not (criteria.listed and criteria.kind == "other-ca"):
        return "unknown-family"
    if not unknown and family != _FAMILY_OF.get(criteria.kind, family):
        return "other-family"
    if left <= SOON:
        return "expires-soon"
    if form == "certificate":
        return "card-certificate"
    if form == "armoured":
        return "pkcs12-as-text"
    if container.outdated:
        return "old-encryption"
    return "listed" if unknown else "ok"


def policies(certificate: Certificate) -> tuple[str, ...]:
    """The policy identifiers it says it was issued under; none where they cannot be read."""
    try:
        items = certificates.extension_items(certificate, _POLICIES) or ()
        return tuple(der.oid(der.items(item.whole)[0]) for item in items)
    except (ValueError, IndexError):
        return ()


def family_of(certificate: Certificate) -> Family:
    """Which family a certificate belongs to, by the name of its issuer and the policy it was issued under."""
    policy = policies(certificate)
    issuer = [(kind, text.strip().casefold()) for kind, text in names.attributes(certificate.issuer)]
    organisations = {text for kind, text in issuer if kind == "O"}
    units = {text for kind, text in issuer if kind == "OU"}
    common = " ".join(text for kind, text in issuer if kind == "CN")
    if "jpki-test" in organisations or any(one.startswith(_JPKI_TEST) for one in policy):
        return "jpki-test"
    if "jpki" in organisations:
        if "jpki for digital signature" in units:
            return "jpki" if not policy or _JPKI_SIGN.intersection(policy) else "unknown"
        return "jpki-auth" if "jpki for user authentication" in units else "unknown"
    if "japanese government" in organisations and "ministry of justice" in units and "registrar of" in common:
        known = _REGISTRY_POLICIES.intersection(policy) or _CORPORATION in certificate.extensions
        return "registry" if known else "unknown"
    if any("secom" in name for name in organisations) and any(
        "passport for g-id" in text for text in (common, *units)
    ):
        return "g-id"
    return "unknown"
