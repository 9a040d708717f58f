"""The dossier of a unit in a campaign: answers, evidence, self-review, returns, proposal."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stateful, StoredFile
from evaluations.models.criteria import AssessmentPlan, Question
from evaluations.querysets import AnswerQuerySet, DossierQuerySet, EvidenceQuerySet
from evaluations.states import DossierState
from movement.models import Participation


class Result(models.TextChoices):
    """Đ8.1: two results only; a question may besides be not applicable."""

    MET = "met", _("Đạt")
    NOT_MET = "not_met", _("Chưa đạt")


class AnswerResult(models.TextChoices):
    MET = "met", _("Đạt")
    NOT_MET = "not_met", _("Chưa đạt")
    NOT_APPLICABLE = "not_applicable", _("Không áp dụng")


class Dossier(Stateful):
    """Hồ sơ đề nghị công nhận: one per participation; the code is the participation's."""

    participation = models.OneToOneField(Participation, models.PROTECT, related_name="dossier")
    plan = models.ForeignKey(AssessmentPlan, models.PROTECT, related_name="dossiers")
    on_behalf = models.BooleanField(_("xã nhập thay đơn vị"), default=False)
    scribe = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signed_paper = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    receipt = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    return_count = models.PositiveSmallIntegerField(default=0)
    confirmed_until_window_end = models.BooleanField(default=False)
    self_result = models.CharField(max_length=8, choices=Result.choices, blank=True)
    result = models.CharField(_("kết quả thẩm định"), max_length=8, choices=Result.choices, blank=True)
    state = models.CharField(max_length=10, choices=DossierState.choices, default=DossierState.OPEN, editable=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["participation__sort_key", "pk"]
        indexes: ClassVar = [models.Index(fields=["state", "submitted_at"], name="dossier_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=DossierState.values), name="dossier_state_known"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="dossier_submitted_has_submitted_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "submitted"]) | Q(received_at__isnull=False, received_by__isnull=False),
                name="dossier_received_has_received_at",
            ),
            models.CheckConstraint(condition=~Q(state__in=["proposed", "decided"]) | ~Q(result=""), name="dossier_proposed_has_result"),
        ]

    def __str__(self) -> str:
        return f"{_('Hồ sơ')} {self.participation_id}"


class Answer(models.Model):
    """One question of one dossier in three columns that are never mixed: self, appraised, decided.

    ``self_value`` holds what the kind of question asks (see ``evaluations.judging``); results are computed from it.
    """

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    self_value = models.JSONField(default=dict, blank=True)
    self_result = models.CharField(max_length=14, choices=AnswerResult.choices, blank=True)
    self_note = models.TextField(_("ghi chú"), blank=True)
    no_file_reason = models.TextField(_("giải trình khi không có tệp"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    appraised_result = models.CharField(max_length=14, choices=AnswerResult.choices, blank=True)
    appraised_reason = models.TextField(_("lý do khác với tự đánh giá"), blank=True)
    appraised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    appraised_at = models.DateTimeField(null=True, blank=True)
    decided_result = models.CharField(max_length=14, choices=AnswerResult.choices, blank=True)
    is_unlocked = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["dossier", "question__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "question"], name="answer_once_per_question"),
            models.CheckConstraint(
                condition=Q(appraised_result="") | Q(appraised_result=models.F("self_result")) | ~Q(appraised_reason=""),
                name="answer_difference_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.question_id}"


class Evidence(models.Model):
    """A file for an answer, or a note that the paper is held at the unit."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    held_on_paper = models.CharField(_("bản giấy lưu tại đơn vị"), max_length=200, blank=True)
    about_from = models.DateField(_("nội dung từ ngày"), null=True, blank=True)
    about_to = models.DateField(_("đến ngày"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["answer", "added_at", "pk"]
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, held_on_paper="") | (Q(file__isnull=True) & ~Q(held_on_paper="")),
                name="evidence_is_file_or_paper",
            )
        ]

    def __str__(self) -> str:
        return self.held_on_paper or str(self.file)


class SourceSnapshot(models.Model):
    """A value taken from our own rows for an answer, with the rows behind it (ruling 4)."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="snapshots")
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    value = models.JSONField()
    row_ids = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["answer", "-taken_at"]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.value}"


class SelfReview(models.Model):
    """The self-review meeting (TT 124/2021, Đ9.1): when, who took part, and its frozen minutes."""

    dossier = models.OneToOneField(Dossier, models.CASCADE, related_name="self_review")
    held_at = models.DateTimeField(_("bắt đầu lúc"))
    ended_at = models.DateTimeField(_("kết thúc lúc"), null=True, blank=True)
    place = models.CharField(_("địa điểm"), max_length=160)
    chair = models.CharField(_("chủ trì"), max_length=160)
    secretary = models.CharField(_("thư ký"), max_length=160)
    participants = models.JSONField(_("thành phần dự"), default=list)
    opinions = models.TextField(_("ý kiến tại cuộc họp"), blank=True)
    minutes = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{_('Họp tự đánh giá')} {self.dossier_id}"


class Return(models.Model):
    """One return of a dossier for completion, with its own due date; unlocks only the questions it names."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="returns")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField(_("lý do trả lại"))
    due_on = models.DateField(_("hạn bổ sung"))
    wants_new_meeting = models.BooleanField(_("yêu cầu họp lại"), default=False)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["dossier", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["dossier", "number"], name="return_numbered_per_dossier")]

    def __str__(self) -> str:
        return f"{_('Trả lại lần')} {self.number}"


class ReturnItem(models.Model):
    """A question sent back, with what the unit has to do."""

    of_return = models.ForeignKey(Return, models.CASCADE, related_name="items")
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="return_items")
    note = models.TextField(_("đơn vị cần làm gì"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of_return", "answer"], name="returnitem_once")]

    def __str__(self) -> str:
        return self.note


class Proposal(models.Model):
    """What a step of the appraisal route proposes."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="proposals")
    step = models.PositiveSmallIntegerField(default=1)
    result = models.CharField(max_length=8, choices=Result.choices)
    note = models.TextField(_("nhận xét"), blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["dossier", "step"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["dossier", "step"], name="proposal_once_per_step")]

    def __str__(self) -> str:
        return f"{self.get_result_display()} ({self.step})"
