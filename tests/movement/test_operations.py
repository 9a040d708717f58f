"""What is written without a change of state: calendar, invitation, draft of a registration, committees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent, Counter, OutboxMessage
from core.transitions import SYSTEM, DomainError, TransitionRefused
from movement import operations, transitions
from movement.calendar import default_calendar, demo_calendar
from movement.documents import commitment_texts
from movement.models import Campaign, CommitmentTemplate, HouseholdCount, Participation, Registration, SteeringCommittee
from movement.operations import wording
from movement.operations.registration import VersionConflict
from movement.states import RegistrationState
from tests.factories import movement as make
from tests.world import make_unit
from units.roles import ManagingLevel, UnitKind


def create(world, **changes):
    calendar = default_calendar(2031)
    values = {
        "province": world.province, "year": 2031, "title": "Đợt 2031", "starts_on": calendar.starts_on, "closes_on": calendar.closes_on,
        "windows": calendar.windows, "milestones": calendar.milestones, "actor": world.cast.province_officer, "at": world.at,
    }  # fmt: skip
    return operations.create_campaign(**{**values, **changes})


# ---------- Campaign ----------


def test_campaign_is_drawn_up_with_its_calendar(world):
    campaign = create(world)

    assert campaign.state == "draft"
    assert (campaign.windows.count(), campaign.milestones.count()) == (5, 20)
    assert AuditEvent.objects.filter(verb="campaign.create", target_id=campaign.pk, actor=world.cast.province_officer).count() == 1


@pytest.mark.parametrize("name", ["commune_officer", "leader", "admin", "head", "nobody"])
def test_others_draw_up_no_campaign(world, name):
    with pytest.raises(PermissionDenied):
        create(world, actor=getattr(world.cast, name))


def test_a_province_has_one_campaign_a_year_trials_apart(world):
    create(world)
    with pytest.raises(DomainError, match="đã có một đợt"):
        create(world)

    assert create(world, is_trial=True).is_trial


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_on": date(2030, 1, 1)}, "Ngày kết thúc"),
        ({"windows": {}}, "chưa đủ"),
        ({"milestones": {}}, "chưa đủ"),
        ({"windows": {**default_calendar(2031).windows, "school": (date(2031, 5, 1), date(2031, 4, 1))}}, "theo thứ tự"),
        ({"milestones": {**default_calendar(2031).milestones, ("school", "submission"): date(2031, 11, 30)}}, "theo thứ tự"),
        ({"starts_on": date(2031, 6, 1)}, "trong thời gian của đợt"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(world, changes, sentence):
    with pytest.raises(DomainError, match=sentence):
        create(world, **changes)
    assert not Campaign.objects.filter(year=2031).exists()


def test_calendar_changes_only_in_a_draft(world):
    campaign = create(world)
    demo = demo_calendar(date(2031, 5, 5))
    values = {
        "title": "Tên mới", "starts_on": demo.starts_on, "closes_on": demo.closes_on, "windows": demo.windows,
        "milestones": demo.milestones, "actor": world.cast.province_officer, "at": world.at,
    }  # fmt: skip
    changed = operations.change_campaign(campaign, **values)

    assert (changed.title, changed.milestones.count(), changed.windows.first().ends_on) == ("Tên mới", 20, date(2031, 5, 4))
    with pytest.raises(PermissionDenied):
        operations.change_campaign(campaign, **{**values, "actor": world.cast.commune_officer})
    transitions.open_campaign(changed, actor=world.cast.province_officer, at=world.at)
    with pytest.raises(TransitionRefused):
        operations.change_campaign(campaign, **values)


# ---------- Invitation ----------


def test_units_are_invited_with_everything_frozen(world):
    campaign = create(world)

    rows = operations.invite_units(campaign, area_ids=[world.commune.pk, world.neighbour.pk], at=world.at)

    found = {row.unit: (row.area, row.handling_area, row.authority) for row in Participation.objects.filter(campaign=campaign)}
    commune, province = (world.commune, world.commune_authority), (world.province, world.province_authority)
    assert found == {
        world.residential_area: (world.commune, *commune),
        world.agency: (world.commune, *commune),
        world.enterprise: (world.commune, *commune),
        world.school: (world.commune, *commune),
        world.commune_unit: (world.commune, *province),
        world.province_agency: (world.commune, *province),
        world.neighbour_residential_area: (world.neighbour, world.neighbour, world.neighbour_authority),
    }
    assert len(rows) == Registration.objects.filter(participation__campaign=campaign, state="draft").count() == 7
    assert sorted(row.code for row in rows) == [f"ANTT-03390-2031-{number:04d}" for number in range(1, 7)] + ["ANTT-03391-2031-0001"]
    assert Counter.objects.get(key="dossier:03390:2031").value == 6
    assert OutboxMessage.objects.get(kind="participation.invited").payload == {"participation_ids": [row.pk for row in rows]}


def test_inviting_again_adds_nothing(world):
    campaign = create(world)
    operations.invite_units(campaign, area_ids=[world.commune.pk], at=world.at)

    assert operations.invite_units(campaign, area_ids=[world.commune.pk], at=world.at) == []
    assert Counter.objects.get(key="dossier:03390:2031").value == 6
    assert OutboxMessage.objects.filter(kind="participation.invited").count() == 1


def test_a_trial_takes_no_real_number(world):
    rows = operations.invite_units(create(world, is_trial=True), unit_ids=[world.school.pk], at=world.at)

    assert [row.code for row in rows] == ["THU-ANTT-03390-2031-0001"]
    assert not Counter.objects.filter(key="dossier:03390:2031").exists()


def test_an_excluded_unit_gets_its_citation_and_no_registration(world):
    nursery = make_unit(UnitKind.SCHOOL, "Trường Mầm non Suối Thông", world.commune, school_level="kindergarten")
    [row] = operations.invite_units(create(world), unit_ids=[nursery.pk], at=world.at)

    assert "Thông tư 124/2021" in row.ineligible_citation or "Điều 1" in row.ineligible_citation
    assert row.ineligible_reason
    assert not Registration.objects.filter(participation=row).exists()
    assert list(Participation.objects.filter(pk=row.pk).eligible()) == []


def test_addressees_closed_units_and_other_provinces_are_passed_over(world):
    addressee = make_unit(UnitKind.AGENCY, "Văn phòng Đảng ủy", world.commune, subject=False, headcount=5)
    closed = make_unit(UnitKind.AGENCY, "Trạm đã giải thể", world.commune, closed_on=world.at.date() - timedelta(days=1))
    campaign = create(world)
    Campaign.objects.filter(pk=campaign.pk).update(province=world.neighbour)
    elsewhere = Campaign.objects.get(pk=campaign.pk)

    assert operations.invite_units(campaign, unit_ids=[addressee.pk, closed.pk], at=world.at) == []
    assert operations.invite_units(elsewhere, area_ids=[world.commune.pk], at=world.at) == []


def test_the_ministrys_unit_stands_in_the_campaign_for_reference_only(world):
    unit = make_unit(UnitKind.ENTERPRISE, "Tổng công ty", world.commune, level=ManagingLevel.MINISTRY, headcount=900, insured_headcount=900,
                     sector="production", revenue=900, capital=900)  # fmt: skip
    [row] = operations.invite_units(create(world), unit_ids=[unit.pk], at=world.at)

    assert (row.authority, row.handling_area, "Bộ Công an" in row.ineligible_reason) == (None, world.province, True)
    assert not Registration.objects.filter(participation=row).exists()


def test_invitation_asks_the_same_number_of_queries_for_any_number_of_units(world):
    campaigns = [create(world), create(world, is_trial=True)]
    counts = []
    for campaign, more in zip(campaigns, (0, 25), strict=True):
        for number in range(more):
            make_unit(UnitKind.RESIDENTIAL_AREA, f"Bản {number}", world.commune)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            operations.invite_units(campaign, area_ids=[world.commune.pk, world.neighbour.pk], at=world.at)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_unit_confirmed_later_joins_the_open_campaigns_of_its_province(world):
    late = make_unit(UnitKind.AGENCY, "Cơ quan mới", world.commune, headcount=5)
    create(world)  # a draft invites nobody

    [row] = operations.invite_new_unit(unit_id=late.pk, at=world.at)

    assert (row.campaign, row.registration.state) == (world.campaign, "draft")
    assert operations.invite_new_unit(unit_id=late.pk, at=world.at) == []
    assert operations.invite_new_unit(unit_id=late.pk, at=world.at + timedelta(days=300)) == []


# ---------- Draft of a registration ----------


def test_saving_counts_versions_and_households(world):
    row = make.fill(world.registration(world.residential_area), actor=world.cast.officer, at=world.at, household_signed_up=119)
    row = make.fill(row, actor=world.cast.head, at=world.at, goals="Khác")
    count = HouseholdCount.objects.get(participation=row.participation)

    assert (row.version, row.goals, count.total, count.signed_up) == (2, "Khác", 120, 120)


def test_an_old_version_overwrites_nothing(world):
    row = make.fill(world.registration(world.school), actor=world.cast.school_head, at=world.at)

    with pytest.raises(VersionConflict):
        operations.save_registration(
            row, version=0, actor=world.cast.school_head, at=world.at, goals="Đè", resolution_number="", plan_number=""
        )
    assert Registration.objects.get(pk=row.pk).goals == "Giữ vững an ninh, trật tự."


@pytest.mark.parametrize(
    ("total", "signed_up"), [(None, None), (120, None), (0, 0), (10, 11), (10, -1)], ids=["none", "half", "zero", "more", "negative"]
)
def test_household_figures_must_make_sense(world, total, signed_up):
    with pytest.raises(DomainError):
        make.fill(
            world.registration(world.residential_area), actor=world.cast.officer, at=world.at, household_total=total,
            household_signed_up=signed_up,
        )  # fmt: skip
    assert not HouseholdCount.objects.exists()


@pytest.mark.parametrize(("signed_up", "percent", "complete"), [(1000, "100", True), (999, "99.9", False), (0, "0", False)])
def test_only_all_households_are_100_percent(signed_up, percent, complete):
    count = HouseholdCount(total=1000, signed_up=signed_up)

    assert (str(count.percent.normalize() if signed_up else count.percent).replace("1E+2", "100"), count.is_complete) == (percent, complete)


def test_a_share_just_below_100_is_not_rounded_up():
    assert str(HouseholdCount(total=100_000, signed_up=99_999).percent) == "99.9"


@pytest.mark.parametrize("state", [RegistrationState.PREPARED, RegistrationState.SIGNED, RegistrationState.RECEIVED])
def test_what_was_laid_before_the_head_is_not_edited(world, state):
    row = make.bring(world.registration(world.residential_area), state, cast=world.cast, at=world.at)

    with pytest.raises(TransitionRefused):
        make.fill(row, actor=world.cast.officer, at=world.at, goals="Sửa lén")


@pytest.mark.parametrize(
    ("name", "on_behalf"),
    [
        ("commune_officer", False),
        ("head", True),
        ("neighbour_officer", True),
        ("province_officer", True),
        ("leader", False),
        ("nobody", False),
    ],
)
def test_the_unit_writes_for_itself_and_the_office_on_behalf(world, name, on_behalf):
    with pytest.raises(PermissionDenied):
        make.fill(world.registration(world.residential_area), actor=getattr(world.cast, name), at=world.at, on_behalf=on_behalf)


def test_nothing_is_saved_after_the_campaign(world):
    with pytest.raises(DomainError, match="không còn mở"):
        make.fill(world.registration(world.residential_area), actor=world.cast.officer, at=world.at + timedelta(days=61))


# ---------- Wording ----------


def test_published_wording_is_frozen_and_a_new_text_is_a_new_version(world, monkeypatch):
    assert operations.publish_commitment_texts(at=world.at) == []
    changed = tuple(replace(text, closing="Khác") if text.kind == "school" else text for text in commitment_texts())
    monkeypatch.setattr(wording, "commitment_texts", lambda: changed)

    [row] = operations.publish_commitment_texts(at=world.at)

    assert (row.kind, row.version) == ("school", 2)
    assert CommitmentTemplate.objects.get(kind="school", version=1).body["closing"] != "Khác"


# ---------- Committees ----------


def found(world, **changes):
    values = {
        "authority": world.neighbour_authority, "name": "Ban Chỉ đạo xã Nậm Đích", "symbol": "BCĐ", "founding_reference": "02/QĐ-UBND",
        "valid_from": date(2025, 8, 1), "actor": world.cast.neighbour_officer, "at": world.at,
    }  # fmt: skip
    return operations.found_committee(**{**values, **changes})


def seat(committee, world, **changes):
    values = {"full_name": "Vàng A Láng", "post": "Chủ tịch", "seat": "chair", "position": 1, "valid_from": date(2025, 8, 1)}
    return operations.add_member(committee, **{**values, "actor": world.cast.neighbour_officer, "at": world.at, **changes})


def test_an_authority_has_one_committee_in_force(world):
    first = found(world)
    with pytest.raises(DomainError, match="còn hiệu lực"):
        found(world)
    values = {
        "name": first.name, "symbol": "BCĐ", "founding_reference": "02/QĐ-UBND", "valid_from": date(2025, 8, 1),
        "actor": world.cast.neighbour_officer, "at": world.at,
    }  # fmt: skip
    operations.change_committee(first, valid_to=date(2025, 12, 31), **values)
    second = found(world, valid_from=date(2026, 1, 1))
    with pytest.raises(DomainError, match="phải có ngày kết thúc"):
        operations.change_committee(first, valid_to=None, **values)

    assert list(SteeringCommittee.objects.filter(authority=world.neighbour_authority, valid_to=None)) == [second]


@pytest.mark.parametrize("name", ["commune_officer", "province_officer", "chair", "leader", "admin", "nobody"])
def test_a_committee_is_kept_by_the_office_of_its_own_level(world, name):
    actor = getattr(world.cast, name)
    with pytest.raises(PermissionDenied):
        found(world, actor=actor)
    with pytest.raises(PermissionDenied):
        seat(found(world), world, actor=actor)


def test_one_chair_and_one_seat_per_account_at_a_time(world):
    committee = found(world, actor=SYSTEM)
    chair = seat(committee, world, user=world.cast.neighbour_officer)
    with pytest.raises(DomainError, match="đã có Trưởng ban"):
        seat(committee, world)
    with pytest.raises(DomainError, match="đã giữ một vai trò"):
        seat(committee, world, seat="member", user=world.cast.neighbour_officer)

    operations.change_member(
        chair, full_name=chair.full_name, post=chair.post, seat="chair", position=1, valid_from=chair.valid_from,
        valid_to=date(2025, 12, 31), user=chair.user, actor=world.cast.neighbour_officer, at=world.at,
    )  # fmt: skip
    successor = seat(committee, world, valid_from=date(2026, 1, 1), user=world.cast.neighbour_officer)

    assert list(committee.memberships.filter(seat="chair", valid_to=None)) == [successor]


@pytest.mark.parametrize("other", ["member_two", None])
def test_a_seat_is_not_handed_to_another_account(world, other):
    seat_of_one = world.committee.memberships.get(user=world.cast.member_one)

    with pytest.raises(DomainError, match="thêm một dòng cho người mới"):
        operations.change_member(
            seat_of_one, full_name="Người khác", post="Ủy viên", seat="member", position=9, valid_from=seat_of_one.valid_from,
            user=getattr(world.cast, other) if other else None, actor=world.cast.commune_officer, at=world.at,
        )  # fmt: skip

    seat_of_one.refresh_from_db()
    assert seat_of_one.user == world.cast.member_one
