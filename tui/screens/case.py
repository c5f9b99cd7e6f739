"""The case: all its questions on one screen; the highlighted one shows its choices, a number picks."""

from __future__ import annotations

from checks.steps import Question
from checks.text import Text
from state.standing import Item
from tui import answering, wording
from tui.commands import Key, direction
from tui.desk import Desk
from tui.screens.view import ALWAYS, View, Written
from tui.widgets import bars
from tui.widgets.form import Form
from tui.widgets.frame import Frame, Row, Span, acting, aligned, between, clip, paragraph, window

CLEAR_WORD = Text("未回答に戻す", "clear")
CASE_TITLE = Text(
    "申請の内容（回答により必要な準備が決まります）", "The application (your answers decide what is needed)"
)
CASE_WRONG = Text(
    "このままでは申請できない回答があります。要対応の質問の説明を見てください。",
    "One of these answers blocks the application. See the explanation of the question that needs action.",
)
CASE_DONE = Text(
    "すべて答えました。Escで一覧に戻り、nで次の項目へ進みます。",
    "All questions answered. Press Esc to return to the list, then n for the next item.",
)


class Case(View):
    """Asks what is being applied for."""

    letters = "0123456789-nNhlgGvuU "

    def __init__(self, desk: Desk, question: str = "") -> None:
        super().__init__(desk)
        names = [item.id for item in self.items()]
        self.at = (
            names.index(question)
            if question in names
            else next((n for n, item in enumerate(self.items()) if item.open), 0)
        )
        self.top = 0
        self.choice = 0
        self.form: Form | None = None
        """The field of a question without choices."""
        self._point()

    def items(self) -> tuple[Item, ...]:
        """The case's questions as they stand."""
        return tuple(item for item in self.desk.progress.case.items if item.kind != "check")

    @property
    def question(self) -> Question:
        """The highlighted question."""
        return self.desk.guide.questions[self.items()[self.at].id].offered(self.desk.session.answers)

    @property
    def subject(self) -> object:
        """The highlighted question and choice."""
        return self.question.id, self.choice

    def _point(self) -> None:
        """Highlight the present answer."""
        value = self.items()[self.at].value
        values = [choice.value for choice in self.question.choices]
        self.choice = values.index(value) if value in values else 0
        self.form = None if self.question.choices else Form(self.desk, self.question)

    @property
    def typing(self) -> bool:  # type: ignore[override]
        """A question without choices has a field."""
        return self.form is not None

    @property
    def written(self) -> Written | None:
        """What is typed in the field."""
        return Written(self.question.id, "answer", self.form.written) if self.form is not None else None

    def draw(self, width: int, height: int) -> Frame:
        """The questions with their answers."""
        desk = self.desk
        rows: list[Row] = []
        spot = (1, 0)
        for number, item in enumerate(self.items()):
            here = number == self.at
            if here and len(rows) and not self.question.choices:
                spot = (1, len(rows))
            rows.append(self._line(item, here, width))
            if here:
                more, spot = self._answers(item, width, len(rows))
                rows += more
        rows.append(())
        contact = desk.t(desk.contact)
        answered = all(
            item.value is not None or not (item.applies and item.required) for item in self.items()
        )
        refusal = desk.progress.refusal
        above = [] if refusal is None else paragraph(desk.t(refusal), width - 2, "attention", indent=1)
        if answered and refusal is None:
            wrong = any(item.open for item in self.items())
            said, role = (CASE_WRONG, "attention") if wrong else (CASE_DONE, "done")
            rows += [*paragraph(desk.t(said), width - 2, role, indent=1), ()]
        message = bars.message_lines(desk, width, bars.most_lines(height))
        most = 2 if height >= 20 else 1
        below = [*bars.next_lines(desk, width, most), *message]
        room = max(1, height - 3 - len(below) - len(above))
        told = paragraph(desk.t(CONTACT, contact=contact), width - 2, "muted", indent=1)
        # Whole or not at all: half a sentence says nothing, and it is asked again before any check.
        rows += told if len(rows) + len(told) <= room else []
        self.page = room
        x, y = spot
        self.top = window(len(rows), room, y, self.top)
        first = self._first_line()
        if first < self.top and y - first < room:
            self.top = first  # the question above its choices stays in sight
        shown = [clip(row, width) for row in rows[self.top : self.top + room]]
        shown += [clip((), width)] * (room - len(shown))
        frame = (
            bars.title_line(desk, width, desk.t(CASE_TITLE if width >= 80 else wording.CASE), saved=True),
            clip((Span(desk.glyphs.rule * width, "rule"),), width),
            *(clip(row, width) for row in above),
            *shown,
            *below,
            bars.keys_line(desk, width, self._keys(), bars.leaving(desk, typing=self.typing)),
        )
        return Frame(frame[:height], (min(x, width - 1), 2 + len(above) + y - self.top))

    def _keys(self) -> list[bars.Entry]:
        desk = self.desk
        if self.typing:
            return [bars.key_entry(desk, "enter", wording.TAKE_WORD), bars.entry(desk, "move")]
        last = len(self.question.choices)
        numbers = f"1-{last}" if last < 10 else "1-9 0"
        pick = bars.key_entry(desk, "enter", wording.PICK_WORD, f"{numbers} Enter")
        return [pick, bars.entry(desk, "move"), bars.key_entry(desk, "-", CLEAR_WORD)]

    def _first_line(self) -> int:
        return self.at

    def _line(self, item: Item, here: bool, width: int) -> Row:
        desk = self.desk
        mark = desk.glyphs.open if here else desk.glyphs.closed
        role = "title" if here else "text"
        left = (Span(f" {mark}", "key"), Span(desk.t(item.title), role))
        if not item.applies:
            right = Span(desk.t(wording.STATES["not-needed"]) + " ", "muted")
            left = (Span(f" {mark}", "muted"), Span(desk.t(item.title), "muted"))
        elif item.value is None:
            optional = not item.required
            right = Span(
                desk.t(wording.STATES["not-needed" if optional else "to-do"]) + " ",
                "muted" if optional else "todo",
            )
        else:
            right = Span(desk.t(desk.spoken(item.id, item.value)) + " ", wording.ROLES[item.state])
        return acting(between(left, (Span("  "), right), width), f"ask {item.id}")

    def _answers(self, item: Item, width: int, line: int) -> tuple[list[Row], tuple[int, int]]:
        """What stands under the highlighted question, and the cursor's place."""
        desk = self.desk
        rows: list[Row] = []
        if item.reason is not None:
            rows += paragraph(desk.t(item.reason), width - 5, "muted", indent=5)
        if self.form is not None:
            lines, (x, y) = self.form.draw(width - 6)
            spot = (5 + x, line + len(rows) + y)
            return rows + [(Span("     "), *row) for row in lines], spot
        spot = (3, line)
        for number, choice in enumerate(self.question.choices, 1):
            here = number - 1 == self.choice
            mark = "*" if choice.value == item.value else " "
            if here:
                spot = (4, line + len(rows))
            for words in paragraph(f"{mark}{number % 10} {desk.t(choice.text)}", width - 6, hang=3):
                cells = clip(words, max(2, width - 6))
                rows.append(
                    acting(
                        (Span("    "), *(aligned(cells, "cursor") if here else cells)),
                        f"choose {item.id} {choice.value}",
                    )
                )
            if here and choice.hint is not None:
                rows += paragraph(desk.t(choice.hint), width - 9, "notice", indent=7)
        return rows, spot

    def key(self, key: Key) -> bool:
        """Numbers and Enter pick, arrows move through choices and questions."""
        if self.form is not None:
            if key.name in ("up", "down"):
                self._move(-1 if key.name == "up" else 1)
                return True
            if key.name == "escape" or key.name in ALWAYS:
                return False
            if self.form.key(key) == "answered":
                self._next()
            return True
        half = direction(key)
        choices = self.question.choices
        if half == "down":
            if self.choice + 1 < len(choices):
                self.choice += 1
            else:
                self._move(1)
        elif half == "up":
            if self.choice > 0:
                self.choice -= 1
            else:
                self._move(-1)
        elif half in ("tab", "n", "pagedown", "right"):
            self._move(1)
        elif half in ("shift+tab", "N", "pageup", "left"):
            self._move(-1)
        elif half in ("home", "end"):
            self._move(-len(self.items()) if half == "home" else len(self.items()))
        elif half in ("enter", "space", "v"):
            self._pick(self.choice)
        elif half in ("backspace", "delete", "-"):
            if self.items()[self.at].value is not None:
                answering.answer(self.desk, self.question.id, None)
        elif half.isascii() and half.isdecimal():
            index = (int(half) or 10) - 1
            if index < len(choices):
                self._pick(index)
        else:
            return False
        return True

    def _move(self, by: int) -> None:
        self.at = max(0, min(self.at + by, len(self.items()) - 1))
        self._point()

    def _go(self, question: str) -> bool:
        """Highlight a question; False when it is not one of the case."""
        names = [item.id for item in self.items()]
        if question in names:
            self.at = names.index(question)
            self._point()
        return question in names

    def _pick(self, index: int) -> None:
        if answering.answer(self.desk, self.question.id, self.question.choices[index].value) is None:
            self._next()

    def _next(self) -> None:
        """On to the next question that is open, or back when all are answered."""
        items = self.items()
        later = [n for n, item in enumerate(items) if n > self.at and item.open]
        anywhere = [n for n, item in enumerate(items) if item.open]
        if later or anywhere:
            self.at = (later or anywhere)[0]
        elif self.at + 1 < len(items):
            self.at += 1
        self._point()

    def act(self, command: str, key: Key) -> bool:
        """Undo and redo work here too, and moving by a click or from the palette."""
        if command in ("move", "page", "ends"):
            return self.key(Key(direction(key)))
        if command in ("undo", "redo"):
            question = answering.undo(self.desk, again=command == "redo")
            if question is None or not self._go(question):
                self._point()
            return True
        return False

    def click(self, act: str) -> None:
        """A click on a question shows its choices, one on a choice picks it."""
        verb, _, rest = act.partition(" ")
        if verb == "ask":
            self._go(rest)
        elif verb == "choose":
            question, _, value = rest.partition(" ")
            if self._go(question) and answering.answer(self.desk, question, value) is None:
                self._next()

    def wheel(self, lines: int, x: int) -> None:
        """Through the questions."""
        self._move(1 if lines > 0 else -1)

    def paste(self, text: str) -> bool:
        """Into the field, if there is one."""
        return self.form is not None and self.form.paste(text)


CONTACT = Text(
    "ネットワークの検査で接続するのは {contact} だけです。始める前に確認します。",
    "Network checks connect only to {contact}, and ask you first.",
)
