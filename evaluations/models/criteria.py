"""Criteria as data: checklists (đạt / chưa đạt) of TT 124/2021 and, later, scorecards; frozen once published."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stateful
from evaluations.states import CriteriaSetState
from movement.models import Campaign
from units.roles import UnitKind


class AnswerKind(models.TextChoices):
    """How a question is answered (circular-124.md, section 4)."""

    DOCUMENT = "document", _("văn bản")
    PERCENTAGE = "percentage", _("tỷ lệ")
    COUNT = "count", _("số lượng")
    YES_NO = "yes_no", _("có, không")
    NO_INCIDENT = "no_incident", _("không để xảy ra")
    TREND = "trend", _("so với năm trước")
    RATING = "rating", _("xếp loại")


class CriteriaSet(Stateful):
    """A checklist or scorecard for a unit kind, versioned; a dossier keeps the one of its campaign for ever."""

    class Kind(models.TextChoices):
        CHECKLIST = "checklist", _("bộ tiêu chí")
        SCORECARD = "scorecard", _("bảng điểm")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CHECKLIST)
    unit_kind = models.CharField(max_length=20, choices=UnitKind.choices)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=160)
    title = models.CharField(max_length=250)
    citation = models.CharField(max_length=160)
    version = models.CharField(max_length=40)
    is_illustrative = models.BooleanField(_("minh họa"), default=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=CriteriaSetState.choices, default=CriteriaSetState.DRAFT, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "unit_kind", "issuer", "version"], name="criteriaset_once_per_version"),
            models.CheckConstraint(condition=Q(state__in=CriteriaSetState.values), name="criteriaset_state_known"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="criteriaset_published_has_published_at"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Criterion(models.Model):
    """A group (khoản: no parent) or a point of law (leaf), which is met when all its questions are (ruling 32)."""

    criteria_set = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="criteria")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    code = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("tiêu chí"), max_length=300)
    citation = models.CharField(_("căn cứ"), max_length=160)

    class Meta:
        ordering: ClassVar = ["criteria_set", "position"]
        verbose_name_plural = "criteria"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="criterion_once_per_set"),
            models.UniqueConstraint(fields=["criteria_set", "position"], name="criterion_has_own_position"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Question(models.Model):
    """What a head of unit answers.

    ``exceptions`` are the grounds on which an incident does not count, ``parts`` the ticks of a list of documents,
    ``ratings`` the ratings that count as met, ``not_applicable_rule`` when and with which reason the question falls away.
    """

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="questions")
    code = models.CharField(_("mã"), max_length=20)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("câu hỏi"), max_length=300)
    help = models.CharField(_("hướng dẫn"), max_length=400)
    citation = models.CharField(_("căn cứ"), max_length=160)
    answer_kind = models.CharField(max_length=12, choices=AnswerKind.choices)
    threshold = models.DecimalField(_("ngưỡng"), max_digits=7, decimal_places=2, null=True, blank=True)
    part_label = models.CharField(max_length=120, blank=True)
    whole_label = models.CharField(max_length=120, blank=True)
    parts = models.JSONField(default=list, blank=True)
    ratings = models.JSONField(default=list, blank=True)
    exceptions = models.JSONField(default=list, blank=True)
    not_applicable_rule = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=60, blank=True)
    wants_evidence = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["criterion", "code"], name="question_once_per_criterion")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class AssessmentPlan(models.Model):
    """Which checklist a campaign uses for a unit kind, with quorum and majority of its sessions (ruling 30)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="plans")
    unit_kind = models.CharField(max_length=20, choices=UnitKind.choices)
    checklist = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="plans")
    quorum_numerator = models.PositiveSmallIntegerField(default=2)
    quorum_denominator = models.PositiveSmallIntegerField(default=3)
    majority_numerator = models.PositiveSmallIntegerField(default=1)
    majority_denominator = models.PositiveSmallIntegerField(default=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "unit_kind"], name="assessmentplan_once_per_kind"),
            models.CheckConstraint(
                condition=Q(quorum_denominator__gt=0, majority_denominator__gt=0), name="assessmentplan_fractions_are_real"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.get_unit_kind_display()}"
