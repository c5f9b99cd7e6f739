"""The last layer over the widgets: takes out of every drawn line what steers a terminal and draws nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_STEERING = re.compile(
    "\u200d.?|[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]",
    re.DOTALL,
)


class InertFilter(LineFilter):
    """Deletes control, bidi and invisible characters and links from lines; all of them take no cell.

    The driver adds it to the App, so that a sequence within data is never taken for one of Textual's.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without them."""
        return [_clean(segment) for segment in segments]


@lru_cache(maxsize=2048)
def _steers(text: str) -> bool:
    return _STEERING.search(text) is not None


def _clean(segment: Segment) -> Segment:
    style = segment.style
    if segment.control or not (_steers(segment.text) or (style is not None and style.link is not None)):
        return segment
    return Segment(_STEERING.sub("", segment.text), style.update_link(None) if style else None)
