"""From the bytes that a terminal sends to what a person typed: keys, mouse, and text that came in one piece.

What the terminal answers by itself (device attributes, colours, cursor position, settings) is taken out, and so is what a
slow line has torn: a sequence never acts in parts. ESC and a character that came with it are handed on as that character
with Alt, in the one form of CSI u: by itself Textual reads the digits as the letters of another keyboard, `/` and Enter as
if there had been no ESC. Times are seconds of a clock that never goes back, passed in; sequences as in ECMA-48 and xterm's
ctlseqs.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import Literal

from checks.record import dataclass

SHORT = 0.1
"""Seconds after which ESC alone is the key."""
TAIL = 0.05
"""Seconds in which the rest of a sequence comes whose ESC was taken for the key; and in which a long text goes on."""
LONG = 2.2
"""Seconds in which the rest of a torn sequence is awaited: two, and what a busy machine adds."""
BURST = 12
"""Printable characters in one read from which on nobody has typed them one by one."""
MOST = 1 << 20
"""Bytes of a paste; what is longer loses its end."""

PASTE_BEGINS, PASTE_ENDS = b"\x1b[200~", b"\x1b[201~"
ESCAPE = "\x1b[27u"
_LONGEST = 256
"""Bytes of a control sequence that may still mean something."""
_MOUSE = re.compile(rb"\x1b\[<\d{1,4};\d{1,5};\d{1,5}[Mm]")
_KEY = re.compile(rb"\x1b\[(?:\d{1,7}(?:[:;]\d{0,7}){0,8})?[u~A-FHPQS]")
_CSI = re.compile(rb"\x1b\[(?:\[[ -~]|M.{3}|[ -?]+[@-~]|[@-LN-Z\\-~])", re.DOTALL)
"""Also a function key of the Linux console, and a mouse report in the old form with its three bytes."""
_CSI_SO_FAR = re.compile(rb"\x1b\[(?:\[|M.{0,2}|[ -?]*)\Z", re.DOTALL)
_SS3 = re.compile(rb"\x1bO[0-9;]{0,8}[ -/:<-~]")
_SS3_SO_FAR = re.compile(rb"\x1bO[0-9;]{0,8}\Z")
_STRING_CONTENT = {b"]": b"0123456789lLI", b"P": b"01234!>|", b"_": b"GT", b"^": b"", b"X": b""}
"""How the strings begin that terminals send; with anything else a person has typed Esc and that character."""
_GOES_ON = {b"[": b"0123456789;<=>?[@ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"O": b"ABCDFHMPQRS", **_STRING_CONTENT}
"""What follows where a line tears a sequence into single bytes, and no person types after this character."""
_STRING_END = re.compile(rb"\x07|\xc2\x9c|\x1b\\|(?=[\x00-\x06\x08-\x1f])")
_CSI_END = re.compile(rb"[@-~]|(?=[^ -~])")
_INTRODUCER = re.compile(rb"\x1b|\xc2[\x80-\x9f]")
_EIGHT_BIT = {chr(ord(char) + 0x40).encode(): b"\x1b" + char.encode() for char in "[]PX^_"}
"""The introducers as one character (C1, ECMA-48 5.3), here in UTF-8."""
_CHARACTER = re.compile(
    rb"[\x09\x0d\x20-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_CHARACTER_SO_FAR = re.compile(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z")
_TEXT = re.compile(rb"[\x09\x0a\x0d\x20-\x7e\x80-\xff]+")
_NOT_PASTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_RUN = re.compile("[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class InputEvent:
    """What was typed: `keys` as sequences and characters, a `paste`, or a `burst` of text that is either."""

    kind: Literal["keys", "paste", "burst"]
    text: str
    more: bool = False
    """It goes on with the burst before."""
    alone: bool = True
    """The read held nothing else."""


def with_alt(character: str) -> str:
    """A character with Alt as terminals with the kitty protocol send it."""
    return f"\x1b[{ord(character)};3u"


class Input:
    """Feed it what was read; it returns what may be taken for typed, and holds the rest until it is complete.

    `is_key` says whether a complete control sequence stands for a key of its own (function keys of old terminals); what it
    refuses and this module does not know is dropped.
    """

    def __init__(self, is_key: Callable[[str], bool] = lambda sequence: False) -> None:
        self._is_key = is_key
        self._decode = getincrementaldecoder("utf-8")("ignore").decode
        self._half = b""
        """The first byte of a character that may be a control."""
        self._pending = b""
        """A sequence that is not complete."""
        self._dead = self._was_dead = False
        """It will not act: its ESC was taken for the key, or it waited too long. And so it was before this read."""
        self._tails_until = float("-inf")
        """Until when the rest of a sequence may come whose ESC was taken for the key."""
        self._single = False
        """Of that rest only the first byte has come: it may yet be a key."""
        self._alone = b""
        """That byte, once it was taken for one."""
        self._skip: Literal["", "string", "control"] = ""
        """What is left out up to its end, however long it is."""
        self._late = self._heard = False
        """The end of the skipped string did not come in time; some of it has come since."""
        self._paste: bytearray | None = None
        self._was_paste = False
        """The end of the last paste did not come in time."""
        self._in_burst = False
        self._last = 0.0
        self._deadline: float | None = None
        self._out: list[InputEvent] = []

    def wait(self, now: float) -> float | None:
        """Seconds after which `silence` wants to be called if nothing arrives; `None`: never."""
        return None if self._deadline is None else max(0.0, self._deadline - now)

    def silence(self, now: float) -> list[InputEvent]:
        """Nothing has come up to now: what that makes of what is held."""
        if self._deadline is None or now < self._deadline:
            return []
        self._out, self._deadline, self._in_burst = [], None, False
        if self._paste is not None:
            self._end_paste()
            self._was_paste = True
        elif self._single:
            self._alone, self._pending, self._dead, self._single = self._pending[1:], b"", False, False
            self._keys(self._alone.decode())
            self._tails_until = self._last + LONG
        elif self._pending == b"\x1b":
            self._tails_until = float("-inf") if self._skip else self._last + LONG
            self._pending, self._skip = b"", ""
            self._keys(ESCAPE)
        elif self._pending:
            self._dead = True
        elif self._skip:
            if self._late:
                self._skip = ""  # its end is lost, and a person types
            self._late, self._heard = True, False
        return self._out

    def feed(self, data: bytes, now: float) -> list[InputEvent]:
        """What of the input was typed."""
        self._out, self._last = [], now
        data = self._joined(data, now)
        at, burst = 0, self._in_burst
        self._in_burst = False
        while at < len(data):
            if self._paste is not None:
                at = self._pasted(data, at)
            elif self._skip:
                at = self._skipped(data, at)
            else:
                at = self._next(data, at, burst and at == 0)
        self._deadline = self._due(now)
        return self._out

    def _due(self, now: float) -> float | None:
        if self._single or (self._in_burst and not self._pending):
            return now + TAIL
        if self._pending == b"\x1b" and self._paste is None and not self._skip:
            return now + SHORT
        awaited = self._pending and not self._dead
        if awaited or self._paste is not None or (self._skip == "string" and (self._heard or not self._late)):
            return now + LONG
        return None

    def _joined(self, data: bytes, now: float) -> bytes:
        """The input with what was held before it, and with the ESC that was taken for the key when this is its rest."""
        first, alone = data[:1], self._alone
        tail = (
            now <= self._tails_until
            and not self._pending
            and first in (_GOES_ON[alone] if alone else _GOES_ON)
        )
        self._tails_until, self._alone = float("-inf"), b""
        data = self._half + data
        self._half = data[-1:] if data.endswith(b"\xc2") else b""
        data = data.removesuffix(self._half)
        self._was_dead, self._dead = self._dead or tail, False
        self._single = tail and not alone and len(data) == 1
        if tail:
            data = b"\x1b" + alone + data
        elif self._was_paste and data:
            self._was_paste = False
            if PASTE_ENDS in data or len(data) > BURST:  # the rest of it, after all
                self._paste = bytearray()
        data, self._pending = self._pending + data, b""
        return data

    def _next(self, data: bytes, at: int, burst: bool) -> int:
        found = _INTRODUCER.search(data, at)
        end = found.start() if found else len(data)
        if end > at:
            self._typed(self._decode(data[at:end]), at == 0 and found is None, more=burst, last=found is None)
            return end
        if found is not None and found[0] != b"\x1b":
            if found[0] not in _EIGHT_BIT:
                return at + 2
            data = data[:at] + _EIGHT_BIT[found[0]] + data[at + 2 :]
        return self._sequence(data, at, at == 0 and self._was_dead)

    def _typed(self, text: str, alone: bool, *, more: bool, last: bool) -> None:
        """Characters: one by one, or in one piece when there are too many for that."""
        at, text = 0, text.replace("\0", "")
        for run in _RUN.finditer(text):
            goes_on = more and run.start() == 0
            if not goes_on and sum(char >= " " for char in run[0]) < BURST:
                continue
            if run.start() > at:
                self._keys(text[at : run.start()])
            at = run.end()
            self._in_burst = last and at == len(text)
            self._out.append(InputEvent("burst", run[0], goes_on, alone and run[0] == text))
        if at < len(text):
            self._keys(text[at:])

    def _keys(self, text: str) -> None:
        self._out.append(InputEvent("keys", text))

    def _pasted(self, data: bytes, at: int) -> int:
        assert self._paste is not None
        end = data.find(PASTE_ENDS, at)
        keep = 0
        if end < 0:  # the last bytes are of its end, perhaps
            keep = next(
                (n for n in range(len(PASTE_ENDS) - 1, 0, -1) if data.endswith(PASTE_ENDS[:n], at)), 0
            )
        self._pending = data[len(data) - keep :]
        stop = len(data) - keep if end < 0 else end
        self._paste += data[at : min(stop, at + MOST - len(self._paste))]
        if end < 0:
            return len(data)
        self._end_paste()
        return end + len(PASTE_ENDS)

    def _end_paste(self) -> None:
        text = bytes(self._paste or b"").decode("utf-8", "ignore")
        self._paste, self._pending = None, b""
        self._out.append(InputEvent("paste", _NOT_PASTED.sub("", text)))

    def _skipped(self, data: bytes, at: int) -> int:
        found = (_STRING_END if self._skip == "string" else _CSI_END).search(data, at)
        self._heard = True
        if found is None:
            return len(data)
        if self._skip == "string" and data[found.start() :] == b"\x1b":
            self._pending = b"\x1b"  # of its end, or of something new
            return len(data)
        self._skip, self._late = "", False
        return found.end()

    def _sequence(self, data: bytes, at: int, dead: bool) -> int:
        """Deal with the escape sequence at `at`; returns where it ends, or holds it when it is not complete yet."""
        kind = data[at + 1 : at + 2]
        if kind == b"[":
            return self._control(data, at, dead, _CSI.match(data, at), _CSI_SO_FAR.match(data, at))
        if kind == b"O":
            return self._control(data, at, dead, _SS3.match(data, at), _SS3_SO_FAR.match(data, at))
        if (
            not kind
            or (kind in _STRING_CONTENT and at + 2 == len(data))
            or _CHARACTER_SO_FAR.match(data, at + 1)
        ):
            return self._hold(data, at, dead)
        if kind in _STRING_CONTENT:
            likely = _STRING_CONTENT[kind]
            if dead or not likely or data[at + 2 : at + 3] in likely:
                self._skip, self._late, self._heard = "string", False, False
            else:
                self._keys(with_alt(kind.decode()))
            return at + 2
        character = _CHARACTER.match(data, at + 1)
        text = _TEXT.match(data, at + 1)
        if character is None or (text is not None and len(text[0].decode("utf-8", "ignore")) >= BURST):
            if not dead:
                self._keys(ESCAPE)
            return at + 1
        if not dead:
            self._keys(with_alt(character[0].decode()))
        return character.end()

    def _control(
        self, data: bytes, at: int, dead: bool, whole: re.Match[bytes] | None, so_far: re.Match[bytes] | None
    ) -> int:
        if whole is None:
            if so_far is None:  # something else has come in between
                return at + 2
            if len(so_far[0]) > _LONGEST:
                self._skip = "control"
                return len(data)
            return self._hold(data, at, dead)
        sequence = whole[0]
        if sequence == PASTE_BEGINS:
            self._paste = bytearray()
        elif not dead and len(sequence) <= _LONGEST and sequence != PASTE_ENDS:
            text = sequence.decode("latin-1")
            if _KEY.fullmatch(sequence) or _MOUSE.fullmatch(sequence) or self._is_key(text):
                self._keys(text)
        return whole.end()

    def _hold(self, data: bytes, at: int, dead: bool) -> int:
        self._pending, self._dead = data[at:], dead
        return len(data)
