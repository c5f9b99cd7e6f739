"""What session files ask of Windows by calls of kernel32, which load nothing large: locks, and whether a process still runs.

Facts: LockFile, OpenProcess, WaitForSingleObject and GetProcessTimes of Microsoft's documentation. The locks are not left to
the C library, whose error numbers tell less, and which need not set any.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

_ASK = 0x1000 | 0x00100000
"""PROCESS_QUERY_LIMITED_INFORMATION, which is given for processes of other users too, and SYNCHRONIZE."""
_DENIED = 5
_STILL_RUNS = 0x102


def lock(handle: int, byte: int) -> int:
    """Locks one byte of the open file for this handle alone, at once: 0, or the number of Windows that says why not."""
    kernel, code = _kernel()
    if kernel.LockFile(_of(handle), byte & 0xFFFFFFFF, byte >> 32, 1, 0):
        return 0
    return int(code())


def unlock(handle: int, byte: int) -> None:
    """Gives the byte back; one that was not locked stays so."""
    kernel, _ = _kernel()
    kernel.UnlockFile(_of(handle), byte & 0xFFFFFFFF, byte >> 32, 1, 0)


def start_of(pid: int) -> str | None:
    """When the process began, in units of 100 ns since 1601; empty when it runs and may not be asked, None when none runs."""
    kernel, code = _kernel()
    handle = kernel.OpenProcess(_ASK, 0, pid)
    if not handle:
        return "" if code() == _DENIED else None
    try:
        # One that has ended keeps its number while anybody holds a handle of it.
        if kernel.WaitForSingleObject(handle, 0) != _STILL_RUNS:
            return None
        return _began(kernel, handle)
    finally:
        kernel.CloseHandle(handle)


def _began(kernel: Any, handle: int) -> str:
    import ctypes

    times = [ctypes.c_uint64() for _ in range(4)]
    done = kernel.GetProcessTimes(handle, *(ctypes.byref(one) for one in times))
    return str(times[0].value) if done else ""


def _of(handle: int) -> int:
    """The handle of Windows behind a descriptor of the C library."""
    if sys.platform != "win32":
        raise OSError("no Windows")
    import msvcrt

    return msvcrt.get_osfhandle(handle)


@lru_cache(maxsize=1)
def _kernel() -> tuple[Any, Any]:
    """The library and what tells the number of its last error; raises `OSError` on other systems."""
    if sys.platform != "win32":
        raise OSError("no Windows")
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True, winmode=0x800)
    kernel.LockFile.argtypes = [ctypes.c_void_p, *[ctypes.c_uint32] * 4]
    kernel.UnlockFile.argtypes = [ctypes.c_void_p, *[ctypes.c_uint32] * 4]
    kernel.OpenProcess.restype = ctypes.c_void_p
    kernel.OpenProcess.argtypes = [ctypes.c_uint32, ctypes.c_int, ctypes.c_uint32]
    kernel.WaitForSingleObject.restype = ctypes.c_uint32
    kernel.WaitForSingleObject.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    kernel.GetProcessTimes.argtypes = [ctypes.c_void_p] * 5
    kernel.CloseHandle.argtypes = [ctypes.c_void_p]
    return kernel, ctypes.get_last_error
