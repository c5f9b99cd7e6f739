"""Invented inspection certificates: no plate, number or person in them exists."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

TODAY = date(2026, 11, 28)
PLATE = "見本　　５００さ１２３４"
CODE_2 = f"2/{PLATE}/1/MIHON-0000001/MHN1/1"
FIGURES = "0094/-   /-   /0079/28/096/2/0/-/-   /-    /999999/14"
ELECTRONIC = f"2/-  /123450001/999999/270331/270331/2203/6AA-MIHON1/{FIGURES}"
PAPER = f"2/-  /123450001/270331/2203/6AA-MIHON1/{FIGURES}"
KEI_2 = "K/22/見本　　５８０あ　　１２/A/MIHON-0000002       /MHN2/1"
KEI_3 = "K/32/-  /123450002/270331/2203/DBA-MIHON2/0049/-/-/0032/10/096/-/-/-/-   /-    /01/999"
OWNER, STREET, NOTE = "例示花子", "見本県例示市一丁目", "備考は覚えない"
"""What must never be shown or kept."""


def fields(**changed: str) -> dict[str, str]:
    """The fields of the viewer app's file that matter, and some that do not."""
    return {
        "FormType": "Ａ",
        "ElectCertMgNo": "000000000001",
        "EntryNoCarNo": "見本　５００　さ　１２３４",
        "CarName": "見本自動車",
        "CarNo": "ＭＩＨＯＮ－００００００１",
        "OwnernameLowLevelChar": OWNER,
        "OwnernameHighLevelChar": OWNER,
        "OwnerAddressChar": STREET,
        "OwnerAddressNumValue": "１",
        "UsernameLowLevelChar": "＊＊＊",
        "UsernameHighLevelChar": "＊＊＊",
        "UserAddressChar": "＊＊＊",
        "UserAddressNumValue": "",
        "CarShape": "箱型",
        "ValidPeriodExpirdateE": "令和",
        "ValidPeriodExpirdateY": " 9",
        "ValidPeriodExpirdateM": " 3",
        "ValidPeriodExpirdateD": "31",
        "NoteInfo": f"{NOTE}\n二行目, 「引用」",
        "TwodimensionCodeInfoEntryNoCarNo": PLATE,
        "TwodimensionCodeInfoValidPeriodExpirdate": "270331",
        "TwodimensionCodeInfoCharInfo": "1",
        "RegistCarLightCar": "01",
        **changed,
    }


def as_json(**changed: str) -> str:
    """The file as JSON."""
    return json.dumps({"CertInfoImportFileVersion": "1.0", "CertInfo": fields(**changed)}, ensure_ascii=False)


def as_csv(delimiter: str = ",", **changed: str) -> str:
    """The file as CSV: a line of names and a line of quoted values."""
    out, found = io.StringIO(), fields(**changed)
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([list(found), list(found.values())])
    return out.getvalue()
