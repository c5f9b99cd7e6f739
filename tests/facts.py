"""Writes docs/facts.md: every statement of the guides and of the tables with its source, confidence and dates.

For the yearly review: `python tests/facts.py` writes the file anew, `oss-junbi facts --old 180` lists what was last
compared with its source at least 180 days ago and what is due to change.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Before this script's own folder, whose `checks` and `state` are tests.
sys.path.insert(0, str(ROOT))

from checks.guide import Guide, load_guide  # noqa: E402 - the path must be set first
from checks.guides.entries import names  # noqa: E402
from checks.statements import statements  # noqa: E402

TARGET = ROOT / "docs" / "facts.md"
HEAD = """# Facts and where they come from

Written by `python tests/facts.py`; a test fails when it is out of date. Look everything up again once a year, what is due
to change, oldest and least certain first (`oss-junbi facts --old 180`), correct the guide, and set the new day there.

What was read are stored copies of the pages, mostly their beginning and without the day of the copy. A page's own date is
given where the page, or its address, bears one; **undated copy** means that nothing tells how old the text was when it was
read. **Read** is the day on which we last compared the statement with it. **Speaks of** is what the passage covers: a
statement that reaches further says so in its own sentence, which a test works out from the answers of the case.

Confidence: **official** from the text of the official page · **secondary** reported by others, shown as unconfirmed ·
**computed** worked out from primary data · **inferred** our own conclusion · **unread** the official page could not
be read and is only linked. **Changes by** is the day from which a statement may be gone by.

"""


def document(*guides: Guide) -> str:
    """The whole of docs/facts.md."""
    found = sorted(statements(*guides), key=lambda fact: (fact.id.partition(".")[0], fact.id))
    checks = {check.id: check for guide in reversed(guides) for check in guide.checks.values()}
    pages = {page.id: page for guide in reversed(guides) for page in guide.pages.values()}
    counts = {fact.basis.confidence: 0 for fact in found}
    for fact in found:
        counts[fact.basis.confidence] += 1
    lines = [
        HEAD + f"{len(found)} statements: " + ", ".join(f"{n} {c}" for c, n in sorted(counts.items())) + ".\n"
    ]
    lines += [
        "## Statements\n",
        "| id | statement | page | confidence | read | changes by |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{fact.id}` | {_cell(fact.text.ja)} | {fact.page.id} | {fact.basis.confidence} | {fact.basis.checked} | {fact.basis.changes_by or ''} |"
        for fact in found
    ]
    lines += ["", "## Rules of the checks\n", "| check | how | page |", "|---|---|---|"]
    lines += [f"| `{check.id}` | {_cell(check.how.ja)} | {check.source} |" for check in checks.values()]
    lines += [
        "",
        "## Pages\n",
        "| id | page | its own date | read | whose | speaks of |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {page.id} | [{_cell(page.title.ja)}]({page.url}) | {page.page_date or ('undated copy' if page.read else '')} "
        f"| {page.read or 'not read'} | {'official' if page.official else 'others'} | {page.scope.ja if page.scope else ''} |"
        for page in pages.values()
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "/")


def main() -> int:
    """Write the document."""
    guides = [load_guide(name) for name in sorted(names(), reverse=True)]
    TARGET.write_text(document(*guides), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
