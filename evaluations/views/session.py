"""Committee sessions: planning and keeping them, the own ballot, the end of voting. Counts are shown while a vote runs, never ballots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import clock
from core.http import SignedInRequest, act, file_response, render_page
from evaluations import policies
from evaluations.forms.session import AgendaForm, AttendanceForm, BallotForm, ConflictForm, PlanSessionForm
from evaluations.models import AgendaItem, Attendance, CommitteeSession, Conflict, Dossier, Recognition
from evaluations.operations import decision as decisions
from evaluations.operations import session as sessions
from evaluations.states import SessionState
from evaluations.transitions.session import close_session, open_session
from evaluations.views.appraisal import RESULTS, Status
from movement.models import Campaign, CommitteeMembership, SteeringCommittee
from units.models import User
from units.querysets import current
from units.roles import COMMITTEE_ROLES, READING_ROLES, STANDING_OFFICE_ROLES

S = SessionState
PAGE_SIZE = 30
STATUSES = {
    S.DRAFTED: Status("open", gettext_lazy("Đang chuẩn bị")),
    S.OPEN: Status("info", gettext_lazy("Đang họp")),
    S.CLOSED: Status("ok", gettext_lazy("Đã kết thúc")),
}
OUTCOMES = {
    AgendaItem.Outcome.MET: Status("ok", gettext_lazy("Kết luận: đạt")),
    AgendaItem.Outcome.NOT_MET: Status("bad", gettext_lazy("Kết luận: chưa đạt")),
    AgendaItem.Outcome.NOT_CARRIED: Status("warn", gettext_lazy("Không đủ đa số, chưa kết luận")),
    AgendaItem.Outcome.NO_QUORUM: Status("warn", gettext_lazy("Không đủ thành viên, chưa kết luận")),
}


@dataclass(frozen=True)
class AgendaRow:
    """One line of the agenda."""

    item: AgendaItem
    status: Status
    url: str
    is_current: bool
    absent_names: str


def session_list(request: SignedInRequest) -> HttpResponse:
    """Sessions of the own level and committees."""
    if not request.user.has_any_role(STANDING_OFFICE_ROLES | COMMITTEE_ROLES | READING_ROLES):
        raise PermissionDenied
    rows = CommitteeSession.objects.visible_to(request.user).select_related("committee", "campaign")
    rows = rows.annotate(item_count=Count("items", distinct=True), done_count=Count("items", filter=~Q(items__outcome=""), distinct=True))
    page = Paginator(rows.order_by("-held_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": [(row, STATUSES[S(row.state)]) for row in page],
        "may_plan": request.user.has_any_role(STANDING_OFFICE_ROLES),
    }
    return render_page(request, "evaluations/session_list.html", context)


def session_plan(request: SignedInRequest) -> HttpResponse:
    """A new session of a committee whose standing office the user belongs to."""
    own = request.user.current_grants().area_ids(STANDING_OFFICE_ROLES)
    if not own:
        raise PermissionDenied
    committees = SteeringCommittee.objects.visible_to(request.user).filter(current(clock.today()), authority__area__in=own)
    campaigns = Campaign.objects.visible_to(request.user).open()
    form = PlanSessionForm(request.POST or None, actor=request.user, committees=committees, campaigns=campaigns)
    if request.method == "POST" and form.is_valid():
        return act(
            request,
            lambda: reverse("evaluations:session-agenda", args=[form.save(at=clock.now()).pk]),
            done=_("Đã lập phiên họp. Chọn hồ sơ đưa ra xét."),
            back=reverse("evaluations:session-plan"),
        )
    context = {"form": form, "has_committee": committees.exists()}
    return render_page(request, "evaluations/session_form.html", context, status=422 if form.is_bound else 200)


def _session(request: SignedInRequest, pk: int) -> CommitteeSession:
    rows = CommitteeSession.objects.visible_to(request.user).select_related("committee__authority", "campaign", "chair", "minutes")
    return get_object_or_404(rows, pk=pk)


def _item(request: SignedInRequest, pk: int) -> AgendaItem:
    rows = AgendaItem.objects.visible_to(request.user).select_related("session__committee__authority", "dossier__participation")
    return get_object_or_404(rows, pk=pk)


def _page_url(session: CommitteeSession, item: AgendaItem | None = None) -> str:
    url = reverse("evaluations:session-detail", args=[session.pk])
    return f"{url}?muc={item.pk}" if item else url


def session_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Agenda, quorum, and one item with the own ballot and how many ballots are in."""
    return _detail(request, _session(request, pk))


def _detail(
    request: SignedInRequest, session: CommitteeSession, *, form: BallotForm | None = None, item_pk: int | None = None
) -> HttpResponse:
    user = request.user
    prefetch_related_objects(
        [session],
        Prefetch("attendances", Attendance.objects.select_related("member")),
        Prefetch("items", AgendaItem.objects.select_related("dossier__participation", "dossier__plan")),
        Prefetch("conflicts", Conflict.objects.select_related("member")),
    )
    seats, items, conflicts = list(session.attendances.all()), list(session.items.all()), list(session.conflicts.all())
    units = [row.dossier.participation.unit_id for row in items]
    item = _chosen(items, item_pk or request.GET.get("muc"))
    excluded = {conflict.member_id for conflict in conflicts if item and conflict.unit_id == item.dossier.participation.unit_id}
    decision = session.decisions.first()
    keeps = policies.can_keep_session(user, session)
    context = {
        "session": session,
        "status": STATUSES[S(session.state)],
        "items": [_agenda_row(session, row, conflicts, item) for row in items],
        "done_count": sum(bool(row.outcome) for row in items),
        "seats": [(seat, seat.member_id in excluded) for seat in seats],
        "present": sum(seat.is_present for seat in seats),
        "quorum": sessions.quorum_of(session, len(seats)),
        "has_quorum": sum(seat.is_present for seat in seats) >= sessions.quorum_of(session, len(seats)),
        "may_prepare": keeps and session.state == S.DRAFTED,
        "may_mark": keeps and session.state != S.CLOSED,
        "may_close": session.state == S.OPEN and all(row.outcome for row in items) and sessions.presides(user, session, unit_ids=units),
        "may_draft": keeps and session.state == S.CLOSED and decision is None and any(row.outcome in decisions.CARRIED for row in items),
        "decision": decision if decision and (keeps or decision.released_at or policies.can_close_session(user, session)) else None,
        "item": _item_context(request, session, item, seats, conflicts, form) if item else None,
        "has_errors": bool(form and form.is_bound),
    }
    return render_page(request, "evaluations/session_detail.html", context, status=422 if form and form.is_bound else 200)


def _chosen(items: list[AgendaItem], typed: Any) -> AgendaItem | None:
    named = next((item for item in items if str(item.pk) == str(typed)), None)
    return named or next((item for item in items if not item.outcome), items[0] if items else None)


def _agenda_row(session: CommitteeSession, item: AgendaItem, conflicts: list[Any], chosen: AgendaItem | None) -> AgendaRow:
    waiting = Status("info", _("Đang bỏ phiếu")) if session.state == S.OPEN else Status("open", _("Chưa xét"))
    unit_id = item.dossier.participation.unit_id
    return AgendaRow(
        item=item,
        status=OUTCOMES[AgendaItem.Outcome(item.outcome)] if item.outcome else waiting,
        url=_page_url(session, item),
        is_current=item == chosen,
        absent_names=", ".join(conflict.member.full_name for conflict in conflicts if conflict.unit_id == unit_id),
    )


def _item_context(
    request: SignedInRequest, session: CommitteeSession, item: AgendaItem, seats: list[Any], conflicts: list[Any], form: BallotForm | None
) -> dict[str, Any]:
    """What this reader may know of an item: a member with a conflict nothing of its dossier, nobody any ballot but the own."""
    user, participation = request.user, item.dossier.participation
    mine = next((seat.member for seat in seats if seat.member.user_id == user.pk), None)
    here = [conflict for conflict in conflicts if conflict.unit_id == participation.unit_id]
    excluded = {conflict.member_id for conflict in here}
    is_excluded = mine is not None and mine.pk in excluded
    is_voting = session.state == S.OPEN and not item.outcome
    votes = list(item.votes.order_by("pk"))
    vote = next((vote for vote in votes if mine and vote.member_id == mine.pk), None) if not is_excluded else None
    turnout = sessions.turnout_of(item, set())
    cast = len(votes) if is_voting else 0
    return {
        "row": item,
        "participation": participation,
        "conflicts": here,
        "is_excluded": is_excluded,
        "scores": None if is_excluded else _scores(item),
        "dossier_url": _dossier_url(user, item) if not is_excluded else "",
        "last_year": _last_year(item),
        "turnout": turnout,
        "is_voting": is_voting,
        "cast": cast,
        "ballots": [number < cast for number in range(turnout.entitled)],
        "ballot": (form or BallotForm(vote=vote)) if is_voting and mine and not is_excluded else None,
        "vote": vote,
        "tally": sessions.tally_of(item) if item.outcome else None,
        "status": OUTCOMES[AgendaItem.Outcome(item.outcome)] if item.outcome else None,
        "opinions": [vote.note for vote in votes if vote.note] if item.outcome and not is_excluded else [],
        "may_close": is_voting and sessions.presides(user, session, unit_ids=[participation.unit_id]),
        "refusal": "" if turnout.entitled or not is_voting else sessions.NOBODY_PRESIDES,
        "may_declare": is_voting and (mine is not None or policies.can_keep_session(user, session)),
    }


def _dossier_url(user: User, item: AgendaItem) -> str:
    """The whole dossier, for those who may open it: leaders read the agenda alone."""
    readable = Dossier.objects.visible_to(user).filter(pk=item.dossier_id).exists()
    return reverse("evaluations:appraisal", args=[item.dossier_id]) if readable else ""


def _scores(item: AgendaItem) -> dict[str, Any]:
    counts = item.dossier.answers.aggregate(
        total=Count("pk"),
        self_met=Count("pk", filter=Q(self_result="met")),
        met=Count("pk", filter=Q(appraised_result="met")),
        not_met=Count("pk", filter=Q(appraised_result="not_met")),
        self_not_met=Count("pk", filter=Q(self_result="not_met")),
    )
    dossier = item.dossier
    return counts | {
        "self_status": RESULTS.get(dossier.self_result),  # type: ignore[call-overload]
        "status": RESULTS.get(dossier.result),  # type: ignore[call-overload]
        "evidence": dossier.answers.filter(evidence__removed_at__isnull=True).aggregate(count=Count("evidence"))["count"],
    }


def _last_year(item: AgendaItem) -> Recognition | None:
    participation = item.dossier.participation
    rows = Recognition.objects.released().filter(
        dossier__participation__unit=participation.unit_id, dossier__participation__campaign__year=item.session.campaign.year - 1
    )
    return rows.first()


# ---------- Keeping ----------


def session_agenda(request: SignedInRequest, pk: int) -> HttpResponse:
    session = _kept(request, pk)
    form = AgendaForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():

        def effect() -> str:
            sessions.set_agenda(session, dossier_ids=form.cleaned_data["dossiers"], actor=request.user, at=clock.now())
            return _page_url(session)

        return act(request, effect, done=_("Đã ghi chương trình."), back=_page_url(session))
    context = {"session": session, "form": form, "has_candidates": bool(form.fields["dossiers"].choices)}  # type: ignore[attr-defined]
    return render_page(request, "evaluations/session_agenda_form.html", context, status=422 if form.is_bound else 200)


def session_attendance(request: SignedInRequest, pk: int) -> HttpResponse:
    session = _kept(request, pk)
    form = AttendanceForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():

        def effect() -> str:
            sessions.mark_attendance(session, member_ids=form.cleaned_data["members"], actor=request.user, at=clock.now())
            return _page_url(session)

        return act(request, effect, done=_("Đã ghi thành viên dự họp."), back=_page_url(session))
    return render_page(
        request, "evaluations/session_attendance_form.html", {"session": session, "form": form}, status=422 if form.is_bound else 200
    )


def _kept(request: SignedInRequest, pk: int) -> CommitteeSession:
    session = _session(request, pk)
    if not policies.can_keep_session(request.user, session):
        raise PermissionDenied
    return session


@require_POST
def session_open(request: SignedInRequest, pk: int) -> HttpResponse:
    session = _session(request, pk)

    def effect() -> str:
        open_session(session, actor=request.user, at=clock.now())
        return _page_url(session)

    return act(request, effect, done=_("Phiên họp đã khai mạc, thành viên bỏ phiếu được."), back=_page_url(session))


@require_POST
def session_close(request: SignedInRequest, pk: int) -> HttpResponse:
    session = _session(request, pk)

    def effect() -> str:
        close_session(session, actor=request.user, at=clock.now())
        return _page_url(session)

    return act(request, effect, done=_("Phiên họp đã kết thúc, biên bản đã lập."), back=_page_url(session))


def session_minutes(request: SignedInRequest, pk: int) -> HttpResponseBase:
    session = _session(request, pk)
    if session.minutes is None:
        raise Http404
    return file_response(request, session.minutes, verb="session.minutes", inline=True)


@require_POST
def decision_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    session = _session(request, pk)

    def effect() -> str:
        decision = decisions.draft_decision(session, actor=request.user, at=clock.now())
        return reverse("evaluations:decision-detail", args=[decision.pk])

    return act(request, effect, done=_("Đã lập dự thảo quyết định."), back=_page_url(session))


# ---------- Voting ----------


@require_POST
def item_vote(request: SignedInRequest, pk: int) -> HttpResponse:
    """The own ballot; nobody else's can be sent or seen."""
    item = _item(request, pk)
    form = BallotForm(request.POST)
    if not form.is_valid():
        return _detail(request, _session(request, item.session_id), form=form, item_pk=item.pk)

    def effect() -> str:
        data = form.cleaned_data
        sessions.cast_vote(item, actor=request.user, at=clock.now(), choice=data["choice"], note=data["note"])
        return _page_url(item.session, item)

    return act(request, effect, done=_("Phiếu đã ghi. Bạn đổi được đến khi kết thúc bỏ phiếu mục này."), back=_page_url(item.session, item))


@require_POST
def item_close(request: SignedInRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)

    def effect() -> str:
        sessions.close_voting(item, actor=request.user, at=clock.now())
        return _page_url(item.session, item)

    return act(request, effect, done=_("Đã kết thúc bỏ phiếu mục này."), back=_page_url(item.session, item))


def item_conflict(request: SignedInRequest, pk: int) -> HttpResponse:
    """A conflict of interest, declared by the member or entered by the keeper of the session."""
    item = _item(request, pk)
    session = item.session
    members = CommitteeMembership.objects.filter(pk__in=session.attendances.values("member"))
    if not policies.can_keep_session(request.user, session):
        members = members.filter(user=request.user)
        if not members.exists():
            raise PermissionDenied
    form = ConflictForm(request.POST or None, item=item, members=members)
    if request.method == "POST" and form.is_valid():

        def effect() -> str:
            data = form.cleaned_data
            sessions.declare_conflict(
                session,
                member=data["member"],
                unit=item.dossier.participation.unit,
                ground=data["ground"],
                actor=request.user,
                at=clock.now(),
            )
            return _page_url(session, item)

        return act(request, effect, done=_("Đã ghi xung đột lợi ích, thành viên không tham gia mục này."), back=_page_url(session, item))
    context = {"session": session, "item": item, "participation": item.dossier.participation, "form": form}
    return render_page(request, "evaluations/session_conflict_form.html", context, status=422 if form.is_bound else 200)
