"""Forms of a committee session: planning, agenda, attendance, the ballot, a conflict of interest."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import Checks, ChoiceRow, OnceForm, Radios, VietnameseDateField
from core.uploads import refuse_secrecy
from evaluations.models import AgendaItem, CommitteeSession, Vote
from evaluations.operations import session as sessions
from movement.models import Campaign, CommitteeMembership, SteeringCommittee
from units.models import User


class PlanSessionForm(OnceForm):
    """When and where a committee meets, and who writes the minutes."""

    committee = forms.ModelChoiceField(SteeringCommittee.objects.none(), label=_("Ban Chỉ đạo"), empty_label=None)
    campaign = forms.ModelChoiceField(Campaign.objects.none(), label=_("Đợt"), empty_label=None)
    mode = forms.ChoiceField(
        label=_("Hình thức"),
        choices=[("meeting", _("Họp")), ("written", _("Lấy ý kiến bằng văn bản"))],
        initial=CommitteeSession.Mode.MEETING,
        widget=Radios(
            descriptions={"meeting": _("Họp tại chỗ, bỏ phiếu trên hệ thống."), "written": _("Từng thành viên gửi ý kiến từ xa.")}
        ),
    )
    held_on = VietnameseDateField(label=_("Ngày họp"))
    held_time = forms.TimeField(
        label=_("Giờ họp"),
        input_formats=["%H:%M", "%Hh%M", "%H giờ %M", "%H"],
        widget=forms.TextInput({"class": "by-w-s", "placeholder": "14:00", "autocomplete": "off"}),
        error_messages={"invalid": _("Giờ phải có dạng 14:00.")},
    )
    place = forms.CharField(label=_("Địa điểm"), max_length=160)
    secretary = forms.CharField(label=_("Thư ký"), max_length=160)

    def __init__(self, *args: Any, actor: User, committees: Any, campaigns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["committee"].queryset = committees  # type: ignore[attr-defined]
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]

    def save(self, *, at: datetime) -> CommitteeSession:
        data = self.cleaned_data
        held_at = timezone.make_aware(datetime.combine(data["held_on"], data["held_time"] or time()))
        return sessions.plan_session(
            committee=data["committee"],
            campaign=data["campaign"],
            mode=data["mode"],
            held_at=held_at,
            place=data["place"],
            secretary=data["secretary"],
            actor=self.actor,
            at=at,
        )


class AgendaForm(OnceForm):
    """The proposed dossiers that come before this session."""

    dossiers = forms.TypedMultipleChoiceField(label=_("Hồ sơ đưa ra xét"), coerce=int, widget=Checks, required=False)

    def __init__(self, *args: Any, session: CommitteeSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        candidates = sessions.agenda_candidates(session).select_related("participation")
        self.fields["dossiers"].choices = [  # type: ignore[attr-defined]
            (
                row.pk,
                f"{row.participation.name} · {row.participation.get_kind_display()} · {_('đề xuất')} {row.get_result_display().lower()}",
            )
            for row in candidates
        ]
        self.initial["dossiers"] = list(session.items.values_list("dossier", flat=True)) or [row.pk for row in candidates]


class AttendanceForm(OnceForm):
    """Who is in the room."""

    members = forms.TypedMultipleChoiceField(label=_("Thành viên có mặt"), coerce=int, widget=Checks, required=False)

    def __init__(self, *args: Any, session: CommitteeSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = list(session.attendances.select_related("member"))
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (seat.member_id, f"{seat.member.full_name}, {seat.member.get_seat_display()}") for seat in seats
        ]
        self.initial["members"] = [seat.member_id for seat in seats if seat.is_present]


class BallotForm(OnceForm):
    """The own ballot; an opinion is wanted with a no."""

    choice = forms.ChoiceField(
        label=_("Công nhận đạt tiêu chuẩn?"),
        choices=[("met", _("Đồng ý")), ("not_met", _("Không đồng ý")), ("abstain", _("Không biểu quyết"))],
        widget=ChoiceRow(bad=frozenset({"not_met"})),
        error_messages={"required": _("Hãy chọn ý kiến biểu quyết.")},
    )
    note = forms.CharField(
        label=_("Ý kiến"),
        help_text=_("Khi không đồng ý thì phải ghi lý do."),
        required=False,
        max_length=400,
        widget=forms.Textarea({"rows": 2}),
        validators=[refuse_secrecy],
    )

    def __init__(self, *args: Any, vote: Vote | None = None, **kwargs: Any) -> None:
        initial = {"choice": vote.choice, "note": vote.note} if vote else {}
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> None:
        if self.cleaned_data.get("choice") == "not_met" and not self.cleaned_data.get("note"):
            self.add_error("note", _("Hãy ghi ý kiến khi không đồng ý công nhận."))


class ConflictForm(OnceForm):
    """Who does not take part in an item, and why; a member only for the own seat."""

    member = forms.ModelChoiceField(CommitteeMembership.objects.none(), label=_("Thành viên"), empty_label=None)
    ground = forms.CharField(
        label=_("Lý do không tham gia"),
        max_length=250,
        help_text=_("Ví dụ: vợ của Trưởng bản; cổ đông của công ty."),
        validators=[refuse_secrecy],
    )

    def __init__(self, *args: Any, item: AgendaItem, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["member"].queryset = members  # type: ignore[attr-defined]
