"""The dossier leaves the unit and may come back before anybody took it in: submit and withdraw."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from core import clock, files, outbox, pdf
from core.formats import day
from core.models import StoredFile
from core.transitions import SYSTEM, Actor, DomainError, perform
from evaluations import judging, states
from evaluations.models import Answer, Dossier, SelfReview
from evaluations.operations.dossier import answers_of, facts_of, unanswered
from evaluations.operations.papers import receipt
from movement.calendar import due_on, window_of
from movement.models import MilestoneCode
from movement.states import RegistrationState
from units.models import User


def last_day(dossier: Dossier) -> date:
    """The last day for submitting: the (extended) day of the calendar, or in its place the own day of the last return (ruling 12)."""
    returned = dossier.returns.order_by("-number").values_list("due_on", flat=True).first()
    return returned or due_on(dossier.participation, MilestoneCode.SUBMISSION)


def reasons_against_submission(dossier: Dossier, answers: list[Answer], *, at: datetime) -> list[str]:
    """Every reason why the dossier cannot be submitted now, each a sentence that says what to do; none when it can."""
    reasons = []
    participation = dossier.participation
    if participation.ineligible_citation:
        reasons.append(_("Đơn vị không thuộc đối tượng xét năm nay (%(citation)s).") % {"citation": participation.ineligible_citation})
    if participation.registration.state != RegistrationState.RECEIVED:
        reasons.append(_("Bản đăng ký phấn đấu chưa được tiếp nhận nên chưa nộp được hồ sơ."))
    due = last_day(dossier)
    if clock.local_date(at) > due:
        reasons.append(_("Đã hết hạn nộp hồ sơ (%(day)s). Hãy liên hệ cơ quan tiếp nhận để xin gia hạn.") % {"day": day(due)})
    if missing := unanswered(answers, facts_of(participation)):
        reasons.append(_("Còn %(count)s tiêu chí chưa trả lời: %(codes)s.") % {"count": len(missing), "codes": ", ".join(missing)})
    if bare := without_evidence(answers):
        reasons.append(_("Còn tiêu chí cần minh chứng mà chưa có tệp, bản giấy hoặc giải trình: %(codes)s.") % {"codes": ", ".join(bare)})
    reasons += _reasons_of_meeting(dossier)
    if dossier.on_behalf and dossier.signed_paper_id is None:
        reasons.append(_("Hồ sơ nhập thay đơn vị phải kèm bản scan giấy đã ký."))
    return reasons


def without_evidence(answers: list[Answer]) -> list[str]:
    """Codes of met answers that want evidence and have neither a file, a paper, nor an explanation."""
    wanting = [each for each in answers if each.question.wants_evidence and each.self_result == "met" and not each.no_file_reason]
    if not wanting:
        return []
    held = set(wanting[0].dossier.answers.filter(evidence__removed_at__isnull=True, evidence__isnull=False).values_list("pk", flat=True))
    return [answer.question.code for answer in wanting if answer.pk not in held]


def _reasons_of_meeting(dossier: Dossier) -> list[str]:
    review = SelfReview.objects.filter(dossier=dossier).first()
    if review is None:
        return [_("Chưa có biên bản họp tự đánh giá.")]
    if review.minutes_id is None:
        return [_("Câu trả lời đã thay đổi sau cuộc họp. Hãy lập lại biên bản họp tự đánh giá.")]
    last = dossier.returns.order_by("-number").first()
    if last and last.wants_new_meeting and review.held_at <= last.returned_at:
        return [_("Lần trả lại này yêu cầu họp lại. Hãy lập biên bản của cuộc họp mới.")]
    return []


def submit_dossier(
    dossier: Dossier, *, actor: Actor, at: datetime, signed_paper: StoredFile | None = None, nothing_will_change: bool = False
) -> Dossier:
    """Sign and submit: the result computed, the receipt frozen, nothing editable any more (TT 124/2021, Đ9.2.b; ruling 45).

    ``nothing_will_change`` is the head's word that nothing changes until the window ends, needed when it has not ended yet.
    """
    with perform(states.SUBMIT, dossier, actor=actor) as row:
        if signed_paper is not None:
            row.signed_paper = signed_paper
        if row.on_behalf and actor is not SYSTEM and row.scribe_id != actor.pk:
            raise DomainError(_("Hồ sơ này do %(name)s nhập thay đơn vị. Chỉ người đó được nộp.") % {"name": row.scribe or "?"})
        answers = answers_of(row)
        if reasons := reasons_against_submission(row, answers, at=at):
            raise DomainError(" ".join(reasons))
        early = window_is_open(row, at=at)
        if early and not nothing_will_change:
            raise DomainError(_("Kỳ đánh giá chưa hết. Hãy xác nhận không có thay đổi cho đến ngày cuối kỳ, hoặc nộp sau ngày đó."))
        row.confirmed_until_window_end = early
        row.self_result = judging.result_of([(answer.question, answer.self_result) for answer in answers]).result
        row.submitted_at, row.submitted_by_id = at, actor.pk
        row.receipt = _receipt(row, answers, actor=actor, at=at)
        outbox.add("dossier.submitted", dossier_id=row.pk)
    return row


def window_is_open(dossier: Dossier, *, at: datetime) -> bool:
    """Whether days of the assessment window are still to come."""
    return clock.local_date(at) <= window_of(dossier.participation).ends_on


def _receipt(dossier: Dossier, answers: list[Answer], *, actor: Actor, at: datetime) -> StoredFile:
    name = ", ".join(filter(None, (actor.full_name, actor.post))) if isinstance(actor, User) else str(actor)
    document = receipt(dossier, answers, submitted_by=name, at=at)
    return files.store_bytes(
        pdf.render(document.template, document),
        name=f"Giay-tiep-nhan-{dossier.participation.code}.pdf",
        content_type="application/pdf",
        purpose="receipt",
        created_by=actor,
    )


def withdraw_dossier(dossier: Dossier, *, actor: Actor, at: datetime) -> Dossier:
    """Take a submitted dossier back before it was received; it is then open again and counts as not submitted."""
    with perform(states.WITHDRAW, dossier, actor=actor) as row:
        if clock.local_date(at) > last_day(row):
            raise DomainError(_("Đã hết hạn nộp hồ sơ: rút ra sẽ không nộp lại được. Nếu cần sửa, hãy đề nghị cơ quan tiếp nhận trả lại."))
        row.receipt = None
        row.self_result = ""
        row.submitted_at, row.submitted_by_id = None, None
    return row


__all__ = ["last_day", "reasons_against_submission", "submit_dossier", "window_is_open", "withdraw_dossier", "without_evidence"]
