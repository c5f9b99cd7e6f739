"""Where a statement comes from: the official page or another one, when it was read, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from checks.steps import Basis, Confidence, Page
from checks.text import Text
from tui import wording
from tui.desk import Desk
from tui.widgets.frame import Row, Span, paragraph

CONFIDENCES: Mapping[Confidence, Text] = {
    "official": Text("公式ページで確認した内容です。", "Confirmed on the official page."),
    "secondary": Text("未確認: 公式ページ以外の情報です。", "Unconfirmed: from a source other than the official pages."),
    "computed": Text("公開されている資料から計算した内容です。", "Calculated from published data."),
    "inferred": Text("未確認: 当プログラムの推定です。", "Unconfirmed: our own inference."),
    "unread": Text("未確認: 公式ページを読めなかったため、リンクだけを示します。", "Unconfirmed: the official page could not be read, so only its link is given."),
}  # fmt: skip
SOURCE_READ = Text("{page} ({date} 確認)", "{page} (checked {date})")
SOURCE_UNREAD = Text("{page}", "{page}")
OLD_SOURCE = Text(
    "確認から{days}日たっています。公式ページで最新の内容を確かめてください。",
    "Checked {days|day} ago. Please see the official page for the latest information.",
)

OLD_AFTER = 180
"""Days after which a fact says how old it is."""


def doubt_rows(desk: Desk, basis: Basis, width: int) -> list[Row]:
    """What must be said about a fact that is not from an official page, or is old."""
    rows: list[Row] = []
    if basis.confidence not in ("official", "computed"):
        rows += paragraph(desk.t(CONFIDENCES[basis.confidence]), width, "muted", indent=1)
    return [*rows, *_age(desk, basis.checked, width)]


def basis_rows(desk: Desk, basis: Basis, width: int) -> list[Row]:
    """Where a statement comes from, when it was read, and how sure it is."""
    read = None if basis.confidence == "unread" else basis.checked
    rows = _page(desk, desk.guide.pages[basis.page], read, width)
    if basis.confidence == "computed":
        rows += paragraph(desk.t(CONFIDENCES["computed"]), width, "muted", indent=1)
    return [*rows, *doubt_rows(desk, basis, width)]


def page_rows(desk: Desk, name: str, width: int) -> list[Row]:
    """A page of the guide with its URL and the day on which it was read."""
    page = desk.guide.pages.get(name)
    if page is None:
        return []
    rows = _page(desk, page, page.read, width)
    if page.read is None:
        # Other people's pages are reports about the rule; only an official one would be its text.
        doubt = CONFIDENCES["unread" if page.official else "secondary"]
        return [*rows, *paragraph(desk.t(doubt), width, "muted", indent=1)]
    return [*rows, *_age(desk, page.read, width)]


def _page(desk: Desk, page: Page, read: date | None, width: int) -> list[Row]:
    text = SOURCE_UNREAD if read is None else SOURCE_READ
    rows: list[Row] = [(Span(desk.t(wording.SOURCE), "heading"),)]
    rows += paragraph(desk.t(text, page=page.title, date=read), width, indent=1)
    url = paragraph(desk.data(page.url, 600), width, "link", indent=1)
    return [*rows, *((Span(" "), Span(line[0].text[1:], "link", "link")) for line in url)]


def _age(desk: Desk, read: date, width: int) -> list[Row]:
    days = (desk.options.today() - read).days
    return paragraph(desk.t(OLD_SOURCE, days=days), width, "notice", indent=1) if days > OLD_AFTER else []
