"""The report as it would be written, and the way to write it."""

from __future__ import annotations

import os
from pathlib import Path

from checks.text import Text
from checks.wrap import cell_width
from tui import wording
from tui.commands import BY_ID, Key
from tui.desk import Desk
from tui.screens.view import ALWAYS, Scroll
from tui.widgets import bars
from tui.widgets.editor import Editor
from tui.widgets.frame import Frame, Row, Span, clip, paragraph

REPORT_FILE = Text("保存するファイル: ", "Save as: ")
REPORT_SAVED = Text("保存しました: {file}", "Saved: {file}")
REPORT_EXISTS = Text(
    "同じ名前のファイルがあります。別の名前にしてください: {file}",
    "A file with that name already exists. Please choose another name: {file}",
)
REPORT_FAILED = Text("保存できません: {file}（{why}）", "Cannot save {file}: {why}")


class ReportView(Scroll):
    """The office's report as text."""

    heading = BY_ID["report"].title
    letters = " w"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.field: Editor | None = None
        """The name of the file, while it is asked."""
        self._made: tuple[object, list[Row]] | None = None

    @property
    def typing(self) -> bool:  # type: ignore[override]
        return self.field is not None

    def text(self, cells: int = 0, form: str = "text") -> str:
        """The report in that format; as plain text wrapped to `cells`."""
        from state.letters.content import record
        from state.letters.formats import rendered

        desk = self.desk
        letter = record(desk.guide, desk.session.data, desk.progress, desk.options, desk.lang)
        return rendered(letter, form, cells)

    def body(self, width: int) -> list[Row]:
        key = (width, self.desk.lang, self.desk.session.data)
        if self._made is None or self._made[0] != key:
            rows: list[Row] = []
            for line in self.text(width).split("\n"):
                # As many lines as it takes: a URL that is cut off leads nowhere.
                indent = len(line) - len(line.lstrip(" "))
                rows += paragraph(self.desk.data(line.lstrip(" "), 1000), width, indent=indent)
            self._made = key, rows
        return self._made[1]

    def keys(self) -> list[bars.Entry]:
        return [bars.key_entry(self.desk, "w", wording.SAVE_WORD), *super().keys()]

    def draw(self, width: int, height: int) -> Frame:
        frame = super().draw(width, height)
        if self.field is None or len(frame.rows) < 2:
            return frame
        prompt = " " + self.desk.t(REPORT_FILE)
        before = cell_width(prompt)
        text, x = self.field.view(max(4, width - before - 1), self.desk.data)
        row = clip((Span(prompt, "title"), Span(text, "input")), width)
        desk = self.desk
        entries = [bars.key_entry(desk, "enter", wording.SAVE_WORD)]
        rows = (*frame.rows[:-2], row, bars.keys_line(width, entries, bars.leaving(desk, typing=True)))
        return Frame(rows, (min(width - 1, before + x), len(rows) - 2))

    def key(self, key: Key) -> bool:
        if self.field is None:
            if key.half == "w":
                session = self.desk.session.path.name.removesuffix(".toml")
                name = f"oss-junbi-{session}-{self.desk.options.today():%Y%m%d}.txt"
                self.field = Editor(os.path.join("~", name), limit=500)
                return True
            return False
        if key.name in ALWAYS:
            return False
        if key.name == "escape":
            self.field = None
        elif key.name == "enter":
            name, self.field = self.field.text.strip(), None
            if name:
                self._write(name)
        else:
            self.field.key(key)
        return True

    def paste(self, text: str) -> bool:
        if self.field is not None:
            self.field.insert(text)
        return self.field is not None

    def _write(self, name: str) -> None:
        from checks.system.paths import readings
        from state.letters.formats import format_of

        desk = self.desk
        path, folder = Path(os.path.abspath(readings(name)[-1])), None
        text = self.text(80, format_of(path.name))
        if os.environ.get("OSS_JUNBI_CONFINED"):
            # The only command of an account: a file of any other place (.ssh/rc, .profile) would open a door.
            home = desk.sessions.parent if desk.sessions is not None else desk.session.path.parent
            folder = home / "reports"
            path = folder / os.path.basename(path)

        def work() -> None:
            if folder is not None:
                from state.file.places import prepare

                prepare(folder)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())

        def then(result: object) -> None:
            if isinstance(result, FileExistsError):
                desk.say(REPORT_EXISTS, wrong=True, file=path)
            elif isinstance(result, Exception):
                from state.errors import reason

                why = reason(result) if isinstance(result, OSError) else type(result).__name__
                desk.say(REPORT_FAILED, wrong=True, file=path, why=why)
            else:
                desk.say(REPORT_SAVED, file=path)

        desk.shell.background(work, then)
