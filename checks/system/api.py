"""The facts that probes may ask of the machine, and the one way of saying that a fact could not be had.

Facts (`facts.py`) are what was seen, without judgement: whether they are good or bad is for the probes to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from checks.system import facts

Platform: TypeAlias = Literal["linux", "windows", "macos"]


class Unavailable(Exception):
    """A fact could not be found out; `reason` is a short technical note for the evidence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class System(Protocol):
    """One operating system's facts; each method raises `Unavailable` when it cannot tell.

    An empty tuple means "looked, and there is none". Texts are as found: show them only through `shown.show`.
    """

    platform: Platform

    def os(self) -> facts.OsFacts:
        """Name, version and, on Windows, build and edition of the system."""

    def session(self) -> facts.SessionFacts:
        """The account, and by which door it came: desktop, remote desktop, SSH or a service."""

    def memory(self) -> facts.MemoryFacts:
        """Main memory, in bytes."""

    def disk(self) -> facts.DiskFacts:
        """The drive that holds the person's folder, in bytes."""

    def display(self) -> facts.DisplayFacts:
        """The main screen, in pixels."""

    def locale(self) -> facts.LocaleFacts:
        """Language, code page and time zone."""

    def proxy(self) -> facts.ProxyFacts:
        """The proxies that the environment and the system name; addresses may hold passwords."""

    def pac_url(self) -> str | None:
        """Address of the proxy script that the system or the person set, or None."""

    def root_stores(self) -> facts.RootStores:
        """The lists of root certificates: what each has and what each forbids, by SHA-256."""

    def firefox_profiles(self) -> tuple[facts.Profile, ...]:
        """Firefox's profile folders that exist."""

    def nss_databases(self) -> tuple[facts.Profile, ...]:
        """The shared NSS databases that Chromium reads; empty on systems where it reads none."""

    def browsers(self) -> tuple[facts.Browser, ...]:
        """The browsers that are installed, with their versions."""

    def chromium_profiles(self) -> tuple[facts.Profile, ...]:
        """The profile folders of Edge, Chrome and Chromium that exist, of this user."""

    def browser_policies(self, browser: str) -> Mapping[str, object]:
        """What the administrator has set for `edge`, `chrome` or `chromium`: policy names and JSON values."""

    def programs(self) -> tuple[facts.Program, ...]:
        """The installed programs that the system lists."""

    def native_hosts(self) -> tuple[facts.NativeHost, ...]:
        """The native messaging hosts that browsers may start."""

    def matching_files(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        """Paths that exist, of shell patterns in which `%NAME%` stands for one of the system's folders."""

    def jpki_software(self) -> facts.JpkiSoftware:
        """What the client software for My Number cards has left on this PC."""

    def card_service(self) -> facts.CardService:
        """State of the smart card service."""

    def card_readers(self) -> facts.CardReaders:
        """The card readers that are connected, and the ways in which they were looked for."""
