"""Compulsory insurance: does the policy last long enough, and can the portal see it."""

from __future__ import annotations

from checks.dates import era_short
from checks.model import Context, Finding, Json, Outcome, Says, check
from checks.text import Text
from checks.when import When

PROCEDURES = frozenset({"new-registration", "used-registration", "continuous-inspection"})
"""The procedures for which insurance is prepared (the preparation page, step 3)."""

_APPLIES = When(((("case.procedure", PROCEDURES),),))

_LONGER = Text(
    "1. 日付の入力に誤りがないか、証明書と見比べます。\n"
    "2. 保険会社か共済団体に、足りない期間の契約を相談します。\n"
    "3. 新車新規登録で申請の後に足りなくなったら、補正申請ができます。先に、追加の期間の情報を登録情報処理機関に登録してもらいます。",
    "1. Compare the dates with the certificate.\n"
    "2. Ask the insurance company or the mutual aid society about a contract for the missing period.\n"
    "3. If a new car's policy has become too short after you applied, have the insurance for the additional period registered with the registration information body and file a supplementary application.",
)
_COVERS = {
    "covers": Says(
        Outcome.PASS,
        Text(
            "自賠責は{end}（{end_era}）までで、新しい検査の期間をすべて含みます。検査の満了日は{inspection}（{inspection_era}）です。",
            "The policy lasts until {end} ({end_era}) and covers the whole new inspection period, which ends on {inspection} ({inspection_era}).",
        ),
    ),
    "same-day": Says(
        Outcome.WARN,
        Text(
            "自賠責も新しい検査も、{end}（{end_era}）に終わります。自賠責は正午に終わるとされ、半日足りないことがあります。",
            "The policy and the new inspection both end on {end} ({end_era}). A policy is said to end at noon, so that half a day may be missing.",
        ),
        Text(
            "この契約でよいか、運輸支局か保険会社に確かめてください。1か月長い契約（25か月や37か月など）なら確実です。",
            "Ask the transport office or the insurer whether that is enough. A policy that is a month longer (25 or 37 months) is certain to do.",
        ),
        link="kei-inspection",
    ),
    "too-short": Says(
        Outcome.FAIL,
        Text(
            "自賠責の期間が{days}日足りません。自賠責は{end}（{end_era}）まで、新しい検査は{inspection}（{inspection_era}）までです。",
            "The policy is {days} days short. It lasts until {end} ({end_era}), the new inspection until {inspection} ({inspection_era}).",
        ),
        _LONGER,
        link="jizen-junbi",
    ),
    "starts-late": Says(
        Outcome.FAIL,
        Text(
            "自賠責は{start}（{start_era}）に始まりますが、新しい検査はその前の{inspection}（{inspection_era}）に満了します。",
            "The policy begins on {start} ({start_era}), but the new inspection period ends before that, on {inspection} ({inspection_era}).",
        ),
        Text(
            "日付を見直してください。満了日には、今の車検証ではなく、新しい車検証の日付を答えます。",
            "Look at the dates again. The inspection's end is that of the new certificate, not of the present one.",
        ),
        link="jizen-junbi",
    ),
    "unanswered": Says(
        Outcome.SKIP,
        Text(
            "保険期間と新しい検査の満了日が、まだそろっていません。",
            "The dates of the policy and of the new inspection are not all answered yet.",
        ),
        Text(
            "自賠責の証明書を見て、始まりの日、終わりの日、新しい検査の満了日を答えてください。",
            "Give the first and the last day of the policy and the day on which the new inspection ends.",
        ),
    ),
}


@check(
    "insurance.covers-inspection",
    step=3,
    title=Text("自賠責の期間が足りるか", "Policy lasts long enough"),
    why=Text(
        "保険の期間は、新しい検査の有効期間のすべてを含む必要があります。1日でも足りない契約は、条件を満たしません。",
        "The policy must cover the whole new inspection period. A policy that is one day short does not do.",
    ),
    how=Text(
        "答えた3つの日付を比べます。始まりの日が先でもかまいません。",
        "The three dates answered are compared. A start in the future is no fault.",
    ),
    says=_COVERS,
    source="kei-inspection",
    applies=_APPLIES,
    needs=("insurance.start", "insurance.end", "insurance.inspection-end"),
    scope="case",
    derived=True,
)
def covers_inspection(ctx: Context) -> Finding:
    """Whether the policy covers the whole new inspection period."""
    start, end = ctx.day("insurance.start"), ctx.day("insurance.end")
    inspection = ctx.day("insurance.inspection-end")
    if start is None or end is None or inspection is None:
        return Finding("unanswered")
    named = {"start": start, "end": end, "inspection": inspection}
    values: dict[str, Json] = {name: day.isoformat() for name, day in named.items()}
    values |= {f"{name}_era": era_short(day) for name, day in named.items()}
    if end < inspection:
        return Finding("too-short", {**values, "days": (inspection - end).days})
    if start > inspection:
        return Finding("starts-late", values)
    return Finding("same-day" if end == inspection else "covers", values)


_VISIBLE = {
    "visible": Says(
        Outcome.PASS,
        Text("自賠責の電子データが見えています。", "The electronic insurance data is visible."),
    ),
    "not-visible": Says(
        Outcome.WARN,
        Text(
            "自賠責の電子データがまだ見えません。このままでは「該当なし」になることがあります。",
            "The electronic insurance data is not visible yet. The application may be told that there is none.",
        ),
        Text(
            "1. 契約した直後なら、1時間ほど待ちます。\n"
            "2. 自賠責の証明書の下に〈登録情報処理機関報告契約〉とあるか見ます。\n"
            "3. 見えないままなら、保険会社か代理店にe-JIBAIでの送信を頼みます。\n"
            "4. 電子で送れない契約は、窓口かハイブリッドOSSでしか使えないとされています（未確認）。",
            "1. Right after the contract, wait about an hour.\n"
            "2. See whether the paper says <toroku joho shori kikan hokoku keiyaku> at its bottom.\n"
            "3. If it stays invisible, ask the insurer or the agency to send it through e-JIBAI.\n"
            "4. A contract that cannot be sent is said to do at the counter or with hybrid OSS only (not confirmed).",
        ),
        link="electronic-insurance",
    ),
    "unanswered": Says(
        Outcome.SKIP,
        Text(
            "自賠責の電子データが見えるかどうか、まだ答えていません。",
            "Whether the electronic insurance data is visible has not been answered yet.",
        ),
        Text(
            "自賠責の証明書の下の〈登録情報処理機関報告契約〉の表示を見るか、保険会社に聞いてください。",
            "Look at the bottom of the certificate, or ask the insurer.",
        ),
    ),
}


@check(
    "insurance.data-visible",
    step=3,
    title=Text("自賠責の電子データ", "Electronic insurance data"),
    why=Text(
        "OSSは紙ではなく、登録情報処理機関にある電子データで自賠責を確かめます。",
        "OSS looks at the data held by the registration information body, not at the paper.",
    ),
    how=Text(
        "プログラムからは見えないため、答えから判断します。",
        "No program can see it from here: it follows from your answer.",
    ),
    says=_VISIBLE,
    source="electronic-insurance",
    applies=_APPLIES,
    needs=("insurance.data-visible",),
    scope="case",
    derived=True,
)
def data_visible(ctx: Context) -> Finding:
    """What was answered about the electronic data."""
    return Finding(
        {"yes": "visible", "no": "not-visible"}.get(ctx.answer("insurance.data-visible"), "unanswered")
    )
