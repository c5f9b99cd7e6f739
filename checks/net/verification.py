"""The handshake with the portal, made once a run, and the verdict on the certificates that came with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from checks import BUILD_DATE
from checks.model import Context
from checks.net import tls, visit
from checks.net.connect import TimeLimit
from checks.net.visit import FAR_OFF, Reference, reference_time
from checks.pki import anchors
from checks.pki.certificates import Certificate, parse
from checks.pki.judge import DATE_FAULTS, ORDER, VERIFIED, ChainCriteria, Fault, Judgement, faults_of, judge
from checks.pki.path import End, Path
from checks.pki.signatures import key_ids_fit
from checks.record import dataclass, replace
from checks.system.api import Unavailable

_WARNINGS = frozenset(ORDER[ORDER.index("intercepted") :])

_OPENSSL = {
    2: "untrusted-root",
    7: "bad-signature",
    9: "not-yet-valid",
    10: "expired",
    18: "self-signed",
    19: "untrusted-root",
    20: "untrusted-root",
    21: "untrusted-root",
    26: "wrong-purpose",
    62: "hostname-mismatch",
    64: "hostname-mismatch",
    66: "weak-key",
    67: "weak-key",
    68: "weak-signature",
}
"""What OpenSSL's refusals mean, where we found nothing ourselves."""

_NO_WAY_UP = frozenset({2, 7, 18, 19, 20, 21})
"""OpenSSL's refusals that come from the one path it tried; another path may hold."""


@dataclass(frozen=True, slots=True)
class TlsVerdict:
    """What came of the TLS handshake: its code and all it rests on."""

    code: str
    handshake: tls.Handshake | None = None
    chain: tuple[Certificate, ...] = ()
    judgement: Judgement | None = None
    reference: Reference | None = None
    stream: tls.Stream | None = None
    """The connection, when the chain, the dates and the name were verified."""


def verdict(context: Context) -> TlsVerdict:

    def make() -> TlsVerdict:
        way = visit.link(context)
        if way.connection is None:
            return TlsVerdict("not-connected")
        return shake_hands(context, way, visit.time_limit(context, visit.TLS_SECONDS))

    return context.memo.once("portal.verdict", make)


def added_roots(context: Context) -> anchors.Roots:
    """The roots of `--ca-file`; raises `Unavailable` when the file cannot be read or holds no certificate."""

    def make() -> anchors.Roots:
        if not context.options.ca_file:
            return anchors.Roots(())
        try:
            return anchors.Roots(anchors.read_file(context.options.ca_file))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise Unavailable(f"--ca-file {context.options.ca_file}: {reason}") from None

    return context.memo.once("portal.added", make)


def chain_criteria(context: Context) -> ChainCriteria:
    """What the portal's chain is judged for."""
    from checks.net.system_trust import roots

    return ChainCriteria(
        visit.host_of(context),
        context.options.moment().astimezone(UTC),
        added_roots(context),
        lambda: context.memo.once("portal.system-roots", lambda: roots(context.system.platform)),
        frozenset(sha256 for sha256, name in anchors.EXPECTED.items() if name in context.guide.portal.roots),
    )


def shake_hands(context: Context, way: visit.PortalLink, limit: TimeLimit) -> TlsVerdict:
    """Shake hands over a link and judge what came; closes the connection unless it was verified."""
    assert way.connection is not None
    criteria = chain_criteria(context)
    trusted = tls.verifying_context(tuple(criteria.added.ders.values()))
    stream = tls.Stream(way.connection, trusted, criteria.host, way.early)
    shaken = stream.handshake(limit)
    if shaken.end == "done":
        alert = stream.objection(limit)
        if alert == "certificate_required":
            shaken = replace(shaken, end="alert", alert=alert)
    found = _judge(context, shaken, criteria)
    if found.code not in VERIFIED or shaken.end != "done":
        stream.close()
        return found
    return replace(found, stream=stream)


def _judge(context: Context, shaken: tls.Handshake, criteria: ChainCriteria) -> TlsVerdict:
    received = _certificates(shaken.chain)
    code = {
        "not-tls": "not-tls",
        "tls-version": "tls-version",
        "alert": "client-certificate-required" if shaken.chain else "handshake-refused",
        "protocol": "handshake-refused",
        "chain-unreadable": "chain-invalid",
        "timeout": "handshake-timeout",
        "closed": "connection-closed",
    }.get(shaken.end, "")
    if len(received) < len(shaken.chain) or not received:
        return TlsVerdict(code or "chain-invalid", shaken, received)
    known: list[Path] = []
    if shaken.verified:
        path = _certificates(shaken.verified)
        if len(path) == len(shaken.verified):
            known.append(Path(path, End.ANCHOR))
    found = judge(received, criteria, known)
    if shaken.end == "certificate" and shaken.verify_code in _NO_WAY_UP:
        found = _cut_at_misfit(found, criteria)
    reference: Reference | None = None
    judged = _reconciled(context, shaken, found, criteria)
    if any(fault.code in DATE_FAULTS for fault in found.faults):
        built = datetime.fromisoformat(BUILD_DATE).replace(tzinfo=UTC)
        if criteria.now < built:
            judged = "clock-wrong"
        else:
            reference = reference_time(context)
            if reference is not None and abs(reference.ahead) > FAR_OFF:
                judged = "clock-wrong"
    if not code or (code in ("handshake-timeout", "connection-closed") and judged not in _WARNINGS):
        code = judged
    return TlsVerdict(code, shaken, received, found, reference)


def _reconciled(context: Context, shaken: tls.Handshake, found: Judgement, criteria: ChainCriteria) -> str:
    """Our code, unless OpenSSL refused for something that we did not see."""
    if found.code not in _WARNINGS:
        if found.code in ("untrusted-root", "self-signed") and _system_accepts(
            context, shaken, found, criteria
        ):
            return "intercepted"
        return found.code
    if shaken.end != "certificate":
        return found.code
    mapped = _OPENSSL.get(shaken.verify_code, "chain-invalid")
    # OpenSSL follows the first issuer whose name fits and never turns back; every link of ours was verified.
    return found.code if shaken.verify_code in _NO_WAY_UP else mapped


def _cut_at_misfit(found: Judgement, criteria: ChainCriteria) -> Judgement:
    """The path up to the first certificate whose named issuer key is not that of the issuer above it.

    The signature fits, but OpenSSL does not take such a certificate for the issuer: to it the issuer was not sent.
    Browsers may take it, so an address of the issuer makes it a warning as for any other missing one.
    """
    chain = found.path.certificates
    tested = (anchors.Trust.ADDED, anchors.Trust.EXPECTED, anchors.Trust.PUBLIC)
    if found.trust not in tested and found.path.top.sha256 not in anchors.table():
        return found
    for at, (child, issuer) in enumerate(pairwise(chain)):
        if not key_ids_fit(child, issuer):
            path = Path(chain[: at + 1], End.DEAD_END)
            faults = faults_of(path, criteria, None)
            code = min((fault.code for fault in faults), key=ORDER.index)
            ending = Fault(faults[0].code, at, "issuer key identifier")
            return Judgement(code, path, (ending, *faults[1:]))
    return found


def _system_accepts(
    context: Context, shaken: tls.Handshake, found: Judgement, criteria: ChainCriteria
) -> bool:
    """Whether a system whose roots cannot be read accepts a chain with no other fault than its root."""
    from checks.net.system_trust import ask_verifier

    if any(fault.code not in ("untrusted-root", "self-signed") for fault in found.faults):
        return False
    try:
        return ask_verifier(context.system.platform, shaken.chain, criteria.host) is None
    except Unavailable:
        return False


def _certificates(ders: Sequence[bytes]) -> tuple[Certificate, ...]:
    found: list[Certificate] = []
    for data in ders:
        try:
            found.append(parse(data))
        except ValueError:
            break
    return tuple(found)
