"""Who may do what with campaigns and registrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from units.roles import STANDING_OFFICE_ROLES, Role

if TYPE_CHECKING:
    from movement.models import Campaign, Participation, Registration
    from units.models import Authority, User


def is_of_unit(user: User, participation: Participation) -> bool:
    """Head or contact officer of the participating unit."""
    return user.has_any_role((Role.UNIT_HEAD, Role.UNIT_OFFICER), unit_id=participation.unit_id)


def is_of_standing_office(user: User, participation: Participation) -> bool:
    """Officer of the standing office that handles the unit this year."""
    return user.has_any_role(STANDING_OFFICE_ROLES, area_id=participation.handling_area_id)


def can_open_campaign(user: User, campaign: Campaign) -> bool:
    return user.has_role(Role.PROVINCE_OFFICER, area_id=campaign.province_id)


def can_prepare_registration(user: User, registration: Registration) -> bool:
    """People of the unit prepare; the standing office does it as scribe for a unit that cannot (ruling 9)."""
    participation = registration.participation
    return is_of_unit(user, participation) or can_write_on_behalf(user, participation)


def can_write_on_behalf(user: User, participation: Participation) -> bool:
    """The commune enters for a residential area or unit of its own, never for the own unit."""
    return is_of_standing_office(user, participation) and not is_of_unit(user, participation)


def can_sign_registration(user: User, registration: Registration) -> bool:
    """The head signs; on behalf, the scribe signs with the scan of the signed paper."""
    participation = registration.participation
    if registration.on_behalf:
        return can_write_on_behalf(user, participation)
    return user.has_role(Role.UNIT_HEAD, unit_id=participation.unit_id)


def can_receive_registration(user: User, registration: Registration) -> bool:
    """The standing office receives or returns: not the own unit's, and not what the same person entered on behalf (ruling 44)."""
    participation = registration.participation
    return (
        is_of_standing_office(user, participation)
        and not is_of_unit(user, participation)
        and user.pk not in {registration.prepared_by_id, registration.signed_by_id}
    )


def can_keep_committee(user: User, authority: Authority) -> bool:
    """The standing office of a level keeps the committee of its own level."""
    return user.has_any_role(STANDING_OFFICE_ROLES, area_id=authority.area_id)
