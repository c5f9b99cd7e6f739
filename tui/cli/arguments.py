"""From the arguments to a command with its options; every refusal is one sentence in the person's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.record import dataclass, field
from tui.cli import sentences
from tui.cli.problem import Problem, unknown
from tui.cli.spec import COMMANDS, COMMON, OPTIONS, SCREEN, SHORT, Subcommand


@dataclass(frozen=True, slots=True)
class Arguments:
    """A command as it was typed; `options` holds each option's values in order, flags with an empty list."""

    command: Subcommand
    positional: tuple[str, ...] = ()
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return name in self.options

    def one(self, name: str) -> str | None:
        """The option's value, the last one given."""
        values = self.options.get(name)
        return values[-1] if values else None

    def format(self) -> str:
        """The form of the output; empty for a command that has only one."""
        return self.one("--format") or next(iter(self.command.formats), "")


def parse(argv: Sequence[str]) -> Arguments:
    """The command; raises `Problem` (exit 2) that names what is wrong."""
    options: dict[str, list[str]] = {}
    positional: list[str] = []
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--":
            positional += rest
            break
        if not word.startswith("-") or word == "-":
            positional.append(word)
            continue
        name, equals, value = word.partition("=")
        name = SHORT.get(name, name)
        option = OPTIONS.get(name)
        if option is None:
            raise unknown(sentences.UNKNOWN_OPTION, name, OPTIONS, sentences.HELP_LISTS)
        values = options.setdefault(name, [])
        if not option.value:
            if equals:
                raise Problem(sentences.TAKES_NO_VALUE, option=name)
            continue
        if not equals and rest and not rest[0].startswith("--"):
            value = rest.pop(0)
        if not value:
            raise Problem(sentences.NEEDS_VALUE, option=name, value=option.value)
        _check_choice(name, value, option.choices)
        values.append(value)
    return _command(positional, options)


def _command(positional: list[str], options: dict[str, list[str]]) -> Arguments:
    if positional[:1] == ["help"]:
        del positional[0]
        options.setdefault("--help", [])
    command = SCREEN
    if positional:
        name = positional.pop(0)
        if name not in COMMANDS:
            raise unknown(sentences.UNKNOWN_COMMAND, name, COMMANDS, sentences.HELP_LISTS)
        command = COMMANDS[name]
    arguments = Arguments(command, tuple(positional), options)
    if "--help" in options or "--version" in options:
        return arguments
    for option in options:
        if option not in command.options and not any(option == common.name for common in COMMON):
            raise Problem(sentences.OPTION_NOT_HERE, option=option, command=command.name or "oss-junbi")
    for form in options.get("--format", ()):
        _check_choice("--format", form, command.formats)
    if "--session" in options and "--state" in options:
        raise Problem(sentences.SESSION_AND_STATE)
    if len(positional) < command.least:
        raise Problem(sentences.MISSING_ARGUMENT, command=command.name, takes=command.takes)
    if command.most is not None and len(positional) > command.most:
        raise Problem(sentences.TOO_MANY, command=command.name, given=positional[command.most])
    return arguments


def _check_choice(option: str, value: str, choices: Sequence[str]) -> None:
    if choices and value not in choices:
        raise Problem(sentences.NOT_A_CHOICE, option=option, given=value, choices=", ".join(choices))
