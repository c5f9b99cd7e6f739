"""What can be done with the selected line of the tree, and the screens that it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checks.model import Check
from checks.runner import with_prerequisites
from checks.text import Text
from checks.verdict import Sentences, verdict
from tui import checking, wording
from tui.desk import Desk, filled
from tui.widgets.tree import Node

WITHDRAWN = Text("例外を取り下げました: {what}（uで元に戻せます）", "Exception withdrawn: {what} (u to undo)")
ELSEWHERE = Text(
    "申請に使う {pc} で調べる項目です。そこで oss-junbi pc share、ここで oss-junbi pc add - を実行してください",
    "This belongs to {pc}. Run 'oss-junbi pc share' there and 'oss-junbi pc add -' here",
)
NOT_WAIVED = Text("この項目に例外はありません", "This item has no accepted exception")
BEGIN = Text("始めますか。", "Start?")
CONSENT = Text(wording.CONTACTS.ja + BEGIN.ja, f"{wording.CONTACTS.en} {BEGIN.en}")
CONSENT_LOCAL = Text(
    "はい (y, Enter)  PCの中の検査だけ (p)  やめる (Esc)", "Yes (y, Enter)  This PC only (p)  No (Esc)"
)
NOTHING_TO_COPY = Text("コピーできるものがありません", "Nothing to copy here")
NO_LINK = Text("公式ページのリンクがありません", "This item has no official page")


def recheck(desk: Desk, node: Node) -> None:
    """Run the selected check, or all of the selected step."""
    check = desk.guide.checks.get(node.id)
    items = node.part.items if node.item is None else (node.item,)
    wanted = checking.applicable(desk, [node.part.step.number]) if node.item is None else []
    elsewhere = next((item.elsewhere for item in items if item.elsewhere), "")
    if elsewhere and not wanted:
        desk.say(ELSEWHERE, pc=elsewhere)
    elif node.item is None:
        ask_and_check(desk, checking.repeatable(desk, wanted))
    elif check is not None and checking.wants_password(desk, check) and desk.writable:
        from tui.screens.password import Password

        desk.push(Password(desk, check))
    else:
        ask_and_check(desk, [check] if check and not check.derived and node.item.applies else [])


def ask_and_check(desk: Desk, wanted: list[Check]) -> None:
    """Run checks; the first time that the network would be used, one line says what is contacted."""
    everything = with_prerequisites([check.id for check in wanted], desk.guide.checks)
    needs = any(check.network for check in everything)
    named = len(wanted) == 1
    if not needs or desk.runs.network_allowed or desk.options.offline or not desk.writable:
        checking.begin(desk, wanted, named=named)
        return

    from tui.screens.ask import Ask

    def yes() -> None:
        desk.runs.network_allowed = True
        checking.begin(desk, wanted)

    local = [check for check in wanted if not checking.uses_network(desk, check)]
    keys = CONSENT_LOCAL if local else wording.YES_NO
    other = (lambda: checking.begin(desk, local)) if local else None
    desk.push(Ask(desk, filled(CONSENT, contact=desk.contact), keys, yes, other))


def explain(desk: Desk, node: Node) -> None:
    """Open the explanation."""
    from tui.screens.explanation import Explain

    desk.push(Explain(desk, node))


def note(desk: Desk, node: Node) -> None:
    """Open the note of the item, or of the step."""
    if desk.writable:
        from tui.screens.note import NoteScreen

        name = node.part.step.id if node.item is None else node.id
        desk.push(NoteScreen(desk, name, node.title))


def withdraw(desk: Desk, node: Node) -> None:
    """Take the exception for the item back."""
    if not desk.writable:
        return
    if desk.session.withdraw(node.id):
        desk.say(WITHDRAWN, what=node.title)
        desk.changed()
    else:
        desk.say(NOT_WAIVED)


def copy(desk: Desk, node: Node) -> None:
    """Send what belongs to the line to the terminal's clipboard."""
    text = copied(desk, node)
    if text:
        desk.copy(text)
    else:
        desk.say(NOTHING_TO_COPY)


def link(desk: Desk, node: Node) -> None:
    """Open the official page's URL and QR code."""
    page = page_of(desk, node)
    if page in desk.guide.pages:
        from tui.screens.link import PageLink

        desk.push(PageLink(desk, desk.guide.pages[page]))
    else:
        desk.say(NO_LINK)


def page_of(desk: Desk, node: Node) -> str:
    """The id of the page that helps with a line."""
    if node.item is None:
        return node.part.step.link
    question = desk.guide.questions.get(node.id)
    if question is not None:
        return question.basis.page
    shown = _verdict(desk, node)
    return (shown.link if shown else "") or desk.guide.checks[node.id].source


def copied(desk: Desk, node: Node) -> str:
    """What `y` copies: the commands of a finding, else the URL. Never text from a certificate."""
    shown = _verdict(desk, node)
    if shown is not None and shown.commands:
        return "\n".join(shown.commands)
    page = desk.guide.pages.get(page_of(desk, node))
    return page.url if page is not None else ""


def _verdict(desk: Desk, node: Node) -> Sentences | None:
    check, finding = desk.guide.checks.get(node.id), node.item and node.item.finding
    return verdict(check, finding.code, finding.values, desk.platform) if check and finding else None


OF_NODE: Mapping[str, Callable[[Desk, Node], None]] = {
    "recheck": recheck,
    "explain": explain,
    "note": note,
    "withdraw": withdraw,
    "copy": copy,
    "link": link,
}
"""Commands that are about the selected line alone."""
