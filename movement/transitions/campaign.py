"""The campaign is opened."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import clock, jobs
from core.transitions import Actor, DomainError, perform
from movement import states
from movement.models import Campaign, MilestoneCode
from units.models import Area, AreaReach
from units.roles import UnitKind


def open_campaign(campaign: Campaign, *, actor: Actor, at: datetime) -> Campaign:
    """Open the campaign and start inviting its units, one job item per commune.

    The assessment plans are judged by the screen of ``evaluations`` that calls this (ruling 30).
    """
    with perform(states.OPEN_CAMPAIGN, campaign, actor=actor) as row:
        today = clock.local_date(at)
        if today > row.closes_on:
            raise DomainError(_("Đợt này kết thúc ngày %(day)s, không mở được nữa.") % {"day": f"{row.closes_on:%d/%m/%Y}"})
        if row.windows.count() < len(UnitKind) or row.milestones.count() < len(UnitKind) * len(MilestoneCode):
            raise DomainError(_("Lịch của đợt chưa đủ. Hãy sửa lịch: mỗi loại đơn vị cần kỳ đánh giá và bốn hạn."))
        communes = Area.objects.communes().current(today).filter(pk__in=AreaReach.objects.filter(viewer=row.province_id).values("area"))
        row.opened_at = at
        row.job = jobs.start(
            "open_campaign",
            [str(pk) for pk in communes.values_list("pk", flat=True)],
            label=_("Mời đơn vị vào đợt: %(title)s") % {"title": row.title},
            created_by=actor,
            args={"campaign_id": row.pk},
        )
    return row
