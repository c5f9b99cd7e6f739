"""Plays cards behind a real PC/SC daemon and prints the codes as JSON; started by the test, in namespaces of its own.

Run as `unshare --net --mount python -m tests.support.card_daemon`: the virtual reader listens on all addresses, so it may
only ever do so in a network that ends here. Stops what it started, by its process id.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from checks import model
from checks.card import contents
from checks.finding import find
from checks.probes.certificate_card import my_number_card
from checks.probes.certificate_card_limits import auth_expiry, pin_tries
from checks.system.pcsc import EXCLUSIVE, PRESENT, PcscContext, context
from tests.support.fake_system import FakeSystem
from tests.support.virtual_card import Inserted, VirtualCard, scenarios

assert sys.platform == "linux"

PORT = 0x8C7B
PATIENCE = 20.0
MUTE = 0x200
"""Of a reader's state: the card in it does not answer."""


def alone() -> None:
    """Bring the loopback of our own network up and hide the machine's daemon; exits when this is not our own network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        others = [name for _, name in socket.if_nameindex() if name != "lo"]
        flags = struct.pack("16sH14x", b"lo", 0)
        up = struct.unpack("16sH14x", fcntl.ioctl(control, 0x8913, flags))[1]
        if up & 1 or any(_is_up(control, name) for name in others):
            raise SystemExit("not in a network namespace of its own")
        fcntl.ioctl(control, 0x8914, struct.pack("16sH14x", b"lo", up | 1))
    Path("/run/pcscd").mkdir(exist_ok=True)
    subprocess.run(("mount", "-t", "tmpfs", "none", "/run/pcscd"), check=True)


def _is_up(control: socket.socket, name: str) -> bool:
    answer = fcntl.ioctl(control, 0x8913, struct.pack("16sH14x", name.encode(), 0))
    return bool(struct.unpack("16sH14x", answer)[1] & 1)


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for a condition."""
    if not came_true(holds, PATIENCE):
        raise SystemExit(f"waited in vain: {what}")


def came_true(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition held within these seconds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@contextlib.contextmanager
def daemon(config: str) -> Iterator[None]:
    """A pcscd of ours with these readers."""
    program = shutil.which("pcscd") or "/usr/sbin/pcscd"
    child = subprocess.Popen(
        (program, "--foreground", "--config", config), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: os.path.exists("/run/pcscd/pcscd.comm"), "the daemon's socket")
        yield
    finally:
        child.terminate()
        child.wait(10)
        for name in ("pcscd.comm", "pcscd.pid"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"/run/pcscd/{name}")


def full(service: PcscContext) -> list[str]:
    """Readers with a card in them that answers."""
    return [name for name in service.readers() if service.state(name) & (PRESENT | MUTE) == PRESENT]


def codes(deadline: float = 8.0) -> dict[str, str]:
    """What the three checks find now."""
    context = model.Context(FakeSystem("windows"), {"certificate.kind": "jpki-reader"}, model.Options())
    context.memo.once("my number card", lambda: contents.read_card(deadline))
    checks: tuple[model.Check, ...] = (my_number_card, pin_tries, auth_expiry)
    return {check.id: find(check, context).code for check in checks}


def play(found: dict[str, Any]) -> None:
    """All scenarios, each with its codes and with what the card was sent."""
    found["no-service"] = codes()
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "empty.conf")
        empty.write_text("")
        with daemon(str(empty)):
            found["no-reader"] = codes()
        readers = Path(folder, "vpcd.conf")
        library = next(Path("/usr/lib").rglob("libifdvpcd.so"))
        readers.write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{PORT:#06X}\nLIBPATH {library}\nCHANNELID {PORT:#06X}\n'
        )
        with daemon(str(readers)), context() as service:
            play_readers(service, found)
    found["stopped"] = codes()


def play_readers(service: PcscContext, found: dict[str, Any]) -> None:
    """What can be in a reader."""
    until(lambda: service.readers() != (), "the virtual reader")
    found["no-card"] = codes()
    cards = scenarios()
    # An empty answer makes the virtual reader wait for ever, as a card that has stopped does.
    for name in ("removed", "empty"):
        card = cards.pop(name)[0]
        with inserted(service, card):
            found[name] = {**codes(2.0 if name == "empty" else 8.0), "spent": card.spent}
    with inserted(service, cards["good"][0]) as (reader, inside):
        for name, (card, _, _) in cards.items():
            inside.card = card
            found[name] = {**codes(), "spent": card.spent}
        found["resets"] = inside.resets
        inside.card = cards["good"][0]
        with service.card(reader, EXCLUSIVE):
            found["held"] = codes()
        with service.card(reader):
            found["in-use"] = codes(deadline=1.5)
        found["let-go"] = codes()


@contextlib.contextmanager
def inserted(service: PcscContext, card: VirtualCard) -> Iterator[tuple[str, Inserted]]:
    """The card in the reader, seen by the daemon: the reader's name and the card's side."""
    for last in (False, False, False, True):
        card_in = Inserted(card, PORT)
        # The daemon asks a card for its first answer once; on a machine under load it may come too late, and
        # only pulling the card out and putting it in again makes the daemon ask anew.
        if came_true(lambda: bool(full(service)), PATIENCE if last else PATIENCE / 4):
            break
        card_in.remove()
        until(lambda: not full(service), "the card to be gone")
    else:
        raise SystemExit("waited in vain: the card to be seen")
    try:
        yield full(service)[0], card_in
    finally:
        card_in.remove()
        until(lambda: not full(service), "the card to be gone")


if __name__ == "__main__":
    alone()
    seen: dict[str, Any] = {}
    play(seen)
    json.dump(seen, sys.stdout)
