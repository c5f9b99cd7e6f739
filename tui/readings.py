"""How the kanji words of the guide and of the commands are read, for the search by kana and romaji.

The longest word wins, so that a compound may be read otherwise than its parts. A test finds what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

_TABLE = """
証明書 しょうめいしょ 証明 しょうめい 電子 でんし 書類 しょるい 納付 のうふ 自賠責 じばいせき 保険 ほけん 共済 きょうさい
記録 きろく 事務 じむ 代行 だいこう 代行者 だいこうしゃ 環境 かんきょう 申請 しんせい 内容 ないよう 検査 けんさ 再検査 さいけんさ
移動 いどう 上下 じょうげ 最初 さいしょ 最後 さいご 左 ひだり 右 みぎ 左右 さゆう 欄 らん 切 き 替 か 開 ひら 回答 かいとう
次 つぎ 前 まえ 未完了 みかんりょう 項目 こうもく 止 と 絞 しぼ 込 こ 要対応 ようたいおう 表示 ひょうじ 説明 せつめい
公式 こうしき 取 と 消 け 直 なお 報告書 ほうこくしょ 一覧 いちらん 日本語 にほんご 配色 はいしょく 変 か 履歴 りれき
探 さが 画面 がめん 描 か 戻 もど 終了 しゅうりょう 手続 てつづき 手続き てつづき 登録 とうろく 新車 しんしゃ 新規 しんき
中古車 ちゅうこしゃ 移転 いてん 変更 へんこう 抹消 まっしょう 一時 いちじ 永久 えいきゅう 継続 けいぞく 車 くるま 自動車 じどうしゃ
軽自動車 けいじどうしゃ 所有者 しょゆうしゃ 使用者 しようしゃ 個人 こじん 法人 ほうじん 車庫 しゃこ 印鑑 いんかん 住民票 じゅうみんひょう
委任状 いにんじょう 譲渡 じょうと 券面 けんめん 期限 きげん 有効 ゆうこう 暗証番号 あんしょうばんごう 暗証 あんしょう 番号 ばんごう
安全 あんぜん 接続 せつぞく 時計 とけい 空 あ 更新 こうしん 設定 せってい 確認 かくにん 準備 じゅんび 公的個人認証 こうてきこじんにんしょう
認証 にんしょう 販売店 はんばいてん 行政書士 ぎょうせいしょし 本人 ほんにん 税 ぜい 手数料 てすうりょう 国庫金 こっこきん 払 はら
"""


def _parse(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


READINGS: Mapping[str, str] = _parse(_TABLE)
