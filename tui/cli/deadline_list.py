"""`oss-junbi deadlines`: every date that matters, of this session or of all."""

from __future__ import annotations

from collections.abc import Iterator

from state.agenda import agenda, as_events, as_json, as_lines
from state.calendar import ics
from state.errors import StateError
from state.file import places
from state.shelf.listing import session_files
from state.words import TITLE
from tui.cli.opened import StoredSession, look
from tui.cli.output import columns, deliver, deliver_json, deliver_lines
from tui.cli.sessions import readable
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    sessions = _all(setup) if setup.args.has("--all") else iter([look(setup)])
    made = agenda(((one.guide, one.data) for one in sessions), setup.options)
    now, title = setup.options.moment(), TITLE.fill({"service": "OSS"}, setup.lang)
    if setup.args.format() == "json":
        deliver_json(setup, as_json(made, now))
    elif setup.args.format() == "ics":
        deliver(setup, ics(as_events(made, setup.lang), now, title), exact=True)
    else:
        deliver_lines(setup, as_lines(made, setup.lang, columns(setup)))
    return 0


def _all(setup: Setup) -> Iterator[StoredSession]:
    """Every saved session; one that cannot be read is told of and left out."""
    for entry in session_files(readable(places.locate())):
        try:
            stored = look(setup, entry.path)
        except StateError as error:
            setup.say(error.text)
            continue
        if stored.exists:
            yield stored
