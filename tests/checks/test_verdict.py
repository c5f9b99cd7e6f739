"""From a stored code to the sentences and commands a person reads.

Covers checks.says.
"""

from __future__ import annotations

import pytest

from checks.model import Check, Finding, Outcome, Says, check
from checks.text import Text
from checks.verdict import outcome_of, verdict

WORDS = Text("語", "words")
COMMANDS = ("linux: nc -vz {host} 443", "windows: Test-NetConnection {host}", "ping {host}")
CHECK: Check = check(
    "test.one",
    title=WORDS,
    why=WORDS,
    how=WORDS,
    says={"gone": Says(Outcome.FAIL, Text("{host}がありません", "{host} is gone"), commands=COMMANDS)},
)(lambda context: Finding("gone"))


def test_values_are_filled_in_and_made_inert() -> None:
    found = verdict(CHECK, "gone", {"host": "a\x1b]52;b"})
    assert found is not None
    assert found.text.ja == "a\\x1b]52;bがありません"
    braces = verdict(CHECK, "gone", {"host": "{host}"})
    assert braces is not None
    assert braces.text.en == "{host} is gone"


def test_commands_are_those_of_the_system_with_their_values() -> None:
    found = verdict(CHECK, "gone", {"host": "portal.example"}, "linux")
    assert found is not None
    assert found.commands == ("nc -vz portal.example 443", "ping portal.example")
    every = verdict(CHECK, "gone", {"host": "portal.example"})
    assert every is not None
    assert every.commands[1] == "windows: Test-NetConnection portal.example"


@pytest.mark.parametrize(
    "host", ["a;rm -rf b", "$(id)", "a b", "`id`", "", "-oProxyCommand=x", "a|b", "a&b", "%PATH%"]
)
def test_a_command_with_a_value_that_a_shell_would_act_upon_is_left_out(host: str) -> None:
    found = verdict(CHECK, "gone", {"host": host}, "linux")
    assert found is not None
    assert found.commands == ()


def test_a_code_that_is_no_longer_known_has_no_words() -> None:
    assert verdict(CHECK, "of another version", {}) is None
    assert outcome_of(CHECK, "of another version") is None
    assert outcome_of(CHECK, "timeout") is Outcome.UNKNOWN
