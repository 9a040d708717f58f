"""Forms of the unit's side beside the answers: files, the meeting, on behalf, submission."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import clock, uploads
from core.forms import OnceForm, VietnameseDateField
from core.transitions import Actor
from evaluations.models import SelfReview

EMPTY_ROWS = 3


class ManyFilesInput(forms.ClearableFileInput):
    """Several files at once; a phone offers its camera too."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """All files of one field, as a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not given and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(ManyFilesField, self).clean(each, initial) for each in given]


def _files_input(*, many: bool) -> forms.FileInput:
    attrs = {"accept": uploads.ACCEPT}
    return ManyFilesInput({**attrs, "multiple": True}) if many else forms.FileInput(attrs)


class EvidenceForm(OnceForm):
    """Files for one question, or where the paper is kept; both may say which days they are about."""

    attached = ManyFilesField(
        label=_("Chọn tệp"), required=False, widget=_files_input(many=True), help_text=_("PDF, JPG hoặc PNG, mỗi tệp tối đa 10 MB.")
    )
    held_on_paper = forms.CharField(
        label=_("Hoặc bản giấy lưu tại"),
        required=False,
        max_length=200,
        help_text=_("Ví dụ: tủ hồ sơ văn phòng, tập số 3."),
        widget=forms.TextInput({"class": "by-w-l"}),
        validators=[uploads.refuse_secrecy],
    )
    about_from = VietnameseDateField(label=_("Nội dung từ ngày"), required=False)
    about_to = VietnameseDateField(label=_("Đến ngày"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, actor: Actor, target: models.Model) -> None:
        super().__init__(data, files)
        self.actor = actor
        self.target = target

    def clean_attached(self) -> list[uploads.Accepted]:
        return _gated(self.cleaned_data["attached"], actor=self.actor, target=self.target)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["attached"] and not cleaned["held_on_paper"]:
            self.add_error("attached", _("Chọn tệp, hoặc ghi bản giấy lưu ở đâu."))
        start, end = cleaned.get("about_from"), cleaned.get("about_to")
        if start and end and end < start:
            self.add_error("about_to", _("Phải sau ngày bắt đầu."))
        return cleaned


def _gated(given: list[UploadedFile], *, actor: Actor, target: models.Model) -> list[uploads.Accepted]:
    """Every file through the gate; all refusals are told at once."""
    accepted, refusals = [], []
    for each in given:
        try:
            accepted.append(uploads.gate(each, actor=actor, target=target))
        except ValidationError as refusal:
            refusals += refusal.error_list
    if refusals:
        raise ValidationError(refusals)
    return accepted


class SignedPaperForm(OnceForm):
    """The scan of the paper that the head signed."""

    file = forms.FileField(label=_("Bản scan giấy đã ký"), widget=_files_input(many=False), help_text=_("PDF, JPG hoặc PNG, tối đa 10 MB."))

    def __init__(self, data: Any = None, files: Any = None, *, actor: Actor, target: models.Model) -> None:
        super().__init__(data, files)
        self.actor = actor
        self.target = target

    def clean_file(self) -> uploads.Accepted:
        return uploads.gate(self.cleaned_data["file"], actor=self.actor, target=self.target)


class OnBehalfForm(OnceForm):
    """Why the commune writes for the unit."""

    reason = forms.CharField(
        label=_("Lý do xã nhập thay"),
        max_length=400,
        widget=forms.Textarea({"rows": 2, "class": "by-w-l"}),
        validators=[uploads.refuse_secrecy],
    )


class TimeField(forms.TimeField):
    """A time of day, 19:30 or 19h30."""

    widget = forms.TimeInput(format="%H:%M", attrs={"class": "by-w-s", "inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> time | None:
        plain = str(value or "").strip().lower().replace("giờ", ":").replace("h", ":").replace(" ", "").removesuffix(":")
        return super().to_python(plain if ":" in plain or not plain else f"{plain}:00")


class SelfReviewForm(OnceForm):
    """Biên bản họp tự đánh giá: when, where, who led, wrote and took part (TT 124/2021, Đ9.1)."""

    held_on = VietnameseDateField(label=_("Ngày họp"), help_text=_("Ví dụ 11/11/2026."))
    starts_at = TimeField(label=_("Bắt đầu lúc"), help_text=_("Ví dụ 19:30."), error_messages={"invalid": _("Giờ phải có dạng 19:30.")})
    ends_at = TimeField(label=_("Kết thúc lúc"), error_messages={"invalid": _("Giờ phải có dạng 19:30.")})
    place = forms.CharField(label=_("Địa điểm"), max_length=160, widget=forms.TextInput({"class": "by-w-l"}))
    chair = forms.CharField(
        label=_("Chủ trì"), max_length=160, help_text=_("Họ tên, chức vụ."), widget=forms.TextInput({"class": "by-w-l"})
    )
    secretary = forms.CharField(
        label=_("Thư ký"), max_length=160, help_text=_("Họ tên, chức vụ."), widget=forms.TextInput({"class": "by-w-l"})
    )
    opinions = forms.CharField(
        label=_("Ý kiến tại cuộc họp"),
        required=False,
        max_length=4000,
        help_text=_("Mỗi ý kiến một dòng; không ghi nội dung mật."),
        widget=forms.Textarea({"rows": 4, "class": "by-w-l"}),
        validators=[uploads.refuse_secrecy],
    )

    def __init__(self, data: Any = None, *, review: SelfReview | None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=_initial_of(review) if review else initial)
        self.participants = ParticipantFormSet(
            data, prefix="nguoi", initial=review.participants if review else (initial or {}).get("participants")
        )

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.participants.is_valid()])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends < starts:
            self.add_error("ends_at", _("Phải sau giờ bắt đầu."))
        if cleaned.get("held_on") and ends and _local(cleaned["held_on"], ends) > clock.now():
            self.add_error("held_on", _("Cuộc họp phải diễn ra rồi mới lập biên bản."))
        return cleaned

    def meeting(self) -> dict[str, Any]:
        """The keywords of ``record_self_review``."""
        data = self.cleaned_data
        return {
            "held_at": _local(data["held_on"], data["starts_at"]),
            "ended_at": _local(data["held_on"], data["ends_at"]),
            "participants": [row for row in self.participants.cleaned_data if row.get("name")],
            **{name: data[name] for name in ("place", "chair", "secretary", "opinions")},
        }


def _local(day: Any, clock_time: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock_time))


def _initial_of(review: SelfReview) -> dict[str, Any]:
    starts, ends = timezone.localtime(review.held_at), timezone.localtime(review.ended_at or review.held_at)
    return {
        "held_on": starts.date(),
        "starts_at": starts.time(),
        "ends_at": ends.time(),
        **{name: getattr(review, name) for name in ("place", "chair", "secretary", "opinions")},
    }


class ParticipantForm(forms.Form):
    """Somebody who took part: name and post or organisation, no more."""

    name = forms.CharField(label=_("Họ và tên"), required=False, max_length=120, widget=forms.TextInput({"class": "by-w-m"}))
    post = forms.CharField(label=_("Chức vụ, tổ chức"), required=False, max_length=160, widget=forms.TextInput({"class": "by-w-m"}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name, post = cleaned.get("name", ""), cleaned.get("post", "")
        if name and not post:
            self.add_error("post", _("Ghi chức vụ hoặc tổ chức."))
        if post and not name:
            self.add_error("name", _("Ghi họ và tên."))
        uploads.refuse_secrecy(f"{name}\n{post}")
        return cleaned


class BaseParticipants(forms.BaseFormSet):
    def clean(self) -> None:
        rows = [form.cleaned_data for form in self.forms if hasattr(form, "cleaned_data")]
        if not any(self.errors) and not any(row.get("name") for row in rows):
            raise ValidationError(_("Ghi ít nhất một người dự họp."))


ParticipantFormSet = forms.formset_factory(ParticipantForm, formset=BaseParticipants, extra=EMPTY_ROWS, max_num=60, absolute_max=80)


class SubmitForm(OnceForm):
    """The head's word before signing."""

    sworn = forms.BooleanField(
        label=_("Tôi cam đoan nội dung trên là đúng và hồ sơ không có thông tin thuộc bí mật nhà nước."),
        error_messages={"required": _("Hãy đánh dấu lời cam đoan trước khi nộp.")},
    )
    nothing_will_change = forms.BooleanField(
        label=_("Kỳ đánh giá chưa hết. Tôi xác nhận đến ngày cuối kỳ không có gì thay đổi; nếu có, tôi sẽ rút hồ sơ và nộp lại."),
        error_messages={"required": _("Hãy xác nhận, hoặc nộp sau ngày cuối kỳ đánh giá.")},
    )

    def __init__(self, data: Any = None, *, is_early: bool) -> None:
        super().__init__(data)
        if not is_early:
            del self.fields["nothing_will_change"]
