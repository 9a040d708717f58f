"""The year's calendar: windows and last days per kind of unit, and the last day that holds for one unit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import DateField, Max, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest

from core import clock
from movement.models import AssessmentWindow, Extension, Milestone, MilestoneCode, Participation
from units.roles import UnitKind

Windows = dict[str, tuple[date, date]]
Milestones = dict[tuple[str, str], date]


class Calendar(NamedTuple):
    """Assessment window per kind, last day per kind and step."""

    windows: Windows
    milestones: Milestones

    @property
    def starts_on(self) -> date:
        """The first day of the year that is assessed."""
        return date(max(ends_on for _starts_on, ends_on in self.windows.values()).year, 1, 1)

    @property
    def closes_on(self) -> date:
        """The last day of the year in which the last step falls."""
        return date(max(self.milestones.values()).year, 12, 31)


def default_calendar(year: int) -> Calendar:
    """The calendar of TT 124/2021 for a year; “trước ngày 15/11” is read as 14/11 (ruling 23)."""
    residential = UnitKind.RESIDENTIAL_AREA
    windows: Windows = {
        kind: (date(year - 1, 11, 1), date(year, 10, 31)) if kind == residential else (date(year - 1, 11, 16), date(year, 11, 15))
        for kind in UnitKind.values  # Đ8.2
    }
    milestones: Milestones = {}
    for kind in UnitKind.values:
        milestones |= {
            (kind, MilestoneCode.REGISTRATION): date(year, 3, 31),  # Đ4.1, 5.1, 6.1, 7.1: quý I
            (kind, MilestoneCode.SUBMISSION): date(year, 11, 12 if kind == residential else 16),  # ruling 45
            (kind, MilestoneCode.APPRAISAL): date(year, 11, 13 if kind == residential else 18),
            (kind, MilestoneCode.DECISION): date(year, 11, 14 if kind == residential else 19),  # Đ9.1
        }
    return Calendar(windows, milestones)


def demo_calendar(around: date) -> Calendar:
    """A calendar laid around a day on which every step of the year is possible: the window is over, no last day has passed (ruling 37)."""
    window = (around - timedelta(days=365), around - timedelta(days=1))
    days = {MilestoneCode.REGISTRATION: 30, MilestoneCode.SUBMISSION: 45, MilestoneCode.APPRAISAL: 55, MilestoneCode.DECISION: 60}
    milestones: Milestones = {(kind, code): around + timedelta(days=later) for kind in UnitKind.values for code, later in days.items()}
    return Calendar(dict.fromkeys(UnitKind.values, window), milestones)


def due_on_expression(code: str, *, participation: str = "") -> Combinable:
    """The last day of a step for a row of participations, or of rows that reach one by the path ``participation``.

    An extension for the kind or for this unit moves the day back, never forward.
    """
    path = f"{participation}__" if participation else ""
    campaign, kind, pk = OuterRef(f"{path}campaign"), OuterRef(f"{path}kind"), OuterRef(f"{path}pk")
    milestone = Milestone.objects.filter(campaign=campaign, unit_kind=kind, code=code).values("due_on")[:1]
    extension = (
        Extension.objects.filter(campaign=campaign, code=code)
        .filter(Q(unit_kind=kind) | Q(participation=pk))
        .order_by()
        .values("campaign")
        .annotate(latest=Max("due_on"))
        .values("latest")
    )
    return Greatest(Subquery(milestone, output_field=DateField()), Subquery(extension, output_field=DateField()))


def due_on(participation: Participation, code: str) -> date:
    """The last day of a step for one unit, extensions included."""
    rows = Participation.objects.filter(pk=participation.pk).annotate(due_on=due_on_expression(code))
    found: date | None = rows.values_list("due_on", flat=True).get()
    if found is None:
        raise Milestone.DoesNotExist(f"campaign {participation.campaign_id}, {participation.kind}: no day for {code}")
    return found


def is_late(participation: Participation, code: str, *, at: datetime) -> bool:
    """Whether the last day of a step is over at an instant; it ends at midnight in Asia/Ho_Chi_Minh."""
    return clock.local_date(at) > due_on(participation, code)


def window_of(participation: Participation) -> AssessmentWindow:
    """Kỳ đánh giá of the unit in its campaign."""
    return AssessmentWindow.objects.get(campaign=participation.campaign_id, unit_kind=participation.kind)
