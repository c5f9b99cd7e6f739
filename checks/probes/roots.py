"""Step 1: the root certificates in the lists of this PC and of this program."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from checks import table
from checks.model import Context, Coverage, Finding, Json, check
from checks.probes.elsewhere import service_user
from checks.probes.portal_roots import ROOT_CA2, SUCCESSORS, day_of, describe, harmful, names_of, wanted
from checks.probes.roots_says import CERTIFI, OS_STORE
from checks.shown import show
from checks.system.api import Unavailable
from checks.text import Text

if TYPE_CHECKING:
    from checks.system.facts import RootStores


OLD_LIST = 400
"""Days after which a list of public roots is too old to say what is trusted today."""


@check(
    "root.os-store",
    title=Text("ルート証明書（OS）", "Root certificate (system)"),
    why=Text(
        "ポータルとの通信が本物かどうかを、ブラウザーはルート証明書で確かめます。禁止されていると、ポータルを開けないことがあります。",
        "Browsers tell by the root certificates whether they talk to the real portal. If one is forbidden, the portal may not open.",
    ),
    how=Text(
        "OSの証明書ストアを読み取り、拇印（SHA-256）で照合します。Windowsでは、用途の制限と無効にする日の設定も読みます。書き換えはしません。",
        "Reads the operating system's certificate stores and compares thumbprints (SHA-256); on Windows also the settings that limit a root's purposes or disable it from a day on. Nothing is changed.",
    ),
    says=OS_STORE,
    source="root-update",
    fresh_for=30,
)
def os_store(ctx: Context) -> Finding:
    """Whether the operating system's lists have the roots that lead to the portal, or forbid one."""
    found = ctx.system.root_stores()
    telling = [store for store in found.stores if names_of(store.named())]
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
        "The connection check uses the list of public roots that this program has. With an old list a good server would be called untrusted.",
    ),
    how=Text(
        "certifiパッケージの証明書を1枚ずつ拇印（SHA-256）で照合します。",
        "Compares the certificates of the certifi package, one by one, by thumbprint (SHA-256).",
    ),
    says=CERTIFI,
    source="secom-repository",
    fresh_for=30,
)
def certifi_bundle(ctx: Context) -> Finding:
    """Whether the list that this program verifies with has the roots that lead to the portal."""
    try:
        import certifi

        from checks.system.bounded_files import read_bytes
        from checks.system.parse_common import parse_certificate_file

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
