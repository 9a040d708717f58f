"""An invented province on real places: authorities, committees, units and accounts, entered by the operations that hands use too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import cycle, islice
from random import Random

from django.core.management.base import CommandError
from django.db import transaction
from stdnum.vn import mst

from core import clock
from core.transitions import SYSTEM
from movement.models import CommitteeMembership, ModelPractice, ModelYear, SteeringCommittee
from movement.operations import add_member, found_committee
from reports.demo import names
from reports.demo.accounts import open_demo_account
from units.models import Area, Authority, SchoolLevel, Sector, Signatory, Unit
from units.operations import create_unit
from units.roles import AreaLevel, ManagingLevel, Role, UnitKind

Seat = CommitteeMembership.Seat
# Posts outside the committee, by seat; the police, as standing office, appraise and therefore do not vote.
SEATS = {
    AreaLevel.COMMUNE: (
        (Seat.CHAIR, "truongban", "Chủ tịch UBND"),
        (Seat.DEPUTY, "phoban", "Phó Chủ tịch UBND"),
        (Seat.MEMBER, "uyvien1", "Chủ tịch Ủy ban MTTQ"),
        (Seat.MEMBER, "uyvien2", "Bí thư Đoàn Thanh niên"),
        (Seat.MEMBER, "uyvien3", "Chủ tịch Hội Liên hiệp Phụ nữ"),
    ),
    AreaLevel.PROVINCE: (
        (Seat.CHAIR, "truongban", "Phó Chủ tịch UBND tỉnh"),
        (Seat.DEPUTY, "phoban", "Phó Chủ tịch Ủy ban MTTQ tỉnh"),
        (Seat.MEMBER, "uyvien1", "Phó Giám đốc Sở Tư pháp"),
        (Seat.MEMBER, "uyvien2", "Phó Giám đốc Sở Giáo dục và Đào tạo"),
        (Seat.MEMBER, "uyvien3", "Phó Chánh Văn phòng UBND tỉnh"),
    ),
}
# Of every hundred units: what a mountain province is made of.
SHARES = ((UnitKind.RESIDENTIAL_AREA, 62), (UnitKind.AGENCY, 14), (UnitKind.SCHOOL, 14), (UnitKind.ENTERPRISE, 10))
PROVINCE_UNITS = 25  # one in so many agencies' places is managed by the province
HEADS = {
    UnitKind.RESIDENTIAL_AREA: "Trưởng bản",
    UnitKind.COMMUNE: "Chủ tịch UBND",
    UnitKind.AGENCY: "Trưởng trạm",
    UnitKind.ENTERPRISE: "Giám đốc",
    UnitKind.SCHOOL: "Hiệu trưởng",
}


@dataclass(frozen=True)
class Seeder:
    """What every step of the seeding needs; ``since`` is the day from which offices and accounts hold."""

    province: Area
    at: datetime
    rng: Random

    @property
    def since(self) -> date:
        return max(self.province.valid_from, date(clock.local_date(self.at).year, 1, 1))

    def communes(self) -> list[Area]:
        return list(Area.objects.communes().current(clock.local_date(self.at)).filter(parent=self.province).order_by("code"))


def is_seeded(province: Area) -> bool:
    return Authority.objects.filter(area=province).exists()


def seed_government(seeder: Seeder) -> None:
    """The province and its communes: authority, signatory, committee, offices with their accounts, and each commune as a unit."""
    with transaction.atomic():
        _seed_province_offices(seeder)
    for commune in seeder.communes():
        with transaction.atomic():
            authority = _authority(seeder, commune)
            _committee(seeder, authority, f"xa{commune.code}")
            for ending, post in (("canbo", "Phó Trưởng Công an xã"), ("canbo2", "Cán bộ Công an xã")):
                _account(seeder, f"xa{commune.code}.{ending}", Role.COMMUNE_OFFICER, commune, post)
            _commune_unit(seeder, commune)


def _seed_province_offices(seeder: Seeder) -> None:
    province = seeder.province
    authority = _authority(seeder, province)
    _committee(seeder, authority, f"tinh{province.code}")
    for ending, role, post in (
        ("canbo", Role.PROVINCE_OFFICER, "Đội trưởng, Công an tỉnh"),
        ("canbo2", Role.PROVINCE_OFFICER, "Cán bộ, Công an tỉnh"),
        ("lanhdao", Role.LEADER, "Phó Giám đốc Công an tỉnh"),
        ("thanhtra", Role.AUDITOR, "Thanh tra viên"),
        ("quantri", Role.SYSTEM_ADMIN, "Quản trị hệ thống"),
    ):
        _account(seeder, f"tinh{province.code}.{ending}", role, province, post)


def _account(seeder: Seeder, username: str, role: Role, place: Area, post: str) -> None:
    open_demo_account(username, names.person(seeder.rng), role, place, post=post, at=seeder.at, since=seeder.since)


def _authority(seeder: Seeder, area: Area) -> Authority:
    """Ủy ban nhân dân of a place, with one signatory of an invented name."""
    is_province = area.level == AreaLevel.PROVINCE
    authority = Authority.objects.create(
        area=area,
        level=area.level,
        name=f"Ủy ban nhân dân {area.name}",
        head_title=f"Chủ tịch Ủy ban nhân dân {area.name}",
        place=area.proper_name,
        standing_office=f"Công an {area.name}",
        standing_office_symbol="CAT" if is_province else "CAX",
        valid_from=seeder.since,
    )
    Signatory.objects.create(authority=authority, full_name=names.person(seeder.rng), title="Chủ tịch", valid_from=seeder.since)
    return authority


def _committee(seeder: Seeder, authority: Authority, prefix: str) -> SteeringCommittee:
    area = authority.area
    committee = found_committee(
        authority=authority,
        name=f"Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội và xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc {area.name}",
        symbol="BCĐ",
        founding_reference=f"Quyết định số 01/QĐ-UBND ngày {seeder.since:%d/%m/%Y}",
        valid_from=seeder.since,
        actor=SYSTEM,
        at=seeder.at,
    )
    for position, (seat, ending, post) in enumerate(SEATS[AreaLevel(area.level)], start=1):
        role = Role.COMMITTEE_CHAIR if seat == Seat.CHAIR else Role.COMMITTEE_MEMBER
        full_post = post if area.level == AreaLevel.PROVINCE else f"{post} {area.name}"
        user = open_demo_account(
            f"{prefix}.{ending}", names.person(seeder.rng), role, area, post=full_post, at=seeder.at, since=seeder.since
        )
        add_member(
            committee,
            user=user,
            full_name=user.full_name,
            post=full_post,
            seat=seat,
            position=position,
            valid_from=seeder.since,
            actor=SYSTEM,
            at=seeder.at,
        )
    return committee


def _commune_unit(seeder: Seeder, commune: Area) -> None:
    name = f"{commune.name[:1].upper()}{commune.name[1:]}"
    _enter(seeder, kind=UnitKind.COMMUNE, name=name, area=commune, managing_level=ManagingLevel.PROVINCE, governs=commune)


# ---------- Units ----------


def seed_units(seeder: Seeder, count: int) -> int:
    """Enter ``count`` more units, spread evenly over the communes, with heads who can sign in; answer how many there are now."""
    communes = seeder.communes()
    counted = {
        (area, kind): Unit.objects.filter(area=area, kind=kind).count() for area in communes for kind in UnitKind.values
    } if Unit.objects.filter(area__in=communes).exclude(kind=UnitKind.COMMUNE).exists() else {}  # fmt: skip
    of_province = Unit.objects.filter(area__in=communes, kind=UnitKind.AGENCY, managing_level=ManagingLevel.PROVINCE).count()
    for index, (commune, kind) in enumerate(islice(zip(cycle(communes), _kinds(len(communes)), strict=False), count)):
        if index % PROVINCE_UNITS == PROVINCE_UNITS - 1:
            of_province += 1
            _enter_agency_of_province(seeder, commune, of_province)
            continue
        number = counted.get((commune, kind), 0) + 1
        counted[commune, kind] = number
        name = names.unit(kind, commune.proper_name, number, seeder.rng)
        _enter(seeder, kind=kind, name=name, area=commune, **_facts(seeder, kind))
    return Unit.objects.filter(area__in=communes).count()


def _kinds(round_length: int) -> Iterator[UnitKind]:
    """Kinds in their shares, shifted by one each round so that no commune gets only one kind."""
    hundred = [kind for kind, share in SHARES for _each in range(share)]
    Random(124).shuffle(hundred)
    position = 0
    while True:
        for _place in range(round_length):
            yield hundred[position % len(hundred)]
            position += 1


def _enter_agency_of_province(seeder: Seeder, commune: Area, number: int) -> None:
    name = names.unit(UnitKind.AGENCY, commune.proper_name, number, seeder.rng, of_province=True)
    _enter(
        seeder,
        kind=UnitKind.AGENCY,
        name=name,
        area=commune,
        managing_level=ManagingLevel.PROVINCE,
        **_facts(seeder, UnitKind.AGENCY),
    )


def _facts(seeder: Seeder, kind: str) -> dict[str, object]:
    """Facts that no exclusion of TT 124/2021 Đ1.2.b touches: enterprises are medium or large, schools not for small children."""
    rng = seeder.rng
    match kind:
        case UnitKind.RESIDENTIAL_AREA:
            return {"household_count": rng.randint(40, 260), "address": ""}
        case UnitKind.AGENCY:
            return {"headcount": rng.randint(8, 60), "sub_unit_count": rng.randint(2, 8), "has_guard_force": rng.random() < 0.7}
        case UnitKind.ENTERPRISE:
            people = rng.randint(120, 600)
            return {
                "headcount": people + rng.randint(0, 20),
                "insured_headcount": people,
                "sector": rng.choice(Sector.values),
                "revenue": Decimal(rng.randint(120, 900)),
                "capital": Decimal(rng.randint(60, 600)),
                "tax_code": _tax_code(),
                "sub_unit_count": rng.randint(3, 12),
            }
        case _:
            levels = (SchoolLevel.LOWER_SECONDARY, SchoolLevel.UPPER_SECONDARY, SchoolLevel.MIXED_GENERAL)
            return {
                "school_level": rng.choice(levels),
                "headcount": rng.randint(25, 90),
                "learner_count": rng.randint(220, 900),
                "sub_unit_count": rng.randint(3, 8),
            }


def _tax_code() -> str:
    """The next code of an invented row, with a right check digit."""
    number = Unit.objects.filter(tax_code__startswith="6299").count() + 1
    nine = f"6299{number:05d}"
    return f"{nine}{mst.calc_check_digit(nine)}"


def _enter(seeder: Seeder, *, kind: UnitKind, name: str, area: Area, **facts: object) -> Unit:
    """A unit with its head, the head's account, for some an officer's account, and for most a model that works."""
    at, head = seeder.at, names.person(seeder.rng)
    title = HEADS[kind]
    with transaction.atomic():
        unit = create_unit(
            actor=SYSTEM,
            at=at,
            head={"full_name": head, "title": title, "phone": f"+84213{seeder.rng.randint(3000000, 3999999)}"},
            kind=kind,
            name=name,
            area=area,
            founded_on=seeder.since,
            **facts,
        )
        prefix = f"ubnd-{area.code}" if kind == UnitKind.COMMUNE else unit.code.lower()
        open_demo_account(f"{prefix}.truong", head, Role.UNIT_HEAD, unit, post=title, at=at, since=seeder.since)
        if has_officer(unit):
            open_demo_account(
                f"{prefix}.canbo", names.person(seeder.rng), Role.UNIT_OFFICER, unit, post="Cán bộ đầu mối", at=at, since=seeder.since
            )
        if seeder.rng.random() < 0.95:
            model = ModelPractice.objects.create(
                unit=unit,
                name="Tự quản về an ninh, trật tự",
                launched_on=seeder.since,
                founding_reference=f"Quyết định số 05/QĐ-UBND ngày {seeder.since:%d/%m/%Y}",
            )
            rate_models([model], clock.local_date(at).year)
    return unit


def rate_models(models: Iterable[ModelPractice], year: int) -> None:
    """Rate models as good in a year, those that are not rated yet."""
    rows = [ModelYear(model=model, year=year, rating=ModelYear.Rating.GOOD, group_count=2, member_count=12) for model in models]
    ModelYear.objects.bulk_create(rows, ignore_conflicts=True)


def has_officer(unit: Unit) -> bool:
    """One unit in three has somebody beside the head who prepares the papers."""
    return int(unit.code[-4:]) % 3 == 1


def find_province(code: str, at: datetime) -> Area:
    """The province of today's map with this code.

    Raises:
        CommandError: there is none, or the map is not loaded.
    """
    found = Area.objects.provinces().current(clock.local_date(at)).filter(code=code).first()
    if found is None:
        raise CommandError(f"There is no province {code} on today's map. Run load_areas first, or give another code.")
    return found
