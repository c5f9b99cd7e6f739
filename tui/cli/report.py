"""`oss-junbi report`: a page for the office, the customer or a helpdesk, or the whole record."""

from __future__ import annotations

import sys

from checks.text import Text
from state.letters.formats import ending_of, format_of, rendered
from state.letters.papers import Letter, status_json
from state.letters.plain_text import as_json, as_text
from state.standing import Progress
from tui.cli import console, sentences
from tui.cli.opened import StoredSession, look, say_age
from tui.cli.output import columns, deliver, deliver_json
from tui.cli.setup import Setup

_OTHER_FORMAT = Text(
    "ファイル名の終わりは {ending} ですが、--format のとおり {format} で書き込みます。",
    "The file name ends in {ending}, but it is written as {format}, as --format says.",
)


def main(setup: Setup) -> int:
    """Write the report and return the exit code of `status`."""
    stored = look(setup)
    state, guide = stored.progress(setup), stored.guide
    say_age(setup, guide)
    form, audience = _format(setup), setup.args.one("--for") or "record"
    if form == "json" and audience == "record":
        deliver_json(setup, status_json(stored.data, stored.file, state, guide))
        return state.exit
    letter = _letter(setup, stored, state, audience)
    if form == "json":
        deliver_json(setup, as_json(letter))
    else:
        deliver(setup, rendered(letter, form, columns(setup)), markup=form == "html")
    return state.exit


def _format(setup: Setup) -> str:
    """What `--format` says, else what the file's ending says; tells when the two differ."""
    name = (setup.args.one("--output") or "") if setup.to_file else ""
    meant, given = format_of(name), setup.args.format()
    if not setup.args.has("--format"):
        return meant or given
    if meant and meant != given:
        setup.say(_OTHER_FORMAT, ending=ending_of(name), format=given)
    return given


def _letter(setup: Setup, stored: StoredSession, state: Progress, audience: str) -> Letter:
    from state.letters import content, office_page, outgoing

    guide, data, options, lang = stored.guide, stored.data, setup.options, setup.lang
    if audience == "customer":
        return outgoing.customer(guide, state, options, lang)
    if audience == "office":
        return office_page.office(guide, data, state, options, lang)
    if audience == "record":
        return content.record(guide, data, state, options, lang, stored.file)
    import platform

    # Operating system and Python, without a host name.
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    letter = outgoing.support(guide, data, state, options.at(guide.portal), lang, system)
    if setup.to_file:
        setup.say(sentences.PREVIEW)
        setup.say(as_text(letter, console.width(sys.stderr)))
    return letter
