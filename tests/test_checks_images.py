"""The heads of JPEG files, whole, cut off and hostile, and what the check says of a folder of them."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.images import NotAFile, read_image
from checks.model import Context, Finding, Options
from checks.probes import images
from checks.probes.images import MAX_FILES
from checks.runner import find
from checks.system.api import System
from checks.verdict import outcome_of, verdict


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def make_pipe(path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no named pipes in folders")
    else:
        os.mkfifo(path)


def exif(orientation: int, order: str = "<") -> bytes:
    head = b"II*\x00" if order == "<" else b"MM\x00*"
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    return segment(
        0xE1, b"Exif\x00\x00" + head + struct.pack(f"{order}IH", 8, 1) + entry + b"\x00\x00\x00\x00"
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


def seen(tmp_path: Path, data: bytes) -> tuple[str, int, int, int]:
    path = tmp_path / "image.jpg"
    path.write_bytes(data)
    image = read_image(str(path))
    assert image.size == len(data)
    return image.kind, image.width, image.height, image.orientation


def check(path: object) -> Finding:
    answers = {
        "documents.images-path": str(path),
        "case.garage": "apply-together",
        "case.procedure": "transfer",
    }
    finding = find(images.images, Context(cast(System, None), answers, Options()))
    assert finding.code in images.images.says
    said = verdict(images.images, finding.code, finding.values)
    assert said is not None
    assert "{" not in said.text.ja + said.text.en
    return finding


@pytest.mark.parametrize("sof", [0xC0, 0xC1, 0xC2, 0xC9])
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


@pytest.mark.parametrize(
    "data",
    [
        jpeg()[:300],
        jpeg()[:20],
        jpeg()[:4],
        jpeg(end=b""),
        jpeg(0, 600),
        jpeg(800, 0),
        b"\xff\xd8\xff\xd9" + bytes(50),
        b"\xff\xd8\xff\xe0\x00\x00" + bytes(50),
        b"\xff\xd8" + segment(0xE0, b"x") + bytes(50),
        b"\xff\xd8" + segment(0xE0, b"x") * 3000,
        b"\xff\xd8" + b"\xff" * 5000,
    ],
)
def test_damaged_and_cut_off_files(tmp_path: Path, data: bytes) -> None:
    assert seen(tmp_path, data)[0] == "damaged"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "png"),
        (b"%PDF-1.7", "pdf"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(9), "heic"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"GIF89a", "gif"),
        (b"", "empty"),
        (b"hello", "unknown"),
    ],
)
def test_other_types_are_told_by_content_not_by_name(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(data)
    image = read_image(str(path))
    assert (image.kind, image.looks_like) == ("other", kind)
    assert check(path).code == "not-jpeg"


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_give_an_answer(tmp_path_factory: pytest.TempPathFactory, data: bytes, start: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jpg"
    path.write_bytes((b"\xff\xd8\xff" if start else b"") + data)
    assert read_image(str(path)).kind in ("jpeg", "other", "damaged")


def test_a_pipe_or_a_folder_is_no_image_and_holds_nobody(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jpg"
    make_pipe(pipe)
    with pytest.raises(NotAFile):
        read_image(str(pipe))
    assert check(pipe).code == "not-a-file"
    assert check("/dev/null").code == "not-a-file"
    assert check(tmp_path).code == "no-images"


@pytest.mark.parametrize(
    ("data", "code", "outcome"),
    [
        (jpeg(1024, 768, size=90_000), "ready", "pass"),
        (jpeg(1, 1), "ready", "pass"),
        (jpeg(1025, 768), "too-many-pixels", "fail"),
        (jpeg(1024, 769), "too-many-pixels", "fail"),
        (jpeg(4032, 3024, size=3_000_000), "too-many-pixels", "fail"),
        (jpeg(768, 1024), "portrait", "warn"),
        (jpeg(600, 769), "portrait", "warn"),
        (jpeg(769, 1024), "too-many-pixels", "fail"),
        (jpeg(size=100 * 1024), "ready", "pass"),
        (jpeg(size=100 * 1024 + 1), "too-many-bytes", "warn"),
        (jpeg(before=exif(6)), "turned", "warn"),
        (jpeg()[:500], "damaged", "fail"),
    ],
)
def test_one_image(tmp_path: Path, data: bytes, code: str, outcome: str) -> None:
    path = tmp_path / "配置図 1.JPG"
    path.write_bytes(data)
    finding = check(path)
    assert (finding.code, outcome_of(images.images, finding.code)) == (code, outcome)
    assert "配置図 1.JPG" in finding.evidence[0]


def test_the_worst_of_a_folder_comes_first(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    (tmp_path / "b.jpg").write_bytes(jpeg(size=200_000))
    (tmp_path / "c.jpeg").write_bytes(jpeg(2000, 1500))
    (tmp_path / "d.jpg").write_bytes(jpeg(3000, 1500))
    (tmp_path / "notes.txt").write_text("not an image")
    (tmp_path / "sub").mkdir()
    make_pipe(tmp_path / "pipe.jpg")
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere")
    finding = check(tmp_path)
    assert finding.code == "too-many-pixels"
    assert (finding.values["files"], finding.values["bad"], finding.values["file"]) == (4, 2, "c.jpeg")
    assert len(finding.evidence) == 4
    (tmp_path / "e.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert check(tmp_path).code == "not-jpeg"


def test_a_huge_folder_is_bounded(tmp_path: Path) -> None:
    for number in range(MAX_FILES + 5):
        (tmp_path / f"{number:05}.jpg").write_bytes(jpeg())
    finding = check(tmp_path)
    assert finding.values["files"] == MAX_FILES
    assert finding.evidence[0] == f"only the first {MAX_FILES} images"
    assert len(finding.evidence) <= 20


@pytest.mark.parametrize(
    "path", ["/no/such/place", "relative-nowhere", "x\x00y", "~nobody-here/x", "a" * 5000, "/dev/null/x"]
)
def test_a_place_that_is_not_there_is_unknown_not_wrong(path: str) -> None:
    finding = check(path)
    assert finding.code in ("not-found", "not-readable")
    assert outcome_of(images.images, finding.code) == "unknown"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg())
    path.chmod(0)
    assert check(path).code == "not-readable"


def test_hostile_names_are_shown_harmlessly(tmp_path: Path) -> None:
    (tmp_path / "\x1b[31m{file}\u202egpj.jpg").write_bytes(b"%PDF")
    answers = {"documents.images-path": str(tmp_path)}
    finding = find(images.images, Context(cast(System, None), answers, Options()))
    assert finding.code == "not-jpeg"
    assert "\x1b" not in str(finding.values["file"]) + "".join(finding.evidence)
    assert "\u202e" not in str(finding.values["file"])


def test_not_answered_is_a_skip_that_leaves_nothing_to_do() -> None:
    finding = images.images.probe(Context(cast(System, None), {}, Options()))
    assert finding.code == "unanswered"
    assert images.images.says["unanswered"].not_needed
