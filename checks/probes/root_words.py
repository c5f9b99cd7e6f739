"""What the checks of the root certificates say."""

from __future__ import annotations

from checks.model import Outcome, Says
from checks.text import Text

WHY_STORE = Text(
    "ポータルとの通信が本物かどうかを、ブラウザーはルート証明書で確かめます。禁止されていると、ポータルを開けないことがあります。",
    "Browsers tell by the root certificates whether they talk to the real portal. If one is forbidden, the portal may not open.",
)
WHY_FIREFOX = Text(
    "Firefoxは独自の証明書一覧を持っています。ここで禁止されていると、Firefoxではポータルを開けないことがあります。申請はEdgeかChromeで行います。",
    "Firefox has a list of its own. What is forbidden there may keep Firefox from opening the portal. Applications are made with Edge or Chrome.",
)
WHY_CHROMIUM = Text(
    "ChromeとEdgeは内蔵の一覧に、利用者や管理者がこのPCに加えた設定を重ねて使います。",
    "Chrome and Edge use their built-in list, and on top of it what users and administrators have set on this PC.",
)

_SERVICE = Says(
    Outcome.UNKNOWN,
    Text(
        "サービス用のアカウントで動いているため、申請する人の証明書ストアは見えません。",
        "This runs under a service account, so the applicant's own certificate store cannot be seen.",
    ),
    Text(
        "申請する人のアカウントでサインインして、もう一度検査してください。",
        "Sign in as the person who applies and run the check again.",
    ),
    link="root-update",
)

_LOOK = (
    "windows: certmgr.msc",
    "windows: certutil -store Disallowed",
    "windows: certutil -user -store Disallowed",
    "macos: security dump-trust-settings -d",
    "linux: trust list --filter=blocklist",
    "linux: grep '^!' /etc/ca-certificates.conf",
)

OS_STORE = {
    "present": Says(
        Outcome.PASS,
        Text(
            "RootCA2と、後継の2024年SECOMルート証明書の両方があります。",
            "Both RootCA2 and a SECOM root of 2024, its successor, are there.",
        ),
    ),
    "successor-only": Says(
        Outcome.PASS,
        Text(
            "後継の2024年SECOMルート証明書があります。RootCA2は見当たりませんが、ポータルが新しい証明書に移っていれば問題ありません。",
            "A SECOM root of 2024 is there. RootCA2 was not seen, which does no harm once the portal has moved to the new one.",
        ),
        Text(
            "「ポータルへの安全な接続」が通っていれば、することはありません。",
            "If the check of the secure connection passes, there is nothing to do.",
        ),
        link="root-update",
    ),
    "rootca2-only": Says(
        Outcome.PASS,
        Text(
            "RootCA2があります。後継の2024年SECOMルート証明書は、まだ見当たりません。",
            "RootCA2 is there. Its successor, a SECOM root of 2024, was not seen yet.",
        ),
        Text(
            "OSを更新しておくと、ポータルの証明書が切り替わっても困りません。",
            "Keep the operating system updated, so that a change of the portal's certificate does no harm.",
        ),
        ("linux: sudo apt-get update && sudo apt-get install --only-upgrade ca-certificates",),
        link="secom-repository",
    ),
    "rootca2-only-late": Says(
        Outcome.WARN,
        Text(
            "RootCA2だけがあり、後継の2024年SECOMルート証明書が見当たりません。RootCA2だけでは足りません（ブラウザーの信頼終了として公表された日は2027年4月15日ごろ、期限は2029年5月29日）。",
            "Only RootCA2 is there and no SECOM root of 2024. RootCA2 alone will not do: the day announced for browsers to stop trusting it is about 15 April 2027, the day it expires 29 May 2029.",
        ),
        Text(
            "OSとブラウザーを最新に更新してください。",
            "Update the operating system and the browser.",
        ),
        (
            "linux: sudo apt-get update && sudo apt-get install --only-upgrade ca-certificates",
            "macos: softwareupdate --list",
        ),
        link="root-update",
    ),
    "fetched-when-needed": Says(
        Outcome.PASS,
        Text(
            "まだストアにはありませんが、Windowsが必要になったときに自動で取り込みます。これは普通の状態です。",
            "Not in the store yet, but Windows fetches it by itself when it is first needed. This is normal.",
        ),
        Text(
            "EdgeかChromeで一度ポータルを開いてから検査すると、取り込まれたことを確かめられます。",
            "Open the portal once in Edge or Chrome and check again to see that it has been fetched.",
        ),
        ("windows: certutil -verifyCTL AuthRoot",),
        link="ms-root-program",
    ),
    "auto-update-off": Says(
        Outcome.WARN,
        Text(
            "ルート証明書が見当たらず、自動更新もこのPCの設定（ポリシー）で止められています。",
            "The root certificates were not seen, and fetching them is switched off on this PC by policy.",
        ),
        Text(
            "1. 会社のPCでは、管理者に「ルート証明書の自動更新」の許可か、証明書の配布を頼んでください。\n"
            "2. 自分のPCでは、ポータルの案内に従ってルート証明書を更新してください。指紋を必ず照合してください。",
            "1. On a company's PC, ask the administrator to allow automatic root updates or to distribute the certificates.\n"
            "2. On your own PC, follow the portal's page to update the root certificate. Compare the fingerprint.",
        ),
        (
            r"windows: reg query HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates\AuthRoot",
            "windows: certutil -generateSSTFromWU roots.sst",
        ),
        link="root-update",
    ),
    "not-seen": Says(
        Outcome.WARN,
        Text(
            "RootCA2も、後継の2024年SECOMルート証明書も、このPCの一覧に見当たりません。禁止はされていません。",
            "Neither RootCA2 nor a SECOM root of 2024 was seen in this PC's lists. None is forbidden.",
        ),
        Text(
            "見当たらないだけでは故障ではありません。OSを更新し、「ポータルへの安全な接続」の結果を見てください。",
            "Not seeing them is no fault by itself. Update the operating system and look at the check of the secure connection.",
        ),
        (
            "linux: sudo update-ca-certificates",
            "linux: trust list --filter=ca-anchors",
            'macos: security find-certificate -a -Z -c "Security Communication RootCA2"',
        ),
        link="root-update",
    ),
    "forbidden": Says(
        Outcome.FAIL,
        Text(
            "{root} が、このPCで明示的に禁止されています（{store}）。この証明書に行き着く接続は拒まれ、ポータルを開けなくなるおそれがあります。",
            "{root} is explicitly forbidden on this PC ({store}). Connections that lead to it are refused, so the portal may not open.",
        ),
        Text(
            "1. 会社のPCでは、禁止した理由を管理者に確かめてください。\n"
            "2. Windowsではcertmgr.mscの「信頼されていない証明書」から外します。macOSではキーチェーンアクセスの「信頼」を「システムデフォルトを使用」に戻します。Linuxでは下のコマンドで禁止の場所を探し、外します。\n"
            "3. 外す前に、指紋が公表されたものと同じか照合してください。",
            "1. On a company's PC, ask the administrator why it was forbidden.\n"
            "2. Windows: remove it from Untrusted Certificates in certmgr.msc. macOS: set its trust back to the system default in Keychain Access. Linux: find where it is blocked with the commands below and unblock it.\n"
            "3. Before that, compare its fingerprint with the published one.",
        ),
        _LOOK,
        link="secom-repository",
    ),
    "service-account": _SERVICE,
    "unreadable": Says(
        Outcome.UNKNOWN,
        Text(
            "証明書ストアを読めなかったため、分かりません。",
            "The certificate stores could not be read, so this is not known.",
        ),
        Text(
            "「見えたもの」に理由があります。下のコマンドか証明書の画面で、ご自身で確かめてください。",
            "The evidence says why. Please look for yourself with the commands below.",
        ),
        (
            "windows: certmgr.msc",
            "linux: trust list --filter=ca-anchors",
            'macos: security find-certificate -a -Z -c "Security Communication RootCA2"',
        ),
        link="root-update",
    ),
}

_UPDATE = ("python -m pip install --upgrade certifi",)

CERTIFI = {
    "complete": Says(
        Outcome.PASS,
        Text(
            "RootCA2と2024年のSECOMルート証明書があります（certifi {version}、{count}枚）。",
            "RootCA2 and the SECOM roots of 2024 are there (certifi {version}, {count} roots).",
        ),
    ),
    "successor-only": Says(
        Outcome.PASS,
        Text(
            "2024年のSECOMルート証明書があります。RootCA2はもう含まれていません（certifi {version}）。",
            "The SECOM roots of 2024 are there; RootCA2 is no longer part of the list (certifi {version}).",
        ),
    ),
    "no-successor": Says(
        Outcome.WARN,
        Text(
            "certifi {version} は古く、2024年のSECOMルート証明書がありません。正しいサーバーを「信頼できない」と誤って判定するかもしれません。",
            "certifi {version} is old and has no SECOM root of 2024. A good server may be called untrusted.",
        ),
        Text(
            "このプログラムの環境でcertifiを2026.7.22以降に更新してください。",
            "Update certifi to 2026.7.22 or newer in this program's environment.",
        ),
        _UPDATE,
    ),
    "neither": Says(
        Outcome.WARN,
        Text(
            "このプログラムの証明書一覧（certifi {version}）に、ポータルで使われるはずのルート証明書がありません。接続検査の結果は当てになりません。",
            "This program's list (certifi {version}) has none of the roots the portal is expected to use. The result of the connection check is not reliable.",
        ),
        Text(
            "このプログラムの環境でcertifiを入れ直してください。",
            "Install certifi anew in this program's environment.",
        ),
        ("python -m pip install --upgrade --force-reinstall certifi",),
    ),
}

FIREFOX = {
    "not-installed": Says(
        Outcome.SKIP,
        Text(
            "Firefoxのプロファイルはありません。申請はEdgeかChromeで行うので、必要ありません。",
            "There is no Firefox profile. None is needed: applications are made with Edge or Chrome.",
        ),
        not_needed=True,
    ),
    "nothing-forbidden": Says(
        Outcome.PASS,
        Text(
            "Firefoxのプロファイルに、このルート証明書を禁止する記録はありません。",
            "No record in the Firefox profiles forbids these roots.",
        ),
    ),
    "forbidden": Says(
        Outcome.FAIL,
        Text(
            "Firefoxのプロファイル「{profile}」で、{root} の信頼が外されています。",
            'In the Firefox profile "{profile}" trust in {root} has been taken away.',
        ),
        Text(
            "1. Firefoxの 設定 → プライバシーとセキュリティ → 証明書を表示 → 認証局証明書 を開きます。\n"
            "2. SECOM Trust Systems の該当する行を選び、「信頼性を設定」で「ウェブサイトの識別に信頼」を有効にします。\n"
            "3. 申請そのものはEdgeかChromeで行ってください。",
            "1. In Firefox open Settings, Privacy and Security, View Certificates, Authorities.\n"
            "2. Choose the line under SECOM Trust Systems, Edit Trust, and allow it to identify websites.\n"
            "3. The application itself is made with Edge or Chrome.",
        ),
        link="mozilla-lifecycle",
    ),
    "service-account": _SERVICE,
    "unreadable": Says(
        Outcome.UNKNOWN,
        Text(
            "Firefoxの証明書データベースのうち、{count}個を読めませんでした。",
            "{count} of Firefox's certificate databases could not be read.",
        ),
        Text(
            "Firefoxを閉じてから、もう一度検査してください。",
            "Close Firefox and run the check again.",
        ),
    ),
}

CHROMIUM = {
    "own-list": Says(
        Outcome.SKIP,
        Text(
            "ChromeとEdgeが内蔵する証明書の一覧は、外から読めません。禁止の設定は「ルート証明書（OS）」で調べています。",
            "The lists built into Chrome and Edge cannot be read from outside. What forbids a root is looked for in the check of the operating system.",
        ),
        Text(
            "ブラウザーで見るには、Chromeのアドレス欄に chrome://certificate-manager と入力します。",
            "To look in the browser, enter chrome://certificate-manager in Chrome's address bar.",
        ),
        link="chrome-policy",
        not_needed=True,
    ),
    "not-installed": Says(
        Outcome.SKIP,
        Text(
            "このPCにChrome、Edge、Chromiumは見当たりません。",
            "Neither Chrome nor Edge nor Chromium was seen on this PC.",
        ),
        not_needed=True,
    ),
    "nothing-forbidden": Says(
        Outcome.PASS,
        Text(
            "利用者の証明書データベースに、このルート証明書を禁止する記録はありません。内蔵の一覧は外から読めません。",
            "No record in the user's certificate database forbids these roots. The built-in list cannot be read from outside.",
        ),
    ),
    "forbidden": Says(
        Outcome.FAIL,
        Text(
            "Chromiumの証明書データベース（{profile}）で、{root} の信頼が外されています。",
            "In Chromium's certificate database ({profile}) trust in {root} has been taken away.",
        ),
        Text(
            "ブラウザーの chrome://certificate-manager か、下のコマンドで見て、外されたままでよいか確かめてください。",
            "Look at chrome://certificate-manager in the browser, or with the command below, whether this is meant to be.",
        ),
        ("linux: certutil -L -d sql:$HOME/.pki/nssdb",),
        link="chrome-policy",
    ),
    "unreadable": Says(
        Outcome.UNKNOWN,
        Text(
            "証明書データベースのうち、{count}個を読めませんでした。",
            "{count} of the certificate databases could not be read.",
        ),
        Text(
            "ブラウザーを閉じてから、もう一度検査してください。",
            "Close the browser and run the check again.",
        ),
        ("linux: certutil -L -d sql:$HOME/.pki/nssdb",),
    ),
}

LIFECYCLE = {
    "quiet": Says(
        Outcome.PASS,
        Text(
            "RootCA2は今のところ使えます。ブラウザーが信頼をやめる予定は {removal} ごろ（あと{days}日）、証明書の期限は {expiry} です。",
            "RootCA2 can be used for now. Browsers plan to stop trusting it about {removal} (in {days} days); it expires on {expiry}.",
        ),
        Text(
            "OSとブラウザーを自動更新にしておけば、後継の2024年SECOMルート証明書が入ります。",
            "With automatic updates of the system and the browser the successor, SECOM's root of 2024, arrives by itself.",
        ),
        link="mozilla-lifecycle",
    ),
    "approaching": Says(
        Outcome.WARN,
        Text(
            "あと{days}日（{removal} ごろ）で、MozillaとChromeはRootCA2を信頼しなくなる予定です。期限は {expiry} です。",
            "In {days} days (about {removal}) Mozilla and Chrome plan to stop trusting RootCA2. It expires on {expiry}.",
        ),
        Text(
            "1. OS、Edge、Chromeを最新に更新します。\n"
            "2. 「ルート証明書（OS）」で、2024年のSECOMルート証明書があるか確かめます。\n"
            "3. ポータルの案内が変わっていないか、ルート証明書のページを見ます。",
            "1. Update the operating system, Edge and Chrome.\n"
            "2. See in the check of the operating system whether a SECOM root of 2024 is there.\n"
            "3. Look at the portal's page on the root certificate for changes.",
        ),
        link="mozilla-lifecycle",
    ),
    "after-browser-removal": Says(
        Outcome.WARN,
        Text(
            "MozillaとChromeがRootCA2の信頼をやめる予定の日（{removal}）を過ぎました。RootCA2だけでは、最新のブラウザーで開けないかもしれません。期限は {expiry} です。",
            "The day on which Mozilla and Chrome planned to stop trusting RootCA2 ({removal}) has passed. RootCA2 alone may not do in a current browser. It expires on {expiry}.",
        ),
        Text(
            "1. 「ポータルへの安全な接続」が2024年のSECOMルート証明書で通るか確かめます。\n"
            "2. 通らないときは、ポータルのルート証明書のページで新しい案内を確かめます。\n"
            "3. RootCA2を手で入れ直して済ませないでください。",
            "1. See whether the secure connection ends at a SECOM root of 2024.\n"
            "2. If not, look at the portal's page on the root certificate for new instructions.\n"
            "3. Do not get by with importing RootCA2 by hand.",
        ),
        link="root-update",
    ),
    "expired": Says(
        Outcome.FAIL,
        Text(
            "RootCA2は {expiry} に期限が切れました（ブラウザーの信頼終了の予定は {removal}）。RootCA2に頼る接続はできません。",
            "RootCA2 expired on {expiry} (browsers planned to stop trusting it on {removal}). No connection can rest on it.",
        ),
        Text(
            "1. OSとブラウザーを更新し、2024年のSECOMルート証明書があるか確かめます。\n"
            "2. 準備の手順が変わっています。ポータルの最新の案内に従ってください。",
            "1. Update the system and the browser, and see that a SECOM root of 2024 is there.\n"
            "2. The way to prepare has changed: follow the portal's current page.",
        ),
        link="root-update",
    ),
}
