"""What anybody may see: a certificate by its code, recognised units, and nothing else."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from reports import certificates
from tests.factories import results

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def released(world):
    return results.recognition_of(world, world.residential_area, decision=results.decision_of(world, world.committee))


def page(code):
    return Client().get(f"/c/{code}/")


def heading(response):
    return re.search(r"<h1>(.*?)</h1>", response.content.decode()).group(1)


def test_check_says_recognised_for_the_year(world, released):
    response = page(released.certificates.get().code)

    body = response.content.decode()
    assert heading(response) == "Giấy công nhận hợp lệ"
    assert ("Bản Nà Đon" in body, f"năm {world.campaign.year}" in body, "Số 01/QĐ-UBND" in body) == (True, True, True)


def test_check_takes_a_code_typed_by_hand(released):
    code = released.certificates.get().code
    typed = f"{code[:8].lower()} {code[8:16]}-{code[16:]}"

    response = Client().get("/c/", {"ma": typed}, follow=True)

    assert heading(response) == "Giấy công nhận hợp lệ"


def test_check_says_revoked(released):
    released.revoked_at = timezone.now()
    released.save()

    assert heading(page(released.certificates.get().code)) == "Công nhận đã bị thu hồi"


def test_check_says_replaced_for_the_old_and_valid_for_the_new(released):
    old = released.certificates.get()
    new = results.certificate_of(released, replaces=old)

    assert (heading(page(old.code)), heading(page(new.code))) == ("Giấy đã được thay thế", "Giấy công nhận hợp lệ")


def test_check_knows_nothing_before_release(world):
    waiting = results.recognition_of(world, world.residential_area, decision=results.decision_of(world, world.committee, state="approved"))

    assert heading(page(waiting.certificates.get().code)) == "Không tìm thấy"


def test_every_unknown_code_is_answered_with_the_same_words(world):
    waiting = results.recognition_of(world, world.residential_area, decision=results.decision_of(world, world.committee, state="approved"))
    codes = ["X", "0" * 26, "Z" * 26, waiting.certificates.get().code, "<script>", "../../etc"]

    answers = {page(code).content for code in codes if page(code).status_code == 200}

    assert len(answers) == 1


def test_check_page_is_light_and_needs_no_script_or_session(released):
    response = page(released.certificates.get().code)

    body = response.content.decode()
    css = re.findall(r'href="(/static/[^"]+\.css)"', body)
    assert (len(response.content) < 12_000, "<script" in body, response.cookies.keys(), css) == (
        True,
        False,
        {}.keys(),
        ["/static/css/public.css"],
    )
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_check_is_answered_from_the_cache_without_a_query(released, django_assert_num_queries):
    code = released.certificates.get().code
    page(code)

    with django_assert_num_queries(0):
        page(code)


def test_check_names_no_person(world, released):
    body = page(released.certificates.get().code).content.decode()

    names = [user.full_name for user in vars(world.cast).values()]
    assert [name for name in names if name in body] == []


def test_normal_form_reads_letters_that_look_like_digits():
    assert certificates.normal_form("o0-iI lL") == "001111"


def listed(**query):
    body = Client().get("/don-vi-duoc-cong-nhan/", query).content.decode()
    return re.findall(r'<th role="rowheader" scope="row">\s*(.*?)<span', body)


def test_recognised_list_shows_released_and_met_alone(world, released):
    other = results.decision_of(world, world.province_committee, state="approved")
    results.recognition_of(world, world.province_agency, decision=other)
    results.recognition_of(world, world.agency, decision=released.decision, result="not_met")

    assert listed() == ["Bản Nà Đon"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "ban na don"}, ["Bản Nà Đon"]),
        ({"q": "suối thông"}, ["Bản Nà Đon", "Trường THCS Suối Thông"]),
        ({"q": "nậm đích"}, []),
        ({"loai": "school"}, ["Trường THCS Suối Thông"]),
        ({"nam": "1999"}, []),
        ({"nam": "khong", "loai": "khong"}, ["Bản Nà Đon", "Trường THCS Suối Thông"]),
    ],
)
def test_recognised_list_searches_with_and_without_marks(world, released, query, found):
    results.recognition_of(world, world.school, decision=released.decision)

    assert listed(**query) == found


@pytest.mark.parametrize("rows", [1, 3])
def test_recognised_list_query_count(world, released, rows, django_assert_num_queries):
    for unit in [world.school, world.agency][: rows - 1]:
        results.recognition_of(world, unit, decision=released.decision)
    Client().get("/don-vi-duoc-cong-nhan/")

    with django_assert_num_queries(3):
        Client().get("/don-vi-duoc-cong-nhan/")


@pytest.mark.parametrize("query", [{"nam": "²"}, {"nam": "9" * 5000}, {"nam": "9" * 30}, {"q": "\x00"}, {"q": "bản\x00", "trang": "²"}])
def test_recognised_list_answers_whatever_is_typed_into_its_address(world, client, query):
    assert client.get("/don-vi-duoc-cong-nhan/", query).status_code in {200, 400}


def test_unknown_codes_fill_no_cache(released):
    for number in range(3):
        page(f"{number:026d}")

    assert [cache.get(f"check:{number:026d}") for number in range(3)] == [None] * 3
