"""What the checks of the way to the portal may say."""

from __future__ import annotations

from checks.model import Outcome, Says
from checks.text import Text

_SCRIPT = Says(
    Outcome.UNKNOWN,
    Text(
        "このPCはプロキシの自動設定(PACファイル)を使っています。本プログラムはPACファイルに従えないため、{host} につながるか分かりませんでした。",
        "This PC uses a proxy script (PAC file), which this program cannot follow, so it could not find out whether {host} can be reached.",
    ),
    Text(
        "ブラウザーでポータルのトップページを開いて確かめてください。\nプロキシの住所が分かるときは、--proxy http://ホスト:ポート を付けてもう一度検査できます。",
        "Open the portal's top page in the browser to see for yourself.\nIf you know the proxy's address, check again with --proxy http://HOST:PORT.",
    ),
    link="portal-top",
)

DNS = {
    "resolved": Says(
        Outcome.PASS,
        Text("{host} の住所が見つかりました（{count}件）。", "The address of {host} was found ({count})."),
    ),
    "not-found": Says(
        Outcome.FAIL,
        Text(
            "{host} という名前は見つからないという答えでした。",
            "The answer was that there is no such name as {host}.",
        ),
        Text(
            "名前を引けないと、ポータルに接続できません。\n1. ほかのサイトが開けるか確かめてください。\n2. 社内のネットワークでは、外部の名前を引けない設定のことがあります。プロキシの設定を管理者に確かめてください。\n3. --portal で指定した名前の打ち間違いも確かめてください。",
            "Without its address the portal cannot be reached.\n1. See whether other sites open.\n2. Company networks may not look up outside names; ask the administrator about a proxy.\n3. If you gave --portal, check the spelling.",
        ),
        (
            "windows: nslookup {host}",
            "windows: ipconfig /flushdns",
            "macos: dscacheutil -q host -a name {host}",
            "linux: getent ahosts {host}",
        ),
        "jizen-junbi",
    ),
    "no-answer": Says(
        Outcome.UNKNOWN,
        Text(
            "名前を調べるサーバー（DNS）から答えがなく、{host} の住所が分かりませんでした。",
            "The name server (DNS) gave no answer, so the address of {host} could not be found out.",
        ),
        Text(
            "ネットワークにつながっているか確かめて、もう一度検査してください。\n続くときは、ルーターの再起動や、管理者への確認をお願いします。",
            "See whether this PC is online, then check again.\nIf it goes on, restart the router or ask the administrator.",
        ),
        ("windows: ipconfig /all", "macos: scutil --dns", "linux: cat /etc/resolv.conf"),
        "jizen-junbi",
    ),
    "behind-proxy": Says(
        Outcome.SKIP,
        Text(
            "プロキシ（{proxy}）が代わりに名前を調べるので、このPCでは調べていません。",
            "The proxy ({proxy}) looks up names for us, so this PC did not.",
        ),
    ),
    "proxy-by-script": _SCRIPT,
}

TCP = {
    "connected": Says(
        Outcome.PASS,
        Text("{host} に接続できました。", "A connection to {host} was made."),
    ),
    "refused": Says(
        Outcome.FAIL,
        Text("{host} への接続が拒まれました。", "The connection to {host} was refused."),
        Text(
            "相手か途中の機器が接続を断っています。\n1. ポータルの停止のお知らせを確かめてください。\n2. ファイアウォールやセキュリティ製品が止めていないか確かめてください。\n3. 社内ではプロキシが必要なことがあります。",
            "The other side, or a device on the way, turns the connection down.\n1. Look for a notice that the portal is stopped.\n2. See whether a firewall or security product blocks it.\n3. A company network may need a proxy.",
        ),
        (
            "windows: Test-NetConnection {name} -Port {port}",
            "macos: nc -vz {name} {port}",
            "linux: nc -vz {name} {port}",
        ),
        "portal-top",
    ),
    "unreachable": Says(
        Outcome.FAIL,
        Text("{host} への道がありません。", "There is no way to {host} from this network."),
        Text(
            "このPCがネットワークにつながっていないか、外部への道がありません。\n1. ほかのサイトが開けるか確かめてください。\n2. 社内ではプロキシやVPNが必要なことがあります。",
            "This PC is not online, or its network has no way out.\n1. See whether other sites open.\n2. A company network may need a proxy or a VPN.",
        ),
        ("windows: ipconfig /all", "macos: netstat -rn", "linux: ip route"),
        "jizen-junbi",
    ),
    "timeout": Says(
        Outcome.FAIL,
        Text("{host} から時間内に返事がありませんでした。", "{host} did not answer in time."),
        Text(
            "途中のファイアウォールが黙って捨てているか、回線が混んでいます。\n1. 時間をおいて、もう一度検査してください。\n2. 社内ではプロキシが必要か、管理者に確かめてください。",
            "A firewall on the way may be dropping the packets, or the line is busy.\n1. Check again later.\n2. In a company network, ask the administrator whether a proxy is needed.",
        ),
        (
            "windows: Test-NetConnection {name} -Port {port}",
            "macos: nc -vz {name} {port}",
            "linux: nc -vz {name} {port}",
        ),
        "portal-top",
    ),
    "proxy-unreachable": Says(
        Outcome.FAIL,
        Text(
            "設定されているプロキシ（{proxy}）に接続できないか、プロキシとして答えません。",
            "The proxy that is set ({proxy}) cannot be reached or does not answer as a proxy.",
        ),
        Text(
            "プロキシの設定が古いか、間違っている可能性があります。\n1. 設定（--proxy、環境変数 HTTPS_PROXY、OSのプロキシ設定）を確かめてください。\n2. 管理者に正しい値を確かめてください。",
            "The proxy setting may be old or wrong.\n1. Look at the setting (--proxy, the variable HTTPS_PROXY, the system's proxy settings).\n2. Ask the administrator for the right value.",
        ),
        (
            "windows: netsh winhttp show proxy",
            "windows: start ms-settings:network-proxy",
            "macos: scutil --proxy",
            "linux: env | grep -i proxy",
        ),
        "jizen-junbi",
    ),
    "proxy-refused": Says(
        Outcome.FAIL,
        Text(
            "プロキシ（{proxy}）が {host} への接続を断りました（状態 {status}）。",
            "The proxy ({proxy}) refused to connect to {host} (status {status}).",
        ),
        Text(
            "403 はプロキシの規則で禁じられている場合、502・503・504 はプロキシからポータルに届かない場合に多い値です。\n管理者に、{host} を許可するよう依頼してください。",
            "403 usually means that the proxy's rules forbid it; 502, 503 and 504 that the proxy cannot reach the portal.\nAsk the administrator to allow {host}.",
        ),
        link="jizen-junbi",
    ),
    "proxy-needs-login": Says(
        Outcome.FAIL,
        Text(
            "プロキシ（{proxy}）が利用者の認証を求めています。",
            "The proxy ({proxy}) asks for a login.",
        ),
        Text(
            "本プログラムはプロキシの暗証を尋ねません。\n1. ブラウザーでポータルが開けるか確かめてください。\n2. 開けないときは、管理者にプロキシの認証の方法を確かめてください。",
            "This program does not ask for proxy passwords.\n1. See whether the browser opens the portal.\n2. If not, ask the administrator how to log in to the proxy.",
        ),
        link="portal-top",
    ),
    "proxy-unsupported": Says(
        Outcome.UNKNOWN,
        Text(
            "設定されているプロキシ（{proxy}）は本プログラムでは使えない種類なので、{host} につながるか分かりませんでした。",
            "The proxy that is set ({proxy}) is of a kind this program cannot use, so it could not find out whether {host} can be reached.",
        ),
        Text(
            "使えるのは http://ホスト:ポート の形のプロキシだけです。\nブラウザーでポータルのトップページを開いて確かめてください。",
            "Only proxies of the form http://HOST:PORT can be used.\nOpen the portal's top page in the browser to see for yourself.",
        ),
        link="portal-top",
    ),
    "proxy-by-script": _SCRIPT,
    "not-resolved": Says(
        Outcome.SKIP,
        Text(
            "{host} の住所が分からないため、接続していません。",
            "No connection was tried, because the address of {host} is not known.",
        ),
        Text("まず、名前の検査の指示に従ってください。", "Follow the advice of the check of the name first."),
    ),
}

_NOT_CONNECTED = Says(
    Outcome.SKIP,
    Text(
        "{host} に接続できていないため、調べていません。",
        "Not looked at, because there is no connection to {host}.",
    ),
    Text(
        "まず、接続の検査の指示に従ってください。", "Follow the advice of the check of the connection first."
    ),
)

OS_VERIFIER = {
    "trusted": Says(
        Outcome.PASS,
        Text(
            "このPCのOSの証明書一覧でも、{host} の証明書を確認できました。",
            "The certificate list of this PC's operating system accepts {host} too.",
        ),
    ),
    "refused": Says(
        Outcome.WARN,
        Text(
            "このPCのOSの証明書一覧では、{host} の証明書を確認できませんでした。",
            "The certificate list of this PC's operating system does not accept {host}.",
        ),
        Text(
            "OSの一覧が古いか必要なルート証明書がない、または証明書そのものに問題があります（「ポータルへの安全な接続」の結果も見てください）。ブラウザーは自分の一覧を持つことがあり、本プログラムからは読めません。\n1. OSの更新を行ってください（Windowsではルート証明書の更新も含まれます）。\n2. ブラウザーでポータルを開き、警告が出ないか確かめてください。",
            "The system's list is old or lacks the root that is needed, or the certificate itself has a fault (see the check of the secure connection). Browsers may keep a list of their own, which this program cannot read.\n1. Update the operating system (on Windows this includes its root certificates).\n2. Open the portal in the browser and see whether it warns.",
        ),
        (
            "windows: certutil -verifyCTL AuthRoot",
            "windows: certmgr.msc",
            "macos: softwareupdate --list",
            "linux: sudo update-ca-certificates",
        ),
        "root-update",
    ),
    "not-asked": Says(
        Outcome.UNKNOWN,
        Text(
            "OSの証明書の確認機能に尋ねることができませんでした。",
            "The operating system's verifier could not be asked.",
        ),
        Text(
            "ブラウザーでポータルを開き、警告が出ないか確かめてください。",
            "Open the portal in the browser and see whether it warns.",
        ),
        link="portal-top",
    ),
    "no-certificate": Says(
        Outcome.SKIP,
        Text(
            "{host} から証明書を受け取っていないため、調べていません。",
            "Not looked at, because {host} sent no certificate.",
        ),
    ),
    "not-connected": _NOT_CONNECTED,
}

PAGES = {
    "answered": Says(
        Outcome.PASS,
        Text(
            "ポータルの説明のページと申請のページが応答しました。",
            "The portal's pages for information and for applications answered.",
        ),
    ),
    "error-status": Says(
        Outcome.WARN,
        Text("{path} が状態 {status} を返しました。", "{path} answered with status {status}."),
        Text(
            "500番台は停止や保守の時に多い値です。403 や 404 は、途中のフィルターやページの移動のこともあります。\n1. ポータルのお知らせを確かめてください。\n2. 時間をおいて、もう一度検査してください。",
            "Values of 500 and more are common during stops and maintenance; 403 and 404 may come from a filter or a page that has moved.\n1. Look at the portal's notices.\n2. Check again later.",
        ),
        link="portal-top",
    ),
    "redirected": Says(
        Outcome.WARN,
        Text("{path} は別のサイト（{target}）へ案内されました。", "{path} led to another site ({target})."),
        Text(
            "公衆無線LANの認証ページや、社内のフィルターのことがあります。\nブラウザーでポータルを開き、本物のページが出るか確かめてください。",
            "It may be the login page of a public wireless network, or a company filter.\nOpen the portal in the browser and see whether the real page comes.",
        ),
        link="portal-top",
    ),
    "no-answer": Says(
        Outcome.UNKNOWN,
        Text("{path} から応答がありませんでした。", "There was no answer from {path}."),
        Text(
            "安全な接続はできましたが、ページの応答がありません。時間をおいて、もう一度検査してください。",
            "The secure connection was made, but the page did not answer. Check again later.",
        ),
        link="portal-top",
    ),
    "not-verified": Says(
        Outcome.SKIP,
        Text(
            "安全な接続を確認できていないため、ページには何も送っていません。",
            "Nothing was sent to the pages, because the secure connection was not verified.",
        ),
    ),
}
