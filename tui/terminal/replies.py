"""What the terminal answers by itself, taken out of the input before keys are read from it.

A reply to a query (device attributes, colours, cursor position, settings) that arrives late or was provoked
must never act as keys. Passed on are text, control keys, and the sequences that are keys, mouse or paste.
ESC and a character that came with it are handed on as that character with Alt, in the one form of CSI u: by itself
Textual reads the digits as the letters of another keyboard, `/` and Enter as if there had been no ESC.
"""

from __future__ import annotations

import re
from collections.abc import Callable

PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_MOUSE = re.compile(r"\x1b\[<\d{1,4};-?\d{1,5};-?\d{1,5}[Mm]")
_KEY = re.compile(r"\x1b\[(?:\d{1,7}(?:[:;]\d{0,7}){0,8})?[u~A-FHPQS]")
_CSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_CSI_SO_FAR = re.compile(r"\x1b\[[0-?]*[ -/]*")
_STRING_END = re.compile("\x07|\x9c|\x1b\\\\")
_STRING_CONTENT = {"]": "0123456789lLI", "P": "01234!>|", "_": "GT", "^": "", "X": ""}
_EIGHT_BIT = {
    "\x9b": "\x1b[",
    "\x9d": "\x1b]",
    "\x90": "\x1bP",
    "\x98": "\x1bX",
    "\x9e": "\x1b^",
    "\x9f": "\x1b_",
}
_INTRODUCER = re.compile("[\x1b\x80-\x9f]")
_NOT_PASTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LONGEST = 8192

SHORT, LONG = 0.1, 1.0
"""Seconds without input after which what is held is no sequence any more: a lone ESC, a begun reply."""


def with_alt(character: str) -> str:
    """A character with Alt as terminals with the kitty protocol send it."""
    return f"\x1b[{ord(character)};3u"


class Replies:
    """Feed it the decoded input; it returns what may be read as keys, mouse and pasted text.

    `is_key` says whether a complete control sequence stands for a key of its own (function keys of old
    terminals); what it refuses and this module does not know is dropped.
    """

    def __init__(self, is_key: Callable[[str], bool] = lambda sequence: False) -> None:
        self._is_key = is_key
        self._held = ""
        self._pasting = False

    def wait(self) -> float | None:
        """Seconds after which `timeout` wants to be called if nothing arrives; `None`: nothing is held."""
        if not self._held:
            return LONG if self._pasting else None
        return SHORT if len(self._held) < 3 and not self._pasting else LONG

    def timeout(self) -> str:
        """Nothing more came: what was held, if it was typed by a person, else nothing."""
        held, self._held = self._held, ""
        if self._pasting:  # the end of the paste was lost with the line
            self._pasting = False
            return PASTE_ENDS
        return with_alt(held[1]) if len(held) == 2 else held if len(held) < 3 else ""

    def feed(self, data: str) -> str:
        """What of the input may be read on; the rest is held until it is complete, or dropped."""
        text = self._held + data
        self._held = ""
        out: list[str] = []
        at = 0
        while at < len(text):
            if self._pasting:
                at = self._paste(text, at, out)
                continue
            found = _INTRODUCER.search(text, at)
            if found is None:
                out.append(text[at:])
                break
            out.append(text[at : found.start()])
            at = found.start()
            if text[at] != "\x1b":
                text = text[:at] + _EIGHT_BIT.get(text[at], "") + text[at + 1 :]
                continue
            end = self._sequence(text, at, out)
            if end < 0:
                self._held = text[at:]
                break
            at = end
        return "".join(out)

    def _paste(self, text: str, at: int, out: list[str]) -> int:
        end = text.find(PASTE_ENDS, at)
        if end >= 0:
            out += (_NOT_PASTED.sub("", text[at:end]), PASTE_ENDS)
            self._pasting = False
            return end + len(PASTE_ENDS)
        keep = next((n for n in range(len(PASTE_ENDS) - 1, 0, -1) if text.endswith(PASTE_ENDS[:n])), 0)
        keep = min(keep, len(text) - at)
        out.append(_NOT_PASTED.sub("", text[at : len(text) - keep]))
        self._held = text[len(text) - keep :] if keep else ""
        return len(text)

    def _sequence(self, text: str, at: int, out: list[str]) -> int:
        """Deal with the escape sequence at `at`; returns where it ends, -1 when it is not complete yet."""
        if at + 1 >= len(text):
            return -1
        kind = text[at + 1]
        if kind == "[":
            return self._control(text, at, out)
        if kind in _STRING_CONTENT:
            return self._string(text, at, kind, out)
        if kind == "\x1b":
            out.append("\x1b")
            return at + 1
        if kind == "O":
            if at + 3 > len(text):
                return -1
            out.append(text[at : at + 3])
            return at + 3
        out.append(with_alt(kind) if kind.isprintable() or kind in "\r\t" else text[at : at + 2])
        return at + 2

    def _control(self, text: str, at: int, out: list[str]) -> int:
        if text.startswith("\x1b[[", at):  # function keys of the Linux console
            if at + 3 < len(text):
                out.append(text[at : at + 4] if self._is_key(text[at : at + 4]) else "")
            return at + 4 if at + 3 < len(text) else -1
        whole = _CSI.match(text, at)
        if whole is None:
            so_far = _CSI_SO_FAR.match(text, at)
            end = so_far.end() if so_far else at + 2
            return -1 if end == len(text) and end - at < _LONGEST else end
        sequence = whole[0]
        if sequence == "\x1b[M":  # a mouse report in the old form: three more characters, not asked for
            return whole.end() + 3 if whole.end() + 3 <= len(text) else -1
        if sequence == PASTE_BEGINS:
            self._pasting = True
            out.append(sequence)
        elif sequence != PASTE_ENDS and (
            _KEY.fullmatch(sequence) or _MOUSE.fullmatch(sequence) or self._is_key(sequence)
        ):
            out.append(sequence)
        return whole.end()

    def _string(self, text: str, at: int, kind: str, out: list[str]) -> int:
        if at + 2 >= len(text):
            return -1
        likely = _STRING_CONTENT[kind]
        if likely and text[at + 2] not in likely:  # Alt and a bracket, typed by a person
            out.append(with_alt(kind))
            return at + 2
        end = _STRING_END.search(text, at + 2)
        if end is None:
            return -1 if len(text) - at < _LONGEST else len(text)
        return end.end()
