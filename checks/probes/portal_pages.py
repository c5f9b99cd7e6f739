"""The last rung of the way to the portal: whether its pages answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import Context, Finding, network_check
from checks.says import passes, skips, unknown, warns
from checks.shown import show
from checks.text import Text

if TYPE_CHECKING:
    from checks.net.pages import PageHead

_NO_HEAD = (405, 501)
"""The server answers, only not to HEAD."""


@network_check(
    "portal.pages",
    title=Text("ポータルのページ", "The portal's pages"),
    why=Text(
        "接続できても、保守による停止やフィルターでページが開けないことがあります。",
        "Even with a connection, pages may fail to open because of maintenance or a filter.",
    ),
    how=Text(
        "確認できた安全な接続で、説明のページと申請のページの見出し（HEAD）だけを尋ねます。",
        "Over the verified secure connection, requests only the headers (HEAD) of an information page and an application page.",
    ),
    says={
        "answered": passes(
            "ポータルの説明のページと申請のページが応答しました。",
            "The portal's information page and application page responded.",
        ),
        "error-status": warns(
            "{path} が状態 {status} を返しました。",
            "{path} returned status {status}.",
            "500番台は停止や保守の時に多い値です。403 や 404 は、途中のフィルターやページの移動のこともあります。\n1. ポータルのお知らせを確かめてください。\n2. 時間をおいて、もう一度検査してください。",
            "Status codes of 500 and above are common during outages and maintenance; 403 and 404 may come from a filter or a page that has moved.\n1. Check the portal's notices.\n2. Run the check again later.",
            link="portal-top",
        ),
        "redirected": warns(
            "{path} は別のところ（{target}）へ案内されました。",
            "{path} was redirected to {target}.",
            "公衆無線LANの認証ページや、社内のフィルターのことがあります。\nブラウザーでポータルを開き、本物のページが出るか確かめてください。",
            "It may be the login page of a public Wi-Fi network, or a company filter.\nOpen the portal in the browser and check that the real page appears.",
            link="portal-top",
        ),
        "no-answer": unknown(
            "{path} から応答がありませんでした。",
            "{path} did not respond.",
            "安全な接続はできましたが、ページの応答がありません。時間をおいて、もう一度検査してください。",
            "The secure connection was established, but the page did not respond. Run the check again later.",
            link="portal-top",
        ),
        "not-verified": skips(
            "安全な接続を確認できていないため、ページには何も送っていません。",
            "Nothing was sent to the pages because the secure connection was not verified.",
        ),
    },
    requires=("portal.tls",),
    timeout=20.0,
)
def portal_pages(ctx: Context) -> Finding:
    from checks.net import http, pages, verification, visit
    from checks.pki.judge import VERIFIED

    if verification.verdict(ctx).code not in VERIFIED:
        return Finding("not-verified")
    heads = [pages.page(ctx, path) for path in ctx.guide.portal.pages]
    evidence = tuple(show(f"{page.path} {page.note}", 200) for page in heads)
    portal = f"https://{http.authority(visit.host_of(ctx), 443, 443)}/"
    for page in heads:
        target = _elsewhere(page, portal)
        if target:
            return Finding("redirected", {"path": page.path, "target": show(target, 80)}, evidence)
    for page in heads:
        if page.head is not None and page.head.status >= 400 and page.head.status not in _NO_HEAD:
            return Finding("error-status", {"path": page.path, "status": page.head.status}, evidence)
    for page in heads:
        if page.head is None:
            return Finding("no-answer", {"path": page.path}, evidence)
    return Finding("answered", {}, evidence)


def _elsewhere(page: PageHead, portal: str) -> str:
    """The host a page sends us to, with the scheme when it is the portal without TLS; an empty string otherwise."""
    from urllib.parse import urljoin, urlsplit

    if page.head is None or not 300 <= page.head.status < 400:
        return ""
    try:
        # Browsers take a backslash for a slash.
        target = urlsplit(urljoin(portal, page.head.headers.get("location", "").replace("\\", "/")))
        name = target.hostname or "?"
    except ValueError:
        return "?"
    if name.rstrip(".") != urlsplit(portal).hostname:
        return name
    return "" if target.scheme == "https" else f"{target.scheme}://{name}"
