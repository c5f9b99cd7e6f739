"""Make a release: version, changelog, commit and tag, and everything that is handed out.

    python .ci/release.py VERSION [--python ZIP] [--output FOLDER] [--rehearse] [--sign KEY]

Works in a clone of what is committed, so that a failure leaves nothing half done; only at the end the commit and the tag
come into this repository (not with `--rehearse`). Into FOLDER (`dist`) go the wheel, the source archive, the Windows
bundle, the bill of materials and `SHA256SUMS`; with `--sign` the tag and `SHA256SUMS` are signed with that key of GnuPG.
Nothing is uploaded: see docs/releasing.md.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description="Make a release.")
    parser.add_argument("version", metavar="VERSION")
    parser.add_argument("--python", metavar="ZIP", help="official embeddable Python for Windows")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", metavar="FOLDER")
    parser.add_argument("--rehearse", action="store_true", help="build everything, change nothing here")
    parser.add_argument("--sign", metavar="KEY", help="sign the tag and SHA256SUMS with this key of GnuPG")
    options = parser.parse_args()
    if git(ROOT, "status", "--porcelain") and not options.rehearse:
        raise SystemExit("There are changes that are not committed.")
    if not (options.python or options.rehearse):
        raise SystemExit(
            "A release takes the official embeddable Python: --python ZIP (see docs/releasing.md)."
        )
    with tempfile.TemporaryDirectory() as work:
        tree = Path(work) / "tree"
        git(ROOT, "clone", "-q", str(ROOT), str(tree))
        stamp(tree, options.version)
        commit(tree, options.version, options.sign)
        shutil.rmtree(options.output, ignore_errors=True)
        options.output.mkdir(parents=True)
        build(tree, Path(work), options.version, options.python, options.output)
        sums(options.output, options.sign)
        if not options.rehearse:
            tag = f"v{options.version}"
            git(ROOT, "fetch", "-q", str(tree), f"refs/tags/{tag}:refs/tags/{tag}")
            git(ROOT, "merge", "-q", "--ff-only", tag)
    print("\n".join(sorted(path.name for path in options.output.iterdir())))
    return 0


def stamp(tree: Path, version: str) -> None:
    """Write the version and its day into the sources; ends where the changelog has nothing for it."""
    about, changes = tree / "checks" / "__init__.py", tree / "CHANGELOG.md"
    text, found = re.subn(r'(?m)^__version__ = ".*"$', f'__version__ = "{version}"', about.read_text("utf-8"))
    if found != 1:
        raise SystemExit("checks/__init__.py has no line __version__.")
    about.write_text(text, "utf-8")
    day = datetime.now(UTC).date().isoformat()
    text, found = re.subn(
        r"(?m)^## \S+ - unreleased$", f"## {version} - {day}", changes.read_text("utf-8"), count=1
    )
    if not found:
        raise SystemExit('CHANGELOG.md has no heading "## VERSION - unreleased".')
    changes.write_text(text, "utf-8")


def commit(tree: Path, version: str, key: str | None) -> None:
    """Commit that and put the tag on it."""
    for name in ("user.name", "user.email"):
        # Whoever rehearses may have told git no name.
        git(tree, "config", name, git(ROOT, "config", "--default", "releaser@example.invalid", name))
    git(tree, "commit", "-q", "-a", "-m", f"Release {version}")
    git(tree, "tag", *(("-s", "-u", key) if key else ("-a",)), "-m", f"oss-junbi {version}", f"v{version}")


def build(tree: Path, work: Path, version: str, python: str | None, output: Path) -> None:
    """Wheel and source archive, the Windows bundle, and the bill of materials of what `pip install` brings along."""
    tools, clean = (environment(work / name) for name in ("tools", "clean"))
    run(tools, "-m", "pip", "install", "-q", "--disable-pip-version-check", "hatchling")
    run(tools, "-m", "hatchling", "build", cwd=tree)
    for built in (*tree.glob("dist/*.whl"), *tree.glob("dist/*.tar.gz")):
        shutil.copy(built, output)
    embedded = ("--python", str(Path(python).absolute())) if python else ()
    run(sys.executable, str(tree / ".ci" / "windows_bundle.py"), version, "--output", str(output), *embedded)
    wheel = next(output.glob("*.whl"))
    run(clean, "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel))
    bill, licences = output / f"oss-junbi-{version}-sbom.json", output / f"oss-junbi-{version}-licences.md"
    run(clean, str(tree / ".ci" / "sbom.py"), str(bill), str(licences))


def environment(folder: Path) -> str:
    """A fresh virtual environment; gives its Python."""
    venv.create(folder, with_pip=True)
    return str(next(folder.glob("bin/python"), folder / "Scripts" / "python.exe"))


def sums(output: Path, key: str | None) -> None:
    """Write the hashes of all files, signed where a key is given."""
    for single in output.glob("*.sha256"):
        single.unlink()
    files = sorted(path for path in output.iterdir() if path.is_file() and path.name != ".gitignore")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in files]
    (output / "SHA256SUMS").write_text("\n".join(lines) + "\n", "utf-8")
    if key:
        run("gpg", "--local-user", key, "--armor", "--detach-sign", str(output / "SHA256SUMS"))


def git(tree: Path, *arguments: str) -> str:
    """Run git in a tree; gives what it prints, ends when it fails."""
    return subprocess.run(
        ["git", *arguments], cwd=tree, check=True, capture_output=True, text=True
    ).stdout.strip()


def run(*command: str, cwd: Path | None = None) -> None:
    """Run a program; ends when it fails."""
    subprocess.run(command, cwd=cwd, check=True)


if __name__ == "__main__":
    raise SystemExit(main())
