"""A fleet as one HTML page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape

from checks.guide import Guide
from checks.model import Outcome
from checks.text import Lang, Text
from state import words
from state.fleet import fleet_text
from state.fleet.inventory import HORIZON, Fleet, Group
from state.layout import local

_WHEN = Text("検査日", "Checked")
_STANDING = Text("状態", "State")
_STYLE = """
body { font-family: "Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif; font-size: 14px;
  line-height: 1.6; line-break: strict; color: #111; background: #fff; margin: 16px; }
h1 { font-size: 22px; } h2 { font-size: 17px; border-bottom: 1px solid #333; }
.wide { overflow: auto; max-height: 90vh; }
table { border-collapse: collapse; } th, td { border: 1px solid #bbb; padding: 2px 6px; text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: #eee; } thead th.c { writing-mode: vertical-rl; font-weight: normal; }
tbody th { position: sticky; left: 0; background: #eee; white-space: nowrap; font-weight: normal; }
td.o { text-align: center; white-space: nowrap; }
.fail, .failed { background: #f7c1bb; font-weight: 700; } .crash, .unknown { background: #e3d3f2; } .warn { background: #fbe8a6; }
.no-result { background: #e3d3f2; font-weight: 700; } td.s small { display: block; width: 22em; font-weight: 400; }
.pass, .in-order { background: #dcefdc; } .skip { color: #555; }
@page { size: A4 landscape; margin: 10mm; } @media print { .wide { overflow: visible; max-height: none; } }
"""


def as_html(fleet: Fleet, guide: Guide, now: datetime, lang: Lang) -> Iterator[str]:
    """The page in pieces; no scripts, every word from outside escaped."""
    title = escape(fleet_text.TITLE.to(lang))
    yield (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n<p>{escape(local(now))}</p>\n"
        f"<p>{escape(fleet_text.summary(fleet, lang))}</p>\n</header>\n<main>\n"
    )
    warnings = [why.text.to(lang) for _, why in fleet.warnings]
    yield from _list("problems", fleet_text.PROBLEMS.to(lang), fleet_text.problem_lines(fleet, lang))
    yield from _list("warnings", fleet_text.WARNINGS.to(lang), warnings)
    none = f"<p>{escape(fleet_text.NONE.to(lang))}</p>\n"
    groups = (_group(group, guide, lang) for group in fleet.groups)
    yield from _section("groups", fleet_text.GROUPS.to(lang), groups if fleet.groups else [none])
    ends = [
        f"<tr><td>{end.on.isoformat()}</td><th>{escape(end.pc.name)}</th><td>{escape(end.check)}</td>"
        f"<td>{escape(fleet_text.days_to(end, lang))}</td></tr>\n"
        for end in fleet.expiries
    ]
    heading = fleet_text.EXPIRIES.fill({"days": HORIZON}, lang)
    yield from _section(
        "ends", heading, ["<table><tbody>\n", *ends, "</tbody></table>\n"] if ends else [none]
    )
    old = fleet_text.OLD.fill({"days": fleet_text.OLD_DAYS}, lang)
    yield from _list("old", old, fleet_text.old_lines(fleet, now))
    yield from _section("matrix", fleet_text.MATRIX.to(lang), _matrix(fleet, guide, lang))
    yield "</main>\n</body>\n</html>\n"


def _section(name: str, title: str, body: Iterable[str]) -> Iterator[str]:
    yield f'<section aria-labelledby="{name}">\n<h2 id="{name}">{escape(title)}</h2>\n'
    yield from body
    yield "</section>\n"


def _list(name: str, title: str, entries: Iterable[str]) -> Iterator[str]:
    """A section with one line per entry; none where there is nothing to say."""
    items = [f"<li>{escape(entry)}</li>\n" for entry in entries]
    if items:
        yield from _section(name, title, ["<ul>\n", *items, "</ul>\n"])


def _group(group: Group, guide: Guide, lang: Lang) -> str:
    count = fleet_text.COUNT.fill({"n": len(group.pcs)}, lang)
    word = words.OUTCOMES[group.outcome].to(lang)
    title = fleet_text.title_of(guide, group.check, lang)
    texts = "".join(
        f"<li>{escape(fleet_text.sentence(found, lang))}{f' ({n})' if len(group.texts) > 1 else ''}</li>"
        for found, n in group.texts[:5]
    )
    return (
        f'<details><summary><strong>{escape(count)}</strong> <span class="{group.outcome.value}">[{escape(word)}]</span> '
        f"{escape(title)} <code>{escape(group.check)}: {escape(group.code)}</code></summary>\n<ul>{texts}</ul>\n"
        f"<p>{escape(', '.join(pc.name for pc in group.pcs))}</p></details>\n"
    )


def _matrix(fleet: Fleet, guide: Guide, lang: Lang) -> Iterator[str]:
    heads = "".join(
        f'<th scope="col">{escape(head)}</th>' for head in ("PC", _STANDING.to(lang), _WHEN.to(lang))
    )
    heads += "".join(
        f'<th class="c" scope="col" title="{escape(fleet_text.title_of(guide, check, lang))}">{escape(check)}</th>'
        for check in fleet.columns
    )
    yield f'<div class="wide" tabindex="0">\n<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n'
    marks: dict[str, tuple[str, Text]] = {
        outcome: (outcome.value, words.OUTCOMES[outcome]) for outcome in Outcome
    }
    marks |= {why: ("skip", text) for why, text in fleet_text.ACCEPTED.items()}
    cells = {why: f'<td class="o {name}">{escape(text.to(lang))}</td>' for why, (name, text) in marks.items()}
    for pc in fleet.pcs:
        why = "".join(f"<small>{escape(each.text.to(lang))}</small>" for each in pc.problems)
        row = (
            f'<tr><th scope="row">{escape(fleet_text.label(pc))}</th>'
            f'<td class="s {pc.standing}">{escape(fleet_text.STANDINGS[pc.standing].to(lang))}{why}</td><td class="o">{fleet_text.day_of(pc)}</td>'
        )
        for check in fleet.columns:
            found = pc.cells.get(check)
            row += "<td></td>" if found is None else cells[pc.accepted.get(check, found.outcome)]
        yield row + "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"
