"""The steps of a year for one area, as a worker process runs them: they take ids and answer counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from core import jobs, outbox
from evaluations.models import CommitteeSession, Decision
from evaluations.states import DossierState
from evaluations.transitions.decision import release_decision
from movement.models import Campaign, Participation
from reports.demo import assessing, deciding, registering
from reports.demo.fates import Fate, fate_of
from reports.demo.moments import Moments
from reports.demo.offices import Office, people_of
from units.models import Area


def _office(campaign_id: int, area_id: int) -> Office:
    campaign = Campaign.objects.select_related("province").get(pk=campaign_id)
    return Office.of(campaign, Area.objects.get(pk=area_id))


def _moments(office: Office, participations: Iterable[Participation]) -> dict[str, Moments]:
    return {kind: Moments.of_calendar(office.campaign, kind) for kind in {participation.kind for participation in participations}}


def register_area(campaign_id: int, area_id: int, kinds: Sequence[str], only: frozenset[int]) -> Counter[str]:
    """Registration of an area's units, from the draft to its receipt."""
    office = _office(campaign_id, area_id)
    rows = [row for row in office.participations(kinds) if row.pk in only]
    moments, people = _moments(office, rows), people_of(rows)
    counts: Counter[str] = Counter()
    for row in rows:
        fate = fate_of(row)
        counts[fate] += 1
        if fate != Fate.ABSENT:
            registering.register(office, row, people[row.unit_id], fate, moments[row.kind])
            counts["registered"] += 1
    return counts


def assess_area(campaign_id: int, area_id: int, kinds: Sequence[str], only: frozenset[int]) -> Counter[str]:
    """Answers, meeting and submission of an area's registered units."""
    office = _office(campaign_id, area_id)
    rows = [row for row in office.participations(kinds) if row.pk in only and hasattr(row, "dossier")]
    moments, people = _moments(office, rows), people_of(rows)
    counts: Counter[str] = Counter()
    for row in rows:
        fate = fate_of(row)
        if fate != Fate.SILENT and row.dossier.state == DossierState.OPEN:
            assessing.assess(office, row.dossier, people[row.unit_id], fate, moments[row.kind])
            counts["submitted"] += 1
    return counts


def appraise_area(campaign_id: int, area_id: int, kinds: Sequence[str], only: frozenset[int]) -> Counter[str]:
    """Receipt, appraisal and proposal of what an area's units submitted."""
    office = _office(campaign_id, area_id)
    rows = [row for row in office.participations(kinds) if row.pk in only and hasattr(row, "dossier")]
    moments, people = _moments(office, rows), people_of(rows)
    counts: Counter[str] = Counter()
    for row in rows:
        if row.dossier.state == DossierState.SUBMITTED:
            fate = fate_of(row)
            proposed = assessing.appraise(office, row.dossier, people[row.unit_id], fate, moments[row.kind])
            counts[f"proposed {proposed.result}"] += 1
    return counts


def vote_area(campaign_id: int, area_id: int, kinds: Sequence[str], only: frozenset[int]) -> Counter[str]:
    """The session of an area's committee on everything proposed."""
    office = _office(campaign_id, area_id)
    session = deciding.hold_session(office, Moments.of_calendar(office.campaign, kinds[0]).decide)
    return Counter(sessions=1, items=session.items.count()) if session else Counter()


def approve_area(campaign_id: int, area_id: int, kinds: Sequence[str], only: frozenset[int]) -> Counter[str]:
    """Decisions on the area's closed sessions that have none."""
    office = _office(campaign_id, area_id)
    closed = CommitteeSession.objects.filter(campaign=campaign_id, committee=office.committee, state="closed", decisions__isnull=True)
    for session in closed.select_related("committee__authority"):
        deciding.decide(office, session, Moments.of_calendar(office.campaign, kinds[0]).decide)
    return Counter(decisions=len(closed))


def render_job(job_id: int) -> Counter[str]:
    """Print a share of a decision's files, as one runner of its job."""
    while jobs.run(job_id):
        pass
    return Counter()


def release_area(campaign_id: int, area_id: int, kinds: Sequence[str], only: frozenset[int]) -> Counter[str]:
    """Release what is printed."""
    office = _office(campaign_id, area_id)
    waiting = Decision.objects.filter(session__campaign=campaign_id, session__committee=office.committee, state="approved")
    for decision in waiting.select_related("session__committee__authority"):
        release_decision(decision, actor=office.chair, at=Moments.of_calendar(office.campaign, kinds[0]).decide)
    return Counter(released=len(waiting))


def drain_outbox() -> Counter[str]:
    """Carry out what waits in the outbox, side by side with any other worker."""
    counts: Counter[str] = Counter()
    while done := outbox.sweep():
        counts["messages"] += done
    return counts
