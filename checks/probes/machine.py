"""Step 2: through which door we look at this PC, and its screen, memory, disk and language."""

from __future__ import annotations

from checks import table
from checks.model import Context, Finding, Json, check
from checks.probes.elsewhere import elsewhere
from checks.says import fails, passes, skips, unknown, warns
from checks.shown import show
from checks.system.api import Unavailable
from checks.text import Text

_MB = 1024 * 1024
_MAKE_ROOM = Text(
    "不要なファイルを消すか、別のドライブへ移して、2 GB以上空けてください。",
    "Delete files you do not need, or move them to another drive, until at least 2 GB is free.",
)
_ROOM = ("windows: cleanmgr", "linux: df -h", "macos: df -h")


def _size(count: int) -> str:
    """Bytes as people write them; one decimal, rounded down so that too little never looks like enough."""
    if count >= 1024 * _MB:
        return f"{count * 10 // (1024 * _MB) / 10:.1f} GB"
    return f"{count // _MB} MB"


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
            "申請に使うPCが別にあるときは、ステップ{step}をそのPCで検査してください。",
            "If you will apply from a different PC, run step {step} there.",
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


@check(
    "pc.memory",
    title=Text("メモリ", "Memory"),
    why=Text(
        "メモリが足りないと、ブラウザーや署名のプログラムが途中で止まることがあります。",
        "With too little memory, the browser or the signing program may stop halfway.",
    ),
    how=Text(
        "OSが報告する搭載量と空きを見ます。目安はWindows 11の最低要件で、ポータルが示した数字ではありません。",
        "Checks the total and free memory that the system reports, against the minimum requirement of Windows 11. The portal itself gives no figure.",
    ),
    says={
        "enough": passes("メモリは {total}、空きは {free} です。", "{total} of memory, {free} free."),
        "small": warns(
            "メモリは {total} で、Windows 11の最低要件（4 GB）に足りません。",
            "{total} of memory is less than the minimum for Windows 11 (4 GB).",
            "ほかのプログラムを閉じて申請するか、メモリの多いPCを使ってください。",
            "Close other programs while applying, or use a PC with more memory.",
        ),
        "little-free": warns(
            "空きメモリが {free} しかありません（全体は {total}）。",
            "Only {free} of {total} memory is free.",
            "使っていないプログラムとブラウザーのタブを閉じてから、申請してください。",
            "Close programs and browser tabs you do not use before applying.",
        ),
    },
    source="pc-kankyou",
    fresh_for=1,
)
def memory(ctx: Context) -> Finding:
    found = ctx.system.memory()
    limits = table.facts("machine")
    values = {"total": _size(found.total), "free": _size(found.available)}
    evidence = (f"total {found.total} bytes; available {found.available} bytes",)
    if found.total < limits.number("memory_mb") * _MB:
        return Finding("small", values, evidence)
    free_enough = found.available >= limits.number("memory_free_mb") * _MB
    return Finding("enough" if free_enough else "little-free", values, evidence)


@check(
    "pc.disk",
    title=Text("ディスクの空き", "Free disk space"),
    why=Text(
        "アドオンなどのインストールと、添付ファイルやこの記録の保存に空きが必要です。",
        "Space is needed to install the add-on and to save attachments and this record.",
    ),
    how=Text(
        "ホームフォルダーのあるドライブの空きを見ます。",
        "Checks the free space of the drive that holds the home folder.",
    ),
    says={
        "enough": passes("{path} に {free} の空きがあります。", "{free} is free on {path}."),
        "little": warns(
            "{path} の空きが {free} しかありません。インストールに失敗するかもしれません。",
            "Only {free} is free on {path}. Installations may fail.",
            _MAKE_ROOM,
            commands=_ROOM,
        ),
        "full": fails(
            "{path} はほとんど空きがありません（{free}）。ファイルを保存できません。",
            "{path} is nearly full ({free} left). Files cannot be saved.",
            _MAKE_ROOM,
            commands=_ROOM,
        ),
    },
    source="pc-kankyou",
    fresh_for=1,
)
def disk(ctx: Context) -> Finding:
    found = ctx.system.disk()
    limits = table.facts("machine")
    values = {"path": show(found.path, 80), "free": _size(found.free)}
    evidence = (show(f"{found.path}: total {found.total} bytes; free {found.free} bytes", 300),)
    if found.free < limits.number("disk_full_mb") * _MB:
        return Finding("full", values, evidence)
    little = found.free < limits.number("disk_free_mb") * _MB
    return Finding("little" if little else "enough", values, evidence)


@check(
    "pc.locale",
    title=Text("システムの言語", "System language"),
    why=Text(
        "日本語版を前提とした署名のプログラムは、Windowsの地域設定が日本語でないと文字化けすることがあります。",
        "Signing programs made for Japanese Windows may show garbled text if the system locale is not Japanese.",
    ),
    how=Text(
        "Windowsでは、Unicode対応でないプログラムの文字コード（932が日本語）を見ます。",
        "On Windows, checks the code page for non-Unicode programs (932 is Japanese).",
    ),
    says={
        "japanese": passes(
            "システムの言語は日本語です（{language}）。", "The system's language is Japanese ({language})."
        ),
        "utf8-beta": warns(
            "「ワールドワイド言語サポートでUnicode UTF-8を使用」が有効です。日本語の古いプログラムが文字化けすることがあります。",
            'The option "Use Unicode UTF-8 for worldwide language support" is on. Older Japanese programs may show garbled text.',
            "署名の画面で文字化けしたら、設定の 時刻と言語 → 言語と地域 → 管理用の言語の設定 で、この設定を外してください。",
            "If the signing program shows garbled text, turn this option off under Time & language > Language & region > Administrative language settings.",
            commands=("windows: intl.cpl",),
        ),
        "not-japanese": warns(
            "システムロケールが日本語ではありません（文字コード {codepage}）。署名のプログラムが文字化けすることがあります。",
            "The system locale is not Japanese (code page {codepage}). The signing program may show garbled text.",
            "設定の 時刻と言語 → 言語と地域 → 管理用の言語の設定 で、システムロケールを日本語にしてください。",
            "Set the system locale to Japanese under Time & language > Language & region > Administrative language settings.",
            commands=("windows: intl.cpl",),
        ),
        "other-system": skips(
            "Windowsだけで問題になる設定です（この機械は {language}）。",
            "This setting matters on Windows only (this machine: {language}).",
            not_needed=True,
        ),
    },
    source="pc-kankyou",
    fresh_for=30,
)
def locale(ctx: Context) -> Finding:
    found = ctx.system.locale()
    values = {"language": show(found.language or "?", 40), "codepage": show(found.codepage or "?", 20)}
    zone = f"{found.timezone} UTC{found.utc_offset_minutes / 60:+g}"
    line = f"language {found.language}; code page {found.codepage or '-'}; time zone {zone}"
    evidence = (show(line),)
    if ctx.system.platform != "windows":
        return Finding("other-system", values, evidence)
    if found.codepage == "932":
        return Finding("japanese", values, evidence)
    return Finding("utf8-beta" if found.codepage == "65001" else "not-japanese", values, evidence)
