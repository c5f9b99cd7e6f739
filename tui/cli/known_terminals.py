"""Where the terminals people use keep the settings that matter here.

Sources: Tera Term 5 manual (menu/setup-additional-coding, setup/teraterm-ini), PuTTY documentation (Window /
Translation, Connection / Data), Windows Terminal (profile and compatibility settings), mintty manual (Text,
`Charwidth`, `AllowSetSelection`), RLogin (its option pages), tmux(1), screen(1); read 2026-11-22.
"""

from __future__ import annotations

from checks.text import Text

ENCODING = (
    ("Tera Term", Text("設定 - その他の設定 - Encoding: 受信と送信を UTF-8", "Setup - Additional settings - Encoding: UTF-8 for both")),
    ("PuTTY", Text("Window - Translation - Remote character set: UTF-8", "Window - Translation - Remote character set: UTF-8")),
    ("RLogin", Text("サーバー設定の文字セット (漢字コード): UTF-8", "Server settings, character set: UTF-8")),
    ("Windows Terminal", Text("つねに UTF-8 です。接続先の LANG を見てください", "Always UTF-8. Look at LANG on the far side")),
    ("mintty", Text("Options - Text - Character set: UTF-8", "Options - Text - Character set: UTF-8")),
    ("tmux, screen", Text("tmux -u、screen -U で起動する", "Start as tmux -u or screen -U")),
)  # fmt: skip
AMBIGUOUS = (
    ("Tera Term", Text("設定 - その他の設定 - Encoding - Ambiguous Characters width: 1 Cell", "Setup - Additional settings - Encoding - Ambiguous Characters width: 1 Cell")),
    ("PuTTY", Text("Window - Translation - Treat CJK ambiguous characters as wide: オフ", "Window - Translation - Treat CJK ambiguous characters as wide: off")),
    ("RLogin", Text("オプションの画面の設定で、幅が曖昧な文字 (Unicode の A) を半角にする", "Options, screen: ambiguous characters (Unicode class A) as half width")),
    ("Windows Terminal", Text("設定ファイルの compatibility.ambiguousWidth: narrow", "settings.json: compatibility.ambiguousWidth: narrow")),
    ("mintty", Text("設定ファイルの Charwidth=ambig-narrow", "Configuration file: Charwidth=ambig-narrow")),
    ("screen", Text("cjkwidth off", "cjkwidth off")),
)  # fmt: skip
COLOURS = (
    ("Tera Term", Text("設定ファイルの TermType=xterm-256color", "TERATERM.INI: TermType=xterm-256color")),
    ("PuTTY", Text("Connection - Data - Terminal-type string: xterm-256color", "Connection - Data - Terminal-type string: xterm-256color")),
    ("RLogin", Text("サーバー設定の TERM 環境変数: xterm-256color", "Server settings, TERM: xterm-256color")),
    ("tmux", Text("set -g default-terminal tmux-256color", "set -g default-terminal tmux-256color")),
)  # fmt: skip
CLIPBOARD = (
    ("Tera Term", Text("設定ファイルの ClipboardAccessFromRemote=write", "TERATERM.INI: ClipboardAccessFromRemote=write")),
    ("PuTTY", Text("対応を確認できていません。画面の文字か QR コードを使ってください", "Not known to support it: use the text on the screen or the QR code")),
    ("RLogin", Text("クリップボードへの書き込み (OSC 52) を許可する", "Allow writing to the clipboard (OSC 52)")),
    ("Windows Terminal", Text("設定ファイルの compatibility.allowOSC52: true", "settings.json: compatibility.allowOSC52: true")),
    ("mintty", Text("設定ファイルの AllowSetSelection=yes", "Configuration file: AllowSetSelection=yes")),
    ("tmux", Text("set -s set-clipboard on", "set -s set-clipboard on")),
)  # fmt: skip
