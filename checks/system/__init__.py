"""The only place that knows which operating system this is.

`linux.py`, `windows.py` and `macos.py` fetch; `parse*.py` turn what was fetched into facts and know no system;
probes judge the facts of `api.py`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checks.system.api import Platform, System


def platform() -> Platform:
    """The kind of system that this process runs on; anything unknown counts as Linux."""
    if sys.platform == "win32":
        return "windows"
    return "macos" if sys.platform == "darwin" else "linux"


def current() -> System:
    """The facts of the machine that this process runs on; nothing is looked at before it is asked for."""
    if sys.platform == "win32":
        from checks.system.registry import WinRegistry
        from checks.system.windows import WindowsSystem

        return WindowsSystem(WinRegistry())
    if sys.platform == "darwin":
        from checks.system.macos import MacSystem

        return MacSystem()
    from checks.system.linux import LinuxSystem

    return LinuxSystem()
