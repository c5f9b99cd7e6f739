"""Write the manual page from the table of commands.

    python .ci/man_page.py [FILE]           default: docs/oss-junbi.1

Run it after a change of `tui/cli/spec.py` or `tui/cli/help_text.py`; a test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tui.cli.help_text import EXIT_CODES, FIRST_COMMANDS, WHAT  # noqa: E402
from tui.cli.spec import COMMANDS, COMMON, OPTIONS, Option  # noqa: E402


def roff(text: str) -> str:
    """Text that stands for itself in a line of the page."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def sentence(text: str) -> str:
    """An explanation as a sentence."""
    return roff(text[0].upper() + text[1:])


def entry(option: Option, formats: tuple[str, ...] = ()) -> Iterator[str]:
    """One option with its value and what it is for."""
    choices = ", ".join(formats if option.name == "--format" else option.choices)
    yield ".TP"
    yield f"\\fB{roff(option.name)}\\fR" + (f" \\fI{roff(option.value)}\\fR" if option.value else "")
    yield sentence(option.help.en) + (
        f" ({roff(choices)})." if choices and choices.replace(", ", "|") != option.value else "."
    )


def page() -> str:
    """The whole page."""
    name, _, what = WHAT.en.partition(" - ")
    lines = [
        '.TH OSS\\-JUNBI 1 "" "oss-junbi" "User Commands"',
        ".SH NAME",
        f"{roff(name)} \\- {roff(what.rstrip('.'))}",
    ]
    lines += [".SH SYNOPSIS", ".B oss\\-junbi", "[\\fICOMMAND\\fR] [\\fIOPTION\\fR]..."]
    lines += [".SH EXAMPLES"]
    for command, text in FIRST_COMMANDS:
        lines += [".TP", f"\\fB{roff(command)}\\fR", sentence(text.en) + "."]
    lines += [".SH COMMANDS"]
    for command in COMMANDS.values():
        lines += [
            ".SS " + f"{roff(command.name)} {roff(command.takes)}".rstrip(),
            sentence(command.help.en) + ".",
        ]
        for option in command.options:
            lines += entry(OPTIONS[option], command.formats)
    lines += [".SH COMMON OPTIONS", "They stand before or after the command."]
    for option in COMMON:
        lines += entry(option)
    lines += [".SH EXIT STATUS"]
    for code, text in EXIT_CODES:
        lines += [".TP", f"\\fB{roff(code)}\\fR", sentence(text.en) + "."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs" / "oss-junbi.1").write_text(page(), "utf-8")
