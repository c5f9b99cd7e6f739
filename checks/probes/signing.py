"""Step 2: the programs that signing needs beside the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from checks import table
from checks.model import Context, Coverage, Finding, Json, check
from checks.probes.elsewhere import OTHER_PC, OWN_SIGNATURE, card_check, elsewhere
from checks.probes.extension import POLICY_PAGES, browsers_with, policies_of
from checks.says import fails, passes, steps, warns
from checks.shown import show
from checks.system.api import Unavailable
from checks.system.browser_policies import refusal
from checks.system.facts import NativeHost
from checks.text import Text

LOOKED_IN = {"edge": ("edge", "chromium", "chrome")}
"""In whose registrations Edge looks for native messaging hosts on Windows, the user's own of all of them first.

Source: Microsoft, "Native messaging", step 3. Other browsers know their own only."""


def _matches(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(pattern, text[:300], re.IGNORECASE) for pattern in patterns)


@check(
    "pc.addon",
    title=Text("OSSブラウザアドオン", "OSS browser add-on"),
    why=Text(
        "拡張機能だけでは署名できません。PCに入れる「OSSブラウザアドオン」が要ります。スマートフォンでカードを読む場合も必要です。",
        "The extension alone cannot sign. You also need the OSS browser add-on, a program installed on the PC, even if you read the card with a smartphone.",
    ),
    how=Text(
        "拡張機能が呼び出せるプログラムの登録とそれを禁じる管理者のポリシー、プログラムの一覧、決まった場所のファイルを見ます。正式な登録名は確認できていないため、名前の形で探します。",
        "Checks the registered programs that the extension may start and policies that forbid it, the list of installed programs, and files in known locations. The exact names are not confirmed, so names are matched by pattern.",
    ),
    says={
        "connected": passes(
            "拡張機能から呼び出せるプログラムが登録されています（{name}）。",
            "A program that the extension may start is registered ({name}).",
        ),
        "installed": passes("{name} があります。", "{name} is installed."),
        "broken": fails(
            "アドオンは登録されていますが（{name}）、プログラムのファイルがありません。",
            "The add-on is registered ({name}), but its program file is missing.",
            "アドオンをアンインストールし、ポータルからもう一度インストールしてください。",
            "Uninstall the add-on and install it again from the portal.",
            commands=("windows: appwiz.cpl",),
        ),
        "blocked-by-policy": fails(
            "アドオン（{name}）はありますが、管理者のポリシー（{policy}）が、拡張機能から呼び出すことを禁じています。",
            "The add-on ({name}) is installed, but the administrator's policy ({policy}) does not allow the extension to start it.",
            "管理者に、ポリシー NativeMessagingAllowlist へこの名前を加えるなどして、許可するよう頼んでください。自分では解除できません。",
            "Ask your administrator to allow it, for example by adding this name to the policy NativeMessagingAllowlist. You cannot change this yourself.",
            commands=POLICY_PAGES,
        ),
        "partly": warns(
            "アドオン（{name}）はありますが、ブラウザーのポリシーを読めず（{unread}）、呼び出せるか分かりません。",
            "The add-on ({name}) is installed, but the browser's policies could not be read ({unread}), so it is not known whether it can be started.",
            "ブラウザーの policy の画面に NativeMessagingBlocklist がないか、ご自身で確かめてください。",
            "Check that NativeMessagingBlocklist is not listed on the browser's policy page.",
            commands=POLICY_PAGES,
        ),
        "found-like": warns(
            "アドオンらしいものが見つかりました: {name}。正式な名前を確認できていないため、断定はできません。",
            "Something that looks like the add-on was found: {name}. Its exact name is not confirmed, so this is not certain.",
            "プログラムの一覧に「OSSブラウザアドオン」があるか見てください。あれば、そのままで大丈夫です。",
            "Check whether the list of installed programs has the OSS browser add-on. If it does, there is nothing more to do.",
            commands=("windows: appwiz.cpl",),
        ),
        "not-seen": warns(
            "アドオンが見当たりません。正式な名前を確認できていないため、見落としの可能性もあります。",
            "The add-on was not found. Its exact name is not confirmed, so it may have been missed.",
            steps(
                "プログラムの一覧に「OSSブラウザアドオン」があるか見てください。",
                "Check whether the list of installed programs has the OSS browser add-on.",
                "なければ、ポータルの案内のページからインストールしてください。申請を始める前に済ませます。",
                "If not, install it from the portal's instructions page before you start the application.",
            ),
            commands=("windows: appwiz.cpl",),
        ),
        "other-pc": OTHER_PC,
    },
    source="addon-consent",
    applies=OWN_SIGNATURE,
    fresh_for=7,
)
def addon(ctx: Context) -> Finding:
    facts = table.facts("addon")
    identity = str(table.facts("extension").entries["id"])
    hosts = ctx.system.native_hosts()
    evidence: list[str] = []
    unread: list[str] = []
    ways: dict[str, tuple[NativeHost, str]] = {}
    browsers = _browsers(ctx)
    general: set[str] = set()
    for browser in browsers:
        try:
            policies = policies_of(ctx, browser)
        except Unavailable as error:
            unread.append(f"{browser}: policies: {error.reason}")
            policies = {}
        general.add(refusal(policies, "", user=False))
        for code, host, policy in _ways(browser, hosts, policies, identity, ctx.system.platform == "windows"):
            ways.setdefault(code, (host, policy))
            evidence.append(_describe(host) + (f"; {browser}: {policy}" if policy else ""))
    coverage = Coverage(len(browsers) - len(unread), len(browsers), tuple(unread))
    for code in ("connected", "blocked-by-policy", "broken"):
        if code in ways:
            host, policy = ways[code]
            values: dict[str, Json] = {"name": show(host.name, 80)}
            if policy:
                values["policy"] = policy
            return Finding(code, values, tuple(dict.fromkeys(evidence))[:10], coverage)
    programs = [one for one in ctx.system.programs() if _matches(facts.words("programs"), one.name)]
    alike = [host for host in hosts if _matches(facts.words("hosts"), host.name)]
    files = ctx.system.matching_files(facts.words("files"))
    evidence += [show(f"program: {one.name} {one.version} ({one.source})") for one in programs[:5]]
    evidence += [_describe(host) for host in alike[:5]]
    evidence += [show(f"file: {path}") for path in files[:5]]
    evidence.append(table.note("addon", ctx.options.today()))
    names = [one.name for one in programs] + [host.name for host in alike] + list(files)
    if names and "" not in general:
        policy = next(iter(general))
        return Finding("blocked-by-policy", {"name": show(names[0], 80), "policy": policy}, tuple(evidence))
    if names:
        code = "installed" if any(name in facts.words("confirmed") for name in names) else "found-like"
        return Finding(code, {"name": show(names[0], 80)}, tuple(evidence), coverage)
    if system := elsewhere(ctx):
        return Finding("other-pc", {"system": system}, tuple(evidence))
    return Finding("not-seen", {}, (f"{len(hosts)} native messaging hosts, none of them alike", *evidence))


def _browsers(ctx: Context) -> tuple[str, ...]:
    """The supported browsers in which the extension works, else those that are installed, else all supported ones."""
    supported = table.facts("portal").words("browsers")
    for seen in (lambda: browsers_with(ctx), lambda: {browser.id for browser in ctx.system.browsers()}):
        try:
            if kept := tuple(name for name in supported if name in seen()):
                return kept
        except Unavailable:
            continue
    return supported


def _ways(
    browser: str, hosts: tuple[NativeHost, ...], policies: Mapping[str, object], identity: str, windows: bool
) -> Iterator[tuple[str, NativeHost, str]]:
    """How the browser comes to each host that the extension may start: a code, the host, the policy against it."""
    refused: dict[str, tuple[NativeHost, str]] = {}
    taken: set[str] = set()
    order = LOOKED_IN.get(browser, (browser,)) if windows else (browser,)
    known = [host for host in hosts if host.browser in order]
    for host in sorted(known, key=lambda host: (not host.user, order.index(host.browser))):
        name = host.name.lower()
        if name in taken:
            continue
        policy = refusal(policies, name, host.user)
        ours = any(identity in origin for origin in host.origins)
        # The browser passes over it and looks for one of the machine's.
        passed_over = policy == "NativeMessagingUserLevelHosts"
        if not passed_over:
            taken.add(name)
        if ours and passed_over:
            refused[name] = host, policy
        elif ours:
            works = "connected" if host.program_exists else "broken"
            yield "blocked-by-policy" if policy else works, host, policy
    for name, (host, policy) in refused.items():
        if name not in taken:
            yield "blocked-by-policy", host, policy


def _describe(host: NativeHost) -> str:
    state = "" if host.program_exists else " (missing)"
    return show(
        f"native host {host.name} ({host.browser}): {host.manifest} -> {host.program or '?'}{state}", 300
    )


@card_check(
    "pc.jpki-client",
    title=Text("JPKI利用者クライアントソフト", "JPKI client software"),
    why=Text(
        "カードリーダーでマイナンバーカードの署名をするには、公的個人認証の利用者クライアントソフトが要ります。ブラウザー版は要りません。",
        "To sign with a My Number card in a card reader, you need the client software of the public certification service. Its browser edition is not needed.",
    ),
    how=Text(
        "レジストリの JPKI のキー、署名プロバイダーの登録、プログラムの一覧、決まった場所のファイルを見ます。",
        "Checks the JPKI key in the registry, the registered signing providers, the list of installed programs, and files in known locations.",
    ),
    says={
        "installed": passes(
            "利用者クライアントソフトがあります（{name}）。", "The client software is installed ({name})."
        ),
        "incomplete": warns(
            "利用者クライアントソフトの登録（{name}）はありますが、署名のプロバイダーが登録されていません。",
            "The client software is registered ({name}), but its provider for signing is not.",
            "公的個人認証サービスのページから、最新版をもう一度インストールしてください。",
            "Reinstall the latest version from the page of the public certification service.",
            commands=("windows: certutil -csplist",),
        ),
        "found-like": warns(
            "利用者クライアントソフトらしいものが見つかりました: {name}。動くかどうかは確かめられません。",
            "Something that looks like the client software was found: {name}. It could not be verified that it works.",
            "利用者クライアントソフトを起動し、「動作確認」でカードを読めるか確かめてください。",
            "Start the client software and run its self-test to check that it can read the card.",
            link="jpki-faq",
        ),
        "not-found": fails(
            "利用者クライアントソフトが見当たりません。このままではカードリーダーで署名できません。",
            "The client software was not found. You cannot sign with a card reader.",
            "公的個人認証サービスのページからWindows版をインストールしてください。スマートフォンでカードを読む方法に変えることもできます。",
            "Install the Windows version from the page of the public certification service. You can also switch to reading the card with a smartphone.",
            commands=("windows: certutil -csplist",),
        ),
        "other-pc": OTHER_PC,
    },
    source="jpki-download",
    fresh_for=30,
)
def jpki_client(ctx: Context) -> Finding:
    facts = table.facts("jpki")
    found = ctx.system.jpki_software()
    programs = [one for one in ctx.system.programs() if _matches(facts.words("programs"), one.name)]
    paths = ctx.system.matching_files(
        facts.words("mac_files" if ctx.system.platform == "macos" else "folders")
    )
    evidence = [show(f"install path: {found.install_path}")] if found.install_path else []
    evidence += [show(f"provider: {name}") for name in found.providers[:5]]
    evidence += [show(f"program: {one.name} {one.version} ({one.source})") for one in programs[:5]]
    evidence += [show(f"file: {path}") for path in (*found.files[:5], *paths[:5])]
    evidence.append(table.note("jpki", ctx.options.today()))
    signing = [name for name in found.providers if name in facts.words("providers") and name.endswith("Sign")]
    name = programs[0].name if programs else found.install_path or (found.providers or paths or ("",))[0]
    if not name:
        system = elsewhere(ctx)
        return Finding(
            "other-pc" if system else "not-found", {"system": system} if system else {}, tuple(evidence)
        )
    libraries = {file.lower() for file in facts.words("files")}
    whole = not found.providers and any(file.lower() in libraries for file in found.files)
    registered = found.install_path or found.providers
    code = "installed" if signing else "incomplete" if registered and not whole else "found-like"
    return Finding(code, {"name": show(name, 80)}, tuple(evidence))
