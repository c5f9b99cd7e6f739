"""An inspection certificate in any form: the viewer app's file (車検証閲覧アプリ) as JSON or CSV, or scanned codes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from checks.rules.dates import DateError, parse_day
from checks.shakensho import vehicle_facts
from checks.shakensho.scanned_codes import read_codes
from checks.shakensho.vehicle_facts import InspectionCertificateError, VehicleFact, VehicleFacts, plain, wrong
from checks.shown import show
from checks.text import Text

MOST = 1 << 20
"""Bytes that are read at most (1 MiB)."""
_MARKS = {b"%PDF": "PDF", b"PK\3\4": "ZIP", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_KIND, _PLATE, _EXPIRY, _CODE = (
    "RegistCarLightCar", "EntryNoCarNo", "ValidPeriodExpirdate", "TwodimensionCodeInfo",
)  # fmt: skip

_FORM = Text(
    "{form} には、まだ対応していません。車検証閲覧アプリで、JSONかCSV（UTF-8かShift_JIS）を選んで出力してください。",
    "{form} cannot be read yet. In the viewer app choose JSON or CSV (UTF-8 or Shift_JIS).",
)
_JSON = Text(
    "車検証閲覧アプリのJSON（版1.0、CertInfo）ではないか、途中で切れています。アプリからもう一度出力してください。",
    "Not the viewer app's JSON (version 1.0, CertInfo), or it was cut. Export it from the app again.",
)
_CSV = Text(
    "CSVには、コンマで区切った項目名の行と値の行が1行ずつ、同じ数の項目で必要です（1台分）。アプリが出力したままのファイルを使ってください。",
    "The CSV needs one line of names and one of values, separated by commas, with equally many fields (one vehicle). Use the file as the app wrote it.",
)
_KEI = Text(
    "軽自動車の閲覧アプリのファイルには、まだ対応していません。車検証の二次元コードを読み取ってください。",
    "The viewer app's file of a kei car cannot be read yet. Scan the 2D codes of the certificate instead.",
)


def read_certificate(raw: bytes, today: date) -> VehicleFacts:
    """What the bytes of a file or of a scanner say; raises `InspectionCertificateError`.

    UTF-8 with or without a byte order mark, or Shift_JIS. `today` decides the century of two-digit years.
    """
    form = next((form for mark, form in _MARKS.items() if raw.startswith(mark)), "")
    text = ""
    with suppress(UnicodeDecodeError):
        text = raw.decode("cp932")
    with suppress(UnicodeDecodeError):
        text = raw.decode("utf-8-sig")
    text = text.strip(" \r\n")
    if form or text[:1] == "<":
        raise InspectionCertificateError(_FORM, form=form or "XML")
    if text[:1] in ("{", "["):
        return _file_facts(_of_json(text), today)
    if re.search(rf"\b(?:{_KIND}|{_PLATE})\b", text.partition("\n")[0]):
        return _file_facts(_of_csv(text), today)
    return read_codes(text, today)


def _of_json(text: str) -> Mapping[str, Any]:
    with suppress(ValueError, RecursionError):
        document = json.loads(text)
        if isinstance(document, dict) and document.get("CertInfoImportFileVersion", "1.0") == "1.0":
            fields = document.get("CertInfo")
            if isinstance(fields, dict) and all(isinstance(value, str) for value in fields.values()):
                return fields
    raise InspectionCertificateError(_JSON)


def _of_csv(text: str) -> Mapping[str, Any]:
    with suppress(csv.Error, ValueError):
        names, values = (row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row)
        if _KIND in names and len(set(names)) == len(names):
            return dict(zip(names, values, strict=True))
    raise InspectionCertificateError(_CSV)


def _file_facts(fields: Mapping[str, str], today: date) -> VehicleFacts:
    found = {name: plain(value) for name, value in fields.items()}
    kind = found.get(_KIND)
    if kind == "02":
        raise InspectionCertificateError(_KEI)
    if kind != "01":
        raise wrong("kind", _field(_KIND))
    facts = {"kind": VehicleFact("registered", _field(_KIND))}
    facts |= vehicle_facts.plate(found.get(_PLATE, ""), _field(_PLATE))
    if "オートバイ" in found.get("CarShape", ""):  # its kind is 01 too
        facts["kind"] = VehicleFact("motorcycle", _field("CarShape"))
    if make := found.get("CarName"):
        if show(make, 60) != make:  # longer than a make is, or not to be seen
            raise wrong("make", _field("CarName"))
        facts["make"] = VehicleFact(make, _field("CarName"))
    if found.get("ElectCertMgNo"):
        facts["form"] = VehicleFact("ic", _field("ElectCertMgNo"))
    # The owner is not named on form B of the certificate, the user not where it is the owner.
    owner, user = (
        [found.get(f"{who}name{level}LevelChar") for level in ("Low", "High")] for who in ("Owner", "User")
    )
    if any(owner) and None not in user:
        same = not any(user) or owner == user
        facts["owner_is_user"] = VehicleFact("yes" if same else "no", _field("Ownername, Username"))
    facts |= vehicle_facts.wished(found.get(f"{_CODE}CharInfo", ""), _field(f"{_CODE}CharInfo"))
    facts |= vehicle_facts.expiry(found.get(f"{_CODE}{_EXPIRY}", ""), _field(f"{_CODE}{_EXPIRY}"), today)
    era, year, month, day = parts = [found.get(f"{_EXPIRY}{part}", "") for part in "EYMD"]
    if any(parts):
        try:
            ends = parse_day(f"{era or '-'}{year}年{month}月{day}日")
        except DateError:
            raise wrong("expiry", _field(_EXPIRY)) from None
        facts["expiry"] = VehicleFact(ends.isoformat(), _field(_EXPIRY))
    return facts


def _field(name: str) -> Text:
    return Text(name, name)
