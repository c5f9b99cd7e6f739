"""`oss-junbi fleet merge`: many PCs' results as one picture."""

from __future__ import annotations

from state.fleet.fleet_json import json_pieces
from state.fleet.fleet_page import as_html
from state.fleet.fleet_text import as_text
from state.fleet.inventory import merge
from state.fleet.result_files import expand
from tui.cli import sentences
from tui.cli.opened import guide_meant
from tui.cli.output import carries_all, columns, deliver
from tui.cli.problem import Problem
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Merge the files and return 1 when a PC failed, 3 when one is unknown or gave no usable result, else 0."""
    verb, *names = setup.args.positional
    if verb != "merge":
        raise Problem(sentences.NOT_A_CHOICE, option="fleet", given=verb, choices="merge")
    guide, now, form = guide_meant(setup), setup.options.moment(), setup.args.format()
    fleet = merge(expand(names), guide, now)
    if form == "json":
        deliver(setup, json_pieces(fleet, now, ascii_only=not carries_all(setup)))
    elif form == "html":
        deliver(setup, as_html(fleet, guide, now, setup.lang), markup=True)
    else:
        deliver(setup, as_text(fleet, guide, now, setup.lang, columns(setup)))
    return fleet.exit
