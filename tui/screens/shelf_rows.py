"""The saved sessions as they become known: the first page at once, the names of all, then what each holds.

Everything is read in the background, a piece at a time; the screen is told after each piece.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from checks.guide import Guide
from checks.text import Text
from tui import wording
from tui.desk import Desk
from tui.search import SearchKeys, folded_text, search_keys

if TYPE_CHECKING:
    from state.file.places import Folder
    from state.session_data import SessionData
    from state.shelf.listing import ListingReader
    from state.shelf.session_index import ListedSession, Summary

FIRST = 60
"""Sessions that are looked up before all others: more than the highest screen has lines."""
_PIECE = 0.2
"""Seconds of reading between two pictures."""
_PICTURE = 0.05
"""Seconds that the first picture is given before the rest is read."""
_BREATH = 0.0005

STATES: Mapping[object, Text] = {
    0: wording.ALL_READY,
    1: Text("要対応", "needs action"),
    3: Text("確認できない項目あり", "could not be determined"),
    4: Text("未回答あり", "questions unanswered"),
}
"""What a session is found by, beside its name, its case and its notes: by the exit code of `status`."""
_IN_USE = Text("使用中", "in use")


class SessionList:
    """What is known of the sessions beside the one that is open."""

    def __init__(
        self,
        desk: Desk,
        changed: Callable[[], None],
        seen: Callable[[], list[str]],
        wanted: Callable[[], bool],
    ) -> None:
        self._desk = desk
        self._changed = changed
        self._seen = seen
        """The names on the screen, whose contents are read first."""
        self._wanted = wanted
        """Whether anybody still looks."""
        self.listed: tuple[ListedSession, ...] = ()
        """The sessions, the one changed last first."""
        self.summaries: dict[str, Summary] = {}
        self.search_keys: dict[str, SearchKeys] = {}
        """What each is found by."""
        self.total = 0
        self.begun = False
        """The first page is there."""
        self.whole = desk.sessions is None
        """All contents are there."""
        self._reading: ListingReader | None = None
        if desk.sessions is not None:
            desk.shell.background(self._first, self._take_first)

    def folder(self) -> Folder:
        """Where they are."""
        from state.file.places import Folder

        assert self._desk.sessions is not None
        home = self._desk.sessions.parent
        return Folder(home, home / "config.toml")

    @property
    def known(self) -> int:
        """How many have been read."""
        left = None if self._reading is None else self._reading.left
        return 0 if left is None else self.total - len(left)

    # In the background, and back on the screen's thread.

    def _first(self) -> object:
        from state.shelf.listing import first_page
        from state.shelf.summary import overview_key

        desk = self._desk
        self._key = overview_key(desk.options, desk.host)
        here = desk.session.path
        also = [here.name.removesuffix(".toml")] if here.parent == desk.sessions else []
        guides = desk.session.guides
        listed, summaries, total = first_page(self.folder(), guides, self._describe, self._key, FIRST, also)
        return listed, self._keys_of(listed, ()), summaries, total

    def _take_first(self, result: object) -> None:
        self.begun = True
        if isinstance(result, tuple):
            self.listed, search_keys, summaries, self.total = result
            self._add(summaries, search_keys)
        self._changed()
        self._desk.shell.background(self._list, self._take_list)

    def _list(self) -> object:
        from state.shelf.listing import session_files

        time.sleep(_PICTURE)
        entries = session_files(self.folder())
        return entries, self._keys_of(entries, ())

    def _take_list(self, result: object) -> None:
        from state.shelf.listing import ListingReader

        if not isinstance(result, tuple):
            self.whole = True
            self._changed()
            return
        before = {entry.name: entry for entry in self.listed}
        self.listed, search_keys = result
        self.search_keys = search_keys | self.search_keys
        # What the first page told holds where the file is still the same.
        same = {entry.name for entry in self.listed if before.get(entry.name) == entry}
        self.summaries = {name: one for name, one in self.summaries.items() if name in same}
        self.total = len(self.listed)
        guides = self._desk.session.guides
        self._reading = ListingReader(self.folder(), self.listed, guides, self._describe, self._key)
        self._changed()
        self._go_on()

    def _go_on(self) -> None:
        reading, seen = self._reading, self._seen()
        assert reading is not None

        def work() -> object:
            made = reading.step(_PIECE, seen)
            return made, self._keys_of((), made)

        self._desk.shell.background(work, self._take_piece)

    def _take_piece(self, result: object) -> None:
        reading = self._reading
        assert reading is not None
        if isinstance(result, tuple):
            self._add(*result)
        self.whole = reading.done or not isinstance(result, tuple)
        self._changed()
        if self.whole or not self._wanted():
            self._desk.shell.background(reading.keep, lambda _result: None)
        else:
            self._go_on()

    def _describe(self, guide: Guide, data: SessionData) -> Mapping[str, str | int]:
        from state.shelf.summary import overview

        return overview(guide, data, self._desk.options, self._desk.host, self._desk.platform)

    def _add(self, summaries: Iterable[Summary], search_keys: Mapping[str, SearchKeys]) -> None:
        self.summaries.update((summary.name, summary) for summary in summaries)
        self.search_keys.update(search_keys)

    # What a session is found by.

    def _keys_of(
        self, listed: Iterable[ListedSession], summaries: Iterable[Summary]
    ) -> dict[str, SearchKeys]:
        made = {entry.name: SearchKeys(folded_text(entry.name), "") for entry in listed}
        for number, summary in enumerate(summaries):
            made[summary.name] = search_keys(summary.name, *self._words(summary))
            if not number % 50:
                time.sleep(_BREATH)
        return made

    def _words(self, summary: Summary) -> Iterator[Text | str]:
        more = summary.overview
        for question, value in summary.values.items():
            yield self._desk.spoken(question, str(value))
        if summary.error is not None:
            yield wording.SESSION_UNREADABLE
        yield from {
            STATES[code] for code in (more.get("exit"), 1 if more.get("blocking") else None) if code in STATES
        }
        if any(other.alive is not False for other in summary.others):
            yield _IN_USE
        if summary.notes:
            yield summary.notes
