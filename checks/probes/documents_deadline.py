"""Step 5: the two clocks of 15 days, one for the application and one for its papers."""

from __future__ import annotations

from datetime import date, timedelta

from checks.model import Context, Finding, Json, derived_check
from checks.says import fails, passes, skips, steps, warns
from checks.text import Text

CLOCK_DAYS = 15
"""Days for the papers to reach the office after the application, and for the application after the event."""
SOON_DAYS = 5
"""Days before the end of a clock from which it is announced."""
CLOCK_PROCEDURES = ("transfer", "change")
"""Procedures that the law wants within 15 days of the event."""


@derived_check(
    "documents.deadline",
    title=Text("15日の期限", "15-day limit"),
    why=Text(
        "代理人が申請する変更登録の案内では、申請から15日以内に書類が届かないと、受け付けられません（ほかの申請では未確認）。移転登録と変更登録は、事由から15日以内の申請が義務です。",
        "The page on changes filed by an agent says that the application is not accepted unless the papers reach the office within 15 days of it (not confirmed for others). Transfers and changes must be filed within 15 days of the event.",
    ),
    how=Text(
        "答えた日の翌日から15日を数えます。土日祝日や年末年始に当たるときは、その前の開庁日も示します。",
        "Counts 15 days from the day after the date you answered. If the last day is on a weekend, a holiday or in the year-end closing, the working day before it is shown as well.",
    ),
    says={
        "in-time": passes(
            "期限の{until}（{until_era}）まで、あと{days}日あります。",
            "There are {days|day} left until {until} ({until_era}).",
        ),
        "settled": passes("必要な書類は運輸支局に届いています。", "The papers have reached the office."),
        "papers-soon": warns(
            "書類が運輸支局に届く期限は{until}（{until_era}）、あと{days}日です。最後の開庁日は{safe}（{safe_era}）です。",
            "The papers must reach the office by {until} ({until_era}): {days|day} left. The last working day is {safe} ({safe_era}).",
            steps(
                "「見えたもの」の日までに届くように、書類を運輸支局へ出します。",
                "Make sure the papers reach the transport office by the date shown in the evidence.",
                "土日祝日と12月29日から1月3日は閉まっています。最後の開庁日までに届けてください。",
                "The office is closed on weekends, on holidays and from December 29 to January 3. Deliver the papers by the last working day.",
                "届いたら「必要な書類を運輸支局に届けましたか」に「はい」と答えます。",
                "When they have arrived, answer yes to the question on whether they have reached the office.",
            ),
        ),
        "papers-late": fails(
            "申請から15日以内に書類を届ける期限は、{until}（{until_era}）に過ぎました。",
            "The 15-day limit for the papers to reach the office ended on {until} ({until_era}).",
            steps(
                "届いていた場合は「必要な書類を運輸支局に届けましたか」に「はい」と答えてください。",
                "If the papers did arrive, answer yes to the question on whether they have reached the office.",
                "届いていなければ、この申請は受け付けられません。運輸支局に相談し、申請し直します。",
                "If not, this application will not be accepted. Contact the transport office and apply again.",
            ),
        ),
        "event-soon": warns(
            "申請の義務の期限は{until}（{until_era}）、あと{days}日です。最後の開庁日は{safe}（{safe_era}）です。",
            "The application is due by {until} ({until_era}): {days|day} left. The last working day is {safe} ({safe_era}).",
            "準備の残りを急いで済ませ、申請してください。",
            "Finish the remaining preparations and apply soon.",
            link="registration-duty",
        ),
        "event-late": warns(
            "移転や変更から15日以内の申請の期限は、{until}（{until_era}）に過ぎました。",
            "The 15-day limit to apply after the sale or change ended on {until} ({until_era}).",
            "できるだけ早く申請してください。遅れたときの扱いは、運輸支局に確かめてください。",
            "Apply as soon as you can, and ask the transport office how late applications are handled.",
            link="registration-duty",
        ),
        "none": skips(
            "今、数えている期限はありません。申請を送った日を答えると、書類の15日を数えます。",
            "No time limit is running now. Once you answer the date of the application, the 15 days for the papers are counted.",
            not_needed=True,
        ),
        "unanswered": skips(
            "譲渡や変更があった日が、まだ答えられていません。",
            "The date of the sale or change has not been answered yet.",
            "その日を答えると、15日の期限を数えます。",
            "Answer the date to have the 15 days counted.",
        ),
    },
    source="hitsuyou-shorui",
)
def deadline(ctx: Context) -> Finding:
    sent, event = ctx.day("documents.application-date"), ctx.day("documents.event-date")
    if sent is not None:
        if ctx.answer("documents.papers-delivered") == "yes":
            return Finding("settled")
        return _clock(ctx, sent, "papers")
    procedure = ctx.answer("case.procedure")
    if procedure not in CLOCK_PROCEDURES:
        return Finding("none" if procedure else "unanswered")
    return _clock(ctx, event, "event") if event is not None else Finding("unanswered")


def _clock(ctx: Context, start: date, clock: str) -> Finding:
    from checks.rules.dates import era_values, previous_business_day

    until = start + timedelta(days=CLOCK_DAYS)
    safe = previous_business_day(until)
    days = (until - ctx.options.today()).days
    values: dict[str, Json] = {
        **era_values(until=until, safe=safe),
        "days": days,
        "from": start.isoformat(),
    }
    evidence = (f"{start} + {CLOCK_DAYS} = {until}; last working day {safe}",)
    if days < 0:
        return Finding(f"{clock}-late", values, evidence)
    if (safe - ctx.options.today()).days <= SOON_DAYS:
        return Finding(f"{clock}-soon", values, evidence)
    return Finding("in-time", values, evidence)
