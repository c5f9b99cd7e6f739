"""Step 1: the root certificates in the lists of this PC and of this program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks import table
from checks.model import Context, Finding, Json, Outcome, Says, check
from checks.probes.elsewhere import service_user
from checks.probes.portal_roots import ROOT_CA2, SUCCESSORS, describe, harmful, names_of, wanted
from checks.shown import show
from checks.system.api import Unavailable
from checks.text import Text

if TYPE_CHECKING:
    from checks.system.facts import RootStores


SERVICE = Says(
    Outcome.UNKNOWN,
    Text(
        "サービス用のアカウントで動いているため、申請する人の証明書ストアは見えません。",
        "This runs under a service account, so the applicant's own certificate store cannot be seen.",
    ),
    Text(
        "申請する人のアカウントでサインインして、もう一度検査してください。",
        "Sign in as the person who applies and run the check again.",
    ),
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
    step=1,
    title=Text("ルート証明書（OS）", "Root certificate (system)"),
    why=Text(
        "ポータルとの通信が本物かどうかを、ブラウザーはルート証明書で確かめます。禁止されていると、ポータルを開けないことがあります。",
        "Browsers tell by the root certificates whether they talk to the real portal. If one is forbidden, the portal may not open.",
    ),
    how=Text(
        "OSの証明書ストアを読み取り、拇印（SHA-256）で照合します。「ある」「禁止されている」「見当たらない」の3つに分けます。書き換えはしません。",
        "Reads the operating system's certificate stores and compares thumbprints (SHA-256). The answer is present, forbidden or not seen. Nothing is changed.",
    ),
    says={
        "present": Says(
            Outcome.PASS,
            Text(
                "RootCA2と、後継の2024年SECOMルート証明書の両方があります。",
                "Both RootCA2 and a SECOM root of 2024, its successor, are there.",
            ),
        ),
        "successor-only": Says(
            Outcome.PASS,
            Text(
                "後継の2024年SECOMルート証明書があります。RootCA2は見当たりませんが、ポータルが新しい証明書に移っていれば問題ありません。",
                "A SECOM root of 2024 is there. RootCA2 was not seen, which does no harm once the portal has moved to the new one.",
            ),
            Text(
                "「ポータルへの安全な接続」が通っていれば、することはありません。",
                "If the check of the secure connection passes, there is nothing to do.",
            ),
            link="root-update",
        ),
        "rootca2-only": Says(
            Outcome.PASS,
            Text(
                "RootCA2があります。後継の2024年SECOMルート証明書は、まだ見当たりません。",
                "RootCA2 is there. Its successor, a SECOM root of 2024, was not seen yet.",
            ),
            Text(
                "OSを更新しておくと、ポータルの証明書が切り替わっても困りません。",
                "Keep the operating system updated, so that a change of the portal's certificate does no harm.",
            ),
            ("linux: sudo apt-get update && sudo apt-get install --only-upgrade ca-certificates",),
            link="secom-repository",
        ),
        "rootca2-only-late": Says(
            Outcome.WARN,
            Text(
                "RootCA2だけがあり、後継の2024年SECOMルート証明書が見当たりません。RootCA2だけでは足りません（ブラウザーの信頼終了として公表された日は2027年4月15日ごろ、期限は2029年5月29日）。",
                "Only RootCA2 is there and no SECOM root of 2024. RootCA2 alone will not do: the day announced for browsers to stop trusting it is about 15 April 2027, the day it expires 29 May 2029.",
            ),
            Text(
                "OSとブラウザーを最新に更新してください。",
                "Update the operating system and the browser.",
            ),
            (
                "linux: sudo apt-get update && sudo apt-get install --only-upgrade ca-certificates",
                "macos: softwareupdate --list",
            ),
            link="root-update",
        ),
        "fetched-when-needed": Says(
            Outcome.PASS,
            Text(
                "まだストアにはありませんが、Windowsが必要になったときに自動で取り込みます。これは普通の状態です。",
                "Not in the store yet, but Windows fetches it by itself when it is first needed. This is normal.",
            ),
            Text(
                "EdgeかChromeで一度ポータルを開いてから検査すると、取り込まれたことを確かめられます。",
                "Open the portal once in Edge or Chrome and check again to see that it has been fetched.",
            ),
            ("windows: certutil -verifyCTL AuthRoot",),
            link="ms-root-program",
        ),
        "auto-update-off": Says(
            Outcome.WARN,
            Text(
                "ルート証明書が見当たらず、自動更新もこのPCの設定（ポリシー）で止められています。",
                "The root certificates were not seen, and fetching them is switched off on this PC by policy.",
            ),
            Text(
                "1. 会社のPCでは、管理者に「ルート証明書の自動更新」の許可か、証明書の配布を頼んでください。\n"
                "2. 自分のPCでは、ポータルの案内に従ってルート証明書を更新してください。拇印を必ず照合してください。",
                "1. On a company's PC, ask the administrator to allow automatic root updates or to distribute the certificates.\n"
                "2. On your own PC, follow the portal's page to update the root certificate. Compare the thumbprint.",
            ),
            (
                r"windows: reg query HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates\AuthRoot",
                "windows: certutil -generateSSTFromWU roots.sst",
            ),
            link="root-update",
        ),
        "not-seen": Says(
            Outcome.WARN,
            Text(
                "RootCA2も、後継の2024年SECOMルート証明書も、このPCの一覧に見当たりません。禁止はされていません。",
                "Neither RootCA2 nor a SECOM root of 2024 was seen in this PC's lists. None is forbidden.",
            ),
            Text(
                "見当たらないだけでは故障ではありません。OSを更新し、「ポータルへの安全な接続」の結果を見てください。",
                "Not seeing them is no fault by itself. Update the operating system and look at the check of the secure connection.",
            ),
            (
                "linux: sudo update-ca-certificates",
                "linux: trust list --filter=ca-anchors",
                'macos: security find-certificate -a -Z -c "Security Communication RootCA2"',
            ),
            link="root-update",
        ),
        "forbidden": Says(
            Outcome.FAIL,
            Text(
                "{root} が、このPCで明示的に禁止されています（{store}）。この証明書に行き着く接続は拒まれ、ポータルを開けなくなるおそれがあります。",
                "{root} is explicitly forbidden on this PC ({store}). Connections that lead to it are refused, so the portal may not open.",
            ),
            Text(
                "1. 会社のPCでは、禁止した理由を管理者に確かめてください。\n"
                "2. Windowsではcertmgr.mscの「信頼されていない証明書」から外します。macOSではキーチェーンアクセスの「信頼」を「システムデフォルトを使用」に戻します。Linuxでは下のコマンドで禁止の場所を探し、外します。\n"
                "3. 外す前に、拇印が公表されたものと同じか照合してください。",
                "1. On a company's PC, ask the administrator why it was forbidden.\n"
                "2. Windows: remove it from Untrusted Certificates in certmgr.msc. macOS: set its trust back to the system default in Keychain Access. Linux: find where it is blocked with the commands below and unblock it.\n"
                "3. Before that, compare its thumbprint with the published one.",
            ),
            _LOOK,
            link="secom-repository",
        ),
        "service-account": SERVICE,
        "unreadable": Says(
            Outcome.UNKNOWN,
            Text(
                "証明書ストアを読めなかったため、分かりません。",
                "The certificate stores could not be read, so this is not known.",
            ),
            Text(
                "「見えたもの」に理由があります。下のコマンドか証明書の画面で、ご自身で確かめてください。",
                "The evidence says why. Please look for yourself with the commands below.",
            ),
            (
                "windows: certmgr.msc",
                "linux: trust list --filter=ca-anchors",
                'macos: security find-certificate -a -Z -c "Security Communication RootCA2"',
            ),
            link="root-update",
        ),
    },
    source="root-update",
    fresh_for=30,
)
def os_store(ctx: Context) -> Finding:
    """Whether the operating system's lists have the roots that lead to the portal, or forbid one."""
    found = ctx.system.root_stores()
    telling = [store for store in found.stores if names_of(store.present | store.forbidden)]
    others = ", ".join(store.name for store in found.stores if store not in telling)
    evidence = tuple(describe(store) for store in telling)
    if others:
        evidence += (show(f"none of them seen in: {others}", 400),)
    evidence += tuple(show(f"not readable: {place}") for place in found.unreadable[:5])
    for variable in found.moved_by:
        evidence += (f"{variable}: set",)
    if found.fetchable is not None:
        evidence += (
            show(
                f"trust list of Windows names: {', '.join(names_of(found.fetchable)) or 'none of them'}", 300
            ),
        )
    matters = harmful(ctx)
    forbidden = [
        (name, store.name) for store in found.stores for name in names_of(store.forbidden) if name in matters
    ]
    if forbidden:
        name, place = forbidden[0]
        return Finding("forbidden", {"root": name, "store": show(place)}, evidence)
    if not found.stores:
        return Finding("unreadable", {}, evidence)
    # Linux has no store of the user's own.
    if ctx.system.platform != "linux" and service_user(ctx):
        return Finding("service-account", {}, evidence)
    return Finding(_code_of(found, ctx), {}, evidence)


def _code_of(found: RootStores, ctx: Context) -> str:
    present = set(names_of(sha256 for store in found.stores for sha256 in store.present))
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
    step=1,
    title=Text("ルート証明書（プログラム）", "Root certificates (program)"),
    why=Text(
        "ポータルへの接続検査は、このプログラムが持つ公開ルート証明書の一覧で行います。一覧が古いと、正しいサーバーを「信頼できない」と誤って判定します。",
        "The connection check uses the list of public roots that this program has. With an old list a good server would be called untrusted.",
    ),
    how=Text(
        "certifiパッケージの証明書を1枚ずつ拇印（SHA-256）で照合します。",
        "Compares the certificates of the certifi package, one by one, by thumbprint (SHA-256).",
    ),
    says={
        "complete": Says(
            Outcome.PASS,
            Text(
                "RootCA2と2024年のSECOMルート証明書があります（certifi {version}、{count}枚）。",
                "RootCA2 and the SECOM roots of 2024 are there (certifi {version}, {count} roots).",
            ),
        ),
        "successor-only": Says(
            Outcome.PASS,
            Text(
                "2024年のSECOMルート証明書があります。RootCA2はもう含まれていません（certifi {version}）。",
                "The SECOM roots of 2024 are there; RootCA2 is no longer part of the list (certifi {version}).",
            ),
        ),
        "no-successor": Says(
            Outcome.WARN,
            Text(
                "certifi {version} は古く、2024年のSECOMルート証明書がありません。正しいサーバーを「信頼できない」と誤って判定するかもしれません。",
                "certifi {version} is old and has no SECOM root of 2024. A good server may be called untrusted.",
            ),
            Text(
                "このプログラムの環境でcertifiを2026.7.22以降に更新してください。",
                "Update certifi to 2026.7.22 or newer in this program's environment.",
            ),
            ("python -m pip install --upgrade certifi",),
        ),
        "neither": Says(
            Outcome.WARN,
            Text(
                "このプログラムの証明書一覧（certifi {version}）に、ポータルで使われるはずのルート証明書がありません。接続検査の結果は当てになりません。",
                "This program's list (certifi {version}) has none of the roots the portal is expected to use. The result of the connection check is not reliable.",
            ),
            Text(
                "このプログラムの環境でcertifiを入れ直してください。",
                "Install certifi anew in this program's environment.",
            ),
            ("python -m pip install --upgrade --force-reinstall certifi",),
        ),
    },
    source="secom-repository",
    fresh_for=30,
)
def certifi_bundle(ctx: Context) -> Finding:
    """Whether the list that this program verifies with has the roots that lead to the portal."""
    try:
        import certifi

        from checks.system.files import read_bytes
        from checks.system.parse import parse_certificate_file

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
    if ROOT_CA2 in names:
        return Finding("complete" if successor else "no-successor", values, evidence)
    return Finding("successor-only" if successor else "neither", values, evidence)
