"""Step 1: the root certificates in the lists of this PC and of this program."""

from __future__ import annotations

from datetime import date

from checks import table
from checks.model import Context, Coverage, Finding, Json, check
from checks.probes.elsewhere import service_user
from checks.probes.portal_roots import ROOT_CA2, SUCCESSORS, day_of, describe, harmful, names_of, wanted
from checks.says import fails, passes, steps, unknown, warns
from checks.shown import show
from checks.system.api import Unavailable
from checks.system.bounded_files import read_bytes
from checks.system.facts import RootStores
from checks.system.parse_common import parse_certificate_file
from checks.text import Text

OLD_LIST = 400
"""Days after which a list of public roots is too old to say what is trusted today."""


SERVICE = unknown(
    "サービス用のアカウントで動いているため、申請する人の証明書ストアは見えません。",
    "Running under a service account, so the applicant's certificate store is not visible.",
    "申請する人のアカウントでサインインして、もう一度検査してください。",
    "Sign in with the applicant's account and run the check again.",
    link="root-update",
)

_LOOK = (
    "windows: certmgr.msc",
    "windows: certutil -store Disallowed",
    "windows: certutil -user -store Disallowed",
    "macos: security dump-trust-settings -d",
    "linux: trust list --filter=blocklist",
    "linux: grep '^!' /etc/ca-certificates.conf",
)


@check(
    "root.os-store",
    title=Text("ルート証明書（OS）", "Root certificate (system)"),
    why=Text(
        "ポータルとの通信が本物かどうかを、ブラウザーはルート証明書で確かめます。禁止されていると、ポータルを開けないことがあります。",
        "Browsers use root certificates to verify that they are talking to the real portal. If one is distrusted, the portal may not open.",
    ),
    how=Text(
        "OSの証明書ストアを読み取り、拇印（SHA-256）で照合します。Windowsでは、用途の制限と無効にする日の設定も読みます。書き換えはしません。",
        "Reads the operating system's certificate stores and compares thumbprints (SHA-256). On Windows, also reads the settings that limit a root certificate's purposes or disable it from a date. Nothing is changed.",
    ),
    says={
        "present": passes(
            "RootCA2と、後継の2024年SECOMルート証明書の両方があります。",
            "RootCA2 and its successor, a SECOM root certificate of 2024, are both present.",
        ),
        "successor-only": passes(
            "後継の2024年SECOMルート証明書があります。RootCA2は見当たりませんが、ポータルが新しい証明書に移っていれば問題ありません。",
            "A successor, a SECOM root certificate of 2024, is present. RootCA2 was not found, which is not a problem once the portal has moved to the new certificate.",
            "「ポータルへの安全な接続」が通っていれば、することはありません。",
            'If "Secure connection" passes, there is nothing to do.',
        ),
        "rootca2-only": passes(
            "RootCA2があります。後継の2024年SECOMルート証明書は、まだ見当たりません。",
            "RootCA2 is present. Its successor, a SECOM root certificate of 2024, was not found yet.",
            "OSを更新しておくと、ポータルの証明書が切り替わっても困りません。",
            "Keep the operating system up to date so that you are ready when the portal's certificate changes.",
            commands=("linux: sudo apt-get update && sudo apt-get install --only-upgrade ca-certificates",),
            link="secom-repository",
        ),
        "rootca2-only-late": warns(
            "RootCA2だけがあり、後継の2024年SECOMルート証明書が見当たりません。RootCA2だけでは足りません（ブラウザーの信頼終了として公表された日は2027年4月15日ごろ、期限は2029年5月29日）。",
            "Only RootCA2 is present. Its successor, a SECOM root certificate of 2024, was not found. RootCA2 alone is not enough: browsers are announced to stop trusting it around April 15, 2027, and it expires on May 29, 2029.",
            "OSとブラウザーを最新に更新してください。",
            "Update the operating system and the browser.",
            commands=(
                "linux: sudo apt-get update && sudo apt-get install --only-upgrade ca-certificates",
                "macos: softwareupdate --list",
            ),
        ),
        "fetched-when-needed": passes(
            "まだストアにはありませんが、Windowsが必要になったときに自動で取り込みます。これは普通の状態です。",
            "Not in the store yet, but Windows downloads it automatically when it is needed. This is normal.",
            "EdgeかChromeで一度ポータルを開いてから検査すると、取り込まれたことを確かめられます。",
            "Open the portal once in Edge or Chrome and run the check again to confirm that it has been downloaded.",
            commands=("windows: certutil -verifyCTL AuthRoot",),
            link="ms-root-program",
        ),
        "auto-update-off": warns(
            "ルート証明書が見当たらず、自動更新もこのPCの設定（ポリシー）で止められています。",
            "The root certificates were not found, and automatic updates are turned off on this PC by policy.",
            steps(
                "会社のPCでは、管理者に「ルート証明書の自動更新」の許可か、証明書の配布を頼んでください。",
                "On a company PC, ask your administrator to allow automatic root certificate updates or to distribute the certificates.",
                "自分のPCでは、ポータルの案内に従ってルート証明書を更新してください。拇印を必ず照合してください。",
                "On your own PC, follow the portal's instructions to update the root certificate. Be sure to compare the thumbprint.",
            ),
            commands=(
                r"windows: reg query HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates\AuthRoot",
                "windows: certutil -generateSSTFromWU roots.sst",
            ),
        ),
        "not-seen": warns(
            "RootCA2も、後継の2024年SECOMルート証明書も、このPCの一覧に見当たりません。禁止はされていません。",
            "Neither RootCA2 nor its successor, a SECOM root certificate of 2024, was found in this PC's lists. They are not distrusted.",
            "見当たらないだけでは故障ではありません。OSを更新し、「ポータルへの安全な接続」の結果を見てください。",
            'This is not a fault in itself. Update the operating system and check the result of "Secure connection".',
            commands=(
                "linux: sudo update-ca-certificates",
                "linux: trust list --filter=ca-anchors",
                'macos: security find-certificate -a -Z -c "Security Communication RootCA2"',
            ),
        ),
        "forbidden": fails(
            "{root} が、このPCで明示的に禁止されています（{store}）。この証明書に行き着く接続は拒まれ、ポータルを開けなくなるおそれがあります。",
            "{root} is explicitly distrusted on this PC ({store}). Connections that lead to it are refused, so the portal may not open.",
            steps(
                "会社のPCでは、禁止した理由を管理者に確かめてください。",
                "On a company PC, ask your administrator why it is distrusted.",
                "Windowsではcertmgr.mscの「信頼されていない証明書」から外します。macOSではキーチェーンアクセスの「信頼」を「システムデフォルトを使用」に戻します。Linuxでは下のコマンドで禁止の場所を探し、外します。",
                "Windows: remove it from Untrusted Certificates in certmgr.msc. macOS: in Keychain Access, set Trust back to Use System Defaults. Linux: find where it is blocked with the commands below and remove the block.",
                "外す前に、拇印が公表されたものと同じか照合してください。",
                "Before you remove it, compare its thumbprint with the published one.",
            ),
            commands=_LOOK,
            link="secom-repository",
        ),
        "ending": warns(
            "{root} は、{day} からこのPCで使えなくなります（{store}）。",
            "{root} will be refused on this PC from {day} on ({store}).",
            "Windowsの信頼リストか管理者が決めた日です。その日までに、ポータルが後継のルート証明書に移っているか「ポータルへの安全な接続」で確かめてください。",
            'The date was set by the Windows trust list or by an administrator. Before then, check under "Secure connection" whether the portal has moved to a successor.',
            commands=("windows: certutil -verifyCTL AuthRoot",),
            link="ms-root-program",
        ),
        "issued-before": warns(
            "{root} は、このPCでは {day} までに発行された証明書にだけ使えます（{store}）。その後に発行された証明書は拒まれます。",
            "On this PC, {root} is accepted only for certificates issued before {day} ({store}). Later ones are refused.",
            "Windowsの信頼リストか管理者が決めた日です。ポータルの証明書がその後に発行されていると、ポータルを開けません。ブラウザーで証明書の発行日を見てください。",
            "The date was set by the Windows trust list or by an administrator. If the portal's certificate was issued later, the portal will not open. Check its issue date in the browser.",
            commands=("windows: certutil -verifyCTL AuthRoot",),
            link="ms-root-program",
        ),
        "unclear": unknown(
            "{root} に、このプログラムの知らない設定が付いています（{store}: {setting}）。禁止かどうか分かりません。",
            "{root} has a setting that this program does not know ({store}: {setting}). It is not known whether it is distrusted.",
            "EdgeかChromeでポータルを開けるか、ご自身で確かめてください。",
            "Check whether the portal opens in Edge or Chrome.",
            commands=("windows: certutil -v -store AuthRoot",),
        ),
        "partly": unknown(
            "禁止の記録は見当たりませんが、証明書ストア{of}個のうち{looked}個しか読めませんでした（{unread}）。",
            "No distrust record was found, but only {looked} of {of} certificate stores could be read ({unread}).",
            "読めなかったストアを、下のコマンドか証明書の画面で、ご自身で確かめてください。",
            "Check the stores that could not be read yourself with the commands below, or in the certificate manager.",
            commands=_LOOK,
        ),
        "service-account": SERVICE,
        "unreadable": unknown(
            "証明書ストアを読めなかったため、分かりません。",
            "The certificate stores could not be read, so the result is not known.",
            "「見えたもの」に理由があります。下のコマンドか証明書の画面で、ご自身で確かめてください。",
            "The evidence shows the reason. Check yourself with the commands below, or in the certificate manager.",
            commands=(
                "windows: certmgr.msc",
                "linux: trust list --filter=ca-anchors",
                'macos: security find-certificate -a -Z -c "Security Communication RootCA2"',
            ),
        ),
    },
    source="root-update",
    fresh_for=30,
)
def os_store(ctx: Context) -> Finding:
    found = ctx.system.root_stores()
    telling = [store for store in found.stores if names_of(store.named())]
    others = ", ".join(store.name for store in found.stores if store not in telling)
    evidence = tuple(describe(store) for store in telling)
    if others:
        evidence += (show(f"none of them seen in: {others}", 400),)
    evidence += tuple(show(f"not readable: {place}") for place in found.unreadable[:5])
    evidence += tuple(f"{variable}: set" for variable in found.moved_by)
    if found.fetchable is not None:
        names = ", ".join(names_of(found.fetchable))
        evidence += (show(f"trust list of Windows names: {names or 'none of them'}", 300),)
    if told := _restricted(found, ctx):
        code, values = told
        return Finding(code, values, evidence)
    if not found.stores:
        return Finding("unreadable", {}, evidence)
    # Linux has no store of the user's own.
    if ctx.system.platform != "linux" and service_user(ctx):
        return Finding("service-account", {}, evidence)
    looked = len(found.stores)
    coverage = Coverage(looked, looked + len(found.unreadable), found.unreadable)
    return Finding(_code_of(found, ctx), {}, evidence, coverage)


def _restricted(found: RootStores, ctx: Context) -> tuple[str, dict[str, Json]] | None:
    """The worst that a store says against a root that matters, or None."""
    matters, now = harmful(ctx), ctx.options.moment()
    told: dict[str, dict[str, Json]] = {}
    for store in found.stores:
        days = {**store.issued_before, **store.refused_from}
        for code, roots in (
            ("forbidden", store.forbidden | {one for one, day in store.refused_from.items() if day <= now}),
            ("unclear", store.unclear),
            ("ending", store.refused_from),
            ("issued-before", store.issued_before),
        ):
            for sha256, name in wanted().items():
                if sha256 in roots and name in matters:
                    values: dict[str, Json] = {"root": name, "store": show(store.name)}
                    if code == "unclear":
                        values["setting"] = show(store.unclear[sha256], 80)
                    elif code != "forbidden":
                        values["day"] = day_of(days[sha256])
                    told.setdefault(code, values)
    for code in ("forbidden", "unclear", "ending", "issued-before"):
        if code in told:
            return code, told[code]
    return None


def _code_of(found: RootStores, ctx: Context) -> str:
    now = ctx.options.moment()
    refused = {one for store in found.stores for one, day in store.refused_from.items() if day <= now}
    present = set(names_of({one for store in found.stores for one in store.present} - refused))
    successor = any(name in present for name in SUCCESSORS)
    if ROOT_CA2 in present and successor:
        return "present"
    if successor:
        return "successor-only"
    if ROOT_CA2 in present:
        late = ctx.options.today() >= table.facts("roots").day("announce")
        return "rootca2-only-late" if late and not found.auto_update else "rootca2-only"
    # A list that names none of them fetches none; without a list yet, Windows gets it when first needed.
    if found.auto_update is None or (
        found.auto_update and found.fetchable is not None and not found.fetchable
    ):
        return "not-seen"
    return "fetched-when-needed" if found.auto_update else "auto-update-off"


@check(
    "root.certifi",
    title=Text("ルート証明書（プログラム）", "Root certificates (program)"),
    why=Text(
        "ポータルへの接続検査は、このプログラムが持つ公開ルート証明書の一覧で行います。一覧が古いと、正しいサーバーを「信頼できない」と誤って判定します。",
        "The connection check uses this program's list of public root certificates. If the list is out of date, a valid server would be reported as untrusted.",
    ),
    how=Text(
        "certifiパッケージの証明書を1枚ずつ拇印（SHA-256）で照合します。",
        "Compares the thumbprint (SHA-256) of each certificate in the certifi package.",
    ),
    says={
        "complete": passes(
            "RootCA2と2024年のSECOMルート証明書があります（certifi {version}、{count}枚）。",
            "RootCA2 and the SECOM root certificates of 2024 are present (certifi {version}, {count} root certificates).",
        ),
        "successor-only": passes(
            "2024年のSECOMルート証明書があります。RootCA2はもう含まれていません（certifi {version}）。",
            "The SECOM root certificates of 2024 are present. RootCA2 is no longer in the list (certifi {version}).",
        ),
        "aged": unknown(
            "このプログラムの証明書一覧（certifi {version}）は{days}日前のものです。今の一覧と同じか分かりません。",
            "This program's certificate list (certifi {version}) is {days|day} old. It is not known whether it still matches current lists.",
            "このプログラムの環境でcertifiを更新し、もう一度検査してください。",
            "Update certifi in this program's environment and run the check again.",
            commands=("python -m pip install --upgrade certifi",),
        ),
        "no-successor": warns(
            "certifi {version} は古く、2024年のSECOMルート証明書がありません。正しいサーバーを「信頼できない」と誤って判定するかもしれません。",
            "certifi {version} is out of date and has no SECOM root certificate of 2024. A valid server may be reported as untrusted.",
            "このプログラムの環境でcertifiを2026.7.22以降に更新してください。",
            "Update certifi to 2026.7.22 or newer in this program's environment.",
            commands=("python -m pip install --upgrade certifi",),
        ),
        "neither": warns(
            "このプログラムの証明書一覧（certifi {version}）に、ポータルで使われるはずのルート証明書がありません。接続検査の結果は当てになりません。",
            "This program's certificate list (certifi {version}) has none of the root certificates the portal is expected to use. The result of the connection check is not reliable.",
            "このプログラムの環境でcertifiを入れ直してください。",
            "Reinstall certifi in this program's environment.",
            commands=("python -m pip install --upgrade --force-reinstall certifi",),
        ),
    },
    source="secom-repository",
    fresh_for=30,
)
def certifi_bundle(ctx: Context) -> Finding:
    try:
        import certifi

        present = parse_certificate_file(read_bytes(certifi.where(), 16 * 1024 * 1024))
        version = certifi.__version__
    except (ImportError, OSError) as error:
        raise Unavailable(f"certifi: {type(error).__name__}") from None
    names = names_of(present)
    values: dict[str, Json] = {"version": show(version, 40), "count": len(present)}
    evidence = tuple(
        f"{name} {'present' if name in names else 'not seen'} SHA-256 {sha256}"
        for sha256, name in wanted().items()
    )
    successor = any(name in names for name in SUCCESSORS)
    if not successor:
        return Finding("no-successor" if ROOT_CA2 in names else "neither", values, evidence)
    try:
        made = date(*(int(part) for part in version.split(".")[:3]))
    except (TypeError, ValueError):
        raise Unavailable(f"certifi {version}: names no day") from None
    age = (ctx.options.today() - made).days
    if age > OLD_LIST:
        return Finding("aged", {**values, "days": age}, evidence)
    return Finding("complete" if ROOT_CA2 in names else "successor-only", values, evidence)
