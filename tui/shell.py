"""What the desk needs of the application that shows it, and what a message is. No Textual here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from checks.record import dataclass
from checks.shown import show
from checks.text import LANGS, Text

T = TypeVar("T")


class Shell(Protocol):
    """What the application does for the desk."""

    def redraw(self) -> None:
        """Show what has changed, soon."""

    def background(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """Do `work` in a daemon thread, then `then` with its result on the screen's thread."""

    def news(self, run: int) -> None:
        """A run has events; may be called from any thread."""

    def send_control(self, data: str) -> bool:
        """Give one control string to the terminal."""

    def repaint(self) -> None:
        """Draw everything again."""

    def adopted(self) -> None:
        """Another session has taken the place of the old one."""

    def leave(self, code: int) -> None:
        """End the program."""


class NoShell:
    """Stands in until the application is there."""

    def redraw(self) -> None:
        """There is nothing to draw on yet."""

    def background(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """Nobody would hear of the result."""

    def news(self, run: int) -> None:
        """Nobody listens yet."""

    def send_control(self, data: str) -> bool:
        """There is no terminal."""
        return False

    def repaint(self) -> None:
        """There is nothing to draw on yet."""

    def adopted(self) -> None:
        """Nobody watches yet."""

    def leave(self, code: int) -> None:
        """There is nothing to end."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message, when it was shown, and whether it tells of something wrong."""

    text: Text
    at: datetime
    wrong: bool = False


def filled(text: Text, /, **values: object) -> Text:
    """`text` with its placeholders filled by inert, bounded values; a `Text` among them in its own language."""
    made = object.__new__(Text)  # braces within the values mean nothing
    for lang in LANGS:
        shown = {
            key: show(value.to(lang), 800) if isinstance(value, Text) else show(str(value), 200)
            for key, value in values.items()
        }
        object.__setattr__(made, lang, text.fill(shown, lang))
    return made
