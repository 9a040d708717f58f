"""Steering committees: founding decision, free name, members with post, role, order and term."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from movement.querysets import SteeringCommitteeQuerySet
from units.models import Authority


class SteeringCommittee(models.Model):
    """Ban Chỉ đạo of a province or commune; its name varies by province and is free text."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="committees")
    name = models.CharField(_("tên Ban Chỉ đạo"), max_length=250)
    symbol = models.CharField(_("ký hiệu trên văn bản"), max_length=20, default="BCĐ")
    founding_reference = models.CharField(_("quyết định thành lập"), max_length=160)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = SteeringCommitteeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["authority", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority"], condition=Q(valid_to__isnull=True), name="steeringcommittee_one_in_force")
        ]

    def __str__(self) -> str:
        return self.name


class CommitteeMembership(models.Model):
    """A seat in a committee, with the post held outside it and the term."""

    class Seat(models.TextChoices):
        CHAIR = "chair", _("Trưởng ban")
        STANDING_DEPUTY = "standing_deputy", _("Phó Trưởng ban Thường trực")
        DEPUTY = "deputy", _("Phó Trưởng ban")
        MEMBER = "member", _("Ủy viên")

    committee = models.ForeignKey(SteeringCommittee, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="memberships")
    full_name = models.CharField(_("họ và tên"), max_length=120)
    post = models.CharField(_("chức vụ"), max_length=160)
    seat = models.CharField(_("vai trò trong Ban Chỉ đạo"), max_length=16, choices=Seat.choices, default=Seat.MEMBER)
    position = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["committee", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "user"], condition=Q(valid_to__isnull=True), name="committeemembership_one_seat_now"
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.get_seat_display()}"
