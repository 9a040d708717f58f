"""The home page of every role: what do I do next?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core import clock
from core.http import SignedInRequest, render_page
from evaluations.models import Dossier
from movement.models import Campaign, Milestone
from reports import figures, work
from units.models import UnitApplication, User
from units.roles import DOSSIER_ROLES, REGISTRY_ROLES, RESULT_ROLES, UNIT_ROLES, UnitKind


def home(request: SignedInRequest) -> HttpResponse:
    """“Việc của tôi”: overdue, due, returned, and for those who look after an area how its units stand."""
    user = request.user
    today = clock.today()
    queue = work.queue_of(user, today)
    campaign = Campaign.objects.visible_to(user).open().filter(is_trial=False).order_by("-year").first()
    looks_after_area = user.has_any_role(RESULT_ROLES)
    context = {
        "queue": queue,
        "groups": [group for group in _groups(queue) if group["items"]],
        "today": today,
        "campaign": campaign,
        "is_unit": user.has_any_role(UNIT_ROLES) and not user.has_any_role(REGISTRY_ROLES),
        "progress": figures.progress_of(campaign, user) if campaign and looks_after_area else None,
        "milestones": _milestones(campaign, today) if campaign else [],
        "applications": UnitApplication.objects.filter(applicant=user).exclude(state="confirmed"),
        "own_dossiers": _own_dossiers(user),
        "overdue_tone": "bad" if queue.overdue else "",
        "waiting": figures.waiting_for(user) if user.has_any_role(DOSSIER_ROLES) else None,
        "has_no_role": not user.current_grants().in_areas and not user.current_grants().in_units,
    }
    return render_page(request, "reports/home.html", context)


def _groups(queue: work.WorkQueue) -> list[dict[str, object]]:
    """The three groups of the queue as the table draws them."""
    return [
        {"label": _("Quá hạn"), "items": queue.overdue, "shape": "overdue", "tone": "late"},
        {"label": _("Đến hạn trong 3 ngày"), "items": queue.soon, "shape": "clock", "tone": "soon"},
        {"label": _("Còn thời gian"), "items": queue.later, "shape": "", "tone": ""},
    ]


def _own_dossiers(user: User) -> list[Dossier]:
    """The user's dossiers of all years with the one line that a unit may see of each (ruling 7)."""
    rows = (
        Dossier.objects.visible_to(user)
        .filter(participation__unit__in=user.current_grants().unit_ids)
        .select_related("participation__campaign", "recognition__decision")
        .order_by("-participation__campaign__year", "participation__sort_key")
    )
    dossiers = list(rows)
    for dossier in dossiers:
        dossier.line = f"{dossier.participation.name} · {dossier.participation.code}"  # type: ignore[attr-defined]
        dossier.tone, dossier.label = work.unit_view_of(dossier)  # type: ignore[attr-defined]
    return dossiers


def _kinds(milestones: list[Milestone]) -> str:
    return ", ".join(str(row.get_unit_kind_display()).lower() for row in milestones)


def _milestones(campaign: Campaign, today: object) -> list[Milestone]:
    """The next dates of the calendar, one line per date and step."""
    rows = Milestone.objects.filter(campaign=campaign, due_on__gte=today).order_by("due_on", "code", "unit_kind")
    merged: dict[tuple[object, str], list[Milestone]] = {}
    for row in rows:
        merged.setdefault((row.due_on, row.code), []).append(row)
    lines = []
    for same in list(merged.values())[:4]:
        line = same[0]
        line.kinds = _("tất cả các loại đơn vị") if len(same) == len(UnitKind) else _kinds(same)  # type: ignore[attr-defined]
        lines.append(line)
    return lines
