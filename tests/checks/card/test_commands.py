"""No command that reaches a card can carry a PIN or change anything.

Covers checks.card.apdu.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.card import apdu
from checks.card.apdu import Apdu, Application, File
from checks.card.card import Trouble
from checks.card.reader import CardTransport
from checks.system import pcsc

ROOT = Path(__file__).resolve().parents[3]


def is_ours(raw: bytes) -> bool:
    """The rule once more, in other words: which bytes may go to a card."""
    if raw[:2] == b"\x00\x20":
        return raw == b"\x00\x20\x00\x80"
    if raw[:2] == b"\x00\xb0":
        return len(raw) == 5 and raw[2] <= 0x7F
    known = {b"\x0a" + Application.JPKI.value} | {b"\x02" + file.value.to_bytes(2, "big") for file in File}
    return (
        raw[:4] in (b"\x00\xa4\x04\x0c", b"\x00\xa4\x02\x0c")
        and raw[4:] in known
        and raw[2] == (4 if raw[4] == 10 else 2)
    )


PINS = st.binary(min_size=1, max_size=20) | st.text("ABCXYZ0123456789", min_size=4, max_size=16).map(
    str.encode
)


@given(PINS)
def test_no_verify_with_data_can_be_made(pin: bytes) -> None:
    for cla in (0x00, 0x80, 0x0C, 0x10):
        for reference in (0x00, 0x01, 0x80, 0x81):
            head = bytes((cla, 0x20, 0x00, reference))
            for raw in (
                head + bytes((len(pin),)) + pin,
                head + pin,
                head + b"\0" + pin,
                head + b"\0\0" + pin,
            ):
                with pytest.raises(ValueError):
                    Apdu(raw)


@given(st.binary(max_size=30) | st.tuples(st.sampled_from([b"\0\x20", b"\0\xa4\x04\x0c", b"\0\xa4\x02\x0c", b"\0\xb0"]),
                                          st.binary(max_size=14)).map(b"".join))  # fmt: skip
def test_a_command_is_one_of_the_four_or_none(raw: bytes) -> None:
    if is_ours(raw):
        assert Apdu(raw).raw == raw
    else:
        with pytest.raises(ValueError):
            Apdu(raw)


@given(st.integers(-10, 70000), st.integers(-10, 70000))
def test_every_way_to_make_a_command(offset: int, length: int) -> None:
    made_here = [apdu.tries_left(), apdu.select_application(Application.JPKI), *map(apdu.select_file, File)]
    try:
        made_here.append(apdu.read_binary(offset, length))
    except ValueError:
        assert not (0 <= offset <= 0x7FFF and 1 <= length <= 256)
    assert all(is_ours(command.raw) for command in made_here)
    assert apdu.tries_left().raw == b"\x00\x20\x00\x80"


def test_what_only_looks_like_bytes_makes_no_command() -> None:
    class Sly(bytes):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = bytes.__hash__

    for raw in (Sly(b"\x00\x20\x00\x80\x041234"), bytearray(b"\x00\x20\x00\x80"), None, "00200080"):
        with pytest.raises(ValueError):
            Apdu(raw)  # type: ignore[arg-type]


def test_functions_that_make_commands_are_the_known_ones() -> None:
    """A new way to make a command has to be added to the tests above."""
    tree = ast.parse((ROOT / "checks/card/apdu.py").read_text("utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert functions == {"select_application", "select_file", "read_binary", "tries_left"}


def test_commands_are_made_and_sent_in_one_place_only() -> None:
    """No other module builds a `Apdu`, sends anything, loads PC/SC's library, or talks to another one of cards."""
    words = ("SCardTransmit", "SCardControl", "winscard.dll", "libpcsclite", "PCSC.framework/")
    found: dict[str, set[str]] = {word: set() for word in ("Apdu", "transmit", *words)}
    for folder in ("checks", "state", "tui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text("utf-8")
            where = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call):
                    name = ast.unparse(node.func).rpartition(".")[2]
                    if name in ("Apdu", "transmit"):
                        found[name].add(where)
                elif isinstance(node, ast.Import | ast.ImportFrom):
                    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                    names += [alias.name for alias in node.names]
                    assert not {name.partition(".")[0] for name in names} & {
                        "smartcard",
                        "pkcs11",
                        "PyKCS11",
                    }, where
                    assert "Apdu" not in names or where.startswith("checks/card/"), where
                elif isinstance(node, ast.Name | ast.Attribute):
                    named = node.id if isinstance(node, ast.Name) else node.attr
                    assert named != "Apdu" or where.startswith("checks/card/"), where
            for word in words:
                if word in source:
                    found[word].add(where)
    library = {"checks/system/pcsc.py"}
    assert found == {
        "Apdu": {"checks/card/apdu.py"},
        "transmit": {"checks/card/card.py"},
        "SCardTransmit": {"checks/card/reader.py"},
        "SCardControl": set(),
        "winscard.dll": library,
        "libpcsclite": library,
        "PCSC.framework/": library,
    }


class Service(pcsc.PcscContext):
    """A service that answers every command with one byte."""

    def __init__(self) -> None:
        super().__init__(None, pcsc.abi("darwin"))
        self.sent: list[object] = []

    def call(self, name: str, *arguments: Any) -> int:
        self.sent.append(arguments[2])
        arguments[-1]._obj.value = 1
        return 0

    def state(self, reader: str, known: int = 0, wait: int = 0) -> int:
        return pcsc.PRESENT


def test_the_reader_sends_commands_of_ours_only() -> None:
    service = Service()
    reader = CardTransport(service, "Example Reader", None, 2)
    for raw in (b"\x00\x20\x00\x80\x041234", [0, 0x20, 0, 0x80]):
        with pytest.raises(TypeError):
            reader.transmit(raw)  # type: ignore[arg-type]
    assert not service.sent
    with pytest.raises(Trouble, match="silent"):
        reader.transmit(apdu.tries_left())
    assert service.sent == [b"\x00\x20\x00\x80"]
