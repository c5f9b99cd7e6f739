"""Planted passwords, PINs, names, plates and serial numbers, and every way things go wrong: none of them is found anywhere.

Searched are the terminal's stream, both outputs, every file under the program's folder (session, backups, index, history,
logs, crash files) and, while it runs, the command line and environment of the program and of its children; as they are, in
hexadecimal, base64, UTF-16 and percent-encoded.
"""

from __future__ import annotations

import base64
import os
import random
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.x509.oid import NameOID

from checks.guide import load_guide
from state.live.open_session import open_session
from tests.laboratory.program import ROOT, Program, environment
from tests.support.certificate_files import certificate, p12

HANGUP = 1
"""SIGHUP, by its number."""
_FIELDS = (
    NameOID.COMMON_NAME, NameOID.SURNAME, NameOID.GIVEN_NAME, NameOID.EMAIL_ADDRESS, NameOID.STREET_ADDRESS, NameOID.LOCALITY_NAME,
    NameOID.STATE_OR_PROVINCE_NAME, NameOID.POSTAL_CODE, NameOID.SERIAL_NUMBER, NameOID.PSEUDONYM, NameOID.TITLE, NameOID.ORGANIZATIONAL_UNIT_NAME,
    NameOID.DN_QUALIFIER, NameOID.USER_ID, NameOID.UNSTRUCTURED_NAME, NameOID.ORGANIZATION_IDENTIFIER,
)  # fmt: skip


@dataclass(slots=True)
class Planted:
    """The canaries of a whole round, and what was found of them."""

    rng: random.Random
    all: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    def password(self) -> str:
        """As a person would choose one."""
        return self._keep(f"Hana{self._digits(4)}ko-{self._letters(6)}!")

    def pin(self) -> str:
        """Of a signature: 6 to 16 capital letters and digits."""
        return self._keep(f"{self._letters(9).upper()}{self._digits(4)}")

    def name(self) -> str:
        """Of a person."""
        return self._keep(f"Hanako{self._letters(6)} Mihon{self._letters(4)}")

    def plate(self) -> str:
        """Of a car."""
        return self._keep(f"見本{self._digits(3)}さ{self._digits(4)}-{self._letters(4)}")

    def subject(self) -> tuple[tuple[object, str], ...]:
        """A certificate's subject, each part a canary."""
        makers = (self.name, self.plate, self.pin)
        return tuple((kind, makers[number % 3]()) for number, kind in enumerate(_FIELDS))

    def _keep(self, text: str) -> str:
        self.all.append(text)
        return text

    def _letters(self, count: int) -> str:
        return "".join(self.rng.choices("abcdefghkmnprstuvwxyz", k=count))

    def _digits(self, count: int) -> str:
        return "".join(self.rng.choices("0123456789", k=count))

    def look(self, where: str, data: bytes, planted: list[str]) -> None:
        """Whether any of them is in `data`, in any form."""
        lower = data.lower()
        for canary in planted:
            for form in _forms(canary):
                if form.lower() in lower:
                    self.found.append(f"{where}: {canary}")
                    break

    def look_into(self, where: str, folder: Path, planted: list[str], *, but: tuple[Path, ...] = ()) -> None:
        """The same for every file in the folder, and their names."""
        for path in sorted(folder.rglob("*")):
            self.look(f"{where}: name of {path.name}", os.fsencode(path.name), planted)
            if path.is_file() and path not in but:
                self.look(f"{where}: {path.relative_to(folder)}", path.read_bytes(), planted)


def _forms(text: str) -> Iterator[bytes]:
    raw = text.encode()
    yield raw
    yield raw.hex().encode()
    yield urllib.parse.quote(text).encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield text.encode("unicode-escape")
    for shift in range(3):  # whatever stands before it moves the groups of three
        whole = base64.b64encode(b"x" * shift + raw)
        yield whole[4 if shift else 0 : -4]


def _asked(home: Path, file: Path) -> None:
    """A session that stands at the check of this certificate file."""
    session = open_session(home / "s.toml", load_guide, join=False)
    session.answer("certificate.kind", "registry-file")
    session.answer("certificate.file-path", str(file))
    session.look(cursor="certificate.file")
    assert session.close(10)


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(number) for number in task.read_text().split()]
    return found + [below for child in found for below in _children(child)]


def _watch_processes(planted: Planted, where: str, pid: int, canaries: list[str]) -> int:
    """Command lines and environments of a process and its children; how many processes were seen."""
    try:
        pids = [pid, *_children(pid)]
    except OSError:
        return 0
    for one in pids:
        for name in ("cmdline", "environ"):
            try:
                data = Path(f"/proc/{one}/{name}").read_bytes()
            except OSError:
                continue
            planted.look(f"{where}: {name} of a process", data, canaries)
    return len(pids)


def by_command(planted: Planted, home: Path, kind: str) -> int:
    """`check certificate.file` with a password that is right, wrong, or for no certificate at all; processes seen."""
    home.mkdir(parents=True)
    first = len(planted.all)
    right, given = planted.password(), planted.password()
    file = home / "hanako.p12"
    made = certificate(subject=planted.subject())  # type: ignore[arg-type]
    file.write_bytes({"garbage": right.encode() * 40}.get(kind) or p12(made, right.encode()))
    if kind == "unreadable":
        file.unlink()
        file.mkdir()
    _asked(home, file)
    canaries = planted.all[first:]
    most = 0
    for form in ("json", "text", "junit"):
        reader, writer = os.pipe()
        os.write(writer, (right if kind == "right" else given).encode() + b"\n")
        os.close(writer)
        run = subprocess.Popen(
            [sys.executable, "-m", "tui", "check", "certificate.file", "--offline", "--save", "--format", form, "--password-fd", str(reader), "--state", str(home / "s.toml")],
            env=environment(home), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=(reader,),
        )  # fmt: skip
        os.close(reader)
        while run.poll() is None:
            most = max(most, _watch_processes(planted, f"{kind} {form}", run.pid, canaries))
        out, err = run.communicate()
        planted.look(f"{kind} {form}: output", out, canaries)
        planted.look(f"{kind} {form}: messages", err, canaries)
        if run.returncode not in (0, 1, 3):
            planted.found.append(f"{kind}: ended with {run.returncode}: {err[-300:]!r}")
    for form in ("text", "html", "json"):
        run_again = subprocess.run(
            [sys.executable, "-m", "tui", "report", "--for", "support", "--format", form, "--state", str(home / "s.toml")],
            env=environment(home), cwd=ROOT, capture_output=True, check=False,
        )  # fmt: skip
        planted.look(f"{kind}: report", run_again.stdout + run_again.stderr, canaries)
    planted.look_into(kind, home, canaries, but=(file,))
    return most


def on_screen(planted: Planted, home: Path, end: str) -> None:
    """A password typed into the masked field, and then: all well, a full disk, a signal, a kill, a defect."""
    home.mkdir(parents=True)
    first = len(planted.all)
    typed = planted.password()
    file = home / "hanako.p12"
    file.write_bytes(p12(certificate(subject=planted.subject()), planted.password().encode()))  # type: ignore[arg-type]
    _asked(home, file)
    raising, crashing = planted.pin(), planted.name()
    canaries = planted.all[first:]
    order: dict[str, object] = {
        "raising": "",
        "fault": str(home / "fault"),
        "crash": "problems",
        "secret": crashing,
    }
    if end == "raising":
        order["raising"] = raising
    # What stands in the order is on the command line of the test's own starter, not of the program.
    with Program(home, order={"order": str(_written(home, order))}) as screen:
        screen.main()
        screen.see("証明書のファイル")
        screen.send("r")
        screen.see("証明書ファイルのパスワード")
        screen.send(typed)
        screen.until(lambda: "*" * len(typed) in screen.text, "the stars")
        _watch_processes(planted, end, screen.pid, canaries)
        if end == "full":
            (home / "fault").write_text("ENOSPC")
        if end in ("term", "hup"):
            screen.kill(signal.SIGTERM if end == "term" else HANGUP)
        else:
            screen.send("\r")
            screen.main()
            for _ in range(20):
                _watch_processes(planted, end, screen.pid, canaries)
                screen.pump(0.02)
        if end == "kill":
            screen.kill()
        elif end == "crash":
            screen.send("f")
        elif end == "full":
            screen.until(lambda: "保存できません" in screen.header, "the full disk to be told")
            screen.send("q")
            screen.see("このまま終了すると失われます")
            screen.send("y")
        elif end == "raising":
            screen.until(
                lambda: "raising.one" in (home / "s.toml").read_text(), "the crash to be on the disk"
            )
            screen.send("q")
        code = screen.wait()
        wanted = {"kill": -9, "crash": 70, "full": 74, "raising": 0, "term": 143, "hup": 129}[end]
        if code != wanted:
            planted.found.append(f"{end}: ended with {code}")
        planted.look(f"{end}: terminal", bytes(screen.received), canaries)
    planted.look_into(end, home, canaries, but=(file, home / "order"))
    if end == "crash" and not list(home.rglob("crash-*.log")):
        planted.found.append("crash: nothing was kept of it")


def _written(home: Path, order: dict[str, object]) -> Path:
    import json

    path = home / "order"
    path.write_text(json.dumps(order), "utf-8")
    return path


COMMANDS = ("right", "wrong", "garbage", "unreadable")
ENDS = ("raising", "crash", "full", "term", "hup", "kill")


def everything(folder: Path, seed: int = 20261122) -> Planted:
    """All ways; about two hundred canaries."""
    planted = Planted(random.Random(seed))
    for kind in COMMANDS:
        by_command(planted, folder / f"command-{kind}", kind)
    for end in ENDS:
        on_screen(planted, folder / f"screen-{end}", end)
    return planted
