"""All messages so far, the newest first."""

from __future__ import annotations

from checks.text import Text
from tui.screens.view import Scroll
from tui.widgets.frame import Row, Span, paragraph

MESSAGES_TITLE = Text("メッセージの履歴", "Messages")
NO_MESSAGES = Text("まだメッセージはありません。", "No messages yet.")


class Messages(Scroll):
    """The history that `!` shows."""

    def title(self) -> str:
        """The first line."""
        return self.desk.t(MESSAGES_TITLE)

    def body(self, width: int) -> list[Row]:
        """One message after another."""
        desk = self.desk
        rows: list[Row] = []
        for said in reversed(desk.said):
            lines = paragraph(desk.t(said.text), max(10, width - 10), "error" if said.wrong else "text")
            at = f"{said.at.astimezone():%H:%M:%S}  "
            rows += [(Span(at if not n else " " * 10, "muted"), *line) for n, line in enumerate(lines)]
        return rows or [(Span(desk.t(NO_MESSAGES), "muted"),)]
