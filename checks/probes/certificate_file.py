"""Step 6: the certificate file, read in a process of its own; its password is used once and kept nowhere."""

from __future__ import annotations

from checks.model import Context, Finding, check
from checks.probes.elsewhere import FILE_KINDS
from checks.rules.conditions import parse_when
from checks.says import fails, passes, skips, steps, unknown, warns
from checks.secret import FILE_PASSWORD, Secret, first_line
from checks.text import Text

_AGAIN = steps(
    "発行元の手順で、証明書のファイルをもう一度取り込む（書き出す）か、控えから戻してください。",
    "Download (or export) the file again as its issuer describes, or restore it from a copy.",
    "もう一度検査してください。",
    "Run the check again.",
)
_RENEW = steps(
    "発行元に、新しい電子証明書の発行を申し込んでください。届くまで日数がかかります。",
    "Apply to the issuer for a new certificate. It takes days to arrive.",
    "申請する日と補正の期間に、期限が切れないものを使います。",
    "Use one that does not end while the application and its corrections are under way.",
)
_PASSWORD = Text(
    "パスワードを確かめるには、画面でこの検査を開いて入力するか、--password-fd で渡します（保存しません）。例: oss-junbi check certificate.file --password-fd 3",
    "To try the password, type it in on the screen of this check or hand it over with --password-fd (it is not stored), for example: oss-junbi check certificate.file --password-fd 3",
)


_FROM_A_LISTED_ONE = Text(
    "公式の「利用可能な電子証明書を発行できる認証機関」にある認証機関から署名用の電子証明書を取り、そのファイルを指定してください。",
    "Get a certificate for signatures from an authority on the official list of those that can be used, and name its file.",
)

_WITH_ITS_SOFTWARE = Text(
    "発行元のソフトで、署名できること、期限、発行者を確かめてください。",
    "See with the issuer's software that it signs, when it ends and who issued it.",
)
_PLACE = Text(
    "ファイルの場所の答えを直し、もう一度検査してください。",
    "Correct the answer on the place of the file and run the check again.",
)


@check(
    "certificate.file",
    title=Text("証明書のファイル", "Certificate file"),
    why=Text(
        "壊れたファイル、期限切れ、鍵のないファイルでは署名できません。申請の当日に気づくと、取り直すまで申請できません。",
        "A damaged file, an ended certificate or one without its key cannot sign. Found on the day of applying, it means waiting for a new one.",
    ),
    how=Text(
        "ファイルの構造を見ます。パスワードがあれば一度だけ開き、鍵・期限・発行者を見ます。残すのは種類・発行者・期限・結果だけです。",
        "Looks at the structure of the file; with a password it is opened once for its key, dates and issuer. Only family, issuer, last day and outcome are kept.",
    ),
    says={
        "ok": passes(
            "開けました。鍵と証明書がそろい、{issuer} の発行で、期限は {until}（{wareki}）です。",
            "It opens, with its key. It was issued by {issuer} and runs until {until} ({wareki}).",
            "発行者の署名と失効は、ここでは確かめていません。登記や事務所の変更があった場合は、次の検査を見てください。",
            "The issuer's signature and revocation are not looked at here. If the register or the office has changed, see the next check.",
        ),
        "listed": passes(
            "開けました。鍵と証明書がそろい、期限は {until}（{wareki}）です。発行者（{issuer}）は、答えによれば公式の一覧にあります。",
            "It opens, with its key, and runs until {until} ({wareki}). By your answer its issuer ({issuer}) is on the official list.",
            "一覧で見た認証機関が、この発行者であることを確かめてください。発行者の署名と失効は、ここでは確かめていません。",
            "See that the authority you found on the list is this issuer. The issuer's signature and revocation are not looked at here.",
        ),
        "card-certificate": passes(
            "証明書の期限は {until}（{wareki}）、発行者は {issuer} です。鍵はICカードの中にあるとの答えなので、見ていません。",
            "The certificate runs until {until} ({wareki}), issued by {issuer}. By your answer its key is on the IC card, and was not looked at.",
            "カードで署名できるかは、発行元のソフトで確かめてください。失効は、ここでは確かめていません。",
            "Whether the card can sign is seen with the issuer's software. Revocation is not looked at here.",
        ),
        "partly": warns(
            "使える証明書（期限 {until}、{wareki}、発行者 {issuer}）がありますが、ファイルの中の{of}個の鍵と証明書のうち{looked}個しか読めませんでした。",
            "It has a certificate that can be used (until {until}, {wareki}, issued by {issuer}), but of {of} keys and certificates in the file only {looked} could be read.",
            "署名のソフトがどれを使うかは、ここでは分かりません。発行元のソフトで中身を確かめるか、使う証明書だけのファイルを指定してください。",
            "Which of them the signing software takes cannot be seen here. Look at the file with the issuer's software, or name one that has only the certificate to be used.",
        ),
        "expires-soon": warns(
            "期限（{until}、{wareki}）まであと{days}日です。発行者は {issuer} です。",
            "It ends in {days|day}, on {until} ({wareki}). Issued by {issuer}.",
            _RENEW,
        ),
        "old-encryption": warns(
            "使えますが、ファイルが古い方式（{cipher}）で暗号化されています。期限は {until}（{wareki}）、発行者は {issuer} です。",
            "It works, but the file is encrypted in an outdated way ({cipher}). It runs until {until} ({wareki}), issued by {issuer}.",
            "新しいソフトでは開けないことがあります。開けないときは、発行元の今のソフトで取り込み直してください。ファイルは人に渡さないでください。",
            "New software may refuse it. If so, download it again with the issuer's present software. Hand the file to nobody.",
        ),
        "pkcs12-as-text": warns(
            "中身は鍵と証明書のそろった .p12 ですが、文字（Base64）に直されています。期限は {until}（{wareki}）、発行者は {issuer} です。",
            "Inside is a .p12 with key and certificate, but it was turned into text (Base64). It runs until {until} ({wareki}), issued by {issuer}.",
            "署名のソフトは、この形では読めないことがあります。発行元から受け取ったファイルを指定するか、下のコマンドで元の形に戻したファイルを指定してください。",
            "Signing software may not read it like this. Name the file that the issuer gave you, or turn it back with the command below and name the result.",
            commands=(
                "windows: certutil -decode text.txt certificate.p12",
                "linux: openssl base64 -d -in text.txt -out certificate.p12",
            ),
        ),
        "unknown-family": warns(
            "開けましたが、発行者（{issuer}）は、この確認表の知っているものではありません。期限は {until}（{wareki}）です。",
            "It opens, but its issuer ({issuer}) is none that this checklist knows. It runs until {until} ({wareki}).",
            "公式の「利用可能な電子証明書を発行できる認証機関」に、この発行者があるか確かめてください。あれば、電子証明書の種類に「そのほかの認証機関の証明書」、「一覧にあることを確かめましたか」に「はい」と答えて、もう一度検査します。なければ、ある認証機関の証明書を用意します。",
            "See whether this issuer is on the official list of authorities whose certificates can be used. If it is, answer that you sign with a certificate of another authority and have seen it on the list, and run the check again. If not, get one from an authority that is.",
        ),
        "other-family": warns(
            "開けましたが、答えた種類の証明書ではないようです（発行者 {issuer}、期限 {until}、{wareki}）。",
            "It opens, but it seems to be of another kind than answered (issuer {issuer}, until {until}, {wareki}).",
            "「どの電子証明書で署名しますか」の答えか、ファイルの場所を確かめてください。",
            "See whether the answer on the kind of certificate and the place of the file are right.",
        ),
        "not-for-signing": warns(
            "証明書に書かれた鍵の用途に、文書への署名がありません（発行者 {issuer}、期限 {until}、{wareki}）。",
            "The uses that the certificate names for its key do not include signing documents (issuer {issuer}, until {until}, {wareki}).",
            "サーバーやログイン、暗号化のための証明書かもしれません。署名用の証明書のファイルを指定してください。これを使うつもりなら、申請の署名に使えるか、発行元に確かめてください。",
            "It may be one for a server, for logging in or for encryption. Name the file of the certificate for signatures. If you mean to use this one, ask its issuer whether applications can be signed with it.",
        ),
        "certificate-only": warns(
            "証明書だけのファイルです（発行者 {issuer}、期限 {until}、{wareki}）。署名には鍵も要ります。",
            "The file has a certificate only (issuer {issuer}, until {until}, {wareki}). Signing takes its key too.",
            "鍵がICカードの中にあるなら、「鍵はどこにありますか」にそう答えてください。ファイルなら、鍵の入った .p12 か .pfx を指定します。発行者が公式の一覧にあることも確かめてください。",
            "If the key is on an IC card, answer so where it is asked. If it is in a file, name the .p12 or .pfx that has it. See that the issuer is on the official list, too.",
        ),
        "pem-with-key": warns(
            "鍵が文字（PEM）の形で入っています（期限 {until}、{wareki}）。署名のソフトはふつう .p12 か .pfx を求めます。",
            "The key is there as text (PEM; until {until}, {wareki}). Signing software usually wants a .p12 or .pfx.",
            "発行元から受け取った .p12 か .pfx を指定してください。鍵の入ったファイルは人に渡さず、不要な写しは消してください。",
            "Name the .p12 or .pfx that the issuer gave you. Hand files with a key to nobody, and delete copies that are not needed.",
        ),
        "password-needed": warns(
            "ファイルの形は正しいですが、パスワードがないため、中の期限と鍵は確かめていません。",
            "The file is well-formed. Without its password the dates and the key in it were not looked at.",
            _PASSWORD,
        ),
        "wrong-password": unknown(
            "ファイルの形は正しいですが、このパスワードでは開けませんでした。",
            "The file is well-formed, but this password does not open it.",
            steps(
                "大文字と小文字、全角と半角、前後の空白を確かめて、もう一度入力してください。",
                "Mind capitals, full-width characters and blanks at the ends, and enter it again.",
                "分からないときは再発行になることがあります。発行元に確かめてください。",
                "If it is lost, the certificate may have to be issued anew. Ask the issuer.",
                "正しいはずのときは、ファイルが壊れているか、この確認表の知らない作りかもしれません。発行元のソフトで開けるか確かめてください。",
                "If you are sure of it, the file may be damaged or made in a way unknown here. See whether the issuer's software opens it.",
            ),
        ),
        "expired": fails(
            "期限が {until}（{wareki}）に切れています。この証明書では申請できません。",
            "It ended on {until} ({wareki}) and cannot be used to apply.",
            _RENEW,
        ),
        "not-yet-valid": fails(
            "有効になるのは {start}（日本時間）からです。今は使えません。",
            "It becomes valid at {start} (Japan time) and cannot be used now.",
            "このPCの日付が正しいか確かめ、その日時を過ぎてから申請してください。",
            "See that this PC's date is right, and apply after that moment.",
        ),
        "self-signed": fails(
            "認証機関の発行したものではなく、自分で作った証明書（自己署名）です。申請には使えません。",
            "It was issued by no authority: it is self-signed, and cannot be used to apply.",
            _FROM_A_LISTED_ONE,
        ),
        "test-certificate": fails(
            "試験用の発行者の証明書です。申請には使えません。",
            "It comes from an issuer for tests and cannot be used to apply.",
            _FROM_A_LISTED_ONE,
        ),
        "authentication-only": fails(
            "「利用者証明用」の電子証明書です。署名には「署名用」が要ります。",
            "It is a certificate for user authentication. Signing takes the one for signatures.",
            _FROM_A_LISTED_ONE,
            link="jpki-top",
        ),
        "ca-certificate": fails(
            "認証機関（認証局）自身の証明書です。署名する人の証明書ではありません。",
            "This is a certificate authority's own certificate, not one of a person who signs.",
            "署名に使う .p12 か .pfx のファイルを指定してください。通信を確かめるための認証局の証明書は、署名には使いません。",
            "Name the .p12 or .pfx that is used to sign. The authority's certificate that secures the connection is not used for that.",
        ),
        "no-key": fails(
            "署名に要る秘密鍵が入っていません。",
            "The private key that signing takes is not in it.",
            "発行元から受け取った、鍵の入った .p12 か .pfx のファイルを指定してください。書き出すときは「秘密キーを含める」を選びます。",
            "Name the .p12 or .pfx from the issuer that has the key. When exporting, choose to include the private key.",
        ),
        "no-certificate": fails(
            "鍵はありますが、証明書が入っていません。",
            "There is a key, but no certificate.",
            _AGAIN,
        ),
        "key-mismatch": fails(
            "鍵と証明書が組になっていません。この鍵で署名しても、証明書と合いません。",
            "The key does not belong to the certificate: what it signs does not fit.",
            "更新の前後の鍵と証明書が混ざったのかもしれません。発行元の手順で、組になったファイルを取り込み直してください。",
            "Key and certificate from before and after a renewal may have been mixed. Download the pair again as the issuer describes.",
        ),
        "damaged": fails("ファイルが壊れています。", "The file is damaged.", _AGAIN),
        "truncated": fails("ファイルが途中で切れています。", "The file is cut off before its end.", _AGAIN),
        "empty": fails("ファイルが空です。", "The file is empty.", _AGAIN),
        "not-pkcs12": fails(
            "電子証明書のファイル（.p12、.pfx、.cer、.crt、.pem、.p7b）ではありません。",
            "This is no certificate file (.p12, .pfx, .cer, .crt, .pem, .p7b).",
            "発行元から受け取った .p12 か .pfx のファイルを指定してください。リモート署名にはファイルがありません。その場合は、電子証明書の種類の答えを変えてください。",
            "Name the .p12 or .pfx that the issuer gave you. With remote signing there is no file: change the answer on the kind of certificate then.",
        ),
        # What could not be read is never a fault of the file.
        "unsupported": unknown(
            "PKCS#12のファイルですが、この確認表の開けない方式で守られています。ファイルやパスワードが悪いという意味ではありません。",
            "This is a PKCS#12 file, protected in a way that this checklist cannot open. That says nothing against the file or the password.",
            "発行元のソフトで期限と発行者を確かめてください。AES-256など広く使われる方式とパスワードで守られた .p12 か .pfx があれば、それを指定すると調べられます。",
            "See its dates and issuer with the issuer's software. If there is a .p12 or .pfx protected by a password and a common cipher such as AES-256, name that one to have it looked at.",
        ),
        "unreadable-part": unknown(
            "この確認表の読めない鍵や証明書（またはその一部）があるため、署名に使えるか分かりませんでした。ファイルが悪いという意味ではありません。",
            "A key or certificate in it cannot be read by this checklist, or not all of it, so whether it can be signed with is not known. That says nothing against the file.",
            _WITH_ITS_SOFTWARE,
        ),
        "no-dates": unknown(
            "証明書の有効期間が、この確認表の読めない書き方になっています。",
            "The certificate's dates are written in a way that this checklist cannot read.",
            _WITH_ITS_SOFTWARE,
        ),
        "too-costly": unknown(
            "開くのに異常な計算量が要るファイルのため、途中でやめました。",
            "Opening this file takes an abnormal amount of work, so it was given up.",
            "発行元から受け取ったファイルか確かめてください。知らない人から届いたファイルは開かないでください。",
            "See whether it is the file that the issuer gave you. Do not open files from strangers.",
        ),
        "too-big": unknown(
            "ファイルが大きすぎるため（{bytes}バイト）、読みませんでした。証明書のファイルは1MBまでです。",
            "The file is too large ({bytes} bytes) and was not read. Certificate files have at most 1 MB.",
            _PLACE,
        ),
        "directory": unknown("ファイルではなく、フォルダーです。", "This is a folder, not a file.", _PLACE),
        "not-a-file": unknown(
            "ふつうのファイルではないため、読みませんでした。",
            "This is no ordinary file and was not read.",
            _PLACE,
        ),
        "missing": unknown(
            "答えた場所にファイルがありません。",
            "There is no file at the place answered.",
            "ファイルを移したか、USBメモリを抜いたか、このプログラムとは別のPCにあるのかもしれません。場所の答えを直すか、ファイルのあるPCで検査してください。",
            "It may have been moved, a USB memory removed, or it is on another PC than this program. Correct the place, or run the check on the PC that has the file.",
        ),
        "unreadable": unknown(
            "ファイルを読めませんでした。",
            "The file could not be read.",
            "このアカウントに読む権限があるか、ほかのソフトが開いたままでないか確かめてください。",
            "See whether this account may read it, and whether another program keeps it open.",
        ),
        "no-answer": unknown(
            "ファイルを調べるための別のプログラムを動かせませんでした。",
            "The separate process that looks at the file could not do its work.",
            "もう一度検査してください。続くときは、発行元のソフトで期限を確かめてください。",
            "Run the check again. If it goes on, see the dates with the issuer's software.",
        ),
        "no-password-read": unknown(
            "--password-fd で渡されたパスワードを読めませんでした。",
            "The password handed over with --password-fd could not be read.",
            _PASSWORD,
        ),
        "no-path": skips(
            "ファイルの場所が答えられていないため、調べていません。",
            "Not looked at, because the place of the file is not answered.",
            "「証明書のファイルの場所」に答え、もう一度検査してください。ICカード型でファイルがなければ、答えなくてかまいません。",
            "Answer where the certificate file is and run the check again. If it is on an IC card, there is no file and no answer is needed.",
            not_needed=True,
        ),
        "remote": skips(
            "リモート署名には証明書のファイルがないため、調べるものはありません。",
            "With remote signing there is no certificate file, so there is nothing to look at.",
            "OSSで使えるかどうかは、公式の一覧で確かめてください。",
            "Whether OSS accepts it is on the official list.",
            not_needed=True,
        ),
    },
    source="ninsho-list",
    applies=parse_when({"certificate.kind": FILE_KINDS}),
    needs=("certificate.kind", "certificate.file-path", "certificate.listed", "certificate.medium"),
    timeout=15.0,
    fresh_for=7,
    password="certificate.file-path",
)
def certificate_file(ctx: Context) -> Finding:
    """What is in the certificate file."""
    kind = ctx.answer("certificate.kind")
    if kind == "registry-remote":
        return Finding("remote")
    answered = ctx.answer("certificate.file-path")
    if not answered.strip():
        return Finding("no-path")
    try:
        password = ctx.memo.once(FILE_PASSWORD, lambda: _password(ctx))
    except (OSError, ValueError) as error:
        return Finding("no-password-read", {}, (type(error).__name__,))
    from checks.certfile.inspection import DEADLINE, read_file
    from checks.certfile.judging import Asked
    from checks.child import within
    from checks.system.paths import find

    listed, medium = ctx.answer("certificate.listed") == "yes", ctx.answer("certificate.medium")
    asked = Asked(ctx.options.moment(), kind, listed, medium if kind == "other-ca" else "")
    return read_file(find(answered), password, asked, within(DEADLINE, ctx.options.timeout))


def _password(ctx: Context) -> Secret | None:
    """The first line behind `--password-fd`; read once a run, since it cannot be read again."""
    descriptor = ctx.options.password_fd
    return None if descriptor is None else first_line(descriptor)
