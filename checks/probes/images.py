"""The images to be attached: their type, size and orientation, as far as the files themselves tell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.model import Context, Finding, Json, Outcome, Says, check
from checks.shown import show
from checks.text import Text
from checks.when import When

if TYPE_CHECKING:
    from checks.images import Image

MAX_WIDTH, MAX_HEIGHT = 1024, 768
"""Pixels (reported by an applicant in September 2026, not confirmed)."""
MAX_BYTES = 100 * 1024
"""About 100 KB (the same report); a little more is worth a warning, not a refusal."""
MAX_ENTRIES = 2000
"""Entries of a folder that are looked at."""
MAX_FILES = 100
"""Images of a folder that are opened."""
MAX_SHOWN = 20
"""Lines of evidence."""

_EXTENSIONS = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".webp", ".avif", ".pdf",
)  # fmt: skip

_SMALLER = (
    "windows: mspaint",
    "macos: sips -Z 1024 -s format jpeg -s formatOptions 70 IN --out OUT.jpg",
    "linux: magick IN -auto-orient -resize 1024x768 -quality 75 OUT.jpg",
)
_SHRINK = Text(
    "1. 画像を開き、「サイズ変更」で幅1024、高さ768以内にします。Windowsでは「ペイント」や「フォト」でできます。\n"
    "2. JPEGで別の名前で保存します。品質を下げるとファイルが小さくなります。\n"
    "3. 文字や寸法が読めるか確かめて、もう一度検査してください。",
    "1. Open the image and resize it to at most 1024 by 768 pixels, on Windows with Paint or Photos.\n"
    "2. Save it as JPEG under another name. Lower quality makes the file smaller.\n"
    "3. See that text and measures can still be read, then check again.",
)
_SAYS = {
    "ready": Says(
        Outcome.PASS,
        Text(
            "画像（{files}枚）は、形式も大きさも合っています。",
            "All images ({files}) have the right type and size.",
        ),
    ),
    "not-jpeg": Says(
        Outcome.FAIL,
        Text(
            "JPEGではない画像があります: {file}（全{files}枚中{bad}枚）",
            "Not a JPEG: {file} ({bad} of {files} images).",
        ),
        Text(
            "1. 画像を開き、「名前を付けて保存」でJPEGを選びます。拡張子を変えるだけでは変わりません。\n"
            "2. iPhoneの写真（HEIC）は、カメラの設定を「互換性優先」にして撮り直せます。",
            "1. Open it and save it as JPEG. Changing the name's ending is not enough.\n"
            "2. For photos of an iPhone (HEIC), choose Most Compatible in the camera's settings and take them again.",
        ),
        _SMALLER,
        link="pc-kankyou",
    ),
    "damaged": Says(
        Outcome.FAIL,
        Text(
            "壊れているか途中で切れている画像があります: {file}（全{files}枚中{bad}枚）",
            "Damaged or cut off: {file} ({bad} of {files} images).",
        ),
        Text(
            "元の画像からコピーし直すか、撮り直してください。",
            "Copy it again from the original, or take it anew.",
        ),
    ),
    "too-many-pixels": Says(
        Outcome.FAIL,
        Text(
            "1024×768ピクセル（報告された上限、未確認）を超える画像があります: {file}（{width}×{height}、全{files}枚中{bad}枚）",
            "Larger than 1024 by 768 pixels, the reported limit (not confirmed): {file} ({width} by {height}; {bad} of {files} images).",
        ),
        _SHRINK,
        _SMALLER,
        link="pc-kankyou",
    ),
    "portrait": Says(
        Outcome.WARN,
        Text(
            "縦長で、高さが768ピクセルを超える画像があります: {file}（{width}×{height}）",
            "Upright and higher than 768 pixels: {file} ({width} by {height}).",
        ),
        Text(
            "上限は1024×768とされ、縦長を認めるかは確かめられていません。高さを768以内にするか、横向きにすれば確実です。",
            "The limit is said to be 1024 by 768; whether it may be turned could not be confirmed. At most 768 pixels high, or lying, is certain to do.",
        ),
        _SMALLER,
        link="pc-kankyou",
    ),
    "too-many-bytes": Says(
        Outcome.WARN,
        Text(
            "約100KBを超える画像があります: {file}（{kilobytes}KB、全{files}枚中{bad}枚）",
            "Larger than about 100 KB: {file} ({kilobytes} KB; {bad} of {files} images).",
        ),
        _SHRINK,
        _SMALLER,
        link="pc-kankyou",
    ),
    "turned": Says(
        Outcome.WARN,
        Text(
            "向きの情報で回転して見える画像があります: {file}",
            "Shown turned only because of its orientation tag: {file}.",
        ),
        Text(
            "送った先では横や逆さに見えることがあります。画像を開いて正しい向きに回し、保存し直してください。",
            "The recipient may see it sideways or upside down. Open it, turn it upright and save it again.",
        ),
        _SMALLER,
    ),
    "no-images": Says(
        Outcome.SKIP,
        Text("そのフォルダーに画像が見つかりません。", "There are no images in that folder."),
        Text(
            "所在図・配置図などのJPEGを入れて、もう一度検査してください。",
            "Put the JPEG files there, then check again.",
        ),
    ),
    "unanswered": Says(
        Outcome.SKIP,
        Text(
            "画像の場所が答えられていないため、調べていません。",
            "Not looked at, because the place of the images is not answered.",
        ),
        Text(
            "フォルダーかファイルの場所を答えると、形式・大きさ・向きを調べます。",
            "Give the folder or the file, and type, size and orientation are looked at.",
        ),
        not_needed=True,
    ),
    "not-found": Says(
        Outcome.UNKNOWN,
        Text(
            "その場所にファイルもフォルダーもありません。",
            "There is neither a file nor a folder at that place.",
        ),
        Text(
            "場所の書き間違いがないか、このPCにあるかを確かめて、答え直してください。",
            "See whether it is spelled right and on this PC, and answer again.",
        ),
    ),
    "not-readable": Says(
        Outcome.UNKNOWN,
        Text("画像を読めませんでした: {file}", "The image could not be read: {file}."),
        Text(
            "読み取りの許可を確かめるか、読める場所にコピーしてください。",
            "See whether you may read it, or copy it to another place.",
        ),
    ),
    "not-a-file": Says(
        Outcome.UNKNOWN,
        Text(
            "その場所にあるのは、画像のファイルでもフォルダーでもありません。",
            "That is neither an image file nor a folder.",
        ),
        Text(
            "画像のファイルか、その入ったフォルダーを答えてください。",
            "Give an image file, or the folder that holds it.",
        ),
    ),
}
_WORST_FIRST = (
    "not-jpeg",
    "damaged",
    "too-many-pixels",
    "not-readable",
    "portrait",
    "too-many-bytes",
    "turned",
)
_GARAGE = frozenset({"apply-together"})


@check(
    "documents.images",
    step=5,
    title=Text("添付する画像", "Images to attach"),
    why=Text(
        "形式や大きさが合わない画像は、申請に添付できないと報告されています（2026年9月、未確認）。",
        "Images of another type or size are reported to be refused (September 2026, not confirmed).",
    ),
    how=Text(
        "ファイルの先頭と末尾だけを読みます。JPEGか、1024×768以内か、約100KB以内か、向きが正しいかを見ます。",
        "Only the beginning and the end of each file are read: is it JPEG, at most 1024 by 768, about 100 KB, upright?",
    ),
    says=_SAYS,
    source="pc-kankyou",
    applies=When(((("case.garage", _GARAGE),),)),
    needs=("documents.images-path",),
    scope="case",
    fresh_for=1.0,
)
def images(ctx: Context) -> Finding:
    """The worst that is wrong with the images of a folder, or with one image."""
    answered = ctx.answer("documents.images-path")
    if not answered:
        return Finding("unanswered")
    from checks.system.paths import find

    path = find(answered)
    try:
        if os.path.isdir(path):
            names, more = _images_of(path)
        else:
            os.stat(path)
            names, more = [path], False
    except FileNotFoundError:
        return Finding("not-found", {}, (show(path, 200),))
    except (OSError, ValueError) as error:
        return Finding("not-readable", {"file": show(os.path.basename(path), 80)}, (_reason(error),))
    if not names:
        return Finding("no-images", {}, (show(path, 200),))
    faults: dict[str, list[dict[str, Json]]] = {}
    evidence: list[str] = []
    for name in names:
        if ctx.cancelled():
            break
        values, codes, line = _judge(name)
        evidence.append(line)
        for code in codes:
            faults.setdefault(code, []).append(values)
    if "not-a-file" in faults:
        return Finding("not-a-file", {}, (show(path, 200),))
    if more:
        evidence.insert(0, f"only the first {len(names)} images")
    files: dict[str, Json] = {"files": len(names)}
    for code in _WORST_FIRST:
        if code in faults:
            return Finding(
                code, {**files, "bad": len(faults[code]), **faults[code][0]}, tuple(evidence[:MAX_SHOWN])
            )
    return Finding("ready", files, tuple(evidence[:MAX_SHOWN]))


def _images_of(folder: str) -> tuple[list[str], bool]:
    """The images of a folder by name, and whether there are more than were looked at."""
    names: list[str] = []
    more = False
    for entry in _entries(folder):
        if entry is None:
            more = True
        elif entry.name.lower().endswith(_EXTENSIONS) and _is_file(entry):
            names.append(entry.path)
    names.sort()
    return names[:MAX_FILES], more or len(names) > MAX_FILES


def _entries(folder: str) -> Iterator[os.DirEntry[str] | None]:
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            if count >= MAX_ENTRIES:
                yield None
                return
            yield entry


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _judge(path: str) -> tuple[dict[str, Json], list[str], str]:
    """Values for the sentences, what is wrong, and a line of evidence."""
    from checks.images import NotAFile, read_image

    name = show(os.path.basename(path), 60)
    values: dict[str, Json] = {"file": name}
    try:
        image = read_image(path)
    except NotAFile:
        return values, ["not-a-file"], f"{name}: not a file"
    except OSError as error:
        return values, ["not-readable"], f"{name}: {_reason(error)}"
    values |= {"width": image.width, "height": image.height, "kilobytes": -(-image.size // 1024)}
    line = f"{name}: {image.looks_like or image.kind} {image.width}x{image.height} {image.size} bytes"
    if image.orientation != 1:
        line += f" orientation {image.orientation}"
    return values, _faults(image), line


def _faults(image: Image) -> list[str]:
    if image.kind != "jpeg":
        return ["not-jpeg" if image.kind == "other" else "damaged"]
    found = []
    long, short = max(image.width, image.height), min(image.width, image.height)
    if long > MAX_WIDTH or short > MAX_HEIGHT:
        found.append("too-many-pixels")
    elif image.height > MAX_HEIGHT:
        found.append("portrait")
    if image.size > MAX_BYTES:
        found.append("too-many-bytes")
    if image.orientation != 1:
        found.append("turned")
    return found


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return show(error.strerror, 80)
    return type(error).__name__
