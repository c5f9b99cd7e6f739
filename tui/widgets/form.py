"""The form of one question: a list to pick from by number, or a field; opening it changes nothing."""

from __future__ import annotations

import unicodedata
from typing import Literal

from checks.steps import Question
from checks.text import Text
from checks.wrap import cell_width
from tui import answering, wording
from tui.commands import Key, direction
from tui.desk import Desk
from tui.widgets.editor import Editor
from tui.widgets.frame import Row, Span, acting, aligned, clip, paragraph

FORM_CHOICE = Text(
    "数字か、上下キーとEnterで選びます。Escでやめます。",
    "Press a number, or use the arrow keys and Enter. Esc cancels.",
)
FORM_TEXT = Text("入力してEnterで決定します。Escでやめます。", "Type, then press Enter. Esc cancels.")
FORM_DATE = Text(
    "例: 2026-11-22、20261122、令和8年11月22日、R8.11.22、8.11.22、11/22、今日、明日",
    "For example 2026-11-22, 20261122, R8.11.22, 8.11.22, 11/22, today or tomorrow",
)
FORM_PATH = Text("例: {example}", "For example {example}")
FORM_CLEAR = Text("未回答に戻す", "Clear the answer")
FORM_EMPTY = Text(
    "空のままEnterで未回答に戻します。", "Press Enter with the field empty to clear the answer."
)

Done = Literal["open", "answered", "left"]


def choice_rows(
    desk: Desk, question: Question, stored: str | None, at: int, width: int
) -> tuple[list[Row], int]:
    """The choices by number, the stored one starred, the one at `at` highlighted with its hint; and its first line."""
    rows: list[Row] = []
    y = 0
    for number, choice in enumerate(question.choices, 1):
        mark = "*" if choice.value == stored else " "
        here = number - 1 == at
        y = len(rows) if here else y
        for line in paragraph(f"{mark}{number % 10} {desk.t(choice.text)}", width, hang=3):
            row = acting(clip(line, width), f"choose {question.id} {choice.value}")
            rows.append(aligned(row, "cursor") if here else row)
        if here and choice.hint is not None:
            rows += paragraph(desk.t(choice.hint), width, "notice", indent=3)
    return rows, y


class Form:
    """Asks one question."""

    def __init__(self, desk: Desk, question: Question) -> None:
        self.desk = desk
        self.question = question = question.offered(desk.session.answers)
        self.error: Text | None = None
        stored = desk.session.answers.get(question.id)
        self.stored = None if stored is None else str(stored)
        self.editor: Editor | None = None
        self.at = 0
        if question.choices:
            values = [choice.value for choice in question.choices]
            self.at = values.index(self.stored) if self.stored in values else 0
        else:
            draft = desk.session.drafts().get(question.id)
            text = draft.answer if draft is not None else ""
            if text:
                desk.say(wording.DRAFT_BACK)
            self.editor = Editor(text or self.stored or "", limit=2000)

    def draw(self, width: int) -> tuple[list[Row], tuple[int, int]]:
        """The lines of the form, and the cursor's column and line among them."""
        desk = self.desk
        rows: list[Row] = paragraph(desk.t(self.question.text), width, "title")
        rows.append(())
        spot = self._draw_choices(rows, width) if self.editor is None else self._draw_field(rows, width)
        if self.error is not None:
            rows += [(), *paragraph(desk.t(self.error), width, "error")]
        if self.question.help is not None:
            rows += [(), *paragraph(desk.t(self.question.help), width, "text")]
        return rows, spot

    def _draw_choices(self, rows: list[Row], width: int) -> tuple[int, int]:
        desk, question = self.desk, self.question
        lines, y = choice_rows(desk, question, self.stored, self.at, width)
        y += len(rows)
        rows += lines
        if self.stored is not None:
            row = acting(clip((Span(f" - {desk.t(FORM_CLEAR)}", "muted"),), width), f"choose {question.id} -")
            here = self.at == len(question.choices)
            y = len(rows) if here else y
            rows.append(aligned(row, "cursor") if here else row)
        rows += [(), *paragraph(desk.t(FORM_CHOICE), width, "muted")]
        return 0, y

    def _draw_field(self, rows: list[Row], width: int) -> tuple[int, int]:
        desk = self.desk
        assert self.editor is not None
        y = len(rows)
        text, x = self.editor.view(max(4, width - 2), desk.data)
        room = max(0, width - 2 - cell_width(text))
        rows.append((Span(desk.glyphs.closed, "key"), Span(text + " " * room, "input")))
        if self.question.kind == "date":
            from checks.rules.dates import DateError, parse_day, spoken

            try:  # the date as understood, in both calendars
                text = desk.t(spoken(parse_day(self.editor.text, desk.options.today())))
            except DateError:
                text = desk.t(FORM_DATE)
            rows += paragraph(text, width, "muted")
        elif self.question.kind == "path":
            example = "C:\\oss\\images" if desk.platform == "windows" else "~/oss/images"
            rows += paragraph(desk.t(FORM_PATH, example=example), width, "muted")
        rows += [(), *paragraph(desk.t(FORM_TEXT), width, "muted")]
        if self.stored is not None:
            rows += paragraph(desk.t(FORM_EMPTY), width, "muted")
        return (2 + x, y)

    @property
    def unsaved_text(self) -> str:
        """What is typed and not stored."""
        text = self.editor.text if self.editor is not None else ""
        return "" if text == (self.stored or "") else text

    def key(self, key: Key) -> Done:
        """Take a key."""
        done = self._key(key)
        if done != "open" and self.editor is not None:
            self.desk.session.draft(self.question.id, "answer", "")
        return done

    def _key(self, key: Key) -> Done:
        if key.name == "escape":
            return "left"
        if self.editor is None:
            return self._key_choice(key)
        if key.name == "enter":
            return self._give(self.editor.text)
        if self.editor.key(key):
            self.error = None
        return "open"

    def _key_choice(self, key: Key) -> Done:
        choices = self.question.choices
        last = len(choices) - (self.stored is None)
        half = direction(key)
        steps = {"up": -1, "down": 1, "home": -last, "pageup": -last, "end": last, "pagedown": last}
        if half in steps:
            self.at = max(0, min(last, self.at + steps[half]))
        elif half in ("left", "b"):
            return "left"
        elif half in ("enter", "space", "v"):
            return self.choose("-" if self.at >= len(choices) else str(self.at + 1))
        elif half in ("-", "backspace", "delete"):
            return self.choose("-")
        elif self.question.kind == "yesno" and half in ("y", "n"):
            return self.choose("1" if half == "y" else "2")
        elif half.isdecimal() and half.isascii():
            return self.choose(half)
        return "open"

    def choose(self, number: str) -> Done:
        """Pick a choice by its number, `0` is the tenth, `-` takes the answer back."""
        if number == "-":
            return self._give(None) if self.stored is not None else "open"
        index = (int(number) or 10) - 1
        if index >= len(self.question.choices):
            return "open"
        return self._give(self.question.choices[index].value)

    def clicked(self, rest: str) -> Done:
        """Take the value of a choice that was clicked, `-` for none, if it was one of this question."""
        question, _, value = rest.partition(" ")
        if question != self.question.id:
            return "open"
        return self.choose("-") if value == "-" else self._give(value)

    def _give(self, raw: str | None) -> Done:
        if raw is not None and not unicodedata.normalize("NFKC", raw).strip():
            raw = None
            if self.stored is None:
                return "left"
        self.error = answering.answer(self.desk, self.question.id, raw)
        return "answered" if self.error is None else "open"

    def paste(self, text: str) -> bool:
        """Type it, if there is a field."""
        if self.editor is not None:
            self.editor.insert(text)
            self.error = None
        return self.editor is not None
