"""The facts that probes may ask of the machine, and the one way of saying that a fact could not be had."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias

Platform: TypeAlias = Literal["linux", "windows", "macos"]


class Unavailable(Exception):
    """A fact could not be found out; `reason` is a short technical note for the evidence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class System(Protocol):
    """One operating system's facts; each method raises `Unavailable` when it cannot tell."""

    platform: Platform
