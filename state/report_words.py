"""The words that reports and the command line share."""

from __future__ import annotations

from checks.model import Outcome
from checks.steps import Confidence
from checks.text import Text
from state.progress import Status

STATUS: dict[Status, Text] = {
    Status.NOT_NEEDED: Text("対象外", "not needed"),
    Status.TO_DO: Text("未", "to do"),
    Status.RUNNING: Text("検査中", "running"),
    Status.DONE: Text("済", "done"),
    Status.ATTENTION: Text("要対応", "attention"),
    Status.STALE: Text("要再確認", "check again"),
}
OUTCOMES: dict[Outcome, Text] = {
    Outcome.PASS: Text("済", "ok"),
    Outcome.WARN: Text("注意", "warning"),
    Outcome.FAIL: Text("要対応", "failed"),
    Outcome.SKIP: Text("省略", "skipped"),
    Outcome.UNKNOWN: Text("不明", "unknown"),
    Outcome.CRASH: Text("不具合", "crash"),
}
CONFIDENCE: dict[Confidence, Text] = {
    "official": Text("公式ページで確認", "read on an official page"),
    "secondary": Text("公式以外の情報", "reported by others"),
    "computed": Text("一次資料からの計算", "worked out from primary data"),
    "inferred": Text("推定", "inferred"),
    "unread": Text(
        "公式ページを読めていないため、リンクのみ", "the official page could not be read and is only linked"
    ),
}
TITLE = Text("OSS 事前準備の確認書", "Preparation for an OSS application")
TITLE_CUSTOMER = Text("ご準備いただくもののお願い", "What we still need from you")
TITLE_SUPPORT = Text("サポート用の情報", "Information for support")
SESSION = Text("セッション", "Session")
FILE = Text("ファイル", "File")
MADE = Text("作成日時", "Made")
VERSION = Text("版", "Version")
CASE = Text("申請の内容", "The application")
RESULT = Text("結果", "Result")
READY = Text("準備が完了しています。", "Everything is ready.")
NOT_READY = {
    1: Text("要対応の項目があります。", "Something needs attention."),
    3: Text("調べられなかった項目があります。", "Something could not be determined."),
    4: Text("未回答・未完了の項目があります。", "Something is still open."),
}
NEXT = Text("次にやること", "Next")
STEP = Text("ステップ{number}", "Step {number}")
STEP_COUNT = Text("{done}/{all}", "{done}/{all}")
ANSWER = Text("回答", "Answer")
NONE_YET = Text("未回答", "not answered")
SEEN = Text("見えたもの", "Seen")
REMEDY = Text("どう直すか", "What to do")
COMMANDS = Text("コピーして使うコマンド", "Commands to copy")
LOOKED_AT = Text("調べた日時: {at}", "Looked at: {at}")
SOURCE = Text("出典", "Source")
CHECKED = Text("{day} 確認", "read {day}")
NOT_READ = Text("未確認", "not read")
OLD = Text(
    "確認から180日以上たっています。もう一度、公式ページで確かめてください。",
    "This was read more than 180 days ago. Please look it up again on the official page.",
)
NOTE = Text("メモ", "Note")
NOTES = Text("メモ", "Notes")
WAIVED = Text("例外（{until} まで、{by}）: {reason}", "Accepted exception (until {until}, {by}): {reason}")
WAIVERS = Text("認めた例外", "Accepted exceptions")
EXPIRED = Text("期限切れのため、要対応に数えています", "expired, so it counts again")
CONFIRMED_BY = Text("確認者", "Confirmed by")
CONFIRMED_ON = Text("確認日", "Date")
OFFICE_STAMP = Text("事業所名", "Office")
CUSTOMER_INTRO = Text(
    "オンライン申請（OSS）の準備のため、次のものがまだ必要です。お手数ですが、ご用意をお願いします。",
    "To prepare the online application (OSS) we still need the following from you. Thank you for getting it ready.",
)
CUSTOMER_NONE = Text(
    "今のところ、ご用意いただくものはありません。", "At the moment nothing more is needed from you."
)
PAPERS = Text("書類", "Papers")
QUESTIONS = Text("お知らせいただきたいこと", "What we need to know")
WAIT = Text(
    "ご用意に{hours}時間ほどかかります。お早めにお願いします。",
    "This takes about {hours} hours, so please begin early.",
)
CUSTOMER_CONTACT = Text("ご連絡先", "Contact")
SUPPORT_INTRO = Text(
    "個人の情報（氏名、ユーザー名、PC名、ファイルの場所、回答）は伏せてあります。",
    "Personal data (names, user and host names, places of files, answers) is left out.",
)
SUPPORT_NETWORK = Text("通信", "Network")
PORTAL = Text("ポータル", "Portal")
PROXY = Text("プロキシ", "Proxy")
NO_PROXY = Text(
    "設定なし（OSの設定は検査 pc.proxy を参照）", "none set (see the check pc.proxy for the system's own)"
)
EXEMPT = Text("検査やTLS復号の対象から外すホスト", "Hosts to exempt from inspection and TLS decryption")
PROBLEMS = Text("問題のある検査", "Checks with a problem")
NO_PROBLEMS = Text("問題のある検査はありません。", "No check has a problem.")
OTHERS = Text("ほかの検査", "Other checks")
SYSTEM = Text("環境", "System")
REDACTED = Text("（伏せました）", "(left out)")
