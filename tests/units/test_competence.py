"""Who appraises and decides (TT 124/2021, Đ10)."""

from datetime import date

import pytest

from core import clock
from core.transitions import DomainError
from tests.world import make_unit
from units.competence import competence_of, table_on
from units.models import Authority
from units.roles import ManagingLevel, UnitKind


def found(world, unit):
    competence = competence_of(unit, on=clock.local_date(world.at))
    return competence.authority, competence.handling_area, competence.route, competence.level


def test_competence_follows_kind_and_managing_level(world):
    ministry_unit = make_unit(UnitKind.ENTERPRISE, "Nhà máy của trung ương", world.commune, level=ManagingLevel.MINISTRY)

    assert [found(world, unit) for unit in (world.residential_area, world.commune_unit, world.province_agency, ministry_unit)] == [
        (world.commune_authority, world.commune, ("commune",), "commune"),
        (world.province_authority, world.province, ("province",), "province"),
        (world.province_authority, world.province, ("province",), "province"),
        (None, world.province, ("ministry",), "ministry"),
    ]


def test_competence_needs_an_authority_of_that_day(world):
    Authority.objects.filter(area=world.commune).update(valid_to=date(2025, 12, 31))

    with pytest.raises(DomainError, match="xã Suối Thông"):
        competence_of(world.residential_area, on=date(2026, 1, 1))


def test_competence_needs_a_rule_of_that_day(world):
    with pytest.raises(DomainError, match="Chưa có quy định thẩm quyền"):
        competence_of(world.residential_area, on=date(2020, 1, 1))


def test_competence_needs_an_area_above(world):
    world.commune.parent = None
    world.province_agency.area = world.commune

    with pytest.raises(DomainError, match="chưa gắn với đơn vị hành chính cấp trên"):
        competence_of(world.province_agency, on=clock.local_date(world.at))


def test_table_serves_many_units_with_two_queries(world, django_assert_num_queries):
    units = [world.residential_area, world.agency, world.school, world.province_agency]

    with django_assert_num_queries(2):
        table = table_on(clock.local_date(world.at))
        handling = [table.of(unit).handling_area for unit in units]

    assert handling == [world.commune, world.commune, world.commune, world.province]
