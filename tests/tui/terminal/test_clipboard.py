"""The clipboard of Windows, by a model of its calls; that of the terminal has its tests in `test_text.py`."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import pytest

from tui.terminal import clipboard

TEXT = "-----BEGIN-----\n車\n"


class Windows:
    """Both libraries: who has the clipboard open, what is in it, and which memory and windows are left."""

    def __init__(self, *, busy: int = 0, fails: str = "") -> None:
        self.busy, self.fails = busy, fails
        self.opened: int | None = None
        self.owner = 0
        self.held: bytes | None = b"before"
        self.memory: dict[int, Any] = {}
        self.windows: set[int] = set()
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        act = getattr(type(self), f"_{name}")

        def call(*args: Any) -> Any:
            self.calls.append(name)
            return 0 if name == self.fails else act(self, *args)

        return call

    def _CreateWindowExW(self, style: int, name: str, *rest: Any) -> int:
        assert (name, rest[6], len(rest)) == ("STATIC", -3, 10)
        self.windows.add(77)
        return 77

    def _DestroyWindow(self, window: int) -> int:
        self.windows.remove(window)
        return 1

    def _OpenClipboard(self, window: int) -> int:
        if self.busy:
            self.busy -= 1
            return 0
        self.opened = window
        return 1

    def _EmptyClipboard(self) -> int:
        assert self.opened is not None
        self.owner, self.held = self.opened, None
        return 1

    def _SetClipboardData(self, form: int, block: int) -> int:
        if form != 13 or not self.owner or self.opened is None:
            return 0
        self.held = self.memory.pop(block).raw
        return block

    def _CloseClipboard(self) -> int:
        assert self.opened is not None
        self.opened = None
        return 1

    def _GlobalAlloc(self, kind: int, size: int) -> int:
        assert kind == 2
        self.memory[5] = ctypes.create_string_buffer(size)
        return 5

    def _GlobalLock(self, block: int) -> int:
        return ctypes.addressof(self.memory[block])

    def _GlobalUnlock(self, block: int) -> int:
        return 0

    def _GlobalFree(self, block: int) -> int:
        del self.memory[block]
        return 0


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """At a desk, and how long was waited."""
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    pauses: list[float] = []
    monkeypatch.setattr(clipboard, "_sleep", pauses.append)
    return pauses


def on(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(clipboard, "_windows", lambda: (windows, windows))
    return clipboard.put(TEXT)


@pytest.mark.parametrize("busy", [0, 3])
def test_a_text_is_put_whole_and_nothing_is_left(
    busy: int, waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = Windows(busy=busy)
    assert on(windows, monkeypatch)
    assert windows.held == (TEXT + "\0").encode("utf-16-le")
    assert (windows.opened, windows.memory, windows.windows) == (None, {}, set())
    assert len(waited) == busy


@pytest.mark.parametrize(
    "fails", ["CreateWindowExW", "GlobalAlloc", "GlobalLock", "EmptyClipboard", "SetClipboardData"]
)
def test_a_refusal_is_told_and_nothing_is_left_open(
    fails: str, waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = Windows(fails=fails)
    assert not on(windows, monkeypatch)
    assert (windows.opened, windows.memory, windows.windows) == (None, {}, set())


def test_one_that_stays_open_elsewhere_is_given_up(
    waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = Windows(busy=1000)
    assert not on(windows, monkeypatch)
    assert (windows.held, windows.windows) == (b"before", set())
    assert sum(waited) < 1


def test_the_clipboard_of_the_far_end_of_ssh_is_left_alone(
    waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")
    windows = Windows()
    assert not on(windows, monkeypatch)
    assert windows.calls == []


def test_other_systems_have_none(waited: list[float]) -> None:
    if sys.platform != "win32":
        assert not clipboard.put(TEXT)
