"""The case: can this application be filed in the way that the answers describe."""

from __future__ import annotations

from checks.model import Context, Finding, check
from checks.says import fails, passes, skips, unknown
from checks.text import Text

_CORRECT = Text(
    "申請の方法を変えるか、申請の内容の答えを直してください。",
    "File it in another way, or correct the answers of the case.",
)


@check(
    "case.fits",
    title=Text("この方法で申請できるか", "Can it be filed so"),
    why=Text(
        "受け付けられない組み合わせでは、準備をすべて済ませても申請できません。",
        "A combination that is not taken cannot be filed however well everything is prepared.",
    ),
    how=Text(
        "申請の内容の答えを、受け付けられる組み合わせの表に当てはめます。車そのものは見ていません。",
        "The answers on the application are held against a table of what is taken. The vehicle itself is not looked at.",
    ),
    says={
        "fits": passes(
            "車の種類、用途、手続、申請の方法、立場の組み合わせは、受け付けられるとされる範囲に入っています。",
            "Vehicle, use, procedure, channel and role are a combination that is said to be taken.",
        ),
        "other-portal": fails(
            "この申請は、別のポータルが受け付けます。", "Another portal takes this application.", _CORRECT
        ),
        "not-offered": fails(
            "この申請は、答えた方法では受け付けられません。",
            "This is not taken in the way answered.",
            _CORRECT,
        ),
        "at-the-counter": skips(
            "窓口への申請なので、OSSのための準備は対象外です。",
            "This is filed at the counter, so what OSS needs is out of scope.",
        ),
        "not-known": unknown(
            "この組み合わせが受け付けられるかどうかは、確かめられていません。",
            "Whether this combination is taken could not be confirmed.",
            "申請の前に、公式ページか運輸支局で確かめてください。",
            "See the official page, or ask the transport office, before you apply.",
        ),
        "unanswered": skips(
            "申請の内容の答えがそろうと、この方法で申請できるかを判定します。",
            "Whether it can be filed in this way follows when the case is answered.",
            "車の種類、用途、手続、申請の方法、立場を答えてください。",
            "Answer vehicle, use, procedure, channel and role.",
            not_needed=True,
        ),
    },
    scope="case",
    derived=True,
    waivable=False,
)
def case_fits(ctx: Context) -> Finding:
    """What the guide's table says of the answers."""
    from checks.rules.scope import judge

    fit = judge(ctx.guide.scope, ctx.answers)
    return Finding(fit.code, {} if fit.row is None else {"row": fit.row.id})
