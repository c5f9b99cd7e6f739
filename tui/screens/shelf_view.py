"""The saved sessions: names at once, what they hold as soon as it has been read; found by any of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from checks.text import Text
from checks.wrap import cell_width
from state.live.conflict_copies import called_after
from tui import wording
from tui.commands import BY_ID, Key
from tui.desk import Desk
from tui.screens.shelf_rows import SessionList
from tui.screens.view import Picker
from tui.search import finder, folded_text
from tui.widgets import bars
from tui.widgets.frame import Row, Span, between, width_of

if TYPE_CHECKING:
    from state.live.session import Session
    from state.shelf.session_index import ListedSession, Summary
    from state.shelf.summary import Order

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

    heading = BY_ID["sessions"].title

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: list[ListedSession] = []
        self.naming = False
        """The field holds the name of a new session."""
        self.order = 0
        """Place in `ORDERS` of the order the list is in."""
        self._sorted: list[ListedSession] | None = None
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
        return f"{self.desk.t(BY_ID['sessions'].title)} ({self.desk.t(_SORTED[self._order()])})  {self._loading()}".rstrip()

    def _loading(self) -> str:
        """How far the reading is, while what is typed may miss something."""
        saved = self.saved
        left = saved.total - saved.known
        if saved.whole or not saved.begun or (left <= _PLAIN and not self.field.text):
            return ""
        return self.desk.t(_LOADING, known=f"{saved.known:,}", total=f"{saved.total:,}")

    def prompt(self) -> str:
        return self.desk.t(SESSION_NEW if self.naming else wording.FILTER)

    def nothing(self) -> str:
        if not self.saved.begun:
            return self.desk.t(SESSIONS_READING)
        if not self.saved.listed:
            return self.desk.t(SESSIONS_NONE)
        return self._loading() or self.desk.t(wording.NO_MATCH)

    def keys(self) -> list[bars.Entry]:
        if self.naming:
            return [bars.key_entry(self.desk, "enter", wording.TAKE_WORD)]
        others = [bars.key_entry(self.desk, key, word) for key, word in (("ctrl+n", _NEW), ("tab", _SORT))]
        return [*super().keys(), *others]

    def typed(self) -> None:
        super().typed()
        self._narrow()

    def _narrow(self) -> None:
        if self._sorted is None:
            from state.shelf.summary import ordered

            entries = {entry.name: entry for entry in self.saved.listed}
            self._sorted = [entries[name] for name in ordered(entries, self.saved.summaries, self._order())]
        text = "" if self.naming else self.field.text.strip()
        self.found = self._sorted
        if text:
            wanted, word, known = finder(text), folded_text(text), self.saved.search_keys
            self.found = [
                entry
                for entry in self._sorted
                if (keys := known.get(entry.name)) and (word in keys.spelt or wanted(keys))
            ]

    def _order(self) -> Order:
        from state.shelf.summary import ORDERS

        return ORDERS[self.order]

    def count(self) -> int:
        return len(self.found)

    def line(self, number: int, width: int) -> Row:
        desk = self.desk
        entry = self.found[number]
        summary = self.saved.summaries.get(entry.name)
        left = [Span(desk.data(entry.name, 60))]
        right = self._marks(entry, summary) if summary is not None else []
        if summary is not None:
            roles = desk.guide.roles
            words = [
                desk.t(desk.spoken(question, str(summary.values[question])))
                for question in (roles.reference, *roles.title)
                if question in summary.values
            ]
            if summary.error is not None:
                left.append(Span("  " + desk.t(wording.SESSION_UNREADABLE), "error"))
            elif words:
                left.append(Span("  " + " / ".join(words), "muted"))
            if summary.notes:
                left.append(Span("  " + desk.data(summary.notes.partition("\n")[0], 60), "muted"))
        right.append(Span(f" {desk.minute(summary.changed if summary else entry.changed)}", "muted"))
        room = width - cell_width(entry.name) - 4
        while len(right) > 1 and width_of(right) > room:
            right.pop(0)
        return between(left, right, width)

    def _marks(self, entry: ListedSession, summary: Summary) -> list[Span]:
        """What stands before the time of the last change, the least important first: it goes where there is no room."""
        desk, more = self.desk, summary.overview
        others = [other for other in summary.others if other.alive is not False]
        original = called_after(entry.name, self.saved.summaries)
        marks = [
            (desk.t(_BLOCKING, n=more["blocking"]) if more.get("blocking") else "", "attention"),
            (desk.t(_DUE, day=more["due"]) if self._order() == "date" and more.get("due") else "", "notice"),
            (f"{more.get('done', 0)}/{more.get('all', 0)}" if more else "", "text"),
            (desk.t(_COPY, name=original) if original else "", "notice"),
        ]
        if entry.path == desk.session.path:
            marks.append((desk.t(SESSION_HERE), "notice"))
        elif others:
            marks.append((desk.t(SESSION_IN_USE, user=others[0].user, host=others[0].host), "notice"))
        return [Span(f" {text} ", role) for text, role in marks if text]

    def name(self, number: int) -> str:
        return self.found[number].name

    # What can be done.

    def key(self, key: Key) -> bool:
        """Ctrl+N begins a session; its name is typed into the field. Tab sorts another way."""
        if self.naming:
            if key.name == "enter":
                self._begin()
            elif key.name == "escape":
                self.naming = False
                self.clear()
            else:
                return super().key(key)
        elif key.name == "tab":
            from state.shelf.summary import ORDERS

            self.order = (self.order + 1) % len(ORDERS)
            self._sorted = None
            self.typed()
        elif key.name == "ctrl+n":
            self.naming = True
            self.clear()
        else:
            return super().key(key)
        return True

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
        self._open(self.found[number].path)

    def _open(self, path: Path) -> None:
        desk = self.desk
        if path == desk.session.path:
            self.leave()
            return
        reopen, state = desk.reopen, desk.session.save_state()
        if reopen is None:
            return
        if state.failing_since is not None and state.unsaved:
            desk.say(UNSAVED_STAY, wrong=True, count=state.unsaved)
            return
        name = path.name.removesuffix(".toml")
        desk.say(SESSION_OPENING, name=name)
        before, folder = desk.session, self.saved.folder()

        def work() -> Session:
            from state.file.places import note_last

            exists = os.path.lexists(path)
            session = reopen(path, False)
            if not exists:  # what holds for this PC and this office need not be asked again
                session.take_over(before.data)
            note_last(folder, name)
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
