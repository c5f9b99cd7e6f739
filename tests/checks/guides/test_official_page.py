"""The guide says all that the official page says, in both languages, with a source for each statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from checks.guide import load_guide
from checks.statements import statements
from checks.steps import Note, Question
from checks.text import Text
from tests import facts

GUIDE = load_guide("oss")
STEPS = (GUIDE.case, *GUIDE.steps)
NOTES: dict[str, Note] = {note.id: note for step in STEPS for note in step.notes}
SEED = (Path(__file__).parents[2] / "data" / "seed.txt").read_text("utf-8")

# A phrase of the official page, the entry that says it, and words which that entry must contain.
SAID: list[tuple[str, str, str]] = [
    ("申請を行うための事前準備の作業について解説します", "case.purpose", "準備|順に"),
    ("接続先がOSSのページに間違いないことを確認し", "root-certificate.purpose", "本物|確かめる"),
    ("申請者とOSSとの間に通信を暗号化するために", "root-certificate.purpose", "暗号化"),
    ("Security Communication Root CA2のルート証明書", "root-certificate.purpose", "Security Communication Root CA2|ブラウザー|設定"),
    ("安全な通信を行うための証明書を取得し、手順に従って設定・確認", "root-certificate.how", "取得|手順|設定|確認"),
    ("Windows OS ルート証明書の更新方法", "root-certificate.how", "Windows OS ルート証明書の更新方法"),
    ("事前にPCの環境を設定していただく必要があります", "pc-environment.purpose", "事前に|環境|設定"),
    ("「PC環境のチェックプログラム」より、必要な設定項目を確認", "pc-environment.check-program", "はじめに|PC環境のチェックプログラム|効率よく"),
    ("お使いのPCの設定状況に問題があるかどうかを確認", "pc-environment.check-program", "設定に問題"),
    ("実行に時間がかかる場合がございます", "pc-environment.takes-time", "時間がかかる"),
    ("PC環境の設定手順は以下のリンクより", "pc-environment.how", "PC環境の設定|手順"),
    ("「PC環境のチェックプログラム」上からもご覧いただく", "pc-environment.how", "チェックプログラムの画面からも"),
    ("すべての自動車が加入を義務づけられている保険・共済", "compulsory-insurance.purpose", "すべての自動車|義務|保険・共済"),
    ("事前に契約・申し込みが必要です", "compulsory-insurance.before", "新車新規登録|中古車新規登録|継続検査|契約・申し込み"),
    ("損害保険会社または共済団体へお問い合わせ", "compulsory-insurance.before", "損害保険会社|共済団体|問い合わせ"),
    ("申請時点から支局審査までの間に日数を要し", "compulsory-insurance.tip-supplement", "新車新規登録|日数|足りなく"),
    ("追加の期間に対応した自賠責保険", "compulsory-insurance.tip-supplement", "追加の期間|登録情報処理機関"),
    ("補正申請を行うことで引き続き申請を継続", "compulsory-insurance.tip-supplement", "補正申請|続けられます"),
    ("すでに自賠責保険(共済)証明書に加入しているため、申し込みは不要", "compulsory-insurance.caution-others", "以外|すでに|不要"),
    ("既存の保険・共済に関する契約の名義変更", "compulsory-insurance.caution-rename", "移転登録|名義"),
    ("税・手数料等の納付を必要とする場合があります", "electronic-payment.purpose", "申請によっては|税|手数料"),
    ("納付はインターネットバンキングやATMより", "electronic-payment.how", "インターネットバンキング|ATM|用意"),
    ("申請に必要な書類に関しては", "documents.purpose", "書類|確かめて用意"),
    ("電子署名(デジタル署名)をするための電子証明書を取得", "digital-certificate.purpose", "電子署名（デジタル署名）|電子証明書"),
    ("「利用可能な電子証明書を発行できる認証機関」", "digital-certificate.list", "利用可能な電子証明書を発行できる認証機関"),
    ("政府認証基盤(GPKI)と相互認証している認証機関から", "digital-certificate.tip-gpki", "政府認証基盤（GPKI）|相互認証"),
    ("政府認証基盤(GPKI)に関する詳しい解説は", "digital-certificate.tip-gpki-page", "政府認証基盤のページ"),
    ("予め記録等事務代行者に対して代行交付を依頼", "proxy-issuance.purpose", "申請の前に|記録等事務代行者|代行交付|依頼"),
    ("利用できる手続は、移転登録、変更登録または継続検査", "proxy-issuance.procedures", "移転登録|変更登録|継続検査"),
    ("未受付または運輸支局等での審査無効・却下", "proxy-issuance.consequence", "未受付|無効・却下|対象外"),
    ("車検証の券面情報", "proxy-issuance.excluded-face", "移転登録・変更登録|おもて面|裏面|変わる"),
    ("交付時に提出書類", "proxy-issuance.excluded-papers", "自動車税納税証明書|放置違反金等の納付等を証する書面|自重計技術基準適合証"),
    ("旧車検証が紙車検証である場合", "proxy-issuance.excluded-paper-certificate", "旧車検証|紙"),
    ("代行交付業務を実施ができなくなった場合", "proxy-issuance.excluded-agent", "申請中|できなくなった"),
    ("その記録等事務代行者の管轄である運輸支局等への出頭", "proxy-issuance.visit", "管轄の運輸支局等|出頭"),
]  # fmt: skip

# The same entries in English: words which each must contain.
SAID_IN_ENGLISH = {
    "case.purpose": "before you apply|in the official order",
    "root-certificate.purpose": "really are on the pages of OSS|encrypted|Security Communication Root CA2|browser",
    "root-certificate.how": "Get the certificate|link in step 1|instructions|set it up|look whether",
    "pc-environment.purpose": "Before you can apply|set up",
    "pc-environment.check-program": "First run|check program|settings are a problem|only those",
    "pc-environment.takes-time": "check program|some time",
    "pc-environment.how": "official page|from the check program",
    "compulsory-insurance.purpose": "mutual aid|every motor vehicle|by law",
    "compulsory-insurance.before": "new or used car|continuous inspection|before you apply|insurance company|mutual aid society",
    "compulsory-insurance.tip-supplement": "new car|days may pass|too short|additional period|supplementary application|goes on",
    "compulsory-insurance.caution-others": "all procedures but|new or used car|continuous inspection|already",
    "compulsory-insurance.caution-rename": "transfer|existing|mutual aid|new owner",
    "electronic-payment.purpose": "Some applications|taxes or fees",
    "electronic-payment.how": "Internet banking|ATM|official page|ready",
    "documents.purpose": "official page|documents|ready",
    "digital-certificate.purpose": "digital certificate|signed electronically",
    "digital-certificate.list": "official list of authorities|can be used",
    "digital-certificate.tip-gpki": "cross-certified|(GPKI)|that OSS needs",
    "digital-certificate.tip-gpki-page": "explained in detail",
    "proxy-issuance.purpose": "proxy service|agent beforehand|issue",
    "proxy-issuance.procedures": "transfer, change and continuous inspection",
    "proxy-issuance.consequence": "out of scope|not be received|void|reject",
    "proxy-issuance.excluded-face": "transfer or change|front or the back",
    "proxy-issuance.excluded-papers": "at issue|tax certificate|parking fines|load meter",
    "proxy-issuance.excluded-paper-certificate": "old inspection certificate|paper",
    "proxy-issuance.excluded-agent": "under way|unable|whatever reason",
    "proxy-issuance.visit": "when it examines|fetched in person|in charge of that agent",
}  # fmt: skip

# The headings of the page: step, what its title says, and for whom alone the heading says that the step is.
HEADINGS: list[tuple[str, int, str, dict[str, set[str]]]] = [
    ("安全な通信を行うための証明書の取得とブラウザへの設定", 1, "安全な通信|証明書|ブラウザ", {}),
    ("PC環境の設定・確認", 2, "PC環境の設定・確認", {}),
    ("自賠責保険(共済)証明書の加入の確認(新車新規登録、中古車新規登録、継続検査を行う場合のみ)", 3, "自賠責保険（共済）|加入の確認",
     {"case.procedure": {"new-registration", "used-registration", "continuous-inspection"}}),
    ("電子納付のための準備", 4, "電子納付のための準備", {}),
    ("書類の準備", 5, "書類の準備", {}),
    ("電子証明書の取得", 6, "電子証明書の取得", {}),
    ("記録等事務代行者への代行交付依頼(記録等事務代行サービスを利用する場合)", 7, "記録等事務代行者への代行交付依頼",
     {"case.procedure": {"transfer", "change", "continuous-inspection"}, "case.channel": {"portal", "bulk"}, "case.proxy-issuance": {"yes"}}),
]  # fmt: skip

# What on the official page is a heading, the name of a link, or said by the structure of the guide itself.
STRUCTURE = re.compile(
    r"事前のご準備|• ステップ \d|PC環境のチェックプログラム|PC環境の設定|ワンポイントアドバイス|ご注意|こちらから"
    r"|以下のステップを順に実施してください。"
)


@pytest.mark.parametrize(
    ("phrase", "entry", "words"), SAID, ids=[f"{e}-{n}" for n, (_, e, _) in enumerate(SAID)]
)
def test_what_the_official_page_says_is_said_here(phrase: str, entry: str, words: str) -> None:
    assert phrase in SEED
    note = NOTES[entry]
    for word in words.split("|"):
        assert word in note.text.ja, (entry, word)
    assert GUIDE.pages[note.basis.page].official


def test_every_sentence_of_the_official_page_is_accounted_for() -> None:
    phrases = [phrase for phrase, _, _ in SAID]
    headings = [heading for heading, _, _, _ in HEADINGS]
    for line in filter(None, map(str.strip, SEED.splitlines())):
        for sentence in re.split("(?<=。) *(?=.)", line):
            assert (
                STRUCTURE.fullmatch(sentence)
                or sentence in headings
                or any(phrase in sentence for phrase in phrases)
            ), sentence


def test_what_the_official_page_says_is_said_in_english_too() -> None:
    assert SAID_IN_ENGLISH.keys() == {entry for _, entry, _ in SAID}
    for entry, words in SAID_IN_ENGLISH.items():
        for word in words.split("|"):
            assert word in NOTES[entry].text.en, (entry, word)


@pytest.mark.parametrize(("heading", "number", "words", "only"), HEADINGS, ids=[str(h[1]) for h in HEADINGS])
def test_a_heading_of_the_official_page_is_the_title_of_its_step(
    heading: str, number: int, words: str, only: dict[str, set[str]]
) -> None:
    assert heading in map(str.strip, SEED.splitlines())
    step = GUIDE.steps[number - 1]
    assert all(word in step.title.ja for word in words.split("|"))
    assert [dict(group) for group in step.applies.any_of] == ([only] if only else [])


def test_a_note_that_is_no_official_text_says_so_itself() -> None:
    """Reports and printed lists show a note without its source: who reads only the note must know it, too."""
    promises = {"digital-certificate.no-secrets", "digital-certificate.tip-gpki-page"}
    ja = re.compile(
        "未確認|報告|とされて|とみられ|と考えられ|解説|推定|情報源|見当たりません|ことがあります|(読めて|確かめられて)いません"
    )
    en = re.compile(
        "not confirmed|report|said|[Aa]ccording|probably|inferred|could not be|Sources disagree|is not among|may move|Conditions named"
    )
    for note in NOTES.values():
        if note.basis.confidence in ("secondary", "inferred", "unread") and note.id not in promises:
            assert ja.search(note.text.ja), (note.id, note.text.ja)
            assert en.search(note.text.en), (note.id, note.text.en)


def test_the_seven_steps_in_their_order() -> None:
    assert [(step.number, step.id) for step in STEPS] == [
        (0, "case"),
        (1, "root-certificate"),
        (2, "pc-environment"),
        (3, "compulsory-insurance"),
        (4, "electronic-payment"),
        (5, "documents"),
        (6, "digital-certificate"),
        (7, "proxy-issuance"),
    ]
    assert [step.number for step in STEPS if step.applies.any_of] == [3, 7]


def entries() -> Iterator[Note | Question]:
    """Everything that has a source."""
    for step in STEPS:
        yield from step.notes
        yield from step.questions


def all_texts() -> Iterator[tuple[str, Text]]:
    """Every sentence of the guide with the id of its owner."""
    for page in GUIDE.pages.values():
        yield page.id, page.title
    for rule in GUIDE.deadlines.all():
        yield rule.id, rule.text
    for step in STEPS:
        yield from ((step.id, text) for text in (step.title, step.short, step.not_needed) if text)
        for entry in step.notes:
            yield entry.id, entry.text
        for question in step.questions:
            yield from _of_question(question)
    for check in GUIDE.checks.values():
        for text in (check.title, check.why, check.how):
            yield check.id, text
        for code, says in check.says.items():
            yield f"{check.id} {code}", says.text
            if says.remedy:
                yield f"{check.id} {code}", says.remedy


def _of_question(question: Question) -> Iterator[tuple[str, Text]]:
    yield question.id, question.text
    yield question.id, question.label
    if question.help:
        yield question.id, question.help
    for choice in question.choices:
        yield f"{question.id}={choice.value}", choice.text
        if choice.hint:
            yield f"{question.id}={choice.value}", choice.hint


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp"])
def test_every_japanese_sentence_can_be_shown_on_old_terminals(encoding: str) -> None:
    for owner, text in all_texts():
        try:
            text.ja.encode(encoding)
        except UnicodeEncodeError as error:
            pytest.fail(f"{owner}: {text.ja[error.start : error.end]!r} in {text.ja}")


def test_every_english_sentence_is_plain_and_has_no_japanese() -> None:
    for owner, text in all_texts():
        assert text.en.isascii(), (owner, text.en)


def test_japanese_sentences_are_japanese_and_polite() -> None:
    for step in STEPS:
        for note in step.notes:
            assert re.search("[ぁ-ん]", note.text.ja), note.id
            last = re.sub("（[^）]*）$", "", note.text.ja.rstrip("。"))
            assert last.endswith(("です", "ます", "ません", "ください", "場合", "ました", "でしょう")), (
                note.id
            )


def test_short_names_fit_the_tree() -> None:
    for step in STEPS:
        cells = sum(1 if char.isascii() else 2 for char in step.short.ja)
        assert cells <= 20
        assert len(step.short.en) <= 20


def test_every_question_has_a_label_that_fits_the_tree() -> None:
    for question in GUIDE.questions.values():
        assert sum(1 if char.isascii() else 2 for char in question.label.ja) <= 24, question.id
        assert len(question.label.en) <= 28, question.id


def test_every_step_says_what_it_is_for() -> None:
    for step in STEPS:
        assert step.notes[0].kind == "purpose", step.id


def test_pages_that_could_not_be_read_are_only_linked() -> None:
    for entry in entries():
        page = GUIDE.pages[entry.basis.page]
        if entry.basis.confidence == "official":
            assert page.official, entry.id
            assert page.read is not None, entry.id
        if entry.basis.confidence == "unread":
            assert page.read is None, entry.id


def test_other_peoples_pages_never_count_as_official() -> None:
    for entry in entries():
        if not GUIDE.pages[entry.basis.page].official:
            assert entry.basis.confidence in ("secondary", "inferred"), entry.id


def test_amounts_come_with_the_day_from_which_they_hold() -> None:
    for note in NOTES.values():
        if re.search(r"[0-9]円", note.text.ja):
            assert re.search("20[0-9]{2}年[0-9]+月[0-9]+日", note.text.ja), note.id
            assert re.search("20[0-9]{2}", note.text.en), note.id


def test_what_is_reported_only_is_called_unconfirmed_or_reported() -> None:
    for note in NOTES.values():
        if re.search(r"[0-9]円", note.text.ja) and note.basis.confidence == "secondary":
            assert "未確認" in note.text.ja, note.id
            assert "not confirmed" in note.text.en, note.id


def test_the_disagreements_are_shown() -> None:
    assert "40日" in NOTES["documents.garage-age"].text.ja
    assert "1か月" in NOTES["documents.garage-age"].text.ja
    assert "クレジットカード" in NOTES["electronic-payment.card-disagreement"].text.ja
    assert "政府共用認証局" in NOTES["root-certificate.disagreement"].text.ja


def test_addresses_are_addresses() -> None:
    for page in GUIDE.pages.values():
        assert re.fullmatch(r"https?://[A-Za-z0-9._~:/?#=&%+-]+", page.url), page.id
        assert page.read is None or page.read <= date(2026, 11, 27)


def test_no_question_asks_for_a_secret() -> None:
    for question in GUIDE.questions.values():
        if "パスワード" in question.text.ja or "暗証番号" in question.text.ja:
            assert question.kind == "yesno", question.id


def test_the_list_of_facts_is_up_to_date() -> None:
    assert facts.TARGET.read_text("utf-8") == facts.document(GUIDE, load_guide("kei")), (
        "run: python tests/facts.py"
    )


def test_every_fact_has_a_source_of_known_confidence_and_a_date() -> None:
    for fact in statements(GUIDE):
        assert fact.page.id in GUIDE.pages, fact.id
        assert fact.basis.confidence in ("official", "secondary", "computed", "inferred", "unread"), fact.id
        assert fact.basis.checked <= date(2026, 11, 27), fact.id


# What the official page says of time, and the dates or waits of the guide that follow from it; none for what has no date.
TIMES: list[tuple[str, set[str]]] = [
    ("実行に時間がかかる場合がございます", set()),
    ("事前に契約・申し込みが必要です", {"insurance.data-visible", "insurance.start"}),
    ("支局審査までの間に日数を要し、購入した自賠責保険(共済)証明書の期間が", {"case.hours", "insurance.end"}),
    ("電子証明書を取得する必要があります", {"certificate.card-obtained", "certificate.issued-on"}),
]
UNDATED = {"case.planned-date", "pc.official-check-date", "proxy-issuance.asked-on"}
"""Date questions after which nothing is counted."""


def test_the_table_of_dates_is_complete() -> None:
    rules = GUIDE.deadlines.all()
    counted = {rule.question for rule in rules}
    assert {q.id for q in GUIDE.questions.values() if q.kind == "date"} - counted == UNDATED
    for sentence in re.split(r"[。\n]", SEED):
        if re.search("時間が|日数|期間が|期限|事前に契約", sentence):
            assert any(said in sentence for said, _ in TIMES), sentence
    for said, ids in TIMES:
        assert said in SEED
        assert ids <= {rule.id for rule in rules}
