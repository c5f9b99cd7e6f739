"""What only reports say."""

from __future__ import annotations

from checks.text import Text

TITLE_CUSTOMER = Text("ご準備いただくもののお願い", "What we still need from you")
TITLE_OFFICE = Text("OSS申請の準備（一枚）", "An OSS application at a glance")
UNTIL = Text("{day}まで", "by {day}")
TITLE_SUPPORT = Text("サポート用の情報", "Information for support")
MADE = Text("作成日時", "Created")
VERSION = Text("版", "Version")
RESULT = Text("結果", "Result")
MADE_ON = Text("作成日", "Created")
LOOKED_AT = Text("調べた日時: {at}", "Checked: {at}")
WAIVERS = Text("認めた例外", "Accepted exceptions")
ENDED = Text("期限切れ", "expired")
CONFIRMED_BY = Text("確認者", "Confirmed by")
CONFIRMED_ON = Text("確認日", "Date")
OFFICE_STAMP = Text("事業所名", "Office")
CUSTOMER_INTRO = Text(
    "オンライン申請（{service}）の準備のため、次のものがまだ必要です。お手数ですが、ご用意をお願いします。",
    "To prepare your online application ({service}), we still need the following from you. Thank you for your help.",
)
CUSTOMER_ASK = Text(
    "オンライン申請（{service}）の準備のため、次のことをお知らせください。",
    "To prepare your online application ({service}), please let us know the following.",
)
CUSTOMER_NO_PASSWORD = Text(
    "パスワードや暗証番号そのものは、書いたり知らせたりしないでください。分かるかどうかだけを伺います。",
    "Please do not write down or tell us any password or PIN. We only ask whether you know it.",
)
CUSTOMER_NONE = Text(
    "今のところ、ご用意いただくものはありません。", "Nothing more is needed from you at the moment."
)
CUSTOMER_LATER = Text(
    "申請の方法を確かめています。ご用意いただくものは、決まりしだいお知らせします。",
    "We are still finding out how to file your application, and will tell you then what we need.",
)
PAPERS = Text("書類", "Documents")
QUESTIONS = Text("お知らせいただきたいこと", "What we need to know")
PERHAPS = Text("場合によって必要な書類", "Documents that may be needed")
PERHAPS_WHY = Text(
    "申請の内容が決まると、このうちどれが必要かが分かります。いまは、まだご用意いただかなくて結構です。",
    "We will know which of these are needed once the application is settled. You do not need to get them yet.",
)
OUT_OF_CASE = Text("この申請には当てはまらないもの", "Not needed for this application")
PLANNED = Text("申請する予定の日", "To be filed on")
CUSTOMER_UNTIL = Text("ご用意の期限", "Needed by")
CUSTOMER_CONTACT = Text("ご連絡先", "Contact")
SUPPORT_INTRO = Text(
    "個人の情報（氏名、ユーザー名、PC名、ファイルの場所、回答）は伏せてあります。",
    "Personal data (names, user and host names, file locations, answers) is left out.",
)
SUPPORT_NETWORK = Text("通信", "Network")
PORTAL = Text("ポータル", "Portal")
PROXY = Text("プロキシ", "Proxy")
NO_PROXY = Text(
    "設定なし（OSの設定は検査 pc.proxy を参照）",
    "none set (for the system's own setting, see the check pc.proxy)",
)
CHAIN = Text("見えた証明書", "Certificate seen")
EXEMPT = Text("検査やTLS復号の対象から外すホスト", "Hosts to exempt from inspection and TLS decryption")
PROBLEMS = Text("問題のある検査", "Checks with problems")
NO_PROBLEMS = Text("問題のある検査はありません。", "No checks have problems.")
OTHERS = Text("ほかの検査", "Other checks")
SYSTEM = Text("環境", "System")
