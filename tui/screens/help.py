"""Help: about the selected line, the marks, and every key, made from the table of commands."""

from __future__ import annotations

from checks.text import Text
from tui import wording
from tui.commands import BY_ID, COMMANDS, Command, Key, key_label, keys_of
from tui.screens.view import Scroll
from tui.widgets.frame import Row, Span, acting, paragraph, width_of

HELP_INTRO = Text(
    "左の一覧で項目を選ぶと、右に説明が出ます。質問はSpaceで回答し、検査はrで行います。回答と結果はそのつど保存されます。全角の文字でも同じ操作ができます。",
    "Select an item on the left to read about it on the right. Space answers a question, r "
    "runs a check. Everything is saved at once. Full-width letters work too.",
)
HELP_STATES = Text("しるしの意味", "What the marks mean")
HELP_KEYS = Text("キー", "Keys")


class Help(Scroll):
    """Everything that can be done."""

    heading = BY_ID["help"].title

    def body(self, width: int) -> list[Row]:
        desk = self.desk
        rows: list[Row] = [*paragraph(desk.t(HELP_INTRO), width), ()]
        rows.append((Span(desk.t(HELP_KEYS), "heading"),))
        for command in COMMANDS:
            rows += self._command(command, width)
        rows += [(), (Span(desk.t(HELP_STATES), "heading"),)]
        for state, tag in wording.TAGS.items():
            mark = Span(desk.t(tag), wording.ROLES[state])
            rows.append((Span(" "), mark, Span("  " + desk.t(wording.STATES[state]))))
        return rows

    def _command(self, command: Command, width: int) -> list[Row]:
        desk, act = self.desk, f"run {command.id}"
        column = 18 if width >= 60 else 12
        title = desk.t(command.title)
        text = f"{title}: {desk.t(command.about)}" if width >= 60 else title
        # Each way that the command goes has a place of its own to click.
        keys = [
            Span(key_label(key, desk.arrows), "key", f"{act} {key}")
            for key in keys_of(command, len(desk.guide.steps))
        ]
        head = [part for key in keys for part in (Span(" "), key)]
        used, blank = width_of(head), Span(" " * (column + 1))
        lines: list[Row] = [(blank, *line) for line in paragraph(text, max(10, width - column - 1))]
        if used <= column:
            lines[0] = (*head, Span(" " * (column + 1 - used)), *lines[0][1:])
        else:
            lines.insert(0, tuple(head))  # so many keys take a line of their own
        return [acting(line, act) for line in lines]

    def click(self, act: str) -> None:
        if act.startswith("run "):
            from tui.screens.dispatch import perform

            self.leave()
            command, _, key = act[4:].partition(" ")
            perform(self.desk, command, Key(key) if key else None, anywhere=True)
