"""What is wrong with a chain: every fault on every path, and the one that is the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from checks.pki import anchors, constraints, names
from checks.pki.anchors import Roots, Trust
from checks.pki.certificates import (
    SERVER_AUTH,
    Certificate,
    basic_constraints,
    extended_key_usage,
    is_for,
    key_usage,
    parse,
    public_key,
    says_where_issuer_is,
)
from checks.pki.path import End, Path, build_paths
from checks.pki.signatures import is_weak
from checks.record import dataclass, field

ORDER = (
    "clock-wrong",
    "self-signed",
    "untrusted-root",
    "bad-signature",
    "chain-invalid",
    "weak-key",
    "weak-signature",
    "expired",
    "intermediate-expired",
    "not-yet-valid",
    "wrong-purpose",
    "hostname-mismatch",
    "intercepted",
    "missing-intermediate",
    "outdated-bundle",
    "ok-other-root",
    "ok",
)
"""The first of these that holds is the code, the others are evidence: a fail never hides behind a warn."""

DATE_FAULTS = frozenset({"expired", "intermediate-expired", "not-yet-valid"})
VERIFIED = frozenset({"ok", "ok-other-root", "outdated-bundle"})
"""Codes of a chain that was verified in full against public roots or added ones."""

_UNDERSTOOD = frozenset(
    {
        "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.31", "2.5.29.32", "2.5.29.33",
        "2.5.29.35", "2.5.29.36", "2.5.29.37", "2.5.29.54", "2.16.840.1.113730.1.1", "1.3.6.1.5.5.7.48.1.5",
    }
)  # fmt: skip
"""Critical extensions that are processed here or, as policies are, cannot make a server's certificate invalid."""

_DIGITAL_SIGNATURE, _KEY_ENCIPHERMENT, _KEY_AGREEMENT, _CERT_SIGN = 0, 2, 4, 5
_SMALLEST = {"RSA": 2048, "DSA": 2048, "EC": 224}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is so of a path; `position` counts from the leaf, `note` is raw text."""

    code: str
    position: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer for a chain: the code, the path it was found on, and all that is so of that path."""

    code: str
    path: Path
    faults: tuple[Fault, ...]
    trust: Trust | None = None
    """Where the root at the end of the path is known from."""

    @property
    def fault(self) -> Fault:
        return next((fault for fault in self.faults if fault.code == self.code), Fault(self.code, 0))


@dataclass(frozen=True, slots=True)
class ChainCriteria:
    """What a chain is judged for: this host (as `names.ascii_host` gives it), at this moment, with these roots."""

    host: str
    now: datetime
    added: Roots = field(default_factory=lambda: Roots(()))
    """Roots of `--ca-file`."""
    system: Callable[[], Roots] | None = None
    """The operating system's roots, asked for only when no public root is reached."""
    expected: frozenset[str] = field(default_factory=lambda: frozenset(anchors.EXPECTED))
    """SHA-256 of the public roots that the chain should end at, in hexadecimal digits; any public one where none is named."""


def judge(received: Sequence[Certificate], criteria: ChainCriteria, known: Iterable[Path] = ()) -> Judgement:
    """The best that can be said of a chain as received, leaf first (at least one certificate).

    `known` are paths verified by others. Of several paths the one whose code stands last in `ORDER` wins.
    """
    best = _best(known, criteria, None)
    if best is not None and best.code == "ok":
        return best
    if best is None or best.code != "ok-other-root" or _may_be_expected(received):
        best = _best([*known, *_build(received, criteria, None)], criteria, None)
    if criteria.system is not None and (best is None or best.path.end is not End.ANCHOR):
        system = criteria.system()
        better = _best(_build(received, criteria, system), criteria, system)
        if better is not None and better.trust in (Trust.SYSTEM, Trust.LISTED):
            best = better
    if best is None:  # the search was cut short before it reached any end
        path = Path((received[0],), End.LOOP)
        return Judgement("untrusted-root", path, faults_of(path, criteria, None))
    return best


def judge_by(store: Roots, received: Sequence[Certificate], criteria: ChainCriteria) -> Judgement | None:
    """The same with the roots of one store only: `intercepted` and the verified codes all mean that it accepts."""

    def is_anchor(sha256: bytes) -> bool:
        return sha256 in store and parse(store.ders[sha256]).self_issued

    return _best(build_paths(received, store.named, is_anchor), criteria, store)


def _may_be_expected(received: Sequence[Certificate]) -> bool:
    expected = {parse(data).subject_key for data in anchors.table().ders.values()}
    return any(certificate.issuer_key in expected for certificate in received)


def _build(received: Sequence[Certificate], criteria: ChainCriteria, system: Roots | None) -> list[Path]:
    stores = [criteria.added, anchors.bundle(), anchors.table()] + ([system] if system is not None else [])

    def known(subject_key: bytes) -> list[Certificate]:
        return [found for store in stores for found in store.named(subject_key)]

    def is_anchor(sha256: bytes) -> bool:
        # Only a root ends a path: an intermediate in a bundle helps to build it (no partial chains).
        if anchors.trust_of(sha256, criteria.added, criteria.expected) is None and (
            system is None or sha256 not in system
        ):
            return False
        data = next((store.ders[sha256] for store in stores if sha256 in store), None)
        return data is None or parse(data).self_issued

    return build_paths(received, known, is_anchor)


def _best(paths: Iterable[Path], criteria: ChainCriteria, system: Roots | None) -> Judgement | None:
    best: Judgement | None = None
    for path in paths:
        trust = None
        if path.end is End.ANCHOR:
            trust = anchors.trust_of(path.top.sha256, criteria.added, criteria.expected)
            if trust is None and system is not None and path.top.sha256 in system:
                trust = Trust.SYSTEM
        faults = faults_of(path, criteria, trust)
        code = min((fault.code for fault in faults), key=ORDER.index)
        found = Judgement(code, path, faults, trust)
        if best is None or _rank(found) > _rank(best):
            best = found
    return best


def _rank(found: Judgement) -> tuple[int, int, int]:
    trusts = (None, Trust.SYSTEM, Trust.LISTED, Trust.PUBLIC, Trust.EXPECTED, Trust.ADDED)
    return ORDER.index(found.code), trusts.index(found.trust), -len(found.faults)


def faults_of(path: Path, criteria: ChainCriteria, trust: Trust | None) -> tuple[Fault, ...]:
    """All that is so of a path, in the path's order; always at least one entry, which says where the path ends."""
    chain = path.certificates
    found = [_ending(path, trust)]
    found += [Fault("bad-signature", at) for at in sorted(path.broken)]
    found += [Fault("chain-invalid", at, note) for at, note in _structure(chain)]
    rooted = path.end in (End.ANCHOR, End.SELF_SIGNED)
    for at, certificate in enumerate(chain):
        is_root = rooted and at == len(chain) - 1
        kind, size = public_key(certificate)
        if 0 < size < _SMALLEST.get(kind, 0):
            found.append(Fault("weak-key", at, f"{kind} {size}"))
        if is_weak(certificate) and not is_root:
            found.append(Fault("weak-signature", at, certificate.signature_oid))
        if certificate.not_after is not None and criteria.now.replace(microsecond=0) > certificate.not_after:
            found.append(Fault("intermediate-expired" if at else "expired", at))
        if certificate.not_before is not None and criteria.now < certificate.not_before:
            found.append(Fault("not-yet-valid", at))
        note = _wrong_purpose(certificate, at == 0)
        if note:
            found.append(Fault("wrong-purpose", at, note))
    if not is_for(chain[0], criteria.host):
        found.append(Fault("hostname-mismatch", 0))
    return tuple(found)


_CODES = {
    Trust.ADDED: "ok",
    Trust.EXPECTED: "ok",
    Trust.PUBLIC: "ok-other-root",
    Trust.LISTED: "outdated-bundle",
    Trust.SYSTEM: "intercepted",
}


def _ending(path: Path, trust: Trust | None) -> Fault:
    at, code = len(path.certificates) - 1, "untrusted-root"
    if path.end is End.ANCHOR and trust is not None:
        code = _CODES[trust]
    elif path.end is End.SELF_SIGNED and at == 0:
        code = "self-signed"
    elif path.end is End.DEAD_END:
        issuer = path.top.issuer
        if says_where_issuer_is(path.top) or anchors.is_public_intermediate(issuer):
            code = "missing-intermediate"
        elif anchors.is_listed_name(issuer):
            code = "outdated-bundle"
    return Fault(code, at)


def _structure(chain: Sequence[Certificate]) -> list[tuple[int, str]]:
    """Breaches of RFC 5280 section 6 on a path: who may sign, how deep, for which names, and what is not understood."""
    budget = constraints.Budget()
    found = [(at, note) for at, certificate in enumerate(chain) for note in certificate.faults]
    found = [(at, note) for at, note in found if note != "signature algorithms differ"]
    below = 0
    for at, certificate in enumerate(chain):
        for dotted, extension in certificate.extensions.items():
            if extension.critical and dotted not in _UNDERSTOOD:
                found.append((at, f"critical extension {dotted}"))
        try:
            if at and (note := _no_authority(certificate, below)):
                found.append((at, note))
            rules = constraints.of(certificate)
            if at and rules is not None:
                for lower in range(at):
                    if lower and chain[lower].self_issued:
                        continue
                    note = constraints.breach(rules, constraints.names_of(chain[lower]), budget)
                    if note:
                        found.append((lower, note))
            key_usage(certificate), extended_key_usage(certificate), basic_constraints(certificate)
        except (ValueError, IndexError):
            found.append((at, "an extension is not readable"))
        if at and not certificate.self_issued:
            below += 1
    return found


def _no_authority(certificate: Certificate, below: int) -> str:
    """Why a certificate may not sign the one under it; `below` counts the intermediates under it."""
    basic = basic_constraints(certificate)
    usage = key_usage(certificate)
    if basic is None:
        # A root of the first version has no extensions to say it with.
        return "" if certificate.version < 3 and certificate.self_issued else "not a CA"
    if not basic[0]:
        return "not a CA"
    if usage is not None and _CERT_SIGN not in usage:
        return "its key may not sign certificates"
    if basic[1] is not None and below > basic[1]:
        return f"path length {basic[1]}"
    return ""


def _wrong_purpose(certificate: Certificate, leaf: bool) -> str:
    try:
        purposes = extended_key_usage(certificate)
        usage = key_usage(certificate)
    except ValueError:
        return ""
    if purposes is not None and SERVER_AUTH not in purposes:
        return "extendedKeyUsage " + ", ".join(sorted(purposes)[:4])
    if leaf and usage is not None and not usage & {_DIGITAL_SIGNATURE, _KEY_ENCIPHERMENT, _KEY_AGREEMENT}:
        return "keyUsage"
    return ""


def named(certificate: Certificate) -> str:
    """The issuer's name that a person knows: of an interception product its organisation says most."""
    organisation, common = names.organisation(certificate.issuer), names.short(certificate.issuer)
    return common if not organisation or organisation in common else f"{common} ({organisation})"
