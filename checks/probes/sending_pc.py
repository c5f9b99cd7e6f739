"""Step 2: from which PC will the application be sent, where that is not the machine one sits at."""

from __future__ import annotations

from checks.model import Context, Finding, check
from checks.says import passes, skips, steps, unknown
from checks.shown import show
from checks.text import Text

_ADD = steps(
    "そのPCで oss-junbi pc share を実行し、表示された文字を写します。",
    "On that PC run: oss-junbi pc share, and copy the text that it prints.",
    "ここで oss-junbi pc add - を実行し、写した文字を貼り付けます。",
    "Here run: oss-junbi pc add -, and paste that text.",
    "oss-junbi pc use 名前 で、申請に使うPCを選びます。",
    "Choose it with: oss-junbi pc use NAME",
)


@check(
    "pc.sending",
    title=Text("申請に使うPC", "PC to apply from"),
    why=Text(
        "PCの準備は、申請を送るPCで調べたものだけが役に立ちます。",
        "What is found out about a PC counts only for the PC from which the application is sent.",
    ),
    how=Text(
        "このセッションで選ばれたPCと、その記録があるかを見ます。PCそのものは調べません。",
        "Looks at which PC was chosen in this session and whether its record is here. The PC itself is not checked.",
    ),
    says={
        "named": passes(
            "申請には {pc} を使います。{pc} を最後に調べたのは {seen} です。",
            "The application will be sent from {pc}, which was last checked on {seen}.",
        ),
        "this-pc": skips(
            "このPCから申請できます。別のPCを使うときは oss-junbi pc use で選んでください。",
            "This PC can send the application. To use another one, choose it with: oss-junbi pc use NAME",
            not_needed=True,
        ),
        "not-said": skips(
            "この機械からは申請できません。どのPCから申請するかが、まだ決まっていません。",
            "This machine cannot send the application, and the PC that will is not chosen yet.",
            _ADD,
        ),
        "not-here": unknown(
            "申請に使う {pc} の記録が、ここにありません。",
            "The record of {pc}, from which the application will be sent, is not here.",
            _ADD,
        ),
    },
    source="pc-kankyou",
    derived=True,
)
def sending_pc(ctx: Context) -> Finding:
    """Whether the PC is known from which the application will be sent."""
    pc = ctx.pc
    if pc.name:
        values = {"pc": show(pc.name, 80)}
        return Finding("named", values | {"seen": pc.seen}) if pc.seen else Finding("not-here", values)
    return Finding("this-pc" if pc.here else "not-said")
