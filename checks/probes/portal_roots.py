"""Step 1: the roots that lead to the portal, how a list answers for them, and what the calendar does to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from checks import table
from checks.model import Context, Finding, Json, check
from checks.rules.dates import JAPAN
from checks.says import fails, passes, steps, warns
from checks.shown import show
from checks.text import Text

if TYPE_CHECKING:
    from checks.system.facts import RootStore

ROOT_CA2 = "Security Communication RootCA2"
SUCCESSORS = ("SECOM TLS RSA Root CA 2024", "SECOM TLS ECC Root CA 2024")


def wanted() -> dict[str, str]:
    """SHA-256 and name of the roots that matter to the portal."""
    from checks.pki.anchors import EXPECTED

    return {sha256: name for sha256, name in EXPECTED.items() if name == ROOT_CA2 or name in SUCCESSORS}


def harmful(ctx: Context) -> frozenset[str]:
    """Names of the roots whose being forbidden does harm: RootCA2 only until it expires."""
    expired = ctx.options.moment() > table.facts("roots").moment("expiry")
    return frozenset(SUCCESSORS if expired else (ROOT_CA2, *SUCCESSORS))


def names_of(found: Iterable[str]) -> list[str]:
    """Names of the roots that matter to the portal among those found (SHA-256)."""
    kept = frozenset(found)
    return [name for sha256, name in wanted().items() if sha256 in kept]


def describe(store: RootStore) -> str:
    """A line of evidence: what a list says of each root that matters to the portal."""
    parts = [f"{name} {_answer(store, sha256)}" for sha256, name in wanted().items()]
    return show(f"{store.name}: {', '.join(parts)}", 300)


def day_of(moment: datetime) -> str:
    return moment.astimezone(JAPAN).date().isoformat()


def _answer(store: RootStore, sha256: str) -> str:
    if sha256 in store.forbidden:
        return "FORBIDDEN"
    if sha256 in store.unclear:
        return f"UNCLEAR ({store.unclear[sha256]})"
    if sha256 in store.refused_from:
        return f"refused from {day_of(store.refused_from[sha256])}"
    if sha256 in store.issued_before:
        return f"only what was issued before {day_of(store.issued_before[sha256])}"
    return "present" if sha256 in store.present else "not seen"


@check(
    "root.lifecycle",
    title=Text("ルート証明書の今後", "Root certificate's future"),
    why=Text(
        "ポータルが案内するRootCA2には期限があり、ブラウザーはそれより前に信頼をやめる予定です。後継は2024年のSECOMルート証明書です。",
        "RootCA2, which the portal names, has an expiry date, and browsers plan to stop trusting it before then. Its successors are the SECOM root certificates of 2024.",
    ),
    how=Text("公表されている日付と今日の日付を比べます。", "Compares the published dates with today's."),
    says={
        "quiet": passes(
            "RootCA2は今のところ使えます。ブラウザーが信頼をやめる予定は {removal} ごろ（あと{days}日）、証明書の期限は {expiry} です。",
            "RootCA2 can be used for now. Browsers plan to stop trusting it around {removal} (in {days|day}), and it expires on {expiry}.",
            "OSとブラウザーを自動更新にしておけば、後継の2024年SECOMルート証明書が入ります。",
            "With automatic updates of the operating system and the browser, its successor (a SECOM root certificate of 2024) is installed automatically.",
        ),
        "approaching": warns(
            "あと{days}日（{removal} ごろ）で、MozillaとChromeはRootCA2を信頼しなくなる予定です。期限は {expiry} です。",
            "Mozilla and Chrome plan to stop trusting RootCA2 in {days|day} (around {removal}). It expires on {expiry}.",
            steps(
                "OS、Edge、Chromeを最新に更新します。",
                "Update the operating system, Edge and Chrome.",
                "「ルート証明書（OS）」で、2024年のSECOMルート証明書があるか確かめます。",
                'Check under "Root certificate (system)" that a SECOM root certificate of 2024 is present.',
                "ポータルの案内が変わっていないか、ルート証明書のページを見ます。",
                "Check the portal's root certificate page for changes.",
            ),
        ),
        "after-browser-removal": warns(
            "MozillaとChromeがRootCA2の信頼をやめる予定の日（{removal}）を過ぎました。RootCA2だけでは、最新のブラウザーで開けないかもしれません。期限は {expiry} です。",
            "The date on which Mozilla and Chrome planned to stop trusting RootCA2 ({removal}) has passed. With RootCA2 alone, the portal may not open in a current browser. It expires on {expiry}.",
            steps(
                "「ポータルへの安全な接続」が2024年のSECOMルート証明書で通るか確かめます。",
                'Check under "Secure connection" that the connection is verified with a SECOM root certificate of 2024.',
                "通らないときは、ポータルのルート証明書のページで新しい案内を確かめます。",
                "If not, check the portal's root certificate page for new instructions.",
                "RootCA2を手で入れ直して済ませないでください。",
                "Do not just reinstall RootCA2 manually.",
            ),
            link="root-update",
        ),
        "expired": fails(
            "RootCA2は {expiry} に期限が切れました（ブラウザーの信頼終了の予定は {removal}）。RootCA2に頼る接続はできません。",
            "RootCA2 expired on {expiry} (browsers planned to stop trusting it on {removal}). Connections that rely on RootCA2 are no longer possible.",
            steps(
                "OSとブラウザーを更新し、2024年のSECOMルート証明書があるか確かめます。",
                "Update the operating system and the browser, and check that a SECOM root certificate of 2024 is present.",
                "準備の手順が変わっています。ポータルの最新の案内に従ってください。",
                "The preparation steps have changed. Follow the portal's current instructions.",
            ),
            link="root-update",
        ),
    },
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
