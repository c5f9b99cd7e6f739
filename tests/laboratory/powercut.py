"""Real power cuts: an ext4 or xfs image whose file system is shut down without flushing its log, mounted again, and read.

Needs root, a loop device and mkfs. The shutdown is the request FS_IOC_SHUTDOWN of ioctl_xfs_goingdown(2), which ext4 knows too.
"""

from __future__ import annotations

import contextlib
import os
import random
import select
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

from checks.guide import load_guide
from state.errors import StateError
from state.file import load
from tests.laboratory.program import ROOT

_SHUTDOWN = 0x8004587D
_NO_LOG_FLUSH = struct.pack("I", 2)
SIZES = {"ext4": 32 << 20, "xfs": 320 << 20}


def possible(kind: str) -> str:
    """Why it cannot be done here, empty when it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "needs root on Linux"
    for program in (f"mkfs.{kind}", "mount", "umount", "losetup"):
        if shutil.which(program, path="/usr/sbin:/sbin:/usr/bin:/bin") is None:
            return f"needs {program}"
    return ""


def power_cut(
    folder: Path, kind: str, cuts: int, seed: int = 20261122, *, weak: bool = False, of_a_pc: bool = False
) -> tuple[int, list[str]]:
    """How many answers were called saved before one of so many cuts, and which of them are not there.

    `weak` leaves the syncs out, to see that the cut finds it; `of_a_pc` looks at a PC record and what its sessions say of it.
    """
    rng, name = random.Random(seed), "pcs/x.toml" if of_a_pc else "x.toml"
    image, place = folder / f"{kind}.image", folder / "mounted"
    place.mkdir()
    with open(image, "wb") as file:
        file.truncate(SIZES[kind])
    _run(f"mkfs.{kind}", "-q", str(image))
    saved: set[str] = set()
    losses: list[str] = []
    for cut in range(cuts):
        _run("mount", "-o", "loop", str(image), str(place))
        mounted = True
        try:
            told, why = _told(place / name)
            if saved and not told:
                losses.append(f"cut {cut}, {kind}: all is lost: {why}; {_seen(place, folder)}")
                break
            losses += [f"cut {cut}, {kind}: {lost}" for lost in sorted(saved - told)]
            saved &= told
            run = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.laboratory.powercut",
                    str(place),
                    f"n{cut}",
                    str(int(weak)),
                    str(int(of_a_pc)),
                ],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # the disk goes away under it
            )
            assert run.stdout is not None
            saved |= _read(run.stdout.fileno(), 1)
            time.sleep(rng.random() * 0.1)
            saved |= _read(run.stdout.fileno(), None)  # what was promised before the lights went out
            _shut_down(place)
            run.kill()
            run.wait(30)
            run.stdout.close()
            _unmount(place, image)
            mounted = False
        finally:
            if mounted:
                _unmount(place, image)
    _run("mount", "-o", "loop", str(image), str(place))
    try:
        losses += [f"at the end: {lost}" for lost in sorted(saved - _told(place / name)[0])]
    finally:
        _unmount(place, image)
    return len(saved), losses


def _told(path: Path) -> tuple[set[str], str]:
    """What the file holds, and why it holds nothing."""
    try:
        loaded = load.load(path, load_guide)
    except StateError as error:
        return set(), str(error)
    return (set(loaded.data.answers), "") if loaded else (set(), "no file")


def _seen(place: Path, folder: Path) -> str:
    """What stands there, for whoever looks for the cause; the session itself is kept beside the image."""
    with contextlib.suppress(OSError):
        shutil.copytree(place, folder / "kept", symlinks=True)
    return ", ".join(f"{path.name} {path.lstat().st_size}" for path in sorted(place.iterdir()))[:600]


def _read(handle: int, lines: int | None) -> set[str]:
    """At least so many whole lines, or for None what is there already."""
    data = b""
    while lines is None or data.count(b"\n") < lines:
        if lines is None and not select.select([handle], [], [], 0)[0]:
            break
        chunk = os.read(handle, 65536)
        if not chunk:
            break
        data += chunk
    return {line.decode() for line in data.split(b"\n")[:-1]}


def _shut_down(place: Path) -> None:
    if sys.platform == "win32":
        raise OSError("file systems of Linux")
    import fcntl

    handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.ioctl(handle, _SHUTDOWN, _NO_LOG_FLUSH)
    finally:
        os.close(handle)


def _run(*argv: str) -> None:
    env = {"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"}
    subprocess.run(argv, check=True, env=env, stdout=subprocess.DEVNULL, timeout=120)


def _unmount(place: Path, image: Path) -> None:
    """Unmounts, and waits until the disk is really gone: a copy of the mount in another namespace keeps it, shut down as it is.

    Mounted again before that, it would be the same dead file system, and all on it would seem lost.
    """
    for _ in range(50):
        with contextlib.suppress(subprocess.CalledProcessError):
            _run("umount", str(place))
            break
        time.sleep(0.1)
    else:
        raise RuntimeError(f"cannot unmount {place}")
    for _ in range(600):
        if not _attached(image):
            return
        time.sleep(0.1)
    raise RuntimeError(f"{image} is held by a mount in another namespace")


def _attached(image: Path) -> str:
    env = {"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"}
    return subprocess.run(
        ("losetup", "-j", str(image)), check=True, env=env, stdout=subprocess.PIPE, text=True, timeout=60
    ).stdout


if __name__ == "__main__":
    from state.file import files
    from tests.support.crash_lab import duel, duel_over_a_pc

    if sys.argv[3] == "1":
        files.sync = lambda handle: None
        files.sync_folder = lambda folder: None
    write = duel_over_a_pc if sys.argv[4] == "1" else duel
    write(Path(sys.argv[1]), sys.argv[2], 100000)
