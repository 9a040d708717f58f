"""A campaign with its calendar, one group of dates per kind of unit."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm, VietnameseDateField
from core.transitions import Actor
from movement import operations
from movement.calendar import Calendar, Milestones, Windows
from movement.models import Campaign, MilestoneCode
from units.models import Area
from units.roles import UnitKind

FIRST, LAST = "first", "last"


class CampaignForm(OnceForm):
    """Draws up a new campaign, or changes a draft; the calendar comes filled in."""

    title = forms.CharField(label=_("Tên đợt"), max_length=200)
    starts_on = VietnameseDateField(label=_("Đợt bắt đầu ngày"))
    closes_on = VietnameseDateField(label=_("Đợt kết thúc hết ngày"))
    is_trial = forms.BooleanField(
        label=_("Đây là đợt chạy thử"),
        required=False,
        help_text=_("Mã hồ sơ của đợt chạy thử bắt đầu bằng THU và không lấy số của đợt thật."),
    )

    def __init__(
        self, *args: Any, actor: Actor, province: Area, year: int, calendar: Calendar, campaign: Campaign | None = None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"title": _("Xét công nhận đạt tiêu chuẩn “An toàn về an ninh, trật tự” năm %(year)s") % {"year": year}}
        initial |= {"starts_on": calendar.starts_on, "closes_on": calendar.closes_on}
        if campaign is not None:
            initial = {"title": campaign.title, "starts_on": campaign.starts_on, "closes_on": campaign.closes_on}
        super().__init__(*args, initial=initial, **kwargs)
        self.actor, self.province, self.year, self.campaign = actor, province, year, campaign
        if campaign is not None:
            del self.fields["is_trial"]
        for kind in UnitKind.values:
            first, last = calendar.windows[kind]
            self._add_day(FIRST, kind, _("Kỳ đánh giá từ ngày"), first)
            self._add_day(LAST, kind, _("Kỳ đánh giá đến hết ngày"), last)
            for code in MilestoneCode:
                self._add_day(code, kind, code.label, calendar.milestones[kind, code])

    def _add_day(self, name: str, kind: str, label: Any, day: date) -> None:
        self.fields[f"{name}_{kind}"] = VietnameseDateField(label=label, initial=day)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The dates by kind of unit, for the page."""
        names = [FIRST, LAST, *MilestoneCode.values]
        return [(str(UnitKind(kind).label), [self[f"{name}_{kind}"] for name in names]) for kind in UnitKind.values]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._follow(cleaned, "starts_on", "closes_on", _("Phải từ ngày bắt đầu đợt trở đi."))
        for kind in UnitKind.values:
            self._follow(cleaned, f"{FIRST}_{kind}", f"{LAST}_{kind}", _("Phải từ ngày bắt đầu kỳ đánh giá trở đi."))
            for earlier, later in pairwise(MilestoneCode):
                message = _("Không được trước hạn “%(step)s”.") % {"step": earlier.label}
                self._follow(cleaned, f"{earlier}_{kind}", f"{later}_{kind}", message)
        return cleaned

    def _follow(self, cleaned: dict[str, Any], earlier: str, later: str, message: Any) -> None:
        first, last = cleaned.get(earlier), cleaned.get(later)
        if first and last and last < first:
            self.add_error(later, message)

    def save(self, *, at: datetime) -> Campaign:
        data = self.cleaned_data
        windows: Windows = {kind: (data[f"{FIRST}_{kind}"], data[f"{LAST}_{kind}"]) for kind in UnitKind.values}
        milestones: Milestones = {(kind, code): data[f"{code}_{kind}"] for kind in UnitKind.values for code in MilestoneCode.values}
        common: dict[str, Any] = {name: data[name] for name in ("title", "starts_on", "closes_on")}
        common |= {"windows": windows, "milestones": milestones, "actor": self.actor, "at": at}
        if self.campaign is not None:
            return operations.change_campaign(self.campaign, **common)
        return operations.create_campaign(province=self.province, year=self.year, is_trial=data["is_trial"], **common)
