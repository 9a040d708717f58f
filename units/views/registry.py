"""The register of units, and the page of one's own account."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.http import SignedInRequest, act, render_page
from core.transitions import DomainError
from units import policies
from units.competence import competence_of
from units.forms import KindForm, UnitFilterForm, UnitForm
from units.models import SELF_REGISTERED_KINDS, Area, Unit
from units.querysets import UnitQuerySet
from units.views.facts import fact_lines

PAGE = 25
SORTS = {
    "ten": ["sort_key", "pk"],
    "-ten": ["-sort_key", "-pk"],
    "xa": ["area__sort_key", "sort_key"],
    "-xa": ["-area__sort_key", "sort_key"],
}


def unit_list(request: SignedInRequest) -> HttpResponse:
    """Units in reach, filtered, sorted, 25 to a page."""
    units = Unit.objects.visible_to(request.user)
    places = Area.objects.visible_to(request.user).communes().filter(valid_to__isnull=True)
    form = UnitFilterForm(request.GET or {}, places=places)
    form.is_valid()
    wanted = form.cleaned_data
    found = _filtered(units, wanted).select_related("area").order_by(*SORTS.get(request.GET.get("xep", ""), SORTS["ten"]))
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "form": form,
        "chips": [(f"{form[name].label}: {_chosen(form, name)}", name) for name in form.fields if wanted.get(name)],
        "can_create": policies.can_create_unit(request.user),
    }
    return render_page(request, "units/unit_list.html", context, fragment="rows")


def _filtered(units: UnitQuerySet, wanted: dict[str, Any]) -> UnitQuerySet:
    """The filters of the list that could be read."""
    units = units.search(wanted.get("q", ""))
    if wanted.get("xa"):
        units = units.filter(area=wanted["xa"])
    if wanted.get("loai"):
        units = units.filter(kind=wanted["loai"])
    if wanted.get("cap"):
        units = units.filter(managing_level=wanted["cap"])
    if wanted.get("tt", "") == "":
        units = units.open(clock.today())
    elif wanted["tt"] == "da-dong":
        units = units.filter(closed_on__lte=clock.today())
    return units


def _chosen(form: UnitFilterForm, name: str) -> str:
    """A filter's value in words."""
    value = form.cleaned_data[name]
    return str(dict(getattr(form.fields[name], "choices", [])).get(value, value)) if isinstance(value, str) else str(value)


def unit_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One unit of the register: facts, people to call, former names, where it came from."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user).select_related("area__parent"), pk=pk)
    try:
        competence = competence_of(unit, on=clock.today())
    except DomainError:
        competence = None
    context = {
        "unit": unit,
        "facts": fact_lines(unit),
        "competence": competence,
        "contacts": unit.contacts.order_by("valid_to", "post", "-valid_from"),
        "versions": unit.versions.select_related("area").order_by("-valid_from"),
        "predecessors": unit.precessions.select_related("predecessor"),
        "successors": unit.successions.select_related("successor"),
    }
    return render_page(request, "units/unit_detail.html", context)


def unit_create(request: SignedInRequest) -> HttpResponse:
    """Entry of a unit by the commune police: first its kind, then the same facts as in a registration."""
    if not policies.can_create_unit(request.user):
        raise PermissionDenied
    kind = request.GET.get("loai", "")
    if kind not in SELF_REGISTERED_KINDS:
        return render_page(request, "units/unit_kind_form.html", {"form": KindForm()})
    form = UnitForm(request.POST or None, kind=kind, actor=request.user)
    if request.method == "POST" and form.is_valid():
        return act(
            request,
            lambda: reverse("units:unit-detail", args=[form.save().pk]),
            done=_("Đã thêm đơn vị vào danh bạ."),
            back=request.get_full_path(),
        )
    context = {"form": form, "kind": dict(form_kinds())[kind]}
    return render_page(request, "units/unit_form.html", context, status=422 if form.errors else 200)


def form_kinds() -> list[tuple[str, str]]:
    return [(kind.value, str(kind.label)) for kind in SELF_REGISTERED_KINDS]


def account(request: SignedInRequest) -> HttpResponse:
    """The user's own name, posts and roles with their dates."""
    grants = request.user.grants.select_related("area", "unit").order_by("valid_to", "-valid_from")
    return render_page(request, "units/account_detail.html", {"grants": grants, "today": clock.today()})
