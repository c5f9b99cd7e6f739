"""A fleet as text or JSON, and the words that the page shares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from checks import __version__
from checks.guide import Guide
from checks.model import Outcome
from checks.shown import inert_json
from checks.text import Lang, Text
from checks.wrap import cell_width, fit
from state import words
from state.fleet.collected import Reason
from state.fleet.inventory import HORIZON, Expiry, Fleet, Group
from state.fleet.pc import WORST, Found, Pc, Standing
from state.layout import lines, local, utc

SCHEMA = 1
LETTERS = {
    Outcome.PASS: ".",
    Outcome.WARN: "w",
    Outcome.FAIL: "F",
    Outcome.SKIP: "-",
    Outcome.UNKNOWN: "?",
    Outcome.CRASH: "!",
}
ACCEPTED = "a"
"""Stands in the text matrix for a finding that is an accepted exception."""
NO_FULL_RESULT = "x"
"""Stands before a PC whose file is not full evidence."""
SHOWN_PCS = 8
OLD_DAYS = 7
"""A run that is older says little of how the PC is now."""
TITLE = Text("PCの準備状況", "Readiness of the PCs")
SUMMARY = Text(
    "PC {pcs}台（要対応 {failed}台、使える結果なし {none}台、不明 {unknown}台、問題なし {ok}台）",
    "{pcs|PC} ({failed} failed, {none} without a usable result, {unknown} unknown, {ok} in order)",
)
STANDINGS = {
    Standing.FAILED: Text("要対応", "failed"),
    Standing.NO_RESULT: Text("使える結果なし", "no usable result"),
    Standing.UNKNOWN: Text("不明", "unknown"),
    Standing.IN_ORDER: Text("問題なし", "in order"),
}
GROUPS = Text("同じ結果のPC", "The same finding")
COUNT = Text("{n}台", "{n|PC}")
_OTHERS = Text("ほか{n}台", "and {n} more")
EXPIRIES = Text("{days}日以内に期限が来るもの", "What expires within {days|day}")
_DAYS = Text("あと{n}日", "in {n|day}")
_PAST = Text("{n}日前に期限切れ", "expired {n|day} ago")
NONE = Text("ありません。", "None.")
OLD = Text(
    "{days}日より前の結果のPC（今の状態は分かりません）",
    "PCs whose result is more than {days|day} old (how they are now is not known)",
)
MATRIX = Text("PCと検査の表", "PCs and checks")
PROBLEMS = Text("使えなかった、または一部だけ使った結果", "Results not used, or used in part")
WARNINGS = Text("同じPCかもしれない結果", "Results that may be of one PC")
WAIVED = Text("例外", "accepted")


def json_pieces(fleet: Fleet, now: datetime, *, ascii_only: bool = False) -> Iterator[str]:
    """The document of `fleet merge --format json` in pieces: a large fleet is never one string."""

    def text(value: object) -> str:
        return inert_json(json.dumps(value, ensure_ascii=ascii_only))

    lists: dict[str, Iterator[dict[str, Any]]] = {
        "pcs": map(_pc_json, fleet.pcs),
        "groups": map(_group_json, fleet.groups),
        "expiries": map(_expiry_json, fleet.expiries),
    }
    head = "".join(f"  {text(key)}: {text(value)},\n" for key, value in _head_json(fleet, now).items())
    yield "{\n" + head
    for name, entries in lists.items():
        yield f"  {text(name)}: ["
        for at, entry in enumerate(entries):
            yield ("," if at else "") + "\n    " + text(entry)
        yield "\n  ],\n"
    problems = [
        {"pc": pc.name, "file": pc.file, "code": why.code, "reason": _both(why)}
        for pc, why in problems_of(fleet)
    ]
    warnings = [
        {"pcs": [pc.name for pc in pcs], "code": why.code, "reason": _both(why)}
        for pcs, why in fleet.warnings
    ]
    yield f'  "warnings": {text(warnings)},\n  "problems": {text(problems)}\n}}\n'


def as_json(fleet: Fleet, now: datetime) -> dict[str, Any]:
    """The same document as plain data."""
    document: dict[str, Any] = json.loads("".join(json_pieces(fleet, now)))
    return document


def _head_json(fleet: Fleet, now: datetime) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "tool": {"name": "oss-junbi", "version": __version__},
        "made": utc(now),
        "exit": fleet.exit,
        "files": sum(pc.file != "" for pc in fleet.pcs),
        "replaced": 0,
        "standings": fleet.counts(),
        "checks": fleet.columns,
    }


def _group_json(group: Group) -> dict[str, Any]:
    texts = [{"ja": found.text[0], "en": found.text[1], "count": n} for found, n in group.texts]
    return {"id": group.check, "outcome": group.outcome.value, "code": group.code, "count": len(group.pcs),
            "pcs": [pc.name for pc in group.pcs], "hosts": [pc.host for pc in group.pcs], "texts": texts}  # fmt: skip


def _expiry_json(end: Expiry) -> dict[str, Any]:
    return {
        "pc": end.pc.name,
        "host": end.pc.host,
        "id": end.check,
        "date": end.on.isoformat(),
        "days": end.days,
    }


def _pc_json(pc: Pc) -> dict[str, Any]:
    counts = dict.fromkeys(Outcome, 0)
    for found in pc.cells.values():
        counts[found.outcome] += 1
    return {
        "name": pc.name,
        "standing": pc.standing,
        "reasons": [why.code for why in pc.reasons],
        "file": pc.file,
        "host": pc.host,
        "user": pc.user,
        "machine": pc.machine,
        "platform": pc.platform,
        "finished": pc.finished,
        "counts": counts,
        "results": {
            check: {
                "outcome": found.outcome.value,
                "code": found.code,
                **({"waived": True} if check in pc.waived else {}),
            }
            for check, found in pc.cells.items()
        },
    }


def _both(why: Reason) -> dict[str, str]:
    return {"ja": why.text.ja, "en": why.text.en}


def problems_of(fleet: Fleet) -> list[tuple[Pc, Reason]]:
    """What is wrong with the files, each with its PC."""
    return [(pc, why) for pc in fleet.pcs for why in pc.reasons]


def as_text(fleet: Fleet, guide: Guide, now: datetime, lang: Lang, cells: int) -> Iterator[str]:
    """Summary, groups, expiries and the matrix with one letter per check, line by line."""
    for line in _text_lines(fleet, guide, now, lang, cells):
        yield line + "\n"


def _text_lines(fleet: Fleet, guide: Guide, now: datetime, lang: Lang, cells: int) -> Iterator[str]:
    yield f"{TITLE.to(lang)} ({local(now)})"
    yield from lines(summary(fleet, lang), cells)
    problems = problems_of(fleet)
    if problems:
        yield from ("", PROBLEMS.to(lang))
        for pc, why in problems:
            yield from lines(f"{pc.name}: {why.text.to(lang)} ({pc.file})", cells, "  ", "    ")
    if fleet.warnings:
        yield from ("", WARNINGS.to(lang))
        for _pcs, why in fleet.warnings:
            yield from lines(why.text.to(lang), cells, "  ", "    ")
    yield from ("", GROUPS.to(lang))
    for group in fleet.groups:
        yield from _group_lines(group, guide, lang, cells)
    if not fleet.groups:
        yield "  " + NONE.to(lang)
    yield from ("", EXPIRIES.fill({"days": HORIZON}, lang))
    for end in fleet.expiries:
        yield f"  {end.on.isoformat()} {end.pc.name} {end.check} ({days_to(end, lang)})"
    if not fleet.expiries:
        yield "  " + NONE.to(lang)
    old = old_of(fleet, now)
    if old:
        yield from ("", OLD.fill({"days": OLD_DAYS}, lang))
        for pc in old:
            yield f"  {day_of(pc)} {label(pc)}"
    yield from _text_matrix(fleet, lang)


def _text_matrix(fleet: Fleet, lang: Lang) -> Iterator[str]:
    yield from ("", MATRIX.to(lang))
    legend = [f"{LETTERS[o]} {words.OUTCOMES[o].to(lang)}" for o in WORST]
    if any(pc.waived for pc in fleet.pcs):
        legend.append(f"{ACCEPTED} {WAIVED.to(lang)}")
    if any(pc.reasons for pc in fleet.pcs):
        legend.append(f"{NO_FULL_RESULT} {PROBLEMS.to(lang)}")
    yield "  " + "  ".join(legend)
    for number, check in enumerate(fleet.columns, 1):
        yield f"  {number:>3} {check}"
    left = min(max((cell_width(label(pc)) for pc in fleet.pcs), default=4), 40)
    for start in range(0, max(len(fleet.columns), 1), 50):
        part = fleet.columns[start : start + 50]
        places = range(start + 1, start + len(part) + 1)
        ruler = "".join(str(place // 10 % 10) if place % 10 == 0 else " " for place in places)
        yield from ("", f"  {'':<{left}} {ruler}".rstrip())
        for pc in fleet.pcs:
            row = "".join(_letter(pc, check) for check in part)
            name = fit(label(pc), left)
            mark = NO_FULL_RESULT if pc.reasons else " "
            yield f"{mark} {name}{' ' * (left - cell_width(name))} {row}".rstrip()


def _group_lines(group: Group, guide: Guide, lang: Lang, cells: int) -> list[str]:
    count = COUNT.fill({"n": len(group.pcs)}, lang)
    word = words.OUTCOMES[group.outcome].to(lang)
    out = lines(
        f"{count} [{word}] {title_of(guide, group.check, lang)} ({group.check}: {group.code})",
        cells,
        "  ",
        "    ",
    )
    for found, number in group.texts[:3]:
        more = f" ({COUNT.fill({'n': number}, lang)})" if len(group.texts) > 1 else ""
        out += lines(sentence(found, lang) + more, cells, "      ")
    names = ", ".join(pc.name for pc in group.pcs[:SHOWN_PCS])
    rest = len(group.pcs) - SHOWN_PCS
    return out + lines(names + (f" {_OTHERS.fill({'n': rest}, lang)}" if rest > 0 else ""), cells, "      ")


def summary(fleet: Fleet, lang: Lang) -> str:
    """How many PCs there are, and how many of each standing."""
    counts = fleet.counts()
    values = {
        "pcs": len(fleet.pcs),
        "failed": counts[Standing.FAILED],
        "none": counts[Standing.NO_RESULT],
        "unknown": counts[Standing.UNKNOWN],
        "ok": counts[Standing.IN_ORDER],
    }
    return SUMMARY.fill(values, lang)


def days_to(end: Expiry, lang: Lang) -> str:
    """How far off the day is, or how long past."""
    return (_PAST if end.days < 0 else _DAYS).fill({"n": abs(end.days)}, lang)


def label(pc: Pc) -> str:
    """What the collector calls the PC, and who its file says it is as far as that is more."""
    facts = [pc.host] if pc.host.casefold() != pc.name.casefold() else []
    told = ", ".join(filter(None, [*facts, pc.user]))
    return f"{pc.name} ({told})" if told else pc.name


def _letter(pc: Pc, check: str) -> str:
    found = pc.cells.get(check)
    return " " if found is None else ACCEPTED if check in pc.waived else LETTERS[found.outcome]


def day_of(pc: Pc) -> str:
    """The day of the run, where the person is; empty when it is not known."""
    return local(datetime.fromisoformat(pc.finished))[:10] if pc.finished else ""


def old_of(fleet: Fleet, now: datetime) -> list[Pc]:
    """The PCs whose result is old, the oldest first."""
    edge = utc(now - timedelta(days=OLD_DAYS))
    return sorted(
        (pc for pc in fleet.pcs if "" < pc.finished < edge),
        key=lambda pc: (pc.finished, pc.name.casefold()),
    )


def title_of(guide: Guide, check: str, lang: Lang) -> str:
    """The title of a check, or its id where this version does not know it."""
    known = guide.checks.get(check)
    return known.title.to(lang) if known else check


def sentence(found: Found, lang: Lang) -> str:
    """What a finding says, or its code where it came without words."""
    return found.text[0 if lang == "ja" else 1] or found.code
