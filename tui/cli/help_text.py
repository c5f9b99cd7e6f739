"""The help, made from the table of commands: examples first."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from checks.shown import show
from checks.text import Lang, Text
from state.file.places import locate
from state.layout import lines
from tui.cli.console import width
from tui.cli.spec import COMMANDS, COMMON, OPTIONS, SCREEN, Option, Subcommand

WHAT = Text(
    "oss-junbi - 自動車保有関係手続のワンストップサービス（OSS）の申請前に、PCと書類の準備を確かめます。",
    "oss-junbi - get the PC and the papers ready before applying through Japan's one-stop service for motor vehicles (OSS).",
)
_EXAMPLES = Text("例", "Examples")
_COMMANDS = Text("コマンド", "Commands")
_OPTIONS = Text("オプション", "Options")
_COMMON = Text("共通のオプション（コマンドの前でも後でも）", "Common options (before or after the command)")
_EXITS = Text("終了コード", "Exit codes")
_USAGE = Text("使い方", "Usage")

FIRST_COMMANDS: tuple[tuple[str, Text], ...] = (
    ("oss-junbi", Text("全画面で始める（前回の続きから）", "open the full screen where you left off")),
    (
        "oss-junbi --plain",
        Text("一問一答で行う（読み上げソフトにも）", "question and answer (also for screen readers)"),
    ),
    ("oss-junbi answer case.procedure=transfer", Text("手続を答える", "answer which procedure it is")),
    ("oss-junbi status", Text("次にやることを見る", "see what to do next")),
    ("oss-junbi check --offline", Text("ネットワークを使わずに検査する", "check without using the network")),
    (
        "oss-junbi report --format html --output report.html",
        Text("印刷できる報告書", "write a report to print"),
    ),
)
EXIT_CODES: tuple[tuple[str, Text], ...] = (
    ("0", Text("準備完了・問題なし", "ready, or nothing failed")),
    ("1", Text("要対応がある", "something failed")),
    ("2", Text("使い方の誤り", "wrong usage")),
    ("3", Text("調べられなかったものがある", "something could not be determined")),
    ("4", Text("未回答・未完了がある（status、report）", "something is still open (status, report)")),
    ("65", Text("セッションのファイルを読めない、または新しすぎる", "session file unreadable or too new")),
    ("70", Text("oss-junbi の不具合", "internal error in oss-junbi")),
    ("74", Text("書き込めない", "cannot write")),
    ("75", Text("セッションが使用中", "session in use")),
    ("128+n", Text("シグナル n で終了", "ended by signal n")),
)
_SETTINGS = Text("設定と相談", "Settings and support")
_MORE: tuple[tuple[str, Text], ...] = (
    (
        "config.toml",
        Text("いつも使う設定（lang、proxy など）: {file}", "settings for every run (lang, proxy, ...): {file}"),
    ),
    (
        "OSS_JUNBI_*",
        Text("同じ設定の環境変数（OSS_JUNBI_LANG など）。書き込む場所は OSS_JUNBI_HOME",
             "the same as variables (OSS_JUNBI_LANG, ...); OSS_JUNBI_HOME is where everything is written"),
    ),
    (
        "oss-junbi report --for support",
        Text("相談するときに渡す、名前の入らない一枚", "a page without names to hand over when you ask for help"),
    ),
)  # fmt: skip


def help_text(command: Subcommand, lang: Lang) -> str:
    """The help of the whole program, or of one command."""
    cells = width(sys.stdout)
    whole = command is SCREEN
    out: list[str] = []
    if whole:
        rows = [("--plain", OPTIONS["--plain"].help)]
        rows += [(f"{entry.name} {entry.takes}".strip(), entry.help) for entry in COMMANDS.values()]
        out += lines(WHAT.to(lang), cells) + _table(_EXAMPLES, FIRST_COMMANDS, lang, cells)
        out += _table(_COMMANDS, rows, lang, cells)
    else:
        out += [f"{_EXAMPLES.to(lang)}: oss-junbi {command.example or command.name}", ""]
        out += lines(f"oss-junbi {command.name} - {command.help.to(lang)}", cells)
        out += [f"{_USAGE.to(lang)}: oss-junbi {command.name} {command.takes}".rstrip()]
        if command.options:
            rows = [_row(OPTIONS[name], command) for name in command.options]
            out += _table(_OPTIONS, rows, lang, cells)
    out += _table(_COMMON, [_row(option, command) for option in COMMON], lang, cells)
    if whole:
        where = {"file": show(str(locate().config), 200)}
        out += _table(_SETTINGS, [(name, text.filled(where)) for name, text in _MORE], lang, cells)
        out += _table(_EXITS, EXIT_CODES, lang, cells)
    return "\n".join(out) + "\n"


def _row(option: Option, command: Subcommand) -> tuple[str, Text]:
    choices = ", ".join(command.formats if option.name == "--format" else option.choices)
    text = option.help
    if choices and option.value != choices.replace(", ", "|"):
        text = Text(f"{text.ja}（{choices}）", f"{text.en} ({choices})")
    return f"{option.name} {option.value}".strip(), text


def _table(title: Text, rows: Sequence[tuple[str, Text]], lang: Lang, cells: int) -> list[str]:
    """A title over two columns; on a narrow terminal the explanation goes below."""
    left = min(max(len(words) for words, _ in rows), 34)
    out = ["", *lines(f"{title.to(lang)}:", cells)]
    below = cells > 0 and cells < left + 30
    indent = " " * (6 if below else left + 4)
    for words, text in rows:
        if below or len(words) > left:
            out += [*lines(words, cells, "  ", "    "), *lines(text.to(lang), cells, indent)]
        else:
            out += lines(text.to(lang), cells, f"  {words:<{left}}  ", indent)
    return out
