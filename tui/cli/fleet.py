"""`oss-junbi fleet merge`: many PCs' results as one picture."""

from __future__ import annotations

import sys

from checks.catalog import load_catalog
from state.fleet import expand, merge
from state.fleet_report import as_html, as_json, as_text
from tui.cli import console, words
from tui.cli.output import columns, deliver, json_text
from tui.cli.problem import Problem
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Merge the files and return 1 when a PC failed, 3 when one is unknown or a file was unusable, else 0."""
    verb, *names = setup.args.positional
    if verb != "merge":
        raise Problem(words.NOT_A_CHOICE, option="fleet", given=verb, choices="merge")
    catalog = load_catalog()
    fleet = merge(expand(names), catalog, setup.options.today())
    now = setup.options.moment()
    form = setup.args.format()
    if form == "json":
        deliver(setup, json_text(as_json(fleet, now), setup))
    elif form == "html":
        text = "".join(as_html(fleet, catalog, now, setup.lang))
        if setup.args.one("--output") in (None, "-") and not console.is_unicode(sys.stdout):
            text = text.encode("ascii", "xmlcharrefreplace").decode("ascii")
        deliver(setup, text)
    else:
        deliver(setup, as_text(fleet, catalog, now, setup.lang, columns(setup)))
    return fleet.exit
