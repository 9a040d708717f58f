"""Decisions and what they hold: the draft, approval and release, certificates with their reprints and reissues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import audit, clock, jobs
from core.http import SignedInRequest, act, file_response, render_page
from core.signing import TOO_MANY_TRIES, may_try_password
from directives.models import NumberSeries
from evaluations import policies
from evaluations.forms.decision import ApproveForm, ReissueForm, ReleaseForm
from evaluations.models import AgendaItem, Certificate, Decision, Recognition, Result
from evaluations.operations import decision as decisions
from evaluations.operations import decision_documents as papers
from evaluations.operations.session import agenda_units, presides
from evaluations.states import DecisionState
from evaluations.transitions.decision import release_decision
from evaluations.views.appraisal import RESULTS, Status
from movement.models import Participation
from units.models import User
from units.roles import COMMITTEE_ROLES, READING_ROLES, STANDING_OFFICE_ROLES

S = DecisionState
PAGE_SIZE = 30
ROWS = 100
STATUSES = {
    S.PENDING: Status("open", gettext_lazy("Dự thảo")),
    S.APPROVED: Status("info", gettext_lazy("Đã duyệt, chưa công bố")),
    S.RELEASED: Status("ok", gettext_lazy("Đã công bố")),
}


def decision_list(request: SignedInRequest) -> HttpResponse:
    """Decisions in reach; drafts only for the level that makes them."""
    if not request.user.has_any_role(STANDING_OFFICE_ROLES | COMMITTEE_ROLES | READING_ROLES):
        raise PermissionDenied
    visible = Decision.objects.visible_to(request.user).values("pk")
    rows = (
        Decision.objects.filter(pk__in=visible)
        .select_related("document__authority", "session__campaign")
        .annotate(
            met=Count("recognitions", filter=Q(recognitions__result=Result.MET)),
            not_met=Count("recognitions", filter=Q(recognitions__result=Result.NOT_MET)),
        )
    )
    page = Paginator(rows.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {"page": page, "rows": [(row, STATUSES[S(row.state)]) for row in page]}
    return render_page(request, "evaluations/decision_list.html", context)


def _decision(request: SignedInRequest, pk: int) -> Decision:
    rows = Decision.objects.visible_to(request.user).select_related(
        "document__authority__area", "document__signatory", "document__file", "session__committee__authority", "session__campaign", "job"
    )
    return get_object_or_404(rows, pk=pk)


def decision_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The decision with its list, its files on the way, and the next act. A unit sees only its own line."""
    return _detail(request, _decision(request, pk))


def _detail(request: SignedInRequest, decision: Decision, *, form: ReleaseForm | None = None, status: int = 200) -> HttpResponse:
    user = request.user
    is_maker = policies.can_prepare_decision(user, decision) or policies.can_close_session(user, decision.session)
    may_decide = _may_decide(user, decision)
    page = Paginator(_recognitions(request, decision, is_maker), ROWS).get_page(request.GET.get("trang"))
    is_pending = decision.state == S.PENDING
    context = {
        "decision": decision,
        "document": decision.document,
        "status": STATUSES[S(decision.state)],
        "is_maker": is_maker,
        "is_pending": is_pending,
        "planned": _planned(decision) if is_pending else [],
        "page": page,
        "rows": [_line(row) for row in page],
        "may_approve": is_pending and may_decide,
        "release_form": (form or ReleaseForm(actor=user)) if decision.state == S.APPROVED and may_decide else None,
        "waits_for_chair": decision.state != S.RELEASED and is_maker and not may_decide,
        **_job_context(decision, user, is_maker=is_maker),
    }
    return render_page(request, "evaluations/decision_detail.html", context, fragment="progress", status=status)


def _may_decide(user: User, decision: Decision) -> bool:
    session = decision.session
    return policies.can_approve_decision(user, decision) and presides(user, session, unit_ids=agenda_units(session), present_only=False)


def _recognitions(request: SignedInRequest, decision: Decision, is_maker: bool) -> QuerySet[Recognition]:
    """Makers see every line; everybody else what is released and within reach."""
    rows = decision.recognitions.all() if is_maker else Recognition.objects.visible_to(request.user).filter(decision=decision)
    certificates = Prefetch("certificates", Certificate.objects.select_related("replaced_by"))
    return rows.select_related("dossier__participation__area").prefetch_related(certificates).order_by("position")


def _line(row: Recognition) -> dict[str, Any]:
    certificate = next((each for each in row.certificates.all() if not _is_replaced(each)), None)
    return {"row": row, "status": RESULTS[row.result], "certificate": certificate}  # type: ignore[index]


def _is_replaced(certificate: Certificate) -> bool:
    return hasattr(certificate, "replaced_by")


def _planned(decision: Decision) -> list[tuple[Status, Sequence[Participation]]]:
    """What approval will make, from the outcomes of the session."""
    outcomes = ((AgendaItem.Outcome.MET, RESULTS["met"]), (AgendaItem.Outcome.NOT_MET, RESULTS["not_met"]))  # type: ignore[index]
    return [(status, rows) for outcome, status in outcomes if (rows := papers.decided_participations(decision.session, outcome))]


def _job_context(decision: Decision, user: User, *, is_maker: bool) -> dict[str, Any]:
    """Progress for every maker; the job's own page only for who started it, to whom alone it opens."""
    if decision.state != S.APPROVED or not is_maker or decision.job is None:
        return {"job_progress": None, "is_complete": decision.state == S.RELEASED, "is_running": False}
    progress = jobs.progress(decision.job)
    missing = decisions.missing_files(decision)
    return {
        "job_progress": progress,
        "job_url": reverse("core:job-detail", args=[decision.job.pk]) if decision.job.created_by_id == user.pk else "",
        "is_complete": not missing,
        "is_running": bool(progress.waiting),
    }


def decision_approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approve: signer, date, number. Numbers are taken now, nothing is visible before the release."""
    decision = _decision(request, pk)
    if not _may_decide(request.user, decision):
        raise PermissionDenied
    today = clock.today()
    series = NumberSeries.objects.filter(authority=decision.document.authority_id, type=decision.document.type, year=today.year).first()
    is_external = bool(series and series.mode == NumberSeries.Mode.EXTERNAL)
    data, status = _signed(request)
    form = ApproveForm(data, actor=request.user, decision=decision, is_external=is_external, today=today)
    page = reverse("evaluations:decision-detail", args=[decision.pk])
    if request.method == "POST" and form.is_valid():

        def effect() -> str:
            form.save(at=clock.now())
            return page

        return act(request, effect, done=_("Đã duyệt và cấp số. Các tệp đang được in."), back=page)
    context = {
        "decision": decision,
        "document": decision.document,
        "form": form,
        "planned": _planned(decision),
        "next_number": f"{(series.last_number if series else 0) + 1:02d}",
        "is_external": is_external,
    }
    return render_page(request, "evaluations/decision_approve_form.html", context, status=status)


def _signed(request: SignedInRequest) -> tuple[QueryDict | None, int]:
    """What a form with a password may look at, and the answer should it not be valid: nothing and 429 after too many tries."""
    if may_try_password(request):
        return (request.POST, 422) if request.method == "POST" else (None, 200)
    messages.error(request, TOO_MANY_TRIES)
    return None, 429


@require_POST
def decision_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make it public, with the password given again."""
    decision = _decision(request, pk)
    if not _may_decide(request.user, decision):
        raise PermissionDenied
    data, status = _signed(request)
    form = ReleaseForm(data, actor=request.user)
    if not form.is_valid():
        return _detail(request, decision, form=form, status=status)
    page = reverse("evaluations:decision-detail", args=[decision.pk])

    def effect() -> str:
        release_decision(decision, actor=request.user, at=clock.now())
        return page

    return act(request, effect, done=_("Đã công bố. Đơn vị và cán bộ được thông báo."), back=page)


def decision_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The draft as a PDF, made for this look and not kept."""
    decision = _decision(request, pk)
    if decision.state != S.PENDING or not (
        policies.can_prepare_decision(request.user, decision) or policies.can_approve_decision(request.user, decision)
    ):
        raise PermissionDenied
    audit.record("decision.preview", decision, actor=request.user)
    response = HttpResponse(decisions.preview_bytes(decision), content_type=decisions.PDF)
    response["Content-Disposition"] = 'inline; filename="du-thao-quyet-dinh.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def decision_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The frozen decision."""
    decision = _decision(request, pk)
    if decision.document.file is None:
        raise Http404
    return file_response(request, decision.document.file, verb="decision.download", inline=True)


# ---------- Certificates and notices ----------


def _certificate(request: SignedInRequest, pk: int) -> Certificate:
    """A released certificate in reach, or one that waits for release for those who make it."""
    user = request.user
    made = Decision.objects.visible_to(user).filter(session__committee__authority__area__in=_own_areas(request))
    visible = Certificate.objects.visible_to(user).values("pk")
    rows = Certificate.objects.filter(Q(pk__in=visible) | Q(recognition__decision__in=made.values("pk")))
    return get_object_or_404(
        rows.select_related(
            "file",
            "replaces",
            "replaced_by",
            "series",
            "recognition__decision__document",
            "recognition__decision__session__committee__authority",
        ),
        pk=pk,
    )


def _own_areas(request: SignedInRequest) -> list[int]:
    return request.user.current_grants().area_ids(STANDING_OFFICE_ROLES | COMMITTEE_ROLES)  # type: ignore[no-any-return]


def certificate_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One certificate: whose it is, what replaced it, who printed it again."""
    certificate = _certificate(request, pk)
    decision = certificate.recognition.decision
    is_keeper = policies.can_prepare_decision(request.user, decision)
    is_released = decision.state == S.RELEASED
    replaced_by = getattr(certificate, "replaced_by", None)
    context = {
        "certificate": certificate,
        "recognition": certificate.recognition,
        "decision": decision,
        "document": decision.document,
        "replaced_by": replaced_by,
        "is_released": is_released,
        "may_reissue": is_keeper and is_released and replaced_by is None and certificate.recognition.revoked_at is None,
        "may_reprint": is_keeper and is_released,
        "reprints": certificate.reprints.select_related("printed_by").order_by("-printed_at") if is_keeper else [],
        "is_keeper": is_keeper,
    }
    return render_page(request, "evaluations/certificate_detail.html", context)


def certificate_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The frozen certificate; for units only after the release."""
    certificate = _certificate(request, pk)
    if certificate.file is None:
        raise Http404
    return file_response(request, certificate.file, verb="certificate.download", inline=True)


@require_POST
def certificate_reprint(request: SignedInRequest, pk: int) -> HttpResponse:
    certificate = _certificate(request, pk)

    def effect() -> str:
        decisions.record_reprint(certificate, actor=request.user, at=clock.now())
        return reverse("evaluations:certificate-file", args=[certificate.pk])

    return act(request, effect, done=_("Đã ghi lần in lại."), back=reverse("evaluations:certificate-detail", args=[certificate.pk]))


def certificate_reissue(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mend a wrong name by a new certificate; the old one then says “replaced”."""
    certificate = _certificate(request, pk)
    if not policies.can_prepare_decision(request.user, certificate.recognition.decision):
        raise PermissionDenied
    form = ReissueForm(request.POST or None, certificate=certificate)
    page = reverse("evaluations:certificate-detail", args=[certificate.pk])
    if request.method == "POST" and form.is_valid():
        return act(
            request,
            lambda: reverse("evaluations:certificate-detail", args=[form.save(actor=request.user, at=clock.now()).pk]),
            done=_("Đã cấp lại giấy; giấy cũ ghi là đã được thay thế."),
            back=page,
        )
    context = {"certificate": certificate, "recognition": certificate.recognition, "form": form}
    return render_page(request, "evaluations/certificate_reissue_form.html", context, status=422 if form.is_bound else 200)


def notice_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The notice to a unit that was not recognised, named by its recognition."""
    visible = Recognition.objects.visible_to(request.user).values("pk")
    made = Q(decision__session__committee__authority__area__in=_own_areas(request))
    recognition = get_object_or_404(Recognition.objects.filter(Q(pk__in=visible) | made).select_related("notice"), pk=pk)
    if recognition.notice is None:
        raise Http404
    return file_response(request, recognition.notice, verb="notice.download", inline=True)
