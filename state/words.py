"""The words that papers, the command line and the screen share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import Outcome
from checks.text import Text

if TYPE_CHECKING:
    from state.standing import State

OUTCOMES: dict[Outcome, Text] = {
    Outcome.PASS: Text("済", "ok"),
    Outcome.WARN: Text("注意", "warning"),
    Outcome.FAIL: Text("要対応", "to fix"),
    Outcome.SKIP: Text("省略", "skipped"),
    Outcome.UNKNOWN: Text("不明", "unknown"),
    Outcome.CRASH: Text("不具合", "crash"),
}
STATES: dict[State, Text] = {
    "done": Text("済", "done"),
    "to-do": Text("未", "to do"),
    "running": Text("検査中", "running"),
    "attention": OUTCOMES[Outcome.FAIL],
    "warn": OUTCOMES[Outcome.WARN],
    "unknown": OUTCOMES[Outcome.UNKNOWN],
    "crash": OUTCOMES[Outcome.CRASH],
    "stale": Text("要再確認", "check again"),
    "waived": Text("例外として承認", "accepted exception"),
    "declared": Text("申告", "declared"),
    "optional": Text("任意", "optional"),
    "not-needed": Text("対象外", "not needed"),
}
TITLE = Text("{service} 事前準備の確認書", "Preparation for {service}")
SESSION = Text("セッション", "Session")
FILE = Text("ファイル", "File")
REFUSAL = Text("申請できるか", "Eligibility")
CASE = Text("申請の内容", "The application")
READY = Text("準備が完了しています。", "Everything is ready.")
NOT_READY = {
    1: Text("要対応の項目があります。", "Some items need action."),
    3: Text("調べられなかった項目があります。", "Some items could not be checked."),
    4: Text("未回答・未完了の項目があります。", "Some items are still open."),
}
NEXT = Text("次にやること", "Next")
ANSWER = Text("回答", "Answer")
NONE_YET = Text("未回答", "not answered")
SEEN = Text("見えたもの", "Evidence")
COMMANDS = Text("コピーして使うコマンド", "Commands to copy")
SOURCE = Text("出典", "Source")
NOTE = Text("メモ", "Note")
NOTES = Text("メモ", "Notes")
ON_PC = Text("{pc} で調べます", "to be checked on {pc}")
WAIVED = Text("例外（{until} まで、{by}）: {reason}", "Accepted exception (until {until}, {by}): {reason}")
DECLARED = {
    "official-check": Text(
        "公式のチェックプログラムの結果による申告（{on}、{by}）。ここでは見ていません。",
        "Declared by {by} from the result of the official check program on {on}; not seen here.",
    ),
    "person": Text("申告（{on}、{by}）。ここでは見ていません。", "Declared by {by} on {on}; not seen here."),
}
DECLARED_COUNT = Text("申告 {n}", "Declared {n}")
EXPIRED = Text("期限切れのため、要対応に数えています", "expired; the item counts again")
WAIT = Text(
    "ご用意に{hours}時間ほどかかります。お早めにお願いします。",
    "Allow about {hours|hour} for this, and please start early.",
)
