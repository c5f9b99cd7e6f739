"""The command line's own sentences. Japanese here encodes in CP932 and EUC-JP, English in ASCII."""

from __future__ import annotations

from checks.text import Text

# What is wrong with the arguments.
UNKNOWN_OPTION = Text("オプション {name} はありません。", "There is no option {name}.")
UNKNOWN_COMMAND = Text("コマンド「{name}」はありません。", "There is no command '{name}'.")
HELP_LISTS = Text("--help で一覧を表示します。", "--help lists them.")
TAKES_NO_VALUE = Text("オプション {option} に値は付けられません。", "Option {option} takes no value.")
NEEDS_VALUE = Text(
    "オプション {option} には値（{value}）が必要です。", "Option {option} needs a value ({value})."
)
NOT_A_CHOICE = Text(
    "{option} に「{given}」は使えません。使えるのは {choices} です。",
    "{option} cannot be '{given}'. Choose one of: {choices}.",
)
OPTION_NOT_HERE = Text(
    "オプション {option} は {command} では使えません。", "Option {option} cannot be used with {command}."
)
MISSING_ARGUMENT = Text("{command} には引数（{takes}）が必要です。", "{command} needs an argument ({takes}).")
NEEDED = Text("{command} には {option} が必要です。", "{command} needs {option}.")
TOO_LONG = Text(
    "{option} が長すぎます（{count}字、上限{most}字）。",
    "{option} is too long ({count} characters; the limit is {most}).",
)
NOT_TOGETHER = Text(
    "{first} と {second} は一緒に使えません。", "{first} and {second} cannot be used together."
)
TOO_MANY = Text("{command} の引数が多すぎます（{given}）。", "Too many arguments for {command} ({given}).")
SESSION_AND_STATE = Text(
    "--session と --state は、どちらか一つだけ指定してください。",
    "Give either --session or --state, not both.",
)
NOT_A_NUMBER = Text("{option} の「{given}」は数ではありません。", "{option}: '{given}' is not a number.")
OUT_OF_RANGE = Text(
    "{option} の「{given}」は範囲外です（{least} から {most}）。",
    "{option}: '{given}' is out of range ({least} to {most}).",
)
BAD_HOST = Text(
    "{option} の「{given}」はホスト名として読めません。例: www.example.jp:443",
    "{option}: '{given}' is not a host name. Example: www.example.jp:443",
)
BAD_PORT = Text(
    "{option} のポート「{given}」は番号ではありません（1 から 65535）。",
    "{option}: the port '{given}' is not a number from 1 to 65535.",
)
BAD_PROXY = Text(
    "{option} の「{given}」はプロキシのURLとして読めません。例: http://proxy.example:8080",
    "{option}: '{given}' is not a proxy URL. Example: http://proxy.example:8080",
)
NO_FILE = Text(
    "{option} のファイル {given} を読めません（{why}）。", "{option}: cannot read the file {given} ({why})."
)
NOT_PEM = Text(
    "{option} のファイル {given} はPEM形式の証明書ではありません。",
    "{option}: the file {given} contains no PEM certificate.",
)
BAD_FD = Text(
    "{option} の「{given}」は開いている番号ではありません。",
    "{option}: '{given}' is not an open file descriptor.",
)
BAD_NOW = Text(
    "{option} の「{given}」は日時として読めません。例: 2026-11-22T10:00:00+09:00",
    "{option}: '{given}' is not a time. Example: 2026-11-22T10:00:00+09:00",
)

# Ids and answers.
NOT_A_QUESTION = Text(
    "「{id}」は検査なので、答えられません。check で調べてください。",
    "'{id}' is a check and cannot be answered. Use 'check'.",
)
NOT_ID_VALUE = Text(
    "「{given}」は ID=VALUE の形ではありません。", "'{given}' does not have the form ID=VALUE."
)
TWICE = Text("「{id}」に二つの違う値が指定されています。", "'{id}' is given two different values.")
NO_SESSION_YET = Text("保存されたセッションはまだありません。", "There are no saved sessions yet.")
READ_ONLY = Text("--read-only が指定されているので、何も変えません。", "Nothing was changed (--read-only).")
NOT_SAVED = Text(
    "{file} に保存できませんでした（{why}）。今回の変更は残っていません。",
    "Could not save to {file} ({why}). This change was not kept.",
)
NOT_SURE = Text(
    "{file} に書き込みましたが、ディスクに残ったことを確かめられません（{why}）。もう一度実行してください。",
    "Written to {file}, but the disk did not confirm it ({why}). Please run this again.",
)
CANNOT_WRITE = Text("{file} に書き込めません（{why}）。", "Cannot write {file} ({why}).")
CANNOT_READ = Text("{file} を読めません（{why}）。", "Cannot read {file} ({why}).")

# What was done.
UNDERSTOOD = Text("{id}: {day}", "{id}: {day}")
ANSWERED = Text("保存しました: {file}（{count}件）", "Saved: {file} ({count|answer})")
WRITTEN = Text("書き込みました: {file}", "Written: {file}")

# Ends.
NO_TERMINAL = Text(
    "全画面で使うには端末が必要です。oss-junbi --plain なら、一問一答で同じことができます。",
    "The full screen needs a terminal. 'oss-junbi --plain' does the same as questions and answers.",
)
LOADING = Text("読み込んでいます", "Loading")
INTERRUPTED = Text("中断しました。", "Interrupted.")
BUG = Text(
    "oss-junbi の不具合で終了しました（{error}）。詳しい記録: {file}",
    "oss-junbi stopped because of an internal error ({error}). Details: {file}",
)
BUG_NO_FILE = Text(
    "oss-junbi の不具合で終了しました（{error}、{place}）。",
    "oss-junbi stopped because of an internal error ({error}, {place}).",
)
PREVIEW = Text("次の内容を書き込みます。", "This will be written:")
