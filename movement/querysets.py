"""Who sees which campaigns, participations, registrations and committees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from movement.states import CampaignState, RegistrationState
from units.roles import REGISTRY_ROLES, RESULT_ROLES

if TYPE_CHECKING:
    from units.models import User


class CampaignQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Campaigns of provinces in reach, and those that reach the user's places or units."""
        grants = user.current_grants()
        return self.filter(
            Q(province__in=grants.reached(REGISTRY_ROLES))
            | Q(participations__unit__in=grants.lineage(), state=CampaignState.OPEN)
            | Q(province__children__in=grants.area_ids(RESULT_ROLES), state=CampaignState.OPEN)
        ).distinct()

    def open(self) -> Self:
        return self.filter(state=CampaignState.OPEN)


class ParticipationQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Rows whose place or handling area is in reach, and those of the user's units and their predecessors."""
        grants = user.current_grants()
        reach = grants.reached(RESULT_ROLES)
        return self.filter(Q(unit__in=grants.lineage()) | Q(area__in=reach) | Q(handling_area__in=reach))

    def eligible(self) -> Self:
        """Without those that a legal exclusion keeps out this year."""
        return self.filter(ineligible_citation="")

    def registered(self) -> Self:
        """Units whose registration was received (ruling 3); late ones count."""
        return self.filter(registration__state=RegistrationState.RECEIVED)


class RegistrationQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Registrations of participations in reach."""
        grants = user.current_grants()
        reach = grants.reached(RESULT_ROLES)
        return self.filter(
            Q(participation__unit__in=grants.lineage()) | Q(participation__area__in=reach) | Q(participation__handling_area__in=reach)
        )


class SteeringCommitteeQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Committees of areas in reach, and those the user is a member of."""
        grants = user.current_grants()
        return self.filter(Q(authority__area__in=grants.reached(RESULT_ROLES)) | Q(memberships__user=user)).distinct()
