"""Evidence of one question: added, listed, taken out, downloaded."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.http import SignedInRequest, act, file_response, once, render_page
from core.transitions import DomainError
from evaluations.forms.dossier import EvidenceForm
from evaluations.models import Answer, Evidence
from evaluations.operations import evidence as operations
from evaluations.states import ANSWERABLE_STATES
from evaluations.views import dossier_pages as pages
from evaluations.views.dossier import can_write, fetch, record_reading
from movement.calendar import window_of


@require_http_methods(["GET", "POST"])
def evidence_form(request: SignedInRequest, pk: int) -> HttpResponse:
    """Files and papers of one question, with the form to add more."""
    answer = get_object_or_404(Answer.objects.visible_to(request.user).select_related("question__criterion"), pk=pk)
    dossier = fetch(request, answer.dossier_id)
    editable = dossier.state in ANSWERABLE_STATES and answer.is_unlocked and can_write(request, dossier)
    if request.method == "POST" and not can_write(request, dossier):
        raise PermissionDenied
    form = EvidenceForm(request.POST or None, request.FILES or None, actor=request.user, target=answer)
    here = reverse("evaluations:evidence-form", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _add(request, answer, form, here))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    if request.method == "GET":
        record_reading(request, dossier)
    window = window_of(dossier.participation)
    criterion = answer.question.criterion
    back = reverse("evaluations:dossier-group", args=[dossier.pk, criterion.parent_id or criterion.pk])
    context = {
        "dossier": dossier,
        "answer": answer,
        "lines": pages.evidence_lines(pages.evidence_by_answer([answer])[answer.pk], (window.starts_on, window.ends_on)),
        "form": form,
        "is_editable": editable,
        "back": f"{back}#{answer.question.code}",
        "limit": operations.FILES_PER_QUESTION,
    }
    return render_page(request, "evaluations/dossier_evidence_form.html", context, status=422 if request.method == "POST" else 200)


def _add(request: SignedInRequest, answer: Answer, form: EvidenceForm, here: str) -> str:
    """All files of one form, or none."""
    data = form.cleaned_data
    about = {"about_from": data["about_from"], "about_to": data["about_to"]}
    for accepted in data["attached"]:
        operations.add_evidence(answer, actor=request.user, at=clock.now(), accepted=accepted, **about)
    if data["held_on_paper"]:
        operations.add_evidence(answer, actor=request.user, at=clock.now(), held_on_paper=data["held_on_paper"], **about)
    return here


@require_POST
def evidence_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an evidence out; it stays in the history."""
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("answer__dossier__participation"), pk=pk)
    if not can_write(request, evidence.answer.dossier):
        raise PermissionDenied
    back = reverse("evaluations:evidence-form", args=[evidence.answer_id])

    def effect() -> str:
        operations.remove_evidence(evidence, actor=request.user, at=clock.now())
        return back

    return act(request, effect, done=_("Đã bỏ minh chứng khỏi tiêu chí. Lịch sử vẫn được giữ."), back=back)


def evidence_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A file as an attachment; the download is recorded. What was removed is shown to nobody but in the history."""
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("file"), pk=pk, removed_at__isnull=True)
    if evidence.file is None:
        raise Http404
    return file_response(request, evidence.file, verb="evidence.download")
