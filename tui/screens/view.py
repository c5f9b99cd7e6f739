"""What every screen is: it draws itself as a frame and takes keys, clicks and pasted text. No Textual here."""

from __future__ import annotations

from typing import Literal, NamedTuple

from checks.text import Text
from checks.wrap import wrap
from tui import wording
from tui.commands import Key, command_for, direction
from tui.desk import Desk
from tui.widgets import bars
from tui.widgets.frame import Frame, Row, Span, clip, window

TOO_SMALL = Text(
    "画面が小さすぎます。40桁12行以上に広げてください。qで終了します。",
    "The screen is too small. Please enlarge it to at least 40 by 12. Press q to quit.",
)
PAGE_WORD = Text("ページ", "page")

ALWAYS = ("ctrl+q", "ctrl+c", "ctrl+l", "ctrl+p", "f1")
"""Keys that are commands also while text is typed."""
LEAST = (40, 12)
"""Columns and lines below which there is only one sentence."""


class Written(NamedTuple):
    """A text that is being typed: what it is, about which item."""

    item: str
    kind: Literal["note", "answer"]
    text: str


class View:
    """One screen. Subclasses draw, and say what the commands mean to them."""

    typing = False
    """Printable keys are text here, not commands."""
    letters = ""
    """Printable keys that mean something here beside the commands that work everywhere."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.page = 10
        """Lines of one page, as last drawn."""

    @property
    def written(self) -> Written | None:
        """What is being typed here about an item of the session: empty while nothing of it is unstored."""
        return None

    @property
    def unsaved(self) -> bool:
        """Something was typed here that is not stored."""
        return self.written is not None and bool(self.written.text)

    @property
    def subject(self) -> object:
        """What keys and commands are about now: the highlighted line, question or choice."""
        return None

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
    rows = [clip((Span(line),), width) for line in lines[:height]]
    rows += [clip((), width)] * (height - len(rows))
    return Frame(tuple(rows), (0, 0))


class Scroll(View):
    """A text that is read: one title line, lines that scroll, one line of help."""

    letters = " "

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.top = 0

    def title(self) -> str:
        """The first line."""
        raise NotImplementedError

    def body(self, width: int) -> list[Row]:
        """All lines, for that width."""
        raise NotImplementedError

    def keys(self) -> list[bars.Entry]:
        """What the last line offers beside back and help."""
        return [bars.entry(self.desk, "move"), bars.entry(self.desk, "page", PAGE_WORD)]

    def draw(self, width: int, height: int) -> Frame:
        """The lines from the top one on."""
        desk = self.desk
        message = bars.message_lines(desk, width, bars.most_lines(height))
        room = max(1, height - 3 - len(message))
        self.page = room
        body = self.body(width - 2)
        self.top = max(0, min(self.top, len(body) - room))
        shown = [clip((Span(" "), *row), width) for row in body[self.top : self.top + room]]
        shown += [clip((), width)] * (room - len(shown))
        rule = clip((Span(desk.glyphs.rule * width, "rule"),), width)
        more = f"{min(len(body), self.top + room)}/{len(body)}"
        rows = (
            bars.title_line(desk, width, self.title()),
            rule,
            *shown,
            *message,
            bars.keys_line(desk, width, self.keys(), bars.leaving(desk), more),
        )
        return Frame(rows[:height], (0, min(2, height - 1)))

    def act(self, command: str, key: Key) -> bool:
        """Scroll."""
        step = {"up": -1, "down": 1, "pageup": -self.page, "pagedown": self.page,
                "home": -1_000_000, "end": 1_000_000}.get(direction(key))  # fmt: skip
        if command in ("move", "page", "ends") and step is not None:
            self.top = max(0, self.top + step)
            return True
        if command == "answer":  # the space bar turns the page where there is nothing to answer
            self.top += self.page
            return True
        return False

    def wheel(self, lines: int, x: int) -> None:
        """Scroll."""
        self.top = max(0, self.top + lines)


class Picker(View):
    """A list from which one line is picked, with a field that narrows it."""

    typing = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        from tui.widgets.editor import Editor

        self.field = Editor(limit=60)
        self.at = 0
        self.top = 0

    def title(self) -> str:
        """The first line."""
        raise NotImplementedError

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
        """The highlighted line."""
        return self.name(self.at) if self.at < self.count() else None

    def pick(self, number: int) -> None:
        """A line was picked."""
        raise NotImplementedError

    def keys(self) -> list[bars.Entry]:
        """What the last line offers beside back and help."""
        desk = self.desk
        return [bars.key_entry(desk, "enter", wording.PICK_WORD), bars.entry(desk, "move")]

    def draw(self, width: int, height: int) -> Frame:
        """Title, field, lines, message, help."""
        desk = self.desk
        message = bars.message_lines(desk, width, bars.most_lines(height))
        room = max(1, height - 4 - len(message))
        self.page = room
        count = self.count()
        self.at = max(0, min(self.at, count - 1))
        self.top = window(count, room, self.at, self.top)
        shown: list[Row] = []
        for number in range(self.top, min(count, self.top + room)):
            row = clip((Span(" "), *self.line(number, width - 2)), width)
            role = "cursor" if number == self.at else ""
            shown.append(tuple(Span(s.text, role or s.role, f"pick {self.name(number)}") for s in row))
        if not count:
            shown.append(clip((Span(" " + self.nothing(), "muted"),), width))
        shown += [clip((), width)] * (room - len(shown))
        prompt = " " + self.prompt()
        from checks.wrap import cell_width

        before = cell_width(prompt)
        text, x = self.field.view(max(2, width - before - 2), desk.data)
        field = clip((Span(prompt, "title"), Span(text, "input")), width)
        rows = (
            bars.title_line(desk, width, self.title()),
            field,
            clip((Span(desk.glyphs.rule * width, "rule"),), width),
            *shown,
            *message,
            bars.keys_line(desk, width, self.keys(), bars.leaving(desk, typing=True)),
        )
        return Frame(rows[:height], (min(width - 1, before + x), 1))

    def nothing(self) -> str:
        """What stands there when the list is empty."""
        return self.desk.t(wording.NO_MATCH)

    def typed(self) -> None:
        """The field has changed."""
        self.at = 0

    def key(self, key: Key) -> bool:
        """Move, pick, or edit the field."""
        if key.name in ALWAYS:
            return False
        step = {"up": -1, "down": 1, "pageup": -self.page, "pagedown": self.page}.get(key.name)
        if step is not None:
            self.at = max(0, min(self.at + step, self.count() - 1))
            return True
        if key.name == "enter":
            if self.count():
                self.pick(self.at)
            return True
        if key.name == "escape" and self.field.text:
            self.field.text, self.field.cursor = "", 0
            self.typed()
            return True
        before = self.field.text
        if self.field.key(key):
            if self.field.text != before:
                self.typed()
            return True
        return False

    def act(self, command: str, key: Key) -> bool:
        """Move, for a click in the last line and for the palette."""
        if command not in ("move", "page", "ends"):
            return False
        last = self.count() - 1
        self.at = {"home": 0, "end": last}.get(direction(key), self.at)
        self.key(Key(direction(key)))
        return True

    def click(self, act: str) -> None:
        """A click picks the line that was clicked, wherever it stands by now."""
        for number in range(self.count()):
            if act == f"pick {self.name(number)}":
                self.at = number
                self.pick(number)
                return

    def wheel(self, lines: int, x: int) -> None:
        """Move."""
        self.at = max(0, min(self.at + lines, self.count() - 1))

    def paste(self, text: str) -> bool:
        """Type it."""
        self.field.insert(text)
        self.typed()
        return True
