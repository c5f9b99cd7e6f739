"""From a stored code and its values to the sentences a person reads."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checks.model import Check, Json, Outcome, Says
from checks.record import dataclass
from checks.says import crashes, skips, unknown
from checks.shown import show
from checks.text import Lang, Text, placeholders

VALUE_LIMIT = 160
"""Characters of one value within a sentence."""

GENERIC: Mapping[str, Says] = {
    "timeout": unknown(
        "{seconds}秒待っても答えがありませんでした。",
        "There was no response within {seconds|second}.",
        "時間をおいて、もう一度検査してください。続くときは、回線やセキュリティ製品が止めていないか確かめてください。",
        "Run the check again later. If the problem persists, check whether the connection or a security product is blocking it.",
    ),
    "unavailable": unknown(
        "調べることができませんでした。",
        "This could not be checked.",
        "「見えたもの」に理由があります。公式ページの手順で、ご自身で確かめてください。",
        "The evidence shows the reason. Check it yourself by following the official page.",
    ),
    "crash": crashes(
        "検査プログラムの不具合で、調べられませんでした（{error}）。お使いのPCの問題ではありません。",
        "This could not be checked because of a bug in this program ({error}). This is not a problem with your PC.",
        "ほかの検査には影響しません。「見えたもの」を添えて、開発元へお知らせください。",
        "Other checks are not affected. Please report this to the developers together with the evidence.",
    ),
    "prerequisite": skips(
        "先に必要な検査（{check}）が通っていないため、調べていません。",
        "Not checked because a check it depends on ({check}) has not passed.",
        "まず、その検査の指示に従ってください。",
        "Follow the instructions of that check first.",
    ),
    "offline": skips(
        "ネットワークを使わない設定なので、調べていません。",
        "Not checked because the network is turned off for this run.",
        "--offline を付けずに、もう一度検査してください。",
        "Run the check again without --offline.",
    ),
    "elsewhere": skips(
        "回答の場所がほかのコンピューターを指すことがあるため、開いていません。",
        "Not opened because the location you answered may lead to another computer.",
        "ご自身の場所なら、この検査だけを実行してください。画面では r を押します。",
        "If the location is your own, run this check by itself (on the screen, press r).",
        commands=("oss-junbi check {check}",),
    ),
    "partly": unknown(
        "{of}件のうち{looked}件しか調べられませんでした。見たものに問題はありません。",
        "Only {looked} of {of} could be checked. No problem was found in those.",
        "「見えたもの」にある、調べられなかったものを、ご自身で確かめてください。",
        "Check the items in the evidence that could not be checked yourself.",
    ),
    "out-of-scope": skips(
        "今回の申請では対象外です。理由は「この方法で申請できるか」にあります。",
        'Not required for this application. See "Can it be filed this way" for the reason.',
        not_needed=True,
    ),
    "not-known": unknown(
        "この申請の方法が受け付けられるかを確かめられないので、準備ができているとは言えません。",
        "It could not be confirmed that an application can be filed this way, so this cannot be called ready.",
        "「この方法で申請できるか」の説明に従って確かめてください。",
        'Follow the instructions of "Can it be filed this way".',
    ),
    "unanswered": skips(
        "申請の方法に答えるまで、必要かどうかを判定できません。",
        "Whether this is needed depends on the filing channel, which has not been answered yet.",
        "「申請の内容」で、申請の方法を答えてください。",
        "Answer the filing channel in the application questions.",
    ),
    "not-applicable": skips(
        "今回の申請には必要ありません。", "Not needed for this application.", not_needed=True
    ),
}
"""What the engine itself may say of any check."""


@dataclass(frozen=True, slots=True)
class Sentences:
    text: Text
    remedy: Text | None
    commands: tuple[str, ...]
    link: str


def says_of(check: Check, code: str) -> Says | None:
    """What the check says for that code, or None when it no longer knows the code."""
    return check.says.get(code) or GENERIC.get(code)


def outcome_of(check: Check, code: str) -> Outcome | None:
    says = says_of(check, code)
    return says.outcome if says else None


def verdict(check: Check, code: str, values: Mapping[str, Json], platform: str = "") -> Sentences | None:
    """The sentences for a code and its values; None when the check no longer knows the code.

    Commands for other systems than `platform` are left out; with no platform all are kept with their prefix.
    """
    says = says_of(check, code)
    if says is None:
        return None
    says = says.rows.get(str(values.get("row")), says)
    safe: dict[str, Json | Text] = {
        key: show(value, VALUE_LIMIT) if isinstance(value, str) else value for key, value in values.items()
    }
    if code == "prerequisite":
        title = check.titles.get(str(values.get("check")))
        safe |= {} if title is None else {"check": title}
    return Sentences(
        text=says.text.filled(safe),
        remedy=says.remedy.filled(safe) if says.remedy else None,
        commands=tuple(_commands(says.commands, safe, platform)),
        link=says.link or check.source,
    )


def sentence(check: Check, code: str, values: Mapping[str, Json], lang: Lang) -> str:
    said = verdict(check, code, values)
    return said.text.to(lang) if said else show(code)


_HARMLESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:_@+-]*")


def copied_safely(value: str) -> bool:
    """Whether it can stand in a command that a person copies, since no shell would act upon it."""
    return _HARMLESS.fullmatch(value) is not None


def _commands(commands: tuple[str, ...], values: Mapping[str, Json | Text], platform: str) -> list[str]:
    """The commands of that system, filled in; one whose values a shell could act upon is left out."""
    kept = []
    for command in commands:
        system, _, rest = command.partition(":")
        if platform and system in ("windows", "macos", "linux"):
            if system != platform:
                continue
            command = rest.strip()
        needed = placeholders(command) & values.keys()
        if all(copied_safely(str(values[name])) for name in needed):
            kept.append(Text(command, command).fill(values, "en"))
    return kept
