"""`oss-junbi terminal`: tests the terminal it runs in, and names the setting to change."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Callable, Mapping
from typing import Literal, TextIO, TypeAlias

from checks.text import Lang, Text
from tui.cli import known_terminals
from tui.cli.problem import Problem, filled, joined
from tui.cli.setup import Setup
from tui.terminal import clipboard, modes, probe

Severity: TypeAlias = Literal["ok", "note", "bad"]
Measure: TypeAlias = Callable[[str], int | None]
"""How many cells the terminal took for a text; `None` when it does not answer."""

_MARKS = {"ok": Text("[可]", "[ok]"), "note": Text("[注意]", "[note]"), "bad": Text("[要対応]", "[fix]")}
NO_TERMINAL = Text(
    "端末がありません。このコマンドは、調べたい端末の画面で直接実行してください。",
    "There is no terminal. Run this command directly in the terminal you want to test.",
)
_TITLE = Text("端末の検査 ({term}、{columns} x {rows})", "Terminal test ({term}, {columns} x {rows})")
_SIZE = {
    "ok": Text("大きさ: {columns} x {rows}", "Size: {columns} x {rows}"),
    "note": Text(
        "大きさ: {columns} x {rows}。使えますが、80 x 24 以上にすると一覧と説明が並びます。",
        "Size: {columns} x {rows}. Usable; from 80 x 24 on the list and the details stand side by side.",
    ),
    "bad": Text(
        "大きさ: {columns} x {rows}。小さすぎます。40 x 12 以上にしてください。",
        "Size: {columns} x {rows}. Too small: at least 40 x 12 is needed.",
    ),
}
_ENCODING = Text("文字コード (この PC の設定): {encoding}", "Encoding (as set on this computer): {encoding}")
_NOT_UTF8 = Text(
    "文字コードが {encoding} になっているため、日本語の画面が正しく表示されません。"
    "環境変数を LANG=ja_JP.UTF-8 (なければ LANG=C.UTF-8) にして、端末の文字コードも UTF-8 にしてください。"
    "一時的に試すには、コマンドの前に PYTHONUTF8=1 を付けます。",
    "The character encoding is {encoding}, so the Japanese screen would be garbled. "
    "Set LANG=ja_JP.UTF-8 (or LANG=C.UTF-8) and set the terminal to UTF-8. "
    "To try it once, put PYTHONUTF8=1 in front of the command.",
)
_OVERRIDDEN = Text(
    "環境変数 {name} が {value} に設定されています。これを外すか、UTF-8 にしてください。",
    "The environment variable {name} is set to {value}. Remove it, or set it to UTF-8.",
)
_SILENT = Text(
    "端末が文字の幅の問い合わせに答えません。罫線などは安全な文字で表示します (--glyphs safe と同じ)。",
    "The terminal does not answer how wide it draws characters. Frames are drawn with safe characters (as --glyphs safe).",
)
_UNASKED = Text(
    "文字の幅は、Windowsでは調べません。罫線などは安全な文字で表示します (--glyphs safe と同じ)。",
    "How wide characters are drawn is not measured on Windows. Frames are drawn with safe characters (as --glyphs safe).",
)
_UTF8 = {
    "ok": Text("文字コード (端末): UTF-8 として表示されています。", "Encoding (terminal): shown as UTF-8."),
    "bad": Text(
        "文字コード (端末): UTF-8 として表示されていません。日本語が文字化けします。",
        "Encoding (terminal): not shown as UTF-8. Japanese will be garbled.",
    ),
}
_AMBIGUOUS = {
    "ok": Text(
        "幅が曖昧な文字: 半角。罫線を使った画面になります。",
        "Ambiguous characters: one cell. Frames are drawn as lines.",
    ),
    "note": Text(
        "幅が曖昧な文字: 全角。安全な文字だけの画面になり、崩れません。罫線にしたいときは次を変えます。",
        "Ambiguous characters: two cells. The screen uses safe characters only and stays in order. To get lines:",
    ),
    "between": Text(
        "幅が曖昧な文字: {between} が端末の代わりに答えるため、端末での幅はわかりません。安全な文字だけの画面になり、崩れません。"
        "端末で半角だとわかっていれば --glyphs narrow で罫線になります。",
        "Ambiguous characters: {between} answers in place of the terminal, whose width stays unknown. The screen uses "
        "safe characters only and stays in order. Where the terminal is known to draw one cell, --glyphs narrow gives lines.",
    ),
    "bad": Text(
        "幅が曖昧な文字: 幅がわかりません ({cells})。", "Ambiguous characters: of unknown width ({cells})."
    ),
}
_OTHER = {
    "ok": Text(
        "半角カナ、濁点の合成、異体字、絵文字の幅: 正しく表示されます。",
        "Half-width kana, combined marks, variants, emoji: right.",
    ),
    "note": Text(
        "幅が違う文字: {names}。画面の位置は毎回合わせ直すため崩れませんが、その文字だけ重なることがあります。",
        "Of another width: {names}. The screen stays in order, but such a character may overlap its neighbour.",
    ),
}
_COLOURS = {
    "ok": Text("色: {count} 色 (TERM={term})", "Colours: {count} (TERM={term})"),
    "note": Text(
        "色: 16 色 (TERM={term})。使えますが、次を変えると 256 色になります。",
        "Colours: 16 (TERM={term}). Usable; for 256 colours:",
    ),
    "bad": Text(
        "色: TERM={term} では画面を表示できません。--plain を使うか、次を変えてください。",
        "Colours: with TERM={term} there is no full screen. Use --plain, or change:",
    ),
}
_CLIP_ASK = Text(
    "クリップボードへ「{text}」を送って試しますか。いまの内容は失われます。 (y/N) ",
    'Send "{text}" to the clipboard as a test? What is in it now is lost. (y/N) ',
)
_CLIP = {
    "sent": Text(
        "クリップボード: 端末へ送りました。貼り付けて「{text}」と出れば使えます。出ないときは次を変えます。",
        'Clipboard: sent to the terminal. If pasting gives "{text}", it works. If not:',
    ),
    "unsupported": Text(
        "クリップボード: この端末では使えません。画面の文字か QR コードを使ってください。",
        "Clipboard: does not work in this terminal. Use the text on the screen or the QR code.",
    ),
    "skipped": Text("クリップボード: 試していません。", "Clipboard: not tried."),
}
_OTHERS = (
    ("\uff76", 1, Text("半角カナ", "half-width kana")),
    ("\u304b\u3099", 2, Text("濁点の合成", "combined marks")),
    ("\u8fbb\U000e0100", 2, Text("異体字", "variants")),
    ("\U0001f697", 2, Text("絵文字", "emoji")),
)
_TRIAL = "oss-junbi"


def main(setup: Setup) -> int:
    """Test the terminal: 0 when the full screen works here, 1 when something must be changed for it.

    Raises `Problem` (exit 2) without a terminal.
    """
    descriptors = modes.terminal()
    if descriptors is None:
        raise Problem(NO_TERMINAL)
    out = sys.stdout or io.StringIO()
    columns, rows = modes.size(descriptors[1])
    term = os.environ.get("TERM", "-")[:40]
    out.write(_TITLE.fill({"term": term, "columns": columns, "rows": rows}, setup.lang) + "\n")
    out.flush()
    report = TerminalReport(setup.lang, out)
    report.size(columns, rows)
    report.encoding(sys.__stdout__, os.environ)
    probe.choose_glyphs("auto")  # asks also who is there
    report.widths(probe.measure, probe.between())
    report.colours(os.environ)
    report.clipboard(os.environ, sys.stdin)
    out.flush()
    return 1 if report.bad else 0


def encoding_problem(encoding: str, environ: Mapping[str, str]) -> Text | None:
    """What to set when the encoding that Python chose for the output is not UTF-8."""
    try:
        if codecs.lookup(encoding).name == "utf-8":
            return None
    except LookupError:
        pass
    problem = filled(_NOT_UTF8, encoding=encoding)
    for variable in ("PYTHONIOENCODING", "LC_ALL", "LC_CTYPE", "LANG"):
        if environ.get(variable):
            cause = filled(_OVERRIDDEN, name=variable, value=environ[variable][:40])
            return joined(problem, cause)
    return problem


class TerminalReport:
    """The lines of the test, one result each, with the settings to change below it."""

    def __init__(self, lang: Lang, out: TextIO) -> None:
        self.bad = False
        self._lang: Lang = lang
        self._out = out

    def _say(
        self, severity: Severity, text: Text, where: tuple[tuple[str, Text], ...] = (), /, **values: object
    ) -> None:
        """One result; `where` names the setting in each terminal."""
        self.bad |= severity == "bad"
        self._out.write(f"{_MARKS[severity].to(self._lang)} {text.fill(values, self._lang)}\n")
        for name, setting in where:
            self._out.write(f"    {name}: {setting.to(self._lang)}\n")

    def size(self, columns: int, rows: int) -> None:
        large, enough = columns >= 80 and rows >= 24, columns >= 40 and rows >= 12
        severity: Severity = "ok" if large else "note" if enough else "bad"
        self._say(severity, _SIZE[severity], columns=columns, rows=rows)

    def encoding(self, stream: TextIO | None, environ: Mapping[str, str]) -> None:
        """Whether this process writes UTF-8. The full screen does in any case, so this is no obstacle to it."""
        name = getattr(stream, "encoding", None) or "unknown"
        problem = encoding_problem(name, environ)
        if problem is None:
            self._say("ok", _ENCODING, encoding=name)
        else:
            self._say("note", problem)

    def widths(self, measure: Measure, between: str = "") -> None:
        """Whether the terminal reads UTF-8, and how wide it draws what terminals disagree about.

        `between` names who answers in place of the terminal (`tmux`, `screen`, `mosh`).
        """
        kanji = measure("\u6f22\u5b57")
        if kanji is None:
            self._say("note", _UNASKED if sys.platform == "win32" else _SILENT)
            return
        if kanji != 4:
            self._say("bad", _UTF8["bad"], known_terminals.ENCODING)
            return
        self._say("ok", _UTF8["ok"])
        cells = [measure(char) for char in "\u25cf\u2500\u2460\u2026"]
        if between and set(cells) <= {1, 2}:
            self._say("note", _AMBIGUOUS["between"], between=between)
        elif set(cells) == {1}:
            self._say("ok", _AMBIGUOUS["ok"])
        else:
            severity: Severity = "note" if set(cells) <= {1, 2} else "bad"
            self._say(severity, _AMBIGUOUS[severity], known_terminals.AMBIGUOUS, cells=cells)
        wrong = [name.to(self._lang) for text, width, name in _OTHERS if measure(text) != width]
        severity = "note" if wrong else "ok"
        self._say(severity, _OTHER[severity], names=", ".join(wrong))

    def colours(self, environ: Mapping[str, str]) -> None:
        """How many colours the environment promises; stripes to see them by."""
        term = environ.get("TERM", "")
        true = environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")
        severity: Severity = "ok"
        if term in ("", "dumb"):
            severity = "bad"
        elif not true and "256" not in term and term not in ("xterm-kitty", "alacritty", "foot"):
            severity = "note"
        where = known_terminals.COLOURS if severity != "ok" else ()
        count = 16_777_216 if true else 256
        self._say(severity, _COLOURS[severity], where, term=term[:40] or "-", count=count)
        if severity == "ok":
            numbers = (16, 52, 88, 124, 160, 196, 202, 208, 214, 220, 226)
            self._out.write("    " + "".join(f"\x1b[48;5;{number}m  " for number in numbers) + "\x1b[0m\n")

    def clipboard(self, environ: Mapping[str, str], answers: TextIO) -> None:
        """Send a word to the clipboard, if the person there agrees: only they can see whether it arrived."""
        if clipboard.is_known_not_to(environ):
            self._say("note", _CLIP["unsupported"])
            return
        agreed = False
        if answers.isatty():
            self._out.write(_CLIP_ASK.fill({"text": _TRIAL}, self._lang))
            self._out.flush()
            agreed = answers.readline().strip().lower() in ("y", "yes", "\uff59", "\u306f\u3044")
        if not agreed:
            self._say("note", _CLIP["skipped"])
            return
        self._out.write(clipboard.sequence(_TRIAL.encode(), environ))
        self._out.flush()
        self._say("note", _CLIP["sent"], known_terminals.CLIPBOARD, text=_TRIAL)
