"""What a person reads who knows nothing but the screen: whole, once, in words of the screen and not of the program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.model import Finding, Outcome, Says
from checks.text import LANGS, Text
from state.errors import BadName
from state.file.places import Folder, session_path
from tests.support.helpers_reach import Reach, reach
from tui import checking, cursor_rest
from tui.commands import BY_ID
from tui.screens.palette import ALSO, Palette

BACK = ("L",) * (len(LANGS) - 1)
"""From English through all other languages to Japanese."""


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reach]:
    with reach(tmp_path_factory.mktemp("reads")) as found:
        yield found


def packed(hands: Reach, size: tuple[int, int] = (80, 24)) -> str:
    """The screen without frames and blanks: sentences go over several lines."""
    return "".join(char for line in hands.lines(size) for char in line if char not in " |")


def found(hands: Reach, name: str, outcome: Outcome, code: str, **values: str) -> None:
    hands.desk.session.record(name, outcome, Finding(code, values), took_ms=1, scope="pc")
    hands.desk.changed()


def test_what_must_be_mended_is_counted_apart_from_what_should_be_looked_at(hands: Reach) -> None:
    hands.fresh()
    found(hands, "root.store", Outcome.FAIL, "bad")
    assert "要対応 1  未回答" in hands.lines()[1]
    found(hands, "pc.disk", Outcome.UNKNOWN, "timeout")
    assert "要対応 1  要確認 1  未回答" in hands.lines()[1]
    assert (
        hands.lines((40, 12))[1].rstrip().endswith("要対応 1 要確認 1 未回答 10")
    )  # 40 cells with larger numbers
    hands.press("L")
    assert "To fix 1  Review 1  Open" in hands.lines()[1]
    hands.press(*BACK, "f")
    hands.desk.message = None
    assert "問題だけを表示中" in packed(hands)
    listed = {node.id for node in hands.main.place.nodes() if node.item is not None}
    assert listed == {"root.store", "pc.disk"}
    hands.press("f")


def test_the_check_that_must_pass_first_is_called_as_in_the_tree(hands: Reach) -> None:
    hands.fresh()
    found(hands, "portal.tls", Outcome.SKIP, "prerequisite", check="root.store")
    hands.main.place.go("portal.tls")
    hands.press("l")
    assert "先に必要な検査（1-1ルート証明書）が通っていない" in packed(hands, (60, 24))
    found(hands, "portal.tls", Outcome.SKIP, "prerequisite", check="x.gone")
    assert "（x.gone）" in packed(hands, (60, 24))


def test_what_is_well_has_nothing_to_mend(hands: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.fresh()
    check = hands.desk.guide.checks["root.store"]
    said = Says(
        Outcome.PASS, Text("問題ありません。", "All is well."), Text("更新してください。", "Keep it so.")
    )
    monkeypatch.setitem(check.says, "good", said)
    found(hands, "root.store", Outcome.PASS, "good")
    hands.main.place.go("root.store")
    assert "しておくとよいこと" in packed(hands)
    assert "どう直すか" not in packed(hands)


def test_a_date_being_typed_is_not_scolded_and_a_refused_one_only_once(hands: Reach) -> None:
    hands.fresh()
    hands.main.place.go("insurance.start")
    hands.press("space", *"2026-0")
    assert "読めません" not in packed(hands)
    assert "例:2026-11-22" in packed(hands)
    hands.press("enter")
    seen = packed(hands)
    assert seen.count("日付として読めません") == 1
    assert "insurance.start" not in seen
    hands.press("escape")


def test_why_a_name_is_refused_is_read_whole(hands: Reach, tmp_path: Path) -> None:
    hands.fresh()
    hands.press("s", "ctrl+n", *"12/3", "enter")
    with pytest.raises(BadName) as refused:
        session_path(Folder(tmp_path, tmp_path / "config.toml"), "12/3")
    assert refused.value.text.ja.replace(" ", "").replace("|", "") in packed(hands)
    for size in ((80, 24), (60, 20), (40, 12)):
        lines = hands.lines(size)
        assert len(lines) == size[1]
        assert "Enter" in lines[-1]


def test_the_case_names_the_numbers_that_there_are_and_no_half_sentence(hands: Reach) -> None:
    hands.fresh()
    hands.press("c")
    assert hands.lines()[-1].startswith(" 1-2 Enter")
    hands.press("1")
    assert hands.lines()[-1].startswith(" 1-3 Enter")
    for height in range(12, 25):
        seen = packed(hands, (80, height))
        assert ("ネットワークの検査" in seen) == ("始める前に確認します。" in seen), height
    assert "始める前に確認します。" in packed(hands)


def test_the_session_on_the_screen_is_not_called_in_use(hands: Reach) -> None:
    hands.fresh()
    hands.press("s")
    line = next(line for line in hands.lines() if line.startswith(" first"))
    assert "表示中" in line
    assert "使用中" not in line


def test_the_words_of_another_line_do_nothing(hands: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.fresh()
    hands.main.welcome = False
    hands.desk.session.note("portal.tls", "an example")
    hands.main.place.go("portal.tls")
    hands.press("f1", "escape")
    assert "note" in hands.acts((120, 40))
    monkeypatch.setattr(cursor_rest, "REST", 3600.0)
    monkeypatch.setattr(cursor_rest, "LONGEST", 3600.0)
    hands.press("down", "down")
    assert any(
        "an example" in line for line in hands.lines((120, 40))
    )  # what was there before the key was held
    assert "note" not in hands.acts((120, 40))
    hands.press("e", "escape")
    assert not any("an example" in line for line in hands.lines((120, 40)))


@pytest.mark.parametrize("width", [40, 80])
def test_the_case_says_before_all_else_that_nothing_is_saved(
    hands: Reach, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.fresh()
    failing = replace(hands.desk.session.save_state(), unsaved=23, failing_since=datetime.now(UTC))
    hands.press("c")
    monkeypatch.setattr(type(hands.desk.session), "save_state", lambda _session: failing)
    assert "保存できません 23件" in hands.lines((width, 24))[0]


def test_the_list_counts_what_is_unknown_too_and_says_so(hands: Reach) -> None:
    hands.fresh()
    found(hands, "root.store", Outcome.UNKNOWN, "timeout")
    found(hands, "pc.disk", Outcome.FAIL, "bad")
    assert "要対応 1  要確認 1" in hands.lines()[1]
    assert hands.desk.session.flush(10.0)
    hands.press("s")
    line = next(line for line in hands.lines((120, 24)) if line.startswith(" first"))
    assert "要対応・不明 2" in line


def test_the_last_line_names_what_a_newcomer_needs_in_both_languages(hands: Reach) -> None:
    hands.fresh()
    for words in (("Enter 開く", "Space 回答", "n 次へ", "R 全検査", "/ 絞込", "? ヘルプ", "q 終了"),
                  ("Enter open", "Space answer", "n next", "R all", "/ filter", "? help", "q quit")):  # fmt: skip
        line = hands.lines()[-1]
        assert [word for word in words if word not in line] == []
        assert "n " in hands.lines((40, 12))[-1]
        hands.press("L")


@pytest.mark.parametrize("width", [60, 80])
def test_what_is_running_is_named_beside_the_counts(hands: Reach, width: int) -> None:
    hands.fresh()
    found(hands, "root.store", Outcome.UNKNOWN, "timeout")
    checking.begin(hands.desk, [hands.desk.guide.checks["pc.slow"]])
    try:
        hands.desk.runs.running["pc.slow"] = time.monotonic()
        line = hands.lines((width, 24))[1]
        assert "検査中 1" in line
        assert line.rstrip().endswith("秒")
        assert "未回答" in line
    finally:
        hands.desk.runs.cancel()
        hands.desk.changed()


def test_a_command_is_found_by_other_words_for_it(hands: Reach) -> None:
    hands.fresh()
    hands.press(":")
    palette = hands.desk.view
    assert isinstance(palette, Palette)
    assert set(ALSO) <= set(BY_ID)
    for command, words in ALSO.items():
        for word in (*words.ja.split(), *words.en.split()):
            palette.field.text = word
            palette.typed()
            assert any(act.split()[:2] == ["run", command] for act, _, _ in palette._listed), (command, word)


def test_the_end_of_the_checks_says_how_to_see_what_is_not_well(hands: Reach) -> None:
    hands.fresh()
    for outcome in (Outcome.PASS, Outcome.FAIL):
        run = hands.desk.runs.add(lambda _number: None, report_end=True, quiet=False)
        run.tally[outcome] += 1
        run.ended.set()
        checking.take_news(hands.desk, run.number)
        assert "検査が終わりました" in packed(hands)
        assert ("（fで問題だけ表示）" in packed(hands)) == (outcome is Outcome.FAIL)
        assert "+---" in hands.lines()[20]  # one line of 80 cells is enough: two would move the panes
        hands.press("L")
        hands.desk.message = hands.desk.history[-2]
        assert "Checks done" in hands.lines()[22]
        hands.press(*BACK)


def test_the_case_in_the_first_line_is_a_list_in_both_languages(hands: Reach) -> None:
    hands.fresh()
    hands.press("c", "1", "2", "escape")
    assert "移転登録 本人" in hands.lines()[0]
    hands.press("L")
    assert "Transfer, The owner" in hands.lines()[0]
    hands.press(*BACK)
