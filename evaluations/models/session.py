"""Sessions of a steering committee: agenda, attendance, conflicts of interest, votes, minutes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stateful, StoredFile
from evaluations.models.dossier import Dossier, Result
from evaluations.querysets import AgendaItemQuerySet, CommitteeSessionQuerySet
from evaluations.states import SessionState
from movement.models import Campaign, CommitteeMembership, SteeringCommittee
from units.models import Unit


class CommitteeSession(Stateful):
    """Phiên họp Ban Chỉ đạo. A closed session had its quorum and has its minutes."""

    class Mode(models.TextChoices):
        MEETING = "meeting", _("họp")
        WRITTEN = "written", _("lấy ý kiến bằng văn bản")

    committee = models.ForeignKey(SteeringCommittee, models.PROTECT, related_name="sessions")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="sessions")
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.MEETING)
    held_at = models.DateTimeField(_("thời gian họp"))
    place = models.CharField(_("địa điểm"), max_length=160)
    chair = models.ForeignKey(CommitteeMembership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chủ tọa"))
    secretary = models.CharField(_("thư ký"), max_length=160)
    quorum_numerator = models.PositiveSmallIntegerField(default=2)
    quorum_denominator = models.PositiveSmallIntegerField(default=3)
    majority_numerator = models.PositiveSmallIntegerField(default=1)
    majority_denominator = models.PositiveSmallIntegerField(default=2)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=SessionState.choices, default=SessionState.DRAFTED, editable=False)

    objects = CommitteeSessionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-held_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state_known"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, minutes__isnull=False), name="session_closed_has_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee}, {self.held_at:%d/%m/%Y}"


class Attendance(models.Model):
    """A member of the day of the session: present or not, entitled unless excluded everywhere."""

    session = models.ForeignKey(CommitteeSession, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(CommitteeMembership, models.PROTECT, related_name="+")
    is_present = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["session", "member__position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["session", "member"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.is_present}"


class AgendaItem(models.Model):
    """A proposed dossier on the agenda; its votes stay hidden until ``voting_closed_at``."""

    class Outcome(models.TextChoices):
        MET = "met", _("nhất trí công nhận đạt")
        NOT_MET = "not_met", _("kết luận chưa đạt")
        NOT_CARRIED = "not_carried", _("không đủ đa số, chưa kết luận")
        NO_QUORUM = "no_quorum", _("không đủ thành viên biểu quyết")

    session = models.ForeignKey(CommitteeSession, models.CASCADE, related_name="items")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    voting_closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["session", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "dossier"], name="agendaitem_once_per_session"),
            models.CheckConstraint(
                condition=Q(outcome="", voting_closed_at__isnull=True) | (~Q(outcome="") & Q(voting_closed_at__isnull=False)),
                name="agendaitem_outcome_when_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.dossier}"


class Conflict(models.Model):
    """A conflict of interest: the member is excluded from this unit's item, does not open its dossier and does not count."""

    session = models.ForeignKey(CommitteeSession, models.CASCADE, related_name="conflicts")
    member = models.ForeignKey(CommitteeMembership, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    ground = models.CharField(_("lý do"), max_length=250)
    is_automatic = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["session", "member", "unit"], name="conflict_once")]

    def __str__(self) -> str:
        return self.ground


class Vote(models.Model):
    """One member's ballot on one item."""

    class Choice(models.TextChoices):
        MET = "met", _("Đạt")
        NOT_MET = "not_met", _("Chưa đạt")
        ABSTAIN = "abstain", _("Không biểu quyết")

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="votes")
    member = models.ForeignKey(CommitteeMembership, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    note = models.CharField(_("ý kiến"), max_length=400, blank=True)
    cast_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "member"], name="vote_once_per_member")]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.member_id}"


__all__ = ["AgendaItem", "Attendance", "CommitteeSession", "Conflict", "Result", "Vote"]
