"""The portal's certificate as the operating system sees it."""

from __future__ import annotations

from checks.model import Context, Finding, check
from checks.probes.portal_tls_says import NOT_CONNECTED
from checks.says import passes, skips, unknown, warns
from checks.shown import show
from checks.text import Text


@check(
    "portal.os-verifier",
    title=Text("OSから見たポータルの証明書", "Certificate, system's view"),
    why=Text(
        "ブラウザーの多くは、OSに登録されたルート証明書も使います。",
        "Most browsers also use the roots that are registered with the operating system.",
    ),
    how=Text(
        "同じ接続で受け取った証明書を、OSの確認機能（Linuxでは既定の一覧）に照らします。",
        "The certificates of the same connection are put to the system's verifier (on Linux, to its default list).",
    ),
    says={
        "trusted": passes(
            "このPCのOSの証明書一覧でも、{host} の証明書を確認できました。",
            "The certificate list of this PC's operating system accepts {host} too.",
        ),
        "refused": warns(
            "このPCのOSの証明書一覧では、{host} の証明書を確認できませんでした。",
            "The certificate list of this PC's operating system does not accept {host}.",
            "OSの一覧が古いか、必要なルート証明書がないか、証明書そのものに問題があります（「ポータルへの安全な接続」の結果も見てください）。ブラウザーは自分の一覧を持つことがあり、このプログラムからは読めません。\n1. OSの更新を行ってください（Windowsではルート証明書の更新も含まれます）。\n2. ブラウザーでポータルを開き、警告が出ないか確かめてください。",
            "The system's list is old or lacks the root that is needed, or the certificate itself has a fault (see the check of the secure connection). Browsers may keep a list of their own, which this program cannot read.\n1. Update the operating system (on Windows this includes its root certificates).\n2. Open the portal in the browser and see whether it warns.",
            commands=(
                "windows: certutil -verifyCTL AuthRoot",
                "windows: certmgr.msc",
                "macos: softwareupdate --list",
                "linux: sudo update-ca-certificates",
            ),
            link="root-update",
        ),
        "not-asked": unknown(
            "OSの証明書の確認機能に尋ねることができませんでした。",
            "The operating system's verifier could not be asked.",
            "ブラウザーでポータルを開き、警告が出ないか確かめてください。",
            "Open the portal in the browser and see whether it warns.",
            link="portal-top",
        ),
        "no-certificate": skips(
            "{host} から証明書を受け取っていないため、調べていません。",
            "Not looked at, because {host} sent no certificate.",
        ),
        "not-connected": NOT_CONNECTED,
    },
    requires=("portal.tcp",),
    network=True,
    timeout=14.0,
    fresh_for=1.0,
)
def os_verifier(ctx: Context) -> Finding:
    """What the operating system says of the chain received."""
    from checks.net import chain_lines, system_trust, verification, visit
    from checks.pki.anchors import system_files
    from checks.pki.judge import ORDER, judge_by
    from checks.system.api import Unavailable

    found = verification.verdict(ctx)
    host = visit.host_port(ctx)
    if found.code == "not-connected":
        return Finding("not-connected", {"host": host})
    if not found.chain or found.handshake is None:
        return Finding("no-certificate", {"host": host})
    if ctx.system.platform != "linux":
        try:
            said = system_trust.ask_verifier(ctx.system.platform, found.handshake.chain, visit.host_of(ctx))
        except Unavailable as error:
            return Finding("not-asked", {"host": host}, (show(error.reason, 160),))
        code = "trusted" if said is None else "refused"
        return Finding(code, {"host": host}, (show(said, 200),) if said else ())
    files, folders = system_files()
    looked = tuple(show(place, 160) for place in (*files, *folders))
    store = system_trust.roots("linux")
    if not store.ders:
        return Finding("not-asked", {"host": host}, looked)
    judged = judge_by(store, found.chain, verification.question(ctx))
    if judged is None or ORDER.index(judged.code) < ORDER.index("intercepted") or judged.trust is None:
        lines = chain_lines.judgement(judged, found.chain) if judged is not None else ()
        return Finding("refused", {"host": host}, (*looked, *lines))
    return Finding("trusted", {"host": host}, (*looked, *chain_lines.judgement(judged, found.chain)))
