"""The clipboard of the person in front of the terminal, by OSC 52: sent, never confirmed."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable, Mapping
from enum import StrEnum

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
