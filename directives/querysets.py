"""Who sees which official documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from directives.states import DocumentState
from units.roles import COMMITTEE_ROLES, RESULT_ROLES, STANDING_OFFICE_ROLES

if TYPE_CHECKING:
    from units.models import User


class OfficialDocumentQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Issued documents of authorities in reach; drafts and signed ones for the level that makes them alone."""
        grants = user.current_grants()
        return self.filter(
            Q(authority__area__in=grants.area_ids(COMMITTEE_ROLES | STANDING_OFFICE_ROLES))
            | Q(authority__area__in=grants.reached(RESULT_ROLES), state__in=[DocumentState.ISSUED, DocumentState.REPLACED])
        )


class NumberSeriesQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Registers of the authorities whose standing office or committee the user belongs to."""
        return self.filter(authority__area__in=user.current_grants().area_ids(COMMITTEE_ROLES | STANDING_OFFICE_ROLES))
