"""What comes next: which of the open items, and how it is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from checks.guide import Guide
from checks.model import Options, Outcome
from checks.rules.dates import previous_business_day, spoken
from checks.text import Text
from state.standing import Item

_DUE = Text("{item}（期限 {day}）", "{item} (due {day})")
_DUE_CLOSED = Text("{item}（期限 {day}、最後の開庁日 {last}）", "{item} (due {day}; last working day {last})")
_ON_PC = Text("{pc} で: {item}", "on {pc}: {item}")
_WAIT = Text(
    "{item}（これからなら{hours}時間かかり、早くて{ready}から）",
    "{item} (if not done yet: takes {hours} h, ready {ready} at the earliest)",
)


def next_item(blocking: Sequence[Item], guide: Guide) -> Item | None:
    """The lowest open item, those last that only another PC can settle, the case first, and there what stops the application; but a running clock and what has a waiting time come before other steps.

    An item that another open question may yet make needless waits for that question, which then comes in its place.
    """
    wanted = [item for item in blocking if item.status != "running"]
    decided = [item for item in wanted if item.reason is None] or wanted
    waits = {item.id: item.wait_hours for item in decided}
    for item in wanted:
        if item.reason is not None and item.wait_hours and item.id in guide.questions:
            for name in guide.questions[item.id].applies.questions():
                if guide.questions[name].step:
                    waits[name] = max(waits.get(name, 0), item.wait_hours)
    return min(
        decided,
        key=lambda item: (
            _place(item), bool(item.elsewhere), item.due or date.max, -waits[item.id], -item.wait_hours, item.step, item.position,
        ),
        default=None,
    )  # fmt: skip


def _place(item: Item) -> int:
    """A refusal, or the doubt whether it is one, first, then the case's questions, then the steps; what cannot be settled by itself comes last."""
    if item.step == 0 and item.kind == "check":
        return 0 if item.outcome in (Outcome.FAIL, Outcome.UNKNOWN) else 3
    return 2 if item.step else 1


def invitation(item: Item, options: Options) -> Text:
    """The item's place and title, with its date or the time from which it can be used."""
    place = f"{item.step}-{item.position} " if item.step else ""
    title = Text("{place}{title}", "{place}{title}").filled({"place": place, "title": item.title})
    if item.elsewhere:
        title = _ON_PC.filled({"pc": item.elsewhere, "item": title})
    if item.due is not None:
        last = previous_business_day(item.due)
        text = _DUE if last == item.due else _DUE_CLOSED
        return text.filled({"item": title, "day": spoken(item.due), "last": last})
    if not item.wait_hours:
        return title
    ready = (options.moment() + timedelta(hours=item.wait_hours)).astimezone()
    return _WAIT.filled({"item": title, "hours": item.wait_hours, "ready": f"{ready:%Y-%m-%d %H:%M}"})
