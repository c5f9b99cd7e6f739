"""Step 6: how many tries the card's password has left, and until when its certificates run; no PIN is asked for."""

from __future__ import annotations

from checks.model import Context, Finding, Json
from checks.probes.certificate_card import NEW_CERTIFICATE, card_of, generation_of
from checks.probes.certificate_dates import RENEWABLE, RENEWAL_MONTHS, expiry_values
from checks.probes.elsewhere import card_check
from checks.rules import dates
from checks.says import fails, passes, unknown, warns
from checks.text import Text

ENOUGH_TRIES = 3
"""Tries left, of 5, from which on nothing need be said."""


@card_check(
    "certificate.pin-tries",
    title=Text("パスワードの残り回数", "Password tries left"),
    why=Text(
        "署名用のパスワードは、続けて5回間違えるとロックされ、窓口などで再設定するまで申請できません。",
        "Five wrong passwords in a row lock the signing certificate. You cannot apply until it is reset.",
    ),
    how=Text(
        "残り回数だけを、回数を減らさない方法でカードに尋ねます。パスワードは尋ねず、送りません。",
        "Asks the card only for the number of tries left, without using one up. No password is requested or sent.",
    ),
    says={
        "enough": passes(
            "署名用のパスワードは、あと{left}回試せます（5回まで）。",
            "The signing password has {left|try|tries} left (of 5).",
        ),
        "few": warns(
            "署名用のパスワードは、あと{left}回間違えるとロックされます。",
            "The signing password locks after {left|more wrong try|more wrong tries}.",
            "当て推量で入力しないでください。確かでないときは、市区町村の窓口か、スマートフォンのアプリとコンビニの端末で再設定してください。正しく入力すると、回数は元に戻ります。",
            "Do not guess. If you are not sure, have it reset at your municipal office, or with the phone app and a convenience store kiosk. Entering it correctly restores all tries.",
            link="jpki-faq",
        ),
        "locked": fails(
            "署名用のパスワードがロックされています。このままでは署名できません。",
            "The signing password is locked. You cannot sign.",
            "市区町村の窓口か、スマートフォンのアプリとコンビニの端末で、パスワードを再設定してください。",
            "Have the password reset at your municipal office, or with the phone app and a convenience store kiosk.",
            link="jpki-faq",
        ),
        "no-answer": unknown(
            "パスワードの残り回数を読めませんでした。",
            "The number of password tries left could not be read.",
            "利用者クライアントソフトで確かめてください。パスワードが確かでないときは、試さずに再設定してください。",
            "Check with the client software. If you are not sure of the password, have it reset instead of trying it.",
            link="jpki-faq",
        ),
    },
    source="jpki-password",
    requires=("certificate.card",),
    timeout=15.0,
    fresh_for=1,
)
def pin_tries(ctx: Context) -> Finding:
    seen = card_of(ctx)
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


@card_check(
    "certificate.auth-expiry",
    title=Text("カードの証明書の期限", "Card certificate expiry"),
    why=Text(
        "電子証明書は、発行から5回目の誕生日（期限の3か月前から更新した場合は6回目）までで、カードの期限より後にはなりません。期限が切れると申請できません。",
        "The certificates are valid until your fifth birthday after issue (the sixth if renewed within three months of expiry), and no longer than the card. After that you cannot apply.",
    ),
    how=Text(
        "署名用の期限はパスワードなしでは読めないため、ふつう同じ日に切れる「利用者証明用」の期限を読みます。引っ越しや氏名の変更で署名用だけが失効していることは、ここでは分かりません。",
        "The signing certificate's expiry cannot be read without its password, so the expiry of the user authentication certificate, usually the same day, is read instead. This does not show whether the signing certificate was revoked because you moved or changed your name.",
    ),
    says={
        "in-date": passes(
            "利用者証明用の期限は {until}（{wareki}）です。更新は {renewable}（{renewable_wareki}）からできます。",
            "The user authentication certificate is valid until {until} ({wareki}). It can be renewed from {renewable} ({renewable_wareki}).",
            "署名用もふつう同じ日に切れますが、引っ越しや氏名の変更の後に発行し直していない場合は、すでに失効しています。",
            "The signing certificate usually expires on the same day, but it is already revoked if you have moved or changed your name and have not had it reissued.",
        ),
        "renewable": warns(
            RENEWABLE.ja,
            RENEWABLE.en,
            "申請と補正が期限までに終わらないときは、先に市区町村の窓口で更新してください。更新から24時間ほどは使えません。更新すると次の期限は6回目の誕生日です。",
            "If the application and any corrections may take longer, renew it first at your municipal office. It cannot be used for about 24 hours after renewal. The new one is valid until your sixth birthday.",
        ),
        "expired": fails(
            "利用者証明用の期限が {until}（{wareki}）に切れています。署名用も切れていると考えられます。",
            "The user authentication certificate expired on {until} ({wareki}). The signing certificate has probably expired too.",
            NEW_CERTIFICATE,
        ),
        "old-generation": fails(
            "発行者（認証局）の世代が {generation} で、その証明書は2025年10月19日に期限が切れています。",
            "The issuer is of generation {generation}, whose own certificate expired on 2025-10-19.",
            NEW_CERTIFICATE,
        ),
        "not-readable": unknown(
            "カードの証明書の期限を読めませんでした。",
            "The expiry of the card's certificates could not be read.",
            "利用者クライアントソフトの「自分の証明書」で、署名用の有効期間を確かめてください。",
            "Check the validity of the signing certificate with the client software.",
        ),
    },
    source="jpki-faq",
    requires=("certificate.card",),
    timeout=15.0,
    fresh_for=7,
)
def auth_expiry(ctx: Context) -> Finding:
    seen = card_of(ctx)
    values: dict[str, Json] = {"generation": generation_of(seen.generation)}
    evidence = (f"issuer generation: {values['generation']}",)
    if seen.kind != "my-number" or seen.auth_until is None:
        code = "old-generation" if seen.kind == "my-number" and seen.generation == 1 else "not-readable"
        return Finding(code, values, evidence)
    last, today = dates.in_japan(seen.auth_until), ctx.options.today()
    renewable = dates.add_months(last, -RENEWAL_MONTHS)
    values |= expiry_values(last, today, renewable)
    if seen.auth_until < ctx.options.moment():
        return Finding("expired", values, evidence)
    if seen.generation == 1:
        return Finding("old-generation", values, evidence)
    return Finding("renewable" if today >= renewable else "in-date", values, evidence)
