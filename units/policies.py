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


def can_correct_application(user: User, application: UnitApplication) -> bool:
    """After a refusal the applicant may mend the application and send it again."""
    return application.applicant_id == user.pk and application.state == "refused"


def can_create_unit(user: User) -> bool:
    """The commune police enter units that cannot register themselves, in the communes of their office."""
    return user.has_role(Role.COMMUNE_OFFICER)
