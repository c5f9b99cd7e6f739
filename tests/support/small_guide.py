"""A guide of two steps' worth of questions and checks, so that tests of reports do not depend on the guide's words."""

from __future__ import annotations

from datetime import UTC, date, datetime

from checks.guide import Guide
from checks.model import Check, Context, Finding, Outcome, Says, check
from checks.record import replace
from checks.rules.conditions import ALWAYS, When
from checks.steps import Basis, Choice, Note, Page, Question, Step
from checks.text import Text

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
READ = date(2026, 11, 22)
BASIS = Basis("page", READ, "official")
PAGE = Page("page", "https://www.oss.mlit.go.jp/portal/", Text("手引き", "The guide"), READ, True)
UNREAD = Page(
    "unread", "https://www.oss.mlit.go.jp/unread", Text("読めないページ", "An unread page"), None, True
)


def _probe(_context: Context) -> Finding:
    return Finding("fine")


def made(name: str, step: int, **says: Says) -> Check:
    """A check with these codes."""
    words = Text(f"{name}の検査", f"The check {name}")
    return replace(
        check(name, title=words, why=words, how=words, says=says, source="page")(_probe), step=step
    )


FINE = Says(Outcome.PASS, Text("問題ありません。", "All is well."))
WRONG = Says(
    Outcome.FAIL,
    Text("{what}が違います。", "{what} is wrong."),
    Text("直してください。\n1. 開く\n2. 直す", "Mend it.\n1. Open\n2. Mend"),
    ("linux: mend --all", "windows: Mend-All"),
    "unread",
)
LOST = Says(Outcome.UNKNOWN, Text("わかりません。", "Not known."))
ODD = Says(Outcome.WARN, Text("注意してください。", "Beware."))
NEVER = Says(Outcome.SKIP, Text("要りません。", "Not needed."), not_needed=True)

NETWORK = made("net.reach", 1, fine=FINE, wrong=WRONG, lost=LOST, odd=ODD, never=NEVER)
DISK = made("pc.disk", 2, fine=FINE, wrong=WRONG)
CHECKS = {one.id: one for one in (NETWORK, DISK)}


def _question(name: str, step: int, ja: str, en: str, **more: object) -> Question:
    choices = (Choice("yes", Text("はい", "Yes")), Choice("no", Text("いいえ", "No"), "to-do"))
    values: dict[str, object] = {"kind": "yesno", "choices": choices, "help": None, **more}
    return Question(id=name, step=step, text=Text(ja, en), basis=BASIS, **values)  # type: ignore[arg-type]


PROCEDURE = _question(
    "case.procedure", 0, "どの手続ですか。", "Which procedure?", kind="choice",
    choices=(Choice("transfer", Text("移転登録", "Transfer")), Choice("new", Text("新規登録", "New registration"))),
)  # fmt: skip
SEAL = _question(
    "documents.seal", 5, "印鑑証明書", "Seal certificate", document=True, wait_hours=24,
    help=Text("市区町村の窓口で受け取ります。", "From the city office."),
)  # fmt: skip
SINCE = _question("documents.since", 5, "発行日", "Date of issue", kind="date", choices=())
NOTE = _question("documents.word", 5, "備考", "Remarks", kind="text", choices=(), required=False)
CAUTION = Note("documents.caution", "caution", Text("ご注意ください。", "Take care."), BASIS)


def make_guide() -> Guide:
    """The guide itself."""
    steps = [
        Step(number, f"step-{name}", Text(f"段階{name}", f"Stage {name}"), Text(name, name), "page",
             When(((("case.procedure", frozenset({"new"})),),)) if number == 3 else ALWAYS,
             Text("この手続では要りません。", "Not needed for this procedure.") if number == 3 else None,
             (CAUTION,) if number == 5 else (),
             (SEAL, SINCE, NOTE) if number == 5 else ())
        for number, name in enumerate("abcdefg", 1)
    ]  # fmt: skip
    case = Step(
        0,
        "case",
        Text("申請の内容", "The application"),
        Text("内容", "Case"),
        "page",
        ALWAYS,
        None,
        (),
        (PROCEDURE,),
    )
    questions = {one.id: one for one in (PROCEDURE, SEAL, SINCE, NOTE)}
    return Guide(case, tuple(steps), {"page": PAGE, "unread": UNREAD}, questions, CHECKS)
