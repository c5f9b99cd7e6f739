"""Step 5: are all papers there, and are they fresh enough."""

from __future__ import annotations

from datetime import date

from checks.model import Context, Finding, derived_check
from checks.says import fails, passes, skips, warns
from checks.text import Text

PAPER_SOON_DAYS = 14
"""Days before a paper grows too old from which it is announced."""


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
    from checks.rules.conditions import evaluate

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
    from checks.rules.conditions import evaluate
    from checks.rules.dates import add_months, era_values

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
