"""The proxy service of step 7: can this application use it, and if not, why."""

from __future__ import annotations

from checks.model import Context, Finding, derived_check
from checks.rules.conditions import evaluate
from checks.says import fails, passes, skips, steps
from checks.text import Text

PROCEDURES = ("transfer", "change", "continuous-inspection")
"""The procedures that the service is for (the preparation page, step 7)."""
WITH_A_FACE = ("transfer", "change")
"""Those in which a change of what is printed on the certificate matters."""

_WITHOUT = steps(
    "記録等事務代行サービスを使わずに申請します。サービスを使うかの質問には「いいえ」と答えます。",
    "Apply without the proxy service. Answer no to the question on whether you use it.",
    "車検証は、{office}へ出頭して受け取ります。",
    "Collect the inspection certificate in person at {office}.",
    "このまま申請すると、受け付けられなかったり、審査の途中で{office}への出頭が必要になったりします。",
    "If you apply as things are, the application may not be accepted, or you may have to go to {office} during examination.",
)


@derived_check(
    "proxy-issuance.eligible",
    title=Text("代行サービスを使えるか", "Proxy service available"),
    why=Text(
        "対象外の申請は、未受付や無効・却下になり、最初からやり直しになることがあります。",
        "An ineligible application may not be accepted, or may be voided or rejected, and you have to start over.",
    ),
    how=Text(
        "手続、ナンバープレート、交付のときに出す書類、記録等事務代行についての答えを、公式ページの4つの対象外の条件に当てはめます。",
        "Compares your answers about the procedure, the number plates, the papers due at delivery and the proxy service with the four exclusions on the official page.",
    ),
    says={
        "wrong-procedure": skips(
            "この手続では、記録等事務代行サービスを利用できません。",
            "The proxy service cannot be used for this procedure.",
            not_needed=True,
        ),
        "not-wanted": skips(
            "記録等事務代行サービスは使いません。", "The proxy service is not used.", not_needed=True
        ),
        "face-changes": fails(
            "車検証の券面情報が変わるため、このサービスの対象外です。",
            "The proxy service cannot be used because the information printed on the inspection certificate changes.",
            _WITHOUT,
        ),
        "papers-to-submit": fails(
            "交付のときに出す書類がある（答えによる）ため、このサービスの対象外です。",
            "The proxy service cannot be used because papers must be handed in when the certificate is issued (by your answers).",
            _WITHOUT,
        ),
        "paper-certificate": fails(
            "旧車検証が紙の車検証なので、このサービスの対象外です。",
            "The proxy service cannot be used because the old inspection certificate is on paper.",
            _WITHOUT,
        ),
        "agent-not-asked": fails(
            "記録等事務代行者にまだ依頼していません。申請の前に依頼が必要です。",
            "You have not asked the agent yet. You must do so before you apply.",
            steps(
                "申請の前に、整備工場や行政書士などの記録等事務代行者に依頼します。",
                "Before you apply, ask an authorized agent, such as a repair shop or a gyoseishoshi.",
                "承諾を得て、委託番号を控えます。",
                "Get their consent and note the agent's number.",
                "依頼できないときは、サービスを使わずに申請し、{office}で受け取ります。",
                "If you cannot find an agent, apply without the proxy service and collect the certificate at {office}.",
            ),
        ),
        "agent-unavailable": fails(
            "依頼した記録等事務代行者が代行交付をできないため、このサービスの対象外です。",
            "The proxy service cannot be used because the agent you asked cannot issue the certificate.",
            steps(
                "申請の前なら、別の記録等事務代行者に依頼します。",
                "If you have not applied yet, ask another agent.",
                "申請中なら、すぐにその代行者を管轄する{office}に相談します。車検証の受け取りに出頭が必要になります。",
                "If you have already applied, contact {office} in charge of that agent right away. The certificate has to be collected in person.",
                "代わりがいないときは、サービスを使わずに申請します。",
                "If there is no other agent, apply without the proxy service.",
            ),
        ),
        "unanswered": skips(
            "記録等事務代行を使えるかどうかの質問が、まだ残っています。",
            "Some questions about the proxy service have not been answered yet.",
            "残りの質問に答えると、判定します。",
            "Answer the remaining questions to get a result.",
        ),
        "eligible": passes(
            "記録等事務代行サービスを利用できます。",
            "The proxy service can be used.",
            "申請が終わるまでに代行者や券面の情報が変わったときは、答えを直してください。",
            "If the agent or the printed information changes before the application is finished, correct your answers.",
        ),
    },
)
def eligible(ctx: Context) -> Finding:
    procedure, wanted = ctx.answer("case.procedure"), ctx.answer("case.proxy-issuance")
    if procedure and procedure not in PROCEDURES:
        return Finding("wrong-procedure", {"procedure": procedure})
    if wanted == "no":
        return Finding("not-wanted")
    # A new registration number is printed on the certificate, so that the question about its face is not asked.
    if procedure in WITH_A_FACE and ctx.answer("case.plate") in ("change", "wish"):
        return Finding("face-changes")
    # While the case is open the service counts as wanted, so that an exclusion known already is said at once.
    excluded = {
        "proxy-issuance.face-changes": (("yes",), "face-changes"),
        "documents.delivery-papers": (("ready", "not-yet"), "papers-to-submit"),
        "proxy-issuance.old-certificate": (("paper",), "paper-certificate"),
        "proxy-issuance.agent-asked": (("no",), "agent-not-asked"),
        "proxy-issuance.agent-available": (("no",), "agent-unavailable"),
    }
    face = ctx.guide.questions.get("proxy-issuance.face-changes")
    wherever = {**ctx.answers, "case.proxy-issuance": "yes"}
    asked_for = evaluate(face.applies, wherever).yes if face else procedure in WITH_A_FACE
    if procedure and not asked_for:
        del excluded["proxy-issuance.face-changes"]
    for name, (against, code) in excluded.items():
        if ctx.answer(name) in against:
            return Finding(code)
    return Finding("eligible" if procedure and wanted and all(map(ctx.answer, excluded)) else "unanswered")
