"""The help, made from the table of commands: examples first."""

from __future__ import annotations

import sys

from checks.text import Lang, Text
from state.layout import lines
from tui.cli.console import width
from tui.cli.spec import COMMANDS, COMMON, OPTIONS, SCREEN, Command, Option

_WHAT = Text(
    "oss-junbi - 自動車保有関係手続のワンストップサービス（OSS）の申請前に、PCと書類の準備を確かめます。",
    "oss-junbi - get the PC and the papers ready before applying through Japan's one-stop service for motor vehicles (OSS).",
)
_EXAMPLES = Text("例", "Examples")
_COMMANDS = Text("コマンド", "Commands")
_OPTIONS = Text("オプション", "Options")
_COMMON = Text("共通のオプション（コマンドの前でも後でも）", "Common options (before or after the command)")
_EXITS = Text("終了コード", "Exit codes")
_USAGE = Text("使い方", "Usage")
_ONE_OF = Text("（{choices}）", " ({choices})")

_FIRST: tuple[tuple[str, Text], ...] = (
    ("oss-junbi", Text("全画面で始める（前回の続きから）", "the full screen, where you left off")),
    (
        "oss-junbi --plain",
        Text("一問一答で行う（読み上げソフトにも）", "by question and answer (also for screen readers)"),
    ),
    ("oss-junbi answer case.procedure=transfer", Text("手続を答える", "say which procedure")),
    ("oss-junbi status", Text("次にやることを見る", "what to do next")),
    ("oss-junbi check --offline", Text("ネットワークを使わずに検査する", "check without the network")),
    ("oss-junbi report --format html --output report.html", Text("印刷できる報告書", "a report to print")),
)
_CODES: tuple[tuple[str, Text], ...] = (
    ("0", Text("準備完了・問題なし", "ready, nothing failed")),
    ("1", Text("要対応がある", "something failed")),
    ("2", Text("使い方の誤り", "usage")),
    ("3", Text("調べられなかったものがある", "could not determine")),
    ("4", Text("未回答・未完了がある（status、report）", "something is still open (status, report)")),
    ("65", Text("セッションのファイルを読めない、または新しすぎる", "session file unreadable or too new")),
    ("70", Text("oss-junbi の不具合", "a defect of oss-junbi")),
    ("74", Text("書き込めない", "could not write")),
    ("75", Text("セッションが使用中", "session busy")),
    ("128+n", Text("シグナル n で終了", "ended by signal n")),
)


def help_text(command: Command, lang: Lang) -> str:
    """The help of the whole program, or of one command."""
    cells = width(sys.stdout)
    out: list[str] = []
    if command is SCREEN:
        out += lines(_WHAT.to(lang), cells)
        out += ["", f"{_EXAMPLES.to(lang)}:"]
        out += _table([(words, text.to(lang)) for words, text in _FIRST], cells)
        out += ["", f"{_COMMANDS.to(lang)}:"]
        rows = [("--plain", OPTIONS["--plain"].help.to(lang))]
        rows += [(f"{entry.name} {entry.takes}".strip(), entry.help.to(lang)) for entry in COMMANDS.values()]
        out += _table(rows, cells)
    else:
        example = command.example or command.name
        out += [f"{_EXAMPLES.to(lang)}: oss-junbi {example}", ""]
        out += lines(f"oss-junbi {command.name} - {command.help.to(lang)}", cells)
        out += [f"{_USAGE.to(lang)}: oss-junbi {command.name} {command.takes}".rstrip()]
        if command.options:
            out += ["", f"{_OPTIONS.to(lang)}:"]
            out += _table([_row(OPTIONS[name], command, lang) for name in command.options], cells)
    out += ["", *lines(f"{_COMMON.to(lang)}:", cells)]
    out += _table([_row(option, command, lang) for option in COMMON], cells)
    if command is SCREEN:
        out += ["", f"{_EXITS.to(lang)}:"]
        out += _table([(code, text.to(lang)) for code, text in _CODES], cells)
    return "\n".join(out) + "\n"


def _row(option: Option, command: Command, lang: Lang) -> tuple[str, str]:
    choices = command.formats if option.name == "--format" else option.choices
    more = (
        _ONE_OF.fill({"choices": ", ".join(choices)}, lang)
        if choices and option.value not in "|".join(choices)
        else ""
    )
    return f"{option.name} {option.value}".strip(), option.help.to(lang) + more


def _table(rows: list[tuple[str, str]], cells: int) -> list[str]:
    """Two columns; on a narrow terminal the explanation goes below."""
    left = min(max(len(words) for words, _ in rows), 34)
    out: list[str] = []
    for words, text in rows:
        if cells and cells < left + 30:
            out += [f"  {words}", *lines(text, cells, "      ")]
        elif len(words) > left:
            out += [f"  {words}", *lines(text, cells, " " * (left + 4))]
        else:
            out += lines(text, cells, f"  {words:<{left}}  ", " " * (left + 4))
    return out
