"""Reminders of the last day of submission, computed from the calendar: a missed tick of the clock loses nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db.models import DateField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, notices
from core.formats import day
from evaluations.models import Dossier, Return
from evaluations.states import ANSWERABLE_STATES
from movement.calendar import due_on_expression
from movement.models import MilestoneCode
from movement.states import CampaignState
from units.models import RoleGrant
from units.querysets import current
from units.roles import UNIT_ROLES

STEPS = (7, 3, 1)


def send_deadline_notices(*, at: datetime) -> int:
    """Tell the people of units whose dossier is not submitted, at most once per step and last day; answers how many were told."""
    today = clock.local_date(at)
    last_return = Return.objects.filter(dossier=OuterRef("pk")).order_by("-number").values("due_on")[:1]
    waiting = (
        Dossier.objects.filter(
            state__in=ANSWERABLE_STATES, participation__campaign__state=CampaignState.OPEN, participation__ineligible_citation=""
        )
        .annotate(
            last_day=Coalesce(
                Subquery(last_return, output_field=DateField()),
                due_on_expression(MilestoneCode.SUBMISSION, participation="participation"),
            )
        )
        .filter(last_day__gte=today, last_day__lte=today + timedelta(days=max(STEPS)))
        .values_list("pk", "participation__code", "participation__unit", "last_day", named=True)
    )
    rows = list(waiting)
    users = _users_of({row.participation__unit for row in rows}, today)
    return sum(_tell(row, users[row.participation__unit], today) for row in rows)


def _tell(row: tuple[int, str, int, date], users: list[int], today: date) -> int:
    pk, code, _unit, last_day = row
    left = (last_day - today).days
    step = min((each for each in STEPS if left <= each), default=STEPS[0])
    text = _("Hồ sơ %(code)s chưa nộp: hạn %(day)s, còn %(left)s ngày.") % {"code": code, "day": day(last_day), "left": left}
    if not left:
        text = _("Hồ sơ %(code)s chưa nộp: hôm nay %(day)s là hạn cuối.") % {"code": code, "day": day(last_day)}
    url = reverse("evaluations:dossier-detail", args=[pk])
    return len(notices.notify(users, text, url, key=f"dossier.due:{pk}:{last_day:%Y%m%d}:{step}"))


def _users_of(units: set[int], today: date) -> defaultdict[int, list[int]]:
    """Active people of each unit today."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    grants = RoleGrant.objects.filter(current(today), unit__in=units, role__in=UNIT_ROLES, user__is_active=True)
    for unit, user in grants.values_list("unit", "user"):
        found[unit].append(user)
    return found
