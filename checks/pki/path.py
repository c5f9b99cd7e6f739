"""All paths from a leaf through the certificates at hand to a root, by name and by signature."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
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
    """How a path ends."""

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
        """The last one."""
        return self.certificates[-1]


class Builder:
    """Builds paths; `issuers` are asked by name, `is_anchor` by SHA-256 (RFC 4158 gives the reasons for the order)."""

    def __init__(
        self,
        received: Iterable[Certificate],
        anchors: Callable[[bytes], list[Certificate]],
        is_anchor: Callable[[bytes], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool: dict[bytes, list[Certificate]] = {}
        self._leaf: Certificate | None = None
        seen: set[bytes] = set()
        for certificate in received:
            self._leaf = self._leaf or certificate
            if certificate.sha256 not in seen:
                seen.add(certificate.sha256)
                self._pool.setdefault(certificate.subject_key, []).append(certificate)
        self._anchors = anchors
        self._is_anchor = is_anchor
        self._clock = clock
        self._until = clock() + SECONDS
        self._signatures: dict[tuple[bytes, bytes], bool | None] = {}
        self._steps = 0
        self._found: list[Path] = []

    def paths(self) -> list[Path]:
        """Every path there is, anchored ones first, within the limits above."""
        if self._leaf is not None:
            self._grow((self._leaf,), frozenset())
        order = list(End)
        return sorted(self._found, key=lambda path: order.index(path.end))

    def _exhausted(self) -> bool:
        self._steps += 1
        return (
            self._steps > MOST_STEPS
            or len(self._found) >= MOST_PATHS
            or len(self._signatures) > MOST_SIGNATURES
            or self._clock() > self._until
        )

    def _signed(self, certificate: Certificate, issuer: Certificate) -> bool:
        """Whether the signature verifies; one of a kind that we cannot verify counts when names and key ids fit."""
        pair = (certificate.sha256, issuer.sha256)
        if pair not in self._signatures:
            self._signatures[pair] = signed_by(certificate, issuer)
        result = self._signatures[pair]
        return key_ids_fit(certificate, issuer) if result is None else result

    def _grow(self, path: tuple[Certificate, ...], broken: frozenset[int]) -> None:
        top = path[-1]
        if self._is_anchor(top.sha256):
            self._found.append(Path(path, End.ANCHOR, broken))
            return
        if self._exhausted() or len(path) > DEEPEST:
            if len(path) > DEEPEST:
                self._found.append(Path(path, End.LOOP, broken))
            return
        candidates = {issuer.sha256: issuer for issuer in self._anchors(top.issuer_key)}
        for issuer in self._pool.get(top.issuer_key, ()):
            candidates.setdefault(issuer.sha256, issuer)
        itself = candidates.pop(top.sha256, None)
        if itself is not None and self._signed(top, top):
            self._found.append(Path(path, End.SELF_SIGNED, broken))
            return
        ordered = sorted(candidates.values(), key=lambda issuer: not key_ids_fit(top, issuer))
        good = [issuer for issuer in ordered if self._signed(top, issuer)]
        if good:
            on_path = {certificate.sha256 for certificate in path}
            onward = [issuer for issuer in good if issuer.sha256 not in on_path]
            for issuer in onward:
                self._grow((*path, issuer), broken)
            if not onward:
                self._found.append(Path(path, End.LOOP, broken))
            return
        broken |= {len(path) - 1}
        if itself is not None and key_ids_fit(top, top):
            self._found.append(Path(path, End.SELF_SIGNED, broken))
            return
        fitting = [issuer for issuer in ordered if key_ids_fit(top, issuer) and issuer not in path]
        for issuer in fitting[:4]:
            self._grow((*path, issuer), broken)
        if not fitting:
            self._found.append(Path(path, End.DEAD_END, broken - {len(path) - 1}))
