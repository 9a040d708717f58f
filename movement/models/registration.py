"""The registration of a unit for the year: bản đăng ký, bản cam kết, household counts."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Stateful, StoredFile
from movement.models.campaign import Participation
from movement.querysets import RegistrationQuerySet
from movement.states import RegistrationState
from units.roles import UnitKind


class CommitmentTemplate(models.Model):
    """The text of the commitment for a unit kind; frozen once published. ``body`` is the list of its sections."""

    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    body = models.JSONField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "version"], name="commitmenttemplate_once_per_version")]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class Registration(Stateful):
    """Bản đăng ký phấn đấu, prepared by an officer of the unit and signed by its head, or written on behalf by the commune."""

    participation = models.OneToOneField(Participation, models.PROTECT, related_name="registration")
    goals = models.TextField(_("nội dung phấn đấu trong năm"), blank=True)
    resolution_number = models.CharField(_("nghị quyết của cấp ủy: số, ngày"), max_length=120, blank=True)
    plan_number = models.CharField(_("kế hoạch bảo đảm an ninh, trật tự: số, ngày"), max_length=120, blank=True)
    on_behalf = models.BooleanField(_("xã nhập thay đơn vị"), default=False)
    signed_paper = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bản scan giấy đã ký")
    )
    late_reason = models.TextField(_("lý do đăng ký muộn"), blank=True)
    is_late = models.BooleanField(default=False)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    prepared_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(_("lý do trả lại"), blank=True)
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=RegistrationState.choices, default=RegistrationState.DRAFT, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["participation__sort_key", "pk"]
        indexes: ClassVar = [models.Index(fields=["state"], name="registration_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RegistrationState.values), name="registration_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "received"]) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="registration_signed_has_signed_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(received_at__isnull=False, received_by__isnull=False),
                name="registration_received_has_received_at",
            ),
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(return_reason=""), name="registration_returned_has_reason"),
            models.CheckConstraint(
                condition=Q(on_behalf=False) | ~Q(state__in=["signed", "received"]) | Q(signed_paper__isnull=False),
                name="registration_on_behalf_has_signed_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Đăng ký')} {self.participation_id}"


class Commitment(models.Model):
    """A signed commitment as a frozen PDF with its hash; a later one supersedes it, none is deleted."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="commitments")
    version = models.PositiveSmallIntegerField()
    template = models.ForeignKey(CommitmentTemplate, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["registration", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registration", "version"], name="commitment_once_per_version"),
            models.UniqueConstraint(fields=["registration"], condition=Q(superseded_at__isnull=True), name="commitment_one_in_force"),
        ]

    def __str__(self) -> str:
        return f"{_('Bản cam kết')} {self.registration_id}.{self.version}"


class HouseholdCount(models.Model):
    """Households of a residential area and how many signed up (TT 124/2021, Đ4.1: 100 %)."""

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="household_count")
    total = models.PositiveIntegerField(_("tổng số hộ đang cư trú"))
    signed_up = models.PositiveIntegerField(_("số hộ đăng ký tham gia"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(signed_up__lte=F("total")), name="householdcount_signed_up_within_total"),
            models.CheckConstraint(condition=Q(total__gt=0), name="householdcount_has_households"),
        ]

    def __str__(self) -> str:
        return f"{self.signed_up}/{self.total}"

    @property
    def is_complete(self) -> bool:
        """All households: 99,9 % is not 100 %."""
        return self.signed_up == self.total

    @property
    def percent(self) -> Decimal:
        """The share with one decimal, cut off and not rounded: only a complete count shows 100."""
        return Decimal(self.signed_up * 1000 // self.total) / 10
