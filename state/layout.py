"""Running text in a column: the one way in which reports and the command line break lines."""

from __future__ import annotations

from datetime import datetime

from checks.shown import show


def lines(text: str, cells: int, indent: str = "", hang: str | None = None) -> list[str]:
    """`text` in lines of at most `cells` cells, each with its indent; broken only at its own breaks when `cells` is 0."""
    hang = indent if hang is None else hang
    if not cells:
        parts = text.split("\n")
    else:
        from checks.wrap import cell_width, wrap

        parts = wrap(text, max(cells - max(cell_width(indent), cell_width(hang)), 10))
    return [(indent if at == 0 else hang) + part if part else "" for at, part in enumerate(parts)]


def local(when: datetime) -> str:
    """A time where the person is, to the minute."""
    from state.session_data import here

    return f"{here(when):%Y-%m-%d %H:%M}"


def utc(when: datetime) -> str:
    """A time as files carry it: ISO 8601 in UTC, to the second."""
    from datetime import UTC

    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def called(name: str, reference: object) -> str:
    """A session by its name, with what a person calls its application where that is known."""
    return show(name) + (f" ({show(str(reference))})" if reference else "")
