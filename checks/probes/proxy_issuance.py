"""The proxy service of step 7: can this application use it, and if not, why."""

from __future__ import annotations

from checks.model import Context, Finding, check
from checks.says import fails, passes, skips, steps
from checks.text import Text

PROCEDURES = ("transfer", "change", "continuous-inspection")
"""The procedures that the service is for (the preparation page, step 7)."""
WITH_A_FACE = ("transfer", "change")
"""Those in which a change of what is printed on the certificate matters."""

_WITHOUT = steps(
    "記録等事務代行サービスを使わずに申請します。サービスを使うかの質問には「いいえ」と答えます。",
    "Apply without the service (answer no to whether you use it).",
    "車検証は、運輸支局等へ出頭して受け取ります。",
    "Fetch the certificate from the transport office.",
    "このまま申請すると、未受付、審査無効、却下になることがあります。審査で判定されたときは、その代行者の管轄の運輸支局等への出頭が必要です。",
    "If you apply as it is, the application may not be received, or be judged void or rejected. If the office finds out when it examines it, you must go to the office in charge of that agent.",
)


@check(
    "proxy-issuance.eligible",
    title=Text("代行サービスを使えるか", "Proxy service usable"),
    why=Text(
        "対象外の申請は、未受付や無効・却下になり、最初からやり直しになることがあります。",
        "An application out of scope may not be received, or be judged void or rejected: you start again.",
    ),
    how=Text(
        "手続、ナンバープレート、ステップ7の答え、継続検査ではステップ5の「交付のときに出す書類」の答えも、公式ページの4つの対象外の条件に当てはめます。",
        "The procedure, the number plates, the answers of step 7 and, for an inspection, that on the papers due at delivery are held against the four exclusions of the official page.",
    ),
    says={
        "wrong-procedure": skips(
            "この手続では、記録等事務代行サービスを利用できません。移転登録・変更登録・継続検査だけです。",
            "The service cannot be used for this procedure: only for transfer, change and continuous inspection.",
            not_needed=True,
        ),
        "not-wanted": skips(
            "記録等事務代行サービスは使いません。", "The service is not used.", not_needed=True
        ),
        "face-changes": fails(
            "車検証の券面情報が変わるため、このサービスの対象外です。",
            "What is printed on the inspection certificate changes, so the service cannot be used.",
            _WITHOUT,
        ),
        "papers-to-submit": fails(
            "交付のときに提出する書類がある（ステップ5か7の答え）ため、このサービスの対象外です。",
            "Papers must be handed in when the certificate is issued (answered in step 5 or 7), so the service cannot be used.",
            _WITHOUT,
        ),
        "paper-certificate": fails(
            "旧車検証が紙の車検証なので、このサービスの対象外です。",
            "The old inspection certificate is a paper one, so the service cannot be used.",
            _WITHOUT,
        ),
        "agent-not-asked": fails(
            "記録等事務代行者にまだ依頼していません。申請の前に依頼が必要です。",
            "The agent has not been asked yet. That must be done before you apply.",
            steps(
                "申請の前に、整備工場や行政書士などの記録等事務代行者に依頼します。",
                "Before you apply, ask an authorised agent, such as a workshop or a gyoseishoshi.",
                "承諾を得て、委託番号を控えます。",
                "Have their consent, and note their number.",
                "依頼できないときは、サービスを使わずに申請し、運輸支局等で受け取ります。",
                "If nobody can do it, apply without the service and fetch the certificate from the office.",
            ),
        ),
        "agent-unavailable": fails(
            "依頼した記録等事務代行者が代行交付をできないため、このサービスの対象外です。",
            "The agent cannot issue the certificate, so the service cannot be used.",
            steps(
                "申請の前なら、別の記録等事務代行者に依頼します。",
                "Before you apply, ask another agent.",
                "申請中なら、すぐにその代行者の管轄の運輸支局等に相談します。車検証の受け取りに出頭が必要になります。",
                "If the application is under way, talk at once to the transport office in charge of that agent: the certificate will have to be fetched in person.",
                "代わりがいないときは、サービスを使わずに申請します。",
                "If there is nobody else, apply without the service.",
            ),
        ),
        "unanswered": skips(
            "記録等事務代行を使えるかどうかの質問が、まだ残っています。",
            "Some questions on which the service depends are not answered yet.",
            "残りの質問に答えると、判定します。",
            "Answer them, and the verdict follows.",
        ),
        "eligible": passes(
            "記録等事務代行サービスを利用できます。",
            "The service can be used.",
            "申請が終わるまでに代行者や券面の情報が変わったときは、答えを直してください。",
            "If the agent or what is printed changes before the application is through, correct the answers.",
        ),
    },
    scope="case",
    derived=True,
)
def eligible(ctx: Context) -> Finding:
    """The first reason against the service, or that there is none."""
    procedure, wanted = ctx.answer("case.procedure"), ctx.answer("case.proxy-issuance")
    if procedure and procedure not in PROCEDURES:
        return Finding("wrong-procedure", {"procedure": procedure})
    if wanted == "no":
        return Finding("not-wanted")
    # While the case is open the service counts as wanted, so that an exclusion known already is said at once.
    excluded = {
        "face-changes": ("yes", "face-changes"),
        "papers-to-submit": ("yes", "papers-to-submit"),
        "old-certificate": ("paper", "paper-certificate"),
        "agent-asked": ("no", "agent-not-asked"),
        "agent-available": ("no", "agent-unavailable"),
    }
    if procedure not in ("", *WITH_A_FACE):
        del excluded["face-changes"]
    answers = {name: ctx.answer(f"proxy-issuance.{name}") for name in excluded}
    # A new registration number is printed on the certificate.
    if procedure in WITH_A_FACE and ctx.answer("case.plate") in ("change", "wish"):
        answers["face-changes"] = "yes"
    # The same papers are a document of step 5 for the inspection: one answer must not hide the other.
    if procedure == "continuous-inspection" and ctx.answer("documents.delivery-papers") == "ready":
        answers["papers-to-submit"] = "yes"
    for name, (against, code) in excluded.items():
        if answers[name] == against:
            return Finding(code)
    return Finding("eligible" if procedure and wanted and all(answers.values()) else "unanswered")
