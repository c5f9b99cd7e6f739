"""All messages so far, the newest first."""

from __future__ import annotations

from checks.text import Text
from tui.commands import BY_ID
from tui.screens.view import Scroll
from tui.widgets.frame import Row, Span, paragraph

NO_MESSAGES = Text("まだメッセージはありません。", "No messages yet.")


class Messages(Scroll):
    """The history that `!` shows."""

    heading = BY_ID["messages"].title

    def body(self, width: int) -> list[Row]:
        desk = self.desk
        rows: list[Row] = []
        for message in reversed(desk.history):
            lines = paragraph(desk.t(message.text), max(10, width - 10), "error" if message.wrong else "text")
            at = f"{message.at.astimezone():%H:%M:%S}  "
            rows += [(Span(at if not n else " " * 10, "muted"), *line) for n, line in enumerate(lines)]
        return rows or [(Span(desk.t(NO_MESSAGES), "muted"),)]
