"""The one table of what a person can do: keys, footer, palette and help are all made from it.

A printable key stands for itself, others have Textual's names. Every printable key also works full width
(`ｑ`, `？`, `１`), as an input method sends it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Literal, TypeAlias

from checks.record import dataclass
from checks.text import Text

Where: TypeAlias = Literal["main", "any"]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done."""

    id: str
    keys: tuple[str, ...]
    title: Text
    about: Text
    reading: str
    """The Japanese title in kana, for the search."""
    where: Where = "main"
    """`main`: on the main screen; `any`: on every screen, except while text is typed."""
    footer: Text | None = None
    """The word in the footer of the main screen."""
    ways: tuple[str, ...] = ()
    """Keys that each go another way, where one command has several directions; their twins are in `TWINS`."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key press: Textual's name and the character that it types, if any."""

    name: str
    char: str = ""

    @property
    def half(self) -> str:
        """What the table calls the key: the half-width character, or the name."""
        char = " " if self.char == "\u3000" else self.char
        if char and char.isprintable():
            if "\uff01" <= char <= "\uff5e":
                char = unicodedata.normalize("NFKC", char)
            return "space" if char == " " else char
        return self.name


TWINS: Mapping[str, str] = {
    "k": "up", "j": "down", "h": "left", "l": "right", "K": "pageup", "J": "pagedown", "g": "home", "G": "end",
}  # fmt: skip
"""Letters that do what a key does which not every terminal, line and input method lets through."""

COMMANDS: tuple[Command, ...] = (
    Command(
        "move", ("up", "down", "k", "j"), Text("上下に移動", "Move up and down"),
        Text("ひとつ上、ひとつ下の行へ移ります。", "Moves one line up or down."),
        "じょうげにいどう", "any", Text("移動", "move"), ("up", "down"),
    ),
    Command(
        "page", ("pageup", "pagedown", "K", "J"), Text("1画面ぶん移動", "Move by a page"),
        Text("1画面ぶん上、下へ移ります。", "Moves one page up or down."), "いちがめんぶんいどう", "any", None, ("pageup", "pagedown"),
    ),
    Command(
        "ends", ("home", "end", "g", "G"), Text("最初、最後へ移動", "Move to the first or last line"),
        Text("最初または最後の行へ移ります。", "Moves to the first or last line."), "さいしょさいごへいどう", "any", None, ("home", "end"),
    ),
    Command(
        "fold", ("left", "h"), Text("たたむ、左へ", "Collapse, or go left"),
        Text("ステップをたたみます。項目の上ではステップへ、右の欄では左の欄へ戻ります。",
             "Collapses a step. On an item, moves to its step; in the right pane, moves to the left pane."),
        "たたむひだりへ",
    ),
    Command(
        "unfold", ("right", "l"), Text("ひらく、右へ", "Expand, or go right"),
        Text("ステップをひらきます。項目の上では右の欄へ移ります。", "Expands a step. On an item, moves to the right pane."),
        "ひらくみぎへ",
    ),
    Command(
        "open", ("enter", "v"), Text("開く", "Open"),
        Text("選んだ行を開きます。質問なら回答の欄、検査なら結果の欄へ移ります。",
             "Opens the selected line: the answer form of a question, or the result of a check."),
        "ひらく", "main", Text("開く", "open"),
    ),
    Command(
        "pane", ("tab", "shift+tab", "w"), Text("左右の欄を切り替え", "Switch panes"),
        Text("項目の一覧と、その説明の欄を行き来します。", "Switches between the list and the details."), "さゆうのらんをきりかえ",
    ),
    Command(
        "answer", ("space",), Text("回答する", "Answer"),
        Text("選んだ質問の回答欄を開きます。開くだけでは何も変わりません。", "Opens the answer form of the selected question. Opening it changes nothing."),
        "かいとうする", "main", Text("回答", "answer"),
    ),
    Command(
        "next_open", ("n",), Text("次の未完了へ", "Next open item"),
        Text("まだ済んでいない次の項目へ移ります。最後の次は最初に戻ります。", "Goes to the next open item; after the last one, starts again at the first."), "つぎのみかんりょうへ",
        "main", Text("次へ", "next"),
    ),
    Command(
        "previous_open", ("N",), Text("前の未完了へ", "Previous open item"),
        Text("まだ済んでいない前の項目へ移ります。", "Goes to the previous open item."), "まえのみかんりょうへ",
    ),
    Command(
        "following", ("0",), Text("次にやることへ", "Go to the next task"),
        Text("画面の下に出ている、いちばん先にやることへ移ります。", "Goes to the most urgent task, which is shown at the bottom of the screen."), "つぎにやることへ",
    ),
    Command(
        "step", tuple("123456789"), Text("番号のステップへ", "Go to a step by its number"),
        Text("その番号のステップへ移ります。", "Goes to the step with that number."), "ばんごうのすてっぷへ", "main", None, tuple("123456789"),
    ),
    Command(
        "recheck", ("r",), Text("この項目を検査", "Check this item"),
        Text("選んだ検査、またはステップの検査をすべて、もう一度行います。", "Runs the selected check again, or every check of the selected step."),
        "このこうもくをけんさ", "main", Text("再検査", "check"),
    ),
    Command(
        "check_all", ("R",), Text("すべて検査", "Run all checks"),
        Text("必要な検査をすべて行います。", "Runs every check that this application needs."), "すべてけんさ",
        "main", Text("全検査", "all"),
    ),
    Command(
        "stop", ("x",), Text("検査を止める", "Stop checking"),
        Text("進行中の検査を止めます。終わった検査の結果は残ります。", "Stops the checks that are running. Results of finished checks are kept."),
        "けんさをとめる",
    ),
    Command(
        "case", ("c",), Text("申請の内容", "The application"),
        Text("だれが、どの車で、どの手続をするかを答えます。これで必要な準備が決まります。",
             "Asks who applies, for which vehicle and which procedure. The answers decide what you need to prepare."),
        "しんせいのないよう", "main", Text("申請内容", "case"),
    ),
    Command(
        "filter", ("/",), Text("絞り込む", "Filter"),
        Text("漢字、かな、ローマ字、英語で項目を絞り込みます。Esc で元に戻ります。", "Filters the list by kanji, kana, romaji or English. Esc clears the filter."),
        "しぼりこむ", "main", Text("絞込", "filter"),
    ),
    Command(
        "problems", ("f",), Text("問題だけ表示", "Problems only"),
        Text("要対応と要確認（注意、不明など）の項目だけを表示します。もう一度押すと元に戻ります。",
             "Shows only items that need action or review (warnings, unknown results and so on). Press it again to show all."),
        "もんだいだけひょうじ",
    ),
    Command(
        "explain", ("e",), Text("くわしい説明", "Explain"),
        Text("なぜ必要か、どう調べるか、出典を表示します。", "Shows why it is needed, how it is checked, and the source."), "くわしいせつめい",
    ),
    Command(
        "note", ("m",), Text("メモ", "Note"),
        Text("選んだ項目にメモを書きます。", "Adds or edits a note on the selected item."), "めも",
    ),
    Command(
        "withdraw", ("W",), Text("例外を取り下げる", "Withdraw an exception"),
        Text("選んだ項目に認めた例外を取り下げます。取り消しもできます。", "Withdraws the exception accepted for the selected item. Can be undone."),
        "れいがいをとりさげる",
    ),
    Command(
        "copy", ("y",), Text("コピー", "Copy"),
        Text("コマンドまたはURLを端末のクリップボードへ送ります。", "Copies the commands or the URL to the terminal's clipboard."), "こぴー",
    ),
    Command(
        "link", ("o",), Text("公式ページのURLとQRコード", "Official page: URL and QR code"),
        Text("公式ページのURLとQRコードを表示します。ブラウザーは開きません。", "Shows the official page's URL and QR code. Never opens a browser."),
        "こうしきぺーじのURLとQRこーど",
    ),
    Command(
        "undo", ("u", "ctrl+z"), Text("取り消す", "Undo"),
        Text("直前の回答を取り消します。", "Undoes the last answer."), "とりけす",
    ),
    Command(
        "redo", ("ctrl+r", "U"), Text("やり直す", "Redo"),
        Text("取り消した回答をもう一度行います。", "Redoes the answer that was undone."), "やりなおす",
    ),
    Command(
        "report", ("p",), Text("報告書", "Report"),
        Text("準備の状況を文書で表示し、ファイルに保存できます。", "Shows your progress as a document that you can save."), "ほうこくしょ",
    ),
    Command(
        "sessions", ("s",), Text("セッションの一覧", "Sessions"),
        Text("保存してあるほかの申請を探す、開く、新しく始める。", "Finds, opens or starts another application."), "せっしょんのいちらん",
    ),
    Command(
        "take_over", ("T",), Text("引き継ぐ（ほかのログインは見るだけに）", "Take over (others become read-only)"),
        Text("同じセッションを開いているほかのログインを、見るだけにします。引き継がれた側は、ここで取り戻すか別名で続けます。",
             "Makes other logins on this session read-only. If yours was taken "
    "over, take it back here or continue as another session."),
        "ひきつぐほかのろぐいんはみるだけに", "any",
    ),
    Command(
        "language", ("L",), Text("English / 日本語", "Japanese / English"),
        Text("表示の言語を切り替えます。", "Switches the display language."), "げんごをきりかえ", "any",
    ),
    Command(
        "theme", ("t",), Text("配色を変える", "Change the colours"),
        Text("暗い、明るい、高コントラストの順に配色を変えます。", "Switches between dark, light and high contrast."), "はいしょくをかえる", "any",
    ),
    Command(
        "messages", ("!",), Text("メッセージの履歴", "Message history"),
        Text("これまでに表示したメッセージを見ます。", "Shows earlier messages."), "めっせーじのりれき", "any",
    ),
    Command(
        "help", ("?", "f1"), Text("ヘルプ", "Help"),
        Text("キーと使い方を表示します。", "Shows the keys and how to use the program."), "へるぷ", "any", Text("ヘルプ", "help"),
    ),
    Command(
        "palette", (":", "ctrl+p"), Text("コマンドを探す", "Find a command"),
        Text("すべてのコマンドと項目を名前で探します。", "Finds any command or item by name."), "こまんどをさがす", "any",
    ),
    Command(
        "repaint", ("ctrl+l", "z"), Text("画面を描き直す", "Redraw the screen"),
        Text("表示が乱れたときに、画面全体を描き直します。", "Redraws the whole screen if it has become garbled."), "がめんをかきなおす", "any",
    ),
    Command(
        "back", ("escape", "b"), Text("戻る", "Back"),
        Text("ひとつ前に戻ります。終了はしません。", "Goes back one screen. Never quits."), "もどる", "any",
    ),
    Command(
        "quit", ("q", "ctrl+q", "ctrl+c"), Text("終了", "Quit"),
        Text("終了します。回答はすでに保存されています。Ctrl+C は2回続けて押します。", "Quits. Your answers are already saved. Ctrl+C has to be pressed twice."),
        "しゅうりょう", "any", Text("終了", "quit"),
    ),
)  # fmt: skip

BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}
_BY_KEY: Mapping[str, Command] = {key: command for command in COMMANDS for key in command.keys}

EVERY_KEY = frozenset((*(key for key in _BY_KEY if len(key) == 1), *" 0123456789-ynvbpYP"))
"""Every printable key that means something on some screen."""

_NAMES: Mapping[str, str] = {
    "enter": "Enter", "space": "Space", "escape": "Esc", "tab": "Tab", "shift+tab": "Shift+Tab",
    "pageup": "PageUp", "pagedown": "PageDown", "home": "Home", "end": "End", "f1": "F1",
}  # fmt: skip


def direction(key: Key) -> str:
    """The key that says the same on every screen: `up` for `k`, `pagedown` for `J`; any other as it is."""
    return TWINS.get(key.half, key.half)


def command_for(key: Key) -> Command | None:
    """The command that a key stands for."""
    return _BY_KEY.get(key.half) or _BY_KEY.get(key.name)


def key_label(key: str, arrows: Mapping[str, str]) -> str:
    """A key as it is written for people; `arrows` holds the terminal's signs for up, down, left and right."""
    if key.startswith("ctrl+"):
        return "Ctrl+" + key[5:].upper()
    return arrows.get(key) or _NAMES.get(key, key)


def keys_of(command: Command, steps: int) -> tuple[str, ...]:
    """The keys of a command; of the one that goes to a step those for which there is one."""
    return command.keys[:steps] if command.id == "step" else command.keys


def keys_label(command: Command, arrows: Mapping[str, str], steps: int) -> str:
    """All keys of a command as they are written for people."""
    if command.id == "step":
        return "-".join(dict.fromkeys((command.keys[0], keys_of(command, steps)[-1])))
    return " ".join(key_label(key, arrows) for key in command.keys)
