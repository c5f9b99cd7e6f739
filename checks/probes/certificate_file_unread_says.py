"""What is said where a certificate file, or something in it, could not be read: never a fault of the file."""

from __future__ import annotations

from collections.abc import Mapping

from checks.model import Says
from checks.says import unknown
from checks.text import Text

_WITH_ITS_SOFTWARE = Text(
    "発行元のソフトで、署名できること、期限、発行者を確かめてください。",
    "See with the issuer's software that it signs, when it ends and who issued it.",
)
_PLACE = Text(
    "ファイルの場所の答えを直し、もう一度検査してください。",
    "Correct the answer on the place of the file and run the check again.",
)

UNREAD: Mapping[str, Says] = {
    "unsupported": unknown(
        "PKCS#12のファイルですが、この確認表の開けない方式で守られています。ファイルやパスワードが悪いという意味ではありません。",
        "This is a PKCS#12 file, protected in a way that this checklist cannot open. That says nothing against the file or the password.",
        "発行元のソフトで期限と発行者を確かめてください。AES-256など広く使われる方式とパスワードで守られた .p12 か .pfx があれば、それを指定すると調べられます。",
        "See its dates and issuer with the issuer's software. If there is a .p12 or .pfx protected by a password and a common cipher such as AES-256, name that one to have it looked at.",
    ),
    "unreadable-part": unknown(
        "この確認表の読めない鍵や証明書（またはその一部）があるため、署名に使えるか分かりませんでした。ファイルが悪いという意味ではありません。",
        "A key or certificate in it cannot be read by this checklist, or not all of it, so whether it can be signed with is not known. That says nothing against the file.",
        _WITH_ITS_SOFTWARE,
    ),
    "no-dates": unknown(
        "証明書の有効期間が、この確認表の読めない書き方になっています。",
        "The certificate's dates are written in a way that this checklist cannot read.",
        _WITH_ITS_SOFTWARE,
    ),
    "too-costly": unknown(
        "開くのに異常な計算量が要るファイルのため、途中でやめました。",
        "Opening this file takes an abnormal amount of work, so it was given up.",
        "発行元から受け取ったファイルか確かめてください。知らない人から届いたファイルは開かないでください。",
        "See whether it is the file that the issuer gave you. Do not open files from strangers.",
    ),
    "too-big": unknown(
        "ファイルが大きすぎるため（{bytes}バイト）、読みませんでした。証明書のファイルは1MBまでです。",
        "The file is too large ({bytes} bytes) and was not read. Certificate files have at most 1 MB.",
        _PLACE,
    ),
    "directory": unknown("ファイルではなく、フォルダーです。", "This is a folder, not a file.", _PLACE),
    "not-a-file": unknown(
        "ふつうのファイルではないため、読みませんでした。",
        "This is no ordinary file and was not read.",
        _PLACE,
    ),
    "missing": unknown(
        "答えた場所にファイルがありません。",
        "There is no file at the place answered.",
        "ファイルを移したか、USBメモリを抜いたか、このプログラムとは別のPCにあるのかもしれません。場所の答えを直すか、ファイルのあるPCで検査してください。",
        "It may have been moved, a USB memory removed, or it is on another PC than this program. Correct the place, or run the check on the PC that has the file.",
    ),
    "unreadable": unknown(
        "ファイルを読めませんでした。",
        "The file could not be read.",
        "このアカウントに読む権限があるか、ほかのソフトが開いたままでないか確かめてください。",
        "See whether this account may read it, and whether another program keeps it open.",
    ),
    "no-answer": unknown(
        "ファイルを調べるための別のプログラムを動かせませんでした。",
        "The separate process that looks at the file could not do its work.",
        "もう一度検査してください。続くときは、発行元のソフトで期限を確かめてください。",
        "Run the check again. If it goes on, see the dates with the issuer's software.",
    ),
}
