"""Campaigns of a province: list, drawing up, and where its units stand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, jobs
from core.http import SignedInRequest, once, render_page
from core.models import Job
from core.transitions import DomainError
from movement import policies
from movement.calendar import Calendar, default_calendar
from movement.forms import CampaignForm
from movement.models import Campaign, MilestoneCode, Participation
from movement.states import CampaignState, RegistrationState
from units.models import Area
from units.roles import Role, UnitKind


def campaign_list(request: SignedInRequest) -> HttpResponse:
    """Campaigns in reach, newest year first."""
    campaigns = Campaign.objects.visible_to(request.user).select_related("province")
    at = clock.now()
    rows = [(campaign, campaign.is_open(at), campaign.state == CampaignState.DRAFT) for campaign in campaigns]
    return render_page(request, "movement/campaign_list.html", {"rows": rows, "can_create": request.user.has_role(Role.PROVINCE_OFFICER)})


def campaign_create(request: SignedInRequest) -> HttpResponse:
    """A new campaign of the officer's province; ``?nam=`` chooses the year whose calendar is laid out."""
    province = _own_province(request)
    year = _year(request, province)
    form = CampaignForm(request.POST or None, actor=request.user, province=province, year=year, calendar=default_calendar(year))
    return _edit(request, form, {"year": year, "province": province})


def campaign_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Title and calendar of a draft."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("province"), pk=pk)
    if not policies.can_open_campaign(request.user, campaign):
        raise PermissionDenied
    form = CampaignForm(
        request.POST or None,
        actor=request.user,
        province=campaign.province,
        year=campaign.year,
        calendar=_calendar_of(campaign),
        campaign=campaign,
    )
    return _edit(request, form, {"year": campaign.year, "province": campaign.province, "campaign": campaign})


def campaign_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Calendar, progress of the invitation, and how many units stand where; every number opens its rows."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("province", "job"), pk=pk)
    participations = Participation.objects.visible_to(request.user).filter(campaign=campaign)
    received, signed = Q(registration__state=RegistrationState.RECEIVED), Q(registration__state=RegistrationState.SIGNED)
    eligible = Q(ineligible_citation="")
    counts = {
        "invited": Count("pk"),
        "not_registered": Count("pk", filter=eligible & ~received),
        "waiting": Count("pk", filter=signed),
        "registered": Count("pk", filter=received),
        "late": Count("pk", filter=Q(registration__is_late=True)),
        "ineligible": Count("pk", filter=~eligible),
    }
    by_kind: dict[str, dict[str, Any]] = {row["kind"]: dict(row) for row in participations.order_by().values("kind").annotate(**counts)}
    context = {
        "campaign": campaign,
        "campaign_id": str(campaign.pk),
        "is_open": campaign.is_open(clock.now()),
        "is_draft": campaign.state == CampaignState.DRAFT,
        "may_open": policies.can_open_campaign(request.user, campaign) and campaign.state == CampaignState.DRAFT,
        "totals": {name: sum(row[name] for row in by_kind.values()) for name in counts},
        "kinds": [(kind, kind.label, by_kind[kind]) for kind in UnitKind if kind in by_kind],
        "calendar_rows": _calendar_rows(campaign),
        "steps": MilestoneCode.labels,
        **_job_context(request, campaign),
    }
    return render_page(request, "movement/campaign_detail.html", context)


def _edit(request: SignedInRequest, form: CampaignForm, context: dict[str, object]) -> HttpResponse:
    if form.is_valid():

        def effect() -> str:
            campaign = form.save(at=clock.now())
            messages.success(request, _("Đã lưu đợt “%(title)s”.") % {"title": campaign.title})
            return reverse("movement:campaign-detail", args=[campaign.pk])

        try:
            return once(request, effect)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    return render_page(request, "movement/campaign_form.html", {"form": form, **context}, status=422 if form.errors else 200)


def _own_province(request: SignedInRequest) -> Area:
    provinces = Area.objects.visible_to(request.user).filter(pk__in=request.user.current_grants().area_ids({Role.PROVINCE_OFFICER}))
    found = provinces.first()
    if found is None:
        raise PermissionDenied
    return found


def _year(request: SignedInRequest, province: Area) -> int:
    """The year asked for, which the form names too; a page opened without one offers the next year where this one has its campaign."""
    typed = request.GET.get("nam", "")
    this_year = clock.today().year
    if typed.isascii() and typed.isdigit() and len(typed) == 4 and abs(int(typed) - this_year) <= 5:
        return int(typed)
    if request.method == "POST":
        return this_year
    own = Campaign.objects.visible_to(request.user)
    return this_year + own.filter(province=province, year=this_year, is_trial=False).exists()


def _calendar_of(campaign: Campaign) -> Calendar:
    windows = {window.unit_kind: (window.starts_on, window.ends_on) for window in campaign.windows.all()}
    milestones = {(milestone.unit_kind, milestone.code): milestone.due_on for milestone in campaign.milestones.all()}
    default = default_calendar(campaign.year)
    return Calendar({**default.windows, **windows}, {**default.milestones, **milestones})


def _calendar_rows(campaign: Campaign) -> list[dict[str, object]]:
    calendar = _calendar_of(campaign)
    return [
        {
            "kind": UnitKind(kind).label,
            "first": calendar.windows[kind][0],
            "last": calendar.windows[kind][1],
            "days": [(code.label, calendar.milestones[kind, code]) for code in MilestoneCode],
        }
        for kind in UnitKind.values
    ]


def _job_context(request: SignedInRequest, campaign: Campaign) -> dict[str, object]:
    """The opening job for the province's officers; its own page belongs to who started it."""
    job = campaign.job
    if job is None or not policies.can_open_campaign(request.user, campaign):
        return {"job": None}
    progress = jobs.progress(job)
    return {
        "job": job,
        "progress": progress,
        "is_running": job.outcome == Job.Outcome.RUNNING,
        "job_tone": "bad" if progress.parked else "ok" if not progress.waiting else "info",
        "job_url": reverse("core:job-detail", args=[job.pk]) if job.created_by_id == request.user.pk else "",
    }
