"""What people reported about failed applications, and whether the program names the cause and what helps.

A report is told as a person meets it: by what is typed or pasted, by answers, or by what a check finds. Every way of meeting
it must say all of its words, and none that would lead astray.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

import pytest

from checks.guide import load_guide
from checks.model import Context, Options
from checks.rules.conditions import Value, met
from checks.rules.scope import judge
from checks.runner import Finished, run
from checks.system.api import System
from checks.text import Text
from checks.verdict import verdict
from tui.cli.explain import Explanation
from tui.cli.problem import Problem

GUIDE, KEI = load_guide("oss"), load_guide("kei")
NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
Way = Callable[[], str]
Answers = Mapping[str, Value]


def typed(text: str, guide: str = "oss") -> Way:
    """What `explain` says to it."""

    def said() -> str:
        try:
            return "\n".join(Explanation(load_guide(guide), date(2026, 11, 28), "ja", 10_000).of(text))
        except Problem:
            return ""

    return said


def found(check: str, code: str) -> Way:
    """What the check's verdict says, cause and remedy."""

    def said() -> str:
        sentences = verdict(GUIDE.checks[check], code, {})
        assert sentences is not None, (check, code)
        return sentences.text.ja + (sentences.remedy.ja if sentences.remedy else "")

    return said


def told(entry: str, answers: Answers, guide: str = "oss") -> Way:
    """What a note, or a question with its answers, tells somebody who answered so: it applies, and these are its words."""

    def said() -> str:
        steps = (load_guide(guide).case, *load_guide(guide).steps)
        notes = {note.id: note for step in steps for note in step.notes}
        if entry in notes:
            assert met(notes[entry].applies, answers), entry
            return notes[entry].text.ja
        question = load_guide(guide).questions[entry]
        assert met(question.applies, answers), entry
        hints: list[Text | None] = [choice.hint for choice in question.choices]
        return " ".join(text.ja for text in (question.text, question.help, *hints) if text)

    return said


def judged(check: str, answers: Answers, guide: str = "oss") -> Way:
    """What a check that follows from the answers alone finds."""

    def said() -> str:
        this = load_guide(guide)
        refused = judge(this.scope, answers).steps
        context = Context(cast(System, None), answers, Options(now=NOW), refused=refused, guide=this)
        (event,) = [
            one
            for one in run((this.checks[check],), context)
            if isinstance(one, Finished) and one.check.id == check
        ]
        sentences = verdict(this.checks[check], event.finding.code, event.finding.values)
        assert sentences is not None
        return f"[{event.outcome}] {sentences.text.ja}{sentences.remedy.ja if sentences.remedy else ''}"

    return said


@dataclass(frozen=True)
class Report:
    """One report: its number and what happened, the ways in which it is met, the words that help, those that would not."""

    number: int
    happened: str
    ways: tuple[Way, ...]
    says: tuple[str, ...]
    never: tuple[str, ...] = ()


PHONE: Answers = {"certificate.kind": "jpki-phone"}
READER: Answers = {"certificate.kind": "jpki-reader", "case.channel": "portal"}
INSPECTION: Answers = {
    "case.vehicle": "registered", "case.use": "private", "case.procedure": "continuous-inspection",
    "case.role": "dealer", "case.proxy-issuance": "yes",
}  # fmt: skip
ELECTRONIC: Answers = {**INSPECTION, "case.channel": "bulk", "documents.compliance-certificate": "electronic"}
COUNTER: Answers = {**INSPECTION, "case.channel": "counter", "documents.compliance-certificate": "electronic"}
GARAGE: Answers = {"case.procedure": "transfer", "case.garage": "apply-together"}
MOVED: Answers = {
    "case.vehicle": "registered", "case.procedure": "change", "case.applicant": "individual",
    "case.owner-is-user": "yes", "case.plate": "change", "case.role": "self",
}  # fmt: skip

REPORTS = (
    Report(
        1, "the card got the new address at the counter, and signing is refused",
        (typed("エラー115"), typed("引っ越し"), typed("有効性確認"), typed("署名用電子証明書が失効しています")),
        ("失効|住所か氏名が変わ", "発行し直|有効性確認"),
    ),
    Report(1, "the check of the same", (found("certificate.moved", "moved-not-reissued"),), ("失効", "発行")),
    Report(
        2, "five wrong passwords", (typed("暗証番号がロック"), typed("5回間違えた"), found("certificate.pin-tries", "locked")),
        ("5回|ロック", "窓口", "アプリ|コンビニ"), ("日.{0,3}待てば",),
    ),
    Report(
        3, "used on the day after it was issued",
        (typed("更新したのに使えない"), typed("24時間"), found("certificate.moved", "waiting")), ("24時間|まで", "翌日|待|から申請"),
    ),
    Report(
        4, "the QR code cannot be read on the phone", (typed("QRコードが読み取れない"), told("pc-environment.phone-too", PHONE)),
        ("アドオン", "拡張機能"),
    ),
    Report(5, "the extension was switched off", (typed("拡張機能が無効になりました"),), ("新しい権限", "許可", "公式")),
    Report(5, "the check of the same", (found("pc.extension", "disabled"),), ("オフ|無効", "権限|有効")),
    Report(
        6, "no signing since a Windows update", (typed("KB5066835"), typed("event 624"), told("pc-environment.csp-ksp", READER)),
        ("2025年10月", "KSP", "最新", "確かめられていません|見つかっていません"), ("DisableCapiOverrideForRSA.{0,12}(設定|0に)",),
    ),
    Report(
        7, "the type of the reader is not known, a second one is virtual",
        (typed("R/Wのタイプが不明です"), typed("仮想スマートカード"), told("pc-environment.one-reader", READER)),
        ("仮想", "一つだけ"),
    ),
    Report(
        8, "the card service is stopped",
        (typed("Smart Card サービス"), typed("8010001D"), found("pc.card-service", "stopped")), ("Smart Card|スマート", "開始"),
    ),
    Report(
        9, "a private window, and the session ends while signing",
        (typed("セッションタイムアウト"), typed("シークレットウィンドウ"), told("pc-environment.private-window", READER)),
        ("シークレット", "普通のウィンドウ"),
    ),
    Report(
        10, "the browser asks for access to this PC, or was told no",
        (typed("ローカルネットワーク上のデバイス"), typed("このPCへのアクセス"), told("pc-environment.local-network", READER)),
        ("Chrome 142", "公式のホスト", "許可", "確かめられていません"),
    ),
    Report(
        11, "the wrong one of owner and user",
        (typed("所有者・使用者の別"), told("documents.attorney-role", {"case.role": "gyoseishoshi"})),
        ("所有者・使用者の別", "委任する人の立場"),
    ),
    Report(
        12, "one payment after the other, at other banks",
        (told("electronic-payment.order", {}), told("electronic-payment.wait-for-numbers", {})), ("順|番号", "納付"),
    ),
    Report(12, "numbers that do not appear", (typed("次の納付が出ない"),), ("金額がまだ", "メール|状況照会")),
    Report(
        13, "the insurance was issued but not sent", (typed("エラー127"), typed("e-JIBAI 送信"), typed("登録不備")),
        ("1時間", "送信", "車台番号"),
    ),
    Report(
        14, "the hyphen of the chassis number is missing",
        (typed("車台番号 ハイフン"), typed("保適証の車台番号を間違えた"), told("documents.chassis-hyphen", ELECTRONIC)),
        ("ハイフン", "訂正でき", "交付し直", "費用"),
    ),
    Report(14, "asked beforehand", (told("documents.compliance-chassis", ELECTRONIC),), ("ハイフンまで", "交付し直")),
    Report(
        15, "the wrong kind of application on the compliance certificate",
        (typed("申請種別を間違えた"), typed("ハイブリッド申請")), ("窓口申請", "OSS申請", "引戻", "記録等事務代行は使えません"),
    ),
    Report(15, "asked beforehand", (told("documents.application-kind", COUNTER),), ("窓口申請", "OSS申請")),
    Report(
        15, "hybrid in the sense of workshops has no proxy service", (judged("case.fits", COUNTER),),
        ("窓口", "代行サービスも使えない"), (r"\[pass\]",),
    ),
    Report(15, "and its check", (judged("proxy-issuance.eligible", COUNTER),), (r"\[skip\]", "対象外"), ("利用できます",)),
    Report(
        16, "the office keeps the certificate",
        (typed("電子車検証更新区分"), typed("車検証を書き換えられない"), told("proxy-issuance.bulk-setting", ELECTRONIC)),
        ("電子車検証更新区分", "依頼人", "申請の前"),
    ),
    Report(
        17, "the viewer app is out of order", (typed("閲覧アプリ 障害"), typed("車検証閲覧アプリ エラー")),
        ("止まって", "更新", "スマートフォン版|待"),
    ),
    Report(17, "the old chip of a reissued certificate", (typed("再交付した車検証が読めない"),), ("無効", "新しい車検証")),
    Report(
        18, "the app asks for a code", (typed("セキュリティコード"), told("pc-environment.viewer-app", INSPECTION)),
        ("4桁", "券面"),
    ),
    Report(
        19, "a desired number is ordered first", (typed("希望番号"), typed("予約済証")),
        ("予約", "申請の前|先に", "封印"),
    ),
    Report(19, "the car and the plates", (told("case.plate-seal", MOVED),), ("車を運輸支局に持って行く", "封印")),
    Report(19, "the exchange may wait", (told("case.plate-grace", MOVED),), ("次の車検まで", "待てる")),
    Report(
        20, "no intermediate certificate is sent",
        (typed("中間証明書"), typed("unable to get local issuer certificate"), found("portal.tls", "missing-intermediate")),
        ("中間証明書", "更新|ヘルプデスク|別の"),
    ),
    Report(20, "an old list of roots", (found("portal.tls", "outdated-bundle"),), ("古い|一覧", "更新")),
    Report(
        21, "somebody inspects the line", (typed("Zscaler"), found("portal.tls", "intercepted")),
        ("検査", "除外"), ("例外を追加して",),
    ),
    Report(
        22, "a picture is too large", (typed("容量オーバー"), found("documents.images", "too-many-pixels")),
        ("1024", "小さ|縮小"),
    ),
    Report(22, "a picture is no JPEG", (found("documents.images", "not-jpeg"),), ("JPEG",)),
    Report(22, "a picture stands upright", (found("documents.images", "portrait"),), ("横",)),
    Report(
        23, "the garage part cannot be certified", (typed("証明不可"), told("documents.garage-no-correction", GARAGE)),
        ("手数料|戻り", "車検証|車台番号"),
    ),
    Report(
        24, "the deed is not found",
        (typed("譲渡証明書が見つからない"), told("documents.deed-release", {"case.procedure": "transfer"})),
        ("販売店", "入金|全額", "補正"),
    ),
    Report(
        25, "the address of the representative",
        (typed("代表者の住所"), told("digital-certificate.registry-address", {"certificate.kind": "registry-file", "case.channel": "portal"})),
        ("カードの住所", "登記", "オンライン"),
    ),
    Report(
        25, "the key lies in the cloud",
        (typed("GビズID"), typed("リモート署名"), told("digital-certificate.registry-remote", {"certificate.kind": "registry-remote", "case.channel": "portal"})),
        ("2026年7月", "クラウド", "確かめられていません", "ファイル形式"),
    ),
    Report(26, "Windows 10", (typed("Windows 10"), found("pc.os", "windows-10")), ("Windows 11",)),
    Report(26, "a Mac, another browser", (typed("macOS"), typed("Firefox"), found("pc.browser", "only-others")), ("Edge", "Chrome")),
    Report(
        27, "deleted for good before the demolition was reported",
        (typed("解体報告"), typed("移動報告番号"), told("case.demolition-report", {"case.procedure": "permanent-deletion"})),
        ("解体の報告", "登録", "移動報告番号"),
    ),
)  # fmt: skip

HELD_BACK = (
    Report(101, "no card at the payment", (typed("クレジットで払えない"),), ("申請の前に登録", "Pay-easy")),
    Report(
        102, "tax was paid yesterday", (typed("納税証明書"),), ("納めたばかり", "記録等事務代行は使えません")
    ),
    Report(103, "a parking fine", (typed("放置違反金"),), ("領収書", "反則金の領収書では足りません")),
    Report(
        104, "the proxy wants a login", (typed("407 Proxy Authentication Required"),), ("ログイン", "管理者")
    ),
    Report(
        105,
        "the reader is gone",
        (typed("0x80100017"),),
        ("取り替え", "開き直"),
        ("別のプログラムがカードを使って",),
    ),
    Report(106, "the phone was lifted", (typed("E0008"),), ("離し", "置いたまま")),
    Report(
        107,
        "no file comes out of the viewer app",
        (typed("JSONが出力できない"),),
        ("オフライン", "オンライン"),
    ),
    Report(
        108,
        "Windows stops the installer",
        (typed("認識されないアプリの起動を停止しました"),),
        ("発行元", "切らない"),
    ),
    Report(
        109,
        "the add-on is missing",
        (typed("Specified native messaging host not found."),),
        ("アドオン", "再起動"),
    ),
    Report(110, "paid, and it still waits", (typed("納付待ちのまま"),), ("二重に払わない", "翌開庁日")),
    Report(
        111, "the bank does not know the payee", (typed("お取扱いできない収納機関です"),), ("銀行", "納付先")
    ),
    Report(112, "the clock", (typed("NET::ERR_CERT_DATE_INVALID"),), ("時計|タイムゾーン", "時刻を自動")),
    Report(
        113,
        "kei: the agent cannot be chosen",
        (typed("代行交付を選べない", "kei"),),
        ("新車", "委託番号", "代行者"),
    ),
    Report(
        114, "kei: a user id is asked for", (typed("まとめ納付ができない", "kei"),), ("利用者ID", "先に発行")
    ),
    Report(115, "kei: the QR code at the counter", (typed("二次元コードを持参", "kei"),), ("印刷", "窓口")),
    Report(
        116,
        "kei: tax was paid yesterday",
        (typed("納税証明書", "kei"),),
        ("納めたばかり", "代行交付は使えません"),
    ),
    Report(117, "papers that came late", (typed("15日以内に書類が届いていない"),), ("15日以内", "申請し直")),
    Report(118, "the old login app opens", (typed("デジタル認証アプリ"),), ("マイナアプリ", "消して")),
    Report(
        119, "the browser is months behind", (found("pc.browser", "outdated"),), ("週間前", "更新", "再起動")
    ),
)


def missing(report: Report) -> list[str]:
    """What the ways of the report do not say, or say though they must not."""
    wrong = []
    for at, way in enumerate(report.ways, 1):
        said = way()
        wrong += [
            f"{report.number}, way {at}: no {word!r}" for word in report.says if not re.search(word, said)
        ]
        wrong += [
            f"{report.number}, way {at}: says {word!r}" for word in report.never if re.search(word, said)
        ]
    return wrong


@pytest.mark.parametrize(
    "report", [*REPORTS, *HELD_BACK], ids=lambda report: f"{report.number} {report.happened}"
)
def test_a_report_is_answered_with_cause_and_remedy(report: Report) -> None:
    assert missing(report) == []


def test_no_report_is_left_out_and_the_words_can_be_missing() -> None:
    assert {report.number for report in REPORTS} == set(range(1, 28))
    assert missing(Report(1, "", (typed("こんにちは世界"),), ("世界",)))
    assert missing(Report(1, "", (typed("エラー115"),), (), ("発行",)))
