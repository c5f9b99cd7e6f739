"""The way to the portal, rung by rung: the name, the connection, TLS, the system's own verdict, the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import Context, Finding, Json, check
from checks.probes.portal_says import DNS, OS_VERIFIER, PAGES, TCP
from checks.probes.portal_tls_says import TLS
from checks.shown import show
from checks.text import Text

if TYPE_CHECKING:
    from checks.net.pages import Page
    from checks.net.visit import Verdict

PATHS = ("/portal/", "/secure/terms-of-use/")
"""Pages to information and to applications: two parts of the site that filters may treat differently."""

_NO_HEAD = (405, 501)
"""The server answers, only not to HEAD."""


@check(
    "portal.dns",
    step=1,
    title=Text("ポータルの名前", "The portal's name"),
    why=Text(
        "名前から住所が分からないと、ポータルに接続できません。",
        "Without the address behind its name the portal cannot be reached.",
    ),
    how=Text(
        "このPCの設定どおりに名前を調べます。プロキシを使うときは、プロキシが調べます。",
        "The name is looked up as this PC is set up to; where a proxy is used, the proxy does it.",
    ),
    says=DNS,
    network=True,
    timeout=7.0,
    fresh_for=1.0,
)
def PORTAL_DNS(context: Context) -> Finding:
    """Whether the portal's name has addresses."""
    from checks.net import visit

    way = visit.route(context)
    host = show(context.options.portal, 100)
    if way.proxy or way.unsupported:
        return Finding("behind-proxy", {"proxy": show(way.unsupported or way.shown, 100)}, (way.origin,))
    found = visit.resolution(context)
    evidence = tuple(show(address, 80) for _, (address, _) in found.addresses)
    note = (show(found.note, 120),) if found.note else ()
    if found.state == "resolved":
        return Finding("resolved", {"host": host, "count": len(found.addresses)}, evidence)
    return Finding("proxy-by-script" if way.script else found.state, {"host": host}, note)


@check(
    "portal.tcp",
    step=1,
    title=Text("ポータルへの接続", "The connection to the portal"),
    why=Text(
        "申請はすべて、ポータルに接続して行います。",
        "Everything in an application is done connected to the portal.",
    ),
    how=Text(
        "見つかった住所（IPv6とIPv4）へ順に、またはプロキシを通して接続してみます。",
        "Each address found (IPv6 and IPv4) is tried in turn, or the proxy is asked to connect.",
    ),
    says=TCP,
    network=True,
    timeout=11.0,
    fresh_for=1.0,
)
def PORTAL_TCP(context: Context) -> Finding:
    """Whether the portal can be connected to."""
    from checks.net import visit

    found = visit.link(context)
    way = visit.route(context)
    values: dict[str, Json] = {
        "host": visit.host_port(context),
        "name": show(context.options.portal, 100),
        "port": context.options.port,
    }
    if way.proxy or way.unsupported:
        values["proxy"] = show(way.unsupported or way.shown, 100)
    if found.status:
        values["status"] = found.status
    evidence = [show(f"{attempt.peer} {attempt.reason} {attempt.note}", 160) for attempt in found.attempts]
    if found.connection is not None:
        evidence.append(show(found.connection.peer, 80))
    if way.origin:
        evidence.append(show(f"proxy {way.unsupported or way.shown} ({way.origin})", 160))
    if found.note:
        evidence.append(show(found.note, 160))
    return Finding(found.code, values, tuple(evidence))


@check(
    "portal.tls",
    step=1,
    title=Text("ポータルへの安全な接続", "Secure connection"),
    why=Text(
        "ルート証明書は、つながった相手が本物のポータルであることを確かめるためにあります。",
        "Root certificates are there to make sure that the other side is the real portal.",
    ),
    how=Text(
        "一度だけ接続し、受け取った証明書の経路・期限・用途・鍵・署名・名前を確かめます。ブラウザーの一覧は読めません。失効は調べません。",
        "One connection is made, and the certificates received are tested for path, dates, purpose, keys, signatures and name. The browser's own list cannot be read; revocation is not checked.",
    ),
    says=TLS,
    requires=("portal.tcp",),
    network=True,
    timeout=11.0,
    fresh_for=1.0,
)
def PORTAL_TLS(context: Context) -> Finding:
    """Whether the secure connection to the portal holds, and if not, the one cause."""
    from checks.net import visit

    found = visit.verdict(context)
    return Finding(found.code, _tls_values(context, found), _tls_evidence(found))


def _tls_values(context: Context, found: Verdict) -> dict[str, Json]:
    from checks.net import evidence, visit
    from checks.pki.judge import named
    from checks.pki.path import End

    values: dict[str, Json] = {"host": visit.host_port(context), "subject": "-", "detail": "-", "alert": "-"}
    if found.handshake is not None and found.handshake.alert:
        values["alert"] = show(found.handshake.alert, 60)
        values["detail"] = values["alert"]
    if found.code == "clock-wrong":
        values["now"] = context.options.moment().astimezone().strftime("%Y-%m-%d %H:%M")
    if found.judgement is None:
        return values
    path = found.judgement.path.certificates
    fault = found.judgement.fault
    guilty = path[fault.position] if fault.code == found.code else path[0]
    root = path[-1]
    values["subject"] = evidence.short_name(guilty.subject)
    values["issuer"] = evidence.short_name(root.issuer)
    anchored = found.judgement.path.end is not End.DEAD_END
    values["root"] = evidence.short_name(root.subject if anchored else root.issuer)
    values["product"] = show(named(path[0]), 80)
    values["until"] = evidence.day(path[0].not_after)
    values["date"] = evidence.day(guilty.not_before if found.code == "not-yet-valid" else guilty.not_after)
    if fault.note:
        values["detail"] = show(fault.note, 80)
    if path[0].not_after is not None:
        values["days"] = (path[0].not_after - context.options.moment()).days
    return values


def _tls_evidence(found: Verdict) -> tuple[str, ...]:
    from checks.net import evidence

    lines: list[str] = []
    shaken = found.handshake
    if shaken is not None:
        words = (shaken.version, shaken.cipher, shaken.end, shaken.alert)
        lines.append("TLS " + show(" ".join(word for word in words if word), 160))
        if shaken.verify_code:
            lines.append(f"OpenSSL {shaken.verify_code} {show(shaken.verify_message, 120)}")
    if found.reference is not None:
        seconds = round(found.reference.ahead.total_seconds())
        lines.append(f"clock {seconds:+d} s ({show(found.reference.source, 80)})")
    lines += evidence.chain(found.chain)
    if found.judgement is not None:
        lines += evidence.judgement(found.judgement, found.chain)
    return tuple(lines)


@check(
    "portal.os-verifier",
    step=1,
    title=Text("OSから見たポータルの証明書", "Certificate, system's view"),
    why=Text(
        "ブラウザーの多くは、OSに登録されたルート証明書も使います。",
        "Most browsers also use the roots that are registered with the operating system.",
    ),
    how=Text(
        "同じ接続で受け取った証明書を、OSの確認機能（Linuxでは既定の一覧）に照らします。",
        "The certificates of the same connection are put to the system's verifier (on Linux, to its default list).",
    ),
    says=OS_VERIFIER,
    requires=("portal.tcp",),
    network=True,
    timeout=14.0,
    fresh_for=1.0,
)
def PORTAL_OS_VERIFIER(context: Context) -> Finding:
    """What the operating system says of the chain received."""
    from checks.net import evidence, system_trust, visit
    from checks.pki.anchors import system_files
    from checks.pki.judge import ORDER, judge_by
    from checks.system.api import Unavailable

    found = visit.verdict(context)
    host = visit.host_port(context)
    if found.code == "not-connected":
        return Finding("not-connected", {"host": host})
    if not found.chain or found.handshake is None:
        return Finding("no-certificate", {"host": host})
    if context.system.platform != "linux":
        try:
            said = system_trust.ask_verifier(
                context.system.platform, found.handshake.chain, visit.host_of(context)
            )
        except Unavailable as error:
            return Finding("not-asked", {"host": host}, (show(error.reason, 160),))
        code = "trusted" if said.state == "accepted" else "refused"
        return Finding(code, {"host": host}, (show(said.note, 200),) if said.note else ())
    files, folders = system_files()
    looked = tuple(show(place, 160) for place in (*files, *folders))
    store = system_trust.roots("linux")
    if not store.ders:
        return Finding("not-asked", {"host": host}, looked)
    judged = judge_by(store, found.chain, visit.question(context))
    if judged is None or ORDER.index(judged.code) < ORDER.index("intercepted") or judged.trust is None:
        lines = evidence.judgement(judged, found.chain) if judged is not None else ()
        return Finding("refused", {"host": host}, (*looked, *lines))
    return Finding("trusted", {"host": host}, (*looked, *evidence.judgement(judged, found.chain)))


@check(
    "portal.pages",
    step=1,
    title=Text("ポータルのページ", "The portal's pages"),
    why=Text(
        "接続できても、保守による停止やフィルターでページが開けないことがあります。",
        "Even when connected, pages may not open because of maintenance or a filter.",
    ),
    how=Text(
        "確認できた安全な接続で、説明のページと申請のページの見出し（HEAD）だけを尋ねます。",
        "Over the verified connection only the heads (HEAD) of a page of information and one for applications are asked.",
    ),
    says=PAGES,
    requires=("portal.tls",),
    network=True,
    timeout=20.0,
    fresh_for=1.0,
)
def PORTAL_PAGES(context: Context) -> Finding:
    """Whether the portal's pages answer."""
    from checks.net import pages, visit
    from checks.pki.judge import VERIFIED

    if visit.verdict(context).code not in VERIFIED:
        return Finding("not-verified")
    heads = [pages.page(context, path) for path in PATHS]
    evidence = tuple(
        f"{page.path} {page.head.status if page.head is not None else show(page.note, 80)}" for page in heads
    )
    host = visit.host_of(context)
    for page in heads:
        target = _elsewhere(page, host)
        if target:
            return Finding("redirected", {"path": page.path, "target": show(target, 80)}, evidence)
    for page in heads:
        if page.head is not None and page.head.status >= 400 and page.head.status not in _NO_HEAD:
            return Finding("error-status", {"path": page.path, "status": page.head.status}, evidence)
    for page in heads:
        if page.head is None:
            return Finding("no-answer", {"path": page.path}, evidence)
    return Finding("answered", {}, evidence)


def _elsewhere(page: Page, host: str) -> str:
    """The host a page sends us to, when that is another one; an empty string otherwise."""
    from urllib.parse import urlsplit

    if page.head is None or not 300 <= page.head.status < 400:
        return ""
    try:
        target = urlsplit(page.head.header("location")).hostname or ""
    except ValueError:
        return "?"
    return "" if target.rstrip(".").lower() in ("", host) else target
