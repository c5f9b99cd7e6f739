"""What several systems write in the same way, turned into facts; pure: nothing here looks at a machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from checks.system.facts import ProxySetting

Json: TypeAlias = object

_LINE = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")


def parse_os_release(text: str) -> dict[str, str]:
    """The fields of os-release(5), quotes taken off; lines of another shape are passed over."""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        if match := _LINE.fullmatch(line.strip()):
            value = match[2]
            if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
                value = re.sub(r"\\(.)", r"\1", value[1:-1])
            fields[match[1]] = value
    return fields


def decode(data: bytes, codepage: str = "cp932") -> str:
    """Text of another program: by its byte order mark, else UTF-8, else the given code page; never raises."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:].decode("utf-8", "replace")
    if data[1:2] == b"\0" and len(data) % 2 == 0:
        return data.decode("utf-16-le", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(codepage, "replace")


def parse_json(data: bytes) -> Json:
    """A JSON document of another program; raises `ValueError` when it is none."""
    import json

    try:
        found: Json = json.loads(decode(data))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return found


def parse_environment_proxies(environ: Mapping[str, str]) -> tuple[tuple[ProxySetting, ...], tuple[str, ...]]:
    """The proxies and the exceptions that the usual variables name; lower case wins, as for curl and Python."""
    lower = {name.lower(): environ[name] for name in sorted(environ, key=str.islower)}
    named = {scheme: lower.get(f"{scheme}_proxy", "").strip() for scheme in ("https", "http", "all")}
    settings = [ProxySetting(scheme, named[scheme], "environment") for scheme in named if named[scheme]]
    return tuple(settings), split_list(lower.get("no_proxy", ""))


def is_over_ssh(environ: Mapping[str, str]) -> bool:
    """Whether these are the variables of a login by SSH (sshd(8), ENVIRONMENT of ssh(1))."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))


def split_list(text: str) -> tuple[str, ...]:
    """The entries of a list separated by commas, semicolons or blanks."""
    return tuple(part for part in re.split(r"[,;\s]+", text) if part)


def mask_address(address: str) -> str:
    """An address without user name, password and query, any of which may be secret."""
    match = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", address)
    scheme = match[0] if match else ""
    # Up to the last @: a password may hold one that nobody escaped, and slashes or question marks before it.
    _, at, rest = address[len(scheme) :].rpartition("@")
    place = re.split(r"[?#&;]", rest, maxsplit=1)[0]
    return f"{scheme}{'***@' if at else ''}{place}{'' if place == rest else '?..'}"


def hashes(ders: Iterable[bytes]) -> frozenset[str]:
    """SHA-256 of certificates in DER, in lower-case hexadecimal."""
    import hashlib

    return frozenset(hashlib.sha256(der).hexdigest() for der in ders)


def parse_certificate_file(data: bytes) -> frozenset[str]:
    """SHA-256 of all certificates of a PEM or DER file; each block alone, so that a broken one hides no other."""
    from checks.pki.anchors import read_certificates

    return hashes(read_certificates(data))


def parse_deselected(text: str) -> tuple[str, ...]:
    """The certificates that /etc/ca-certificates.conf switches off: its lines that begin with `!`."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(line[1:].strip() for line in lines if line.startswith("!") and line[1:].strip())


def parse_p11_kit(data: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """The trusted and the distrusted certificates (SHA-256) of a p11-kit persistence file.

    Certificates stand there as PEM after the attributes of their object (p11-kit, "persist" format).
    """
    trusted: set[str] = set()
    distrusted: set[str] = set()
    for part in data.split(b"[p11-kit-object-v1]")[1:]:
        found = parse_certificate_file(part)
        if re.search(rb"(?m)^[ \t]*x-distrusted[ \t]*:[ \t]*true[ \t\r]*$", part):
            distrusted |= found
        elif re.search(rb"(?m)^[ \t]*trusted[ \t]*:[ \t]*true[ \t\r]*$", part):
            trusted |= found
    return frozenset(trusted), frozenset(distrusted)


def parse_profiles_ini(text: str) -> tuple[tuple[str, str, bool, bool], ...]:
    """Firefox's profiles as (name, path, whether that is relative, whether an installation starts with it).

    Raises `ValueError` when it is no ini file.
    """
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text.removeprefix("\ufeff"))
    except configparser.Error as error:
        raise ValueError(type(error).__name__) from None
    sections = {section.lower(): parser[section] for section in parser.sections()}
    started = {keys.get("default", "") for name, keys in sections.items() if name.startswith("install")}
    return tuple(
        (keys.get("name", path), path, keys.get("isrelative", "1").strip() != "0", path in started)
        for name, keys in sections.items()
        if name.startswith("profile") and (path := keys.get("path", ""))
    )


def parse_gsettings(value: bytes) -> str:
    """One value of `gsettings get`: a quoted text, a number, or empty."""
    text = value.decode("utf-8", "replace").strip()
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == "'" else text


def parse_dpkg_version(status: bytes, package: str) -> str:
    """The upstream version of an installed Debian package, or empty."""
    head = b"Package: " + package.encode() + b"\n"
    start = 0 if status.startswith(head) else status.find(b"\n" + head)
    if start < 0:
        return ""
    entry = status[start : status.find(b"\n\n", start + 1)]
    if b"\nStatus: install ok installed" not in entry:
        return ""
    match = re.search(rb"\nVersion: (?:\d+:)?([0-9A-Za-z.+~]+)", entry)
    return match[1].decode("ascii") if match else ""


def parse_native_host(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The program and the allowed origins of a native messaging manifest; raises `ValueError` when it is none."""
    manifest = parse_json(data)
    if not isinstance(manifest, dict):
        raise ValueError("not an object")
    path, origins = manifest.get("path"), manifest.get("allowed_origins")
    listed = [origin for origin in origins if isinstance(origin, str)] if isinstance(origins, list) else []
    return path if isinstance(path, str) else "", tuple(listed[:100])
