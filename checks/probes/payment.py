"""Step 4: can everybody who must be paid be paid in the chosen way."""

from __future__ import annotations

from checks.model import Context, Finding, derived_check
from checks.says import fails, passes, skips
from checks.text import Text

NATIONAL = ("new-registration", "used-registration", "transfer", "change", "continuous-inspection")
"""Procedures that pay fees, and some the weight tax, to the state."""
PREFECTURE = ("new-registration", "used-registration")
"""Procedures after which the prefecture claims automobile tax. A transfer is not among them: the tax of the year stays
with the owner of 1 April (Yamaguchi prefecture), and the levy on environmental performance has been abolished."""
GARAGE = (*PREFECTURE, "transfer", "change")
"""Procedures within which a garage certificate can be applied for; its fee goes to the prefecture's police."""
BANKING = ("internet-banking", "atm", "combined")

_BEFORE = Text(
    "申請の後では間に合いません。登録を済ませるか、別の払い方を選んでください。",
    "This cannot be done after you apply. Register first, or choose another payment method.",
)


@derived_check(
    "payment.ready",
    title=Text("すべての納付先に払えるか", "Everyone can be paid"),
    why=Text(
        "納付先によって使える銀行が違います。払えないと、申請はそこで止まります。",
        "Different payees accept different banks. The application stops where a payment cannot be made.",
    ),
    how=Text(
        "手続から納付先を割り出し、答えた払い方で払えるかを見ます。納付先の割り出しは推定です。",
        "Works out the payees from the procedure (an inference) and checks whether they can be paid with the methods you answered.",
    ),
    says={
        "ready": passes(
            "納付先と見込まれる{payees}か所のすべてに払う準備ができています。",
            "All expected payees ({payees}) can be paid with the chosen methods.",
            "納付は順に進みます。申請の状況を見て、表示された番号で払ってください。",
            "Payments come one after another. Watch the status of the application and pay with the numbers shown.",
        ),
        "page-read": passes(
            "公式ページで、払うものと払い方を確かめてあります。",
            "You have checked on the official page what to pay and how.",
        ),
        "see-page": skips(
            "抹消登録で払うものは、こちらでは確かめられていません。",
            "What has to be paid for a deletion could not be confirmed here.",
            "公式の「電子納付のための準備」で、払うものと払い方を確かめてください。",
            "Check the official page on preparing for electronic payment for what to pay and how.",
            link="payment",
        ),
        "card-not-registered": fails(
            "カードで払うための登録が済んでいません。申請の前に必要です。",
            "The card has not been registered for payment yet. This must be done before you apply.",
            _BEFORE,
            link="cashless",
        ),
        "direct-not-registered": fails(
            "ダイレクト納付の登録が済んでいません。申請の前に必要です。",
            "Direct payment has not been registered yet. This must be done before you apply.",
            _BEFORE,
            link="payment",
        ),
        "bank-not-national": fails(
            "選んだ銀行では、国庫金（検査登録手数料・重量税）を払えません。",
            "The chosen bank does not handle payments to the state (registration fees, weight tax).",
            "国庫金のPay-easyを扱う銀行を用意するか、ダイレクト納付やカードの登録をします。",
            "Use a bank that handles Pay-easy payments to the state, or register for direct payment or card payment.",
            link="payment",
        ),
        "bank-not-prefecture": fails(
            "選んだ銀行では、都道府県の税・手数料を払えません。",
            "The chosen bank does not handle taxes and fees of the prefecture.",
            "その都道府県のPay-easyを扱う銀行を、もう1つ用意してください。",
            "Prepare another bank that handles Pay-easy payments to that prefecture.",
            link="payment",
        ),
        "undecided": skips(
            "払い方が決まっていません。",
            "The payment method has not been decided yet.",
            "納付先ごとに、払い方を選んでください。",
            "Choose a payment method for each payee.",
            link="payment",
        ),
        "unanswered": skips(
            "納付の質問が、まだ残っています。",
            "Some questions about payment have not been answered yet.",
            "残りの質問に答えると、判定します。",
            "Answer the remaining questions to get a result.",
        ),
    },
    source="payment-order",
)
def ready(ctx: Context) -> Finding:
    procedure = ctx.answer("case.procedure")
    if not procedure:
        return Finding("unanswered")
    if procedure not in NATIONAL:
        return Finding("page-read" if ctx.answer("payment.page-read") == "yes" else "see-page")
    garage = ctx.answer("case.garage") if procedure in GARAGE else "not-needed"
    together = garage == "apply-together"
    states = [_national(ctx)]
    if procedure in PREFECTURE or together:
        states.append(_prefecture(ctx))
    if not garage:
        states.append("unanswered")
    for state in states:
        if state not in ("", "undecided", "unanswered"):
            return Finding(state)
    for state in ("undecided", "unanswered"):
        if state in states:
            return Finding(state)
    return Finding("ready", {"payees": 1 + (procedure in PREFECTURE) + together})


def _national(ctx: Context) -> str:
    """What is wrong with the payment to the state; empty when nothing is."""
    rail = ctx.answer("payment.national-rail")
    if rail in BANKING:
        return _bank(ctx, "national")
    if rail in ("card", "direct"):
        registered = ctx.answer(f"payment.{rail}-registered")
        return "" if registered == "yes" else f"{rail}-not-registered" if registered else "unanswered"
    return rail or "unanswered"


def _prefecture(ctx: Context) -> str:
    """The same for what goes to the prefecture; combined payment covers both."""
    if ctx.answer("payment.national-rail") != "combined":
        rail = ctx.answer("payment.prefecture-rail")
        if rail not in BANKING:
            return rail or "unanswered"
    return _bank(ctx, "prefecture")


def _bank(ctx: Context, payee: str) -> str:
    handles = ctx.answer(f"payment.{payee}-bank")
    return "" if handles == "yes" else f"bank-not-{payee}" if handles else "unanswered"
