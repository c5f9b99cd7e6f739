"""What the check of the secure connection may say: one cause, why it matters, and how to mend it."""

from __future__ import annotations

from checks.says import fails, passes, skips, steps, unknown, warns

_ADMIN = (
    "社内のPCでは管理者に、「見えたもの」を添えて知らせてください。",
    "On a company PC, report this to your administrator together with the evidence.",
)

_OTHER_LINE = (
    "別の回線（スマートフォンのテザリングなど）で同じ結果か試すと、回線や社内の機器の問題か分かります。",
    "Try another connection (such as a phone's hotspot) to see whether this network or a company device is the cause.",
)

_LATER = ("時間をおいて、もう一度検査してください。", "Run the check again later.")


NOT_CONNECTED = skips(
    "{host} に接続できていないため、調べていません。",
    "Not checked because there is no connection to {host}.",
    "まず、接続の検査の指示に従ってください。",
    "Follow the instructions of the connection check first.",
)

_NEVER = (
    "警告を無視して先に進まず、暗証番号などを入力しないでください。",
    "Do not click through warnings, and do not enter a PIN or password.",
)

_SERVER = (
    "サーバー側の問題の可能性が高く、このPCの設定では直りません。ポータルのお知らせを確かめ、続くときはヘルプデスクに連絡してください。",
    "This is most likely a problem with the server, which no setting on this PC can fix. Check the portal's notices, and contact its help desk if the problem persists.",
)

_OLD_DEVICE = (
    "古い社内の機器やセキュリティ製品が作った証明書に多い問題です。",
    "This is common with certificates made by old company devices and security products.",
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

SET_CLOCK = steps(
    "日付と時刻を「自動的に設定する」にしてください。",
    "Set the date and time to update automatically.",
    "タイムゾーンが正しいか確かめてください。",
    "Check that the time zone is right.",
    "直した後で、もう一度検査してください。",
    "Run the check again.",
)

TLS = {
    "ok": passes(
        "{host} との安全な接続を確認できました。ルートは {root} です。",
        "The secure connection to {host} was verified. The root certificate is {root}.",
    ),
    "ok-other-root": warns(
        "{host} との安全な接続を確認できましたが、ルートは案内にない公開のルート {root} でした。",
        "The secure connection to {host} was verified, but with a public root certificate the guide does not name: {root}.",
        steps(
            "ポータルが認証局を変えた可能性があります。お知らせを確かめてください。",
            "The portal may have changed its certificate authority. Check its notices.",
            "ブラウザーでポータルを開き、警告が出なければ準備を進められます。",
            "Open the portal in the browser. If no warning appears, you can continue.",
        ),
        link="portal-top",
    ),
    "intercepted": warns(
        "セキュリティ製品や社内の機器が、{host} の証明書を {product} の証明書に差し替えているようです。公開のルートではなく、OSにだけ登録されたルートで確認できました。",
        "A security product or company device seems to replace the certificate of {host} with one from {product}. It was verified with a root certificate registered only on this system, not with a public one.",
        steps(
            "OSに登録されたルート {root} で確認できたので、ブラウザーでは開ける場合がほとんどです。ただし、通信の中身はその製品に見えています。",
            "It was verified with {root}, a root certificate registered with the operating system, so browsers usually work. However, that product can see what is sent.",
            "その製品に心当たりがあるか確かめてください。心当たりがなければ申請に使わないでください。",
            "Check whether you recognize that product. If you do not, do not apply from this PC.",
            "セキュリティ製品の「HTTPSの検査」から {host} を除外してください。",
            "Exclude {host} from the product's HTTPS scanning.",
            *_ADMIN,
        ),
        commands=_LIST_STORES,
    ),
    "untrusted-root": fails(
        "{host} の証明書は {issuer} に行き着き、このプログラムが知る一覧（公開の一覧とOSの一覧）では確かめられませんでした。",
        "The certificate of {host} leads to {issuer}, which is not trusted by any list this program knows (the public list and the operating system's).",
        steps(
            "セキュリティ製品か社内の機器が間に入っているか、偽のサーバーのおそれがあります。",
            "A security product or company device may be in between, or the server may be fake.",
            "ブラウザーは自分の一覧で確かめるので、結果が違うことがあります。",
            "Browsers use their own lists, so their result may differ.",
            *_NEVER,
            "セキュリティ製品の「HTTPSの検査」を確かめ、{host} を除外してください。",
            "Check the HTTPS scanning setting of your security product and exclude {host}.",
            *_ADMIN,
            *_OTHER_LINE,
        ),
        commands=_LIST_STORES,
    ),
    "missing-intermediate": warns(
        "{host} が中間証明書（{issuer}）を送ってこないため、このプログラムでは確認を終えられませんでした。ブラウザーは自分で補えることがあります。",
        "{host} does not send the intermediate certificate ({issuer}), so this program could not complete the verification. Browsers may be able to fetch it themselves.",
        steps(
            "ブラウザーでポータルを開き、警告が出ないか確かめてください。",
            "Open the portal in the browser and check that no warning appears.",
            "警告が出るときは先に進まないでください。サーバー側の設定の問題が考えられます。ポータルのヘルプデスクに知らせてください。",
            "If a warning appears, do not continue. The server is probably misconfigured. Report it to the portal's help desk.",
        ),
        link="portal-top",
    ),
    "outdated-bundle": warns(
        "{host} の証明書は公開のルート {root} につながりますが、このプログラムが使う一覧（certifi）にそのルートがありません。",
        "The certificate of {host} leads to the public root certificate {root}, which is missing from the list this program uses (certifi).",
        steps(
            "oss-junbi を新しくしてください。ブラウザーは開けることがほとんどです。",
            "Update oss-junbi. Browsers can usually open the portal.",
            "OSとブラウザーの更新も行ってください。",
            "Update the operating system and the browser as well.",
        ),
        commands=("pip install --upgrade certifi",),
        link="root-update",
    ),
    "self-signed": fails(
        "{host} の証明書は、自分で自分に署名したものです（{subject}）。",
        "The certificate of {host} is self-signed ({subject}).",
        steps(
            "ポータルの本物の証明書ではありません。公衆無線LANの認証ページや社内の機器、偽のサーバーが考えられます。",
            "This is not the portal's real certificate. It may come from the login page of a public Wi-Fi network, a company device, or a fake server.",
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
            "First check that this PC's date is right. A date that is ahead gives the same result.",
            *_SERVER,
        ),
        commands=CLOCK_COMMANDS,
        link="portal-top",
    ),
    "intermediate-expired": fails(
        "{host} の証明書の上にある証明書（{subject}）が {date} に期限切れです。",
        "A certificate above the one of {host} ({subject}) expired on {date}.",
        steps(
            "まず、このPCの日付が正しいか確かめてください。",
            "First check that this PC's date is right.",
            "OSの更新を行ってください。古いルート証明書が残っていることがあります。",
            "Update the operating system. An old root certificate may still be installed.",
            *_SERVER,
        ),
        commands=CLOCK_COMMANDS,
        link="root-update",
    ),
    "not-yet-valid": fails(
        "{host} の証明書（{subject}）は {date} から有効で、まだ使えません。",
        "A certificate of {host} ({subject}) is not valid until {date}.",
        steps(
            "まず、このPCの日付が正しいか確かめてください。日付が遅れていると同じ結果になります。",
            "First check that this PC's date is right. A date that is behind gives the same result.",
            *_SERVER,
        ),
        commands=CLOCK_COMMANDS,
        link="portal-top",
    ),
    "clock-wrong": fails(
        "このPCの日付（{now}）が違うため、証明書の期限を確認できません。",
        "This PC's date ({now}) is wrong, so certificate dates cannot be verified.",
        SET_CLOCK,
        commands=CLOCK_COMMANDS,
    ),
    "hostname-mismatch": fails(
        "受け取った証明書は {host} のものではありません（{subject}）。",
        "The certificate received does not belong to {host} ({subject}).",
        steps(
            "公衆無線LANの認証ページや、違うサーバーにつながっていることがあります。ブラウザーで何かページを開き、認証を済ませてください。",
            "You may be connected to the login page of a public Wi-Fi network, or to a different server. Open any page in the browser and log in first.",
            *_NEVER,
            *_OTHER_LINE,
            *_ADMIN,
        ),
        link="portal-top",
    ),
    "wrong-purpose": fails(
        "{host} の証明書の経路に、Webサーバー用でない証明書（{subject}）があります。",
        "The certificate path of {host} has a certificate that is not meant for web servers ({subject}).",
        steps(*_NEVER, *_SERVER, *_ADMIN),
        link="portal-top",
    ),
    "weak-key": fails(
        "{host} の証明書の経路に、短すぎる鍵（{subject}: {detail}）があります。",
        "The certificate path of {host} has a key that is too short ({subject}: {detail}).",
        steps(*_NEVER, *_OLD_DEVICE, *_ADMIN, *_OTHER_LINE),
    ),
    "weak-signature": fails(
        "{host} の証明書の経路に、古い方式（SHA-1 など）の署名（{subject}）があります。",
        "The certificate path of {host} has a signature made with an outdated algorithm such as SHA-1 ({subject}).",
        steps(*_NEVER, *_OLD_DEVICE, *_ADMIN, *_OTHER_LINE),
    ),
    "bad-signature": fails(
        "{host} の証明書の経路で、署名が合いません（{subject}）。",
        "A signature in the certificate path of {host} is not valid ({subject}).",
        steps(
            "証明書が書き換えられたか偽物、または、サーバーが違う中間証明書を送っているおそれがあります。",
            "The certificate may have been altered or forged, or the server sends the wrong intermediate certificate.",
            *_NEVER,
            *_OTHER_LINE,
            *_ADMIN,
        ),
    ),
    "chain-invalid": fails(
        "{host} の証明書の並びが規則に合いません（{subject} {detail}）。",
        "The certificate chain of {host} does not follow the rules ({subject} {detail}).",
        steps(*_NEVER, *_SERVER, *_ADMIN),
        link="portal-top",
    ),
    # The handshake ends before the certificates could be judged.
    "tls-version": fails(
        "{host} は、今のブラウザーが使わない古い方式（TLS 1.1 以前）でしか答えません。",
        "{host} supports only old versions (TLS 1.1 or earlier) that browsers no longer use.",
        steps(
            "途中に古い機器（プロキシやセキュリティ製品）がないか確かめてください。",
            "Check whether there is an old device (proxy or security product) in between.",
            *_OTHER_LINE,
            *_ADMIN,
        ),
        link="pc-kankyou",
    ),
    "handshake-refused": fails(
        "{host} と安全な接続の方式を取り決められませんでした（{alert}）。",
        "No secure connection could be negotiated with {host} ({alert}).",
        steps(
            "途中のセキュリティ製品やフィルターが断ることがあります。",
            "A security product or filter in between may refuse it.",
            "ブラウザーはこのプログラムより多くの方式を試すことがあります。ブラウザーでポータルが開けるか確かめてください。",
            "Browsers may offer more methods than this program does. Check whether the portal opens in the browser.",
            *_OTHER_LINE,
            *_ADMIN,
        ),
    ),
    "client-certificate-required": fails(
        "{host} が、こちらの証明書（クライアント証明書）を求めています。",
        "{host} requires a certificate from this PC (a client certificate).",
        steps(
            "ポータルのトップページでは求められないはずです。--portal やプロキシの設定を確かめてください。",
            "The portal's top page should not require one. Check --portal and the proxy settings.",
            *_ADMIN,
        ),
        link="portal-top",
    ),
    "not-tls": fails(
        "{host} からの答えが安全な通信（TLS）ではありません。",
        "The response from {host} is not a secure connection (TLS).",
        steps(
            "公衆無線LANの認証ページが割り込んでいることがあります。ブラウザーで何かページを開き、認証を済ませてください。",
            "The login page of a public Wi-Fi network may be in between. Open any page in the browser and log in first.",
            "--portal でポートを指定したときは、番号を確かめてください。",
            "If you specified a port with --portal, check the number.",
            *_ADMIN,
        ),
        link="portal-top",
    ),
    "handshake-timeout": unknown(
        "{host} が安全な接続の途中で応答しなくなったため、確認できませんでした。",
        "{host} stopped responding while the secure connection was being set up, so it could not be verified.",
        steps(*_LATER, *_OTHER_LINE, *_ADMIN),
        link="portal-top",
    ),
    "connection-closed": unknown(
        "{host} との安全な接続が途中で切れたため、確認できませんでした。",
        "The secure connection to {host} was closed while it was being set up, so it could not be verified.",
        steps(
            *_LATER,
            "フィルターやファイアウォールが、行き先の名前を見て切ることがあります。",
            "Filters and firewalls may close connections based on the name of the site.",
            *_OTHER_LINE,
            *_ADMIN,
        ),
        link="portal-top",
    ),
    "not-connected": NOT_CONNECTED,
}
