"""Lines of evidence as a Japanese reader needs them: labels and phrases in Japanese, the data as it was found.

A finding keeps its evidence as short English key words beside data, so that it means the same in every report and to
every script. Here each kind of line gets its Japanese words; a line of no known kind is shown as it is.
"""

from __future__ import annotations

import re

from checks.guide import Guide
from checks.text import Lang

_CONFIDENCE = {
    "official": "公式",
    "secondary": "公式以外",
    "computed": "計算",
    "inferred": "推定",
    "unread": "未読",
}
_NAMES = {
    "issuer generation": "発行者の世代",
    "native messaging hosts": "ネイティブメッセージングホスト",
    "user authentication (4 digits)": "利用者証明用（4桁）の残り回数",
    "trust list of Windows names": "Windowsの信頼リストにあるもの",
    "none of them seen in": "どれも見当たらない場所",
    "install path": "インストール先",
    "not readable": "読めないもの",
    "not looked at": "調べていないもの",
    "not in use": "使っていないもの",
    "certificates": "証明書の数",
    "iterations": "反復回数",
    "signature": "署名用の残り回数",
    "provider": "プロバイダー",
    "program": "プログラム",
    "another reader": "ほかのカードリーダー",
    "reader": "カードリーダー",
    "looked": "調べた方法",
    "script": "スクリプト",
    "direct": "直接つなぐ相手",
    "family": "証明書の種類",
    "notAfter": "有効期限",
    "Location": "案内先",
    "answer": "応答",
    "proxy": "プロキシ",
    "file": "ファイル",
}
"""What stands before the first colon of a line."""
_LINES = (
    (r"(.+): none, so only the browser's own list applies", r"\1: なし。ブラウザー自身の一覧だけが使われます"),
    (r"RootCA2 notAfter (.+)", r"RootCA2の有効期限 \1"),
    (r"path (\[.+)", r"証明書の経路 \1"),
    (r"clock ([+-]\d+) s \((.+)\)", r"時計の差 \1秒（\2）"),
    (r"([+-]\d+) s", r"時計の差 \1秒"),
    (r"proxy (.+) \((.+)\)", r"プロキシ \1（\2）"),
    (r"automatic detection \(WPAD\) is on", "自動検出（WPAD）が有効"),
    (r"total (\d+) bytes; available (\d+) bytes", r"全体 \1 バイト、空き \2 バイト"),
    (r"(.+): total (\d+) bytes; free (\d+) bytes", r"\1: 全体 \2 バイト、空き \3 バイト"),
    (r"language (.+); code page (.+); time zone (.+)", r"言語 \1、コードページ \2、タイムゾーン \3"),
    (r"(.+); version (.+); edition (.+); (.+)", r"\1、バージョン \2、エディション \3、\4"),
    (r"(\S+) \+ (\d+) = (\S+); last working day (\S+)", r"\1から\2日で\3、最後の開庁日 \4"),
    (r"no profile", "プロファイルなし"),
    (r"no browser seen", "ブラウザーは見当たりません"),
    (r"native host (.+)", r"ネイティブホスト \1"),
    (r"policy ends before it begins", "自賠責の終わりが始まりより前です"),
    (r"policy lasts over (\d+) months", r"自賠責の期間が\1か月より長くなっています"),
    (r"present policy lasts over (\d+) months", r"今の自賠責の残りが\1か月より長くなっています"),
    (r"new inspection ends in the past", "新しい検査の満了日が過ぎた日です"),
    (r"new inspection ends within (\d+) months", r"新しい検査の満了日が\1か月以内です"),
    (r"new inspection ends before it begins", "新しい検査の満了日が、その期間の始まる日より後ではありません"),
    (r"(\d+) native messaging hosts, none of them alike", r"ネイティブメッセージングホスト \1件。近い名前のものはありません"),
    (r"no answer in (\S+) s", r"\1秒以内に応答なし"),
    (r"an answer that makes no sense", "意味の通らない応答"),
    (r"PKCS#12, encryption: none", "PKCS#12、暗号化: なし"),
    (r"PKCS#12, encryption: (.+)", r"PKCS#12、暗号化: \1"),
    (r"the password fits, the checksum does not", "パスワードは合いますが、検査値が合いません"),
    (r"the password fits, the content cannot be opened", "パスワードは合いますが、中身を開けません"),
    (r"its checksum is made in an unknown way", "検査値の方式を知りません"),
    (r"its checksum could not be verified", "検査値を確かめられません"),
    (r"its encryption is not known", "暗号化の方式を知りません"),
    (r"it opens without a password", "パスワードなしで開きます"),
    (r"private key", "秘密鍵"),
    (r"PKCS#7, certificates: (\d+)", r"PKCS#7、証明書の数: \1"),
    (r"another certificate: (.+), notAfter (\S+)", r"ほかの証明書: \1、有効期限 \2"),
    (r"no end is set \(RFC 5280\)", "期限の定めなし（RFC 5280）"),
    (r"validity is not readable", "有効期間を読めません"),
    (r"extensions are not readable", "拡張領域を読めません"),
    (r"not looked at: (\d+) more", r"調べていないもの: ほかに\1件"),
    (r"(.+): empty 0x0 (\d+) bytes", r"\1: 空 \2 バイト"),
    (r"(.+): damaged (\d+x\d+) (\d+) bytes(?: orientation \d)?", r"\1: 破損 \2 \3 バイト"),
    (r"(.+): (\S+) (\d+x\d+) (\d+) bytes orientation (\d)", r"\1: \2 \3 \4 バイト、向き \5"),
    (r"(.+): (\S+) (\d+x\d+) (\d+) bytes", r"\1: \2 \3 \4 バイト"),
    (r"SCardSvr: (.+), start type (.+)", r"SCardSvr: \1、開始の種類 \2"),
    (r"([A-Z_]{4,}): set", r"\1: 設定あり"),
    (r"(\S+) refused (.+)", r"\1 拒否されました（\2）"),
    (r"(\S+) no-answer (.+)", r"\1 応答なし（\2）"),
    (r"(\S+) unreachable (.+)", r"\1 到達できません（\2）"),
    (r"an environment variable", "環境変数"),
    (r"no screen is connected", "画面がつながっていません"),
    (r"there is no verifier to ask on this system", "このOSには尋ねる相手がありません"),
    (r"no key for smart card readers", "カードリーダーの登録がありません"),
    (r"no bundle in (.*)", r"証明書の一覧がありません: \1"),
)  # fmt: skip
"""Whole lines."""
_PARTS = (
    (r"(?<=: )not installed(?=$|;)", "インストールされていません"),
    (r"(?<=: )enabled(?=;)", "有効"),
    (r"(?<=: )disabled: ", "無効: "),
    (r"(?<=: )not readable: ", "読めません: "),
    (r"; version (?=\S+)", "、バージョン "),
    (r"(?:^|(?<=: ))certificates of the card$", "カードの証明書"),
    (r"(?:^|(?<=: ))key (\d+)$", r"鍵 \1"),
    (r"(?:^|(?<=: ))key (\d+) \(encrypted\)$", r"鍵 \1（暗号化されたまま）"),
    (r"(?:^|(?<=: ))certificate (\d+)$", r"証明書 \1"),
    (r"(?:^|(?<=: ))encrypted part$", "暗号化された部分"),
    (r"(?:^|(?<=: ))damaged block$", "壊れた部分"),
    (r"(?:^|(?<=: ))truncated block$", "途中で切れた部分"),
    (r"; its files are missing", "、ファイルがありません"),
    (r"; policy: ", "、ポリシー: "),
    (r" FORBIDDEN(?=,|$)", " 禁止"),
    (r" UNCLEAR \((.+?)\)(?=,|$)", r" 不明（\1）"),
    (r" refused from (\S+?)(?=,|$)", r" \1から拒否"),
    (r" only what was issued before (\S+?)(?=,|$)", r" \1までに発行されたものだけ"),
    (r" present(?=,|$| SHA-256)", " あり"),
    (r" not seen(?=,|$| SHA-256)", " 見当たらない"),
    (r" \(missing\)$", "（見当たらない）"),
    (r"status unknown", "状態は不明"),
)
"""Phrases within a line that names something first."""
_PHRASES = {
    "switched off by the user": "利用者が無効にした",
    "waits for consent to new permissions": "新しい権限への同意待ち",
    "being reloaded": "再読み込み中",
    "requirement not met": "必要な条件を満たさない",
    "not from the store": "ストアのものではない",
    "installation not verified": "インストールを確認できない",
    "on a list of doubtful extensions": "疑わしい拡張機能の一覧にある",
    "files damaged": "ファイルの破損",
    "installed from another device, not yet allowed": "ほかの端末から入り、まだ許可されていない",
    "installed by another program, not yet allowed": "ほかのプログラムが入れ、まだ許可されていない",
    "older than the policy asks": "ポリシーの求める版より古い",
    "waits for a guardian's consent": "保護者の同意待ち",
    "no longer in the store, and so blocked by policy": "ストアになく、ポリシーにより停止",
    "blocked by policy": "ポリシーにより停止",
    "being installed again": "再インストール中",
    "not on Safe Browsing's list": "セーフ ブラウジングの一覧にない",
    "made for an older browser": "古いブラウザー向け",
    "developer mode is off": "デベロッパー モードが無効",
    "no reason given": "理由の記録なし",
    "an extension is not readable": "拡張領域を読めない",
    "not a CA": "認証局の証明書ではない",
    "its key may not sign certificates": "証明書の署名に使えない鍵",
    "signature algorithms differ": "署名方式の記載が一致しない",
    "issuer key identifier": "発行者の鍵識別子",
    "no verified connection": "確認できた接続がない",
    "the proxy does not answer": "プロキシが応答しない",
    "environment or system": "環境変数またはOS",
    "not a host name": "ホスト名ではない",
    "no time left": "時間切れ",
    "timed out": "時間切れ",
    "too much data": "データが多すぎる",
    "no address": "アドレスがない",
    "no status line": "状態の行がない",
    "head too large": "見出しが大きすぎる",
    "closed before the end of the head": "見出しの途中で切断",
    "the proxy's answer is not HTTP": "プロキシの応答がHTTPではない",
    "constraint on a kind of name that is not known": "知らない種類の名前の制約",
    "name that is not permitted": "許可されていない名前",
    "name that is not readable": "読めない名前",
    "not an address range": "アドレスの範囲ではない",
    "too many names and constraints": "名前と制約が多すぎる",
    "minimum and maximum are not allowed": "上限と下限の指定は認められない",
    "no settings file": "設定ファイルがない",
    "extension in profiles": "プロファイルにある拡張機能",
    "only what was issued before": "次の日より前に発行されたものだけ:",
    "names no day": "日付がない",
    "no plain JSON": "ふつうのJSONではない",
    "no certificate that is understood": "読める証明書がない",
    "is no property list": "プロパティリストではない",
    "an entry of the trust list": "信頼リストの項目",
    "pcscd has the number": "pcscdのプロセス番号は",
    "security ended with": "securityの終了コードは",
    "not asked on macOS": "macOSでは調べない",
    "started when a reader is connected": "リーダーをつなぐと起動",
    "no key": "レジストリにない:",
    "no smart card service": "スマートカードのサービスがない",
    "no PC/SC library": "PC/SCの部品がない",
    "no registry on this system": "このOSにはレジストリがない",
    "no answer in": "応答なし",
    "does not end": "終わらない",
    "is not set": "設定なし",
    "no build number in the registry": "レジストリにビルド番号がない",
    "no Windows screen on this system": "Windowsの画面がない",
    "no service manager on this system": "サービスの管理機能がない",
    "does not hold that certificate": "その証明書を含まない",
    "no certificate store": "証明書ストアがない",
    "no desktop": "デスクトップがない",
    "(anchor)": "（信頼できるルートまで）",
    "(self-signed)": "（自己署名）",
    "(dead-end)": "（発行者が見つからない）",
    "(loop)": "（循環）",
    "Connection refused": "接続の拒否",
    "No route to host": "相手までの経路がない",
    "Network is unreachable": "ネットワークに到達できない",
    "Connection timed out": "接続の時間切れ",
    "Connection reset by peer": "相手による切断",
    "Permission denied": "許可がない",
    "No such file or directory": "ファイルがない",
    "Is a directory": "フォルダー",
    "not a file": "ファイルではない",
    "not an image": "画像ではない",
    "data between its parts": "余分なデータがある",
    "a rare form of JPEG": "珍しい形式のJPEG",
    "too many parts": "部分が多すぎる",
    "too large": "大きすぎる",
    "over the limit": "件数の上限を超えている",
}
"""What the program and the operating system say, after a colon, a bracket, a comma or a code."""
_PHRASE = re.compile(
    "(?<![A-Za-z])(" + "|".join(map(re.escape, sorted(_PHRASES, key=len, reverse=True))) + ")(?![A-Za-z])"
)
_FACTS = re.compile(
    r"facts \[(\w+)\] as of (\S+) \((\w+)\)(?:, (\d+) days old: may be out of date)?(?:, possibly gone by since (\S+))?"
)
_SESSION = re.compile(r"remote: (\S+); desktop: (\w+); service account: (\w+)")
_ID = re.compile(r"[a-z-]{1,40}\.[a-z-]{1,40}(?=$|: )")
"""A question's id at the beginning of a line, in whose place the guide's name for it is shown."""
_LONGEST = 600
"""Characters; a finding keeps lines of 500 at most, and some patterns above take their time with longer ones."""
_ANSWERS = {"True": "はい", "False": "いいえ", "no": "いいえ"}


def evidence_line(line: str, lang: Lang, guide: Guide) -> str:
    """One line of evidence in the language of the screen; what is data stays as it was found."""
    begins = _ID.match(line)
    question = guide.questions.get(begins[0]) if begins else None
    if begins is not None and question is not None:
        line = question.label.to(lang) + line[begins.end() :]
    if lang != "ja" or len(line) > _LONGEST:
        return line
    facts = _FACTS.fullmatch(line)
    if facts is not None:
        old = f"、{facts[4]}日前のもので古い可能性があります" if facts[4] else ""
        old += f"、{facts[5]}を過ぎたため、もう変わったかもしれません" if facts[5] else ""
        return f"照合した資料 {facts[1]}（{facts[2]} 現在、{_CONFIDENCE.get(facts[3], facts[3])}{old}）"
    session = _SESSION.fullmatch(line)
    if session is not None:
        words = [_ANSWERS.get(word, word) for word in session.groups()]
        return "リモート接続: {}、デスクトップ: {}、サービス用アカウント: {}".format(*words)
    for pattern, words_ja in _LINES:
        found = re.fullmatch(pattern, line)
        if found is not None:
            return _parts(found.expand(words_ja))
    name, colon, rest = line.partition(": ")
    if colon and name in _NAMES:
        return f"{_NAMES[name]}: " + ("なし" if rest in ("none", "none of them") else _parts(rest))
    return _parts(line)


def _parts(line: str) -> str:
    for pattern, words in _PARTS:
        line = re.sub(pattern, words, line)
    return _PHRASE.sub(lambda found: _PHRASES[found[1]], line)
