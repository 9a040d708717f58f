"""What a user's grants open: the subqueries by which every app scopes its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet


@dataclass(frozen=True)
class Grants:
    """The grants of one user on one day: (role, area) and (role, unit) pairs, and the subqueries that scope by them."""

    in_areas: frozenset[tuple[str, int]]
    in_units: frozenset[tuple[str, int]]

    @property
    def unit_ids(self) -> list[int]:
        return sorted({unit for _role, unit in self.in_units})

    def area_ids(self, roles: Iterable[str]) -> list[int]:
        """Areas in which the user holds one of the roles."""
        wanted = set(roles)
        return sorted({area for role, area in self.in_areas if role in wanted})

    def reached(self, roles: Iterable[str]) -> QuerySet[Any]:
        """Ids of all areas reached through one of the roles: a subquery, never a join that repeats rows."""
        return apps.get_model("units", "AreaReach").objects.filter(viewer__in=self.area_ids(roles)).values("area")

    def lineage(self) -> QuerySet[Any]:
        """Ids of the user's own units and of the units they came from."""
        return (
            apps.get_model("units", "Unit")
            .objects.filter(Q(pk__in=self.unit_ids) | Q(successions__successor__in=self.unit_ids))
            .values("pk")
        )

    def has(self, role: str, *, area_id: int | None = None, unit_id: int | None = None) -> bool:
        """Whether the user holds a role, anywhere or in exactly this area or unit."""
        if area_id is not None:
            return (role, area_id) in self.in_areas
        if unit_id is not None:
            return (role, unit_id) in self.in_units
        return any(role == held for held, _place in self.in_areas | self.in_units)
