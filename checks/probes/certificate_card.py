"""Step 6: what card is in the reader, asked only what it tells without a PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import Context, Coverage, Finding, Json, check
from checks.probes.certificate_card_says import CARD
from checks.probes.elsewhere import CARD_ROUTE, over_ssh
from checks.text import Text

if TYPE_CHECKING:
    from checks.card.contents import Reading

_HERE = {"no-service": "service-stopped", "no-reader": "no-reader"}
"""Troubles that speak against this PC only where applications are made on it, and where it shows its readers."""


def card_of(ctx: Context) -> Reading:
    """The card, read once a run."""
    from checks.card.contents import DEADLINE, read_card
    from checks.child import within

    return ctx.memo.once("my number card", lambda: read_card(within(DEADLINE, ctx.options.timeout)))


@check(
    "certificate.card",
    title=Text("マイナンバーカード", "My Number card"),
    why=Text(
        "署名に使うのはマイナンバーカードの「署名用電子証明書」です。古い住基カードや、署名用の入っていないカードでは申請できません。",
        "The signature is made with the certificate for signatures on the My Number card. An old Juki card, or a card without that certificate, does not do.",
    ),
    how=Text(
        "カードリーダーのカードに種類を尋ねます。暗証番号は尋ねず、送りません。番号・氏名・住所は読みません。",
        "Asks the card in the reader what it is. No PIN is asked for or sent; no number, name or address is kept.",
    ),
    says=CARD,
    source="jpki-faq",
    applies=CARD_ROUTE,
    needs=("certificate.kind",),
    timeout=15.0,
    fresh_for=7,
)
def my_number_card(ctx: Context) -> Finding:
    """What card is in the reader."""
    seen = card_of(ctx)
    kind = seen.kind
    if kind in _HERE:
        here = ctx.system.platform == "windows" and not over_ssh(ctx)
        return Finding(_HERE[kind] if here else f"{kind}-here", {}, seen.evidence)
    if kind in ("android", "iphone"):
        return Finding("smartphone", {}, seen.evidence)
    if kind != "my-number":
        return Finding(kind, {}, seen.evidence)
    if seen.test:
        return Finding("test-card", {}, seen.evidence)
    values: dict[str, Json] = {"generation": generation_of(seen.generation)}
    if seen.signature is None:
        return Finding("signature-unclear", values, seen.evidence)
    code = "my-number-card" if seen.signature else "no-signature-certificate"
    unread = (*seen.unread, *(("certificates of the card",) if seen.test is None else ()))
    looked = Coverage(seen.readers - len(seen.unread), seen.readers, unread)
    return Finding(code, values, seen.evidence, looked)


def generation_of(number: int | None) -> str:
    """The generation of the card's issuer for a sentence; a question mark when the card does not tell."""
    return f"{number:02}" if number else "?"
