"""A fleet as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape

from checks.guide import Guide
from checks.model import Outcome
from checks.text import Lang, Text
from state import words
from state.fleet import fleet_text
from state.fleet.inventory import HORIZON, Fleet
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
    yield from _html_list(
        "problems",
        fleet_text.PROBLEMS.to(lang),
        [f"{pc.name}: {why.text.to(lang)} ({pc.file})" for pc, why in fleet_text.problems_of(fleet)],
    )
    yield from _html_list(
        "warnings", fleet_text.WARNINGS.to(lang), [why.text.to(lang) for _, why in fleet.warnings]
    )
    yield from _html_groups(fleet, guide, lang)
    yield from _html_expiries(fleet, lang)
    old = [f"{fleet_text.day_of(pc)} {fleet_text.label(pc)}" for pc in fleet_text.old_of(fleet, now)]
    yield from _html_list("old", fleet_text.OLD.fill({"days": fleet_text.OLD_DAYS}, lang), old)
    yield from _html_matrix(fleet, guide, lang)
    yield "</main>\n</body>\n</html>\n"


def _html_groups(fleet: Fleet, guide: Guide, lang: Lang) -> Iterator[str]:
    yield f'<section aria-labelledby="groups">\n<h2 id="groups">{escape(fleet_text.GROUPS.to(lang))}</h2>\n'
    if not fleet.groups:
        yield f"<p>{escape(fleet_text.NONE.to(lang))}</p>\n"
    for group in fleet.groups:
        count = fleet_text.COUNT.fill({"n": len(group.pcs)}, lang)
        word = words.OUTCOMES[group.outcome].to(lang)
        title = fleet_text.title_of(guide, group.check, lang)
        texts = "".join(
            f"<li>{escape(fleet_text.sentence(found, lang))}{escape(f' ({n})') if len(group.texts) > 1 else ''}</li>"
            for found, n in group.texts[:5]
        )
        yield (
            f'<details><summary><strong>{escape(count)}</strong> <span class="{group.outcome.value}">[{escape(word)}]</span> '
            f"{escape(title)} <code>{escape(group.check)}: {escape(group.code)}</code></summary>\n<ul>{texts}</ul>\n"
            f"<p>{escape(', '.join(pc.name for pc in group.pcs))}</p></details>\n"
        )
    yield "</section>\n"


def _html_expiries(fleet: Fleet, lang: Lang) -> Iterator[str]:
    title = escape(fleet_text.EXPIRIES.fill({"days": HORIZON}, lang))
    yield f'<section aria-labelledby="ends">\n<h2 id="ends">{title}</h2>\n'
    yield "<table><tbody>\n" if fleet.expiries else f"<p>{escape(fleet_text.NONE.to(lang))}</p>\n"
    for end in fleet.expiries:
        yield (
            f"<tr><td>{end.on.isoformat()}</td><th>{escape(end.pc.name)}</th><td>{escape(end.check)}</td>"
            f"<td>{escape(fleet_text.days_to(end, lang))}</td></tr>\n"
        )
    yield ("</tbody></table>\n" if fleet.expiries else "") + "</section>\n"


def _html_list(name: str, title: str, entries: list[str]) -> Iterator[str]:
    """A section with one line per entry; none where there is nothing to say."""
    if entries:
        listed = "".join(f"<li>{escape(entry)}</li>\n" for entry in entries)
        yield (
            f'<section aria-labelledby="{name}">\n<h2 id="{name}">{escape(title)}</h2>\n<ul>\n{listed}</ul>\n</section>\n'
        )


def _html_matrix(fleet: Fleet, guide: Guide, lang: Lang) -> Iterator[str]:
    yield f'<section aria-labelledby="matrix">\n<h2 id="matrix">{escape(fleet_text.MATRIX.to(lang))}</h2>\n<div class="wide" tabindex="0">\n'
    heads = "".join(
        f'<th class="c" scope="col" title="{escape(fleet_text.title_of(guide, check, lang))}">{escape(check)}</th>'
        for check in fleet.columns
    )
    yield f'<table>\n<thead><tr><th scope="col">PC</th><th scope="col">{escape(_STANDING.to(lang))}</th><th scope="col">{escape(_WHEN.to(lang))}</th>{heads}</tr></thead>\n<tbody>\n'
    cells = {
        outcome: f'<td class="o {outcome.value}">{escape(words.OUTCOMES[outcome].to(lang))}</td>'
        for outcome in Outcome
    }
    waived = f'<td class="o skip">{escape(fleet_text.WAIVED.to(lang))}</td>'
    for pc in fleet.pcs:
        why = "".join(f"<small>{escape(each.text.to(lang))}</small>" for each in pc.reasons)
        row = [
            f'<tr><th scope="row">{escape(fleet_text.label(pc))}</th>'
            f'<td class="s {pc.standing}">{escape(fleet_text.STANDINGS[pc.standing].to(lang))}{why}</td><td class="o">{fleet_text.day_of(pc)}</td>'
        ]
        for check in fleet.columns:
            found = pc.cells.get(check)
            row.append(
                "<td></td>" if found is None else waived if check in pc.waived else cells[found.outcome]
            )
        yield "".join(row) + "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n</section>\n"
