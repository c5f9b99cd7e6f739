"""What an inspection certificate says that a checklist can use, and what that answers in a guide.

Fields and shapes: the ministry's sample files of the viewer app and public programs that read them; the specifications
were not read. Names and addresses are in no fact and in no error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import TypeAlias

from checks.guide import Guide
from checks.record import dataclass
from checks.text import Text

NAMES: Mapping[str, Text] = {
    "plate": Text("ナンバー", "Number plate"),
    "make": Text("車名", "Make"),
    "kind": Text("車の種類", "Kind of vehicle"),
    "form": Text("車検証の種類", "Form of the certificate"),
    "expiry": Text("有効期間の満了する日", "Expiry of the inspection"),
    "owner_is_user": Text("所有者と使用者が同じ", "Owner is user"),
    "wished": Text("希望番号", "Desired number"),
}
"""The facts, in the order in which they are shown."""
VALUES: Mapping[str, Text] = {
    "registered": Text("登録自動車", "registered vehicle"),
    "motorcycle": Text("二輪の小型自動車", "motorcycle above 250 cc"),
    "light": Text("軽自動車", "kei car"),
    "ic": Text("電子車検証", "electronic"),
    "paper": Text("紙の車検証", "paper"),
    "yes": Text("はい", "yes"),
    "no": Text("いいえ", "no"),
}
"""What a fact can be that is neither a day in ISO 8601 nor a text."""
WINDOW = 20
"""Years around today in which an expiry with a two-digit year lies."""

_WRONG = Text(
    "{source} が「{name}」として読めません。値がありえないか、途中で切れています。もう一度出力するか、読み取ってください。",
    "{source} cannot be read as '{name}': the value is impossible or was cut. Export or scan it again.",
)
_PLATE = re.compile("([^\\W\\d_A-Z]{1,4})([0-9][0-9A-Z]{0,2}|[A-Z]?)([ぁ-ゖァ-ヶA-Z])([0-9]{1,4})")


class InspectionCertificateError(ValueError):
    """What was read is no inspection certificate that can be taken; `text` says why and what to do."""

    def __init__(self, text: Text, **values: object) -> None:
        self.text = text.filled(values)
        super().__init__(self.text.en)


@dataclass(frozen=True, slots=True)
class VehicleFact:
    """One thing that the certificate says."""

    value: str
    source: Text
    """The field of the file or of the code."""


VehicleFacts: TypeAlias = dict[str, VehicleFact]
"""What one certificate says, by `NAMES`."""


def wrong(name: str, source: Text) -> InspectionCertificateError:
    """The refusal of a field that should have that fact."""
    return InspectionCertificateError(_WRONG, name=NAMES[name], source=source)


def answers(guide: Guide, facts: VehicleFacts) -> dict[str, str]:
    """By question what the certificate answers in that guide; plate and make are what the application is called."""
    found = {
        one.question: one.answer or facts[one.fact].value
        for one in guide.roles.certificate
        if one.fact in facts and one.value in ("", facts[one.fact].value)
    }
    called = " ".join(facts[name].value for name in ("plate", "make") if name in facts)
    return found | ({guide.roles.reference: called} if called and guide.roles.reference else {})


def plain(text: str) -> str:
    """Half-width capitals without blanks, empty for what stands for nothing (`-`, `***`)."""
    text = "".join(unicodedata.normalize("NFKC", text).upper().split())
    return "" if not text.strip("-*") else text


def plate(text: str, source: Text) -> VehicleFacts:
    """The plate, and the kind of vehicle: only a motorcycle's has no number for its class. Nothing where there is none."""
    text = plain(text).replace("・", "")
    if not text:
        return {}
    match = _PLATE.fullmatch(text)
    if match is None:
        raise wrong("plate", source)
    place, number, kana, serial = match.groups()
    kana = chr(ord(kana) - 0x60) if "ァ" <= kana <= "ヶ" else kana
    kind = "registered" if number[:1].isdigit() else "motorcycle"
    whole = place + number + kana + serial
    return {"plate": VehicleFact(whole, source), "kind": VehicleFact(kind, source)}


def wished(text: str, source: Text) -> VehicleFacts:
    """Whether the number was wished for: `A` to `H` in the code for size and number of plates, `1` to `8` where it was not."""
    text = plain(text)
    if not re.fullmatch("[A-H1-8]?", text):
        raise wrong("wished", source)
    return {"wished": VehicleFact("yes" if text.isalpha() else "no", source)} if text else {}


def expiry(text: str, source: Text, today: date) -> VehicleFacts:
    """The day of `YYMMDD`, of the century that has it within `WINDOW` years; nothing for `999999` and `-`."""
    text = plain(text)
    if text in ("", "999999"):
        return {}
    for century in (1900, 2000, 2100) if re.fullmatch("[0-9]{6}", text) else ():
        with suppress(ValueError):
            day = date(century + int(text[:2]), int(text[2:4]), int(text[4:]))
            if abs(day.year - today.year) <= WINDOW:
                return {"expiry": VehicleFact(day.isoformat(), source)}
    raise wrong("expiry", source)
