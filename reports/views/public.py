"""Pages without sign-in: what this is, who was recognised, and the check of a certificate by its QR code."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from core import text
from core.http import render_page
from evaluations.models import Recognition
from reports import certificates
from units.roles import UnitKind

CHECK_SECONDS = 60


@login_not_required
def public_home(request: HttpRequest) -> HttpResponse:
    """Where a head of unit starts; who is signed in goes to the own work."""
    if request.user.is_authenticated:
        return redirect("reports:home")
    return render_page(request, "reports/public_home.html", {"is_demo": settings.DEMO})


@login_not_required
def recognised_list(request: HttpRequest) -> HttpResponse:
    """Recognised units by year, kind and words of their name or place. No person is named."""
    rows = Recognition.objects.released().filter(result="met", revoked_at__isnull=True)
    of_year = "dossier__participation__campaign__year"
    years = sorted(rows.order_by().values_list(of_year, flat=True).distinct(), reverse=True)
    words, year, kind = request.GET.get("q", "")[:100], request.GET.get("nam", ""), request.GET.get("loai", "")
    if folded := text.fold(words):
        rows = rows.filter(dossier__participation__unit__name_fold__contains=folded) | rows.filter(
            dossier__participation__area__name_fold__contains=folded
        )
    if year.isascii() and year.isdigit() and len(year) < 5:
        rows = rows.filter(**{of_year: int(year)})
    if kind in UnitKind.values:
        rows = rows.filter(dossier__participation__kind=kind)
    rows = rows.select_related("dossier__participation__campaign", "decision__document").order_by(
        "-dossier__participation__campaign__year", "dossier__participation__sort_key", "pk"
    )
    page = Paginator(rows, 50).get_page(request.GET.get("trang"))
    context = {"page": page, "words": words, "year": year, "kind": kind, "years": years, "kinds": UnitKind.choices}
    return render_page(request, "reports/recognised_list.html", context, fragment="results")


@login_not_required
def certificate_check(request: HttpRequest, code: str) -> HttpResponse:
    """What a phone shows after scanning: recognised for year N, revoked, replaced or not known; the same words for every unknown code."""
    key = f"check:{certificates.normal_form(code)}"
    body = cache.get(key)
    if body is None:
        verdict = certificates.check(code)
        body = render(request, "reports/certificate_check.html", {"verdict": verdict}).content
        if verdict.is_known:  # invented codes shall not fill the cache
            cache.set(key, body, CHECK_SECONDS)
    response = HttpResponse(body)
    response["Cache-Control"] = f"public, max-age={CHECK_SECONDS}"
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
def certificate_check_form(request: HttpRequest) -> HttpResponse | HttpResponseRedirect:
    """For a certificate whose QR cannot be scanned: the code typed by hand."""
    code = certificates.normal_form(request.GET.get("ma", ""))
    if code:
        return HttpResponseRedirect(reverse("reports:certificate-check", args=[code]))
    return render(request, "reports/certificate_check_form.html")
