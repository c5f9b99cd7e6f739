"""The one binding to PC/SC: the library that the system brings, called through ctypes; no other package is needed.

Calls and error numbers: PC/SC Workgroup part 5. Types: `winscard.h` of Windows, `wintypes.h` and `pcsclite.h` of
macOS's PCSC framework and of pcsc-lite.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Iterator
from typing import Any

from checks.record import dataclass
from checks.system.api import Unavailable

NO_SERVICE = frozenset({0x8010001D, 0x8010001E})
EXCLUSIVE, SHARED = 1, 2
PRESENT = 0x20
"""Of a reader's state: a card is in it."""
NO_READERS, _TIMEOUT = 0x8010002E, 0x8010000A
_SCOPE_USER, _T0_OR_T1, _LEAVE_CARD = 0, 3, 0
_MOST = 64 * 1024
"""Characters of the longest list of readers."""


class PcscError(Unavailable):
    """A call that did not succeed, with its error number as the headers write it."""

    def __init__(self, call: str, number: int) -> None:
        code = f"0x{number:08X}"
        super().__init__(f"{call}: " + (f"no smart card service ({code})" if number in NO_SERVICE else code))
        self.call, self.number = call, number


@dataclass(frozen=True, slots=True)
class Abi:
    """One system's types of PC/SC: DWORD (LONG has its size), handles, SCARD_READERSTATE, SCARD_IO_REQUEST."""

    number: type[Any]
    handle: type[Any]
    state: type[ctypes.Structure]
    pci: type[ctypes.Structure]
    suffix: str
    """Of the calls that take or give text, which is of wide characters where there is one."""


def abi(platform: str) -> Abi:
    """The types on a system, by its name in `sys.platform`; whatever is neither Windows nor macOS has pcsc-lite."""
    number: type[Any] = ctypes.c_uint32
    handle: type[Any] = ctypes.c_size_t
    text: type[Any] = ctypes.c_char_p
    suffix, atr, layout = "", 33, {}
    if platform == "win32":
        text, suffix, atr = ctypes.c_wchar_p, "W", 36
    elif platform == "darwin":
        handle, layout = ctypes.c_int32, {"_pack_": 1, "_layout_": "ms"}
    else:
        number, handle = ctypes.c_ulong, ctypes.c_long
    state = [("szReader", text), ("pvUserData", ctypes.c_void_p), ("dwCurrentState", number)]
    state += [("dwEventState", number), ("cbAtr", number), ("rgbAtr", ctypes.c_ubyte * atr)]
    pci = [("dwProtocol", number), ("cbPciLength", number)]
    made = [type("Structure", (ctypes.Structure,), {**layout, "_fields_": each}) for each in (state, pci)]
    return Abi(number, handle, made[0], made[1], suffix)


def library() -> tuple[Any, Abi]:
    """This system's library and its types; raises `Unavailable` where it cannot be loaded."""
    try:
        if sys.platform == "win32":
            found = ctypes.WinDLL("winscard.dll", winmode=0x800)
        elif sys.platform == "darwin":
            found = ctypes.CDLL("/System/Library/Frameworks/PCSC.framework/PCSC")
        else:
            found = ctypes.CDLL("libpcsclite.so.1")
    except OSError:
        raise Unavailable("no PC/SC library") from None
    return found, abi(sys.platform)


def readers() -> tuple[str, ...]:
    """Names of the readers connected now; raises `Unavailable` when the service or its library does not answer."""
    with context() as service:
        return service.readers()


@contextlib.contextmanager
def context() -> Iterator[PcscContext]:
    """A conversation with the service; raises `Unavailable` where there is no library, `PcscError` without a service."""
    service = PcscContext(*library())
    service.demand("SCardEstablishContext", _SCOPE_USER, None, None, ctypes.byref(service.handle))
    try:
        yield service
    finally:
        service.call("SCardReleaseContext", service.handle)


class PcscContext:
    """The service, as long as it is talked to; all but `call` raise `PcscError`."""

    def __init__(self, library: Any, types: Abi) -> None:
        self._library = library
        self.types = types
        self.handle = types.handle()

    def call(self, name: str, *arguments: Any) -> int:
        """The error number of a call, 0 where it succeeds; numbers are given as DWORD."""
        function = getattr(self._library, name)
        function.restype = self.types.number
        made = [self.types.number(each) if type(each) is int else each for each in arguments]
        return int(function(*made)) & 0xFFFFFFFF

    def demand(self, name: str, *arguments: Any, allowed: int = 0) -> int:
        """The same; any number but 0 and the one allowed is a failure."""
        code = self.call(name, *arguments)
        if code not in (0, allowed):
            raise PcscError(name, code)
        return code

    def readers(self) -> tuple[str, ...]:
        wide = self.types.suffix
        names: Any = ((ctypes.c_wchar if wide else ctypes.c_char) * _MOST)()
        length = self.types.number(_MOST)
        arguments = self.handle, None, names, ctypes.byref(length)
        if self.demand(f"SCardListReaders{wide}", *arguments, allowed=NO_READERS):
            return ()
        found = names[: length.value]
        return parse_reader_list(found if wide else found.decode("utf-8", "surrogateescape"))

    def state(self, reader: str, known: int = 0, wait: int = 0) -> int:
        """The reader's state, once it is another than `known` or after `wait` ms."""
        state: Any = self.types.state(self._text(reader), None, known)
        arguments = self.handle, wait, ctypes.byref(state), 1
        call = f"SCardGetStatusChange{self.types.suffix}"
        return known if self.demand(call, *arguments, allowed=_TIMEOUT) else int(state.dwEventState)

    @contextlib.contextmanager
    def card(self, reader: str, share: int = SHARED) -> Iterator[tuple[Any, int]]:
        """Handle and protocol of the card in that reader, ours alone until the end, and left neither reset nor off."""
        card, protocol = self.types.handle(), self.types.number()
        arguments = self.handle, self._text(reader), share, _T0_OR_T1
        self.demand(
            f"SCardConnect{self.types.suffix}", *arguments, ctypes.byref(card), ctypes.byref(protocol)
        )
        try:
            # Another program that selects a file between two of our commands would change what we read.
            self.demand("SCardBeginTransaction", card)
            try:
                yield card, protocol.value
            finally:
                self.call("SCardEndTransaction", card, _LEAVE_CARD)
        finally:
            self.call("SCardDisconnect", card, _LEAVE_CARD)

    def _text(self, text: str) -> str | bytes:
        return text if self.types.suffix else text.encode("utf-8", "surrogateescape")


def parse_reader_list(text: str) -> tuple[str, ...]:
    """The names of a PC/SC multi-string: each ends with NUL, an empty one ends the list."""
    return tuple(filter(None, text.partition("\0\0")[0].split("\0")))
