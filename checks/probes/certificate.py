"""Step 6: the My Number card in the reader, asked only what it tells without a PIN."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from checks import dates
from checks.model import Context, Finding, Json, check
from checks.probes import certificate_says as words
from checks.probes.elsewhere import CARD_ROUTE
from checks.text import Text

if TYPE_CHECKING:
    from checks.card.reading import Reading

JAPAN = timezone(timedelta(hours=9))
"""A card's last day is a day in Japan, wherever the PC believes it is."""
RENEWAL_MONTHS = 3
"""Months before the end from which on a certificate can be renewed."""
ENOUGH_TRIES = 3

_HERE = {"no-service": "service-stopped", "no-reader": "no-reader"}
"""Troubles that speak against this PC only where applications are made on it."""


def _card(ctx: Context) -> Reading:
    """The card, read once a run."""
    from checks.card.reading import DEADLINE, read_card
    from checks.child import within

    return ctx.memo.once("my number card", lambda: read_card(within(DEADLINE, ctx.options.timeout)))


@check(
    "certificate.card",
    step=6,
    title=Text("マイナンバーカード", "My Number card"),
    why=Text(
        "署名に使うのはマイナンバーカードの「署名用電子証明書」です。古い住基カードや、署名用の入っていないカードでは申請できません。",
        "The signature is made with the certificate for signatures on the My Number card. An old Juki card, or a card without that certificate, does not do.",
    ),
    how=Text(
        "カードリーダーのカードに種類を尋ねます。暗証番号は尋ねず、送りません。番号・氏名・住所は読みません。読むには追加の部品 pyscard が要ります。",
        "Asks the card in the reader what it is. No PIN is asked for or sent; no number, name or address is kept. It takes the optional package pyscard.",
    ),
    says=words.CARD,
    source="jpki-faq",
    applies=CARD_ROUTE,
    needs=("certificate.kind",),
    timeout=15.0,
    fresh_for=7,
)
def CARD(ctx: Context) -> Finding:
    """What card is in the reader."""
    seen = _card(ctx)
    kind = seen.kind
    if kind in _HERE:
        here = ctx.system.platform == "windows"
        return Finding(_HERE[kind] if here else f"{kind}-here", {}, seen.evidence)
    if kind in ("android", "iphone"):
        return Finding("smartphone", {}, seen.evidence)
    if kind != "my-number":
        return Finding(kind, {}, seen.evidence)
    if seen.test:
        return Finding("test-card", {}, seen.evidence)
    values: dict[str, Json] = {"generation": _generation(seen.generation)}
    if seen.signature is None:
        return Finding("signature-unclear", values, seen.evidence)
    return Finding("my-number-card" if seen.signature else "no-signature-certificate", values, seen.evidence)


def _generation(number: int | None) -> str:
    return f"{number:02}" if number else "?"


@check(
    "certificate.pin-tries",
    step=6,
    title=Text("パスワードの残り回数", "Password tries left"),
    why=Text(
        "署名用のパスワードは、続けて5回間違えるとロックされ、窓口などで再設定するまで申請できません。",
        "Five wrong passwords in a row lock the certificate for signatures; until it is reset no application can be made.",
    ),
    how=Text(
        "残り回数だけを、回数を減らさない方法でカードに尋ねます。パスワードは尋ねず、送りません。",
        "Asks the card for the number of tries only, in a way that spends none. No password is asked for or sent.",
    ),
    says=words.TRIES,
    source="jpki-password",
    requires=("certificate.card",),
    applies=CARD_ROUTE,
    needs=("certificate.kind",),
    timeout=15.0,
    fresh_for=1,
)
def TRIES(ctx: Context) -> Finding:
    """How many tries the password for signatures has left."""
    seen = _card(ctx)
    if seen.kind != "my-number" or seen.sign_tries is None:
        return Finding("no-answer", {}, seen.evidence)
    left = seen.sign_tries
    values: dict[str, Json] = {"left": left}
    evidence = [f"signature: {left}"]
    if seen.auth_tries is not None:
        evidence.append(f"user authentication (4 digits): {seen.auth_tries}")
    if left == 0:
        return Finding("locked", values, tuple(evidence))
    return Finding("enough" if left >= ENOUGH_TRIES else "few", values, tuple(evidence))


@check(
    "certificate.auth-expiry",
    step=6,
    title=Text("カードの証明書の期限", "Card: last day"),
    why=Text(
        "電子証明書は、発行から5回目の誕生日（期限の3か月前から更新した場合は6回目）までで、カードの期限より後にはなりません。期限が切れると申請できません。",
        "The certificates run until the fifth birthday after issue (the sixth when renewed within the last three months), never longer than the card. After that no application can be made.",
    ),
    how=Text(
        "署名用の期限はパスワードなしでは読めないため、ふつう同じ日に切れる「利用者証明用」の期限を読みます。引っ越しや改姓で署名用だけが失効していることは、ここでは分かりません。",
        "The last day of the certificate for signatures cannot be read without its password, so that of the one for user authentication is read, which usually ends on the same day. Whether the former was revoked by moving or a new name cannot be seen here.",
    ),
    says=words.EXPIRY,
    source="jpki-faq",
    requires=("certificate.card",),
    applies=CARD_ROUTE,
    needs=("certificate.kind",),
    timeout=15.0,
    fresh_for=7,
)
def EXPIRY(ctx: Context) -> Finding:
    """Until when the card's certificates run, as far as it can be seen."""
    seen = _card(ctx)
    values: dict[str, Json] = {"generation": _generation(seen.generation)}
    evidence = (f"issuer generation: {values['generation']}",)
    if seen.kind != "my-number" or seen.auth_until is None:
        code = "old-generation" if seen.kind == "my-number" and seen.generation == 1 else "not-readable"
        return Finding(code, values, evidence)
    now = ctx.options.moment()
    last = seen.auth_until.astimezone(JAPAN).date()
    renewable = dates.add_months(last, -RENEWAL_MONTHS)
    values |= {
        "until": last.isoformat(),
        "wareki": dates.wareki(last),
        "renewable": renewable.isoformat(),
        "renewable_wareki": dates.wareki(renewable),
        "days": (last - now.astimezone(JAPAN).date()).days,
    }
    if seen.auth_until < now:
        return Finding("expired", values, evidence)
    if seen.generation == 1:
        return Finding("old-generation", values, evidence)
    return Finding("renewable" if now.astimezone(JAPAN).date() >= renewable else "in-date", values, evidence)
