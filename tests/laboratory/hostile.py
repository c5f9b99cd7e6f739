"""Hostile text from outside through every place that shows it: nothing of it may steer a terminal, a browser or the program.

Each round writes a session full of it (names, hosts, users, answers, values, evidence, notes, waivers, conflicts), reads it
back with the program's own loader and looks at every screen, report and command line that shows any of it.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar

from checks.guide import load_guide
from checks.model import Options, Outcome
from checks.text import Text
from checks.wrap import cell_width
from state.file import presence, store
from state.live.merge import merge
from state.live.open_session import open_session
from state.session_data import Answer, Conflict, Result, SessionData, SessionNote, Takeover, Waiver
from tests.laboratory.program import Program
from tui.desk import Desk, Shell
from tui.screens.view import View
from tui.terminal.glyphs import SAFE

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0001-\U000e007f\ud800-\udfff]"
)
VARIANT = "葛\U000e0100城"
"""A name with an ideographic variation selector, which must come through."""
PIECES = (
    "\x1b[2J", "\x1b]52;c;ZXZpbA==\x07", "\x1b]0;evil\x1b\\", "\x1b[6n", "\x1b[c", "\x1bP$qm\x1b\\", "\x1b_x\x1b\\", "\x9b31m", "\x9d8;;x\x9c",
    "\x00", "\x07", "\x08", "\x0b", "\x0c", "\x0e", "\x0f", "\x7f", "\x85", "\r\n", "\n", "\t", "\x1b", "\u202e", "\u2066", "\u200b", "\u200d",
    "\ufeff", "\u2028", "\u2029", "\U000e0041", "\u00ad", "\u061c", "\u180e", "\ufff9", "\u2065", "\U000e0fff", "e" + "\u0301" * 30, "\u3099" * 5,
    "[bold]", "[/bold]", "[/nope]", "[@click=app.quit]x[/]", "[link=https://evil.example]x[/link]", "[red", "\\[", "{name}", "{0}", "{nope!r}", "%s",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=x>", "&lt;b&gt;", "]]>", "<!--", "javascript:alert(1)",
    "[x](https://evil.example)", "![x](https://evil.example/i.png)", "`code`", "```", "# head", "- item", "|a|b|", "***", "~~~", "<https://evil.example>",
    "$(reboot)", "`reboot`", "; reboot", "| reboot", "'", '"', "\\", "字", "品川500さ1234", VARIANT, "髙﨑", "ｶﾞ", "👨\u200d👩\u200d👧", "①…—", "Ａ", "ﷺ",
)  # fmt: skip


def strings(count: int, seed: int = 20261122) -> Iterator[str]:
    """So many hostile strings: each piece alone first, then mixtures of them and of arbitrary characters, some long."""
    rng = random.Random(seed)
    yield from PIECES[:count]
    for _ in range(count - len(PIECES)):
        parts = rng.choices(PIECES, k=rng.randrange(1, 7))
        if rng.random() < 0.5:
            parts.append(
                "".join(
                    chr(
                        rng.choice((rng.randrange(0x20), rng.randrange(0x80, 0x3000), rng.randrange(0x11000)))
                    )
                    for _ in range(rng.randrange(1, 12))
                )
            )
        if rng.random() < 0.02:
            parts.append(rng.choice(("x", "字", "\u0301", "\x1b[", "[[")) * rng.randrange(200, 3000))
        rng.shuffle(parts)
        yield "".join(parts)


def _legal(text: str) -> str:
    """As a file can hold it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def session(texts: list[str]) -> SessionData:
    """A session made of these texts."""
    rest = iter([_legal(text) for text in texts] * 4)
    guide = load_guide("oss")
    names = list(guide.checks)
    data = SessionData(next(rest)[:200], NOW, NOW, next(rest)[:60])
    results = {}
    for number, outcome in enumerate(
        (Outcome.FAIL, Outcome.WARN, Outcome.UNKNOWN, Outcome.CRASH, Outcome.PASS, Outcome.SKIP)
    ):
        name = names[number * 5 % len(names)]
        wanted = [says for says in guide.checks[name].says.items() if says[1].outcome is outcome]
        code = wanted[0][0] if wanted else "crash"
        fields = {
            key: next(rest)[:500]
            for key in (
                "name",
                "error",
                "root",
                "file",
                "check",
                "system",
                "path",
                "issuer",
                "host",
                "reason",
            )
        }
        evidence = tuple(next(rest)[:500] for _ in range(12))
        results[name] = Result(
            outcome, code, fields, evidence, NOW, 20 + number, next(rest)[:80], next(rest)[:60], 5
        )
    results["never.known"] = Result(
        Outcome.FAIL, next(rest)[:60], {next(rest)[:30]: next(rest)[:300]}, (next(rest)[:300],), NOW, 40
    )
    answers = {
        "case.procedure": Answer(next(rest)[:300], NOW, 1),
        "case.role": Answer(next(rest)[:300], NOW, 2, "office", next(rest)[:60], next(rest)[:60]),
        "certificate.file-path": Answer(next(rest)[:300], NOW, 3),
        next(rest)[:80] or "x": Answer(next(rest)[:300], NOW, 4),
    }
    free = [question.id for question in guide.questions.values() if not question.choices][:8]
    answers |= {name: Answer(next(rest)[:300] or "x", NOW, 50 + n) for n, name in enumerate(free)}
    steps = [step.id for step in guide.steps]
    return replace(
        data,
        answers=answers,
        results=results,
        notes={
            step: SessionNote(next(rest)[:3000], NOW, 60 + n) for n, step in enumerate([*steps, names[0]])
        },
        waivers={
            names[0]: Waiver(next(rest)[:200] or "x", next(rest)[:100] or "x", date(2027, 3, 31), NOW, 70)
        },
        conflicts=(
            Conflict("answer", "case.role", next(rest)[:200], NOW, 1, 2),
            Conflict("note", steps[0], next(rest)[:200], NOW, 1, 2),
        ),
    )


def _desk(path: Path) -> Desk:
    opened = open_session(path, load_guide, read_only=True, now=lambda: NOW)
    return Desk(
        session=opened,
        options=Options(now=NOW),
        system=lambda: None,  # type: ignore[arg-type, return-value]
        shell=_Shell(),
        lang="ja",
        glyphs=SAFE,
        theme="dark",
        platform="linux",
        host="PC-01",
        user="taro",
        sessions=path.parent,
    )


class _Shell(Shell):
    """Does what is asked for in the background when it is told to."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], None]] = []

    def background(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """Later, as the real one."""

        def go() -> None:
            try:
                result: T | Exception = work()
            except Exception as error:
                result = error
            then(result)

        self._waiting.append(go)

    def finish(self) -> None:
        """Now, with all that comes of it."""
        while self._waiting:
            self._waiting.pop(0)()


def screens(path: Path, texts: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Every view over the session, in both languages: its name and its lines; the lines must be as wide as the screen."""
    from tui.screens.case import Case
    from tui.screens.explanation import Explain
    from tui.screens.main import Main
    from tui.screens.messages import Messages
    from tui.screens.note import NoteScreen
    from tui.screens.palette import Palette
    from tui.screens.papers_view import ReportView
    from tui.screens.shelf_view import Sessions
    from tui.screens.take_over import TakeOver

    desk = _desk(path)
    main = Main(desk)
    desk.views.append(main)
    desk.others = desk.session.others()
    for text in texts[:10]:
        desk.say(Text("「{value}」を書きました", "Wrote {value}"), value=text)
    views: list[tuple[str, View]] = [
        ("case", Case(desk)),
        ("messages", Messages(desk)),
        ("report", ReportView(desk)),
        ("sessions", Sessions(desk)),
        ("palette", Palette(desk)),
    ]
    desk.views += [view for _, view in views]
    assert isinstance(desk.shell, _Shell)
    desk.shell.finish()
    desk.session.taken_by = Takeover(1, texts[0], texts[1], 4711, NOW)
    taken = TakeOver(desk)
    desk.views.append(taken)
    for lang in ("ja", "en"):
        desk.lang = lang
        yield "take over", _lines(taken, 80, 40)
        for node in main.place.nodes()[:1]:
            views = [
                *views[:5],
                ("explain", Explain(desk, node)),
                ("note", NoteScreen(desk, "root-certificate", Text("証明書", "Certificate"))),
            ]
        for name in [*desk.session.data.results, *desk.session.data.notes, "case", "certificate.file-path"]:
            main.place.go(name)
            yield f"main {name[:30]!r}", _lines(main, 80, 300)
        for name, view in views:
            yield name, _lines(view, 80, 200)
        main.place.filter = texts[0]
        yield "filter", _lines(main, 80, 24)
        main.place.filter = ""


def _lines(view: View, width: int, height: int) -> list[str]:
    frame = view.draw(width, height)
    lines = ["".join(span.text for span in row) for row in frame.rows]
    wrong = [line for line in lines if cell_width(line) != width]
    return [*lines, *(f"\x00 {cell_width(line)} cells wide: {line}" for line in wrong)]


def printed(path: Path) -> Iterator[tuple[str, str]]:
    """What the commands write about the session."""
    from tui.__main__ import main

    common = ["--state", str(path), "--read-only"]
    orders = [
        ["status"], ["status", "--format", "json"], ["report"], ["report", "--for", "support"], ["report", "--for", "customer"],
        ["report", "--format", "html"], ["report", "--format", "markdown"], ["report", "--format", "json"], ["deadlines"], ["deadlines", "--format", "ics"],
        ["sessions"], ["explain", "root.os-store"],
    ]  # fmt: skip
    for order in orders:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*order, *common])
        name = " ".join(order)
        if code not in (0, 1, 3, 4):
            yield name, f"\x00 ended with {code}: {err.getvalue()}"
        yield name, out.getvalue()
        yield f"{name}: errors", err.getvalue()


def rounds(folder: Path, count: int, seed: int = 20261122) -> list[str]:
    """So many strings in rounds of some dozens; what came through, one line each."""
    os.environ["OSS_JUNBI_HOME"] = str(folder / "home")
    wrong: list[str] = []
    batch: list[str] = []
    number = 0
    for text in strings(count, seed):
        batch.append(text)
        if len(batch) == 150:
            number += 1
            wrong += one_round(folder / f"r{number}", batch, everything=number % 4 == 1)
            batch = []
        if len(wrong) > 20:
            break
    return wrong


def one_round(folder: Path, texts: list[str], *, everything: bool = True) -> list[str]:
    """One session full of these texts, looked at everywhere; what came through."""
    folder = folder / "sessions"  # as the screen of sessions looks for it
    folder.mkdir(parents=True)
    path = folder / "s.toml"
    data = session(texts)
    store.SessionFile(path, data, None, load_guide, merge).commit(data)
    _others(path, texts)
    _foreign_names(folder, texts)
    wrong: list[str] = []
    for name, lines in screens(path, texts):
        for line in lines:
            found = "\n" in line or STEERING.search(line) is not None
            if found:
                wrong.append(f"{name}: {line!r:.200}")
                break
    for name, text in printed(path) if everything else ():
        steers = STEERING.search(text.replace("\t", "") if "ics" not in name else text.replace("\r\n", "\n"))
        if steers:
            wrong.append(f"{name}: {text[max(0, steers.start() - 60) : steers.end() + 40]!r}")
        if name.endswith("html"):
            wrong += [f"{name}: {what}" for what in _active(text)]
        if name.endswith("markdown"):
            wrong += [f"{name}: {what}" for what in _active(_rendered(text))]
    return wrong


def _others(path: Path, texts: list[str]) -> None:
    here = path.with_name(path.name + ".here")
    here.mkdir(mode=0o700)
    for number, text in enumerate(texts[:3]):
        one = replace(
            presence.own(),
            host=_legal(text)[:300] + "x",
            user=_legal(texts[-number - 1])[:300],
            pid=99999 + number,
            since=NOW - timedelta(hours=1),
        )
        file = here / f"{99999 + number}-{number}"
        file.write_text(one.line(), "utf-8")
        file.chmod(0o600)


def _foreign_names(folder: Path, texts: list[str]) -> None:
    """Files that somebody else left in the folder under names that steer."""
    for text in texts[:4]:
        with contextlib.suppress(OSError, ValueError):
            (folder / (_legal(text)[:40].replace("/", "") + ".toml")).touch(0o600)


_TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "span",
        "section",
        "header",
        "footer",
        "main",
        "strong",
        "em",
        "b",
        "i",
        "code",
        "pre",
        "a",
        "br",
        "hr",
        "small",
        "time",
        "article",
        "aside",
        "nav",
        "blockquote",
        "figure",
        "caption",
        "colgroup",
        "col",
    ]
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.active.append(f"<{tag}>")
        for key, value in attrs:
            if key.startswith("on") or (key in ("href", "src") and not _known(value or "")):
                self.active.append(f"{key}={value}")


def _known(link: str) -> bool:
    return link.startswith("#") or link in {page.url for page in load_guide("oss").pages.values()}


def _active(text: str) -> list[str]:
    """Tags, handlers and links that are none of ours."""
    reader = _Reader()
    reader.feed(text)
    return reader.active[:5]


def _rendered(text: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").enable("table").render(text))


def real_terminal(folder: Path) -> list[str]:
    """The real program over such a session, every screen; what reached the terminal that is not of our own vocabulary."""
    path = folder / "s.toml"
    texts = [text for text in strings(400) if "\n" not in text][:60]
    data = session([*texts[:2], "[bold]毒[/bold]", *texts[3:]])
    data = replace(
        data,
        name="[bold]毒[/bold]\x1b[31m",
        # What the person calls it stands before the name and leaves it no room.
        answers={
            id_: answer for id_, answer in data.answers.items() if id_ != load_guide("oss").roles.reference
        },
        notes={**data.notes, "root-certificate": SessionNote(VARIANT + "[@click=app.quit]", NOW, 99)},
    )
    store.SessionFile(path, data, None, load_guide, merge).commit(data)
    wrong: list[str] = []
    with Program(folder) as screen:
        screen.main()
        if "[bold]毒" not in screen.header:
            wrong.append(f"the name is not as it was written: {screen.header!r}")
        screen.send("1")
        screen.send("m")
        screen.see("[@click=app.quit]")
        screen.send("\x1b")
        screen.main()
        if VARIANT[:2].encode() not in screen.received:
            wrong.append("the variation selector is lost")
        for keys in (
            "jjjjjj",
            "e",
            "\x1b",
            "p",
            "\x1b",
            "s",
            "\x1b",
            "c",
            "\x1b",
            "m",
            "\x1b",
            "!",
            "\x1b",
            "f",
            "nnnnnn",
            "L",
            "\x0c",
        ):
            screen.send(keys)
            _settle(screen)
        screen.send("q")
        code = screen.wait()
        if code != 0:
            wrong.append(f"ended with {code}")
    return wrong + [f"reached the terminal: {what!r}" for what in foreign(bytes(screen.received))]


def _settle(screen: Program) -> None:
    """Until nothing comes any more for a moment: a lone Escape is only understood then."""
    before = -1
    while before != len(screen.received):
        before = len(screen.received)
        screen.pump(0.12)


_OURS = re.compile(
    rb"\x1b\[[?>=<]?[0-9;:]*[A-Za-z]|\x1b\[[0-9;]* q|\x1b\[[?>]?[0-9;]*\$[a-z]|\x1b[()][A-Z0-9]|\x1b[78=>cM]|\x1b\](?:22|10|11);[a-z?]*(?:\x1b\\|\x07)"
)


def foreign(received: bytes) -> list[str]:
    """Sequences and characters in a terminal's stream that are not of the program's own vocabulary."""
    left = _OURS.sub(b"", received).decode("utf-8", "replace")
    found = STEERING.findall(left.replace("\r", "").replace("\x08", ""))
    return sorted(set(found))


if __name__ == "__main__":
    print(rounds(Path(sys.argv[1]), int(sys.argv[2])))
