"""`oss-junbi report`: a report for the office, the customer or a helpdesk."""

from __future__ import annotations

import sys

from state.letters.papers import status_json
from tui.cli import console, sentences
from tui.cli.opened import look
from tui.cli.output import columns, deliver, deliver_json
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Write the report and return the exit code of `status`."""
    stored = look(setup)
    state, guide = stored.progress(setup), stored.guide
    form, audience = setup.args.format(), setup.args.one("--for") or "office"
    if form == "json" and audience == "office":
        deliver_json(setup, status_json(stored.data, stored.file, state, guide))
        return state.exit
    from state.letters import content, outgoing
    from state.letters.plain_text import as_json, as_markdown, as_text

    if audience == "customer":
        document = outgoing.customer(guide, state, setup.options, setup.lang)
    elif audience == "support":
        import platform

        # Operating system and Python, without a host name.
        system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
        document = outgoing.support(
            guide, stored.data, state, setup.options.at(guide.portal), setup.lang, system
        )
        if setup.to_file:
            setup.say(sentences.PREVIEW)
            setup.say(as_text(document, console.width(sys.stderr)))
    else:
        document = content.office(guide, stored.data, state, setup.options, setup.lang, stored.file)
    if form == "json":
        deliver_json(setup, as_json(document))
    elif form == "html":
        from state.letters.html_page import as_html

        deliver(setup, as_html(document), markup=True)
    else:
        text = as_markdown(document) if form == "markdown" else as_text(document, columns(setup))
        deliver(setup, text)
    return state.exit
