"""The secure connection to the portal, and the one cause when it does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import Context, Finding, Json, network_check
from checks.probes.portal_tls_says import TLS
from checks.shown import show
from checks.text import Text

if TYPE_CHECKING:
    from checks.net.verification import TlsVerdict


@network_check(
    "portal.tls",
    title=Text("ポータルへの安全な接続", "Secure connection"),
    why=Text(
        "ルート証明書は、つながった相手が本物のポータルであることを確かめるためにあります。",
        "Root certificates make sure that you are connected to the real portal.",
    ),
    how=Text(
        "一度だけ接続し、受け取った証明書の経路・期限・用途・鍵・署名・名前を確かめます。ブラウザーの一覧は読めません。失効は調べません。",
        "Connects once and checks the path, dates, purpose, keys, signatures and name of the certificates received. The browser's own list cannot be read, and revocation is not checked.",
    ),
    says=TLS,
    requires=("portal.tcp",),
    timeout=11.0,
)
def portal_tls(ctx: Context) -> Finding:
    from checks.net import verification

    found = verification.verdict(ctx)
    return Finding(found.code, _values(ctx, found), _evidence(found))


def _values(ctx: Context, found: TlsVerdict) -> dict[str, Json]:
    from checks.net import chain_lines, visit
    from checks.pki.judge import named
    from checks.pki.path import End

    values: dict[str, Json] = {"host": visit.host_port(ctx), "subject": "-", "detail": "-", "alert": "-"}
    if found.handshake is not None and found.handshake.alert:
        values["alert"] = show(found.handshake.alert, 60)
        values["detail"] = values["alert"]
    if found.code == "clock-wrong":
        values["now"] = ctx.options.moment().astimezone().strftime("%Y-%m-%d %H:%M")
    if found.judgement is None:
        return values
    path = found.judgement.path.certificates
    fault = found.judgement.fault
    guilty = path[fault.position] if fault.code == found.code else path[0]
    root = path[-1]
    values["subject"] = chain_lines.short_name(guilty.subject)
    values["issuer"] = chain_lines.short_name(root.issuer)
    anchored = found.judgement.path.end is not End.DEAD_END
    values["root"] = chain_lines.short_name(root.subject if anchored else root.issuer)
    values["product"] = show(named(path[0]), 80)
    values["until"] = chain_lines.day(path[0].not_after)
    values["date"] = chain_lines.day(guilty.not_before if found.code == "not-yet-valid" else guilty.not_after)
    if fault.note:
        values["detail"] = show(fault.note, 80)
    if path[0].not_after is not None:
        values["days"] = (path[0].not_after - ctx.options.moment()).days
    return values


def _evidence(found: TlsVerdict) -> tuple[str, ...]:
    from checks.net import chain_lines

    lines: list[str] = []
    shaken = found.handshake
    if shaken is not None:
        words = (shaken.version, shaken.cipher, shaken.end, shaken.alert)
        lines.append("TLS " + show(" ".join(word for word in words if word), 160))
        first, *rest = shaken.banner.splitlines() or [""]
        if first:
            lines.append(f"answer: {show(first, 120)}")
        for line in [line for line in rest if line.lower().startswith("location:")][:1]:
            # Behind the question mark a login page often has what names this PC.
            lines.append(f"Location: {show(line[9:].partition('?')[0].strip(), 200)}")
        if shaken.verify_code:
            lines.append(f"OpenSSL {shaken.verify_code} {show(shaken.verify_message, 120)}")
    if found.reference is not None:
        seconds = round(found.reference.ahead.total_seconds())
        lines.append(f"clock {seconds:+d} s ({show(found.reference.source, 80)})")
    lines += chain_lines.chain(found.chain)
    if found.judgement is not None:
        lines += chain_lines.judgement(found.judgement, found.chain)
    return tuple(lines)
