"""What is said about a certificate file."""

from __future__ import annotations

from collections.abc import Mapping

from checks.model import Outcome, Says
from checks.text import Text

_AGAIN = Text(
    "1. 発行元の手順で、証明書のファイルをもう一度取り込む（書き出す）か、控えから戻してください。\n2. もう一度検査してください。",
    "1. Download (or export) the file again as its issuer describes, or restore it from a copy.\n2. Run the check again.",
)
_RENEW = Text(
    "1. 発行元に、新しい電子証明書の発行を申し込んでください。届くまで日数がかかります。\n2. 申請する日と補正の期間に、期限が切れないものを使います。",
    "1. Apply to the issuer for a new certificate. It takes days to arrive.\n2. Use one that does not end while the application and its corrections are under way.",
)
_PASSWORD = Text(
    "パスワードを確かめるには、画面でこの検査を開いて入力するか、--password-fd で渡します（保存しません）。例: oss-junbi check certificate.file --password-fd 3",
    "To try the password, type it in on the screen of this check or hand it over with --password-fd (it is not stored), for example: oss-junbi check certificate.file --password-fd 3",
)
_PLACE = Text(
    "ファイルの場所の答えを直し、もう一度検査してください。",
    "Correct the answer on the place of the file and run the check again.",
)
_ASK_ISSUER = Text(
    "公式の「利用可能な電子証明書を発行できる認証機関」に、この発行者があるか確かめてください。なければ、ある認証機関の証明書を用意します。",
    "See whether this issuer is on the official list of authorities whose certificates can be used. If not, get one from an authority that is.",
)

_FROM_A_LISTED_ONE = Text(
    "公式の「利用可能な電子証明書を発行できる認証機関」にある認証機関から署名用の電子証明書を取り、そのファイルを指定してください。",
    "Get a certificate for signatures from an authority on the official list of those that can be used, and name its file.",
)

FILE: Mapping[str, Says] = {
    "ok": Says(
        Outcome.PASS,
        Text(
            "開けました。鍵と証明書がそろい、{issuer} の発行で、期限は {until}（{wareki}）です。",
            "It opens, with its key. It was issued by {issuer} and runs until {until} ({wareki}).",
        ),
        Text(
            "発行者の署名と失効は、ここでは確かめていません。登記や事務所の変更があった場合は、次の検査を見てください。",
            "The issuer's signature and revocation are not looked at here. If the register or the office has changed, see the next check.",
        ),
    ),
    "expires-soon": Says(
        Outcome.WARN,
        Text(
            "期限（{until}、{wareki}）まであと{days}日です。発行者は {issuer} です。",
            "It ends in {days|day}, on {until} ({wareki}). Issued by {issuer}.",
        ),
        _RENEW,
        link="ninsho-list",
    ),
    "old-encryption": Says(
        Outcome.WARN,
        Text(
            "使えますが、ファイルが古い方式（{cipher}）で暗号化されています。期限は {until}（{wareki}）、発行者は {issuer} です。",
            "It works, but the file is encrypted in an outdated way ({cipher}). It runs until {until} ({wareki}), issued by {issuer}.",
        ),
        Text(
            "新しいソフトでは開けないことがあります。開けないときは、発行元の今のソフトで取り込み直してください。ファイルは人に渡さないでください。",
            "New software may refuse it. If so, download it again with the issuer's present software. Hand the file to nobody.",
        ),
        link="ninsho-list",
    ),
    "unknown-family": Says(
        Outcome.WARN,
        Text(
            "開けましたが、発行者（{issuer}）は、この確認表の知っているものではありません。期限は {until}（{wareki}）です。",
            "It opens, but its issuer ({issuer}) is none that this checklist knows. It runs until {until} ({wareki}).",
        ),
        _ASK_ISSUER,
        link="ninsho-list",
    ),
    "other-family": Says(
        Outcome.WARN,
        Text(
            "開けましたが、答えた種類の証明書ではないようです（発行者 {issuer}、期限 {until}、{wareki}）。",
            "It opens, but it seems to be of another kind than answered (issuer {issuer}, until {until}, {wareki}).",
        ),
        Text(
            "「どの電子証明書で署名しますか」の答えか、ファイルの場所を確かめてください。",
            "See whether the answer on the kind of certificate and the place of the file are right.",
        ),
        link="ninsho-list",
    ),
    "certificate-only": Says(
        Outcome.WARN,
        Text(
            "証明書だけのファイルです（発行者 {issuer}、期限 {until}、{wareki}）。署名には鍵も要ります。",
            "The file has a certificate only (issuer {issuer}, until {until}, {wareki}). Signing takes its key too.",
        ),
        Text(
            "ICカード型なら、鍵はカードの中にあります。ファイル型なら、鍵の入った .p12 か .pfx のファイルを指定してください。発行者が公式の一覧にあることも確かめます。",
            "If it is on an IC card, the key is on the card. If it is a file, name the .p12 or .pfx that has the key. See that the issuer is on the official list, too.",
        ),
        link="ninsho-list",
    ),
    "pem-with-key": Says(
        Outcome.WARN,
        Text(
            "鍵が文字（PEM）の形で入っています（期限 {until}、{wareki}）。署名のソフトはふつう .p12 か .pfx を求めます。",
            "The key is there as text (PEM; until {until}, {wareki}). Signing software usually wants a .p12 or .pfx.",
        ),
        Text(
            "発行元から受け取った .p12 か .pfx を指定してください。鍵の入ったファイルは人に渡さず、不要な写しは消してください。",
            "Name the .p12 or .pfx that the issuer gave you. Hand files with a key to nobody, and delete copies that are not needed.",
        ),
        link="ninsho-list",
    ),
    "password-needed": Says(
        Outcome.WARN,
        Text(
            "ファイルの形は正しいですが、パスワードがないため、中の期限と鍵は確かめていません。",
            "The file is well-formed. Without its password the dates and the key in it were not looked at.",
        ),
        _PASSWORD,
    ),
    "wrong-password": Says(
        Outcome.UNKNOWN,
        Text(
            "ファイルの形は正しいですが、このパスワードでは開けませんでした。",
            "The file is well-formed, but this password does not open it.",
        ),
        Text(
            "1. 大文字と小文字、全角と半角、前後の空白を確かめて、もう一度入力してください。\n"
            "2. 分からないときは再発行になることがあります。発行元に確かめてください。\n"
            "3. 正しいはずのときは、ファイルが壊れているおそれもあります。取り込み直してください。",
            "1. Mind capitals, full-width characters and blanks at the ends, and enter it again.\n"
            "2. If it is lost, the certificate may have to be issued anew. Ask the issuer.\n"
            "3. If you are sure of it, the file may be damaged. Download it again.",
        ),
        link="ninsho-list",
    ),
    "expired": Says(
        Outcome.FAIL,
        Text(
            "期限が {until}（{wareki}）に切れています。この証明書では申請できません。",
            "It ended on {until} ({wareki}) and cannot be used to apply.",
        ),
        _RENEW,
        link="ninsho-list",
    ),
    "not-yet-valid": Says(
        Outcome.FAIL,
        Text(
            "有効になるのは {start}（日本時間）からです。今は使えません。",
            "It becomes valid at {start} (Japan time) and cannot be used now.",
        ),
        Text(
            "このPCの日付が正しいか確かめ、その日時を過ぎてから申請してください。",
            "See that this PC's date is right, and apply after that moment.",
        ),
    ),
    "self-signed": Says(
        Outcome.FAIL,
        Text(
            "認証機関の発行したものではなく、自分で作った証明書（自己署名）です。申請には使えません。",
            "It was issued by no authority: it is self-signed, and cannot be used to apply.",
        ),
        _FROM_A_LISTED_ONE,
        link="ninsho-list",
    ),
    "test-certificate": Says(
        Outcome.FAIL,
        Text(
            "試験用の発行者の証明書です。申請には使えません。",
            "It comes from an issuer for tests and cannot be used to apply.",
        ),
        _FROM_A_LISTED_ONE,
        link="ninsho-list",
    ),
    "authentication-only": Says(
        Outcome.FAIL,
        Text(
            "「利用者証明用」の電子証明書です。署名には「署名用」が要ります。",
            "It is a certificate for user authentication. Signing takes the one for signatures.",
        ),
        _FROM_A_LISTED_ONE,
        link="jpki-top",
    ),
    "no-key": Says(
        Outcome.FAIL,
        Text(
            "証明書はありますが、署名に要る秘密鍵が入っていません。",
            "There are certificates, but not the private key that signing takes.",
        ),
        Text(
            "発行元から受け取った、鍵の入った .p12 か .pfx のファイルを指定してください。書き出すときは「秘密キーを含める」を選びます。",
            "Name the .p12 or .pfx from the issuer that has the key. When exporting, choose to include the private key.",
        ),
        link="ninsho-list",
    ),
    "no-certificate": Says(
        Outcome.FAIL,
        Text("鍵はありますが、証明書が入っていません。", "There is a key, but no certificate."),
        _AGAIN,
        link="ninsho-list",
    ),
    "key-mismatch": Says(
        Outcome.FAIL,
        Text(
            "鍵と証明書が組になっていません。この鍵で署名しても、証明書と合いません。",
            "The key does not belong to the certificate: what it signs does not fit.",
        ),
        Text(
            "更新の前後の鍵と証明書が混ざったのかもしれません。発行元の手順で、組になったファイルを取り込み直してください。",
            "Key and certificate from before and after a renewal may have been mixed. Download the pair again as the issuer describes.",
        ),
        link="ninsho-list",
    ),
    "damaged": Says(Outcome.FAIL, Text("ファイルが壊れています。", "The file is damaged."), _AGAIN),
    "truncated": Says(
        Outcome.FAIL,
        Text("ファイルが途中で切れています。", "The file is cut off before its end."),
        _AGAIN,
    ),
    "empty": Says(Outcome.FAIL, Text("ファイルが空です。", "The file is empty."), _AGAIN),
    "not-pkcs12": Says(
        Outcome.FAIL,
        Text(
            "電子証明書のファイル（.p12、.pfx、.cer、.pem）ではありません。",
            "This is no certificate file (.p12, .pfx, .cer, .pem).",
        ),
        Text(
            "発行元から受け取った .p12 か .pfx のファイルを指定してください。リモート署名にはファイルがありません。その場合は、電子証明書の種類の答えを変えてください。",
            "Name the .p12 or .pfx that the issuer gave you. With remote signing there is no file: change the answer on the kind of certificate then.",
        ),
        link="ninsho-list",
    ),
    "unsupported": Says(
        Outcome.UNKNOWN,
        Text(
            "PKCS#12のファイルですが、パスワードではない方式で守られていて、開けません。",
            "This is a PKCS#12 file, but it is protected in another way than by a password.",
        ),
        Text(
            "発行元のソフトで期限と発行者を確かめてください。パスワードで守られた .p12 か .pfx のファイルがあれば、それを指定すると調べられます。",
            "See its dates and issuer with the issuer's software. If there is a .p12 or .pfx that is protected by a password, name that one to have it looked at.",
        ),
        link="ninsho-list",
    ),
    "too-costly": Says(
        Outcome.UNKNOWN,
        Text(
            "開くのに異常な計算量が要るファイルのため、途中でやめました。",
            "Opening this file takes an abnormal amount of work, so it was given up.",
        ),
        Text(
            "発行元から受け取ったファイルか確かめてください。知らない人から届いたファイルは開かないでください。",
            "See whether it is the file that the issuer gave you. Do not open files from strangers.",
        ),
        link="ninsho-list",
    ),
    "too-big": Says(
        Outcome.UNKNOWN,
        Text(
            "ファイルが大きすぎるため（{bytes}バイト）、読みませんでした。証明書のファイルは1MBまでです。",
            "The file is too large ({bytes} bytes) and was not read. Certificate files have at most 1 MB.",
        ),
        _PLACE,
    ),
    "directory": Says(
        Outcome.UNKNOWN,
        Text("ファイルではなく、フォルダーです。", "This is a folder, not a file."),
        _PLACE,
    ),
    "not-a-file": Says(
        Outcome.UNKNOWN,
        Text(
            "ふつうのファイルではないため、読みませんでした。", "This is no ordinary file and was not read."
        ),
        _PLACE,
    ),
    "missing": Says(
        Outcome.UNKNOWN,
        Text(
            "答えた場所にファイルがありません。",
            "There is no file at the place answered.",
        ),
        Text(
            "ファイルを移したか、USBメモリを抜いたか、このプログラムとは別のPCにあるのかもしれません。場所の答えを直すか、ファイルのあるPCで検査してください。",
            "It may have been moved, a USB memory removed, or it is on another PC than this program. Correct the place, or run the check on the PC that has the file.",
        ),
    ),
    "unreadable": Says(
        Outcome.UNKNOWN,
        Text("ファイルを読めませんでした。", "The file could not be read."),
        Text(
            "このアカウントに読む権限があるか、ほかのソフトが開いたままでないか確かめてください。",
            "See whether this account may read it, and whether another program keeps it open.",
        ),
    ),
    "no-answer": Says(
        Outcome.UNKNOWN,
        Text(
            "ファイルを調べるための別のプログラムを動かせませんでした。",
            "The separate process that looks at the file could not do its work.",
        ),
        Text(
            "もう一度検査してください。続くときは、発行元のソフトで期限を確かめてください。",
            "Run the check again. If it goes on, see the dates with the issuer's software.",
        ),
    ),
    "no-password-read": Says(
        Outcome.UNKNOWN,
        Text(
            "--password-fd で渡されたパスワードを読めませんでした。",
            "The password handed over with --password-fd could not be read.",
        ),
        _PASSWORD,
    ),
    "no-path": Says(
        Outcome.SKIP,
        Text(
            "ファイルの場所が答えられていないため、調べていません。",
            "Not looked at, because the place of the file is not answered.",
        ),
        Text(
            "「証明書のファイルの場所」に答え、もう一度検査してください。ICカード型でファイルがなければ、答えなくてかまいません。",
            "Answer where the certificate file is and run the check again. If it is on an IC card, there is no file and no answer is needed.",
        ),
        not_needed=True,
    ),
    "remote": Says(
        Outcome.SKIP,
        Text(
            "リモート署名には証明書のファイルがないため、調べるものはありません。",
            "With remote signing there is no certificate file, so there is nothing to look at.",
        ),
        Text(
            "OSSで使えるかどうかは、公式の一覧で確かめてください。",
            "Whether OSS accepts it is on the official list.",
        ),
        link="ninsho-list",
        not_needed=True,
    ),
}
