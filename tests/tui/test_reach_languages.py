"""No English sentence on a Japanese screen, nothing Japanese on an English one; every line of evidence has words in both."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checks.evidence import evidence_line
from checks.guide import load_guide
from checks.model import Check, Finding
from checks.text import Lang
from tests.support.helpers_reach import QUESTIONS, SCREENS, Reach, reach
from tests.support.helpers_tui import make_app
from tui.desk import Desk
from tui.screens.case import Case
from tui.screens.explanation import Explain
from tui.screens.main import Main
from tui.widgets.detail import check_rows, detail
from tui.widgets.frame import Row
from tui.widgets.tree import Node, nodes

ROOT = Path(__file__).parents[2]
SIZES = ((80, 24), (120, 40), (40, 12))
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'-]+(?:,? [A-Za-z][A-Za-z'-]+){2,}")
"""Three words in a row."""
NAMES = (
    "Security Communication RootCA2", "Security Communication Root CA", "Communication Root CA",  # certificates
    "SECOM TLS RSA Root CA 2024", "SECOM TLS ECC Root CA 2024", "SECOM TLS RSA Root CA", "SECOM TLS ECC Root CA",
    "SECOM Trust Systems",  # a company
    "CurrentUser GroupPolicy Root", "CurrentUser GroupPolicy Disallowed",  # stores of Windows
    "oss-junbi check certificate", "oss-junbi pc add", "oss-junbi pc share", "oss-junbi pc use",  # to be typed
)  # fmt: skip
"""Names that are English in Japanese, too."""
JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9d]+")


def english(line: str) -> list[str]:
    for name in NAMES:
        line = line.replace(name, "@")
    return ENGLISH.findall(line)


def japanese(line: str) -> list[str]:
    return JAPANESE.findall(line)


FOREIGN = {"ja": english, "en": japanese}


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reach]:
    with reach(tmp_path_factory.mktemp("reach")) as found:
        yield found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = make_app(tmp_path_factory.mktemp("guide") / "s.toml", guide=load_guide("oss")).desk
    made.views.append(Main(made))
    yield made
    made.session.close(5.0)


def lines(rows: list[Row]) -> list[str]:
    return ["".join(span.text for span in row) for row in rows]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_screen_and_question_is_in_its_language(
    hands: Reach, lang: Lang, size: tuple[int, int]
) -> None:
    wrong: list[tuple[str, str]] = []
    for name, show in {"main": lambda _hands: None, **SCREENS, **QUESTIONS}.items():
        hands.fresh()
        hands.desk.lang = lang
        show(hands)
        for line in hands.lines(size):
            wrong += [(name, words) for words in FOREIGN[lang](line)]
    assert not wrong


def items(desk: Desk) -> Iterator[Node]:
    everything = frozenset(f"{step.id}/rest" for step in desk.guide.steps)
    yield from nodes(desk.progress, frozenset(), unfolded_rest=everything)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_item_of_the_guide_is_in_its_language(desk: Desk, lang: Lang) -> None:
    desk.lang = lang
    wrong: list[tuple[str, str]] = []
    for node in items(desk):
        for width in (78, 36):
            shown = lines(detail(desk, node, width)) + lines(Explain(desk, node).body(width))
            wrong += [(node.id, words) for line in shown for words in FOREIGN[lang](line)]
    case = Case(desk)
    for at in range(len(case.items())):
        case.at = at
        case._point()
        shown = lines(list(case.draw(80, 60).rows))
        wrong += [("case", words) for line in shown for words in FOREIGN[lang](line)]
    assert not sorted(set(wrong))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_finding_is_in_its_language(desk: Desk, lang: Lang) -> None:
    desk.lang = lang
    wrong: list[tuple[str, str]] = []
    for check in desk.guide.checks.values():
        item = desk.progress.item(check.id)
        if item is None or check.id in desk.guide.questions:
            continue
        for code in check.says:
            found = replace(item, finding=Finding(code, _values(check)))
            rows = check_rows(desk, found, replace(check, source=""), 78)
            shown = [
                line for row, line in zip(rows, lines(rows), strict=True) if row[:1] and row[0].act != "copy"
            ]
            wrong += [(f"{check.id} {code}", words) for line in shown for words in FOREIGN[lang](line)]
    assert not sorted(set(wrong))


def _values(check: Check) -> dict[str, str]:
    texts = [text for says in check.says.values() for text in (says.text, says.remedy) if text is not None]
    return dict.fromkeys((name for text in texts for name in re.findall(r"{(\w+)}", text.ja)), "X")


# Evidence.


NO_EVIDENCE = {
    "anchors.py": "names of certificates", "known_roots.py": "likewise",
    "judging.py": "names that are looked for in certificates",
    "certificate_card.py": "a name that is looked for",
    "ber.py": "what cannot be read gets a code", "der.py": "likewise", "pkcs12.py": "likewise",
    "certificates.py": "likewise", "content.py": "likewise; its lines are tried below", "inspection.py": "likewise",
    "card.py": "likewise",
    "documents.py": "half of a text in both languages",
}  # fmt: skip
"""Files with English phrases that are on no screen, and why."""


def _sources() -> list[Path]:
    folders = ("checks/probes", "checks/certfile", "checks/card", "checks/net", "checks/pki", "checks/system")
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if path.name not in NO_EVIDENCE and not path.name.endswith("_says.py")]


NO_PHRASES = {
    "Text", "Says", "passes", "warns", "fails", "skips", "unknown", "steps",
    "ValueError", "RuntimeError", "TypeError", "namedtuple", "compile",
}  # fmt: skip
"""What is called with sentences in both languages, or with no sentence for the screen."""
COMMAND = re.compile("(windows|macos|linux): ")
"""How a command begins that is shown to be copied."""
PROSE = re.compile(r"[A-Za-z][A-Za-z'-]+(?: [A-Za-z][A-Za-z'-]+){2,}")


def _phrases(path: Path) -> Iterator[str]:
    """Sentences in the source that are not given in both languages, no documentation and no part of a program."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            skipped |= {id(one.value) for one in body if isinstance(one, ast.Expr)}
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in NO_PHRASES:
                skipped |= {id(one) for one in ast.walk(node)}
        if isinstance(node, ast.JoinedStr) and id(node) not in skipped:
            skipped |= {id(one) for one in ast.walk(node) if one is not node}
            made = "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
            if PROSE.search(made):
                yield made
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) and id(node) not in skipped else None
        if isinstance(value, str) and PROSE.search(value) and "\n" not in value and not COMMAND.match(value):
            yield value


def test_every_phrase_of_evidence_has_japanese_words() -> None:
    wrong = []
    for path in _sources():
        for phrase in _phrases(path):
            if english(evidence_line(phrase, "ja", load_guide("oss"))):
                wrong.append((path.name, phrase))
    assert not wrong


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("facts [roots] as of 2026-11-22 (official)", "照合した資料 roots（2026-11-22 現在、公式）"),
        (
            "facts [portal] as of 2025-11-22 (secondary), 365 days old: may be out of date",
            "照合した資料 portal（2025-11-22 現在、公式以外、365日前のもので古い可能性があります）",
        ),
        (
            "/etc/ssl/certs/ca.crt: Security Communication RootCA2 present, SECOM TLS RSA Root CA 2024 not seen",
            "/etc/ssl/certs/ca.crt: Security Communication RootCA2 あり, SECOM TLS RSA Root CA 2024 見当たらない",
        ),
        ("SSL_CERT_FILE: set", "SSL_CERT_FILE: 設定あり"),
        ("127.0.0.1:9 refused Connection refused", "127.0.0.1:9 拒否されました（接続の拒否）"),
        ("total 4096 bytes; available 1024 bytes", "全体 4096 バイト、空き 1024 バイト"),
        ("/home/a: total 9 bytes; free 7 bytes", "/home/a: 全体 9 バイト、空き 7 バイト"),
        (
            "remote: no; desktop: False; service account: False",
            "リモート接続: いいえ、デスクトップ: いいえ、サービス用アカウント: いいえ",
        ),
        (
            "Chrome Default /p: disabled: switched off by the user; version 1.2; its files are missing",
            "Chrome Default /p: 無効: 利用者が無効にした、バージョン 1.2、ファイルがありません",
        ),
        ("proxy: none", "プロキシ: なし"),
        ("a.jpg: jpeg 800x600 9000 bytes orientation 6", "a.jpg: jpeg 800x600 9000 バイト、向き 6"),
        ("TLS TLSv1.3 TLS_AES_256_GCM_SHA384", "TLS TLSv1.3 TLS_AES_256_GCM_SHA384"),
        ("  SHA-256 00ff", "  SHA-256 00ff"),
        ("chain-invalid [1] not a CA", "chain-invalid [1] 認証局の証明書ではない"),
        ("user authentication (4 digits): 3", "利用者証明用（4桁）の残り回数: 3"),
        ("path [0] -> [1] (dead-end)", "証明書の経路 [0] -> [1] （発行者が見つからない）"),
        ("PKCS#12, encryption: none", "PKCS#12、暗号化: なし"),
        (
            "2026-11-16 + 15 = 2026-12-01; last working day 2026-12-01",
            "2026-11-16から15日で2026-12-01、最後の開庁日 2026-12-01",
        ),
        ("not looked at: C.jpg: too large", "調べていないもの: C.jpg: 大きすぎる"),
        ("not looked at: key 1 (encrypted)", "調べていないもの: 鍵 1（暗号化されたまま）"),
        ("not looked at: certificate 2", "調べていないもの: 証明書 2"),
    ],
)
def test_evidence_keeps_its_data_and_gets_japanese_words(line: str, wanted: str) -> None:
    assert evidence_line(line, "ja", load_guide("oss")) == wanted
    assert evidence_line(line, "en", load_guide("oss")) == line
    wanted.encode("cp932")


def test_evidence_names_a_question_by_its_words_in_both_languages() -> None:
    assert evidence_line(
        "documents.seal-issued: 2026-07-01 - 2026-10-01", "ja", load_guide("oss")
    ).startswith("印鑑証明書の発行日: 2026")
    assert evidence_line("documents.seal-certificate", "en", load_guide("oss")) == "Seal certificate"
    assert evidence_line("www.example.jp: refused", "en", load_guide("oss")) == "www.example.jp: refused"
