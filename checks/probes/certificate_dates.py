"""Step 6: what follows from the answers and the calendar: revoked by moving, the wait after issue, the last day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from checks.model import Context, Finding, Json, derived_check
from checks.probes.elsewhere import CARD_KINDS
from checks.rules import dates
from checks.rules.conditions import parse_when
from checks.says import fails, passes, skips, steps, unknown, warns
from checks.text import Text

RENEWAL_MONTHS = 3
"""Months before the end from which on a certificate on a card or phone can be renewed."""
SOON = timedelta(days=30)

RENEWABLE = Text(
    "期限（{until}、{wareki}）まであと{days}日です。{renewable}（{renewable_wareki}）から更新できます。",
    "It expires in {days|day}, on {until} ({wareki}). Renewal has been possible since {renewable} ({renewable_wareki}).",
)
"""Also said of what the card itself tells."""

_REGISTRY = ["registry-file", "registry-remote"]


@derived_check(
    "certificate.moved",
    title=Text("発行後の変更と電子証明書", "Changes since issue"),
    why=Text(
        "住所・氏名や登記が変わると、それまでの電子証明書は失効します。見ただけでは分からず、申請の最後で止まります。発行し直した直後も使えません。",
        "A change of address, name or register entry revokes the certificate. Nothing shows this until the application fails at the very end. A newly issued certificate cannot be used immediately either.",
    ),
    how=Text(
        "答えと今の日時から判定します。発行の時刻は尋ねないため、その日の終わりに発行されたものとして24時間を数えます。",
        "Worked out from your answers and the current time. The hour of issue is not asked, so the 24 hours are counted from the end of that day.",
    ),
    says={
        "ok": passes(
            "答えのとおりなら、住所・氏名・登記の変更で失効していることはありません。",
            "According to your answers, no change of address, name or register entry has revoked the certificate.",
        ),
        "reissued": passes(
            "変更の後に発行し直し、使えるようになっています（{issued}、{wareki} 発行）。",
            "It was reissued after the change and can be used now (issued {issued}, {wareki}).",
        ),
        "replaced": passes("変更の後に取り直した証明書です。", "It was replaced after the change."),
        "waiting": warns(
            "発行（{issued}、{wareki}）から24時間ほどは使えません。遅くとも {until} からは申請できます。",
            "It cannot be used for about 24 hours after issue ({issued}, {wareki}). You can apply from {until} at the latest.",
            "発行の時刻が分かれば、その24時間後から申請できます。それまでに、ほかの準備を進めてください。",
            "If you know the time of issue, you can apply 24 hours after it. Continue with the other preparations until then.",
            link="jpki-wait",
        ),
        "moved-not-reissued": fails(
            "引っ越しか氏名の変更で、署名用電子証明書は失効しています。発行し直すまで申請できません。今日発行すれば、遅くとも {until} からは申請できます。",
            "The signing certificate was revoked when you moved or changed your name. You cannot apply until it is reissued. If it is issued today, you can apply from {until} at the latest.",
            steps(
                "市区町村の窓口で、カードの記載を変え、署名用電子証明書を発行し直します。",
                "Have the card updated and a new signing certificate issued at your municipal office.",
                "発行から24時間ほど待って申請します。",
                "Wait about 24 hours after issue, then apply.",
                "利用者証明用（4桁の暗証番号）は失効しないため、ログインできても安心できません。",
                "The user authentication certificate (4-digit PIN) stays valid, so being able to log in proves nothing.",
            ),
        ),
        "no-issue-day": unknown(
            "発行し直した日が答えられていないため、もう使えるか分かりません。",
            "The date of reissue has not been answered, so it is not known whether the certificate can be used yet.",
            "「電子証明書を発行・更新した日」に答えてください。おとといまでの発行なら、もう使えます。",
            "Answer when it was issued or renewed. If it was the day before yesterday or earlier, it can be used now.",
            link="jpki-wait",
        ),
        "register-changed": fails(
            "登記の変更で、商業登記電子証明書は失効しています。取り直すまで申請できません。",
            "The change in the register has revoked the certificate. You cannot apply until you replace it.",
            "電子認証登記所の手順で、電子証明書を取り直してください。有効期間は、請求が処理された日から始まります。",
            "Obtain a new certificate from the registry. It is valid from the day the request is processed.",
            link="moj-cert",
        ),
        "office-changed": fails(
            "事務所の名称か所在地が変わったため、行政書士電子証明書の取り直しが必要とされています（未確認）。",
            "The name or address of the office has changed, so the gyoseishoshi certificate reportedly has to be replaced (not confirmed).",
            "日行連の検索に新しい事務所が載ったことを確かめてから、電子証明書を申し込んでください。",
            "Make sure the federation's register shows the new office, then apply for the certificate.",
            link="scrivener-certificate",
        ),
        "unanswered": skips(
            "まだ答えのない質問があるため、判定していません。",
            "Not evaluated because some questions have not been answered.",
            "発行の後の変更と、発行し直したかどうかの質問に答えてください。",
            "Answer whether anything has changed since issue, and whether the certificate was reissued.",
        ),
    },
    source="jpki-moving",
    applies=parse_when({"certificate.kind": [*CARD_KINDS, *_REGISTRY, "gyoseishoshi"]}),
)
def moved(ctx: Context) -> Finding:
    kind = ctx.answer("certificate.kind")
    if kind in CARD_KINDS:
        return _card(ctx)
    question = "certificate.register-changed" if kind in _REGISTRY else "certificate.office-changed"
    changed, replaced = ctx.answer(question), ctx.answer("certificate.replaced")
    if changed == "no":
        return Finding("ok")
    if not kind or changed != "yes" or replaced not in ("yes", "no"):
        return Finding("unanswered")
    return Finding("replaced" if replaced == "yes" else question.removeprefix("certificate."))


def _card(ctx: Context) -> Finding:
    moved, reissued = ctx.answer("certificate.moved-house"), ctx.answer("certificate.reissued")
    issued = ctx.day("certificate.issued-on")
    if moved not in ("yes", "no") or (moved == "yes" and reissued not in ("yes", "no")):
        return Finding("unanswered")
    if moved == "yes" and reissued == "no":
        return Finding("moved-not-reissued", {"until": _shown(dates.usable(ctx.options.today()))})
    if issued is None:
        return Finding("no-issue-day" if moved == "yes" else "ok")
    values: dict[str, Json] = {"issued": issued.isoformat(), "wareki": dates.wareki(issued)}
    from_ = dates.usable(issued)
    if ctx.options.moment() < from_:
        return Finding("waiting", values | {"until": _shown(from_)})
    return Finding("reissued" if moved == "yes" else "ok", values)


def _shown(moment: datetime) -> str:
    """A time of day as the screen shows every one: where the PC is."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def expiry_values(last: date, today: date, renewable: date | None = None) -> dict[str, Json]:
    """Values of a finding: a certificate's last day, the days until then, and the day from which it can be renewed."""
    values: dict[str, Json] = {
        "until": last.isoformat(),
        "wareki": dates.wareki(last),
        "days": (last - today).days,
    }
    if renewable is None:
        return values
    return values | {"renewable": renewable.isoformat(), "renewable_wareki": dates.wareki(renewable)}


@derived_check(
    "certificate.validity",
    title=Text("電子証明書の期限（回答）", "Certificate expiry (answer)"),
    why=Text(
        "申請と補正が終わるまで、電子証明書が有効である必要があります（登録自動車のOSSの案内による）。",
        "The certificate must stay valid until the application and any corrections are finished (according to OSS for registered vehicles).",
    ),
    how=Text(
        "答えた有効期限を今日の日付と比べます。マイナンバーカードは期限の3か月前から更新できます。",
        "Compares the expiry date you answered with today. A certificate on the My Number card can be renewed from three months before it expires.",
    ),
    says={
        "in-date": passes(
            "期限は {until}（{wareki}）で、あと{days}日あります。",
            "It is valid until {until} ({wareki}), {days|day} from now.",
        ),
        "renewable": warns(
            RENEWABLE.ja,
            RENEWABLE.en,
            "申請と補正が期限までに終わらないときは、先に更新してください。更新から24時間ほどは使えません。",
            "If the application and any corrections may take longer, renew it first. It cannot be used for about 24 hours after renewal.",
            link="jpki-faq",
        ),
        "expires-soon": warns(
            "期限（{until}、{wareki}）まであと{days}日です。",
            "It expires in {days|day}, on {until} ({wareki}).",
            "申請と補正が期限までに終わらないときは、先に新しい電子証明書を取ってください。届くまで日数がかかります。",
            "If the application and any corrections may take longer, get a new certificate first. It takes days to arrive.",
            link="ninsho-list",
        ),
        "expired": fails(
            "期限が {until}（{wareki}）に切れています。",
            "It expired on {until} ({wareki}).",
            "新しい電子証明書を取ってから申請してください。日付の答えが古いときは、直してください。",
            "Get a new certificate before you apply. If your answer is out of date, correct it.",
            link="ninsho-list",
        ),
        "unanswered": skips(
            "有効期限は答えられていません。",
            "The expiry date has not been answered.",
            "「電子証明書の有効期限」に答えると、ここで判定し、期限の一覧に載せます。",
            "Answer when the certificate expires to have it checked here and added to the deadlines.",
            not_needed=True,
        ),
    },
    source="ca",
)
def validity(ctx: Context) -> Finding:
    last = ctx.day("certificate.expires-on")
    if last is None:
        return Finding("unanswered")
    today = ctx.options.today()
    values = expiry_values(last, today)
    if last < today:
        return Finding("expired", values)
    if ctx.answer("certificate.kind") in CARD_KINDS:
        renewable = dates.add_months(last, -RENEWAL_MONTHS)
        if today >= renewable:
            return Finding("renewable", expiry_values(last, today, renewable))
    elif last - today <= SOON:
        return Finding("expires-soon", values)
    return Finding("in-date", values)
