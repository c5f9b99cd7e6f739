"""`oss-junbi terminal`: tests this terminal."""

from __future__ import annotations

import io
import sys

from tui.cli.problem import Problem
from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Run the self-test of the terminal; raises `Problem` (exit 2) where there is none."""
    from tui.terminal import modes
    from tui.terminal.selftest import NO_TERMINAL, run

    if modes.terminal() is None:
        raise Problem(NO_TERMINAL)
    return run(setup.lang, sys.stdout or io.StringIO(), sys.stdin)
