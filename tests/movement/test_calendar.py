from datetime import UTC, date, datetime, timedelta

import pytest

from movement import calendar
from movement.models import Extension, Milestone, MilestoneCode
from units.roles import UnitKind

R, D = MilestoneCode.REGISTRATION, MilestoneCode.DECISION


def test_default_calendar_is_the_circulars():
    windows, milestones = calendar.default_calendar(2026)

    assert windows["residential_area"] == (date(2025, 11, 1), date(2026, 10, 31))
    assert {windows[kind] for kind in UnitKind.values if kind != "residential_area"} == {(date(2025, 11, 16), date(2026, 11, 15))}
    assert {day for (_kind, code), day in milestones.items() if code == R} == {date(2026, 3, 31)}
    assert [milestones["residential_area", code] for code in MilestoneCode] == [
        date(2026, 3, 31), date(2026, 11, 12), date(2026, 11, 13), date(2026, 11, 14),
    ]  # fmt: skip
    assert [milestones["school", code] for code in MilestoneCode][1:] == [date(2026, 11, 16), date(2026, 11, 18), date(2026, 11, 19)]


def test_default_calendar_spans_the_year():
    found = calendar.default_calendar(2026)

    assert (found.starts_on, found.closes_on) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("around", [date(2026, 1, 1), date(2026, 3, 31), date(2026, 7, 10), date(2026, 12, 31), date(2028, 2, 29)])
def test_demo_calendar_makes_every_step_possible(around):
    found = calendar.demo_calendar(around)

    assert set(found.windows) == set(UnitKind.values)
    assert all(last <= around for _first, last in found.windows.values())
    assert all(day >= around for day in found.milestones.values())
    assert found.starts_on <= around <= found.closes_on
    for kind in UnitKind.values:
        days = [found.milestones[kind, code] for code in MilestoneCode]
        assert days == sorted(days)


def test_due_on_is_the_milestone_of_the_kind(world):
    participation = world.participation(world.school)
    Milestone.objects.filter(campaign=world.campaign, unit_kind="school", code=R).update(due_on=date(2026, 4, 2))

    assert calendar.due_on(participation, R) == date(2026, 4, 2)


def test_due_on_takes_the_latest_extension_of_kind_or_unit(world):
    school, agency = world.participation(world.school), world.participation(world.agency)
    base = calendar.due_on(school, R)
    world.campaign.extensions.create(code=R, unit_kind="school", due_on=base + timedelta(days=3), reason="Bão")
    world.campaign.extensions.create(code=R, participation=school, due_on=base + timedelta(days=9), reason="Ngập")
    world.campaign.extensions.create(code=D, unit_kind="agency", due_on=base + timedelta(days=90), reason="Bão")

    assert calendar.due_on(school, R) == base + timedelta(days=9)
    assert calendar.due_on(agency, R) == base


def test_extension_never_moves_a_day_forward(world):
    school = world.participation(world.school)
    base = calendar.due_on(school, R)
    Extension.objects.create(campaign=world.campaign, code=R, unit_kind="school", due_on=base - timedelta(days=3), reason="Nhầm")

    assert calendar.due_on(school, R) == base


def test_due_on_without_a_milestone_is_an_error(world):
    Milestone.objects.filter(campaign=world.campaign).delete()

    with pytest.raises(Milestone.DoesNotExist):
        calendar.due_on(world.participation(world.school), R)


def test_last_day_ends_at_midnight_of_the_office(world):
    school = world.participation(world.school)
    Milestone.objects.filter(campaign=world.campaign, unit_kind="school", code=R).update(due_on=date(2026, 3, 31))

    assert not calendar.is_late(school, R, at=datetime(2026, 3, 31, 16, 59, 59, tzinfo=UTC))
    assert calendar.is_late(school, R, at=datetime(2026, 3, 31, 17, 0, 0, tzinfo=UTC))


def test_window_of_is_the_kinds(world):
    window = calendar.window_of(world.participation(world.school))

    assert (window.campaign_id, window.unit_kind) == (world.campaign.pk, "school")
