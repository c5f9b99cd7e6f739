"""What people see leads to the items that help: every spelling, a part of it, or a pasted line that holds it."""

from __future__ import annotations

import pytest

from checks import symptoms
from checks.guide import load_guide
from checks.guides.entries import names

GUIDE = load_guide("oss")


def test_there_are_many_and_each_says_what_helps() -> None:
    assert len(GUIDE.symptoms) >= 60
    for symptom in GUIDE.symptoms:
        assert symptom.seen
        assert symptom.causes
        assert symptom.items


@pytest.mark.parametrize("name", names())
def test_every_spelling_finds_its_symptom(name: str) -> None:
    guide = load_guide(name)
    for symptom in guide.symptoms:
        for seen in symptom.seen:
            assert symptom in symptoms.matching(guide, seen), seen


@pytest.mark.parametrize(
    ("typed", "item"),
    [
        ("エラー127", "insurance.data-visible"),
        ("ｴﾗｰ127", "insurance.data-visible"),
        ("「エラー 115」", "certificate.moved"),
        ("R/Wのタイプが不明です", "pc.card-reader"),
        ("証明不可", "documents"),
        ("拡張機能が無効", "pc.extension"),
        ("暗証番号がロック", "certificate.pin-tries"),
        ("暗証番号ロック", "certificate.pin-tries"),
        ("net::ERR_CERT_AUTHORITY_INVALID", "portal.tls"),
        ("err_cert_authority_invalid", "root.os-store"),
        ("この接続ではプライバシーが保護されません", "portal.tls"),
        ("8010001d", "pc.card-service"),
        ("エラー: 0x8010001D が発生しました", "pc.card-service"),
        ("却下", "proxy-issuance.eligible"),
    ],
)
def test_what_people_type_finds_an_item_that_helps(typed: str, item: str) -> None:
    assert item in symptoms.items(GUIDE, typed)


@pytest.mark.parametrize("typed", ["", " ", "e", "12", "の", "こんにちは世界", "portal.tls"])
def test_what_is_no_symptom_finds_none(typed: str) -> None:
    assert symptoms.matching(GUIDE, typed) == ()


def test_words_may_stand_apart_and_in_the_causes() -> None:
    assert "signing.locked" in {one.id for one in symptoms.matching(GUIDE, "パスワード　5回")}
    assert "compliance.rejected" in {one.id for one in symptoms.matching(GUIDE, "車台番号 ハイフン")}
    assert symptoms.matching(GUIDE, "車台番号 存在しない") == ()


def test_what_no_symptom_has_is_looked_for_in_notes_and_questions() -> None:
    assert "case.scrivener-law" in symptoms.mentioning(GUIDE, "行政書士法")
    assert "case.plate" in symptoms.mentioning(GUIDE, "ナンバー")
    for typed in ("", " ", "の", "こんにちは世界"):
        assert symptoms.mentioning(GUIDE, typed) == ()


def test_the_guide_of_kei_cars_says_nothing_of_the_other_service() -> None:
    guide = load_guide("kei")
    assert "kei.no-agent" in {one.id for one in guide.symptoms}
    for symptom in guide.symptoms:
        said = " ".join(text.ja for text in (symptom.help, *symptom.causes))
        assert "運輸支局" not in said, symptom.id
        assert "記録等事務代行" not in said, symptom.id
