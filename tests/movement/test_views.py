"""The screens: scope, rights, refused forms, one-time keys and query counts."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import AuditEvent, StoredFile
from movement import transitions
from movement.models import Campaign, Commitment, CommitteeMembership, HouseholdCount, Milestone, Registration, SteeringCommittee
from movement.states import RegistrationState as S
from tests import reading
from tests.factories import movement as make
from tests.world import PASSWORD
from units.models import RoleGrant
from units.roles import Role

SMALL_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n"
    b"0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def url(name, *args):
    return reverse(f"movement:{name}", args=args)


def key():
    return {"once": str(uuid.uuid4())}


def names(response):
    return [row.participation.name for row in response.context["rows"]]


@pytest.fixture
def row(world):
    return world.registration(world.residential_area)


# ---------- List ----------


def test_list_shows_the_own_commune_and_not_the_neighbours(world, client_for):
    response = client_for(world.cast.commune_officer).get(url("registration-list"))

    assert "Bản Thẳm" not in response.content.decode()
    assert set(names(response)) == {
        "Bản Nà Đon", "Xã Suối Thông", "Trạm Y tế xã Suối Thông", "Công ty cổ phần Chè Suối Thông", "Trường THCS Suối Thông",
        "Sở Nội vụ tỉnh An Hòa",
    }  # fmt: skip


def test_list_of_a_unit_holds_only_itself(world, client_for):
    assert names(client_for(world.cast.head).get(url("registration-list"))) == ["Bản Nà Đon"]


def test_list_of_nobody_is_empty(world, client_for):
    response = client_for(world.cast.nobody).get(url("registration-list"))

    assert (response.status_code, names(response)) == (200, [])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tinh-trang=cho-tiep-nhan", ["Bản Nà Đon"]),
        ("tinh-trang=da-dang-ky", []),
        ("loai=school", ["Trường THCS Suối Thông"]),
        ("q=ban na don", ["Bản Nà Đon"]),
        ("q=THCS&loai=agency", []),
        ("tinh-trang=ngoai-doi-tuong", []),
        ("tinh-trang=chua&loai=residential_area", ["Bản Nà Đon"]),
    ],
)
def test_filters_of_the_list(world, client_for, row, query, expected):
    make.bring(row, S.SIGNED, cast=world.cast, at=world.at)

    assert names(client_for(world.cast.commune_officer).get(f"{url('registration-list')}?{query}")) == expected


@pytest.mark.parametrize("query", ["xa=abc", "dot=9999999999999", "trang=x", "xep=rot", "tinh-trang=zz", "xa=999999999999999999999"])
def test_odd_filters_do_no_harm(world, client_for, query):
    assert client_for(world.cast.commune_officer).get(f"{url('registration-list')}?{query}").status_code == 200


def test_list_answers_htmx_with_its_rows_alone(world, client_for):
    response = client_for(world.cast.commune_officer).get(url("registration-list"), headers={"HX-Request": "true"})

    assert "<html" not in response.content.decode()
    assert "Bản Nà Đon" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_registration_list_query_count(world, client_for, django_assert_num_queries, rows):
    make.more_residential_areas(world, rows)
    client = client_for(world.cast.commune_officer)
    client.get(url("registration-list"))

    with django_assert_num_queries(8):
        client.get(f"{url('registration-list')}?loai=residential_area")


# ---------- One registration ----------


@pytest.mark.parametrize("name", ["neighbour_officer", "school_head", "admin", "nobody"])
@pytest.mark.parametrize("page", ["detail", "edit", "preview", "sign", "decline", "return", "paper", "share"])
def test_out_of_scope_does_not_exist(world, client_for, row, name, page):
    assert client_for(getattr(world.cast, name)).get(url(f"registration-{page}", row.pk)).status_code == 404


@pytest.mark.parametrize("page", ["prepare", "receive", "sign", "return", "decline", "edit"])
def test_a_neighbours_post_finds_nothing(world, client_for, row, page):
    assert client_for(world.cast.neighbour_officer).post(url(f"registration-{page}", row.pk), key()).status_code == 404


@pytest.mark.parametrize("page", ["edit", "preview", "sign", "decline", "return"])
def test_in_scope_without_the_right_is_403(world, client_for, row, page):
    assert client_for(world.cast.leader).get(url(f"registration-{page}", row.pk)).status_code == 403


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("name", ["head", "officer", "commune_officer", "leader", "chair", "auditor"])
def test_detail_opens_in_every_state(world, client_for, row, state, name):
    make.bring(row, state, cast=world.cast, at=world.at)
    client = client_for(getattr(world.cast, name))

    assert client.get(url("registration-detail", row.pk)).status_code == 200


def test_reading_a_registration_of_others_is_recorded(world, client_for, row):
    client_for(world.cast.head).get(url("registration-detail", row.pk))
    client_for(world.cast.commune_officer).get(url("registration-detail", row.pk))

    assert list(AuditEvent.objects.filter(verb="registration.view").values_list("actor", flat=True)) == [world.cast.commune_officer.pk]


def test_detail_query_count(world, client_for, row, django_assert_max_num_queries):
    make.bring(row, S.RECEIVED, cast=world.cast, at=world.at)
    client = client_for(world.cast.head)
    client.get(url("registration-detail", row.pk))

    with django_assert_max_num_queries(15):
        client.get(url("registration-detail", row.pk))


def filled(**changes):
    return {
        **key(), "version": 0, "goals": "Giữ bản yên.", "resolution_number": "05-NQ/CB", "household_total": "1.200",
        "household_signed_up": "1199", **changes,
    }  # fmt: skip


def test_the_unit_fills_in_its_registration(world, client_for, row):
    response = client_for(world.cast.officer).post(url("registration-edit", row.pk), filled())
    count = HouseholdCount.objects.get(participation=row.participation)
    page = client_for(world.cast.officer).get(url("registration-detail", row.pk)).content.decode()

    assert response.headers["Location"] == url("registration-detail", row.pk)
    assert (count.total, count.signed_up, Registration.objects.get(pk=row.pk).on_behalf) == (1200, 1199, False)
    assert "99,9%" in page
    assert "Chưa đủ 100%" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"goals": ""}, "goals"),
        ({"goals": "TỐI MẬT\nbáo cáo"}, "goals"),
        ({"household_total": "0"}, "household_total"),
        ({"household_total": "1200,5"}, "household_total"),
        ({"household_signed_up": "1201"}, "household_signed_up"),
        ({"household_signed_up": ""}, "household_signed_up"),
        ({"once": "x"}, "once"),
    ],
)
def test_a_refused_registration_keeps_what_was_typed(world, client_for, row, changes, field):
    response = client_for(world.cast.officer).post(url("registration-edit", row.pk), filled(**changes))

    assert (response.status_code, set(response.context["form"].errors)) == (422, {field})
    assert "<title>Lỗi: " in response.content.decode()
    assert Registration.objects.get(pk=row.pk).version == 0


def test_two_editors_never_lose_text(world, client_for, row):
    client_for(world.cast.officer).post(url("registration-edit", row.pk), filled(goals="Bản của cán bộ"))
    response = client_for(world.cast.head).post(url("registration-edit", row.pk), filled(goals="Bản của trưởng bản"))
    page = response.content.decode()

    assert response.status_code == 422
    assert "Bản của cán bộ" in page
    assert "Bản của trưởng bản" in page
    assert 'name="version" value="1"' in page
    assert Registration.objects.get(pk=row.pk).goals == "Bản của cán bộ"


def test_what_is_signed_is_not_edited(world, client_for, row):
    make.bring(row, S.SIGNED, cast=world.cast, at=world.at)

    assert client_for(world.cast.head).get(url("registration-edit", row.pk)).headers["Location"] == url("registration-detail", row.pk)


def test_schools_are_asked_for_a_plan_and_no_households(world, client_for):
    fields = client_for(world.cast.school_head).get(url("registration-edit", world.registration(world.school).pk)).context["form"].fields

    assert set(fields) == {"once", "version", "goals", "resolution_number", "plan_number"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("household_total=1000&household_signed_up=999", "99,9%"),
        ("household_total=1.000&household_signed_up=1.000", "Đủ 100% hộ"),
        ("household_total=10&household_signed_up=11", "Nhập hai con số"),
        ("household_total=x", "Nhập hai con số"),
    ],
)
def test_the_share_follows_the_typing(world, client_for, row, query, expected):
    response = client_for(world.cast.head).get(f"{url('registration-share', row.pk)}?{query}", headers={"HX-Request": "true"})

    assert expected in response.content.decode()
    assert "<html" not in response.content.decode()


def test_preview_shows_what_will_be_printed(world, client_for, row):
    make.bring(row, S.DRAFT, cast=world.cast, at=world.at)
    page = client_for(world.cast.officer).get(url("registration-preview", row.pk)).content.decode()

    assert "Giữ vững an ninh, trật tự." in page
    assert "Điều 4 và Điều 9 Thông tư số 124/2021/TT-BCA" in page


# ---------- Signing ----------


def test_officer_prepares_and_head_signs_with_the_password(world, client_for, row):
    make.bring(row, S.DRAFT, cast=world.cast, at=world.at)
    prepared = client_for(world.cast.officer).post(url("registration-prepare", row.pk), key())
    client = client_for(world.cast.head)
    page = client.get(url("registration-sign", row.pk))
    signed = client.post(url("registration-sign", row.pk), {**key(), "agree": "on", "password": PASSWORD})
    commitment = Commitment.objects.get(registration=row)
    detail = client.get(url("registration-detail", row.pk)).content.decode()
    download = client.get(url("commitment-file", commitment.pk))

    assert prepared.headers["Location"] == signed.headers["Location"] == url("registration-detail", row.pk)
    assert "Bản cam kết" in page.content.decode()
    assert Registration.objects.get(pk=row.pk).state == S.SIGNED
    assert commitment.file.sha256 in detail
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert "Quàng Văn Đon" in " ".join(reading.texts(download.content))


def test_head_who_prepares_goes_straight_to_signing(world, client_for, row):
    make.fill(row, actor=world.cast.head, at=world.at)

    response = client_for(world.cast.head).post(url("registration-prepare", row.pk), key())

    assert response.headers["Location"] == url("registration-sign", row.pk)


@pytest.mark.parametrize(("data", "field"), [({"agree": "on", "password": "sai"}, "password"), ({"password": PASSWORD}, "agree")])
def test_a_wrong_password_or_no_consent_signs_nothing(world, client_for, row, data, field):
    make.bring(row, S.PREPARED, cast=world.cast, at=world.at)
    response = client_for(world.cast.head).post(url("registration-sign", row.pk), {**key(), **data})

    assert (response.status_code, set(response.context["form"].errors)) == (422, {field})
    assert PASSWORD not in response.content.decode()
    assert Registration.objects.get(pk=row.pk).state == S.PREPARED


def test_passwords_are_not_tried_without_limit(world, client_for, row):
    make.bring(row, S.PREPARED, cast=world.cast, at=world.at)
    client = client_for(world.cast.head)
    answers = [client.post(url("registration-sign", row.pk), {**key(), "agree": "on", "password": "sai"}).status_code for _try in range(10)]
    last = client.post(url("registration-sign", row.pk), {**key(), "agree": "on", "password": PASSWORD})

    assert answers == [422] * 10
    assert last.status_code == 429
    assert Registration.objects.get(pk=row.pk).state == S.PREPARED


def test_a_double_click_signs_once(world, client_for, row):
    make.bring(row, S.PREPARED, cast=world.cast, at=world.at)
    client = client_for(world.cast.head)
    data = {**key(), "agree": "on", "password": PASSWORD}
    first, second = client.post(url("registration-sign", row.pk), data), client.post(url("registration-sign", row.pk), data)

    assert first.headers["Location"] == second.headers["Location"] == url("registration-detail", row.pk)
    assert Commitment.objects.filter(registration=row).count() == 1
    assert AuditEvent.objects.filter(verb="registration.sign").count() == 1


def test_a_second_tab_is_told_that_it_is_signed(world, client_for, row):
    make.bring(row, S.SIGNED, cast=world.cast, at=world.at)
    response = client_for(world.cast.head).post(url("registration-sign", row.pk), {**key(), "agree": "on", "password": PASSWORD})

    assert response.status_code == 422
    assert Commitment.objects.filter(registration=row).count() == 1


def test_a_late_signature_asks_why(world, client_for, row):
    make.bring(row, S.PREPARED, cast=world.cast, at=world.at)
    Milestone.objects.filter(campaign=world.campaign, code="registration").update(due_on=world.at.date() - timedelta(days=3))
    client = client_for(world.cast.head)
    refused = client.post(url("registration-sign", row.pk), {**key(), "agree": "on", "password": PASSWORD})
    client.post(url("registration-sign", row.pk), {**key(), "agree": "on", "password": PASSWORD, "late_reason": "Mưa lũ"})
    page = client_for(world.cast.commune_officer).get(f"{url('registration-list')}?tinh-trang=dang-ky-muon")

    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"late_reason"})
    assert names(page) == ["Bản Nà Đon"]
    assert [each.is_late for each in page.context["rows"]] == [True]


def test_head_sends_the_draft_back(world, client_for, row):
    make.bring(row, S.PREPARED, cast=world.cast, at=world.at)
    client = client_for(world.cast.head)
    empty = client.post(url("registration-decline", row.pk), key())
    client.post(url("registration-decline", row.pk), {**key(), "reason": "Ghi rõ hơn"})

    assert empty.status_code == 422
    assert Registration.objects.values_list("state", "return_reason").get(pk=row.pk) == (S.DRAFT, "Ghi rõ hơn")


# ---------- Receiving ----------


def test_office_receives(world, client_for, row):
    make.bring(row, S.SIGNED, cast=world.cast, at=world.at)
    response = client_for(world.cast.commune_officer).post(url("registration-receive", row.pk), key())

    assert response.headers["Location"] == url("registration-detail", row.pk)
    assert Registration.objects.get(pk=row.pk).state == S.RECEIVED


def test_office_returns_with_a_reason_the_unit_reads(world, client_for, row):
    make.bring(row, S.SIGNED, cast=world.cast, at=world.at)
    client = client_for(world.cast.commune_officer)
    empty = client.post(url("registration-return", row.pk), {**key(), "reason": " "})
    client.post(url("registration-return", row.pk), {**key(), "reason": "Thiếu số nghị quyết"})

    assert (empty.status_code, set(empty.context["form"].errors)) == (422, {"reason"})
    assert "Thiếu số nghị quyết" in client_for(world.cast.head).get(url("registration-detail", row.pk)).content.decode()


def test_head_does_not_receive_the_own_registration(world, client_for, row):
    make.bring(row, S.SIGNED, cast=world.cast, at=world.at)

    assert client_for(world.cast.head).post(url("registration-receive", row.pk), key()).status_code == 403
    assert AuditEvent.objects.filter(verb="registration.receive", refused=True).count() == 1


def test_a_slower_officer_is_told(world, client_for, row):
    make.bring(row, S.RECEIVED, cast=world.cast, at=world.at)
    client = client_for(world.cast.commune_officer_two)
    response = client.post(url("registration-receive", row.pk), key(), follow=True)

    assert "Không thực hiện được việc “Tiếp nhận”" in response.content.decode()


@pytest.mark.parametrize("page", ["prepare", "receive"])
def test_buttons_are_no_links(world, client_for, row, page):
    assert client_for(world.cast.head).get(url(f"registration-{page}", row.pk)).status_code == 405


# ---------- On behalf ----------


def test_commune_enters_on_behalf_with_the_signed_paper(world, client_for, row):
    scribe = client_for(world.cast.commune_officer)
    scribe.post(url("registration-edit", row.pk), filled())
    scribe.post(url("registration-prepare", row.pk), key())
    data = {"agree": "on", "password": PASSWORD}
    without = scribe.post(url("registration-sign", row.pk), {**key(), **data})
    wrong = scribe.post(
        url("registration-sign", row.pk), {**key(), **data, "signed_paper": SimpleUploadedFile("a.pdf", b"MZ", "application/pdf")}
    )
    files_before = StoredFile.objects.filter(purpose="registration.paper").count()
    signed = scribe.post(
        url("registration-sign", row.pk), {**key(), **data, "signed_paper": SimpleUploadedFile("Giấy ký.pdf", SMALL_PDF, "application/pdf")}
    )
    own = scribe.post(url("registration-receive", row.pk), key())
    other = client_for(world.cast.commune_officer_two)
    paper = other.get(url("registration-paper", row.pk))
    other.post(url("registration-receive", row.pk), key())
    found = Registration.objects.get(pk=row.pk)

    assert [set(each.context["form"].errors) for each in (without, wrong)] == [{"signed_paper"}, {"signed_paper"}]
    assert files_before == 0
    assert (signed.status_code, own.status_code, paper.status_code) == (302, 403, 200)
    assert (found.state, found.on_behalf, found.signed_paper.name) == (S.RECEIVED, True, "Giấy ký.pdf")
    assert (found.signed_by, found.received_by) == (world.cast.commune_officer, world.cast.commune_officer_two)


# ---------- Files ----------


@pytest.fixture
def commitment(world, row):
    make.bring(row, S.SIGNED, cast=world.cast, at=world.at)
    return Commitment.objects.get(registration=row)


@pytest.mark.parametrize("page", ["commitment-file", "commitment-verify"])
@pytest.mark.parametrize(
    ("name", "status"),
    [("head", 200), ("officer", 200), ("commune_officer", 200), ("province_officer", 200), ("auditor", 200), ("leader", 403),
     ("neighbour_officer", 404), ("school_head", 404), ("admin", 404), ("nobody", 404)],
)  # fmt: skip
def test_who_reads_the_commitment(world, client_for, commitment, page, name, status):
    assert client_for(getattr(world.cast, name)).get(url(page, commitment.pk)).status_code == status


def test_an_auditor_of_elsewhere_reads_no_papers_here(world, client_for, commitment):
    for role, area in ((Role.LEADER, world.commune), (Role.AUDITOR, world.neighbour)):
        RoleGrant.objects.create(user=world.cast.nobody, role=role, area=area, valid_from=world.at.date() - timedelta(days=9))

    assert client_for(world.cast.nobody).get(url("commitment-file", commitment.pk)).status_code == 403


def test_verification_tells_a_changed_byte(world, client_for, commitment, tmp_path):
    client = client_for(world.cast.head)
    before = client.get(url("commitment-verify", commitment.pk)).content.decode()
    stored = tmp_path / "media" / commitment.file.path
    stored.chmod(0o600)
    stored.write_bytes(stored.read_bytes().replace(b"obj", b"obJ", 1))
    after = client.get(url("commitment-verify", commitment.pk)).content.decode()
    download = client.get(url("commitment-file", commitment.pk))

    assert "Còn nguyên vẹn." in before
    assert "Không còn nguyên vẹn." in after
    assert download.headers["Location"] == url("commitment-verify", commitment.pk)


# ---------- Campaigns ----------


def dates(form):
    return {name: form[name].value() for name in form.fields if name not in {"once", "is_trial"}}


def test_province_draws_up_a_campaign_with_the_circulars_calendar(world, client_for):
    client = client_for(world.cast.province_officer)
    year = world.campaign.year + 1
    address = f"{url('campaign-create')}?nam={year}"
    form = client.get(address).context["form"]
    response = client.post(address, {**dates(form), **key()})
    campaign = Campaign.objects.get(year=year)
    page = client.get(url("campaign-detail", campaign.pk)).content.decode()

    assert response.headers["Location"] == url("campaign-detail", campaign.pk)
    assert f"31/03/{year}" in page
    assert f"14/11/{year}" in page


@pytest.mark.parametrize("year", ["00202699", "9" * 5000, "²"])
def test_an_odd_year_in_the_address_lays_out_this_one(world, client_for, year):
    assert client_for(world.cast.province_officer).get(url("campaign-create"), {"nam": year}).status_code == 200


def test_a_campaign_with_crossed_dates_or_twice_a_year_is_refused(world, client_for):
    client = client_for(world.cast.province_officer)
    form = client.get(url("campaign-create")).context["form"]
    crossed = client.post(url("campaign-create"), {**dates(form), **key(), "decision_school": "01/01/2020", "title": ""})
    twice = client.post(url("campaign-create"), {**dates(form), **key()})

    assert (crossed.status_code, set(crossed.context["form"].errors)) == (422, {"title", "decision_school"})
    assert (twice.status_code, set(twice.context["form"].errors)) == (422, {"__all__"})


def test_a_draft_is_edited_an_open_one_is_not(world, client_for):
    client = client_for(world.cast.province_officer)
    form = client.get(url("campaign-edit", world.campaign.pk)).context["form"]
    response = client.post(url("campaign-edit", world.campaign.pk), {**dates(form), **key(), "title": "Khác"})

    assert response.status_code == 422
    assert Campaign.objects.get(pk=world.campaign.pk).title != "Khác"


@pytest.mark.parametrize(
    ("name", "status"), [("province_officer", 200), ("commune_officer", 403), ("leader", 403), ("head", 403), ("nobody", 403)]
)
def test_who_draws_up_campaigns(world, client_for, name, status):
    assert client_for(getattr(world.cast, name)).get(url("campaign-create")).status_code == status


def test_counts_of_a_campaign_open_exactly_their_rows(world, client_for, row):
    make.bring(row, S.RECEIVED, cast=world.cast, at=world.at)
    nursery = world.participation(world.school)
    nursery.registration.delete()
    nursery.ineligible_citation = "Điều 1.2.b"
    nursery.save()
    client = client_for(world.cast.province_officer)
    totals = client.get(url("campaign-detail", world.campaign.pk)).context["totals"]
    listed = {
        name: client.get(f"{url('registration-list')}?dot={world.campaign.pk}&tinh-trang={state}").context["page"].paginator.count
        for name, state in [
            ("invited", ""), ("not_registered", "chua"), ("waiting", "cho-tiep-nhan"), ("registered", "da-dang-ky"),
            ("late", "dang-ky-muon"),
            ("ineligible", "ngoai-doi-tuong"),
        ]
    }  # fmt: skip

    assert totals == listed == {"invited": 7, "not_registered": 5, "waiting": 0, "registered": 1, "late": 0, "ineligible": 1}


def test_opening_shows_its_progress(world, client_for):
    from tests.movement.test_transitions import draft

    client = client_for(world.cast.province_officer)
    campaign = draft(world)
    before = client.get(url("campaign-detail", campaign.pk)).context
    transitions.open_campaign(campaign, actor=world.cast.province_officer, at=world.at)
    after = client.get(url("campaign-detail", campaign.pk))

    assert (before["is_draft"], before["may_open"]) == (True, True)
    assert (after.context["progress"].total, after.context["progress"].done) == (2, 0)
    assert "Đang mời các đơn vị" in after.content.decode()


def test_a_draft_campaign_is_the_provinces_business(world, client_for):
    from tests.movement.test_transitions import draft

    campaign = draft(world)

    assert client_for(world.cast.commune_officer).get(url("campaign-detail", campaign.pk)).status_code == 404
    assert client_for(world.cast.head).get(url("campaign-detail", campaign.pk)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_campaign_list_query_count(world, client_for, django_assert_num_queries, rows):
    for year in range(2031, 2031 + rows - 1):
        Campaign.objects.create(province=world.province, year=year, title=str(year), starts_on="2031-01-01", closes_on="2031-12-31")
    client = client_for(world.cast.province_officer)
    client.get(url("campaign-list"))

    with django_assert_num_queries(5):
        client.get(url("campaign-list"))


# ---------- Committees ----------


def test_a_commune_without_committee_is_told_what_to_do(world, client_for):
    page = client_for(world.cast.neighbour_officer).get(url("committee-list")).content.decode()

    assert "xã Nậm Đích chưa có Ban Chỉ đạo" in page
    assert url("committee-create", world.neighbour_authority.pk) in page
    assert "xã Suối Thông" not in page


def test_office_founds_its_committee_and_seats_members(world, client_for):
    client = client_for(world.cast.neighbour_officer)
    facts = {"name": "Ban Chỉ đạo xã Nậm Đích", "symbol": "BCĐ", "founding_reference": "02/QĐ-UBND", "valid_from": "01/08/2025"}
    client.post(url("committee-create", world.neighbour_authority.pk), {**key(), **facts})
    committee = SteeringCommittee.objects.get(authority=world.neighbour_authority)
    person = {"full_name": "Vàng A Láng", "post": "Chủ tịch", "seat": "chair", "position": "1", "valid_from": "01/08/2025"}
    client.post(url("member-create", committee.pk), {**key(), **person})
    second = client.post(url("member-create", committee.pk), {**key(), **person, "full_name": "Người Hai"})
    member = CommitteeMembership.objects.get(committee=committee)
    client.post(url("member-edit", committee.pk, member.pk), {**key(), **person, "post": "Chủ tịch UBND xã"})
    page = client.get(url("committee-detail", committee.pk)).content.decode()

    assert second.status_code == 422
    assert "Chủ tịch UBND xã" in page
    assert "Trưởng ban" in page
    assert "Chưa thành viên nào biểu quyết được" in page


def test_a_committee_that_ends_before_it_begins_is_refused(world, client_for):
    facts = {"name": "X", "symbol": "BCĐ", "founding_reference": "02", "valid_from": "01/08/2025", "valid_to": "01/07/2025"}
    response = client_for(world.cast.neighbour_officer).post(url("committee-create", world.neighbour_authority.pk), {**key(), **facts})

    assert (response.status_code, set(response.context["form"].errors)) == (422, {"valid_to"})


@pytest.mark.parametrize(
    ("name", "status"), [("commune_officer", 200), ("chair", 403), ("province_officer", 403), ("leader", 403), ("neighbour_officer", 404),
                         ("head", 404), ("nobody", 404)],
)  # fmt: skip
def test_who_changes_a_committee(world, client_for, name, status):
    client = client_for(getattr(world.cast, name))

    assert client.get(url("committee-edit", world.committee.pk)).status_code == status
    assert client.get(url("member-create", world.committee.pk)).status_code == status


def test_a_member_of_another_committee_is_not_edited_through_ones_own(world, client_for):
    foreign = world.province_committee.memberships.first()

    assert client_for(world.cast.commune_officer).get(url("member-edit", world.committee.pk, foreign.pk)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_committee_list_query_count(world, client_for, django_assert_num_queries, rows):
    for number in range(rows - 1):
        SteeringCommittee.objects.create(
            authority=world.commune_authority, name=f"Cũ {number}", founding_reference="1", valid_from="2020-01-01", valid_to="2021-01-01"
        )
    client = client_for(world.cast.commune_officer)
    client.get(url("committee-list"))

    with django_assert_num_queries(6):
        client.get(url("committee-list"))
