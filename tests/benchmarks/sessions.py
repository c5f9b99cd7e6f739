"""The sessions screen and the first listing with ten and with ten thousand saved sessions, in turns."""

from __future__ import annotations

import contextlib
import os
import statistics
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from checks.guide import load_guide
from state.live.open_session import open_session
from tests.benchmarks.processes import OURS, once
from tests.benchmarks.terminal import Raw

COUNTS = (10, 100, 1_000, 10_000)
SIZE = (80, 24)
GAP = 0.6
_WORD = "移転登録".encode()
"""What every line of the list has once its session has been read."""


def make(home: Path, count: int) -> None:
    """So many sessions, in eight kinds: some dozen answers, and a note with a number plate."""
    folder = home / "sessions"
    folder.mkdir(parents=True, mode=0o700)
    bodies = []
    for number in range(8):
        model = home / f"model-{number}.toml"
        with contextlib.closing(open_session(model, load_guide)) as session:
            session.answer("case.procedure", "transfer")
            session.answer("case.vehicle", ("registered", "kei")[number % 2])
            session.answer("case.applicant", ("individual", "corporation")[number // 2 % 2])
            session.answer("case.role", ("dealer", "gyoseishoshi")[number // 4])
            for question in ("documents.seal", "documents.inspection-certificate", "pc.update"):
                session.answer(question, "yes")
            session.answer("documents.event-date", date(2026, 11, 1 + number))
            session.note("documents", f"品川500さ12-{number:02} 印鑑証明は来週")
            session.flush(5)
        bodies.append(model.read_bytes())
        for left in home.glob(f"model-{number}.toml*"):
            left.unlink()
    for number in range(count):
        path = folder / f"customer-{number:05}.toml"
        path.write_bytes(bodies[number % len(bodies)])
        path.chmod(0o600)


def _page(program: Raw, count: int) -> float:
    """Open the screen; ms until ten lines stand there with what their sessions hold."""
    before, pressed = len(program.data), time.monotonic()
    os.write(program.fd, b"s")
    while program.data.count(_WORD, before) < min(10, count) and time.monotonic() - pressed < 60:
        if not program.read(1.0):
            break
    return (program.last - pressed) * 1000


def _names(program: Raw) -> float:
    """Open the screen; ms until the first names stand there."""
    before, pressed = len(program.data), time.monotonic()
    os.write(program.fd, b"s")
    while b"customer-" not in program.data[before:] and time.monotonic() - pressed < 60:
        if not program.read(1.0):
            break
    return (program.last - pressed) * 1000


def measure(home: Path, env: Mapping[str, str], rounds: int) -> dict[str, dict[str, float]]:
    """Of each number of sessions: the first opening, later ones, a letter typed, and `sessions` without and with its index."""
    rows: dict[str, dict[str, float]] = {}
    programs: dict[int, Raw] = {}
    taken: dict[int, list[tuple[float, float]]] = {count: [] for count in COUNTS}
    try:
        for count in COUNTS:
            place = home / str(count)
            make(place, count)
            here = {**env, "OSS_JUNBI_HOME": str(place), "TERM": "xterm-256color"}
            listing = [*OURS, "sessions", "--format", "json"]
            first = once(listing, here)[0]
            again = statistics.median(once(listing, here)[0] for _ in range(3))
            (place / "sessions-index.jsonl").unlink()
            argv = [*OURS, "--offline", "--session", "customer-00000"]
            program = programs[count] = Raw(argv, here, SIZE)
            program.until_picture()
            program.until_quiet(1.0)
            names = _names(program)
            begin = time.monotonic()
            read = (program.until_quiet(GAP, limit=600) - begin) * 1000
            os.write(program.fd, b"\x1b")
            program.until_quiet(GAP)
            rows[f"{count}"] = {
                "list, no index ms": first, "list ms": again, "first open ms": names, "all read ms": names + read,
            }  # fmt: skip
        for number in range(rounds + 1):
            for count, program in programs.items():
                page = _page(program, count)
                program.until_quiet(GAP)
                typed = program.press("0", GAP)[0]
                os.write(program.fd, b"\x7f\x1b")
                program.until_quiet(GAP)
                if number:
                    taken[count].append((page, typed))
    finally:
        for program in programs.values():
            program.close()
    least = statistics.median(run[0] for run in taken[COUNTS[0]])
    for count, runs in taken.items():
        page, typed = (statistics.median(run[at] for run in runs) for at in range(2))
        rows[f"{count}"] |= {"open ms": page, "open x 10": page / least, "letter ms": typed}
    return rows
