"""What a press of the mouse means: the act that stood on the terminal under the pointer when the button went down.

Nothing that has been drawn since counts, and a double click is one act. No Textual here; the caller passes the time, in
seconds of a clock that never goes back.
"""

from __future__ import annotations

from collections import deque

from checks.record import dataclass
from tui.widgets.frame import Frame, act_at

DOUBLE = 0.5
"""Seconds after a click in which the same target is the same click, and in which nobody has read what it brought: a
double click of 0.4 s, and what a line adds to it."""
_KEPT = 64
"""Pictures that are remembered; a click that waited longer for its turn than they reach back means nothing."""


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """A frame as it was put on the terminal."""

    frame: Frame
    view: object
    """Who drew it."""
    subject: object
    """What the keys and commands of the view were about then."""


@dataclass(frozen=True, slots=True)
class Click:
    """An act, and the picture in which it was chosen."""

    act: str
    picture: ShownFrame


class Clicks:
    """Presses and releases of the left button, against the pictures that were on the terminal."""

    def __init__(self) -> None:
        self._pictures: deque[tuple[float, ShownFrame]] = deque(maxlen=_KEPT)
        self._down: Click | None = None
        self._counted: list[tuple[float, Click]] = []

    def drawn(self, picture: ShownFrame, now: float) -> None:
        """The picture is on the terminal."""
        self._pictures.append((now, picture))

    def down(self, x: int, y: int, at: float) -> None:
        """The button went down."""
        picture = next((one for since, one in reversed(self._pictures) if since <= at), None)
        act = act_at(picture.frame, x, y) if picture is not None else ""
        meant = picture is not None and act and self._is_new(act, x, y, at)
        self._down = Click(act, picture) if picture is not None and meant else None

    def up(self, x: int, y: int, at: float) -> Click | None:
        """The button was let go: the click, unless the pointer was drawn away from its target."""
        click, self._down = self._down, None
        if click is None or act_at(click.picture.frame, x, y) != click.act:
            return None
        self._counted.append((at, click))
        return click

    def _is_new(self, act: str, x: int, y: int, at: float) -> bool:
        """Whether this is more than the second half of a double click, or one on what the first half brought."""
        self._counted = [(when, click) for when, click in self._counted if at - when < DOUBLE]
        if not self._counted:
            return True
        seen = self._counted[0][1].picture
        return act_at(seen.frame, x, y) == act and all(click.act != act for _, click in self._counted)
