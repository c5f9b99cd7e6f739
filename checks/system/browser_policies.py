"""What an administrator's policies make of one extension and of the program that it starts, in Chrome, Edge, Chromium.

Tried with Chromium 156 on Linux, an unpacked extension and `/etc/chromium/policies/managed`, as
tests/corpus/policies/README.md tells; Edge documents the same names and meanings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Literal

from checks.record import dataclass
from checks.system.parse_common import parse_json

Policies = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ruling:
    mode: Literal["", "blocked", "forced", "allowed"] = ""
    policy: str = ""
    """Name of the policy that blocks it, or keeps it from the site."""
    kept_off: bool = False
    """Whether it may not touch the pages of the site."""


def rule(
    policies: Policies, extension: str, update_url: str, permissions: frozenset[str], host: str
) -> Ruling:
    """What the policies make of an extension that needs these permissions and the pages of this host.

    An entry of its own in ExtensionSettings, or its id in one of the lists, takes nothing but the mode from `*`.
    """
    settings = _settings(policies.get("ExtensionSettings"))
    forced, allowed, blocked = (
        frozenset(item.split(";")[0].strip() for item in _items(policies.get(f"ExtensionInstall{name}")))
        for name in ("Forcelist", "Allowlist", "Blocklist")
    )
    general = settings.get("*", {})
    own = settings.get(extension, settings.get(f"update_url:{update_url}"))
    entry = own if own is not None else {} if extension in forced | allowed | blocked else general
    kinds = general.get("allowed_types", policies.get("ExtensionAllowedTypes"))
    if isinstance(kinds, list | tuple | str) and "extension" not in _items(kinds):
        return Ruling("blocked", "ExtensionAllowedTypes")
    mode = (own or {}).get("installation_mode")
    if mode in ("blocked", "removed"):
        return Ruling("blocked", "ExtensionSettings")
    if not permissions.isdisjoint(_items(entry.get("blocked_permissions"))):
        return Ruling("blocked", "ExtensionSettings: blocked_permissions")
    if isinstance(mode, str):
        ruling = Ruling("forced" if mode in ("force_installed", "normal_installed") else "allowed")
    elif extension in forced:
        ruling = Ruling("forced")
    elif extension in allowed:
        ruling = Ruling("allowed")
    elif extension in blocked or "*" in blocked:
        return Ruling("blocked", "ExtensionInstallBlocklist")
    elif general.get("installation_mode") in ("blocked", "removed"):
        return Ruling("blocked", "ExtensionSettings")
    else:
        ruling = Ruling()
    if _covers(entry.get("runtime_blocked_hosts"), host) and not _covers(
        entry.get("runtime_allowed_hosts"), host
    ):
        return Ruling(ruling.mode, "ExtensionSettings: runtime_blocked_hosts", kept_off=True)
    return ruling


def refusal(policies: Policies, host: str, user: bool) -> str:
    """Name of the policy that keeps extensions from a native messaging host, or empty.

    `user` says whether the host is registered for this user alone. An empty name stands for a host whose name is not
    known: only what is refused in general is refused to it.
    """
    if user and str(policies.get("NativeMessagingUserLevelHosts")).lower() in ("0", "false"):
        return "NativeMessagingUserLevelHosts"
    allowed = _items(policies.get("NativeMessagingAllowlist"))
    if host in allowed or (not host and allowed):
        return ""
    blocked = _items(policies.get("NativeMessagingBlocklist"))
    return "NativeMessagingBlocklist" if "*" in blocked or (host and host in blocked) else ""


def _settings(value: object) -> dict[str, Mapping[str, object]]:
    """The entries of ExtensionSettings by id; one entry may name several."""
    if isinstance(value, str):
        try:
            value = parse_json(value.encode("utf-8", "replace"))
        except ValueError:
            return {}
    found: dict[str, Mapping[str, object]] = {}
    for names, entry in value.items() if isinstance(value, dict) else ():
        for name in str(names).split(","):
            if isinstance(entry, dict):
                found[name.strip()] = entry
    return found


def _covers(patterns: object, host: str) -> bool:
    """Whether one of the patterns (`*://*.example.jp`, `https://example.*`) is for this host."""
    for pattern in _items(patterns):
        match = re.fullmatch(r"(?:\*|https?)://([^/:]+)(?::[^/]*)?(?:/.*)?", pattern.strip().lower())
        name = "*" if pattern == "<all_urls>" else match[1] if match else ""
        if name == "*":
            return True
        expected = r"(?:.+\.)?" + re.escape(name[2:]) if name.startswith("*.") else re.escape(name)
        if name.endswith(".*"):
            expected = expected.removesuffix(r"\.\*") + r"(?:\.[a-z0-9-]+){1,2}"
        if name and re.fullmatch(expected, host.lower()):
            return True
    return False


def _items(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return ()
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()
