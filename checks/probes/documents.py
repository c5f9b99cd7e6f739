"""Step 5: are all papers there and fresh enough, and the two clocks of 15 days: of the application and of its papers."""

from __future__ import annotations

from datetime import date, timedelta

from checks.model import Context, Finding, Json, derived_check
from checks.rules.conditions import evaluate
from checks.rules.dates import add_months, era_values, previous_business_day
from checks.says import fails, passes, skips, steps, warns
from checks.text import Text

PAPER_SOON_DAYS = 14
"""Days before a paper grows too old from which it is announced."""
CLOCK_DAYS = 15
"""Days for the papers to reach the office after the application, and for the application after the event."""
SOON_DAYS = 5
"""Days before the end of a clock from which it is announced."""
CLOCK_PROCEDURES = ("transfer", "change")
"""Procedures that the law wants within 15 days of the event."""


@derived_check(
    "documents.complete",
    title=Text("書類がそろっているか", "All documents ready"),
    why=Text(
        "書類が1つでも足りないと、申請は受け付けられません。",
        "An application with a missing document is not accepted.",
    ),
    how=Text(
        "申請の内容から必要な書類を割り出し、答えと比べます。公式ページでの確認に代わるものではありません。",
        "Works out the required documents from your application and compares them with your answers. This does not replace the official page.",
    ),
    says={
        "complete": passes(
            "必要な書類（{total}件）がそろっています。", "All required documents are ready ({total})."
        ),
        "open": skips(
            "{total}件の書類のうち、{missing}件がまだです。",
            "Not all documents are ready yet: {missing} of {total} missing.",
            "一覧で「未」の書類を用意し、用意できたら答えてください。届くまで15日の期限があるものもあります。",
            "Prepare the documents that are still open in the list, and answer when they are ready. Some papers must reach the office within 15 days.",
        ),
        "attention": fails(
            "このままではOSSで使えない書類が{wrong}件あります。",
            "{wrong} of the documents cannot be used for OSS as they are.",
            "「見えたもの」にある書類を開き、答えの下の説明に従ってください。",
            "Open the documents named in the evidence and follow the note below each answer.",
        ),
        "case-open": skips(
            "申請の内容が決まっていないため、必要な書類がまだ定まりません。",
            "The required documents cannot be determined until the questions about the application are answered.",
            "先に、申請の内容の質問に答えてください。",
            "Answer the questions about the application first.",
        ),
    },
    source="shorui",
)
def complete(ctx: Context) -> Finding:
    standings: dict[str, str] = {}
    undecided = False
    for question in ctx.guide.questions.values():
        if not question.document:
            continue
        holds = evaluate(question.applies, ctx.answers)
        undecided = undecided or bool(holds.open)
        if holds.yes and not holds.open:
            choice = question.choice(ctx.answer(question.id))
            standings[question.id] = choice.standing if choice else "to-do"
    if undecided:
        return Finding("case-open")
    wrong = [name for name, standing in standings.items() if standing == "attention"]
    missing = [name for name, standing in standings.items() if standing == "to-do"]
    values = {"total": len(standings), "missing": len(missing), "wrong": len(wrong)}
    if wrong:
        return Finding("attention", values, tuple(wrong))
    return Finding("open" if missing else "complete", values, tuple(missing))


@derived_check(
    "documents.age",
    title=Text("書類が古くないか", "Papers not too old"),
    why=Text(
        "古い書類は受け付けられません。印鑑証明書や住民票は3か月です。保管場所証明書は約1か月、完成検査終了証は9か月とされています（未確認）。",
        "Old papers are not accepted. Seal and residence certificates can be used for three months. Reportedly, garage certificates can be used for about one month and completion inspection certificates for nine (not confirmed).",
    ),
    how=Text(
        "答えた発行日に期間を足し、今日の日付と比べます。",
        "Adds the period of use to the issue dates you answered and compares the result with today.",
    ),
    says={
        "fresh": passes(
            "日付のある書類（{papers}件）は、どれも使える期間の中です。",
            "All dated papers ({papers}) can still be used.",
        ),
        "soon": warns(
            "もうすぐ使えなくなる書類があります。{until}（{until_era}）まで、あと{days}日です。",
            "A paper will soon be too old: {days|day} left, until {until} ({until_era}).",
            "それまでに運輸支局へ届くように申請するか、取り直してください。",
            "Make sure it reaches the office before then, or get a new one.",
        ),
        "ask": warns(
            "使える期間を{until}（{until_era}）に過ぎたとみられる書類があります。期間は情報源によって違います。",
            "A paper is probably too old: it could be used until {until} ({until_era}). Sources differ on how long it can be used.",
            "保管場所証明書は約1か月とされますが、40日とする情報源もあります。使えるか、窓口に確かめてください。",
            "A garage certificate is said to be valid for about a month, but some sources say 40 days. Ask the office whether yours is accepted.",
            link="shorui",
        ),
        "too-old": fails(
            "古くなって使えない書類があります。使えたのは{until}（{until_era}）までです。",
            "A paper is too old: it could be used until {until} ({until_era}).",
            "「見えたもの」にある書類を取り直してください。取り直したら、新しい日付を答えます。",
            "Get new copies of the papers named in the evidence, and answer the new dates.",
            link="shorui",
        ),
        "in-the-future": warns(
            "発行日が{issued}（{issued_era}）と、今日より先の書類があります。",
            "A paper is dated in the future: {issued} ({issued_era}).",
            "日付の入力か、このPCの時計を確かめてください。",
            "Check the date you entered, or this PC's clock.",
        ),
        "delivered": passes(
            "書類は運輸支局に届いているため、日付はもう数えません。",
            "The papers have reached the office, so their age no longer counts.",
        ),
        "none": skips(
            "日付を確かめる書類はありません。", "There are no papers whose date matters.", not_needed=True
        ),
        "unanswered": skips(
            "必要な書類か、その発行日が、まだ答えられていません。",
            "The required papers, or their issue dates, have not been answered yet.",
            "申請の内容と、紙の書類の発行日を答えてください。",
            "Answer the questions about the application, and give the issue dates of the papers.",
        ),
    },
    source="hitsuyou-shorui",
)
def age(ctx: Context) -> Finding:
    guide, today = ctx.guide, ctx.options.today()
    papers, undecided = 0, False
    dated: list[tuple[int, date, date, str, str]] = []
    for rule in guide.deadlines.dates:
        if rule.kind != "paper":
            continue
        holds = evaluate(guide.questions[rule.question].applies, ctx.answers)
        needed = holds.yes and not holds.open
        papers += needed
        issued = ctx.day(rule.question)
        if needed and issued is not None:
            until = add_months(issued, rule.months)
            rank, code = _age(issued, until, today, rule.approximate)
            dated.append((rank, until, issued, code, rule.question))
        elif holds.yes:
            undecided = True
    evidence = tuple(f"{name}: {issued} - {until}" for _, until, issued, _, name in dated)
    if papers and ctx.answer("documents.papers-delivered") == "yes":
        return Finding("delivered", {}, evidence)
    if dated:
        _, until, issued, code, paper = min(dated)
        values = era_values(until=until, issued=issued)
        if code != "fresh":
            return Finding(code, {**values, "days": (until - today).days, "paper": paper}, evidence)
    if undecided:
        return Finding("unanswered", {}, evidence)
    return Finding("fresh", {"papers": papers}, evidence) if papers else Finding("none")


def _age(issued: date, until: date, today: date, approximate: bool) -> tuple[int, str]:
    """How bad it is, the worst first, and the code for it."""
    if today > until:
        return (2, "ask") if approximate else (0, "too-old")
    if issued > today:
        return (1, "in-the-future")
    if (until - today).days <= PAPER_SOON_DAYS:
        return (3, "soon")
    return (4, "fresh")


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
