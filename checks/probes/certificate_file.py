"""Step 6: the certificate file, read in a process of its own; its password is used once and kept nowhere."""

from __future__ import annotations

from checks.model import Context, Finding, check
from checks.probes.certificate_file_says import FILE
from checks.probes.elsewhere import FILE_KINDS
from checks.rules.conditions import parse_when
from checks.secret import FILE_PASSWORD, Secret, first_line
from checks.text import Text


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
    says=FILE,
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
