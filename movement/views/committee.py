"""Steering committees: who sits in them, by which decision, from when to when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import SignedInRequest, once, render_page
from core.transitions import DomainError
from movement import policies
from movement.forms import CommitteeForm, MemberForm
from movement.models import CommitteeMembership, SteeringCommittee
from units.models import Area, Authority
from units.querysets import current
from units.roles import STANDING_OFFICE_ROLES


def committee_list(request: SignedInRequest) -> HttpResponse:
    """Committees in reach; an authority of the user's own places without one is told what to do."""
    today = clock.today()
    in_force = Q(memberships__valid_from__lte=today) & (Q(memberships__valid_to__isnull=True) | Q(memberships__valid_to__gte=today))
    seated = Count("memberships", filter=in_force)
    visible = SteeringCommittee.objects.visible_to(request.user).values("pk")  # a join of its own: the scope may repeat rows
    committees = (
        SteeringCommittee.objects.filter(pk__in=visible)
        .select_related("authority__area")
        .annotate(seated=seated)
        .order_by("authority__area__level", "authority__area__sort_key", "-valid_from")
    )
    context = {
        "rows": [(row, row.valid_to is None or row.valid_to >= today) for row in committees],
        "missing": _without_committee(request),
    }
    return render_page(request, "movement/committee_list.html", context)


def committee_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Founding decision and seats; those whose term is over stand below."""
    committee = _committee(request, pk)
    today = clock.today()
    members = list(committee.memberships.select_related("user"))
    seated = [member for member in members if member.valid_from <= today and (member.valid_to is None or member.valid_to >= today)]
    context = {
        "committee": committee,
        "members": seated,
        "others": [member for member in members if member not in seated],
        "has_chair": any(member.seat == CommitteeMembership.Seat.CHAIR for member in seated),
        "voting_count": sum(1 for member in seated if member.user_id),
        "may_change": policies.can_keep_committee(request.user, committee.authority),
    }
    return render_page(request, "movement/committee_detail.html", context)


def committee_create(request: SignedInRequest, authority_pk: int) -> HttpResponse:
    """Found the committee of an authority in reach."""
    authorities = Authority.objects.select_related("area").filter(area__in=Area.objects.visible_to(request.user))
    authority = get_object_or_404(authorities, pk=authority_pk)
    _refuse_strangers(request, authority)
    form = CommitteeForm(request.POST or None, actor=request.user, authority=authority)
    return _save(request, form, {"authority": authority, "title": _("Lập Ban Chỉ đạo")}, lambda row: row.pk)


def committee_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    committee = _committee(request, pk)
    _refuse_strangers(request, committee.authority)
    form = CommitteeForm(request.POST or None, actor=request.user, authority=committee.authority, committee=committee)
    context = {"authority": committee.authority, "committee": committee, "title": _("Sửa thông tin Ban Chỉ đạo")}
    return _save(request, form, context, lambda row: row.pk)


def member_create(request: SignedInRequest, pk: int) -> HttpResponse:
    committee = _committee(request, pk)
    _refuse_strangers(request, committee.authority)
    form = MemberForm(request.POST or None, actor=request.user, committee=committee, on=clock.today())
    context = {"authority": committee.authority, "committee": committee, "title": _("Thêm thành viên")}
    return _save(request, form, context, lambda row: row.committee_id)


def member_edit(request: SignedInRequest, pk: int, member_pk: int) -> HttpResponse:
    committee = _committee(request, pk)
    member = get_object_or_404(committee.memberships.select_related("committee", "user"), pk=member_pk)
    _refuse_strangers(request, committee.authority)
    form = MemberForm(request.POST or None, actor=request.user, committee=committee, member=member, on=clock.today())
    context = {"authority": committee.authority, "committee": committee, "title": _("Sửa thành viên")}
    return _save(request, form, context, lambda row: row.committee_id)


def _committee(request: SignedInRequest, pk: int) -> SteeringCommittee:
    return get_object_or_404(SteeringCommittee.objects.visible_to(request.user).select_related("authority__area"), pk=pk)


def _refuse_strangers(request: SignedInRequest, authority: Authority) -> None:
    if not policies.can_keep_committee(request.user, authority):
        raise PermissionDenied


def _without_committee(request: SignedInRequest) -> list[Authority]:
    """Authorities of the user's own standing offices that have no committee in force."""
    today = clock.today()
    own = Authority.objects.filter(current(today), area__in=request.user.current_grants().area_ids(STANDING_OFFICE_ROLES))
    seated = SteeringCommittee.objects.visible_to(request.user).filter(current(today)).values("authority")
    return list(own.exclude(pk__in=seated).select_related("area"))


def _save(
    request: SignedInRequest, form: CommitteeForm | MemberForm, context: dict[str, Any], committee_pk: Callable[[Any], int]
) -> HttpResponse:
    if form.is_valid():

        def effect() -> str:
            row = form.save(at=clock.now())
            messages.success(request, _("Đã lưu."))
            return reverse("movement:committee-detail", args=[committee_pk(row)])

        try:
            return once(request, effect)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    return render_page(request, "movement/committee_form.html", {"form": form, **context}, status=422 if form.errors else 200)
