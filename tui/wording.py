"""What several modules of the screen say, in both languages; a sentence that only one says stands at its beginning."""

from __future__ import annotations

from collections.abc import Mapping

from checks.model import Outcome
from checks.text import Text
from state import words
from state.standing import Status
from state.words import ANSWER as ANSWER
from state.words import CASE as CASE
from state.words import NOTES as NOTES
from state.words import SEEN as SEEN
from state.words import SOURCE as SOURCE

PRODUCT = "oss-junbi"

# States, as a tag in the tree and as words in the detail.

TAGS: Mapping[str, Text] = {
    "done": Text("[済]", "[done]"),
    "to-do": Text("[未]", "[todo]"),
    "running": Text("[検]", "[runs]"),
    "attention": Text("[要]", "[fix!]"),
    "warn": Text("[注]", "[warn]"),
    "unknown": Text("[不]", "[ ?? ]"),
    "crash": Text("[障]", "[bug!]"),
    "stale": Text("[古]", "[old ]"),
    "waived": Text("[許]", "[okay]"),
    "optional": Text("[任]", "[opt ]"),
    "not-needed": Text("[外]", "[n/a ]"),
}
STATES: Mapping[str, Text] = {
    "done": words.STATUS[Status.DONE],
    "to-do": words.STATUS[Status.TO_DO],
    "running": words.STATUS[Status.RUNNING],
    "attention": words.STATUS[Status.ATTENTION],
    "warn": words.OUTCOMES[Outcome.WARN],
    "unknown": words.OUTCOMES[Outcome.UNKNOWN],
    "crash": words.OUTCOMES[Outcome.CRASH],
    "stale": words.STATUS[Status.STALE],
    "waived": Text("例外として承認", "accepted exception"),
    "optional": Text("任意", "optional"),
    "not-needed": words.STATUS[Status.NOT_NEEDED],
}
ROLES: Mapping[str, str] = {
    "done": "done", "to-do": "todo", "running": "running", "attention": "attention", "warn": "warn",
    "unknown": "unknown", "crash": "unknown", "stale": "stale", "waived": "done", "not-needed": "muted", "optional": "muted",
}  # fmt: skip
STANDINGS: Mapping[Status, str] = {
    Status.DONE: "done",
    Status.TO_DO: "to-do",
    Status.RUNNING: "running",
    Status.ATTENTION: "attention",
    Status.STALE: "stale",
    Status.NOT_NEEDED: "not-needed",
}
BY_OUTCOME: Mapping[Outcome, str] = {
    Outcome.WARN: "warn", Outcome.UNKNOWN: "unknown", Outcome.CRASH: "crash", Outcome.FAIL: "attention",
}  # fmt: skip

# Sentences.

ALL_READY = Text("申請の準備が整いました", "Everything is ready")
WHY = Text("なぜ必要か", "Why it is needed")
CHOICES = Text("選択肢", "Choices")
KINDS: Mapping[str, Text] = {
    "purpose": Text("目的", "Purpose"),
    "rule": Text("きまり", "Rule"),
    "tip": Text("ワンポイント", "Tip"),
    "caution": Text("ご注意", "Caution"),
    "info": Text("参考", "Good to know"),
}
IS_READ_ONLY = Text("読み取り専用なので変更できません", "Opened read-only: nothing can be changed")
CONTACTS = Text(
    "ネットワークの検査は {contact} へ接続します（プロキシの設定があれば、そこを通します）。"
    "証明書を確かめられないときは、時刻を知るために同じ相手の80番も使います。ほかには接続せず、回答も送りません。",
    "The network checks contact {contact} (through a proxy if one is set). Where its certificate cannot be verified, "
    "port 80 of the same host is asked for the time. Nothing else is contacted, and none of your answers is sent.",
)
YES_NO = Text("はい (y, Enter)  いいえ (Esc)", "Yes (y, Enter)  No (Esc)")
CONTACT_PORTAL = Text("ポータル {portal}", "the portal {portal}")
FILTER = Text("絞込: ", "Filter: ")
NO_MATCH = Text("該当する項目はありません", "Nothing matches")
TAKE_WORD = Text("決定", "take")
PICK_WORD = Text("選ぶ", "pick")
SAVE_WORD = Text("保存", "save")
SESSION_UNREADABLE = Text("読めません", "unreadable")
