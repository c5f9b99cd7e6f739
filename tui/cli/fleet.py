"""`oss-junbi fleet merge`: many PCs' results as one picture."""

from __future__ import annotations

from state.fleet.fleet_json import json_pieces
from state.fleet.fleet_page import as_html
from state.fleet.fleet_text import as_text
from state.fleet.inventory import merge
from state.fleet.result_files import expand
from tui.cli import sentences
from tui.cli.opened import guide_meant
from tui.cli.output import columns, deliver_pieces, whole
from tui.cli.problem import Problem
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Merge the files and return 1 when a PC failed, 3 when one is unknown or gave no usable result, else 0."""
    verb, *names = setup.args.positional
    if verb != "merge":
        raise Problem(sentences.NOT_A_CHOICE, option="fleet", given=verb, choices="merge")
    guide = guide_meant(setup)
    now = setup.options.moment()
    fleet = merge(expand(names), guide, now)
    form = setup.args.format()
    if form == "json":
        deliver_pieces(setup, json_pieces(fleet, now, ascii_only=not whole(setup)))
    elif form == "html":
        pieces = as_html(fleet, guide, now, setup.lang)
        if not whole(setup):
            pieces = (piece.encode("ascii", "xmlcharrefreplace").decode("ascii") for piece in pieces)
        deliver_pieces(setup, pieces)
    else:
        deliver_pieces(setup, as_text(fleet, guide, now, setup.lang, columns(setup)))
    return fleet.exit
