"""A fleet as text, HTML or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from typing import Any

from checks import __version__
from checks.catalog import Catalog
from checks.model import Outcome
from checks.shown import inert_json
from checks.text import Lang, Text
from checks.wrap import cell_width, fit
from state import words
from state.fleet import HORIZON, WORST, Expiry, Fleet, Found, Group, Pc
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
SHOWN_HOSTS = 8
OLD_DAYS = 7
"""A run that is older says little of how the PC is now."""
_TITLE = Text("PCの準備状況", "Readiness of the PCs")
_SUMMARY = Text(
    "PC {pcs}台（要対応 {fail}台、不明 {unknown}台、問題なし {ok}台）",
    "{pcs} PCs ({fail} failed, {unknown} unknown, {ok} in order)",
)
_FILES = Text(
    "ファイル {files}件、古い重複 {replaced}件", "{files} files, {replaced} older duplicates left out"
)
_GROUPS = Text("同じ結果のPC", "The same finding")
_COUNT = Text("{n}台", "{n} PCs")
_OTHERS = Text("ほか{n}台", "and {n} more")
_EXPIRIES = Text("{days}日以内に期限が来るもの", "What expires within {days} days")
_DAYS = Text("あと{n}日", "in {n} days")
_PAST = Text("{n}日前に期限切れ", "expired {n} days ago")
_NONE = Text("ありません。", "None.")
_OLD = Text(
    "{days}日より前の結果のPC（今の状態は分かりません）",
    "PCs whose result is more than {days} days old (how they are now is not known)",
)
_UNDATED = Text("日時なし", "undated")
_WHEN = Text("検査日", "Checked")
_MATRIX = Text("PCと検査の表", "PCs and checks")
_PROBLEMS = Text("使えなかった、または一部だけ使ったファイル", "Files not used, or used in part")
_WAIVED = Text("例外", "accepted")


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
    problems = [{"file": name, "reason": {"ja": why.ja, "en": why.en}} for name, why in fleet.problems]
    yield f'  "problems": {text(problems)}\n}}\n'


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
        "files": fleet.files,
        "replaced": fleet.replaced,
        "checks": fleet.columns,
    }


def _group_json(group: Group) -> dict[str, Any]:
    texts = [{"ja": found.text[0], "en": found.text[1], "count": n} for found, n in group.texts]
    return {"id": group.check, "outcome": group.outcome.value, "code": group.code, "count": len(group.hosts),
            "hosts": list(group.hosts), "texts": texts}  # fmt: skip


def _expiry_json(end: Expiry) -> dict[str, Any]:
    return {"host": end.host, "id": end.check, "date": end.on.isoformat(), "days": end.days}


def _pc_json(pc: Pc) -> dict[str, Any]:
    return {
        "host": pc.host,
        "user": pc.user,
        "platform": pc.platform,
        "finished": pc.finished,
        "counts": {
            outcome.value: sum(found.outcome is outcome for found in pc.cells.values()) for outcome in Outcome
        },
        "results": {
            check: {
                "outcome": found.outcome.value,
                "code": found.code,
                **({"waived": True} if check in pc.waived else {}),
            }
            for check, found in pc.cells.items()
        },
    }


def as_text(fleet: Fleet, catalog: Catalog, now: datetime, lang: Lang, cells: int) -> Iterator[str]:
    """Summary, groups, expiries and the matrix with one letter per check, line by line."""
    for line in _text_lines(fleet, catalog, now, lang, cells):
        yield line + "\n"


def _text_lines(fleet: Fleet, catalog: Catalog, now: datetime, lang: Lang, cells: int) -> Iterator[str]:
    yield f"{_TITLE.to(lang)} ({local(now)})"
    yield from lines(_summary(fleet, lang), cells)
    yield from lines(_files(fleet, lang), cells)
    yield from ("", _GROUPS.to(lang))
    for group in fleet.groups:
        yield from _group_lines(group, catalog, lang, cells)
    if not fleet.groups:
        yield "  " + _NONE.to(lang)
    yield from ("", _EXPIRIES.fill({"days": HORIZON}, lang))
    for end in fleet.expiries:
        yield f"  {end.on.isoformat()} {end.host} {end.check} ({_days(end, lang)})"
    if not fleet.expiries:
        yield "  " + _NONE.to(lang)
    old = _old(fleet, now)
    if old:
        yield from ("", _OLD.fill({"days": OLD_DAYS}, lang))
        for pc in old:
            yield f"  {_day(pc) or _UNDATED.to(lang)} {_name(pc)}"
    if fleet.problems:
        yield from ("", _PROBLEMS.to(lang))
        for name, why in fleet.problems:
            yield from lines(f"{name}: {why.to(lang)}", cells, "  ", "    ")
    yield from _text_matrix(fleet, lang)


def _text_matrix(fleet: Fleet, lang: Lang) -> Iterator[str]:
    yield from ("", _MATRIX.to(lang))
    legend = [f"{LETTERS[o]} {words.OUTCOMES[o].to(lang)}" for o in WORST]
    if any(pc.waived for pc in fleet.pcs):
        legend.append(f"{ACCEPTED} {_WAIVED.to(lang)}")
    yield "  " + "  ".join(legend)
    for number, check in enumerate(fleet.columns, 1):
        yield f"  {number:>3} {check}"
    left = min(max((cell_width(_name(pc)) for pc in fleet.pcs), default=4), 40)
    for start in range(0, len(fleet.columns), 50):
        part = fleet.columns[start : start + 50]
        places = range(start + 1, start + len(part) + 1)
        ruler = "".join(str(place // 10 % 10) if place % 10 == 0 else " " for place in places)
        yield from ("", f"  {'':<{left}} {ruler}".rstrip())
        for pc in fleet.pcs:
            row = "".join(_letter(pc, check) for check in part)
            name = fit(_name(pc), left)
            yield f"  {name}{' ' * (left - cell_width(name))} {row}"


def _group_lines(group: Group, catalog: Catalog, lang: Lang, cells: int) -> list[str]:
    count = _COUNT.fill({"n": len(group.hosts)}, lang)
    word = words.OUTCOMES[group.outcome].to(lang)
    out = lines(
        f"{count} [{word}] {_title(catalog, group.check, lang)} ({group.check}: {group.code})",
        cells,
        "  ",
        "    ",
    )
    for found, number in group.texts[:3]:
        more = f" ({_COUNT.fill({'n': number}, lang)})" if len(group.texts) > 1 else ""
        out += lines(_text(found, lang) + more, cells, "      ")
    names = ", ".join(group.hosts[:SHOWN_HOSTS])
    rest = len(group.hosts) - SHOWN_HOSTS
    return out + lines(names + (f" {_OTHERS.fill({'n': rest}, lang)}" if rest > 0 else ""), cells, "      ")


def _summary(fleet: Fleet, lang: Lang) -> str:
    fail = sum(pc.count(Outcome.FAIL) > 0 for pc in fleet.pcs)
    unknown = sum(
        not pc.count(Outcome.FAIL) and pc.count(Outcome.UNKNOWN, Outcome.CRASH) > 0 for pc in fleet.pcs
    )
    values = {"pcs": len(fleet.pcs), "fail": fail, "unknown": unknown, "ok": len(fleet.pcs) - fail - unknown}
    return _SUMMARY.fill(values, lang)


def _files(fleet: Fleet, lang: Lang) -> str:
    return _FILES.fill({"files": fleet.files, "replaced": fleet.replaced}, lang)


def _days(end: Expiry, lang: Lang) -> str:
    return (_PAST if end.days < 0 else _DAYS).fill({"n": abs(end.days)}, lang)


def _name(pc: Pc) -> str:
    return f"{pc.host} ({pc.user})" if pc.user else pc.host


def _letter(pc: Pc, check: str) -> str:
    found = pc.cells.get(check)
    return " " if found is None else ACCEPTED if check in pc.waived else LETTERS[found.outcome]


def _day(pc: Pc) -> str:
    """The day of the run, where the person is; empty when it is not known."""
    return local(datetime.fromisoformat(pc.finished))[:10] if pc.finished else ""


def _old(fleet: Fleet, now: datetime) -> list[Pc]:
    """The PCs whose newest run is old or of no known day, the oldest first."""
    edge = utc(now - timedelta(days=OLD_DAYS))
    return sorted(
        (pc for pc in fleet.pcs if pc.finished < edge), key=lambda pc: (pc.finished, pc.host.casefold())
    )


def _title(catalog: Catalog, check: str, lang: Lang) -> str:
    known = catalog.checks.get(check)
    return known.title.to(lang) if known else check


def _text(found: Found, lang: Lang) -> str:
    return found.text[0 if lang == "ja" else 1] or found.code


_STYLE = """
body { font-family: "Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif; font-size: 14px;
  line-height: 1.6; line-break: strict; color: #111; background: #fff; margin: 16px; }
h1 { font-size: 22px; } h2 { font-size: 17px; border-bottom: 1px solid #333; }
.wide { overflow: auto; max-height: 90vh; }
table { border-collapse: collapse; } th, td { border: 1px solid #bbb; padding: 2px 6px; text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: #eee; } thead th.c { writing-mode: vertical-rl; font-weight: normal; }
tbody th { position: sticky; left: 0; background: #eee; white-space: nowrap; font-weight: normal; }
td.o { text-align: center; white-space: nowrap; }
.fail { background: #f7c1bb; font-weight: 700; } .crash, .unknown { background: #e3d3f2; } .warn { background: #fbe8a6; }
.pass { background: #dcefdc; } .skip { color: #555; }
@page { size: A4 landscape; margin: 10mm; } @media print { .wide { overflow: visible; max-height: none; } }
"""


def as_html(fleet: Fleet, catalog: Catalog, now: datetime, lang: Lang) -> Iterator[str]:
    """The page in pieces; no scripts, every word from outside escaped."""
    title = escape(_TITLE.to(lang))
    yield (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n<p>{escape(local(now))}</p>\n"
        f"<p>{escape(_summary(fleet, lang))}</p>\n<p>{escape(_files(fleet, lang))}</p>\n</header>\n<main>\n"
    )
    yield from _html_groups(fleet, catalog, lang)
    yield from _html_lists(fleet, now, lang)
    yield from _html_matrix(fleet, catalog, lang)
    yield "</main>\n</body>\n</html>\n"


def _html_groups(fleet: Fleet, catalog: Catalog, lang: Lang) -> Iterator[str]:
    yield f'<section aria-labelledby="groups">\n<h2 id="groups">{escape(_GROUPS.to(lang))}</h2>\n'
    if not fleet.groups:
        yield f"<p>{escape(_NONE.to(lang))}</p>\n"
    for group in fleet.groups:
        count = _COUNT.fill({"n": len(group.hosts)}, lang)
        word = words.OUTCOMES[group.outcome].to(lang)
        title = _title(catalog, group.check, lang)
        texts = "".join(
            f"<li>{escape(_text(found, lang))}{escape(f' ({n})') if len(group.texts) > 1 else ''}</li>"
            for found, n in group.texts[:5]
        )
        yield (
            f'<details><summary><strong>{escape(count)}</strong> <span class="{group.outcome.value}">[{escape(word)}]</span> '
            f"{escape(title)} <code>{escape(group.check)}: {escape(group.code)}</code></summary>\n<ul>{texts}</ul>\n"
            f"<p>{escape(', '.join(group.hosts))}</p></details>\n"
        )
    yield "</section>\n"


def _html_lists(fleet: Fleet, now: datetime, lang: Lang) -> Iterator[str]:
    title = escape(_EXPIRIES.fill({"days": HORIZON}, lang))
    yield f'<section aria-labelledby="ends">\n<h2 id="ends">{title}</h2>\n'
    yield "<table><tbody>\n" if fleet.expiries else f"<p>{escape(_NONE.to(lang))}</p>\n"
    for end in fleet.expiries:
        yield (
            f"<tr><td>{end.on.isoformat()}</td><th>{escape(end.host)}</th><td>{escape(end.check)}</td>"
            f"<td>{escape(_days(end, lang))}</td></tr>\n"
        )
    yield ("</tbody></table>\n" if fleet.expiries else "") + "</section>\n"
    old = _old(fleet, now)
    if old:
        listed = "".join(
            f"<li>{_day(pc) or escape(_UNDATED.to(lang))} {escape(_name(pc))}</li>" for pc in old
        )
        title = escape(_OLD.fill({"days": OLD_DAYS}, lang))
        yield f'<section aria-labelledby="old">\n<h2 id="old">{title}</h2>\n<ul>{listed}</ul>\n</section>\n'
    if fleet.problems:
        listed = "".join(f"<li>{escape(name)}: {escape(why.to(lang))}</li>" for name, why in fleet.problems)
        title = escape(_PROBLEMS.to(lang))
        yield f'<section aria-labelledby="files">\n<h2 id="files">{title}</h2>\n<ul>{listed}</ul>\n</section>\n'


def _html_matrix(fleet: Fleet, catalog: Catalog, lang: Lang) -> Iterator[str]:
    yield f'<section aria-labelledby="matrix">\n<h2 id="matrix">{escape(_MATRIX.to(lang))}</h2>\n<div class="wide" tabindex="0">\n'
    heads = "".join(
        f'<th class="c" scope="col" title="{escape(_title(catalog, check, lang))}">{escape(check)}</th>'
        for check in fleet.columns
    )
    yield f'<table>\n<thead><tr><th scope="col">PC</th><th scope="col">{escape(_WHEN.to(lang))}</th>{heads}</tr></thead>\n<tbody>\n'
    cells = {
        outcome: f'<td class="o {outcome.value}">{escape(words.OUTCOMES[outcome].to(lang))}</td>'
        for outcome in Outcome
    }
    waived = f'<td class="o skip">{escape(_WAIVED.to(lang))}</td>'
    for pc in fleet.pcs:
        row = [f'<tr><th scope="row">{escape(_name(pc))}</th><td class="o">{_day(pc)}</td>']
        for check in fleet.columns:
            found = pc.cells.get(check)
            row.append(
                "<td></td>" if found is None else waived if check in pc.waived else cells[found.outcome]
            )
        yield "".join(row) + "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n</section>\n"
