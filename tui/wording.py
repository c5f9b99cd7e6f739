"""What several modules of the screen say, in both languages; a sentence that only one says stands at its beginning."""

from __future__ import annotations

from collections.abc import Mapping

from checks.text import Text
from state.standing import State
from state.words import ANSWER as ANSWER
from state.words import CASE as CASE
from state.words import NOTES as NOTES
from state.words import SEEN as SEEN
from state.words import SOURCE as SOURCE
from state.words import STATES as STATES

PRODUCT = "oss-junbi"

# States, as a tag in the tree and as words in the detail.

TAGS: Mapping[State, Text] = {
    "done": Text("[済]", "[done]"),
    "to-do": Text("[未]", "[todo]"),
    "running": Text("[検]", "[runs]"),
    "attention": Text("[要]", "[fix!]"),
    "warn": Text("[注]", "[warn]"),
    "unknown": Text("[不]", "[ ?? ]"),
    "crash": Text("[障]", "[bug!]"),
    "stale": Text("[古]", "[old ]"),
    "waived": Text("[許]", "[okay]"),
    "declared": Text("[申]", "[decl]"),
    "optional": Text("[任]", "[opt ]"),
    "not-needed": Text("[外]", "[n/a ]"),
}
ROLES: Mapping[State, str] = {
    "done": "done", "to-do": "todo", "running": "running", "attention": "attention", "warn": "warn",
    "unknown": "unknown", "crash": "unknown", "stale": "stale", "waived": "done", "declared": "notice",
    "not-needed": "muted", "optional": "muted",
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
IS_READ_ONLY = Text("読み取り専用なので変更できません", "Read-only: nothing can be changed")
CONTACTS = Text(
    "ネットワークの検査は {contact} へ接続します（プロキシの設定があれば、そこを通します）。"
    "証明書を確かめられないときは、時刻を知るために同じ相手の80番も使います。ほかには接続せず、回答も送りません。",
    "The network checks connect to {contact} (through a proxy if one is set). If its certificate cannot be verified, the "
    "time is read from port 80 of the same host. Nothing else is contacted, and none of your answers are sent.",
)
YES_NO = Text("はい (y, Enter)  いいえ (Esc)", "Yes (y, Enter)  No (Esc)")
CONTACT_PORTAL = Text("ポータル {portal}", "the portal {portal}")
FILTER = Text("絞込: ", "Filter: ")
NO_MATCH = Text("該当する項目はありません", "No matches")
TAKE_WORD = Text("決定", "OK")
PICK_WORD = Text("選ぶ", "select")
SAVE_WORD = Text("保存", "save")
SESSION_UNREADABLE = Text("読めません", "unreadable")

DRAFT_BACK = Text("書きかけの文を戻しました（Escで捨てます）", "Draft restored (Esc discards it)")
