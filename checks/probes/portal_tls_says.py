"""What the check of the secure connection may say: one cause, why it matters, and how to mend it."""

from __future__ import annotations

from checks.says import fails, passes, skips, steps, unknown, warns

_ADMIN = (
    "社内のPCでは管理者に、「見えたもの」を添えて知らせてください。",
    "In a company, show the evidence to the administrator.",
)

_OTHER_LINE = (
    "別の回線（スマートフォンのテザリングなど）で同じ結果か試すと、回線や社内の機器の問題か分かります。",
    "Trying another line (such as a phone's hotspot) tells whether this network is the cause.",
)

_LATER = ("時間をおいて、もう一度検査してください。", "Check again later.")


NOT_CONNECTED = skips(
    "{host} に接続できていないため、調べていません。",
    "Not looked at, because there is no connection to {host}.",
    "まず、接続の検査の指示に従ってください。",
    "Follow the advice of the check of the connection first.",
)

_NEVER = (
    "警告を無視して先に進まず、暗証番号などを入力しないでください。",
    "Do not click through warnings, and enter no PIN or password.",
)

_SERVER = (
    "サーバー側の問題の可能性が高く、このPCの設定では直りません。ポータルのお知らせを確かめ、続くときはヘルプデスクに連絡してください。",
    "This is most likely a fault of the server, which no setting of this PC mends. Look at the portal's notices; if it goes on, contact its help desk.",
)

_OLD_DEVICE = (
    "古い社内の機器やセキュリティ製品が作った証明書に多い問題です。",
    "Certificates made by old filters and security products often have it.",
)

_LIST_STORES = (
    "windows: certmgr.msc",
    "macos: open -a 'Keychain Access'",
    "linux: trust list --filter=ca-anchors",
)

CLOCK_COMMANDS = (
    "windows: w32tm /query /status",
    "windows: start ms-settings:dateandtime",
    "macos: sntp time.apple.com",
    "linux: timedatectl",
)

TLS = {
    "ok": passes(
        "{host} との安全な接続を確認できました。ルートは {root} です。",
        "The secure connection to {host} was verified; its root is {root}.",
    ),
    "ok-other-root": warns(
        "{host} との安全な接続を確認できましたが、ルートは案内にない公開のルート {root} でした。",
        "The secure connection to {host} was verified, but its root is {root}, a public one that the guide does not name.",
        steps(
            "ポータルが認証局を変えた可能性があります。お知らせを確かめてください。",
            "The portal may have changed its certification authority. Look at its notices.",
            "ブラウザーでポータルを開き、警告が出なければ準備を進められます。",
            "Open the portal in the browser; if it does not warn, go on.",
        ),
        link="portal-top",
    ),
    "intercepted": warns(
        "セキュリティ製品や社内の機器が、{host} の証明書を {product} の証明書に差し替えているようです。公開のルートではなく、OSにだけ登録されたルートで確認できました。",
        "A security product or company filter seems to replace the certificate of {host} with one from {product}: it was verified by a root that only this system knows, not by a public one.",
        steps(
            "OSに登録されたルート {root} で確認できたので、ブラウザーでは開ける場合がほとんどです。ただし、通信の中身はその製品に見えています。",
            "The root {root} in the operating system's list vouches for it, so browsers mostly work. But that product sees what is sent.",
            "その製品に心当たりがあるか確かめてください。心当たりがなければ申請に使わないでください。",
            "See whether you know that product. If you do not, do not apply from this PC.",
            "セキュリティ製品の「HTTPSの検査」から {host} を除外してください。",
            "Exclude {host} from the product's HTTPS scanning.",
            *_ADMIN,
        ),
        commands=_LIST_STORES,
    ),
    "untrusted-root": fails(
        "{host} の証明書は {issuer} に行き着き、このプログラムが知る一覧（公開の一覧とOSの一覧）では確かめられませんでした。",
        "The certificate of {host} leads to {issuer}, which no list known to this program (the public ones and the system's) vouches for.",
        steps(
            "セキュリティ製品か社内の機器が間に入っているか、偽のサーバーのおそれがあります。",
            "A security product or filter may stand in between, or the server may not be the real one.",
            "ブラウザーは自分の一覧で確かめるので、結果が違うことがあります。",
            "Browsers go by lists of their own and may come to another result.",
            *_NEVER,
            "セキュリティ製品の「HTTPSの検査」を確かめ、{host} を除外してください。",
            "Look for HTTPS scanning in your security product and exclude {host}.",
            *_ADMIN,
            *_OTHER_LINE,
        ),
        commands=_LIST_STORES,
    ),
    "missing-intermediate": warns(
        "{host} が中間証明書（{issuer}）を送ってこないため、このプログラムでは確認を終えられませんでした。ブラウザーは自分で補えることがあります。",
        "{host} does not send the intermediate certificate ({issuer}), so this program could not finish verifying. Browsers may fill the gap by themselves.",
        steps(
            "ブラウザーでポータルを開き、警告が出ないか確かめてください。",
            "Open the portal in the browser and see whether it warns.",
            "警告が出るときは先に進まないでください。サーバー側の設定の問題が考えられます。ポータルのヘルプデスクに知らせてください。",
            "If it does, do not go on: the server's setup is probably at fault. Tell the portal's help desk.",
        ),
        link="portal-top",
    ),
    "outdated-bundle": warns(
        "{host} の証明書は公開のルート {root} につながりますが、このプログラムが使う一覧（certifi）にそのルートがありません。",
        "The certificate of {host} leads to the public root {root}, which the list this program uses (certifi) lacks.",
        steps(
            "oss-junbi を新しくしてください。ブラウザーは開けることがほとんどです。",
            "Update oss-junbi. Browsers mostly work.",
            "OSとブラウザーの更新も行ってください。",
            "Update the operating system and the browser as well.",
        ),
        commands=("pip install --upgrade certifi",),
        link="root-update",
    ),
    "self-signed": fails(
        "{host} の証明書は、自分で自分に署名したものです（{subject}）。",
        "The certificate of {host} is signed by itself ({subject}).",
        steps(
            "ポータルの本物の証明書ではありません。公衆無線LANの認証ページや社内の機器、偽のサーバーが考えられます。",
            "It is not the portal's real certificate: a login page of a public network, a device in between, or a false server.",
            *_NEVER,
            *_OTHER_LINE,
            *_ADMIN,
        ),
    ),
    "expired": fails(
        "{host} の証明書は {date} に期限が切れています。",
        "The certificate of {host} expired on {date}.",
        steps(
            "まず、このPCの日付が正しいか確かめてください。日付が進んでいると同じ結果になります。",
            "First see whether this PC's date is right: a date that is ahead looks the same.",
            *_SERVER,
        ),
        commands=CLOCK_COMMANDS,
        link="portal-top",
    ),
    "intermediate-expired": fails(
        "{host} の証明書の上にある証明書（{subject}）が {date} に期限切れです。",
        "A certificate above that of {host} ({subject}) expired on {date}.",
        steps(
            "まず、このPCの日付が正しいか確かめてください。",
            "First see whether this PC's date is right.",
            "OSの更新を行ってください。古いルート証明書が残っていることがあります。",
            "Update the operating system; an old root may be left over.",
            *_SERVER,
        ),
        commands=CLOCK_COMMANDS,
        link="root-update",
    ),
    "not-yet-valid": fails(
        "{host} の証明書（{subject}）は {date} から有効で、まだ使えません。",
        "A certificate of {host} ({subject}) is valid only from {date}.",
        steps(
            "まず、このPCの日付が正しいか確かめてください。日付が遅れていると同じ結果になります。",
            "First see whether this PC's date is right: a date that is behind looks the same.",
            *_SERVER,
        ),
        commands=CLOCK_COMMANDS,
        link="portal-top",
    ),
    "clock-wrong": fails(
        "このPCの日付（{now}）が違うため、証明書の期限を確認できません。",
        "This PC's date ({now}) is wrong, so the dates of certificates cannot be verified.",
        steps(
            "日付と時刻を「自動的に設定する」にしてください。",
            "Set date and time to be set automatically.",
            "タイムゾーンも確かめてください。",
            "See whether the time zone is right too.",
            "直した後で、もう一度検査してください。",
            "Then check again.",
        ),
        commands=CLOCK_COMMANDS,
    ),
    "hostname-mismatch": fails(
        "受け取った証明書は {host} のものではありません（{subject}）。",
        "The certificate received is not for {host} ({subject}).",
        steps(
            "公衆無線LANの認証ページや、違うサーバーにつながっていることがあります。ブラウザーで何かページを開き、認証を済ませてください。",
            "You may have reached the login page of a public network, or another server. Open any page in the browser and log in first.",
            *_NEVER,
            *_OTHER_LINE,
            *_ADMIN,
        ),
        link="portal-top",
    ),
    "wrong-purpose": fails(
        "{host} の証明書の経路に、Webサーバー用でない証明書（{subject}）があります。",
        "On the path of {host} there is a certificate that is not meant for web servers ({subject}).",
        steps(*_NEVER, *_SERVER, *_ADMIN),
        link="portal-top",
    ),
    "weak-key": fails(
        "{host} の証明書の経路に、短すぎる鍵（{subject}: {detail}）があります。",
        "On the path of {host} there is a key that is too short ({subject}: {detail}).",
        steps(*_NEVER, *_OLD_DEVICE, *_ADMIN, *_OTHER_LINE),
    ),
    "weak-signature": fails(
        "{host} の証明書の経路に、古い方式（SHA-1 など）の署名（{subject}）があります。",
        "On the path of {host} there is a signature of an old kind such as SHA-1 ({subject}).",
        steps(*_NEVER, *_OLD_DEVICE, *_ADMIN, *_OTHER_LINE),
    ),
    "bad-signature": fails(
        "{host} の証明書の経路で、署名が合いません（{subject}）。",
        "A signature on the path of {host} does not verify ({subject}).",
        steps(
            "証明書が書き換えられたか偽物、または、サーバーが違う中間証明書を送っているおそれがあります。",
            "The certificate may have been altered or forged, or the server sends the wrong one above it.",
            *_NEVER,
            *_OTHER_LINE,
            *_ADMIN,
        ),
    ),
    "chain-invalid": fails(
        "{host} の証明書の並びが規則に合いません（{subject} {detail}）。",
        "The certificates of {host} break the rules for chains ({subject} {detail}).",
        steps(*_NEVER, *_SERVER, *_ADMIN),
        link="portal-top",
    ),
    # The handshake ends before the certificates could be judged.
    "tls-version": fails(
        "{host} は、今のブラウザーが使わない古い方式（TLS 1.1 以前）でしか答えません。",
        "{host} answers only with versions (TLS 1.1 or older) that browsers no longer use.",
        steps(
            "途中に古い機器（プロキシやセキュリティ製品）がないか確かめてください。",
            "See whether there is an old device (proxy, security product) in between.",
            *_OTHER_LINE,
            *_ADMIN,
        ),
        link="pc-kankyou",
    ),
    "handshake-refused": fails(
        "{host} と安全な接続の方式を取り決められませんでした（{alert}）。",
        "No secure connection could be agreed on with {host} ({alert}).",
        steps(
            "途中のセキュリティ製品やフィルターが断ることがあります。",
            "A security product or filter in between may refuse it.",
            "ブラウザーはこのプログラムより多くの方式を試すことがあります。ブラウザーでポータルが開けるか確かめてください。",
            "Browsers may offer more methods than this program does. See whether the portal opens in the browser.",
            *_OTHER_LINE,
            *_ADMIN,
        ),
    ),
    "client-certificate-required": fails(
        "{host} が、こちらの証明書（クライアント証明書）を求めています。",
        "{host} demands a certificate from this PC (a client certificate).",
        steps(
            "ポータルのトップページでは求められないはずです。--portal やプロキシの設定を確かめてください。",
            "The portal's top page should not ask for one. Look at --portal and the proxy settings.",
            *_ADMIN,
        ),
        link="portal-top",
    ),
    "not-tls": fails(
        "{host} からの答えが安全な通信（TLS）ではありません。",
        "The answer from {host} is not a secure connection (TLS).",
        steps(
            "公衆無線LANの認証ページが割り込んでいることがあります。ブラウザーで何かページを開き、認証を済ませてください。",
            "The login page of a public network may be in between. Open any page in the browser and log in first.",
            "--portal でポートを指定したときは、番号を確かめてください。",
            "If you gave a port with --portal, see whether it is right.",
            *_ADMIN,
        ),
        link="portal-top",
    ),
    "handshake-timeout": unknown(
        "{host} が安全な接続の途中で応答しなくなったため、確認できませんでした。",
        "{host} fell silent during the secure connection, so it could not be verified.",
        steps(*_LATER, *_OTHER_LINE, *_ADMIN),
        link="portal-top",
    ),
    "connection-closed": unknown(
        "{host} との安全な接続が途中で切れたため、確認できませんでした。",
        "The secure connection to {host} was cut half-way, so it could not be verified.",
        steps(
            *_LATER,
            "フィルターやファイアウォールが、行き先の名前を見て切ることがあります。",
            "Filters and firewalls may cut connections by the name of the site.",
            *_OTHER_LINE,
            *_ADMIN,
        ),
        link="portal-top",
    ),
    "not-connected": NOT_CONNECTED,
}
