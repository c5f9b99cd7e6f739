"""Step 2: whether the portal supports this operating system."""

from __future__ import annotations

from datetime import date, timedelta

from checks import table
from checks.model import Context, Finding, Json, check
from checks.probes.elsewhere import SYSTEMS
from checks.says import fails, passes, steps, unknown, warns
from checks.shown import show
from checks.system.facts import OsFacts
from checks.text import Text

_UPDATE = ("windows: start ms-settings:windowsupdate", "windows: winver")

WINDOWS_11 = 22000


@check(
    "pc.os",
    title=Text("OS（Windows）", "Operating system (Windows)"),
    why=Text(
        "ポータルは対応するWindowsを限っています。対応していないOSでは、署名や送信の段階で止まることがあります。",
        "The portal supports only certain versions of Windows. On others, an application may stop at signing or sending.",
    ),
    how=Text(
        "レジストリのビルド番号とエディションを、日付のある表（対応するリリース、更新の終了日）と比べます。画面の文言は見ません。",
        "Compares the build number and edition in the registry with a dated table (supported releases, end of updates). Localized text is not used.",
    ),
    says={
        "supported": passes(
            "{name} {release} は、{listed} の報告（公式以外）ではポータルの対応OSです。Microsoftの更新は {end} までです。",
            "The portal supports {name} {release}, as reported in {listed} (not an official source). Microsoft provides updates until {end}.",
        ),
        "ending-soon": warns(
            "{name} {release} は対応OSですが、Microsoftの更新が {end}（あと{days}日）で終わります。",
            "{name} {release} is supported, but updates from Microsoft end on {end} (in {days|day}).",
            "ポータルの対応OSの一覧を確かめてから、次のリリースへ更新する日を決めてください。",
            "Check the portal's list of supported systems, then decide when to move to the next release.",
            commands=_UPDATE,
            link="windows-lifecycle",
        ),
        "unpatched": warns(
            "{name} {release} はポータルの対応OSですが、Microsoftの更新は {end} に終わりました。セキュリティの修正が届きません。",
            "The portal supports {name} {release}, but updates from Microsoft ended on {end}. It no longer receives security fixes.",
            "ポータルの対応OSの一覧を確かめ、載っている新しいリリースへ更新してください。",
            "Check the portal's list of supported systems and update to a newer release on that list.",
            commands=_UPDATE,
            link="windows-lifecycle",
        ),
        "newer-than-listed": unknown(
            "{name}（ビルド {build}）は、{listed} に報告された対応OSより新しいため、対応しているか分かりません。",
            "{name} (build {build}) is newer than the systems reported as supported in {listed}, so it is not known whether the portal supports it.",
            "公式の「PC環境の設定」のページに、このリリースが載っているか見てください。載っていなければ、「PC環境のチェックプログラム」で確かめてください。",
            "Check whether the official page on PC settings lists this release. If not, use the official PC check program.",
            commands=("windows: winver",),
        ),
        "edition-unlisted": unknown(
            "{name}（エディション {edition}）が対応しているか、{listed} の報告からは分かりません。",
            "The report from {listed} does not say whether {name} (edition {edition}) is supported.",
            "公式の「PC環境の設定」のページを見るか、HomeかProのPCで申請してください。",
            "Check the official page on PC settings, or apply from a PC with the Home or Pro edition.",
            commands=("windows: winver",),
        ),
        "too-old": fails(
            "{name} {release}（ビルド {build}）は古く、ポータルの対応OSに入っていません（{listed} の報告による）。",
            "{name} {release} (build {build}) is too old. It is not among the systems supported by the portal, as reported in {listed}.",
            "Windows Updateで、ポータルの対応OSの一覧にあるリリースへ更新してください。",
            "Use Windows Update to move to a release on the portal's list of supported systems.",
            commands=_UPDATE,
        ),
        "windows-10": fails(
            "{name}（ビルド {build}）は、ポータルの対応OSではありません。Windows 11が必要です（{listed} の報告による）。",
            "The portal does not support {name} (build {build}). Windows 11 is required (as reported in {listed}).",
            steps(
                "Windows Updateで、Windows 11へ更新できるか確かめます。",
                "Check in Windows Update whether this PC can be upgraded to Windows 11.",
                "更新できないPCでは、別のWindows 11のPCで申請してください。",
                "If it cannot, apply from another PC that runs Windows 11.",
            ),
            commands=_UPDATE,
        ),
        "s-mode": fails(
            "{name} {release} はSモードです。Microsoft Store以外のプログラムを入れられないため、署名用のアドオンが使えません。",
            "{name} {release} is in S mode. Only programs from the Microsoft Store can be installed, so the signing add-on cannot be used.",
            "設定の システム → ライセンス認証 で、Sモードを解除できます（無料、元には戻せません）。会社のPCでは管理者に確かめてください。",
            "You can switch out of S mode under System > Activation (free of charge, and permanent). On a company PC, ask your administrator.",
            commands=("windows: start ms-settings:activation",),
        ),
        "list-outdated": warns(
            "{name} {release} は {listed} の報告では対応OSでした。この情報は、確認から180日より長くたっているため、公式ページで確かめてください。",
            "{name} {release} was supported as reported in {listed}. This information was last checked more than 180 days ago, so please check the official page.",
            "oss-junbiを更新するか、公式の「PC環境の設定」のページで対応OSを確かめてください。",
            "Update oss-junbi, or check the supported systems on the official page on PC settings.",
            commands=("windows: winver",),
        ),
        "not-supported-here": warns(
            "この機械（{name}）では申請できません。ポータルの対応OSは、{listed} の報告ではWindows 11だけです。",
            "You cannot apply from this machine ({name}). The portal supports only Windows 11, as reported in {listed}.",
            "申請に使うWindows PCで、ステップ{step}の検査をしてください。この確認表は、この機械で続けられます。",
            "Run the checks of step {step} on the Windows PC you will apply from. You can continue with the checklist on this machine.",
        ),
    },
    source="pc-kankyou",
    fresh_for=7,
)
def operating_system(ctx: Context) -> Finding:
    found = ctx.system.os()
    today = ctx.options.today()
    values: dict[str, Json] = {
        "name": show(found.name, 80),
        "listed": str(table.facts("portal").entries["reported"]),
    }
    evidence = [
        show(f"{found.name}; version {found.version}; edition {found.edition or '-'}; {found.kind or '-'}")
    ]
    if ctx.system.platform != "windows":
        values["name"] = show(found.name or SYSTEMS[ctx.system.platform], 80)
        return Finding("not-supported-here", values, tuple(evidence))
    evidence += [table.note("portal", today), table.note("windows", today)]
    code = judge_windows(found, today, values)
    return Finding(code, values, tuple(evidence))


def judge_windows(found: OsFacts, today: date, values: dict[str, Json]) -> str:
    """The code for a Windows; fills in the values that its sentence needs."""
    build = found.build or 0
    values |= {"build": build, "release": show(found.release, 20), "edition": show(found.edition or "?", 40)}
    windows, editions = table.facts("windows"), table.facts("windows").entries["editions"]
    server = found.kind.lower().startswith("server") or (
        found.edition.lower().startswith("server") and found.edition not in editions["enterprise"]
    )
    if server:
        return "edition-unlisted"
    if build < WINDOWS_11:
        return "windows-10"
    known = {release["build"]: release for release in windows.entries["release"]}
    release = known.get(build)
    supported = table.facts("portal").words("releases")
    if release is None or release["name"] not in supported:
        oldest = min(entry["build"] for entry in known.values() if entry["name"] in supported)
        if release is not None:
            values["release"] = values["release"] or release["name"]
        return "newer-than-listed" if build > oldest else "too-old"
    values["release"] = release["name"]
    kind = next((kind for kind in ("general", "enterprise") if found.edition in editions[kind]), None)
    if kind is None:
        return "edition-unlisted"
    end: date | None = release.get(kind)
    values["end"] = end.isoformat() if end else "?"
    if found.s_mode:
        return "s-mode"
    if end is not None and today > end:
        return "unpatched"
    if end is not None and today + timedelta(days=windows.number("announce_days")) >= end:
        values["days"] = (end - today).days
        return "ending-soon"
    stale = table.is_stale("portal", today) or table.is_stale("windows", today)
    return "list-outdated" if stale else "supported"
