"""Who else has a session open: one small file per process in `NAME.toml.here/`, never in the session itself.

Nothing depends on these files: they are for telling people. One whose process is gone never blocks and is cleared away.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import monotonic

from checks.record import dataclass, replace
from checks.shown import show
from state.errors import StateError
from state.file import files
from state.file.document import NotToml, parse_toml
from state.file.entry_types import REQUIRED, EntryType, Invalid, flag, number, text, time
from state.session_data import SCHEMA, Presence

_LIMIT = 4096
_NEW = ".new"
_PULSE = 180.0
"""Seconds without a sign of life after which a process of another host is no longer told of."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One process, so that it is not taken for a later one of the same number. Times in UTC."""

    host: str
    user: str
    pid: int
    boot: str
    """What tells this start of the machine from others, empty where the system has nothing of the kind."""
    start: str
    """When the process began, in the system's own measure, empty where it cannot be had cheaply."""
    since: datetime
    reads: bool = False
    """It was taken over from and can only read."""
    schema: int = SCHEMA
    """The file format that the process writes."""

    def line(self) -> str:
        """The identity as it is kept in a file."""
        import tomli_w

        return tomli_w.dumps(_IDENTITY.write(self))

    def presence(self) -> Presence:
        """The same for a person, with what can be said about its life."""
        who = show(self.host, 60), show(self.user, 40), self.pid, self.since
        return Presence(*who, alive(self), self.reads)


def host_name() -> str:
    """This machine's name."""
    if sys.platform == "win32":
        return os.environ.get("COMPUTERNAME", "") or "localhost"
    return os.uname().nodename or "localhost"


def user_name() -> str:
    """The user's login name, by the system's own list where it has one."""
    if sys.platform == "win32":
        return os.environ.get("USERNAME", "") or "user"
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def platform_name() -> str:
    """This machine's system, as checks call it."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


@lru_cache(maxsize=1)
def _own(pid: int) -> Identity:
    now = datetime.now(UTC).replace(microsecond=0)
    return Identity(host_name(), user_name(), pid, _boot(), _start(pid), now)


def own() -> Identity:
    """This process."""
    return _own(os.getpid())


def _small(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read(_LIMIT)
    except OSError:
        return ""


def _boot() -> str:
    return _small("/proc/sys/kernel/random/boot_id").strip() if sys.platform == "linux" else ""


def _start(pid: int) -> str:
    """When a process began: field 22 of proc(5)."""
    if sys.platform == "win32":
        from state.file import kernel32

        return kernel32.start_of(pid) or ""
    if sys.platform != "linux":
        return ""
    fields = _of_process(pid)
    return fields[19] if len(fields) > 19 else ""


def _of_process(pid: int) -> list[str]:
    """What proc(5) tells of a process after its name, which may hold anything: first the letter of its state."""
    return _small(f"/proc/{pid}/stat").rpartition(")")[2].split()


def alive(identity: Identity) -> bool | None:
    """Whether that process still runs; None when its host cannot be asked from here."""
    me = own()
    if identity.host != me.host:
        return None
    if identity.boot != me.boot:
        return False
    if not 0 < identity.pid < 2**31:
        return False
    try:
        start = _running(identity.pid)
    except OSError:
        return None
    if start is None:
        return False
    return not start or not identity.start or start == identity.start


def _running(pid: int) -> str | None:
    """When a process that runs began, empty where that cannot be had; None when there is no such one. Raises `OSError`."""
    if sys.platform == "win32":
        # Not os.kill, which would end it there.
        from state.file import kernel32

        return kernel32.start_of(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    if sys.platform == "linux" and _of_process(pid)[:1] in (["Z"], ["X"]):
        return None  # it has ended, and only its parent has not asked how
    return _start(pid)


_IDENTITY = EntryType(
    lambda extra, **known: Identity(**known),
    (text("host", REQUIRED), text("user", REQUIRED), number("pid", REQUIRED), text("boot"), text("start"), time("since"), flag("reads"),
     number("schema", 1)),
)  # fmt: skip


def parse(raw: bytes) -> Identity | None:
    """The identity in a file's bytes, None when it is none."""
    try:
        who: Identity = _IDENTITY.read(parse_toml(raw.decode("utf-8")), ())
    except (NotToml, UnicodeDecodeError, Invalid):
        return None
    return who


class PresenceFile:
    """The presence of this process at one session; several sessions of one process count one by one."""

    _count = 0

    def __init__(self, path: Path, since: datetime, host: str, user: str) -> None:
        PresenceFile._count += 1
        me = own()
        self.folder = path.with_name(path.name + ".here")
        # With the host in it, since two hosts of a shared folder may have the same process numbers.
        self.file = self.folder / f"{_safe(host)}-{me.pid}-{PresenceFile._count}"
        self._identity = Identity(host, user, me.pid, me.boot, me.start, since)
        self._next_pulse = 0.0
        self._known: tuple[Presence, ...] = ()

    def enter(self) -> None:
        """Makes the presence known; failing is no reason to stop."""
        with suppress(OSError):
            for _ in range(3):
                try:
                    # This one level alone: a folder that vanished is not ours to make again.
                    with suppress(FileExistsError):
                        os.mkdir(self.folder, 0o700)
                    files.remove(self.file)
                    handle = os.open(
                        self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600
                    )
                except FileNotFoundError:
                    continue
                try:
                    os.write(handle, self._identity.line().encode("utf-8", "replace"))
                finally:
                    os.close(handle)
                return

    def reads(self, only: bool) -> None:
        """Says that this process can only read from now on, or write again; failing is no reason to stop."""
        self._identity = replace(self._identity, reads=only)
        line = self._identity.line().encode("utf-8", "replace")
        with suppress(OSError):
            files.write_over(self.file, line, self.file.with_name(self.file.name + _NEW))

    def pulse(self) -> None:
        """A sign of life for other hosts, once a minute."""
        if monotonic() < self._next_pulse:
            return
        self._next_pulse = monotonic() + _PULSE / 3
        try:
            os.utime(self.file)
        except FileNotFoundError:
            self.enter()
        except OSError:
            pass

    def leave(self) -> None:
        """Takes the presence back, and the folder with the last one."""
        with suppress(OSError):
            files.remove(self.file)
        with suppress(OSError):
            os.rmdir(self.folder)

    def others(self) -> tuple[Presence, ...]:
        """Everybody else, the longest first."""
        return present(self.folder, but=self.file.name)

    def news(self) -> tuple[bool, list[Presence]]:
        """Whether somebody came, went or changed since it was last asked, and who came."""
        before, self._known = self._known, self.others()
        known = {(other.host, other.pid, other.since) for other in before}
        new = [other for other in self._known if (other.host, other.pid, other.since) not in known]
        return self._known != before, new


def present(folder: Path, but: str = "") -> tuple[Presence, ...]:
    """The processes that registered in a `.here` folder and may still run, the longest first.

    What is left of dead ones is removed. `but` is a file name that does not count.
    """
    return tuple(other for other, _ in _present(folder, but))


def of_older_version(folder: Path) -> tuple[Presence, ...]:
    """Those of them that write an older file format than ours."""
    return tuple(other for other, schema in _present(folder, "") if schema < SCHEMA)


def _present(folder: Path, but: str) -> list[tuple[Presence, int]]:
    """The same with the file format that each writes."""
    if os.path.islink(folder):
        return []
    others: list[tuple[Presence, int]] = []
    pulses: dict[str, float] = {}
    for name in files.names(folder):
        if name == but or name.endswith(_NEW):
            continue
        with suppress(OSError):
            pulses[name] = os.lstat(folder / name).st_mtime
    latest = max(pulses.values(), default=0.0)
    if but:
        with suppress(OSError):
            latest = max(latest, os.lstat(folder / but).st_mtime)
    for name, pulse in pulses.items():
        try:
            raw = files.read(folder / name, _LIMIT)
        except StateError:
            continue
        identity = parse(raw) if raw else None
        if identity is None:
            continue
        other = identity.presence()
        if other.alive is False:
            with suppress(OSError):
                files.remove(folder / name)
        elif other.alive or pulse + _PULSE > latest:
            others.append((other, identity.schema))
    return sorted(others, key=lambda one: (one[0].since, one[0].host, one[0].pid))


def _safe(host: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in host)[:60]
