"""What a child process is given to do in the tests: work that ends badly in every way."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time


def length(data: bytes) -> bytes:
    return str(len(data)).encode()


def answer(data: bytes) -> bytes:
    return b"x" * int(data)


def sleep(data: bytes) -> bytes:
    time.sleep(600)
    return data


def spin(data: bytes) -> bytes:
    while True:
        data = data[:1]


def hold(data: bytes) -> bytes:
    """A key derivation in compiled code, as a hostile file can ask for it."""
    return hashlib.pbkdf2_hmac("sha1", b"x", b"y", 2**31 - 1)


def flood(data: bytes) -> bytes:
    return b"x" * 50_000_000


def eat(data: bytes) -> bytes:
    return str(len(bytearray(int(data)))).encode()


def raises(data: bytes) -> bytes:
    raise ValueError(data)


class Panic(BaseException):
    """As compiled code raises it."""


def panics(data: bytes) -> bytes:
    raise Panic(data)


def leaves(data: bytes) -> bytes:
    sys.exit(0)


def dies(data: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGTERM)
    return b""


def prints(data: bytes) -> bytes:
    print("noise", flush=True)
    os.write(1, b"more noise")
    return b"answer"


def surroundings(data: bytes) -> bytes:
    return repr((sys.argv, dict(os.environ), sys.orig_argv)).encode()


def dumps(data: bytes) -> bytes:
    """Whether the system may write this process's memory down: PR_GET_DUMPABLE, and the limit of a core file."""
    import ctypes
    import importlib

    resource = importlib.import_module("resource")
    return f"{ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)} {resource.getrlimit(resource.RLIMIT_CORE)[0]}".encode()
