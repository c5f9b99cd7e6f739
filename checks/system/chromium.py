"""What Chromium's settings files say of one extension; pure but for `read_extension`.

Chrome keeps an extension's state in `Secure Preferences` or, on systems without protected settings, in `Preferences`,
under extensions.settings.ID. Older versions write `state` (1 enabled) and a number of `disable_reasons`, newer ones a
list of reasons alone; both were seen in profiles (Chromium 156 writes the list).
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping

from checks.record import dataclass
from checks.system.api import Unavailable
from checks.system.bounded_files import PROFILE, names_in, read_bytes
from checks.system.parse_common import decode, parse_json

WHOLE = 4 * 1024 * 1024
"""Bytes up to which a settings file is parsed as a whole; of a larger one only the extension's own part."""

USER_ACTION, CORRUPTED, BY_POLICY = 1 << 0, 1 << 10, 1 << 16

_REASONS = {
    USER_ACTION: "switched off by the user",
    1 << 1: "waits for consent to new permissions",
    1 << 2: "being reloaded",
    1 << 3: "requirement not met",
    1 << 4: "not from the store",
    1 << 8: "installation not verified",
    1 << 9: "on a list of doubtful extensions",
    CORRUPTED: "files damaged",
    1 << 11: "installed from another device, not yet allowed",
    1 << 13: "installed by another program, not yet allowed",
    1 << 14: "older than the policy asks",
    1 << 15: "waits for a guardian's consent",
    BY_POLICY: "blocked by policy",
    1 << 19: "being installed again",
    1 << 20: "not on Safe Browsing's list",
    1 << 22: "no longer in the store, and so blocked by policy",
    1 << 23: "made for an older browser",
    1 << 24: "developer mode is off",
}


@dataclass(frozen=True, slots=True)
class InstalledExtension:
    enabled: bool
    version: str = ""
    reasons: tuple[int, ...] = ()
    """Why it is off: Chromium's numbers (extensions/browser/disable_reason.h)."""
    permissions: frozenset[str] = frozenset()
    files: bool = True

    def why(self) -> str:
        """The reasons in short words, for the evidence."""
        words = dict.fromkeys(_REASONS.get(reason, f"reason {reason}") for reason in self.reasons)
        return ", ".join(words) or ("" if self.enabled else "no reason given")


def read_extension(profile: str, extension: str) -> InstalledExtension | None:
    """The extension in a profile folder, or None when it is not installed there.

    Raises `Unavailable` when no settings file can be read: then nothing is known.
    """
    problems: list[str] = []
    read = False
    entry: Mapping[str, object] = {}
    for name in ("Preferences", "Secure Preferences"):
        path = os.path.join(profile, name)
        try:
            entry = {**entry, **_read_settled(path, extension)}
            read = True
        except FileNotFoundError:
            continue
        except Unavailable as error:
            problems.append(error.reason)
        except ValueError as error:
            problems.append(f"{path}: {error}")
    if problems and not entry:
        raise Unavailable("; ".join(problems))
    if not read:
        raise Unavailable(f"{profile}: no settings file")
    try:
        versions = names_in(os.path.join(profile, "Extensions", extension))
    except Unavailable:
        versions = ()
    return judge_entry(entry, versions)


def _read_settled(path: str, extension: str) -> Mapping[str, object]:
    """The extension's settings in one file; a file that was being written is read once more."""
    try:
        return parse_preferences(read_bytes(path, PROFILE), extension)
    except ValueError:
        time.sleep(0.05)
    return parse_preferences(read_bytes(path, PROFILE), extension)


def parse_preferences(data: bytes, extension: str) -> Mapping[str, object]:
    """The extension's own settings, empty when there are none; raises `ValueError` when the file is damaged."""
    if len(data) > WHOLE:
        return _find_entry(data, extension)
    document = parse_json(data)
    if not isinstance(document, dict):
        raise ValueError("not an object")
    for name in ("extensions", "settings", extension):
        document = document.get(name, {})
        if not isinstance(document, dict):
            raise ValueError(f"{name}: not an object")
    return document


def _find_entry(data: bytes, extension: str) -> Mapping[str, object]:
    """The extension's object within a large file, without taking the rest apart."""
    if not data.lstrip().startswith(b"{") or not data.rstrip().endswith(b"}"):
        raise ValueError("cut off")
    decoder = json.JSONDecoder()
    for match in re.finditer(rb'"' + re.escape(extension.encode("ascii")) + rb'"\s*:\s*(?=\{)', data):
        try:
            found, _ = decoder.raw_decode(decode(data[match.end() : match.end() + WHOLE], "utf-8"))
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and {"disable_reasons", "state", "location"} & found.keys():
            return found
    return {}


def judge_entry(entry: Mapping[str, object], versions: tuple[str, ...]) -> InstalledExtension | None:
    """The extension from its settings and the versions whose files are there; None when neither says it is there."""
    if not {"location", "path", "manifest", "disable_reasons", "state", "first_install_time"} & entry.keys():
        return None
    if entry.get("location") == 0:
        return None  # a remainder of an extension that was removed
    state, reasons = entry.get("state"), _reasons(entry.get("disable_reasons"))
    # 1 enabled, 0 disabled; 2 and 3 are remainders of removed and blocked ones.
    if state == 2:
        return None
    enabled = not reasons and state in (None, 1)
    manifest = entry.get("manifest")
    version = manifest.get("version") if isinstance(manifest, dict) else None
    path = entry.get("path")
    if not isinstance(version, str):
        version = os.path.basename(path.replace("\\", "/")) if isinstance(path, str) else ""
        version = version.partition("_")[0] if re.fullmatch(r"[0-9.]+(_\d+)?", version) else ""
    # Only what came from the store (location 1) lies within the profile.
    granted = entry.get("granted_permissions")
    api = granted.get("api") if isinstance(granted, dict) else None
    permissions = frozenset(str(one) for one in api[:200]) if isinstance(api, list) else frozenset()
    files = bool(versions) or entry.get("location") != 1
    return InstalledExtension(enabled, version, reasons, permissions, files)


def _reasons(value: object) -> tuple[int, ...]:
    if type(value) is int:
        return tuple(1 << bit for bit in range(31) if value >> bit & 1)
    return tuple(item for item in value if type(item) is int and item)[:32] if isinstance(value, list) else ()
