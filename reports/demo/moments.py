"""When each step of a year is taken: on the days of the campaign's calendar, or all at one instant in a demo laid around today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from movement.models import Campaign, Milestone, MilestoneCode


@dataclass(frozen=True)
class Moments:
    """Instants of the steps of one kind of unit."""

    register: datetime
    register_late: datetime
    submit: datetime
    appraise: datetime
    decide: datetime

    @classmethod
    def of_calendar(cls, campaign: Campaign, kind: str) -> Moments:
        """The mornings of the last days of the calendar, registration five weeks before its own."""
        days = dict(Milestone.objects.filter(campaign=campaign, unit_kind=kind).values_list("code", "due_on"))
        morning = {code: timezone.make_aware(datetime.combine(day, time(9, 0))) for code, day in days.items()}
        register = morning[MilestoneCode.REGISTRATION]
        return cls(
            register=register - timedelta(days=35),
            register_late=register + timedelta(days=10),
            submit=morning[MilestoneCode.SUBMISSION],
            appraise=morning[MilestoneCode.APPRAISAL],
            decide=morning[MilestoneCode.DECISION],
        )

    @classmethod
    def at_once(cls, at: datetime) -> Moments:
        return cls(at, at, at, at, at)
