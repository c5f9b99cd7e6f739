"""What `oss-junbi.exe` runs: it finds its own folder, says where the program may write, and starts it.

The file is packed as `__main__.py` into the archive at the end of the launcher, and run by the Python beside it.
"""

import ctypes
import os
import sys

SMALLEST = (80, 24)
"""Columns and rows that the full screen needs."""


def writes_to(folder: str) -> str:
    """The folder of the sessions: beside the program where a file `portable` stands there, else the user's own."""
    if os.path.exists(os.path.join(folder, "portable")):
        os.environ.setdefault("OSS_JUNBI_HOME", os.path.join(folder, "data"))
    home = os.environ.get("OSS_JUNBI_HOME")
    if home:
        return home
    local = os.environ.get("LOCALAPPDATA")
    return os.path.join(local, "oss-junbi") if local else ""


def own_console() -> bool:
    """Whether nothing else uses the console, so that it closes with us: the program was double-clicked."""
    processes = (ctypes.c_uint32 * 4)()
    # The launcher and this interpreter; a shell would be the third.
    return 0 < ctypes.windll.kernel32.GetConsoleProcessList(processes, len(processes)) <= 2


def enlarge() -> None:
    """A console smaller than the screen needs is made larger."""
    try:
        columns, rows = os.get_terminal_size()
    except OSError:
        return
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        os.system("mode con: cols=100 lines=30")


def main() -> int:
    """Start oss-junbi; a console of our own stays open until somebody has read what went wrong."""
    home = writes_to(os.path.dirname(os.path.abspath(sys.argv[0])))
    # Compiled modules are kept with the sessions: the medium may be read-only, and nothing is written beside the program.
    sys.pycache_prefix = os.path.join(home, "bytecode") if home else None
    sys.dont_write_bytecode = not home
    alone = own_console()
    if alone:
        enlarge()
    from tui.__main__ import main as program

    code = program(sys.argv[1:])
    if alone and code:
        input("\nEnter キーを押すと閉じます。/ Press Enter to close this window. ")
    return code


if __name__ == "__main__":
    number = main()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(number)  # no thread of a check that hangs is waited for
