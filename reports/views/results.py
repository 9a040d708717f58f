"""Released results for those who may see them, with their certificates."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse

from core import text
from core.http import SignedInRequest, render_page
from evaluations.models import Certificate, Recognition, Result
from units.roles import REGISTRY_ROLES, UnitKind


def result_list(request: SignedInRequest) -> HttpResponse:
    """Recognitions in the user's scope, newest year first."""
    rows = Recognition.objects.visible_to(request.user)
    words, kind, result = request.GET.get("q", ""), request.GET.get("loai", ""), request.GET.get("ket-qua", "")
    if folded := text.fold(words):
        rows = rows.filter(dossier__participation__unit__name_fold__contains=folded)
    if kind in UnitKind.values:
        rows = rows.filter(dossier__participation__kind=kind)
    if result in Result.values:
        rows = rows.filter(result=result)
    in_force = Certificate.objects.filter(replaced_by__isnull=True)
    rows = (
        rows.select_related("dossier__participation__campaign", "decision__document", "notice")
        .prefetch_related(Prefetch("certificates", queryset=in_force, to_attr="in_force"))
        .order_by("-dossier__participation__campaign__year", "dossier__participation__sort_key", "pk")
    )
    page = Paginator(rows, 50).get_page(request.GET.get("trang"))
    for row in page:
        row.tone = "ok" if row.result == Result.MET else "bad"  # type: ignore[attr-defined]
    context = {
        "page": page,
        "words": words,
        "kind": kind,
        "result": result,
        "kinds": UnitKind.choices,
        "result_choices": Result.choices,
        "is_unit": not request.user.has_any_role(REGISTRY_ROLES),
    }
    return render_page(request, "reports/result_list.html", context, fragment="results")
