"""How the time grows: with the number of sessions, with the size of one, with the certificates of a bundle; and one save."""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from checks.guide import load_guide
from state.live.open_session import open_session
from state.live.session import Session
from tests.benchmarks.processes import OURS, once
from tests.support.helpers_session import saved_rev

SESSIONS = (10, 100, 1_000, 10_000)
NOTES = (0, 50, 500)
CERTIFICATES = (10, 100, 1_000)
SAVES = 40


def sessions(home: Path, env: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """`status` with more and more saved ones."""
    folder = home / "sessions"
    folder.mkdir(parents=True, mode=0o700)
    with contextlib.closing(open_session(home / "model.toml", load_guide)) as session:
        session.answer("case.procedure", "transfer")
        session.flush(5)
    body = (home / "model.toml").read_bytes()
    rows, made = {}, 0
    for count in SESSIONS:
        for number in range(made, count):
            path = folder / f"customer-{number:05}.toml"
            path.write_bytes(body)
            path.chmod(0o600)
        made = count
        rows[f"{count} sessions"] = {
            "status ms": statistics.median(
                once([*OURS, "status", "--session", "customer-00001"], env)[0] for _ in range(3)
            ),
        }
    return rows


def session_size(home: Path, env: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """`status` and one save with more and longer notes in the session."""
    rows = {}
    for count in NOTES:
        path = home / f"notes-{count}.toml"
        with contextlib.closing(open_session(path, load_guide)) as session:
            for number in range(count):
                session.note(f"item-{number}", "これはとても長い覚え書きです。" * 20)
            session.answer("case.procedure", "transfer")
            session.flush(20)
            saves = _saves(session, 10)
        rows[f"{path.stat().st_size // 1000} kB"] = {
            "status ms": statistics.median(
                once([*OURS, "status", "--state", str(path)], env)[0] for _ in range(3)
            ),
            "save ms": statistics.median(saves),
        }
    return rows


def saving(home: Path) -> dict[str, dict[str, float]]:
    """One save, beside a bare write, fsync, rename and fsync of the folder with the same bytes, taken in turns."""
    path, bare = home / "saved.toml", home / "bare.toml"
    ours, plain = [], []
    with contextlib.closing(open_session(path, load_guide)) as session:
        session.answer("case.procedure", "transfer")
        session.flush(5)
        data = path.read_bytes()
        for _ in range(SAVES):
            ours += _saves(session, 1)
            begin = time.perf_counter()
            _bare(bare, data)
            plain.append((time.perf_counter() - begin) * 1000)
    mine, least = statistics.median(ours), statistics.median(plain)
    return {"one save": {"ms": mine, "bare ms": least, "x bare": mine / least, "bytes": len(data)}}


def _saves(session: Session, count: int) -> list[float]:
    took = []
    for number in range(count):
        begin = time.perf_counter()
        session.answer("case.vehicle", ("registered", "kei")[number % 2 ^ (saved_rev(session) % 2)])
        session.flush(5)
        took.append((time.perf_counter() - begin) * 1000)
    return took


def _bare(path: Path, data: bytes) -> None:
    new = path.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(handle, data)
    os.fsync(handle)
    os.close(handle)
    os.replace(new, path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def certificates(home: Path, env: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Reading a bundle of so many root certificates, in a process of its own beside the imports alone."""
    import certifi

    whole = Path(certifi.where()).read_text("ascii").split("-----END CERTIFICATE-----\n")[:-1]
    blocks = [block + "-----END CERTIFICATE-----\n" for block in whole]
    read = (
        "import sys; from checks.pki.anchors import Roots, read_file\n"
        "if sys.argv[1]: [Roots(read_file(sys.argv[1])).named(b'x')]"
    )
    rows = {}
    for count in CERTIFICATES:
        path = home / f"bundle-{count}.pem"
        path.write_text("".join(blocks[number % len(blocks)] for number in range(count)), "ascii")
        empty, full = (
            statistics.median(once([sys.executable, "-c", read, name], env)[0] for _ in range(3))
            for name in ("", str(path))
        )
        rows[f"{count} certificates"] = {"ms": full - empty, "ms each": (full - empty) / count}
    return rows
