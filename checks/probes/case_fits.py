"""The case: can this application be filed in the way that the answers describe."""

from __future__ import annotations

from checks.model import Context, Finding, Json, derived_check
from checks.says import fails, passes, skips, unknown
from checks.text import Text

_CORRECT = Text(
    "申請の方法を変えるか、申請の内容の答えを直してください。",
    "Choose another way to file, or correct your answers about the application.",
)


@derived_check(
    "case.fits",
    title=Text("この方法で申請できるか", "Can it be filed this way"),
    why=Text(
        "受け付けられない組み合わせでは、準備をすべて済ませても申請できません。",
        "An application in a combination that is not accepted cannot be filed, however well prepared it is.",
    ),
    how=Text(
        "申請の内容の答えを、受け付けられる組み合わせの表に当てはめます。車そのものは見ていません。",
        "Compares your answers about the application with a table of accepted combinations. The vehicle itself is not checked.",
    ),
    says={
        "fits": passes(
            "車の種類、用途、手続、申請の方法、立場の組み合わせは、受け付けられるとされる範囲に入っています。",
            "This combination of vehicle, use, procedure, channel and role is reported to be accepted.",
        ),
        "other-portal": fails(
            "この申請は、別のポータルが受け付けます。",
            "This application must be filed with another portal.",
            _CORRECT,
        ),
        "not-offered": fails(
            "この申請は、答えた方法では受け付けられません。",
            "This application cannot be filed in the way you answered.",
            _CORRECT,
        ),
        "at-the-counter": skips(
            "窓口への申請なので、{service}のための準備は対象外です。",
            "This application is filed at the counter, so preparing for {service} does not apply.",
        ),
        "not-known": unknown(
            "この組み合わせが受け付けられるかどうかは、確かめられていません。",
            "It could not be confirmed whether this combination is accepted.",
            "申請の前に、公式ページか{office}で確かめてください。",
            "Check the official page or ask {office} before you apply.",
        ),
        "unanswered": skips(
            "申請の内容の答えがそろうと、この方法で申請できるかを判定します。",
            "Answer the questions about the application to see whether it can be filed this way.",
            "車の種類、用途、手続、申請の方法、立場を答えてください。",
            "Answer the vehicle, use, procedure, channel and role.",
            not_needed=True,
        ),
    },
    waivable=False,
)
def case_fits(ctx: Context) -> Finding:
    from checks.rules.scope import judge
    from checks.verdict import copied_safely

    fit = judge(ctx.guide.scope, ctx.answers)
    if fit.row is None:
        return Finding(fit.code)
    values: dict[str, Json] = {"row": fit.row.id}
    if fit.row.commands:
        values["session"] = ctx.session if copied_safely(ctx.session) else "SESSION"
    return Finding(fit.code, values)
