"""`oss-junbi facts`: every statement with where it comes from, how old that is, and what may be gone by."""

from __future__ import annotations

from datetime import date
from typing import Any

from checks import __version__
from checks.guide import load_guide
from checks.guides.entries import names
from checks.statements import Statement, statements
from checks.text import Lang, Text
from state import words
from state.layout import lines
from state.sources import age, source_lines
from tui.cli.output import columns, deliver_json, deliver_lines
from tui.cli.setup import Setup, number

_COUNT = Text("{count}件", "{count|statement}")
MOST_DAYS = 100_000
CELLS = 80
"""What a line has at most, in a file or a wide terminal too."""


def main(setup: Setup) -> int:
    """Show all of them, or with `--old` those read so many days ago and those that were to change by today."""
    only, old, today = setup.args.one("--guide"), setup.args.one("--old"), setup.options.today()
    guides = [load_guide(name) for name in ([only] if only else sorted(names(), reverse=True))]
    found = statements(*guides)
    oldest = min(guide.oldest for guide in guides)
    if old is not None:
        days = number(old, "--old", 0, MOST_DAYS)
        found = [one for one in found if one.gone_by(today) or (today - one.basis.checked).days >= days]
        found.sort(key=lambda one: (not one.gone_by(today), one.basis.checked))
    if setup.args.format() == "json":
        deliver_json(setup, as_json(found, oldest, today))
    else:
        deliver_lines(setup, as_lines(found, oldest, today, setup.lang, min(columns(setup) or CELLS, CELLS)))
    return 0


def as_json(found: list[Statement], oldest: date, today: date) -> dict[str, Any]:
    """The document of `facts --format json`, as of a day."""
    return {
        "schema": 1,
        "version": __version__,
        "today": today.isoformat(),
        "oldest": oldest.isoformat(),
        "facts": [_fact(one, today) for one in found],
    }


def _fact(one: Statement, today: date) -> dict[str, Any]:
    scope, due = one.basis.scope or one.page.scope, one.basis.changes_by
    return {
        "id": one.id,
        "text": one.text.as_json(),
        "source": one.page.url,
        "page": one.page.id,
        "page_date": one.page.page_date or "undated",
        "read": one.basis.checked.isoformat(),
        "scope": scope.as_json() if scope else None,
        "confidence": one.basis.confidence,
        "changes_by": due.isoformat() if due else None,
        "possibly_gone_by": one.gone_by(today),
    }


def as_lines(found: list[Statement], oldest: date, today: date, lang: Lang, cells: int) -> list[str]:
    """How many there are and how old the oldest is, then each with its source, in lines of at most `cells` cells."""
    out = lines(_COUNT.fill({"count": len(found)}, lang), cells) + lines(age(oldest, today).to(lang), cells)
    for one in found:
        first, *more = source_lines(one.page, today, lang, one.basis)
        out += ["", *lines(one.id, cells), *lines(one.text.to(lang), cells, "  ")]
        out += lines(f"{words.SOURCE.to(lang)}: {first}", cells, "  ", "    ")
        out += [f"    {one.page.url}", *(line for text in more for line in lines(text, cells, "    "))]
    return out
