"""Answering: one page per khoản, saved answer by answer; values from our own rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.http import SignedInRequest, act, render_page
from core.transitions import DomainError
from evaluations import judging
from evaluations.models import Answer, Dossier
from evaluations.operations import dossier as operations
from evaluations.operations.papers import value_line
from evaluations.states import ANSWERABLE_STATES
from evaluations.views import dossier_pages as pages
from evaluations.views.dossier import can_write, fetch, record_reading
from movement.calendar import window_of
from movement.policies import is_of_standing_office, is_of_unit

CONFLICT = 409


@require_http_methods(["GET", "POST"])
def dossier_group(request: SignedInRequest, pk: int, group: int) -> HttpResponse:
    """The questions of one khoản; without a script the one button saves them all."""
    dossier = fetch(request, pk)
    if request.method == "GET":
        record_reading(request, dossier)
        return _group_page(request, dossier, group)
    if not can_write(request, dossier):
        raise PermissionDenied
    return _save_all(request, dossier, group)


def _items(request: SignedInRequest, dossier: Dossier, answers: list[Answer], *, bound: frozenset[int] | None) -> list[pages.QuestionItem]:
    participation = dossier.participation
    window = window_of(participation)
    answerable = dossier.state in ANSWERABLE_STATES
    user = request.user
    return pages.question_items(
        dossier,
        answers,
        operations.facts_of(participation),
        window=(window.starts_on, window.ends_on),
        can_write=answerable and can_write(request, dossier),
        can_take=answerable and is_of_standing_office(user, participation) and not is_of_unit(user, participation),
        data=request.POST if bound is not None else None,
        bound=bound,
    )


def _group_page(
    request: SignedInRequest, dossier: Dossier, group: int, *, items: list[pages.QuestionItem] | None = None, status: int = 200
) -> HttpResponse:
    answers = operations.answers_of(dossier)
    groups = pages.groups_of(answers, operations.facts_of(dossier.participation))
    here = next((each for each in groups if each.criterion.pk == group), None)
    if here is None:
        raise Http404
    shown = items if items is not None else _items(request, dossier, here.answers, bound=None)
    following = next((each for each in groups if each.number == here.number + 1), None)
    context = {
        "dossier": dossier,
        "participation": dossier.participation,
        "group": here,
        "group_count": len(groups),
        "following": following,
        "items": shown,
        "forms": [item.form for item in shown if item.form],
        "is_editable": any(item.is_editable for item in shown),
        "has_errors": status == 422,
        "has_conflicts": status == CONFLICT,
        "has_sources": any(item.question.source and item.is_editable for item in shown),
        "from_check": request.GET.get("ve") == "kiem-tra",
        "year_before": dossier.participation.campaign.year - 1,
    }
    return render_page(request, "evaluations/dossier_group.html", context, status=status)


def _save_all(request: SignedInRequest, dossier: Dossier, group: int) -> HttpResponse:
    answers = [
        each for each in operations.answers_of(dossier) if (each.question.criterion.parent_id or each.question.criterion_id) == group
    ]
    sent = frozenset(answer.pk for answer in answers if f"a{answer.pk}-version" in request.POST)
    items = _items(request, dossier, answers, bound=sent)
    bound = {item.answer.pk: item.form for item in items if item.form and item.form.is_bound}
    valid = {pk: form for pk, form in bound.items() if form.is_valid()}
    typed = {pk: form.typed() for pk, form in valid.items() if not form.untouched()}
    try:
        saved = operations.save_answers(dossier, answers=typed, actor=request.user, at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return _group_page(request, dossier, group, items=items, status=422)
    _show_saved(dossier, items, saved)
    if saved.overtaken:
        return _group_page(request, dossier, group, items=items, status=CONFLICT)
    if len(valid) < len(bound):
        return _group_page(request, dossier, group, items=items, status=422)
    messages.success(request, _("Đã lưu lúc %(time)s.") % {"time": f"{timezone.localtime(clock.now()):%H:%M}"})
    return redirect(_next_url(request, dossier, group))


def _next_url(request: SignedInRequest, dossier: Dossier, group: int) -> str:
    if request.GET.get("ve") == "kiem-tra":
        return reverse("evaluations:dossier-check", args=[dossier.pk])
    groups = pages.groups_of(operations.answers_of(dossier), operations.facts_of(dossier.participation))
    here = next(each for each in groups if each.criterion.pk == group)
    following = next((each for each in groups if each.number == here.number + 1), None)
    if "stay" in request.POST or following is None:
        return reverse("evaluations:dossier-detail", args=[dossier.pk])
    return reverse("evaluations:dossier-group", args=[dossier.pk, following.criterion.pk])


def _show_saved(dossier: Dossier, items: list[pages.QuestionItem], saved: operations.Saved) -> None:
    """Bring the page up to what was written; beside what was not, put the other person's version, so that the next save is on purpose."""
    facts = operations.facts_of(dossier.participation)
    written = {answer.pk: answer for answer in saved.answers}
    overtaken = {each.answer.pk: each for each in saved.overtaken}
    for item in items:
        if answer := written.get(item.answer.pk):
            item.written(answer, facts)
        elif each := overtaken.get(item.answer.pk):
            mine = Answer(question=each.answer.question, self_value=dict(each.typed.value), self_note=each.typed.note)
            mine.self_result = judging.judge(mine.question, mine.self_value, facts)
            item.written(each.answer, facts)
            item.overtaken = pages.Overtaken(
                by=str(each.answer.answered_by or _("Hệ thống")),
                at=each.answer.answered_at,
                theirs=_in_words(each.answer, facts),
                their_note=each.answer.self_note,
                mine=_in_words(mine, facts),
                mine_note=each.typed.note,
            )
            item.base = ""


def _in_words(answer: Answer, facts: Mapping[str, Any]) -> str:
    """“Đạt – 120/120, 100%”."""
    return " – ".join(filter(None, [str(pages.status_of(answer, facts).label), value_line(answer)]))


@require_POST
def answer_save(request: SignedInRequest, pk: int) -> HttpResponse:
    """One answer, as its page saves it while somebody types."""
    answer = get_object_or_404(Answer.objects.visible_to(request.user).select_related("question__criterion__parent"), pk=pk)
    dossier = fetch(request, answer.dossier_id)
    if not can_write(request, dossier):
        raise PermissionDenied
    item = _items(request, dossier, [answer], bound=frozenset({pk}))[0]
    status, refusal = _save_one(request, dossier, item)
    context = {"item": item, "dossier": dossier, "saved_at": clock.now() if status == 200 else None, "refusal": refusal, "is_saving": True}
    return render_page(request, "evaluations/dossier_group.html#answer-state", context, status=status)


def _save_one(request: SignedInRequest, dossier: Dossier, item: pages.QuestionItem) -> tuple[int, str]:
    if item.form is None:
        return CONFLICT, _("Tiêu chí này không sửa được nữa. Hãy tải lại trang.")
    if not item.form.is_valid():
        return 422, ""
    try:
        saved = operations.save_answers(dossier, answers={item.answer.pk: item.form.typed()}, actor=request.user, at=clock.now())
    except DomainError as refusal:
        return 422, str(refusal)
    _show_saved(dossier, [item], saved)
    return (CONFLICT if saved.overtaken else 200), ""


@require_POST
def sources_refresh(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the prefilled values anew from our own rows."""
    dossier = fetch(request, pk)
    if not can_write(request, dossier):
        raise PermissionDenied
    back = reverse("evaluations:dossier-detail", args=[pk])

    def effect() -> str:
        operations.refresh_sources(dossier, actor=request.user, at=clock.now())
        return back

    return act(request, effect, done=_("Đã lấy lại số liệu từ sổ của hệ thống."), back=back)


@require_POST
def snapshot_take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Fix a commune's rate, by the standing office."""
    answer = get_object_or_404(Answer.objects.visible_to(request.user).select_related("question__criterion", "dossier"), pk=pk)
    criterion = answer.question.criterion
    back = reverse("evaluations:dossier-group", args=[answer.dossier_id, criterion.parent_id or criterion.pk])

    def effect() -> str:
        operations.take_snapshot(answer, actor=request.user, at=clock.now())
        return back

    return act(request, effect, done=_("Đã chốt số liệu, kèm danh sách đơn vị."), back=back)
