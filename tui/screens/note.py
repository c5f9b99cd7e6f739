"""A note on a step or an item."""

from __future__ import annotations

from checks.text import Text
from tui import answering, wording
from tui.commands import Key
from tui.desk import Desk
from tui.screens.ask import Ask
from tui.screens.view import ALWAYS, UnsavedText, View
from tui.widgets import bars
from tui.widgets.editor import Editor
from tui.widgets.frame import Frame, Row, Span, block, paragraph, window

NOTE_FOR = Text("メモ: {what}", "Note: {what}")
NOTE_HELP = Text("氏名や番号は書かないでください。", "Please do not enter names or numbers.")
NOTE_DISCARD = Text("書きかけのメモがあります。保存せずにやめますか。", "The note is not saved. Discard it?")
LINE_WORD = Text("改行", "new line")


class NoteScreen(View):
    """A field of several lines."""

    typing = True

    def __init__(self, desk: Desk, item: str, title: Text) -> None:
        super().__init__(desk)
        self.item, self.heading = item, title
        draft = desk.session.drafts().get(item)
        text = draft.note if draft is not None else ""
        if text:
            desk.say(wording.DRAFT_BACK)
        self.editor = Editor(text or self._stored, lines=True, limit=5000)
        self.top = 0

    @property
    def _stored(self) -> str:
        note = self.desk.session.data.notes.get(self.item)
        return note.text if note is not None else ""

    def draw(self, width: int, height: int) -> Frame:
        desk = self.desk
        help_rows = paragraph(desk.t(NOTE_HELP), width - 2, "muted", indent=1)[:3]
        message = bars.message_lines(desk, width, height)
        room = max(1, height - 3 - len(help_rows) - len(message))
        lines, x, y = self.editor.wrapped(max(4, width - 3), desk.data)
        self.top = window(len(lines), room, y, self.top)
        shown: list[Row] = [(Span(" " + line),) for line in lines[self.top : self.top + room]]
        keys = [
            bars.key_entry(desk, "enter", wording.SAVE_WORD),
            bars.key_entry(desk, "ctrl+n", LINE_WORD),
        ]
        rows = (
            bars.title_line(desk, width, desk.t(NOTE_FOR, what=self.heading)),
            bars.rule(desk, width),
            *block(shown, width, room),
            *message,
            *block(help_rows, width, len(help_rows)),
            bars.keys_line(width, keys, bars.leaving(desk, typing=True)),
        )
        return Frame(rows[:height], (min(width - 1, 1 + x), 2 + y - self.top))

    @property
    def unsaved_text(self) -> UnsavedText:
        text = self.editor.text.strip("\n")
        return UnsavedText(self.item, "note", "" if text == self._stored else text)

    def leave(self) -> None:
        if self.unsaved:
            self.desk.push(Ask(self.desk, NOTE_DISCARD, wording.YES_NO, self._discard))
        else:
            super().leave()

    def _discard(self) -> None:
        self.desk.session.draft(self.item, "note", "")
        super().leave()

    def key(self, key: Key) -> bool:
        if key.name in ALWAYS:
            return False
        if key.name == "escape":
            self.leave()
        elif key.name == "enter":
            self.desk.pop()
            answering.note(self.desk, self.item, self.editor.text.strip("\n"))
        elif key.name in ("ctrl+n", "ctrl+j", "shift+enter"):
            self.editor.insert("\n")
        elif key.name in ("up", "down"):
            self._line(-1 if key.name == "up" else 1)
        else:
            self.editor.key(key)
        return True

    def _line(self, by: int) -> None:
        """To the line above or below, at about the same place."""
        text, cursor = self.editor.text, self.editor.cursor
        start = text.rfind("\n", 0, cursor) + 1
        if by < 0:
            if start:
                before = text.rfind("\n", 0, start - 1) + 1
                self.editor.cursor = min(before + cursor - start, start - 1)
            return
        end = text.find("\n", cursor)
        if end >= 0:
            last = text.find("\n", end + 1)
            self.editor.cursor = min(end + 1 + cursor - start, len(text) if last < 0 else last)

    def paste(self, text: str) -> bool:
        self.editor.insert(text)
        return True
