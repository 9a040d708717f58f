"""Who may do what with applications and units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from units.roles import Role

if TYPE_CHECKING:
    from units.models import UnitApplication, User


def can_decide_application(user: User, application: UnitApplication) -> bool:
    """The commune police of the place confirm or refuse, never the applicant."""
    return application.applicant_id != user.pk and user.has_role(Role.COMMUNE_OFFICER, area_id=application.area_id)


def can_submit_application(user: User, application: UnitApplication) -> bool:
    """Only the person who filled the application in sends it."""
    return application.applicant_id == user.pk
