"""What every screen is: it draws itself as a frame and takes keys, clicks and pasted text. No Textual here."""

from __future__ import annotations

from typing import Literal, NamedTuple

from checks.text import Text
from checks.wrap import cell_width, wrap
from tui import wording
from tui.commands import Key, command_for, direction
from tui.desk import Desk
from tui.widgets import bars
from tui.widgets.editor import Editor
from tui.widgets.frame import Frame, Row, Span, acting, aligned, block, clip, window

TOO_SMALL = Text(
    "画面が小さすぎます。40桁12行以上に広げてください。qで終了します。",
    "The screen is too small. Please enlarge it to at least 40 by 12. Press q to quit.",
)
PAGE_WORD = Text("ページ", "page")

ALWAYS = ("ctrl+q", "ctrl+c", "ctrl+l", "ctrl+p", "f1")
"""Keys that are commands also while text is typed."""
LEAST = (40, 12)
"""Columns and lines below which there is only one sentence."""


class UnsavedText(NamedTuple):
    """A text that is being typed, about which item; empty while nothing of it is unstored."""

    item: str
    kind: Literal["note", "answer"]
    text: str


class View:
    """One screen. Subclasses draw, and say what the commands mean to them."""

    typing = False
    """Printable keys are text here, not commands."""
    letters = ""
    """Printable keys that mean something here beside the commands that work everywhere."""
    heading: Text
    """The title, where it is always the same."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.page = 10
        """Lines of one page, as last drawn."""

    @property
    def unsaved_text(self) -> UnsavedText | None:
        """What is being typed here about an item of the session."""
        return None

    @property
    def unsaved(self) -> bool:
        """Something was typed here that is not stored."""
        text = self.unsaved_text
        return text is not None and bool(text.text)

    @property
    def subject(self) -> object:
        """What keys and commands are about now: the highlighted line, question or choice."""
        return None

    def title(self) -> str:
        """The first line."""
        return self.desk.t(self.heading)

    def draw(self, width: int, height: int) -> Frame:
        """The picture at that size."""
        raise NotImplementedError

    def key(self, key: Key) -> bool:
        """Take a key before the table of commands is asked; True when it meant something."""
        return False

    def act(self, command: str, key: Key) -> bool:
        """Do a command; False when it means nothing here."""
        return False

    def click(self, act: str) -> None:
        """A click on something that is no command."""

    def wheel(self, lines: int, x: int) -> None:
        """The wheel turned."""

    def knows(self, char: str) -> bool:
        """Whether a printable character is a key here."""
        half = Key(char, char).half
        command = command_for(Key(char, char))
        return (" " if half == "space" else half) in self.letters or (
            command is not None and command.where == "any"
        )

    def paste(self, text: str) -> bool:
        """Text was pasted; False when nothing here takes it."""
        return False

    def leave(self) -> None:
        """Go back."""
        self.desk.pop()


def too_small(desk: Desk, width: int, height: int) -> Frame | None:
    """The one sentence for a terminal that is too small, or None when there is room."""
    if width >= LEAST[0] and height >= LEAST[1]:
        return None
    lines = wrap(desk.t(TOO_SMALL), max(2, width))
    return Frame(tuple(block([(Span(line),) for line in lines], width, height)))


class Scroll(View):
    """A text that is read: one title line, lines that scroll, one line of help."""

    letters = " "

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.top = 0

    def body(self, width: int) -> list[Row]:
        """All lines, for that width."""
        raise NotImplementedError

    def keys(self) -> list[bars.Entry]:
        """What the last line offers beside back and help."""
        return [bars.entry(self.desk, "move"), bars.entry(self.desk, "page", PAGE_WORD)]

    def draw(self, width: int, height: int) -> Frame:
        desk = self.desk
        message = bars.message_lines(desk, width, height)
        room = self.page = max(1, height - 3 - len(message))
        body = self.body(width - 2)
        self.top = max(0, min(self.top, len(body) - room))
        shown: list[Row] = [(Span(" "), *row) for row in body[self.top : self.top + room]]
        count = f"{min(len(body), self.top + room)}/{len(body)}"
        rows = (
            bars.title_line(desk, width, self.title()),
            bars.rule(desk, width),
            *block(shown, width, room),
            *message,
            bars.keys_line(width, self.keys(), bars.leaving(desk), count),
        )
        return Frame(rows[:height], (0, min(2, height - 1)))

    def act(self, command: str, key: Key) -> bool:
        step = {"up": -1, "down": 1, "pageup": -self.page, "pagedown": self.page,
                "home": -1_000_000, "end": 1_000_000}.get(direction(key))  # fmt: skip
        if command == "answer":  # the space bar turns the page where there is nothing to answer
            step = self.page
        elif command not in ("move", "page", "ends") or step is None:
            return False
        self.top = max(0, self.top + step)
        return True

    def wheel(self, lines: int, x: int) -> None:
        self.top = max(0, self.top + lines)


class Picker(View):
    """A list from which one line is picked, with a field that narrows it."""

    typing = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.field = Editor(limit=60)
        self.at = 0
        self.top = 0

    def prompt(self) -> str:
        """What stands in front of the field."""
        return self.desk.t(wording.FILTER)

    def count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def line(self, number: int, width: int) -> Row:
        """One line."""
        raise NotImplementedError

    def name(self, number: int) -> str:
        """What a line is known by, wherever it stands."""
        raise NotImplementedError

    @property
    def subject(self) -> object:
        return self.name(self.at) if self.at < self.count() else None

    def pick(self, number: int) -> None:
        """A line was picked."""
        raise NotImplementedError

    def keys(self) -> list[bars.Entry]:
        """What the last line offers beside back and help."""
        desk = self.desk
        return [bars.key_entry(desk, "enter", wording.PICK_WORD), bars.entry(desk, "move")]

    def draw(self, width: int, height: int) -> Frame:
        desk = self.desk
        message = bars.message_lines(desk, width, height)
        room = self.page = max(1, height - 4 - len(message))
        count = self.count()
        self.at = max(0, min(self.at, count - 1))
        self.top = window(count, room, self.at, self.top)
        shown: list[Row] = []
        for number in range(self.top, min(count, self.top + room)):
            row = clip((Span(" "), *self.line(number, width - 2)), width)
            shown.append(acting(aligned(row, "cursor") if number == self.at else row, self._act(number)))
        if not count:
            shown.append((Span(" " + self.nothing(), "muted"),))
        prompt = " " + self.prompt()
        before = cell_width(prompt)
        text, x = self.field.view(max(2, width - before - 2), desk.data)
        rows = (
            bars.title_line(desk, width, self.title()),
            clip((Span(prompt, "title"), Span(text, "input")), width),
            bars.rule(desk, width),
            *block(shown, width, room),
            *message,
            bars.keys_line(width, self.keys(), bars.leaving(desk, typing=True)),
        )
        return Frame(rows[:height], (min(width - 1, before + x), 1))

    def _act(self, number: int) -> str:
        return f"pick {self.name(number)}"

    def nothing(self) -> str:
        """What stands there when the list is empty."""
        return self.desk.t(wording.NO_MATCH)

    def typed(self) -> None:
        """The field has changed."""
        self.at = 0

    def clear(self) -> None:
        """Empty the field."""
        self.field.text, self.field.cursor = "", 0
        self.typed()

    def key(self, key: Key) -> bool:
        if key.name in ALWAYS:
            return False
        step = {"up": -1, "down": 1, "pageup": -self.page, "pagedown": self.page}.get(key.name)
        if step is not None:
            self.wheel(step, 0)
        elif key.name == "enter":
            if self.count():
                self.pick(self.at)
        elif key.name == "escape" and self.field.text:
            self.clear()
        else:
            before = self.field.text
            if not self.field.key(key):
                return False
            if self.field.text != before:
                self.typed()
        return True

    def act(self, command: str, key: Key) -> bool:
        if command not in ("move", "page", "ends"):
            return False
        self.at = {"home": 0, "end": self.count() - 1}.get(direction(key), self.at)
        self.key(Key(direction(key)))
        return True

    def click(self, act: str) -> None:
        """A click picks the line that was clicked, wherever it stands by now."""
        for number in range(self.count()):
            if act == self._act(number):
                self.at = number
                self.pick(number)
                return

    def wheel(self, lines: int, x: int) -> None:
        self.at = max(0, min(self.at + lines, self.count() - 1))

    def paste(self, text: str) -> bool:
        self.field.insert(text)
        self.typed()
        return True
