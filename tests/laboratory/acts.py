"""A person with a bad line: clicks on old pictures, keys, pastes and replies, cut anywhere and delayed up to two seconds.

An oracle of its own follows along. It knows what each item is as a whole, what stood on the terminal when a button went down,
and which question was in front when a key came; whatever else changes an answer is wrong. At the end, and now and then, the
file on the disk is held against the log. Time is the experiment's own.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.message import Message

from checks.guide import load_guide
from checks.rules.conditions import Value
from state.file import load
from tests.support.helpers_reach import SIZE, Reach, reach
from tui.application import JunbiApp
from tui.commands import EVERY_KEY, Key
from tui.screens.case import Case
from tui.screens.main import Main
from tui.terminal.input import Input, InputEvent
from tui.thread_messages import Burst
from tui.widgets.clicks import ShownFrame
from tui.widgets.form import Form
from tui.widgets.frame import act_at

PAUSES = (0.0, 0.0, 0.0, 0.01, 0.03, 0.07, 0.15, 0.3, 0.45, 0.7, 1.2, 2.0)
REPLIES = (
    "\x1b[?62;22c",
    "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "\x1b[1;2R",
    "\x1bP>|xterm(388)\x1b\\",
    "\x1b[>41;354;0c",
    "\x1b[M !!",
)
SEQUENCES = (
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[5~",
    "\x1b[6~",
    "\x1b[Z",
    "\x1bOP",
    "\x1b[15~",
    "\x1b[3~",
)
OFTEN = "123456789cn -uj\r"
PASTES = ("Rcq1 2x\r1\r", "佐藤様 cRu12345 12345", "c1\n2\n3\n", "保険 1 2 3 4 5 6 7 8 9 c R q u", "12")
INTRODUCERS = frozenset("[]OP_^X")
Answers = Mapping[str, Value]


@dataclass(slots=True)
class Told:
    """What came of it."""

    acts: int = 0
    answers: int = 0
    clicks: int = 0
    wrong: list[str] = field(default_factory=list)


class Oracle:
    """The person, the line, and who looks on."""

    def __init__(self, hands: Reach, seed: int) -> None:
        self.hands = hands
        self.chance = random.Random(seed)
        self.told = Told()
        self.now = 1000.0
        self.app = JunbiApp(hands.desk)
        hands.desk.shell = hands.shell
        self.app._live = True
        self._take = self.app._take
        self.app._take = self._watched  # type: ignore[method-assign]
        self._input, self._parser = Input(ANSI_SEQUENCES_KEYS.__contains__), XTermParser()
        self.log: dict[str, dict[str, Value]] = {}
        """By file: the answers that the acts so far have given."""
        self._sent: list[list[str]] = []
        """What the last items were as a whole."""
        self._on_its_way: list[tuple[float, ShownFrame]] = []
        self._shown: list[tuple[float, ShownFrame]] = []
        self._down: tuple[str, ShownFrame] | None = None
        self._waiting: list[Message] = []
        self._last_acts: list[tuple[float, str]] = []

    # The terminal.

    def _draw(self) -> None:
        view = self.hands.desk.view
        due = self.now + self.chance.choice((0.0, 0.0, 0.02, 0.1, 0.3, 0.6))
        last = self._on_its_way[-1][0] if self._on_its_way else 0.0
        self._on_its_way.append((max(due, last), ShownFrame(view.draw(*SIZE), view, view.subject)))

    def _pass(self, seconds: float) -> None:
        until = self.now + seconds
        while True:
            wait = self._input.wait(self.now)
            out = self._on_its_way[0][0] if self._on_its_way else until + 1
            nearest = min(out, self.now + wait if wait is not None else until + 1)
            if nearest > until:
                break
            self.now = max(self.now, nearest)
            if out == nearest:
                self._out(nearest)
            else:
                self._hear(self._input.silence(self.now))
        self.now = until

    def _out(self, until: float) -> None:
        """The terminal takes what is due."""
        while self._on_its_way and self._on_its_way[0][0] <= until:
            picture = self._on_its_way.pop(0)[1]
            self.app.clicks.drawn(picture, self.now)
            self._shown = [*self._shown[-62:], (self.now, picture)]

    # The person.

    def _item(self) -> str:
        kind = self.chance.random()
        if kind < 0.45:
            pool = (
                OFTEN
                if self.chance.random() < 0.7
                else [*sorted(EVERY_KEY), *SEQUENCES, "\x1b", "\x7f", "\t"]
            )
            return str(self.chance.choice(list(pool)))
        if kind < 0.8:
            return self._click()
        if kind < 0.88:
            return self.chance.choice(REPLIES)
        if kind < 0.94:
            text = self.chance.choice(PASTES)
            return f"\x1b[200~{text}\x1b[201~" if self.chance.random() < 0.5 else text
        return self.chance.choice(SEQUENCES)

    def _click(self) -> str:
        x, y = self.chance.randrange(SIZE[0]), self.chance.randrange(SIZE[1])
        if self._shown and self.chance.random() < 0.8:  # on something that is to be seen, often a choice
            rows = self._shown[-1][1].frame.rows
            lines = [n for n, row in enumerate(rows) if any(span.act.startswith("choose") for span in row)]
            y = self.chance.choice(lines) if lines and self.chance.random() < 0.7 else y
            x = self.chance.choice((6, 12, 45, 50))
        click = f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m"
        return click * self.chance.choice((1, 1, 2, 3))

    def act(self) -> None:
        """One item, in pieces, or together with another one."""
        items = [self._item() for _ in range(self.chance.choice((1, 1, 1, 2)))]
        for item in items:
            self._sent = [*self._sent[-20:], _whole(item)]
        data, at = "".join(items).encode(), 0
        sizes = (4096,) if set(items) & set(PASTES) else (1, 2, 4, 4096, 4096, 4096)
        while at < len(data):
            size = self.chance.choice(sizes)
            self._hear(self._input.feed(data[at : at + size], self.now))
            at += size
            late = (
                at == size and size < 4096 and not data[:at].endswith(b"\x1b") and self.chance.random() < 0.05
            )
            self._pass(
                3.0 if late else self.chance.choice(PAUSES)
            )  # so torn it does nothing however late the rest comes
            if self.chance.random() < 0.7:  # else the loop is behind
                self._handle()
        self.hands.shell.settle()
        self.told.acts += len(items)

    def _hear(self, pieces: list[InputEvent]) -> None:
        """In the thread that reads: messages for the loop, each with its time."""
        for piece in pieces:
            if piece.kind == "keys":
                for event in self._parser.feed(piece.text):
                    event.time = self.now
                    self._waiting.append(event)
            elif piece.kind == "paste":
                self._waiting.append(events.Paste(piece.text))
            else:
                self._waiting.append(Burst(piece.text, more=piece.more, alone=piece.alone))

    def _handle(self) -> None:
        """In the loop: all messages, with pictures in between."""
        while self._waiting:
            event = self._waiting.pop(0)
            if isinstance(event, events.Key):
                self.app.on_key(event)
            elif isinstance(event, events.MouseEvent):
                self._pointed(event)
            elif isinstance(event, Burst):
                self.app.on_burst(event)
            elif isinstance(event, events.Paste):
                before = self._answers()
                self.app.on_paste(event)
                self._follow(before, self._answers(), {}, "a paste")
            if self.chance.random() < 0.3:
                self._draw()
                self._out(self.now)
        self._draw()

    # Who looks on.

    def _answers(self) -> tuple[str, dict[str, Value]]:
        session = self.hands.desk.session
        return session.path.name, dict(session.answers)

    def _pointed(self, event: events.MouseEvent) -> None:
        x, y = int(event.screen_x), int(event.screen_y)
        if isinstance(event, events.MouseDown):
            picture = next((one for since, one in reversed(self._shown) if since <= event.time), None)
            self._down = (act_at(picture.frame, x, y), picture) if picture is not None else None
        before = self._answers()
        self.app._pointed(event)
        after = self._answers()
        if before[0] != after[0] or before[1] == after[1]:
            self._follow(before, after, {}, "")
            return
        act, picture = self._down or ("", None)
        verb, _, rest = act.partition(" ")
        question, _, value = rest.partition(" ")
        self.told.clicks += 1
        if verb == "choose" and picture is not None:
            self._last_acts = [(at, done) for at, done in self._last_acts if event.time - at < 0.4]
            if act in [done for _, done in self._last_acts]:
                self.told.wrong.append(f"a double click on {act} acted twice")
            self._last_acts.append((event.time, act))
            row = "".join(span.text for span in picture.frame.rows[y])
            choice = self.hands.desk.guide.questions[question].choice(value)
            if choice is not None and choice.text.ja[:6] not in row and choice.text.en[:6] not in row:
                self.told.wrong.append(f"{act} was not what stood there: {row.strip()}")
            self._follow(before, after, {question: None if value == "-" else value}, act)
        elif verb in (
            "key",
            "undo",
            "redo",
            "run",
            "pick",
            "back",
        ):  # as the key that it names, of what it was drawn for
            self._follow(before, after, _difference(before[1], after[1]), act)
        else:
            self._follow(before, after, {}, act)

    def _watched(self, key: Key) -> None:
        name = "space" if key.half == " " else key.half
        for item in reversed(self._sent):
            if name in item:
                item.remove(name)
                break
        else:
            if name != "escape" and name not in INTRODUCERS:
                self.told.wrong.append(f"a key from nowhere: {key}")
        before, expected = self._answers(), self._expected(name)
        self._take(key)
        after = self._answers()
        if name in ("u", "U", "ctrl+z", "ctrl+r", "enter") and expected is None:
            expected = _difference(
                before[1], after[1]
            )  # what was given before, the palette's command, or what was typed
        self._follow(before, after, expected or {}, name)

    def _expected(self, name: str) -> dict[str, Value | None] | None:
        """What a key answers where it comes, by the words of the help."""
        view = self.hands.desk.view
        form = view.form if isinstance(view, Case | Main) else None
        if form is None or form.editor is not None:
            return None
        question, at = form.question, form.at
        number = int(name) if name.isascii() and name.isdecimal() else -1
        index = (number or 10) - 1 if number >= 0 else at if name in ("enter", "space", "v") else -1
        if name in ("-", "backspace", "delete") or (index == len(question.choices) and number < 0):
            return {question.id: None}
        if question.kind == "yesno" and isinstance(form, Form) and name in ("y", "n"):
            index = "yn".index(name)
        return {question.id: question.choices[index].value} if 0 <= index < len(question.choices) else None

    def _follow(
        self,
        before: tuple[str, Answers],
        after: tuple[str, Answers],
        given: Mapping[str, Value | None],
        act: str,
    ) -> None:
        if before[0] != after[0]:  # another session is open
            self.log.setdefault(after[0], dict(after[1]))
            return
        kept = self.log.setdefault(before[0], dict(before[1]))
        changed = _difference(before[1], after[1])
        if any(given.get(question, "?") != value for question, value in changed.items()):
            self.told.wrong.append(f"{act or 'nothing'} gave {changed}, not {dict(given)}")
        for question, value in changed.items():
            self.told.answers += 1
            if value is None:
                kept.pop(question, None)
            else:
                kept[question] = value

    def on_disk(self) -> None:
        """The file holds what the log says, and nothing else."""
        session = self.hands.desk.session
        if not session.flush(30.0):
            self.told.wrong.append("not saved")
            return
        loaded = load.load(session.path, load_guide)
        kept = self.log.get(session.path.name, {})
        if loaded is None or dict(loaded.data.values()) != kept:
            self.told.wrong.append(f"on the disk {loaded and loaded.data.values()}, given was {kept}")


def _whole(item: str) -> list[str]:
    """The keys of an item that comes in one piece."""
    names: list[str] = []
    reader, parser = Input(ANSI_SEQUENCES_KEYS.__contains__), XTermParser()
    for piece in (*reader.feed(item.encode(), 0.0), *reader.silence(60.0)):
        if piece.kind == "keys":
            found = [event for event in parser.feed(piece.text) if isinstance(event, events.Key)]
            names += [Key(event.key, event.character or "").half for event in found]
        elif piece.kind == "burst":
            if set(piece.text) - EVERY_KEY - {"\r", "\n"}:
                continue  # a paste
            names += [{"\r": "enter", "\n": "ctrl+j"}.get(char, Key(char, char).half) for char in piece.text]
    return names


def _difference(before: Answers, after: Answers) -> dict[str, Value | None]:
    return {name: after.get(name) for name in {**before, **after} if before.get(name) != after.get(name)}


def random_acts(folder: Path, count: int, seed: int) -> Told:
    """So many acts, from the main screen again after each thousand."""
    with reach(folder) as hands:
        oracle = Oracle(hands, seed)
        oracle.log[hands.desk.session.path.name] = {}
        while oracle.told.acts < count and not oracle.told.wrong:
            for _ in range(1000):
                oracle.act()
                if oracle.told.acts >= count or oracle.told.wrong:
                    break
            oracle.on_disk()
            del hands.desk.views[1:]
            hands.main.form = hands.main.field = None
    return oracle.told
