"""A Windows of Wine's in a folder of its own, in which the unpacked bundle runs; everything started here is stopped here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WINE = shutil.which("wine64") or "/usr/lib/wine/wine64"
SERVER = "/usr/lib/wine/wineserver64"
COMPILER = shutil.which("x86_64-w64-mingw32-gcc")
PATIENCE = 120
STAND_IN = """
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T size)
{ return SystemFunction036(buffer, (ULONG)size); }
"""
"""The one function of Windows' `bcryptprimitives.dll` that Python needs and Wine 8 has not: random bytes of the system."""


def missing() -> str:
    """What cannot be had here, empty when Wine can be used."""
    parts = {"wine64": os.path.exists(WINE), "wineserver": os.path.exists(SERVER), "mingw-w64": COMPILER}
    parts["localedef"] = shutil.which("localedef")
    return ", ".join(name for name, there in parts.items() if not there)


@dataclass(frozen=True)
class Ended:
    """How a program ended and what it said, read as a Japanese console reads it."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Wine:
    """A prefix with a running server."""

    env: dict[str, str]
    prefix: Path

    @property
    def local_data(self) -> Path:
        """The folder that programs know as %LOCALAPPDATA%."""
        return next(self.prefix.glob("drive_c/users/*/AppData/Local"))

    def run(
        self, program: Path, *arguments: str, typed: str = "", env: dict[str, str] | None = None
    ) -> Ended:
        """Run a program; Wine's Python takes pipes alone for its streams, never files."""
        ended = subprocess.run(
            [WINE, str(program), *arguments],
            input=typed.encode("cp932"),
            capture_output=True,
            env=self.env | (env or {}),
            timeout=PATIENCE,
        )
        return Ended(ended.returncode, *(_read(text) for text in (ended.stdout, ended.stderr)))


def _read(said: bytes) -> str:
    return said.decode("cp932").replace("\r\n", "\n")


@contextmanager
def windows(folder: Path, program: Path) -> Iterator[Wine]:
    """A fresh Japanese Windows below `folder`, whose Python beside `program` finds what Wine has not."""
    locales, prefix = folder / "locales", folder / "prefix"
    locales.mkdir()
    prefix.mkdir()
    made = locales / "ja_JP.UTF-8"
    # Its warnings end in an exit code of 1.
    subprocess.run(["localedef", "-i", "ja_JP", "-f", "UTF-8", str(made)], check=False, capture_output=True)
    source = folder / "stand_in.c"
    source.write_text(STAND_IN, "ascii")
    library = program.parent / "python" / "bcryptprimitives.dll"
    subprocess.run([str(COMPILER), "-shared", "-o", str(library), str(source), "-ladvapi32"], check=True)
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = inherited | {
        "WINEPREFIX": str(prefix),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml=",
        "LOCPATH": str(locales),
        "LC_ALL": "ja_JP.UTF-8",
    }
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([SERVER, "-p"], env=env, check=True, timeout=PATIENCE, **quiet)  # type: ignore[call-overload]
    try:
        subprocess.run([WINE, "wineboot", "-i"], env=env, check=True, timeout=PATIENCE, **quiet)  # type: ignore[call-overload]
        yield Wine(env, prefix)
    finally:
        subprocess.run([SERVER, "-k"], env=env, check=False, timeout=PATIENCE, **quiet)  # type: ignore[call-overload]
