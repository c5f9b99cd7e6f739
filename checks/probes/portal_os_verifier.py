"""The portal's certificate as the operating system sees it."""

from __future__ import annotations

from checks.model import Context, Finding, network_check
from checks.probes.portal_tls_says import NOT_CONNECTED
from checks.says import passes, skips, unknown, warns
from checks.shown import show
from checks.text import Text


@network_check(
    "portal.os-verifier",
    title=Text("OSから見たポータルの証明書", "Certificate, as seen by OS"),
    why=Text(
        "ブラウザーの多くは、OSに登録されたルート証明書も使います。",
        "Most browsers also use the root certificates registered with the operating system.",
    ),
    how=Text(
        "同じ接続で受け取った証明書を、OSの確認機能（Linuxでは既定の一覧）に照らします。",
        "Passes the certificates received over the same connection to the operating system's verifier (on Linux, checks them against its default list).",
    ),
    says={
        "trusted": passes(
            "このPCのOSの証明書一覧でも、{host} の証明書を確認できました。",
            "The certificate of {host} was also verified with the operating system's certificate list.",
        ),
        "refused": warns(
            "このPCのOSの証明書一覧では、{host} の証明書を確認できませんでした。",
            "The certificate of {host} could not be verified with the operating system's certificate list.",
            "OSの一覧が古いか、必要なルート証明書がないか、証明書そのものに問題があります（「ポータルへの安全な接続」の結果も見てください）。ブラウザーは自分の一覧を持つことがあり、このプログラムからは読めません。\n1. OSの更新を行ってください（Windowsではルート証明書の更新も含まれます）。\n2. ブラウザーでポータルを開き、警告が出ないか確かめてください。",
            'The operating system\'s list is out of date or lacks the required root certificate, or the certificate itself has a problem (see also the result of "Secure connection"). Browsers may have their own list, which this program cannot read.\n1. Update the operating system (on Windows this includes root certificates).\n2. Open the portal in the browser and check that no warning appears.',
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
            "The operating system's certificate verifier could not be used.",
            "ブラウザーでポータルを開き、警告が出ないか確かめてください。",
            "Open the portal in the browser and check that no warning appears.",
            link="portal-top",
        ),
        "no-certificate": skips(
            "{host} から証明書を受け取っていないため、調べていません。",
            "Not checked because no certificate was received from {host}.",
        ),
        "not-connected": NOT_CONNECTED,
    },
    requires=("portal.tcp",),
    timeout=14.0,
)
def os_verifier(ctx: Context) -> Finding:
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
    judged = judge_by(store, found.chain, verification.chain_criteria(ctx))
    if judged is None or ORDER.index(judged.code) < ORDER.index("intercepted") or judged.trust is None:
        lines = chain_lines.judgement(judged, found.chain) if judged is not None else ()
        return Finding("refused", {"host": host}, (*looked, *lines))
    return Finding("trusted", {"host": host}, (*looked, *chain_lines.judgement(judged, found.chain)))
