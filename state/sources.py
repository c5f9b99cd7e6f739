"""Where a statement comes from, in words: the page and how old it is, of what it speaks, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from checks import __version__
from checks.steps import OLD_AFTER, Basis, Confidence, Page
from checks.text import Lang, Text

CONFIDENCE: Mapping[Confidence, Text] = {
    "official": Text("公式ページの内容", "from an official page"),
    "secondary": Text(
        "未確認: 公式ページ以外の情報", "not confirmed: from a source other than the official pages"
    ),
    "computed": Text("公開されている資料からの計算", "calculated from published data"),
    "inferred": Text("未確認: 当プログラムの推定", "not confirmed: our own inference"),
    "unread": Text(
        "未確認: 公式ページを読めていないため、リンクのみ",
        "not confirmed: the official page could not be read; link only",
    ),
}
UNDATED = Text("日付のない写し", "undated copy")
_DATED = Text("{day}付", "dated {day}")
_READ = Text("{day}閲覧", "read {day}")
_NOT_READ = Text("未読", "not read")
_LOOKED_UP = Text("ページは未読、{day}に調査", "not read itself, looked up {day}")
_SPEAKS_OF = Text("このページの対象: {scope}", "The page speaks of: {scope}")
_CHANGES_BY = Text("{day}から変わることがあります", "may change from {day} on")
_GONE_BY = Text(
    "{day}を過ぎたため、もう変わったかもしれません。公式ページで確かめてください。",
    "Possibly gone by since {day}. Please check the official page.",
)
_OLD = Text(
    "確認から{days}日たっています。公式ページで最新の内容を確かめてください。",
    "Last checked {days|day} ago. Please check the official page for what holds now.",
)


_AGE = Text(
    "内容の確認から{days}日たちました（{day}）。新しい版があれば、入手元にあります（今は{version}）。",
    "The oldest facts were looked up {days|day} ago ({day}). A version newer than {version} would be where you got it.",
)


def age(oldest: date, today: date) -> Text:
    """How old the oldest statements are, and where a newer version would be."""
    values = {"days": (today - oldest).days, "day": oldest, "version": __version__}
    return _AGE.filled(values)


def is_old(oldest: date, today: date) -> bool:
    """Whether a start should say so."""
    return (today - oldest).days > OLD_AFTER


def dated(page: Page, read: date | None, lang: Lang) -> str:
    """The page's own date, or that it is a copy without one, and the day on which it was read."""
    parts = [_DATED.fill({"day": page.page_date}, lang)] if page.page_date else []
    if page.official and page.read is None:
        parts.append((_NOT_READ if read is None else _LOOKED_UP).fill({"day": read}, lang))
    else:
        parts += [] if parts else [UNDATED.to(lang)]
        parts += [] if read is None else [_READ.fill({"day": read}, lang)]
    return ("、" if lang == "ja" else ", ").join(parts)


def source_lines(page: Page, today: date, lang: Lang, basis: Basis | None = None) -> tuple[str, ...]:
    """The source of a statement, or of a check's rule where there is no `basis`, line by line; the first is the page."""
    if basis is None:
        # Other people's pages are reports about the rule; only an official one would be its text.
        kind: Confidence = "secondary" if not page.official else "official" if page.read else "unread"
        basis = Basis(page.id, page.read or today, kind)
        read = page.read
    else:
        read = None if basis.confidence == "unread" else basis.checked
    scope = basis.scope or page.scope
    lines = [f"{page.title.to(lang)} ({dated(page, read, lang)})"]
    lines += [_SPEAKS_OF.fill({"scope": scope}, lang)] if scope else []
    if basis.confidence in ("official", "computed"):
        lines.append(CONFIDENCE[basis.confidence].to(lang))
    if basis.changes_by is not None and basis.changes_by > today:
        lines.append(_CHANGES_BY.fill({"day": basis.changes_by}, lang))
    return (*lines, *doubts(basis, today, lang))


def doubts(basis: Basis, today: date, lang: Lang) -> tuple[str, ...]:
    """What must be said beside a statement that is not from an official page, was to change by now, or is old."""
    days = (today - basis.checked).days
    sure = basis.confidence in ("official", "computed")
    said = () if sure else (CONFIDENCE[basis.confidence].to(lang),)
    return (
        *said,
        *gone_by(basis, today, lang),
        *((_OLD.fill({"days": days}, lang),) if days > OLD_AFTER else ()),
    )


def gone_by(basis: Basis, today: date, lang: Lang) -> tuple[str, ...]:
    """That a statement was to change by now, in one sentence; nothing where it was not."""
    if basis.changes_by is None or basis.changes_by > today:
        return ()
    return (_GONE_BY.fill({"day": basis.changes_by}, lang),)
