"""Committee sessions: agenda, attendance, conflicts of interest, ballots that stay hidden until voting on the item ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, clock
from core.transitions import SYSTEM, Actor, DomainError, lock
from evaluations import policies
from evaluations.models import AgendaItem, AssessmentPlan, Attendance, CommitteeSession, Conflict, Dossier, Vote
from evaluations.states import DossierState, SessionState
from movement.models import Campaign, CommitteeMembership, SteeringCommittee
from units.models import Delegation, RoleGrant, Unit, User
from units.querysets import current
from units.roles import UNIT_ROLES, Role

Seat = CommitteeMembership.Seat
Outcome = AgendaItem.Outcome
SEAT_ORDER = {Seat.CHAIR: 0, Seat.STANDING_DEPUTY: 1, Seat.DEPUTY: 2, Seat.MEMBER: 3}
NOBODY_PRESIDES = gettext_lazy(
    "Mọi thành viên Ban Chỉ đạo đều có xung đột lợi ích ở đây nên không ai chủ trì được. "
    "Hãy báo cáo Ban Chỉ đạo cấp trên trực tiếp để xem xét, quyết định."
)
SETTINGS = ("quorum_numerator", "quorum_denominator", "majority_numerator", "majority_denominator")


@dataclass(frozen=True)
class Tally:
    """The count of one item: members not excluded are entitled, present or not (rulings 14, 45)."""

    members: int
    taking_part: int
    quorum: int
    entitled: int
    needed: int
    met: int = 0
    not_met: int = 0
    abstained: int = 0

    @property
    def cast(self) -> int:
        return self.met + self.not_met + self.abstained

    @property
    def has_quorum(self) -> bool:
        return self.taking_part >= self.quorum

    @property
    def outcome(self) -> str:
        """A tie, and any count below the majority, is not carried."""
        if not self.has_quorum:
            return Outcome.NO_QUORUM
        if self.met >= self.needed:
            return Outcome.MET
        return Outcome.NOT_MET if self.not_met >= self.needed else Outcome.NOT_CARRIED


def quorum_of(rules: CommitteeSession | AssessmentPlan, members: int) -> int:
    """How many members have to take part: a fraction of all, rounded up."""
    return -(-members * rules.quorum_numerator // rules.quorum_denominator)


def majority_of(rules: CommitteeSession | AssessmentPlan, entitled: int) -> int:
    """How many votes carry: more than the fraction of those entitled."""
    return entitled * rules.majority_numerator // rules.majority_denominator + 1


def _follow_strictest(session: CommitteeSession, plans: Iterable[AssessmentPlan]) -> None:
    """A session over several kinds meets the highest quorum and names the highest majority; each item is counted by its own plan."""
    rules = list(plans)
    for name in ("quorum", "majority") if rules else ():
        numerator, denominator = f"{name}_numerator", f"{name}_denominator"
        strictest = max(rules, key=lambda plan: Fraction(getattr(plan, numerator), getattr(plan, denominator)))
        setattr(session, numerator, getattr(strictest, numerator))
        setattr(session, denominator, getattr(strictest, denominator))


# ---------- Preparing ----------


def plan_session(
    *,
    committee: SteeringCommittee,
    campaign: Campaign,
    held_at: datetime,
    place: str,
    secretary: str,
    actor: Actor,
    at: datetime,
    mode: str = CommitteeSession.Mode.MEETING,
) -> CommitteeSession:
    """A session with the members of its day; its quorum is the campaign's strictest until the agenda says which kinds it judges."""
    session = CommitteeSession(
        committee=committee, campaign=campaign, held_at=held_at, place=place.strip(), secretary=secretary.strip(), mode=mode
    )
    _require(policies.can_keep_session, actor, session)
    _follow_strictest(session, AssessmentPlan.objects.filter(campaign=campaign).order_by("pk"))
    members = list(members_on(committee, held_at))
    if not members:
        raise DomainError(_("Ban Chỉ đạo chưa có thành viên vào ngày họp. Hãy cập nhật danh sách thành viên."))
    with transaction.atomic():
        session.save()
        Attendance.objects.bulk_create(Attendance(session=session, member=member) for member in members)
        audit.record("session.plan", session, actor=actor, at=at)
    return session


def members_on(committee: SteeringCommittee, at: datetime) -> QuerySet[CommitteeMembership]:
    """The seats of a committee on a day."""
    return committee.memberships.filter(current(clock.local_date(at))).order_by("position", "pk")


def agenda_candidates(session: CommitteeSession) -> QuerySet[Dossier]:
    """Proposed dossiers that this committee's authority decides and no other session has before it or has carried."""
    elsewhere = (
        AgendaItem.objects.exclude(session=session)
        .filter(Q(outcome="") & ~Q(session__state=SessionState.CLOSED) | Q(outcome__in=[Outcome.MET, Outcome.NOT_MET]))
        .values("dossier")
    )
    return (
        Dossier.objects.filter(
            state=DossierState.PROPOSED,
            participation__campaign=session.campaign_id,
            participation__authority=session.committee.authority_id,
        )
        .exclude(pk__in=elsewhere)
        .order_by("participation__kind", "participation__sort_key", "pk")
    )


def set_agenda(session: CommitteeSession, *, dossier_ids: Sequence[int], actor: Actor, at: datetime) -> CommitteeSession:
    """Put proposed dossiers on the agenda in the given order, in place of what stood there; conflicts follow at once."""
    with transaction.atomic():
        list(Dossier.objects.filter(pk__in=dossier_ids).select_for_update(of=("self",), no_key=True).order_by("pk"))
        row = _drafted(session, actor)
        found = set(agenda_candidates(row).filter(pk__in=dossier_ids).values_list("pk", flat=True))
        if found != set(dossier_ids):
            raise DomainError(_("Có hồ sơ không còn chờ xét hoặc đã có trong phiên khác. Hãy tải lại trang rồi chọn lại."))
        row.items.exclude(dossier__in=dossier_ids).delete()
        kept = {item.dossier_id: item for item in row.items.all()}
        for position, pk in enumerate(dict.fromkeys(dossier_ids), 1):
            item = kept.get(pk) or AgendaItem(session=row, dossier_id=pk)
            item.position = position
            item.save()
        _follow_strictest(row, AssessmentPlan.objects.filter(dossiers__in=dossier_ids).distinct().order_by("pk"))
        row.save(update_fields=SETTINGS)
        refresh_conflicts(row)
        audit.record("session.agenda", row, actor=actor, data={"dossiers": list(dossier_ids)}, at=at)
    return row


def mark_attendance(session: CommitteeSession, *, member_ids: Iterable[int], actor: Actor, at: datetime) -> CommitteeSession:
    """Who is in the room; the first present by order of seats without a conflict on the agenda presides."""
    present = set(member_ids)
    with transaction.atomic():
        row = lock(session)
        _require(policies.can_keep_session, actor, row)
        if row.state == SessionState.CLOSED:
            raise DomainError(_("Phiên họp đã kết thúc."))
        gone = row.attendances.filter(is_present=True).exclude(member__in=present)
        if gone.exists() and row.items.filter(voting_closed_at__isnull=False).exists():
            raise DomainError(_("Đã có mục kết thúc bỏ phiếu: chỉ ghi thêm người đến sau, không bỏ người đã dự."))
        row.attendances.filter(member__in=present).update(is_present=True)
        row.attendances.exclude(member__in=present).update(is_present=False)
        row.chair = presiding_member(row, unit_ids=agenda_units(row))
        row.save(update_fields=["chair"])
        audit.record("session.attendance", row, actor=actor, data={"present": sorted(present)}, at=at)
    return row


# ---------- Conflicts of interest ----------


def declare_conflict(
    session: CommitteeSession, *, member: CommitteeMembership, unit: Unit, ground: str, actor: Actor, at: datetime
) -> Conflict:
    """Exclude a member from a unit's item, declared by the member or by the keeper of the session; a ballot already in is taken out."""
    with transaction.atomic():
        row = lock(session)
        if actor is not SYSTEM and actor.pk != member.user_id:
            _require(policies.can_keep_session, actor, row)
        if row.state == SessionState.CLOSED:
            raise DomainError(_("Phiên họp đã kết thúc."))
        if not ground.strip():
            raise DomainError(_("Hãy ghi lý do không tham gia."))
        if not row.attendances.filter(member=member).exists():
            raise PermissionDenied
        item = row.items.select_for_update(of=("self",), no_key=True).filter(dossier__participation__unit=unit).first()
        if item is None or item.voting_closed_at:
            raise DomainError(_("Mục này không có trong chương trình hoặc đã kết thúc bỏ phiếu."))
        conflict, made = Conflict.objects.get_or_create(session=row, member=member, unit=unit, defaults={"ground": ground.strip()})
        if made:
            item.votes.filter(member=member).delete()
            audit.record("conflict.declare", conflict, actor=actor, reason=ground.strip(), at=at)
    return conflict


def refresh_conflicts(session: CommitteeSession, *, item: AgendaItem | None = None) -> list[Conflict]:
    """Exclude by itself whoever has a role in a unit of the agenda, and whoever wrote or appraised its dossier (rulings 15, 43).

    ``item`` looks at this one alone: a ballot need not ask about the whole agenda.
    """
    members = _accounts_of(session)
    made = []
    items = session.items.filter(voting_closed_at__isnull=True).select_related("dossier__participation__campaign")
    for each in items.filter(pk=item.pk) if item else items:
        unit_id = each.dossier.participation.unit_id
        for user_id, ground in _automatic_grounds(each.dossier, set(members)).items():
            conflict, new = Conflict.objects.get_or_create(
                session=session, member=members[user_id], unit_id=unit_id, defaults={"ground": ground, "is_automatic": True}
            )
            if new:
                each.votes.filter(member=members[user_id]).delete()
                made.append(conflict)
    return made


def _accounts_of(session: CommitteeSession) -> dict[int, CommitteeMembership]:
    """Whose account sits in which seat; a chair's seat without one is kept by who has the chair's role."""
    seats = [seat.member for seat in session.attendances.select_related("member")]
    accounts = {member.user_id: member for member in seats if member.user_id}
    for member in seats:
        if member.seat == Seat.CHAIR and member.user_id is None:
            grants = RoleGrant.objects.filter(role=Role.COMMITTEE_CHAIR, area=session.committee.authority.area_id)
            accounts |= dict.fromkeys(grants.filter(current(clock.local_date(session.held_at))).values_list("user", flat=True), member)
    return accounts


def _automatic_grounds(dossier: Dossier, user_ids: set[int]) -> dict[int, str]:
    """The reason for each of these users who may not judge a dossier; the first that applies."""
    grounds: dict[int, str] = {}
    appraisers = {*dossier.answers.values_list("appraised_by", flat=True), *dossier.proposals.values_list("proposed_by", flat=True)}
    appraisers |= set(dossier.returns.values_list("returned_by", flat=True))
    writers = {dossier.scribe_id, dossier.submitted_by_id, *dossier.answers.values_list("answered_by", flat=True)}
    for users, ground in (
        (_people_of(dossier), _("có vai trò tại đơn vị")),
        (appraisers, _("đã thẩm định hồ sơ")),
        (writers, _("đã nhập hoặc nộp hồ sơ")),
    ):
        for user_id in users & user_ids:
            grounds.setdefault(user_id, ground)  # type: ignore[arg-type]
    return grounds


def _people_of(dossier: Dossier) -> set[int]:
    """Whoever held a role in the unit on a day of the campaign, or a delegation from such a person."""
    campaign = dossier.participation.campaign
    during = Q(valid_from__lte=campaign.closes_on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=campaign.starts_on))
    people = set(RoleGrant.objects.filter(during, unit=dossier.participation.unit_id, role__in=UNIT_ROLES).values_list("user", flat=True))
    return people | set(Delegation.objects.filter(during, from_user__in=people).values_list("to_user", flat=True))


def excluded_members(session: CommitteeSession, unit_ids: Iterable[int]) -> set[int]:
    """Members with a conflict for one of these units."""
    units = set(unit_ids)
    return {conflict.member_id for conflict in session.conflicts.all() if conflict.unit_id in units}


# ---------- Who presides ----------


def agenda_units(session: CommitteeSession) -> list[int]:
    """The units a session judges. Over one item presides the first without a conflict there; over opening and closing the
    session, its minutes and its decision the first without a conflict on any item, for these papers judge all of them."""
    return list(session.items.values_list("dossier__participation__unit", flat=True))


def _seats_of(session: CommitteeSession) -> Iterable[Attendance]:
    """The seats with their members, asked for once."""
    held = getattr(session, "_prefetched_objects_cache", {})
    return session.attendances.all() if "attendances" in held else session.attendances.select_related("member")


def presiding_member(session: CommitteeSession, *, unit_ids: Iterable[int] = (), present_only: bool = True) -> CommitteeMembership | None:
    """The chair; absent or excluded from these units, the next by seat and order (ruling 15); nobody when all are excluded."""
    excluded = excluded_members(session, unit_ids)
    seats = [seat for seat in _seats_of(session) if seat.member_id not in excluded]
    anybody = any(seat.is_present for seat in seats)
    able = [seat.member for seat in seats if seat.is_present or not present_only or not anybody]
    return min(able, key=lambda member: (SEAT_ORDER[Seat(member.seat)], member.position, member.pk), default=None)


def presides(user: Any, session: CommitteeSession, *, unit_ids: Iterable[int] = (), present_only: bool = True) -> bool:
    """Whether this user presides over these units; the chair's role stands for a chair's seat without an account."""
    return _holds(user, presiding_member(session, unit_ids=unit_ids, present_only=present_only), session)


def _holds(user: Any, member: CommitteeMembership | None, session: CommitteeSession) -> bool:
    if member is None:
        return False
    if member.user_id is not None:
        return member.user_id == user.pk  # type: ignore[no-any-return]
    return member.seat == Seat.CHAIR and user.has_role(Role.COMMITTEE_CHAIR, area_id=session.committee.authority.area_id)


def require_presiding(actor: Actor, session: CommitteeSession, *, unit_ids: Iterable[int] = (), present_only: bool = True) -> None:
    """Refuse who does not preside; where everybody is excluded no one does, the system neither (rulings 15, 43)."""
    member = presiding_member(session, unit_ids=unit_ids, present_only=present_only)
    if member is None:
        raise DomainError(NOBODY_PRESIDES)
    if actor is not SYSTEM and not _holds(actor, member, session):
        raise PermissionDenied


# ---------- Voting ----------


def seat_of(session: CommitteeSession, user: User) -> CommitteeMembership | None:
    """The user's seat at this session."""
    seat = session.attendances.filter(member__user=user).select_related("member").first()
    return seat.member if seat else None


def cast_vote(item: AgendaItem, *, actor: User, at: datetime, choice: str, note: str = "") -> Vote:
    """The own ballot of a member, changeable until voting on the item ends. The audit keeps that it was cast, not what it says."""
    with transaction.atomic():
        row = _voting(item)
        member = seat_of(row.session, actor)
        if member is None:
            raise PermissionDenied
        refresh_conflicts(row.session, item=row)
        if member.pk in excluded_members(row.session, [row.dossier.participation.unit_id]):
            raise DomainError(_("Bạn không tham gia biểu quyết mục này vì có xung đột lợi ích."))
        if choice not in Vote.Choice.values:
            raise DomainError(_("Hãy chọn ý kiến biểu quyết."))
        if choice == Vote.Choice.NOT_MET and not note.strip():
            raise DomainError(_("Hãy ghi ý kiến khi không đồng ý công nhận."))
        values = {"choice": choice, "note": note.strip(), "cast_at": at}
        vote, _made = Vote.objects.update_or_create(item=row, member=member, defaults=values)
        audit.record("vote.cast", row, actor=actor, at=at)
    return vote


def close_voting(item: AgendaItem, *, actor: Actor, at: datetime) -> AgendaItem:
    """End the voting on one item and state its outcome; done by whoever presides over this unit."""
    with transaction.atomic():
        row = _voting(item)
        require_presiding(actor, row.session, unit_ids=[row.dossier.participation.unit_id])
        refresh_conflicts(row.session, item=row)
        row.outcome = tally_of(row).outcome
        row.voting_closed_at = at
        row.save(update_fields=["outcome", "voting_closed_at"])
        audit.record("vote.close", row, actor=actor, to_state=row.outcome, at=at)
    return row


def tally_of(item: AgendaItem) -> Tally:
    """The count of an item's ballots. Only for closed items, or inside the act that closes them."""
    choices = dict(item.votes.values_list("member", "choice"))
    cast = list(choices.values())
    counted = turnout_of(item, set(choices))
    return Tally(
        members=counted.members,
        taking_part=counted.taking_part,
        quorum=counted.quorum,
        entitled=counted.entitled,
        needed=counted.needed,
        met=cast.count(Vote.Choice.MET),
        not_met=cast.count(Vote.Choice.NOT_MET),
        abstained=cast.count(Vote.Choice.ABSTAIN),
    )


def turnout_of(item: AgendaItem, voters: set[int]) -> Tally:
    """Members, quorum and majority of an item, by the plan of its kind, without a look at what the ballots say.

    A written opinion counts as taking part.
    """
    session, plan = item.session, item.dossier.plan
    seats = {seat.member_id: seat.is_present for seat in session.attendances.all()}
    excluded = excluded_members(session, [item.dossier.participation.unit_id])
    entitled = len(seats.keys() - excluded)
    return Tally(
        members=len(seats),
        taking_part=len({member for member, present in seats.items() if present} | voters),
        quorum=quorum_of(plan, len(seats)),
        entitled=entitled,
        needed=majority_of(plan, entitled),
    )


def _voting(item: AgendaItem) -> AgendaItem:
    """The item under its lock, with its session open and its voting not ended."""
    row = (
        AgendaItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("session__committee__authority", "dossier__participation", "dossier__plan")
        .get(pk=item.pk)
    )
    if row.session.state != SessionState.OPEN:
        raise DomainError(_("Phiên họp %(state)s, chưa hoặc không còn bỏ phiếu được.") % {"state": row.session.get_state_display()})
    if row.voting_closed_at:
        raise DomainError(_("Mục này đã kết thúc bỏ phiếu."))
    return row


def _drafted(session: CommitteeSession, actor: Actor) -> CommitteeSession:
    row = lock(session)
    _require(policies.can_keep_session, actor, row)
    if row.state != SessionState.DRAFTED:
        raise DomainError(_("Phiên họp đã khai mạc, chương trình không đổi được nữa."))
    return row


def _require(policy: Any, actor: Actor, session: CommitteeSession) -> None:
    if actor is not SYSTEM and not policy(actor, session):
        raise PermissionDenied
