"""Entry of the program: the command line, and the way into the full screen. Nothing heavy is imported here."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import NoReturn

from checks.text import Text
from tui.cli import console, sentences
from tui.cli.language import language
from tui.cli.problem import BUG, CANNOT_WRITE, filled

SIGNALLED = 128
SIGINT, SIGPIPE = 2, 13
NAGIOS_UNKNOWN, NAGIOS_WIDTH = 3, 80


class Terminated(BaseException):
    """The system asked us to end; carries the signal's number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def run() -> NoReturn:
    """The console script; ends the process itself, since taking the interpreter apart is of use to nobody.

    By then everything is saved, the terminal is as it was, and no thread of ours is waited for.
    """
    import gc

    gc.set_threshold(250_000, 20, 20)  # nearly nothing that is made at a start ever becomes garbage
    _harden()
    code = main(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads any more
            if stream is not None:
                stream.flush()
    os._exit(code)


def main(argv: Sequence[str]) -> int:
    """Do what the arguments ask for and return the exit code; raises nothing."""
    console.prepare()
    lang = language(argv)
    try:
        with _ending_on_signals():
            return _main(list(argv))
    except KeyboardInterrupt:
        console.tell(sentences.INTERRUPTED, lang)
        return SIGNALLED + SIGINT
    except Terminated as end:
        return SIGNALLED + end.number
    except console.OutputGone:
        return SIGNALLED + SIGPIPE
    except Exception as error:
        text, code = _reason(error)
        console.tell(text, lang)
        return _for_nagios(text) if _is_nagios(argv) else code


def _main(argv: list[str]) -> int:
    if not argv:
        from tui.cli.screen import straight

        return straight(language(argv))
    from tui.cli.arguments import parse

    arguments = parse(argv)
    if arguments.has("--help"):
        from tui.cli.help_text import help_text

        console.emit(help_text(arguments.command, language(argv)))
        return 0
    if arguments.has("--version"):
        from checks import __version__

        console.emit(f"oss-junbi {__version__}\n")
        return 0
    if arguments.command.name == "" and not arguments.has("--plain"):
        from tui.cli.screen import needs_terminal

        needs_terminal()
    from importlib import import_module

    from tui.cli.setup import set_up

    setup = set_up(arguments, language(argv))
    name = "plain" if arguments.has("--plain") else arguments.command.module
    code: int = import_module(f"tui.cli.{name}").main(setup)
    return code


def _reason(error: Exception) -> tuple[Text, int]:
    """What the person can mend, in one sentence, with its exit code; everything else is a defect, kept without any variable."""
    text, code = getattr(error, "text", None), getattr(error, "exit_code", None)
    if isinstance(text, Text) and isinstance(code, int):
        return text, code
    if isinstance(error, OSError) and error.filename is None and error.errno is not None:
        from state.file.named_file import unwritable

        return filled(sentences.CANNOT_WRITE, file="stdout", why=unwritable(error)), CANNOT_WRITE
    from tui.cli.crash import keep

    return keep(error), BUG


def _is_nagios(argv: Sequence[str]) -> bool:
    """Whether a monitoring system asks, which knows the exit codes 0 to 3 alone."""
    return "--format=nagios" in argv or ("--format", "nagios") in pairwise(argv)


def _for_nagios(text: Text) -> int:
    """Say in its one line why nothing could be found out; gives UNKNOWN."""
    line = text.en.encode("ascii", "replace").decode().replace("|", "/").replace("\n", " ")
    with suppress(OSError, console.OutputGone):  # nobody reads
        console.emit(f"OSS-JUNBI UNKNOWN - {line}"[:NAGIOS_WIDTH] + "\n")
    return NAGIOS_UNKNOWN


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP unwind the stack, so that what was answered is saved; only in the main thread."""
    import signal

    before = []
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with suppress(ValueError):  # not the main thread
                before.append((number, signal.signal(number, _terminated)))
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _terminated(number: int, _frame: object) -> None:
    raise Terminated(number)


def _harden() -> None:
    """No memory image of this process is ever written: it may hold what a person typed."""
    if sys.platform != "win32":
        import resource

        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    run()
