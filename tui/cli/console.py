"""Standard output for data, standard error for messages, whatever the console can show; files written as a whole."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, TextIO

from checks.shown import show
from checks.text import Lang, Text
from state.layout import lines

if TYPE_CHECKING:
    from pathlib import Path

NO_JAPANESE = (
    "This console cannot show Japanese ({encoding}). Set it to UTF-8 (a locale such as ja_JP.UTF-8, on Windows chcp 65001), "
    "or add --lang en."
)
"""In English alone, since nothing else can be read there."""
WIDEST = 100
"""Cells of a line of running text, also where the terminal is wider."""


class OutputGone(Exception):
    """Whoever read our standard output went away."""


def prepare() -> None:
    """Make both streams take any character: what the console cannot show is spelled out, never an exception."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with contextlib.suppress(ValueError, OSError):
                reconfigure(errors="backslashreplace")


def is_unicode(stream: TextIO | None) -> bool:
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether the stream is a terminal; a closed or missing one is not."""
    try:
        return stream is not None and stream.isatty()
    except (ValueError, OSError):
        return False


def width(stream: TextIO | None = None) -> int:
    """Cells to wrap running text to, 0 when the output is no terminal and lines stay whole."""
    stream = stream if stream is not None else sys.stdout
    if not is_terminal(stream):
        return 0
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return min(max(columns or 80, 40), WIDEST)


def visible(text: str, stream: TextIO) -> str:
    """`text` in characters that the stream's encoding is likely to have."""
    if is_unicode(stream):
        return text
    from tui.terminal.glyphs import SAFE, substitute

    return substitute(text, SAFE)


def emit(text: str, *, flush: bool = True) -> None:
    """Write data to standard output; raises `OutputGone` when nobody reads it and `OSError` when it cannot be written."""
    stream = sys.stdout
    if stream is None:
        return
    with _reader_may_go():
        stream.write(visible(text, stream))
        if flush:
            stream.flush()
    _warn_without_japanese(text, stream)


def emit_bytes(data: bytes) -> None:
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        emit(data.decode("utf-8"))
        return
    with _reader_may_go():
        sys.stdout.flush()
        buffer.write(data)
        buffer.flush()


@contextlib.contextmanager
def _reader_may_go() -> Iterator[None]:
    """Turn the end of a pipe's reader, which Windows reports as an invalid argument, into `OutputGone`."""
    try:
        yield
    except OSError as error:
        with contextlib.suppress(
            OSError, ValueError
        ):  # the interpreter's last flush goes nowhere and does not complain
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, sys.stdout.fileno())
            os.close(null)
        if isinstance(error, BrokenPipeError) or (error.errno == errno.EINVAL and sys.platform == "win32"):
            raise OutputGone from None
        raise


def tell(text: Text | str, lang: Lang) -> None:
    """One message on standard error; a closed one is no reason to fail."""
    stream = sys.stderr
    if stream is None:
        return
    sentence = text if isinstance(text, str) else text.to(lang)
    with contextlib.suppress(OSError, ValueError):
        for line in lines(visible(sentence, stream), width(stream)):
            stream.write(line + "\n")
        stream.flush()
    _warn_without_japanese(sentence, stream)


def _warn_without_japanese(text: str, stream: TextIO) -> None:
    """Say what to set when `text` needs Japanese and the stream has none."""
    if text.isascii():
        return
    try:
        "あ亜".encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        _say_what_to_set(stream.encoding or "?")


@cache
def _say_what_to_set(encoding: str) -> None:
    """Once, for both streams."""
    tell(NO_JAPANESE.format(encoding=show(encoding, 40)), "en")


def write_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Put a whole file in place or leave the old one: temporary file, fsync, rename. Raises `OSError`."""
    from state.file import files

    target = path
    if os.path.islink(target):
        target = type(path)(os.path.realpath(target))
        if os.path.islink(target):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))
    if os.path.isdir(target):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if os.path.exists(target) and not os.path.isfile(target):
        with target.open("wb") as device:  # /dev/null, a pipe
            device.writelines(pieces)
        return
    files.write_over(target, b"".join(pieces), target.with_name(f".{target.name[:40]}.{os.getpid()}.tmp"))
