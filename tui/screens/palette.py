"""The palette: every command and every item by name, in kanji, kana, romaji or English."""

from __future__ import annotations

from collections.abc import Mapping

from checks import symptoms
from checks.text import Text
from checks.wrap import cell_width
from tui.commands import COMMANDS, TWINS, Command, Key, key_label, keys_label
from tui.desk import Desk, filled
from tui.screens.dispatch import perform, to_main
from tui.screens.view import Picker
from tui.search import SearchKeys, begins, finder, matcher, search_keys
from tui.widgets.frame import Row, Span, between

PALETTE_TITLE = Text("コマンドと項目を探す（漢字、かな、ローマ字、英語）", "Find a command or an item")
TITLE_AND_KEY = Text("{title}: {key}", "{title}: {key}")

ALSO: Mapping[str, Text] = {
    "answer": Text("入力 にゅうりょく 選択 せんたく", "input choose"),
    "recheck": Text("再検査 さいけんさ 更新 こうしん", "run again refresh recheck"),
    "check_all": Text("全検査 ぜんけんさ", "run all"),
    "case": Text("手続 てつづき 車種 しゃしゅ", "case procedure vehicle"),
    "filter": Text("検索 けんさく 探す さがす", "search find"),
    "problems": Text("要対応 ようたいおう 要確認 ようかくにん エラー", "errors failed warnings"),
    "explain": Text("理由 りゆう 出典 しゅってん 詳細 しょうさい", "why source details"),
    "note": Text("コメント 覚え書き おぼえがき", "comment memo"),
    "withdraw": Text("免除 めんじょ", "waiver"),
    "copy": Text("写す うつす クリップボード", "clipboard"),
    "link": Text("ブラウザー ホームページ スマートフォン", "browser web phone"),
    "undo": Text("元に戻す もとにもどす", "undo revert"),
    "redo": Text("もう一度 もういちど", "redo again"),
    "report": Text("保存 ほぞん 印刷 いんさつ 出力 しゅつりょく 書き出し かきだし", "export print save file"),
    "sessions": Text("新規 しんき ファイル 切り替え きりかえ", "new open switch load"),
    "take_over": Text("引き継ぎ ひきつぎ 交代 こうたい", "lock"),
    "language": Text("言語 げんご 英語 えいご", "language"),
    "theme": Text("色 いろ テーマ 見やすい みやすい", "theme dark light contrast"),
    "messages": Text("通知 つうち ログ", "log"),
    "help": Text("使い方 つかいかた 操作 そうさ", "usage keys manual"),
    "quit": Text("終わる おわる 閉じる とじる", "exit close leave"),
}
"""Other words that a person may look for a command by."""


class Palette(Picker):
    """Commands first, then the items of the tree once something is typed."""

    heading = PALETTE_TITLE

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._listed: list[tuple[str, Text, str]] = []
        self.typed()

    def prompt(self) -> str:
        return ": "

    def typed(self) -> None:
        super().typed()
        desk = self.desk
        wanted, helps = matcher(self.field.text), symptoms.items(desk.guide, self.field.text)
        self._listed = [line for command in self._commands() for line in self._lines(command)]
        if self.field.text.strip():
            for part in desk.progress.steps:
                if part.step.id in helps or wanted(part.step.id, part.step.title, str(part.step.number)):
                    self._listed.append((f"go {part.step.id}", part.step.title, str(part.step.number)))
                self._listed += [
                    (f"go {item.id}", item.title, f"{part.step.number}-{item.position}")
                    for item in part.items
                    if item.id in helps or wanted(item.id, item.title, desk.title_of(item.id))
                ]

    def _commands(self) -> list[Command]:
        """The commands that are meant: first those whose name begins so, last those that only their explanation tells."""
        typed = self.field.text
        wanted, ranked = finder(typed), []
        for command in COMMANDS:
            names = search_keys(command.id, command.title, command.reading)
            others = search_keys("", *(text for text in (ALSO.get(command.id), command.about) if text))
            if wanted(SearchKeys(*map("\n".join, zip(names, others, strict=True)))):
                ranked.append((0 if begins(typed, names) else 1 if wanted(names) else 2, command))
        return [command for _, command in sorted(ranked, key=lambda one: one[0])]

    def _lines(self, command: Command) -> list[tuple[str, Text, str]]:
        """A command, once for each direction in which it goes; a step is found by its number and its name."""
        arrows = self.desk.arrows
        if not command.ways or command.id == "step":
            label = keys_label(command, arrows, len(self.desk.guide.steps))
            return [(f"run {command.id}", command.title, label)]
        lines = []
        for way in command.ways:
            keys = [key_label(key, arrows) for key in command.keys if TWINS.get(key, key) == way]
            title = filled(TITLE_AND_KEY, title=command.title, key=key_label(way, arrows))
            lines.append((f"run {command.id} {way}", title, " ".join(keys)))
        return lines

    def count(self) -> int:
        return len(self._listed)

    def line(self, number: int, width: int) -> Row:
        _, title, right = self._listed[number]
        tag = Span(right + " ", "key")
        return between((Span(self.desk.t(title)),), (Span(" "), tag), max(cell_width(right) + 2, width))

    def name(self, number: int) -> str:
        return self._listed[number][0]

    def pick(self, number: int) -> None:
        verb, _, name = self._listed[number][0].partition(" ")
        self.leave()
        if verb == "run":
            command, _, way = name.partition(" ")
            perform(self.desk, command, Key(way) if way else None, anywhere=True)
            return
        from tui.screens.main import Main

        main = self.desk.views[0]
        if isinstance(main, Main) and to_main(self.desk):
            main.reveal(name)
