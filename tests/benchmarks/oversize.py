"""What oversize input costs: time and peak memory of the one place that reads it, as the input doubles."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path

from checks.guide import load_guide
from state.errors import SessionUnreadable
from state.file import load
from tui.terminal.input import Input

CHUNK = 4096
"""Bytes of one read from a terminal."""
KILOBYTES = (250, 500, 1_000)
"""Sizes of the input; a session file may have at most 1 MiB, a terminal may send without an end."""
FLOODS: Mapping[str, tuple[bytes, bytes]] = {
    "osc": (b"\x1b]52;c;", b"A"),
    "dcs": (b"\x1bP1+r", b"6"),
    "csi": (b"\x1b[", b"1;"),
    "paste": (b"\x1b[200~", b"a"),
    "mouse": (b"", b"\x1b[<35;10;10M"),
}
"""What a terminal sends without an end: how it begins, and what repeats."""
FILES: Mapping[str, Callable[[int], str]] = {
    "long value": lambda size: '# .\nx = "' + "a" * size + '"\n',
    "deep key": lambda size: "a." * (size // 2) + "b = 1\n",
    "nested arrays": lambda size: "x = " + "[" * (size // 2) + "]" * (size // 2) + "\n",
}


def measure(home: Path) -> dict[str, dict[str, float]]:
    """Milliseconds and peak kilobytes of each input at each size."""
    rows: dict[str, dict[str, float]] = {}
    for kilobytes in KILOBYTES:
        row = rows[f"{kilobytes} kB"] = {}
        for name, (begin, part) in FLOODS.items():
            data = begin + part * (kilobytes * 1000 // len(part))
            row[f"{name} ms"], row[f"{name} kB"] = _cost(lambda data=data: _feed(data))  # type: ignore[misc]
        for name, make in FILES.items():
            path = home / "big.toml"
            path.write_text(make(kilobytes * 1000), "utf-8")
            path.chmod(0o600)
            row[f"{name} ms"], row[f"{name} kB"] = _cost(lambda path=path: _load(path))  # type: ignore[misc]
    return rows


def _feed(data: bytes) -> None:
    reader = Input()
    for at in range(0, len(data), CHUNK):
        reader.feed(data[at : at + CHUNK], at / 1e6)


def _load(path: Path) -> None:
    try:
        load.load(path, load_guide)
    except SessionUnreadable:
        return


def _cost(work: Callable[[], None]) -> tuple[float, float]:
    begin = time.perf_counter()
    work()
    took = time.perf_counter() - begin
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return took * 1000, peak / 1000
