"""The unit's dossier: its task list, the meeting, checking, submitting, and what comes after."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import audit, clock, files
from core.http import SignedInRequest, act, file_response, once, render_page
from core.transitions import DomainError
from evaluations import judging, policies
from evaluations.forms.dossier import OnBehalfForm, SelfReviewForm, SignedPaperForm, SubmitForm
from evaluations.models import Dossier, SelfReview
from evaluations.operations import dossier as operations
from evaluations.operations import papers
from evaluations.states import ANSWERABLE_STATES, DossierState
from evaluations.transitions import dossier as transitions
from evaluations.views import dossier_pages as pages
from movement.calendar import window_of
from movement.policies import can_write_on_behalf, is_of_unit


def fetch(request: SignedInRequest, pk: int) -> Dossier:
    """A dossier in the user's scope, with what every page of it shows."""
    rows = Dossier.objects.visible_to(request.user).select_related(
        "participation__campaign", "participation__unit", "participation__area", "participation__handling_area",
        "participation__authority", "participation__registration", "plan__checklist", "scribe", "submitted_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def writable(request: SignedInRequest, pk: int) -> Dossier:
    """The same for who may write in it."""
    dossier = fetch(request, pk)
    if not can_write(request, dossier):
        raise PermissionDenied
    return dossier


def can_write(request: SignedInRequest, dossier: Dossier) -> bool:
    """Of the unit, or the one officer who keeps the dossier on its behalf."""
    user = request.user
    is_scribe = dossier.on_behalf and dossier.scribe_id == user.pk
    return policies.can_answer(user, dossier) and (is_of_unit(user, dossier.participation) or is_scribe)


def record_reading(request: SignedInRequest, dossier: Dossier) -> None:
    """Reading by somebody who is not of the unit leaves a record."""
    if not is_of_unit(request.user, dossier.participation):
        audit.record("dossier.view", dossier, actor=request.user)


def dossier_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Task list of a dossier."""
    dossier = fetch(request, pk)
    record_reading(request, dossier)
    participation, at = dossier.participation, clock.now()
    answers = operations.answers_of(dossier)
    facts = operations.facts_of(participation)
    notes = pages.return_notes(dossier)
    groups = pages.groups_of(answers, facts, returned=frozenset(notes) if dossier.state == DossierState.RETURNED else frozenset())
    phase = pages.phase_of(dossier, request.user)
    review = SelfReview.objects.filter(dossier=dossier).first()
    due = transitions.last_day(dossier)
    missing = operations.unanswered(answers, facts)
    current = next((group for group in groups if group.is_current), None)
    writing = phase.is_answerable and can_write(request, dossier)
    context = {
        "dossier": dossier,
        "participation": participation,
        "unit": participation.unit,
        "registration": participation.registration,
        "window": window_of(participation),
        "groups": groups,
        "current": current,
        "phase": phase,
        "total": len(answers),
        "done": len(answers) - len(missing),
        "is_complete": not missing,
        "due_on": due,
        "today": clock.local_date(at),
        "is_over": clock.local_date(at) > due,
        "review": review,
        "review_task": _review_task(dossier, review, is_complete=not missing),
        "last_return": dossier.returns.order_by("-number").first() if notes else None,
        "can_write": writing,
        "can_withdraw": dossier.state == DossierState.SUBMITTED and policies.can_submit(request.user, dossier),
        "can_keep": phase.is_answerable and not dossier.on_behalf and can_write_on_behalf(request.user, participation),
        "recognition": pages.released_recognition(dossier, request.user),
        "office": participation.authority.standing_office if participation.authority else participation.handling_area.name,
        "was_submitted": dossier.submitted_at is not None,
    }
    return render_page(request, "evaluations/dossier_detail.html", context)


def _review_task(dossier: Dossier, review: SelfReview | None, *, is_complete: bool) -> pages.Status:
    if review and review.minutes_id:
        return pages.Status("ok", _("Đã xong"))
    if review and is_complete:
        return pages.Status("warn", _("Cần lập lại"), "returned")
    return pages.Status("open", _("Chưa làm")) if is_complete else pages.Status("mute", _("Chưa thể làm"), "locked")


# ---------- The meeting ----------


@require_http_methods(["GET", "POST"])
def self_review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record the self-review meeting; its minutes are made at once."""
    dossier = writable(request, pk)
    if dossier.state not in ANSWERABLE_STATES:
        return redirect("evaluations:dossier-detail", pk)
    review = SelfReview.objects.filter(dossier=dossier).first()
    form = SelfReviewForm(request.POST or None, review=review, initial=_suggested(dossier))
    if request.method == "POST" and form.is_valid():

        def effect() -> str:
            operations.record_self_review(dossier, actor=request.user, at=clock.now(), **form.meeting())
            return reverse("evaluations:dossier-detail", args=[pk])

        try:
            response = once(request, effect)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lập biên bản họp tự đánh giá."))
            return response
    missing = operations.unanswered(operations.answers_of(dossier), operations.facts_of(dossier.participation))
    context = {"dossier": dossier, "form": form, "missing": missing, "review": review}
    return render_page(request, "evaluations/dossier_meeting_form.html", context, status=422 if request.method == "POST" else 200)


def _suggested(dossier: Dossier) -> dict[str, Any]:
    head = dossier.participation.unit.contacts.filter(post="head", valid_to__isnull=True).first()
    return {"chair": f"{head.full_name}, {head.title}" if head else ""}


def self_review_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The minutes as they were frozen."""
    dossier = fetch(request, pk)
    review = SelfReview.objects.filter(dossier=dossier).select_related("minutes").first()
    if review is None or review.minutes is None:
        raise Http404
    return file_response(request, review.minutes, verb="dossier.read_minutes")


# ---------- Check and submit ----------


def dossier_check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everything once more before it is signed, each line with its “Sửa”."""
    dossier = fetch(request, pk)
    if dossier.state not in ANSWERABLE_STATES:
        return redirect("evaluations:dossier-detail", pk)
    record_reading(request, dossier)
    return _check_page(request, dossier, None)


def _check_page(request: SignedInRequest, dossier: Dossier, form: SubmitForm | None) -> HttpResponse:
    at = clock.now()
    answers = operations.answers_of(dossier)
    facts = operations.facts_of(dossier.participation)
    evidence = pages.evidence_by_answer(answers)
    is_early = transitions.window_is_open(dossier, at=at)
    context = {
        "dossier": dossier,
        "participation": dossier.participation,
        "unit": dossier.participation.unit,
        "head": dossier.participation.unit.contacts.filter(post="head", valid_to__isnull=True).first(),
        "groups": [
            (
                group,
                [(answer, pages.status_of(answer, facts), papers.value_line(answer), len(evidence[answer.pk])) for answer in group.answers],
            )
            for group in pages.groups_of(answers, facts)
        ],
        "judgement": judging.result_of([(answer.question, answer.self_result) for answer in answers]),
        "result_line": papers.result_line(answers),
        "reasons": transitions.reasons_against_submission(dossier, answers, at=at),
        "review": SelfReview.objects.filter(dossier=dossier).first(),
        "window": window_of(dossier.participation),
        "may_submit": policies.can_submit(request.user, dossier) and (not dossier.on_behalf or dossier.scribe_id == request.user.pk),
        "can_write": can_write(request, dossier),
        "form": form or SubmitForm(is_early=is_early),
    }
    return render_page(request, "evaluations/dossier_check.html", context, status=422 if form else 200)


@require_POST
@reauthentication_required
def dossier_submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign and submit, with the password given again."""
    dossier = fetch(request, pk)
    if not policies.can_submit(request.user, dossier):
        raise PermissionDenied
    at = clock.now()
    form = SubmitForm(request.POST, is_early=transitions.window_is_open(dossier, at=at))
    if dossier.state in ANSWERABLE_STATES and not form.is_valid():
        return _check_page(request, dossier, form)

    def effect() -> str:
        word = bool(request.POST.get("nothing_will_change"))
        transitions.submit_dossier(dossier, actor=request.user, at=at, nothing_will_change=word)
        return reverse("evaluations:dossier-submitted", args=[pk])

    try:
        return once(request, effect)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        still_here = fetch(request, pk).state in ANSWERABLE_STATES
        return redirect("evaluations:dossier-check" if still_here else "evaluations:dossier-detail", pk)


def dossier_submitted(request: SignedInRequest, pk: int) -> HttpResponse:
    """Code, receipt, what happens next."""
    dossier = fetch(request, pk)
    if dossier.submitted_at is None or dossier.receipt_id is None:
        return redirect("evaluations:dossier-detail", pk)
    participation = dossier.participation
    office = participation.authority.standing_office if participation.authority else participation.handling_area.name
    context = {
        "dossier": dossier,
        "participation": participation,
        "office": office,
        "steps": papers.next_steps(participation, office=office, on=clock.local_date(dossier.submitted_at)),
        "qr": papers.check_qr(dossier),
    }
    return render_page(request, "evaluations/dossier_submitted.html", context)


def receipt_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The frozen receipt."""
    dossier = fetch(request, pk)
    if dossier.receipt is None:
        raise Http404
    return file_response(request, dossier.receipt, verb="dossier.read_receipt")


@require_POST
def dossier_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the dossier back before it was received."""
    dossier = fetch(request, pk)
    back = reverse("evaluations:dossier-detail", args=[pk])

    def effect() -> str:
        transitions.withdraw_dossier(dossier, actor=request.user, at=clock.now())
        return back

    return act(request, effect, done=_("Đã rút hồ sơ. Sửa xong hãy nộp lại trước hạn."), back=back)


# ---------- On behalf ----------


@require_http_methods(["GET", "POST"])
def on_behalf(request: SignedInRequest, pk: int) -> HttpResponse:
    """The commune takes over the writing for a unit that cannot."""
    dossier = fetch(request, pk)
    if not can_write_on_behalf(request.user, dossier.participation):
        raise PermissionDenied
    form = OnBehalfForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        back = reverse("evaluations:dossier-detail", args=[pk])

        def effect() -> str:
            operations.keep_on_behalf(dossier, actor=request.user, at=clock.now(), reason=form.cleaned_data["reason"])
            return back

        return act(request, effect, done=_("Bạn nhập thay đơn vị từ bây giờ. Người khác sẽ tiếp nhận và thẩm định."), back=back)
    context = {"dossier": dossier, "form": form}
    return render_page(request, "evaluations/dossier_on_behalf_form.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def signed_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """The scan of the paper signed by the head, for a dossier kept on behalf."""
    dossier = writable(request, pk)
    form = SignedPaperForm(request.POST or None, request.FILES or None, actor=request.user, target=dossier)
    if request.method == "POST" and form.is_valid():
        back = reverse("evaluations:dossier-detail", args=[pk])

        def effect() -> str:
            accepted = form.cleaned_data["file"]
            stored = files.store_bytes(
                accepted.data, name=accepted.name, content_type=accepted.content_type, purpose="signed_paper", created_by=request.user
            )
            operations.attach_signed_paper(dossier, file=stored, actor=request.user, at=clock.now())
            return back

        return act(request, effect, done=_("Đã lưu bản scan giấy đã ký."), back=back)
    context = {"dossier": dossier, "form": form}
    return render_page(request, "evaluations/dossier_paper_form.html", context, status=422 if request.method == "POST" else 200)


def signed_paper_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The scan of the signed paper."""
    dossier = fetch(request, pk)
    if dossier.signed_paper is None:
        raise Http404
    return file_response(request, dossier.signed_paper, verb="dossier.read_signed_paper")
