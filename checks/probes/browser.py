"""Step 2: the browsers that the portal supports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks import table
from checks.model import Context, Finding, Json, check
from checks.probes.elsewhere import OTHER_PC, elsewhere
from checks.says import fails, passes, unknown, warns
from checks.shown import show
from checks.text import Text

if TYPE_CHECKING:
    from checks.system.facts import Browser
_ABOUT_PAGES = ("windows: start msedge edge://settings/help", "windows: start chrome chrome://settings/help")
_INSTALL = ("windows: winget install --id Microsoft.Edge", "windows: winget install --id Google.Chrome")


def _major(browser: Browser) -> int:
    head = browser.version.split(".")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 6 else 0


@check(
    "pc.browser",
    title=Text("ブラウザー（Edge・Chrome）", "Browser (Edge or Chrome)"),
    why=Text(
        "ポータルが対応するブラウザーとして知られているのは、EdgeとChromeだけです。ほかのブラウザーでは署名の拡張機能が動きません。",
        "The portal is known to support only Edge and Chrome. Its signing extension does not work in other browsers.",
    ),
    how=Text(
        "インストールされたブラウザーとバージョンを、レジストリとファイルから読みます。ブラウザーは起動しません。",
        "Reads the installed browsers and their versions from the registry and from files. No browser is started.",
    ),
    says={
        "supported": passes("{browser} {version} があります。", "{browser} {version} is installed."),
        "old": warns(
            "{browser} {version} は古いバージョンです（{listed} 時点の最新は {newest}）。",
            "{browser} {version} is out of date (the latest version on {listed} was {newest}).",
            "ブラウザーのメニューの「ヘルプ」から「バージョン情報」を開くと、更新が始まります。終わったら再起動してください。",
            "Open Help > About in the browser's menu to start the update, then restart the browser.",
            commands=_ABOUT_PAGES,
        ),
        "version-unknown": unknown(
            "{browser} はありますが、バージョンを読めませんでした。",
            "{browser} is installed, but its version could not be read.",
            "ブラウザーのメニューの「ヘルプ」から「バージョン情報」を開いて、最新か確かめてください。",
            "Open Help > About in the browser's menu and check that it is up to date.",
            commands=_ABOUT_PAGES,
        ),
        "only-others": fails(
            "対応するブラウザー（Edge、Chrome）が見当たりません。あるのは {browser} です。",
            "Edge and Chrome were not found, only {browser}.",
            "Microsoft EdgeかGoogle Chromeをインストールし、申請はそのブラウザーで行ってください。",
            "Install Microsoft Edge or Google Chrome and use it to apply.",
            commands=_INSTALL,
        ),
        "not-found": fails(
            "EdgeもChromeも見当たりません。",
            "Neither Edge nor Chrome was found.",
            "Microsoft EdgeかGoogle Chromeをインストールしてください。",
            "Install Microsoft Edge or Google Chrome.",
            commands=_INSTALL,
        ),
        "other-pc": OTHER_PC,
    },
    source="pc-kankyou",
    fresh_for=7,
)
def browsers(ctx: Context) -> Finding:
    """Whether Edge or Chrome is there in a version that the portal supports."""
    found = ctx.system.browsers()
    today, facts = ctx.options.today(), table.facts("browsers")
    lines = [show(f"{browser.name} {browser.version or '?'} {browser.path}") for browser in found[:10]]
    evidence = (*(lines or ["no browser seen"]), table.note("portal", today), table.note("browsers", today))
    if system := elsewhere(ctx):
        return Finding("other-pc", {"system": system}, evidence)
    wanted = table.facts("portal").words("browsers")
    usable = [browser for browser in found if browser.id in wanted]
    if not usable:
        if not found:
            return Finding("not-found", {}, evidence)
        return Finding("only-others", {"browser": show(", ".join(one.name for one in found[:5]))}, evidence)
    best = max(usable, key=_major)
    values: dict[str, Json] = {
        "browser": best.name,
        "version": show(best.version, 40),
        "newest": facts.number("newest"),
        "listed": facts.checked.isoformat(),
    }
    if not _major(best):
        return Finding("version-unknown", values, evidence)
    old = _major(best) < facts.number("newest") - facts.number("old_after")
    return Finding("old" if old else "supported", values, evidence)
