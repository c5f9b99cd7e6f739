"""The case: all its questions on one screen; the highlighted one shows its choices, a number picks."""

from __future__ import annotations

from checks.steps import Question
from checks.text import Text
from state.standing import Item
from tui import answering, wording
from tui.commands import Key, direction
from tui.desk import Desk
from tui.screens.view import ALWAYS, UnsavedText, View
from tui.widgets import bars
from tui.widgets.form import Form, choice_rows
from tui.widgets.frame import Frame, Row, Span, acting, between, block, paragraph, window

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

CONTACT = Text(
    "ネットワークの検査で接続するのは {contact} だけです。始める前に確認します。",
    "Network checks connect only to {contact}, and ask you first.",
)


class Case(View):
    """Asks what is being applied for."""

    letters = "0123456789-nNhlgGvuU "

    def __init__(self, desk: Desk, question: str = "") -> None:
        super().__init__(desk)
        self.at = next((n for n, item in enumerate(self.items()) if item.open), 0)
        self.top = 0
        if not self._go(question):
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
        return self.question.id, self.form.at

    def _point(self) -> None:
        """Highlight the present answer."""
        self.form = Form(self.desk, self.question)

    @property
    def typing(self) -> bool:  # type: ignore[override]
        return self.form.editor is not None

    @property
    def unsaved_text(self) -> UnsavedText | None:
        form = self.form
        return UnsavedText(form.question.id, "answer", form.unsaved_text) if self.typing else None

    def draw(self, width: int, height: int) -> Frame:
        desk = self.desk
        rows: list[Row] = []
        spot = (1, 0)
        for number, item in enumerate(self.items()):
            rows.append(self._line(item, number == self.at, width))
            if number == self.at:
                lines, spot = self._answers(item, width, len(rows))
                rows += lines
        rows.append(())
        answered = all(
            item.value is not None or not (item.applies and item.required) for item in self.items()
        )
        refusal = desk.progress.refusal
        above = [] if refusal is None else paragraph(desk.t(refusal), width - 2, "attention", indent=1)
        if answered and refusal is None:
            wrong = any(item.open for item in self.items())
            text, role = (CASE_WRONG, "attention") if wrong else (CASE_DONE, "done")
            rows += [*paragraph(desk.t(text), width - 2, role, indent=1), ()]
        message = bars.message_lines(desk, width, height)
        below = [*bars.next_lines(desk, width, 2 if height >= 20 else 1), *message]
        room = self.page = max(1, height - 3 - len(below) - len(above))
        contact = paragraph(desk.t(CONTACT, contact=desk.t(desk.contact)), width - 2, "muted", indent=1)
        # Whole or not at all: half a sentence says nothing, and it is asked again before any check.
        rows += contact if len(rows) + len(contact) <= room else []
        x, y = spot
        self.top = window(len(rows), room, y, self.top)
        if self.at < self.top and y - self.at < room:
            self.top = self.at  # the question above its choices stays in sight
        title = desk.t(CASE_TITLE if width >= 80 else wording.CASE)
        frame = (
            bars.title_line(desk, width, title, saved=True),
            bars.rule(desk, width),
            *block(above, width, len(above)),
            *block(rows[self.top :], width, room),
            *below,
            bars.keys_line(width, self._keys(), bars.leaving(desk, typing=self.typing)),
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

    def _line(self, item: Item, here: bool, width: int) -> Row:
        desk = self.desk
        mark = desk.glyphs.open if here else desk.glyphs.closed
        title = Span(desk.t(item.title), "title" if here else "text")
        arrow, state = Span(f" {mark}", "key"), Span(desk.t(wording.STATES["not-needed"]), "muted")
        if not item.applies:
            arrow, title = Span(arrow.text, "muted"), Span(title.text, "muted")
        elif item.value is not None:
            state = Span(desk.t(desk.spoken(item.id, item.value)), wording.ROLES[item.state])
        elif item.required:
            state = Span(desk.t(wording.STATES["to-do"]), "todo")
        else:
            state = Span(desk.t(wording.STATES["optional"]), "muted")
        right = (Span("  "), Span(state.text + " ", state.role))
        return acting(between((arrow, title), right, width), f"ask {item.id}")

    def _answers(self, item: Item, width: int, line: int) -> tuple[list[Row], tuple[int, int]]:
        """What stands under the highlighted question, and the cursor's place."""
        rows: list[Row] = []
        if item.reason is not None:
            rows += paragraph(self.desk.t(item.reason), width - 5, "muted", indent=5)
        if self.typing:
            lines, (x, y) = self.form.draw(width - 6)
            return rows + [(Span("     "), *row) for row in lines], (5 + x, line + len(rows) + y)
        lines, y = choice_rows(self.desk, self.question, item.value, self.form.at, width - 6)
        return rows + [(Span("    "), *row) for row in lines], (4, line + len(rows) + y)

    def key(self, key: Key) -> bool:
        """Numbers and Enter pick, arrows move through choices and questions."""
        form, half = self.form, direction(key)
        if form.editor is not None:
            if key.name in ("up", "down"):
                self._move(-1 if key.name == "up" else 1)
            elif key.name == "escape" or key.name in ALWAYS:
                return False
            elif form.key(key) == "answered":
                self._next()
        elif half in ("up", "down"):
            to = form.at + (1 if half == "down" else -1)
            if 0 <= to < len(form.question.choices):
                form.at = to
            else:
                self._move(to - form.at)
        elif half in ("tab", "n", "pagedown", "right"):
            self._move(1)
        elif half in ("shift+tab", "N", "pageup", "left"):
            self._move(-1)
        elif half in ("home", "end"):
            self._move(-len(self.items()) if half == "home" else len(self.items()))
        elif half in ("backspace", "delete", "-"):
            if self.items()[self.at].value is not None:
                answering.answer(self.desk, self.question.id, None)
        elif half in ("enter", "space", "v") or (half.isascii() and half.isdecimal()):
            if form.key(key) == "answered":
                self._next()
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

    def _next(self) -> None:
        """On to the next question that is open, or back when all are answered."""
        items = self.items()
        still_open = [n for n, item in enumerate(items) if item.open]
        later = [n for n in still_open if n > self.at]
        self.at = (later or still_open or [min(self.at + 1, len(items) - 1)])[0]
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
        self._move(1 if lines > 0 else -1)

    def paste(self, text: str) -> bool:
        return self.form.paste(text)
