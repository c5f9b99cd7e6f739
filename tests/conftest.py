"""The same examples and the same surroundings in every run; `pytest --hypothesis-profile=search` looks for new examples.

A property that fails by chance stops somebody else's change. What a search finds becomes an `@example` or a table row.
"""

from __future__ import annotations

import os
import signal
import time

import pytest
from hypothesis import Phase, settings

from tui import cursor_rest

_OF_THE_PERSON = ("OSS_JUNBI_", "LC_", "TEXTUAL", "SSH_", "TMUX", "XDG_")
_ALSO = {
    "ALL_PROXY", "BROWSER", "COLUMNS", "DISPLAY", "HTTP_PROXY", "HTTPS_PROXY", "LANG", "LANGUAGE", "LINES", "NO_COLOR",
    "NO_PROXY", "STY", "TERM", "TERM_PROGRAM", "WAYLAND_DISPLAY",
}  # fmt: skip
for _name in [*os.environ]:
    if _name.startswith(_OF_THE_PERSON) or _name.upper() in _ALSO:
        del os.environ[_name]
# What the program makes of the zone and of these variables is tested where a test sets them.
os.environ["TZ"] = "UTC"
if hasattr(time, "tzset"):
    time.tzset()

# A run in the background (`nohup`, `&`) ignores these, and so would every program that a test starts.
for _signal in [getattr(signal, _name, None) for _name in ("SIGINT", "SIGHUP", "SIGQUIT")]:
    if _signal is not None and signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(_signal, signal.default_int_handler if _signal == signal.SIGINT else signal.SIG_DFL)

settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("search", deadline=None, max_examples=5000)
# For what only asks whether a test fails: no smaller example is looked for, which can take longer than a test may.
settings.register_profile(
    "red", derandomize=True, deadline=None, database=None, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("same")


@pytest.fixture(autouse=True)
def _at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The selection rests at once: keys that a test presses come as quickly as a held one repeats."""
    monkeypatch.setattr(cursor_rest, "REST", 0.0)


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The saver looks again and again at what others wrote."""
    monkeypatch.setattr("state.live.saver.LOOK", 0.02)
