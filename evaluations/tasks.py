"""What the worker does for evaluations: carries out messages of the outbox and chunks of jobs by calling one operation each."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, jobs, notices, outbox
from core.formats import day
from core.models import Job
from core.transitions import SYSTEM
from directives.states import DocumentState
from directives.transitions import issue_document
from evaluations.models import CommitteeSession, Decision, Dossier, Recognition, Return
from evaluations.operations import deadlines
from evaluations.operations import decision as decisions
from evaluations.operations import dossier as dossiers
from evaluations.states import DossierState
from evaluations.transitions.appraisal import decide_dossier
from units.models import RoleGrant
from units.querysets import current
from units.roles import STANDING_OFFICE_ROLES, UNIT_ROLES

logger = logging.getLogger(__name__)


# ---------- The unit's side ----------


@outbox.handles("registration.received")
def open_dossier(*, participation_id: int) -> None:
    """Open the dossier of a unit whose registration was received; running twice opens one."""
    dossiers.open_dossier(participation_id, at=clock.now())


@outbox.handles("dossier.submitted")
def tell_submitted(*, dossier_id: int) -> None:
    """Tell the standing office that a dossier waits, and the unit that it arrived."""
    dossier = Dossier.objects.select_related("participation").get(pk=dossier_id)
    participation = dossier.participation
    if dossier.submitted_at is None:
        return
    key = f"dossier.submitted:{dossier.pk}:{dossier.submitted_at:%Y%m%d%H%M%S%f}"
    words = {"unit": participation.name, "code": participation.code}
    officers = RoleGrant.objects.filter(
        current(clock.today()), role__in=STANDING_OFFICE_ROLES, area=participation.handling_area_id, user__is_active=True
    ).exclude(user=dossier.submitted_by_id)
    notices.notify(
        officers.values_list("user", flat=True),
        _("%(unit)s đã nộp hồ sơ %(code)s, chờ tiếp nhận.") % words,
        reverse("evaluations:appraisal", args=[dossier.pk]),
        key=key,
        mail=False,
    )
    notices.notify(
        _unit_users(dossier),
        _("Đã nộp hồ sơ %(code)s của %(unit)s.") % words,
        reverse("evaluations:dossier-submitted", args=[dossier.pk]),
        key=key,
    )


@shared_task
def send_deadline_notices() -> None:
    """Seven, three and one day before the last day of submission, tell the units that have not submitted; once per step."""
    sent = deadlines.send_deadline_notices(at=clock.now())
    if sent:
        logger.info("deadlines: %s notices", sent)


# ---------- Appraisal, session, decision ----------


@outbox.handles("dossier.received")
def tell_received(*, dossier_id: int) -> None:
    """Tell the unit that its dossier is being appraised."""
    dossier = Dossier.objects.select_related("participation").get(pk=dossier_id)
    text = _("Hồ sơ %(code)s đã được tiếp nhận, đang thẩm định.") % {"code": dossier.participation.code}
    notices.notify(
        _unit_users(dossier), text, reverse("evaluations:dossier-detail", args=[dossier.pk]), key=f"dossier.received:{dossier.pk}"
    )


@outbox.handles("dossier.returned")
def tell_returned(*, dossier_id: int, return_id: int) -> None:
    """Tell the unit what was sent back and until when."""
    returned = Return.objects.select_related("dossier__participation").get(pk=return_id)
    text = _("Hồ sơ %(code)s được trả lại để bổ sung %(count)s tiêu chí, hạn %(day)s: %(reason)s") % {
        "code": returned.dossier.participation.code,
        "count": returned.items.count(),
        "day": day(returned.due_on),
        "reason": returned.reason,
    }
    notices.notify(
        _unit_users(returned.dossier), text, reverse("evaluations:dossier-detail", args=[dossier_id]), key=f"dossier.returned:{return_id}"
    )


@outbox.handles("session.opened")
def tell_session_opened(*, session_id: int) -> None:
    """Call the members to the ballot."""
    session = CommitteeSession.objects.select_related("committee").get(pk=session_id)
    users = session.attendances.filter(member__user__isnull=False).values_list("member__user", flat=True)
    text = _("Phiên họp %(name)s đã khai mạc, mời đồng chí biểu quyết.") % {"name": session.committee.name}
    notices.notify(users, text, reverse("evaluations:session-detail", args=[session.pk]), key=f"session.opened:{session.pk}")


def tell_rendered(job: Job) -> None:
    """Every file was tried: whoever approved may look and release."""
    decision = Decision.objects.select_related("document").get(pk=job.args["decision"])
    if job.created_by_id and not decisions.missing_files(decision):
        text = _("Quyết định %(number)s đã in xong, có thể công bố.") % {"number": decision.document.reference_number}
        notices.notify(
            [job.created_by_id], text, reverse("evaluations:decision-detail", args=[decision.pk]), key=f"decision.rendered:{decision.pk}"
        )


@jobs.handles("render_decision", chunk=25, finish=tell_rendered)
def render_decision(job: Job, keys: Sequence[str]) -> None:
    """Render a chunk of a decision's files; what is there already is left alone."""
    made = decisions.render_files(decision_id=job.args["decision"], keys=keys, letter=job.args["letter"])
    logger.info("decision %s: %s files rendered", job.args["decision"], made)


@outbox.handles("decision.released")
def decide_dossiers(*, decision_id: int) -> None:
    """Write a released decision into its dossiers, issue the notices, and tell units and officers; safe to run twice."""
    at = clock.now()
    decision = Decision.objects.select_related("document", "session__campaign").get(pk=decision_id)
    recognitions = decision.recognitions.select_related("dossier__participation", "decision", "notice_document").order_by("dossier")
    for recognition in recognitions:
        if recognition.dossier.state == DossierState.PROPOSED:
            decide_dossier(recognition.dossier, actor=SYSTEM, at=at, recognition=recognition)
        if recognition.notice_document and recognition.notice_document.state == DocumentState.SIGNED:
            issue_document(recognition.notice_document, actor=SYSTEM, at=at)
        _tell_decided(recognition, decision)
    officers = RoleGrant.objects.filter(
        current(clock.local_date(at)),
        role__in=STANDING_OFFICE_ROLES,
        area__in=recognitions.order_by().values("dossier__participation__handling_area"),
    )
    text = _("Quyết định %(number)s đã công bố.") % {"number": decision.document.reference_number}
    url = reverse("evaluations:decision-detail", args=[decision.pk])
    notices.notify(officers.values_list("user", flat=True), text, url, key=f"decision.released:{decision.pk}")
    logger.info("decision %s: dossiers decided", decision_id)


def _tell_decided(recognition: Recognition, decision: Decision) -> None:
    dossier = recognition.dossier
    text = _("Kết quả năm %(year)s: %(unit)s – %(result)s.") % {
        "year": decision.session.campaign.year,
        "unit": recognition.unit_name,
        "result": recognition.get_result_display(),
    }
    notices.notify(
        _unit_users(dossier), text, reverse("evaluations:dossier-detail", args=[dossier.pk]), key=f"dossier.decided:{dossier.pk}"
    )


def _unit_users(dossier: Dossier) -> list[int]:
    """People of the unit today."""
    today = clock.today()
    grants = RoleGrant.objects.filter(current(today), unit=dossier.participation.unit_id, role__in=UNIT_ROLES, user__is_active=True)
    return list(grants.values_list("user", flat=True))
