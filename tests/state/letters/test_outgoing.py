"""The customer's and the helpdesk's page with the real guide: whom they ask what, and what they leave out.

Covers state.letters.formats, state.letters.office_page and state.letters.phrases.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from checks.guide import load_guide
from checks.model import Options, Outcome
from state.letters import office_page, outgoing
from state.letters.content import record
from state.letters.papers import Letter
from state.letters.plain_text import as_text
from state.progress import progress
from state.session_data import Answer, Result, SessionData, Waiver

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
OPTIONS = Options(now=NOW)
CASE = {
    "case.role": "dealer",
    "case.vehicle": "registered",
    "case.procedure": "transfer",
    "case.applicant": "individual",
    "case.channel": "portal",
    "case.route": "full",
    "case.owner-is-user": "yes",
    "case.garage": "apply-together",
    "case.proxy-issuance": "no",
    "certificate.kind": "jpki-reader",
}


def session(answers: dict[str, str], **more: Any) -> SessionData:
    kept = {id_: Answer(value, NOW, at) for at, (id_, value) in enumerate(answers.items(), 1)}
    return SessionData("見本", NOW, NOW, "0.1.0", answers=kept, **more)


def customer(answers: dict[str, str], lang: Any = "ja") -> Letter:
    data = session(answers)
    return outgoing.customer(
        load_guide("oss"), progress(load_guide("oss"), data, OPTIONS, host="PC"), OPTIONS, lang
    )


def support(*results: tuple[str, Outcome, str, dict[str, str], tuple[str, ...]], user: str = "root") -> str:
    found = {
        id_: Result(outcome, code, values, evidence, NOW, at, "localhost", user)
        for at, (id_, outcome, code, values, evidence) in enumerate(results, 1)
    }
    data = session({}, results=found)
    state = progress(load_guide("oss"), data, OPTIONS, host="localhost")
    return as_text(outgoing.support(load_guide("oss"), data, state, OPTIONS, "ja", "Linux 6"))


def test_a_customer_is_not_asked_what_only_the_office_can_know() -> None:
    guide = load_guide("oss")
    always = {
        id_
        for matter in guide.letters.customer.leave_out
        if not matter.applies.any_of
        for id_ in matter.items
    }
    assert "documents.images-path" in always
    for answers in ({}, CASE):
        text = as_text(customer(answers))
        for id_ in always:
            assert guide.questions[id_].text.ja not in text


@pytest.mark.parametrize(
    ("answers", "named", "left_out"),
    [
        # A workshop has the certificate of compliance, the insurance and, filing in bulk, the signature.
        (
            {"case.procedure": "continuous-inspection", "case.channel": "bulk", "certificate.kind": "agent"},
            {"documents.inspection-certificate", "documents.user-consent", "documents.delivery-papers"},
            {"documents.compliance-certificate", "insurance.contract", "certificate.password-known", "case.channel"},
        ),
        # Its own registered certificate is not the customer's either.
        (
            {"case.procedure": "continuous-inspection", "case.channel": "bulk", "certificate.kind": "registry-file"},
            {"documents.inspection-certificate"},
            {"certificate.password-known", "certificate.expires-on"},
        ),
        # A private person signs with the own card, whoever types.
        (
            {"case.role": "gyoseishoshi", "certificate.kind": "jpki-reader"},
            {"documents.transfer-deed", "certificate.password-known", "certificate.moved-house"},
            {"documents.images-path", "documents.delegate-file"},
        ),
        # A company's certificate is the company's.
        (
            {"case.role": "gyoseishoshi", "certificate.kind": "registry-file", "case.applicant": "corporation"},
            {"certificate.password-known"},
            set(),
        ),
        # Who buys a new car from the dealer has neither the maker's certificate nor the deed.
        (
            {"case.procedure": "new-registration"},
            {"documents.power-of-attorney"},
            {"documents.completion-certificate", "documents.transfer-deed", "insurance.contract"},
        ),
        # Who applies for oneself is told everything.
        ({"case.role": "self", "case.procedure": "new-registration"}, {"documents.completion-certificate", "insurance.contract"}, set()),
    ],
)  # fmt: skip
def test_each_customer_is_asked_for_what_this_one_can_have(
    answers: dict[str, str], named: set[str], left_out: set[str]
) -> None:
    guide = load_guide("oss")
    data = session(CASE | answers)
    asked = {item.id for item in outgoing.for_customer(guide, progress(guide, data, OPTIONS, host="PC"))}
    assert named <= asked
    assert not left_out & asked


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_customer_reads_no_word_of_the_office(lang: str) -> None:
    guide = load_guide("oss")
    inner = (
        "未確認",
        "受任者情報",
        "取込ファイル",
        "ハイブリッド",
        "confirmed",
        "import file",
        "hybrid",
        "reported",
    )
    for procedure in guide.questions["case.procedure"].choices:
        text = as_text(customer(CASE | {"case.procedure": procedure.value}, lang))
        assert not [word for word in inner if word in text], procedure.value


def test_every_paper_says_where_it_is_to_be_had() -> None:
    guide = load_guide("oss")
    told = [one.item for one in guide.letters.customer.bring]
    assert sorted(told) == sorted(question.id for question in guide.questions.values() if question.document)


def test_the_office_sees_on_one_page_who_has_what() -> None:
    guide = load_guide("oss")
    data = session(CASE | {"case.procedure": "continuous-inspection", "case.channel": "bulk", "case.use": "private"}, waivers={
        "documents.page-read": Waiver("見本の理由", "山田", date(2026, 12, 31), NOW, 90)
    })  # fmt: skip
    letter = office_page.office(guide, data, progress(guide, data, OPTIONS, host="PC"), OPTIONS, "ja")
    parts = {section.title: [item.title for item in section.items] for section in letter.sections}
    assert "車検証" in parts["お客様にお願いするもの"]
    assert "保安基準適合証" in parts["事業所で行うもの"]
    assert "メモリ" in parts["申請に使うPCで確かめるもの"]
    assert len(parts["認めた例外"]) == 1
    text = as_text(letter)
    assert "見本の理由" in text
    assert "確認者: ___" in text
    assert "申請できる時期" in text
    assert "出典" not in text


def test_papers_are_only_asked_for_once_it_is_certain_that_they_are_needed() -> None:
    undecided, decided = customer({}), customer(CASE)
    titles = [section.title for section in undecided.sections]
    assert "書類" not in titles
    assert "場合によって必要な書類" in titles
    assert "次のことをお知らせください" in as_text(undecided)
    titles = [section.title for section in decided.sections]
    assert "書類" in titles
    assert "場合によって必要な書類" not in titles
    assert decided.signature == ("ご用意の期限", "事業所名", "ご連絡先")


@pytest.mark.parametrize(
    ("lang", "words"), [("ja", "パスワードや暗証番号そのものは"), ("en", "do not write down")]
)
def test_nobody_is_led_to_write_a_password_on_the_paper(lang: str, words: str) -> None:
    assert words in as_text(customer(CASE, lang))


def test_account_names_that_name_nobody_are_not_cut_out_of_codes() -> None:
    values = {"host": "localhost", "port": "443", "root": "Example CA"}
    text = support(("portal.tls", Outcome.FAIL, "untrusted-root", values, ("untrusted-root [0]",)))
    assert "untrusted-root [0]" in text
    assert "***" not in text
    text = support(
        ("portal.tls", Outcome.FAIL, "untrusted-root", values, ("CN=PC of Hanako",)), user="hanako"
    )
    assert "anako" not in text


def test_a_helpdesk_sees_versions_proxy_and_chain_also_where_nothing_is_wrong() -> None:
    chain = ("[0] CN=www.oss.mlit.go.jp", "  <- CN=Example Filter CA", "  SHA-256 00")
    text = support(
        ("pc.proxy", Outcome.PASS, "configured", {"proxy": "http://hanako:x@proxy.example:8080"}, ()),
        ("portal.tls", Outcome.PASS, "ok", {}, chain),
        user="hanako",
    )
    assert "proxy.example:8080" in text
    assert "見えた証明書: <- CN=Example Filter CA" in text
    assert "hanako" not in text
    assert ":x@" not in text


def test_an_exception_that_is_over_for_what_is_in_order_counts_nothing() -> None:
    over = Waiver("見本", "見本 太郎", NOW.date() - timedelta(days=1), NOW, 9)
    fine = Result(Outcome.PASS, "enough", {}, (), NOW, 1, "PC", "hanako")
    for results, words in (
        ({"pc.memory": fine}, "[期限切れ]"),
        ({}, "[期限切れのため、要対応に数えています]"),
    ):
        data = session(CASE, results=results, waivers={"pc.memory": over})
        state = progress(load_guide("oss"), data, OPTIONS, host="PC")
        text = as_text(record(load_guide("oss"), data, state, OPTIONS, "ja"))
        assert f"{words} {load_guide('oss').checks['pc.memory'].title.ja} (pc.memory)" in text


def test_a_customer_is_asked_for_nothing_that_cannot_be_filed() -> None:
    for lang, word in (("ja", "申請の方法を確かめています"), ("en", "still finding out")):
        made = customer({**CASE, "case.vehicle": "kei"}, lang)
        assert word in as_text(made)
        assert not any(section.items for section in made.sections)
    counter = customer({**CASE, "case.channel": "counter"})
    assert "窓口への申請" not in as_text(counter)
