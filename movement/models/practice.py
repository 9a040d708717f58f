"""Models (mô hình) that a unit keeps, and their yearly rating."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models import Unit


class ModelPractice(models.Model):
    """A model “tự phòng, tự quản, tự bảo vệ, tự hòa giải”; TT 124/2021 Đ5.1, Đ6.1, Đ7.1 ask for at least one that works."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="model_practices")
    name = models.CharField(_("tên mô hình"), max_length=200)
    launched_on = models.DateField(_("ngày ra mắt"))
    ended_on = models.DateField(_("ngày kết thúc"), null=True, blank=True)
    founding_reference = models.CharField(_("quyết định thành lập"), max_length=160, blank=True)

    class Meta:
        ordering: ClassVar = ["unit", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("launched_on")), name="modelpractice_ends_after_launch"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ModelYear(models.Model):
    """What a model was in a year: rating, points (điểm), groups (tổ), members."""

    class Rating(models.TextChoices):
        GOOD = "good", _("tốt")
        FAIR = "fair", _("khá")
        AVERAGE = "average", _("trung bình")
        WEAK = "weak", _("yếu")

    model = models.ForeignKey(ModelPractice, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    rating = models.CharField(max_length=10, choices=Rating.choices)
    point_count = models.PositiveIntegerField(default=1)
    group_count = models.PositiveIntegerField(default=0)
    member_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["model", "-year"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["model", "year"], name="modelyear_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.year}"
