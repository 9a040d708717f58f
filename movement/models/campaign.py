"""A year of the movement in a province, and the row each unit has in it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import SortKeyField, Stateful
from movement.querysets import CampaignQuerySet, ParticipationQuerySet
from movement.states import CampaignState
from units.models import Area, Authority, Unit
from units.roles import ManagingLevel, UnitKind


class Campaign(Stateful):
    """Đợt: one year of one province. Closed by date, never by a state."""

    province = models.ForeignKey(Area, models.PROTECT, related_name="campaigns")
    year = models.PositiveSmallIntegerField(_("năm"))
    title = models.CharField(_("tên đợt"), max_length=200)
    is_trial = models.BooleanField(_("đợt chạy thử"), default=False)
    starts_on = models.DateField(_("từ ngày"))
    closes_on = models.DateField(_("đến hết ngày"))
    opened_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "province"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["province", "year"], condition=Q(is_trial=False), name="campaign_one_per_province_and_year"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("starts_on")), name="campaign_ends_after_start"),
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="campaign_state_known"),
            models.CheckConstraint(condition=Q(state=CampaignState.DRAFT) | Q(opened_at__isnull=False), name="campaign_open_has_opened_at"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_open(self, at: datetime) -> bool:
        """Opened, and the last day is not over."""
        return self.state == CampaignState.OPEN and clock.local_date(at) <= self.closes_on


class AssessmentWindow(models.Model):
    """Kỳ đánh giá of a unit kind (TT 124/2021, Đ8.2): the days the assessment is about."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="windows")
    unit_kind = models.CharField(_("loại đơn vị"), max_length=20, choices=UnitKind.choices)
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến hết ngày"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "unit_kind"], name="assessmentwindow_once_per_kind"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="assessmentwindow_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.get_unit_kind_display()}: {self.starts_on:%d/%m/%Y} – {self.ends_on:%d/%m/%Y}"


class MilestoneCode(models.TextChoices):
    """Deadlines of the calendar; each is a date and ends with that day."""

    REGISTRATION = "registration", _("Đăng ký, ký cam kết")
    SUBMISSION = "submission", _("Nộp hồ sơ tự đánh giá")
    APPRAISAL = "appraisal", _("Thẩm định, đề xuất")
    DECISION = "decision", _("Quyết định công nhận")


class Milestone(models.Model):
    """The last day of a step for a unit kind. “Trước 15/11” is stored as 14/11 (ruling 23)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestones")
    unit_kind = models.CharField(_("loại đơn vị"), max_length=20, choices=UnitKind.choices)
    code = models.CharField(max_length=12, choices=MilestoneCode.choices)
    due_on = models.DateField(_("hạn"))

    class Meta:
        ordering: ClassVar = ["due_on", "unit_kind"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "unit_kind", "code"], name="milestone_once")]

    def __str__(self) -> str:
        return f"{self.get_code_display()}: {self.due_on:%d/%m/%Y}"


class Extension(models.Model):
    """A later last day for a kind or for one participation, with its reason."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="extensions")
    code = models.CharField(max_length=12, choices=MilestoneCode.choices)
    unit_kind = models.CharField(max_length=20, choices=UnitKind.choices, blank=True)
    participation = models.ForeignKey("movement.Participation", models.CASCADE, null=True, blank=True, related_name="extensions")
    due_on = models.DateField()
    reason = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unit_kind="", participation__isnull=False) | (~Q(unit_kind="") & Q(participation__isnull=True)),
                name="extension_for_kind_or_participation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} → {self.due_on:%d/%m/%Y}"


class Participation(models.Model):
    """One unit in one campaign: kind, name, level, place, handling area and authority as they were at invitation (ruling 2).

    The dossier's code is taken here, so that it can be printed on everything (ruling 42).
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="participations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="participations")
    code = models.CharField(_("mã hồ sơ"), max_length=40, unique=True)
    kind = models.CharField(_("loại đơn vị"), max_length=20, choices=UnitKind.choices)
    name = models.CharField(_("tên đơn vị"), max_length=200)
    sort_key = SortKeyField("name")
    managing_level = models.CharField(max_length=10, choices=ManagingLevel.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    handling_area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, blank=True, related_name="participations")
    ineligible_citation = models.CharField(_("căn cứ không thuộc đối tượng"), max_length=120, blank=True)
    ineligible_reason = models.CharField(max_length=300, blank=True)
    invited_at = models.DateTimeField()

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "unit"], name="participation_once_per_campaign")]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "area", "kind"], name="participation_by_place"),
            models.Index(fields=["campaign", "handling_area", "kind"], name="participation_by_handling"),
        ]

    def __str__(self) -> str:
        return self.name
