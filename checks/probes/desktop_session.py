"""Step 2: through which door we look at this PC: the session, and the screen that it has."""

from __future__ import annotations

from checks import table
from checks.model import Context, Finding, Json, check
from checks.probes.elsewhere import elsewhere
from checks.says import passes, skips, unknown, warns
from checks.shown import show
from checks.system.api import Unavailable
from checks.text import Text


@check(
    "pc.session",
    title=Text("検査している場所", "Where this is running"),
    why=Text(
        "検査で見えるのは、このプログラムが動いている機械と、そのアカウントの設定だけです。",
        "The checks can only see the machine this program runs on and the settings of its account.",
    ),
    how=Text(
        "環境変数と、アカウントの種類を見ます。",
        "Checks environment variables and the type of account.",
    ),
    says={
        "desktop": passes(
            "この機械にサインインした画面で動いています（{user}）。",
            "Running in a desktop session on this machine ({user}).",
        ),
        "remote-desktop": passes(
            "リモートデスクトップで動いています（{user}）。カードリーダーは、手元のPCのものが見えることがあります。",
            "Running over remote desktop ({user}). The card readers found may be those of the PC in front of you.",
        ),
        "remote-shell": passes(
            "SSHなど、デスクトップのない接続で動いています（{user}）。見えるのは接続先の機械です。手元のPCではありません。",
            "Running over SSH or another login without a desktop ({user}). The checks see the machine you are connected to, not the PC in front of you.",
            "申請に使うPCが別にあるときは、ステップ2をそのPCで検査してください。",
            "If you will apply from a different PC, run step 2 there.",
        ),
        "service-account": unknown(
            "サービス用のアカウント（{user}）で動いています。申請する人の証明書ストア、ブラウザー、拡張機能は見えません。",
            "Running under a service account ({user}). The applicant's certificate store, browsers and extensions are not visible.",
            "申請する人のアカウントでサインインして、もう一度検査してください。",
            "Sign in with the applicant's account and run the checks again.",
            commands=("whoami",),
            link="pc-check",
        ),
    },
    fresh_for=1,
)
def session(ctx: Context) -> Finding:
    found = ctx.system.session()
    values = {"user": show(found.user or "?", 60)}
    evidence = (
        f"remote: {found.remote or 'no'}; desktop: {found.desktop}; service account: {found.service}",
    )
    if found.service:
        return Finding("service-account", values, evidence)
    if found.remote == "rdp":
        return Finding("remote-desktop", values, evidence)
    return Finding("desktop" if found.desktop and not found.remote else "remote-shell", values, evidence)


@check(
    "pc.display",
    title=Text("画面の大きさ", "Screen size"),
    why=Text(
        "画面が小さいと、署名や確認のボタンが隠れることがあります。ポータルが必要な大きさを示しているかは、確認できていません。",
        "On a small screen the buttons for signing and confirming may be hidden. It is not confirmed whether the portal specifies a minimum size.",
    ),
    how=Text(
        "主画面の画素数を見ます。",
        "Checks the resolution of the main screen.",
    ),
    says={
        "enough": passes(
            "主画面は {width} x {height} です。", "The main screen is {width} x {height} pixels."
        ),
        "small": warns(
            "主画面は {width} x {height} しかありません。ボタンが隠れることがあります。",
            "The main screen is only {width} x {height} pixels. Buttons may be hidden.",
            "画面の解像度を上げるか、ブラウザーの表示を縮小（Ctrl と - キー）してください。",
            "Increase the resolution, or zoom out in the browser (Ctrl and the minus key).",
            commands=("windows: start ms-settings:display",),
        ),
        "not-visible": skips(
            "デスクトップのない接続なので、画面の大きさは見えません。",
            "The screen size is not visible without a desktop.",
            not_needed=True,
        ),
        "other-system": skips(
            "申請に使うPCの画面だけが問題になります（この機械は {system}）。",
            "Only the screen of the PC you will apply from matters (this machine runs {system}).",
            not_needed=True,
        ),
    },
    source="pc-kankyou",
    fresh_for=30,
)
def display(ctx: Context) -> Finding:
    if system := elsewhere(ctx):
        return Finding("other-system", {"system": system})
    try:
        found = ctx.system.display()
    except Unavailable as error:
        return Finding("not-visible", {}, (show(error.reason),))
    limits = table.facts("machine")
    values: dict[str, Json] = {"width": found.width, "height": found.height}
    small = found.width < limits.number("screen_width") or found.height < limits.number("screen_height")
    return Finding("small" if small else "enough", values)
