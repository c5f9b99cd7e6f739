"""`oss-junbi deadlines`: every date that matters, of this session or of all."""

from __future__ import annotations

from collections.abc import Iterator

from state.agenda import agenda, as_events, as_json, as_lines
from state.calendar import ics
from state.errors import StateError
from state.file import places
from state.shelf.listing import session_files
from state.words import TITLE
from tui.cli import console
from tui.cli.opened import Opened, look_at, look_or_empty
from tui.cli.output import columns, deliver, json_text
from tui.cli.sessions import readable
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Show the dates."""
    sessions = _all(setup) if setup.args.has("--all") else iter([look_or_empty(setup)])
    made = agenda(((one.guide, one.data) for one in sessions), setup.options)
    form = setup.args.format()
    if form == "json":
        deliver(setup, json_text(as_json(made, setup.options.moment()), setup))
    elif form == "ics":
        events = as_events(made, setup.lang)
        deliver(setup, ics(events, setup.options.moment(), TITLE.to(setup.lang)), exact=True)
    else:
        deliver(setup, "\n".join(as_lines(made, setup.lang, columns(setup))) + "\n")
    return 0


def _all(setup: Setup) -> Iterator[Opened]:
    """Every saved session; one that cannot be read is told of and left out."""
    for entry in session_files(readable(places.locate())):
        try:
            opened = look_at(entry.path, setup)
        except StateError as error:
            console.tell(error.text, setup.lang)
            continue
        if opened is not None:
            yield opened
