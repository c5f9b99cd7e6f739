"""Texts of all of Unicode, typed and pasted into a note and an answer, and read back from the disk.

They are equal but for control characters. A text goes through everything that a real one goes through: bytes in reads of
any size, our reader of the terminal's input, Textual's parser, the application's keys and pastes, the field, the session and
its file. (An answer is one line: it has blanks for line breaks, none at its ends, and is refused with U+2028 and U+2029.)
"""

from __future__ import annotations

import random
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.events import Key, Paste

from checks.guide import load_guide
from checks.steps import Question
from state.file import load
from tests.support.helpers_reach import Reach, reach
from tui.application import JunbiApp
from tui.terminal.input import Input
from tui.thread_messages import Burst

SPECIAL = "\u3000\u00a0\u200d\u200c\u20e3\ufe0f\u3099\uff9e\ufeff\u2028\u2029\u202e\u2066\ufffd\ufffe\ue000\U000e0100\U0010ffff\u00ad\u0600"
ITEM, QUESTION = "root.store", "documents.folder"


def texts(count: int, seed: int) -> Iterator[str]:
    """Random texts: any code point, what steers or draws nothing, Japanese, ASCII, and control characters."""
    chance = random.Random(seed)
    kinds: tuple[Callable[[], str], ...] = (
        lambda: chr(chance.choice((chance.randrange(0xD800), chance.randrange(0xE000, sys.maxunicode + 1)))),
        lambda: chance.choice(SPECIAL),
        lambda: chr(chance.choice((chance.randrange(0x3041, 0x30FF), chance.randrange(0x4E00, 0x9FFF), chance.randrange(0xFF61, 0xFFA0)))),
        lambda: chr(chance.randrange(0x20, 0x7F)),
        lambda: chr(chance.choice((*range(0x20), 0x7F, *range(0x80, 0xA0)))),
    )  # fmt: skip
    for _ in range(count):
        chosen = chance.choices(kinds, (4, 3, 4, 4, 1), k=chance.randint(1, 40))
        yield "".join(kind() for kind in chosen)


def without_controls(text: str) -> str:
    """What is left of a text."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs"))


class Hands:
    """Types and pastes into the application as a terminal would."""

    def __init__(self, hands: Reach, chance: random.Random) -> None:
        self.app = JunbiApp(hands.desk)
        self.app._live = True
        hands.desk.shell = hands.shell
        self._input = Input(ANSI_SEQUENCES_KEYS.__contains__)
        self._parser = XTermParser()
        self._chance = chance

    def send(self, data: bytes) -> None:
        """The bytes, in reads of any size."""
        at = 0
        while at < len(data):
            size = self._chance.choice((1, 2, 7, 4096))
            for piece in self._input.feed(data[at : at + size], 0.0):
                if piece.kind == "paste":
                    self.app.on_paste(Paste(piece.text))
                elif piece.kind == "burst":
                    self.app.on_burst(Burst(piece.text, more=piece.more, alone=piece.alone))
                else:
                    for event in self._parser.feed(piece.text):
                        if isinstance(event, Key):
                            self.app.on_key(event)
            at += size
        self._input.silence(1.0)


def round_trips(folder: Path, count: int, seed: int) -> list[str]:
    """So many texts, half of them typed and half pasted; what came back otherwise."""
    wrong: list[str] = []
    chance = random.Random(seed)
    with reach(folder) as hands:
        asked = hands.desk.guide.questions[QUESTION]
        assert isinstance(asked, Question)
        typist = Hands(hands, chance)
        for number, text in enumerate(texts(count, seed)):
            line = without_controls(text)
            pasted, raw = number % 2 == 0, text.replace("\x1b", "").replace("\u009b", "")
            into_note = number % 4 < 2
            if not into_note:
                line, raw = (re.sub("[\u2028\u2029]", "", one) for one in (line, raw))
            given = raw if pasted else line  # control characters that are typed are keys
            data = f"\x1b[200~{given}\x1b[201~" if pasted else given
            hands.fresh()
            if into_note:
                hands.main.place.go("pc.disk")
                hands.press("m", "ctrl+u", *["delete"] * 50)
            else:
                hands.main.place.select(QUESTION)
                hands.press("space")
            typist.send(data.encode())
            if into_note:
                wanted = without_breaks(given)
                typed = hands.desk.view.editor.text if hasattr(hands.desk.view, "editor") else None
                hands.press("enter")
                note = hands.desk.session.data.notes.get("pc.disk")
                got: object = without_breaks(note.text) if note is not None else ""
            else:
                wanted = without_breaks(given).strip(" ")
                typed = hands.main.form.editor.text if hands.main.form and hands.main.form.editor else None
                hands.press("enter")
                got = without_breaks(str(hands.desk.session.answers.get(QUESTION) or ""))
                wanted = wanted if wanted.strip() else ""
            if got != wanted:
                wrong.append(f"{number}: {wanted!a} became {got!a} (in the field {typed!a})")
            if number % 500 == 499 or number == count - 1:
                wrong += _on_disk(hands)
    return wrong


def without_breaks(text: str) -> str:
    """A text without control characters and without the blanks that stand for some."""
    return without_controls(text).replace(" ", "")


def _on_disk(hands: Reach) -> list[str]:
    session = hands.desk.session
    if not session.flush(20.0):
        return ["not saved"]
    loaded = load.load(session.path, load_guide)
    if loaded is None or loaded.notices:
        return [f"the file is not as it was written: {loaded and loaded.notices}"]
    same = (
        {name: note.text for name, note in loaded.data.notes.items()} == {name: note.text for name, note in session.data.notes.items()}
        and loaded.data.values() == session.data.values()
    )  # fmt: skip
    return [] if same else ["the file holds something else"]
