"""A steering committee and its seats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import IntegerField, OnceForm, VietnameseDateField
from movement import operations
from movement.models import CommitteeMembership, SteeringCommittee
from units.models import Authority, RoleGrant, User
from units.querysets import current
from units.roles import COMMITTEE_ROLES


class CommitteeForm(OnceForm):
    """Founds a committee, or corrects one."""

    name = forms.CharField(label=_("Tên Ban Chỉ đạo"), max_length=250, help_text=_("Ghi đúng như quyết định thành lập."))
    symbol = forms.CharField(label=_("Ký hiệu trên văn bản"), max_length=20, initial="BCĐ")
    founding_reference = forms.CharField(
        label=_("Quyết định thành lập: số, ngày"), max_length=160, help_text=_("Ví dụ: Quyết định số 12/QĐ-UBND ngày 15/7/2025.")
    )
    valid_from = VietnameseDateField(label=_("Có hiệu lực từ ngày"))
    valid_to = VietnameseDateField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu còn hiệu lực."))

    def __init__(self, *args: Any, actor: User, authority: Authority, committee: SteeringCommittee | None = None, **kwargs: Any) -> None:
        names = ("name", "symbol", "founding_reference", "valid_from", "valid_to")
        initial = {name: getattr(committee, name) for name in names} if committee else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.actor, self.authority, self.committee = actor, authority, committee

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        _judge_span(self, cleaned)
        return cleaned

    def save(self, *, at: datetime) -> SteeringCommittee:
        values = {name: value for name, value in self.cleaned_data.items() if name != "once"}
        if self.committee is not None:
            return operations.change_committee(self.committee, actor=self.actor, at=at, **values)
        return operations.found_committee(authority=self.authority, actor=self.actor, at=at, **values)


class MemberForm(OnceForm):
    """A seat: who, with which post, as what, in which order and from when."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Tài khoản biểu quyết"),
        required=False,
        empty_label=_("Chưa có tài khoản"),
        help_text=_("Chỉ liệt kê tài khoản có vai trò thành viên hoặc Trưởng Ban Chỉ đạo tại địa bàn này."),
    )
    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    post = forms.CharField(label=_("Chức vụ"), max_length=160, help_text=_("Ví dụ: Chủ tịch Ủy ban Mặt trận Tổ quốc xã."))
    seat = forms.ChoiceField(label=_("Vai trò trong Ban Chỉ đạo"), choices=CommitteeMembership.Seat.choices)
    position = IntegerField(label=_("Thứ tự"), min_value=1, max_value=99)
    valid_from = VietnameseDateField(label=_("Từ ngày"))
    valid_to = VietnameseDateField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu đang đảm nhiệm."))

    def __init__(
        self, *args: Any, actor: User, committee: SteeringCommittee, member: CommitteeMembership | None = None, on: Any, **kwargs: Any
    ) -> None:
        names = ("user", "full_name", "post", "seat", "position", "valid_from", "valid_to")
        initial: dict[str, Any] = {name: getattr(member, name) for name in names} if member else {}
        super().__init__(*args, initial=initial or {"valid_from": on, "seat": CommitteeMembership.Seat.MEMBER}, **kwargs)
        self.actor, self.committee, self.member = actor, committee, member
        grants = RoleGrant.objects.filter(current(on), role__in=COMMITTEE_ROLES, area=committee.authority.area_id)
        accounts: forms.ModelChoiceField = self.fields["user"]  # type: ignore[assignment]
        accounts.queryset = User.objects.filter(pk__in=[*grants.values_list("user", flat=True), *([member.user_id] if member else [])])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        _judge_span(self, cleaned)
        return cleaned

    def save(self, *, at: datetime) -> CommitteeMembership:
        values = {name: value for name, value in self.cleaned_data.items() if name != "once"}
        if self.member is not None:
            return operations.change_member(self.member, actor=self.actor, at=at, **values)
        return operations.add_member(self.committee, actor=self.actor, at=at, **values)


def _judge_span(form: forms.Form, cleaned: dict[str, Any]) -> None:
    first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
    if first and last and last < first:
        form.add_error("valid_to", _("Phải từ ngày bắt đầu trở đi."))
