"""The clipboard of the person in front of the terminal, by OSC 52: sent, never confirmed; on Windows also its own.

Facts of the latter: OpenClipboard, SetClipboardData and GlobalAlloc of Microsoft's documentation.
"""

from __future__ import annotations

import base64
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

LIMIT = 3000
"""Bytes of text: with base64 and wrapping below the 4,096 that Tera Term and others take of an OSC."""

_PLAIN = r"\x1b\]52;c;[A-Za-z0-9+/=]{1,4096}\x07"
_CONTROL = re.compile(rf"\x07|{_PLAIN}(?:\x1bPtmux;\x1b{_PLAIN}\x1b\\)?")
_PIECES = re.compile(r"(?:\x1bP[^\\]{1,400}\x1b\\){1,12}")


class Copied(StrEnum):
    """What became of a text to be copied."""

    SENT = "sent"
    """Handed to the terminal, which may or may not take it: say "sent to the terminal", never "copied"."""
    TOO_LONG = "too-long"
    UNSUPPORTED = "unsupported"
    """Known not to work here, or there is no line to the terminal."""


def copy(text: str, send: Callable[[str], bool], environ: Mapping[str, str] | None = None) -> Copied:
    """Send `text` to the clipboard through `send` (the driver's `send_control`)."""
    environ = os.environ if environ is None else environ
    data = text.encode("utf-8", "replace")
    if len(data) > LIMIT:
        return Copied.TOO_LONG
    if not data or is_known_not_to(environ):
        return Copied.UNSUPPORTED
    return Copied.SENT if send(sequence(data, environ)) else Copied.UNSUPPORTED


def is_known_not_to(environ: Mapping[str, str]) -> bool:
    """Whether this terminal is known to ignore OSC 52."""
    return environ.get("TERM_PROGRAM") == "Apple_Terminal" or environ.get("TERM") in ("linux", "dumb")


def sequence(data: bytes, environ: Mapping[str, str]) -> str:
    """OSC 52 for these bytes, wrapped so that tmux or GNU screen hands it on to the terminal outside."""
    code = base64.b64encode(data).decode("ascii")
    plain = f"\x1b]52;c;{code}\x07"
    around = multiplexer(environ)
    if around == "tmux":  # by itself for `set-clipboard on`, wrapped for `allow-passthrough on`
        return f"{plain}\x1bPtmux;\x1b{plain}\x1b\\"
    if around == "screen":  # it takes 768 bytes a string: in pieces, put together by the terminal
        return "".join(f"\x1bP{plain[at : at + 400]}\x1b\\" for at in range(0, len(plain), 400))
    return plain


def multiplexer(environ: Mapping[str, str]) -> str:
    """The innermost one around us: `tmux`, `screen`, or nothing where that cannot be told.

    Of one within the other both have left their variable; screen would print what is wrapped for tmux.
    """
    term = environ.get("TERM", "")
    if environ.get("TMUX") and environ.get("STY"):
        return "tmux" if term.startswith("tmux") else "screen" if term.startswith("screen.") else ""
    return "tmux" if environ.get("TMUX") else "screen" if environ.get("STY") else ""


def is_control(data: str) -> bool:
    """Whether this is one of the sequences made here, or BEL: the only ones the driver sends that are no picture."""
    if _PIECES.fullmatch(data):  # for GNU screen: what the pieces make together
        data = data.replace("\x1b\\", "").replace("\x1bP", "")
        return data != "\x07" and re.fullmatch(_PLAIN, data) is not None
    return _CONTROL.fullmatch(data) is not None


def put(text: str) -> bool:
    """Puts a text into the clipboard of Windows, where the person sits at it; False on another system or where it was refused."""
    try:
        return "SSH_CONNECTION" not in os.environ and _put(*_windows(), text.encode("utf-16-le") + b"\0\0")
    except OSError:
        return False


_MESSAGE_ONLY = -3
_UNICODE_TEXT = 13
_MOVEABLE = 2
_TRIES = 10
_sleep = time.sleep


def _put(user: Any, kernel: Any, data: bytes) -> bool:
    import ctypes

    # Emptied by nobody's window, it has no owner and takes nothing.
    window = user.CreateWindowExW(0, "STATIC", None, 0, 0, 0, 0, 0, _MESSAGE_ONLY, None, None, None)
    try:
        for _ in range(_TRIES):
            if user.OpenClipboard(window):
                break
            _sleep(0.02)  # another program has it open for a moment
        else:
            return False
        try:
            block = kernel.GlobalAlloc(_MOVEABLE, len(data))
            place = kernel.GlobalLock(block) if block else None
            if place:
                ctypes.memmove(place, data, len(data))
                kernel.GlobalUnlock(block)
                if user.EmptyClipboard() and user.SetClipboardData(_UNICODE_TEXT, block):
                    return True  # the system owns the memory
            if block:
                kernel.GlobalFree(block)
            return False
        finally:
            user.CloseClipboard()
    finally:
        if window:
            user.DestroyWindow(window)


@lru_cache(maxsize=1)
def _windows() -> tuple[Any, Any]:
    """The two libraries; raises `OSError` on other systems."""
    if sys.platform != "win32":
        raise OSError("no Windows")
    import ctypes

    pointer, number, text, size = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_wchar_p, ctypes.c_size_t
    user, kernel = (ctypes.WinDLL(name, winmode=0x800) for name in ("user32", "kernel32"))
    calls: tuple[tuple[Any, Any, list[Any]], ...] = (
        (user.CreateWindowExW, pointer, [number, text, text, number, *[ctypes.c_int32] * 4, *[pointer] * 4]),
        (user.DestroyWindow, number, [pointer]),
        (user.OpenClipboard, number, [pointer]),
        (user.EmptyClipboard, number, []),
        (user.SetClipboardData, pointer, [number, pointer]),
        (user.CloseClipboard, number, []),
        (kernel.GlobalAlloc, pointer, [number, size]),
        (kernel.GlobalLock, pointer, [pointer]),
        (kernel.GlobalUnlock, number, [pointer]),
        (kernel.GlobalFree, pointer, [pointer]),
    )
    for function, result, arguments in calls:
        function.restype, function.argtypes = result, arguments
    return user, kernel
