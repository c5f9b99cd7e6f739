"""This PC's clock: certificates, deadlines and signatures all depend on it."""

from __future__ import annotations

from checks.model import Context, Finding, Json, network_check
from checks.probes.portal_tls_says import CLOCK_COMMANDS, SET_CLOCK
from checks.says import fails, passes, unknown, warns
from checks.shown import show
from checks.text import Text

IN_TIME = 5 * 60


@network_check(
    "clock.skew",
    title=Text("このPCの時計", "This PC's clock"),
    why=Text(
        "時計が違うと、正しい証明書も期限切れに見え、期限の計算も狂います。",
        "If the clock is wrong, valid certificates look expired and deadlines are miscalculated.",
    ),
    how=Text(
        "確認できた接続でポータルが返す時刻（Date）と比べます。接続を確認できないときは、プロキシかポータルの通常のHTTPの時刻を使います。",
        "Compared with the time (Date) that the portal returns over the verified connection or, failing that, with the time from the proxy or the portal over plain HTTP.",
    ),
    says={
        "in-time": passes(
            "このPCの時計は合っています（差 {difference}）。",
            "This PC's clock is right (difference {difference}).",
        ),
        "off": warns(
            "このPCの時計は {difference} ずれています。",
            "This PC's clock is off by {difference}.",
            SET_CLOCK,
            commands=CLOCK_COMMANDS,
        ),
        "wrong": fails(
            "このPCの日付（{now}）が違います。証明書の期限を正しく確かめられません。",
            "This PC's date ({now}) is wrong, so certificate dates cannot be checked.",
            SET_CLOCK,
            commands=CLOCK_COMMANDS,
        ),
        "no-reference": unknown(
            "当てにできる時刻が得られず、このPCの時計（{now}）が合っているか分かりませんでした。",
            "No reliable time source was available, so it is not known whether this PC's clock ({now}) is right.",
            "画面の時刻を、電話の時報やスマートフォンの時刻と比べてください。",
            "Compare the time shown with the time on a phone.",
            commands=CLOCK_COMMANDS,
        ),
    },
    requires=("portal.tcp",),
    timeout=20.0,
)
def clock_skew(ctx: Context) -> Finding:
    from datetime import UTC, datetime

    from checks import BUILD_DATE
    from checks.net import pages, verification, visit
    from checks.net.visit import FAR_OFF, reference_time
    from checks.pki.judge import VERIFIED

    moment = ctx.options.moment()
    values: dict[str, Json] = {"now": moment.astimezone().strftime("%Y-%m-%d %H:%M")}
    too_early = moment < datetime.fromisoformat(BUILD_DATE).replace(tzinfo=UTC)
    reference = None
    verdict = verification.verdict(ctx).code
    if verdict in VERIFIED:
        reference = pages.page(ctx, ctx.guide.portal.pages[0]).reference
    elif visit.link(ctx).connection is not None:
        reference = reference_time(ctx)
    if reference is None:
        if too_early:
            return Finding("wrong", values, (f"earlier than {BUILD_DATE}",))
        return Finding("no-reference", values)
    seconds = round(reference.ahead.total_seconds())
    values["seconds"] = seconds
    values["difference"] = _difference(seconds)
    evidence = (f"{seconds:+d} s", show(reference.source, 80))
    far_off = abs(seconds) > FAR_OFF.total_seconds()
    # A router or a proxy may itself be a day off: on its word alone this PC's clock is not called wrong.
    if far_off and not too_early and verdict not in (*VERIFIED, "clock-wrong"):
        return Finding("no-reference", values, evidence)
    if too_early or far_off:
        return Finding("wrong", values, evidence)
    return Finding("in-time" if abs(seconds) <= IN_TIME else "off", values, evidence)


def _difference(seconds: int) -> str:
    """A difference in a form that is read the same in both languages, `+0:05:00`."""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if seconds < 0 else '+'}{hours}:{minutes:02d}:{rest:02d}"
