"""Reports as one HTML file: no scripts, nothing loaded, prints on A4, landmarks for screen readers."""

from __future__ import annotations

import re
from html import escape

from checks.text import Lang
from state import words
from state.letters.papers import ChecklistItem, Letter, Section
from state.letters.plain_text import code_lists
from state.letters.timeline import as_svg

_STYLE = """
@page { size: A4; margin: 15mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
* { box-sizing: border-box; }
body { font-family: "Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif; font-size: 10.5pt;
  line-height: 1.65; line-break: strict; overflow-wrap: anywhere; color: #111; background: #fff; max-width: 182mm;
  margin: 0 auto; padding: 8mm 4mm; }
h1 { font-size: 17pt; line-height: 1.3; margin: 0 0 4mm; }
h2 { font-size: 12.5pt; line-height: 1.4; margin: 7mm 0 2mm; padding-bottom: 1mm; border-bottom: 0.4mm solid #333;
  break-after: avoid; }
h2 .state { float: right; font-weight: normal; font-size: 10.5pt; padding-left: 1em; }
p { margin: 0 0 2mm; white-space: pre-line; }
dl { display: grid; grid-template-columns: minmax(30%, max-content) 1fr; gap: 0 4mm; margin: 0 0 3mm; }
dt { color: #333; } dd { margin: 0; font-weight: 600; }
ul.items { list-style: none; margin: 0; padding: 0; }
ul.items > li { display: grid; grid-template-columns: 6mm 1fr; padding: 1.2mm 0; border-bottom: 0.2mm solid #999;
  break-inside: avoid; }
.box { display: inline-block; width: 4mm; height: 4mm; margin-top: 1mm; border: 0.35mm solid #111; position: relative; }
.box.done::after { content: ""; position: absolute; left: 1mm; top: 0; width: 1.2mm; height: 2.4mm; border: solid #111;
  border-width: 0 0.5mm 0.5mm 0; transform: rotate(45deg); }
.box.none { border-color: transparent; }
.word { font-weight: 700; } .title { font-weight: 600; }
code { font-family: ui-monospace, Consolas, "MS Gothic", monospace; font-size: 9pt; white-space: pre-wrap; }
.id { color: #555; font-weight: normal; }
.more { font-size: 9.5pt; } .source { font-size: 8.5pt; color: #444; margin: 0; }
.more ul { margin: 0 0 1mm; padding-left: 5mm; }
a { color: #0b4a8f; }
.sign { display: flex; flex-wrap: wrap; gap: 4mm 8mm; margin-top: 10mm; break-inside: avoid; }
.sign div { flex: 1 1 45mm; min-height: 18mm; border: 0.3mm solid #333; padding: 1mm 2mm; font-size: 9pt; }
.compact { font-size: 9.5pt; line-height: 1.5; }
.columns ul.items { columns: 2; column-gap: 6mm; } .compact ul.items > li { padding: 0.8mm 0; }
.dense { line-height: 1.3; } .dense h2 { margin: 3mm 0 1mm; font-size: 11pt; } .dense dl { margin-bottom: 1.5mm; }
.dense p { margin-bottom: 1mm; } .dense h1 { font-size: 14pt; margin-bottom: 2mm; } .dense .source { font-size: 7.5pt; }
.dense .more ul { list-style: none; padding-left: 3mm; } .dense code { font-size: 7.5pt; } .dense .box { display: none; }
.dense ul.items > li { display: block; padding: 0.6mm 0; }
.compact .more { font-size: 8.5pt; } .compact .more p { margin: 0; } .compact h2 { margin-top: 4mm; }
.compact .sign { margin-top: 5mm; } .compact .sign div { min-height: 14mm; }
@page tight { margin: 11mm 13mm; } .tight { page: tight; font-size: 8.5pt; line-height: 1.28; } .tight h1 { font-size: 14pt; margin: 0 0 1.5mm; }
.tight h2 { font-size: 9.5pt; margin: 1.8mm 0 0.6mm; padding-bottom: 0.4mm; } .tight ul.items { columns: 3; column-gap: 5mm; }
.tight ul.items > li { padding: 0.3mm 0; border: 0; grid-template-columns: 5mm 1fr; } .tight .more { font-size: 8pt; }
.tight .box { width: 3mm; height: 3mm; margin-top: 0.5mm; } .tight .title { font-weight: normal; } .tight p { margin: 0; }
.tight dl { grid-template-columns: max-content 1fr; margin: 0; } .tight dd { font-weight: normal; } .tight .sign { margin-top: 2.5mm; }
.tight .sign div { min-height: 11mm; } .tight .timeline { max-height: 24mm; margin: 0; }
.timeline { width: 100%; height: auto; display: block; margin: 0 0 2mm; }
.columns dl { grid-template-columns: max-content 1fr; } .columns h2 { margin: 3.5mm 0 1mm; font-size: 11pt; }
.columns header dl { margin: 0 0 1mm; } .columns h1 { font-size: 15pt; margin: 0 0 2mm; }
@media print { body { padding: 0; max-width: none; } a { color: inherit; text-decoration: none; } }
"""


def as_html(letter: Letter) -> str:
    """The whole page; every string of the document is escaped."""
    body = [_section(section, number, letter.lang) for number, section in enumerate(letter.sections, 1)]
    places = "".join(f"<div>{escape(label)}</div>" for label in letter.signature)
    signature = f'<footer class="sign">{places}</footer>\n' if places else ""
    small = f' class="compact {letter.print}"' if letter.print else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{letter.lang}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(letter.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body{small}>\n"
        f"<header>\n<h1>{escape(letter.title)}</h1>\n{_rows(letter.head)}</header>\n"
        f"<main>\n{''.join(body)}</main>\n{signature}</body>\n</html>\n"
    )


def _rows(rows: tuple[tuple[str, str], ...]) -> str:
    if not rows:
        return ""
    cells = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>\n" for label, value in rows)
    return f"<dl>\n{cells}</dl>\n"


def _section(section: Section, number: int, lang: Lang) -> str:
    text = "".join(f"<p>{escape(part)}</p>\n" for part in section.text)
    items = "".join(_item(item, lang) for item in section.items)
    line = as_svg(section.dates, lang) if section.dates is not None else ""
    inner = f"{text}{line}{_rows(section.rows)}" + (f'<ul class="items">\n{items}</ul>\n' if items else "")
    if not section.title:
        return f"<div>\n{inner}</div>\n"
    state = f'<span class="state">[{escape(section.state)}]</span>' if section.state else ""
    title = f'<h2 id="s{number}">{state}{escape(section.title)}</h2>\n'
    return f'<section aria-labelledby="s{number}">\n{title}{inner}</section>\n'


def _item(item: ChecklistItem, lang: Lang) -> str:
    word = f'<span class="word">[{escape(item.word)}]</span> ' if item.word else ""
    name = f' <code class="id">{escape(item.id)}</code>' if item.id else ""
    more = "".join(f"<p>{escape(text)}</p>" for text in (*item.facts, *item.advice))
    for label, parts in code_lists(item, lang):
        listed = "".join(f"<li><code>{escape(part)}</code></li>" for part in parts)
        more += f"<p>{escape(label)}</p><ul>{listed}</ul>"
    if item.source or item.link:
        safe = re.fullmatch(r"https://[!-~]+", item.link)
        link = f' <a href="{escape(item.link)}">{escape(item.link)}</a>' if safe else ""
        more += f'<p class="source">{escape(words.SOURCE.to(lang))}: {escape(item.source)}{link}</p>'
    return (
        f'<li><span class="box {item.mark}" aria-hidden="true"></span><div>{word}<span class="title">'
        f'{escape(item.title)}</span>{name}<div class="more">{more}</div></div></li>\n'
    )
