"""Prints the confusion matrix of `portal.tls` over every fault that can be served: `python -m tests.confusion`."""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.support.tls_faults import faults
from tests.support.tls_world import meet


def main() -> int:
    """Serve every fault; exit status 1 when one code differs."""
    pairs: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    begin = time.monotonic()
    for fault in faults():
        start = time.monotonic()
        found = meet(fault)
        took = time.monotonic() - start
        pairs[fault.code, found.code] += 1
        if "-v" in sys.argv:
            print(f"{took * 1000:6.0f} ms  {found.code:28} {fault.name}")
        if found.code != fault.code:
            wrong.append(f"{fault.name}: {found.code} in place of {fault.code}")
            if "-v" in sys.argv:
                print("\n".join("          " + line for line in found.evidence))
    print(f"{'expected':28} {'found':28} number")
    for (expected, got), number in sorted(pairs.items()):
        print(f"{expected:28} {got:28} {number:6}{'' if expected == got else '   <-- differs'}")
    total = sum(pairs.values())
    print(
        f"{total - len(wrong)} of {total} as expected, {time.monotonic() - begin:.1f} s, Python {sys.version.split()[0]}"
    )
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
