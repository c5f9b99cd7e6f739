"""Step 2: the portal's extension in each profile of the browsers it supports."""

from __future__ import annotations

from collections.abc import Mapping

from checks import table
from checks.model import Context, Coverage, Finding, Json, check
from checks.probes.elsewhere import OTHER_PC, OWN_SIGNATURE, SERVICE, elsewhere, service_user
from checks.record import dataclass, replace
from checks.says import fails, passes, steps, unknown, warns
from checks.shown import show
from checks.system.api import Unavailable
from checks.system.browser_policies import Ruling, rule
from checks.system.chromium import BY_POLICY, InstalledExtension, read_extension
from checks.system.facts import Profile
from checks.text import Text

MOST_PROFILES = 60
NEEDED = frozenset({"nativeMessaging"})
"""What an extension must be permitted so that it can start a program."""
POLICY_PAGES = ("windows: start msedge edge://policy", "windows: start chrome chrome://policy")
_EXTENSION_PAGES = ("windows: start msedge edge://extensions", "windows: start chrome chrome://extensions")
_NAMES = {"edge": "Edge", "chrome": "Chrome", "chromium": "Chromium"}


@dataclass(frozen=True, slots=True)
class _ProfileState:
    place: Profile
    ruling: Ruling
    extension: InstalledExtension | None = None
    problem: str = ""

    @property
    def works(self) -> bool:
        return self.extension is not None and self.extension.enabled and not self.blocked

    @property
    def blocked(self) -> bool:
        by_policy = self.extension is not None and BY_POLICY in self.extension.reasons
        return self.ruling.mode == "blocked" or by_policy

    def name(self) -> str:
        return show(f"{_NAMES.get(self.place.owner, self.place.owner)} ({self.place.name})", 80)

    def line(self) -> str:
        said = " ".join(filter(None, (self.ruling.mode, self.ruling.policy)))
        policy = f"; policy: {said}" if said else ""
        if self.extension is None:
            state = f"not readable: {self.problem}" if self.problem else "not installed"
        else:
            files = "" if self.extension.files else "; its files are missing"
            on = "enabled" if self.extension.enabled else f"disabled: {self.extension.why()}"
            state = f"{on}; version {self.extension.version or '?'}{files}"
        return show(f"{self.name()} {self.place.path}: {state}{policy}", 300)


@check(
    "pc.extension",
    title=Text("ブラウザーの拡張機能", "Browser extension"),
    why=Text(
        "署名はポータルの拡張機能を通して行います。無効のままだと、申請の途中で止まり、最初からやり直しになります。スマートフォンでカードを読む場合も必要です。",
        "Signing uses the portal's extension. If it is disabled, the application stops halfway and you have to start over. It is needed even if you read the card with a smartphone.",
    ),
    how=Text(
        "EdgeとChromeのすべてのプロファイルの設定ファイルと、管理者のポリシーを読みます。書き換えはしません。",
        "Reads the settings files of every Edge and Chrome profile, and the administrator's policies. Nothing is changed.",
    ),
    says={
        "enabled": passes(
            "拡張機能は {profile} で有効です（バージョン {version}）。",
            "The extension is enabled in {profile} (version {version}).",
        ),
        "enabled-in-some": passes(
            "拡張機能は {profile} で有効です（バージョン {version}）。ほかの{others}個のプロファイルでは使えません。",
            "The extension is enabled in {profile} (version {version}), but not in {others|other profile}.",
            "申請は、拡張機能が有効なプロファイルで行ってください。",
            "Use a profile in which the extension is enabled to apply.",
        ),
        "files-missing": warns(
            "拡張機能は {profile} で有効とされていますが、ファイルが見当たりません。",
            "The extension is listed as enabled in {profile}, but its files were not found.",
            "ブラウザーの拡張機能の画面で動いているか確かめ、「修復」が出ていれば押すか、入れ直してください。",
            "Check that it works on the browser's extensions page. Select Repair if it is offered, or reinstall the extension.",
            commands=_EXTENSION_PAGES,
        ),
        "disabled": fails(
            "拡張機能は {profile} にありますが、無効です。署名ができません。",
            "The extension is installed in {profile} but disabled. You cannot sign.",
            steps(
                "ブラウザーの拡張機能の画面を開きます。",
                "Open the browser's extensions page.",
                "「自動車保有関係手続ワンストップサービス」の拡張機能を有効にします。「修復」や権限の確認が出たら、それに従います。",
                "Turn on the portal's extension. If it asks for a repair or for permissions, follow the instructions.",
                "もう一度検査してください。",
                "Run the check again.",
            ),
            commands=_EXTENSION_PAGES,
        ),
        "blocked-by-policy": fails(
            "拡張機能は、管理者のポリシーで禁止されています（{profile}）。",
            "The extension is blocked by the administrator's policy ({profile}).",
            steps(
                "管理者に、この拡張機能（ID {extension}）を許可するよう頼んでください。自分では解除できません。",
                "Ask your administrator to allow the extension (ID {extension}). You cannot change this yourself.",
                "EdgeとChromeのうち、禁止されていないほうがあれば、そちらに拡張機能を入れて申請できます。",
                "If the policy covers only one of Edge and Chrome, you can add the extension to the other and use it to apply.",
            ),
            commands=POLICY_PAGES,
        ),
        "kept-off": warns(
            "拡張機能は {profile} で有効ですが、管理者のポリシー（{policy}）が、ポータルのページで動くことを止めています。",
            "The extension is enabled in {profile}, but the administrator's policy ({policy}) prevents it from running on the portal's pages.",
            "管理者に、この拡張機能（ID {extension}）が {host} で動けるよう頼んでください。自分では解除できません。",
            "Ask your administrator to allow the extension (ID {extension}) to run on {host}. You cannot change this yourself.",
            commands=POLICY_PAGES,
        ),
        "partly": warns(
            "拡張機能は {profile} で有効です（バージョン {version}）。ただし、読めなかったものがあります（{unread}）。",
            "The extension is enabled in {profile} (version {version}), but not everything could be read ({unread}).",
            "ブラウザーの拡張機能の画面で有効なことを確かめ、申請は {profile} で行ってください。",
            "Check on the browser's extensions page that it is on, and use {profile} to apply.",
            commands=_EXTENSION_PAGES,
        ),
        "forced-not-yet": warns(
            "拡張機能は管理者のポリシーで配布されますが、{profile} にはまだありません。",
            "The extension is deployed by policy but has not arrived in {profile} yet.",
            "ブラウザーを一度閉じて開き直し、数分待ってから、もう一度検査してください。",
            "Restart the browser, wait a few minutes and run the check again.",
            commands=POLICY_PAGES,
        ),
        "not-found": fails(
            "拡張機能が、調べた{count}個のプロファイルのどれにもありません。署名ができません。",
            "The extension was not found in any of the profiles checked ({count}). You cannot sign.",
            steps(
                "申請に使うブラウザーで、公式の拡張機能のページ（Chromeウェブストア）を開きます。Edgeでも同じページから入れられます。",
                "In the browser you will use to apply, open the extension's page in the Chrome Web Store. Edge can use the same page.",
                "名前が「自動車保有関係手続ワンストップサービス」であることを確かめて追加します。",
                "Check its name and add it.",
                "ブラウザーを開き直し、もう一度検査してください。",
                "Restart the browser and run the check again.",
            ),
        ),
        "no-profile": unknown(
            "このアカウントには、EdgeやChromeのプロファイルがまだありません。",
            "This account has no Edge or Chrome profile yet.",
            "申請する人のアカウントで、申請に使うブラウザーを一度開き、拡張機能を入れてから検査してください。",
            "With the applicant's account, open the browser you will use once, add the extension and run the check again.",
        ),
        "unreadable": unknown(
            "プロファイルの設定ファイルのうち{count}個を読めず、拡張機能があるか分かりません。",
            "{count|profile settings file} could not be read, so it is not known whether the extension is installed.",
            "ブラウザーを閉じてから、もう一度検査するか、ブラウザーの拡張機能の画面で確かめてください。",
            "Close the browser and run the check again, or look at the browser's extensions page.",
            commands=_EXTENSION_PAGES,
        ),
        "service-account": SERVICE,
        "other-pc": OTHER_PC,
    },
    source="extension-store",
    applies=OWN_SIGNATURE,
    fresh_for=7,
)
def extension(ctx: Context) -> Finding:
    if user := service_user(ctx):
        return Finding("service-account", {"user": show(user, 60)})
    supported = table.facts("portal").words("browsers")
    seen, left = _profiles(ctx)
    # A portal that supports Edge and Chrome has no use for the extension in another browser.
    usable = [one for one in seen if one.place.owner in supported]
    others = [one for one in seen if one.place.owner not in supported]
    lines = [one.line() for one in (*usable, *others)[:15]]
    evidence = (*(lines or ["no profile"]), table.note("extension", ctx.options.today()))
    system = elsewhere(ctx)
    if system and not any(one.extension for one in usable):
        return Finding("other-pc", {"system": system}, evidence)
    if not usable:
        return Finding("no-profile", {}, evidence)
    finding = _judge(ctx, usable)
    unread = tuple(f"{one.name()}: {one.problem}" for one in usable if one.problem)
    # Which of those beyond the limit belong to a supported browser is not known.
    coverage = Coverage(len(usable) - len(unread), len(usable) + left, unread)
    return replace(finding, evidence=evidence, coverage=coverage)


def _judge(ctx: Context, seen: list[_ProfileState]) -> Finding:
    identity = str(table.facts("extension").entries["id"])
    working = [(one, one.extension) for one in seen if one.works and one.extension is not None]
    if working:
        # The best decides: files there, not kept off the portal, everything about it read.
        best, found = min(
            working, key=lambda one: (not one[1].files, one[0].ruling.kept_off, bool(one[0].problem))
        )
        values: dict[str, Json] = {"profile": best.name(), "version": show(found.version or "?", 40)}
        if not found.files:
            return Finding("files-missing", values)
        if best.ruling.kept_off:
            values |= {"policy": best.ruling.policy, "extension": identity}
            return Finding("kept-off", {**values, "host": show(ctx.options.portal, 80)})
        if others := sum(1 for one in seen if not one.works and not one.problem):
            return Finding("enabled-in-some", {**values, "others": others})
        return Finding("enabled", values)
    if blocked := next((one for one in seen if one.blocked), None):
        return Finding("blocked-by-policy", {"profile": blocked.name(), "extension": identity})
    if disabled := next((one for one in seen if one.extension is not None), None):
        return Finding("disabled", {"profile": disabled.name()})
    if unreadable := sum(1 for one in seen if one.problem):
        return Finding("unreadable", {"count": unreadable})
    if forced := next((one for one in seen if one.ruling.mode == "forced"), None):
        return Finding("forced-not-yet", {"profile": forced.name()})
    return Finding("not-found", {"count": len(seen)})


def browsers_with(ctx: Context) -> frozenset[str]:
    """The browsers in which the extension works, as far as can be seen."""
    return frozenset(one.place.owner for one in _profiles(ctx)[0] if one.works)


def _profiles(ctx: Context) -> tuple[list[_ProfileState], int]:
    """The extension in each profile, looked at once in a run, and how many more profiles there are."""

    def look() -> tuple[list[_ProfileState], int]:
        places = ctx.system.chromium_profiles()
        return [_look(ctx, place) for place in places[:MOST_PROFILES]], max(0, len(places) - MOST_PROFILES)

    return ctx.memo.once("extension in profiles", look)


def policies_of(ctx: Context, browser: str) -> Mapping[str, object]:
    """The browser's policies, read once in a run; raises `Unavailable`."""
    return ctx.memo.once(f"policies of {browser}", lambda: dict(ctx.system.browser_policies(browser)))


def _look(ctx: Context, place: Profile) -> _ProfileState:
    facts = table.facts("extension")
    identity = str(facts.entries["id"])
    found, problem = None, place.problem
    try:
        found = None if problem else read_extension(place.path, identity)
    except Unavailable as error:
        problem = error.reason
    needed = NEEDED | (found.permissions if found else frozenset())
    try:
        policies = policies_of(ctx, place.owner)
        ruling = rule(policies, identity, str(facts.entries["update_url"]), needed, ctx.options.portal)
    except Unavailable as error:
        ruling, problem = Ruling(), problem or f"policies: {error.reason}"
    return _ProfileState(place, ruling, found, problem)
