"""Committee sessions: states, quorum and majority, conflicts, ballots nobody sees before the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core import clock, files
from core.models import AuditEvent
from core.transitions import SYSTEM, DomainError, TransitionRefused
from evaluations.models import AgendaItem, AssessmentPlan, CommitteeSession, Conflict, Vote
from evaluations.operations import session as sessions
from evaluations.operations.minutes import minutes_document
from evaluations.operations.session import Tally
from evaluations.states import DossierState, SessionState
from evaluations.transitions.session import close_session, open_session
from movement.models import CommitteeMembership
from tests import reading
from tests.factories import appraisals as make
from tests.world import World
from units.models import Delegation, RoleGrant
from units.roles import UnitKind

pytestmark = pytest.mark.django_db


def dossiers(world: World) -> list:
    return [
        make.dossier_of(world, world.residential_area, DossierState.PROPOSED),
        make.dossier_of(world, world.school, DossierState.PROPOSED, submitter=world.cast.school_head),
    ]


# ---------- States ----------


@pytest.mark.parametrize("verb", ["open", "close"])
@pytest.mark.parametrize("state", SessionState.values)
def test_verb_starts_only_from_its_state(verb: str, state: str, world: World) -> None:
    session = make.session_of(world, dossiers(world))
    for item in session.items.all():
        AgendaItem.objects.filter(pk=item.pk).update(outcome="met", voting_closed_at=world.at)
    minutes = files.store_bytes(b"%PDF", name="bien-ban.pdf", content_type="application/pdf", purpose="session.minutes")
    fields = {"closed_at": world.at, "minutes": minutes} if state == "closed" else {}
    CommitteeSession.objects.filter(pk=session.pk).update(state=state, **fields)

    def act() -> CommitteeSession:
        if verb == "open":
            return open_session(session, actor=world.cast.commune_officer, at=world.at)
        return close_session(session, actor=world.cast.chair, at=world.at)

    if (verb, state) in {("open", "drafted"), ("close", "open")}:
        assert act().state == {"open": "open", "close": "closed"}[verb]
        assert AuditEvent.objects.filter(verb=f"session.{verb}", target_id=session.pk, refused=False).count() == 1
    else:
        with pytest.raises(TransitionRefused):
            act()


@pytest.mark.parametrize("who", ["head", "neighbour_officer", "province_officer", "chair", "leader", "auditor"])
def test_only_the_standing_office_opens(who: str, world: World) -> None:
    with pytest.raises(PermissionDenied):
        open_session(make.session_of(world, dossiers(world)), actor=getattr(world.cast, who), at=world.at)


@pytest.mark.parametrize("who", ["commune_officer", "member_one", "province_chair", "head"])
def test_only_who_presides_closes(who: str, world: World) -> None:
    session = make.session_of(world, dossiers(world), opened=True)
    for item in session.items.all():
        sessions.close_voting(item, actor=world.cast.chair, at=world.at)

    with pytest.raises(PermissionDenied):
        close_session(session, actor=getattr(world.cast, who), at=world.at)


def test_session_without_an_agenda_does_not_open(world: World) -> None:
    with pytest.raises(DomainError, match="chưa có hồ sơ"):
        open_session(make.session_of(world), actor=world.cast.commune_officer, at=world.at)


def test_session_does_not_close_while_a_vote_runs(world: World) -> None:
    session = make.session_of(world, dossiers(world), opened=True)

    with pytest.raises(DomainError, match="Còn 2 mục"):
        close_session(session, actor=world.cast.chair, at=world.at)


def test_committee_without_members_cannot_meet(world: World) -> None:
    CommitteeMembership.objects.filter(committee=world.committee).update(valid_to=clock.local_date(world.at) - timedelta(days=1))

    with pytest.raises(DomainError, match="chưa có thành viên"):
        make.session_of(world)


# ---------- Agenda ----------


def test_agenda_takes_only_proposed_dossiers_of_the_own_authority(world: World) -> None:
    ready, other = dossiers(world)
    make.dossier_of(world, world.agency, DossierState.RECEIVED)
    make.dossier_of(world, world.neighbour_residential_area, DossierState.PROPOSED)
    make.dossier_of(world, world.province_agency, DossierState.PROPOSED)
    session = make.session_of(world)

    assert set(sessions.agenda_candidates(session)) == {ready, other}


def test_dossier_before_one_session_is_not_put_before_another(world: World) -> None:
    first, _second = dossiers(world)
    make.session_of(world, [first])
    other = make.session_of(world)

    with pytest.raises(DomainError, match="phiên khác"):
        sessions.set_agenda(other, dossier_ids=[first.pk], actor=world.cast.commune_officer, at=world.at)


def test_undecided_dossier_comes_before_a_later_session(world: World) -> None:
    first, second = dossiers(world)
    make.closed_session(world, {first: "abstain", second: "met"})

    assert list(sessions.agenda_candidates(make.session_of(world))) == [first]


def test_agenda_stands_once_the_session_is_open(world: World) -> None:
    session = make.session_of(world, dossiers(world), opened=True)

    with pytest.raises(DomainError, match="đã khai mạc"):
        sessions.set_agenda(session, dossier_ids=[], actor=world.cast.commune_officer, at=world.at)


# ---------- Quorum and majority ----------


@pytest.mark.parametrize(
    ("members", "present", "entitled", "votes", "outcome"),
    [
        (9, 6, 9, (5, 0, 0), "met"),
        (9, 5, 9, (5, 0, 0), "no_quorum"),  # two thirds of nine are six
        (9, 9, 9, (4, 4, 1), "not_carried"),
        (9, 9, 8, (4, 4, 0), "not_carried"),  # a tie is not carried
        (9, 9, 8, (5, 3, 0), "met"),
        (9, 9, 9, (4, 5, 0), "not_met"),
        (9, 9, 9, (4, 0, 5), "not_carried"),  # abstentions do not help
        (3, 2, 3, (2, 0, 0), "met"),
        (3, 1, 3, (1, 0, 0), "no_quorum"),
        (3, 3, 1, (1, 0, 0), "met"),
        (1, 1, 1, (0, 1, 0), "not_met"),
        (4, 3, 4, (2, 1, 0), "not_carried"),
        (2, 2, 0, (0, 0, 0), "not_carried"),  # nobody is entitled
    ],
)
def test_quorum_and_majority(members: int, present: int, entitled: int, votes: tuple[int, int, int], outcome: str) -> None:
    session = CommitteeSession()
    met, not_met, abstained = votes

    tally = Tally(
        members=members,
        taking_part=present,
        quorum=sessions.quorum_of(session, members),
        entitled=entitled,
        needed=sessions.majority_of(session, entitled),
        met=met,
        not_met=not_met,
        abstained=abstained,
    )

    assert tally.outcome == outcome


def test_other_fractions_are_settings_of_the_session() -> None:
    session = CommitteeSession(quorum_numerator=1, quorum_denominator=2, majority_numerator=2, majority_denominator=3)

    assert [sessions.quorum_of(session, members) for members in (3, 4, 9)] == [2, 2, 5]
    assert [sessions.majority_of(session, entitled) for entitled in (3, 4, 9)] == [3, 3, 7]


def test_each_item_is_counted_by_the_plan_of_its_kind(world: World) -> None:
    """Of three members two carry a residential area; the plan of schools wants all three, both to meet and to agree."""
    AssessmentPlan.objects.filter(campaign=world.campaign, unit_kind=UnitKind.SCHOOL).update(
        quorum_numerator=1, quorum_denominator=1, majority_numerator=2, majority_denominator=3
    )
    session = make.session_of(world, dossiers(world), opened=True)
    session.attendances.filter(member__user=world.cast.member_two).update(is_present=False)
    outcomes = {}
    for item in session.items.select_related("dossier__participation"):
        make.vote(world, item, "met", [world.cast.chair, world.cast.member_one])
        outcomes[item.dossier.participation.unit] = sessions.close_voting(item, actor=world.cast.chair, at=world.at).outcome

    assert outcomes == {world.residential_area: "met", world.school: "no_quorum"}
    assert [getattr(session, name) for name in sessions.SETTINGS] == [1, 1, 2, 3]  # the session itself follows the strictest
    lines = minutes_document(session, ended_at=world.at)
    assert lines.majority == "quá nửa (khu dân cư), hơn 2/3 (cơ sở giáo dục) số thành viên có quyền biểu quyết"


def test_session_takes_the_settings_of_its_agenda(world: World) -> None:
    AssessmentPlan.objects.filter(campaign=world.campaign, unit_kind=UnitKind.SCHOOL).update(quorum_numerator=1, quorum_denominator=1)

    session = make.session_of(world, dossiers(world)[:1])

    session.refresh_from_db()
    assert [getattr(session, name) for name in sessions.SETTINGS] == [2, 3, 1, 2]


def test_without_quorum_an_item_has_no_outcome_that_decides(world: World) -> None:
    session = make.session_of(world, dossiers(world)[:1], opened=True)
    sessions.mark_attendance(session, member_ids=[], actor=world.cast.commune_officer, at=world.at)
    make.vote(world, session.items.get(), "met", [world.cast.chair])

    assert sessions.close_voting(session.items.get(), actor=world.cast.chair, at=world.at).outcome == "no_quorum"


def test_written_opinion_counts_towards_the_quorum(world: World) -> None:
    session = make.session_of(world, dossiers(world)[:1], opened=True)
    sessions.mark_attendance(session, member_ids=[], actor=world.cast.commune_officer, at=world.at)
    make.vote(world, session.items.get(), "met", [world.cast.chair, world.cast.member_one])

    assert sessions.close_voting(session.items.get(), actor=world.cast.chair, at=world.at).outcome == "met"


def test_who_attended_is_not_struck_off_after_a_vote(world: World) -> None:
    session = make.session_of(world, dossiers(world), opened=True)
    sessions.close_voting(session.items.first(), actor=world.cast.chair, at=world.at)

    with pytest.raises(DomainError, match="không bỏ người đã dự"):
        sessions.mark_attendance(session, member_ids=[], actor=world.cast.commune_officer, at=world.at)


# ---------- Conflicts ----------


def grounds(session: CommitteeSession) -> dict[str, str]:
    return {conflict.member.user.username: conflict.ground for conflict in session.conflicts.select_related("member__user")}


def test_role_in_the_unit_excludes(world: World) -> None:
    start = clock.local_date(world.at) - timedelta(days=30)
    RoleGrant.objects.create(user=world.cast.member_one, role="unit_officer", unit=world.residential_area, valid_from=start)

    assert grounds(make.session_of(world, dossiers(world)[:1])) == {"xa.uyvien1": "có vai trò tại đơn vị"}


def test_role_that_ended_during_the_campaign_still_excludes(world: World) -> None:
    start, end = (clock.local_date(world.at) - timedelta(days=days) for days in (50, 20))
    RoleGrant.objects.create(user=world.cast.member_one, role="unit_head", unit=world.residential_area, valid_from=start, valid_to=end)

    assert grounds(make.session_of(world, dossiers(world)[:1])) == {"xa.uyvien1": "có vai trò tại đơn vị"}


def test_delegate_of_the_head_is_excluded(world: World) -> None:
    today = clock.local_date(world.at)
    Delegation.objects.create(from_user=world.cast.head, to_user=world.cast.member_two, valid_from=today, valid_to=today, ground="Đi họp")

    assert grounds(make.session_of(world, dossiers(world)[:1])) == {"xa.uyvien2": "có vai trò tại đơn vị"}


def test_appraiser_and_scribe_are_excluded(world: World) -> None:
    """Ruling 43: whoever appraised a dossier, or entered it on behalf, does not vote on it."""
    dossier = make.dossier_of(world, world.residential_area, DossierState.PROPOSED, scribe=world.cast.member_two)
    dossier.proposals.update(proposed_by=world.cast.member_one)

    assert grounds(make.session_of(world, [dossier])) == {"xa.uyvien1": "đã thẩm định hồ sơ", "xa.uyvien2": "đã nhập hoặc nộp hồ sơ"}


def test_excluded_member_has_no_ballot_and_does_not_count(world: World) -> None:
    session = make.session_of(world, dossiers(world)[:1], opened=True)
    item = session.items.get()
    make.vote(world, item, "not_met", [world.cast.member_one])
    seat = sessions.seat_of(session, world.cast.member_one)
    sessions.declare_conflict(
        session, member=seat, unit=world.residential_area, ground="Anh ruột", actor=world.cast.member_one, at=world.at
    )

    with pytest.raises(DomainError, match="xung đột lợi ích"):
        make.vote(world, item, "met", [world.cast.member_one])
    assert Vote.objects.count() == 0
    assert sessions.turnout_of(item, set()).entitled == 2


def test_member_declares_only_for_the_own_seat(world: World) -> None:
    session = make.session_of(world, dossiers(world)[:1], opened=True)
    seat = sessions.seat_of(session, world.cast.member_two)

    with pytest.raises(PermissionDenied):
        sessions.declare_conflict(
            session, member=seat, unit=world.residential_area, ground="Họ hàng", actor=world.cast.member_one, at=world.at
        )


def test_conflict_wants_a_ground_and_an_open_vote(world: World) -> None:
    session = make.session_of(world, dossiers(world)[:1], opened=True)
    seat = sessions.seat_of(session, world.cast.member_one)
    keeper = world.cast.commune_officer

    with pytest.raises(DomainError, match="lý do"):
        sessions.declare_conflict(session, member=seat, unit=world.residential_area, ground=" ", actor=keeper, at=world.at)
    sessions.close_voting(session.items.get(), actor=world.cast.chair, at=world.at)
    with pytest.raises(DomainError, match="đã kết thúc"):
        sessions.declare_conflict(session, member=seat, unit=world.residential_area, ground="Họ hàng", actor=keeper, at=world.at)
    assert Conflict.objects.count() == 0


def test_deputy_presides_where_the_chair_is_excluded(world: World) -> None:
    session = make.session_of(world, dossiers(world), opened=True)
    seat = sessions.seat_of(session, world.cast.chair)
    sessions.declare_conflict(session, member=seat, unit=world.residential_area, ground="Họ hàng", actor=world.cast.chair, at=world.at)
    mine, other = (
        session.items.get(dossier__participation__unit=world.residential_area),
        session.items.get(dossier__participation__unit=world.school),
    )

    with pytest.raises(PermissionDenied):
        sessions.close_voting(mine, actor=world.cast.chair, at=world.at)
    with pytest.raises(PermissionDenied):
        sessions.close_voting(other, actor=world.cast.member_one, at=world.at)
    sessions.close_voting(mine, actor=world.cast.member_one, at=world.at)
    sessions.close_voting(other, actor=world.cast.chair, at=world.at)


def conflict(world: World, session: CommitteeSession, user: object, unit: object) -> None:
    seat = session.attendances.get(member__user=user).member
    sessions.declare_conflict(session, member=seat, unit=unit, ground="Họ hàng", actor=world.cast.commune_officer, at=world.at)


def test_session_is_closed_by_the_first_without_a_conflict_on_its_agenda(world: World) -> None:
    session = make.session_of(world, dossiers(world), opened=True)
    conflict(world, session, world.cast.chair, world.residential_area)
    for item in session.items.select_related("dossier__participation"):
        alone = item.dossier.participation.unit_id == world.residential_area.pk
        sessions.close_voting(item, actor=world.cast.member_one if alone else world.cast.chair, at=world.at)

    with pytest.raises(PermissionDenied):
        close_session(session, actor=world.cast.chair, at=world.at)
    assert close_session(session, actor=world.cast.member_one, at=world.at).chair.user == world.cast.member_one


def test_nobody_presides_where_every_member_is_excluded(world: World) -> None:
    session = make.session_of(world, dossiers(world), opened=True)
    for user in (world.cast.chair, world.cast.member_one, world.cast.member_two):
        conflict(world, session, user, world.residential_area)
    item = session.items.get(dossier__participation__unit=world.residential_area)

    for actor in (world.cast.chair, SYSTEM):
        with pytest.raises(DomainError, match="cấp trên"):
            sessions.close_voting(item, actor=actor, at=world.at)
    assert not sessions.presides(world.cast.chair, session, unit_ids=[world.residential_area.pk])


def test_agenda_over_which_nobody_can_preside_is_not_opened(world: World) -> None:
    session = make.session_of(world, dossiers(world))
    for user, unit in (
        (world.cast.chair, world.school),
        (world.cast.member_one, world.school),
        (world.cast.member_two, world.residential_area),
    ):
        conflict(world, session, user, unit)

    with pytest.raises(DomainError, match="tách"):
        open_session(session, actor=world.cast.commune_officer, at=world.at)


def test_chair_without_an_account_at_the_seat_is_excluded_by_the_role(world: World) -> None:
    CommitteeMembership.objects.filter(user=world.cast.chair).update(user=None)
    RoleGrant.objects.create(
        user=world.cast.chair, role="unit_officer", unit=world.residential_area, valid_from=clock.local_date(world.at) - timedelta(days=30)
    )
    session = make.session_of(world, dossiers(world), opened=True)
    mine = session.items.get(dossier__participation__unit=world.residential_area)

    assert session.conflicts.get().ground == "có vai trò tại đơn vị"
    with pytest.raises(PermissionDenied):
        sessions.close_voting(mine, actor=world.cast.chair, at=world.at)


# ---------- Ballots ----------


@pytest.mark.parametrize("who", ["commune_officer", "head", "province_chair", "nobody"])
def test_only_members_vote(who: str, world: World) -> None:
    session = make.session_of(world, dossiers(world)[:1], opened=True)

    with pytest.raises(PermissionDenied):
        make.vote(world, session.items.get(), "met", [getattr(world.cast, who)])


def test_ballot_changes_until_the_vote_ends(world: World) -> None:
    session = make.session_of(world, dossiers(world)[:1], opened=True)
    item = session.items.get()
    make.vote(world, item, "met", [world.cast.member_one])
    make.vote(world, item, "abstain", [world.cast.member_one])
    sessions.close_voting(item, actor=world.cast.chair, at=world.at)

    with pytest.raises(DomainError, match="đã kết thúc bỏ phiếu"):
        make.vote(world, item, "met", [world.cast.member_one])
    assert Vote.objects.get().choice == "abstain"


def test_ballot_before_the_session_opens_is_refused(world: World) -> None:
    session = make.session_of(world, dossiers(world)[:1])

    with pytest.raises(DomainError, match="chưa hoặc không còn"):
        make.vote(world, session.items.get(), "met", [world.cast.member_one])


@pytest.mark.parametrize(("choice", "words"), [("maybe", "chọn ý kiến"), ("not_met", "ghi ý kiến")])
def test_ballot_wants_a_choice_and_a_reason_for_a_no(choice: str, words: str, world: World) -> None:
    session = make.session_of(world, dossiers(world)[:1], opened=True)

    with pytest.raises(DomainError, match=words):
        sessions.cast_vote(session.items.get(), actor=world.cast.member_one, at=world.at, choice=choice)


def test_audit_of_a_ballot_says_that_it_was_cast_not_what(world: World) -> None:
    session = make.session_of(world, dossiers(world)[:1], opened=True)
    make.vote(world, session.items.get(), "not_met", [world.cast.member_one])

    event = AuditEvent.objects.get(verb="vote.cast")
    assert (event.actor, event.data, event.reason, event.to_state) == (world.cast.member_one, {}, "", "")


# ---------- Minutes ----------


def test_minutes_hold_counts_exclusions_and_conclusions(world: World) -> None:
    met, not_met = dossiers(world)
    session = make.session_of(world, [met, not_met], opened=True)
    seat = sessions.seat_of(session, world.cast.member_two)
    sessions.declare_conflict(
        session, member=seat, unit=world.residential_area, ground="Anh ruột của Trưởng bản", actor=world.cast.member_two, at=world.at
    )
    first, second = session.items.order_by("position")
    make.vote(world, first, "met", [world.cast.chair, world.cast.member_one])
    make.vote(world, second, "not_met")
    for item in (first, second):
        sessions.close_voting(item, actor=world.cast.chair, at=world.at)

    closed = close_session(session, actor=world.cast.chair, at=world.at)
    text = " ".join(reading.texts(files.read(closed.minutes))).replace("\u2060", "")

    assert "Số: 01/BB-BCĐ" in text
    assert "Cà Thị Hai không tham gia đối với Bản Nà Đon: Anh ruột của Trưởng bản" in text
    assert "Thống nhất đề nghị công nhận 01 đơn vị" in text
    assert "Kết luận 01 đơn vị chưa đạt" in text
    assert closed.minutes.sha256 == CommitteeSession.objects.get(pk=session.pk).minutes.sha256
