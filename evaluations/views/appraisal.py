"""The standing office at work: the queue of dossiers, and one dossier with the unit's answers beside the appraisal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, DateField, OuterRef, Q, QuerySet, Subquery
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import audit, clock, text
from core.http import SignedInRequest, act, render_page
from core.transitions import DomainError
from evaluations import judging, policies, sources
from evaluations.forms.appraisal import AppraisalForm, ProposeForm, ReturnForm
from evaluations.models import Answer, AnswerResult, Dossier, Evidence, Recognition, Return, SourceSnapshot
from evaluations.operations.appraisal import Recorded, record_appraisal
from evaluations.operations.dossier import take_snapshot
from evaluations.operations.papers import value_line
from evaluations.states import ANSWERABLE_STATES, DossierState
from evaluations.transitions.appraisal import propose_dossier, receive_dossier, return_dossier
from movement.calendar import due_on_expression, window_of
from movement.models import MilestoneCode, Participation
from units.roles import COMMITTEE_ROLES, DOSSIER_ROLES, UnitKind

S = DossierState
PAGE_SIZE = 50


@dataclass(frozen=True)
class Status:
    """A state as a page shows it."""

    tone: str
    label: Any
    shape: str = ""


STATUSES = {
    S.OPEN: Status("open", gettext_lazy("Đơn vị đang tự đánh giá")),
    S.SUBMITTED: Status("info", gettext_lazy("Chờ tiếp nhận"), "clock"),
    S.RECEIVED: Status("info", gettext_lazy("Đang thẩm định")),
    S.RETURNED: Status("warn", gettext_lazy("Chờ đơn vị bổ sung"), "returned"),
    S.PROPOSED: Status("info", gettext_lazy("Chờ Ban Chỉ đạo xét"), "clock"),
    S.DECIDED: Status("ok", gettext_lazy("Đã có quyết định")),
}
RESUBMITTED = Status("info", gettext_lazy("Đã nộp lại, chờ tiếp nhận"), "returned")
RESULTS = {
    AnswerResult.MET: Status("ok", gettext_lazy("Đạt")),
    AnswerResult.NOT_MET: Status("bad", gettext_lazy("Chưa đạt")),
    AnswerResult.NOT_APPLICABLE: Status("mute", gettext_lazy("Không áp dụng")),
}
UNANSWERED = Status("open", gettext_lazy("Chưa trả lời"))
QUEUES = {
    "cho-tiep-nhan": (gettext_lazy("Chờ tiếp nhận"), (S.SUBMITTED,)),
    "dang-tham-dinh": (gettext_lazy("Đang thẩm định"), (S.RECEIVED,)),
    "tra-lai": (gettext_lazy("Chờ đơn vị bổ sung"), (S.RETURNED,)),
    "da-de-xuat": (gettext_lazy("Chờ Ban Chỉ đạo xét"), (S.PROPOSED,)),
    "da-quyet-dinh": (gettext_lazy("Đã có quyết định"), (S.DECIDED,)),
    "dang-tu-danh-gia": (gettext_lazy("Đang tự đánh giá"), (S.OPEN,)),
}
SORTS = {
    "ten": ("participation__sort_key", "pk"),
    "-ten": ("-participation__sort_key", "-pk"),
    "han": ("due_on", "participation__sort_key", "pk"),
    "-han": ("-due_on", "participation__sort_key", "pk"),
    "cho": ("submitted_at", "pk"),
    "-cho": ("-submitted_at", "-pk"),
}
WORKING = (S.SUBMITTED, S.RECEIVED)


# ---------- The queue ----------


@dataclass(frozen=True)
class QueueRow:
    """One dossier in the queue."""

    dossier: Dossier
    status: Status
    due_on: date | None
    is_done: bool


def queue_of(request: SignedInRequest) -> QuerySet[Dossier]:
    """Dossiers the reader may work on or read, with the last day of the step each is at."""
    if not request.user.has_any_role(DOSSIER_ROLES | COMMITTEE_ROLES):
        raise PermissionDenied
    returned = Return.objects.filter(dossier=OuterRef("pk")).order_by("-number").values("due_on")[:1]
    return (
        Dossier.objects.visible_to(request.user)
        .select_related("participation__area")
        .annotate(
            returned_due_on=Subquery(returned, output_field=DateField()),
            due_on=due_on_expression(MilestoneCode.APPRAISAL, participation="participation"),
        )
    )


def dossier_list(request: SignedInRequest) -> HttpResponse:
    """The queue: what waits where, since when and until when; every figure opens its rows."""
    given, today = request.GET, clock.today()
    everything = queue_of(request)
    chosen = _filtered(everything, request, today)
    counts = dict(_in_scope(everything, request).order_by().values_list("state").annotate(count=Count("pk")))
    overdue = _in_scope(everything, request).filter(state__in=WORKING, due_on__lt=today).count()  # type: ignore[misc]
    sort = given.get("xep", "")
    page = Paginator(chosen.order_by(*SORTS.get(sort, SORTS["han"])), PAGE_SIZE).get_page(given.get("trang"))
    context = {
        "page": page,
        "rows": [_queue_row(dossier) for dossier in page],
        "today": today,
        "queues": [(code, label, sum(counts.get(state, 0) for state in states)) for code, (label, states) in QUEUES.items()],
        "overdue": overdue,
        "is_all": given.get("pham-vi") == "tat-ca",
        "handles_more": request.user.has_any_role(DOSSIER_ROLES),
        "kinds": UnitKind.choices,
        "chosen": {name.replace("-", "_"): given.get(name, "") for name in ("q", "tinh-trang", "loai")},
        "chips": _chips(request),
    }
    return render_page(request, "evaluations/dossier_list.html", context, fragment="rows")


def _in_scope(rows: QuerySet[Dossier], request: SignedInRequest) -> QuerySet[Dossier]:
    """Officers begin with what their own level handles; ``?pham-vi=tat-ca`` shows all they may read."""
    own = request.user.current_grants().area_ids(DOSSIER_ROLES)
    return rows if request.GET.get("pham-vi") == "tat-ca" or not own else rows.filter(participation__handling_area__in=own)


def _filtered(rows: QuerySet[Dossier], request: SignedInRequest, today: date) -> QuerySet[Dossier]:
    given, rows = request.GET, _in_scope(rows, request)
    if given.get("tinh-trang") in QUEUES:
        rows = rows.filter(state__in=QUEUES[given["tinh-trang"]][1])
    if given.get("loai") in UnitKind.values:
        rows = rows.filter(participation__kind=given["loai"])
    if given.get("qua-han"):
        rows = rows.filter(state__in=WORKING, due_on__lt=today)  # type: ignore[misc]
    if words := given.get("q", "").strip():
        rows = rows.filter(Q(participation__unit__name_fold__contains=text.fold(words)) | Q(participation__code__icontains=words))
    return rows


def _chips(request: SignedInRequest) -> list[tuple[str, str]]:
    given, chips = request.GET, []
    if given.get("tinh-trang") in QUEUES:
        chips.append((str(QUEUES[given["tinh-trang"]][0]), "tinh-trang"))
    if given.get("loai") in UnitKind.values:
        chips.append((str(UnitKind(given["loai"]).label), "loai"))
    if given.get("qua-han"):
        chips.append((_("Quá hạn thẩm định"), "qua-han"))
    if given.get("q", "").strip():
        chips.append((given["q"].strip(), "q"))
    return chips


def _queue_row(dossier: Dossier) -> QueueRow:
    again = dossier.state == S.SUBMITTED and dossier.return_count
    due_on = dossier.returned_due_on if dossier.state == S.RETURNED else dossier.due_on  # type: ignore[attr-defined]
    return QueueRow(dossier, RESUBMITTED if again else STATUSES[S(dossier.state)], due_on, dossier.state in (S.PROPOSED, S.DECIDED))


# ---------- One dossier ----------


@dataclass(frozen=True)
class Pair:
    """One question: what the unit says, what the appraiser says."""

    answer: Answer
    code: str
    self_status: Status
    self_line: str
    files: list[Evidence]
    papers: list[Evidence]
    stale_count: int
    status: Status | None
    is_returned: bool
    snapshot: SourceSnapshot | None
    snapshot_units: list[str]
    may_snapshot: bool
    key: str
    result: BoundField | None = None
    reason: BoundField | None = None
    returned: BoundField | None = None
    note: BoundField | None = None
    base: BoundField | None = None


def appraisal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read and appraise a dossier; POST saves (every two seconds by htmx, or by a button) and may go on to return or to the next."""
    dossier = _dossier(request, pk)
    answers = answers_with_evidence(dossier)
    may_appraise = dossier.state == S.RECEIVED and policies.can_appraise(request.user, dossier)
    if request.method == "POST":
        if not policies.can_appraise(request.user, dossier):
            raise PermissionDenied
        return _save(request, dossier, answers)
    audit.record("dossier.view", dossier, actor=request.user)
    form = AppraisalForm(answers=answers, returns=_drafted(request, dossier)) if may_appraise else None
    return _page(request, dossier, answers, form)


def _dossier(request: SignedInRequest, pk: int) -> Dossier:
    """A dossier in scope; the unit's own people have another page and see no appraisal (ruling 7)."""
    rows = Dossier.objects.visible_to(request.user).select_related(
        "participation__campaign", "participation__area", "participation__unit", "received_by", "submitted_by", "self_review__minutes"
    )
    dossier = get_object_or_404(rows, pk=pk)
    if not policies.can_read_appraisal(request.user, dossier):
        raise PermissionDenied
    return dossier


def answers_with_evidence(dossier: Dossier) -> list[Answer]:
    rows = dossier.answers.select_related("question__criterion__parent", "appraised_by").prefetch_related("evidence__file", "snapshots")
    return list(rows.order_by("question__position"))


def _save(request: SignedInRequest, dossier: Dossier, answers: list[Answer]) -> HttpResponse:
    form = AppraisalForm(request.POST, answers=answers)
    is_valid = form.is_valid()
    request.session[_draft_key(dossier)] = {str(pk): note for pk, note in form.returns().items()}
    try:
        recorded = record_appraisal(dossier, actor=request.user, at=clock.now(), results=form.results())
    except DomainError as refusal:
        if getattr(request, "htmx", False):
            return _saved(request, dossier, notice=str(refusal), status=200)
        messages.error(request, str(refusal))
        return redirect("evaluations:appraisal", pk=dossier.pk)
    overtaken = _overtaken_sentence(recorded)
    if getattr(request, "htmx", False):
        return _saved(request, dossier, notice=overtaken or _incomplete_sentence(form), status=200)
    if not is_valid or overtaken:
        if overtaken:
            messages.warning(request, overtaken)
        return _page(request, dossier, answers_with_evidence(dossier), form, status=200 if is_valid else 422)
    return _go_on(request, dossier, form)


def _go_on(request: SignedInRequest, dossier: Dossier, form: AppraisalForm) -> HttpResponse:
    if request.POST.get("act") == "return" and form.returns():
        return redirect("evaluations:dossier-return", pk=dossier.pk)
    if request.POST.get("act") == "return":
        messages.error(request, _("Hãy chọn ít nhất một tiêu chí cần trả lại."))
    elif request.POST.get("act") == "propose":
        return redirect("evaluations:dossier-propose", pk=dossier.pk)
    else:
        messages.success(request, _("Đã lưu thẩm định."))
        following = _neighbours(request, dossier)[1]
        if request.POST.get("act") == "next" and following:
            return redirect("evaluations:appraisal", pk=following)
    return redirect("evaluations:appraisal", pk=dossier.pk)


def _overtaken_sentence(recorded: Recorded) -> str:
    if not recorded.overtaken:
        return ""
    lines = [
        _("%(code)s: %(who)s vừa ghi “%(result)s”")
        % {"code": answer.question.code, "who": answer.appraised_by, "result": answer.get_appraised_result_display()}
        for answer in recorded.overtaken
    ]
    return _("%(lines)s. Ý của bạn ở các câu này chưa được ghi; tải lại trang rồi thống nhất với nhau.") % {"lines": "; ".join(lines)}


def _incomplete_sentence(form: AppraisalForm) -> str:
    codes = [answer.question.code for answer in form.answers if f"l-{answer.pk}" in form.errors]
    return _("Còn thiếu lý do: %(codes)s") % {"codes": ", ".join(codes)} if codes else ""


def _saved(request: SignedInRequest, dossier: Dossier, *, notice: str, status: int) -> HttpResponse:
    """The answer to an autosave: when, how far, and what could not be kept."""
    counts = progress_of(answers_with_evidence(dossier))
    context = {"saved_at": clock.now(), "progress": counts, "return_count": len(_drafted(request, dossier)), "save_notice": notice}
    return render_page(request, "evaluations/appraisal_detail.html", context, fragment="saved", status=status)


def progress_of(answers: list[Answer]) -> dict[str, int]:
    results = Counter(answer.appraised_result for answer in answers)
    done = len(answers) - results[""]
    return {
        "total": len(answers),
        "done": done,
        "met": results[AnswerResult.MET],
        "not_met": results[AnswerResult.NOT_MET],
        "not_applicable": results[AnswerResult.NOT_APPLICABLE],
        "differing": sum(bool(answer.appraised_result) and answer.appraised_result != answer.self_result for answer in answers),
        "left": len(answers) - done,
    }


def _draft_key(dossier: Dossier) -> str:
    return f"return-draft-{dossier.pk}"


def _drafted(request: SignedInRequest, dossier: Dossier) -> dict[int, str]:
    """What this officer ticked for a return and did not send yet; kept in the session, nobody else sees it."""
    return {int(pk): note for pk, note in request.session.get(_draft_key(dossier), {}).items()}


def _page(
    request: SignedInRequest, dossier: Dossier, answers: list[Answer], form: AppraisalForm | None, *, status: int = 200
) -> HttpResponse:
    participation, user = dossier.participation, request.user
    previous, following, place, total = _neighbours(request, dossier)
    pairs = [_pair(request, dossier, answer, form, number) for number, answer in enumerate(answers, 1)]
    last_return = dossier.returns.prefetch_related("items__answer__question").order_by("-number").first()
    may_appraise = form is not None
    context = {
        "dossier": dossier,
        "participation": participation,
        "status": STATUSES[S(dossier.state)],
        "groups": [(parent, list(group)) for parent, group in groupby(pairs, key=lambda pair: _group_label(pair.answer))],
        "form": form,
        "may_appraise": may_appraise,
        "may_receive": dossier.state == S.SUBMITTED and policies.can_receive(user, dossier),
        "shows_appraisal": dossier.state not in ANSWERABLE_STATES | {S.SUBMITTED},
        "own_hand": user.pk in {dossier.submitted_by_id, dossier.scribe_id},
        "progress": progress_of(answers),
        "return_count": len(_drafted(request, dossier)) if may_appraise else 0,
        "saved_at": None,
        "save_notice": "",
        "last_return": last_return,
        "last_year": _last_year(dossier),
        "previous": previous,
        "following": following,
        "place": place,
        "total": total,
        "today": clock.today(),
    }
    return render_page(request, "evaluations/appraisal_detail.html", context, status=status)


def _group_label(answer: Answer) -> str:
    criterion = answer.question.criterion
    return str((criterion.parent or criterion).label)


def _pair(request: SignedInRequest, dossier: Dossier, answer: Answer, form: AppraisalForm | None, number: int) -> Pair:
    held = [evidence for evidence in answer.evidence.all() if evidence.removed_at is None]
    window = _window(dossier)
    returned = bool(form and (form[f"t-{answer.pk}"].value() not in (False, None, "")))
    bound = {} if form is None else {name: form[f"{letter}-{answer.pk}"] for name, letter in _FIELDS.items()}
    is_rate = answer.question.source in sources.APPRAISED
    snapshot = next(iter(answer.snapshots.all()), None) if is_rate else None
    return Pair(
        answer=answer,
        code=answer.question.code,
        self_status=RESULTS.get(AnswerResult(answer.self_result)) if answer.self_result else UNANSWERED,  # type: ignore[arg-type]
        self_line=value_line(answer),
        files=[evidence for evidence in held if evidence.file_id],
        papers=[evidence for evidence in held if not evidence.file_id],
        stale_count=sum(bool(evidence.about_to and evidence.about_to < window) for evidence in held),
        status=RESULTS[AnswerResult(answer.appraised_result)] if answer.appraised_result else None,
        is_returned=returned,
        snapshot=snapshot,
        snapshot_units=list(Participation.objects.filter(pk__in=snapshot.row_ids).values_list("name", flat=True)) if snapshot else [],
        may_snapshot=is_rate and dossier.state in ANSWERABLE_STATES and policies.can_appraise(request.user, dossier),
        key=str(number) if number <= 9 else "",
        **bound,
    )


_FIELDS = {"result": "r", "reason": "l", "returned": "t", "note": "n", "base": "b"}


def _window(dossier: Dossier) -> date:
    """The first day the evidence may be about; read once per dossier."""
    if not hasattr(dossier, "_window_start"):
        dossier._window_start = window_of(dossier.participation).starts_on  # type: ignore[attr-defined]
    return dossier._window_start  # type: ignore[attr-defined, no-any-return]


def _last_year(dossier: Dossier) -> Recognition | None:
    """What was decided about the unit the year before."""
    participation = dossier.participation
    return (
        Recognition.objects.released()
        .filter(dossier__participation__unit=participation.unit_id, dossier__participation__campaign__year=participation.campaign.year - 1)
        .first()
    )


def _neighbours(request: SignedInRequest, dossier: Dossier) -> tuple[int | None, int | None, int, int]:
    """The dossiers before and after in the same queue, and this one's place in it."""
    own = request.user.current_grants().area_ids(DOSSIER_ROLES)
    rows = Dossier.objects.visible_to(request.user).filter(state=dossier.state, participation__campaign=dossier.participation.campaign_id)
    rows = rows.filter(participation__handling_area__in=own) if own else rows
    order = list(rows.order_by("participation__sort_key", "pk").values_list("pk", flat=True))
    if dossier.pk not in order:
        return None, next(iter(order), None), 0, len(order)
    place = order.index(dossier.pk)
    return (order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None, place + 1, len(order))


# ---------- Steps ----------


@require_POST
def dossier_receive(request: SignedInRequest, pk: int) -> HttpResponse:
    dossier = _dossier(request, pk)
    page = reverse("evaluations:appraisal", args=[dossier.pk])

    def effect() -> str:
        receive_dossier(dossier, actor=request.user, at=clock.now())
        return page

    return act(request, effect, done=_("Đã tiếp nhận hồ sơ %(code)s.") % {"code": dossier.participation.code}, back=page)


def dossier_return(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the ticked questions back; only they are unlocked for the unit."""
    dossier = _dossier(request, pk)
    if not policies.can_appraise(request.user, dossier):
        raise PermissionDenied
    notes = _drafted(request, dossier)
    page = reverse("evaluations:appraisal", args=[dossier.pk])
    answers = list(dossier.answers.filter(pk__in=notes).select_related("question"))
    form = ReturnForm(request.POST or None, answers=answers, notes=notes, today=clock.today())
    if request.method == "POST" and form.is_valid():

        def effect() -> str:
            data = form.cleaned_data
            return_dossier(
                dossier,
                actor=request.user,
                at=clock.now(),
                items=form.items(),
                reason=data["reason"],
                due_on=data["due_on"],
                wants_new_meeting=data["wants_new_meeting"],
            )
            request.session.pop(_draft_key(dossier), None)
            return page

        return act(request, effect, done=_("Đã trả lại hồ sơ để bổ sung."), back=page)
    context = {"dossier": dossier, "participation": dossier.participation, "form": form, "count": len(form.named)}
    return render_page(request, "evaluations/appraisal_return_form.html", context, status=422 if form.is_bound else 200)


def dossier_propose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Check the appraisal as a whole, then propose its result to the committee."""
    dossier = _dossier(request, pk)
    if not policies.can_appraise(request.user, dossier):
        raise PermissionDenied
    form = ProposeForm(request.POST or None)
    page = reverse("evaluations:appraisal", args=[dossier.pk])
    if request.method == "POST" and form.is_valid():

        def effect() -> str:
            propose_dossier(dossier, actor=request.user, at=clock.now(), note=form.cleaned_data["note"])
            return page

        return act(request, effect, done=_("Đã đề xuất với Ban Chỉ đạo."), back=page)
    answers = answers_with_evidence(dossier)
    judgement = judging.result_of([(answer.question, answer.appraised_result) for answer in answers])
    context = {
        "dossier": dossier,
        "participation": dossier.participation,
        "form": form,
        "progress": progress_of(answers),
        "judgement": judgement,
        "result": RESULTS[AnswerResult(judgement.result)] if judgement.result else None,
        "differing": [answer for answer in answers if answer.appraised_result and answer.appraised_result != answer.self_result],
        "may_propose": dossier.state == S.RECEIVED and not judgement.undecided,
    }
    return render_page(request, "evaluations/appraisal_propose_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def answer_snapshot(request: SignedInRequest, pk: int, answer_pk: int) -> HttpResponse:
    """Take the commune's 70 % figure with the rows behind it, by an explicit act of the appraiser (ruling 4)."""
    dossier = _dossier(request, pk)
    answer = get_object_or_404(dossier.answers, pk=answer_pk)
    page = f"{reverse('evaluations:appraisal', args=[dossier.pk])}#{answer.question.code}"

    def effect() -> str:
        take_snapshot(answer, actor=request.user, at=clock.now())
        return page

    return act(request, effect, done=_("Đã lấy số liệu và lưu danh sách đơn vị."), back=page)
