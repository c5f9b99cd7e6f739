"""What a system's facts are made of: what was seen, without judgement.

Apart from `api.py`, since these classes take time to build and most commands need none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from checks.record import dataclass, field


@dataclass(frozen=True, slots=True)
class OsFacts:
    name: str
    """As people know it: `Windows 11 Home`, `Debian GNU/Linux 12 (bookworm)`, `macOS 26.1`."""
    version: str
    """As the system numbers it: `26200.7171`, `12`, `26.1`."""
    build: int | None = None
    """Windows only: 26200 for 25H2."""
    release: str = ""
    """Windows only: `25H2`, as the system says it."""
    edition: str = ""
    """Windows only: the EditionID, `Core` for Home."""
    kind: str = ""
    """Windows only: the InstallationType, `Client` or `Server`."""
    s_mode: bool = False
    """Windows only: whether programs from outside the Microsoft Store are kept from running."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Through which door this program was started, and what that hides from it."""

    user: str
    remote: str = ""
    """`ssh`, `rdp`, or empty when the person sits here as far as can be seen."""
    desktop: bool = True
    """Whether this login has a desktop."""
    service: bool = False
    """Whether the account is a computer's own (SYSTEM, a service), whose profile is not the applicant's."""


@dataclass(frozen=True, slots=True)
class MemoryFacts:
    """Main memory, in bytes."""

    total: int
    available: int


@dataclass(frozen=True, slots=True)
class DiskFacts:
    """The drive that holds the person's home, in bytes."""

    path: str
    total: int
    free: int


@dataclass(frozen=True, slots=True)
class DisplayFacts:
    """The main screen, in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LocaleFacts:
    """Language and time as programs on this machine get them."""

    language: str
    """`ja_JP.UTF-8`, `ja-JP`."""
    codepage: str = ""
    """Windows only: the code page of programs that know no Unicode, `932` on a Japanese PC."""
    timezone: str = ""
    utc_offset_minutes: int = 0


@dataclass(frozen=True, slots=True)
class ProxySetting:
    """One proxy as set somewhere; the address may hold a password and must be masked before it is shown."""

    scheme: str
    """What goes through it: `http`, `https`, `all`."""
    address: str
    source: str
    """Where it is set: `environment`, `windows`, `macos`, `gsettings`."""


@dataclass(frozen=True, slots=True)
class ProxyFacts:
    """How web traffic is to leave this machine."""

    settings: tuple[ProxySetting, ...] = ()
    bypass: tuple[str, ...] = ()
    """Hosts to be reached directly, as written (NO_PROXY, ProxyOverride)."""
    pac: str | None = None
    auto_detect: bool = False
    """Whether the system looks for a script by itself (WPAD)."""


@dataclass(frozen=True, slots=True)
class RootStore:
    """One store of root certificates; hashes are SHA-256 of the DER, in lower-case hexadecimal."""

    name: str
    present: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    """Explicitly distrusted, or stripped of the purpose of a web server."""
    unclear: Mapping[str, str] = field(default_factory=dict)
    """Those with a setting whose meaning is not known, so that they may be forbidden, and which setting."""
    refused_from: Mapping[str, datetime] = field(default_factory=dict)
    """From when on they are forbidden; may have passed."""
    issued_before: Mapping[str, datetime] = field(default_factory=dict)
    """For those that vouch only for certificates issued up to a moment: that moment."""

    def named(self) -> frozenset[str]:
        """The roots that it says anything of."""
        return self.present.union(self.forbidden, self.unclear, self.refused_from, self.issued_before)


@dataclass(frozen=True, slots=True)
class RootStores:
    stores: tuple[RootStore, ...]
    unreadable: tuple[str, ...] = ()
    """Places that exist and could not be read, with the reason."""
    auto_update: bool | None = None
    """Windows only: whether roots are fetched when first needed; None elsewhere."""
    fetchable: frozenset[str] | None = None
    """Windows only: those of the portal's roots that the downloaded trust list names; None when there is no list yet."""
    moved_by: tuple[str, ...] = ()
    """Environment variables that move the stores for programs of this machine."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A browser's profile, or another folder of its settings, found on the disk."""

    owner: str
    """`firefox`, `chromium`, `chrome`, `edge`."""
    name: str
    """The profile's name as the browser keeps it."""
    path: str
    in_use: bool = False
    """Whether the browser is known to start with it."""
    problem: str = ""
    """Why it could not be looked into; empty where it can be tried."""


@dataclass(frozen=True, slots=True)
class Browser:
    id: str
    """`edge`, `chrome`, `chromium`, `firefox`, `safari` or `other`."""
    name: str
    version: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """An installed program as the system lists it."""

    name: str
    version: str = ""
    source: str = ""
    """Where it is listed."""


@dataclass(frozen=True, slots=True)
class NativeHost:
    """A program that browser extensions may start (native messaging)."""

    browser: str
    name: str
    manifest: str
    """Path of the manifest as registered."""
    program: str = ""
    """Path of the program that the manifest names; empty when the manifest could not be read."""
    program_exists: bool = False
    origins: tuple[str, ...] = ()
    """`chrome-extension://ID/` of the extensions that may start it."""
    user: bool = False
    """Whether it is registered for this user alone."""


@dataclass(frozen=True, slots=True)
class CardService:
    state: Literal["running", "stopped", "on-demand", "disabled", "absent"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CardReader:
    """A smart card reader that is connected now."""

    name: str
    source: str
    """How it was seen: `pcsc`, `usb`, `registry`, `pnp`."""


@dataclass(frozen=True, slots=True)
class CardReaders:
    """The readers seen, and in which ways they were looked for."""

    readers: tuple[CardReader, ...]
    looked: tuple[str, ...] = ()
    """The ways that gave an answer, also when the answer was none."""
    failed: tuple[str, ...] = ()
    """The ways that gave none, with the reason."""


@dataclass(frozen=True, slots=True)
class JpkiSoftware:
    install_path: str = ""
    providers: tuple[str, ...] = ()
    """Names of its cryptographic providers as registered."""
    files: tuple[str, ...] = ()
