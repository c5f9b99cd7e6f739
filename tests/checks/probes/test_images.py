"""JPEG files, whole, cut off and hostile, and what the check says of a folder of them.

Covers checks.evidence and checks.image_files.
"""

from __future__ import annotations

import errno
import os
import shutil
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import checks.image_files
from checks.evidence import evidence_line
from checks.finding import find
from checks.guide import load_guide
from checks.image_files import Image, read_image
from checks.model import Context, Coverage, Finding, Options, Outcome
from checks.probes import images
from checks.system.api import System
from checks.system.bounded_files import NotRegular
from checks.verdict import outcome_of, verdict

CORPUS = Path(__file__).parents[2] / "corpus" / "images"
WHOLE = sorted((CORPUS / "whole").iterdir())
BASELINE = (CORPUS / "whole" / "pillow-baseline.jpg").read_bytes()
FRAME = BASELINE.index(b"\xff\xc0")


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def make_pipe(path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no named pipes in folders")
    else:
        os.mkfifo(path)


def exif(orientation: int, order: str = "<", thumbnail: bytes = b"") -> bytes:
    head = b"II*\x00" if order == "<" else b"MM\x00*"
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    return segment(
        0xE1,
        b"Exif\x00\x00" + head + struct.pack(f"{order}IH", 8, 1) + entry + b"\x00\x00\x00\x00" + thumbnail,
    )


def jpeg(
    width: int = 800,
    height: int = 600,
    *,
    sof: int = 0xC0,
    before: bytes = b"",
    size: int = 5000,
    end: bytes = b"\xff\xd9",
) -> bytes:
    frame = segment(sof, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    head = (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\x00" + bytes(9))
        + before
        + frame
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    )
    return head + b"\x11" * max(1, size - len(head) - len(end)) + end


def into(data: bytes, more: bytes, at: int = FRAME) -> bytes:
    """The data with more before its frame."""
    return data[:at] + more + data[at:]


def read(tmp_path: Path, data: bytes) -> Image:
    path = tmp_path / "image.jpg"
    path.write_bytes(data)
    image = read_image(str(path))
    assert image.size == len(data)
    return image


def seen(tmp_path: Path, data: bytes) -> tuple[str, int, int, int]:
    image = read(tmp_path, data)
    return image.kind, image.width, image.height, image.orientation


def check(path: object, *, stopped: bool = False) -> Finding:
    answers = {"documents.images-path": str(path), "case.garage": "apply-together"}
    context = Context(cast(System, None), answers, Options(), cancelled=lambda: stopped)
    finding = find(images.images, context)
    assert finding.code in images.images.says
    said = verdict(images.images, finding.code, finding.values)
    assert said is not None
    assert "{" not in said.text.ja + said.text.en
    return finding


def outcome(finding: Finding) -> Outcome | None:
    return outcome_of(images.images, finding.code)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_what_programs_write_is_whole_and_cut_anywhere_it_is_not(path: Path, tmp_path: Path) -> None:
    assert check(path).code == "ready"
    data = path.read_bytes()
    assert seen(tmp_path, data) == ("jpeg", 160, 120, 1)
    end = data.index(b"\xff\xd9") + 2
    assert seen(tmp_path, data[:end])[0] == "jpeg"
    for cut in {*range(2, end, 149), *range(end - 10, end)}:
        assert seen(tmp_path, data[:cut])[0] == "damaged", cut


def test_the_end_of_a_thumbnail_is_not_the_end_of_the_image(tmp_path: Path) -> None:
    small = (CORPUS / "whole" / "pillow-gray.jpg").read_bytes()
    data = into(BASELINE, exif(1, thumbnail=small), 2)
    assert seen(tmp_path, data)[0] == "jpeg"
    assert data[: len(data) // 2].count(b"\xff\xd9") == 1
    for share in (2, 3, 5):
        assert seen(tmp_path, data[: len(data) - len(data) // share])[0] == "damaged"


@pytest.mark.parametrize(
    "behind",
    [
        b"\x00" * 500,
        b"\xff\xd8" + BASELINE[2:900],
        b"\x00\x00\x01\x0aImage_UTC_Data1735689600000SEFH\x6b\x00\x00\x00SEFT",
        b"\xff" * 3000,
        bytes(range(256)) * 900,
    ],
)
def test_what_stands_behind_the_image_is_not_part_of_it(tmp_path: Path, behind: bytes) -> None:
    assert seen(tmp_path, BASELINE + behind)[:3] == ("jpeg", 160, 120)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (into(BASELINE, b"\x00\x12junk"), "data between its parts"),
        (into(BASELINE, b"\xff\x00\xff\x00"), "data between its parts"),
        (into(BASELINE, b"\xff\xe5\x00\x00"), "data between its parts"),
        (into(BASELINE, b"junk", 2), "data between its parts"),
        (into(BASELINE, b"junk" + segment(0xFE, bytes(60000))[:9]), "data between its parts"),
        (into(BASELINE, segment(0xE2, b"") * 11_000), "too many parts"),
        (BASELINE.replace(b"\xff\xc0\x00\x11\x08\x00\x78", b"\xff\xc0\x00\x11\x08\x00\x00"), "a rare form of JPEG"),
        (BASELINE.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc1\x00\x11\x0c"), "a rare form of JPEG"),
        *((path.read_bytes(), "a rare form of JPEG") for path in sorted((CORPUS / "rare").iterdir())),
    ],
)  # fmt: skip
def test_what_could_not_be_followed_is_not_called_damaged(tmp_path: Path, data: bytes, why: str) -> None:
    image = read(tmp_path, data)
    assert (image.kind, image.why) == ("unclear", why)
    finding = check(tmp_path / "image.jpg")
    assert (finding.code, outcome(finding)) == ("not-readable", "unknown")
    assert finding.evidence[-1] == f"not looked at: image.jpg: {why}"
    assert not any(
        "a" <= char <= "z" for char in evidence_line(f"not looked at: 1: {why}", "ja", load_guide("oss"))
    )


def test_a_file_larger_than_is_read_is_judged_by_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(size=9000))
    monkeypatch.setattr(checks.image_files, "LARGEST", 8000)
    assert read_image(str(path)).why == "too large"
    assert check(path).code == "not-readable"
    path.write_bytes(jpeg(2000, 1500, size=9000))
    assert check(path).code == "too-many-pixels"
    path.write_bytes(jpeg(size=5000) + bytes(4000))
    assert check(path).code == "ready"


@pytest.mark.parametrize("sof", [0xC0, 0xC1, 0xC2])
def test_size_in_pixels(tmp_path: Path, sof: int) -> None:
    assert seen(tmp_path, jpeg(1024, 768, sof=sof)) == ("jpeg", 1024, 768, 1)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation(tmp_path: Path, orientation: int, order: str) -> None:
    assert seen(tmp_path, jpeg(before=exif(orientation, order)))[3] == orientation


def test_orientation_that_makes_no_sense_is_upright(tmp_path: Path) -> None:
    assert seen(tmp_path, jpeg(before=exif(0)))[3] == 1
    assert seen(tmp_path, jpeg(before=exif(99)))[3] == 1
    assert seen(tmp_path, jpeg(before=segment(0xE1, b"Exif\x00\x00II*\x00\xff\xff\xff\xff")))[3] == 1
    assert seen(tmp_path, jpeg(before=segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00")))[3] == 1


def test_a_huffman_table_is_no_frame(tmp_path: Path) -> None:
    assert seen(tmp_path, jpeg(640, 480, before=segment(0xC4, bytes(30))))[:3] == ("jpeg", 640, 480)


def test_fill_bytes_and_large_segments_are_skipped(tmp_path: Path) -> None:
    before = b"\xff\xff" + b"".join(segment(0xE2, bytes(65000)) for _ in range(20))
    assert seen(tmp_path, jpeg(before=before, size=2_000_000))[0] == "jpeg"
    assert seen(tmp_path, jpeg(end=b"\xff\xff\xff\xd9"))[0] == "jpeg"


@pytest.mark.parametrize(
    "data",
    [
        jpeg(end=b""),
        jpeg(0, 600),
        jpeg(before=b"\xff\xd8"),
        jpeg(before=segment(0xC0, b"\x08\x02\x58\x03\x20\x01\x01\x11\x00")),
        jpeg(end=b"\xff\xd8"),
        jpeg(end=b"\xff\xd8\xff\xe0") + jpeg(),
        jpeg(end=bytes(4000)),
        BASELINE[: BASELINE.index(b"\xff\xda") + 14] + b"\xff\xd9",
        b"\xff\xd8\xff\xd9" + bytes(50),
        b"\xff\xd8\xff\xe0\x00\x00" + bytes(50),
        b"\xff\xd8" + segment(0xE0, b"x") + bytes(50),
        b"\xff\xd8" + segment(0xE0, b"x") * 3000,
        b"\xff\xd8" + b"\xff" * 5000,
    ],
)
def test_damaged_files(tmp_path: Path, data: bytes) -> None:
    assert seen(tmp_path, data)[0] == "damaged"


@pytest.mark.parametrize(
    "path", sorted((CORPUS / "other").iterdir()), ids=lambda path: path.suffix.removeprefix(".")
)
@pytest.mark.parametrize("name", ["photo.jpg", "photo", "photo.txt"])
def test_other_types_are_told_by_content_not_by_name(path: Path, name: str, tmp_path: Path) -> None:
    shutil.copy(path, tmp_path / name)
    (tmp_path / "good.jpg").write_bytes(BASELINE)
    finding = check(tmp_path)
    assert (finding.code, finding.values["file"]) == ("not-jpeg", name)
    kind = {"jp2": "jpeg2000"}.get(path.suffix[1:], path.suffix[1:])
    assert finding.evidence[0].startswith(f"{name}: {kind} ")


@pytest.mark.parametrize(
    "data", [b"hello", b"PK\x03\x04", b"BM is a text", b"\x00\x00\x00\x18ftypisom" + bytes(9)]
)
def test_what_is_no_image_is_one_by_its_name_alone(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "photo.jpg").write_bytes(data)
    assert check(tmp_path).code == "not-jpeg"
    (tmp_path / "photo.jpg").rename(tmp_path / "photo.dat")
    finding = check(tmp_path)
    assert (finding.code, finding.evidence[1:]) == ("no-images", ("not looked at: photo.dat: not an image",))
    (tmp_path / "good.jpg").write_bytes(BASELINE)
    assert check(tmp_path).code == "partly"
    assert check(tmp_path / "photo.dat").code == "not-jpeg"


@pytest.mark.parametrize("data", [b"", bytes(70_000)], ids=["no bytes", "zeros"])
def test_a_file_with_nothing_in_it_is_to_be_copied_again(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    finding = check(tmp_path / "a.jpg")
    assert (finding.code, outcome(finding)) == ("empty", "fail")
    said = verdict(images.images, finding.code, finding.values)
    assert said is not None
    assert said.remedy is not None
    assert ("もう一度コピー" in said.remedy.ja, "Copy it again" in said.remedy.en) == (True, True)


@given(st.binary(max_size=300), st.integers(0, 600), st.booleans())
def test_any_bytes_give_an_answer(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, at: int, over: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jpg"
    path.write_bytes(BASELINE[:at] + data + BASELINE[at + len(data) if over else at :])
    assert check(path).code in ("ready", "not-jpeg", "empty", "damaged", "not-readable", "too-many-pixels",
                                "portrait")  # fmt: skip
    path.write_bytes(data)
    assert check(path).code in ("not-jpeg", "empty", "damaged", "not-readable")


def test_a_pipe_or_a_folder_is_no_image_and_holds_nobody(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jpg"
    make_pipe(pipe)
    with pytest.raises(NotRegular):
        read_image(str(pipe))
    assert check(pipe).code == "not-a-file"
    assert check("/dev/null").code == "not-a-file"
    finding = check(tmp_path)
    assert (finding.code, finding.values["file"]) == ("not-readable", "pipe.jpg")
    pipe.unlink()
    assert check(tmp_path).code == "no-images"
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.jpg").write_bytes(BASELINE)
    finding = check(tmp_path)
    assert (finding.code, finding.evidence[-1]) == ("no-images", "not looked at: sub: Is a directory")


@pytest.mark.parametrize(
    ("data", "code", "wanted"),
    [
        (jpeg(1024, 768, size=90_000), "ready", "pass"),
        (jpeg(1, 1), "ready", "pass"),
        (jpeg(1025, 768), "too-many-pixels", "fail"),
        (jpeg(1024, 769), "too-many-pixels", "fail"),
        (jpeg(4032, 3024, size=3_000_000), "too-many-pixels", "fail"),
        ((CORPUS / "size" / "pillow-wide.jpg").read_bytes(), "too-many-pixels", "fail"),
        (jpeg(768, 1024), "portrait", "warn"),
        (jpeg(600, 769), "portrait", "warn"),
        ((CORPUS / "size" / "pillow-portrait.jpg").read_bytes(), "portrait", "warn"),
        (jpeg(769, 1024), "too-many-pixels", "fail"),
        (jpeg(size=100 * 1024), "ready", "pass"),
        (BASELINE + bytes(100 * 1024 - len(BASELINE)), "ready", "pass"),
        (BASELINE + bytes(100 * 1024 + 1 - len(BASELINE)), "too-many-bytes", "warn"),
        ((CORPUS / "size" / "pillow-exif-turned.jpg").read_bytes(), "turned", "warn"),
        (BASELINE[:2000], "damaged", "fail"),
        (b"", "empty", "fail"),
    ],
)
def test_one_image(tmp_path: Path, data: bytes, code: str, wanted: str) -> None:
    path = tmp_path / "配置図 1.JPG"
    path.write_bytes(data)
    finding = check(path)
    assert (finding.code, outcome(finding)) == (code, wanted)
    assert finding.coverage == Coverage(1, 1)
    assert "配置図 1.JPG" in finding.evidence[0]


def test_the_worst_of_a_folder_comes_first(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    (tmp_path / "b.jpg").write_bytes(jpeg(size=200_000))
    assert check(tmp_path).code == "too-many-bytes"
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere")
    assert check(tmp_path).code == "not-readable"
    (tmp_path / "c.jpeg").write_bytes(jpeg(2000, 1500))
    (tmp_path / "d.jpg").write_bytes(jpeg(3000, 1500))
    (tmp_path / "notes.txt").write_text("not an image")
    (tmp_path / "sub").mkdir()
    make_pipe(tmp_path / "pipe.jpg")
    finding = check(tmp_path)
    assert finding.code == "too-many-pixels"
    assert (finding.values["files"], finding.values["bad"], finding.values["file"]) == (4, 2, "c.jpeg")
    assert [line.split(":")[0] for line in finding.evidence[:4]] == ["b.jpg", "c.jpeg", "d.jpg", "a.jpg"]
    assert finding.evidence[4:] == (
        "not looked at: gone.jpg: No such file or directory",
        "not looked at: notes.txt: not an image",
        "not looked at: pipe.jpg: not a file",
        "not looked at: sub: Is a directory",
    )
    assert finding.coverage is not None
    assert (finding.coverage.looked, finding.coverage.of) == (4, 8)
    (tmp_path / "e.png").write_bytes((CORPUS / "other" / "plan.png").read_bytes())
    assert check(tmp_path).code == "not-jpeg"


def test_every_file_of_a_large_folder_is_looked_at(tmp_path: Path) -> None:
    for number in range(150):
        (tmp_path / f"IMG_{number:04}.jpg").write_bytes(BASELINE)
    finding = check(tmp_path)
    assert (finding.code, finding.coverage, len(finding.evidence)) == ("ready", Coverage(150, 150), 20)
    (tmp_path / "IMG_0149.jpg").write_bytes(b"\x89PNG\r\n\x1a\n")
    finding = check(tmp_path)
    assert (finding.code, finding.values["files"], finding.values["bad"]) == ("not-jpeg", 150, 1)
    assert finding.evidence[0].startswith("IMG_0149.jpg: png")


def _pipe(path: Path, patch: pytest.MonkeyPatch) -> None:
    path.unlink()
    make_pipe(path)


def _gone(path: Path, patch: pytest.MonkeyPatch) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _folder(path: Path, patch: pytest.MonkeyPatch) -> None:
    path.unlink()
    path.mkdir()


def _refused(path: Path, patch: pytest.MonkeyPatch) -> None:
    def refusing(name: str) -> Image:
        if os.path.basename(name) == path.name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), name)
        return read_image(name)

    patch.setattr(images, "read_image", refusing)


def _too_large(path: Path, patch: pytest.MonkeyPatch) -> None:
    path.write_bytes(jpeg(size=20_000))
    patch.setattr(checks.image_files, "LARGEST", 10_000)


def _unclear(path: Path, patch: pytest.MonkeyPatch) -> None:
    path.write_bytes(into(BASELINE, b"junk"))


def _unknown(path: Path, patch: pytest.MonkeyPatch) -> None:
    path.rename(path.with_suffix(".xyz")).write_bytes(b"hello")


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize(
    "unreadable", [_pipe, _gone, _folder, _refused, _too_large, _unclear, _unknown], ids=lambda one: one.__name__
)  # fmt: skip
def test_one_that_cannot_be_read_never_leaves_a_pass(
    unreadable: Callable[[Path, pytest.MonkeyPatch], None],
    which: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paths = [tmp_path / name for name in ("a.jpg", "b.jpg", "c.jpg")]
    for path in paths:
        path.write_bytes(BASELINE)
    assert check(tmp_path).code == "ready"
    unreadable(paths[which], monkeypatch)
    finding = check(tmp_path)
    assert (finding.code, outcome(finding)) == ("partly", "unknown")
    assert (finding.values["looked"], finding.values["of"]) == (2, 3)
    assert str(finding.values["file"]).startswith(paths[which].stem)
    left = [line for line in finding.evidence if line.startswith("not looked at: ")]
    assert [line.split(".")[0] for line in left] == [f"not looked at: {paths[which].stem}"]


@pytest.mark.parametrize("limit", ["files", "time", "stopped"])
def test_what_a_limit_leaves_out_is_named(
    tmp_path: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (tmp_path / f"{number}.jpg").write_bytes(BASELINE)
    if limit == "files":
        monkeypatch.setattr(images, "MAX_FILES", 3)
    elif limit == "time":
        monkeypatch.setattr(images, "TIMEOUT", -1.0)
    finding = check(tmp_path, stopped=limit == "stopped")
    assert outcome(finding) == "unknown"
    looked, of, why = {
        "files": (3, 5, "over the limit"),
        "time": (0, 5, "no time left"),
        "stopped": (0, 5, "no time left"),
    }[limit]
    assert finding.coverage is not None
    assert (finding.coverage.looked, finding.coverage.of) == (looked, of)
    named = 4 if limit == "files" else of  # the first over the limit stands for all others
    assert set(finding.coverage.unread) == {f"{number}.jpg: {why}" for number in range(looked, named)}
    if limit == "files":
        assert (finding.code, finding.values["looked"], finding.values["of"]) == ("partly", 3, 5)


def test_what_systems_put_into_folders_is_not_counted(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.jpg").write_bytes(BASELINE)
    for name in ("._IMG_1.jpg", "._IMG_2.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", "DESKTOP.INI"):
        (tmp_path / name).write_bytes(b"\x00\x05\x16\x07" + bytes(80))
    assert check(tmp_path).coverage == Coverage(1, 1)
    assert check(tmp_path).code == "ready"
    (tmp_path / "Thumbs.db.jpg").write_bytes(b"")
    assert check(tmp_path).code == "empty"


@pytest.mark.parametrize(
    "path", ["/no/such/place", "relative-nowhere", "x\x00y", "~nobody-here/x", "a" * 5000, "/dev/null/x", " "]
)
def test_a_place_that_is_not_there_is_unknown_not_wrong(path: str) -> None:
    finding = check(path)
    assert finding.code in ("not-found", "not-readable")
    assert outcome(finding) == "unknown"


@pytest.mark.parametrize("end", ["/", "//"])
def test_a_place_that_ends_in_a_slash_is_named(
    tmp_path: Path, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> None:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)

    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(os.path, "isdir", lambda path: False)
    monkeypatch.setattr(images, "find", str)
    finding = check(f"{tmp_path}/a.jpg{end}")
    assert (finding.code, finding.values["file"]) == ("not-readable", "a.jpg")
    assert check("/").values["file"] == "/"


def test_a_folder_that_may_not_be_listed_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert check(tmp_path).code == "not-readable"


def test_hostile_names_are_shown_harmlessly(tmp_path: Path) -> None:
    (tmp_path / "\x1b[31m{file}\u202egpj.jpg").write_bytes(b"%PDF")
    (tmp_path / "\x1b[31m{of}\u202egpj.jpg").mkdir()
    finding = find(
        images.images, Context(cast(System, None), {"documents.images-path": str(tmp_path)}, Options())
    )
    assert finding.code == "not-jpeg"
    text = str(finding.values["file"]) + "".join(finding.evidence)
    assert "{of}" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_not_answered_is_a_skip_that_leaves_nothing_to_do() -> None:
    finding = images.images.probe(Context(cast(System, None), {}, Options()))
    assert finding.code == "unanswered"
    assert images.images.says["unanswered"].not_needed
