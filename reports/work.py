"""“Việc của tôi”: what waits for a person, with its due date, collected from every app."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from evaluations.models import AgendaItem, CommitteeSession, Conflict, Decision, Dossier
from evaluations.states import DecisionState, DossierState, SessionState
from movement.calendar import due_on_expression
from movement.models import CommitteeMembership, MilestoneCode, Participation, Registration
from movement.states import CampaignState, RegistrationState
from units.models import UnitApplication, User
from units.querysets import current
from units.roles import STANDING_OFFICE_ROLES, Role
from units.states import ApplicationState

SOON = timedelta(days=3)
SHOWN = 40


@dataclass(frozen=True)
class WorkItem:
    """One line of the queue: what, for whom, until when, and where to do it."""

    title: str
    sub: str
    task: str
    url: str
    action: str
    tone: str
    label: str
    shape: str = ""
    due_on: date | None = None
    returned: bool = False
    is_first: bool = False


@dataclass
class WorkQueue:
    """A person's queue in three groups; where a list is cut it says how many more there are."""

    today: date
    items: list[WorkItem] = field(default_factory=list)
    hidden_count: int = 0

    def take(self, rows: QuerySet[Any]) -> list[Any]:
        """The first of the rows; what is left out is counted, so that the page can say so."""
        shown = list(rows[:SHOWN])
        if len(shown) == SHOWN:
            self.hidden_count += rows.count() - SHOWN
        return shown

    def _sorted(self, items: list[WorkItem]) -> list[WorkItem]:
        return sorted(items, key=lambda item: (item.due_on or date.max, item.title))

    @property
    def overdue(self) -> list[WorkItem]:
        return self._sorted([item for item in self.items if item.due_on and item.due_on < self.today])

    @property
    def soon(self) -> list[WorkItem]:
        return self._sorted([item for item in self.items if item.due_on and self.today <= item.due_on <= self.today + SOON])

    @property
    def later(self) -> list[WorkItem]:
        return self._sorted([item for item in self.items if not item.due_on or item.due_on > self.today + SOON])

    @property
    def returned_count(self) -> int:
        return sum(item.returned for item in self.items)

    @property
    def first(self) -> WorkItem | None:
        ordered = [*self.overdue, *self.soon, *self.later]
        return ordered[0] if ordered else None


def queue_of(user: User, today: date) -> WorkQueue:
    """Everything that waits for this person today."""
    queue = WorkQueue(today)
    grants = user.current_grants()
    if grants.unit_ids or user.has_any_role((Role.UNIT_HEAD, Role.UNIT_OFFICER)):
        queue.items += _of_units(user)
    offices = grants.area_ids(STANDING_OFFICE_ROLES)
    if offices:
        queue.items += (
            _applications(user, queue) + _registrations(offices, queue) + _dossiers(offices, user, queue) + _sessions(user, queue)
        )
    if user.has_any_role((Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.LEADER)) or offices:
        queue.items += _ballots(user, queue)
    if user.has_role(Role.COMMITTEE_CHAIR):
        queue.items += _decisions(user, queue)
    return queue


def _of_units(user: User) -> list[WorkItem]:
    """The next step of each of the user's units in the open campaigns."""
    rows = (
        Participation.objects.visible_to(user)
        .filter(unit__in=user.current_grants().unit_ids, campaign__state=CampaignState.OPEN, ineligible_citation="")
        .select_related("campaign", "registration", "dossier")
        .prefetch_related("dossier__returns")
        .annotate(
            registration_due=due_on_expression(MilestoneCode.REGISTRATION), submission_due=due_on_expression(MilestoneCode.SUBMISSION)
        )
    )
    return [item for row in rows if (item := _unit_step(row, user)) is not None]


def _unit_step(row: Any, user: User) -> WorkItem | None:
    """What the unit does next in a campaign: its registration first, then its dossier."""
    registration: Registration | None = getattr(row, "registration", None)
    dossier: Dossier | None = getattr(row, "dossier", None)
    shared = {"title": row.name, "sub": f"{row.campaign} · {row.code}"}
    if registration is not None and registration.state != RegistrationState.RECEIVED:
        is_head = user.has_role(Role.UNIT_HEAD, unit_id=row.unit_id)
        words = _REGISTRATION_STEPS.get(registration.state)
        if words is None or (registration.state == RegistrationState.PREPARED and not is_head):
            return None
        url = reverse("movement:registration-detail", args=[registration.pk])
        returned = registration.state == RegistrationState.RETURNED
        task, action, tone, shape, label = words
        return WorkItem(
            **shared, url=url, due_on=row.registration_due, returned=returned,
            task=str(task), action=str(action), tone=tone, shape=shape, label=str(label),
        )  # fmt: skip
    if dossier is None or dossier.state not in {DossierState.OPEN, DossierState.RETURNED}:
        return None
    return _dossier_step(dossier, shared, row.submission_due)


_REGISTRATION_STEPS: dict[str, tuple[Any, Any, str, str, Any]] = {
    RegistrationState.DRAFT: (gettext_lazy("Đăng ký và soạn bản cam kết"), gettext_lazy("Làm tiếp"), "open", "", gettext_lazy("Chưa ký")),
    RegistrationState.RETURNED: (
        gettext_lazy("Sửa bản đăng ký bị trả lại"), gettext_lazy("Sửa"), "warn", "returned", gettext_lazy("Bị trả lại"),
    ),
    RegistrationState.PREPARED: (gettext_lazy("Ký bản cam kết"), gettext_lazy("Xem và ký"), "info", "", gettext_lazy("Chờ bạn ký")),
}  # fmt: skip


def _dossier_step(dossier: Dossier, shared: dict[str, Any], due_on: date) -> WorkItem:
    url = reverse("evaluations:dossier-detail", args=[dossier.pk])
    if dossier.state != DossierState.RETURNED:
        words: dict[str, Any] = {"task": _("Tự đánh giá và nộp hồ sơ"), "action": _("Làm tiếp"), "label": _("Đang làm"), "tone": "info"}
        return WorkItem(**shared, **words, url=url, due_on=due_on)
    due_on = max((each.due_on for each in dossier.returns.all() if each.number == dossier.return_count), default=due_on)
    words = {"task": _("Bổ sung hồ sơ bị trả lại"), "action": _("Bổ sung"), "tone": "warn", "shape": "returned"}
    label = _("Trả lại lần %(n)s") % {"n": dossier.return_count}
    return WorkItem(**shared, **words, url=url, due_on=due_on, label=label, returned=True)


def _applications(user: User, queue: WorkQueue) -> list[WorkItem]:
    rows = UnitApplication.objects.visible_to(user).filter(state=ApplicationState.SUBMITTED).exclude(applicant=user)
    return [
        WorkItem(
            title=row.name,
            sub=row.get_kind_display(),
            task=_("Xác nhận đăng ký đơn vị"),
            url=reverse("units:application-detail", args=[row.pk]),
            action=_("Xem"),
            tone="open",
            label=_("Chờ xác nhận"),
        )
        for row in queue.take(rows)
    ]


def _registrations(offices: list[int], queue: WorkQueue) -> list[WorkItem]:
    rows = (
        Registration.objects.filter(participation__handling_area__in=offices, state=RegistrationState.SIGNED)
        .select_related("participation")
        .annotate(due_on=due_on_expression(MilestoneCode.REGISTRATION, participation="participation"))
        .order_by("signed_at")
    )
    return [
        WorkItem(
            title=row.participation.name,
            sub=f"{row.participation.get_kind_display()} · {row.participation.code}",
            task=_("Tiếp nhận bản đăng ký, cam kết"),
            url=reverse("movement:registration-detail", args=[row.pk]),
            action=_("Xem"),
            tone="info",
            shape="clock",
            label=_("Chờ tiếp nhận"),
            due_on=row.due_on,
        )
        for row in queue.take(rows)
    ]


def waiting_dossiers(offices: list[int]) -> QuerySet[Dossier]:
    """Dossiers of these handling areas that wait for their appraiser."""
    return Dossier.objects.filter(participation__handling_area__in=offices, state__in=[DossierState.SUBMITTED, DossierState.RECEIVED])


def _dossiers(offices: list[int], user: User, queue: WorkQueue) -> list[WorkItem]:
    waiting = waiting_dossiers(offices).exclude(submitted_by=user).exclude(scribe=user)
    rows = (
        waiting.select_related("participation")
        .annotate(
            due_on=due_on_expression(MilestoneCode.APPRAISAL, participation="participation"),
            question_count=Count("answers"),
            appraised_count=Count("answers", filter=~Q(answers__appraised_result="")),
        )
        .order_by("due_on", "submitted_at")
    )
    return [_dossier_item(row) for row in queue.take(rows)]


def _dossier_item(row: Any) -> WorkItem:
    begun = row.state == DossierState.RECEIVED and row.appraised_count
    if begun:
        tone, label = "info", _("Đang thẩm định %(done)s/%(all)s") % {"done": row.appraised_count, "all": row.question_count}
        shape, action = "doing", _("Tiếp tục")
    elif row.return_count:
        tone, label, shape, action = "info", _("Đã nộp lại lần %(n)s") % {"n": row.return_count}, "returned", _("Thẩm định")
    else:
        tone, label, shape, action = "info", _("Chờ thẩm định"), "clock", _("Thẩm định")
    return WorkItem(
        title=row.participation.name,
        sub=f"{row.participation.get_kind_display()} · {row.participation.code}",
        task=_("Thẩm định hồ sơ"),
        url=reverse("evaluations:appraisal", args=[row.pk]),
        action=action,
        tone=tone,
        shape=shape,
        label=label,
        due_on=row.due_on,
        returned=bool(row.return_count),
    )


def _sessions(user: User, queue: WorkQueue) -> list[WorkItem]:
    """Sessions to be prepared or held by the standing office."""
    offices = user.current_grants().area_ids(STANDING_OFFICE_ROLES)
    rows = (
        CommitteeSession.objects.filter(committee__authority__area__in=offices)
        .exclude(state=SessionState.CLOSED)
        .select_related("committee")
        .annotate(item_count=Count("items"))
    )
    return [
        WorkItem(
            title=str(row.committee),
            sub=_("%(n)s hồ sơ") % {"n": row.item_count},
            task=_("Phiên họp Ban Chỉ đạo"),
            url=reverse("evaluations:session-detail", args=[row.pk]),
            action=_("Mở phiên"),
            tone="info",
            shape="doing",
            label=row.get_state_display(),
            due_on=clock.local_date(row.held_at),
        )
        for row in queue.take(rows)
    ]


def _ballots(user: User, queue: WorkQueue) -> list[WorkItem]:
    """Open sessions in which the member, seated today, still has items to vote on and no conflict of interest."""
    seats = CommitteeMembership.objects.filter(current(queue.today), user=user).values("committee")
    conflict = Conflict.objects.filter(session=OuterRef("session"), member__user=user, unit=OuterRef("dossier__participation__unit"))
    rows = (
        AgendaItem.objects.visible_to(user)
        .filter(session__state=SessionState.OPEN, voting_closed_at__isnull=True, session__committee__in=seats)
        .exclude(votes__member__user=user)
        .exclude(Exists(conflict))
        .values("session", "session__held_at", committee=F("session__committee__name"))
        .annotate(item_count=Count("pk", distinct=True))
    )
    return [
        WorkItem(
            title=row["committee"],
            sub=_("%(n)s hồ sơ chưa biểu quyết") % {"n": row["item_count"]},
            task=_("Đọc hồ sơ và biểu quyết"),
            url=reverse("evaluations:session-detail", args=[row["session"]]),
            action=_("Biểu quyết"),
            tone="info",
            label=_("Đang họp"),
            due_on=clock.local_date(row["session__held_at"]),
        )
        for row in queue.take(rows)
    ]


def _decisions(user: User, queue: WorkQueue) -> list[WorkItem]:
    areas = user.current_grants().area_ids((Role.COMMITTEE_CHAIR,))
    rows = Decision.objects.filter(session__committee__authority__area__in=areas).exclude(state=DecisionState.RELEASED)
    return [
        WorkItem(
            title=row.document.summary,
            sub=row.document.reference_number or _("chưa có số"),
            task=_("Duyệt, cấp số") if row.state == DecisionState.PENDING else _("Công bố quyết định"),
            url=reverse("evaluations:decision-detail", args=[row.pk]),
            action=_("Xem"),
            tone="info",
            label=row.get_state_display(),
        )
        for row in queue.take(rows.select_related("document"))
    ]


def unit_view_of(dossier: Dossier) -> tuple[str, str]:
    """Tone and words for a unit's own dossier: between submission and release only “đang xem xét” (ruling 7)."""
    recognition = getattr(dossier, "recognition", None)
    if recognition is not None and recognition.decision.state == DecisionState.RELEASED:
        return ("ok" if recognition.result == "met" else "bad"), str(recognition.get_result_display())
    match dossier.state:
        case DossierState.OPEN:
            return "info", _("Đang tự đánh giá")
        case DossierState.RETURNED:
            return "warn", _("Trả lại, cần bổ sung")
        case DossierState.SUBMITTED:
            return "info", _("Đã nộp, chờ tiếp nhận")
    return "info", _("Đang xem xét")
