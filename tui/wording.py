"""The screen's own sentences, in both languages. The steps' and the checks' words stand with the guide and the probes."""

from __future__ import annotations

from collections.abc import Mapping

from checks.model import Outcome
from checks.steps import Confidence
from checks.text import Text
from state import words
from state.progress import Status
from state.words import ANSWER as ANSWER
from state.words import CASE as CASE
from state.words import NOTES as NOTES
from state.words import SEEN as SEEN
from state.words import SOURCE as SOURCE

PRODUCT = "oss-junbi"

# States, as a tag in the tree and as words in the detail.

TAGS: Mapping[str, Text] = {
    "done": Text("[済]", "[done]"),
    "to-do": Text("[未]", "[todo]"),
    "running": Text("[検]", "[runs]"),
    "attention": Text("[要]", "[fix!]"),
    "warn": Text("[注]", "[warn]"),
    "unknown": Text("[不]", "[ ?? ]"),
    "crash": Text("[障]", "[bug!]"),
    "stale": Text("[古]", "[old ]"),
    "waived": Text("[許]", "[okay]"),
    "optional": Text("[任]", "[opt ]"),
    "not-needed": Text("[外]", "[n/a ]"),
}
STATES: Mapping[str, Text] = {
    "done": words.STATUS[Status.DONE],
    "to-do": words.STATUS[Status.TO_DO],
    "running": words.STATUS[Status.RUNNING],
    "attention": words.STATUS[Status.ATTENTION],
    "warn": words.OUTCOMES[Outcome.WARN],
    "unknown": words.OUTCOMES[Outcome.UNKNOWN],
    "crash": words.OUTCOMES[Outcome.CRASH],
    "stale": words.STATUS[Status.STALE],
    "waived": Text("例外として承認", "accepted exception"),
    "optional": Text("任意", "optional"),
    "not-needed": words.STATUS[Status.NOT_NEEDED],
}
ROLES: Mapping[str, str] = {
    "done": "done", "to-do": "todo", "running": "running", "attention": "attention", "warn": "warn",
    "unknown": "unknown", "crash": "unknown", "stale": "stale", "waived": "done", "not-needed": "muted", "optional": "muted",
}  # fmt: skip
STANDINGS: Mapping[Status, str] = {
    Status.DONE: "done",
    Status.TO_DO: "to-do",
    Status.RUNNING: "running",
    Status.ATTENTION: "attention",
    Status.STALE: "stale",
    Status.NOT_NEEDED: "not-needed",
}
BY_OUTCOME: Mapping[Outcome, str] = {
    Outcome.WARN: "warn", Outcome.UNKNOWN: "unknown", Outcome.CRASH: "crash", Outcome.FAIL: "attention",
}  # fmt: skip
CONFIDENCES: Mapping[Confidence, Text] = {
    "official": Text("公式ページで確認した内容です。", "Read on the official page."),
    "secondary": Text("未確認: 公式ページ以外の情報です。", "Unconfirmed: reported by others, not read on an official page."),
    "computed": Text("公開されている資料から計算した内容です。", "Worked out from published data."),
    "inferred": Text("未確認: 当プログラムの推定です。", "Unconfirmed: our own inference."),
    "unread": Text("未確認: 公式ページを読めなかったため、リンクだけを示します。", "Unconfirmed: the official page could not be read and is only linked."),
}  # fmt: skip

# Header and progress.

SAVED = Text("保存済 {time}", "Saved {time}")
SAVING = Text("保存中 {count}件", "Saving {count}")
NOT_SAVED = Text("保存できません {count}件 {time}から", "NOT SAVED: {count} since {time}")
NOTHING_SAVED = Text("未保存", "Not saved yet")
READ_ONLY_SHORT = Text("読み取り専用", "Read-only")
READY = Text("準備", "Ready")
PROGRESS_TODO = Text("要対応 {attention}  未回答 {open}", "Action {attention}  Open {open}")
PROGRESS_RUNNING = Text("検査中 {count}: {name}", "Checking {count}: {name}")
PROGRESS_SECONDS = Text(" {seconds}秒", " {seconds} s")
ALL_READY = Text("申請の準備が整いました", "Everything is ready")
NEXT = Text("次にやること: {what}", "Next: {what}")
NEXT_NONE = Text("次にやることはありません。申請できます。", "Nothing is left to do. You can apply.")
NEXT_LATER = Text("次にやることはありません。", "Nothing is left to do.")
CASE_OPEN = Text("申請の内容は未回答です", "The application is not described yet")
NEXT_CASE = Text("次にやること: 申請の内容を答える。{what}", "Next: describe the application. {what}")
CLOCK_SET = Text(
    "日時を {time} として表示しています (OSS_JUNBI_NOW)", "The time is taken to be {time} (OSS_JUNBI_NOW)"
)
READ_ONLY = Text(
    "読み取り専用で開いています。回答や検査結果は保存されません。",
    "Opened read-only. Answers and findings are not saved.",
)
STOPPED_SAVING = Text(
    "保存できません: {why} 自動でもう一度試します。", "Cannot save: {why} It is tried again by itself."
)
TOO_SMALL = Text(
    "画面が小さすぎます。40桁12行以上に広げてください。qで終了します。",
    "The screen is too small. Please make it 40 by 12 or larger. q quits.",
)

# The detail pane.

NOT_RUN = Text("まだ検査していません。rキーで検査します。", "Not checked yet. Press r to check.")
NOT_RUN_NETWORK = Text(
    "まだ検査していません。rキーで検査します。{contact}へ接続します。",
    "Not checked yet. Press r to check. It contacts {contact}.",
)
NOT_RUN_OFFLINE = Text("--offline で起動したので、検査しません。", "Not checked, because of --offline.")
RUNNING = Text("検査しています。xキーで止められます。", "Being checked. x stops it.")
STALE = Text(
    "前回の結果です。その後に回答、日付またはPCが変わったため、もう一度検査してください（rキー）。",
    "An earlier finding. Answers, the date or the PC have changed since: please check again (r).",
)
HOW_TO_MEND = Text("どう直すか", "How to mend it")
COMMANDS = Text("コマンド（yでコピー。実行はご自身で）", "Commands (y copies; you run them)")
WHY = Text("なぜ必要か", "Why it is needed")
HOW = Text("調べ方", "How it is found out")
SOURCE_READ = Text("{page} ({date} 確認)", "{page} (checked {date})")
SOURCE_UNREAD = Text("{page}", "{page}")
OLD_SOURCE = Text(
    "確認から{days}日たっています。公式ページで最新の内容を確かめてください。",
    "Checked {days} days ago. Please see the official page for the present state.",
)
CHECKED_AT = Text("検査日時 {at}（{ms}ミリ秒）", "Checked {at} ({ms} ms)")
CHECKED_ON = Text("検査日時 {at}、{host}（{ms}ミリ秒）", "Checked {at} on {host} ({ms} ms)")
ANSWERED_AT = Text("回答日時 {at}", "Answered {at}")
NO_ANSWER = Text("未回答です。Spaceキーで回答します。", "Not answered yet. Press Space to answer.")
CHOICES = Text("選択肢", "Choices")
OPTIONAL = Text("任意の項目です。", "This one is optional.")
WAIVED = Text("{until}まで例外として承認（{by}）: {reason}", "Accepted until {until} by {by}: {reason}")
WITHDRAW = Text("Wで例外を取り下げます。", "W withdraws the exception.")
WITHDRAWN = Text(
    "例外を取り下げました: {what}（uで元に戻せます）", "Exception withdrawn: {what} (u brings it back)"
)
NOT_WAIVED = Text("この項目に例外はありません", "No exception was accepted for this")
EXPIRED_WAIVER = Text(
    "例外の期限が{until}に切れました（{by}）: {reason}", "The exception by {by} ended on {until}: {reason}"
)
KINDS: Mapping[str, Text] = {
    "purpose": Text("目的", "Purpose"),
    "rule": Text("きまり", "Rule"),
    "tip": Text("ワンポイント", "Tip"),
    "caution": Text("ご注意", "Caution"),
    "info": Text("参考", "Good to know"),
}
STEP_COUNT = Text("済 {done}、残り {open}", "{done} done, {open} left")
REST = Text("対象外 {count}件", "Not needed: {count}")
REST_ABOUT = Text(
    "この申請では必要のない項目です。Enterで一覧を開きます。",
    "This application does not need these. Enter lists them.",
)
NOT_NEEDED = Text("この申請では必要ありません。", "Not needed for this application.")
CONFLICT = Text(
    "別のログインの回答と食い違いました。採用されなかった回答: {lost}",
    "Another login answered differently. The answer that was not kept: {lost}",
)
WAITS = Text(
    "準備に{hours}時間かかります。早めに始めてください。", "This takes {hours} hours. Please begin early."
)
MORE_BELOW = Text("続きがあります (PageDown)", "More below (PageDown)")

# Forms.

FORM_CHOICE = Text(
    "数字か、上下キーとEnterで選びます。Escでやめます。",
    "Pick by number, or by arrows and Enter. Esc leaves.",
)
FORM_TEXT = Text("入力してEnterで決定します。Escでやめます。", "Type and press Enter. Esc leaves.")
FORM_DATE = Text(
    "例: 2026-11-22、2026/11/22、令和8年11月22日、R8.11.22", "For example 2026-11-22, 2026/11/22 or R8.11.22"
)
FORM_PATH = Text("例: {example}", "For example {example}")
RESUMED = Text("前回（{at}）の続きです", "Going on from {at}")
FORM_CLEAR = Text("未回答に戻す", "Take the answer back")
FORM_EMPTY = Text("空のままEnterで未回答に戻します。", "Enter with nothing typed takes the answer back.")
ANSWERED = Text("回答しました: {value}（uで取り消し）", "Answered: {value} (u takes it back)")
CLEARED = Text("未回答に戻しました（uで取り消し）", "The answer was taken back (u restores it)")
UNCHANGED = Text("回答は変わっていません", "The answer is unchanged")
NOT_A_QUESTION = Text("これは検査です。rで検査します。", "This is a check: r runs it.")
ONLY_STEPS = Text("項目を選んでください。", "Please select an item.")
IS_READ_ONLY = Text("読み取り専用なので変更できません", "Opened read-only: nothing can be changed")
UNDONE = Text("取り消しました: {what}", "Undone: {what}")
REDONE = Text("やり直しました: {what}", "Done again: {what}")
NOTHING_TO_UNDO = Text("取り消せる回答はありません", "There is nothing to undo")
NOTHING_TO_REDO = Text("やり直せる回答はありません", "There is nothing to do again")
NOTE_FOR = Text("メモ: {what}", "Note: {what}")
NOTE_HELP = Text("氏名や番号は書かないでください。", "Please write no names or numbers.")
NOTE_DISCARD = Text(
    "書きかけのメモがあります。保存せずにやめますか。", "The note is not saved. Leave without saving it?"
)
NOTE_OPEN = Text(
    "書きかけのメモがあります。先に保存するか、やめてください。",
    "A note is being written. Please save or leave it first.",
)
NOTE_SAVED = Text("メモを書きました", "The note was taken")

# Checks.

PASSWORD_FOR = Text("証明書ファイルのパスワード", "Password of the certificate file")
PASSWORD_ABOUT = Text(
    "この1回の読み取りだけに使い、すぐに忘れます。保存も記録もしません。マイナンバーカードの暗証番号ではありません。"
    "空のままEnterを押すと、パスワードなしで分かることだけを調べます。",
    "It is used for this one reading and then forgotten; it is neither stored nor logged. It is not the PIN of a card. "
    "Press Enter on the empty field to look only at what can be seen without it.",
)

CONTACTS = Text(
    "ネットワークの検査は {contact} へ接続します（プロキシの設定があれば、そこを通します）。"
    "証明書を確かめられないときは、時刻を知るために同じ相手の80番も使います。ほかには接続せず、回答も送りません。",
    "The network checks contact {contact} (through a proxy if one is set). Where its certificate cannot be verified, "
    "port 80 of the same host is asked for the time. Nothing else is contacted, and none of your answers is sent.",
)
BEGIN = Text("始めますか。", "Begin?")
CONSENT = Text(CONTACTS.ja + BEGIN.ja, f"{CONTACTS.en} {BEGIN.en}")
CONSENT_LOCAL = Text(
    "はい (y, Enter)  PCの中の検査だけ (p)  やめる (Esc)", "Yes (y, Enter)  This PC only (p)  No (Esc)"
)
YES_NO = Text("はい (y, Enter)  いいえ (Esc)", "Yes (y, Enter)  No (Esc)")
CONTACT_PORTAL = Text("ポータル {portal}", "the portal {portal}")
CONTACT_PROXY = Text("ポータル {portal} とプロキシ {proxy}", "the portal {portal} and the proxy {proxy}")
CHECKS_BEGUN = Text("{count}件の検査を始めました（xで中止）", "{count} checks begun (x stops)")
CHECKS_DONE = Text(
    "検査が終わりました: 良好 {good}、注意 {warn}、要対応 {bad}、不明 {unknown}",
    "Checks done: {good} fine, {warn} to note, {bad} to mend, {unknown} unknown",
)
CHECKS_STOPPED = Text("検査を止めました", "The checks were stopped")
NOTHING_RUNS = Text("検査は行われていません", "No check is running")
NOTHING_TO_CHECK = Text("ここには検査がありません", "There is nothing to check here")
ALREADY_RUNNING = Text("検査中です。xで止められます", "Checks are running; x stops them")
NO_SYSTEM = Text("このPCの検査を始められません: {why}", "Checks cannot be run on this PC: {why}")

# Filter, copy, theme, leaving.

FILTER = Text("絞込: ", "Filter: ")
FILTER_ON = Text("絞込「{text}」 {count}件 (Escで解除)", 'Filter "{text}": {count} (Esc clears)')
PROBLEMS_ON = Text("要対応だけを表示中 (fで解除)", "Problems only (f shows all)")
NO_MATCH = Text("該当する項目はありません", "Nothing matches")
NO_OPEN = Text("未完了の項目はありません", "No item is open")
SENT = Text(
    "端末へ送りました（クリップボードに入ったかは端末の設定によります）",
    "Sent to the terminal (whether it reaches the clipboard is up to the terminal)",
)
TOO_LONG = Text(
    "長すぎるため、端末へ送れません。画面から写してください",
    "Too long for the terminal. Please copy it from the screen",
)
CANNOT_COPY = Text(
    "この端末へは送れません。画面から写してください",
    "This terminal takes no copies. Please copy it from the screen",
)
NOTHING_TO_COPY = Text("コピーできるものがありません", "There is nothing to copy here")
THEMES: Mapping[str, Text] = {
    "dark": Text("配色: 暗い", "Colours: dark"),
    "light": Text("配色: 明るい", "Colours: light"),
    "contrast": Text("配色: 高コントラスト", "Colours: high contrast"),
    "plain": Text("配色: 色なし", "Colours: none"),
}
LANGUAGE = Text("日本語で表示します", "Shown in English")
ONCE_MORE = Text("もう一度Ctrl+Cで終了します（qでも終了）", "Press Ctrl+C again to quit (or q)")
UNSAVED_QUIT = Text(
    "保存できていない変更が{count}件あります。このまま終了すると失われます。終了しますか。",
    "{count} changes could not be saved and will be lost. Quit all the same?",
)
CRASHED = Text("不具合のため終了しました。", "A defect ended the program.")
LOST = Text("保存できなかった変更が{count}件あります。", "{count} changes could not be saved.")

# Screens.

BACK = Text("Esc 戻る", "Esc back")
BACK_WORD = Text("戻る", "back")
LEAVE_WORD = Text("やめる", "leave")
TAKE_WORD = Text("決定", "take")
PICK_WORD = Text("選ぶ", "pick")
DO_WORD = Text("実行", "do it")
SAVE_WORD = Text("保存", "save")
LOOK_WORD = Text("調べる", "look")
LINE_WORD = Text("改行", "new line")
CLEAR_WORD = Text("未回答に戻す", "clear")
PAGE_WORD = Text("ページ", "page")
COPY_WORD = Text("コピー", "copy")
HELP_TITLE = Text("ヘルプ", "Help")
HELP_INTRO = Text(
    "左の一覧で項目を選ぶと、右に説明が出ます。質問はSpaceで回答し、検査はrで行います。回答と結果はそのつど保存されます。全角の文字でも同じ操作ができます。",
    "Select an item on the left and read about it on the right. Space answers a question, r runs a check. "
    "Everything is saved at once. Full-width letters work as well.",
)
HELP_STATES = Text("しるしの意味", "What the marks mean")
HELP_KEYS = Text("キー", "Keys")
HELP_HERE = Text("選んでいる項目について", "About the selected item")
MESSAGES_TITLE = Text("メッセージの履歴", "Messages")
NO_MESSAGES = Text("まだメッセージはありません。", "No messages yet.")
PALETTE_TITLE = Text("コマンドと項目を探す（漢字、かな、ローマ字、英語）", "Find a command or an item")
EXPLAIN_TITLE = Text("くわしい説明", "Explained")
LINK_TITLE = Text("公式ページ", "Official page")
LINK_HELP = Text(
    "このURLを、お使いのPCやスマートフォンのブラウザーで開いてください。yでコピーできます。",
    "Please open this URL in a browser of your own. y copies it.",
)
NO_QR = Text(
    "このURLのQRコードには{width}桁{height}行以上の画面が必要です。",
    "The QR code of this URL needs a screen of {width} by {height}.",
)
NO_QR_SAFE = Text(
    "このURLのQRコードには{width}桁{height}行以上の画面が必要です。罫線が半角で表示される端末なら、--glyphs narrow で半分の大きさになります。",
    "The QR code of this URL needs a screen of {width} by {height}. Where the terminal draws frames in one cell, "
    "--glyphs narrow makes it half as large.",
)
NO_LINK = Text("公式ページのリンクがありません", "There is no official page for this")
REPORT_TITLE = Text("報告書", "Report")
REPORT_FILE = Text("保存するファイル: ", "Save as: ")
REPORT_SAVED = Text("保存しました: {file}", "Written: {file}")
REPORT_EXISTS = Text(
    "同じ名前のファイルがあります。別の名前にしてください: {file}",
    "That file exists already; please choose another name: {file}",
)
REPORT_FAILED = Text("保存できません: {file}（{why}）", "Cannot write {file}: {why}")
RECOVER = Text(
    "セッション「{name}」のファイルが壊れていて読めません。{at}の控えに回答が{count}件あります。この控えから続けますか。壊れたファイルも残します。",
    'The file of session "{name}" is damaged. The copy of {at} gives back {count} answers. '
    "Go on from it? The damaged file is kept.",
)
RECOVER_SJIS = Text(
    "セッション「{name}」のファイルは、シフトJISとして読むと回答{count}件を取り戻せます。続けますか。元のファイルも残します。",
    'Read as Shift_JIS, the file of session "{name}" gives back {count} answers. Go on? The file is kept as well.',
)
TOO_NEW = Text(
    "新しい版で作られたセッションのため、読み取り専用で開きました。",
    "A newer version wrote this session, so it is opened read-only.",
)
SESSIONS_TITLE = Text("セッションの一覧", "Sessions")
SESSIONS_NONE = Text("保存されたセッションはありません。", "There are no saved sessions.")
SESSIONS_READING = Text("読み込んでいます", "Reading")
SESSION_NEW = Text("新しいセッションの名前: ", "Name of the new session: ")
SESSION_OPENED = Text("セッション「{name}」を開きました", 'Session "{name}" is open')
SESSION_OPENING = Text("開いています: {name}", "Opening {name}")
UNSAVED_STAY = Text(
    "保存できていない変更が{count}件あるため、ほかのセッションへ移れません。",
    "{count} changes could not be saved yet, so this session has to stay open.",
)
SESSION_HERE = Text("使用中", "open here")
SESSION_IN_USE = Text("{user}@{host}が使用中", "in use by {user}@{host}")
SESSION_UNREADABLE = Text("読めません", "unreadable")
CASE_TITLE = Text(
    "申請の内容（回答により必要な準備が決まります）", "The application (your answers decide what is needed)"
)
CASE_WRONG = Text(
    "このままでは申請できない回答があります。要対応の質問の説明を見てください。",
    "One of these answers stops the application. Please see what is said at the question.",
)
CASE_DONE = Text(
    "すべて答えました。Escで一覧に戻り、nで次の項目へ進みます。",
    "All answered. Esc goes back to the list, and n there to what is next.",
)
WELCOME_TITLE = Text("ようこそ", "Welcome")
WELCOME = (
    Text(
        "自動車のワンストップサービス（OSS）で申請する前の準備を、7つのステップで確かめます。",
        "Seven steps of preparation before you apply through Japan's one-stop service for motor vehicles (OSS).",
    ),
    Text(
        "1. cキーで申請の内容を答えます。必要な準備だけが残ります。",
        "1. Press c and describe the application: only what you need remains.",
    ),
    Text(
        "2. nキーで次の項目へ進み、Spaceで回答します。", "2. Press n for the next item and Space to answer."
    ),
    Text(
        "3. Rキーで検査します。PCの中の検査は自動で始まります。",
        "3. Press R to check. Checks within this PC start by themselves.",
    ),
    Text(
        "検査で接続するのは{contact}だけで、始める前に確認します。",
        "Checks contact only {contact}, and ask before they begin.",
    ),
    Text(
        "回答はそのつど保存され、次回は続きから始まります。暗証番号は尋ねません。",
        "Every answer is saved at once and you go on from there next time. No PIN is ever asked for.",
    ),
)
