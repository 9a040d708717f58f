"""One function per verb of an application to enter the register."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from core import clock, outbox
from core.transitions import Actor, DomainError, TransitionRefused, perform
from units import operations, states
from units.exclusions import first_exclusion
from units.models import FACT_FIELDS, UnitApplication, User
from units.roles import Role

WAITING_AT_MOST = 5  # of one person: who stands for more units asks the commune police, which enters them itself


def submit_application(application: UnitApplication, *, actor: Actor, at: datetime) -> UnitApplication:
    """Send an application to the commune police of the place; after a refusal, send it again."""
    with perform(states.SUBMIT, application, actor=actor) as row:
        if not row.is_complete():
            raise DomainError(_("Đăng ký còn thiếu thông tin. Hoàn tất các bước rồi gửi."))
        _refuse_excluded(row, on=clock.local_date(at))
        _refuse_flood(row)
        row.submitted_at = at
        outbox.add("application.submitted", application_id=row.pk)
    return row


def confirm_application(application: UnitApplication, *, actor: Actor, at: datetime) -> UnitApplication:
    """Enter the unit in the register and make the applicant its head; what was sent anew since the caller read it is not confirmed."""
    on = clock.local_date(at)
    with perform(states.CONFIRM, application, actor=actor) as row:
        if row.submitted_at != application.submitted_at:
            raise TransitionRefused(_("Đăng ký này vừa được sửa và gửi lại. Hãy xem lại rồi quyết định."))
        _refuse_excluded(row, on=on)
        row.unit = operations.create_unit(
            actor=actor, at=at, head=row.head(), subject=True, **{name: getattr(row, name) for name in FACT_FIELDS}
        )
        row.decided_at, row.decided_by_id = at, actor.pk
        assert row.applicant is not None  # the database holds it: application_submitted_is_complete
        operations.grant_role(user=row.applicant, role=Role.UNIT_HEAD, unit=row.unit, valid_from=on, actor=actor, at=at)
        outbox.add("application.confirmed", application_id=row.pk, unit_id=row.unit.pk)
    return row


def refuse_application(application: UnitApplication, *, actor: Actor, at: datetime, reason: str) -> UnitApplication:
    """Send an application back with the reason; the applicant may mend it and send it again."""
    with perform(states.REFUSE, application, actor=actor, reason=reason) as row:
        if not reason.strip():
            raise DomainError(_("Ghi lý do từ chối để đơn vị biết cần sửa gì."))
        row.reason = reason.strip()
        row.decided_at, row.decided_by_id = at, actor.pk
        outbox.add("application.refused", application_id=row.pk)
    return row


def _refuse_excluded(application: UnitApplication, *, on: date) -> None:
    """TT 124/2021, Đ1.2.b: an excluded unit neither registers itself nor takes part (ruling 33)."""
    rule = first_exclusion(application, on=on)
    if rule is not None:
        raise DomainError(_("%(why)s Căn cứ: %(citation)s.") % {"why": rule.explanation, "citation": rule.citation})


def _refuse_flood(application: UnitApplication) -> None:
    """One person cannot bury the desk of a commune: the account is locked while its waiting applications are counted."""
    assert application.applicant_id is not None  # the policy of SUBMIT asks for the applicant
    User._base_manager.select_for_update(of=("self",), no_key=True).get(pk=application.applicant_id)
    waiting = UnitApplication.objects.waiting().filter(applicant=application.applicant_id).exclude(pk=application.pk).count()
    if waiting >= WAITING_AT_MOST:
        raise DomainError(
            _("Bạn có %(count)s đăng ký đang chờ xác nhận. Chờ Công an xã trả lời rồi gửi tiếp.") % {"count": WAITING_AT_MOST}
        )
