"""The 2D codes of an inspection certificate as a scanner types them: fields between `/`, in parts and in any order.

Code 2 has the plate, code 3 the expiry: 21 fields on electronic certificates, 19 on paper. Those of kei cars begin with `K`
and have 7 and 20. A code may be printed as two or three linked symbols, cut anywhere, which scanners join or send one
after the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import permutations

from checks.shakensho import vehicle_facts
from checks.shakensho.vehicle_facts import InspectionCertificateError, VehicleFact, VehicleFacts, wrong
from checks.text import Text

MOST_PARTS, LONGEST = 5, 1000
"""Symbols of one certificate: two of code 2, three of code 3; and characters of a part, of which both codes have some 200."""

_FIELD = Text("二次元コード{code}の{n}番目の項目", "field {n} of code {code}")
_LAYOUT = Text("二次元コード{code}（{n}項目）", "code {code} ({n} fields)")
_NO_CODE = Text(
    "車検証閲覧アプリのファイルでも、車検証の二次元コードでもありません。アプリのJSONかCSVのファイル、またはスキャナーで読み取ったコードを渡してください。",
    "Neither a file of the viewer app nor 2D codes of an inspection certificate. Give the app's JSON or CSV file, or the codes as a scanner types them.",
)
_NO_SLASH = Text(
    "コードの項目が「/」で区切られていません。スキャナーのキーボード配列の設定をPCに合わせて、もう一度読み取ってください。",
    "The fields of the code are not separated by '/'. Set the scanner's keyboard layout to that of the PC and scan again.",
)
_CUT = Text(
    "{n}個の部分のうち{rest}個が、二次元コード2にも3にもまとまりません。途中で切れたか、一部が足りないか、別のコードです。コード2と3を、左から順にすべて読み取ってください。",
    "{rest} of {n} parts make up no code 2 or 3: one was cut, a part is missing, or it is another code. Scan all of codes 2 and 3, from left to right.",
)
_TWO = Text(
    "2台分の車検証のコードが混ざっています。1台ずつ読み取ってください。",
    "These are codes of two certificates. Scan one at a time.",
)


_ANY, _DAY, _MONTH, _FUEL = "[^/]{0,30}", "(?:[0-9]{6}|-?)", "(?:[0-9]{4}|-?)", "(?:[^/]{2}|-)"
_PLATE = ("[^/]{0,16}", "[A-H1-8-]?", "[^/]{1,30}", _ANY, "[^/]")
_FIGURES = (_MONTH, *[_ANY] * 12)
_LAYOUTS = (
    ("[0-9]", *_PLATE),
    ("[0-9]", "[^/]{0,3}", _ANY, _DAY, _DAY, _DAY, *_FIGURES, _DAY, _FUEL),
    ("[0-9]", "[^/]{0,3}", _ANY, _DAY, *_FIGURES, _DAY, _FUEL),
    ("K/[0-9]{1,2}", *_PLATE),
    ("K/[0-9]{1,2}", "[^/]{0,3}", _ANY, _DAY, *_FIGURES, f"(?:{_FUEL}/[^/]{{3}}|[^/]{{3}}/{_FUEL})"),
)
"""Each code. The widths of most fields are not known for certain; the last one has its own, so that a cut code shows."""


def read_codes(text: str, today: date) -> VehicleFacts:
    """What the codes say; raises `InspectionCertificateError`. Blanks count for nothing, control characters part the symbols."""
    text = unicodedata.normalize("NFKC", text).upper().replace(" ", "")
    lines = (re.sub(r"^\]Q[0-9]", "", line) for line in re.split("[\x00-\x1f\x7f-\x9f\u2028\u2029]+", text))
    parts = list(dict.fromkeys(filter(None, lines)))
    begun = any(re.match("(?:K.{0,3})?[0-9]", part) for part in parts)
    if not begun or len(parts) > 4 * MOST_PARTS or max(map(len, parts)) > LONGEST:
        raise InspectionCertificateError(_NO_CODE)
    if "/" not in text:
        raise InspectionCertificateError(_NO_SLASH)
    whole = {part: next(_sequences(part), ()) for part in parts}
    codes = [code for sequence in whole.values() for code in sequence]
    rest = [part for part in parts if not whole[part]]
    if not rest:
        return _facts(codes, today)
    found: list[VehicleFacts] = []
    for order in permutations(rest) if len(rest) <= MOST_PARTS else ():
        for more in _sequences("".join(order)):
            with suppress(InspectionCertificateError):
                facts = _facts((*codes, *more), today)
                found += [] if facts in found else [facts]
    if len(found) != 1:  # none, or the order of the parts is not clear
        raise InspectionCertificateError(_CUT, n=len(parts), rest=len(rest))
    return found[0]


def _sequences(text: str, most: int = 2) -> Iterator[tuple[list[str], ...]]:
    """Every way in which the text is at most so many codes one after the other, each as its fields."""
    if not text:
        yield ()
    for layout in _LAYOUTS if text and most else ():
        if match := re.match("/".join(layout), text):
            for more in _sequences(text[match.end() :], most - 1):
                yield (match[0].split("/"), *more)


def _facts(codes: Sequence[list[str]], today: date) -> VehicleFacts:
    """What whole codes say; raises `InspectionCertificateError` for codes of two vehicles and for values that cannot be."""
    numbers = [3 if len(fields) > 10 else 2 for fields in codes]
    if len({fields[0] == "K" for fields in codes}) != 1 or len(set(numbers)) != len(codes):
        raise InspectionCertificateError(_TWO)
    facts: VehicleFacts = {}
    for number, fields in zip(numbers, codes, strict=True):
        kei = fields[0] == "K"
        at = [_FIELD.filled({"code": number, "n": n + 1}) for n in range(len(fields))]
        layout = _LAYOUT.filled({"code": number, "n": len(fields)})
        if number == 2:
            facts |= vehicle_facts.plate(fields[1 + kei], at[1 + kei]) | vehicle_facts.wished(
                fields[2 + kei], at[2 + kei]
            )
        else:
            # Of an electronic one: the expiry on its face, as the viewer app shows it, and on the record on paper.
            places = (3, 4, 5) if len(fields) == 21 else (3 + kei,)
            for place in places:
                day = vehicle_facts.expiry(fields[place], at[place], today)
                if day and facts.get("expiry", day["expiry"]).value != day["expiry"].value:
                    raise wrong("expiry", at[place])
                facts = day | facts
            if not kei:
                facts["form"] = VehicleFact("ic" if len(places) == 3 else "paper", layout)
        if kei:
            facts["kind"] = VehicleFact("light", layout)
    return facts
