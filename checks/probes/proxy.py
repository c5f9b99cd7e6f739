"""Step 2: the way out to the network as it is set."""

from __future__ import annotations

from fnmatch import fnmatchcase

from checks.model import Context, Finding, Json, check
from checks.says import passes, warns
from checks.shown import show
from checks.system.facts import ProxyFacts, ProxySetting
from checks.system.parse_common import mask_address
from checks.text import Text


@check(
    "pc.proxy",
    title=Text("プロキシの設定", "Proxy settings"),
    why=Text(
        "会社のネットワークでは、プロキシの設定が違うとポータルに届きません。",
        "On a company network, the portal cannot be reached if the proxy settings are wrong.",
    ),
    how=Text(
        "環境変数とOSの設定を読みます。スクリプト（PAC）はあることだけを見て、実行しません。",
        "Reads environment variables and the system's settings. A script (PAC) is reported but never run.",
    ),
    says={
        "none": passes(
            "プロキシの設定はありません。直接つなぎます。", "No proxy is set. Connections are direct."
        ),
        "configured": passes(
            "プロキシ {proxy} を使います（{where}）。", "The proxy {proxy} is used ({where})."
        ),
        "bypassed": passes(
            "プロキシ {proxy} が設定されていますが、ポータルは例外（{rule}）なので直接つなぎます。",
            "The proxy {proxy} is set, but the portal is an exception ({rule}), so the connection is direct.",
        ),
        "script": warns(
            "プロキシを自動で決めるスクリプト（PAC）が設定されています: {pac}。ブラウザーは使いますが、このプログラムは実行しません。",
            "A script that selects the proxy (PAC) is configured: {pac}. Browsers use it, but this program does not run it.",
            "接続の検査が通らないときは、管理者にプロキシのアドレスを聞き、--proxy で指定して検査してください。",
            "If the connection checks fail, ask your administrator for the proxy's address and specify it with --proxy.",
            commands=("windows: start ms-settings:network-proxy", "macos: scutil --proxy"),
        ),
        "differs": warns(
            "環境変数のプロキシ（{proxy}）と、OSの設定（{other}）が違います。ブラウザーとこのプログラムで、通る道が違うかもしれません。",
            "The proxy in the environment variables ({proxy}) differs from the system setting ({other}). The browser and this program may use different routes.",
            "どちらが正しいか管理者に確かめ、同じ設定にするか、--proxy で指定してください。",
            "Ask your administrator which one is right, then make them the same or specify the proxy with --proxy.",
            commands=(
                "windows: start ms-settings:network-proxy",
                "linux: env | grep -i proxy",
                "macos: scutil --proxy",
            ),
        ),
        "malformed": warns(
            "プロキシの設定を読み取れません: {proxy}（{where}）。",
            "The proxy setting is not valid: {proxy} ({where}).",
            "http://ホスト名:ポート番号 の形に直してください。",
            "Change it to the form http://HOST:PORT.",
            commands=("windows: start ms-settings:network-proxy", "linux: env | grep -i proxy"),
        ),
    },
    fresh_for=1,
)
def proxy(ctx: Context) -> Finding:
    found = ctx.system.proxy()
    evidence = tuple(_evidence(found))
    if ctx.options.proxy:
        found = ProxyFacts((ProxySetting("all", ctx.options.proxy, "--proxy"),))
    usable = [setting for setting in found.settings if setting.scheme in ("https", "all")]
    malformed = [setting for setting in usable if not _plausible(setting.address)]
    if found.pac and not malformed:
        return Finding("script", {"pac": _masked(found.pac)}, evidence)
    if not usable:
        return Finding("none", {}, evidence)
    first, *rest = malformed or usable
    values: dict[str, Json] = {"proxy": _masked(first.address), "where": first.source}
    if malformed:
        return Finding("malformed", values, evidence)
    if rule := _exception(ctx.options.portal, found.bypass):
        return Finding("bypassed", {**values, "rule": show(rule, 60)}, evidence)
    for other in rest:
        if other.source != first.source and _target(other.address) != _target(first.address):
            return Finding("differs", {**values, "other": _masked(other.address)}, evidence)
    return Finding("configured", values, evidence)


def _evidence(found: ProxyFacts) -> list[str]:
    lines = [f"{one.source}: {one.scheme} -> {_masked(one.address)}" for one in found.settings[:10]]
    if found.bypass:
        lines.append(show("direct: " + ", ".join(found.bypass), 300))
    if found.pac:
        lines.append(f"script: {_masked(found.pac, 120)}")
    if found.auto_detect:
        lines.append("automatic detection (WPAD) is on")
    return lines or ["proxy: none"]


def _masked(address: str, limit: int = 100) -> str:
    return show(mask_address(address), limit)


def _target(address: str) -> str:
    """Host and port alone, for comparing two settings."""
    return mask_address(address).rpartition("://")[2].rpartition("@")[2].rstrip("/").lower()


def _plausible(address: str) -> bool:
    host, colon, port = _target(address).rpartition(":")
    if not colon:
        host, port = port, ""
    good_port = not port or (port.isascii() and port.isdigit() and 0 < int(port) < 65536)
    return bool(host) and good_port and not any(char.isspace() or char in '/<>"' for char in host)


def _exception(host: str, rules: tuple[str, ...]) -> str:
    """The rule that lets `host` go past the proxy, or empty: suffixes as for NO_PROXY, `*` as for Windows."""
    host = host.lower().rstrip(".")
    for rule in rules:
        pattern = rule.lower().rpartition("://")[2].split(":")[0].lstrip(".")
        only_stars = pattern.replace("[", "[[]").replace("?", "[?]")
        if pattern and (host.endswith("." + pattern) or fnmatchcase(host, only_stars)):
            return rule
    return ""
