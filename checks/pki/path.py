"""All paths from a leaf through the certificates at hand to a root, by name and by signature."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from enum import StrEnum

from checks.pki.certificates import Certificate
from checks.pki.signatures import key_ids_fit, signed_by
from checks.record import dataclass

MOST_PATHS = 32
MOST_STEPS = 4000
MOST_SIGNATURES = 600
DEEPEST = 110
SECONDS = 3.0
"""Time the search may take; what was found until then is judged."""


class End(StrEnum):
    ANCHOR = "anchor"
    SELF_SIGNED = "self-signed"
    DEAD_END = "dead-end"
    """The issuer of the topmost certificate is not at hand."""
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Path:
    """Certificates from the leaf upwards; `broken` are the positions whose signature does not verify."""

    certificates: tuple[Certificate, ...]
    end: End
    broken: frozenset[int] = frozenset()

    @property
    def top(self) -> Certificate:
        return self.certificates[-1]


def build_paths(
    received: Sequence[Certificate],
    issuers: Callable[[bytes], list[Certificate]],
    is_anchor: Callable[[bytes], bool],
) -> list[Path]:
    """Every path from the first certificate, anchored ones first, within the limits above.

    `issuers` gives further certificates by their subject (`names.key`), `is_anchor` is asked by SHA-256. RFC 4158 gives
    the reasons for the order.
    """
    pool: dict[bytes, list[Certificate]] = {}
    for certificate in received:
        namesakes = pool.setdefault(certificate.subject_key, [])
        if all(certificate.sha256 != other.sha256 for other in namesakes):
            namesakes.append(certificate)
    until = time.monotonic() + SECONDS
    signatures: dict[tuple[bytes, bytes], bool | None] = {}
    paths: list[Path] = []
    steps = 0

    def signed(certificate: Certificate, issuer: Certificate) -> bool:
        """Whether the signature verifies; one of a kind that we cannot verify counts when names and key ids fit."""
        pair = (certificate.sha256, issuer.sha256)
        if pair not in signatures:
            signatures[pair] = signed_by(certificate, issuer)
        result = signatures[pair]
        return key_ids_fit(certificate, issuer) if result is None else result

    growing: list[tuple[tuple[Certificate, ...], frozenset[int]]] = [
        ((one,), frozenset()) for one in received[:1]
    ]
    while growing:
        path, broken = growing.pop()
        top = path[-1]
        if is_anchor(top.sha256):
            paths.append(Path(path, End.ANCHOR, broken))
            continue
        if len(path) > DEEPEST:
            paths.append(Path(path, End.LOOP, broken))
            continue
        steps += 1
        exhausted = steps > MOST_STEPS or len(paths) >= MOST_PATHS or len(signatures) > MOST_SIGNATURES
        if exhausted or time.monotonic() > until:
            continue
        candidates = {issuer.sha256: issuer for issuer in issuers(top.issuer_key)}
        for issuer in pool.get(top.issuer_key, ()):
            candidates.setdefault(issuer.sha256, issuer)
        itself = candidates.pop(top.sha256, None)
        if itself is not None and signed(top, top):
            paths.append(Path(path, End.SELF_SIGNED, broken))
            continue
        ordered = sorted(candidates.values(), key=lambda issuer: not key_ids_fit(top, issuer))
        onward = [issuer for issuer in ordered if signed(top, issuer)]
        end = End.LOOP
        if onward:
            on_path = {certificate.sha256 for certificate in path}
            onward = [issuer for issuer in onward if issuer.sha256 not in on_path]
        elif itself is not None and key_ids_fit(top, top):
            broken, end = broken | {len(path) - 1}, End.SELF_SIGNED
        else:
            onward = [issuer for issuer in ordered if key_ids_fit(top, issuer) and issuer not in path][:4]
            broken, end = (broken | {len(path) - 1} if onward else broken), End.DEAD_END
        growing += [((*path, issuer), broken) for issuer in reversed(onward)]
        if not onward:
            paths.append(Path(path, end, broken))
    return sorted(paths, key=lambda path: list(End).index(path.end))
