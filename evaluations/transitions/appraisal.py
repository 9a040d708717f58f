"""The dossier in the hands of the standing office: received, returned, proposed; decided once a decision is released."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from core import clock, outbox
from core.transitions import Actor, DomainError, perform
from evaluations import judging, states
from evaluations.models import Answer, Dossier, Proposal, Recognition, Return, ReturnItem


def receive_dossier(dossier: Dossier, *, actor: Actor, at: datetime) -> Dossier:
    """Take a submitted dossier in; from here on the unit cannot withdraw it."""
    with perform(states.RECEIVE, dossier, actor=actor) as row:
        row.received_at = at
        row.received_by_id = actor.pk
        outbox.add("dossier.received", dossier_id=row.pk)
    return row


def return_dossier(
    dossier: Dossier,
    *,
    actor: Actor,
    at: datetime,
    items: Mapping[int, str],
    reason: str,
    due_on: date,
    wants_new_meeting: bool = False,
) -> Dossier:
    """Send named answers back with what to do; only they are unlocked, and their appraisal begins anew (rulings 11, 12)."""
    with perform(states.RETURN, dossier, actor=actor, reason=reason) as row:
        if not reason.strip():
            raise DomainError(_("Hãy ghi lý do trả lại."))
        if not items:
            raise DomainError(_("Hãy chọn ít nhất một tiêu chí cần bổ sung."))
        if due_on < clock.local_date(at):
            raise DomainError(_("Hạn bổ sung không được trước hôm nay."))
        answers = list(
            row.answers.filter(pk__in=items).select_related("question").select_for_update(of=("self",), no_key=True).order_by("pk")
        )
        if len(answers) != len(items):
            raise DomainError(_("Có tiêu chí không thuộc hồ sơ này. Hãy tải lại trang."))
        row.return_count += 1
        made = Return.objects.create(  # type: ignore[misc]
            dossier=row,
            number=row.return_count,
            reason=reason.strip(),
            due_on=due_on,
            wants_new_meeting=wants_new_meeting,
            returned_by_id=actor.pk,
            returned_at=at,
        )
        ReturnItem.objects.bulk_create(ReturnItem(of_return=made, answer=answer, note=_note(answer, items)) for answer in answers)
        row.answers.exclude(pk__in=items).update(is_unlocked=False)
        row.answers.filter(pk__in=items).update(
            is_unlocked=True, appraised_result="", appraised_reason="", appraised_by=None, appraised_at=None
        )
        outbox.add("dossier.returned", dossier_id=row.pk, return_id=made.pk)
    return row


def _note(answer: Answer, items: Mapping[int, str]) -> str:
    note = items[answer.pk].strip()
    if not note:
        raise DomainError(_("%(code)s: hãy ghi đơn vị cần làm gì.") % {"code": answer.question.code})
    return note


def propose_dossier(dossier: Dossier, *, actor: Actor, at: datetime, note: str = "") -> Dossier:
    """Propose a result to the committee: computed from the appraised results of all answers (TT 124/2021, Đ8.1)."""
    with perform(states.PROPOSE, dossier, actor=actor) as row:
        answers = list(row.answers.select_related("question__criterion"))
        missing = [answer.question.code for answer in answers if not answer.appraised_result]
        if missing or not answers:
            raise DomainError(
                _("Còn %(count)s câu chưa thẩm định: %(codes)s.")
                % {"count": len(missing), "codes": ", ".join(missing[:5]) + ("…" if len(missing) > 5 else "")}
            )
        row.result = judging.result_of([(answer.question, answer.appraised_result) for answer in answers]).result
        Proposal.objects.create(  # type: ignore[misc]
            dossier=row, step=row.proposals.count() + 1, result=row.result, note=note.strip(), proposed_by_id=actor.pk, proposed_at=at
        )
        outbox.add("dossier.proposed", dossier_id=row.pk)
    return row


def decide_dossier(dossier: Dossier, *, actor: Actor, at: datetime, recognition: Recognition) -> Dossier:
    """Write the result of a released decision into its dossier; done by the system, one dossier after the other (ruling 31)."""
    with perform(states.DECIDE, dossier, actor=actor) as row:
        if recognition.dossier_id != row.pk or recognition.decision.released_at is None:
            raise DomainError(_("Quyết định chưa công bố."))
        row.result = recognition.result
        row.answers.update(decided_result=F("appraised_result"))
    return row
