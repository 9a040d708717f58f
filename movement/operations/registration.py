"""What is written into a registration before it is signed."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.transitions import SYSTEM, Actor, DomainError, TransitionRefused, lock
from movement import policies
from movement.models import HouseholdCount, Registration
from movement.states import EDITABLE_STATES
from units.roles import UnitKind


class VersionConflict(DomainError):
    """Somebody else saved the same registration since the page was opened."""


def save_registration(
    registration: Registration,
    *,
    version: int,
    actor: Actor,
    at: datetime,
    goals: str,
    resolution_number: str,
    plan_number: str,
    on_behalf: bool = False,
    household_total: int | None = None,
    household_signed_up: int | None = None,
) -> Registration:
    """Save the draft, for the unit by its own people or on behalf by its standing office.

    Raises:
        VersionConflict: ``version`` is not the one stored; nothing is overwritten.
    """
    with transaction.atomic():
        row = lock(registration)
        if row.state not in EDITABLE_STATES:
            raise TransitionRefused(_("Bản đăng ký %(state)s, không sửa được nữa.") % {"state": row.get_state_display()})
        if actor is not SYSTEM:
            _judge_writer(row, actor, on_behalf=on_behalf)
        if not row.participation.campaign.is_open(at):
            raise DomainError(_("Đợt %(title)s không còn mở.") % {"title": row.participation.campaign.title})
        if row.version != version:
            raise VersionConflict(_("Người khác vừa lưu bản đăng ký này. Chữ bạn gõ còn trên trang; hãy xem bản mới rồi lưu lại."))
        row.goals, row.resolution_number, row.plan_number = goals, resolution_number, plan_number
        row.on_behalf = on_behalf
        row.version += 1
        row.save(update_fields=["goals", "resolution_number", "plan_number", "on_behalf", "version"])
        if row.participation.kind == UnitKind.RESIDENTIAL_AREA:
            _count_households(row, household_total, household_signed_up)
        audit.record("registration.save", row, actor=actor, data={"version": row.version, "on_behalf": on_behalf}, at=at)
    return row


def _judge_writer(row: Registration, actor: Actor, *, on_behalf: bool) -> None:
    """The unit's people write for the unit, the standing office only on behalf (ruling 9)."""
    allowed = policies.can_write_on_behalf if on_behalf else policies.is_of_unit
    if not allowed(actor, row.participation):  # type: ignore[arg-type]
        raise PermissionDenied


def _count_households(row: Registration, total: int | None, signed_up: int | None) -> None:
    if total is None or signed_up is None:
        raise DomainError(_("Khu dân cư phải ghi tổng số hộ đang cư trú và số hộ đăng ký tham gia."))
    if not 0 <= signed_up <= total or total == 0:
        raise DomainError(_("Số hộ đăng ký tham gia không được lớn hơn tổng số hộ, và tổng số hộ phải lớn hơn 0."))
    HouseholdCount.objects.update_or_create(participation_id=row.participation_id, defaults={"total": total, "signed_up": signed_up})
