"""Step 2: the browsers that the portal supports."""

from __future__ import annotations

from datetime import date, timedelta
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
_UPDATE = Text(
    "EdgeとChromeは2週間ごとに新しくなります。ブラウザーのメニューの「ヘルプ」から「バージョン情報」を開くと、更新が始まります。終わったら再起動してください。",
    "Edge and Chrome have a new version every two weeks. Open Help > About in the browser's menu to start the update, then restart the browser.",
)
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
        "current": passes(
            "{browser} {version} があります。公開予定では {released} ごろに出た版です（約{weeks}週間前）。",
            "{browser} {version} is installed. By the published schedule it came out about {released} ({weeks|week} ago).",
        ),
        "supported": passes("{browser} {version} があります。", "{browser} {version} is installed."),
        "outdated": warns(
            "{browser} {version} は、公開予定では {released} ごろに出た版で、約{weeks}週間前のものです。",
            "By the published schedule {browser} {version} came out about {released}, {weeks|week} ago.",
            _UPDATE,
            commands=_ABOUT_PAGES,
        ),
        "before-schedule": warns(
            "{browser} {version} は、こちらで公開日の分かる最も古い版（{first}、{released} ごろ）より前のものです。",
            "{browser} {version} is older than the first version whose day is known here ({first}, about {released}).",
            _UPDATE,
            commands=_ABOUT_PAGES,
        ),
        "version-unknown": unknown(
            "{browser} はありますが、バージョンを読めませんでした。",
            "{browser} is installed, but its version could not be read.",
            _UPDATE,
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
    lines = [show(f"{one.name} {one.version or '?'} {one.path}") + _age(facts, one) for one in found[:10]]
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
    values: dict[str, Json] = {"browser": best.name, "version": show(best.version, 40)}
    if not (major := _major(best)):
        return Finding("version-unknown", values, evidence)
    first = facts.entries[best.id]["era"][0]
    if major < first["version"]:
        days = {"first": first["version"], "released": first["day"].isoformat()}
        return Finding("before-schedule", {**values, **days}, evidence)
    released = _released(facts, best)
    if released is None or released > today:
        return Finding("supported", values, evidence)
    weeks = (today - released).days // 7
    code = "outdated" if weeks >= facts.number("old_weeks") else "current"
    return Finding(code, {**values, "released": released.isoformat(), "weeks": weeks}, evidence)


def _released(facts: table.Facts, browser: Browser) -> date | None:
    """The day on which its version came out by its maker's schedule; None where the schedule does not say."""
    schedule, major = facts.entries.get(browser.id), _major(browser)
    if schedule is None or major > schedule["last"] or major in schedule.get("esr", ()):
        return None
    eras = [era for era in schedule["era"] if era["version"] <= major]
    return eras[-1]["day"] + timedelta((major - eras[-1]["version"]) * eras[-1]["every"]) if eras else None


def _age(facts: table.Facts, browser: Browser) -> str:
    released = _released(facts, browser)
    return f", out about {released} by schedule" if released else ""
