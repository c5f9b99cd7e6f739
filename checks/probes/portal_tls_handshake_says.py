"""What is said when the handshake ends before the certificates could be judged, and the advice shared with those."""

from __future__ import annotations

from checks.says import fails, skips, steps, unknown
from checks.text import Text

ADMIN = (
    "社内のPCでは管理者に、「見えたもの」を添えて知らせてください。",
    "In a company, show the evidence to the administrator.",
)

ELSEWHERE = (
    "別の回線（スマートフォンのテザリングなど）で同じ結果か試すと、回線や社内の機器の問題か分かります。",
    "Trying another line (such as a phone's hotspot) tells whether this network is the cause.",
)

_LATER = ("時間をおいて、もう一度検査してください。", "Check again later.")


def numbered(*parts: tuple[str, str]) -> Text:
    """Steps, each in Japanese and English, as one text with their numbers."""
    return Text(
        "\n".join(f"{at}. {ja}" for at, (ja, _) in enumerate(parts, 1)),
        "\n".join(f"{at}. {en}" for at, (_, en) in enumerate(parts, 1)),
    )


NOT_CONNECTED = skips(
    "{host} に接続できていないため、調べていません。",
    "Not looked at, because there is no connection to {host}.",
    "まず、接続の検査の指示に従ってください。",
    "Follow the advice of the check of the connection first.",
)

HANDSHAKE = {
    "tls-version": fails(
        "{host} は、今のブラウザーが使わない古い方式（TLS 1.1 以前）でしか答えません。",
        "{host} answers only with versions (TLS 1.1 or older) that browsers no longer use.",
        steps(
            "途中に古い機器（プロキシやセキュリティ製品）がないか確かめてください。",
            "See whether there is an old device (proxy, security product) in between.",
            *ELSEWHERE,
            *ADMIN,
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
            *ELSEWHERE,
            *ADMIN,
        ),
    ),
    "client-certificate-required": fails(
        "{host} が、こちらの証明書（クライアント証明書）を求めています。",
        "{host} demands a certificate from this PC (a client certificate).",
        steps(
            "ポータルのトップページでは求められないはずです。--portal やプロキシの設定を確かめてください。",
            "The portal's top page should not ask for one. Look at --portal and the proxy settings.",
            *ADMIN,
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
            *ADMIN,
        ),
        link="portal-top",
    ),
    "handshake-timeout": unknown(
        "{host} が安全な接続の途中で応答しなくなったため、確認できませんでした。",
        "{host} fell silent during the secure connection, so it could not be verified.",
        steps(*_LATER, *ELSEWHERE, *ADMIN),
        link="portal-top",
    ),
    "connection-closed": unknown(
        "{host} との安全な接続が途中で切れたため、確認できませんでした。",
        "The secure connection to {host} was cut half-way, so it could not be verified.",
        steps(
            *_LATER,
            "フィルターやファイアウォールが、行き先の名前を見て切ることがあります。",
            "Filters and firewalls may cut connections by the name of the site.",
            *ELSEWHERE,
            *ADMIN,
        ),
        link="portal-top",
    ),
    "not-connected": NOT_CONNECTED,
}
