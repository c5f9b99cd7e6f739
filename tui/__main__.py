"""Entry of the program: the command line, and the way into the full screen. Nothing heavy is imported here."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NoReturn

from checks.text import Lang, Text
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
        with contextlib.suppress(OSError, ValueError):  # nobody reads any more
            if stream is not None:
                stream.flush()
    os._exit(code)


def main(argv: Sequence[str]) -> int:
    """Do what the arguments ask for and return the exit code; raises nothing."""
    console.prepare()
    lang = language(argv)
    try:
        with _ending_on_signals():
            return _main(list(argv), lang)
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
        nagios = "--format=nagios" in argv or ("--format", "nagios") in pairwise(argv)
        return _for_nagios(text) if nagios else code


def _main(argv: list[str], lang: Lang) -> int:
    if not argv:
        from tui.cli.screen import straight

        return straight(lang)
    from tui.cli.arguments import parse

    arguments = parse(argv)
    if arguments.has("--help"):
        from tui.cli.help_text import help_text

        console.emit(help_text(arguments.command, lang))
        return 0
    if arguments.has("--version"):
        from checks import FACTS_FROM, __version__

        console.emit(f"oss-junbi {__version__} (facts of {FACTS_FROM})\n")
        return 0
    if arguments.command.name == "" and not arguments.has("--plain"):
        from tui.cli.screen import needs_terminal

        needs_terminal()
    from importlib import import_module

    from tui.cli.setup import set_up

    setup = set_up(arguments, lang)
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


def _for_nagios(text: Text) -> int:
    """Say in its one line why nothing could be found out; gives UNKNOWN."""
    said = text.en.encode("ascii", "replace").decode().replace("|", "/").replace("\n", " ")
    with contextlib.suppress(OSError, console.OutputGone):  # nobody reads
        console.emit(f"OSS-JUNBI UNKNOWN - {said}"[:NAGIOS_WIDTH] + "\n")
    return NAGIOS_UNKNOWN


@contextlib.contextmanager
def _ending_on_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP unwind the stack, so that what was answered is saved; only in the main thread."""
    import signal

    def terminated(number: int, _: object) -> None:
        raise Terminated(number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    taken = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    try:
        for number in taken:
            signal.signal(number, terminated)
    except ValueError:  # not the main thread
        taken = []
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _harden() -> None:
    """No memory image of this process is ever written: it may hold what a person typed."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    run()
