"""What was found on one PC, as a block of text that mail, chat and terminals carry to another machine.

Between its two marks: base64 (RFC 4648) in lines of 64; in that a zlib stream (RFC 1950) of the head of `check --format json`
with the code and values of each finding, and the beginning of the stream's SHA-256. It tells damage, not who wrote it.
"""

from __future__ import annotations

import binascii
import json
import zlib
from collections.abc import Sequence

from checks.guide import Guide
from checks.model import Check
from checks.record import dataclass
from checks.runner import Finished
from checks.shown import show
from checks.text import Text
from checks.verdict import VALUE_LIMIT
from state.check_report import RunResults, head_json
from state.file import document
from state.fleet.fleet_pc import WORST

BEGIN, END = "-----BEGIN OSS-JUNBI PC-----", "-----END OSS-JUNBI PC-----"
MAX_BLOCK = 4096
"""Characters of a block, its marks and line ends included: what a mail, a chat or a terminal takes in one paste."""
MAX_DOCUMENT = 64 << 10
"""Bytes that a block may unfold to; an ordinary one has some 3 kB."""
MAX_NAME = 80
"""Characters of a host's or a user's name."""
_LIMITS = (VALUE_LIMIT, 80, 40, 20)
_LINE = 64
_CHECKSUM = 16

_CUT = Text(
    "ブロックの始めか終わりの行がありません。{begin} から {end} までを、すべて写してください。",
    "the first or the last line of the block is missing. Copy everything from {begin} to {end}.",
).filled({"begin": BEGIN, "end": END})
_DAMAGED = Text(
    "ブロックが壊れています（途中の欠けか書き換え）。もう一度写すか、そのPCで oss-junbi pc share をやり直してください。",
    "the block is damaged (something in it is missing or changed). Copy it again, or run 'oss-junbi pc share' on that PC again.",
)


class NotTaken(ValueError):
    """What was given is not taken, as a whole; `why` says the reason and the way out."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass(frozen=True, slots=True)
class PcBlock:
    """A block, and what it had to lose to keep to `MAX_BLOCK`."""

    text: str
    limit: int
    """Characters that are left of each value, longer ones having lost their middle; 0 where none was cut for this."""
    left_out: tuple[str, ...]
    """Checks whose findings it does not hold."""


def is_of_pc(guide: Guide, check: Check, code: str = "") -> bool:
    """Whether its findings, or the one with that code, tell something of a PC for whatever application will be sent from there.

    One that judges by other answers than those about the PC does not: it is right for somebody who answers the same.
    """
    about_pc = {id_ for id_, question in guide.questions.items() if question.scope == "pc"}
    nothing = code in ("elsewhere", "not-applicable")
    return check.scope == "pc" and not check.derived and not nothing and about_pc.issuperset(check.needs)


def pack(run: RunResults, guide: Guide) -> PcBlock:
    """The block of a run: what was found of the PC, without evidence and without what follows from answers alone.

    Where it would be too long, the values lose their middle first; then findings are left out, those that passed first and
    failures last.
    """
    kept = [done for done in run.results if is_of_pc(guide, done.check, done.finding.code)]
    kept.sort(key=lambda done: WORST.index(done.outcome))
    left_out: list[str] = []
    for limit in _LIMITS:
        block = _block(run, guide, kept, limit)
        if len(block) <= MAX_BLOCK:
            break
    while len(block) > MAX_BLOCK:
        left_out.append(kept.pop().check.id)
        block = _block(run, guide, kept, limit)
    return PcBlock(block, limit if limit < VALUE_LIMIT else 0, tuple(left_out))


def _block(run: RunResults, guide: Guide, results: Sequence[Finished], limit: int) -> str:
    head = head_json(run, guide)
    head |= {key: show(head[key], MAX_NAME) for key in ("host", "user")}
    findings = [
        {
            "id": done.check.id,
            "code": done.finding.code,
            "values": {
                key: show(value, limit) if isinstance(value, str) else value
                for key, value in done.finding.values.items()
            },
        }
        for done in results
    ]
    said = json.dumps({**head, "results": findings}, ensure_ascii=False, separators=(",", ":"))
    packed = zlib.compress(said.encode(), 9)
    # Of the checksum as much as leaves no padding: "=" is what mail rewrites.
    packed += _checksum(packed)[: _CHECKSUM + -(len(packed) + _CHECKSUM) % 3]
    code = binascii.b2a_base64(packed, newline=False).decode("ascii")
    return "\n".join([BEGIN, *(code[at : at + _LINE] for at in range(0, len(code), _LINE)), END, ""])


def _checksum(packed: bytes) -> bytes:
    return bytes.fromhex(document.sha256(packed))


def unpack(raw: bytes) -> list[bytes]:
    """The JSON in each whole block of a text in any encoding that holds ASCII, UTF-16 included; empty where there is no mark.

    Whatever is no base64 between the marks is passed over: quoting, blanks, line ends. Raises `NotTaken` for a block that
    is cut or damaged.
    """
    encoding = document.utf16(raw)
    if encoding:
        raw = raw.decode(encoding, "ignore").encode("utf-8", "ignore")
    parts = raw.split(BEGIN.encode())
    bodies = [body for body, end, _ in (part.partition(END.encode()) for part in parts[1:]) if end]
    if not bodies and (len(parts) > 1 or END.encode() in raw):
        raise NotTaken(_CUT)
    return [_unfolded(body) for body in bodies]


def _unfolded(body: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        packed = binascii.a2b_base64(body)
        said = engine.decompress(packed, MAX_DOCUMENT)
    except (ValueError, zlib.error):
        raise NotTaken(_DAMAGED) from None
    checksum = engine.unused_data
    stream = packed[: len(packed) - len(checksum)]
    if not engine.eof or len(checksum) < _CHECKSUM or not _checksum(stream).startswith(checksum):
        raise NotTaken(_DAMAGED)
    return said
