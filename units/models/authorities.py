"""Who decides: authorities, their dated signatories, and the rule that leads from a unit to its authority."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models.areas import Area
from units.roles import AreaLevel, ManagingLevel, UnitKind


class Authority(models.Model):
    """A competent authority (TT 124/2021, Đ10), named as its documents print it."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="authorities")
    level = models.CharField(max_length=10, choices=AreaLevel.choices)
    name = models.CharField(_("tên cơ quan"), max_length=160, help_text=_("“Ủy ban nhân dân xã Bình Lư”"))
    head_title = models.CharField(_("chức danh ban hành"), max_length=160, help_text=_("“Chủ tịch Ủy ban nhân dân xã Bình Lư”"))
    symbol = models.CharField(_("ký hiệu trên văn bản"), max_length=20, default="UBND")
    place = models.CharField(_("địa danh trên văn bản"), max_length=80)
    standing_office = models.CharField(_("cơ quan thường trực"), max_length=160, help_text=_("“Công an xã Bình Lư”"))
    standing_office_symbol = models.CharField(max_length=20, default="CAX")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area"], condition=Q(valid_to__isnull=True), name="authority_one_per_area_now")
        ]

    def __str__(self) -> str:
        return self.name


class Signatory(models.Model):
    """Whose name and capacity is printed under an authority's documents, from a day to a day."""

    class Capacity(models.TextChoices):
        HEAD = "head", _("người đứng đầu")
        DEPUTY = "deputy", _("ký thay (KT.)")
        ORDER = "order", _("thừa lệnh (TL.)")
        AUTHORISED = "authorised", _("thừa ủy quyền (TUQ.)")

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="signatories")
    full_name = models.CharField(_("họ và tên"), max_length=120)
    title = models.CharField(_("chức vụ in trên văn bản"), max_length=120)
    capacity = models.CharField(max_length=12, choices=Capacity.choices, default=Capacity.HEAD)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.full_name}, {self.title}"


class AuthorityRule(models.Model):
    """Kind × managing level × date → level of the deciding authority and the route of appraisal (ruling 34)."""

    unit_kind = models.CharField(max_length=20, choices=UnitKind.choices)
    managing_level = models.CharField(max_length=10, choices=ManagingLevel.choices)
    authority_level = models.CharField(max_length=10, choices=[*AreaLevel.choices, ("ministry", _("Bộ Công an"))])
    route = models.JSONField(default=list)
    citation = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit_kind", "managing_level", "valid_from"], name="authorityrule_once")]

    def __str__(self) -> str:
        return f"{self.get_unit_kind_display()}, {self.get_managing_level_display()}: {self.get_authority_level_display()}"
