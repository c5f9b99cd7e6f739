"""A disk that is really full: a small file system in memory, in a mount namespace of its own; needs root on Linux."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.laboratory.program import SAVED, VALUES, Program, command, environment
from tests.support.pty_screen import PtyScreen

SIZE = "400k"


def possible() -> str:
    """Why it cannot be done here, empty when it can."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None:
        return "needs root on Linux"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"], capture_output=True, check=False
    )
    return "" if done.returncode == 0 else "needs mount namespaces"


class Small(Program):
    """The program with its session on the small disk, which is mounted over `home` for it alone."""

    def __init__(self, home: Path) -> None:
        script = f'mount -t tmpfs -o size={SIZE},mode=700 tmpfs "$0" && exec "$@"'
        argv = ["unshare", "-m", "sh", "-c", script, str(home), *command(home)]
        PtyScreen.__init__(self, argv, environment(home) | {"PYTHONDONTWRITEBYTECODE": "1"})


def full_disk(home: Path) -> list[str]:
    """Filled while the program runs: told with the time and the number, kept, saved again once there is room."""
    wrong: list[str] = []
    with Small(home) as screen:
        screen.main()
        screen.choose(0)
        screen.until(lambda: screen.promised() == VALUES[0], "the first to be saved")
        disk = Path(f"/proc/{screen.pid}/root{home}")
        filler = disk / "filler"
        number = 0
        while "保存できません" not in screen.header:
            # The first time its reserve makes room, and what was typed is saved after all.
            _fill(filler)
            number += 1
            screen.choose(number)
            value = VALUES[number]
            screen.until(
                lambda v=value: screen.promised() == v or "保存できません" in screen.header,  # type: ignore[misc]
                "a verdict about the save",
            )
            if number == 8:
                return [*wrong, "full: never told"]
        if not re.search(
            r"保存できません \d+件 \d\d:\d\d:\d\dから", screen.header
        ):  # findings of checks count too
            wrong.append(f"full: {screen.header}")
        if SAVED in screen.header:
            wrong.append("full: called saved and is not")
        screen.send("q")
        screen.see("このまま終了すると失われます")
        screen.send("\x1b")
        screen.until(lambda: "失われます" not in screen.text and bool(screen.header), "to stay")
        filler.unlink()
        screen.until(lambda: screen.promised() == VALUES[number], "the saver to make it good")
        screen.send("q")
        code = screen.wait()
        if code != 0:
            wrong.append(f"full: ended with {code}")
    return wrong


def _fill(filler: Path) -> None:
    with open(filler, "ab", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
