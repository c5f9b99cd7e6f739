"""The command line under what Windows does otherwise, modelled so that it is tried everywhere."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from state.file import files
from tui.cli import console, terminal


class Gone:
    """A standard output whose reader went away."""

    encoding = "cp932"

    def __init__(self, error: OSError) -> None:
        self.buffer = self
        self._error = error

    def write(self, data: Any) -> None:
        raise self._error

    def flush(self) -> None:
        pass

    def fileno(self) -> int:
        raise OSError


@pytest.mark.parametrize("what", ["text", "bytes"])
@pytest.mark.parametrize(
    ("number", "system", "gone"),
    [
        (errno.EINVAL, "win32", True),
        (errno.EINVAL, "linux", False),
        (errno.EPIPE, "linux", True),
        (errno.ENOSPC, "win32", False),
    ],
)
def test_a_reader_that_went_away_is_told_from_a_full_disk(
    monkeypatch: pytest.MonkeyPatch, what: str, number: int, system: str, gone: bool
) -> None:
    stream = Gone(OSError(number, "x"))
    monkeypatch.setattr(console, "sys", SimpleNamespace(platform=system, stdout=stream, stderr=sys.stderr))
    with pytest.raises(console.OutputGone if gone else OSError) as caught:
        console.emit("x") if what == "text" else console.emit_bytes(b"x")
    assert isinstance(caught.value, console.OutputGone) is gone


def test_a_report_that_is_being_looked_at_is_replaced_once_it_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report.html").write_bytes(b"old")
    left = 5
    waits: list[float] = []
    really = os.replace

    def replace(source: Path, target: Path) -> None:
        nonlocal left
        left -= 1
        if left:
            error = PermissionError(errno.EACCES, "held")
            error.winerror = 32  # type: ignore[attr-defined, unused-ignore]
            raise error
        really(source, target)

    monkeypatch.setattr(files, "_sleep", waits.append)
    monkeypatch.setattr(os, "replace", replace)
    console.write_file(tmp_path / "report.html", (b"new",))
    assert (tmp_path / "report.html").read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
    assert len(waits) == 4


@pytest.mark.parametrize(("system", "said"), [("win32", "not measured"), ("linux", "does not answer")])
def test_a_terminal_that_was_not_asked_is_not_called_silent(
    monkeypatch: pytest.MonkeyPatch, system: str, said: str
) -> None:
    monkeypatch.setattr(terminal, "sys", SimpleNamespace(platform=system))
    out = io.StringIO()
    terminal.TerminalReport("en", out).widths(lambda _: None)
    assert said in out.getvalue()
