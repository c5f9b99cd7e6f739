"""Step 6: the certificate file, read in a process of its own; its password is used once and kept nowhere."""

from __future__ import annotations

from checks.model import Context, Finding, check
from checks.probes.elsewhere import FILE_KINDS
from checks.rules.conditions import parse_when
from checks.says import fails, passes, skips, steps, unknown, warns
from checks.secret import FILE_PASSWORD, first_line
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
    "Use one that does not expire before the application and any corrections are finished.",
)
_PASSWORD = Text(
    "パスワードを確かめるには、画面でこの検査を開いて入力するか、--password-fd で渡します（保存しません）。例: oss-junbi check certificate.file --password-fd 3",
    "To check the password, enter it on the screen of this check or pass it with --password-fd (it is not stored). Example: oss-junbi check certificate.file --password-fd 3",
)


_FROM_A_LISTED_ONE = Text(
    "公式の「利用可能な電子証明書を発行できる認証機関」にある認証機関から署名用の電子証明書を取り、そのファイルを指定してください。",
    "Get a signing certificate from an authority on the official list of accepted authorities, and specify its file.",
)

_WITH_ITS_SOFTWARE = Text(
    "発行元のソフトで、署名できること、期限、発行者を確かめてください。",
    "Use the issuer's software to check that it can sign, when it expires and who issued it.",
)
_PLACE = Text(
    "ファイルの場所の答えを直し、もう一度検査してください。",
    "Correct the file's location and run the check again.",
)


@check(
    "certificate.file",
    title=Text("証明書のファイル", "Certificate file"),
    why=Text(
        "壊れたファイル、期限切れ、鍵のないファイルでは署名できません。申請の当日に気づくと、取り直すまで申請できません。",
        "You cannot sign with a damaged file, an expired certificate or one without its key. If you find out on the day you apply, you have to wait for a new one.",
    ),
    how=Text(
        "ファイルの構造を見ます。パスワードがあれば一度だけ開き、鍵・期限・発行者を見ます。残すのは種類・発行者・期限・結果だけです。",
        "Checks the structure of the file. If a password is given, the file is opened once to check its key, dates and issuer. Only the kind, issuer, expiry and result are kept.",
    ),
    says={
        "ok": passes(
            "開けました。鍵と証明書がそろい、{issuer} の発行で、期限は {until}（{wareki}）です。",
            "The file opens and has a matching key. Issued by {issuer}, valid until {until} ({wareki}).",
            "発行者の署名と失効は、ここでは確かめていません。登記や事務所の変更があった場合は、次の検査を見てください。",
            "The issuer's signature and revocation are not checked here. If the register or the office has changed, see the next check.",
        ),
        "listed": passes(
            "開けました。鍵と証明書がそろい、期限は {until}（{wareki}）です。発行者（{issuer}）は、答えによれば公式の一覧にあります。",
            "The file opens, has a matching key and is valid until {until} ({wareki}). According to your answer, its issuer ({issuer}) is on the official list.",
            "一覧で見た認証機関が、この発行者であることを確かめてください。発行者の署名と失効は、ここでは確かめていません。",
            "Make sure the authority you found on the list is this issuer. The issuer's signature and revocation are not checked here.",
        ),
        "card-certificate": passes(
            "証明書の期限は {until}（{wareki}）、発行者は {issuer} です。鍵はICカードの中にあるとの答えなので、見ていません。",
            "The certificate is valid until {until} ({wareki}), issued by {issuer}. According to your answer, its key is on the IC card, so it was not checked.",
            "カードで署名できるかは、発行元のソフトで確かめてください。失効は、ここでは確かめていません。",
            "Use the issuer's software to check that the card can sign. Revocation is not checked here.",
        ),
        "partly": warns(
            "使える証明書（期限 {until}、{wareki}、発行者 {issuer}）がありますが、ファイルの中の{of}個の鍵と証明書のうち{looked}個しか読めませんでした。",
            "The file has a usable certificate (valid until {until}, {wareki}, issued by {issuer}), but only {looked} of the {of} keys and certificates in it could be read.",
            "署名のソフトがどれを使うかは、ここでは分かりません。発行元のソフトで中身を確かめるか、使う証明書だけのファイルを指定してください。",
            "It cannot be determined here which of them the signing software will use. Check the file with the issuer's software, or specify a file that holds only the certificate you will use.",
        ),
        "expires-soon": warns(
            "期限（{until}、{wareki}）まであと{days}日です。発行者は {issuer} です。",
            "It expires in {days|day}, on {until} ({wareki}). Issued by {issuer}.",
            _RENEW,
        ),
        "old-encryption": warns(
            "使えますが、ファイルが古い方式（{cipher}）で暗号化されています。期限は {until}（{wareki}）、発行者は {issuer} です。",
            "It is usable, but the file is encrypted with an outdated method ({cipher}). Valid until {until} ({wareki}), issued by {issuer}.",
            "新しいソフトでは開けないことがあります。開けないときは、発行元の今のソフトで取り込み直してください。ファイルは人に渡さないでください。",
            "Newer software may refuse it. If so, download it again with the issuer's current software. Do not give the file to anyone.",
        ),
        "pkcs12-as-text": warns(
            "中身は鍵と証明書のそろった .p12 ですが、文字（Base64）に直されています。期限は {until}（{wareki}）、発行者は {issuer} です。",
            "The file contains a .p12 with key and certificate, but encoded as text (Base64). Valid until {until} ({wareki}), issued by {issuer}.",
            "署名のソフトは、この形では読めないことがあります。発行元から受け取ったファイルを指定するか、下のコマンドで元の形に戻したファイルを指定してください。",
            "Signing software may not be able to read this form. Specify the file you received from the issuer, or decode it with the command below and specify the result.",
            commands=(
                "windows: certutil -decode text.txt certificate.p12",
                "linux: openssl base64 -d -in text.txt -out certificate.p12",
            ),
        ),
        "unknown-family": warns(
            "開けましたが、発行者（{issuer}）は、この確認表の知っているものではありません。期限は {until}（{wareki}）です。",
            "The file opens, but this checklist does not know its issuer ({issuer}). Valid until {until} ({wareki}).",
            "公式の「利用可能な電子証明書を発行できる認証機関」に、この発行者があるか確かめてください。あれば、電子証明書の種類に「そのほかの認証機関の証明書」、「一覧にあることを確かめましたか」に「はい」と答えて、もう一度検査します。なければ、ある認証機関の証明書を用意します。",
            "Check whether this issuer is on the official list of accepted authorities. If it is, answer that you sign with a certificate from another authority and have found it on the list, then run the check again. If not, get a certificate from a listed authority.",
        ),
        "other-family": warns(
            "開けましたが、答えた種類の証明書ではないようです（発行者 {issuer}、期限 {until}、{wareki}）。",
            "The file opens, but it seems to be a different kind of certificate than you answered (issuer {issuer}, valid until {until}, {wareki}).",
            "「どの電子証明書で署名しますか」の答えか、ファイルの場所を確かめてください。",
            "Check your answers about the kind of certificate and the file's location.",
        ),
        "not-for-signing": warns(
            "証明書に書かれた鍵の用途に、文書への署名がありません（発行者 {issuer}、期限 {until}、{wareki}）。",
            "The certificate does not list signing documents among the uses of its key (issuer {issuer}, valid until {until}, {wareki}).",
            "サーバーやログイン、暗号化のための証明書かもしれません。署名用の証明書のファイルを指定してください。これを使うつもりなら、申請の署名に使えるか、発行元に確かめてください。",
            "It may be meant for a server, for logging in or for encryption. Specify the file of your signing certificate. If you intend to use this one, ask its issuer whether it can sign applications.",
        ),
        "certificate-only": warns(
            "証明書だけのファイルです（発行者 {issuer}、期限 {until}、{wareki}）。署名には鍵も要ります。",
            "The file holds only a certificate (issuer {issuer}, valid until {until}, {wareki}). Signing also requires its key.",
            "鍵がICカードの中にあるなら、「鍵はどこにありますか」にそう答えてください。ファイルなら、鍵の入った .p12 か .pfx を指定します。発行者が公式の一覧にあることも確かめてください。",
            "If the key is on an IC card, answer so in the question on where the key is. If it is in a file, specify the .p12 or .pfx that holds it. Also make sure the issuer is on the official list.",
        ),
        "pem-with-key": warns(
            "鍵が文字（PEM）の形で入っています（期限 {until}、{wareki}）。署名のソフトはふつう .p12 か .pfx を求めます。",
            "The key is stored as text (PEM; valid until {until}, {wareki}). Signing software usually requires a .p12 or .pfx.",
            "発行元から受け取った .p12 か .pfx を指定してください。鍵の入ったファイルは人に渡さず、不要な写しは消してください。",
            "Specify the .p12 or .pfx you received from the issuer. Do not give files with a key to anyone, and delete copies you do not need.",
        ),
        "password-needed": warns(
            "ファイルの形は正しいですが、パスワードがないため、中の期限と鍵は確かめていません。",
            "The file is well-formed. Its dates and key were not checked because no password was given.",
            _PASSWORD,
        ),
        "wrong-password": unknown(
            "ファイルの形は正しいですが、このパスワードでは開けませんでした。",
            "The file is well-formed, but this password does not open it.",
            steps(
                "大文字と小文字、全角と半角、前後の空白を確かめて、もう一度入力してください。",
                "Check capitalization, full-width characters, and leading or trailing spaces, and enter it again.",
                "分からないときは再発行になることがあります。発行元に確かめてください。",
                "If you do not know the password, the certificate may have to be reissued. Ask the issuer.",
                "正しいはずのときは、ファイルが壊れているか、この確認表の知らない作りかもしれません。発行元のソフトで開けるか確かめてください。",
                "If you are sure it is right, the file may be damaged or of a form this checklist does not know. Check whether the issuer's software opens it.",
            ),
        ),
        "expired": fails(
            "期限が {until}（{wareki}）に切れています。この証明書では申請できません。",
            "It expired on {until} ({wareki}) and cannot be used to apply.",
            _RENEW,
        ),
        "not-yet-valid": fails(
            "有効になるのは {start}（日本時間）からです。今は使えません。",
            "It becomes valid at {start} (Japan time) and cannot be used now.",
            "このPCの日付が正しいか確かめ、その日時を過ぎてから申請してください。",
            "Make sure this PC's date is right, and apply after that time.",
        ),
        "self-signed": fails(
            "認証機関の発行したものではなく、自分で作った証明書（自己署名）です。申請には使えません。",
            "It was not issued by an authority but is self-signed. It cannot be used to apply.",
            _FROM_A_LISTED_ONE,
        ),
        "test-certificate": fails(
            "試験用の発行者の証明書です。申請には使えません。",
            "It comes from a test issuer and cannot be used to apply.",
            _FROM_A_LISTED_ONE,
        ),
        "authentication-only": fails(
            "「利用者証明用」の電子証明書です。署名には「署名用」が要ります。",
            "It is a user authentication certificate. Signing requires a signing certificate.",
            _FROM_A_LISTED_ONE,
            link="jpki-top",
        ),
        "ca-certificate": fails(
            "認証機関（認証局）自身の証明書です。署名する人の証明書ではありません。",
            "This is a certificate authority's own certificate, not a signer's.",
            "署名に使う .p12 か .pfx のファイルを指定してください。通信を確かめるための認証局の証明書は、署名には使いません。",
            "Specify the .p12 or .pfx used for signing. The authority's certificate that secures the connection is not used for signing.",
        ),
        "no-key": fails(
            "署名に要る秘密鍵が入っていません。",
            "The private key required for signing is not in the file.",
            "発行元から受け取った、鍵の入った .p12 か .pfx のファイルを指定してください。書き出すときは「秘密キーを含める」を選びます。",
            "Specify the .p12 or .pfx you received from the issuer, which has the key. When exporting, choose to include the private key.",
        ),
        "no-certificate": fails(
            "鍵はありますが、証明書が入っていません。",
            "The file has a key, but no certificate.",
            _AGAIN,
        ),
        "key-mismatch": fails(
            "鍵と証明書が組になっていません。この鍵で署名しても、証明書と合いません。",
            "The key and the certificate do not match, so signatures made with the key will not match the certificate.",
            "更新の前後の鍵と証明書が混ざったのかもしれません。発行元の手順で、組になったファイルを取り込み直してください。",
            "The key and the certificate may be from before and after a renewal. Download the matching pair again as the issuer describes.",
        ),
        "damaged": fails("ファイルが壊れています。", "The file is damaged.", _AGAIN),
        "truncated": fails("ファイルが途中で切れています。", "The file is cut off before its end.", _AGAIN),
        "empty": fails("ファイルが空です。", "The file is empty.", _AGAIN),
        "not-pkcs12": fails(
            "電子証明書のファイル（.p12、.pfx、.cer、.crt、.pem、.p7b）ではありません。",
            "This is not a certificate file (.p12, .pfx, .cer, .crt, .pem, .p7b).",
            "発行元から受け取った .p12 か .pfx のファイルを指定してください。リモート署名にはファイルがありません。その場合は、電子証明書の種類の答えを変えてください。",
            "Specify the .p12 or .pfx you received from the issuer. Remote signing uses no file; if you use it, change your answer about the kind of certificate.",
        ),
        # What could not be read is never a fault of the file.
        "unsupported": unknown(
            "PKCS#12のファイルですが、この確認表の開けない方式で守られています。ファイルやパスワードが悪いという意味ではありません。",
            "This PKCS#12 file is protected by a method that this checklist cannot open. This does not mean that anything is wrong with the file or the password.",
            "発行元のソフトで期限と発行者を確かめてください。AES-256など広く使われる方式とパスワードで守られた .p12 か .pfx があれば、それを指定すると調べられます。",
            "Check its dates and issuer with the issuer's software. If you have a .p12 or .pfx protected by a password and a common cipher such as AES-256, specify that file to have it checked.",
        ),
        "unreadable-part": unknown(
            "この確認表の読めない鍵や証明書（またはその一部）があるため、署名に使えるか分かりませんでした。ファイルが悪いという意味ではありません。",
            "This checklist cannot read (all of) a key or certificate in the file, so it is not known whether it can sign. This does not mean that anything is wrong with the file.",
            _WITH_ITS_SOFTWARE,
        ),
        "no-dates": unknown(
            "証明書の有効期間が、この確認表の読めない書き方になっています。",
            "The certificate's dates are in a form that this checklist cannot read.",
            _WITH_ITS_SOFTWARE,
        ),
        "too-costly": unknown(
            "開くのに異常な計算量が要るファイルのため、途中でやめました。",
            "Opening this file was stopped because it takes an abnormal amount of computation.",
            "発行元から受け取ったファイルか確かめてください。知らない人から届いたファイルは開かないでください。",
            "Make sure it is the file you received from the issuer. Do not open files from strangers.",
        ),
        "too-big": unknown(
            "ファイルが大きすぎるため（{bytes}バイト）、読みませんでした。証明書のファイルは1MBまでです。",
            "The file is too large ({bytes} bytes) and was not read. Certificate files can have up to 1 MB.",
            _PLACE,
        ),
        "directory": unknown("ファイルではなく、フォルダーです。", "This is a folder, not a file.", _PLACE),
        "not-a-file": unknown(
            "ふつうのファイルではないため、読みませんでした。",
            "This is not a regular file, so it was not read.",
            _PLACE,
        ),
        "missing": unknown(
            "答えた場所にファイルがありません。",
            "There is no file at the location you answered.",
            "ファイルを移したか、USBメモリを抜いたか、このプログラムとは別のPCにあるのかもしれません。場所の答えを直すか、ファイルのあるPCで検査してください。",
            "It may have been moved, a USB drive may have been removed, or it may be on a different PC from this program. Correct the location, or run the check on the PC that has the file.",
        ),
        "unreadable": unknown(
            "ファイルを読めませんでした。",
            "The file could not be read.",
            "このアカウントに読む権限があるか、ほかのソフトが開いたままでないか確かめてください。",
            "Check that this account has permission to read it and that no other program has it open.",
        ),
        "no-answer": unknown(
            "ファイルを調べるための別のプログラムを動かせませんでした。",
            "The separate process that reads the file could not run.",
            "もう一度検査してください。続くときは、発行元のソフトで期限を確かめてください。",
            "Run the check again. If the problem persists, check the dates with the issuer's software.",
        ),
        "no-password-read": unknown(
            "--password-fd で渡されたパスワードを読めませんでした。",
            "The password passed with --password-fd could not be read.",
            _PASSWORD,
        ),
        "no-path": skips(
            "ファイルの場所が答えられていないため、調べていません。",
            "Not checked because the file's location has not been answered.",
            "「証明書のファイルの場所」に答え、もう一度検査してください。ICカード型でファイルがなければ、答えなくてかまいません。",
            "Answer where the certificate file is and run the check again. If you use an IC card and have no file, no answer is needed.",
            not_needed=True,
        ),
        "remote": skips(
            "リモート署名には証明書のファイルがないため、調べるものはありません。",
            "Remote signing uses no certificate file, so there is nothing to check.",
            "{service}で使えるかどうかは、公式の一覧で確かめてください。",
            "See the official list for whether {service} accepts it.",
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
    kind = ctx.answer("certificate.kind")
    if kind == "registry-remote":
        return Finding("remote")
    answered = ctx.answer("certificate.file-path")
    if not answered.strip():
        return Finding("no-path")
    descriptor = ctx.options.password_fd
    try:
        # Read once a run, since it cannot be read again.
        password = ctx.memo.once(
            FILE_PASSWORD, lambda: None if descriptor is None else first_line(descriptor)
        )
    except (OSError, ValueError) as error:
        return Finding("no-password-read", {}, (type(error).__name__,))
    from checks.certfile.inspection import DEADLINE, read_file
    from checks.certfile.judging import Criteria
    from checks.child import within
    from checks.system.paths import find

    listed, medium = ctx.answer("certificate.listed") == "yes", ctx.answer("certificate.medium")
    criteria = Criteria(ctx.options.moment(), kind, listed, medium if kind == "other-ca" else "")
    return read_file(find(answered), password, criteria, within(DEADLINE, ctx.options.timeout))
