"""Do the tests have teeth? Bugs put into a copy of the program, one at a time; each must turn a named test red.

`python -m tests.laboratory.mutants [NAME…]` prints a table. A bug whose place is no longer found is an error as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.laboratory.program import ROOT

LIMIT = 120.0
"""Seconds after which a test that hangs because of a bug counts as red."""

CRASH = "tests/state/crash/test_crash.py"
SESSION = "tests/state/live/test_session.py"
PCS = "tests/state/live/test_pc_records.py"
LOGINS = "tests/state/live/test_logins.py"
DAMAGE = "tests/state/file/test_damage.py"
FILE = "tests/state/file/test_format.py"
CORRUPTION = "tests/state/crash/test_corruption.py"
MERGE = "tests/state/live/test_merge.py"
RUNNER = "tests/checks/test_runner.py"
HOSTILE = "tests/tui/test_hostile.py"
INERT = "tests/tui/terminal/test_inert.py"
SECRETS = "tests/cli/test_secrets.py"
TLS = "tests/checks/net/test_verification.py"
JUDGE = "tests/checks/pki/test_judge.py"
ACTS = "tests/tui/test_laboratory.py::test_every_answer_is_one_that_an_act_gave"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A bug: in `file` the text `old`, which stands there once, becomes `new`; `tests` are what must find it."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def _m(name: str, file: str, old: str, new: str, *tests: str) -> Mutant:
    return Mutant(name, file, old, new, tests)


MUTANTS = (
    # The file on the disk.
    _m("no-fsync", "state/file/files.py", "            sync(handle)\n        finally:\n            # On", "        finally:\n            # On", CRASH),
    _m("no-folder-fsync", "state/file/store.py", "            files.sync_folder(path.parent)\n        return Committed", "        return Committed", CRASH),
    _m("written-in-place", "state/file/store.py", "            files.remove(temporary)\n            files.write_new(temporary, new)",
       "            files.remove(path)\n            files.write_new(path, new)\n            files.write_new(temporary, new)", CRASH),
    _m("promised-too-early", "state/live/saver.py", "            done = self._file.commit(tried.data, LOCK)",
       "            self.disk = OnDisk(tried.changes, tried.views, tried.rev, self._session.at())\n"
       "            done = self._file.commit(tried.data, LOCK)", CRASH),
    _m("failure-promised", "state/live/saver.py", "        self._state = SaveFailed(known, since, tried, again, times + 1)",
       "        self._state = Idle()", CRASH),
    _m("lock-not-over-the-read", "state/file/store.py", "        with files.as_cannot_write(path), locked(path, timeout):\n            raw = self._now_there()",
       "        with files.as_cannot_write(path):\n            raw = self._now_there()\n        with files.as_cannot_write(path), locked(path, timeout):",
       f"{CRASH}::test_two_writers_with_kills_lose_no_saved_answer", "tests/state/test_laboratory.py"),
    _m("session-before-record", "state/live/saver.py", "            self._session.save_record(LOCK)\n", "", PCS,
       f"{CRASH}::test_a_move_into_a_pc_record_killed_at_any_call_loses_nothing"),
    _m("look-into-another-pc", "state/live/session.py", 'mine = scope == "pc" and self.at_pc', 'mine = scope == "pc"', PCS),
    _m("undo-of-others", "state/live/changes.py", "(step.pc, step.left) == (place.name, _rev(place, step))", "True", PCS),
    _m("older-login-locked-out", "state/file/store.py", "if self.schema < SCHEMA and self.raw is not None:", "if self.schema > SCHEMA:", PCS),
    _m("no-lock", "state/file/store.py", "with files.as_cannot_write(path), locked(path, timeout):", "with files.as_cannot_write(path):", CRASH),
    _m("no-merge", "state/file/store.py", "                    ours = self.merge(self.base, ours, loaded.data)\n                    notices", "                    notices", CRASH, LOGINS),
    _m("no-backup", "state/file/store.py", "                notices += self._back_up(raw, ours)", "                pass", DAMAGE),
    _m("checksum-not-verified", "state/file/document.py", 'whole = "whole" if right else "edited"', 'whole = "whole"', FILE, CORRUPTION),
    _m("cut-file-accepted", "state/file/document.py", 'else "cut"\n    return', 'else "unsealed"\n    return', FILE, CORRUPTION),
    _m("file-for-everybody", "state/file/files.py", "os.O_EXCL | OPEN_FLAGS, 0o600))\n", "os.O_EXCL | OPEN_FLAGS, 0o644))\n", FILE),
    _m("folder-for-everybody", "state/file/files.py", "os.mkdir(level, 0o700)", "os.mkdir(level, 0o755)", "tests/state/file/test_places.py"),
    _m("planted-link-followed", "state/file/files.py", "os.open(path, os.O_RDONLY | OPEN_FLAGS | _NONBLOCK)", "os.open(path, os.O_RDONLY | _NONBLOCK)", "tests/state/file/test_files.py"),
    _m("pipe-waited-for", "state/file/files.py", "os.open(path, os.O_RDONLY | OPEN_FLAGS | _NONBLOCK)", "os.open(path, os.O_RDONLY | OPEN_FLAGS)", FILE),
    _m("foreign-owner-accepted", "state/file/permissions.py", "    return seen.st_uid == os.geteuid() or (root and seen.st_uid == 0)", "    return True", FILE, SESSION),
    _m("full-disk-keeps-the-reserve", "state/live/saver.py", "if isinstance(known, CannotWrite) and self._reserve.free(known.errno):", "if False:", CRASH),
    # What a session means.
    _m("tombstones-dropped", "state/file/tables.py", "        return {**removed, **unread, **getattr(data, self.name)}", "        return {**unread, **getattr(data, self.name)}", MERGE),
    _m("taken-over-but-writes", "state/file/store.py", "            if self.taken_by is not None and raw is not None:", "            if False:", "tests/state/live/test_takeover.py"),
    _m("failed-save-forgets-the-others", "state/file/store.py", "            self.base, self.raw, self.schema = agreed\n", "", "tests/state/live/test_takeover.py"),
    _m("cut-table-trusted", "state/file/salvage.py", "    for at, line in enumerate(lines[:-1]):  # the last one is cut, or empty", "    for at, line in enumerate([*lines, b\"\"]):", "tests/state/file/test_salvage.py"),
    _m("older-table-salvaged", "state/file/salvage.py", " if id_ not in ours or one.rev > ours[id_].rev}", "}", "tests/state/file/test_salvage.py"),
    _m("rev-not-grown", "state/live/session.py", "return changes.Stamp(self.snapshots.newest.rev + 1,", "return changes.Stamp(self.snapshots.newest.rev,", SESSION),
    _m("older-revision-wins", "state/live/merge.py", "if rank(one) >= rank(other) else (other, one)", "if rank(one) < rank(other) else (other, one)", MERGE),
    _m("conflict-in-silence", "state/live/merge.py", "lost.append(Conflict(table.kind, id_, said, second.at, second.rev, first.rev))", "pass", MERGE, LOGINS),
    _m("newer-file-overwritten", "state/file/load.py", "        if not newer:\n            raise SessionTooNew(", "        if False:\n            raise SessionTooNew(", FILE),
    _m("original-of-migration-not-kept", "state/file/store.py", "                backups.keep_original(self.path, self.schema)", "                pass", FILE),
    _m("unknown-keys-dropped", "state/file/decode.py", "    rest = {\"session_extra\": session_extra, \"extra\": top}", "    rest = {\"session_extra\": session_extra}", FILE),
    _m("forget-leaves-backups", "state/file/places.py", 'name == s or name.startswith(s + ".")', "name == s", "tests/state/file/test_places.py"),
    # Checks.
    _m("deadline-missing", "checks/runner.py", "                if now >= deadline:", "                if False:", RUNNER),
    _m("prerequisite-ignored", "checks/runner.py", "        if settled.get(name, Outcome.PASS) not in (Outcome.PASS, Outcome.WARN):", "        if False:", RUNNER),
    _m("threads-that-are-waited-for", "checks/runner.py", "daemon=True, name=f\"check {check.id}\"", "daemon=False, name=f\"check {check.id}\"", RUNNER),
    _m("crash-shows-the-message", "checks/finding.py", '(type(error).__name__, place(error))', '(str(error), place(error))', RUNNER, SECRETS),
    _m("could-not-look-is-called-wrong", "checks/verdict.py", "    return says.outcome if says else None", "    return (Outcome.FAIL if says.outcome is Outcome.UNKNOWN else says.outcome) if says else None", RUNNER, "tests/checks/test_verdict.py"),
    _m("name-not-compared", "checks/pki/judge.py", "    if not is_for(chain[0], criteria.host):", "    if False:", TLS),
    _m("end-date-not-compared", "checks/pki/judge.py", "criteria.now.replace(microsecond=0) > certificate.not_after:", "False:", TLS, JUDGE),
    _m("disabled-root-passes", "checks/system/windows_roots.py", "_moment(properties[_DISABLED]) if disabled and", "None if disabled and", "tests/checks/probes/test_windows_model.py"),
    _m("unknown-property-passes", "checks/system/windows_roots.py", "f\"property {strange[0]}\" if strange else \"\")", "\"\")", "tests/checks/probes/test_windows_model.py"),
    _m("unread-database-passes", "checks/probes/root_browsers.py", "Coverage(looked, len(judged), tuple(unread))", "None", "tests/checks/test_nss.py"),
    _m("native-host-policy-passed-over", "checks/system/browser_policies.py", "    allowed = _items(policies.get(\"NativeMessagingAllowlist\"))", "    return \"\"\n    allowed = _items(policies.get(\"NativeMessagingAllowlist\"))", "tests/checks/probes/test_pc_signing.py"),
    _m("chain-not-restricted", "checks/pki/judge.py", '    if not basic[0]:\n        return "not a CA"', "    if not basic[0]:\n        return \"\"", TLS, "tests/checks/pki/test_certificates.py"),
    _m("environment-for-children", "checks/child.py", "env={name: os.environ[name] for name in _KEPT if name in os.environ},", "env=dict(os.environ),", "tests/checks/test_child.py"),
    _m("secret-in-repr", "checks/secret.py", '        return "***"', "        return repr(self._value)", "tests/checks/test_child.py"),
    # The screen.
    _m("controls-shown", "checks/shown.py", '        return f"\\\\x{code:02x}"', "        return char", "tests/checks/test_shown.py"),
    _m("guard-missing-in-the-evidence", "tui/widgets/detail.py", "paragraph(desk.data(shown, 400), width, \"text\", indent=1, hang=1)", "paragraph(shown, width, \"text\", indent=1, hang=1)", INERT),
    _m("guard-missing-in-the-note", "tui/screens/note.py", "max(4, width - 3), desk.data)", "max(4, width - 3))", HOSTILE, INERT),
    _m("guard-missing-in-the-sessions", "tui/screens/shelf_view.py", "Span(desk.data(entry.name, 60))", "Span(entry.name)", INERT),
    _m("guard-missing-in-messages", "tui/desk.py", "else show(str(value), 200)", "else str(value)", HOSTILE, INERT),
    _m("last-gate-open", "tui/terminal/inert.py", '    return Segment(_STEERING.sub("", segment.text), style.update_link(None) if style else None)', "    return segment", "tests/tui/terminal/test_driver.py", "tests/tui/terminal/test_text.py", "tests/tui/terminal/test_cells.py"),
    _m("markup-on", "tui/widgets/canvas.py", "            segments.append(Segment(text, style(self._theme, span.role)))",
       "            from rich.text import Text\n            segments.append(Segment(Text.from_markup(text).plain, style(self._theme, span.role)))", HOSTILE),
    _m("default-executor", "tui/application.py", 'threading.Thread(target=go, daemon=True, name="background").start()', "__import__(\"asyncio\").get_running_loop().run_in_executor(None, go)", HOSTILE),
    _m("run-that-is-waited-for", "tui/runs.py", "args=(tuple(checks), make_context), daemon=True", "args=(tuple(checks), make_context), daemon=False", "tests/test_layers.py::test_every_thread_is_one_that_nobody_waits_for"),
    _m("session-name-as-it-is", "tui/widgets/bars.py", "desk.data(desk.session.data.name, 60)", "desk.session.data.name", INERT),
    _m("quit-without-asking", "tui/screens/dispatch.py", "    if state.failing_since is not None and state.unsaved and not shown:", "    if False:", "tests/tui/test_laboratory.py::test_a_full_disk_is_told_made_good_and_asked_about_before_quitting"),
    _m("signals-not-heard", "tui/terminal/exit.py", "            _installed.before[number] = signal.signal(number, _on_signal)", "            pass", "tests/tui/terminal/test_exit.py"),
    _m("terminal-not-given-back", "tui/terminal/exit.py", "        restore_terminal()\n        os._exit(128 + number)", "        os._exit(128 + number)", "tests/tui/terminal/test_exit.py"),
    _m("lost-line-not-seen", "tui/terminal/driver.py", "        if leaving.is_installed():\n", "        return\n        if leaving.is_installed():\n", "tests/tui/terminal/test_exit.py"),
    _m("replies-are-keys", "tui/terminal/input.py", "            if _KEY.fullmatch(sequence) or _MOUSE.fullmatch(sequence) or self._is_key(text):", "            if True:", "tests/tui/terminal/test_input.py"),
    _m("torn-sequence-is-keys", "tui/terminal/input.py", "        elif self._pending:\n            self._dead = True", "        elif self._pending:\n            self._keys(self._pending[1:].decode())\n            self._pending = b\"\"", "tests/tui/terminal/test_input.py"),
    _m("paste-is-keys", "tui/screens/dispatch.py", "            self._keys = all(known) or _is_search(view, text)", "            self._keys = True", "tests/tui/test_unmarked_paste.py"),
    _m("click-on-a-later-picture", "tui/widgets/clicks.py", "if since <= at), None)", "), None)", "tests/tui/widgets/test_clicks.py"),
    _m("click-for-another-question", "tui/screens/case.py", "if self._go(question) and answering.answer(self.desk, question, value) is None:", "if answering.answer(self.desk, self.question.id, value) is None:", "tests/tui/widgets/test_clicks.py", ACTS),
    _m("double-click-twice", "tui/widgets/clicks.py", "all(click.act != act for _, click in self._counted)", "True", "tests/tui/widgets/test_clicks.py"),
    _m("variables-in-the-crash-file", "tui/cli/crash.py", '            file.write(f"{head}{kind}\\n{body}")', '            file.write(f"{head}{error!r}\\n{body}")', HOSTILE, SECRETS),
    _m("read-only-writes", "state/live/session.py", "        if self.read_only:\n            raise ReadOnly(_READ_ONLY)\n", "", SESSION),
)  # fmt: skip


def try_all(names: Iterable[str] = (), *, say: bool = True) -> list[str]:
    """Puts each bug (or those named) into a copy; a line for each that no test found."""
    wanted = set(names)
    chosen = [mutant for mutant in MUTANTS if not wanted or mutant.name in wanted]
    unknown = wanted - {mutant.name for mutant in MUTANTS}
    wrong = [f"{name}: no such bug" for name in sorted(unknown)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "copy"
        for part in ("checks", "state", "tui", "tests"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        for mutant in chosen:
            began = time.monotonic()
            verdict = _try(copy, mutant)
            if verdict.startswith(("SURVIVED", "BROKEN")):
                wrong.append(f"{mutant.name}: {verdict}")
            if say:
                print(f"{mutant.name:32} {time.monotonic() - began:6.1f} s  {verdict:.120}", flush=True)
    return wrong


def place(mutant: Mutant, root: Path = ROOT) -> str:
    """The file's text; raises `ValueError` unless `old` stands there exactly once and the tests exist."""
    text = (root / mutant.file).read_text("utf-8")
    count = text.count(mutant.old)
    if count != 1:
        raise ValueError(f"{mutant.name}: its place is found {count} times in {mutant.file}")
    for test in mutant.tests:
        if not (root / test.partition("::")[0]).exists():
            raise ValueError(f"{mutant.name}: {test} is not there")
    return text


def _try(copy: Path, mutant: Mutant) -> str:
    try:
        text = place(mutant, copy)
    except ValueError as error:
        return f"BROKEN {error}"
    file = copy / mutant.file
    changed = text.replace(mutant.old, mutant.new)
    try:
        compile(changed, mutant.file, "exec")
    except SyntaxError as error:
        return f"BROKEN {error}"
    file.write_text(changed, "utf-8")
    try:
        for test in mutant.tests:
            red = _red(copy, test)
            if red:
                file.write_text(text, "utf-8")
                return _confirmed(copy, red)
        return f"SURVIVED {', '.join(mutant.tests)}"
    finally:
        file.write_text(text, "utf-8")


def _confirmed(copy: Path, red: str) -> str:
    """The same line when that test is green without the bug."""
    if not red.startswith("FAILED"):
        return red
    node = red.removeprefix("FAILED ").split(" - ")[0]
    return red if not _red(copy, node.split("[")[0]) else f"BROKEN red without the bug: {node}"


def _red(copy: Path, test: str) -> str:
    """Which test failed first, empty when all passed."""
    env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "--no-header",
            "-rf",
            "-o",
            "faulthandler_timeout=40",
            "--hypothesis-profile=red",
            test,
        ],
        cwd=copy,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = run.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        run.kill()
        run.communicate()
        return f"hangs in {test}"
    if run.returncode == 0:
        return ""
    failed = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0] if failed else f"ends with {run.returncode}: {test}"


if __name__ == "__main__":
    for line in try_all(sys.argv[1:]):
        print(line)
