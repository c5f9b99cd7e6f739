"""Step 6: what card is in the reader, asked only what it tells without a PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import Context, Coverage, Finding, Json
from checks.probes.elsewhere import card_check, over_ssh
from checks.says import fails, passes, steps, unknown, warns
from checks.text import Text

if TYPE_CHECKING:
    from checks.card.card import CardState

NEW_CERTIFICATE = steps(
    "市区町村の窓口で、署名用電子証明書の発行（更新）を申し込みます。マイナンバーカードと暗証番号が要ります。",
    "Apply for a signing certificate (or its renewal) at your municipal office. Bring the card and its PINs.",
    "発行から24時間ほどは使えません。翌日以降に申請してください。",
    "It cannot be used for about 24 hours after issue. Apply the next day or later.",
)

_SAME = steps(
    "カードを入れ直し（置き直し）、もう一度検査してください。",
    "Reinsert the card (or place it again) and run the check again.",
    "続くときは、利用者クライアントソフトの「動作確認」でカードを読めるか確かめてください。",
    "If the problem persists, use the client software's self-test to see whether it can read the card.",
)

_NO_SERVICE = steps(
    "申請に使うWindows PCに、SSHではなく直接サインインして検査してください。",
    "Run the check on the Windows PC you will apply from, signed in directly and not over SSH.",
    "LinuxのPCで読むときは、下のコマンドでサービスを入れて始めます。",
    "To read the card on a Linux PC, install and start the service with the commands below.",
    "どちらもできないときは、「カードに有効な署名用電子証明書が入っていますか」の質問に答えてください。",
    "If neither is possible, answer the question on whether the card holds a valid certificate.",
)

_START = ("linux: sudo apt install pcscd", "linux: sudo systemctl start pcscd.socket")

_HERE = {"no-service": "service-stopped", "no-reader": "no-reader"}
"""Troubles that speak against this PC only where applications are made on it, and where it shows its readers."""


def card_of(ctx: Context) -> CardState:
    from checks.card.contents import DEADLINE, read_card
    from checks.child import within

    return ctx.memo.once("my number card", lambda: read_card(within(DEADLINE, ctx.options.timeout)))


@card_check(
    "certificate.card",
    title=Text("マイナンバーカード", "My Number card"),
    why=Text(
        "署名に使うのはマイナンバーカードの「署名用電子証明書」です。古い住基カードや、署名用の入っていないカードでは申請できません。",
        "You sign with the signing certificate on the My Number card. An old Juki card, or a card without that certificate, cannot be used.",
    ),
    how=Text(
        "カードリーダーのカードに種類を尋ねます。暗証番号は尋ねず、送りません。番号・氏名・住所は読みません。",
        "Asks the card in the reader what kind of card it is. No PIN is requested or sent, and no number, name or address is read.",
    ),
    says={
        "my-number-card": passes(
            "署名用電子証明書の入ったマイナンバーカードです（発行者の世代 {generation}）。",
            "This is a My Number card with a signing certificate (issuer generation {generation}).",
            "引っ越しや氏名の変更の後に発行し直していない場合は、署名用だけが失効しています。カードを見ただけでは分かりません。",
            "If you have moved or changed your name and have not had it reissued, the signing certificate is revoked. The card itself does not show this.",
        ),
        "partly": warns(
            "署名用電子証明書の入ったマイナンバーカードがあります。ただし、ほかのリーダーか、カードの証明書の中に、読めないものがありました。",
            "There is a My Number card with a signing certificate, but another reader or a certificate on the card could not be read.",
            steps(
                "使わないカードとリーダーを外し、もう一度検査してください。リーダーがいくつもあると、署名のソフトが別のものを選ぶことがあります。",
                "Remove cards and readers you do not need and run the check again. With several readers, the signing software may choose the wrong one.",
                "続くときは、利用者クライアントソフトの「自分の証明書」で、署名用を表示できるか確かめてください。",
                "If the problem persists, use the client software to check whether it shows the signing certificate.",
            ),
        ),
        "no-signature-certificate": warns(
            "マイナンバーカードですが、署名用電子証明書が入っていないようです。",
            "This is a My Number card, but it does not seem to have a signing certificate.",
            NEW_CERTIFICATE,
        ),
        "signature-unclear": warns(
            "マイナンバーカードですが、署名用電子証明書が入っているか分かりませんでした。",
            "This is a My Number card, but it could not be determined whether it has a signing certificate.",
            "利用者クライアントソフトの「自分の証明書」で、署名用があるか確かめてください。なければ、市区町村の窓口で発行します。",
            "Use the client software to check for a signing certificate. If there is none, your municipal office can issue one.",
        ),
        "smartphone": warns(
            "リーダーから見えるのは、スマートフォンの電子証明書です。カードではありません。",
            "The reader sees a smartphone's certificate, not a card.",
            "マイナンバーカードをリーダーに置いてください。スマートフォンの電子証明書が使えるかは、公式の一覧で確かめてください。",
            "Place the My Number card on the reader. See the official list for whether a smartphone's certificate is accepted.",
            link="ninsho-list",
        ),
        "unknown-token": warns(
            "公的個人認証のカードのようですが、種類が分かりませんでした。",
            "This looks like a card of the public certification service, but of an unknown kind.",
            "利用者クライアントソフトで、このカードの署名用電子証明書を表示できるか確かめてください。",
            "Use the client software to check whether it shows the card's signing certificate.",
        ),
        "old-juki-card": fails(
            "古い住民基本台帳カードです。その電子証明書はもう使えません。",
            "This is an old Juki card. Its certificates can no longer be used.",
            "マイナンバーカードをリーダーに入れてください。持っていないときは、市区町村に申し込みます。",
            "Insert a My Number card. If you do not have one, apply for it at your municipal office.",
            link="jpki-top",
        ),
        "test-card": fails(
            "試験用の発行者（JPKI-TEST）のカードです。申請には使えません。",
            "This card was issued for testing (JPKI-TEST). It cannot be used to apply.",
            "申請する本人のマイナンバーカードを使ってください。",
            "Use the applicant's own My Number card.",
            link="jpki-top",
        ),
        "other-card": fails(
            "マイナンバーカードではありません（公的個人認証の機能がないカードです）。",
            "This is not a My Number card (it does not support the public certification service).",
            "マイナンバーカードをリーダーに入れ、もう一度検査してください。リーダーが複数あるときは、入れたリーダーを確かめてください。",
            "Insert the My Number card and run the check again. If there are several readers, check which one holds it.",
        ),
        "no-card": warns(
            "カードリーダーはありますが、カードが入っていません。",
            "A card reader is connected, but there is no card in it.",
            "マイナンバーカードの向きを確かめて入れ（置き）、もう一度検査してください。",
            "Insert (or place) the My Number card the right way round and run the check again.",
        ),
        "held": warns(
            "ほかのプログラムがカードを独占しています。このままでは署名できないおそれがあります。",
            "Another program has exclusive use of the card. Signing may fail.",
            "カードを使うほかのプログラム（e-Tax、利用者クライアントソフト、サインイン用のソフトなど）を閉じ、もう一度検査してください。",
            "Close other programs that use the card (e-Tax, the client software, sign-in tools) and run the check again.",
        ),
        "blocked": unknown(
            "カードからの答えが時間内にありませんでした。ほかのプログラムが使い続けているか、カードが止まっています。",
            "The card did not respond in time. Another program may be using it, or it has stopped responding.",
            steps(
                "カードを使うほかのプログラムを閉じてください。",
                "Close other programs that use the card.",
                "カードとリーダーを挿し直し、もう一度検査してください。",
                "Reconnect the card and the reader, and run the check again.",
            ),
        ),
        "removed": unknown(
            "読んでいる途中でカードが抜かれました。",
            "The card was removed while it was being read.",
            "カードを入れたままにして（置いたまま動かさずに）、もう一度検査してください。",
            "Leave the card in place without moving it, and run the check again.",
        ),
        "silent": unknown(
            "カードが答えません。",
            "The card does not respond.",
            steps(
                "カードの向きとICチップの汚れを確かめ、入れ直してください。",
                "Check that the card is the right way round and its chip is clean, and insert it again.",
                "別のリーダーでも答えないときは、カードの故障かもしれません。市区町村の窓口に相談してください。",
                "If it does not respond in another reader either, it may be faulty. Ask your municipal office.",
            ),
        ),
        "garbage": unknown(
            "カードの答えが読めません。どのカードか分かりませんでした。",
            "The card's responses could not be understood, so it could not be identified.",
            _SAME,
        ),
        "denied": unknown(
            "カードのサービスを使うことが、このアカウントに許されていません。",
            "This account is not allowed to use the smart card service.",
            "SSHなどの遠隔の接続ではなく、PCに直接サインインして検査するか、管理者に確かめてください。",
            "Sign in directly at the PC instead of remotely and run the check again, or ask your administrator.",
        ),
        "no-answer": unknown(
            "カードのサービスが、分からない答えを返しました。",
            "The smart card service returned an unknown response.",
            _SAME,
        ),
        "no-library": unknown(
            "カードを読むためのOSの部品（PC/SC）がないため、調べられませんでした。",
            "The system's card library (PC/SC) is missing, so this could not be checked.",
            _NO_SERVICE,
            commands=_START,
        ),
        "service-stopped": fails(
            "スマートカードのサービスが動いていないため、カードを読めません。",
            "The smart card service is not running, so no card can be read.",
            steps(
                "管理者として開いたPowerShellで、下のコマンドを実行します。リーダーをつなぐと始まることもあります。",
                "Run the command below in PowerShell as an administrator. Connecting a reader may also start the service.",
                "もう一度検査してください。",
                "Run the check again.",
            ),
            commands=("windows: Start-Service SCardSvr",),
        ),
        "no-service-here": unknown(
            "ここからはスマートカードのサービスが使えないため、調べられませんでした。",
            "The smart card service is not available from here, so this could not be checked.",
            _NO_SERVICE,
            commands=_START,
        ),
        "no-reader": fails(
            "カードリーダーがつながっていません。",
            "No card reader is connected.",
            "マイナンバーカードに対応したリーダーをつなぎ、もう一度検査してください。スマートフォンで読む方法もあります。",
            "Connect a reader that supports the My Number card and run the check again. You can also read the card with a smartphone.",
        ),
        "no-reader-here": unknown(
            "ここからはカードリーダーが見えないため、調べられませんでした。",
            "Card readers are not visible from here, so this could not be checked.",
            "リーダーをつないだ、申請に使うWindows PCに直接サインインして検査してください。できないときは、「カードに有効な署名用電子証明書が入っていますか」の質問に答えてください。",
            "Sign in directly at the Windows PC that has the reader and run the check there. If that is not possible, answer the question on whether the card holds a valid certificate.",
        ),
    },
    source="jpki-faq",
    timeout=15.0,
    fresh_for=7,
)
def my_number_card(ctx: Context) -> Finding:
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
