"""Step 2: the smart card service and the card reader."""

from __future__ import annotations

from checks.model import Context, Finding
from checks.probes.elsewhere import OTHER_PC, SERVICE, card_check, elsewhere, over_ssh, service_user
from checks.says import fails, passes, steps, unknown, warns
from checks.shown import show
from checks.system.api import Unavailable
from checks.system.facts import CardReaders
from checks.text import Text


def _readers(ctx: Context) -> CardReaders:
    return ctx.memo.once("card readers", ctx.system.card_readers)


@card_check(
    "pc.card-service",
    title=Text("スマートカードのサービス", "Smart card service"),
    why=Text(
        "カードリーダーは、OSのスマートカードのサービスを通して使います。止まっているとカードを読めません。",
        "Card readers are used through the operating system's smart card service. While it is stopped, no card can be read.",
    ),
    how=Text(
        "Windowsではサービス SCardSvr の設定と状態、Linuxではpcscdのソケットを見ます。",
        "Checks the settings and state of the service SCardSvr on Windows, or the pcscd socket on Linux.",
    ),
    says={
        "running": passes("サービスは動いています。", "The service is running."),
        "on-demand": passes(
            "サービスは、必要になると自動で始まる設定です。",
            "The service is set to start automatically when it is needed.",
        ),
        "stopped": fails(
            "サービスが止まっています。このままではカードを読めません。",
            "The service is stopped. Cards cannot be read.",
            steps(
                "管理者として開いたPowerShellで下のコマンドを実行するか、services.msc で「Smart Card」を開始します。",
                "Run the command below in PowerShell as an administrator, or start Smart Card in services.msc.",
                "カードリーダーを挿し直し、もう一度検査してください。",
                "Reconnect the card reader and run the check again.",
            ),
            commands=("windows: Start-Service SCardSvr", "linux: sudo systemctl start pcscd.socket"),
        ),
        "disabled": fails(
            "サービスが無効になっています。カードリーダーは使えません。",
            "The service is disabled. Card readers cannot be used.",
            "会社のPCでは管理者に確かめてください。管理者として開いたPowerShellで、下のコマンドを実行すると戻せます。",
            "On a company PC, ask your administrator. To enable it, run the commands below in PowerShell as an administrator.",
            commands=("windows: Set-Service SCardSvr -StartupType Manual", "windows: Start-Service SCardSvr"),
        ),
        "absent": fails(
            "スマートカードのサービスがありません。",
            "There is no smart card service.",
            "Windowsの機能が欠けています。管理者に相談するか、別のPCを使ってください。",
            "A Windows component is missing. Ask your administrator, or use another PC.",
            commands=("windows: Get-Service SCardSvr",),
        ),
        "other-pc": OTHER_PC,
    },
    source="jpki-faq",
    fresh_for=1,
)
def card_service(ctx: Context) -> Finding:
    found = ctx.system.card_service()
    evidence = (show(found.detail),) if found.detail else ()
    system = elsewhere(ctx)
    if system and found.state in ("stopped", "absent", "disabled"):
        return Finding("other-pc", {"system": system}, evidence)
    if found.state == "on-demand" and not system:
        try:
            readers = _readers(ctx)
        except Unavailable:
            return Finding("on-demand", {}, evidence)
        # A reader is connected and yet the service did not answer: its trigger does not work here.
        if readers.readers and "pcsc" not in readers.looked and not over_ssh(ctx):
            return Finding("stopped", {}, (*evidence, *map(show, readers.failed[:3])))
    return Finding(found.state, {}, evidence)


@card_check(
    "pc.card-reader",
    title=Text("カードリーダー", "Card reader"),
    why=Text(
        "マイナンバーカードに対応したICカードリーダーが要ります。スマートフォンで読む場合は要りません。",
        "You need a card reader that supports the My Number card, unless you read the card with a smartphone.",
    ),
    how=Text(
        "PC/SCに聞き、答えがなければ、つながっている機器の登録を見ます。カードには触れません。",
        "Asks PC/SC or, if there is no answer, checks the registered devices. Cards are not accessed.",
    ),
    says={
        "connected": passes("カードリーダーがつながっています: {name}", "A card reader is connected: {name}"),
        "not-ready": warns(
            "カードリーダー（{name}）はつながっていますが、サービスから見えません。",
            "A card reader ({name}) is connected, but the service does not see it.",
            steps(
                "「スマートカードのサービス」の結果を見てください。",
                'Check the result of "Smart card service".',
                "リーダーのメーカーのドライバーを入れ、挿し直してください。",
                "Install the reader manufacturer's driver and reconnect the reader.",
            ),
            commands=("windows: Get-PnpDevice -Class SmartCardReader", "linux: pcsc_scan -r"),
        ),
        "none": fails(
            "カードリーダーが見つかりません。",
            "No card reader was found.",
            steps(
                "マイナンバーカードに対応したリーダーをつなぎ、もう一度検査してください。",
                "Connect a reader that supports the My Number card and run the check again.",
                "つないであるときは、メーカーのドライバーを入れてください。",
                "If one is connected, install the manufacturer's driver.",
                "リーダーがなければ、スマートフォンで読む方法もあります（「電子証明書の種類」の答えを変えます）。",
                "If you do not have a reader, you can read the card with a smartphone (change your answer about the kind of certificate).",
            ),
            commands=("windows: Get-PnpDevice -Class SmartCardReader", "linux: pcsc_scan -r"),
        ),
        "not-visible": unknown(
            "カードリーダーを調べられませんでした（{reason}）。",
            "Card readers could not be checked ({reason}).",
            "申請するPCにサインインした画面で検査するか、デバイスマネージャーで「スマートカードリーダー」を見てください。",
            "Run the check in a desktop session on the PC you will apply from, or look under Smart card readers in Device Manager.",
            commands=("windows: devmgmt.msc",),
        ),
        "service-account": SERVICE,
        "other-pc": OTHER_PC,
    },
    source="jpki-faq",
    fresh_for=1,
)
def card_reader(ctx: Context) -> Finding:
    found = _readers(ctx)
    lines = [f"{reader.source}: {reader.name}" for reader in found.readers[:10]]
    lines += [
        f"looked: {', '.join(found.looked) or 'nowhere'}",
        *(f"no answer: {reason}" for reason in found.failed[:5]),
    ]
    evidence = tuple(show(line) for line in lines)
    if found.readers:
        first = found.readers[0]
        if first.source == "pcsc" or not over_ssh(ctx):
            code = "connected" if first.source == "pcsc" else "not-ready"
            return Finding(code, {"name": show(first.name, 80)}, evidence)
    elif system := elsewhere(ctx):
        return Finding("other-pc", {"system": system}, evidence)
    elif user := service_user(ctx):
        return Finding("service-account", {"user": show(user, 60)}, evidence)
    elif not found.looked:
        return Finding("not-visible", {"reason": show((*found.failed, "?")[0], 100)}, evidence)
    elif not over_ssh(ctx) or found.looked != ("pcsc",):
        return Finding("none", {}, evidence)
    return Finding("not-visible", {"reason": "SSH"}, evidence)
