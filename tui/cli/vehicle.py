"""`oss-junbi vehicle`: what an inspection certificate says, shown and with `--save` taken over into the session."""

from __future__ import annotations

from checks import FIRST_GUIDE
from checks.guide import Guide, load_guide
from checks.shakensho.certificate_reader import MOST, read_certificate
from checks.shakensho.vehicle_facts import NAMES, VALUES, InspectionCertificateError, VehicleFacts, answers
from checks.text import Text
from state.file import named_file
from state.layout import lines
from tui.cli import sentences
from tui.cli.answer import store
from tui.cli.opened import look
from tui.cli.output import columns, deliver_lines
from tui.cli.problem import Problem, filled
from tui.cli.setup import Setup

_REFUSED = Text("{file}: {why}", "{file}: {why}")
_FACT = Text("{name}: {value}（{source}）", "{name}: {value} ({source})")
_NO_EXPIRY = Text(
    "有効期間の満了する日はありません。電子車検証の券面のコードには入っていないので、車検証閲覧アプリのファイルを使ってください。",
    "No expiry of the inspection. The codes on the face of an electronic certificate do not hold it: use the file of the viewer app.",
)
_NEW = Text("{id} = {value}", "{id} = {value}")
_SAME = Text("{id} = {value}（今の回答と同じ）", "{id} = {value} (as answered)")
_OTHER = Text("{id} = {value}（今の回答は {was}）", "{id} = {value} (answered: {was})")
_HOW = Text("--save を付けると、セッションに取り込みます。", "Add --save to take this over into the session.")
_CHOSEN = Text("ガイド: {guide}（車の種類から）", "Guide: {guide} (from the kind of vehicle)")
_GUIDE = Text(
    "この車（{kind}）は、ガイド {guide} の対象ではありません。ガイド {other} を使います: oss-junbi new NAME --guide {other} --vehicle FILE",
    "This vehicle ({kind}) is not what the guide {guide} is for. Use the guide {other}: oss-junbi new NAME --guide {other} --vehicle FILE",
)


def main(setup: Setup) -> int:
    """Show what the certificate says and what that answers; with `--save` store the answers."""
    facts, save = read_file(setup, setup.args.positional[0]), setup.args.has("--save")
    stored = look(setup)
    typed, known = answers(stored.guide, facts), stored.data.values()
    said = []
    for name, label in NAMES.items():
        if fact := facts.get(name):
            value = VALUES.get(fact.value, fact.value)
            said.append(filled(_FACT, name=label, value=value, source=fact.source))
    said += [] if "expiry" in facts else [_NO_EXPIRY]
    for id_, value in typed.items():
        was = str(known.get(id_, ""))
        text = _NEW if not was else _SAME if was == value else _OTHER
        said.append(filled(text, id=id_, value=value, was=was))
    shown = (lines(text.to(setup.lang), columns(setup), "", "  ") for text in said)
    deliver_lines(setup, [line for text in shown for line in text])
    _fit(setup, stored.guide, facts, save=save)
    if save:
        store(setup, stored, typed)
    else:
        setup.say(_HOW)
    return 0


def for_new(setup: Setup, name: str, guide: str) -> tuple[str, dict[str, str]]:
    """The guide of a new session, where none is said that of the vehicle, and what the certificate in a file answers in it."""
    facts = read_file(setup, name)
    if not guide:
        guide = _guide_for(facts) or FIRST_GUIDE
        setup.say(_CHOSEN, guide=guide)
    _fit(setup, load_guide(guide), facts, save=True)
    return guide, answers(load_guide(guide), facts)


def read_file(setup: Setup, name: str) -> VehicleFacts:
    """What the certificate in a file or, for `-`, on standard input says; raises `Problem` (exit 2)."""
    try:
        return read_certificate(named_file.read_or_stdin(name, MOST), setup.options.today())
    except named_file.NotRead as error:
        raise Problem(sentences.CANNOT_READ, file=name, why=error.why) from None
    except InspectionCertificateError as error:
        raise Problem(filled(_REFUSED, file=name).filled({"why": error.text})) from None


def _fit(setup: Setup, guide: Guide, facts: VehicleFacts, *, save: bool) -> None:
    """Say which guide is for the vehicle where this one is not; raises `Problem` where saving would leave no trace of that."""
    kind = facts.get("kind")
    if kind is None or not guide.roles.vehicles or kind.value in guide.roles.vehicles:
        return
    text = filled(_GUIDE, kind=VALUES[kind.value], guide=guide.name, other=_guide_for(facts) or "-")
    if save and all((one.fact, one.value) != ("kind", kind.value) for one in guide.roles.certificate):
        raise Problem(text)
    setup.say(text)


def _guide_for(facts: VehicleFacts) -> str:
    """The first guide whose service is for that kind of vehicle, empty where there is none."""
    from checks.guides.entries import names

    kind = facts["kind"].value if "kind" in facts else ""
    return next((name for name in names() if kind in load_guide(name).roles.vehicles), "")
