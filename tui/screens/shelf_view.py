"""The saved sessions: names at once, what they hold as soon as it has been read; found by any of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from checks.shown import show
from checks.text import Text
from checks.wrap import cell_width
from state.live.conflict_copies import called_after
from tui import wording
from tui.commands import Key
from tui.desk import Desk
from tui.screens.shelf_rows import SessionList
from tui.screens.view import Picker
from tui.search import finder, folded_text
from tui.widgets import bars
from tui.widgets.frame import Row, Span, between

if TYPE_CHECKING:
    from state.live.session import Session
    from state.shelf.session_index import Listed

SESSIONS_TITLE = Text("セッションの一覧", "Sessions")
SESSIONS_NONE = Text("保存されたセッションはありません。", "No saved sessions.")
SESSIONS_READING = Text("読み込んでいます", "Loading")
SESSION_NEW = Text("新しいセッションの名前: ", "Name of the new session: ")
_COPY = Text("「{name}」の写しの可能性", 'possibly a copy of "{name}"')
SESSION_OPENED = Text("セッション「{name}」を開きました", 'Opened session "{name}"')
SESSION_OPENING = Text("開いています: {name}", "Opening {name}")
UNSAVED_STAY = Text(
    "保存できていない変更が{count}件あるため、ほかのセッションへ移れません。",
    "{count|change} could not be saved yet, so you cannot switch sessions.",
)
SESSION_HERE = Text("表示中", "open here")
SESSION_IN_USE = Text("{user}@{host}が使用中", "in use by {user}@{host}")

_SORTED = {
    "changed": Text("更新順", "by last change"),
    "name": Text("名前順", "by name"),
    "blocking": Text("要対応・不明の多い順", "most problems first"),
    "date": Text("期日の近い順", "by next due date"),
}
_SORT = Text("並べ替え", "sort")
_NEW = Text("新規", "new")
_DUE = Text("期日 {day}", "due {day}")
_BLOCKING = Text("要対応・不明 {n}", "{n|problem}")
"""What fails and what is unknown; the main screen counts them apart."""

_LOADING = Text("読み込み中 {known} / {total}", "Loading {known} / {total}")
_PLAIN = 100
"""So many sessions are read before it would be worth saying."""


class Sessions(Picker):
    """Finds, opens and begins sessions."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: list[Listed] = []
        self.naming = False
        """The field holds the name of a new session."""
        self.order = 0
        """Place in `ORDERS` of the order the list is in."""
        self._sorted: list[Listed] | None = None
        self.saved = SessionList(desk, self._refresh, self._seen, lambda: self in desk.views)

    def _refresh(self) -> None:
        """More is known: the same line stays marked, unless that is the first one."""
        marked = self.found[self.at].name if 0 < self.at < len(self.found) else ""
        self._sorted = None
        self._narrow()
        if marked:
            names = [entry.name for entry in self.found]
            self.at = names.index(marked) if marked in names else self.at
        self.desk.shell.redraw()

    def _seen(self) -> list[str]:
        return [entry.name for entry in self.found[self.top : self.top + self.page]]

    # The list.

    def title(self) -> str:
        """The first line."""
        title = f"{self.desk.t(SESSIONS_TITLE)} ({self.desk.t(_SORTED[self._order()])})"
        loading = self._loading()
        return f"{title}  {loading}" if loading else title

    def _loading(self) -> str:
        """How far the reading is, while what is typed may miss something."""
        saved = self.saved
        left = saved.total - saved.known
        if saved.whole or not saved.begun or (left <= _PLAIN and not self.field.text):
            return ""
        return self.desk.t(_LOADING, known=f"{saved.known:,}", total=f"{saved.total:,}")

    def prompt(self) -> str:
        """What the field is for."""
        return self.desk.t(SESSION_NEW if self.naming else wording.FILTER)

    def nothing(self) -> str:
        """Reading, none, or no match."""
        if not self.saved.begun:
            return self.desk.t(SESSIONS_READING)
        if not self.saved.listed:
            return self.desk.t(SESSIONS_NONE)
        return self._loading() or self.desk.t(wording.NO_MATCH)

    def keys(self) -> list[bars.Entry]:
        """What the last line offers beside back and help."""
        desk = self.desk
        if self.naming:
            return [bars.key_entry(desk, "enter", wording.TAKE_WORD)]
        new, sort = bars.key_entry(desk, "ctrl+n", _NEW), bars.key_entry(desk, "tab", _SORT)
        return [*super().keys(), new, sort]

    def typed(self) -> None:
        """Narrow the list."""
        super().typed()
        self._narrow()

    def _narrow(self) -> None:
        if self._sorted is None:
            self._sorted = self._in_order()
        text = "" if self.naming else self.field.text.strip()
        self.found = self._sorted
        if not text:
            return
        wanted, key, forms = finder(text), folded_text(text), self.saved.forms
        self.found = [
            entry
            for entry in self._sorted
            if (found_by := forms.get(entry.name)) and (key in found_by.spelt or wanted(found_by))
        ]

    def _order(self) -> str:
        from state.shelf.summary import ORDERS

        return ORDERS[self.order]

    def _in_order(self) -> list[Listed]:
        from state.shelf.summary import ORDERS, ordered

        entries = {entry.name: entry for entry in self.saved.listed}
        return [entries[name] for name in ordered(entries, self.saved.summaries, ORDERS[self.order])]

    def count(self) -> int:
        """Lines."""
        return len(self.found)

    def line(self, number: int, width: int) -> Row:
        """Name, procedure, progress, last change, who has it open."""
        desk = self.desk
        entry = self.found[number]
        summary = self.saved.summaries.get(entry.name)
        left = [Span(desk.data(entry.name, 60))]
        right: list[Span] = []
        if summary is not None:
            words = [
                desk.t(desk.spoken(question, str(summary.values[question])))
                for question in desk.guide.roles.title
                if question in summary.values
            ]
            if summary.error is not None:
                left.append(Span("  " + desk.t(wording.SESSION_UNREADABLE), "error"))
            elif words:
                left.append(Span("  " + " / ".join(words), "muted"))
            if summary.notes:
                left.append(Span("  " + desk.data(summary.notes.partition("\n")[0], 60), "muted"))
            if summary.more.get("blocking"):
                right.append(Span(f" {desk.t(_BLOCKING, n=summary.more['blocking'])} ", "attention"))
            if self._order() == "date" and summary.more.get("due"):
                right.append(Span(f" {desk.t(_DUE, day=summary.more['due'])} ", "notice"))
            if summary.more:
                right.append(Span(f" {summary.more.get('done', 0)}/{summary.more.get('all', 0)} "))
            if original := called_after(entry.name, self.saved.summaries):
                right.append(Span(f" {desk.t(_COPY, name=original)} ", "notice"))
            others = [other for other in summary.others if other.alive is not False]
            mine = entry.path == desk.session.path
            if mine:
                right.append(Span(f" {desk.t(SESSION_HERE)} ", "notice"))
            elif others:
                user = desk.t(SESSION_IN_USE, user=others[0].user, host=others[0].host)
                right.append(Span(f" {user} ", "notice"))
        right.append(Span(f" {desk.minute(summary.changed if summary else entry.changed)}", "muted"))
        room = width - cell_width(entry.name) - 4
        while len(right) > 1 and sum(cell_width(span.text) for span in right) > room:
            right.pop(0)
        return between(left, right, width)

    def name(self, number: int) -> str:
        """The session's name."""
        return self.found[number].name

    # What can be done.

    def key(self, key: Key) -> bool:
        """Ctrl+N begins a session; its name is typed into the field. Tab sorts another way."""
        if key.name == "tab" and not self.naming:
            from state.shelf.summary import ORDERS

            self.order = (self.order + 1) % len(ORDERS)
            self._sorted = None
            self.typed()
            return True
        if key.name == "ctrl+n" and not self.naming:
            self.naming = True
            self.field.text, self.field.cursor = "", 0
            self.typed()
            return True
        if self.naming:
            if key.name == "escape":
                self.naming = False
                self.field.text, self.field.cursor = "", 0
                self.typed()
                return True
            if key.name == "enter":
                self._begin()
                return True
        return super().key(key)

    def _begin(self) -> None:
        from state.errors import BadName
        from state.file.places import session_path

        if self.desk.sessions is None:
            return
        try:
            path = session_path(self.saved.folder(), self.field.text.strip())
        except BadName as error:
            self.desk.say(error.text, wrong=True)
            return
        self._open(path)

    def pick(self, number: int) -> None:
        """Open the session."""
        self._open(self.found[number].path)

    def _open(self, path: Path) -> None:
        desk = self.desk
        if path == desk.session.path:
            self.leave()
            return
        reopen = desk.reopen
        if reopen is None:
            return
        state = desk.session.save_state()
        if state.failing_since is not None and state.unsaved:
            desk.say(UNSAVED_STAY, wrong=True, count=state.unsaved)
            return
        name = show(path.name.removesuffix(".toml"), 60)
        desk.say(SESSION_OPENING, name=name)
        before = desk.session
        folder = self.saved.folder()

        def work() -> Session:
            new = os.path.lexists(path)
            session = reopen(path, False)
            if not new:
                session.take_over(
                    before.data
                )  # what holds for this PC and this office need not be asked again
            from state.file.places import note_last

            note_last(folder, path.name.removesuffix(".toml"))
            return session

        def then(result: Session | Exception) -> None:
            from state.errors import StateError

            if isinstance(result, StateError):
                desk.say(result.text, wrong=True)
            elif isinstance(result, Exception):
                raise result
            else:
                desk.adopt(result)
                desk.say(SESSION_OPENED, name=name)

        desk.shell.background(work, then)
