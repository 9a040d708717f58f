"""Notices and the opening job: who is told what, once."""

from __future__ import annotations

import pytest

from core import jobs, outbox
from core.models import Job, Notice
from movement import tasks, transitions
from movement.calendar import demo_calendar
from movement.models import Participation
from movement.operations import create_campaign
from tests.factories import movement as make
from units.models import Authority
from units.operations import create_unit


def told() -> dict[str, str]:
    return dict(Notice.objects.order_by("id").values_list("user__username", "text"))


def test_opening_invites_every_commune_and_tells_the_heads(world):
    calendar = demo_calendar(world.at.date())
    campaign = create_campaign(
        province=world.province, year=2031, title="Đợt 2031", starts_on=calendar.starts_on, closes_on=calendar.closes_on,
        windows=calendar.windows, milestones=calendar.milestones, actor=world.cast.province_officer, at=world.at,
    )  # fmt: skip
    campaign = transitions.open_campaign(campaign, actor=world.cast.province_officer, at=world.at)

    jobs.run(campaign.job_id)
    outbox.sweep()

    campaign.job.refresh_from_db()
    assert campaign.job.outcome == Job.Outcome.DONE
    assert Participation.objects.filter(campaign=campaign).count() == 7
    assert set(told()) == {"ban.truong", "truong.hieutruong", "tram.truong", "so.giamdoc"}
    assert "năm 2031" in told()["ban.truong"]
    assert list(Notice.objects.exclude(mailed_at=None).values_list("user__username", flat=True)) == ["ban.truong"]


def test_a_commune_without_authority_parks_alone_and_says_so(world):
    Authority.objects.filter(pk=world.neighbour_authority.pk).update(valid_to="2025-12-31")
    calendar = demo_calendar(world.at.date())
    campaign = create_campaign(
        province=world.province, year=2031, title="Đợt 2031", starts_on=calendar.starts_on, closes_on=calendar.closes_on,
        windows=calendar.windows, milestones=calendar.milestones, actor=world.cast.province_officer, at=world.at,
    )  # fmt: skip
    campaign = transitions.open_campaign(campaign, actor=world.cast.province_officer, at=world.at)

    jobs.run(campaign.job_id)

    assert set(Participation.objects.filter(campaign=campaign).values_list("area", flat=True)) == {world.commune.pk}
    assert "xã Nậm Đích" in campaign.job.items.exclude(error="").get().error


def test_a_unit_entered_while_the_campaign_is_open_is_invited(world):
    late = create_unit(actor=world.cast.commune_officer, at=world.at, head=None, kind="agency", name="Cơ quan mới", area=world.commune)

    outbox.sweep()

    assert Participation.objects.filter(unit=late).count() == 1


def test_each_step_tells_the_other_side(world):
    cast = world.cast
    row = make.bring(world.registration(world.residential_area), "prepared", cast=cast, at=world.at)
    row = transitions.decline_registration(row, actor=cast.head, at=world.at, reason="Ghi rõ nghị quyết")
    outbox.sweep()
    assert told() == {"ban.canbo": "Thủ trưởng chưa ký bản đăng ký của Bản Nà Đon: Ghi rõ nghị quyết"}

    row = transitions.prepare_registration(row, actor=cast.officer, at=world.at)
    row = transitions.sign_registration(row, actor=cast.head, at=world.at)
    outbox.sweep()
    year = world.campaign.year
    waiting = f"Bản Nà Đon đã gửi bản đăng ký năm {year}, chờ tiếp nhận."
    assert {name for name, text in told().items() if text == waiting} == {"xa.canbo", "xa.canbo2"}

    Notice.objects.all().delete()
    row = transitions.return_registration(row, actor=cast.commune_officer, at=world.at, reason="Thiếu số")
    outbox.sweep()
    assert told() == dict.fromkeys(["ban.truong", "ban.canbo"], f"Bản đăng ký năm {year} của Bản Nà Đon bị trả lại: Thiếu số")

    Notice.objects.all().delete()
    row = transitions.prepare_registration(row, actor=cast.officer, at=world.at)
    row = transitions.sign_registration(row, actor=cast.head, at=world.at)
    transitions.receive_registration(row, actor=cast.commune_officer, at=world.at)
    outbox.sweep()
    received = f"Bản đăng ký năm {year} của Bản Nà Đon đã được tiếp nhận."
    assert {name for name, text in told().items() if text == received} == {"ban.truong", "ban.canbo"}


@pytest.mark.parametrize(
    ("handler", "state"), [(tasks.tell_signed, "signed"), (tasks.tell_returned, "returned")], ids=["signed", "returned"]
)
def test_a_message_carried_out_twice_tells_once(world, handler, state):
    row = make.bring(world.registration(world.residential_area), state, cast=world.cast, at=world.at)

    handler(registration_id=row.pk)
    before = Notice.objects.count()
    handler(registration_id=row.pk)

    assert Notice.objects.count() == before > 0


def test_the_scribe_is_not_told_of_the_own_signature(world):
    scribe = world.cast.commune_officer
    row = make.fill(world.registration(world.residential_area), actor=scribe, at=world.at, on_behalf=True)
    row = transitions.prepare_registration(row, actor=scribe, at=world.at)
    row = transitions.sign_registration(row, actor=scribe, at=world.at, signed_paper=make.paper(scribe))

    tasks.tell_signed(registration_id=row.pk)

    assert set(told()) == {"xa.canbo2"}
