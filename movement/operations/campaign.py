"""A year of a province is drawn up: title, span, windows and last days per kind of unit."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.transitions import SYSTEM, Actor, DomainError, TransitionRefused, lock
from movement import policies
from movement.calendar import Milestones, Windows
from movement.models import AssessmentWindow, Campaign, Milestone, MilestoneCode
from movement.states import CampaignState
from units.models import Area
from units.roles import UnitKind


def create_campaign(
    *,
    province: Area,
    year: int,
    title: str,
    starts_on: date,
    closes_on: date,
    windows: Windows,
    milestones: Milestones,
    actor: Actor,
    at: datetime,
    is_trial: bool = False,
) -> Campaign:
    """A draft of a campaign with its whole calendar; a province has one a year, trials apart."""
    campaign = Campaign(province=province, year=year, title=title, is_trial=is_trial, starts_on=starts_on, closes_on=closes_on)
    _judge(campaign, actor=actor, windows=windows, milestones=milestones)
    with transaction.atomic():
        Area.objects.select_for_update(no_key=True).get(pk=province.pk)  # two officers at once: the second sees the first's draft
        if not is_trial and Campaign.objects.filter(province=province, year=year, is_trial=False).exists():
            raise DomainError(_("Năm %(year)s đã có một đợt. Hãy mở đợt đó để sửa, hoặc đánh dấu đợt này là chạy thử.") % {"year": year})
        campaign.save()
        _write_calendar(campaign, windows, milestones)
        audit.record("campaign.create", campaign, actor=actor, data=_as_data(windows, milestones), at=at)
    return campaign


def change_campaign(
    campaign: Campaign,
    *,
    title: str,
    starts_on: date,
    closes_on: date,
    windows: Windows,
    milestones: Milestones,
    actor: Actor,
    at: datetime,
) -> Campaign:
    """Another title or calendar while the campaign is a draft; once open, days are only moved back by an extension."""
    with transaction.atomic():
        row = lock(campaign)
        if row.state != CampaignState.DRAFT:
            raise TransitionRefused(_("Đợt này đã mở, không sửa lịch được nữa."))
        row.title, row.starts_on, row.closes_on = title, starts_on, closes_on
        _judge(row, actor=actor, windows=windows, milestones=milestones)
        row.save(update_fields=["title", "starts_on", "closes_on"])
        _write_calendar(row, windows, milestones)
        audit.record("campaign.change", row, actor=actor, data=_as_data(windows, milestones), at=at)
    return row


def _judge(campaign: Campaign, *, actor: Actor, windows: Windows, milestones: Milestones) -> None:
    if actor is not SYSTEM and not policies.can_open_campaign(actor, campaign):  # type: ignore[arg-type]
        raise PermissionDenied
    if campaign.closes_on < campaign.starts_on:
        raise DomainError(_("Ngày kết thúc đợt phải từ ngày bắt đầu trở đi."))
    if set(windows) != set(UnitKind.values) or set(milestones) != {
        (kind, code) for kind in UnitKind.values for code in MilestoneCode.values
    }:
        raise DomainError(_("Lịch của đợt chưa đủ: mỗi loại đơn vị cần kỳ đánh giá và bốn hạn."))
    for kind in UnitKind.values:
        first, last = windows[kind]
        days = [milestones[kind, code] for code in MilestoneCode.values]
        if last < first or days != sorted(days):
            raise DomainError(
                _("%(kind)s: kỳ đánh giá phải kết thúc sau khi bắt đầu; các hạn phải theo thứ tự đăng ký, nộp, thẩm định, quyết định.")
                % {"kind": UnitKind(kind).label}
            )
        if not campaign.starts_on <= days[0] <= days[-1] <= campaign.closes_on:
            raise DomainError(_("%(kind)s: các hạn phải nằm trong thời gian của đợt.") % {"kind": UnitKind(kind).label})


def _write_calendar(campaign: Campaign, windows: Windows, milestones: Milestones) -> None:
    AssessmentWindow.objects.bulk_create(
        [AssessmentWindow(campaign=campaign, unit_kind=kind, starts_on=first, ends_on=last) for kind, (first, last) in windows.items()],
        update_conflicts=True,
        unique_fields=["campaign", "unit_kind"],
        update_fields=["starts_on", "ends_on"],
    )
    Milestone.objects.bulk_create(
        [Milestone(campaign=campaign, unit_kind=kind, code=code, due_on=day) for (kind, code), day in milestones.items()],
        update_conflicts=True,
        unique_fields=["campaign", "unit_kind", "code"],
        update_fields=["due_on"],
    )


def _as_data(windows: Windows, milestones: Milestones) -> dict[str, dict[str, str]]:
    return {
        "windows": {kind: f"{first}/{last}" for kind, (first, last) in windows.items()},
        "milestones": {f"{kind}.{code}": str(day) for (kind, code), day in milestones.items()},
    }
