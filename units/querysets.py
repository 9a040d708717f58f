"""Who sees which places, units and applications."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, Func, Q, QuerySet, TextField, Value

from core import text
from units.roles import REGISTRY_ROLES, STANDING_OFFICE_ROLES, AreaLevel

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from units.models import User
    from units.models.units import UnitFacts

ALIKE = 0.65  # share of common trigrams from which two names may be one


def current(on: date) -> Q:
    """Rows with ``valid_from`` and ``valid_to`` (both days included) that hold on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


class AreaQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Places in reach of the user's roles in areas, and the places of the user's units."""
        grants = user.current_grants()
        return self.filter(Q(pk__in=grants.reached(REGISTRY_ROLES)) | Q(units__in=grants.lineage())).distinct()

    def current(self, on: date) -> Self:
        """Places as the map stood on a day."""
        return self.filter(current(on))

    def communes(self) -> Self:
        return self.filter(level=AreaLevel.COMMUNE)

    def provinces(self) -> Self:
        return self.filter(level=AreaLevel.PROVINCE)

    def served(self, on: date) -> Self:
        """Communes of the provinces that use this system: those whose province has its authority entered."""
        authorities = apps.get_model("units", "Authority").objects.filter(current(on)).values("area")
        return self.communes().current(on).filter(parent__in=authorities)

    def search(self, words: str) -> Self:
        """Places whose name holds the words, with or without marks."""
        return self.filter(name_fold__contains=text.fold(words))


class UnitQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Units in reach of the user's roles in areas, and the user's own units with their predecessors."""
        grants = user.current_grants()
        return self.filter(Q(pk__in=grants.lineage()) | Q(area__in=grants.reached(REGISTRY_ROLES)))

    def open(self, on: date) -> Self:
        """Units founded by and not closed on a day."""
        return self.filter(Q(founded_on__isnull=True) | Q(founded_on__lte=on)).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))

    def search(self, words: str) -> Self:
        """Units whose name holds the words, with or without marks, or whose code or tax code begins with them."""
        folded = text.fold(words)
        if not folded:
            return self
        return self.filter(Q(name_fold__contains=folded) | Q(code__istartswith=words.strip()) | Q(tax_code__startswith=words.strip()))

    def resembling(self, facts: UnitFacts) -> Self:
        """Open units that may be the same as these facts: an equal or nearly equal name in one commune, or one tax code.

        “Tổ dân phố số 4” and “số 5” are neighbours, not doubles: nearly equal names must hold the same numbers.
        """
        folded = text.fold(facts.name)
        near = Q(kind=facts.kind, school_level=facts.school_level, likeness__gte=ALIKE, numbers=re.sub(r"[^0-9]+", " ", folded))
        alike = Q(Q(name_fold=folded) | near, area=facts.area_id)
        if facts.tax_code:
            alike |= Q(tax_code=facts.tax_code)
        numbers = Func(F("name_fold"), Value("[^0-9]+"), Value(" "), Value("g"), function="regexp_replace", output_field=TextField())
        return self.alias(likeness=TrigramSimilarity("name_fold", folded), numbers=numbers).filter(alike, closed_on__isnull=True)


class UnitApplicationQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Applications the user filed, and those of places where the user is of the standing office."""
        grants = user.current_grants()
        return self.filter(Q(applicant=user) | Q(area__in=grants.reached(STANDING_OFFICE_ROLES))).exclude(state="draft")

    def open_under(self, token: str, user: User | AnonymousUser) -> Self:
        """The application whose token a browser holds, while it may still be filled in: a draft, or the user's own after a refusal."""
        own = Q(state="refused", applicant=user.pk) if user.pk else Q(pk__in=[])
        return self.filter(own | Q(state="draft"), token=token)

    def waiting(self) -> Self:
        return self.filter(state="submitted")
