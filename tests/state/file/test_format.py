"""The session file: its format, what survives it, and a diagnosis with its place for everything that is none.

Covers state.file.document, state.file.entry_types, state.file.load and state.file.migrate.
"""

from __future__ import annotations

import os
import stat
import sys
import tomllib
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.guide import load_guide
from checks.model import Outcome
from state.errors import SessionTooNew, SessionUnreadable
from state.file import document, load, store
from state.file.document import NotToml
from state.file.migrate import MIGRATIONS
from state.file.render import Writer
from state.file.tables import highest_rev
from state.live.merge import merge
from state.session_data import (
    EPOCH,
    SCHEMA,
    Answer,
    Cleared,
    Conflict,
    Declaration,
    Result,
    SessionData,
    SessionNote,
    Takeover,
    Ui,
    UndoStep,
    Waiver,
)

DATA = Path(__file__).parents[2] / "data" / "state"
AT = datetime(2026, 11, 22, 1, 0, 40, tzinfo=UTC)
FULL = SessionData(
    name="sakura-fleet-12",
    created=AT,
    updated=AT,
    app="0.1.0",
    answers={
        "case.procedure": Answer("transfer", AT, 7),
        "insurance.end": Answer(date(2027, 3, 31), AT, 8, extra={"why": {"deep": [1, {"a": 2.5}]}}),
        "payment.bank": Answer('改行\n"引用" \\ と\t𠮷 葛\U000e0101', AT, 9, "pc", "PC-01", "山田"),
    },
    cleared={"case.role": Cleared(AT, 3)},
    results={
        "portal.tls": Result(
            Outcome.FAIL, "untrusted-root", {"root": "Example CA", "days": 3, "own": True}, ("発行者", "b"), AT, 12,
            "PC-01", "yamada", 412,
        ),
        "pc.os": Result(Outcome.PASS, "ok", {}, (), AT, 13),
    },
    notes={"documents": SessionNote("自由な\nメモ", AT, 14), "pc.os": SessionNote("", AT, 15)},
    waivers={"pc.memory": Waiver("更新予定", "佐藤", date(2026, 12, 31), AT, 16)},
    withdrawn={"pc.os": Cleared(AT, 19)},
    declared={"pc.extension": Declaration("田中", "official-check", date(2026, 11, 21), AT, 18)},
    undeclared={"pc.addon": Cleared(AT, 19)},
    takeover=Takeover(2, "PC-01", "yamada", 4711, AT, {"why": "例"}),
    ui=Ui("portal.tls", ("pc-environment",), {"width": 80}),
    history=(
        UndoStep("case.role", "self", None, 3, turn=0),
        UndoStep("insurance.end", date(2026, 3, 31), date(2027, 3, 31), 8, "office", True, 17),
        UndoStep("pc.os", Waiver("理由 {}", "佐藤", date(2026, 12, 31), EPOCH, 0), None, 19, kind="waiver"),
        UndoStep("pc.addon", Declaration("田中", "person", date(2026, 11, 20), EPOCH, 0), None, 19, kind="declaration"),
    ),
    conflicts=(Conflict("answer", "case.procedure", "change", AT, 6, 7),),
    session_extra={"colour": "blue"},
    extra={"future": {"list": [{"a": 1}, {"b": [2026, "x"]}], "nan": 1.5}, "loose": 5, "rows": [{"a": {"b": 1}}, {}], "history": {"kept": {"x": 1}}},
)  # fmt: skip
RAW = Writer().bytes_of(FULL)
PATH = Path("x.toml")


def understood(raw: bytes) -> SessionData:
    return load.understand(raw, PATH, load_guide).data


def refused(raw: bytes) -> SessionUnreadable:
    with pytest.raises(SessionUnreadable) as caught:
        load.understand(raw, PATH, load_guide)
    assert caught.value.exit_code == 65
    assert "x.toml" in caught.value.text.ja
    caught.value.text.ja.encode("cp932")
    assert caught.value.text.en.isascii()
    return caught.value


def sealed(body: str) -> bytes:
    return document.seal(body)


def test_everything_comes_back_as_it_went() -> None:
    loaded = load.understand(RAW, PATH, load_guide)
    assert loaded.data == FULL
    assert loaded.notices == ()
    assert Writer().bytes_of(loaded.data) == RAW


def test_the_format_is_the_agreed_one() -> None:
    text = RAW.decode("utf-8")
    lines = text.split("\n")
    assert text.startswith("# oss-junbi ")
    assert next(line for line in lines if line and not line.startswith("#")) == "schema = 2"
    assert '[answers."case.procedure"]\nvalue = "transfer"\nat = 2026-11-22T01:00:40Z\nrev = 7\n' in text
    assert "value = 2027-03-31\n" in text
    assert (
        'outcome = "fail"\ncode = "untrusted-root"\nvalues = { root = "Example CA", days = 3, own = true }\n'
        in text
    )
    assert "\r" not in text
    assert text.endswith("\n")
    assert lines[-2].startswith("# sha256 ")
    table = tomllib.loads(text)
    assert list(table)[-1] == "end"
    assert table["end"]["answers"] == 3
    assert table["future"] == FULL.extra["future"]


def test_unchanged_entries_are_not_made_again_and_come_out_the_same() -> None:
    writer = Writer()
    writer.bytes_of(FULL)
    changed = replace(FULL, answers={**FULL.answers, "case.role": Answer("self", AT, 20)}, cleared={})
    assert writer.bytes_of(changed) == Writer().bytes_of(changed)
    assert understood(writer.bytes_of(changed)) == changed


plain = st.recursive(
    st.one_of(
        st.text(max_size=8), st.integers(-(2**62), 2**62), st.floats(allow_nan=True), st.booleans(), st.dates(),
        st.datetimes(timezones=st.just(UTC)), st.datetimes().map(lambda at: at.replace(fold=0)),
        st.times().map(lambda at: at.replace(fold=0)),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=6).map(lambda key: "x" + key), plain, max_size=4))
@settings(max_examples=120)
def test_unknown_keys_of_any_shape_survive(extra: dict[str, object]) -> None:
    data = replace(FULL, extra=extra, session_extra=extra, ui=Ui(extra=extra))
    data = replace(data, cleared={}, answers={"case.role": Answer("self", AT, 1, extra=extra)})
    raw = Writer().bytes_of(data)
    again = understood(raw)
    for kept in (again.extra, again.session_extra, again.ui.extra, again.answers["case.role"].extra):
        assert document.same(dict(kept), extra)
    assert Writer().bytes_of(again) == raw


def test_a_valid_hand_edit_is_accepted_and_told() -> None:
    edited = RAW.replace(b'value = "transfer"', b'value = "change"')
    loaded = load.understand(edited, PATH, load_guide)
    assert loaded.data.values()["case.procedure"] == "change"
    assert "手で直された" in loaded.notices[0].ja
    assert (
        load.understand(b"\xef\xbb\xbf" + edited.replace(b"\n", b"\r\n"), PATH, load_guide).data
        == loaded.data
    )


def test_a_hand_edit_that_takes_an_answer_out_is_told_with_the_numbers() -> None:
    start, end = RAW.index(b'[answers."case.procedure"]'), RAW.index(b'[answers."insurance.end"]')
    loaded = load.understand(RAW[:start] + RAW[end:], PATH, load_guide)
    assert "3件のはずが2件" in loaded.notices[0].ja


@pytest.mark.parametrize(
    ("old", "new", "key", "marker"),
    [
        ('value = "transfer"', f"value = {hex(16**5000)}", 'answers."case.procedure".value', "value = 0x"),
        ("rev = 7", "rev = -7", 'answers."case.procedure".rev', "rev = -7"),
        ("rev = 7", "rev = true", 'answers."case.procedure".rev', "rev = true"),
        ("rev = 7", f"rev = {2**80}", 'answers."case.procedure".rev', f"rev = {2**80}"),
        ('outcome = "fail"', 'outcome = "bad"', 'results."portal.tls".outcome', 'outcome = "bad"'),
        ("until = 2026-12-31", 'until = "soon"', 'waivers."pc.memory".until', 'until = "soon"'),
        ("until = 2026-12-31\n", "", 'waivers."pc.memory".until', '[waivers."pc.memory"]'),
        ("created = 2026-11-22T01:00:40Z", "created = 2026-11-22T01:00:40", "session.created", "created ="),
        ("created = 2026-11-22T01:00:40Z", "created = 0001-01-01T00:00:00+14:00", "session.created", "created ="),
        ('cursor = "portal.tls"', "cursor = 1", "ui.cursor", "cursor = 1"),
        ('scope = "pc"\nhost', 'scope = "moon"\nhost', 'answers."payment.bank".scope', 'scope = "moon"'),
        ("schema = 2", "schema = true", "schema", "schema = true"),
        ("schema = 2", "schema = -1", "schema", "schema = -1"),
        ('documents = "', 'documents = 5 # "', "notes.documents", "documents = 5"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_key_and_line(old: str, new: str, key: str, marker: str) -> None:
    text = RAW.decode("utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    error = refused(text.encode("utf-8"))
    assert error.key == key
    line = next(number for number, line in enumerate(text.split("\n"), 1) if line.startswith(marker))
    assert error.line == line
    assert f"{line}行目" in error.text.ja


def test_a_syntax_error_is_refused_with_its_line() -> None:
    text = RAW.decode("utf-8").replace('value = "transfer"', 'value = "transfer')
    line = next(n for n, line in enumerate(text.split("\n"), 1) if line == 'value = "transfer')
    assert refused(text.encode("utf-8")).line == line
    assert refused(b'schema = 1\n[answers."a"]\nvalue = ').line == 3
    assert refused(b"schema = 1\nschema = 1\n").line == 2


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "空です"),
        (b" \n\n", "空です"),
        (b"# only a comment\n", "schema がありません"),
        (b"name = 'other'\n[tool]\nx = 1\n", "schema がありません"),
        (RAW.decode("utf-8").encode("utf-16"), "UTF-16"),
        (RAW.decode("utf-8").encode("utf-16-le"), "UTF-16"),
        ('schema = 1\n[notes]\na = "メモ"\n'.encode("cp932"), "シフトJIS"),
        (b'schema = 1\n[notes]\na = "\x81\x3f"\n', "UTF-8として読めない"),
        (b"\x00" * 4000, "すべて0です"),
        (b"schema = 1\nx = " + b"[" * 5000, "入れ子が深すぎます"),
        (b"schema = 1\n" + b"a." * 200_000 + b"a = 1\n", "入れ子が深すぎます"),
        (b"schema = 1\nx = {" + b"'a'." * 100_000 + b"a = 1}\n", "入れ子が深すぎます"),
        (b"schema = 1\nx = " + b"9" * 6000 + b"\n", "読めない値"),
        (b"schema = " + b"9" * 4000 + b"\n", "0以上の整数"),
        (b"schema = 99\n", "新しい版"),
        (b"x = '" + b"a" * (1 << 20) + b"'\n", "大きすぎます"),
        (b'schema = 1\n[answers]\n"a" = "bare"\n[end]\nanswers = 1\n', "表 (テーブル)"),
        (b"schema = 1\nanswers = 3\n[end]\nanswers = 0\n", "表 (テーブル)"),
        (b"schema = 0\n[answers.a]\nvalue = 1\n", "値そのもの"),
    ],
)  # fmt: skip
def test_whatever_else_is_refused_in_plain_words(raw: bytes, said: str) -> None:
    with pytest.raises((SessionUnreadable, SessionTooNew)) as caught:
        load.understand(raw, PATH, load_guide)
    assert said in caught.value.text.ja
    assert len(caught.value.text.ja) < 1000


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_any_bytes_are_a_session_or_a_diagnosis(noise: bytes) -> None:
    for raw in (noise, b"schema = 1\n" + noise, RAW[:900] + noise + RAW[900:]):
        with suppress(SessionUnreadable, SessionTooNew):
            load.understand(raw, PATH, load_guide)


def test_hostile_names_are_made_visible_in_the_diagnosis(tmp_path: Path) -> None:
    raw = b'schema = 1\n[answers."\\u001b]52;c;\\u0007\\u202e"]\nrev = -5\n[end]\nanswers = 1\n'
    with pytest.raises(SessionUnreadable) as caught:
        load.understand(raw, Path("\x1b[31m.toml"), load_guide)
    assert "\x1b" not in caught.value.text.ja
    assert "\u202e" not in caught.value.text.ja


def test_a_newer_file_is_refused_and_can_be_looked_at(tmp_path: Path) -> None:
    text = RAW.decode("utf-8").replace("schema = 2", "schema = 7", 1).replace("rev = 12", 'rev = "new"', 1)
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(SessionTooNew) as caught:
        load.load(path, load_guide)
    assert (caught.value.schema, caught.value.exit_code) == (7, 65)
    loaded = load.load(path, load_guide, newer=True)
    assert loaded is not None
    assert loaded.data.values() == FULL.values()
    assert set(loaded.data.results) == {"pc.os"}
    assert loaded.notices
    assert path.read_text(encoding="utf-8") == text


def test_schema_0_becomes_schema_1() -> None:
    loaded = load.understand((DATA / "schema0.toml").read_bytes(), PATH, load_guide)
    after = tomllib.loads((DATA / "schema0-after.toml").read_text(encoding="utf-8"))
    before = tomllib.loads((DATA / "schema0.toml").read_text(encoding="utf-8"))
    assert MIGRATIONS[0](before) == after
    assert loaded.schema == 0
    assert loaded.data.values() == {"case.procedure": "transfer", "insurance.end": date(2027, 3, 31)}
    assert loaded.data.notes["documents"].text == "車庫証明は高輪警察署"
    assert loaded.data.extra == {"future": {"key": [1, 2.5]}}
    assert loaded.data.session_extra == {"later": "kept"}
    assert highest_rev(loaded.data) == 2
    assert "形式0" in loaded.notices[0].ja
    assert len(MIGRATIONS) == SCHEMA


def test_schema_1_becomes_schema_2() -> None:
    raw = (DATA / "schema1.toml").read_bytes()
    loaded = load.understand(raw, PATH, load_guide)
    assert MIGRATIONS[1](tomllib.loads(raw.decode())) == tomllib.loads(
        (DATA / "schema1-after.toml").read_text("utf-8")
    )
    assert (loaded.schema, loaded.data.schema, loaded.data.waivers["pc.os"].scope) == (1, 2, "")


def test_the_original_of_an_older_format_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    raw = (DATA / "schema0.toml").read_bytes()
    path.write_bytes(raw)
    loaded = load.load(path, load_guide)
    assert loaded is not None
    disk = store.SessionFile(path, loaded.data, loaded.raw, load_guide, merge, loaded.schema)
    disk.commit(replace(loaded.data, answers={**loaded.data.answers, "case.role": Answer("self", AT, 3)}))
    assert (tmp_path / "x.toml.schema0").read_bytes() == raw
    again = load.load(path, load_guide)
    assert again is not None
    assert (again.schema, again.notices, len(again.data.answers)) == (2, (), 3)


@pytest.mark.skipif(os.name == "nt", reason="pipes, devices and links of POSIX")
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    if sys.platform == "win32":
        return
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    (tmp_path / "device.toml").symlink_to("/dev/zero")
    with open(tmp_path / "sparse.toml", "wb") as file:
        file.truncate(1 << 30)
    for name in ("pipe", "folder", "loop", "device", "sparse"):
        with pytest.raises(SessionUnreadable) as caught:
            load.load(tmp_path / f"{name}.toml", load_guide)
        assert f"{name}.toml" in caught.value.text.ja
    with pytest.raises(SessionUnreadable):
        load.load(Path("/dev/zero"), load_guide)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs to give a file away")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(RAW)
    if sys.platform != "win32":
        os.chown(path, 12345, 12345)
    with pytest.raises(SessionUnreadable, match="belongs to another user"):
        load.load(path, load_guide)


def test_a_saved_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        store.SessionFile(tmp_path / "deep" / "er" / "x.toml", FULL, None, load_guide, merge).commit(FULL)
    finally:
        os.umask(umask)
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "deep" / "er" / "x.toml").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "deep").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "deep" / "er").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "deep" / "er" / "x.toml.lock").stat().st_mode) == 0o600


def test_malformed_names_the_line_of_a_bad_byte() -> None:
    with pytest.raises(NotToml) as caught:
        document.decode_text(b"a = 1\nb = 2\nc = '\xff'\n")
    assert caught.value.line == 3
