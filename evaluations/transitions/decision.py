"""A decision: approved with its numbers, released at once for everybody when every file stands (ruling 40)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from core import clock, jobs, outbox
from core.transitions import Actor, DomainError, perform
from directives.transitions import issue_document, sign_document
from evaluations import states
from evaluations.models import Decision
from evaluations.operations import decision as decisions
from evaluations.operations.session import agenda_units, require_presiding
from units.models import Signatory


def approve_decision(
    decision: Decision, *, actor: Actor, at: datetime, signatory: Signatory, issued_on: date, number: int | None = None, letter: str = ""
) -> Decision:
    """Sign with date and number, make recognitions and certificates, start rendering. Nothing of it is visible outside yet.

    Numbers are taken last and in one order (decision, notices, certificates), so that two approvals wait for each other
    and no number is lost.
    """
    with perform(states.APPROVE, decision, actor=actor) as row:
        session = row.session
        require_presiding(actor, session, unit_ids=agenda_units(session), present_only=False)
        if session.closed_at and issued_on < clock.local_date(session.closed_at):
            raise DomainError(_("Ngày ban hành không được trước ngày họp xét."))
        recognitions = decisions.make_recognitions(row)
        row.document = sign_document(row.document, actor=actor, at=at, signatory=signatory, issued_on=issued_on, number=number)
        decisions.make_notice_documents(row, recognitions, actor=actor, at=at)
        decisions.make_certificates(row, recognitions)
        row.approved_at, row.approved_by_id = at, actor.pk
        row.job = jobs.start(
            "render_decision",
            decisions.file_keys(row),
            label=_("In quyết định %(number)s và giấy công nhận") % {"number": row.document.reference_number},
            created_by=actor,
            args={"decision": row.pk, "letter": letter.strip()},
        )
    return row


def release_decision(decision: Decision, *, actor: Actor, at: datetime) -> Decision:
    """One state change makes everything below visible; refused until every file exists and still fits its hash."""
    with perform(states.RELEASE, decision, actor=actor) as row:
        require_presiding(actor, row.session, unit_ids=agenda_units(row.session), present_only=False)
        missing = decisions.missing_files(row)
        if missing:
            raise DomainError(_("Còn %(count)s tệp chưa in xong. Hãy chờ in xong rồi công bố.") % {"count": missing})
        decisions.verify_files(row)
        row.document = issue_document(row.document, actor=actor, at=at)
        row.released_at, row.released_by_id = at, actor.pk
        outbox.add("decision.released", decision_id=row.pk)
    return row
