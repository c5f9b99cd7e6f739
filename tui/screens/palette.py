"""The palette: every command and every item by name, in kanji, kana, romaji or English."""

from __future__ import annotations

from collections.abc import Mapping

from checks.text import Text
from checks.wrap import cell_width
from tui.commands import COMMANDS, Command, Key, key_label, keys_label
from tui.desk import Desk
from tui.screens.dispatch import perform, to_main
from tui.screens.view import Picker
from tui.search import Forms, begins, finder, forms, matcher
from tui.shell import filled
from tui.widgets.frame import Row, Span, between

PALETTE_TITLE = Text("コマンドと項目を探す（漢字、かな、ローマ字、英語）", "Find a command or an item")

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

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: list[tuple[str, Text, str]] = []
        self.typed()

    def title(self) -> str:
        """The first line."""
        return self.desk.t(PALETTE_TITLE)

    def prompt(self) -> str:
        """In front of the field."""
        return ": "

    def typed(self) -> None:
        """Look again."""
        super().typed()
        desk = self.desk
        wanted = matcher(self.field.text)
        self._found = [line for command in self._commands() for line in self._lines(command)]
        if self.field.text.strip():
            for part in desk.progress.steps:
                if wanted(part.step.id, part.step.title, str(part.step.number)):
                    self._found.append((f"go {part.step.id}", part.step.title, str(part.step.number)))
                self._found += [
                    (f"go {item.id}", item.title, f"{part.step.number}-{item.position}")
                    for item in part.items
                    if wanted(item.id, item.title, *self._label(item.id))
                ]

    def _commands(self) -> list[Command]:
        """The commands that are meant: first those whose name begins so, last those that only their explanation tells."""
        typed = self.field.text
        found, ranked = finder(typed), []
        for command in COMMANDS:
            named = forms(command.id, command.title, command.reading)
            told = forms("", *(text for text in (ALSO.get(command.id), command.about) if text is not None))
            if found(Forms(f"{named.spelt}\n{told.spelt}", f"{named.sounds}\n{told.sounds}")):
                ranked.append((0 if begins(typed, named) else 1 if found(named) else 2, command))
        return [command for _, command in sorted(ranked, key=lambda one: one[0])]

    def _label(self, item: str) -> list[Text]:
        """The few words of a question in the tree, by which it is looked for too."""
        question = self.desk.guide.questions.get(item)
        return [question.label] if question is not None else []

    def _lines(self, command: Command) -> list[tuple[str, Text, str]]:
        """A command, once for each direction in which it goes; a step is found by its number and its name."""
        lang, arrows = self.desk.lang, self.desk.arrows
        if not command.ways or command.id == "step":
            return [
                (
                    f"run {command.id}",
                    command.title,
                    keys_label(command, lang, arrows, len(self.desk.guide.steps)),
                )
            ]
        return [
            (
                f"run {command.id} {way}",
                filled(
                    Text("{title}: {key}", "{title}: {key}"),
                    title=command.title,
                    key=key_label(way, lang, arrows),
                ),
                " ".join(key_label(key, lang, arrows) for key in keys),
            )
            for way, keys in zip(command.ways, command.directions, strict=True)
        ]

    def count(self) -> int:
        """Lines."""
        return len(self._found)

    def line(self, number: int, width: int) -> Row:
        """Title and key."""
        _, title, right = self._found[number]
        tag = Span(right + " ", "key")
        return between((Span(self.desk.t(title)),), (Span(" "), tag), max(cell_width(right) + 2, width))

    def name(self, number: int) -> str:
        """What picking it does."""
        return self._found[number][0]

    def pick(self, number: int) -> None:
        """Do it."""
        verb, _, name = self._found[number][0].partition(" ")
        self.leave()
        if verb == "run":
            command, _, way = name.partition(" ")
            perform(self.desk, command, Key(way) if way else None, anywhere=True)
            return
        from tui.screens.main import Main

        main = self.desk.views[0]
        if isinstance(main, Main) and to_main(self.desk):
            main.reveal(name)
