"""Every state × every transition of campaign and registration, with who may and what the rules refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.models import AuditEvent, OutboxMessage
from core.transitions import SYSTEM, DomainError, TransitionRefused
from movement import commitments, operations, transitions
from movement.calendar import default_calendar
from movement.models import Campaign, Commitment, HouseholdCount, Milestone, Registration
from movement.states import CAMPAIGN_TRANSITIONS, REGISTRATION_TRANSITIONS, CampaignState, RegistrationState
from tests import reading
from tests.factories import movement as make

S = RegistrationState
WHO = {
    "registration.prepare": "officer",
    "registration.decline": "head",
    "registration.sign": "head",
    "registration.return": "commune_officer",
    "registration.receive": "commune_officer",
}


def act(verb, row, *, actor, at, **more):
    """Call the function of a verb with the least it needs."""
    function = getattr(transitions, f"{verb.partition('.')[2]}_registration")
    reason = {"reason": "Cần sửa."} if verb.endswith(("decline", "return")) else {}
    return function(row, actor=actor, at=at, **{**reason, **more})


@pytest.mark.parametrize("transition", REGISTRATION_TRANSITIONS, ids=lambda each: each.verb)
@pytest.mark.parametrize("state", list(S))
def test_registration_moves_only_along_its_table(world, state, transition):
    row = make.bring(world.registration(world.residential_area), state, cast=world.cast, at=world.at)
    actor = getattr(world.cast, WHO[transition.verb])

    if state in transition.sources:
        moved = act(transition.verb, row, actor=actor, at=world.at)
        event = AuditEvent.objects.filter(verb=transition.verb, refused=False).latest("id")

        assert Registration.objects.get(pk=row.pk).state == moved.state == transition.target
        assert (event.from_state, event.to_state, event.actor_id, event.target_id) == (state, transition.target, actor.pk, row.pk)
    else:
        with pytest.raises(TransitionRefused):
            act(transition.verb, row, actor=actor, at=world.at)

        assert Registration.objects.get(pk=row.pk).state == state


SOURCE = {"registration.prepare": S.DRAFT, "registration.decline": S.PREPARED, "registration.sign": S.PREPARED}
STRANGERS = ["neighbour_officer", "school_head", "leader", "auditor", "admin", "nobody", "chair", "member_one", "province_officer"]


@pytest.mark.parametrize("transition", REGISTRATION_TRANSITIONS, ids=lambda each: each.verb)
@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_move_nothing(world, transition, name):
    row = make.bring(world.registration(world.residential_area), SOURCE.get(transition.verb, S.SIGNED), cast=world.cast, at=world.at)

    with pytest.raises(PermissionDenied):
        act(transition.verb, row, actor=getattr(world.cast, name), at=world.at)


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        ("registration.sign", "officer"),
        ("registration.sign", "commune_officer"),
        ("registration.decline", "officer"),
        ("registration.receive", "head"),
        ("registration.receive", "officer"),
        ("registration.return", "head"),
    ],
)
def test_own_people_and_office_keep_to_their_step(world, verb, name):
    row = make.bring(world.registration(world.residential_area), SOURCE.get(verb, S.SIGNED), cast=world.cast, at=world.at)

    with pytest.raises(PermissionDenied):
        act(verb, row, actor=getattr(world.cast, name), at=world.at)


def test_province_receives_what_it_handles(world):
    row = make.fill(world.registration(world.province_agency), actor=world.cast.province_agency_head, at=world.at)
    row = transitions.prepare_registration(row, actor=world.cast.province_agency_head, at=world.at)
    row = transitions.sign_registration(row, actor=world.cast.province_agency_head, at=world.at)

    with pytest.raises(PermissionDenied):
        transitions.receive_registration(row, actor=world.cast.commune_officer, at=world.at)
    assert transitions.receive_registration(row, actor=world.cast.province_officer, at=world.at).state == S.RECEIVED


# ---------- Rules ----------


def test_prepare_wants_goals_and_households(world):
    row = world.registration(world.residential_area)
    with pytest.raises(DomainError, match="nội dung phấn đấu"):
        transitions.prepare_registration(row, actor=world.cast.officer, at=world.at)

    make.fill(row, actor=world.cast.officer, at=world.at)
    HouseholdCount.objects.all().delete()
    with pytest.raises(DomainError, match="số hộ"):
        transitions.prepare_registration(row, actor=world.cast.officer, at=world.at)


def test_nothing_is_prepared_or_signed_after_the_campaign(world):
    row = make.bring(world.registration(world.residential_area), S.PREPARED, cast=world.cast, at=world.at)
    afterwards = world.at + timedelta(days=61)

    with pytest.raises(DomainError, match="không còn mở"):
        transitions.sign_registration(row, actor=world.cast.head, at=afterwards, late_reason="Lũ")
    row = transitions.decline_registration(row, actor=world.cast.head, at=world.at, reason="Sửa")
    with pytest.raises(DomainError, match="không còn mở"):
        transitions.prepare_registration(row, actor=world.cast.officer, at=afterwards)


def test_the_clock_signs_nothing(world):
    row = make.bring(world.registration(world.residential_area), S.PREPARED, cast=world.cast, at=world.at)

    with pytest.raises(DomainError, match="một người"):
        transitions.sign_registration(row, actor=SYSTEM, at=world.at)


def test_head_who_declines_or_office_that_returns_says_why(world):
    row = make.bring(world.registration(world.residential_area), S.PREPARED, cast=world.cast, at=world.at)
    with pytest.raises(DomainError, match="cần sửa"):
        transitions.decline_registration(row, actor=world.cast.head, at=world.at, reason="  ")

    row = transitions.sign_registration(row, actor=world.cast.head, at=world.at)
    with pytest.raises(DomainError, match="lý do trả lại"):
        transitions.return_registration(row, actor=world.cast.commune_officer, at=world.at, reason="")


def test_registration_on_the_last_day_is_in_time_and_one_day_later_needs_a_reason(world):
    row = make.bring(world.registration(world.residential_area), S.PREPARED, cast=world.cast, at=world.at)
    last_day = world.at + timedelta(days=5)
    late = last_day + timedelta(days=1)

    with pytest.raises(DomainError, match="lý do đăng ký muộn"):
        transitions.sign_registration(row, actor=world.cast.head, at=late)
    signed = transitions.sign_registration(row, actor=world.cast.head, at=late, late_reason="Mưa lũ")
    assert (signed.is_late, signed.late_reason) == (True, "Mưa lũ")

    back = transitions.return_registration(signed, actor=world.cast.commune_officer, at=late, reason="Sửa")
    back = transitions.prepare_registration(back, actor=world.cast.officer, at=last_day)
    again = transitions.sign_registration(back, actor=world.cast.head, at=last_day, late_reason="thừa")
    assert (again.is_late, again.late_reason) == (False, "")


def test_extension_makes_a_registration_timely(world):
    row = make.bring(world.registration(world.residential_area), S.PREPARED, cast=world.cast, at=world.at)
    world.campaign.extensions.create(
        code="registration", participation=row.participation, due_on=(world.at + timedelta(days=20)).date(), reason="Lũ"
    )

    assert not transitions.sign_registration(row, actor=world.cast.head, at=world.at + timedelta(days=10)).is_late


# ---------- Signing freezes ----------


def test_signing_freezes_the_commitment(world):
    row = make.bring(world.registration(world.residential_area), S.SIGNED, cast=world.cast, at=world.at)
    commitment = Commitment.objects.get(registration=row)
    [page, *_rest] = reading.texts(_content(commitment))

    assert (commitment.version, commitment.prepared_by, commitment.signed_by) == (1, world.cast.officer, world.cast.head)
    assert (row.signed_by, row.signed_at) == (world.cast.head, world.at)
    assert commitments.is_intact(commitment)
    assert "BẢN CAM KẾT" in page
    assert row.participation.code in page
    assert "120/120 hộ" in page
    assert "Ban Chỉ đạo 138 xã Suối Thông" in page


def test_one_changed_byte_fails_the_check(world, tmp_path):
    row = make.bring(world.registration(world.residential_area), S.SIGNED, cast=world.cast, at=world.at)
    commitment = row.commitments.get()
    stored = tmp_path / "media" / commitment.file.path
    content = bytearray(stored.read_bytes())
    content[len(content) // 2] ^= 1
    stored.chmod(0o600)
    stored.write_bytes(content)

    assert not commitments.is_intact(commitment)


def test_lost_file_fails_the_check(world, tmp_path):
    commitment = make.bring(world.registration(world.residential_area), S.SIGNED, cast=world.cast, at=world.at).commitments.get()
    (tmp_path / "media" / commitment.file.path).unlink()

    assert not commitments.is_intact(commitment)


def test_signing_again_supersedes_and_keeps_the_former(world):
    row = make.bring(world.registration(world.residential_area), S.RETURNED, cast=world.cast, at=world.at)
    later = world.at + timedelta(days=1)
    row = transitions.prepare_registration(row, actor=world.cast.officer, at=later)
    transitions.sign_registration(row, actor=world.cast.head, at=later)

    assert list(row.commitments.order_by("version").values_list("version", "superseded_at")) == [(1, later), (2, None)]
    assert all(commitments.is_intact(each) for each in row.commitments.all())


def test_without_a_template_nothing_is_signed(world):
    row = make.bring(world.registration(world.residential_area), S.PREPARED, cast=world.cast, at=world.at)
    row.participation.campaign.refresh_from_db()
    commitments.CommitmentTemplate.objects.filter(kind="residential_area").delete()

    with pytest.raises(DomainError, match="mẫu bản cam kết"):
        transitions.sign_registration(row, actor=world.cast.head, at=world.at)
    assert Registration.objects.get(pk=row.pk).state == S.PREPARED


def _content(commitment):
    from core import files

    return files.read(commitment.file)


# ---------- On behalf ----------


def test_entry_on_behalf_needs_the_paper_and_another_receiver(world):
    scribe, other = world.cast.commune_officer, world.cast.commune_officer_two
    row = make.fill(world.registration(world.residential_area), actor=scribe, at=world.at, on_behalf=True)
    row = transitions.prepare_registration(row, actor=scribe, at=world.at)

    with pytest.raises(DomainError, match="bản scan"):
        transitions.sign_registration(row, actor=scribe, at=world.at)
    with pytest.raises(PermissionDenied):
        transitions.sign_registration(row, actor=world.cast.head, at=world.at, signed_paper=make.paper(scribe))
    row = transitions.sign_registration(row, actor=scribe, at=world.at, signed_paper=make.paper(scribe))
    with pytest.raises(PermissionDenied):
        transitions.receive_registration(row, actor=scribe, at=world.at)
    with pytest.raises(PermissionDenied):
        transitions.return_registration(row, actor=scribe, at=world.at, reason="Sửa")
    received = transitions.receive_registration(row, actor=other, at=world.at)

    text = " ".join(reading.texts(_content(row.commitments.get())))
    assert (received.state, received.signed_by, received.received_by) == (S.RECEIVED, scribe, other)
    assert "người nhập: Lò Văn Thịnh" in text
    assert "ký trên hệ thống" not in text


def test_who_wrote_the_draft_lays_it_before_the_head(world):
    officer, scribe = world.cast.officer, world.cast.commune_officer
    row = make.fill(world.registration(world.residential_area), actor=officer, at=world.at)
    with pytest.raises(DomainError, match="đơn vị tự soạn"):
        transitions.prepare_registration(row, actor=scribe, at=world.at)

    row = make.fill(row, actor=scribe, at=world.at, on_behalf=True)
    with pytest.raises(DomainError, match="xã nhập thay"):
        transitions.prepare_registration(row, actor=officer, at=world.at)


def test_paper_of_an_own_entry_is_not_kept(world):
    row = make.bring(world.registration(world.residential_area), S.PREPARED, cast=world.cast, at=world.at)

    signed = transitions.sign_registration(row, actor=world.cast.head, at=world.at, signed_paper=make.paper(world.cast.head))

    assert signed.signed_paper is None


# ---------- Effects ----------


def test_each_step_leaves_its_message(world):
    row = make.bring(world.registration(world.residential_area), S.RETURNED, cast=world.cast, at=world.at)
    row = transitions.prepare_registration(row, actor=world.cast.officer, at=world.at)
    row = transitions.decline_registration(row, actor=world.cast.head, at=world.at, reason="Sửa")
    row = transitions.prepare_registration(row, actor=world.cast.officer, at=world.at)
    row = transitions.sign_registration(row, actor=world.cast.head, at=world.at)
    transitions.receive_registration(row, actor=world.cast.commune_officer, at=world.at)

    assert list(OutboxMessage.objects.order_by("id").values_list("kind", "payload")) == [
        ("registration.signed", {"registration_id": row.pk}),
        ("registration.returned", {"registration_id": row.pk}),
        ("registration.declined", {"registration_id": row.pk}),
        ("registration.signed", {"registration_id": row.pk}),
        ("registration.received", {"participation_id": row.participation_id}),
    ]


# ---------- Campaign ----------


def draft(world, year=2031):
    calendar = default_calendar(year)
    return operations.create_campaign(
        province=world.province, year=year, title=f"Đợt {year}", starts_on=calendar.starts_on, closes_on=calendar.closes_on,
        windows=calendar.windows, milestones=calendar.milestones, actor=world.cast.province_officer, at=world.at,
    )  # fmt: skip


@pytest.mark.parametrize("state", list(CampaignState))
@pytest.mark.parametrize("transition", CAMPAIGN_TRANSITIONS, ids=lambda each: each.verb)
def test_campaign_moves_only_along_its_table(world, state, transition):
    campaign = draft(world)
    if state == CampaignState.OPEN:
        campaign = transitions.open_campaign(campaign, actor=world.cast.province_officer, at=world.at)

    if state in transition.sources:
        opened = transitions.open_campaign(campaign, actor=world.cast.province_officer, at=world.at)
        assert (opened.state, opened.opened_at) == (CampaignState.OPEN, world.at)
        assert sorted(opened.job.items.values_list("key", flat=True)) == sorted([str(world.commune.pk), str(world.neighbour.pk)])
    else:
        with pytest.raises(TransitionRefused):
            transitions.open_campaign(campaign, actor=world.cast.province_officer, at=world.at)


@pytest.mark.parametrize("name", ["commune_officer", "province_chair", "leader", "auditor", "admin", "head", "nobody"])
def test_only_the_provinces_office_opens(world, name):
    with pytest.raises(PermissionDenied):
        transitions.open_campaign(draft(world), actor=getattr(world.cast, name), at=world.at)


def test_campaign_without_calendar_or_after_its_end_is_not_opened(world):
    campaign = draft(world)
    Milestone.objects.filter(campaign=campaign, unit_kind="school", code="decision").delete()
    with pytest.raises(DomainError, match="chưa đủ"):
        transitions.open_campaign(campaign, actor=world.cast.province_officer, at=world.at)

    Campaign.objects.filter(pk=campaign.pk).update(starts_on="2020-01-01", closes_on="2020-12-31")
    with pytest.raises(DomainError, match="không mở được"):
        transitions.open_campaign(campaign, actor=world.cast.province_officer, at=world.at)
