"""Arguments: what is refused, in which words, and what beats what.

Covers tui.cli.help_text, tui.cli.language, tui.cli.plain_words, tui.cli.problem, tui.cli.sentences,
tui.cli.setup and tui.cli.spec.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.text import Text
from tui import cli
from tui.cli.arguments import Arguments, parse
from tui.cli.help_text import help_text
from tui.cli.language import language
from tui.cli.problem import Problem, filled
from tui.cli.setup import moment, number, parse_portal, set_up
from tui.cli.spec import COMMANDS, COMMON, OPTIONS, SCREEN

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("env", "argv", "expected"),
    [
        ({}, [], "ja"),
        ({"LANG": "C"}, [], "ja"),
        ({"LANG": "C.UTF-8"}, [], "ja"),
        ({"LANG": "de_DE.UTF-8"}, [], "ja"),
        ({"LANG": "ja_JP.UTF-8"}, [], "ja"),
        ({"LANG": "en_US.UTF-8"}, [], "en"),
        ({"LANG": "en"}, [], "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "ja_JP"}, [], "ja"),
        ({"LC_MESSAGES": "ja_JP", "LC_ALL": "en_GB.UTF-8"}, [], "en"),
        ({"LC_ALL": "", "LANG": "en_US"}, [], "en"),
        ({"LANG": "en_US", "OSS_JUNBI_LANG": "ja"}, [], "ja"),
        ({"OSS_JUNBI_LANG": "xx", "LANG": "en_US"}, [], "en"),
        ({"OSS_JUNBI_LANG": "ja"}, ["--lang", "en"], "en"),
        ({}, ["status", "--lang=en"], "en"),
        ({}, ["--", "--lang", "en"], "ja"),
    ],
)
def test_language(env: dict[str, str], argv: list[str], expected: str) -> None:
    assert language(argv, env) == expected


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_common_options_stand_before_or_after_the_command(command: str) -> None:
    rest = ["x"] * COMMANDS[command].least
    before = parse(["--lang", "en", "--offline", command, *rest])
    after = parse([command, *rest, "--offline", "--lang=en"])
    assert before == Arguments(after.command, after.positional, {"--lang": ["en"], "--offline": []})
    assert after.has("--offline")


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        (["--porta", "x"], "--portal"),
        (["--nonsense"], "--nonsense"),
        (["-x"], "-x"),
        (["chek"], "check"),
        (["qqqq"], "qqqq"),
        (["status", "--step", "1"], "--step"),
        (["check", "--format", "yaml"], "text, json, jsonl, junit, nagios"),
        (["status", "--format", "junit"], "text, json"),
        (["--lang", "de"], "ja, en"),
        (["check", "--format"], "--format"),
        (["check", "--output", "--save"], "--output"),
        (["--session="], "--session"),
        (["--offline=yes"], "--offline"),
        (["answer"], "ID=VALUE"),
        (["explain"], "ID"),
        (["explain", "a", "b"], "b"),
        (["status", "more"], "more"),
        (["fleet", "merge"], "merge"),
        (["--session", "a", "--state", "b"], "--state"),
        (["check", "--plain"], "--plain"),
        (["--glyphs", "wide"], "auto, safe, narrow"),
    ],
)
def test_a_wrong_argument_is_named_in_both_languages(argv: list[str], named: str) -> None:
    with pytest.raises(Problem) as caught:
        parse(argv)
    assert caught.value.exit_code == 2
    assert named in caught.value.text.ja
    assert named in caught.value.text.en
    assert "\n" not in caught.value.text.ja


def test_hostile_arguments_are_shown_inert_and_short() -> None:
    with pytest.raises(Problem) as caught:
        parse(["--\x1b[31m" + "a" * 5000])
    assert "\x1b" not in caught.value.text.ja
    assert len(caught.value.text.ja) < 200


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("example.jp", ("example.jp", 443)),
        ("example.jp:8443", ("example.jp", 8443)),
        ("127.0.0.1:1", ("127.0.0.1", 1)),
        ("[::1]:443", ("::1", 443)),
        ("[::1]", ("::1", 443)),
        ("::1", ("::1", 443)),
        ("2001:db8::1", ("2001:db8::1", 443)),
        ("localhost:65535", ("localhost", 65535)),
        ("日本語.example:443", ("日本語.example", 443)),
    ],
)
def test_portal(given: str, expected: tuple[str, int]) -> None:
    assert parse_portal(given, "--portal") == expected


@pytest.mark.parametrize(
    "given",
    ["", ":443", "a:", "a:b", "a:0", "a:65536", "a:-1", "a:４４３", "a:4 43", "a b", "https://x/", "[::1", "[::1]x", "[]:1",
     "[example.jp]:1", "a/b:1", "user@host:1", "a\n:1", "\x1b[0m:1", ":::::::::zz"],
)  # fmt: skip
def test_wrong_portal(given: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_portal(given, "--portal")
    assert "--portal" in caught.value.text.ja
    assert "\x1b" not in caught.value.text.en


@pytest.mark.parametrize(("given", "expected"), [("5", 5.0), ("0.5", 0.5), ("５", 5.0), ("600", 600.0)])
def test_numbers(given: str, expected: float) -> None:
    assert number(given, "--timeout", 0.1, 600) == expected


@pytest.mark.parametrize("given", ["", "x", "nan", "inf", "1e3", "-1", "0", "601", "1_0", "0x10", "9" * 400])
def test_wrong_numbers(given: str) -> None:
    with pytest.raises(Problem) as caught:
        number(given, "--timeout", 0.1, 600)
    assert "--timeout" in caught.value.text.en


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-11-22T10:00:00+09:00", datetime(2026, 11, 22, 1, tzinfo=UTC)),
        ("2026-11-22T01:00:00Z", datetime(2026, 11, 22, 1, tzinfo=UTC)),
        ("2026-11-22 01:00+00:00", datetime(2026, 11, 22, 1, tzinfo=UTC)),
    ],
)
def test_moments(given: str, expected: datetime) -> None:
    assert moment(given, "OSS_JUNBI_NOW") == expected


@pytest.mark.parametrize("given", ["x", "2026-13-01", "0001-01-01T00:00+14:00", "now", "2026"])
def test_wrong_moments(given: str) -> None:
    with pytest.raises(Problem) as caught:
        moment(given, "OSS_JUNBI_NOW")
    assert "OSS_JUNBI_NOW" in caught.value.text.ja


def made(tmp_path: Path, argv: list[str], env: dict[str, str] | None = None, config: str = "") -> Any:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    if config:
        (home / "config.toml").write_text(config, "utf-8")
    return set_up(parse(argv), "ja", {"OSS_JUNBI_HOME": str(home), **(env or {})})


def test_flags_beat_the_environment_which_beats_the_configuration(tmp_path: Path) -> None:
    config = 'portal = "config.example:1"\ntimeout = 3\nglyphs = "narrow"\n'
    env = {"OSS_JUNBI_PORTAL": "env.example:2", "OSS_JUNBI_GLYPHS": "safe"}
    assert made(tmp_path, ["status"]).options.portal == ""  # the guide's
    by_config = made(tmp_path, ["status"], {}, config)
    assert (by_config.options.portal, by_config.options.port, by_config.options.timeout) == (
        "config.example",
        1,
        3.0,
    )
    assert by_config.glyphs == "narrow"
    by_env = made(tmp_path, ["status"], env, config)
    assert (by_env.options.portal, by_env.glyphs, by_env.options.timeout) == ("env.example", "safe", 3.0)
    by_flag = made(tmp_path, ["status", "--portal", "flag.example", "--glyphs", "auto"], env, config)
    assert (by_flag.options.portal, by_flag.options.port, by_flag.glyphs) == ("flag.example", 443, "auto")


def test_the_language_of_the_configuration_gives_way_to_flag_and_variable(tmp_path: Path) -> None:
    assert made(tmp_path, ["status"], {}, 'lang = "en"\n').lang == "en"
    assert made(tmp_path, ["status", "--lang", "ja"], {}, 'lang = "en"\n').lang == "ja"
    assert made(tmp_path, ["status"], {"OSS_JUNBI_LANG": "ja"}, 'lang = "en"\n').lang == "ja"


def test_the_state_variable_does_what_its_option_does_and_session_beats_it(tmp_path: Path) -> None:
    env = {"OSS_JUNBI_STATE": "/x/y.toml"}
    assert made(tmp_path, ["status"], env).state == Path("/x/y.toml")
    named = made(tmp_path, ["status", "--session", "a"], env)
    assert (named.session, named.state) == ("a", None)


@pytest.mark.parametrize(
    ("argv", "env", "named"),
    [
        (["status"], {"OSS_JUNBI_PORTAL": "x:y"}, "OSS_JUNBI_PORTAL"),
        (["status"], {"OSS_JUNBI_LANG": "fr"}, "OSS_JUNBI_LANG"),
        (["status"], {"OSS_JUNBI_GLYPHS": "wide"}, "OSS_JUNBI_GLYPHS"),
        (["status"], {"OSS_JUNBI_NOW": "later"}, "OSS_JUNBI_NOW"),
        (["status", "--ca-file", "/nowhere/ca.pem"], {}, "/nowhere/ca.pem"),
        (["status", "--proxy", "ftp://x"], {}, "--proxy"),
        (["status", "--proxy", "http://x:y"], {}, "--proxy"),
        (["status", "--timeout", "soon"], {}, "--timeout"),
        (["status", "--password-fd", "x"], {}, "--password-fd"),
        (["status", "--password-fd", "99999"], {}, "--password-fd"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, argv: list[str], env: dict[str, str], named: str) -> None:
    with pytest.raises(Problem) as caught:
        made(tmp_path, argv, env)
    assert caught.value.exit_code == 2
    assert named in caught.value.text.ja
    assert named in caught.value.text.en


def test_a_proxy_password_is_never_repeated(tmp_path: Path) -> None:
    for wrong in ("ftp://taro:himitsu@proxy", "http://taro:himitsu@proxy:x", "taro:himitsu@:9"):
        with pytest.raises(Problem) as caught:
            made(tmp_path, ["status", "--proxy", wrong])
        assert "himitsu" not in caught.value.text.ja + caught.value.text.en


@pytest.mark.parametrize(
    "content", [b"", b"x" * 99, b"\x30\x82", PEM.replace("MIIB", "!!").encode(), PEM[:40].encode()]
)
def test_a_file_that_holds_no_certificate_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(content)
    with pytest.raises(Problem) as caught:
        made(tmp_path, ["check", "--ca-file", str(path)])
    assert "ca.pem" in caught.value.text.ja


def test_a_pem_file_and_an_open_descriptor_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("comment\n" + PEM)
    reading, writing = os.pipe()
    setup = made(tmp_path, ["check", "--ca-file", str(path), "--password-fd", str(reading)])
    os.close(reading)
    os.close(writing)
    assert setup.options.ca_file == str(path)
    assert setup.options.password_fd == reading


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_help_names_every_command_and_option(lang: Any) -> None:
    text = help_text(SCREEN, lang)
    assert text.index("oss-junbi --plain") < text.index("--session")
    for command in COMMANDS.values():
        assert command.name in text
        own = help_text(command, lang)
        for option in (*command.options, *(option.name for option in COMMON)):
            assert option in own
        for form in command.formats:
            assert form in own
    for code in ("65", "70", "74", "75", "128+n"):
        assert code in text


def test_every_option_belongs_to_something() -> None:
    used = {option for command in (SCREEN, *COMMANDS.values()) for option in command.options}
    assert used | {option.name for option in COMMON} == set(OPTIONS)


def test_every_sentence_can_be_shown_everywhere() -> None:
    modules = [import_module(f"tui.cli.{one.name}") for one in iter_modules(cli.__path__)]
    texts = [value for module in modules for value in vars(module).values() if isinstance(value, Text)]
    assert len(texts) > 120
    for text in texts:
        assert text.en.isascii(), text.en
        for encoding in ("cp932", "euc_jp"):
            text.ja.encode(encoding)


def test_braces_in_a_value_mean_nothing() -> None:
    assert filled(Text("{a}と{b}", "{a} and {b}"), a="{b}", b="x").en == "{b} and x"


@given(
    st.lists(
        st.one_of(
            st.sampled_from([*OPTIONS, *COMMANDS, "--", "-", "=", "--step=1", "--format=json"]),
            st.text(max_size=12),
        ),
        max_size=6,
    )
)
def test_no_arguments_whatsoever_do_anything_but_parse_or_be_refused(argv: list[str]) -> None:
    refused: Problem | None = None
    try:
        parse(argv)
    except Problem as problem:
        refused = problem
    assert refused is None or (refused.exit_code, "\n" in refused.text.ja) == (2, False)
