"""The PC records of a data folder: how one is named, made of what was found on a PC, listed and forgotten."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from checks.guide import Guides
from checks.record import dataclass, field
from checks.text import Text
from state.errors import StateError, named
from state.file import files, load
from state.file.document import MAX_BYTES
from state.file.places import Folder, check_name, forget
from state.live.pc_entries import Together
from state.session_data import Pc, Result, SessionData

PATIENCE = 5.0
"""Seconds to wait for the lock of a record and for the disk."""


class PcTaken(StateError):
    """The name is that of another PC's record, or sessions name the record that is to be forgotten."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class PcFacts:
    """What was found on a PC, wherever it was looked."""

    host: str
    user: str
    platform: str
    at: datetime
    """When it was looked."""
    machine: str = ""
    """The random id of its data folder, empty where it is not known."""
    results: Mapping[str, Result] = field(default_factory=dict)
    """Of the scope `pc`, by check, each with its own time."""


@dataclass(frozen=True, slots=True)
class AddedPc:
    """What became of facts: the record's name, and how many findings it took and left because it had later ones."""

    name: str
    taken: int
    older: int
    new: bool


def record_path(folder: Folder, name: str) -> Path:
    """The file of a record; raises `BadName`."""
    return folder.pcs / (check_name(name) + ".toml")


def record_names(folder: Folder) -> list[str]:
    """The records that are there, in the order of their names."""
    found = (name for name in files.names(folder.pcs) if name.endswith(".toml") and not name.startswith("."))
    return sorted((name.removesuffix(".toml") for name in found), key=str.casefold)


def read_record(folder: Folder, guides: Guides, name: str) -> SessionData | None:
    """A record as it is on the disk, None when there is none; raises `BadName`, `SessionUnreadable`, `SessionTooNew`."""
    loaded = load.load(files.resolve(record_path(folder, name)), guides)
    return loaded.data if loaded is not None and loaded.data.pc is not None else None


def with_record(data: SessionData, folder: Folder, guides: Guides) -> SessionData:
    """A session with what the record of its PC says; without it when there is none. Raises what reading raises."""
    record = read_record(folder, guides, data.pc_name) if data.pc_name else None
    return data if record is None else Together().of(data, record)


def same_pc(one: Pc, other: Pc) -> bool:
    """Whether both are one PC as one user sees it; without the random id of both, host and user say so."""
    return one.is_at(other.host, other.user) and (
        one.machine == other.machine or not (one.machine and other.machine)
    )


def name_for(folder: Folder, guides: Guides, pc: Pc, name: str | None = None) -> str:
    """The name of a PC's record: the one that it has, else its host, else HOST-USER when the host's is another user's.

    A `name` that is given is taken instead. Raises `PcTaken` for the record of another machine, `BadName`.
    """
    heads: dict[str, Pc | None] = {}
    for known in record_names(folder):
        heads[known.casefold()] = None
        with suppress(StateError):
            record = read_record(folder, guides, known)
            heads[known.casefold()] = record.pc if record is not None else None
            if name is None and record is not None and record.pc is not None and same_pc(record.pc, pc):
                return known
    for wanted in [name] if name is not None else [pc.host, f"{pc.host}-{pc.user}"]:
        wanted = check_name(wanted)
        there = heads.get(wanted.casefold())
        if wanted.casefold() not in heads or (there is not None and same_pc(there, pc)):
            return wanted
        if there is None or there.user == pc.user or name is not None:
            break
    raise PcTaken(
        Text(
            f"PCの記録 {named(wanted)} は別のPC（または別の利用者）のものです。--name で別の名前を付けてください。",
            f"The PC record {named(wanted)} belongs to another PC or another user. Choose another name with --name.",
        )
    )


def add_record(
    folder: Folder, guides: Guides, facts: PcFacts, *, name: str | None = None, added_by: str = ""
) -> AddedPc:
    """Makes or updates the record of a PC: of each finding the later one stays. The record is on the disk at the end.

    `added_by` says who added it here, for facts from another machine. Raises `PcTaken` (exit 2) for a name that is another
    PC's, `BadName`, and what opening and saving raise; nothing is stored then.
    """
    from state.live.open_session import open_record

    pc = Pc(facts.machine, facts.host, facts.user, facts.platform, facts.at)
    name = name_for(folder, guides, pc, name)
    record = open_record(folder, guides, name, pc=pc)
    assert record is not None
    try:
        new = record.saver is not None and not record.saver.has_file
        taken, older = record.take_findings(pc, facts.results, added_by)
        record.require_saved(PATIENCE)
    finally:
        record.close(PATIENCE)
    return AddedPc(name, taken, older, new)


def sessions_naming(folder: Folder, guides: Guides, name: str) -> list[str]:
    """The sessions of the sessions folder that name a record. One that cannot be read counts when the name stands in it."""
    naming = []
    for entry in sorted(files.names(folder.sessions)):
        if not entry.endswith(".toml") or entry.startswith("."):
            continue
        path = folder.sessions / entry
        try:
            loaded = load.load(files.resolve(path), guides, newer=True)
            names_it = loaded is not None and loaded.data.pc_name == name
        except StateError:
            raw = None
            with suppress(StateError):
                raw = files.read(files.resolve(path), MAX_BYTES)
            names_it = name.encode() in (raw or b"")
        if names_it:
            naming.append(entry.removesuffix(".toml"))
    return naming


def forget_record(folder: Folder, guides: Guides, name: str, more: Sequence[str] = ()) -> tuple[str, ...]:
    """Removes a record with its backups, copies, lock and presence; gives the names removed, none when there was nothing.

    Raises `PcTaken` with their names while sessions name it (`more` are sessions outside the sessions folder),
    `SessionBusy`, `CannotWrite`, `BadName`.
    """
    path = record_path(folder, name)
    naming = [*sessions_naming(folder, guides, name), *more]
    if naming:
        which = ", ".join(naming[:20])
        raise PcTaken(
            Text(
                f"PCの記録 {named(name)} は次のセッションで使われているため、消せません: {named(which)}",
                f"The PC record {named(name)} cannot be removed while sessions name it: {named(which)}",
            )
        )
    if not any(entry == path.name or entry.startswith(path.name + ".") for entry in files.names(folder.pcs)):
        return ()
    removed = forget(path)
    with suppress(OSError):
        os.rmdir(folder.pcs)
    return removed
