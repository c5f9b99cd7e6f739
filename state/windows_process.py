"""Whether a process of Windows still runs, and when it began: four calls of kernel32, which load nothing large.

Facts: OpenProcess, WaitForSingleObject and GetProcessTimes of Microsoft's documentation.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

_ASK = 0x1000 | 0x00100000
"""PROCESS_QUERY_LIMITED_INFORMATION, which is given for processes of other users too, and SYNCHRONIZE."""
_DENIED = 5
_STILL_RUNS = 0x102


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


@lru_cache(maxsize=1)
def _kernel() -> tuple[Any, Any]:
    """The library and what tells the number of its last error; raises `OSError` on other systems."""
    if sys.platform != "win32":
        raise OSError("no Windows")
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True, winmode=0x800)
    kernel.OpenProcess.restype = ctypes.c_void_p
    kernel.OpenProcess.argtypes = [ctypes.c_uint32, ctypes.c_int, ctypes.c_uint32]
    kernel.WaitForSingleObject.restype = ctypes.c_uint32
    kernel.WaitForSingleObject.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    kernel.GetProcessTimes.argtypes = [ctypes.c_void_p] * 5
    kernel.CloseHandle.argtypes = [ctypes.c_void_p]
    return kernel, ctypes.get_last_error
