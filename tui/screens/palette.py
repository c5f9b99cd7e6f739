"""The palette: every command and every item by name, in kanji, kana, romaji or English."""

from __future__ import annotations

from checks.text import Text
from checks.wrap import cell_width
from tui.commands import COMMANDS, Command, Key, key_label, keys_label
from tui.desk import Desk
from tui.screens.dispatch import perform, to_main
from tui.screens.view import Picker
from tui.search import matcher
from tui.shell import filled
from tui.widgets.frame import Row, Span, between

PALETTE_TITLE = Text("コマンドと項目を探す（漢字、かな、ローマ字、英語）", "Find a command or an item")


class Palette(Picker):
    """Commands first, then the items of the tree once something is typed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: list[tuple[str, Text, str]] = []
        self.typed()

    def title(self) -> str:
        """The first line."""
        return self.desk.t(PALETTE_TITLE)

    def prompt(self) -> str:
        """In front of the field."""
        return ": "

    def typed(self) -> None:
        """Look again."""
        super().typed()
        desk = self.desk
        wanted = matcher(self.field.text)
        self._found = [
            line
            for command in COMMANDS
            if wanted(command.id, command.title, command.reading, command.about)
            for line in self._lines(command)
        ]
        if self.field.text.strip():
            for part in desk.progress.steps:
                if wanted(part.step.id, part.step.title, str(part.step.number)):
                    self._found.append((f"go {part.step.id}", part.step.title, str(part.step.number)))
                self._found += [
                    (f"go {item.id}", item.title, f"{part.step.number}-{item.position}")
                    for item in part.items
                    if wanted(item.id, item.title, *self._label(item.id))
                ]

    def _label(self, item: str) -> list[Text]:
        """The few words of a question in the tree, by which it is looked for too."""
        question = self.desk.catalog.questions.get(item)
        return [question.label] if question is not None else []

    def _lines(self, command: Command) -> list[tuple[str, Text, str]]:
        """A command, once for each direction in which it goes; a step is found by its number and its name."""
        lang, arrows = self.desk.lang, self.desk.arrows
        if not command.ways or command.id == "step":
            return [(f"run {command.id}", command.title, keys_label(command, lang, arrows))]
        return [
            (
                f"run {command.id} {way}",
                filled(
                    Text("{title}: {key}", "{title}: {key}"),
                    title=command.title,
                    key=key_label(way, lang, arrows),
                ),
                " ".join(key_label(key, lang, arrows) for key in keys),
            )
            for way, keys in zip(command.ways, command.directions, strict=True)
        ]

    def count(self) -> int:
        """Lines."""
        return len(self._found)

    def line(self, number: int, width: int) -> Row:
        """Title and key."""
        _, title, right = self._found[number]
        tag = Span(right + " ", "key")
        return between((Span(self.desk.t(title)),), (Span(" "), tag), max(cell_width(right) + 2, width))

    def pick(self, number: int) -> None:
        """Do it."""
        verb, _, name = self._found[number][0].partition(" ")
        self.leave()
        if verb == "run":
            command, _, way = name.partition(" ")
            perform(self.desk, command, Key(way) if way else None, anywhere=True)
            return
        from tui.screens.main import Main

        main = self.desk.views[0]
        if isinstance(main, Main) and to_main(self.desk):
            main.reveal(name)
