"""Figures: what the province sees is the sum of what its communes see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple

from core import clock
from movement.models import Campaign
from reports.figures import progress_of
from units.models import RoleGrant, User
from units.querysets import current
from units.roles import Role


def unequal() -> Iterator[str]:
    """Campaigns in which the counts of one officer of each commune do not add up to those of an officer of the province."""
    for campaign in Campaign.objects.exclude(state="draft").select_related("province"):
        provincial = _officers(Role.PROVINCE_OFFICER, [campaign.province_id])
        communes = set(campaign.participations.values_list("area", flat=True))
        local = _officers(Role.COMMUNE_OFFICER, communes)
        if not provincial or set(local) != communes:
            continue  # nobody to ask in one of the places
        whole = astuple(progress_of(campaign, provincial[campaign.province_id]))
        parts = [astuple(progress_of(campaign, officer)) for officer in local.values()]
        summed = tuple(map(sum, zip(*parts, strict=True)))
        if summed != whole:
            yield f"campaign {campaign.pk}: the province counts {whole}, its communes {summed}"


def _officers(role: Role, areas: Iterable[int]) -> dict[int, User]:
    grants = RoleGrant.objects.filter(current(clock.today()), role=role, area__in=areas).select_related("user")
    return {grant.area_id: grant.user for grant in grants if grant.area_id}
