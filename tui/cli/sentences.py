"""The command line's own sentences. Japanese here encodes in CP932 and EUC-JP, English in ASCII."""

from __future__ import annotations

from checks.text import Text

# What is wrong with the arguments.
UNKNOWN_OPTION = Text(
    "オプション {option} はありません。--help で一覧を表示します。",
    "There is no option {option}. --help lists them.",
)
UNKNOWN_OPTION_NEAR = Text(
    "オプション {option} はありません。{near} のことですか。",
    "There is no option {option}. Did you mean {near}?",
)
TAKES_NO_VALUE = Text("オプション {option} に値は付けられません。", "The option {option} takes no value.")
NEEDS_VALUE = Text(
    "オプション {option} には値（{value}）が必要です。", "The option {option} needs a value ({value})."
)
NOT_A_CHOICE = Text(
    "{option} に「{given}」は使えません。使えるのは {choices} です。",
    "{option} cannot be '{given}'. Choose one of: {choices}.",
)
OPTION_NOT_HERE = Text(
    "オプション {option} は {command} では使えません。", "The option {option} cannot be used with {command}."
)
UNKNOWN_COMMAND = Text(
    "コマンド「{command}」はありません。--help で一覧を表示します。",
    "There is no command '{command}'. --help lists them.",
)
UNKNOWN_COMMAND_NEAR = Text(
    "コマンド「{command}」はありません。{near} のことですか。",
    "There is no command '{command}'. Did you mean {near}?",
)
MISSING_ARGUMENT = Text("{command} には引数（{takes}）が必要です。", "{command} needs an argument ({takes}).")
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
    "{option}: the file {given} holds no certificate in PEM form.",
)
BAD_FD = Text(
    "{option} の「{given}」は開いている番号ではありません。", "{option}: '{given}' is not an open descriptor."
)
BAD_NOW = Text(
    "{option} の「{given}」は日時として読めません。例: 2026-11-22T10:00:00+09:00",
    "{option}: '{given}' is not a time. Example: 2026-11-22T10:00:00+09:00",
)

# Ids and answers.
UNKNOWN_ID = Text(
    "「{id}」という項目はありません。oss-junbi list で一覧を表示します。",
    "There is no entry '{id}'. 'oss-junbi list' shows them all.",
)
UNKNOWN_ID_NEAR = Text(
    "「{id}」という項目はありません。{near} のことですか。", "There is no entry '{id}'. Did you mean {near}?"
)
NOT_A_CHECK = Text(
    "「{id}」は質問なので、検査できません。answer で答えてください。",
    "'{id}' is a question and cannot be checked. Use 'answer'.",
)
NOT_A_QUESTION = Text(
    "「{id}」は検査なので、答えられません。check で調べてください。",
    "'{id}' is a check and cannot be answered. Use 'check'.",
)
NOT_ID_VALUE = Text("「{given}」は ID=VALUE の形ではありません。", "'{given}' is not of the form ID=VALUE.")
TWICE = Text("「{id}」に二つの違う値が指定されています。", "'{id}' is given two different values.")
NO_SUCH_SESSION = Text(
    "セッション「{name}」はありません。oss-junbi sessions で一覧を表示します。",
    "There is no session '{name}'. 'oss-junbi sessions' lists them.",
)
NO_SUCH_SESSION_NEAR = Text(
    "セッション「{name}」はありません。{near} のことですか。",
    "There is no session '{name}'. Did you mean {near}?",
)
NO_SESSION_YET = Text("保存されたセッションはまだありません。", "There is no saved session yet.")
SESSION_EXISTS = Text("セッション「{name}」はすでにあります。", "There is a session '{name}' already.")
READ_ONLY = Text(
    "--read-only が指定されているので、何も変えません。", "Nothing is changed, because of --read-only."
)
NOT_SAVED = Text(
    "{file} に保存できませんでした（{why}）。今回の変更は残っていません。",
    "Could not save to {file} ({why}). This change is not kept.",
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
CREATED = Text("セッション「{name}」を作りました: {file}", "Made the session '{name}': {file}")
TAKEN_OVER = Text(
    "「{name}」から引き継いだもの: {count}件", "Taken over from '{name}': {count|entry|entries}"
)
FORGOTTEN = Text(
    "セッション「{name}」を控えと記録ごと消しました。",
    "Removed the session '{name}' with its backups and logs.",
)
WRITTEN = Text("書き込みました: {file}", "Written: {file}")
WAIVED = Text(
    "「{id}」を {until} まで例外として記録しました。",
    "'{id}' is recorded as an accepted exception until {until}.",
)
WITHDRAWN = Text("「{id}」の例外を取り下げました。", "The exception for '{id}' was withdrawn.")
NOT_WAIVED = Text("「{id}」に例外は記録されていません。", "No exception is recorded for '{id}'.")
PAUSE = Text(
    "ポータルに集中しないよう、{seconds}秒待ってから始めます。",
    "Waiting {seconds|second} before starting, so that not all PCs ask at once.",
)
PREREQUISITE = Text("先に必要な検査", "needed first")
RUNNING = Text("検査中 {done}/{all} {title}", "checking {done}/{all} {title}")

# Ends.
NO_TERMINAL = Text(
    "全画面で使うには端末が必要です。oss-junbi --plain なら、一問一答で同じことができます。",
    "The full screen needs a terminal. 'oss-junbi --plain' does the same by question and answer.",
)
LOADING = Text("読み込んでいます", "Loading")
INTERRUPTED = Text("中断しました。", "Interrupted.")
BUG = Text(
    "oss-junbi の不具合で終了しました（{error}）。詳しい記録: {file}",
    "oss-junbi ended because of a defect of its own ({error}). Details: {file}",
)
BUG_NO_FILE = Text(
    "oss-junbi の不具合で終了しました（{error}、{place}）。",
    "oss-junbi ended because of a defect of its own ({error}, {place}).",
)
PREVIEW = Text("次の内容を書き込みます。", "This will be written:")

# Words of the texts.
MORE = Text("くわしく: {url}", "More: {url}")
FILE_PASSWORD = Text(
    "証明書ファイルのパスワード（この1回だけに使い、保存しません。空のままでも進めます）: ",
    "Password of the certificate file (used this once, not stored; may be left empty): ",
)
