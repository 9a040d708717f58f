"""Registration of a unit on the public site, page by page, as a browser without JavaScript sees it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.models import OutboxMessage
from tests.factories.units import make_application
from tests.world import make_unit
from units.models import Unit, UnitApplication, User
from units.roles import UnitKind

FACTS = {
    "name": "Bản Noong Quang",
    "address": "Bản Noong Quang",
    "household_count": "1.096",
    "has_party_organisation": "yes",
    "founded_on": "",
}
HEAD = {"head_name": "Lường Văn Quang", "head_title": "Trưởng bản", "head_phone": "0912 345 678", "consent_registry": "on"}
ACCOUNT = {"username": "Noong.Quang", "password": "ruong-bac-thang-9", "repeated": "ruong-bac-thang-9"}


def url(step):
    return reverse(f"units:application-{step}")


def once_of(response):
    return re.search(r'name="once" value="([0-9a-f-]{36})"', response.content.decode()).group(1)


def fill_in(client, world, *, until="check", kind="residential_area", facts=FACTS):
    """Answer the steps before ``until``; give the last response."""
    answers = {
        "start": {"kind": kind},
        "place": {"area": world.commune.pk},
        "facts": facts,
        "head": HEAD,
        "account": ACCOUNT,
    }
    response = None
    for step, data in answers.items():
        if step == until:
            break
        response = client.post(url(step), data)
    return response


def send(client):
    page = client.get(url("check"))
    return client.post(url("check"), {"once": once_of(page), "declared": "on"})


def test_registration_from_first_page_to_confirmation(world, client):
    visited = []
    visited.append(client.post(url("start"), {"kind": "residential_area"}).url)
    found = client.get(url("place"), {"q": "suoi thong"}).content.decode()
    visited.append(client.post(url("place"), {"area": world.commune.pk}).url)
    visited.append(client.post(url("facts"), FACTS).url)
    visited.append(client.post(url("head"), HEAD).url)
    visited.append(client.post(url("account"), ACCOUNT).url)
    sent = send(client)

    application = UnitApplication.objects.get()
    assert visited == [url("place"), url("facts"), url("head"), url("account"), url("check")]
    assert ("xã Suối Thông" in found, "xã Nậm Đích" in found) == (True, False)
    assert sent.url == reverse("units:application-sent", args=[application.pk])
    assert (application.state, application.household_count, application.consents) == ("submitted", 1096, {"registry": "1"})
    assert (application.applicant.username, application.applicant.full_name, application.applicant.phone) == (
        "noong.quang", "Lường Văn Quang", "+84912345678",
    )  # fmt: skip
    assert application.applicant.check_password("ruong-bac-thang-9")
    assert OutboxMessage.objects.filter(kind="application.submitted", payload={"application_id": application.pk}).exists()
    receipt = client.get(sent.url).content.decode()
    assert "Đã gửi đăng ký" in receipt
    assert "noong.quang" in receipt


def test_get_pages_write_nothing(world, client):
    client.get(url("start"))

    assert not UnitApplication.objects.exists()


@pytest.mark.parametrize("step", ["place", "facts", "head", "account"])
def test_a_step_waits_for_those_before_it(world, client, step):
    assert client.get(url(step)).url == url("start")


def test_check_page_without_a_draft_begins_anew(world, client):
    assert client.get(url("check")).url == url("start")


def test_typed_text_stays_when_a_step_is_refused(world, client):
    fill_in(client, world, until="facts")

    response = client.post(url("facts"), {**FACTS, "household_count": "nhiều"})

    page = response.content.decode()
    assert response.status_code == 422
    assert all(part in page for part in ("<title>Lỗi: ", 'value="Bản Noong Quang"', 'value="nhiều"'))


@pytest.mark.parametrize(
    ("step", "change", "words"),
    [
        ("start", {"kind": "commune"}, "Chọn một trong các câu trả lời"),
        ("start", {"kind": ""}, "Chọn một loại đơn vị."),
        ("place", {"area": ""}, "Chọn xã, phường hoặc đặc khu"),
        ("place", {"area": "999999"}, "không có trong danh mục"),
        ("facts", {"name": ""}, "Không được để trống mục này."),
        ("facts", {"household_count": "0"}, "Không được nhỏ hơn 1."),
        ("facts", {"has_party_organisation": ""}, "Không được để trống mục này."),
        ("facts", {"founded_on": "01/01/2190"}, "không được sau hôm nay"),
        ("head", {"head_phone": "12"}, "10 số"),
        ("head", {"consent_registry": ""}, "Cần đồng ý ô này"),
        ("head", {"head_email": "a@example.invalid"}, "đánh dấu ô đồng ý nhận thông báo"),
        ("head", {"head_email": "ban.truong@example.invalid", "consent_notices": "on"}, "đã gắn với một tài khoản khác"),
        ("head", {"head_email": f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.vn", "consent_notices": "on"}, "254"),
        ("account", {"username": "Ban.Truong"}, "đã có người dùng"),
        ("account", {"username": "tên dấu"}, "không dấu"),
        ("account", {"password": "1234567890", "repeated": "1234567890"}, "hoàn toàn là số"),
        ("account", {"repeated": "khac-hoan-toan-1"}, "chưa giống nhau"),
    ],
)  # fmt: skip
def test_each_refusal_of_a_step(world, client, step, change, words):
    answers = {"start": {"kind": "residential_area"}, "place": {"area": world.commune.pk}, "facts": FACTS, "head": HEAD, "account": ACCOUNT}
    fill_in(client, world, until=step)

    response = client.post(url(step), {**answers[step], **change})

    assert response.status_code == 422
    assert words in response.content.decode()


def test_sending_needs_the_declaration(world, client):
    fill_in(client, world)
    page = client.get(url("check"))

    response = client.post(url("check"), {"once": once_of(page)})

    assert (response.status_code, UnitApplication.objects.get().state) == (422, "draft")


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        (
            "school",
            {"managing_level": "commune", "school_level": "kindergarten", "headcount": "14", "learner_count": "120"},
            "Trường tiểu học, trường mầm non, nhà trẻ không thuộc đối tượng",
        ),
        (
            "enterprise",
            {
                "managing_level": "commune", "tax_code": "0100233488", "sector": "services", "insured_headcount": "8", "revenue": "2,5",
                "capital": "1",
            },
            "Nghị định 80/2021/NĐ-CP, Điều 5",
        ),
        ("agency", {"managing_level": "commune", "is_armed_forces": "yes", "headcount": "40"}, "Đơn vị lực lượng vũ trang"),
    ],
)  # fmt: skip
def test_an_excluded_unit_reads_the_article_and_stops(world, client, kind, facts, words):
    shared = {"name": "Đơn vị thử", "address": "Bản Nà Đon", "sub_unit_count": "3", "has_party_organisation": "no", "has_guard_force": "no"}

    response = fill_in(client, world, until="head", kind=kind, facts={**shared, **facts} | ({"is_armed_forces": "no"} | facts))

    page = client.get(response.url).content.decode()
    assert response.url == url("excluded")
    assert all(part in page for part in (words, "Thông tư 124/2021/TT-BCA, điểm b khoản 2 Điều 1"))
    assert [client.get(url(step)).url for step in ("head", "account", "check")] == [url("excluded")] * 3
    assert UnitApplication.objects.get().state == "draft"


def test_excluded_page_lets_an_eligible_unit_pass(world, client):
    fill_in(client, world)

    assert client.get(url("excluded")).url == url("check")


def test_edit_from_the_check_page_comes_back_to_it(world, client):
    fill_in(client, world)

    response = client.post(url("facts"), {**FACTS, "name": "Bản Noong Quang Mới"})

    assert response.url == url("check")
    assert "Bản Noong Quang Mới" in client.get(url("check")).content.decode()


def test_another_kind_asks_its_facts_before_going_on(world, client):
    fill_in(client, world)

    response = client.post(url("start"), {"kind": "agency"})

    assert response.url == url("facts")


def test_units_that_may_be_the_same_are_named_before_sending(world, client):
    make_unit(UnitKind.RESIDENTIAL_AREA, "bản noong quang", world.commune, household_count=3)
    make_unit(UnitKind.RESIDENTIAL_AREA, "Bản Noong Quang", world.neighbour, household_count=3)
    fill_in(client, world, facts={**FACTS, "name": "Ban Noong Quáng"})

    page = client.get(url("check")).content.decode()

    assert "Danh bạ có đơn vị có thể là đơn vị này" in page
    assert re.findall(r"<li>([^<]*), (xã [^<]*)</li>", page) == [("bản noong quang", "xã Suối Thông")]


def test_a_closed_unit_is_no_double(world, client):
    old = make_unit(UnitKind.RESIDENTIAL_AREA, "Bản Noong Quang", world.commune)
    Unit.objects.filter(pk=old.pk).update(closed_on=world.at.date() - timedelta(days=1))
    fill_in(client, world)

    assert "có thể là đơn vị này" not in client.get(url("check")).content.decode()


def test_second_click_finds_the_first_answer(world, client):
    fill_in(client, world)
    page = client.get(url("check"))
    second = Client()
    held = dict(client.session.items())
    first = client.post(url("check"), {"once": once_of(page), "declared": "on"})

    # the second click was sent with the draft still in its session
    session = second.session
    session.update({key: value for key, value in held.items() if not key.startswith("_auth")})
    session.save()
    second.cookies["sessionid"] = session.session_key
    late = second.post(url("check"), {"once": once_of(page), "declared": "on"})

    assert (late.url, UnitApplication.objects.count(), User.objects.filter(username="noong.quang").count()) == (first.url, 1, 1)
    assert second.get(late.url).status_code == 200


def test_a_name_taken_meanwhile_is_said_and_nothing_is_lost(world, client):
    fill_in(client, world)
    User.objects.create(username="noong.quang", full_name="Người đến trước")

    response = send(client)

    page = client.get(response.url).content.decode()
    assert (response.url, UnitApplication.objects.get().state) == (url("check"), "draft")
    assert "đã có người dùng" in page


def test_the_draft_of_another_browser_cannot_be_opened(world, client):
    fill_in(client, world)

    assert Client().get(url("check")).url == url("start")


def test_the_password_is_never_kept_in_clear(world, client):
    fill_in(client, world)

    assert ACCOUNT["password"] not in str(dict(client.session.items()))


def test_a_signed_in_head_registers_a_second_unit_without_an_account(world, client_for):
    client = client_for(world.cast.school_head)
    fill_in(client, world, until="account")

    assert client.get(url("account")).url == url("check")
    send(client)

    assert UnitApplication.objects.get().applicant == world.cast.school_head


def test_refused_applicant_corrects_and_sends_again(world, client_for):
    refused = make_application(world.commune, world.cast.nobody, state="refused", reason="Ghi sai số hộ.")
    client = client_for(world.cast.nobody)
    detail = client.get(reverse("units:application-detail", args=[refused.pk])).content.decode()

    opened = client.post(reverse("units:application-correct", args=[refused.pk]))
    check = client.get(opened.url).content.decode()
    client.post(url("facts"), {**FACTS, "household_count": "97"})
    send(client)

    refused.refresh_from_db()
    assert ("Ghi sai số hộ." in detail, "Sửa và gửi lại" in detail, "Ghi sai số hộ." in check) == (True, True, True)
    assert (refused.state, refused.household_count) == ("submitted", 97)


@pytest.mark.parametrize(("name", "status"), [("neighbour_officer", 404), ("commune_officer", 302), ("head", 404)])
def test_only_the_applicant_corrects(world, client_for, name, status):
    refused = make_application(world.commune, world.cast.nobody, state="refused")
    client = client_for(getattr(world.cast, name))

    response = client.post(reverse("units:application-correct", args=[refused.pk]))

    assert (response.status_code, "unit_application" in client.session) == (status, False)


def test_place_search_by_htmx_sends_only_the_places(world, client):
    fill_in(client, world, until="place")

    response = client.get(url("place"), {"q": "nậm"}, headers={"HX-Request": "true"})

    page = response.content.decode()
    assert ("<html" in page, "xã Nậm Đích" in page, "xã Suối Thông" in page) == (False, True, False)


def test_suggested_name_is_free(world, client):
    User.objects.create(username="ban-noong-quang.suoithong", full_name="Người đến trước")
    fill_in(client, world, until="account")

    assert 'value="ban-noong-quang.suoithong-2"' in client.get(url("account")).content.decode()


@pytest.mark.parametrize("area", ["²", "9" * 5000, "-1", "\x00"])
def test_a_place_that_is_no_number_is_refused_in_words(world, client, area):
    fill_in(client, world, until="place")

    assert client.post(url("place"), {"area": area, "q": "suoi\x00"}).status_code in {400, 422}


@pytest.mark.parametrize("change", [{"name": "TUYỆT MẬT\n"}, {"name": "Bản MẬT:  \tTỐI MẬT"}])
def test_marks_of_state_secrets_do_not_enter_a_draft(world, client, change):
    fill_in(client, world, until="facts")

    response = client.post(url("facts"), {**FACTS, **change})

    assert (response.status_code, UnitApplication.objects.get().name) == (422, "")


def test_one_browser_does_not_begin_any_number_of_drafts(world, client):
    for _turn in range(12):
        fill_in(client, world, until="place")
        session = client.session
        session["unit_application"] = {}
        session.save()

    assert UnitApplication.objects.count() <= 10


def test_one_person_has_a_few_applications_waiting_at_most(world, client_for):
    person = world.cast.nobody
    client = client_for(person)
    for number in range(7):
        fill_in(client, world, until="account", facts={**FACTS, "name": f"Bản thứ {number}"})
        response = send(client)

    assert UnitApplication.objects.filter(applicant=person, state="submitted").count() == 5
    assert "5 đăng ký đang chờ" in client.get(response.url).content.decode()


def test_a_password_like_the_name_of_its_owner_is_refused(world, client):
    fill_in(client, world, until="account")

    response = client.post(url("account"), {**ACCOUNT, "password": "Lường Văn Quang", "repeated": "Lường Văn Quang"})

    assert response.status_code == 422
    assert "quá giống" in response.content.decode()
