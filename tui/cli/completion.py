"""`oss-junbi completion SHELL`: the script by which a shell's Tab key asks this program what can stand there.

The script calls `oss-junbi completion words -- WORD…` with the words up to the cursor, the last one being typed. The answer is
a line for each word that can stand there, with what it means behind a tab; where nothing is printed the shell offers files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checks.guide import Guide
from checks.text import Lang
from state.file.places import locate
from state.shelf.listing import session_files
from tui.cli import sentences
from tui.cli.opened import guide_meant
from tui.cli.output import deliver
from tui.cli.problem import Problem
from tui.cli.setup import Setup
from tui.cli.spec import COMMANDS, COMMON, OPTIONS, SCREEN, Option, Subcommand

_SCRIPTS = {
    "bash": """\
# bash: source <(oss-junbi completion bash)
_oss_junbi() {
    local typed="${COMP_LINE:0:COMP_POINT}" words
    local word="${typed##*[[:space:]]}"
    read -ra words <<<"$typed"
    [[ -z $word ]] && words+=("")
    mapfile -t COMPREPLY < <(oss-junbi completion words -- "${words[@]:1}" 2>/dev/null | cut -f1)
    # bash takes = and : for ends of words and replaces only what follows.
    local head="${word%"${word##*[=:]}"}"
    COMPREPLY=("${COMPREPLY[@]#"$head"}")
    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
complete -o default -F _oss_junbi oss-junbi
""",
    "zsh": """\
#compdef oss-junbi
# zsh: oss-junbi completion zsh > _oss-junbi, in a folder of $fpath
_oss_junbi() {
    local -a found
    found=(${(f)"$(oss-junbi completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)"})
    found=("${(@)${(@)found//:/\\\\:}//$'\\t'/:}")
    if (( $#found )); then _describe oss-junbi found; else _files; fi
}
compdef _oss_junbi oss-junbi
""",
    "fish": """\
# fish: oss-junbi completion fish | source
function __oss_junbi
    set -l typed (commandline -opc) (commandline -ct)
    set -l found (oss-junbi completion words -- $typed[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c oss-junbi -f -a '(__oss_junbi)'
""",
    "powershell": """\
# PowerShell: oss-junbi completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName oss-junbi, oss-junbi.exe -ScriptBlock {
    param($word, $ast, $position)
    $typed = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | Select-Object -Skip 1)
    $words = @($typed | ForEach-Object { "$_" }) + $(if ($word) { $word } else { '""' })
    oss-junbi completion words -- @words | ForEach-Object {
        $value, $meaning = $_ -split "`t", 2
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $(if ($meaning) { $meaning } else { $value }))
    }
}
""",
}


def main(setup: Setup) -> int:
    """Print the script of one shell, or the words that can stand at the end of a command line."""
    shell, *words = setup.args.positional
    if shell == "words":
        found = candidates([word.strip('"') for word in words], guide_meant(setup), setup.lang)
        deliver(setup, "".join(f"{word}\t{meaning}\n" for word, meaning in found), exact=True)
    elif shell in _SCRIPTS and not words:
        deliver(setup, _SCRIPTS[shell], exact=True)
    else:
        raise Problem(
            sentences.NOT_A_CHOICE,
            option="completion",
            given=" ".join((shell, *words)),
            choices=", ".join(_SCRIPTS),
        )
    return 0


def candidates(words: Sequence[str], guide: Guide, lang: Lang) -> list[tuple[str, str]]:
    """What can stand in place of the last word, each with what it means; nothing where only a file can."""
    *before, current = words or ("",)
    command = next((COMMANDS[word] for word in before if word in COMMANDS), SCREEN)
    named, equals, _ = current.partition("=")
    option = OPTIONS.get(named) if equals else OPTIONS.get(before[-1]) if before else None
    if option is not None and option.value:
        found = [(f"{named}=" * bool(equals) + value, "") for value in _values(option, command)]
    elif current.startswith("-"):
        taken = (*(OPTIONS[name] for name in command.options), *COMMON)
        found = [(each.name, each.help.to(lang)) for each in taken]
    elif command is SCREEN:
        found = [(name, entry.help.to(lang)) for name, entry in COMMANDS.items()]
    else:
        found = list(_arguments(command, guide, lang))
    return [(word, meaning) for word, meaning in found if word.startswith(current)]


def _values(option: Option, command: Subcommand) -> Sequence[str]:
    if option.name == "--format":
        return command.formats
    return (
        _sessions()
        if option.value in ("NAME", "SESSION") and option.name not in ("--by", "--name", "--pc")
        else option.choices
    )


def _sessions() -> list[str]:
    """The names that need no quotes in any shell."""
    return [entry.name for entry in session_files(locate()) if re.fullmatch(r"[\w.@-]+", entry.name)]


def _arguments(command: Subcommand, guide: Guide, lang: Lang) -> Iterator[tuple[str, str]]:
    """The arguments of a command, as far as they are known before they are typed."""
    for question in guide.questions.values():
        if "ID=VALUE" in command.takes:
            yield f"{question.id}=", question.text.to(lang)
            for choice in question.choices:
                yield f"{question.id}={choice.value}", choice.text.to(lang)
        elif re.match(r"\[?ID\b", command.takes):
            yield question.id, question.text.to(lang)
    if re.match(r"\[?ID\b(?!=)", command.takes):
        yield from ((check.id, check.title.to(lang)) for check in guide.checks.values())
    if command.takes == "NAME" and command.name != "new":
        yield from ((name, "") for name in _sessions())
    for word in re.findall(r"\b[a-z]+\b", command.takes):
        yield word, ""
