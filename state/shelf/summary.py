"""The overview of a session in a list (how far it is, what blocks it, the next date), and the orders of the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from checks import __version__
from checks.guide import Guide
from checks.model import Options
from state.agenda import next_date
from state.layout import utc
from state.progress import progress
from state.session_data import SessionData
from state.shelf.session_index import Summary
from state.standing import Status

Order: TypeAlias = Literal["changed", "name", "blocking", "date"]
"""The change last made first, by name, what blocks most first, the nearest date first."""

ORDERS: tuple[Order, ...] = get_args(Order)

_BY_EXIT = {1: 0, 3: 1, 4: 2, 0: 4}
"""What failed, what could not be determined, what is open, (what cannot be read,) what is ready."""


def overview(
    guide: Guide, data: SessionData, options: Options, host: str, platform: str = ""
) -> dict[str, str | int]:
    """`done` of `all` items, `blocking` ones, the `exit` code of `status`, the `next` item's id, the date `due`, the `guide`,
    and the `pc` with the time it was `seen`.
    """
    state = progress(guide, data, options, host=host, platform=platform)
    needed = [item for item in state.items() if item.applies and item.status is not Status.NOT_NEEDED]
    due = next_date(guide, data, options)
    return {
        "done": sum(item.status is Status.DONE for item in needed),
        "all": len(needed),
        "blocking": sum(item.status is Status.ATTENTION and item.blocking for item in needed),
        "exit": state.exit,
        "next": state.next.id if state.next else "",
        "due": due.isoformat() if due else "",
        "guide": guide.name,
        "pc": data.pc_name,
        "seen": utc(data.pc.seen) if data.pc is not None else "",
    }


def overview_key(options: Options, host: str) -> str:
    """Names the rules that an overview goes by: the version, the day and the PC."""
    return f"overview 2 {__version__} {options.today().isoformat()} {host}"


def ordered(names: Iterable[str], known: Mapping[str, Summary], order: Order) -> list[str]:
    """The names in that order; those of which nothing is known yet come last, equals as they came."""
    if order == "changed":
        return list(names)
    if order == "name":
        return sorted(names, key=str.casefold)

    def place(name: str) -> tuple[int, int | str]:
        summary = known.get(name)
        told = {} if summary is None else summary.overview
        if not told:
            return (5, 0) if summary is None else (3, 0)
        if order == "date":
            due = str(told.get("due") or "")
            return (0, due) if due else (1, "")
        return _BY_EXIT.get(int(told.get("exit", 4)), 2), -int(told.get("blocking", 0))

    return sorted(names, key=place)
