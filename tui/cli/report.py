"""`oss-junbi report`: a report for the office, the customer or a helpdesk."""

from __future__ import annotations

import sys

from state.letters.papers import status_json
from state.progress import progress
from tui.cli import console, sentences
from tui.cli.opened import look_or_empty, who
from tui.cli.output import columns, deliver, json_text
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Write the report and return the exit code of `status`."""
    opened = look_or_empty(setup)
    guide = opened.guide
    state = progress(guide, opened.data, setup.options, host=who()[0])
    form, audience = setup.args.format(), setup.args.one("--for") or "office"
    if form == "json" and audience == "office":
        deliver(setup, json_text(status_json(opened.data, opened.file, state, guide), setup))
        return state.exit
    from state.letters import content, outgoing

    if audience == "customer":
        document = outgoing.customer(guide, state, setup.options, setup.lang)
    elif audience == "support":
        document = outgoing.support(
            guide, opened.data, state, setup.options.at(guide.portal), setup.lang, _system()
        )
    else:
        document = content.office(guide, opened.data, state, setup.options, setup.lang, opened.file)
    if audience == "support" and setup.args.one("--output") not in (None, "-"):
        from state.letters.plain_text import as_text

        console.tell(sentences.PREVIEW, setup.lang)
        console.tell(as_text(document, console.width(sys.stderr)), setup.lang)
    if form == "json":
        from state.letters.plain_text import as_json

        deliver(setup, json_text(as_json(document), setup))
    elif form == "html":
        from state.letters.html_page import as_html

        text = as_html(document)
        if setup.args.one("--output") in (None, "-") and not console.is_unicode(sys.stdout):
            text = text.encode("ascii", "xmlcharrefreplace").decode("ascii")
        deliver(setup, text)
    else:
        from state.letters.plain_text import as_markdown, as_text

        text = as_markdown(document) if form == "markdown" else as_text(document, columns(setup))
        deliver(setup, text)
    return state.exit


def _system() -> str:
    """Operating system and Python, without a host name."""
    import platform

    return f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
