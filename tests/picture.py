"""Makes the picture of the README: the real program in a real pseudo-terminal, every cell placed by itself.

    python -m tests.picture [--lang ja|en] [--size 100x30] [FILE.svg]

Terminal pictures made from whole lines squeeze Japanese in a browser, because the width of a line is set for it;
here each character stands at its own column, so it cannot.
"""

from __future__ import annotations

import argparse
import html
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyte

from tests.support.pty_screen import PtyScreen
from tests.support.tls_lab import Server, Tls, http_answer, leaf, make, name, pem, proxy_to

HOST = "www.oss.mlit.go.jp"
CELL, LINE, MARGIN = 9.0, 20.0, 14.0
INK, PAPER = "#d8dee9", "#1d2129"
COLOURS = {
    "black": "#1d2129", "red": "#ff7b85", "green": "#a3d98f", "brown": "#f0d080", "blue": "#8ab4f8",
    "magenta": "#d6a6e8", "cyan": "#86d4e0", "white": "#e5e9f0", "brightblack": "#8a93a6",
    "brightred": "#ff9aa2", "brightgreen": "#b9e6a8", "brightbrown": "#ffe29a", "brightblue": "#a8c7ff",
    "brightmagenta": "#e6bff2", "brightcyan": "#a6e6ef", "brightwhite": "#ffffff",
}  # fmt: skip
ANSWERS = (
    "case.role=self", "case.vehicle=registered", "case.procedure=transfer", "case.applicant=individual",
    "case.route=full", "case.owner-is-user=yes", "case.garage=have", "case.proxy-issuance=no",
    "certificate.kind=jpki-phone", "root.managed-pc=managed",
)  # fmt: skip


BOXES = {
    "─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ur", "┘": "ul", "├": "udr", "┤": "udl", "┬": "lrd", "┴": "lru", "┼": "lrud",
}  # fmt: skip
"""Where the lines of a frame go to from the middle of their cell."""
REACH = {
    "l": (-CELL / 2 - 0.2, 0.0), "r": (CELL / 2 + 0.2, 0.0), "u": (0.0, -LINE / 2 - 0.2), "d": (0.0, LINE / 2 + 0.2),
}  # fmt: skip


def box(signs: str, left: float, top: float, ink: str) -> str:
    """The lines of a frame in one cell; as letters they would not meet, for a font is not as high as a line here."""
    x, y = left + CELL / 2, top + LINE / 2
    path = "".join(f"M{x:g} {y:g}l{REACH[sign][0]:g} {REACH[sign][1]:g}" for sign in signs)
    return f'<path d="{path}" stroke="{ink}"/>'


def colour(name: str, default: str) -> str:
    """A colour of the emulator as CSS."""
    if name == "default":
        return default
    return COLOURS.get(name) or f"#{name}"


def drawn(screen: pyte.Screen) -> str:
    """The picture as SVG, each character at its own column."""
    width, height = screen.columns * CELL + 2 * MARGIN, screen.lines * LINE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
        " font-family=\"'Noto Sans Mono CJK JP','BIZ UDGothic','MS Gothic','Osaka-Mono',monospace\" font-size=\"15\">",
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{PAPER}"/>',
    ]
    glyphs: list[str] = []  # above all backgrounds: a wide character reaches over its second cell's
    for y in range(screen.lines):
        row = screen.buffer[y]
        for x in range(screen.columns):
            cell = row[x]
            ink, paper = colour(cell.fg, INK), colour(cell.bg, PAPER)
            if cell.reverse:
                ink, paper = paper, ink
            left, top = MARGIN + x * CELL, MARGIN + y * LINE
            if paper != PAPER:
                parts.append(
                    f'<rect x="{left:g}" y="{top:g}" width="{CELL + 0.4:g}" height="{LINE + 0.4:g}" fill="{paper}"/>'
                )
            if cell.data in BOXES:
                glyphs.append(box(BOXES[cell.data], left, top, ink))
            elif cell.data.strip():
                weight = ' font-weight="bold"' if cell.bold else ""
                glyphs.append(
                    f'<text x="{left:g}" y="{top + 15:g}" fill="{ink}"{weight}>{html.escape(cell.data)}</text>'
                )
    return "\n".join([*parts, *glyphs, "</svg>", ""])


def main(argv: Sequence[str] | None = None) -> int:
    """Start a portal behind a filter that replaces certificates, look at what the program says of it, draw that."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", default="docs/screen.svg", type=Path)
    parser.add_argument("--lang", default="ja", choices=("ja", "en"))
    parser.add_argument("--size", default="100x30")
    chosen = parser.parse_args(argv)
    columns, lines = (int(part) for part in chosen.size.split("x"))
    anchor = make(name("Example Filter CA", "Example Security"), own="root", ca=True)
    served = leaf(anchor, HOST, sans=(HOST,))
    with tempfile.TemporaryDirectory() as home:
        trusted = Path(home, "filter.pem")
        trusted.write_text(pem(anchor.der))
        program = [sys.executable, "-m", "tui"]
        env = {
            "PATH": os.environ["PATH"], "HOME": home, "OSS_JUNBI_HOME": home, "TERM": "xterm-256color",
            "LANG": "ja_JP.UTF-8", "OSS_JUNBI_LANG": chosen.lang, "SSL_CERT_FILE": str(trusted), "PYTHONUTF8": "1",
        }  # fmt: skip
        subprocess.run([*program, "answer", *ANSWERS, "--session", "sakura-fleet-12"], env=env, check=True)
        portal = Server(
            Tls([served.der, anchor.der], served.key, answer=lambda asked: http_answer()).handler()
        )
        with portal, Server(proxy_to(portal.port)) as proxy:
            command = [
                *program,
                "--session",
                "sakura-fleet-12",
                "--glyphs",
                "narrow",
                "--proxy",
                f"http://127.0.0.1:{proxy.port}",
            ]
            with PtyScreen(command, env, columns=columns, lines=lines) as terminal:
                terminal.until(lambda: "pc.proxy" in _saved(Path(home)), "the local checks to end")
                terminal.send("R")
                terminal.see("(y, Enter)")
                terminal.send("y")
                found = "差し替え" if chosen.lang == "ja" else "replac"
                terminal.until(lambda: "portal.pages" in _saved(Path(home)), "the checks to end")
                terminal.send("/portal.tls\r")
                terminal.see(found)
                terminal.send("\x1b")
                terminal.until(
                    lambda: "/" in keys(terminal) and "portal.tls" not in terminal.text, "the filter to go"
                )
                still(terminal)
                chosen.file.write_text(drawn(terminal.screen), "utf-8")
                terminal.send("q")
                return terminal.wait()


def keys(terminal: PtyScreen) -> str:
    """The last line, which names the keys."""
    return terminal.text.splitlines()[-1]


def still(terminal: PtyScreen) -> None:
    """Wait until nothing more is drawn."""
    before = -1
    while before != len(terminal.received):
        before = len(terminal.received)
        terminal.pump(1.0)


def _saved(home: Path) -> str:
    return "".join(path.read_text("utf-8") for path in home.rglob("sakura-fleet-12.toml"))


if __name__ == "__main__":
    raise SystemExit(main())
