"""Who acts in a place: the officers, the committee, and the people of each unit, loaded once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core import clock
from movement.models import Campaign, CommitteeMembership, Participation, SteeringCommittee
from units.models import Area, RoleGrant, Signatory, User
from units.querysets import current
from units.roles import STANDING_OFFICE_ROLES, UNIT_ROLES, Role


@dataclass(frozen=True)
class People:
    """The head of a unit, and whoever prepares for the head (the head alone, in most)."""

    head: User
    preparer: User


@dataclass(frozen=True)
class Office:
    """The standing office and the committee of an area, in one campaign."""

    campaign: Campaign
    area: Area
    officers: tuple[User, User]
    committee: SteeringCommittee
    members: tuple[CommitteeMembership, ...]
    signatory: Signatory

    @classmethod
    def of(cls, campaign: Campaign, area: Area) -> Office:
        today = clock.today()
        grants = RoleGrant.objects.filter(current(today), role__in=STANDING_OFFICE_ROLES, area=area).select_related("user").order_by("pk")
        first, second = [grant.user for grant in grants][:2]
        committee = SteeringCommittee.objects.filter(current(today), authority__area=area).select_related("authority__area").get()
        members = tuple(committee.memberships.filter(current(today)).select_related("user").order_by("position"))
        signatory = Signatory.objects.filter(current(today), authority=committee.authority).order_by("pk").first()
        assert signatory is not None, f"{area} has no signatory"
        return cls(campaign, area, (first, second), committee, members, signatory)

    @property
    def chair(self) -> User:
        user = self.members[0].user
        assert user is not None, f"the chair of {self.area} has no account"
        return user

    def participations(self, kinds: Iterable[str]) -> list[Participation]:
        """Units of these kinds that the area handles, in order of their codes; excluded ones left out."""
        rows = Participation.objects.eligible().filter(campaign=self.campaign, handling_area=self.area, kind__in=list(kinds))
        return list(rows.select_related("unit", "campaign", "registration", "dossier").order_by("code"))


def people_of(participations: Iterable[Participation]) -> dict[int, People]:
    """Head and preparer by unit."""
    users: dict[int, dict[str, User]] = defaultdict(dict)
    units = [participation.unit_id for participation in participations]
    for grant in RoleGrant.objects.filter(current(clock.today()), role__in=UNIT_ROLES, unit__in=units).select_related("user"):
        assert grant.unit_id is not None
        users[grant.unit_id][grant.role] = grant.user
    return {
        unit: People(found[Role.UNIT_HEAD], found.get(Role.UNIT_OFFICER, found[Role.UNIT_HEAD]))
        for unit, found in users.items()
        if Role.UNIT_HEAD in found
    }
