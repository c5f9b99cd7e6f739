"""What another PC says of itself, in a block or as `check --format json`: held against the checks of its guide, nothing trusted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from checks import FIRST_GUIDE, __version__
from checks.guide import Guide, GuideError, Guides
from checks.model import Json, Options, Outcome, Says
from checks.record import dataclass, field
from checks.shown import show
from checks.text import Text, placeholders
from checks.verdict import VALUE_LIMIT, says_of
from state.check_report import portal_of
from state.fleet.fleet_pc import MAX_CLOCK_ERROR, MAX_RESULTS, is_complete, is_coverage, outcome_named
from state.fleet.pc_block import MAX_NAME, NotTaken, is_of_pc, unpack
from state.fleet.result_files import moment, understand
from state.live.pc_records import PcFacts
from state.session_data import Result

MAX_BYTES = 1 << 20
"""More than this is not read (1 MiB): a block has at most 4 kB, the JSON of a run some 100 kB."""
MAX_VALUES = 30
"""Values of one finding; those of our checks have at most ten."""

_MACHINE = re.compile(r"([0-9a-f]{32})?")
_PLATFORMS = ("windows", "macos", "linux")
_KEY = re.compile(r"[a-z][a-z_]{0,39}")
_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})")

_NOTHING = Text(
    "oss-junbi pc share のブロックも、oss-junbi check --format json の結果も見つかりません。",
    "there is neither a block of 'oss-junbi pc share' nor the result of 'oss-junbi check --format json' in it.",
)
_EMPTY = Text(
    "PCについて取り込める結果が一つもありません。そのPCで oss-junbi pc share を実行してください。",
    "it holds no result about a PC that can be taken. Run 'oss-junbi pc share' on that PC.",
)
_SEVERAL = Text(
    "内容の違うブロックが{n}個あります。使うものだけを残してください。",
    "it holds {n} different blocks. Leave only the one to be used.",
)
_NO_GUIDE = Text(
    "「{name}」というガイドの結果で、この版は知りません。oss-junbi を新しくしてください。",
    "it follows the guide '{name}', which this version does not have. Update oss-junbi.",
)
_BAD_KEY = Text(
    "「{key}」の値が正しくありません（{value}）。そのPCでもう一度 oss-junbi pc share を実行してください。",
    "the value of '{key}' is not valid ({value}). Run 'oss-junbi pc share' on that PC again.",
)
_CONTROLS = Text(
    "「{key}」に制御文字があるので、取り込みません。",
    "'{key}' holds control characters, so nothing was taken.",
)
_SAID = {
    "newer": Text(
        "より新しい版（{version}）の結果なので、この版がわかるところだけを取り込みました。",
        "It is of a newer version ({version}): taken as far as this version understands it.",
    ),
    "ahead": Text(
        "日時が未来です（{when}）。いつの結果か分からないので、今の日時で記録し、その旨を残しました。そのPCの時計を確かめてください。",
        "It is dated in the future ({when}). Its real age is not known, so it was recorded as of now and marked. Check the clock "
        "of that PC.",
    ),
    "unknown": Text(
        "この版が知らない検査かコードの結果{n}件は取り込んでいません: {names}",
        "{n|result} not taken, because this version does not know the check or the code: {names}",
    ),
    "unsound": Text(
        "値がそろわないか食い違う結果{n}件は取り込んでいません: {names}",
        "{n|result} not taken, because values are missing, not valid or contradictory: {names}",
    ),
    "portal": Text(
        "ポータルではない相手（{portal}）を調べた結果{n}件は取り込んでいません: {names}",
        "{n|result} not taken, because the host that was checked ({portal}) is not the portal: {names}",
    ),
    "case": Text(
        "PCではなく申請についての結果{n}件は取り込んでいません。",
        "{n|result} about the application, and not about the PC, not taken.",
    ),
}
_NAMED = 5
"""Names listed in one sentence; the rest is counted."""


@dataclass(slots=True)
class _Taking:
    """The findings of a document while they are looked at."""

    guide: Guide
    at: datetime
    now: datetime
    elsewhere: bool
    """What the network told is of another host than the portal."""
    seen: set[str] = field(default_factory=set)
    results: dict[str, Result] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """What is not taken, by the reason in `_SAID`."""

    def add(self, found: object) -> None:
        """Take one finding in, or note why it is not taken."""
        entry: Mapping[str, Any] = found if isinstance(found, dict) else {}
        id_, code, given = entry.get("id"), entry.get("code"), entry.get("values", {})
        if not isinstance(id_, str) or not isinstance(code, str):
            return self.leave_out("unsound", "?")
        _refuse_controls(id_, "id")
        _refuse_controls(code, f"{show(id_, 60)}.code")
        values = _values(given, id_)
        check = self.guide.checks.get(id_)
        if check is None:
            return self.leave_out("unknown", id_)
        if not is_of_pc(self.guide, check):
            return self.leave_out("case", id_)
        says = says_of(check, code)
        if says is None:
            return self.leave_out("unknown", f"{id_} = {code}")
        if not is_of_pc(self.guide, check, code):
            return None
        if self.elsewhere and check.network:
            return self.leave_out("portal", id_)
        twice = id_ in self.seen
        self.seen.add(id_)
        if twice or values is None or not _is_sound(says, values, entry):
            self.results.pop(id_, None)
            return self.leave_out("unsound", id_)
        stated = _time(entry.get("started")) or self.at
        extra = {} if stated <= self.now + MAX_CLOCK_ERROR else {"stated": stated}
        at = min(stated, self.now)
        self.results[id_] = Result(says.outcome, code, values, (), at, 0, extra=extra)
        return None

    def leave_out(self, why: str, name: str) -> None:
        """Note that something is not taken."""
        self.left_out.setdefault(why, []).append(show(name, 60))


def shared_pc(raw: bytes, guides: Guides, options: Options) -> tuple[PcFacts, tuple[Text, ...]]:
    """What a PC says of itself in the bytes of a text with a block of it, or of a JSON document; raises `NotTaken`.

    Each finding is as old as it says, and never of later than now. What the network told is taken where the portal of the
    document's guide was asked, or the one in `options`. Beside the facts stands what the person should know: a newer version, a
    clock that is ahead, what was not taken and why.
    """
    blocks = set(unpack(raw))
    if len(blocks) > 1:
        raise NotTaken(_SEVERAL.filled({"n": len(blocks)}))
    document, wrong = understand(blocks.pop() if blocks else raw)
    if document is None or (wrong is not None and wrong.code != "newer"):
        raise NotTaken(
            _NOTHING if wrong is None or wrong.code in ("not-json", "not-a-result") else wrong.text
        )
    guide = _guide(document.get("guide", FIRST_GUIDE), guides)
    host, user, platform, machine, portal = (
        _name(document, key) for key in ("host", "user", "platform", "machine", "portal")
    )
    at = _time(document.get("finished")) or _time(document.get("started"))
    for key, sound in (
        ("host", host != ""),
        ("platform", platform in _PLATFORMS),
        ("machine", _MACHINE.fullmatch(machine) is not None),
        ("started", at is not None),
    ):
        if not sound:
            raise NotTaken(_BAD_KEY.filled({"key": key, "value": show(str(document.get(key, "-")), 60)}))
    assert at is not None
    now = options.moment().replace(microsecond=0)
    elsewhere = portal.casefold() != portal_of(options.at(guide.portal)).casefold()
    taking = _Taking(guide, at, now, elsewhere)
    for found in document["results"][:MAX_RESULTS]:
        taking.add(found)
    for _ in document["results"][MAX_RESULTS:]:
        taking.leave_out("unsound", "..")
    if not taking.results:
        raise NotTaken(_EMPTY)
    results = {id_: taking.results[id_] for id_ in guide.checks if id_ in taking.results}
    notices = _notices(document, taking, portal, newer=wrong is not None)
    return PcFacts(host, user, platform, min(at, now), machine, results), tuple(notices)


def _guide(name: object, guides: Guides) -> Guide:
    try:
        return guides(name if isinstance(name, str) else "")
    except GuideError as error:
        if not error.known:  # one that contradicts itself is no fault of what was given
            raise
        raise NotTaken(_NO_GUIDE.filled({"name": show(str(name), 40)})) from None


def _name(document: Mapping[str, Any], key: str) -> str:
    value = document.get(key, "")
    if not isinstance(value, str) or len(value) > MAX_NAME:
        raise NotTaken(_BAD_KEY.filled({"key": key, "value": show(str(value), 60)}))
    _refuse_controls(value, key)
    return show(value, MAX_NAME)


def _refuse_controls(value: str, key: str) -> None:
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in value):
        raise NotTaken(_CONTROLS.filled({"key": key}))


def _values(found: object, id_: str) -> dict[str, Json] | None:
    """The values of a finding, inert and bounded; None when they are none."""
    if not isinstance(found, dict) or len(found) > MAX_VALUES:
        return None
    values: dict[str, Json] = {}
    for key, value in found.items():
        if not _KEY.fullmatch(key):
            return None
        if isinstance(value, str):
            _refuse_controls(value, f"{show(id_, 60)}.{key}")
            values[key] = show(value, VALUE_LIMIT)
        elif isinstance(value, int) and abs(value) < 2**53:
            values[key] = value
        else:
            return None
    return values


def _is_sound(says: Says, values: Mapping[str, Json], found: Mapping[str, Any]) -> bool:
    """Whether a finding has what the sentences of its code need, and contradicts neither that nor itself."""
    outcome, coverage = says.outcome, found.get("coverage")
    needed = placeholders(says.text.en).union(placeholders(says.remedy.en) if says.remedy else ())
    whole = coverage is None or (
        is_coverage(coverage, outcome) and (outcome is not Outcome.PASS or is_complete(coverage))
    )
    return whole and needed <= values.keys() and outcome_named(found.get("outcome", outcome)) is outcome


def _time(value: object) -> datetime | None:
    """A time of a document in UTC, None for none that any run of this program can have had."""
    said = moment(value)
    return datetime.fromisoformat(said) if said[:2] == "20" else None


def _notices(document: Mapping[str, Any], taking: _Taking, portal: str, *, newer: bool) -> list[Text]:
    tool = document.get("tool")
    version = tool.get("version") if isinstance(tool, dict) else None
    said = _VERSION.match(version) if isinstance(version, str) else None
    ours = _VERSION.match(__version__)
    newer = newer or bool(said and ours and [*map(int, said.groups())] > [*map(int, ours.groups())])
    values: dict[str, object] = {"version": show(str(version), 20), "portal": show(portal, 60)}
    notices = [_SAID["newer"].filled(values)] if newer else []
    ahead = [
        stated for one in taking.results.values() if isinstance(stated := one.extra.get("stated"), datetime)
    ]
    if ahead:
        notices.append(_SAID["ahead"].filled({"when": f"{max(ahead):%Y-%m-%dT%H:%M:%SZ}"}))
    for why, names in taking.left_out.items():
        listed = ", ".join(names[:_NAMED]) + (" .." if len(names) > _NAMED else "")
        notices.append(_SAID[why].filled({**values, "n": len(names), "names": listed}))
    return notices
