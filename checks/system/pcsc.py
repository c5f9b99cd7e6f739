"""The readers that the system's PC/SC service knows, asked through its own library: no other package is needed."""

from __future__ import annotations

import ctypes
import sys

from checks.system.api import Unavailable

_NO_READERS = 0x8010002E
_NO_SERVICE = frozenset({0x8010001D, 0x8010001E})
_SCOPE_USER, _SCOPE_SYSTEM = 0, 2
_MOST = 64 * 1024


def readers() -> tuple[str, ...]:
    """Names of the readers connected now; raises `Unavailable` when the service or its library does not answer.

    Calls and error numbers: PC/SC Workgroup part 5; SCardListReaders of winscard, pcsc-lite and macOS's PCSC.
    """
    library, number, handle = _library()
    suffix = "W" if sys.platform == "win32" else ""
    establish = library.SCardEstablishContext
    list_readers = getattr(library, f"SCardListReaders{suffix}")
    release = library.SCardReleaseContext
    for call in (establish, list_readers, release):
        call.restype = number
    establish.argtypes = [number, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(handle)]
    list_readers.argtypes = [handle, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(number)]
    release.argtypes = [handle]

    context = handle()
    scope = _SCOPE_USER if sys.platform == "win32" else _SCOPE_SYSTEM
    _demand(establish(scope, None, None, ctypes.byref(context)), "SCardEstablishContext")
    try:
        length = number()
        code = list_readers(context, None, None, ctypes.byref(length)) & 0xFFFFFFFF
        if code == _NO_READERS:
            return ()
        _demand(code, "SCardListReaders")
        size = min(length.value, _MOST)
        if sys.platform == "win32":
            wide = ctypes.create_unicode_buffer(size)
            _demand(list_readers(context, None, wide, ctypes.byref(length)), "SCardListReaders")
            text = "".join(wide[:size])
        else:
            narrow = ctypes.create_string_buffer(size)
            _demand(list_readers(context, None, narrow, ctypes.byref(length)), "SCardListReaders")
            text = narrow.raw.decode("utf-8", "replace")
        return parse_reader_list(text)
    finally:
        release(context)


def parse_reader_list(text: str) -> tuple[str, ...]:
    """The names of a PC/SC multi-string: each ends with NUL, an empty one ends the list."""
    return tuple(text.split("\0\0")[0].strip("\0").split("\0")) if text.strip("\0") else ()


def _demand(code: int, call: str) -> None:
    code &= 0xFFFFFFFF
    if code in _NO_SERVICE:
        raise Unavailable(f"{call}: no smart card service (0x{code:08X})")
    if code:
        raise Unavailable(f"{call}: 0x{code:08X}")


def _library() -> tuple[
    ctypes.CDLL, type[ctypes.c_uint32] | type[ctypes.c_ulong], type[ctypes._SimpleCData[int]]
]:
    try:
        if sys.platform == "win32":
            return ctypes.WinDLL("winscard.dll", winmode=0x800), ctypes.c_uint32, ctypes.c_size_t
        if sys.platform == "darwin":
            path = "/System/Library/Frameworks/PCSC.framework/PCSC"
            return ctypes.CDLL(path), ctypes.c_uint32, ctypes.c_int32
        return ctypes.CDLL("libpcsclite.so.1"), ctypes.c_ulong, ctypes.c_long
    except OSError:
        raise Unavailable("no PC/SC library") from None
