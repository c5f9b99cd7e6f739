"""The saved sessions: names at once, what they hold as soon as it has been read; found by any of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from checks.shown import show
from checks.text import Text
from checks.wrap import cell_width
from state.model import SessionData
from tui import wording
from tui.commands import Key
from tui.desk import Desk
from tui.screens.view import Picker
from tui.search import folded_text, matcher
from tui.widgets.bars import SUMMARY
from tui.widgets.frame import Row, Span, between

if TYPE_CHECKING:
    from state.folder import Folder
    from state.session import Session
    from state.session_index import Listed, Summary

_SORTED = {
    "changed": Text("更新順", "by last change"),
    "name": Text("名前順", "by name"),
    "blocking": Text("要対応の多い順", "by what blocks"),
    "date": Text("期日の近い順", "by next date"),
}
_SORT = Text("Tabで並べ替え", "Tab sorts")
_DUE = Text("期日 {day}", "due {day}")
_BLOCKING = Text("要対応 {n}", "{n} to see to")

AHEAD = 60
"""Sessions whose contents are read before they are looked for."""


class Sessions(Picker):
    """Finds, opens and begins sessions."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.listed: tuple[Listed, ...] = ()
        self.found: list[Listed] = []
        self.summaries: dict[str, Summary] = {}
        self.naming = False
        """The field holds the name of a new session."""
        self.reading = True
        self._all_asked = False
        self.order = 0
        """Place in `ORDERS` of the order the list is in."""
        if desk.sessions is not None:
            desk.shell.background(self._list, self._take_list)
        else:
            self.reading = False

    def _folder(self) -> Folder:
        from state.folder import Folder

        assert self.desk.sessions is not None
        home = self.desk.sessions.parent
        return Folder(home, home / "config.toml")

    # In the background.

    def _list(self) -> tuple[Listed, ...]:
        from state.sessions import listed

        return listed(self._folder())

    def _take_list(self, result: object) -> None:
        self.reading = False
        if isinstance(result, tuple):
            self.listed = result
            self.typed()
            self._read(self.listed[:AHEAD])

    def _read(self, entries: tuple[Listed, ...]) -> None:
        """Read what these hold, if it is not known yet."""
        unknown = tuple(entry for entry in entries if entry.name not in self.summaries)
        if not unknown:
            return
        desk = self.desk
        catalog, options, host = desk.catalog, desk.options, desk.host
        folder = self._folder()

        def describe(data: SessionData) -> Mapping[str, str | int]:
            from state.overview import overview

            return overview(catalog, data, options, host)

        def work() -> tuple[Summary, ...]:
            from state.overview import overview_key
            from state.sessions import summaries

            return summaries(folder, unknown, describe, overview_key(options, host))

        desk.shell.background(work, self._take_summaries)

    def _take_summaries(self, result: object) -> None:
        if isinstance(result, tuple):
            self.summaries.update({summary.name: summary for summary in result})
            at = self.at
            self.typed()
            self.at = at

    # The list.

    def title(self) -> str:
        """The first line."""
        return f"{self.desk.t(wording.SESSIONS_TITLE)} ({self.desk.t(_SORTED[self._order()])})"

    def prompt(self) -> str:
        """What the field is for."""
        return self.desk.t(wording.SESSION_NEW if self.naming else wording.FILTER)

    def nothing(self) -> str:
        """Reading, none, or no match."""
        if self.reading:
            return self.desk.t(wording.SESSIONS_READING)
        return self.desk.t(wording.NO_MATCH if self.listed else wording.SESSIONS_NONE)

    def footer(self) -> str:
        """The last line."""
        return f"{self.desk.t(_SORT)}  {self.desk.t(wording.SESSIONS_HELP)}"

    def typed(self) -> None:
        """Narrow the list; the first letter typed has everything read."""
        super().typed()
        text = "" if self.naming else self.field.text.strip()
        if not self._all_asked and (text or self.order):
            self._all_asked = True
            self._read(self.listed)
        self.found = self._in_order()
        if not text:
            return
        wanted = matcher(text)
        key = folded_text(text)
        self.found = [
            entry
            for entry in self.found
            if key in folded_text(entry.name) or wanted(entry.name, *self._words(entry.name))
        ]

    def _order(self) -> str:
        from state.overview import ORDERS

        return ORDERS[self.order]

    def _in_order(self) -> list[Listed]:
        from state.overview import ORDERS, ordered

        entries = {entry.name: entry for entry in self.listed}
        return [entries[name] for name in ordered(entries, self.summaries, ORDERS[self.order])]

    def _words(self, name: str) -> list[Text]:
        summary = self.summaries.get(name)
        if summary is None:
            return []
        words = [self.desk.spoken(question, str(value)) for question, value in summary.values.items()]
        if summary.more.get("exit") == 0:
            words.append(wording.ALL_READY)
        return words

    def count(self) -> int:
        """Lines."""
        return len(self.found)

    def line(self, number: int, width: int) -> Row:
        """Name, procedure, progress, last change, who has it open."""
        desk = self.desk
        entry = self.found[number]
        summary = self.summaries.get(entry.name)
        left = [Span(desk.data(entry.name, 60))]
        right: list[Span] = []
        if summary is not None:
            words = [
                desk.t(desk.spoken(question, str(summary.values[question])))
                for question in SUMMARY
                if question in summary.values
            ]
            if summary.error is not None:
                left.append(Span("  " + desk.t(wording.SESSION_UNREADABLE), "error"))
            elif words:
                left.append(Span("  " + " / ".join(words), "muted"))
            if summary.more.get("blocking"):
                right.append(Span(f" {desk.t(_BLOCKING, n=summary.more['blocking'])} ", "attention"))
            if self._order() == "date" and summary.more.get("due"):
                right.append(Span(f" {desk.t(_DUE, day=summary.more['due'])} ", "notice"))
            if summary.more:
                right.append(Span(f" {summary.more.get('done', 0)}/{summary.more.get('all', 0)} "))
            others = [other for other in summary.others if other.alive is not False]
            mine = entry.path == desk.session.path
            if mine:
                right.append(Span(f" {desk.t(wording.SESSION_HERE)} ", "notice"))
            elif others:
                user = desk.t(wording.SESSION_IN_USE, user=others[0].user, host=others[0].host)
                right.append(Span(f" {user} ", "notice"))
        right.append(Span(f" {desk.minute(summary.changed if summary else entry.changed)}", "muted"))
        room = width - cell_width(entry.name) - 4
        while len(right) > 1 and sum(cell_width(span.text) for span in right) > room:
            right.pop(0)
        return between(left, right, width)

    # What can be done.

    def key(self, key: Key) -> bool:
        """Ctrl+N begins a session; its name is typed into the field. Tab sorts another way."""
        if key.name == "tab" and not self.naming:
            from state.overview import ORDERS

            self.order = (self.order + 1) % len(ORDERS)
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
        from state.folder import session_path

        if self.desk.sessions is None:
            return
        try:
            path = session_path(self._folder(), self.field.text.strip())
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
            desk.say(wording.UNSAVED_STAY, wrong=True, count=state.unsaved)
            return
        name = show(path.name.removesuffix(".toml"), 60)
        desk.say(wording.SESSION_OPENING, name=name)
        before = desk.session
        folder = self._folder()

        def work() -> Session:
            new = os.path.lexists(path)
            session = reopen(path, False)
            if not new:
                session.take_over(
                    before.data
                )  # what holds for this PC and this office need not be asked again
            from state.folder import note_last

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
                desk.say(wording.SESSION_OPENED, name=name)

        desk.shell.background(work, then)
