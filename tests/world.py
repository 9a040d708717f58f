"""A small world: one province with two communes, units of every kind, an open campaign, and a cast of named users.

Everybody who could see too much has somebody to see: the neighbour has a unit, an officer and a participation too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace

from django.core.management import call_command

from core import clock
from evaluations.models import AssessmentPlan, CriteriaSet
from movement.models import (
    AssessmentWindow,
    Campaign,
    CommitteeMembership,
    Milestone,
    MilestoneCode,
    Participation,
    Registration,
    SteeringCommittee,
)
from units.models import Area, AreaReach, Authority, ContactPost, RoleGrant, Signatory, Unit, UnitVersion, User
from units.roles import AreaLevel, ManagingLevel, Role, UnitKind

START = date(2025, 7, 1)
PASSWORD = "mat-khau-thu-1"


@dataclass
class World:
    """The rows of the world by name; ``cast`` holds the users."""

    province: Area
    commune: Area
    neighbour: Area
    province_authority: Authority
    commune_authority: Authority
    neighbour_authority: Authority
    province_committee: SteeringCommittee
    committee: SteeringCommittee
    campaign: Campaign
    commune_unit: Unit
    residential_area: Unit
    agency: Unit
    enterprise: Unit
    school: Unit
    province_agency: Unit
    neighbour_residential_area: Unit
    cast: SimpleNamespace
    at: datetime

    def participation(self, unit: Unit) -> Participation:
        return Participation.objects.get(campaign=self.campaign, unit=unit)

    def registration(self, unit: Unit) -> Registration:
        return Registration.objects.get(participation__unit=unit, participation__campaign=self.campaign)


def load_reference() -> None:
    """What every database of the product holds: exclusions, authority rules, checklists, commitment texts."""
    call_command("load_reference", verbosity=0)


def make_user(username: str, full_name: str, role: Role | None = None, place: Area | Unit | None = None, **fields: object) -> User:
    """A user with one grant that began with the two-level government."""
    user = User(username=username, full_name=full_name, **fields)
    user.set_password(PASSWORD)
    user.save()
    if role is not None:
        where = {"area": place} if isinstance(place, Area) else {"unit": place}
        RoleGrant.objects.create(user=user, role=role, valid_from=START, **where)
    return user


def make_area(code: str, level: AreaLevel, name: str, kind: str, parent: Area | None = None) -> Area:
    return Area.objects.create(code=code, level=level, name=name, type=kind, parent=parent, valid_from=START)


def make_unit(kind: UnitKind, name: str, area: Area, *, level: ManagingLevel = ManagingLevel.COMMUNE, **facts: object) -> Unit:
    """A unit with its version and its head as contact."""
    number = Unit.objects.count() + 1
    unit = Unit.objects.create(code=f"DV-{area.code}-{number:05d}", kind=kind, name=name, area=area, managing_level=level, **facts)
    UnitVersion.objects.create(unit=unit, valid_from=START, name=name, kind=kind, area=area, managing_level=level)
    ContactPost.objects.create(
        unit=unit, post="head", title="Thủ trưởng đơn vị", full_name=f"Người Đứng Đầu {number}", phone="+84213000000", valid_from=START
    )
    return unit


def make_authority(area: Area, name: str, head_title: str, office: str, signer: str, office_symbol: str) -> Authority:
    authority = Authority.objects.create(
        area=area,
        level=area.level,
        name=name,
        head_title=head_title,
        place=area.proper_name,
        standing_office=office,
        standing_office_symbol=office_symbol,
        valid_from=START,
    )
    Signatory.objects.create(authority=authority, full_name=signer, title="Chủ tịch", valid_from=START)
    return authority


def make_committee(authority: Authority, name: str, seats: list[tuple[User, str]]) -> SteeringCommittee:
    committee = SteeringCommittee.objects.create(
        authority=authority, name=name, founding_reference="Quyết định số 01/QĐ-UBND ngày 15/7/2025", valid_from=START
    )
    for position, (user, seat) in enumerate(seats, start=1):
        CommitteeMembership.objects.create(
            committee=committee,
            user=user,
            full_name=user.full_name,
            post=user.post or "Ủy viên",
            seat=seat,
            position=position,
            valid_from=START,
        )
    return committee


def make_participation(campaign: Campaign, unit: Unit, handling: Area, authority: Authority, at: datetime) -> Participation:
    """A participation as the opening of a campaign makes it, with its registration in draft."""
    number = Participation.objects.filter(area=unit.area, campaign=campaign).count() + 1
    participation = Participation.objects.create(
        campaign=campaign,
        unit=unit,
        code=f"ANTT-{unit.area.code}-{campaign.year}-T{number:04d}",
        kind=unit.kind,
        name=unit.name,
        managing_level=unit.managing_level,
        area=unit.area,
        handling_area=handling,
        authority=authority,
        invited_at=at,
    )
    Registration.objects.create(participation=participation)
    return participation


def make_campaign(province: Area, at: datetime) -> Campaign:
    """An open campaign whose calendar lies around ``at``: every step of the year is possible on that day."""
    today = clock.local_date(at)
    campaign = Campaign.objects.create(
        province=province,
        year=today.year,
        title=f"Xét công nhận năm {today.year}",
        starts_on=today - timedelta(days=60),
        closes_on=today + timedelta(days=60),
        opened_at=at - timedelta(days=50),
    )
    Campaign.objects.filter(pk=campaign.pk).update(state="open")
    campaign.refresh_from_db()
    due = {MilestoneCode.REGISTRATION: 5, MilestoneCode.SUBMISSION: 10, MilestoneCode.APPRAISAL: 15, MilestoneCode.DECISION: 20}
    for kind in UnitKind:
        AssessmentWindow.objects.create(
            campaign=campaign, unit_kind=kind, starts_on=today - timedelta(days=365), ends_on=today - timedelta(days=1)
        )
        for code, days in due.items():
            Milestone.objects.create(campaign=campaign, unit_kind=kind, code=code, due_on=today + timedelta(days=days))
        checklist = CriteriaSet.objects.get(unit_kind=kind, kind=CriteriaSet.Kind.CHECKLIST)
        AssessmentPlan.objects.create(campaign=campaign, unit_kind=kind, checklist=checklist)
    return campaign


def build() -> World:
    """Make the world in the running transaction."""
    at = clock.now()
    province = make_area("12", AreaLevel.PROVINCE, "tỉnh An Hòa", "tỉnh")
    commune = make_area("03390", AreaLevel.COMMUNE, "xã Suối Thông", "xã", province)
    neighbour = make_area("03391", AreaLevel.COMMUNE, "xã Nậm Đích", "xã", province)
    AreaReach.objects.bulk_create(
        [AreaReach(viewer=viewer, area=area) for viewer, area in [(province, province), (province, commune), (province, neighbour)]]
        + [AreaReach(viewer=area, area=area) for area in (commune, neighbour)]
    )
    authorities = {
        area: make_authority(area, name, title, office, signer, symbol)
        for area, name, title, office, signer, symbol in [
            (province, "Ủy ban nhân dân tỉnh An Hòa", "Chủ tịch Ủy ban nhân dân tỉnh An Hòa", "Công an tỉnh An Hòa", "Lê Văn Tỉnh", "CAT"),
            (
                commune,
                "Ủy ban nhân dân xã Suối Thông",
                "Chủ tịch Ủy ban nhân dân xã Suối Thông",
                "Công an xã Suối Thông",
                "Lò Thị Xã",
                "CAX",
            ),
            (neighbour, "Ủy ban nhân dân xã Nậm Đích", "Chủ tịch Ủy ban nhân dân xã Nậm Đích", "Công an xã Nậm Đích", "Vàng A Láng", "CAX"),
        ]
    }
    units = {
        "commune_unit": make_unit(UnitKind.COMMUNE, "Xã Suối Thông", commune, level=ManagingLevel.PROVINCE, governs=commune),
        "residential_area": make_unit(UnitKind.RESIDENTIAL_AREA, "Bản Nà Đon", commune, household_count=120),
        "agency": make_unit(UnitKind.AGENCY, "Trạm Y tế xã Suối Thông", commune, headcount=12, sub_unit_count=3),
        "enterprise": make_unit(
            UnitKind.ENTERPRISE,
            "Công ty cổ phần Chè Suối Thông",
            commune,
            headcount=240,
            insured_headcount=240,
            sector="production",
            revenue=120,
            capital=90,
            tax_code="6200001236",
            sub_unit_count=6,
        ),
        "school": make_unit(
            UnitKind.SCHOOL,
            "Trường THCS Suối Thông",
            commune,
            headcount=46,
            learner_count=612,
            school_level="lower_secondary",
            sub_unit_count=5,
        ),
        "province_agency": make_unit(
            UnitKind.AGENCY, "Sở Nội vụ tỉnh An Hòa", commune, level=ManagingLevel.PROVINCE, headcount=60, sub_unit_count=7
        ),
        "neighbour_residential_area": make_unit(UnitKind.RESIDENTIAL_AREA, "Bản Thẳm", neighbour, household_count=80),
    }
    cast = SimpleNamespace(
        province_officer=make_user("tinh.canbo", "Hoàng Văn Tỉnh", Role.PROVINCE_OFFICER, province),
        province_officer_two=make_user("tinh.canbo2", "Phạm Thị Hai", Role.PROVINCE_OFFICER, province),
        commune_officer=make_user("xa.canbo", "Lò Văn Thịnh", Role.COMMUNE_OFFICER, commune),
        commune_officer_two=make_user("xa.canbo2", "Sùng A Chớ", Role.COMMUNE_OFFICER, commune),
        neighbour_officer=make_user("lang.canbo", "Giàng A Láng", Role.COMMUNE_OFFICER, neighbour),
        head=make_user("ban.truong", "Quàng Văn Đon", Role.UNIT_HEAD, units["residential_area"], email="ban.truong@example.invalid"),
        officer=make_user("ban.canbo", "Tòng Thị Lả", Role.UNIT_OFFICER, units["residential_area"]),
        school_head=make_user("truong.hieutruong", "Nguyễn Thị Ánh Tuyết", Role.UNIT_HEAD, units["school"]),
        agency_head=make_user("tram.truong", "Đỗ Văn Trạm", Role.UNIT_HEAD, units["agency"]),
        province_agency_head=make_user("so.giamdoc", "Trần Văn Sở", Role.UNIT_HEAD, units["province_agency"]),
        chair=make_user("xa.truongban", "Lò Thị Xã", Role.COMMITTEE_CHAIR, commune, post="Chủ tịch UBND xã"),
        member_one=make_user("xa.uyvien1", "Bùi Văn Một", Role.COMMITTEE_MEMBER, commune, post="Chủ tịch UBMTTQ xã"),
        member_two=make_user("xa.uyvien2", "Cà Thị Hai", Role.COMMITTEE_MEMBER, commune, post="Bí thư Đoàn xã"),
        province_chair=make_user("tinh.truongban", "Lê Văn Tỉnh", Role.COMMITTEE_CHAIR, province, post="Phó Chủ tịch UBND tỉnh"),
        leader=make_user("tinh.lanhdao", "Vũ Thị Lãnh", Role.LEADER, province),
        auditor=make_user("tinh.thanhtra", "Mai Văn Thanh", Role.AUDITOR, province),
        admin=make_user("quantri", "Đinh Quản Trị", Role.SYSTEM_ADMIN, province),
        nobody=make_user("khong.quyen", "Ngô Không Quyền"),
    )
    committee = make_committee(
        authorities[commune],
        "Ban Chỉ đạo 138 xã Suối Thông",
        [(cast.chair, "chair"), (cast.member_one, "deputy"), (cast.member_two, "member")],
    )
    province_committee = make_committee(
        authorities[province],
        "Ban Chỉ đạo 138 tỉnh An Hòa",
        [(cast.province_chair, "chair"), (cast.province_officer_two, "standing_deputy"), (cast.leader, "member")],
    )
    campaign = make_campaign(province, at)
    for unit in units.values():
        handling = province if unit.managing_level == ManagingLevel.PROVINCE else unit.area
        make_participation(campaign, unit, handling, authorities[handling], at)
    return World(
        province=province,
        commune=commune,
        neighbour=neighbour,
        province_authority=authorities[province],
        commune_authority=authorities[commune],
        neighbour_authority=authorities[neighbour],
        province_committee=province_committee,
        committee=committee,
        campaign=campaign,
        cast=cast,
        at=at,
        **units,
    )


__all__ = ["PASSWORD", "World", "build", "load_reference", "make_area", "make_unit", "make_user"]
