"""What one certificate is, and whether it can be signed with; keeps its family, issuer and last day only.

Order where several things hold: what makes it unusable comes first, then its own faults, then doubts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from checks.certfile import families
from checks.pki import certificates, names
from checks.pki.certificates import Certificate
from checks.record import dataclass, field
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
class Asked:
    """What a file is judged by: the moment, and answers of the person."""

    now: datetime
    kind: str = ""
    """The kind of certificate, as answered."""
    listed: bool = False
    """The person saw the authority on the official list."""
    medium: str = ""
    """Where the key of another authority's certificate is: `file`, `ic-card`."""


@dataclass(slots=True)
class Found:
    """The outcome: a code, values and evidence, nothing about the person."""

    code: str
    values: dict[str, str | int] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)
    of: int = 1
    """Keys and certificates in the file."""
    unread: list[str] = field(default_factory=list)
    """Those of them that could not be read."""


def best(found: Sequence[Found]) -> Found:
    """The one that the application has most use for; its evidence names the others."""
    first, *others = sorted(found, key=lambda one: CODES.index(one.code))
    for one in others:
        if "until" in one.values:
            first.evidence.append(
                f"another certificate: {one.values['family']}, notAfter {one.values['until']}"
            )
    return first


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


def judge(
    certificate: Certificate, asked: Asked, form: Form, evidence: Sequence[str], old: tuple[str, ...] = ()
) -> Found:
    """What is to be said of it when it came in that form; `old` are outdated ciphers of its file."""
    family = families.family(certificate)
    begin, end = certificate.not_before, certificate.not_after
    values: dict[str, str | int] = {"family": family}
    if not certificate.self_issued:
        # The issuer of a self-signed certificate is the person.
        values["issuer"] = show(names.short(certificate.issuer), 60)
    if begin is None or end is None:
        return Found("no-dates", values, [*evidence, "validity is not readable"])
    evidence = [*evidence, f"family: {family}", f"notAfter: {end.isoformat()}"]
    last = in_japan(end)
    if last == date.max:
        evidence.append("no end is set (RFC 5280)")
    left = end - asked.now
    values |= {"until": last.isoformat(), "days": left.days}
    code = _fault(certificate, asked, form, family)
    if code == "not-yet-valid":
        values["start"] = japan_time(begin).isoformat(" ", "minutes")[:16]
    elif not code:
        code = _doubt(certificate, asked, form, family, left, old)
        if code == "old-encryption":
            values["cipher"] = ", ".join(old)
        elif code == "unreadable-part":
            evidence.append(_UNREADABLE)
    return Found(code, values, evidence)


def _fault(certificate: Certificate, asked: Asked, form: Form, family: families.Family) -> str:
    """Why it cannot be signed with, or an empty string."""
    assert certificate.not_before is not None
    assert certificate.not_after is not None
    # A person's own, self-signed certificate often calls itself an authority.
    if is_authority(certificate) and (form == "certificate" or not certificate.self_issued):
        return "ca-certificate"
    if family == "jpki-test":
        return "test-certificate"
    if family == "jpki-auth":
        return "authentication-only"
    if certificate.not_after < asked.now:
        return "expired"
    if certificate.not_before > asked.now:
        return "not-yet-valid"
    return "self-signed" if certificate.self_issued else ""


def _doubt(
    certificate: Certificate, asked: Asked, form: Form, family: str, left: timedelta, old: tuple[str, ...]
) -> str:
    """What speaks against one that could be signed with, the weightiest first; or that nothing does."""
    unknown = family == "unknown"
    bare = form == "certificate" and asked.medium != "ic-card"
    if bare and (asked.kind in families.KINDS or asked.medium == "file"):
        return "no-key"
    if not (signs := _is_for_signing(certificate)):
        return "unreadable-part" if signs is None else "not-for-signing"
    if bare:
        return "certificate-only"
    if form == "pem":
        return "pem-with-key"
    if unknown and not (asked.listed and asked.kind == "other-ca"):
        return "unknown-family"
    if not unknown and family not in families.KINDS.get(asked.kind, {family}):
        return "other-family"
    if left <= SOON:
        return "expires-soon"
    if form == "certificate":
        return "card-certificate"
    if form == "armoured":
        return "pkcs12-as-text"
    if old:
        return "old-encryption"
    return "listed" if unknown else "ok"
