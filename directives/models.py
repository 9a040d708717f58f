"""Number series and official documents."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stateful, StoredFile
from directives.querysets import NumberSeriesQuerySet, OfficialDocumentQuerySet
from directives.states import DocumentState
from units.models import Authority, Signatory


class DocumentType(models.TextChoices):
    """Types we issue ourselves, with the abbreviations of NĐ 30/2020 PL3.I; a certificate keeps a register of its own."""

    DECISION = "QĐ", _("Quyết định")
    MINUTES = "BB", _("Biên bản")
    NOTICE = "TB", _("Thông báo")
    SUBMISSION_LETTER = "TTr", _("Tờ trình")
    CERTIFICATE = "GCN", _("Giấy công nhận")


class NumberSeries(models.Model):
    """Numbers of one authority, type and year from 01: counted here (``own``, gapless) or given by its office (``external``)."""

    class Mode(models.TextChoices):
        OWN = "own", _("phần mềm cấp số")
        EXTERNAL = "external", _("văn phòng cấp số, nhập khi ban hành")

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="number_series")
    type = models.CharField(max_length=4, choices=DocumentType.choices)
    year = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.OWN)
    last_number = models.PositiveIntegerField(default=0)

    objects = NumberSeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "number series"
        constraints: ClassVar = [models.UniqueConstraint(fields=["authority", "type", "year"], name="numberseries_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.year}"


class OfficialDocument(Stateful):
    """A document of ours: number and date at signing, file at issue, frozen from then on."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="documents")
    type = models.CharField(max_length=4, choices=DocumentType.choices)
    series = models.ForeignKey(NumberSeries, models.PROTECT, null=True, blank=True, related_name="documents")
    number = models.PositiveIntegerField(null=True, blank=True)
    symbol = models.CharField(_("ký hiệu"), max_length=40)
    summary = models.CharField(_("trích yếu"), max_length=400)
    issued_on = models.DateField(null=True, blank=True)
    signatory = models.ForeignKey(Signatory, models.PROTECT, null=True, blank=True, related_name="documents")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    signed_scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=DocumentState.choices, default=DocumentState.DRAFT, editable=False)

    objects = OfficialDocumentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-issued_on", "-number"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=DocumentState.values), name="document_state_known"),
            models.UniqueConstraint(fields=["series", "number"], condition=Q(number__isnull=False), name="document_number_once_per_series"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(number__isnull=False, series__isnull=False, issued_on__isnull=False, signatory__isnull=False),
                name="document_signed_has_number",
            ),
            models.CheckConstraint(condition=Q(state__in=["draft", "signed"]) | Q(file__isnull=False), name="document_issued_has_file"),
        ]

    def __str__(self) -> str:
        return f"{self.reference_number} {self.summary}"

    @property
    def reference_number(self) -> str:
        """``05/QĐ-UBND``: a number below 10 gets a leading zero (NĐ 30/2020, PL1.II.3)."""
        return f"{self.number:02d}/{self.symbol}" if self.number else ""
