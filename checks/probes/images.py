"""The images to be attached: their type, size and orientation, as far as the files themselves tell."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping

from checks.image_files import Image, read_image
from checks.model import Context, Coverage, Finding, Json, check
from checks.record import dataclass, field
from checks.rules.conditions import parse_when
from checks.says import fails, passes, skips, steps, unknown, warns
from checks.shown import show
from checks.system.bounded_files import NotRegular, reason
from checks.system.paths import find
from checks.text import Text

MAX_WIDTH, MAX_HEIGHT = 1024, 768
"""Pixels (reported by an applicant in September 2026, not confirmed)."""
MAX_BYTES = 100 * 1024
"""About 100 KB (the same report); a little more is worth a warning, not a refusal."""
MAX_FILES = 2000
TIMEOUT = 30.0
"""Seconds for the check, of which a part is for opening files; a folder may be on a slow network drive."""
_CLUTTER = re.compile(r"\._.*|\.ds_store|thumbs\.db|desktop\.ini", re.IGNORECASE | re.DOTALL)
"""What macOS and Windows put into folders by themselves; never counted."""

_EXTENSIONS = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".webp", ".avif", ".pdf",
)  # fmt: skip

_FAULTS = ("not-jpeg", "empty", "damaged", "too-many-pixels")
_DOUBTS = ("portrait", "too-many-bytes", "turned")
"""The codes of images, the worst first; what could not be judged stands between the two."""


_SMALLER = (
    "windows: mspaint",
    "macos: sips -Z 1024 -s format jpeg -s formatOptions 70 IN --out OUT.jpg",
    "linux: magick IN -auto-orient -resize 1024x768 -quality 75 OUT.jpg",
)
_SHRINK = steps(
    "画像を開き、「サイズ変更」で幅1024、高さ768以内にします。Windowsでは「ペイント」や「フォト」でできます。",
    "Open the image and resize it to at most 1024 by 768 pixels (on Windows, with Paint or Photos).",
    "JPEGで別の名前で保存します。品質を下げるとファイルが小さくなります。",
    "Save it as JPEG under another name. A lower quality setting makes the file smaller.",
    "文字や寸法が読めるか確かめて、もう一度検査してください。",
    "Make sure that text and measurements are still readable, then run the check again.",
)
_LEFT = steps(
    "理由は「見えたもの」にあります。読み取りの許可を確かめるか、このPCのフォルダーにコピーしてください。",
    "The evidence shows the reason. Check that you have permission to read the file, or copy it to a folder on this PC.",
    "余分なデータのある画像や珍しい形式の画像は、開いて正しく見えるか確かめ、JPEGで別の名前で保存し直してください。",
    "If an image is of a rare form or has extra data, open it, check that it looks right, and save it as JPEG under another name.",
    "フォルダーや、添付しないファイルは、別の場所に移してください。",
    "Move folders and files you will not attach to another location.",
)


@check(
    "documents.images",
    title=Text("添付する画像", "Images to attach"),
    why=Text(
        "形式や大きさが合わない画像は、申請に添付できないと報告されています（2026年9月、未確認）。",
        "Images of the wrong type or size reportedly cannot be attached (September 2026, not confirmed).",
    ),
    how=Text(
        "フォルダーのすべてのファイルを読みます。JPEGか、途中で切れていないか、1024×768以内か、約100KB以内か、向きが正しいかを見ます。",
        "Reads every file in the folder and checks that it is a JPEG, not truncated, at most 1024 by 768 pixels and about 100 KB, and upright.",
    ),
    says={
        "ready": passes(
            "画像（{files}枚）は、どれも形式と大きさが合っています。",
            "All images ({files}) have the right type and size.",
        ),
        "not-jpeg": fails(
            "JPEGではない画像があります: {file}（全{files}枚中{bad}枚）",
            "Not a JPEG: {file} ({bad} of {files} images).",
            steps(
                "画像を開き、「名前を付けて保存」でJPEGを選びます。拡張子を変えるだけでは変わりません。",
                "Open it and save it as JPEG. Changing the file extension is not enough.",
                "iPhoneの写真（HEIC）は、カメラの設定を「互換性優先」にして撮り直せます。",
                "For iPhone photos (HEIC), select Most Compatible in the camera settings and take them again.",
            ),
            commands=_SMALLER,
        ),
        "empty": fails(
            "中身が空の画像ファイルがあります: {file}（全{files}枚中{bad}枚）",
            "Empty image file: {file} ({bad} of {files} images).",
            "コピーが途中で止まったようです。元の画像から、もう一度コピーしてください。",
            "Copying it seems to have been interrupted. Copy it again from the original.",
        ),
        "damaged": fails(
            "途中で切れているか壊れている画像があります: {file}（全{files}枚中{bad}枚）",
            "Truncated or damaged: {file} ({bad} of {files} images).",
            "元の画像からコピーし直すか、撮り直してください。",
            "Copy it again from the original, or take the picture again.",
        ),
        "too-many-pixels": fails(
            "1024×768ピクセル（報告された上限、未確認）を超える画像があります: {file}（{width}×{height}、全{files}枚中{bad}枚）",
            "Larger than 1024 by 768 pixels, the reported limit (not confirmed): {file} ({width} by {height}; {bad} of {files} images).",
            _SHRINK,
            commands=_SMALLER,
        ),
        "portrait": warns(
            "縦長で、高さが768ピクセルを超える画像があります: {file}（{width}×{height}）",
            "Portrait format and taller than 768 pixels: {file} ({width} by {height}).",
            "上限は1024×768とされ、縦長を認めるかは確かめられていません。高さを768以内にするか、横向きにすれば確実です。",
            "The limit is said to be 1024 by 768. It could not be confirmed whether portrait images are accepted. To be safe, keep the height within 768 pixels or use landscape format.",
            commands=_SMALLER,
        ),
        "too-many-bytes": warns(
            "約100KBを超える画像があります: {file}（{kilobytes}KB、全{files}枚中{bad}枚）",
            "Larger than about 100 KB: {file} ({kilobytes} KB; {bad} of {files} images).",
            _SHRINK,
            commands=_SMALLER,
        ),
        "turned": warns(
            "向きの情報で回転して見える画像があります: {file}",
            "Displayed rotated because of its orientation tag: {file}.",
            "送った先では横や逆さに見えることがあります。画像を開いて正しい向きに回し、保存し直してください。",
            "The recipient may see it sideways or upside down. Open it, rotate it upright and save it again.",
            commands=_SMALLER,
        ),
        "no-images": skips(
            "そのフォルダーに画像が見つかりません。",
            "There are no images in that folder.",
            "所在図・配置図などのJPEGを入れて、もう一度検査してください。",
            "Put the JPEG files there (such as the location map and the layout map), then run the check again.",
        ),
        "unanswered": skips(
            "画像の場所が答えられていないため、調べていません。",
            "Not checked because the location of the images has not been answered.",
            "フォルダーかファイルの場所を答えると、形式・大きさ・向きを調べます。",
            "Answer the folder or file to have its type, size and orientation checked.",
            not_needed=True,
        ),
        "not-found": unknown(
            "その場所にファイルもフォルダーもありません。",
            "There is no file or folder at that location.",
            "場所の書き間違いがないか、このPCにあるかを確かめて、答え直してください。",
            "Check that the location is spelled correctly and is on this PC, and answer again.",
        ),
        "not-readable": unknown(
            "判断できなかったものがあります: {file}", "Could not be checked: {file}.", _LEFT
        ),
        "partly": unknown(
            "{of}件のうち{looked}件は合っていますが、ほかは判断できませんでした: {file}",
            "{looked} of {of} are right. The rest could not be checked: {file}.",
            _LEFT,
        ),
        "not-a-file": unknown(
            "その場所にあるのは、画像のファイルでもフォルダーでもありません。",
            "What is at that location is neither an image file nor a folder.",
            "画像のファイルか、その入ったフォルダーを答えてください。",
            "Answer an image file, or the folder that holds it.",
        ),
    },
    source="pc-kankyou",
    applies=parse_when({"case.garage": ["apply-together"]}),
    needs=("documents.images-path",),
    timeout=TIMEOUT,
    scope="case",
    fresh_for=1.0,
)
def images(ctx: Context) -> Finding:
    answered = ctx.answer("documents.images-path")
    if not answered:
        return Finding("unanswered")
    path = find(answered)
    try:
        folder = os.path.isdir(path)
        if not folder:
            os.stat(path)
        places, of = _files_of(path) if folder else ([path], 1)
    except FileNotFoundError:
        return Finding("not-found", {}, (show(path, 200),))
    except (OSError, ValueError) as error:
        name = os.path.basename(path.rstrip("/" + os.sep)) or path
        return Finding("not-readable", {"file": show(name, 80)}, (show(reason(error), 80),))
    until = time.monotonic() + 0.8 * (ctx.options.timeout or TIMEOUT)
    seen: list[_Attachment] = []
    for place in places:
        if len(seen) >= MAX_FILES:
            seen.append(_unread(place, "over the limit"))
        elif ctx.cancelled() or time.monotonic() > until:
            seen.append(_unread(place, "no time left"))
        else:
            seen.append(_judge(place, alone=not folder))
    if not folder and seen[0].unread == "not a file":
        return Finding("not-a-file", {}, (show(path, 200),))
    if not any(one.image for one in seen):
        return Finding("no-images", {}, (show(path, 200),), _coverage(seen, of))
    return _worst(seen, of)


@dataclass(frozen=True, slots=True)
class _Attachment:
    name: str
    image: bool
    """By its name or its content, or because it could not be opened."""
    line: str = ""
    unread: str = ""
    """What kept it from being judged, as a phrase of the evidence."""
    codes: tuple[str, ...] = ()
    values: Mapping[str, Json] = field(default_factory=dict)


def _files_of(folder: str) -> tuple[list[str], int]:
    """What lies in a folder, in the order of names, and how many; one more than may be opened stands for all others."""
    with os.scandir(folder) as entries:
        paths = sorted(entry.path for entry in entries if not _CLUTTER.fullmatch(entry.name))
    return paths[: MAX_FILES + 1], len(paths)


def _unread(path: str, why: str, *, image: bool = True) -> _Attachment:
    return _Attachment(show(os.path.basename(path), 60), image, unread=why)


def _judge(path: str, *, alone: bool) -> _Attachment:
    """What one file says; `alone` when the person named this very file."""
    named = alone or path.lower().endswith(_EXTENSIONS)
    try:
        if os.path.isdir(path):
            return _unread(path, "Is a directory", image=False)
        image = read_image(path)
    except NotRegular:
        return _unread(path, "not a file", image=named)
    except OSError as error:
        return _unread(path, show(reason(error), 80))
    if not named and (image.kind == "empty" or image.looks_like in ("unknown", "zip")):
        return _unread(path, "not an image", image=False)
    name = show(os.path.basename(path), 60)
    values: dict[str, Json] = {
        "file": name,
        "width": image.width,
        "height": image.height,
        "kilobytes": -(-image.size // 1024),
    }
    kind = image.looks_like or ("jpeg" if image.kind == "unclear" else image.kind)
    line = f"{name}: {kind} {image.width}x{image.height} {image.size} bytes"
    if image.orientation != 1:
        line += f" orientation {image.orientation}"
    return _Attachment(name, True, line, image.why, tuple(_faults(image)), values)


def _worst(seen: list[_Attachment], of: int) -> Finding:
    """The worst of what was seen of so many: faults, then what could not be judged, then doubts."""
    images = [one for one in seen if one.image]
    bad: dict[str, list[_Attachment]] = {}
    for one in images:
        for code in one.codes:
            bad.setdefault(code, []).append(one)
    unread = [one for one in seen if one.unread]
    values: dict[str, Json] = {"files": sum(bool(one.line) for one in seen)}
    code = next((code for code in _FAULTS if code in bad), "")
    if not code and unread and (bad or len(unread) == len(seen)):
        code = "not-readable"
    code = code or next((code for code in _DOUBTS if code in bad), "ready")
    if code in bad:
        values |= {**bad[code][0].values, "bad": len(bad[code])}
    elif unread:
        values["file"] = unread[0].name
    lines = [one.line for one in sorted(images, key=lambda one: not one.codes) if one.line]
    return Finding(code, values, tuple(lines[:20]), _coverage(seen, of))


def _coverage(seen: list[_Attachment], of: int) -> Coverage:
    unread = tuple(f"{one.name}: {one.unread}" for one in seen if one.unread)
    return Coverage(len(seen) - len(unread), of, unread)


def _faults(image: Image) -> list[str]:
    if image.kind in ("other", "empty", "damaged"):
        return ["not-jpeg" if image.kind == "other" else image.kind]
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
