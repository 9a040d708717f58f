"""The committee's day: session, ballots, minutes; then the decision, drafted, approved and, once its files are printed, released."""

from __future__ import annotations

from datetime import datetime
from random import Random

from core import clock
from evaluations.models import AgendaItem, CommitteeSession, Decision, Dossier, Vote
from evaluations.operations.decision import draft_decision
from evaluations.operations.session import agenda_candidates, cast_vote, close_voting, mark_attendance, plan_session, set_agenda
from evaluations.states import DossierState
from evaluations.transitions.decision import approve_decision
from evaluations.transitions.session import close_session, open_session
from reports.demo.offices import Office


def hold_session(office: Office, at: datetime) -> CommitteeSession | None:
    """Everything proposed comes before the committee and is voted on; nothing when nothing waits."""
    proposed = Dossier.objects.filter(state=DossierState.PROPOSED, participation__campaign=office.campaign)
    if not proposed.filter(participation__authority=office.committee.authority_id).exists():
        return None
    keeper = office.officers[0]
    session = plan_session(
        committee=office.committee,
        campaign=office.campaign,
        held_at=at,
        place=f"Trụ sở {office.committee.authority.name}",
        secretary=keeper.full_name,
        actor=keeper,
        at=at,
    )
    waiting = list(agenda_candidates(session).values_list("pk", flat=True))
    session = set_agenda(session, dossier_ids=waiting, actor=keeper, at=at)
    session = mark_attendance(session, member_ids=[member.pk for member in office.members], actor=keeper, at=at)
    session = open_session(session, actor=keeper, at=at)
    for item in session.items.select_related("dossier__participation").order_by("position"):
        vote_on(office, item, at)
    return close_session(session, actor=office.chair, at=at)


def vote_on(office: Office, item: AgendaItem, at: datetime) -> None:
    """Members follow the proposal; now and then one abstains or disagrees."""
    proposed = item.dossier.result
    lot = Random(item.dossier.participation.code)
    for member in office.members:
        assert member.user is not None, f"{member} has no account"
        choice = Vote.Choice.ABSTAIN if lot.random() < 0.02 else proposed
        note = "Nhất trí với đề xuất của Thường trực." if choice == Vote.Choice.NOT_MET else ""
        cast_vote(item, actor=member.user, at=at, choice=choice, note=note)
    close_voting(item, actor=office.chair, at=at)


def decide(office: Office, session: CommitteeSession, at: datetime) -> Decision:
    """Draft and approve; the rendering job is made, its files are not there yet."""
    draft = draft_decision(session, actor=office.officers[0], at=at)
    return approve_decision(draft, actor=office.chair, at=at, signatory=office.signatory, issued_on=clock.local_date(at))
