"""Opening a campaign with its assessment plans: which checklist, quorum and majority each kind of unit gets (ruling 30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.transitions import SYSTEM, Actor, DomainError
from evaluations.models import AssessmentPlan, CriteriaSet
from evaluations.states import CriteriaSetState
from movement.models import Campaign
from movement.policies import can_open_campaign
from movement.states import CampaignState
from movement.transitions.campaign import open_campaign
from units.roles import UnitKind


@dataclass(frozen=True)
class PlanChoice:
    """The settings of one kind; the fractions default to two thirds and one half (ruling 45)."""

    checklist: CriteriaSet
    quorum_numerator: int = 2
    quorum_denominator: int = 3
    majority_numerator: int = 1
    majority_denominator: int = 2


def published_checklists(kind: str) -> list[CriteriaSet]:
    """Checklists a kind may use, the newest first."""
    found = CriteriaSet.objects.filter(kind=CriteriaSet.Kind.CHECKLIST, unit_kind=kind, state=CriteriaSetState.PUBLISHED)
    return list(found.order_by("-published_at", "-pk"))


def default_plans() -> dict[str, PlanChoice]:
    """The newest published checklist for each kind that has one."""
    newest = {kind: next(iter(published_checklists(kind)), None) for kind in UnitKind.values}
    return {kind: PlanChoice(checklist) for kind, checklist in newest.items() if checklist}


def open_campaign_with_plans(campaign: Campaign, *, actor: Actor, at: datetime, plans: Mapping[str, PlanChoice] | None = None) -> Campaign:
    """Write the plans of every kind and open the campaign, in one act."""
    with transaction.atomic():
        set_plans(campaign, plans=plans if plans is not None else default_plans(), actor=actor, at=at)
        return open_campaign(campaign, actor=actor, at=at)


def set_plans(campaign: Campaign, *, plans: Mapping[str, PlanChoice], actor: Actor, at: datetime) -> list[AssessmentPlan]:
    """Write the plans of a campaign that is not open yet; every kind needs one."""
    with transaction.atomic():
        row = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        if actor is not SYSTEM and not can_open_campaign(actor, row):  # type: ignore[arg-type]
            raise PermissionDenied
        if row.state != CampaignState.DRAFT:
            raise DomainError(_("Đợt đã mở, bộ tiêu chí không đổi được nữa."))
        _check(plans)
        made = [_plan(row, kind, choice) for kind, choice in plans.items()]
        audit.record("campaign.plan", row, actor=actor, data={kind: plan.checklist_id for kind, plan in plans_by_kind(made).items()}, at=at)
    return made


def plans_by_kind(plans: list[AssessmentPlan]) -> dict[str, AssessmentPlan]:
    return {plan.unit_kind: plan for plan in plans}


def _plan(campaign: Campaign, kind: str, choice: PlanChoice) -> AssessmentPlan:
    plan, _made = AssessmentPlan.objects.update_or_create(
        campaign=campaign,
        unit_kind=kind,
        defaults={
            "checklist": choice.checklist,
            "quorum_numerator": choice.quorum_numerator,
            "quorum_denominator": choice.quorum_denominator,
            "majority_numerator": choice.majority_numerator,
            "majority_denominator": choice.majority_denominator,
        },
    )
    return plan


def _check(plans: Mapping[str, PlanChoice]) -> None:
    missing = [str(UnitKind(kind).label) for kind in UnitKind.values if kind not in plans]
    if missing:
        raise DomainError(_("Chưa có bộ tiêu chí đã ban hành cho: %(kinds)s.") % {"kinds": ", ".join(missing)})
    for kind, choice in plans.items():
        if choice.checklist.unit_kind != kind or choice.checklist.state != CriteriaSetState.PUBLISHED:
            raise DomainError(_("Bộ tiêu chí phải đã ban hành và đúng loại đơn vị."))
        fractions = (
            (choice.quorum_numerator, choice.quorum_denominator),
            (choice.majority_numerator, choice.majority_denominator),
        )
        if any(not 0 < numerator <= denominator for numerator, denominator in fractions):
            raise DomainError(_("Tỷ lệ dự họp và biểu quyết phải lớn hơn 0 và không quá 1."))
