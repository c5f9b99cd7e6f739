"""A chain as lines of evidence: inert, bounded, the thumbprints as Windows shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from checks.pki import names
from checks.pki.certificates import Certificate, public_key
from checks.pki.judge import Judgement
from checks.shown import show

MOST_SHOWN = 8
"""Certificates shown in full; of longer chains the rest is counted."""
NAME = 160


def name(raw: bytes) -> str:
    return show(names.display(raw), NAME)


def short_name(raw: bytes) -> str:
    """The part of a name that people know, for a sentence."""
    return show(names.short(raw), 80)


def day(moment: datetime | None) -> str:
    """The date of a moment in UTC, `?` where there is none."""
    return "?" if moment is None else moment.date().isoformat()


def certificate(mark: str, found: Certificate) -> tuple[str, ...]:
    kind, size = public_key(found)
    return (
        f"{mark} {name(found.subject)}",
        f"  <- {name(found.issuer)}",
        f"  {day(found.not_before)} / {day(found.not_after)}  {show(kind, 40)} {size}",
        f"  SHA-256 {found.sha256.hex()}",
        f"  SHA-1 {found.sha1}",
    )


def chain(received: Sequence[Certificate]) -> tuple[str, ...]:
    """The certificates as received, leaf first."""
    lines = [line for at, found in enumerate(received[:MOST_SHOWN]) for line in certificate(f"[{at}]", found)]
    if len(received) > MOST_SHOWN:
        lines.append(f"[+{len(received) - MOST_SHOWN}]")
    return tuple(lines)


def judgement(found: Judgement, received: Sequence[Certificate]) -> tuple[str, ...]:
    """The path that was judged, its root when it was not sent, and every fault on it."""
    position = {item.sha256: at for at, item in enumerate(received)}
    steps = [
        f"[{position[item.sha256]}]" if item.sha256 in position else "[root]"
        for item in found.path.certificates
    ]
    if len(steps) > 12:
        steps = [*steps[:6], "..", *steps[-5:]]
    lines = [f"path {' -> '.join(steps)} ({found.path.end})"]
    top = found.path.top
    if top.sha256 not in position:
        lines += certificate("[root]", top)
    for fault in found.faults[:20]:
        note = f" {show(fault.note, 120)}" if fault.note else ""
        lines.append(f"{fault.code} [{fault.position}]{note}")
    return tuple(lines)
