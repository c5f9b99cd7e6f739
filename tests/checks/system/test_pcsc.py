"""The binding to PC/SC, against libraries that take what the headers of each system say and nothing else."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pytest

from checks.card import contents, reader
from checks.card.contents import parse
from checks.system import pcsc
from checks.system.api import Unavailable
from tests.support.virtual_card import VirtualCard, scenarios

SYSTEMS = ("win32", "darwin", "linux")
FIELDS = ("szReader", "pvUserData", "dwCurrentState", "dwEventState", "cbAtr", "rgbAtr")
LAYOUTS = {
    "win32": ((0, 8, 16, 20, 24, 28), 64, (0, 4), 8, 8),
    "darwin": ((0, 8, 16, 20, 24, 28), 61, (0, 4), 8, 4),
    "linux": ((0, 8, 16, 24, 32, 40), 80, (0, 8), 16, 8),
}
"""By hand from the headers, for 64 bits: offsets and size of SCARD_READERSTATE (36 bytes of ATR and natural order on
Windows, 33 and `pack(1)` on macOS, 33 and `unsigned long` with pcsc-lite) and of SCARD_IO_REQUEST, size of a handle."""
TYPES: dict[str, tuple[Any, Any, Any, Any]] = {
    "win32": (ctypes.c_uint32, ctypes.c_int32, ctypes.c_size_t, ctypes.c_wchar_p),
    "darwin": (ctypes.c_uint32, ctypes.c_int32, ctypes.c_int32, ctypes.c_char_p),
    "linux": (ctypes.c_ulong, ctypes.c_long, ctypes.c_long, ctypes.c_char_p),
}
"""DWORD, LONG, SCARDHANDLE and text."""
NAME, EMPTY = "リーダー 0", "Example Reader 1"
CARD = 0x5EC0
INSIDE, OUTSIDE, TIMEOUT = 0x00010022, 0x00020012, 0x8010000A


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest) -> str:
    """Each system whose sizes this one can show: `unsigned long` and pointers of 64 bits for pcsc-lite."""
    if ctypes.sizeof(ctypes.c_void_p) != 8 or (
        request.param == "linux" and ctypes.sizeof(ctypes.c_ulong) != 8
    ):
        pytest.skip("other sizes here")
    return str(request.param)


def test_structures_are_those_of_the_headers(system: str) -> None:
    types = pcsc.abi(system)
    offsets, size, pci, pci_size, handle = LAYOUTS[system]
    assert tuple(getattr(types.state, field).offset for field in FIELDS) == offsets
    assert ctypes.sizeof(types.state) == size
    assert tuple(getattr(types.pci, field).offset for field in ("dwProtocol", "cbPciLength")) == pci
    assert ctypes.sizeof(types.pci) == pci_size
    assert ctypes.sizeof(types.handle) == handle
    assert ctypes.sizeof(types.number) == ctypes.sizeof(TYPES[system][1]), "LONG has the size of DWORD"


class Library:
    """A system's library as its header declares it: two readers, one with a card; `calls` is what it was asked."""

    def __init__(self, system: str, card: VirtualCard, **answers: int) -> None:
        self.calls: list[Any] = []
        self.states: list[int] = []
        """What the reader is in when asked, or the number of the failure."""
        self.card, self.answers = card, answers
        self._system = system
        number, result, handle, text = TYPES[system]
        wide = "W" if system == "win32" else ""
        numbers, handles, anything = ctypes.POINTER(number), ctypes.POINTER(handle), ctypes.c_void_p
        declared: dict[str, tuple[Any, ...]] = {
            "SCardEstablishContext": (number, anything, anything, handles),
            "SCardReleaseContext": (handle,),
            "SCardListReaders" + wide: (handle, anything, anything, numbers),
            "SCardGetStatusChange" + wide: (handle, number, anything, number),
            "SCardConnect" + wide: (handle, text, number, number, handles, numbers),
            "SCardBeginTransaction": (handle,),
            "SCardTransmit": (handle, anything, anything, number, anything, anything, numbers),
            "SCardEndTransaction": (handle, number),
            "SCardDisconnect": (handle, number),
        }
        for name, types in declared.items():
            made = ctypes.CFUNCTYPE(result, *types)(self._answer(name.removesuffix("W")))
            setattr(self, name, made)

    def _answer(self, name: str) -> Callable[..., int]:
        def answer(*arguments: Any) -> int:
            code = self.answers.get(name) or getattr(self, "_" + name)(*arguments)
            return code - (1 << 32) if code else 0

        return answer

    def _text(self, text: Any) -> str:
        return str(text.decode() if isinstance(text, bytes) else text)

    def _SCardEstablishContext(self, scope: int, one: None, two: None, into: Any) -> int:
        into[0] = 77
        return 0

    def _SCardReleaseContext(self, context: int) -> int:
        self.calls.append(("release", context))
        return 0

    def _SCardListReaders(self, context: int, groups: None, into: int, length: Any) -> int:
        said = f"{NAME}\0{EMPTY}\0\0"
        buffer: Any = ctypes.create_unicode_buffer(said, len(said))
        if self._system != "win32":
            buffer = ctypes.create_string_buffer(said.encode(), len(said.encode()))
        assert (context, groups) == (77, None)
        assert length[0] >= len(buffer)
        ctypes.memmove(into, buffer, ctypes.sizeof(buffer))
        length[0] = len(buffer)
        return 0

    def _SCardGetStatusChange(self, context: int, wait: int, states: int, count: int) -> int:
        number, _, _, text = TYPES[self._system]
        at = LAYOUTS[self._system][0]
        known = number.from_address(states + at[2]).value
        self.calls.append(("state", self._text(text.from_address(states).value), known, wait))
        assert (context, count) == (77, 1)
        state = self.states.pop(0)
        if state < TIMEOUT:
            number.from_address(states + at[3]).value = state
        return state if state >= TIMEOUT else 0

    def _SCardConnect(
        self, context: int, name: Any, share: int, protocols: int, card: Any, active: Any
    ) -> int:
        self.calls.append(("connect", self._text(name), share, protocols))
        if self._text(name) != NAME:
            return 0x80100069
        card[0], active[0] = CARD, 2
        return 0

    def _SCardBeginTransaction(self, card: int) -> int:
        self.calls.append(("begin", card))
        return 0

    def _SCardTransmit(
        self, card: int, pci: int, sent: int, size: int, pci_back: None, into: int, length: Any
    ) -> int:
        number = TYPES[self._system][0]
        _, _, offsets, pci_size, _ = LAYOUTS[self._system]
        header = [number.from_address(pci + offset).value for offset in offsets]
        assert (card, header, pci_back) == (CARD, [2, pci_size], None)
        said = self.card.answer(ctypes.string_at(sent, size))
        if said is None:
            return 0x80100016
        assert len(said) <= length[0]
        ctypes.memmove(into, said, len(said))
        length[0] = len(said)
        return 0

    def _SCardEndTransaction(self, card: int, disposition: int) -> int:
        self.calls.append(("end", card, disposition))
        return 0

    def _SCardDisconnect(self, card: int, disposition: int) -> int:
        self.calls.append(("disconnect", card, disposition))
        return 0


def used(monkeypatch: pytest.MonkeyPatch, system: str, card: VirtualCard, **answers: int) -> Library:
    """A library in the place of the system's own."""
    library = Library(system, card, **answers)
    monkeypatch.setattr(pcsc, "library", lambda: (library, pcsc.abi(system)))
    return library


def test_a_card_is_read_and_left_as_it_was(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    library = used(monkeypatch, system, scenarios()["good"][0])
    seen = parse(contents.read(b""))
    assert (seen.kind, seen.signature, seen.sign_tries, seen.auth_tries) == ("my-number", True, 5, 3)
    assert seen.evidence[0] == f"reader: {NAME}"
    assert (seen.readers, seen.unread) == (2, ()), "an empty reader hides nothing"
    assert library.card.spent == 0
    assert library.calls == [
        ("connect", NAME, 2, 3), ("begin", CARD), ("end", CARD, 0), ("disconnect", CARD, 0),
        ("connect", EMPTY, 2, 3), ("release", 77),
    ]  # fmt: skip
    assert pcsc.readers() == (NAME, EMPTY)


@pytest.mark.parametrize(
    ("states", "kind"),
    [
        ([INSIDE, TIMEOUT], "silent"),
        ([INSIDE, INSIDE], "silent"),
        ([INSIDE, OUTSIDE], "removed"),
        ([OUTSIDE], "removed"),
        ([0x80100009], "removed"),
        ([INSIDE, 0x80100017], "removed"),
    ],
)
@pytest.mark.parametrize("card", [VirtualCard(gone_after=0), VirtualCard(answers=[b"\x90"])])
def test_a_card_pulled_out_is_told_from_a_silent_one(
    system: str, monkeypatch: pytest.MonkeyPatch, states: list[int], kind: str, card: VirtualCard
) -> None:
    library = used(monkeypatch, system, card)
    library.states = list(states)
    assert parse(contents.read(b"")).kind == kind
    asked = [("state", NAME, 0, 0), ("state", NAME, INSIDE, reader.NOTICE)]
    assert [call for call in library.calls if call[0] == "state"] == asked[: len(states)]
    assert not library.states
    assert library.calls[-3:] == [("disconnect", CARD, 0), ("connect", EMPTY, 2, 3), ("release", 77)]


@pytest.mark.parametrize(
    ("call", "number", "kind"),
    [
        ("SCardEstablishContext", 0x8010001D, "no-service"),
        ("SCardListReaders", 0x8010001E, "no-service"),
        ("SCardListReaders", 0x8010002E, "no-reader"),
        ("SCardConnect", 0x8010000B, "held"),
        ("SCardConnect", 0x80100069, "no-card"),
        ("SCardBeginTransaction", 0x80100069, "removed"),
        ("SCardTransmit", 0x80100068, "removed"),
        ("SCardTransmit", 0x8010006A, "denied"),
    ],
)
def test_errors_are_signed_numbers_of_any_size(
    system: str, monkeypatch: pytest.MonkeyPatch, call: str, number: int, kind: str
) -> None:
    library = used(monkeypatch, system, scenarios()["good"][0], **{call: number})
    seen = parse(contents.read(b""))
    assert seen.kind == kind
    assert kind == "no-reader" or any(f"0x{number:08X}" in line for line in seen.evidence)
    begun = [each[0] for each in library.calls if each[0] in ("end", "disconnect")]
    assert begun == {"SCardBeginTransaction": ["disconnect"], "SCardTransmit": ["end", "disconnect"]}.get(
        call, []
    )


def test_where_no_library_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*arguments: object, **named: object) -> None:
        raise OSError("cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    monkeypatch.setattr(ctypes, "WinDLL", missing, raising=False)
    with pytest.raises(Unavailable, match="no PC/SC library"):
        pcsc.readers()
    assert parse(contents.read(b"")).kind == "no-library"
