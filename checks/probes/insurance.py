"""Compulsory insurance: does the policy begin in time and last long enough, and can the portal see it."""

from __future__ import annotations

from datetime import date

from checks.model import Context, Finding, Json, derived_check
from checks.rules.conditions import parse_when
from checks.rules.dates import add_months, era_values
from checks.says import fails, passes, skips, steps, warns
from checks.text import Text

PROCEDURES = ["new-registration", "used-registration", "continuous-inspection"]
"""The procedures for which insurance is prepared (the preparation page, step 3)."""
LONGEST_MONTHS = 37
"""No policy that is sold lasts longer (the table of rates)."""
SOON_MONTHS = 3
"""A continuous inspection gives at least a year, so a new expiry nearer than this is rather the present one."""

_APPLIES = parse_when({"case.procedure": PROCEDURES})


@derived_check(
    "insurance.covers-inspection",
    title=Text("自賠責の期間が足りるか", "Policy is long enough"),
    why=Text(
        "保険の期間は、新しい検査の有効期間のすべてを含む必要があります。1日でも足りない契約は、条件を満たしません。軽自動車の継続検査の案内によるもので、ほかの申請でも同じとみられます。",
        "The policy must cover the whole new inspection period. A policy that is even one day short does not qualify. The page on continuous inspections of kei cars says so; it is probably the same for other applications.",
    ),
    how=Text(
        "答えた日付を比べます。始まりは、今日までなら足ります。先の日付なら、申請する予定の日か、継続検査では今の車検証（今の自賠責がもっと続くなら、その終わり）に間に合うかを見ます。終わりは、新しい検査の満了日と比べます。",
        "Compares the dates you answered. A policy that has already started is early enough. One that starts later must start by the planned filing date or, for a continuous inspection, by the expiry of the current inspection certificate (or of the current policy, if later). Its end is compared with the end of the new inspection period.",
    ),
    says={
        "covers": passes(
            "自賠責の始まり（{start}、{start_era}）は間に合い、終わり（{end}、{end_era}）は新しい検査の満了日（{inspection}、{inspection_era}）より後です。",
            "The policy starts in time ({start}, {start_era}) and ends on {end} ({end_era}), after the new inspection period ({inspection}, {inspection_era}).",
        ),
        "same-day": warns(
            "自賠責も新しい検査も、{end}（{end_era}）に終わります。自賠責は正午に終わるとされ、半日足りないことがあります。",
            "The policy and the new inspection period both end on {end} ({end_era}). Policies are said to end at noon, so half a day may be missing.",
            "この契約でよいか、{office}か保険会社に確かめてください。1か月長い契約（25か月や37か月など）なら確実です。",
            "Ask {office} or the insurer whether this policy is enough. A policy that is a month longer (25 or 37 months) is safe.",
        ),
        "implausible-date": warns(
            "答えた日付に、ありそうもないものがあります。自賠責は{start}から{end}まで、新しい検査の満了日は{inspection}（{inspection_era}）という答えです。",
            "One of the dates you answered is implausible: a policy from {start} to {end} and a new inspection period ending on {inspection} ({inspection_era}).",
            "「見えたもの」にある日付を、証明書と見比べて直してください。満了日には、今の車検証ではなく、新しい車検証の日付を答えます。",
            "Compare the dates in the evidence with the certificates and correct them. The end of the inspection period is that of the new inspection certificate, not the current one.",
            link="jizen-junbi",
        ),
        "too-short": fails(
            "自賠責の期間が{days}日足りません。自賠責は{end}（{end_era}）まで、新しい検査は{inspection}（{inspection_era}）までです。",
            "The policy is {days|day} short. It ends on {end} ({end_era}), but the new inspection period ends on {inspection} ({inspection_era}).",
            steps(
                "日付の入力に誤りがないか、証明書と見比べます。",
                "Compare the dates you entered with the certificate.",
                "保険会社か共済団体に、足りない期間の契約を相談します。",
                "Ask the insurance company or mutual aid society about insurance for the missing period.",
                "新車新規登録で申請の後に足りなくなったら、補正申請ができます。先に、追加の期間の情報を登録情報処理機関に登録してもらいます。",
                "If the policy for a new car's registration became too short after you applied, you can file a supplementary application. First have the insurance for the additional period registered with the registration information body.",
            ),
            link="jizen-junbi",
        ),
        "gap": fails(
            "自賠責の始まりが遅すぎます。{by}（{by_era}）までに始まる必要がありますが、始まるのは{start}（{start_era}）です。",
            "The policy starts too late. It must start by {by} ({by_era}), but starts on {start} ({start_era}).",
            steps(
                "新規登録では申請する予定の日、継続検査では今の車検証の満了日までに始まらないと、保険のない日ができます。答えを証明書と見比べ、予定の日が変わったら答え直します。",
                "The policy must start by the planned filing date for a registration, or by the expiry of the current inspection certificate for a continuous inspection. Otherwise some days are uninsured. Compare your answers with the certificates, and update the filing date if it has changed.",
                "継続検査で、今の自賠責が新しい契約の始まりまで続くなら、「今の自賠責が終わる日」に答えます。",
                "For a continuous inspection, if the current policy lasts until the new one starts, answer when the current policy ends.",
                "どれでもなければ、保険会社か共済団体に、始まりの日を早める相談をします。",
                "Otherwise, ask the insurance company or mutual aid society about an earlier start.",
            ),
            link="jizen-junbi",
        ),
        "unanswered": skips(
            "自賠責の期間を比べるための手続と日付が、まだそろっていません。",
            "Not enough has been answered yet to compare the policy with the procedure and its dates.",
            steps(
                "自賠責の証明書を見て、始まりの日、終わりの日、新しい検査の満了日を答えてください。",
                "From the insurance certificate, answer the first and last day of the policy, and the end of the new inspection period.",
                "始まりが明日以降なら、新規登録では「申請する予定の日」（申請の内容）、継続検査では「今の車検証の満了日」にも答えてください。今の車検証が切れていれば、「申請する予定の日」です。",
                "If the policy starts after today, also answer the planned filing date (with the application) for a registration, or the expiry of the current inspection certificate for a continuous inspection. If that has expired, answer the planned filing date.",
            ),
        ),
    },
    source="kei-inspection",
    applies=_APPLIES,
)
def covers_inspection(ctx: Context) -> Finding:
    start, end = ctx.day("insurance.start"), ctx.day("insurance.end")
    inspection = ctx.day("insurance.inspection-end")
    if start is None or end is None or inspection is None:
        return Finding("unanswered")
    named = {"start": start, "end": end, "inspection": inspection}
    limit = None if start <= ctx.options.today() else _latest_start(ctx)
    if limit is not None:
        named["by"] = limit
    values: dict[str, Json] = {**era_values(**named)}
    if end < start:
        return Finding("implausible-date", values, ("policy ends before it begins",))
    if limit is not None and start > limit:
        return Finding("gap", values)
    if end < inspection:
        return Finding("too-short", {**values, "days": (inspection - end).days})
    if start > ctx.options.today() and limit is None:
        return Finding("unanswered")
    odd = _implausible(ctx, start, end, inspection)
    if odd:
        return Finding("implausible-date", values, odd)
    if not ctx.answer("case.procedure"):
        return Finding("unanswered")
    return Finding("same-day" if end == inspection else "covers", values)


def _latest_start(ctx: Context) -> date | None:
    """The day by which a policy that is yet to begin must do so; None while that is not answered.

    A registration needs it on its day, a continuous inspection when the present certificate ends, or the present
    policy, if that is later. After a certificate that has ended already a new period begins with the inspection.
    """
    procedure, planned = ctx.answer("case.procedure"), ctx.day("case.planned-date")
    if procedure != "continuous-inspection":
        return planned if procedure else None
    expiry, present = ctx.day("documents.inspection-expiry"), ctx.day("insurance.present-end")
    limit = planned if expiry is not None and expiry < ctx.options.today() else expiry
    return limit if limit is None or present is None else max(limit, present)


def _implausible(ctx: Context, start: date, end: date, inspection: date) -> tuple[str, ...]:
    """What of the dates is hardly possible, as lines of evidence; nothing when all can be right."""
    today, inspected = ctx.options.today(), ctx.answer("case.procedure") == "continuous-inspection"
    begins = ctx.day("documents.inspection-expiry" if inspected else "case.planned-date")
    present = ctx.day("insurance.present-end") if inspected else None
    odd = {
        f"policy lasts over {LONGEST_MONTHS} months": end > add_months(start, LONGEST_MONTHS),
        f"present policy lasts over {LONGEST_MONTHS} months": present is not None
        and present > add_months(today, LONGEST_MONTHS),
        "new inspection ends in the past": inspection < today,
        f"new inspection ends within {SOON_MONTHS} months": inspected
        and today <= inspection <= add_months(today, SOON_MONTHS),
        "new inspection ends before it begins": begins is not None and inspection <= begins,
    }
    return tuple(line for line, holds in odd.items() if holds)


@derived_check(
    "insurance.data-visible",
    title=Text("自賠責の電子データ", "Electronic insurance data"),
    why=Text(
        "OSSは紙ではなく、登録情報処理機関にある電子データで自賠責を確かめます。",
        "OSS verifies insurance with the electronic data held by the registration information body, not with the paper certificate.",
    ),
    how=Text(
        "プログラムからは見えないため、答えから判断します。",
        "This program cannot see the data, so the result follows from your answer.",
    ),
    says={
        "visible": passes("自賠責の電子データが見えています。", "The electronic insurance data is visible."),
        "not-visible": warns(
            "自賠責の電子データがまだ見えません。このままでは「該当なし」になることがあります。",
            'The electronic insurance data is not visible yet. The application may be answered with "no matching data".',
            steps(
                "契約した直後なら、1時間ほど待ちます。",
                "If the policy was only just taken out, wait about an hour.",
                "自賠責の証明書の下に〈登録情報処理機関報告契約〉とあるか見ます。",
                "Check whether the insurance certificate says <toroku joho shori kikan hokoku keiyaku> at the bottom.",
                "見えないままなら、保険会社か代理店にe-JIBAIでの送信を頼みます。",
                "If the data still does not appear, ask the insurer or agency to send it through e-JIBAI.",
                "電子で送れない契約は、窓口かハイブリッドOSSでしか使えないとされています（未確認）。",
                "A policy that cannot be sent electronically reportedly works only at the counter or with hybrid OSS (not confirmed).",
            ),
        ),
        "unanswered": skips(
            "自賠責の電子データが見えるかどうか、まだ答えていません。",
            "The question on whether the electronic insurance data is visible has not been answered yet.",
            "自賠責の証明書の下の〈登録情報処理機関報告契約〉の表示を見るか、保険会社に聞いてください。",
            "Check the bottom of the insurance certificate for <toroku joho shori kikan hokoku keiyaku>, or ask the insurer.",
        ),
    },
    source="electronic-insurance",
    applies=_APPLIES,
)
def data_visible(ctx: Context) -> Finding:
    return Finding(
        {"yes": "visible", "no": "not-visible"}.get(ctx.answer("insurance.data-visible"), "unanswered")
    )
