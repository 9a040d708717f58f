"""Where: provinces, communes and the districts of the past, as rows with dates."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from core.models import SortKeyField
from units.querysets import AreaQuerySet
from units.roles import AreaLevel


class DateRange(Func):
    """``daterange(from, to, '[]')``: both days belong to the span."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Area(models.Model):
    """A place in a dated tree; code with leading zeros, 2 digits for a province, 3 for a district, 5 for a commune."""

    code = models.CharField(_("mã"), max_length=5)
    level = models.CharField(_("cấp"), max_length=10, choices=AreaLevel.choices)
    name = models.CharField(_("tên"), max_length=120, help_text=_("Cả loại và tên riêng: “xã Bình Lư”."))
    type = models.CharField(_("loại"), max_length=40)
    sort_key = SortKeyField("name")
    name_fold = models.GeneratedField(
        expression=Func(F("name"), function="vn_fold", output_field=models.TextField()), output_field=models.TextField(), db_persist=True
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["level", "code", "valid_from"], name="area_code_once_per_start"),
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="area_ends_after_start"),
            ExclusionConstraint(
                name="area_code_does_not_overlap",
                expressions=[
                    ("level", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def proper_name(self) -> str:
        """The name without its kind: ``Bình Lư`` of ``xã Bình Lư``."""
        kind = f"{self.type} "
        return self.name[len(kind) :] if self.name.lower().startswith(kind.lower()) else self.name


class AreaSuccession(models.Model):
    """``successor`` took over ``predecessor`` or a part of it; ``share`` stays empty where nobody knows it."""

    predecessor = models.ForeignKey(Area, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Area, models.CASCADE, related_name="precessions")
    is_default = models.BooleanField(default=True)
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="areasuccession_once"),
            models.UniqueConstraint(fields=["predecessor"], condition=Q(is_default=True), name="areasuccession_one_default"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class AreaReach(models.Model):
    """The closure: people of ``viewer`` reach ``area``. Kept by ``units.operations.rebuild_area_reach`` alone."""

    viewer = models.ForeignKey(Area, models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["viewer", "area"], name="areareach_once")]
        indexes: ClassVar = [models.Index(fields=["area", "viewer"], name="areareach_backwards")]

    def __str__(self) -> str:
        return f"{self.viewer_id} → {self.area_id}"
