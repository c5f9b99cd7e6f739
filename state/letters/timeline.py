"""The dates of an application drawn as a line: an inline SVG that is read in black and white, and by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from html import escape

from checks.record import dataclass
from checks.rules.dates import in_japan
from checks.text import Lang, Text
from state.agenda import Agenda

_LINE = Text("期日の並び（{first} から {last} まで）", "The dates in order, from {first} to {last}")
_TODAY = Text("今日", "today")
_FROM = Text("申請できる", "can be filed")
_FAR = Text("それより後: {n}件", "later: {n}")
_SPAN = 200
"""Days ahead that are drawn to scale; what lies beyond is only counted."""
_WIDTH, _HEIGHT, _EDGE, _AXIS = 640, 92, 36, 56
_ROWS = (14, 30, 46)
"""Heights at which the days are written, in turn, so that neighbours do not cover each other."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One day on the line."""

    day: date
    shape: str
    """`today`, `from` or `date`, each with its own form."""
    label: str


def marks(made: Agenda, lang: Lang) -> Iterator[Mark]:
    """Today, the day from which it can be filed where that lies ahead, and every date."""
    yield Mark(made.today, "today", _TODAY.to(lang))
    for _, sending in made.sending:
        if sending.moment is not None and sending.moment > made.now:
            yield Mark(in_japan(sending.moment), "from", _FROM.to(lang))
    for _, due in made.dates:
        yield Mark(due.day, "date", "")


def as_svg(made: Agenda, lang: Lang) -> str:
    """The line; empty where there is no date but today. Each day is also written in the letter's list."""
    every = sorted(marks(made, lang), key=lambda mark: mark.day)
    end = made.today + timedelta(days=_SPAN)
    near = [mark for mark in every if mark.day <= end]
    if len(near) < 2:
        return ""
    first, last = near[0].day, near[-1].day
    scale = (_WIDTH - 2 * _EDGE) / max((last - first).days, 1)

    def place(day: date) -> float:
        return round(_EDGE + (day - first).days * scale, 1)

    parts = [f'<path d="M{_EDGE} {_AXIS}H{_WIDTH - _EDGE}" stroke="#111" stroke-width="1.5"/>']
    sent = next((mark.day for mark in near if mark.shape == "from"), None)
    if sent is not None:  # the waiting time
        parts.append(
            f'<path d="M{place(made.today)} {_AXIS}H{place(sent)}" stroke="#111" stroke-width="7" stroke-dasharray="2 3"/>'
        )
    for number, mark in enumerate(near):
        x, row = place(mark.day), _ROWS[number % len(_ROWS)]
        shape = {
            "today": f'<circle cx="{x}" cy="{_AXIS}" r="6"/>',
            "from": f'<path d="M{x} {_AXIS - 8}l7 13h-14z"/>',
            "date": f'<path d="M{x} {_AXIS - 8}v16" stroke="#111" stroke-width="2.5"/>',
        }[mark.shape]
        parts.append(f'<path d="M{x} {row + 3}V{_AXIS - 8}" stroke="#777" stroke-width=".7"/>{shape}')
        parts.append(f'<text x="{x}" y="{row}">{mark.day.month}/{mark.day.day}</text>')
        if mark.label:
            parts.append(f'<text x="{x}" y="{_AXIS + 24}">{escape(mark.label)}</text>')
    if len(every) > len(near):
        beyond = _FAR.fill({"n": len(every) - len(near)}, lang)
        parts.append(f'<text x="{_WIDTH - 4}" y="{_HEIGHT - 4}" text-anchor="end">{escape(beyond)}</text>')
    values = {"first": first.isoformat(), "last": last.isoformat()}
    return (
        f'<svg class="timeline" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(_LINE.fill(values, lang))}" '
        f'font-size="11" text-anchor="middle" fill="#111">{"".join(parts)}</svg>\n'
    )
