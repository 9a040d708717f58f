"""The screen that opens a campaign: the movement knows no checklist, so it lives here (ruling 30)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import SignedInRequest, act, render_page
from evaluations.forms.campaign import PlanForm
from evaluations.operations.campaign import open_campaign_with_plans
from movement.models import Campaign
from movement.policies import can_open_campaign
from movement.states import CampaignState


def campaign_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm checklist, quorum and majority of every kind, then open and invite."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("province"), pk=pk)
    if not can_open_campaign(request.user, campaign):
        raise PermissionDenied
    page = reverse("movement:campaign-detail", args=[campaign.pk])
    if campaign.state != CampaignState.DRAFT:
        return redirect(page)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def effect() -> str:
            open_campaign_with_plans(campaign, actor=request.user, at=clock.now(), plans=form.plans())
            return page

        return act(request, effect, done=_("Đã mở đợt. Hệ thống đang mời các đơn vị."), back=page)
    context = {"campaign": campaign, "form": form}
    return render_page(request, "evaluations/campaign_open_form.html", context, status=422 if form.is_bound else 200)
