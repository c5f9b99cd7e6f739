"""The commands and options as one table, read by the parser and by the help."""

from __future__ import annotations

from checks.record import dataclass
from checks.text import LANGS, Text


@dataclass(frozen=True, slots=True)
class Option:
    """One option; `value` is what the help calls its value, empty for a flag."""

    name: str
    help: Text
    value: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One command: what it takes, what it is for, and the module that does it."""

    name: str
    help: Text
    module: str
    options: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    """Allowed values of `--format`, the default first."""
    takes: str = ""
    """Positional arguments as the help shows them."""
    least: int = 0
    most: int | None = 0
    """How many of them; None means any number."""
    example: str = ""


def _option(name: str, ja: str, en: str, value: str = "", *choices: str) -> Option:
    return Option(name, Text(ja, en), value, choices)


COMMON: tuple[Option, ...] = (
    _option("--session", "セッションの名前（なければ作ります）", "session name (created if it does not exist)", "NAME"),
    _option("--state", "セッションのファイル", "session file", "FILE"),
    _option("--lang", "表示の言語", "language of all text", "|".join(LANGS), *LANGS),
    _option("--offline", "ネットワークを使う検査をしない", "skip the checks that use the network"),
    _option("--portal", "ポータルの代わりに調べる相手", "host to check instead of the portal", "HOST[:PORT]"),
    _option("--proxy", "使うプロキシ", "proxy to use", "URL"),
    _option("--ca-file", "追加で信頼するルート証明書", "additional root certificates to trust", "PEM"),
    _option("--timeout", "一つの検査を待つ秒数", "seconds to wait for one check", "S"),
    _option("--no-color", "色を使わない", "do not use colours"),
    _option("--glyphs", "記号の幅", "width of drawn symbols", "auto|safe|narrow", "auto", "safe", "narrow"),
    _option("--read-only", "何も保存しない", "save nothing"),
    _option("--password-fd", "証明書ファイルのパスワードを読む番号", "file descriptor to read the certificate file's password from", "N"),
    _option("--version", "版を表示する", "show the version"),
    _option("--help", "この説明を表示する", "show this help"),
)  # fmt: skip

OWN: tuple[Option, ...] = (
    _option("--plain", "画面を使わず、一問一答で行う", "question and answer, line by line, instead of the full screen"),
    _option("--step", "この番号のステップの検査だけ", "only the checks of this step", "N"),
    _option("--format", "出力の形", "output format", "FORMAT"),
    _option("--output", "画面の代わりに書き込むファイル", "write to this file instead of the terminal", "FILE"),
    _option("--save", "セッションかPCの記録に残す", "save to the session or the PC record"),
    _option("--jitter", "始める前に、この秒数以内で不規則に待つ", "wait a random time of at most S seconds first", "S"),
    _option("--for", "誰が読むか（なければ、すべての記録）", "reader of the report (default: the whole record)", "WHO",
            "office", "customer", "support", "record"),
    _option("--all", "すべてのセッション", "all sessions"),
    _option("--sort", "並べ方: 更新、名前、妨げているもの、次の期日", "sort by last change, name, what blocks, or next date",
            "ORDER", "changed", "name", "blocking", "date"),
    _option("--guide", "どのガイドか（oss: 登録自動車、kei: 軽自動車）", "guide (oss: registered vehicles, kei: kei cars)", "NAME"),
    _option("--old", "確認からこの日数以上たったものと、変わることがある日を過ぎたものだけ",
            "only what was looked up at least so long ago, and what may be gone by", "DAYS"),
    _option("--from", "引き継ぐ元のセッション", "session to copy answers from", "SESSION"),
    _option("--vehicle", "車検証のファイル（-: 読み取ったコード）", "inspection certificate to take over (-: scanned codes)", "FILE|-"),
    _option("--scope", "書き出す範囲、または例外の範囲", "answers to export, or how far the exception holds",
            "office|pc|case", "office", "pc", "case"),
    _option("--reason", "例外とする理由", "why the exception is accepted", "TEXT"),
    _option("--by", "例外を認めた人、申告する人", "who accepts or declares it", "NAME"),
    _option("--official-check", "公式のチェックプログラムの結果として申告する",
            "declare what the official check program speaks of"),
    _option("--on", "いつのことか（なければ今日）", "day of which it speaks (today if not given)", "DATE"),
    _option("--until", "例外の期限", "last day of the exception", "DATE"),
    _option("--pc", "申請に使うPC", "PC the application will be sent from", "NAME"),
    _option("--name", "PCの記録の名前", "name of the PC record", "NAME"),
    _option("--withdraw", "例外や申告を取り下げる", "withdraw the exception or declaration"),
)  # fmt: skip

OPTIONS: dict[str, Option] = {option.name: option for option in (*COMMON, *OWN)}
SHORT: dict[str, str] = {"-h": "--help", "-V": "--version"}


def _command(name: str, ja: str, en: str, module: str, **rest: object) -> Subcommand:
    return Subcommand(name, Text(ja, en), module, **rest)  # type: ignore[arg-type]


SCREEN = _command(
    "",
    "全画面で始める（前回の続きから）",
    "open the full screen where you left off",
    "screen",
    options=("--plain",),
)

COMMANDS: dict[str, Subcommand] = {
    command.name: command
    for command in (
        _command("check", "PCと接続を検査する", "run the checks", "check",
                 options=("--step", "--format", "--output", "--save", "--jitter"),
                 formats=("text", "json", "jsonl", "junit", "nagios"), takes="[ID...]", most=None,
                 example="check portal.tls --format json"),
        _command("status", "どこまで済んだか、次は何か", "show what is done and what comes next", "status",
                 options=("--format", "--output"), formats=("text", "json"), example="status"),
        _command("answer", "質問に答える（ID= で取り消し）", "answer questions (ID= clears an answer)", "answer",
                 takes="ID=VALUE...", least=1, most=None, example="answer case.procedure=transfer"),
        _command("report", "報告書を作る", "write a report to keep or hand over", "report",
                 options=("--format", "--for", "--output"), formats=("text", "markdown", "html", "json"),
                 example="report --format html --output report.html"),
        _command("deadlines", "関係するすべての期日", "list every date that matters", "deadline_list",
                 options=("--all", "--format", "--output"), formats=("text", "json", "ics"),
                 example="deadlines --format ics --output dates.ics"),
        _command("sessions", "保存されたセッションの一覧", "list the saved sessions", "sessions",
                 options=("--sort", "--format", "--output"), formats=("text", "json"), example="sessions --sort date"),
        _command("list", "ステップ、質問、検査の一覧", "list every step, question and check", "guide_list",
                 options=("--guide", "--format", "--output"), formats=("text", "json")),
        _command("explain", "一つの項目の説明と根拠", "explain one item and name its source", "explain",
                 takes="ID|SYMPTOM", least=1, most=1, example="explain ERR_CERT_AUTHORITY_INVALID"),
        _command("facts", "すべての内容の出典、日付、確かさ", "list every fact with its source, dates and confidence", "fact_list",
                 options=("--old", "--guide", "--format", "--output"), formats=("text", "json"), example="facts --old 180"),
        _command("new", "新しいセッションを作る", "create a session", "sessions",
                 options=("--from", "--guide", "--pc", "--vehicle"), takes="NAME", least=1, most=1,
                 example="new NAME --from SESSION --vehicle FILE"),
        _command("vehicle", "車検証のファイルか二次元コードを読む", "read an inspection certificate's file or 2D codes",
                 "vehicle", options=("--save",), takes="FILE|-", least=1, most=1, example="vehicle FILE --save"),
        _command("export", "事業所やPCの回答を書き出す", "export the answers about the office or the PC", "transfer",
                 options=("--scope",), takes="FILE", least=1, most=1, example="export --scope office office.toml"),
        _command("import", "書き出した回答を取り込む", "import exported answers", "transfer",
                 takes="FILE", least=1, most=1),
        _command("diff", "二回の検査の違い", "compare two runs of the checks", "diff",
                 options=("--format", "--output"), formats=("text", "json"), takes="[FILE FILE]", most=2),
        _command("waive", "認めた例外を記録する", "record an accepted exception", "waive",
                 options=("--reason", "--by", "--until", "--scope", "--withdraw"), takes="ID", least=1, most=1,
                 example="waive pc.memory --reason TEXT --by NAME --until 2027-03-31"),
        _command("declare", "ここで調べられない検査を申告で済みにする", "settle checks that cannot be run here by your word",
                 "declare", options=("--official-check", "--by", "--on", "--withdraw"), takes="[ID...]",
                 most=None, example="declare --official-check --by NAME --on 2026-11-27"),
        _command("take-over", "セッションを引き継ぎ、ほかのログインを見るだけにする",
                 "take over a session: other logins become read-only", "sessions",
                 takes="NAME", least=1, most=1, example="take-over NAME"),
        _command("merge", "同期などでできた写しを、元のセッションに取り込む", "merge a copy made by a sync tool into its session",
                 "merge_copy", options=("--save",), takes="COPY", least=1, most=1, example="merge NAME-PC3 --save"),
        _command("forget", "セッションを控えごと消す", "delete a session with its backups and logs", "sessions",
                 takes="NAME", least=1, most=1),
        _command("pc", "申請に使うPCの一覧、検査、ほかの機械への受け渡し、選択",
                 "list, check, share, add and choose the PCs to apply from", "pc",
                 options=("--save", "--name", "--format", "--output"), formats=("text", "json"),
                 takes="[list|check|share|add FILE|use NAME|forget NAME]", most=None, example="pc add - --name DESK-3"),
        _command("fleet", "多数のPCの結果を一つの表にまとめる", "merge the results of many PCs into one table", "fleet",
                 options=("--format", "--output"), formats=("text", "html", "json"),
                 takes="merge FILE...", least=2, most=None, example="fleet merge results/*.json --format html"),
        _command("completion", "シェルの補完のスクリプトを表示する", "print the completion script of a shell", "completion",
                 takes="bash|zsh|fish|powershell", least=1, most=None, example="completion bash"),
        _command("terminal", "この端末の表示を試す", "test this terminal", "terminal"),
    )
}  # fmt: skip
