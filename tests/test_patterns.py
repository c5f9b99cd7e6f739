"""No pattern takes more than linear time, whatever text it is given: every one in the program is fed texts made against it.

Patterns are found in the source, so that a new one cannot be forgotten. What costs next to nothing at 8,000 characters is
not slow; of anything else the time at that length is compared with the time at a quarter of it, in processor time: four
times for a linear pattern, sixteen for a quadratic one.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.evidence import evidence_line
from checks.guide import load_guide
from checks.rules import dates
from checks.shakensho import scanned_codes
from state.file import settings

ROOT = Path(__file__).resolve().parents[1]
LENGTH = 8_000
NOTHING = 0.003
"""Seconds at the full length that are not looked into: a quadratic pattern takes ten times as long or more."""
WORST = 9.0
"""Between the four of a linear pattern and the sixteen of a quadratic one."""

USES = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
FLAGS_AT = {"compile": 1, "split": 3, "sub": 4, "subn": 4}
MADE_LATER: dict[tuple[str, str], tuple[str | bytes, ...]] = {
    ("checks/evidence.py", "pattern"): (),  # takes lines of at most 600 characters
    ("checks/evidence.py", "f'{name}: '"): (),
    ("checks/probes/signing.py", "pattern"): (),  # looks at 300 characters
    ("checks/rules/dates.py", "pattern"): tuple(pattern for pattern, _ in dates._OTHER_FORMS),
    ("state/file/settings.py", "pattern"): tuple(
        re.findall(r'_matches\(r?"([^"]+)"', Path(settings.__file__).read_text("utf-8"))
    ),
    (
        "checks/system/chromium.py",
        "b'\"' + re.escape(extension.encode('ascii')) + b'\"\\\\s*:\\\\s*(?=\\\\{)'",
    ): (rb'"abcdefghijklmnop"\s*:\s*(?=\{)',),
    ("checks/system/browser_policies.py", "expected"): (
        r"(?:.+\.)?example\.co(?:\.[a-z0-9-]+){1,2}",
        r"example\.com",
    ),
    ("checks/shakensho/scanned_codes.py", "'/'.join(layout)"): tuple(map("/".join, scanned_codes._LAYOUTS)),
    ("checks/shakensho/certificate_reader.py", "f'\\\\b(?:{_KIND}|{_PLATE})\\\\b'"): (
        r"\b(?:RegistCarLightCar|EntryNoCarNo)\b",
    ),
    ("state/letters/outgoing.py", "'|'.join(map(re.escape, found))"): ("hanako|taro",),
}
"""What is put together where it is used, with examples of it."""


def found_in(path: Path) -> Iterator[tuple[str, str | bytes, int, bool]]:
    """Name, pattern and flags of each pattern of a file, and whether it looks for itself at every place of a text."""
    name = path.relative_to(ROOT).as_posix()
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    module = importlib.import_module(name.removesuffix(".py").replace("/", "."))
    assigned = {
        id(node.value): node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in ("compile", *USES)
        ):
            continue
        operation = node.func.attr
        if operation == "compile":
            used = re.findall(rf"\b{assigned.get(id(node), '_')}\.({'|'.join(USES)})\b", source)
            anywhere = not used or bool(set(used) - {"match", "fullmatch"})
        else:
            anywhere = operation not in ("match", "fullmatch")
        flags = [keyword.value for keyword in node.keywords if keyword.arg == "flags"]
        flags += node.args[FLAGS_AT.get(operation, 2) :]
        number = int(_value(flags[0], module)) if flags else 0
        later = MADE_LATER.get((name, ast.unparse(node.args[0])))
        for pattern in later if later is not None else (_value(node.args[0], module),):
            yield f"{name}:{node.lineno}", pattern, number, anywhere


def _value(node: ast.expr, module: object) -> Any:
    return eval(compile(ast.Expression(node), "pattern", "eval"), dict(vars(module)))


def pieces(pattern: str, flags: int) -> list[str]:
    """Texts that the pattern matches in part: what each of its parts and each of its beginnings may match."""
    tree = importlib.import_module("re._parser").parse(pattern, flags)
    made = dict.fromkeys(("a", "0", " ", "\n", "\u3042", *_beginnings(tree)))
    made |= dict.fromkeys(char for char in pattern if char.isprintable() and not char.isalnum())
    return [piece for piece in made if piece]


def _beginnings(tree: Any) -> Iterator[str]:
    items = list(tree)
    for number in range(len(items)):
        yield _sample(items[: number + 1])
        yield _sample(items[number:])
    for kind, value in items:
        name = str(kind)
        if name.endswith("REPEAT"):
            yield from _beginnings(value[2])
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            yield from _beginnings(value[3] if name == "SUBPATTERN" else value)
        elif name == "BRANCH":
            for branch in value[1][:4]:
                yield from _beginnings(branch)


def _sample(tree: Any) -> str:
    """One text that a parsed pattern matches, or nearly."""
    made = ""
    for kind, value in tree:
        name = str(kind)
        if name == "LITERAL":
            made += chr(value)
        elif name == "IN":
            made += _of_class(value)
        elif name == "NOT_LITERAL":
            made += "b" if value == ord("a") else "a"
        elif name == "ANY":
            made += "x"
        elif name.endswith("REPEAT"):
            made += _sample(value[2])
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            made += _sample(value[3] if name == "SUBPATTERN" else value)
        elif name == "BRANCH":
            made += _sample(value[1][0])
    return made


def _of_class(items: Any) -> str:
    if str(items[0][0]) == "NEGATE":
        refused = {chr(value) for kind, value in items if str(kind) == "LITERAL"}
        return next(char for char in "a0 -" if char not in refused)
    for kind, value in items:
        if str(kind) in ("LITERAL", "RANGE"):
            return chr(value if str(kind) == "LITERAL" else value[0])
    return {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " "}.get(str(items[0][1]), "a")


def attacks(pattern: str, flags: int) -> Iterator[Callable[[int], str]]:
    """Texts of any length: one piece again and again, also after each beginning and with an end that fits nothing."""
    every = pieces(pattern, flags)
    for piece in every:
        yield lambda n, piece=piece: piece * (n // len(piece)) + "\x01"  # type: ignore[misc]
    for head in every[:9]:
        for piece in every[:9]:
            if head != piece:
                yield lambda n, head=head, piece=piece: head + piece * (n // len(piece)) + "\x01"  # type: ignore[misc]


def slow(pattern: str | bytes, flags: int, *, anywhere: bool) -> str:
    """A text on which the time grows faster than the length, as its first characters; empty when there is none."""
    compiled = re.compile(pattern, flags)
    spelt = pattern if isinstance(pattern, str) else pattern.decode("latin-1")

    def seconds(text: str) -> float:
        given: Any = text if isinstance(pattern, str) else text.encode("latin-1", "replace")
        begun = time.thread_time()
        if anywhere:
            for _ in compiled.finditer(given):
                pass
        else:
            compiled.match(given)
            compiled.fullmatch(given)
        return time.thread_time() - begun

    for make in attacks(spelt, flags):
        if seconds(make(LENGTH)) < NOTHING:
            continue
        # The least of three: what the machine does besides only ever adds.
        short = min(seconds(make(LENGTH // 4)) for _ in range(3))
        long = min(seconds(make(LENGTH)) for _ in range(3 if short < 0.01 else 1))
        if long > NOTHING and long > WORST * short:
            return make(200)
    return ""


FILES = sorted(
    path
    for package in ("checks", "state", "tui")
    for path in (ROOT / package).rglob("*.py")
    if re.search(r"\bre\.[a-z]", path.read_text("utf-8")) and path.name != "compiled.py"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_pattern_is_slow_on_any_text(path: Path) -> None:
    for where, pattern, flags, anywhere in found_in(path):
        assert slow(pattern, flags, anywhere=anywhere) == "", f"{where}: {pattern!r}"


def test_evidence_that_is_too_long_to_be_ours_is_left_as_it_is() -> None:
    assert evidence_line("proxy x (y)", "ja", load_guide("oss")) != "proxy x (y)"
    long = "proxy x (" * 100
    assert evidence_line(long, "ja", load_guide("oss")) == long


def test_the_patterns_are_found() -> None:
    every = [pattern for path in FILES for _, pattern, _, _ in found_in(path)]
    assert len(every) > 100
    assert {type(pattern) for pattern in every} == {str, bytes}


@pytest.mark.parametrize(
    "pattern",
    [
        r"[\w.+-]+@[\w-]+(\.[\w-]+)+",
        r"(?m)^\s*trusted\s*:\s*true\s*$",
        r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+")(?:[ \t]*+\.[ \t]*+(?:[A-Za-z0-9_-]++|"[^"\n]*+")){150}""",
        rb"(?s)-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----(.*?)-----END ",
        r"\s+$",
    ],
)
def test_a_slow_pattern_is_found(pattern: str | bytes) -> None:
    assert slow(pattern, 0, anywhere=True)
