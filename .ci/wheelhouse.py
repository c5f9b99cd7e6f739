"""Make a folder from which oss-junbi installs without a network, with a hash for every file in it.

    python .ci/wheelhouse.py [FOLDER]           default: build/wheelhouse
    pip install --no-index --find-links FOLDER --require-hashes -r FOLDER/requirements.txt

The wheels are those for the Python and the system that run this script; run it once per combination that is needed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Build our wheel, collect those of the dependencies, write `requirements.txt` with their SHA-256."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "wheelhouse")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(folder), str(ROOT)], check=True)
    ours = next(folder.glob("oss_junbi-*.whl"))
    subprocess.run([*pip, "download", "--only-binary", ":all:", "-d", str(folder), str(ours)], check=True)
    lines = []
    for wheel in sorted(folder.glob("*.whl")):
        name, version = wheel.name.split("-")[:2]
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{name.replace('_', '-')}=={version} --hash=sha256:{digest}")
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines)} wheels in {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
