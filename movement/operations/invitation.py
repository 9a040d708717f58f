"""Units are invited: a participation with everything frozen, and a registration to fill in; no query per unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import audit, clock, counters, outbox
from core.models import Counter
from core.transitions import SYSTEM
from movement.models import Campaign, Participation, Registration
from units.competence import Competence, table_on
from units.exclusions import first_exclusion, rules_on
from units.models import AreaReach, ExclusionRule, Unit

TRIAL_PREFIX = "THU"


def invite_units(campaign: Campaign, *, area_ids: Iterable[int] = (), unit_ids: Iterable[int] = (), at: datetime) -> list[Participation]:
    """Invite the units of these areas, or these units, that are not in the campaign yet; answer the new rows.

    Kind, name, level, place, handling area and authority are frozen here (ruling 2) and the dossier's code is taken (ruling 42).
    A unit that the law keeps out gets its citation and no registration; a body kept only as an addressee is passed over (ruling 33).
    Running it again adds nothing.
    """
    on = clock.local_date(at)
    wanted = (
        Unit.objects.open(on)
        .filter(Q(area__in=list(area_ids)) | Q(pk__in=list(unit_ids)))
        .filter(area__in=AreaReach.objects.filter(viewer=campaign.province_id).values("area"))
    )
    with transaction.atomic():
        held = _lock_counters(campaign, wanted.order_by().values_list("area__code", flat=True).distinct())
        missing = wanted.exclude(pk__in=Participation.objects.filter(campaign=campaign).values("unit"))
        units = missing.select_related("area__parent__parent").order_by("area__code", "sort_key", "pk")
        competences, rules = table_on(on), rules_on(on)
        judged = [(unit, first_exclusion(unit, on=on, rules=rules)) for unit in units]
        rows = [
            _participation(campaign, unit, held[unit.area.code], competences.of(unit), exclusion, at)
            for unit, exclusion in judged
            if unit.subject or exclusion
        ]
        Participation.objects.bulk_create(rows)
        Registration.objects.bulk_create([Registration(participation=row) for row in rows if not row.ineligible_citation])
        Counter.objects.bulk_update(held.values(), ["value"])
        if rows:
            outbox.add("participation.invited", participation_ids=[row.pk for row in rows if not row.ineligible_citation])
            audit.record("campaign.invite", campaign, actor=SYSTEM, data={"participations": [row.pk for row in rows]}, at=at)
    return rows


def invite_new_unit(*, unit_id: int, at: datetime) -> list[Participation]:
    """Invite a unit that entered the register while campaigns of its province are open."""
    on = clock.local_date(at)
    reached_by = AreaReach.objects.filter(area__in=Unit.objects.filter(pk=unit_id).values("area")).values("viewer")
    campaigns = Campaign.objects.open().filter(province__in=reached_by, closes_on__gte=on).order_by("pk")
    return [row for campaign in campaigns for row in invite_units(campaign, unit_ids=[unit_id], at=at)]


def dossier_code(campaign: Campaign, commune_code: str, number: int) -> str:
    """``ANTT-03390-2026-0147``: commune of the place, year, running number (quality.md 1); a trial takes no real number."""
    prefix = f"{TRIAL_PREFIX}-{settings.DOSSIER_CODE_PREFIX}" if campaign.is_trial else settings.DOSSIER_CODE_PREFIX
    return f"{prefix}-{commune_code}-{campaign.year}-{number:04d}"


def _lock_counters(campaign: Campaign, commune_codes: Iterable[str]) -> dict[str, Counter]:
    """The counters of the communes, locked in key order: whoever holds them is the only one inviting there."""
    kind = f"{TRIAL_PREFIX.lower()}.dossier" if campaign.is_trial else "dossier"
    keys = {f"{kind}:{code}:{campaign.year}": code for code in commune_codes}
    return {keys[key]: counter for key, counter in counters.lock(keys).items()}


def _participation(
    campaign: Campaign, unit: Unit, counter: Counter, competence: Competence, exclusion: ExclusionRule | None, at: datetime
) -> Participation:
    counter.value += 1
    citation, reason = _kept_out(competence, exclusion)
    return Participation(
        campaign=campaign,
        unit=unit,
        code=dossier_code(campaign, unit.area.code, counter.value),
        kind=unit.kind,
        name=unit.name,
        managing_level=unit.managing_level,
        area=unit.area,
        handling_area=competence.handling_area,
        authority=competence.authority,
        ineligible_citation=citation,
        ineligible_reason=reason,
        invited_at=at,
    )


def _kept_out(competence: Competence, exclusion: ExclusionRule | None) -> tuple[str, str]:
    """Citation and reason of a unit that stands in the campaign for reference only: excluded by law, or the Ministry's own (ruling 34)."""
    if exclusion is not None:
        return exclusion.citation, exclusion.explanation
    if competence.authority is None:
        return competence.citation, _("Đơn vị do Bộ Công an theo dõi, thẩm định và quyết định; ở đây chỉ ghi để tham chiếu.")
    return "", ""
