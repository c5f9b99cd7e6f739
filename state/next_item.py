"""What comes next: which of the open items, and how it is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from checks.guide import Guide
from checks.model import Options, Outcome
from checks.rules.dates import both, previous_business_day
from checks.text import Lang, Text
from state.standing import Item


def next_item(blocking: Sequence[Item], guide: Guide) -> Item | None:
    """The lowest open item, the case first, and there what stops the application; but a running clock and what has a waiting time come before other steps.

    An item that another open question may yet make needless waits for that question, which then comes in its place.
    """
    wanted = [item for item in blocking if item.status != "running"]
    if not wanted:
        return None
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
            _place(item), item.due or date.max, -waits[item.id], -item.wait_hours, item.step, item.position,
        ),
    )  # fmt: skip


def _place(item: Item) -> int:
    """A refusal, or the doubt whether it is one, first, then the case's questions, then the steps; what cannot be settled by itself comes last."""
    if item.step == 0 and item.kind == "check":
        return 0 if item.outcome in (Outcome.FAIL, Outcome.UNKNOWN) else 3
    return 2 if item.step else 1


def invitation(item: Item, options: Options) -> Text:
    """The item's place and title, with its date or the time from which it can be used."""
    place = f"{item.step}-{item.position} " if item.step else ""
    if item.due is not None:
        last = previous_business_day(item.due)
        return Text(
            f"{place}{item.title.ja}（期限 {both(item.due, 'ja')}{_open_until(item.due, last, 'ja')}）",
            f"{place}{item.title.en} (due {both(item.due, 'en')}{_open_until(item.due, last, 'en')})",
        )
    if not item.wait_hours:
        return Text(f"{place}{item.title.ja}", f"{place}{item.title.en}")
    ready = (options.moment() + timedelta(hours=item.wait_hours)).astimezone()
    when = f"{ready:%Y-%m-%d %H:%M}"
    hours = f"{item.wait_hours}"
    return Text(
        f"{place}{item.title.ja}（これからなら{hours}時間かかり、早くて{when}から）",
        f"{place}{item.title.en} (if still to be done: takes {hours} h, from {when} at the earliest)",
    )


def _open_until(due: date, last: date, lang: Lang) -> str:
    """The last working day before `due`, when the office is closed on that day."""
    if last == due:
        return ""
    return Text(f"、最後の開庁日 {last}", f"; last working day {last}").to(lang)
