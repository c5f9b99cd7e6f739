"""Step 1: what the browsers' own certificate databases forbid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import Context, Finding, Outcome, Says, check
from checks.probes.elsewhere import service_user
from checks.probes.portal_roots import describe, harmful, names_of, wanted
from checks.probes.roots import SERVICE
from checks.shown import show
from checks.system.api import Unavailable
from checks.text import Text

if TYPE_CHECKING:
    from checks.system.facts import Place


@check(
    "root.firefox",
    step=1,
    title=Text("ルート証明書（Firefox）", "Root certificate (Firefox)"),
    why=Text(
        "Firefoxは独自の証明書一覧を持っています。ここで禁止されていると、Firefoxではポータルを開けないことがあります。申請はEdgeかChromeで行います。",
        "Firefox has a list of its own. What is forbidden there may keep Firefox from opening the portal. Applications are made with Edge or Chrome.",
    ),
    how=Text(
        "Firefoxの各プロファイルの証明書データベース（cert9.db）を読み取り専用で開き、不信任の記録を探します。",
        "Opens the certificate database (cert9.db) of each Firefox profile read-only and looks for records of distrust.",
    ),
    says={
        "not-installed": Says(
            Outcome.SKIP,
            Text(
                "Firefoxのプロファイルはありません。申請はEdgeかChromeで行うので、必要ありません。",
                "There is no Firefox profile. None is needed: applications are made with Edge or Chrome.",
            ),
            not_needed=True,
        ),
        "nothing-forbidden": Says(
            Outcome.PASS,
            Text(
                "Firefoxのプロファイルに、このルート証明書を禁止する記録はありません。",
                "No record in the Firefox profiles forbids these roots.",
            ),
        ),
        "forbidden": Says(
            Outcome.FAIL,
            Text(
                "Firefoxのプロファイル「{profile}」で、{root} の信頼が外されています。",
                'In the Firefox profile "{profile}" trust in {root} has been taken away.',
            ),
            Text(
                "1. Firefoxの 設定 → プライバシーとセキュリティ → 証明書を表示 → 認証局証明書 を開きます。\n"
                "2. SECOM Trust Systems の該当する行を選び、「信頼性を設定」で「ウェブサイトの識別に信頼」を有効にします。\n"
                "3. 申請そのものはEdgeかChromeで行ってください。",
                "1. In Firefox open Settings, Privacy and Security, View Certificates, Authorities.\n"
                "2. Choose the line under SECOM Trust Systems, Edit Trust, and allow it to identify websites.\n"
                "3. The application itself is made with Edge or Chrome.",
            ),
            link="mozilla-lifecycle",
        ),
        "service-account": SERVICE,
        "unreadable": Says(
            Outcome.UNKNOWN,
            Text(
                "Firefoxの証明書データベースのうち、{count}個を読めませんでした。",
                "{count} of Firefox's certificate databases could not be read.",
            ),
            Text(
                "Firefoxを閉じてから、もう一度検査してください。",
                "Close Firefox and run the check again.",
            ),
        ),
    },
    fresh_for=30,
)
def firefox(ctx: Context) -> Finding:
    """Whether a Firefox profile has taken trust from a root that leads to the portal."""
    profiles = ctx.system.firefox_profiles()
    if not profiles:
        return Finding("service-account" if service_user(ctx) else "not-installed")
    return _databases(ctx, profiles)


@check(
    "root.chromium",
    step=1,
    title=Text("ルート証明書（Chrome・Edge）", "Root certificate (Chrome)"),
    why=Text(
        "ChromeとEdgeは内蔵の一覧に、利用者や管理者がこのPCに加えた設定を重ねて使います。",
        "Chrome and Edge use their built-in list, and on top of it what users and administrators have set on this PC.",
    ),
    how=Text(
        "LinuxではNSSデータベースを読み取り専用で開きます。WindowsとmacOSでは、ブラウザー内蔵の一覧を外から読む方法がありません。",
        "On Linux the NSS database is opened read-only. On Windows and macOS there is no way to read the browser's own list from outside.",
    ),
    says={
        "own-list": Says(
            Outcome.SKIP,
            Text(
                "ChromeとEdgeが内蔵する証明書の一覧は、外から読めません。禁止の設定は「ルート証明書（OS）」で調べています。",
                "The lists built into Chrome and Edge cannot be read from outside. What forbids a root is looked for in the check of the operating system.",
            ),
            Text(
                "ブラウザーで見るには、Chromeのアドレス欄に chrome://certificate-manager と入力します。",
                "To look in the browser, enter chrome://certificate-manager in Chrome's address bar.",
            ),
            link="chrome-policy",
            not_needed=True,
        ),
        "not-installed": Says(
            Outcome.SKIP,
            Text(
                "このPCにChrome、Edge、Chromiumは見当たりません。",
                "Neither Chrome nor Edge nor Chromium was seen on this PC.",
            ),
            not_needed=True,
        ),
        "nothing-forbidden": Says(
            Outcome.PASS,
            Text(
                "利用者の証明書データベースに、このルート証明書を禁止する記録はありません。内蔵の一覧は外から読めません。",
                "No record in the user's certificate database forbids these roots. The built-in list cannot be read from outside.",
            ),
        ),
        "forbidden": Says(
            Outcome.FAIL,
            Text(
                "Chromiumの証明書データベース（{profile}）で、{root} の信頼が外されています。",
                "In Chromium's certificate database ({profile}) trust in {root} has been taken away.",
            ),
            Text(
                "ブラウザーの chrome://certificate-manager か、下のコマンドで見て、外されたままでよいか確かめてください。",
                "Look at chrome://certificate-manager in the browser, or with the command below, whether this is meant to be.",
            ),
            ("linux: certutil -L -d sql:$HOME/.pki/nssdb",),
            link="chrome-policy",
        ),
        "unreadable": Says(
            Outcome.UNKNOWN,
            Text(
                "証明書データベースのうち、{count}個を読めませんでした。",
                "{count} of the certificate databases could not be read.",
            ),
            Text(
                "ブラウザーを閉じてから、もう一度検査してください。",
                "Close the browser and run the check again.",
            ),
            ("linux: certutil -L -d sql:$HOME/.pki/nssdb",),
        ),
    },
    source="chrome-policy",
    fresh_for=30,
)
def chromium(ctx: Context) -> Finding:
    """Whether the database that Chromium reads has taken trust from a root that leads to the portal."""
    if ctx.system.platform != "linux":
        return Finding("own-list")
    databases = ctx.system.nss_databases()
    if databases:
        return _databases(ctx, databases)
    browsers = [browser for browser in ctx.system.browsers() if browser.id in ("chrome", "chromium", "edge")]
    evidence = tuple(show(f"{browser.name} {browser.version} {browser.path}") for browser in browsers)
    return Finding("nothing-forbidden" if browsers else "not-installed", {}, evidence)


def _databases(ctx: Context, places: tuple[Place, ...]) -> Finding:
    """What NSS databases forbid; what cannot be read only counts when nothing else is wrong."""
    import os

    from checks.nss import read_nss
    from checks.system.facts import Store

    evidence: list[str] = []
    forbidden: list[tuple[str, str]] = []
    unreadable = 0
    for place in places[:50]:
        database = os.path.join(place.path, "cert9.db")
        try:
            trust = read_nss(database, wanted())
        except FileNotFoundError:
            evidence.append(show(f"{database}: none, so only the browser's own list applies", 300))
            continue
        except Unavailable as error:
            unreadable += 1
            evidence.append(show(f"not readable: {error.reason}", 300))
            continue
        store = Store(database, trust.present, trust.forbidden)
        evidence.append(describe(store))
        forbidden += [(name, place.name) for name in names_of(trust.forbidden) if name in harmful(ctx)]
    kept = tuple(evidence[:20])
    if forbidden:
        return Finding("forbidden", {"root": forbidden[0][0], "profile": show(forbidden[0][1], 80)}, kept)
    if unreadable:
        return Finding("unreadable", {"count": unreadable}, kept)
    return Finding("nothing-forbidden", {}, kept)
