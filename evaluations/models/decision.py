"""Decisions and what follows from them: recognitions, certificates, revocations. Nothing is visible before release."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Job, Stateful, StoredFile
from directives.models import NumberSeries, OfficialDocument
from evaluations.models.dossier import Dossier, Result
from evaluations.models.session import CommitteeSession
from evaluations.querysets import CertificateQuerySet, DecisionQuerySet, RecognitionQuerySet
from evaluations.states import DecisionState


class Decision(Stateful):
    """Quyết định công nhận with its Phụ lục, for the carried items of a session. ``released_at`` makes all below it visible."""

    class Kind(models.TextChoices):
        RECOGNITION = "recognition", _("công nhận")
        CLASSIFICATION = "classification", _("xếp loại")

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.RECOGNITION)
    document = models.OneToOneField(OfficialDocument, models.PROTECT, related_name="decision")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=DecisionState.choices, default=DecisionState.PENDING, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "kind"], name="decision_once_per_session_and_kind"),
            models.CheckConstraint(condition=Q(state__in=DecisionState.values), name="decision_state_known"),
            models.CheckConstraint(condition=Q(state="pending") | Q(approved_at__isnull=False), name="decision_approved_has_approved_at"),
            models.CheckConstraint(
                condition=(Q(state="released") & Q(released_at__isnull=False)) | (~Q(state="released") & Q(released_at__isnull=True)),
                name="decision_released_has_released_at",
            ),
        ]

    def __str__(self) -> str:
        return str(self.document)


class Recognition(models.Model):
    """The decided result of a dossier. Exists from approval on, visible from release on."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="recognition")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="recognitions")
    position = models.PositiveIntegerField(default=1)
    result = models.CharField(max_length=8, choices=Result.choices)
    unit_name = models.CharField(max_length=200)
    place_name = models.CharField(max_length=200)
    reasons = models.JSONField(default=list, blank=True)
    notice = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    notice_document = models.OneToOneField(OfficialDocument, models.PROTECT, null=True, blank=True, related_name="recognition")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["decision", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["decision", "position"], name="recognition_has_own_position")]

    def __str__(self) -> str:
        return f"{self.unit_name}: {self.get_result_display()}"


class Revocation(models.Model):
    """Thu hồi: a recognition taken back by a later document, with its ground (a switch, off by default)."""

    recognition = models.OneToOneField(Recognition, models.PROTECT, related_name="revocation")
    document = models.ForeignKey(OfficialDocument, models.PROTECT, related_name="revocations")
    ground = models.TextField()
    revoked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ground


class Certificate(models.Model):
    """Giấy công nhận of a recognition that is met: number in the authority's register, code of 130 random bits in its QR."""

    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="certificates")
    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="certificates")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=32, unique=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["series", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "number"], name="certificate_number_once_per_series")]

    def __str__(self) -> str:
        return f"{_('Giấy công nhận số')} {self.number}"


class Reprint(models.Model):
    """Each printing of an issued certificate after the first."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="reprints")
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.printed_at:%d/%m/%Y}"
