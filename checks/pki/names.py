"""Distinguished names for people and for comparison, and host names against certificates."""

from __future__ import annotations

import hashlib
import ipaddress
import re

from checks.pki import der

_STRINGS = {
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1A: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
_SHORT = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "street",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.42": "GN",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "E",
}


def attributes(name: bytes) -> list[tuple[str, str]]:
    """The attributes of a name as (short name or object identifier, text), in the certificate's order.

    Never raises: what cannot be read is left out. The text is as outsiders wrote it: `shown.show` before any screen.
    """
    found: list[tuple[str, str]] = []
    try:
        for rdn in der.items(name):
            for attribute in der.elements(rdn.value):
                kind, value = der.items(attribute.whole)
                text = value.value[:4096].decode(_STRINGS.get(value.tag, "latin-1"), "replace")
                dotted = der.oid(kind)
                found.append((_SHORT.get(dotted, dotted), text))
    except ValueError:
        pass
    return found


def display(name: bytes) -> str:
    """A name on one line, `C=JP, O=..., CN=...`; raw text, not yet inert."""
    return ", ".join(f"{kind}={text}" for kind, text in attributes(name)) or "(no name)"


def short(name: bytes) -> str:
    """The one attribute a person knows a certificate by: the common name, else the last unit, else the organisation.

    RootCA2 has no common name, only units.
    """
    found = attributes(name)
    for wanted in ("CN", "OU", "O"):
        for kind, text in reversed(found):
            if kind == wanted and text.strip():
                return text
    return found[0][1] if found else "(no name)"


def organisation(name: bytes) -> str:
    return next((text for kind, text in attributes(name) if kind == "O"), "")


def key(name: bytes) -> bytes:
    """32 bytes that are equal for names that RFC 5280 section 7.1 calls equal.

    Kinds of string, capitals (ASCII) and runs of blanks do not count; a name that cannot be read equals only itself.
    """
    try:
        return hashlib.sha256(b"".join(_canonical(rdn) for rdn in der.items(name))).digest()
    except ValueError:
        return hashlib.sha256(b"raw" + name).digest()


def _canonical(rdn: der.Element) -> bytes:
    parts: list[bytes] = []
    for attribute in der.elements(rdn.value):
        kind, value = der.items(attribute.whole)
        charset = _STRINGS.get(value.tag)
        if charset is None:
            text = bytes([value.tag]) + value.value
        else:
            text = b" ".join(value.value.decode(charset).encode().lower().split())
        parts.append(len(kind.value).to_bytes(4, "big") + kind.value + len(text).to_bytes(4, "big") + text)
    return b"\x31" + b"".join(sorted(parts)) + b"\x00"


def ascii_host(host: str) -> str:
    """A host as it stands in certificates and on the wire: no brackets, no final dot, lower case, IDNA.

    Raises `ValueError` for what can be no host name.
    """
    host = host.strip().removeprefix("[").removesuffix("]").removesuffix(".")
    if address(host) is not None:
        return host.lower()
    if host.isascii():
        name = host.lower()
    else:
        name = ".".join(
            part.encode("idna").decode() for part in re.split("[.\u3002\uff0e\uff61]", host)
        ).lower()
    if len(name) > 253 or not re.fullmatch(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", name):
        raise ValueError("not a host name")
    return name


def address(host: str) -> bytes | None:
    """The bytes of an address literal, or None for a name; a zone (`%eth0`) does not count."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).packed
    except ValueError:
        return None


def matches(host: str, dns_names: list[bytes], addresses: list[bytes]) -> bool:
    """Whether a host is one of the names a certificate is for (RFC 6125, RFC 9525).

    `host` as `ascii_host` gives it. `*` stands for the whole leftmost label only, with two labels or more after it;
    an address matches only an address entry, never a name.
    """
    packed = address(host)
    if packed is not None:
        return packed in addresses
    labels = host.encode().split(b".")
    for name in dns_names if all(labels) else ():
        first, *rest = name.lower().split(b".")
        if [first, *rest] == labels:
            return True
        if first == b"*" and len(rest) >= 2 and rest == labels[1:] and b"*" not in b"".join(rest):
            return True
    return False
