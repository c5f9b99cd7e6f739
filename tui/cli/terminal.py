"""`oss-junbi terminal`: tests this terminal."""

from __future__ import annotations

import sys

from tui.cli.setup import Setup


def main(setup: Setup) -> int:
    """Run the self-test of the terminal."""
    from tui.terminal.selftest import run

    return run(setup.lang, sys.stdout, sys.stdin)
