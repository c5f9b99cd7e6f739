"""Reports: every form well-formed, nothing from outside alive in it, the right things for the right reader.

Covers state.letters.content, state.letters.html_page and state.letters.plain_text.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import jsonschema
import pytest

from checks.model import Options, Outcome
from checks.record import replace
from checks.steps import Note
from checks.text import Text
from checks.wrap import cell_width
from state.letters import content, office_page, outgoing
from state.letters.html_page import as_html
from state.letters.papers import Letter, status_json
from state.letters.plain_text import as_json, as_markdown, as_text
from state.progress import progress
from state.session_data import Answer, Declaration, Result, SessionData, SessionNote, Waiver
from state.standing import Progress
from tests.support.small_guide import BASIS, NOW, make_guide

OPTIONS = Options(now=NOW, portal="www.oss.mlit.go.jp", port=443)
HOSTILE = "<script>alert(1)</script>\x1b[31m[link](x) \u202e`|*_ &amp; ' \""


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        (resources.files("state") / "schemas" / f"{name}.schema.json").read_text("utf-8")
    )
    jsonschema.Draft202012Validator.check_schema(loaded)
    return loaded


def session(**more: Any) -> SessionData:
    answers = {
        "case.procedure": Answer("transfer", NOW, 1),
        "documents.word": Answer(HOSTILE, NOW, 2),
        "documents.since": Answer(date(2026, 11, 1), NOW, 3),
    }
    results = {
        "net.reach": Result(
            Outcome.FAIL,
            "wrong",
            {"what": HOSTILE},
            (HOSTILE, "at PC-SAKURA by sakura"),
            NOW,
            4,
            "PC-SAKURA",
            "sakura",
        ),
    }
    notes = {"step-e": SessionNote("# " + HOSTILE, NOW, 5)}
    return SessionData("さくら12", NOW, NOW, "0.1.0", answers=answers, results=results, notes=notes, **more)


def state_of(data: SessionData) -> Progress:
    return progress(make_guide(), data, OPTIONS, host="PC-SAKURA")


def office(lang: Any = "ja", data: SessionData | None = None) -> Letter:
    data = data or session()
    return content.record(make_guide(), data, state_of(data), OPTIONS, lang, "/x/さくら12.toml")


@pytest.mark.parametrize(
    "name",
    [
        "check",
        "check-event",
        "status",
        "report",
        "report-letter",
        "sessions",
        "list",
        "fleet",
        "diff",
        "deadlines",
    ],
)
def test_schemas_are_sound(name: str) -> None:
    assert schema(name)["additionalProperties" if "properties" in schema(name) else "oneOf"] is not None


def test_status_document_keeps_to_its_schema() -> None:
    data = session()
    document = status_json(data, "/x", state_of(data), make_guide())
    jsonschema.validate(document, schema("status"))
    assert document["case"] == {"case.procedure": "transfer"}
    third = document["steps"][2]
    assert (third["applies"], third["status"]) == (False, "not-needed")
    assert third["reason"]["ja"] == "この手続では要りません。"


class Parsed(HTMLParser):
    """Notes elements, and that they are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_html_is_one_inert_page_with_landmarks(lang: Any) -> None:
    page = as_html(office(lang))
    parsed = Parsed()
    parsed.feed(page)
    parsed.close()
    assert parsed.open == []
    tags = [tag for tag, _ in parsed.seen]
    assert {"header", "main", "section", "footer", "h1", "h2"} <= set(tags)
    assert "script" not in tags
    assert "img" not in tags
    assert dict(parsed.seen)["html"] == {"lang": lang}
    assert not any(key.startswith("on") or key == "src" for _, attrs in parsed.seen for key in attrs)
    labelled = {attrs.get("aria-labelledby") for tag, attrs in parsed.seen if tag == "section"}
    assert labelled <= {attrs.get("id") for _, attrs in parsed.seen}
    assert "<script>alert(1)</script>" in parsed.text  # as text, to be read
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert ("確認者" if lang == "ja" else "Confirmed by") in parsed.text
    assert "@page" in page
    assert "A4" in page


def test_office_report_says_result_source_and_date() -> None:
    text = as_text(office())
    assert "[要対応] net.reachの検査 (net.reach)" in text
    assert "手引き (日付のない写し、2026-11-22閲覧) / 公式ページの内容" in text
    assert "確認者: ___" in text
    assert "\x1b" not in text
    assert "1. 開く" in text
    assert "2026年11月1日（令和8年、日曜日）" in text
    assert text.index("この申請には当てはまらないもの") < text.index("段階c")


def test_markdown_keeps_outside_text_from_being_markup() -> None:
    text = as_markdown(office())
    outside_code = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("- `"))
    assert "\\<script\\>" in outside_code
    for alive in ("<script>", "[link](x)", "\n# <"):
        assert alive not in outside_code
    assert text.startswith("# OSS 事前準備の確認書\n")
    assert "- [ ] **要対応** net.reachの検査" in text


@pytest.mark.parametrize("cells", [40, 60, 80])
def test_text_report_stays_within_the_terminal(cells: int) -> None:
    wide = [
        line
        for line in as_text(office(), cells).split("\n")
        if cell_width(line) > cells and "https://" not in line
    ]
    assert wide == []


def test_customer_gets_what_is_missing_and_nothing_about_the_pc() -> None:
    data = session()
    document = outgoing.customer(make_guide(), state_of(data), OPTIONS, "ja")
    text = as_text(document)
    assert "印鑑証明書" in text
    assert "市区町村の窓口で受け取ります。" in text
    assert "24時間" in text
    for word in ("net.reach", "pc.disk", "PC-SAKURA", "発行日", "備考"):
        assert word not in text
    jsonschema.validate(as_json(document), schema("report-letter"))


def test_support_page_leaves_persons_out() -> None:
    data = session()
    document = outgoing.support(make_guide(), data, state_of(data), OPTIONS, "ja", "Linux 6")
    text = as_text(document)
    assert "(wrong)" in text
    assert "www.oss.mlit.go.jp:443" in text
    for word in ("PC-SAKURA", "sakura", "さくら12"):
        assert word not in text
    jsonschema.validate(as_json(document), schema("report-letter"))


def test_redaction_knows_home_folders_mail_and_proxy_passwords() -> None:
    hide = outgoing.redaction(make_guide(), session())
    assert hide("/home/taro/x C:\\Users\\hanako\\y http://u:p@proxy:8080 a@example.jp Sakura") == (
        "/home/***/x C:\\Users\\***\\y http://***@proxy:8080 *** ***"
    )


def test_waivers_are_shown_and_an_expired_one_counts_again() -> None:
    good = Waiver("承認済み", "山田", date(2026, 12, 31), NOW, 9)
    data = session(waivers={"net.reach": good})
    text = as_text(office(data=data))
    assert "例外（2026-12-31 まで、山田）: 承認済み" in text
    past = Waiver("古い", "山田", NOW.date() - timedelta(days=1), NOW, 9)
    text = as_text(office(data=session(waivers={"net.reach": past})))
    assert "期限切れ" in text
    assert "[要対応] net.reach" in text


def test_what_is_declared_is_marked_in_every_form_and_never_shown_as_seen() -> None:
    said = Declaration("<i>*田中*", "official-check", date(2026, 11, 20), NOW, 9)
    seen = Result(Outcome.UNKNOWN, "lost", {}, (), NOW, 4)
    data = replace(session(declared={"net.reach": said}), results={"net.reach": seen})
    document = office(data=data)
    line = "公式のチェックプログラムの結果による申告（2026-11-20、<i>*田中*）"
    text = as_text(document)
    assert line in text
    assert "[x] [申告] net.reach" in text
    assert "申告: 1" in text.splitlines()
    assert "**申告**" in as_markdown(document)
    assert "<i>" not in as_markdown(document).replace("\\<i", "")
    assert "申告" in as_html(document)
    assert "<i>" not in as_html(document)
    assert "[不明]" not in text
    state = progress(make_guide(), data, OPTIONS)
    whole = status_json(data, "", state, make_guide())
    jsonschema.validate(whole, schema("status"))
    jsonschema.validate(whole, schema("report"))
    items = {item["id"]: item for step in whole["steps"] for item in step["items"]}
    wanted = {"by": "<i>*田中*", "said": "official-check", "on": "2026-11-20"}
    assert (items["net.reach"]["declared"], items["net.reach"]["outcome"]) == (wanted, None)
    assert items["documents.word"]["declared"] is None
    page = as_text(office_page.office(make_guide(), data, state, OPTIONS, "ja"))
    assert line in page
    assert "[x] [申告] net.reach" in page
    helpdesk = as_text(outgoing.support(make_guide(), data, state, OPTIONS, "ja", "Linux"))
    assert "申告: net.reach" in helpdesk
    assert "田中" not in helpdesk


def test_old_facts_say_so() -> None:
    later = Options(now=NOW + timedelta(days=181))
    data = session()
    document = content.record(make_guide(), data, progress(make_guide(), data, later), later, "ja")
    assert "181日" in as_text(document)
    assert "確認から" not in as_text(office())


def test_a_rule_that_was_to_change_by_now_says_so_in_the_report() -> None:
    guide = make_guide()
    step = guide.steps[0]
    due = replace(BASIS, changes_by=date(2026, 11, 1))
    notes = (Note("a.rule", "rule", Text("決まりです。", "A rule."), due),)
    changed = replace(guide, steps=(replace(step, notes=notes), *guide.steps[1:]))
    now, data = Options(now=NOW), session()
    text = as_text(content.record(changed, data, progress(changed, data, now), now, "ja"))
    assert "決まりです。 2026-11-01を過ぎたため、もう変わったかもしれません。" in text.replace("\n", "")
