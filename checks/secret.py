"""A password on its way through the program: it can be used, and neither shown nor kept."""

from __future__ import annotations

from typing import NoReturn

FILE_PASSWORD = "certificate password"
"""Under this name a run's memo holds the password of the certificate file, when one was given."""


def no_dumps() -> None:
    """From here on no core dump of this process is written, and on Linux nobody but root may look into its memory.

    Called before a password comes in, and never taken back: what was freed may still lie in memory. prctl(2),
    PR_SET_DUMPABLE, also keeps it from a handler that core_pattern names, which the limit alone does not. Windows has
    no such call; what Windows Error Reporting keeps there is the administrator's choice (docs/unverified.md).
    """
    import importlib
    from contextlib import suppress

    with suppress(ImportError, OSError, ValueError):
        resource = importlib.import_module("resource")
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with suppress(ImportError, OSError, AttributeError, TypeError):  # no other system has it
        import ctypes

        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


class Secret:
    """Bytes that no message, log, traceback or file ever shows; compared by identity, never pickled or copied."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return "***"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not stored")


def first_line(descriptor: int, limit: int = 1024) -> Secret | None:
    """The first line that can be read from a descriptor, without its end; None when nothing is there.

    Read byte by byte and never beyond the line. Raises `ValueError` for a longer one, `OSError` when it cannot be read.
    """
    import os

    no_dumps()
    line = bytearray()
    while chunk := os.read(descriptor, 1):
        if chunk == b"\n":
            return Secret(bytes(line.removesuffix(b"\r")))
        line += chunk
        if len(line) > limit:
            raise ValueError("the line is too long")
    return Secret(bytes(line)) if line else None
