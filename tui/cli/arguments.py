"""From the arguments to a command with its options; every refusal is one sentence in the person's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.record import dataclass, field
from tui.cli import sentences
from tui.cli.problem import Problem, nearest
from tui.cli.spec import COMMANDS, COMMON, OPTIONS, SCREEN, SHORT, Command


@dataclass(frozen=True, slots=True)
class Arguments:
    """A command as it was typed; `options` holds each option's values in order, flags with an empty list."""

    command: Command
    positional: tuple[str, ...] = ()
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether the option was given."""
        return name in self.options

    def one(self, name: str) -> str | None:
        """The option's value, the last one given."""
        values = self.options.get(name)
        return values[-1] if values else None

    def format(self) -> str:
        """The form of the output."""
        return self.one("--format") or self.command.formats[0]


def parse(argv: Sequence[str]) -> Arguments:
    """The command; raises `Problem` (exit 2) that names what is wrong."""
    options: dict[str, list[str]] = {}
    words_left: list[str] = []
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--":
            words_left += rest
            break
        if not word.startswith("-") or word == "-":
            words_left.append(word)
            continue
        name, equals, value = word.partition("=")
        name = SHORT.get(name, name)
        option = OPTIONS.get(name)
        if option is None:
            near = nearest(name, OPTIONS)
            raise Problem(
                sentences.UNKNOWN_OPTION_NEAR if near else sentences.UNKNOWN_OPTION, option=name, near=near
            )
        given = options.setdefault(name, [])
        if not option.value:
            if equals:
                raise Problem(sentences.TAKES_NO_VALUE, option=name)
            continue
        if not equals:
            if not rest or rest[0].startswith("--"):
                raise Problem(sentences.NEEDS_VALUE, option=name, value=option.value)
            value = rest.pop(0)
        if not value:
            raise Problem(sentences.NEEDS_VALUE, option=name, value=option.value)
        if option.choices and value not in option.choices:
            raise Problem(sentences.NOT_A_CHOICE, option=name, given=value, choices=", ".join(option.choices))
        given.append(value)
    return _command(words_left, options)


def _command(positional: list[str], options: dict[str, list[str]]) -> Arguments:
    helping = False
    if positional[:1] == ["help"]:
        positional, helping = positional[1:], True
        options.setdefault("--help", [])
    command = SCREEN
    if positional:
        name = positional.pop(0)
        found = COMMANDS.get(name)
        if found is None:
            near = nearest(name, COMMANDS)
            raise Problem(
                sentences.UNKNOWN_COMMAND_NEAR if near else sentences.UNKNOWN_COMMAND, command=name, near=near
            )
        command = found
    if "--help" in options or "--version" in options or helping:
        return Arguments(command, tuple(positional), options)
    common = {option.name for option in COMMON}
    for option in options:
        if option not in common and option not in command.options:
            raise Problem(sentences.OPTION_NOT_HERE, option=option, command=command.name or "oss-junbi")
    for form in options.get("--format", ()):
        if form not in command.formats:
            choices = ", ".join(command.formats)
            raise Problem(sentences.NOT_A_CHOICE, option="--format", given=form, choices=choices)
    if "--session" in options and "--state" in options:
        raise Problem(sentences.SESSION_AND_STATE)
    if len(positional) < command.least:
        raise Problem(sentences.MISSING_ARGUMENT, command=command.name, takes=command.takes)
    if command.most is not None and len(positional) > command.most:
        raise Problem(sentences.TOO_MANY, command=command.name, given=positional[command.most])
    return Arguments(command, tuple(positional), options)
