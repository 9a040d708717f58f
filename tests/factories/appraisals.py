"""Dossiers in the hands of officers and committees, without playing the unit's side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from core import clock, jobs
from core.models import Job
from evaluations.models import AgendaItem, Answer, AssessmentPlan, CommitteeSession, Decision, Dossier, Proposal, Question
from evaluations.operations import decision as decisions
from evaluations.operations import session as sessions
from evaluations.states import DossierState
from evaluations.transitions.decision import approve_decision, release_decision
from evaluations.transitions.session import close_session, open_session
from movement.models import SteeringCommittee
from tests.world import World
from units.models import Unit, User

APPRAISED_STATES = (DossierState.PROPOSED, DossierState.DECIDED)
RECEIVED_STATES = (DossierState.RECEIVED, DossierState.RETURNED, *APPRAISED_STATES)


def dossier_of(
    world: World, unit: Unit, state: str = DossierState.RECEIVED, *, result: str = "met", submitter: User | None = None, **fields: object
) -> Dossier:
    """A dossier in a state with every column that this state needs; answers met by the unit, appraised alike where the state says so."""
    participation = world.participation(unit)
    submitter = submitter or world.cast.head
    if state != DossierState.OPEN:
        fields = {"submitted_at": world.at, "submitted_by": submitter, "self_result": "met"} | fields
    if state in RECEIVED_STATES:
        fields = {"received_at": world.at, "received_by": world.cast.commune_officer} | fields
    if state in APPRAISED_STATES:
        fields = {"result": result} | fields
    plan = AssessmentPlan.objects.get(campaign=world.campaign, unit_kind=unit.kind)
    dossier = Dossier.objects.create(participation=participation, plan=plan, opened_at=world.at, **fields)
    Dossier.objects.filter(pk=dossier.pk).update(state=state)
    questions = Question.objects.filter(criterion__criteria_set=plan.checklist_id).order_by("position")
    answers = [Answer(dossier=dossier, question=question, self_result="met", self_value={"yes": True}) for question in questions]
    if state in APPRAISED_STATES:
        for answer in answers:
            answer.appraised_result, answer.appraised_by, answer.appraised_at = "met", world.cast.commune_officer, world.at
        if result == "not_met":
            answers[0].appraised_result, answers[0].appraised_reason = "not_met", "Xảy ra một vụ cháy nghiêm trọng"
        Proposal.objects.create(dossier=dossier, result=result, proposed_by=world.cast.commune_officer, proposed_at=world.at)
    Answer.objects.bulk_create(answers)
    dossier.refresh_from_db()
    return dossier


def session_of(
    world: World, dossiers: Iterable[Dossier] = (), *, committee: SteeringCommittee | None = None, opened: bool = False
) -> CommitteeSession:
    """A session of the commune's committee with these dossiers on its agenda; ``opened`` with everybody present."""
    keeper = world.cast.commune_officer
    session = sessions.plan_session(
        committee=committee or world.committee,
        campaign=world.campaign,
        held_at=world.at,
        place="Phòng họp số 1",
        secretary="Trần Thư Ký",
        actor=keeper,
        at=world.at,
    )
    sessions.set_agenda(session, dossier_ids=[dossier.pk for dossier in dossiers], actor=keeper, at=world.at)
    if opened:
        members = list(session.attendances.values_list("member", flat=True))
        sessions.mark_attendance(session, member_ids=members, actor=keeper, at=world.at)
        session = open_session(session, actor=keeper, at=world.at)
    return session


def vote(world: World, item: AgendaItem, choice: str = "met", voters: Iterable[User] | None = None) -> None:
    for user in voters if voters is not None else (world.cast.chair, world.cast.member_one, world.cast.member_two):
        sessions.cast_vote(item, actor=user, at=world.at, choice=choice, note="Chưa đủ điều kiện" if choice == "not_met" else "")


def closed_session(world: World, outcomes: dict[Dossier, str]) -> CommitteeSession:
    """A session in which every member voted alike on each dossier: met, not_met, or abstain (not carried)."""
    session = session_of(world, list(outcomes), opened=True)
    for item in session.items.select_related("dossier"):
        vote(world, item, outcomes[item.dossier])
        sessions.close_voting(item, actor=world.cast.chair, at=world.at)
    return close_session(session, actor=world.cast.chair, at=world.at)


def approved_decision(world: World, outcomes: dict[Dossier, str]) -> Decision:
    """A decision with its numbers, whose files are not rendered yet."""
    decision = decisions.draft_decision(closed_session(world, outcomes), actor=world.cast.commune_officer, at=world.at)
    return approve_decision(
        decision,
        actor=world.cast.chair,
        at=world.at,
        signatory=world.commune_authority.signatories.get(),
        issued_on=clock.local_date(world.at),
    )


def released_decision(world: World, outcomes: dict[Dossier, str]) -> Decision:
    decision = approved_decision(world, outcomes)
    run_job(decision.job)
    return release_decision(decision, actor=world.cast.chair, at=world.at + timedelta(minutes=5))


def run_job(job: Job | None) -> None:
    """Carry a job to its end, as the worker would."""
    assert job is not None
    while jobs.run(job.pk):
        pass
