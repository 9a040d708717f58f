"""Applications as the applicant and the commune police of the place see them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.http import SignedInRequest, act, render_page
from core.transitions import DomainError
from units import policies, transitions
from units.competence import competence_of
from units.exclusions import first_exclusion, missing_facts, rules_on
from units.forms import RefusalForm
from units.models import FACT_FIELDS, Unit, UnitApplication
from units.roles import STANDING_OFFICE_ROLES
from units.states import ApplicationState
from units.views.facts import comparison, fact_label, fact_lines

PAGE = 25
READ = "ban-gui-luc"
TONES = {
    ApplicationState.SUBMITTED: ("open", ""),
    ApplicationState.CONFIRMED: ("ok", ""),
    ApplicationState.REFUSED: ("warn", "returned"),
}
FILTERS = {"cho": ApplicationState.SUBMITTED, "da-xac-nhan": ApplicationState.CONFIRMED, "tu-choi": ApplicationState.REFUSED}


def application_list(request: SignedInRequest) -> HttpResponse:
    """What waits for confirmation first; the applicant finds all of the own ones."""
    is_office = request.user.has_any_role(STANDING_OFFICE_ROLES)
    applications = UnitApplication.objects.visible_to(request.user).select_related("area")
    wanted = request.GET.get("tt", "cho" if is_office else "tat-ca")
    if wanted in FILTERS:
        applications = applications.filter(state=FILTERS[wanted])
    page = Paginator(applications, PAGE).get_page(request.GET.get("trang"))
    lines = [(application, *TONES[ApplicationState(application.state)]) for application in page]
    choices = [("cho", _("Chờ xác nhận")), ("da-xac-nhan", _("Đã xác nhận")), ("tu-choi", _("Bị từ chối")), ("tat-ca", _("Tất cả"))]
    return render_page(
        request,
        "units/application_list.html",
        {"page": page, "lines": lines, "choices": choices, "wanted": wanted, "is_waiting": wanted == "cho"},
        fragment="rows",
    )


def application_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The applicant's page of one application, or the officer's."""
    application = get_object_or_404(
        UnitApplication.objects.visible_to(request.user).select_related("area__parent", "unit", "applicant", "decided_by"), pk=pk
    )
    return _own(request, application) if application.applicant_id == request.user.pk else _review(request, application, RefusalForm())


def _own(request: SignedInRequest, application: UnitApplication) -> HttpResponse:
    tone, shape = TONES[ApplicationState(application.state)]
    context = {
        "application": application,
        "tone": tone,
        "shape": shape,
        "facts": fact_lines(application),
        "is_waiting": application.state == ApplicationState.SUBMITTED,
        "is_confirmed": application.state == ApplicationState.CONFIRMED,
        "can_correct": policies.can_correct_application(request.user, application),
    }
    return render_page(request, "units/application_detail.html", context)


def _review(request: SignedInRequest, application: UnitApplication, form: RefusalForm) -> HttpResponse:
    """Facts, the check against the exclusions, and units that may be the same beside each other."""
    on = clock.today()
    tone, shape = TONES[ApplicationState(application.state)]
    rules = rules_on(on)
    waits = application.state == ApplicationState.SUBMITTED
    unit = Unit(**{name: getattr(application, name) for name in FACT_FIELDS})
    try:
        competence, obstacle = competence_of(unit, on=on), ""
    except DomainError as gap:
        competence, obstacle = None, str(gap)
    doubles = Unit.objects.resembling(application) if waits else Unit.objects.none()
    alike = list(doubles.visible_to(request.user).select_related("area__parent"))
    context = {
        "application": application,
        "tone": tone,
        "shape": shape,
        "facts": fact_lines(application),
        "exclusion": first_exclusion(application, on=on, rules=rules),
        "missing": [fact_label(application, name) for name in missing_facts(application, on=on, rules=rules)],
        "competence": competence,
        "obstacle": obstacle,
        "alike": alike,
        "comparison": comparison(application, alike),
        "held_elsewhere": doubles.exclude(pk__in=[each.pk for each in alike]).exists(),
        "confirm_url": f"{reverse('units:application-confirm', args=[application.pk])}?{urlencode({READ: _version(application)})}",
        "form": form,
        "is_waiting": waits,
        "is_confirmed": application.state == ApplicationState.CONFIRMED,
        "can_decide": waits and policies.can_decide_application(request.user, application),
    }
    return render_page(request, "units/application_review_detail.html", context, status=422 if form.errors else 200)


def _version(application: UnitApplication) -> str:
    """What tells one sending of an application from the next."""
    return application.submitted_at.isoformat() if application.submitted_at else ""


@require_POST
def application_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    application = get_object_or_404(UnitApplication.objects.visible_to(request.user), pk=pk)
    back = reverse("units:application-detail", args=[pk])

    if request.GET.get(READ, _version(application)) != _version(application):
        messages.error(request, _("Đăng ký này vừa được sửa và gửi lại. Hãy xem lại rồi quyết định."))
        return redirect(back)

    def confirm() -> str:
        transitions.confirm_application(application, actor=request.user, at=clock.now())
        return back

    return act(request, confirm, done=_("Đã xác nhận. Đơn vị đã vào danh bạ, người đăng ký nhận được thông báo."), back=back)


@require_POST
def application_refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    application = get_object_or_404(
        UnitApplication.objects.visible_to(request.user).select_related("area__parent", "unit", "applicant", "decided_by"), pk=pk
    )
    form = RefusalForm(request.POST)
    if not form.is_valid():
        if not policies.can_decide_application(request.user, application):
            raise PermissionDenied
        return _review(request, application, form)
    back = reverse("units:application-detail", args=[pk])

    def refuse() -> str:
        transitions.refuse_application(application, actor=request.user, at=clock.now(), reason=form.cleaned_data["reason"])
        return back

    return act(request, refuse, done=_("Đã từ chối. Người đăng ký nhận được lý do và có thể sửa để gửi lại."), back=back)
