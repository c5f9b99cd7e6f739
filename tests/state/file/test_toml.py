"""The loader and every corner of TOML 1.0: what is valid survives a save, what is not is refused with its place and kept."""

from __future__ import annotations

import os
import sys
import time
import tomllib
from pathlib import Path

import pytest

from checks.guide import load_guide
from state.errors import SessionUnreadable
from state.file import document, load
from state.live.open_session import open_session

HEAD = "schema = 1\n[end]\nanswers = 0\n"

VALID = (
    'a = ""', 'a = "\\u00e9\\U0001F600\\b\\t\\n\\f\\r\\"\\\\"', "a = 'C:\\Users\\hanako'", 'a = """\nfirst\nsecond"""', 'a = """x \\\n    y"""',
    "a = '''\n''two''\n'''", 'a = """"quoted""""', 'a = "日本語 葛\U000e0100城 髙"', "a = 0", "a = -0", "a = +99", "a = 1_000_000", "a = 0xDEAD_beef", "a = 0o755",
    "a = 0b1101", "a = 9223372036854775807", "a = -9223372036854775808", "a = 1.5", "a = -0.0", "a = 6.626e-34", "a = 1e06", "a = 5e+22", "a = inf", "a = -inf",
    "a = nan", "a = true", "a = false", "a = 1979-05-27T07:32:00Z", "a = 1979-05-27T00:32:00-07:00", "a = 1979-05-27 07:32:00.999999Z", "a = 1979-05-27T07:32:00",
    "a = 1979-05-27", "a = 07:32:00", "a = 00:32:00.999", "a = []", "a = [ 1, 2, ]", 'a = [ [1, 2], ["x", 3.5], [] ]', "a = [ { b = 1 }, { b = 2, c = [ { d = {} } ] } ]",
    "a = {}", 'a = { b.c = 1, "d e" = 2 }', "a.b.c = 1\na.b.d = 2", '"" = 1', "'quoted key' = 1", '"日本" = "語"', "1234 = 1", "-_- = 1", '3.14 = "pi"', "a = 1 # comment",
    "# only\n# comments\na = 1", "a = [ # in\n 1, # between\n 2\n]", "\ta\t=\t1\t", "[sub]\nb = 1", "[sub.deep.er]\nb = 1", '[sub."a.b".c]\nd = 1', "[[list]]\nb = 1\n[[later.list]]\nb = 2",
    "[ sub . deep ]\nb = 1", "[sub]\n[sub.one]\n[sub.two]\nx = 1", "a = '''one ' two '' '''", "a = [\n\n]", 'a = "\\u0000"', "a = 1e-400", 'a = "\x7f"'.replace("\x7f", "\\u007f"),
)  # fmt: skip
"""Contents of a table that this version does not know."""

INVALID = (
    "a", "a =", "= 1", "a = b", "a == 1", "a = 1 b = 2", "a = 1\na = 2", "a.b = 1\na = 2", "a = 1\na.b = 2", "a = { b = 1, }", "a = { b = 1\n}", "a = { b = 1, b = 2 }",
    "a = [1 2]", "a = [1,,2]", "a = [1", "a = {", "a = {b = 1", "a = 01", "a = 1__0", "a = _1", "a = 1_", "a = 0x", "a = 0xG", "a = 0b2", "a = 0o8", "a = +0x1", "a = 1.", "a = .5",
    "a = 1.e5", "a = 1e", "a = 1._5", "a = Inf", "a = NaN", "a = True", "a = TRUE", "a = yes", "a = nil", 'a = "', 'a = "x', "a = 'x", 'a = "\\x41"', 'a = "\\u12"', 'a = "\\uD800"',
    'a = "\\U00110000"', 'a = "line\nbreak"', "a = 'line\nbreak'", 'a = """open', "a = '''open", 'a = """six""""""', 'a = "\x00"', 'a = "\x1f"', 'a = "\x7f"', "a = '\x01'", "# \x00", "a = 1 # \x1f",
    "a = 1979-13-01", "a = 1979-02-30", "a = 1979-05-27T25:00:00Z", "a = 1979-05-27T07:61:00Z", "a = 1979-5-27", "a = 79-05-27", "a = 07:32:60:00", "a = 1979-05-27T", "a = 07:3",
    "[sub", "[sub]]", "[[sub]", "[]", "[[]]", "[sub.]", "[.sub]", "[a b]", "[sub]\n[sub]", "[sub] x = 1", "[[list]]\n[list]", "a = []\n[[later.a]]", "a = {}\n[later.a.b]", "[sub]\nx.y = 1\n[sub.x]",
    "a b = 1", "a\n= 1", '"a\nb" = 1', '"""a""" = 1', "a = \\", "\x0b = 1", "a\u00a0= 1", "あ = 1", "a = 1\r b = 2", "a = 1;", "a: 1", "a, b = 1", "{a = 1}", "<xml/>", "a = 9" + "9" * 5000,
    "a = " + "[" * 3000 + "]" * 3000, ".".join("x" * 3000) + " = 1",
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(VALID)))
def test_what_is_valid_survives_answers_and_saves(tmp_path: Path, number: int) -> None:
    lines = VALID[number].split("\n")
    body = "\n".join(
        f"[later.{line[1:]}" if line.startswith("[") and line[1] != "[" else line for line in lines
    )
    body = body.replace("[[list]]", "[[later.list]]").replace("[later. sub . deep ]", "[later.sub.deep]")
    raw = f"{HEAD}[later]\n{body}\n".encode()
    meant = tomllib.loads(raw.decode())["later"]
    path = tmp_path / "x.toml"
    path.write_bytes(raw)
    path.chmod(0o600)
    session = open_session(path, load_guide, join=False)
    session.answer("case.role", "self")
    assert session.flush(10)
    session.answer("case.role", "dealer")
    assert session.close(10)
    again = load.load(path, load_guide)
    assert again is not None
    assert not again.notices
    assert again.data.values() == {"case.role": "dealer"}
    assert document.same(dict(again.data.extra)["later"], meant)


@pytest.mark.parametrize("number", range(len(INVALID)))
def test_what_is_invalid_is_refused_with_its_place_and_kept(tmp_path: Path, number: int) -> None:
    # Where a number that is too large stands cannot be told by the parser; neither can a nesting without names.
    raw = f"{HEAD}[later]\n{INVALID[number]}\n".encode()
    path = tmp_path / "x.toml"
    path.write_bytes(raw)
    began = time.monotonic()
    with pytest.raises(SessionUnreadable) as caught:
        open_session(path, load_guide, join=False)
    assert time.monotonic() - began < 5
    assert caught.value.exit_code == 65
    assert caught.value.line is not None or len(INVALID[number]) > 5000
    if caught.value.line is not None:
        assert 1 <= caught.value.line <= raw.count(b"\n") + 1
    assert "x.toml" in caught.value.text.ja
    assert path.read_bytes() == raw
    kept = [name for name in os.listdir(tmp_path) if ".broken-" in name]
    assert [(tmp_path / name).read_bytes() for name in kept] == [raw]


@pytest.mark.skipif(sys.platform == "win32", reason="links and sparse files of POSIX")
@pytest.mark.parametrize("kind", ["loop", "sparse", "folder", "pipe", "null"])
def test_what_is_no_text_at_all_is_refused_in_no_time(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.toml"
    if kind == "loop":
        path.symlink_to(tmp_path / "y.toml")
        (tmp_path / "y.toml").symlink_to(path)
    elif kind == "sparse":
        with open(path, "wb") as file:
            file.truncate(1 << 30)
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe" and sys.platform != "win32":
        os.mkfifo(path)
    elif kind == "null":
        path.symlink_to("/dev/zero")
    began = time.monotonic()
    with pytest.raises(SessionUnreadable) as caught:
        open_session(path, load_guide, join=False)
    assert time.monotonic() - began < 2
    assert caught.value.exit_code == 65
