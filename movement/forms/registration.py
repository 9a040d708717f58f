"""The registration as its unit fills it in, and the acts that need a word or a password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import files
from core.forms import IntegerField, OnceForm
from core.signing import SigningForm
from core.uploads import ACCEPT, Accepted, gate, refuse_secrecy
from movement import operations, transitions
from movement.models import Registration
from units.models import User
from units.roles import UnitKind

PAPER = "signed_paper"


class RegistrationForm(OnceForm):
    """Bản đăng ký phấn đấu: what the unit strives for, its resolution and plan, and the households of a residential area."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    goals = forms.CharField(
        label=_("Nội dung phấn đấu trong năm"),
        widget=forms.Textarea({"rows": 6}),
        max_length=4000,
        validators=[refuse_secrecy],
        help_text=_("Đơn vị sẽ làm gì để đạt tiêu chuẩn trong năm nay. Nội dung này được in trong bản cam kết."),
    )
    resolution_number = forms.CharField(
        label=_("Nghị quyết của cấp ủy: số, ngày"),
        max_length=120,
        required=False,
        validators=[refuse_secrecy],
        help_text=_("Ví dụ: 05-NQ/CB ngày 12/01/2026. Nơi không có tổ chức Đảng thì để trống."),
    )
    plan_number = forms.CharField(
        label=_("Kế hoạch bảo đảm an ninh, trật tự: số, ngày"),
        max_length=120,
        required=False,
        validators=[refuse_secrecy],
        help_text=_("Ví dụ: 03/KH-THCS ngày 15/01/2026."),
    )
    household_total = IntegerField(label=_("Tổng số hộ đang cư trú"), min_value=1, max_value=100_000)
    household_signed_up = IntegerField(
        label=_("Số hộ đăng ký tham gia"),
        min_value=0,
        max_value=100_000,
        help_text=_("Điều 4 khoản 1 Thông tư 124/2021/TT-BCA: 100% hộ đang cư trú đăng ký tham gia. 99,9% là chưa đạt."),
    )

    def __init__(self, *args: Any, actor: User, registration: Registration, on_behalf: bool, **kwargs: Any) -> None:
        participation = registration.participation
        count = getattr(participation, "household_count", None)
        initial = {
            "version": registration.version,
            "goals": registration.goals,
            "resolution_number": registration.resolution_number,
            "plan_number": registration.plan_number,
            "household_total": count.total if count else participation.unit.household_count,
            "household_signed_up": count.signed_up if count else None,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.actor, self.registration, self.on_behalf = actor, registration, on_behalf
        if participation.kind == UnitKind.RESIDENTIAL_AREA:
            del self.fields["plan_number"]  # TT 124/2021, Đ9.2.a: a plan is not asked of a residential area
            for name in ("household_total", "household_signed_up"):
                self.fields[name].widget.attrs |= {
                    "hx-get": reverse("movement:registration-share", args=[registration.pk]),
                    "hx-trigger": "input changed delay:300ms",
                    "hx-include": "[name^=household_]",
                    "hx-target": "#ty-le-ho",
                }
        else:
            del self.fields["household_total"], self.fields["household_signed_up"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        total, signed_up = cleaned.get("household_total"), cleaned.get("household_signed_up")
        if total is not None and signed_up is not None and signed_up > total:
            self.add_error("household_signed_up", _("Không được lớn hơn tổng số hộ đang cư trú."))
        return cleaned

    def save(self, *, at: datetime) -> Registration:
        values = {"plan_number": "", **{name: value for name, value in self.cleaned_data.items() if name != "once"}}
        return operations.save_registration(self.registration, actor=self.actor, at=at, on_behalf=self.on_behalf, **values)


class SignForm(SigningForm):
    """The signature: the password is asked again, a late one says why, on behalf the signed paper is attached."""

    signed_paper = forms.FileField(
        label=_("Bản scan giấy đăng ký, cam kết đã ký"),
        widget=forms.ClearableFileInput({"accept": ACCEPT}),
        help_text=_("PDF, JPG hoặc PNG, không quá 10 MB, có chữ ký của thủ trưởng đơn vị."),
    )
    late_reason = forms.CharField(
        label=_("Lý do đăng ký muộn"), widget=forms.Textarea({"rows": 3}), max_length=1000, validators=[refuse_secrecy]
    )
    agree = forms.BooleanField(
        label=_("Tôi đã đọc bản đăng ký, cam kết và chịu trách nhiệm về nội dung."),
        error_messages={"required": _("Hãy đánh dấu vào ô này trước khi ký.")},
    )

    def __init__(self, *args: Any, actor: User, registration: Registration, is_late: bool, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, initial={"late_reason": registration.late_reason}, **kwargs)
        self.registration = registration
        if not registration.on_behalf:
            del self.fields[PAPER]
        if not is_late:
            del self.fields["late_reason"]

    def clean_signed_paper(self) -> Accepted:
        return gate(self.cleaned_data[PAPER], actor=self.actor, target=self.registration)

    def save(self, *, at: datetime) -> Registration:
        paper: Accepted | None = self.cleaned_data.get(PAPER)
        stored = None
        if paper is not None:
            stored = files.store_bytes(
                paper.data, name=paper.name, content_type=paper.content_type, purpose="registration.paper", created_by=self.actor
            )
        reason = self.cleaned_data.get("late_reason", "")
        return transitions.sign_registration(self.registration, actor=self.actor, at=at, signed_paper=stored, late_reason=reason)


class ReasonForm(OnceForm):
    """An act that the other side must be able to understand."""

    reason = forms.CharField(label=_("Lý do"), widget=forms.Textarea({"rows": 4}), max_length=1000, validators=[refuse_secrecy])

    def __init__(self, *args: Any, label: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text
