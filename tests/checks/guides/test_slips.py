"""A slip in a guide's files is told with file, entry, word and what is expected, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checks.guide import GuideError, load_guide
from checks.guides.entries import FOLDER, names

QUESTION = 'id = "insurance.start"\n'
PC = 'id = "pc.official-check"\n'
SLIPS = [
    # file, instead of, what is written, what must be said
    (
        "step3",
        QUESTION,
        QUESTION + 'colour = "red"\n',
        ("step3.toml, insurance.start", '"colour"', "choices"),
    ),
    ("step3", QUESTION, QUESTION + 'helb.ja = "x"\n', ('"helb"', "Nearest: help")),
    ("step3", QUESTION, "", ("step3.toml", '"id": missing')),
    (
        "step3",
        QUESTION,
        QUESTION + "wait_hours = true\n",
        ("insurance.start", '"wait_hours"', "a whole number"),
    ),
    ("step3", QUESTION, QUESTION + 'after = "insurance.begin"\n', ('"insurance.begin"', "Expected")),
    ("step3", QUESTION, 'id = "insurance.end"\n', ('"insurance.end"', "stands in oss/step3.toml too")),
    ("step3", 'id = "compulsory-insurance.purpose"', 'id = "pc.os"', ('"pc.os"', "the id of a check")),
    (
        "step3",
        'link = "jizen-junbi"',
        'link = "jizen-junb"',
        ("step3.toml, ", '"jizen-junb"', "Nearest: jizen-junbi"),
    ),
    ("step2", '"pc.os",', '"pc.oss",', ("step2.toml, ", '"pc.oss"', "Nearest: pc.os")),
    ("step2", '"pc.os",', '"pc.os", "pc.os",', ('"pc.os"', "used twice")),
    ("step2", "[step]", "[step", ("step2.toml, line ", "TOML")),
    ("step2", "[basis]\nchecked = 2026-11-22\n", "", ("step2.toml, basis", "the day")),
    ("step2", "[basis]", "[bases]", ('"bases"', "Nearest: basis")),
    ("case", 'kind = "choice"', 'kind = "choise"', ("case.toml, case.role", '"choise"', "Nearest: choice")),
    ("case", 'title.en = "The application"\n', "", ("case.toml, case, title", '"en": missing')),
    (
        "guide",
        'procedure = "case.procedure"',
        'procedure = "case.procedures"',
        ("guide.toml, roles", "Expected", "case.procedure"),
    ),
    (
        "guide",
        '"Security Communication RootCA2",',
        '"Security Communication Root CA2",',
        ("guide.toml, portal", '"Security Communication Root CA2"', "Security Communication RootCA2"),
    ),
    ("guide", "port = 443", 'port = "443"', ("guide.toml", '"port"', "a whole number")),
    ("guide", 'host = "www.oss.mlit.go.jp"\n', "", ("guide.toml", '"host": missing')),
    ("scope", 'code = "not-offered"', 'code = "refused"', ("scope.toml", '"refused"', "not-offered")),
    ("links", "read = 2026", 'read = "2026"  # ', ("links.toml", '"read"', "a date")),
    ("step2", PC, PC + 'applies = { "case.procedure" = [] }\n', ("pc.official-check", "never hold")),
    (
        "step2",
        PC,
        PC + 'applies = { "case.procedure" = ["transfers"] }\n',
        ('"transfers"', "Nearest: transfer"),
    ),
    ("step2", PC, PC + 'applies = "transfer"\n', ("pc.official-check", '"applies"', "a condition")),
    ("step2", PC, PC + 'choices = []\nkind = "yesno"\n', ("step2.toml, line",)),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER / "oss", tmp_path / "oss", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize(("file", "instead", "written", "said"), SLIPS)
def test_a_slip_is_told_where_it_is_with_what_is_expected(
    folder: Path, file: str, instead: str, written: str, said: tuple[str, ...]
) -> None:
    path = folder / "oss" / f"{file}.toml"
    text = path.read_text("utf-8")
    assert instead in text
    path.write_text(text.replace(instead, written, 1), "utf-8")
    with pytest.raises(GuideError) as caught:
        load_guide("oss", folder)
    assert caught.value.exit_code == 2
    for part in (f"oss/{file}.toml", *said):
        assert part in caught.value.text.en, caught.value.text.en
    assert f"oss/{file}.toml" in caught.value.text.ja
    assert caught.value.text.ja.encode("cp932")


def test_a_file_that_is_missing_or_has_another_name_is_told(folder: Path) -> None:
    (folder / "oss" / "step4.toml").rename(folder / "oss" / "stpe4.toml")
    with pytest.raises(GuideError, match=r'stpe4.toml: "stpe4": .* Nearest: step4'):
        load_guide("oss", folder)
    (folder / "oss" / "stpe4.toml").unlink()
    load_guide.cache_clear()


def test_a_guide_that_is_not_there_is_told_with_those_that_are(folder: Path) -> None:
    for name in ("osss", "../oss", "", "con\x1b[2J"):
        with pytest.raises(GuideError, match="oss") as caught:
            load_guide(name, folder)
        assert "\x1b" not in caught.value.text.ja
    assert names(folder) == ("oss",)
