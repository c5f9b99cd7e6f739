"""Step 1: the root certificates that this PC, its browsers and this program know, and what the calendar does to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checks import table
from checks.model import Context, Finding, Json, check
from checks.probes.root_words import (
    CERTIFI,
    CHROMIUM,
    FIREFOX,
    LIFECYCLE,
    OS_STORE,
    WHY_CHROMIUM,
    WHY_FIREFOX,
    WHY_STORE,
)  # fmt: skip
from checks.shown import show
from checks.system.api import System, Unavailable
from checks.text import Text

if TYPE_CHECKING:
    from checks.system.facts import Place, RootStores, Store

ROOT_CA2 = "Security Communication RootCA2"
SUCCESSORS = ("SECOM TLS RSA Root CA 2024", "SECOM TLS ECC Root CA 2024")


def _wanted() -> dict[str, str]:
    """SHA-256 and name of the roots that matter to the portal."""
    from checks.pki.anchors import EXPECTED

    return {sha256: name for sha256, name in EXPECTED.items() if name == ROOT_CA2 or name in SUCCESSORS}


def _mattering(ctx: Context) -> frozenset[str]:
    """Names of the roots whose being forbidden does harm: RootCA2 only until it expires."""
    expired = ctx.options.moment() > table.facts("roots").moment("expiry")
    return frozenset(SUCCESSORS if expired else (ROOT_CA2, *SUCCESSORS))


def _names(found: Iterable[str]) -> list[str]:
    kept = frozenset(found)
    return [name for sha256, name in _wanted().items() if sha256 in kept]


@check(
    "root.os-store",
    step=1,
    title=Text("ルート証明書（OS）", "Root certificate (system)"),
    why=WHY_STORE,
    how=Text(
        "OSの証明書ストアを読み取り、指紋（SHA-256）で照合します。「ある」「禁止されている」「見当たらない」の3つに分けます。書き換えはしません。",
        "Reads the operating system's certificate stores and compares fingerprints (SHA-256). The answer is present, forbidden or not seen. Nothing is changed.",
    ),
    says=OS_STORE,
    source="root-update",
    fresh_for=30,
)
def os_store(ctx: Context) -> Finding:
    found = ctx.system.root_stores()
    telling = [store for store in found.stores if _names(store.present | store.forbidden)]
    others = ", ".join(store.name for store in found.stores if store not in telling)
    evidence = tuple(_describe(store) for store in telling)
    if others:
        evidence += (show(f"none of them seen in: {others}", 400),)
    evidence += tuple(show(f"not readable: {place}") for place in found.unreadable[:5])
    for variable in found.moved_by:
        evidence += (f"{variable}: set",)
    if found.fetchable is not None:
        evidence += (
            show(f"trust list of Windows names: {', '.join(_names(found.fetchable)) or 'none of them'}", 300),
        )
    matters = _mattering(ctx)
    forbidden = [
        (name, store.name) for store in found.stores for name in _names(store.forbidden) if name in matters
    ]
    if forbidden:
        name, place = forbidden[0]
        return Finding("forbidden", {"root": name, "store": show(place)}, evidence)
    if not found.stores:
        return Finding("unreadable", {}, evidence)
    # Linux has no store of the user's own.
    if ctx.system.platform != "linux" and _is_service(ctx.system):
        return Finding("service-account", {}, evidence)
    return Finding(_code_of(found, ctx), {}, evidence)


def _code_of(found: RootStores, ctx: Context) -> str:
    present = set(_names(sha256 for store in found.stores for sha256 in store.present))
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


def _describe(store: Store) -> str:
    parts = [f"{name} {_answer(store, sha256)}" for sha256, name in _wanted().items()]
    return show(f"{store.name}: {', '.join(parts)}", 300)


def _answer(store: Store, sha256: str) -> str:
    if sha256 in store.forbidden:
        return "FORBIDDEN"
    return "present" if sha256 in store.present else "not seen"


def _is_service(system: System) -> bool:
    try:
        return system.session().service
    except Unavailable:
        return False


@check(
    "root.certifi",
    step=1,
    title=Text("ルート証明書（プログラム）", "Root certificates (program)"),
    why=Text(
        "ポータルへの接続検査は、このプログラムが持つ公開ルート証明書の一覧で行います。一覧が古いと、正しいサーバーを「信頼できない」と誤って判定します。",
        "The connection check uses the list of public roots that this program has. With an old list a good server would be called untrusted.",
    ),
    how=Text(
        "certifiパッケージの証明書を1枚ずつ指紋（SHA-256）で照合します。",
        "Compares the certificates of the certifi package, one by one, by fingerprint (SHA-256).",
    ),
    says=CERTIFI,
    source="secom-repository",
    fresh_for=30,
)
def certifi_bundle(ctx: Context) -> Finding:
    try:
        import certifi

        from checks.system.files import read_bytes
        from checks.system.parse import parse_certificate_file

        present = parse_certificate_file(read_bytes(certifi.where(), 16 * 1024 * 1024))
        version = certifi.__version__
    except (ImportError, OSError) as error:
        raise Unavailable(f"certifi: {type(error).__name__}") from None
    names = _names(present)
    values: dict[str, Json] = {"version": show(version, 40), "count": len(present)}
    evidence = tuple(
        f"{name} {'present' if name in names else 'not seen'} SHA-256 {sha256}"
        for sha256, name in _wanted().items()
    )
    successor = any(name in names for name in SUCCESSORS)
    if ROOT_CA2 in names:
        return Finding("complete" if successor else "no-successor", values, evidence)
    return Finding("successor-only" if successor else "neither", values, evidence)


@check(
    "root.firefox",
    step=1,
    title=Text("ルート証明書（Firefox）", "Root certificate (Firefox)"),
    why=WHY_FIREFOX,
    how=Text(
        "Firefoxの各プロファイルの証明書データベース（cert9.db）を読み取り専用で開き、不信任の記録を探します。",
        "Opens the certificate database (cert9.db) of each Firefox profile read-only and looks for records of distrust.",
    ),
    says=FIREFOX,
    fresh_for=30,
)
def firefox(ctx: Context) -> Finding:
    profiles = ctx.system.firefox_profiles()
    if not profiles:
        return Finding("service-account" if _is_service(ctx.system) else "not-installed")
    return _databases(ctx, profiles)


@check(
    "root.chromium",
    step=1,
    title=Text("ルート証明書（Chrome・Edge）", "Root certificate (Chrome)"),
    why=WHY_CHROMIUM,
    how=Text(
        "LinuxではNSSデータベースを読み取り専用で開きます。WindowsとmacOSでは、ブラウザー内蔵の一覧を外から読む方法がありません。",
        "On Linux the NSS database is opened read-only. On Windows and macOS there is no way to read the browser's own list from outside.",
    ),
    says=CHROMIUM,
    source="chrome-policy",
    fresh_for=30,
)
def chromium(ctx: Context) -> Finding:
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
            trust = read_nss(database, _wanted())
        except FileNotFoundError:
            evidence.append(show(f"{database}: none, so only the browser's own list applies", 300))
            continue
        except Unavailable as error:
            unreadable += 1
            evidence.append(show(f"not readable: {error.reason}", 300))
            continue
        store = Store(database, trust.present, trust.forbidden)
        evidence.append(_describe(store))
        forbidden += [(name, place.name) for name in _names(trust.forbidden) if name in _mattering(ctx)]
    kept = tuple(evidence[:20])
    if forbidden:
        return Finding("forbidden", {"root": forbidden[0][0], "profile": show(forbidden[0][1], 80)}, kept)
    if unreadable:
        return Finding("unreadable", {"count": unreadable}, kept)
    return Finding("nothing-forbidden", {}, kept)


@check(
    "root.lifecycle",
    step=1,
    title=Text("ルート証明書の今後", "Future of the root"),
    why=Text(
        "ポータルが案内するRootCA2には期限があり、ブラウザーはそれより前に信頼をやめる予定です。後継は2024年のSECOMルート証明書です。",
        "The root that the portal names has an end date, and browsers plan to stop trusting it before. Its successors are SECOM's roots of 2024.",
    ),
    how=Text("公表されている日付と今日の日付を比べます。", "Compares the published dates with today's."),
    says=LIFECYCLE,
    source="mozilla-lifecycle",
    derived=True,
)
def lifecycle(ctx: Context) -> Finding:
    roots = table.facts("roots")
    today = ctx.options.today()
    removal, expiry = roots.day("browser_removal"), roots.moment("expiry")
    evidence = (table.note("roots", today), f"RootCA2 notAfter {expiry.isoformat()}")
    values: dict[str, Json] = {
        "removal": removal.isoformat(),
        "expiry": expiry.date().isoformat(),
    }
    if ctx.options.moment() > expiry:
        return Finding("expired", values, evidence)
    if today >= removal:
        return Finding("after-browser-removal", values, evidence)
    values["days"] = (removal - today).days
    return Finding("approaching" if today >= roots.day("announce") else "quiet", values, evidence)
