"""Where a statement comes from, as rows: `state/sources.py` has the words."""

from __future__ import annotations

from checks.steps import Basis
from state.sources import doubts, source_lines
from tui import wording
from tui.desk import Desk
from tui.widgets.frame import Row, Span, paragraph


def doubt_rows(desk: Desk, basis: Basis, width: int) -> list[Row]:
    """What must be said about a fact that is not from an official page, is old or may be gone by."""
    said = doubts(basis, desk.options.today(), desk.lang)
    return [row for text in said for row in paragraph(text, width, "muted", indent=1)]


def page_rows(desk: Desk, name: str, width: int, basis: Basis | None = None) -> list[Row]:
    """A page of the guide with its URL, how old it is, and what `basis`, if given, says of the statement on it."""
    page = desk.guide.pages.get(name)
    if page is None:
        return []
    first, *more = source_lines(page, desk.options.today(), desk.lang, basis)
    rows: list[Row] = [(Span(desk.t(wording.SOURCE), "heading"),), *paragraph(first, width, indent=1)]
    url = paragraph(desk.data(page.url, 600), width, "link", indent=1)
    rows += ((Span(" "), Span(line[0].text[1:], "link", "link")) for line in url)
    return [*rows, *(row for text in more for row in paragraph(text, width, "muted", indent=1))]


def basis_rows(desk: Desk, basis: Basis, width: int) -> list[Row]:
    """Where a statement comes from, when it was read, and how sure it is."""
    return page_rows(desk, basis.page, width, basis)
