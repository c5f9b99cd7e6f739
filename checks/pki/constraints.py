"""Name constraints (RFC 5280 section 4.2.1.10): which names a CA may sign for."""

from __future__ import annotations

from collections.abc import Iterable

from checks.pki import der, names
from checks.pki.certificates import NAME_CONSTRAINTS, Certificate, extension_items, general_names
from checks.pki.der import element
from checks.record import dataclass

_EMAIL, _DNS, _DIRECTORY, _URI, _ADDRESS = 1, 2, 4, 6, 7
_KNOWN = (_EMAIL, _DNS, _DIRECTORY, _URI, _ADDRESS)
_EMAIL_OID = "1.2.840.113549.1.9.1"
MOST = 100_000
"""Names read and compared at most on a path; one that needs more is refused (OpenSSL and Go have such limits too)."""


@dataclass(slots=True)
class Budget:
    left: int = MOST


@dataclass(frozen=True, slots=True)
class Constraints:
    """The subtrees of names that are permitted and excluded, as (kind of name, base)."""

    permitted: tuple[tuple[int, bytes], ...]
    excluded: tuple[tuple[int, bytes], ...]


def of(certificate: Certificate) -> Constraints | None:
    """The certificate's name constraints; None without the extension; raises `der.DerError`."""
    parts = extension_items(certificate, NAME_CONSTRAINTS)
    if parts is None:
        return None
    permitted: list[tuple[int, bytes]] = []
    excluded: list[tuple[int, bytes]] = []
    for part in parts:
        if part.tag not in (0xA0, 0xA1):
            raise der.DerError("not a name constraint")
        for subtree in der.elements(part.value):
            base, *rest = der.items(subtree.whole)
            if any(item.tag != 0x80 or item.value != b"\x00" for item in rest):
                raise der.DerError("minimum and maximum are not allowed")
            kind = base.tag & 0x1F
            (permitted if part.tag == 0xA0 else excluded).append((kind, _base(kind, base.value)))
    return Constraints(tuple(permitted), tuple(excluded))


def _base(kind: int, value: bytes) -> bytes:
    if kind == _ADDRESS and len(value) not in (8, 32):
        raise der.DerError("not an address range")
    return value.lower() if kind in (_DNS, _EMAIL, _URI) else value


def names_of(certificate: Certificate) -> list[tuple[int, bytes]]:
    """All names the constraints of CAs above apply to, as (kind, value); raises `der.DerError`."""
    found = [(item.tag & 0x1F, item.value) for item in general_names(certificate)]
    if der.one(certificate.subject).value:
        found.append((_DIRECTORY, certificate.subject))
        for rdn in der.items(certificate.subject):
            for attribute in der.elements(rdn.value):
                kind, value = der.items(attribute.whole)
                if der.oid(kind) == _EMAIL_OID:
                    found.append((_EMAIL, value.value))
    return found


def breach(constraints: Constraints, subject_names: Iterable[tuple[int, bytes]], budget: Budget) -> str:
    """Which name is not allowed and why, raw and bounded; an empty string when all are."""
    for kind, value in subject_names:
        budget.left -= 1 + len(constraints.permitted) + len(constraints.excluded)
        permitted = [base for of_kind, base in constraints.permitted if of_kind == kind]
        excluded = [base for of_kind, base in constraints.excluded if of_kind == kind]
        if not permitted and not excluded and budget.left >= 0:
            continue
        shown = value[:80].decode("latin-1")
        if budget.left < 0:
            return "too many names and constraints"
        if kind not in _KNOWN:
            return f"constraint on a kind of name that is not known: {kind}"
        try:
            if any(_within(kind, value, base) or _covers(kind, value, base) for base in excluded):
                return f"excluded name {shown}"
            if permitted and not any(_within(kind, value, base) for base in permitted):
                return f"name that is not permitted {shown}"
        except ValueError:
            return f"name that is not readable {shown}"
    return ""


def _within(kind: int, value: bytes, base: bytes) -> bool:
    if kind == _DNS:
        host = value.lower()
        return not base or host == base or host.endswith(base if base.startswith(b".") else b"." + base)
    if kind == _ADDRESS:
        half = len(base) // 2
        if len(value) != half:
            return False
        return all(
            byte & mask == net & mask for byte, net, mask in zip(value, base[:half], base[half:], strict=True)
        )
    if kind == _DIRECTORY:
        whole, start = (
            [names.key(element(der.SEQUENCE, rdn.whole)) for rdn in der.items(part)] for part in (value, base)
        )
        return whole[: len(start)] == start
    if kind == _EMAIL and b"@" in base:
        return value.lower() == base
    host = value.lower().rpartition(b"@")[2]
    if kind == _URI:
        host = value.lower().partition(b"://")[2].partition(b"/")[0].rpartition(b"@")[2].partition(b":")[0]
        if not host:
            raise der.DerError("no host")
    return host.endswith(base) if base.startswith(b".") else host == base or not base


def _covers(kind: int, value: bytes, base: bytes) -> bool:
    """Whether a wildcard stands for a name that is excluded as such: `*.example.jp` covers `a.example.jp`."""
    if kind != _DNS or not value.startswith(b"*.") or not base:
        return False
    first, _, rest = base.partition(b".")
    return bool(first) and rest == value[2:].lower()
