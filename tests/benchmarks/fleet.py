"""Merging many PCs' results: time and memory, and how they grow. Prints a table, judges nothing.

python -m tests.benchmarks.fleet [NUMBER_OF_FILES ...]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

CHECKS = 40
SIZES = (10, 100, 500, 2_000, 10_000)
_OUTCOMES = ("pass", "pass", "pass", "pass", "warn", "skip", "fail", "unknown")


def result(pc: int, number: int) -> dict[str, object]:
    """One result; which PC has which fault follows a fixed pattern."""
    outcome = _OUTCOMES[(pc * 7 + number * 3) % len(_OUTCOMES)]
    sentence = f"Sentence {number} about disk space {pc % 50} GB. " * 3
    return {
        "id": f"area{number % 7}.thing-{number}", "step": number % 7 + 1, "scope": "pc", "outcome": outcome,
        "code": f"code-{number % 3}", "values": {"free": f"{pc % 50} GB", "not_after": f"2026-12-{pc % 28 + 1:02}"},
        "evidence": ["line of evidence " * 8] * 4, "text": {"ja": "文。" * 30, "en": sentence},
        "remedy": {"ja": "直し方。" * 40, "en": "Mend it. " * 20}, "commands": [], "link": "https://www.oss.mlit.go.jp/",
        "source": "https://www.oss.mlit.go.jp/", "checked": "2026-11-22", "started": "2026-11-22T01:00:00Z", "took_ms": 12,
    }  # fmt: skip


def make(folder: Path, count: int) -> None:
    """Write `count` files as `check --format json` does."""
    for pc in range(count):
        results = [result(pc, number) for number in range(CHECKS)]
        counts = Counter(str(each["outcome"]) for each in results)
        document = {
            "schema": 1, "tool": {"name": "oss-junbi", "version": "0.1.0"}, "host": f"PC-{pc:05}", "user": "sakura",
            "platform": "windows", "portal": "www.oss.mlit.go.jp:443", "started": "2026-11-22T01:00:00Z",
            "finished": "2026-11-22T01:00:05Z", "exit": 1,
            "counts": {word: counts[word] for word in ("pass", "warn", "fail", "skip", "unknown", "crash")}, "results": results,
        }  # fmt: skip
        (folder / f"PC-{pc:05}.json").write_text(json.dumps(document, ensure_ascii=False, indent=2), "utf-8")


def main() -> None:
    """Measure every size in a process of its own."""
    print(f"{'files':>7} {'MB read':>8} {'form':>5} {'seconds':>8} {'ms/file':>8} {'peak MB':>8}")
    for count in [int(word) for word in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            make(folder, count)
            size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
            for form in ("text", "html", "json"):
                begin = time.perf_counter()
                command = ["-c", _MEASURED, "fleet", "merge", name, "--format", form, "--output", "/dev/null"]
                done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
                took = time.perf_counter() - begin
                peak = int(done.stderr.strip().rsplit("\n", 1)[-1]) / (
                    1024 if sys.platform == "linux" else 1024 * 1024
                )
                print(
                    f"{count:>7} {size:>8.1f} {form:>5} {took:>8.2f} {took * 1000 / count:>8.2f} {peak:>8.0f}"
                )


_MEASURED = (
    "import resource, sys; from tui.__main__ import main; code = main(sys.argv[1:]); "
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr); sys.exit(code)"
)

if __name__ == "__main__":
    main()
