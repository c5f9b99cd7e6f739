"""A session as it is after some days of use: answers of every kind, findings, notes, a waiver, conflicts, unknown keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from checks.model import Outcome
from state.file.render import Writer
from state.session_data import (
    EPOCH,
    Answer,
    Cleared,
    Conflict,
    Declaration,
    Pc,
    Result,
    SessionData,
    SessionNote,
    Takeover,
    Ui,
    UndoStep,
    Waiver,
)

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def session() -> SessionData:
    """The session itself."""
    data = SessionData("sakura-fleet-12", NOW, NOW, "0.1.0")
    answers = {
        "case.procedure": Answer("transfer", NOW, 7),
        "case.role": Answer("gyoseishoshi", NOW, 8, "office"),
        "insurance.end": Answer(date(2028, 11, 22), NOW, 9),
        "pc.managed": Answer("yes", NOW, 10, "pc", "PC-01", "hanako"),
        "other.names": Answer("葛\U000e0100城 \"辻\" \\ '髙'\n二行目", NOW, 11),
    }
    results = {
        f"sample.n{number}": Result(
            outcome,
            "code",
            {"root": "Example CA", "days": 12 + number, "ok": bool(number % 2)},
            ("line one", "行 2 \x1b[31m"),
            NOW,
            20 + number,
            "PC-01",
            "hanako",
            412,
        )
        for number, outcome in enumerate(Outcome)
    }
    return replace(
        data,
        answers=answers,
        cleared={"case.route": Cleared(NOW, 12)},
        results=results,
        notes={"documents": SessionNote("窓口は火曜日の午後\n必ず確かめる", NOW, 13)},
        waivers={"pc.os": Waiver("社内で検証済みです", "管理者", date(2027, 3, 31), NOW, 14)},
        withdrawn={"pc.memory": Cleared(NOW, 15)},
        declared={"pc.extension": Declaration("田中", "official-check", date(2026, 11, 21), NOW, 14)},
        undeclared={"pc.addon": Cleared(NOW, 15)},
        takeover=Takeover(1, "PC-01", "hanako", 4711, NOW),
        ui=Ui("portal.tls", ("pc-environment",)),
        history=(
            UndoStep("case.procedure", "change", "transfer", 7),
            UndoStep("insurance.end", None, date(2028, 11, 22), 9),
            UndoStep(
                "pc.memory",
                Waiver("増設まで", "管理者", date(2027, 1, 31), EPOCH, 0),
                None,
                15,
                kind="waiver",
            ),
        ),
        conflicts=(Conflict("answer", "case.role", "dealer", NOW, 6, 8),),
        extra={"later": {"unknown": [1, 2.5, "三"]}},
    )


def record() -> SessionData:
    """The record of the PC of that session."""
    data, pc = session(), Pc("0f" * 16, "PC-01", "hanako", "windows", NOW, "田中", NOW)
    data = replace(data, name="PC-01", pc=pc, takeover=None, history=(), conflicts=(), cleared={})
    return replace(data, answers={id_: one for id_, one in data.answers.items() if one.scope == "pc"})


def real_record() -> bytes:
    """Its file."""
    return Writer().bytes_of(record())


def real_session() -> bytes:
    """Its file."""
    return Writer().bytes_of(session())
