"""What the check of images says."""

from __future__ import annotations

from checks.says import fails, passes, skips, steps, unknown, warns

_SMALLER = (
    "windows: mspaint",
    "macos: sips -Z 1024 -s format jpeg -s formatOptions 70 IN --out OUT.jpg",
    "linux: magick IN -auto-orient -resize 1024x768 -quality 75 OUT.jpg",
)
_SHRINK = steps(
    "画像を開き、「サイズ変更」で幅1024、高さ768以内にします。Windowsでは「ペイント」や「フォト」でできます。",
    "Open the image and resize it to at most 1024 by 768 pixels, on Windows with Paint or Photos.",
    "JPEGで別の名前で保存します。品質を下げるとファイルが小さくなります。",
    "Save it as JPEG under another name. Lower quality makes the file smaller.",
    "文字や寸法が読めるか確かめて、もう一度検査してください。",
    "See that text and measures can still be read, then check again.",
)
_LEFT = steps(
    "理由は「見えたもの」にあります。読み取りの許可を確かめるか、このPCのフォルダーにコピーしてください。",
    "The evidence says why. See whether you may read it, or copy it to a folder on this PC.",
    "余分なデータのある画像や珍しい形式の画像は、開いて正しく見えるか確かめ、JPEGで別の名前で保存し直してください。",
    "Open an image of a rare form or with data between its parts, see that it looks right, and save it as JPEG under another name.",
    "フォルダーや、添付しないファイルは、別の場所に移してください。",
    "Move folders, and files that are not to be attached, to another place.",
)
IMAGES = {
    "ready": passes(
        "画像（{files}枚）は、どれも形式と大きさが合っています。",
        "All images ({files}) have the right type and size.",
    ),
    "not-jpeg": fails(
        "JPEGではない画像があります: {file}（全{files}枚中{bad}枚）",
        "Not a JPEG: {file} ({bad} of {files} images).",
        steps(
            "画像を開き、「名前を付けて保存」でJPEGを選びます。拡張子を変えるだけでは変わりません。",
            "Open it and save it as JPEG. Changing the name's ending is not enough.",
            "iPhoneの写真（HEIC）は、カメラの設定を「互換性優先」にして撮り直せます。",
            "For photos of an iPhone (HEIC), choose Most Compatible in the camera's settings and take them again.",
        ),
        commands=_SMALLER,
    ),
    "empty": fails(
        "中身が空の画像ファイルがあります: {file}（全{files}枚中{bad}枚）",
        "An image file with nothing in it: {file} ({bad} of {files} images).",
        "コピーが途中で止まったようです。元の画像から、もう一度コピーしてください。",
        "It seems that copying it was broken off. Copy it again from the original.",
    ),
    "damaged": fails(
        "途中で切れているか壊れている画像があります: {file}（全{files}枚中{bad}枚）",
        "Cut off or damaged: {file} ({bad} of {files} images).",
        "元の画像からコピーし直すか、撮り直してください。",
        "Copy it again from the original, or take it anew.",
    ),
    "too-many-pixels": fails(
        "1024×768ピクセル（報告された上限、未確認）を超える画像があります: {file}（{width}×{height}、全{files}枚中{bad}枚）",
        "Larger than 1024 by 768 pixels, the reported limit (not confirmed): {file} ({width} by {height}; {bad} of {files} images).",
        _SHRINK,
        commands=_SMALLER,
    ),
    "portrait": warns(
        "縦長で、高さが768ピクセルを超える画像があります: {file}（{width}×{height}）",
        "Upright and higher than 768 pixels: {file} ({width} by {height}).",
        "上限は1024×768とされ、縦長を認めるかは確かめられていません。高さを768以内にするか、横向きにすれば確実です。",
        "The limit is said to be 1024 by 768; whether it may be turned could not be confirmed. At most 768 pixels high, or lying, is certain to do.",
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
        "Shown turned only because of its orientation tag: {file}.",
        "送った先では横や逆さに見えることがあります。画像を開いて正しい向きに回し、保存し直してください。",
        "The recipient may see it sideways or upside down. Open it, turn it upright and save it again.",
        commands=_SMALLER,
    ),
    "no-images": skips(
        "そのフォルダーに画像が見つかりません。",
        "There are no images in that folder.",
        "所在図・配置図などのJPEGを入れて、もう一度検査してください。",
        "Put the JPEG files there, then check again.",
    ),
    "unanswered": skips(
        "画像の場所が答えられていないため、調べていません。",
        "Not looked at, because the place of the images is not answered.",
        "フォルダーかファイルの場所を答えると、形式・大きさ・向きを調べます。",
        "Give the folder or the file, and type, size and orientation are looked at.",
        not_needed=True,
    ),
    "not-found": unknown(
        "その場所にファイルもフォルダーもありません。",
        "There is neither a file nor a folder at that place.",
        "場所の書き間違いがないか、このPCにあるかを確かめて、答え直してください。",
        "See whether it is spelled right and on this PC, and answer again.",
    ),
    "not-readable": unknown("判断できなかったものがあります: {file}", "Could not be judged: {file}.", _LEFT),
    "partly": unknown(
        "{of}件のうち{looked}件は合っていますが、ほかは判断できませんでした: {file}",
        "{looked} of {of} are right; the rest could not be judged: {file}.",
        _LEFT,
    ),
    "not-a-file": unknown(
        "その場所にあるのは、画像のファイルでもフォルダーでもありません。",
        "That is neither an image file nor a folder.",
        "画像のファイルか、その入ったフォルダーを答えてください。",
        "Give an image file, or the folder that holds it.",
    ),
}
