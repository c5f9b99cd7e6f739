"""Write the software bill of materials (CycloneDX 1.6) and the list of third-party licences of what is installed.

    python .ci/sbom.py [SBOM.json] [LICENCES.md]    default: docs/sbom.json docs/third-party.md

Run it in an environment that holds oss-junbi and nothing else, so that the list is what a user gets.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def needed(name: str = "oss-junbi") -> dict[str, metadata.Distribution]:
    """The distribution and all that it needs at run time, by normalised name."""
    found: dict[str, metadata.Distribution] = {}
    pending = [(name, "")]
    while pending:
        wanted, extra = pending.pop()
        key = re.sub(r"[-_.]+", "-", wanted).lower()
        if key in found and not extra:
            continue
        try:
            found[key] = metadata.distribution(key)
        except metadata.PackageNotFoundError:
            continue  # for another system or Python
        for line in found[key].requires or ():
            only = re.search(r"extra\s*==\s*['\"]([^'\"]+)", line)
            match = re.match(r"([A-Za-z0-9._-]+)(?:\[([A-Za-z0-9._-]+)\])?", line)
            if match and (only[1] if only else "") in ("", extra):
                pending.append((match[1], match[2] or ""))
    return dict(sorted(found.items()))


def licence(package: metadata.Distribution) -> str:
    """The licence as the package itself states it."""
    fields = package.metadata
    if "License-Expression" in fields:
        return fields["License-Expression"]
    classified = [
        line.rsplit(" :: ", 1)[-1]
        for line in fields.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    stated = fields["License"] if "License" in fields else ""  # noqa: SIM401 - the typed interface has no get
    first = stated.strip().splitlines()
    return ", ".join(classified) or (first[0] if first else "not stated")


def document(packages: dict[str, metadata.Distribution], version: str) -> dict[str, object]:
    """The bill of materials of this version of ours with these packages."""
    components = [
        {
            "type": "library",
            "name": name,
            "version": package.version,
            "purl": f"pkg:pypi/{name}@{package.version}",
            "licenses": [{"license": {"name": licence(package)}}],
        }
        for name, package in packages.items()
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "oss-junbi", "version": version}},
        "components": components,
    }


def main() -> int:
    """Write both files."""
    sbom = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs" / "sbom.json")
    licences = Path(sys.argv[2] if len(sys.argv) > 2 else ROOT / "docs" / "third-party.md")
    packages = needed()
    own = packages.pop("oss-junbi")
    sbom.write_text(json.dumps(document(packages, own.version), indent=2, ensure_ascii=False) + "\n", "utf-8")
    rows = [f"| {name} | {package.version} | {licence(package)} |" for name, package in packages.items()]
    head = [
        "# Third-party packages",
        "",
        "What `pip install oss-junbi` brings along, with the licence that each package states of itself.",
        "Made by `.ci/sbom.py`; the same list as a CycloneDX document is in [sbom.json](sbom.json).",
        "",
        "| package | version | licence |",
        "|---|---|---|",
    ]
    licences.write_text("\n".join([*head, *rows]) + "\n", "utf-8")
    print(f"{len(rows)} packages")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
