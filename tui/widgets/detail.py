"""The right pane: everything about the selected line, in the order in which a person needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checks.model import Check, Finding, Json, Outcome
from checks.rules.conditions import evaluate
from checks.steps import Question
from checks.text import Text
from checks.verdict import verdict
from checks.wrap import cell_width
from state import words
from state.standing import Item, State, Status, StepProgress
from tui import wording
from tui.desk import Desk
from tui.widgets.frame import Row, Span, acting, between, paragraph, steps
from tui.widgets.sources import basis_rows, doubt_rows, page_rows
from tui.widgets.tree import Node

NOT_RUN = Text("まだ検査していません。rキーで検査します。", "Not checked yet. Press r to check.")
NOT_RUN_NETWORK = Text(
    "まだ検査していません。rキーで検査します。{contact}へ接続します。",
    "Not checked yet. Press r to check. This connects to {contact}.",
)
NOT_RUN_OFFLINE = Text("--offline で起動したので、検査しません。", "Not checked: started with --offline.")
RUNNING = Text("検査しています。xキーで止められます。", "Checking now. Press x to stop.")
STALE = Text(
    "前回の結果です。その後に回答、日付またはPCが変わったため、もう一度検査してください（rキー）。",
    "This is an earlier result. Answers, the date or the PC have changed since then: please check again (r).",
)
HOW_TO_FIX = Text("どう直すか", "How to fix it")
WORTH_DOING = Text("しておくとよいこと", "Recommended")
COMMANDS = Text("コマンド（yでコピー。実行はご自身で）", "Commands (y to copy; run them yourself)")
CHECKED_AT = Text("検査日時 {at}（{ms}ミリ秒）", "Checked {at} ({ms} ms)")
CHECKED_ON = Text("検査日時 {at}、{host}（{ms}ミリ秒）", "Checked {at} on {host} ({ms} ms)")
ANSWERED_AT = Text("回答日時 {at}", "Answered {at}")
NO_ANSWER = Text("未回答です。Spaceキーで回答します。", "Not answered yet. Press Space to answer.")
UNREAD = Text(
    "ファイルには「{found}」とありますが、回答として読めません。答え直すと置き換わります。",
    'The file contains "{found}", which is not a valid answer. A new answer replaces it.',
)
OPTIONAL = Text("任意の項目です。", "This item is optional.")
WAIVED = Text(
    "{until}まで例外として承認（{by}）: {reason}", "Exception accepted until {until} by {by}: {reason}"
)
WITHDRAW = Text("Wで例外を取り下げます。", "Press W to withdraw the exception.")
EXPIRED_WAIVER = Text(
    "例外の期限が{until}に切れました（{by}）: {reason}",
    "The exception accepted by {by} expired on {until}: {reason}",
)
STEP_COUNT = Text("済 {done}、残り {open}", "{done} done, {open} left")
REST_ABOUT = Text(
    "この申請では必要のない項目です。Enterで一覧を開きます。",
    "These items are not needed for this application. Press Enter to list them.",
)
CONFLICT = Text(
    "別のログインの回答と食い違いました。採用されなかった回答: {lost}",
    "Another login gave a different answer. Answer not kept: {lost}",
)
WAITS = Text(
    "準備に{hours}時間かかります。早めに始めてください。", "Allow {hours|hour} for this. Please start early."
)
NO_VALUE = wording.STATES["to-do"]


def detail(desk: Desk, node: Node, width: int) -> list[Row]:
    """All lines about a node, at most `width` cells each."""
    if node.kind == "case":
        return _case(desk, node.part, width)
    if node.kind == "rest":
        rows = [
            (Span(desk.t(node.part.step.title), "title"),),
            (),
            *paragraph(desk.t(REST_ABOUT), width),
        ]
        if not node.part.applies and node.part.reason is not None:
            rows += [(), *paragraph(desk.t(node.part.reason), width, "muted")]
        return rows
    if node.item is None:
        return _step(desk, node.part, width)
    check = desk.guide.checks.get(node.id)
    question = desk.guide.questions.get(node.id)
    place = f"{node.part.step.number}-{node.item.position} " if node.part.step.number else ""
    rows = [*_title(desk, place + desk.t(node.title), node.item.state, width), ()]
    if node.item.reason is not None:
        rows += [*paragraph(desk.t(node.item.reason), width, "muted"), ()]
    if question is not None:
        rows += question_rows(desk, node.item, question, width)
    elif check is not None:
        rows += check_rows(desk, node.item, check, width)
    return _trimmed(rows)


def section(
    desk: Desk, heading: Text, rows: Iterable[Row], role: str = "heading", act: str = ""
) -> list[Row]:
    """A heading over its lines, below an empty line; a click on it does `act`."""
    return [(), (Span(desk.t(heading), role, act),), *rows]


def _title(desk: Desk, title: str, state: State, width: int) -> list[Row]:
    tag = Span(f"[{desk.t(wording.STATES[state])}]", wording.ROLES[state])
    lines = paragraph(title, max(8, width - cell_width(tag.text) - 1), "title")
    return [between(lines[0], (Span(" "), tag), width), *lines[1:]]


def question_rows(desk: Desk, item: Item, question: Question, width: int) -> list[Row]:
    """A question: the answer, what follows from it, how to find it out."""
    rows: list[Row] = []
    answer = desk.session.data.answers.get(question.id)
    if answer is None:
        rows += paragraph(desk.t(NO_ANSWER), width, "todo" if item.open else "muted")
        unread = desk.session.data.unread.get(question.id)
        if unread is not None:
            rows += paragraph(desk.t(UNREAD, found=unread.entry.get("value", "")), width, "attention")
        if not question.required:
            rows += paragraph(desk.t(OPTIONAL), width, "muted")
    else:
        spoken = desk.t(desk.spoken(question.id, str(answer.value)))
        first, *others = paragraph(spoken, max(8, width - 10), "text")
        rows += [(Span(f"{desk.t(wording.ANSWER)}: ", "heading"), *first), *others]
        choice = question.choice(str(answer.value))
        if choice is not None and choice.hint is not None:
            rows += [(), *paragraph(desk.t(choice.hint), width)]
        check = desk.guide.checks.get(question.id)
        if check is not None and item.finding is not None:
            rows += _verdict_rows(desk, item, check, item.finding.values, width)
        rows += paragraph(desk.t(ANSWERED_AT, at=desk.minute(answer.at)), width, "muted")
    rows += _conflicts(desk, question.id, width)
    rows += _waiver(desk, item, width)
    if question.help is not None:
        rows += [(), *steps(desk.t(question.help), width)]
    if question.wait_hours and (answer is None or item.open):
        rows += [(), *paragraph(desk.t(WAITS, hours=question.wait_hours), width, "notice")]
    if question.choices and answer is None:
        rows += section(desk, wording.CHOICES, ())
        for number, choice in enumerate(question.offered(desk.session.answers).choices, 1):
            rows += paragraph(f"{number} {desk.t(choice.text)}", width, indent=1, hang=2)
    rows += _memo(desk, item.id, width)
    return [*rows, (), *basis_rows(desk, question.basis, width)]


def check_rows(desk: Desk, item: Item, check: Check, width: int) -> list[Row]:
    """A check: what was found, how to mend it, what was seen, why and how."""
    rows: list[Row] = []
    if item.status is Status.RUNNING:
        rows += [*paragraph(desk.t(RUNNING), width, "running"), ()]
    elif item.status is Status.STALE:
        rows += [*paragraph(desk.t(STALE), width, "stale"), ()]
    finding = item.finding
    if finding is not None:
        rows += _verdict_rows(desk, item, check, _named(desk, finding), width)
        if finding.evidence:
            from checks.evidence import evidence_line

            rows += section(desk, wording.SEEN, ())
            for line in finding.evidence[:40]:
                shown = evidence_line(line, desk.lang, desk.guide)
                rows += paragraph(desk.data(shown, 400), width, "text", indent=1, hang=1)
    elif item.status is not Status.RUNNING and item.applies and item.declared is None:
        rows += _not_run(desk, check, width)
    if item.declared is not None:
        word, day = words.DECLARED[item.declared.said], item.declared.on.isoformat()
        rows += [(), *paragraph(desk.t(word, by=item.declared.by, on=day), width, "notice")]
    rows += _waiver(desk, item, width)
    rows += section(desk, wording.WHY, paragraph(desk.t(check.why), width, indent=1))
    rows += _memo(desk, item.id, width)
    rows += [(), *page_rows(desk, check.source, width)]
    if item.at is not None and finding is not None and not check.derived:
        rows += _when(desk, item, width)
    return rows


def _named(desk: Desk, finding: Finding) -> Mapping[str, Json]:
    """The values of a finding; the check that has to pass first by its place and its title, as the tree has it."""
    first = desk.progress.item(str(finding.values.get("check"))) if finding.code == "prerequisite" else None
    if first is None:
        return finding.values
    return {**finding.values, "check": f"{first.step}-{first.position} {first.title.to(desk.lang)}"}


def _not_run(desk: Desk, check: Check, width: int) -> list[Row]:
    if check.network and desk.options.offline:
        return paragraph(desk.t(NOT_RUN_OFFLINE), width, "muted")
    if check.network:
        return paragraph(desk.t(NOT_RUN_NETWORK, contact=desk.contact), width, "todo")
    return paragraph(desk.t(NOT_RUN), width, "todo")


def _verdict_rows(desk: Desk, item: Item, check: Check, values: Mapping[str, Json], width: int) -> list[Row]:
    assert item.finding is not None
    found = verdict(check, item.finding.code, values, desk.platform)
    if found is None:
        return []
    rows = paragraph(desk.t(found.text), width)
    if found.remedy is not None:
        heading = (
            WORTH_DOING if item.outcome is Outcome.PASS else HOW_TO_FIX
        )  # what is well has nothing to mend
        rows += section(desk, heading, steps(desk.t(found.remedy), width, indent=1))
    if found.commands:
        rows += section(desk, COMMANDS, (), act="copy")
        for command in found.commands:
            rows += [acting(line, "copy") for line in paragraph(desk.data(command, 600), width, indent=2)]
    return rows


def _when(desk: Desk, item: Item, width: int) -> list[Row]:
    result = desk.session.data.results.get(item.id)
    if result is None:
        return []
    text = CHECKED_ON if result.host and result.host != desk.host else CHECKED_AT
    values = {"host": result.host, "ms": result.took_ms}
    return paragraph(desk.t(text, at=desk.minute(result.at), **values), width, "muted")


def _case(desk: Desk, part: StepProgress, width: int) -> list[Row]:
    rows: list[Row] = [(Span(desk.t(part.step.title), "title"),), ()]
    for item in part.items:
        if item.kind == "check":
            if item.finding is not None and desk.progress.refusal is not None:
                check = desk.guide.checks[item.id]
                rows[2:2] = [*_verdict_rows(desk, item, check, item.finding.values, width), ()]
        elif item.applies:
            rows += paragraph(desk.t(item.title), width, "muted")
            value, role = (desk.spoken(item.id, item.value), "text") if item.value else (NO_VALUE, "todo")
            rows += paragraph(desk.t(value), width, role, indent=2)
    return [*rows, *_step_notes(desk, part, width), *_memo(desk, part.step.id, width)]


def _step(desk: Desk, part: StepProgress, width: int) -> list[Row]:
    step = part.step
    rows = _title(desk, f"{step.number} {desk.t(step.title)}", part.state, width)
    if part.applies:
        rows += paragraph(desk.t(STEP_COUNT, done=part.done, open=part.open), width, "muted")
    if part.reason is not None:
        rows += [(), *paragraph(desk.t(part.reason), width, "muted")]
    rows += [*_step_notes(desk, part, width), *_memo(desk, step.id, width)]
    return [*rows, (), *page_rows(desk, step.link, width)]


def _step_notes(desk: Desk, part: StepProgress, width: int) -> list[Row]:
    rows: list[Row] = []
    answers = desk.session.answers
    for note in part.step.notes:
        if not evaluate(note.applies, answers).yes:
            continue
        role = "notice" if note.kind == "caution" else "heading"
        rows += section(desk, wording.KINDS[note.kind], steps(desk.t(note.text), width, indent=1), role)
        rows += doubt_rows(desk, note.basis, width)
    return rows


def _memo(desk: Desk, item: str, width: int) -> list[Row]:
    note = desk.session.data.notes.get(item)
    if note is None or not note.text:
        return []
    return section(desk, wording.NOTES, paragraph(desk.lines(note.text), width, indent=1), act="note")


def _waiver(desk: Desk, item: Item, width: int) -> list[Row]:
    waiver = desk.session.data.waivers.get(item.id)
    if waiver is None:
        return []
    text = EXPIRED_WAIVER if waiver.until < desk.options.today() else WAIVED
    text_rows = paragraph(
        desk.t(text, until=waiver.until, by=waiver.by, reason=waiver.reason), width, "notice"
    )
    hint = () if desk.session.read_only else ((Span(" " + desk.t(WITHDRAW), "key", "withdraw"),),)
    return [(), *text_rows, *hint]


def _conflicts(desk: Desk, item: str, width: int) -> list[Row]:
    rows: list[Row] = []
    for conflict in desk.session.data.conflicts:
        if conflict.id == item:
            lost = NO_VALUE if conflict.lost is None else desk.spoken(item, str(conflict.lost))
            rows += paragraph(desk.t(CONFLICT, lost=lost), width, "error")
    return rows


def _trimmed(rows: Iterable[Row]) -> list[Row]:
    """Never two empty lines together."""
    kept: list[Row] = []
    for row in rows:
        if row or (kept and kept[-1]):
            kept.append(row)
    return kept
