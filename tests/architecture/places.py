"""Two communes with the same things in every state: whatever an address names exists in the own commune and in the neighbour's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from core import clock, jobs, notices, outbox
from core.uploads import Accepted
from evaluations.models import AgendaItem, Certificate, Decision, Dossier, Recognition
from evaluations.operations.decision import draft_decision
from evaluations.operations.evidence import add_evidence
from evaluations.operations.session import cast_vote, mark_attendance, plan_session, set_agenda
from evaluations.transitions.appraisal import receive_dossier
from evaluations.transitions.decision import release_decision
from evaluations.transitions.session import close_session, open_session
from movement.models import Commitment, Registration
from movement.transitions import receive_registration
from reports.demo import assessing, deciding, registering
from reports.demo.fates import Fate
from reports.demo.moments import Moments
from reports.demo.offices import Office, people_of
from tests.world import START, World, make_area, make_authority, make_campaign, make_committee, make_participation, make_unit, make_user
from units.models import Area, Authority, RoleGrant, UnitApplication, User
from units.operations import rebuild_area_reach
from units.roles import AreaLevel, Role, UnitKind

STEPS = (
    "draft", "prepared", "signed", "open", "paper", "submitted", "received", "agenda", "voting", "voted", "closed", "pending", "approved",
)  # fmt: skip
HEARD = STEPS[STEPS.index("agenda") :]  # what comes before the committee, each in a session of its own


@dataclass
class Place:
    """Rows of one commune by name, as the access matrix asks for them."""

    area: Area
    rows: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.rows[name]


def build_place(world: World, area: Area, authority: Authority, *, first: str, applicant: User) -> Place:  # noqa: PLR0915 -- one year
    """Bring one unit of the commune to each step of the year; ``first`` is the unit whose year is over."""
    place, at = Place(area), world.at
    office = Office.of(world.campaign, area)
    head = make_user(f"{area.code}.truong", "Trưởng nhiều bản")
    units = {}
    for step in (*STEPS, "refused"):
        unit = make_unit(UnitKind.RESIDENTIAL_AREA, f"Bản {step}", area, household_count=30)
        RoleGrant.objects.create(user=head, role=Role.UNIT_HEAD, unit=unit, valid_from=START)
        units[step] = make_participation(world.campaign, unit, area, authority, at)
    units["released"] = world.campaign.participations.get(unit=getattr(world, first))
    fates = {"paper": Fate.ON_BEHALF, "refused": Fate.NOT_MET}
    people = people_of(units.values())
    moments = Moments.at_once(at)

    def dossier_of(step: str) -> Dossier:
        return Dossier.objects.get(participation=units[step])

    for step, participation in units.items():
        own = people[participation.unit_id]
        if step == "prepared":
            registering.prepare(participation, own.preparer, at)
        elif step == "signed":
            registering.sign(office, participation, own, Fate.PLAIN, at)
        elif step != "draft":
            signed = registering.sign(office, participation, own, fates.get(step, Fate.PLAIN), at)
            receive_registration(signed, actor=office.officers[1], at=at)
    while outbox.sweep():
        pass
    for step in ("paper", "submitted", "received", *HEARD, "released", "refused"):
        submitted = assessing.assess(office, dossier_of(step), people[units[step].unit_id], fates.get(step, Fate.PLAIN), moments)
        if step == "received":
            receive_dossier(submitted, actor=office.officers[1], at=at)
        elif step not in {"paper", "submitted"}:
            assessing.appraise(office, submitted, people[units[step].unit_id], Fate.PLAIN, moments)
    assessing.answer_all(dossier_of("open"), people[units["open"].unit_id].head, at, fails=False)

    scan = Accepted(b"%PDF", "anh.pdf", "application/pdf")
    open_answer = dossier_of("open").answers.filter(question__wants_evidence=True).first()
    evidence = add_evidence(open_answer, actor=head, at=at, accepted=scan)

    def session_on(until: str, *steps: str) -> Any:
        keeper = office.officers[0]
        session = plan_session(
            committee=office.committee, campaign=world.campaign, held_at=at, place="Hội trường", secretary="Thư ký", actor=keeper, at=at
        )
        session = set_agenda(session, dossier_ids=[dossier_of(step).pk for step in steps], actor=keeper, at=at)
        if until == "agenda":
            return session
        session = mark_attendance(session, member_ids=[member.pk for member in office.members], actor=keeper, at=at)
        session = open_session(session, actor=keeper, at=at)
        for item in session.items.select_related("dossier__participation"):
            if until == "voting":
                cast_vote(item, actor=office.members[0].user, at=at, choice="met")
            else:
                deciding.vote_on(office, item, at)
        if until == "voting":
            return session
        return session if until == "voted" else close_session(session, actor=office.chair, at=at)

    sessions = {step: session_on(step if step in {"agenda", "voting", "voted"} else "closed", step) for step in HEARD}
    pending = draft_decision(sessions["pending"], actor=office.officers[0], at=at)
    approved = deciding.decide(office, sessions["approved"], at)
    done = deciding.decide(office, session_on("closed", "released", "refused"), at)
    for decision in (approved, done):
        jobs.run(decision.job_id)
    released = release_decision(Decision.objects.get(pk=done.pk), actor=office.chair, at=at)
    while outbox.sweep():
        pass
    place.rows = {
        "unit": units["open"].unit,
        "application": _application(area, applicant),
        "authority": authority,
        "committee": office.committee,
        "member": office.members[2],
        "campaign": world.campaign,
        **{f"registration-{step}": Registration.objects.get(participation=units[step]) for step in STEPS[:5]},
        "commitment": Commitment.objects.get(registration__participation=units["open"]),
        **{f"dossier-{step}": dossier_of(step) for step in (*STEPS[3:], "released")},
        "answer": open_answer,
        "group": open_answer.question.criterion.parent or open_answer.question.criterion,
        "evidence": evidence,
        **{f"session-{step}": session for step, session in sessions.items()},
        "item": AgendaItem.objects.get(session=sessions["voting"]),
        "decision-pending": pending,
        "decision-approved": approved,
        "decision-released": released,
        "certificate": Certificate.objects.get(recognition__decision=released),
        "recognition": Recognition.objects.get(decision=released, result="not_met"),
        "document": released.document,
        "job": approved.job,
        "notice": notices.notify([office.officers[0].pk], "Một thông báo", "/viec-cua-toi/", mail=False)[0],
    }
    return place


def _application(area: Area, applicant: User) -> UnitApplication:
    at = clock.now()
    row = UnitApplication.objects.create(
        token=uuid4(), kind=UnitKind.RESIDENTIAL_AREA, name="Bản Mới", area=area, applicant=applicant, created_at=at, submitted_at=at
    )
    UnitApplication.objects.filter(pk=row.pk).update(state="submitted")
    return UnitApplication.objects.get(pk=row.pk)


def staff_neighbour(world: World) -> None:
    """The neighbour's second officer and committee, and another province with a campaign of its own."""
    make_user("lang.canbo2", "Giàng Thị Láng", Role.COMMUNE_OFFICER, world.neighbour)
    seats = [
        (make_user("lang.truongban", "Vàng A Láng", Role.COMMITTEE_CHAIR, world.neighbour), "chair"),
        (make_user("lang.uyvien1", "Mùa Thị Một", Role.COMMITTEE_MEMBER, world.neighbour), "member"),
        (make_user("lang.uyvien2", "Mùa Thị Hai", Role.COMMITTEE_MEMBER, world.neighbour), "member"),
    ]
    make_committee(world.neighbour_authority, "Ban Chỉ đạo 138 xã Nậm Đích", seats)
    make_user("lang.ban", "Trưởng Bản Thẳm", Role.UNIT_HEAD, world.neighbour_residential_area)


def other_province(world: World) -> dict[str, Any]:
    """What lies outside the province: an authority with its committee and a campaign."""
    area = make_area("77", AreaLevel.PROVINCE, "tỉnh Bên", "tỉnh")
    rebuild_area_reach()
    authority = make_authority(area, "Ủy ban nhân dân tỉnh Bên", "Chủ tịch", "Công an tỉnh Bên", "Người Bên", "CAT")
    return {"campaign": make_campaign(area, world.at), "authority": authority}
