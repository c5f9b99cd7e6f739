"""A line between a person and the program that cuts and delays what is typed, with a clock of its own."""

from __future__ import annotations

from collections.abc import Iterable

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.events import Key, MouseEvent

from tui.terminal.input import Input, InputEvent


class Line:
    """Takes chunks with pauses; `acts` is what came of them."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.input = Input(ANSI_SEQUENCES_KEYS.__contains__)
        self.acts: list[str] = []
        self._parser = XTermParser()

    def send(self, data: bytes | str, pause: float = 0.0) -> Line:
        """What arrives in one read, and how long nothing comes after it."""
        self._take(self.input.feed(data if isinstance(data, bytes) else data.encode(), self.now))
        return self.rest(pause)

    def rest(self, pause: float) -> Line:
        """Nothing arrives for so long."""
        until = self.now + pause
        while (wait := self.input.wait(self.now)) is not None and self.now + wait <= until:
            self.now += wait
            self._take(self.input.silence(self.now))
        self.now = until
        return self

    def _take(self, pieces: Iterable[InputEvent]) -> None:
        for piece in pieces:
            if piece.kind != "keys":
                self.acts.append(f"{piece.kind} {piece.text}")
                continue
            for event in self._parser.feed(piece.text):
                if isinstance(event, Key):
                    self.acts.append(event.key)
                elif isinstance(event, MouseEvent):
                    self.acts.append(f"{type(event).__name__} {event.x:.0f} {event.y:.0f}")


def whole(data: bytes | str) -> list[str]:
    """What comes of it in one read, after which nothing comes."""
    return Line().send(data, 10.0).acts
