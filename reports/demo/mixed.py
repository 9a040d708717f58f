"""The demo's own campaign, laid around today and left in the middle: every screen has something on it, every role something to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import cycle
from typing import Final

from core import clock, jobs, outbox
from evaluations.models import CommitteeSession, Decision, Dossier
from evaluations.operations.session import agenda_candidates, cast_vote, mark_attendance, plan_session, set_agenda
from evaluations.transitions.appraisal import receive_dossier
from evaluations.transitions.decision import release_decision
from evaluations.transitions.session import open_session
from movement.calendar import demo_calendar
from movement.models import Campaign, Participation
from movement.transitions import receive_registration
from reports.demo import assessing, deciding, registering
from reports.demo.crew import Crew
from reports.demo.fates import Fate
from reports.demo.moments import Moments
from reports.demo.offices import Office, People, people_of
from reports.demo.year import open_year
from units.models import Area, User
from units.roles import UnitKind

# How far a unit has come; a commune's units take turns.
STEPS: Final = ("invited", "received", "prepared", "submitted", "signed", "proposed", "answering", "returned")
OWN_KINDS: Final = tuple(kind for kind in UnitKind.values if kind != UnitKind.COMMUNE)


def seed_campaign(province: Area, *, actor: User, at: datetime, crew: Crew) -> Campaign:
    """Open this year's campaign and bring each commune's units to a different step; two communes go further than the rest."""
    today = clock.local_date(at)
    campaign = open_year(province, today.year, demo_calendar(today), actor=actor, at=at)
    communes = list(Area.objects.communes().current(today).filter(parent=province).order_by("code").values_list("pk", flat=True))
    crew.each(register_mixed, [(campaign.pk, area, _walk(order)) for order, area in enumerate(communes)])
    drain()
    crew.each(assess_mixed, [(campaign.pk, area, _walk(order)) for order, area in enumerate(communes)])
    drain()
    finish_one(campaign, communes[1])
    begin_session(campaign, communes[2])
    drain()
    return campaign


def _walk(order: int) -> str:
    """The second and the third commune are far; the others mixed."""
    return {1: "far", 2: "far"}.get(order, "mixed")


def drain() -> None:
    with outbox.by_hand():
        while outbox.sweep():
            pass


def _steps(rows: Sequence[Participation], walk: str) -> list[tuple[Participation, str]]:
    return [(row, "proposed") for row in rows] if walk == "far" else list(zip(rows, cycle(STEPS), strict=False))


def _office(campaign_id: int, area_id: int) -> tuple[Office, list[Participation], dict[int, People]]:
    office = Office.of(Campaign.objects.get(pk=campaign_id), Area.objects.get(pk=area_id))
    rows = office.participations(OWN_KINDS)
    return office, rows, people_of(rows)


def register_mixed(campaign_id: int, area_id: int, walk: str) -> Counter[str]:
    """Registrations of a commune's units, each as far as its turn says."""
    office, rows, people = _office(campaign_id, area_id)
    at = clock.now()
    for row, step in _steps(rows, walk):
        if step == "prepared":
            registering.prepare(row, people[row.unit_id].preparer, at)
        elif step != "invited":
            signed = registering.sign(office, row, people[row.unit_id], Fate.PLAIN, at)
            if step != "signed":
                receive_registration(signed, actor=office.officers[1], at=at)
    return Counter()


def assess_mixed(campaign_id: int, area_id: int, walk: str) -> Counter[str]:
    """Dossiers of a commune's registered units, each as far as its turn says."""
    office, rows, people = _office(campaign_id, area_id)
    at = clock.now()
    for row, step in _steps(rows, walk):
        if step in {"answering", "submitted", "proposed", "returned"}:
            _bring(office, Dossier.objects.get(participation=row), people[row.unit_id], step, at)
    return Counter()


def _bring(office: Office, dossier: Dossier, people: People, step: str, at: datetime) -> None:
    if step == "answering":
        assessing.answer_all(dossier, people.preparer, at, fails=False, share=0.5)
        return
    submitted = assessing.assess(office, dossier, people, Fate.PLAIN, Moments.at_once(at))
    if step == "returned":
        received = receive_dossier(submitted, actor=office.officers[1], at=at)
        assessing.send_back(received, office.officers[1], at)
    elif step == "proposed":
        assessing.appraise(office, submitted, people, Fate.PLAIN, Moments.at_once(at))


def finish_one(campaign: Campaign, area_id: int) -> None:
    """One commune has decided: certificates are out, the public page shows them."""
    office, at = Office.of(campaign, Area.objects.get(pk=area_id)), clock.now()
    with outbox.by_hand():
        session = deciding.hold_session(office, at)
        if session is None:
            return
        decision = deciding.decide(office, session, at)
        while jobs.run(decision.job_id):  # type: ignore[arg-type]  # an approved decision has its job
            pass
        release_decision(Decision.objects.get(pk=decision.pk), actor=office.chair, at=at)


def begin_session(campaign: Campaign, area_id: int) -> CommitteeSession | None:
    """One committee is in session: two ballots are in, the others are awaited."""
    office, at = Office.of(campaign, Area.objects.get(pk=area_id)), clock.now()
    if not Dossier.objects.filter(participation__campaign=campaign, participation__handling_area=area_id, state="proposed").exists():
        return None
    keeper = office.officers[0]
    with outbox.by_hand():
        session = plan_session(
            committee=office.committee,
            campaign=campaign,
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
        first = session.items.order_by("position").select_related("dossier").first()
        for member in office.members[3:] if first else ():
            cast_vote(first, actor=member.user, at=at, choice=first.dossier.result)  # type: ignore[union-attr, arg-type]
    return session
