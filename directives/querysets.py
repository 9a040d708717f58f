"""Who sees which official documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

from units.roles import RESULT_ROLES

if TYPE_CHECKING:
    from units.models import User


class OfficialDocumentQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Documents of authorities in reach."""
        return self.filter(authority__area__in=user.current_grants().reached(RESULT_ROLES))
