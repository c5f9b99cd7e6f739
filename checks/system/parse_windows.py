"""What Windows keeps in its registry and prints as JSON, turned into facts; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from checks.system import facts
from checks.system.parse_common import is_over_ssh, parse_json, split_list
from checks.system.registry import Value, blob, number, text

Values: TypeAlias = Mapping[str, Value] | None

READER_CLASS = "{50dd5230-ba8a-11d1-bf5d-0000f805f530}"
"""Device interfaces of smart card readers (GUID_DEVINTERFACE_SMARTCARD_READER of the Windows SDK)."""


def parse_windows_version(values: Values, policy: Values = None) -> facts.OsFacts:
    """The system from the key `Windows NT\\CurrentVersion`; build 0 when it is not there.

    ProductName still says "Windows 10" on Windows 11, so that the build decides.
    """
    build = number(values, "CurrentBuild") or number(values, "CurrentBuildNumber") or 0
    name = text(values, "ProductName") or "Windows"
    kind = text(values, "InstallationType")
    if build >= 22000 and kind.lower() != "server":
        name = name.replace("Windows 10", "Windows 11")
    revision = number(values, "UBR")
    return facts.OsFacts(
        name=name,
        version=f"{build}.{revision}" if revision is not None else str(build),
        build=build,
        release=text(values, "DisplayVersion") or text(values, "ReleaseId"),
        edition=text(values, "EditionID"),
        kind=kind,
        s_mode=number(policy, "SkuPolicyRequired") == 1,
    )


def parse_windows_session(environ: Mapping[str, str]) -> facts.SessionFacts:
    """The login from its environment: service accounts end in `$` or live under the system's own folders."""
    env = {name.upper(): value for name, value in environ.items()}
    user, home = env.get("USERNAME", ""), env.get("USERPROFILE", "").lower().replace("/", "\\")
    service = user.endswith("$") or "\\config\\systemprofile" in home or "\\serviceprofiles\\" in home
    session = env.get("SESSIONNAME", "")
    remote = "ssh" if is_over_ssh(env) else ""
    if not remote and session.upper().startswith("RDP-"):
        remote = "rdp"
    return facts.SessionFacts(user, remote, bool(session) and remote != "ssh" and not service, service)


def parse_windows_locale(international: Values, codepage: Values, zone: Values) -> facts.LocaleFacts:
    """Language, code page and time zone from their three keys."""
    bias = number(zone, "ActiveTimeBias") or 0
    if bias >= 1 << 31:
        bias -= 1 << 32
    return facts.LocaleFacts(
        text(international, "LocaleName"), text(codepage, "ACP"), text(zone, "TimeZoneKeyName"), -bias
    )


def parse_internet_settings(values: Values, connections: Values) -> facts.ProxyFacts:
    """The proxies of the key `Internet Settings` and the flags of its `Connections`."""
    settings: list[facts.ProxySetting] = []
    bypass: tuple[str, ...] = ()
    if number(values, "ProxyEnable"):
        for part in split_list(text(values, "ProxyServer")):
            scheme, equals, address = part.partition("=")
            if not equals:
                scheme, address = "all", part
            if scheme.lower() in ("http", "https", "all") and address:
                settings.append(facts.ProxySetting(scheme.lower(), address, "windows"))
        bypass = split_list(text(values, "ProxyOverride"))
    # Byte 8 of DefaultConnectionSettings: 1 direct, 2 proxy, 4 script, 8 detect.
    flags = blob(connections, "DefaultConnectionSettings")[8:9]
    detect = bool(flags and flags[0] & 8)
    return facts.ProxyFacts(tuple(settings), bypass, text(values, "AutoConfigURL").strip() or None, detect)


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


def parse_card_service(values: Values, triggered: bool, status: str) -> facts.CardService:
    """The state of SCardSvr from its key, whether it has triggers, and what the service manager says.

    Windows starts it when a reader is connected and stops it when the last one is gone.
    """
    if values is None:
        return facts.CardService("absent", "no key Services\\SCardSvr")
    start = number(values, "Start")
    detail = f"SCardSvr: {status or 'status unknown'}, start type {start}"
    if status in ("running", "start_pending"):
        return facts.CardService("running", detail)
    if start == 4:
        return facts.CardService("disabled", detail)
    return facts.CardService("on-demand" if triggered and start == 3 else "stopped", detail)


def parse_reader_interface(name: str) -> str:
    """The device instance (`USB\\VID_…\\…`) of a key under DeviceClasses, or empty."""
    match = re.fullmatch(r"##\?#(.+)#\{[0-9a-fA-F-]{36}\}", name)
    return match[1].replace("#", "\\") if match else ""


def parse_device_name(values: Values, instance: str) -> str:
    """A device's name from its key under Enum: the part after the reference to its inf file."""
    name = text(values, "FriendlyName") or text(values, "DeviceDesc")
    return (name.rpartition(";")[2] if name.startswith("@") else name).strip() or instance


def parse_pnp_devices(output: bytes) -> tuple[facts.CardReader, ...]:
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
                found.append(facts.CardReader(name, "pnp"))
    return tuple(found)
