"""Step 1: what the browsers' own certificate databases forbid."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from checks.model import Context, Coverage, Finding, check
from checks.probes.elsewhere import service_user
from checks.probes.portal_roots import describe, harmful, names_of, wanted
from checks.probes.roots import SERVICE
from checks.says import fails, passes, skips, steps, unknown
from checks.shown import show
from checks.system.api import Unavailable
from checks.text import Text

if TYPE_CHECKING:
    from checks.nss import NssTrust
    from checks.system.facts import Profile

    Database = tuple[Profile, str, Callable[[str, Iterable[str]], NssTrust]]

MOST_PLACES = 50
_NSS_LIST = ("linux: certutil -L -d sql:$HOME/.pki/nssdb",)
_CLOSE_BROWSER = Text(
    "ブラウザーを閉じてから、もう一度検査してください。",
    "Close the browser and run the check again.",
)
_CLOSE_FIREFOX = Text(
    "Firefoxを閉じてから、もう一度検査してください。",
    "Close Firefox and run the check again.",
)


@check(
    "root.firefox",
    title=Text("ルート証明書（Firefox）", "Root certificate (Firefox)"),
    why=Text(
        "Firefoxは独自の証明書一覧を持っています。ここで禁止されていると、Firefoxではポータルを開けないことがあります。申請はEdgeかChromeで行います。",
        "Firefox has its own list of certificates. If a root certificate is distrusted there, Firefox may not open the portal. You apply with Edge or Chrome.",
    ),
    how=Text(
        "Firefoxの各プロファイルの証明書データベース（cert9.db）を読み取り専用で開き、不信任の記録を探します。",
        "Opens the certificate database (cert9.db) of each Firefox profile read-only and looks for distrust records.",
    ),
    says={
        "not-installed": skips(
            "Firefoxのプロファイルはありません。申請はEdgeかChromeで行うので、必要ありません。",
            "There is no Firefox profile. None is needed, because you apply with Edge or Chrome.",
            not_needed=True,
        ),
        "nothing-forbidden": passes(
            "Firefoxのプロファイルに、このルート証明書を禁止する記録はありません。",
            "No record in the Firefox profiles distrusts these root certificates.",
        ),
        "forbidden": fails(
            "Firefoxのプロファイル「{profile}」で、{root} の信頼が外されています。",
            'The Firefox profile "{profile}" does not trust {root}.',
            steps(
                "Firefoxの 設定 → プライバシーとセキュリティ → 証明書を表示 → 認証局証明書 を開きます。",
                "In Firefox, open Settings > Privacy & Security > View Certificates > Authorities.",
                "SECOM Trust Systems の該当する行を選び、「信頼性を設定」で「ウェブサイトの識別に信頼」を有効にします。",
                "Select the entry under SECOM Trust Systems, click Edit Trust, and allow the certificate to identify websites.",
                "申請そのものはEdgeかChromeで行ってください。",
                "Use Edge or Chrome for the application itself.",
            ),
            link="mozilla-lifecycle",
        ),
        "unclear": unknown(
            "Firefoxのプロファイル「{profile}」に、{root} についての意味の分からない記録があります。禁止かどうか分かりません。",
            'The Firefox profile "{profile}" has a record about {root} whose meaning is unknown. It is not known whether {root} is distrusted.',
            "Firefoxの 設定 → プライバシーとセキュリティ → 証明書を表示 → 認証局証明書 で、その行の「信頼性を設定」を見てください。",
            "In Firefox, open Settings > Privacy & Security > View Certificates > Authorities, and check Edit Trust for that entry.",
            link="mozilla-lifecycle",
        ),
        "partly": unknown(
            "読めたプロファイルに禁止する記録はありませんが、Firefoxのプロファイル{of}個のうち{looked}個しか読めませんでした（{unread}）。",
            "No distrust record was found, but only {looked} of {of} Firefox profiles could be read ({unread}).",
            _CLOSE_FIREFOX,
        ),
        "service-account": SERVICE,
        "unreadable": unknown(
            "Firefoxの証明書データベース（{count}個）を読めませんでした。",
            "Firefox's certificate databases ({count}) could not be read.",
            _CLOSE_FIREFOX,
        ),
    },
    fresh_for=30,
)
def firefox(ctx: Context) -> Finding:
    profiles = ctx.system.firefox_profiles()
    if not profiles:
        return Finding("service-account" if service_user(ctx) else "not-installed")
    from checks.nss import FIREFOX, read_nss

    return _databases(ctx, [(place, "cert9.db", partial(read_nss, rules=FIREFOX)) for place in profiles])


@check(
    "root.chromium",
    title=Text("ルート証明書（Chrome・Edge）", "Root certificate (Chrome)"),
    why=Text(
        "ChromeとEdgeは内蔵の一覧に、利用者や管理者がこのPCに加えた設定を重ねて使います。",
        "Chrome and Edge use a built-in list, plus the settings that users and administrators have made on this PC.",
    ),
    how=Text(
        "各プロファイルのServerCertificate（証明書マネージャーで付けた設定）と、LinuxではNSSデータベースを、読み取り専用で開きます。ブラウザー内蔵の一覧を外から読む方法はありません。",
        "Opens ServerCertificate of each profile (settings made in the certificate manager) and, on Linux, the NSS database, read-only. The browser's built-in list cannot be read from outside.",
    ),
    says={
        "own-list": skips(
            "ChromeとEdgeが内蔵する証明書の一覧は、外から読めません。禁止の設定は「ルート証明書（OS）」で調べています。",
            'The lists built into Chrome and Edge cannot be read from outside. Distrust settings are checked under "Root certificate (system)".',
            "ブラウザーで見るには、Chromeのアドレス欄に chrome://certificate-manager と入力します。",
            "To look in the browser, enter chrome://certificate-manager in Chrome's address bar.",
            not_needed=True,
        ),
        "not-installed": skips(
            "このPCにChrome、Edge、Chromiumは見当たりません。",
            "Chrome, Edge and Chromium were not found on this PC.",
            not_needed=True,
        ),
        "nothing-forbidden": passes(
            "利用者の証明書データベースに、このルート証明書を禁止する記録はありません。内蔵の一覧は外から読めません。",
            "No record in the user's certificate database distrusts these root certificates. The built-in list cannot be read from outside.",
        ),
        "forbidden": fails(
            "Chromiumの証明書データベース（{profile}）で、{root} の信頼が外されています。",
            "Chromium's certificate database ({profile}) does not trust {root}.",
            "ブラウザーの chrome://certificate-manager か、下のコマンドで見て、外されたままでよいか確かめてください。",
            "Check at chrome://certificate-manager in the browser, or with the command below, whether this is intended.",
            commands=_NSS_LIST,
        ),
        "unclear": unknown(
            "Chromiumの証明書データベース（{profile}）に、{root} についての記録があります。NSSの版によって禁止になるため、分かりません。",
            "Chromium's certificate database ({profile}) has a record about {root} that means distrust only in some versions of NSS, so the result is not known.",
            "ブラウザーの chrome://certificate-manager か、下のコマンドで見て、その記録を残すか決めてください。",
            "Check at chrome://certificate-manager in the browser, or with the command below, whether to keep the record.",
            commands=_NSS_LIST,
        ),
        "partly": unknown(
            "読めたデータベースに禁止する記録はありませんが、{of}個のうち{looked}個しか読めませんでした（{unread}）。",
            "No distrust record was found, but only {looked} of {of} databases could be read ({unread}).",
            _CLOSE_BROWSER,
            commands=_NSS_LIST,
        ),
        "unreadable": unknown(
            "証明書データベース（{count}個）を読めませんでした。",
            "The certificate databases ({count}) could not be read.",
            _CLOSE_BROWSER,
            commands=_NSS_LIST,
        ),
    },
    source="chrome-policy",
    fresh_for=30,
)
def chromium(ctx: Context) -> Finding:
    from checks.nss import CHROMIUM, read_nss, read_server_certificates

    databases: list[Database] = [
        (place, "cert9.db", partial(read_nss, rules=CHROMIUM)) for place in ctx.system.nss_databases()
    ]
    databases += [
        (place, "ServerCertificate", read_server_certificates) for place in ctx.system.chromium_profiles()
    ]
    found = _databases(ctx, databases)
    clean = found.code == "nothing-forbidden" and found.coverage is not None and found.coverage.complete
    if not clean or (databases and ctx.system.platform == "linux"):
        return found
    if ctx.system.platform != "linux":
        return Finding("own-list", {}, found.evidence)
    browsers = [browser for browser in ctx.system.browsers() if browser.id in ("chrome", "chromium", "edge")]
    evidence = tuple(show(f"{browser.name} {browser.version} {browser.path}") for browser in browsers)
    return Finding("nothing-forbidden" if browsers else "not-installed", {}, evidence)


def _databases(ctx: Context, databases: Sequence[Database]) -> Finding:
    """What the databases make of the roots: of the profiles in use, or of all where that is not known."""
    from checks.system.facts import RootStore

    evidence: list[str] = []
    found: dict[str, tuple[str, str]] = {}
    unread: list[str] = []
    known = any(place.in_use for place, _, _ in databases)
    judged = [one for one in databases if one[0].in_use or one[0].problem or not known]
    evidence += [show(f"not in use: {one[0].path}", 300) for one in databases if one not in judged][:5]
    for place, name, read in judged[:MOST_PLACES]:
        database = os.path.join(place.path, name)
        try:
            if place.problem:
                raise Unavailable(place.problem)
            trust = read(database, wanted())
        except FileNotFoundError:
            evidence.append(show(f"{database}: none, so only the browser's own list applies", 300))
            continue
        except Unavailable as error:
            unread.append(f"{place.name}: {error.reason}")
            continue
        unclear = dict.fromkeys(trust.unclear, "record")
        evidence.append(describe(RootStore(database, trust.present, trust.forbidden, unclear)))
        for code, roots in (("forbidden", trust.forbidden), ("unclear", trust.unclear)):
            for root in names_of(roots):
                if root in harmful(ctx):
                    found.setdefault(code, (root, place.name))
    kept = tuple(evidence[:20])
    for code in ("forbidden", "unclear"):
        if code in found:
            root, profile = found[code]
            return Finding(code, {"root": root, "profile": show(profile, 80)}, kept)
    if unread and len(unread) == len(judged):
        lines = tuple(show(f"not readable: {name}", 300) for name in unread[:20])
        return Finding("unreadable", {"count": len(unread)}, (*kept, *lines))
    looked = min(len(judged), MOST_PLACES) - len(unread)
    return Finding("nothing-forbidden", {}, kept, Coverage(looked, len(judged), tuple(unread)))
