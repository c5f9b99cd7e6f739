"""The password of a certificate file: typed for one reading, shown as stars, kept nowhere."""

from __future__ import annotations

from checks.model import Check
from checks.secret import Secret, no_dumps
from checks.text import Text
from checks.wrap import wrap
from tui import checking
from tui.commands import Key
from tui.desk import Desk
from tui.screens.view import ALWAYS, View
from tui.widgets import bars
from tui.widgets.editor import Editor
from tui.widgets.frame import Frame, Row, Span, block

PASSWORD_FOR = Text("証明書ファイルのパスワード", "Password of the certificate file")
PASSWORD_ABOUT = Text(
    "この1回の読み取りだけに使い、すぐに忘れます。保存も記録もしません。マイナンバーカードの暗証番号ではありません。"
    "空のままEnterを押すと、パスワードなしで分かることだけを調べます。",
    "It is used once to read the file, and then forgotten. It is neither stored nor logged. It is not the PIN of "
    "your My Number Card. Press Enter with the field empty to check only what can be seen without it.",
)
LOOK_WORD = Text("調べる", "check")


class Password(View):
    """A masked field; Enter reads the file once with what was typed, an empty field without a password."""

    typing = True

    def __init__(self, desk: Desk, check: Check) -> None:
        super().__init__(desk)
        no_dumps()
        self.check = check
        self.editor = Editor(limit=200)

    def draw(self, width: int, height: int) -> Frame:
        desk = self.desk
        path = desk.data(str(desk.session.answers.get(self.check.password, "")), max(8, width - 4))
        about = [(Span(" " + line),) for line in wrap(desk.t(PASSWORD_ABOUT), width - 2)]
        stars = "*" * min(len(self.editor.text), max(1, width - 4))
        body: list[Row] = [
            (Span(" " + path, "muted"),),
            *about[: max(0, height - 7)],  # the field and the keys come first
            (),
            (Span(" > "), Span(stars)),
        ]
        keys = [bars.key_entry(desk, "enter", LOOK_WORD)]
        rows = (
            bars.title_line(desk, width, desk.t(PASSWORD_FOR)),
            bars.rule(desk, width),
            *block(body, width, max(len(body) + 1, height - 3)),
            bars.keys_line(width, keys, bars.leaving(desk, typing=True)),
        )
        return Frame(rows[:height], (min(width - 1, 3 + len(stars)), min(height - 1, len(body) + 1)))

    def key(self, key: Key) -> bool:
        """Enter reads the file; Escape forgets what was typed and leaves all as it was."""
        if key.name in ALWAYS:
            return False
        if key.name == "escape":
            self.editor = Editor()
            self.leave()
        elif key.name == "enter":
            typed, self.editor = self.editor.text, Editor()
            self.leave()
            password = Secret(typed.encode()) if typed else None
            checking.begin(self.desk, [self.check], password=password, named=True)
        else:
            self.editor.key(key)
        return True

    def paste(self, text: str) -> bool:
        self.editor.insert(text)
        return True
