"""The first rungs of the way to the portal: its name and the connection."""

from __future__ import annotations

from checks.model import Context, Finding, Json, network_check
from checks.says import fails, passes, skips, steps, unknown
from checks.shown import show
from checks.text import Text

_SCRIPT = unknown(
    "このPCはプロキシの自動設定（PACファイル）を使っています。このプログラムはPACファイルに従えないため、{host} につながるか分かりませんでした。",
    "This PC uses a proxy script (PAC file), which this program cannot follow, so it is not known whether {host} can be reached.",
    "ブラウザーでポータルのトップページを開いて確かめてください。\nプロキシのアドレスが分かるときは、--proxy http://ホスト名:ポート番号 を付けてもう一度検査できます。",
    "Open the portal's top page in the browser to check.\nIf you know the proxy's address, run the check again with --proxy http://HOST:PORT.",
    link="portal-top",
)
_CONNECT = (
    "windows: Test-NetConnection {name} -Port {port}",
    "macos: nc -vz {name} {port}",
    "linux: nc -vz {name} {port}",
)
_NAME_FIRST = Text(
    "まず、名前の検査の指示に従ってください。",
    "Follow the instructions of the name check first.",
)


@network_check(
    "portal.dns",
    title=Text("ポータルの名前", "The portal's name"),
    why=Text(
        "ポータルの名前（ホスト名）からIPアドレスが分からないと、接続できません。",
        "The portal cannot be reached unless its name (host name) resolves to an IP address.",
    ),
    how=Text(
        "このPCの設定どおりに名前を調べます。プロキシを使うときは、プロキシが調べます。",
        "Looks up the name with this PC's own settings. If a proxy is used, the proxy looks it up.",
    ),
    says={
        "resolved": passes(
            "{host} のIPアドレスが見つかりました（{count}件）。", "IP addresses found for {host}: {count}."
        ),
        "not-found": fails(
            "{host} という名前は見つからないという答えでした。",
            "The name server replied that {host} does not exist.",
            steps(
                "ほかのサイトが開けるか確かめてください。",
                "Check whether other sites open.",
                "ブラウザーでポータルが開けるなら、このプログラムからは見えないプロキシを通っています。管理者にアドレスを聞き、--proxy で指定してください。",
                "If the portal opens in the browser, the browser uses a proxy that this program cannot see. Ask your administrator for its address and specify it with --proxy.",
                "--portal で指定した名前の打ち間違いも確かめてください。",
                "If you specified a name with --portal, check its spelling.",
            ),
            commands=(
                "windows: nslookup {host}",
                "windows: ipconfig /flushdns",
                "macos: dscacheutil -q host -a name {host}",
                "linux: getent ahosts {host}",
            ),
        ),
        "no-answer": unknown(
            "名前を調べるサーバー（DNS）から答えがなく、{host} のIPアドレスが分かりませんでした。",
            "The name server (DNS) did not respond, so the IP address of {host} is not known.",
            "ネットワークにつながっているか確かめて、もう一度検査してください。\n続くときは、ルーターを再起動するか、管理者に確かめてください。",
            "Check that this PC is online, then run the check again.\nIf the problem persists, restart the router or ask your administrator.",
            commands=("windows: ipconfig /all", "macos: scutil --dns", "linux: cat /etc/resolv.conf"),
        ),
        "behind-proxy": skips(
            "プロキシ（{proxy}）が代わりに名前を調べるので、このPCでは調べていません。",
            "The proxy ({proxy}) looks up names, so they were not looked up on this PC.",
        ),
        "proxy-by-script": _SCRIPT,
    },
    timeout=7.0,
)
def portal_dns(ctx: Context) -> Finding:
    from checks.net import visit

    way = visit.route(ctx)
    host = show(ctx.options.portal, 100)
    if way.proxy or way.unsupported:
        return Finding("behind-proxy", {"proxy": show(way.unsupported or way.shown, 100)}, (way.origin,))
    found = visit.resolution(ctx)
    evidence = tuple(show(address, 80) for _, (address, *_) in found.addresses)
    note = (show(found.note, 120),) if found.note else ()
    if found.state == "resolved":
        return Finding("resolved", {"host": host, "count": len(found.addresses)}, evidence)
    return Finding("proxy-by-script" if way.script else found.state, {"host": host}, note)


@network_check(
    "portal.tcp",
    title=Text("ポータルへの接続", "Connection to the portal"),
    why=Text(
        "申請はすべて、ポータルに接続して行います。",
        "The whole application is done while connected to the portal.",
    ),
    how=Text(
        "見つかったIPアドレス（IPv6とIPv4）へ順に、またはプロキシを通して接続してみます。",
        "Tries each IP address found (IPv6 and IPv4) in turn, or connects through the proxy.",
    ),
    says={
        "connected": passes("{host} に接続できました。", "Connected to {host}."),
        "refused": fails(
            "{host} への接続が拒まれました。",
            "The connection to {host} was refused.",
            "相手か途中の機器が接続を断っています。\n1. ポータルの停止のお知らせを確かめてください。\n2. ファイアウォールやセキュリティ製品が止めていないか確かめてください。\n3. ブラウザーでポータルが開けるなら、プロキシを通っています。管理者にアドレスを聞き、--proxy で指定してください。",
            "The server or a device on the way refuses the connection.\n1. Check for a notice that the portal is down.\n2. Check whether a firewall or security product blocks the connection.\n3. If the portal opens in the browser, the browser uses a proxy. Ask your administrator for its address and specify it with --proxy.",
            commands=_CONNECT,
            link="portal-top",
        ),
        "unreachable": fails(
            "このネットワークから {host} へ届く経路がありません。",
            "There is no route to {host} from this network.",
            "このPCがネットワークにつながっていないか、外へ出る経路がありません。\n1. ほかのサイトが開けるか確かめてください。\n2. 会社のネットワークでは、プロキシやVPNが必要か管理者に確かめてください。",
            "This PC is not online, or its network has no route to the outside.\n1. Check whether other sites open.\n2. On a company network, ask your administrator whether a proxy or VPN is needed.",
            commands=("windows: ipconfig /all", "macos: netstat -rn", "linux: ip route"),
        ),
        "no-answer": fails(
            "{host} から時間内に応答がありませんでした。",
            "{host} did not respond in time.",
            "途中のファイアウォールが通信を止めているか、回線が混んでいます。\n1. 時間をおいて、もう一度検査してください。\n2. ブラウザーでポータルが開けるなら、プロキシを通っています。管理者にアドレスを聞き、--proxy で指定してください。",
            "A firewall on the way may be blocking the connection, or the line is busy.\n1. Run the check again later.\n2. If the portal opens in the browser, the browser uses a proxy. Ask your administrator for its address and specify it with --proxy.",
            commands=_CONNECT,
            link="portal-top",
        ),
        "proxy-unreachable": fails(
            "設定されているプロキシ（{proxy}）に接続できないか、プロキシとして答えません。",
            "The configured proxy ({proxy}) cannot be reached or does not respond as a proxy.",
            "プロキシの設定が古いか、間違っている可能性があります。\n1. ブラウザーでポータルが開けるなら、このプログラムだけが古い設定（--proxy、環境変数 HTTPS_PROXY）を見ています。その設定を直すか消して、もう一度検査してください。\n2. 開けないときは、OSのプロキシ設定の正しい値を、管理者に確かめてください。",
            "The proxy setting may be out of date or wrong.\n1. If the portal opens in the browser, only this program uses the outdated setting (--proxy or the environment variable HTTPS_PROXY). Correct or remove it and run the check again.\n2. If not, ask your administrator for the correct system proxy settings.",
            commands=(
                "windows: netsh winhttp show proxy",
                "windows: start ms-settings:network-proxy",
                "macos: scutil --proxy",
                "linux: env | grep -i proxy",
            ),
        ),
        "proxy-refused": fails(
            "プロキシ（{proxy}）が {host} への接続を断りました（状態 {status}）。",
            "The proxy ({proxy}) refused to connect to {host} (status {status}).",
            "403 はプロキシの規則で禁じられている場合、502・503・504 はプロキシからポータルに届かない場合に多い値です。\n管理者に、{host} を許可するよう依頼してください。",
            "403 usually means that the proxy's rules forbid it; 502, 503 and 504 usually mean that the proxy cannot reach the portal.\nAsk your administrator to allow {host}.",
        ),
        # Browsers log in with the account of the desktop; that this program cannot says nothing of the portal.
        "proxy-needs-login": unknown(
            "プロキシ（{proxy}）が利用者の認証を求めるため、{host} につながるか分かりませんでした。",
            "The proxy ({proxy}) requires a login, so it is not known whether {host} can be reached.",
            "このプログラムは、プロキシのパスワードを尋ねません。\n1. ブラウザーでポータルが開けるか確かめてください。開ければ問題ありません。\n2. 開けないときは、管理者にプロキシの認証の方法を確かめてください。",
            "This program does not ask for proxy passwords.\n1. Check whether the portal opens in the browser. If it does, there is no problem.\n2. If not, ask your administrator how to log in to the proxy.",
            link="portal-top",
        ),
        "proxy-unsupported": unknown(
            "設定されているプロキシ（{proxy}）はこのプログラムでは使えない種類なので、{host} につながるか分かりませんでした。",
            "The configured proxy ({proxy}) is of a type this program cannot use, so it is not known whether {host} can be reached.",
            "使えるのは http://ホスト名:ポート番号 の形のプロキシだけです。\nブラウザーでポータルのトップページを開いて確かめてください。",
            "Only proxies of the form http://HOST:PORT can be used.\nOpen the portal's top page in the browser to check.",
            link="portal-top",
        ),
        "proxy-by-script": _SCRIPT,
        "not-resolved": fails(
            "{host} という名前にIPアドレスがないため、接続できません。",
            "Cannot connect because the name {host} has no IP address.",
            _NAME_FIRST,
        ),
        "name-unknown": unknown(
            "{host} のIPアドレスを調べられなかったため、接続していません。",
            "No connection was attempted because the IP address of {host} could not be looked up.",
            _NAME_FIRST,
        ),
    },
    timeout=11.0,
)
def portal_tcp(ctx: Context) -> Finding:
    from checks.net import visit

    found = visit.link(ctx)
    way = visit.route(ctx)
    values: dict[str, Json] = {
        "host": visit.host_port(ctx),
        "name": show(ctx.options.portal, 100),
        "port": ctx.options.port,
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
