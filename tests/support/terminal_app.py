"""A program in a pseudo-terminal, for the tests of the driver: draws what its orders say.

Orders come as keys; reports go as JSON lines to the file descriptor of REPORT. It is no test itself.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from dataclasses import replace
from typing import Any, ClassVar

from tui.terminal import exit as leaving
from tui.terminal import modes, probe, skeleton
from tui.terminal.glyphs import NARROW, SAFE

assert sys.platform != "win32"

CHARACTERS = {
    "plain": "abcXYZ 0123 ()[]-=_#",
    "kanji": "自動車保有関係手続のワンストップサービス、。「」ＡＢ　",
    "kana": "ｶﾞｷﾞﾊﾟｱｲｳ",
    "ambiguous": "●○→…─│├└×①α■▲█▁",
    "marks": "が\u3099e\u0301辻\U000e0100葛\U000e0101",
    "emoji": "😀🚗⚠\ufe0f✅",
}


def report(value: dict[str, Any]) -> None:
    """One line for the test: to a descriptor, or to a file where none can be inherited."""
    line = json.dumps(value).encode() + b"\n"
    where = os.environ["REPORT"]
    if where.isdigit():
        os.write(int(where), line)
    else:
        with open(where, "ab") as file:
            file.write(line)


def main() -> None:
    order = json.loads(os.environ["ORDER"])
    if order.get("nohup"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if order.get("no_line"):
        modes._own_line = lambda output: -1
    if order.get("selftest"):
        from tui.cli import terminal
        from tui.cli.arguments import parse
        from tui.cli.setup import set_up

        sys.exit(terminal.main(set_up(parse(["terminal"]), order["selftest"], {})))
    if order.get("exit"):

        def save(seconds: float) -> bool:
            report({"saved": seconds})
            threading.Event().wait(order.get("saving", 0))
            report({"done": True})
            return True

        leaving.install(save)
    picture = (
        skeleton.paint("oss-junbi 準備", ["1 証明書", "2 PC環境"], "読み込み中")
        if order.get("skeleton")
        else None
    )
    glyphs = SAFE if order.get("glyphs") == "safe" else replace(NARROW, measured=order.get("measured", True))
    if order.get("probe"):
        report({"glyphs": probe.choose_glyphs("auto").name, "typed": bytes(modes.tty.typed_ahead).decode()})
    run_app(order, glyphs, picture)
    if order.get("after"):
        print("left the normal way")


def run_app(order: dict[str, Any], glyphs: Any, picture: Any) -> None:
    from rich.segment import Segment
    from rich.style import Style
    from textual._compositor import CompositorUpdate
    from textual.app import App, ComposeResult
    from textual.events import Key, MouseDown, Paste, Resize
    from textual.geometry import Region
    from textual.strip import Strip
    from textual.widget import Widget

    from tui.terminal.driver import driver_class

    pool = "".join(CHARACTERS[kind] for kind in order.get("kinds", ["plain", "kanji"]))
    texts: list[str] = order.get("texts", [])
    colours = ["red", "green", "#204060", "#ffffff", "default", "blue", "color(200)"]

    class Noise(Widget, can_focus=True):
        DEFAULT_CSS = "Noise { width: 1fr; height: 1fr; }"
        seed: int = 0
        area: Region | None = None
        lines: ClassVar[dict[int, Strip]] = {}

        def render_line(self, y: int) -> Strip:
            known = self.lines.get(y)
            if known is not None and known.cell_length == self.size.width:
                return known
            chance = random.Random(self.seed * 1000 + y)
            segments = [Segment(texts[y])] if y < len(texts) else []
            while not texts and Strip(segments).cell_length < self.size.width:
                text = "".join(chance.choice(pool) for _ in range(chance.randint(1, 12)))
                style = Style(
                    color=chance.choice(colours),
                    bgcolor=chance.choice(colours[-3:]),
                    bold=chance.random() < 0.2,
                    underline=chance.random() < 0.2,
                    reverse=chance.random() < 0.1,
                )
                if chance.random() < 0.3:
                    text = " " * chance.randint(1, 30)
                segments.append(Segment(text, style))
            self.lines[y] = Strip(segments).adjust_cell_length(self.size.width)
            return self.lines[y]

    class Drawn(App[None]):
        ENABLE_COMMAND_PALETTE = False
        ticks = 0

        def compose(self) -> ComposeResult:
            yield Noise()

        def on_mount(self) -> None:
            report({"ready": os.getpid()})
            if order.get("ticks"):
                self.timer = self.set_interval(0.02, self.tick)
            if order.get("crash"):
                raise RuntimeError("on purpose")

        def tick(self) -> None:
            self.ticks += 1
            self.change(self.ticks)
            if self.ticks % 10 == 0:
                driver: Any = self._driver
                report({"tick": self.ticks, "stalled": driver._pump.busy})

        def change(self, seed: int) -> None:
            noise = self.query_one(Noise)
            noise.seed = seed
            chance = random.Random(seed)
            if chance.random() < 0.3 or order.get("ticks"):
                noise.lines.clear()
                noise.refresh()
                return
            for _ in range(chance.randint(1, 4)):  # parts of lines, as when a highlight moves
                y = chance.randrange(max(1, noise.size.height))
                noise.lines.pop(y, None)
                x = chance.randrange(max(1, noise.size.width))
                noise.refresh(Region(x, y, chance.randint(1, 30), 1))
                noise.refresh(Region(0, y, noise.size.width, 1))

        def dump(self) -> None:
            strips = self.screen._compositor.render_strips()
            update = self.screen._compositor.render_update(full=True)
            assert isinstance(update, CompositorUpdate)
            report(
                {
                    "rows": [strip.text for strip in strips],
                    "ansi": update.render_segments(self.console),
                    "cursor": list(self.cursor_position),
                }
            )

        def on_resize(self, event: Resize) -> None:
            self.query_one(Noise).lines.clear()

        def on_paste(self, event: Paste) -> None:
            report({"paste": event.text})

        def on_mouse_down(self, event: MouseDown) -> None:
            report({"mouse": [event.screen_x, event.screen_y]})

        def on_key(self, event: Key) -> None:
            driver: Any = self._driver
            if event.key == "space":
                self.change(self.query_one(Noise).seed + 1)
            elif event.key == "d":
                self.call_after_refresh(self.dump)
            elif event.key == "t":
                self.timer.stop()
            elif event.key == "q":
                self.exit()
            elif event.key == "l":
                driver.repaint()
            elif event.key == "c":
                self.cursor_position = type(self.cursor_position)(7, 3)
                driver._schedule()
            elif event.key == "b":  # the loop is blocked from here on
                report({"blocked": True})
                threading.Event().wait(30)
            elif event.key == "z":
                self.action_suspend_process()
            elif event.key == "w":
                report({"sent": [driver.send_control(data) for data in order["controls"]]})
            report({"key": event.key, "character": event.character})

    Drawn(driver_class=driver_class(glyphs=glyphs, picture=picture)).run()


if __name__ == "__main__":
    if os.environ.get("CONTROLLING"):
        import fcntl
        import termios

        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    report({"started": time.monotonic()})
    main()
    sys.stdout.flush()
