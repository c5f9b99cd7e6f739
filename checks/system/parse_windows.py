"""What Windows keeps in its registry and prints as JSON, turned into facts; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from checks.record import dataclass
from checks.system.facts import (
    CardReader,
    CardService,
    LocaleFacts,
    OsFacts,
    ProxyFacts,
    ProxySetting,
    SessionFacts,
)
from checks.system.parse_common import is_over_ssh, parse_json, split_list
from checks.system.registry import Value, blob, number, text

Values: TypeAlias = Mapping[str, Value] | None

CERTIFICATE = 32
_USAGE, _NAMES, _DISABLED, _DISABLED_USAGE, _LIMITED, _LIMITED_USAGE, _DISABLED_CA = (
    9,
    84,
    104,
    122,
    126,
    127,
    128,
)
"""Properties of certificates (wincrypt.h of the Windows SDK, CERT_…_PROP_ID)."""
_ATTRIBUTE = "1.3.6.1.4.1.311.10.11."
_SET = 0x31
_SERVER_AUTH, _ANY_USAGE = "1.3.6.1.5.5.7.3.1", "2.5.29.37.0"
READER_CLASS = "{50dd5230-ba8a-11d1-bf5d-0000f805f530}"
"""Device interfaces of smart card readers (GUID_DEVINTERFACE_SMARTCARD_READER of the Windows SDK)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms Windows lets a root vouch for web servers."""

    forbidden: bool = False
    refused_from: datetime | None = None
    """When it is forbidden from on."""
    issued_before: datetime | None = None
    """It vouches only for certificates issued up to that moment."""
    unclear: str = ""
    """What of its settings is not understood."""


def parse_windows_version(values: Values, policy: Values = None) -> OsFacts:
    """The system from the key `Windows NT\\CurrentVersion`; build 0 when it is not there.

    ProductName still says "Windows 10" on Windows 11, so that the build decides.
    """
    build = number(values, "CurrentBuild") or number(values, "CurrentBuildNumber") or 0
    name = text(values, "ProductName") or "Windows"
    kind = text(values, "InstallationType")
    if build >= 22000 and kind.lower() != "server":
        name = name.replace("Windows 10", "Windows 11")
    revision = number(values, "UBR")
    return OsFacts(
        name=name,
        version=f"{build}.{revision}" if revision is not None else str(build),
        build=build,
        release=text(values, "DisplayVersion") or text(values, "ReleaseId"),
        edition=text(values, "EditionID"),
        kind=kind,
        s_mode=number(policy, "SkuPolicyRequired") == 1,
    )


def parse_windows_session(environ: Mapping[str, str]) -> SessionFacts:
    """The login from its environment: service accounts end in `$` or live under the system's own folders."""
    env = {name.upper(): value for name, value in environ.items()}
    user, home = env.get("USERNAME", ""), env.get("USERPROFILE", "").lower().replace("/", "\\")
    service = user.endswith("$") or "\\config\\systemprofile" in home or "\\serviceprofiles\\" in home
    session = env.get("SESSIONNAME", "")
    remote = "ssh" if is_over_ssh(env) else ""
    if not remote and session.upper().startswith("RDP-"):
        remote = "rdp"
    return SessionFacts(user, remote, bool(session) and remote != "ssh" and not service, service)


def parse_windows_locale(international: Values, codepage: Values, zone: Values) -> LocaleFacts:
    """Language, code page and time zone from their three keys."""
    bias = number(zone, "ActiveTimeBias") or 0
    if bias >= 1 << 31:
        bias -= 1 << 32
    return LocaleFacts(
        text(international, "LocaleName"), text(codepage, "ACP"), text(zone, "TimeZoneKeyName"), -bias
    )


def parse_internet_settings(values: Values, connections: Values) -> ProxyFacts:
    """The proxies of the key `Internet Settings` and the flags of its `Connections`."""
    settings: list[ProxySetting] = []
    bypass: tuple[str, ...] = ()
    if number(values, "ProxyEnable"):
        for part in split_list(text(values, "ProxyServer")):
            scheme, equals, address = part.partition("=")
            if not equals:
                scheme, address = "all", part
            if scheme.lower() in ("http", "https", "all") and address:
                settings.append(ProxySetting(scheme.lower(), address, "windows"))
        bypass = split_list(text(values, "ProxyOverride"))
    # Byte 8 of DefaultConnectionSettings: 1 direct, 2 proxy, 4 script, 8 detect.
    flags = blob(connections, "DefaultConnectionSettings")[8:9]
    detect = bool(flags and flags[0] & 8)
    return ProxyFacts(tuple(settings), bypass, text(values, "AutoConfigURL").strip() or None, detect)


def parse_properties(data: bytes) -> dict[int, bytes]:
    """The properties of a store's `Blob`: number, 1, length, each four bytes little-endian, then the content.

    What stands after the last whole one is kept under -1, a number that no property has.
    """
    found: dict[int, bytes] = {}
    position = 0
    while position < len(data):
        kind = int.from_bytes(data[position : position + 4], "little")
        length = int.from_bytes(data[position + 8 : position + 12], "little")
        content = data[position + 12 : position + 12 + length]
        if position + 12 > len(data) or len(content) < length:
            found[-1] = data[position:]
            break
        found[kind] = content
        position += 12 + length
    return found


def terms_in_list(trust_list: bytes, sha1: bytes) -> Terms | None:
    """On what terms an encoded trust list names that certificate; None when it does not name it.

    An entry is the thumbprint and a set of attributes, whose numbers (the last of their identifier) are those of the
    properties, as seen in Microsoft's list of October 2026.
    """
    from checks.pki import der

    if sha1 not in trust_list:
        return None
    entry = b"\x04\x14" + sha1
    try:
        rest = trust_list[trust_list.index(entry) + len(entry) :]
        attributes = next(der.elements(rest))
        properties: dict[int, bytes] = {}
        for attribute in der.items(attributes.whole, _SET):
            name, values = der.items(attribute.whole)
            number = int(der.oid(name).rpartition(_ATTRIBUTE)[2])
            properties[number] = der.items(values.whole, _SET)[0].value
    except (ValueError, IndexError, StopIteration):
        return Terms(unclear="an entry of the trust list")
    return server_terms(properties)


def server_terms(properties: Mapping[int, bytes]) -> Terms:
    """On what terms a root with these properties may vouch for web servers.

    9 are the purposes it is restricted to. From the time in 104 on it is disabled, for the purposes in 122 where
    those are named; 122 alone disables them. Certificates issued after the time in 126 are refused, for the purposes
    in 127 where those are named (learn.microsoft.com, trusted-root/deprecation, and Microsoft's list of October 2026).
    """
    try:
        if _USAGE in properties and not _for_servers(properties[_USAGE]):
            return Terms(forbidden=True)
        disabled = _DISABLED_USAGE not in properties or _for_servers(properties[_DISABLED_USAGE])
        refused_from = _moment(properties[_DISABLED]) if disabled and _DISABLED in properties else None
        if disabled and _DISABLED_USAGE in properties and _DISABLED not in properties:
            return Terms(forbidden=True)
        limited = _LIMITED_USAGE not in properties or _for_servers(properties[_LIMITED_USAGE])
        issued_before = _moment(properties[_LIMITED]) if limited and _LIMITED in properties else None
        if limited and _LIMITED_USAGE in properties and _LIMITED not in properties:
            raise ValueError(f"property {_LIMITED_USAGE} without {_LIMITED}")
    except ValueError as error:
        return Terms(unclear=str(error))
    # Name constraints, and what came after the properties that are known; from 0x8000 on they are anyone's own.
    strange = [
        kind for kind in properties if kind == _NAMES or (not 0 < kind < _DISABLED_CA and kind < 0x8000)
    ]
    return Terms(False, refused_from, issued_before, f"property {strange[0]}" if strange else "")


def _for_servers(content: bytes) -> bool:
    """Whether a list of purposes holds that of web servers; raises `ValueError` when it is none."""
    from checks.pki import der

    return not {_SERVER_AUTH, _ANY_USAGE}.isdisjoint(der.oid(item) for item in der.items(content))


def _moment(content: bytes) -> datetime:
    """A FILETIME: steps of 100 ns since 1601; raises `ValueError` for none, as 0 is."""
    steps = int.from_bytes(content, "little")
    if len(content) != 8 or not steps:
        raise ValueError("a property without a time")
    try:
        return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=steps // 10)
    except OverflowError:
        raise ValueError("a property with a time beyond the calendar") from None


def parse_policies(values: Values, lists: Mapping[str, Values]) -> dict[str, object]:
    """A browser's policies: plain values, and keys whose numbered values make a list."""
    found: dict[str, object] = {name: value for name, value in (values or {}).items() if value is not None}
    for name, items in lists.items():
        ordered = sorted((items or {}).items(), key=lambda item: (len(item[0]), item[0]))
        if all(key.isdigit() for key, _ in ordered):
            found[name] = [value for _, value in ordered]
        else:
            found[name] = dict(ordered)
    return found


def parse_card_service(values: Values, triggered: bool, status: str) -> CardService:
    """The state of SCardSvr from its key, whether it has triggers, and what the service manager says.

    Windows starts it when a reader is connected and stops it when the last one is gone.
    """
    if values is None:
        return CardService("absent", "no key Services\\SCardSvr")
    start = number(values, "Start")
    detail = f"SCardSvr: {status or 'status unknown'}, start type {start}"
    if status in ("running", "start_pending"):
        return CardService("running", detail)
    if start == 4:
        return CardService("disabled", detail)
    return CardService("on-demand" if triggered and start == 3 else "stopped", detail)


def parse_reader_interface(name: str) -> str:
    """The device instance (`USB\\VID_…\\…`) of a key under DeviceClasses, or empty."""
    match = re.fullmatch(r"##\?#(.+)#\{[0-9a-fA-F-]{36}\}", name)
    return match[1].replace("#", "\\") if match else ""


def parse_device_name(values: Values, instance: str) -> str:
    """A device's name from its key under Enum: the part after the reference to its inf file."""
    name = text(values, "FriendlyName") or text(values, "DeviceDesc")
    return (name.rpartition(";")[2] if name.startswith("@") else name).strip() or instance


def parse_pnp_devices(output: bytes) -> tuple[CardReader, ...]:
    """The readers of `Get-PnpDevice` as JSON: one object or a list, in whatever encoding it came.

    Raises `ValueError` when it is no JSON, as where there is no output at all.
    """
    document = parse_json(output)
    devices = document if isinstance(document, list) else [document]
    found = []
    for device in devices:
        if isinstance(device, dict) and str(device.get("Status", "OK")).upper() in ("OK", "0"):
            name = device.get("FriendlyName") or device.get("InstanceId")
            if isinstance(name, str) and name:
                found.append(CardReader(name, "pnp"))
    return tuple(found)


def named_in(trust_list: bytes, thumbprints: Iterable[str]) -> frozenset[str]:
    """Which SHA-1 thumbprints an encoded trust list names; its subjects are the bytes of the thumbprint."""
    return frozenset(sha1 for sha1 in thumbprints if bytes.fromhex(sha1) in trust_list)
