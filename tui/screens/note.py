"""A note on a step or an item."""

from __future__ import annotations

from checks.text import Text
from tui import answering, wording
from tui.commands import Key
from tui.desk import Desk
from tui.screens.ask import Ask
from tui.screens.view import ALWAYS, View, Written
from tui.widgets import bars
from tui.widgets.editor import Editor
from tui.widgets.frame import Frame, Row, Span, clip, paragraph, window

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
        note = desk.session.data.notes.get(item)
        draft = desk.session.drafts().get(item)
        text = draft.note if draft is not None else ""
        if text:
            desk.say(wording.DRAFT_BACK)
        self.editor = Editor(text or (note.text if note is not None else ""), lines=True, limit=5000)
        self.top = 0

    def draw(self, width: int, height: int) -> Frame:
        """Title, text, help."""
        desk = self.desk
        help_rows: list[Row] = paragraph(desk.t(NOTE_HELP), width - 2, "muted", indent=1)[:3]
        message = bars.message_lines(desk, width, bars.most_lines(height))
        room = max(1, height - 3 - len(help_rows) - len(message))
        lines, x, y = self.editor.wrapped(max(4, width - 3), desk.data)
        self.top = window(len(lines), room, y, self.top)
        shown = [clip((Span(" " + line),), width) for line in lines[self.top : self.top + room]]
        shown += [clip((), width)] * (room - len(shown))
        rows = (
            bars.title_line(desk, width, desk.t(NOTE_FOR, what=self.heading)),
            clip((Span(desk.glyphs.rule * width, "rule"),), width),
            *shown,
            *message,
            *(clip(row, width) for row in help_rows),
            bars.keys_line(desk, width, self._keys(), bars.leaving(desk, typing=True)),
        )
        return Frame(rows[:height], (min(width - 1, 1 + x), 2 + y - self.top))

    def _keys(self) -> list[bars.Entry]:
        desk = self.desk
        return [
            bars.key_entry(desk, "enter", wording.SAVE_WORD),
            bars.key_entry(desk, "ctrl+n", LINE_WORD),
        ]

    @property
    def written(self) -> Written:
        """The text, while it is another than the one that is stored."""
        note = self.desk.session.data.notes.get(self.item)
        text = self.editor.text.strip("\n")
        return Written(self.item, "note", "" if text == (note.text if note is not None else "") else text)

    def leave(self) -> None:
        """Go back; asks first when that would lose what was written."""
        if self.unsaved:
            self.desk.push(Ask(self.desk, NOTE_DISCARD, wording.YES_NO, self._discard))
        else:
            super().leave()

    def _discard(self) -> None:
        self.desk.session.draft(self.item, "note", "")
        super().leave()

    def key(self, key: Key) -> bool:
        """Enter keeps, Escape leaves everything as it was."""
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
        """Type it."""
        self.editor.insert(text)
        return True
