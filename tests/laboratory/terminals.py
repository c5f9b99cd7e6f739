"""The real screen inside real tmux, GNU screen, ssh and mosh, seen by a foreign emulator, row by row.

The emulator draws East-Asian-ambiguous characters in one cell or in two. The program runs with a hook
(`python -m tests.laboratory.terminals PICTURE ARGS…`) that writes down the frame that it means to show; every screen is
walked through and compared with that, cell by cell, at each size.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checks.guide import load_guide
from tests.laboratory.program import ROOT, environment
from tests.laboratory.seen import Seen
from tests.support import ssh_lab
from tests.support.terminal_lab import ambiguous_is_wide

SIZES = ((40, 12), (60, 20), (80, 24), (100, 30), (120, 40), (200, 50))
CARRIERS = ("bare", "ssh", "tmux", "screen", "screen-cjk", "mosh")
KINDS = ((1, "auto"), (1, "narrow"), (2, "auto"), (2, "safe"))
"""Cells of an ambiguous character in the emulator, and `--glyphs`; `narrow` where they are wide is asking for trouble."""
ANSWERS = {
    "case.role": "self", "case.vehicle": "registered", "case.procedure": "new-registration", "case.applicant": "individual",
    "case.route": "full", "case.owner-is-user": "yes", "case.garage": "have", "case.proxy-issuance": "no",
    "certificate.kind": "jpki-phone",
}  # fmt: skip
NOTE = "①確認→済 “引用” 辻\U000e0100さん か\u3099き\u3099 ｶﾞｷﾞ ●○ 🚗 α×½ ─│ end"
WALK = (
    "j", *(key for step in "1234567" for key in (step, "j", "\r", "\x1b")), "5", "\r", "\x1b",
    "c", "\x1b", "p", " ", " ", "\x1b", "?", " ", "\x1b", ":", "s", "\x1b", "\x1b", "s", "\x1b", "5", "m", "あ", "\x1b", "y",
    "!", "\x1b", "e", " ", "\x1b", "o", "\x1b", "f", "f", "/", "a", "\x1b", "t", "t", "t", "L", "L", "\x0c",
)  # fmt: skip
SCREENS = {
    "Main",
    "Case",
    "Report",
    "Help",
    "Palette",
    "Sessions",
    "NoteScreen",
    "Messages",
    "Explain",
    "Link",
}
"""What the walk must come by."""
"""Keys, one after the other; a full-screen view is left by Esc, whatever it is."""
NEXT_MESSAGE = "\x1b[20~"
"""F9, which means nothing to the program: the hook says its next message."""


@dataclass
class Outcome:
    """What a tour found."""

    pictures: int = 0
    skipped: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)


# Where the program runs.


@dataclass(frozen=True)
class Place:
    """A folder with a prepared session, and a server to log in to."""

    folder: Path
    host: ssh_lab.Host | None

    @property
    def picture(self) -> Path:
        """Where the program writes down what it means to show."""
        return self.folder / "picture.json"

    def program(self, lang: str, glyphs: str) -> list[str]:
        """The command line of the program, environment and all."""
        env = environment(self.folder)
        del env["TERM"]  # whoever carries it has its own
        shutil.copy(self.folder / "prepared.toml", self.folder / "s.toml")
        return [
            "env", *(f"{name}={value}" for name, value in env.items()), sys.executable, "-m", "tests.laboratory.terminals",
            str(self.picture), "--offline", "--state", str(self.folder / "s.toml"), "--lang", lang, "--glyphs", glyphs,
        ]  # fmt: skip


def carried(place: Place, carrier: str, program: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The command line and environment that a person's terminal starts for this way to the program."""
    folder, host = place.folder, place.host
    env = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": str(folder)}
    if carrier == "tmux":
        (folder / "tmux.conf").write_text("set -g status off\nset -s escape-time 10\n")
        return [
            "tmux",
            "-u",
            "-S",
            str(folder / "tmux"),
            "-f",
            str(folder / "tmux.conf"),
            "new-session",
            *program,
        ], env
    if carrier.startswith("screen"):
        wide = "on" if carrier.endswith("cjk") else "off"
        (folder / "screenrc").write_text(
            f"startup_message off\ndefutf8 on\ncjkwidth {wide}\naltscreen on\nmaptimeout 10\n"
        )
        (folder / "screen").mkdir(mode=0o700, exist_ok=True)
        return ["screen", "-U", "-c", str(folder / "screenrc"), *program], {
            **env,
            "SCREENDIR": str(folder / "screen"),
        }
    if carrier == "ssh":
        assert host is not None
        return host.argv(*program), env
    if carrier == "mosh":
        assert host is not None
        secure = " ".join(host.argv(options=())[:-1])
        return [
            "mosh",
            "--predict=never",
            "--bind-server=127.0.0.1",
            f"--ssh={secure}",
            f"{getpass.getuser()}@127.0.0.1",
            "--",
            *program,
        ], env
    return list(program), env


def missing(carrier: str) -> str:
    """Why this way cannot be gone here; empty when it can."""
    tool = carrier.partition("-")[0]
    if tool in ("ssh", "mosh") and ssh_lab.missing():
        return ssh_lab.missing()
    if tool != "bare" and shutil.which(tool) is None:
        return f"no {tool} on this machine"
    return ""


@contextlib.contextmanager
def place_for(folder: Path, carriers: Sequence[str]) -> Iterator[Place]:
    """A session with answers, findings and a note, and a server where one is needed."""
    env = environment(folder)
    base = [sys.executable, "-m", "tui"]
    state = ["--offline", "--state", str(folder / "prepared.toml")]
    said = subprocess.run(
        [*base, "answer", *(f"{q}={v}" for q, v in ANSWERS.items()), *state],
        env=env,
        cwd=ROOT,
        capture_output=True,
    )
    assert said.returncode == 0, said.stderr
    subprocess.run([*base, "check", "--save", *state], env=env, cwd=ROOT, capture_output=True, check=False)
    from state.live.open_session import open_session

    session = open_session(folder / "prepared.toml", load_guide)
    session.note("documents", NOTE)
    assert session.close(5.0)
    with contextlib.ExitStack() as stack:
        host = None
        if any(carrier in ("ssh", "mosh") for carrier in carriers):
            (folder / "server").mkdir()
            host = stack.enter_context(ssh_lab.server(folder / "server"))
        yield Place(folder, host)


@contextlib.contextmanager
def emulated(cells: int) -> Iterator[None]:
    """Ambiguous characters take so many cells in the emulator."""
    with ambiguous_is_wide() if cells == 2 else contextlib.nullcontext():
        yield


def tour(
    place: Place,
    carrier: str,
    cells: int,
    glyphs: str,
    lang: str,
    sizes: Sequence[tuple[int, int]],
    keys: Sequence[str] = WALK,
) -> Outcome:
    """One start of the program, walked through at each size in turn."""
    outcome = Outcome()
    label = f"{carrier}, ambiguous {cells}, {glyphs}, {lang}"
    place.picture.unlink(missing_ok=True)
    argv, env = carried(place, carrier, place.program(lang, glyphs))
    columns, lines = sizes[0]
    with emulated(cells), Seen(argv, env, place.picture, columns=columns, lines=lines) as terminal:
        for size in sizes:
            if size != (terminal.screen.columns, terminal.screen.lines):
                terminal.resize(*size)
            at = f"{label}, {size[0]}x{size[1]}"
            wrong = terminal.right()
            found = [f"at first: {wrong}"] if wrong else []
            if not wrong:
                count, found = terminal.walk(keys)
                outcome.pictures += count + 1
            outcome.losses += [f"{at}: {loss}" for loss in found]
            if found:
                break
        used = terminal.meant()["glyphs"]
        wanted = expected(carrier, cells, glyphs)
        if used != wanted:
            outcome.losses.append(f"{label}: drawn with {used!r}, {wanted!r} would be right")
        if not outcome.losses and keys is WALK and not terminal.views >= SCREENS:
            outcome.losses.append(f"{label}: never saw {SCREENS - terminal.views}")
        outcome.losses += [f"{label}: {loss}" for loss in terminal.leave()]
    return outcome


def sweep(
    place: Place, carrier: str, cells: int, glyphs: str, lang: str, widths: Sequence[int], each: int
) -> Outcome:
    """The message line of the running program at each width, with so many of its messages in turn."""
    outcome = Outcome()
    place.picture.unlink(missing_ok=True)
    argv, env = carried(place, carrier, place.program(lang, glyphs))
    with emulated(cells), Seen(argv, env, place.picture, columns=widths[0], lines=24) as terminal:
        wrong = terminal.right()
        for width in widths:
            if wrong:
                break
            terminal.resize(width, 24)
            for _ in range(each):
                wrong = wrong or terminal.press(NEXT_MESSAGE)
                outcome.pictures += not wrong
        if wrong:
            outcome.losses.append(f"messages, {carrier}, ambiguous {cells}, {glyphs}, {lang}: {wrong}")
        outcome.losses += terminal.leave()
    return outcome


def expected(carrier: str, cells: int, glyphs: str) -> str:
    """The glyphs that are right there: who stands between cannot know what the terminal outside does."""
    if glyphs != "auto":
        return glyphs
    return "narrow" if carrier in ("bare", "ssh") and cells == 1 else "safe"


def terminals(folder: Path, long: bool) -> Outcome:
    """All carriers, kinds of terminal, languages and sizes, and the message line; the short form takes a few of each."""
    whole = Outcome(skipped=[f"{carrier}: {missing(carrier)}" for carrier in CARRIERS if missing(carrier)])
    usable = [carrier for carrier in CARRIERS if not missing(carrier)]
    with ProcessPoolExecutor(2) as pool:
        for one in pool.map(
            by_carrier, [folder / carrier for carrier in usable], usable, [long] * len(usable)
        ):
            whole.pictures += one.pictures
            whole.losses += one.losses
    return whole


def by_carrier(folder: Path, carrier: str, long: bool) -> Outcome:
    """Everything that is tried inside one carrier."""
    whole = Outcome()
    folder.mkdir()
    langs = ("ja", "en") if long else ("ja",)
    with place_for(folder, [carrier]) as place:
        found = [
            tour(place, carrier, cells, glyphs, lang, SIZES if long else SIZES[:3:2])
            for cells, glyphs in (KINDS if long else KINDS[::3])
            for lang in langs
            if (carrier, glyphs) != ("screen-cjk", "narrow")  # the same trouble, asked of screen
        ]
        if carrier in ("bare", "tmux", "screen"):
            found += [
                sweep(place, carrier, cells, glyphs, lang, range(40, 201, 1 if long else 20), 4)
                for cells, glyphs in ((1, "narrow"), (2, "safe"))
                for lang in langs
            ]
    for one in found:
        whole.pictures += one.pictures
        whole.losses += one.losses
    return whole


# The other side: the program itself, which writes down what it means to show.


def main() -> int:
    """Run the program; the first argument names the file for its frames."""
    from checks.text import Text
    from tests.laboratory.shipped import filled, shipped
    from tui import application
    from tui.__main__ import run
    from tui.widgets.canvas import Canvas

    picture = Path(sys.argv.pop(1))
    keys, texts = 0, shipped()
    present: Callable[..., None] = Canvas.present
    on_key: Callable[..., None] = application.JunbiApp.on_key

    def note(canvas: Any, frame: Any, theme: str) -> None:
        app = canvas.app
        known = {
            "rows": ["".join(span.text for span in row) for row in frame.rows], "cursor": frame.cursor, "keys": keys,
            "view": type(app.desk.view).__name__, "glyphs": app.desk.glyphs.name,
        }  # fmt: skip
        temporary = picture.with_suffix(".tmp")
        temporary.write_text(json.dumps(known), "utf-8")
        temporary.replace(picture)
        present(canvas, frame, theme)

    def counted(app: Any, event: Any) -> None:
        nonlocal keys
        keys += 1
        if event.key != "f9":
            on_key(app, event)
            return
        text = texts[keys % len(texts)]
        app.desk.say(Text(filled(text.ja, "ja"), filled(text.en, "en")))

    setattr(Canvas, "present", note)  # noqa: B010 - a method of another type
    setattr(application.JunbiApp, "on_key", counted)  # noqa: B010
    return run()


if __name__ == "__main__":
    sys.exit(main())
