"""A fleet as text, and the words that the page shares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.guide import Guide
from checks.text import Lang, Text
from checks.wrap import cell_width, fit
from state import words
from state.fleet.fleet_pc import WORST, FleetFinding, FleetPc, Standing
from state.fleet.inventory import HORIZON, Expiry, Fleet, Group
from state.layout import lines, local, utc

LETTERS: dict[str, str] = dict(zip((*WORST, "waived", "declared"), "F!?w-.ad", strict=True))
"""What stands in the text matrix for a finding, or for the reason why it does not count."""
ACCEPTED = {"waived": Text("例外", "accepted"), "declared": words.STATES["declared"]}
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


def problem_lines(fleet: Fleet, lang: Lang) -> list[str]:
    """A line for each problem of a file."""
    return [f"{pc.name}: {why.text.to(lang)} ({pc.file})" for pc in fleet.pcs for why in pc.problems]


def old_lines(fleet: Fleet, now: datetime) -> list[str]:
    """A line for each PC whose result is old, the oldest first."""
    edge = utc(now - timedelta(days=OLD_DAYS))
    old = [pc for pc in fleet.pcs if "" < pc.finished < edge]
    old.sort(key=lambda pc: (pc.finished, pc.name.casefold()))
    return [f"{day_of(pc)} {label(pc)}" for pc in old]


def as_text(fleet: Fleet, guide: Guide, now: datetime, lang: Lang, cells: int) -> Iterator[str]:
    """Summary, problems, groups, expiries and the matrix with one letter per check, line by line."""
    for line in _text_lines(fleet, guide, now, lang, cells):
        yield line + "\n"


def _text_lines(fleet: Fleet, guide: Guide, now: datetime, lang: Lang, cells: int) -> Iterator[str]:
    yield f"{TITLE.to(lang)} ({local(now)})"
    yield from lines(summary(fleet, lang), cells)
    problems = [lines(line, cells, "  ", "    ") for line in problem_lines(fleet, lang)]
    warnings = [lines(why.text.to(lang), cells, "  ", "    ") for _, why in fleet.warnings]
    groups = [_group_lines(group, guide, lang, cells) for group in fleet.groups]
    expiries = [
        [f"  {end.on.isoformat()} {end.pc.name} {end.check} ({days_to(end, lang)})"] for end in fleet.expiries
    ]
    old = [[f"  {line}"] for line in old_lines(fleet, now)]
    none = [[f"  {NONE.to(lang)}"]]
    for title, entries in (
        (PROBLEMS.to(lang), problems),
        (WARNINGS.to(lang), warnings),
        (GROUPS.to(lang), groups or none),
        (EXPIRIES.fill({"days": HORIZON}, lang), expiries or none),
        (OLD.fill({"days": OLD_DAYS}, lang), old),
    ):
        if entries:
            yield from ("", title)
            for entry in entries:
                yield from entry
    yield from _text_matrix(fleet, lang)


def _text_matrix(fleet: Fleet, lang: Lang) -> Iterator[str]:
    yield from ("", MATRIX.to(lang))
    legend = [f"{LETTERS[o]} {words.OUTCOMES[o].to(lang)}" for o in WORST]
    reasons = {why for pc in fleet.pcs for why in pc.accepted.values()}
    legend += [f"{LETTERS[why]} {text.to(lang)}" for why, text in ACCEPTED.items() if why in reasons]
    if any(pc.problems for pc in fleet.pcs):
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
            letters = {check: LETTERS[found.outcome] for check, found in pc.cells.items()}
            letters |= {check: LETTERS[why] for check, why in pc.accepted.items()}
            row = "".join(letters.get(check, " ") for check in part)
            name = fit(label(pc), left)
            mark = NO_FULL_RESULT if pc.problems else " "
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
    failed, none, unknown, in_order = fleet.counts().values()
    values = {"pcs": len(fleet.pcs), "failed": failed, "none": none, "unknown": unknown, "ok": in_order}
    return SUMMARY.fill(values, lang)


def days_to(end: Expiry, lang: Lang) -> str:
    return (_PAST if end.days < 0 else _DAYS).fill({"n": abs(end.days)}, lang)


def label(pc: FleetPc) -> str:
    """What the collector calls the PC, and who its file says it is as far as that is more."""
    host = pc.host if pc.host.casefold() != pc.name.casefold() else ""
    more = ", ".join(filter(None, [host, pc.user]))
    return f"{pc.name} ({more})" if more else pc.name


def day_of(pc: FleetPc) -> str:
    """The day of the run, where the person is; empty when it is not known."""
    return local(datetime.fromisoformat(pc.finished))[:10] if pc.finished else ""


def title_of(guide: Guide, check: str, lang: Lang) -> str:
    """The title of a check, or its id where this version does not know it."""
    known = guide.checks.get(check)
    return known.title.to(lang) if known else check


def sentence(found: FleetFinding, lang: Lang) -> str:
    """What a finding says, or its code where it came without words."""
    return found.text[0 if lang == "ja" else 1] or found.code
