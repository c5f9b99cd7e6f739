"""What `oss-junbi --plain` says."""

from __future__ import annotations

from checks.text import Text

HELLO = Text(
    "oss-junbi: OSSの事前準備（一問一答）。セッション: {name}",
    "oss-junbi: preparing for OSS, question by question. Session: {name}",
)
SAVED_IN = Text("答えはすぐに保存します: {file}", "Answers are saved as you give them: {file}")
NOT_SAVED_HERE = Text("--read-only なので、保存しません。", "Nothing is saved (--read-only).")
COMMANDS = Text(
    "番号か答えを入力して Enter。空の Enter で後回し。? で使える命令、q で終了。",
    "Type a number or an answer, then Enter. Enter alone skips the question for now. ? lists the commands, q quits.",
)
HELP = Text(
    "使える命令:\n  ?    この説明\n  s    今の状態\n  c    検査をする\n  e    この質問の説明と根拠（e ID でほかの項目）\n"
    "  g ID その質問へ移る（ステップの番号でも）\n  d    この質問の答えを消す\n  u    直前の答えを元に戻す\n"
    "  m 文 この質問にメモを付ける（m だけで消す）\n  r    報告書を表示する\n  L    English / 日本語\n  q    終了",
    "Commands:\n  ?    this help\n  s    show the status\n  c    run the checks\n  e    explain this question (e ID: another item)\n"
    "  g ID go to that question (or step number)\n  d    clear the answer to this question\n  u    undo the last answer\n"
    "  m TEXT  add a note to this question (m alone removes it)\n  r    show the report\n  L    English / Japanese\n  q    quit",
)
PROMPT = Text("答え> ", "answer> ")
PROMPT_MENU = Text("命令> ", "command> ")
NOW = Text("今の答え: {value}", "Current answer: {value}")
DATE_HINT = Text(
    "日付（例: 2026-11-22、令和8年11月22日、R8.11.22、11/22、今日）",
    "A date (examples: 2026-11-22, R8.11.22, 11/22, today)",
)
UNDERSTOOD = Text("{day} ですね。", "Understood as {day}.")
TEXT_HINT = Text("文を入力してください。", "Type your text.")
PATH_HINT = Text("ファイルかフォルダーの場所を入力してください。", "Type the path of a file or folder.")
STEP = Text("ステップ{number}: {title}", "Step {number}: {title}")
KEPT = Text("保存しました。", "Saved.")
CLEARED = Text("答えを消しました。", "Answer cleared.")
UNDONE = Text("「{title}」の答えを元に戻しました。", "Answer to '{title}' undone.")
NOTHING = Text("元に戻すものはありません。", "There is nothing to undo.")
NOTED = Text("メモを残しました。", "Note saved.")
WHICH = Text("どの質問のことか、g ID で選んでください。", "Choose a question first with g ID.")
NO_CHOICE = Text(
    "「{given}」は選べません。1 から {most} の番号で答えてください。",
    "'{given}' is not a choice. Answer with a number from 1 to {most}.",
)
NO_COMMAND = Text(
    "「{given}」という命令はありません。? で一覧を表示します。",
    "There is no command '{given}'. ? lists the commands.",
)
ALL_ASKED = Text("今お聞きすることは、これで全部です。", "There are no more questions for now.")
MENU = Text(
    "c で検査、s で状態、g ID で質問へ、r で報告書、? で説明、q で終了。",
    "c: run the checks, s: status, g ID: go to a question, r: report, ?: help, q: quit.",
)
CONSENT_CHOICES = Text(
    "  1 接続して検査する\n  2 このPCの中だけ検査する\n  3 やめる",
    "  1 connect and check\n  2 check this PC only\n  3 cancel",
)
CHECKING = Text("検査しています。しばらくお待ちください。", "Running the checks. This takes a moment.")
TAKEN = Text(
    "ここで続けるには、oss-junbi take-over {name} を実行してから、もう一度始めてください。",
    "To continue here, run 'oss-junbi take-over {name}' and start again.",
)
END_SAVED = Text(
    "入力が終わったので、ここまでを保存して終わります: {file}",
    "End of input. Everything so far is saved: {file}",
)
END_NOT_SAVED = Text(
    "入力が終わりました。--read-only なので、保存していません。",
    "End of input. Nothing was saved (--read-only).",
)
BYE = Text("終わります。次は続きから始まります。", "Goodbye. Next time you continue from here.")
