"""Applications on the desk of the commune police."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.units import make_application
from tests.world import make_unit
from units.models import Unit
from units.roles import UnitKind


def names(response):
    return re.findall(r'<th role="rowheader"[^>]*><a [^>]*>([^<]*)</a>', response.content.decode())


def post(client, verb, application, **data):
    return client.post(reverse(f"units:application-{verb}", args=[application.pk]), {"once": str(uuid4()), **data})


@pytest.fixture
def application(world):
    return make_application(world.commune, world.cast.nobody, state="submitted")


def test_list_shows_what_waits_in_the_own_commune(world, client_for, application):
    make_application(world.neighbour, world.cast.nobody, state="submitted", name="Bản của xã bên")
    make_application(world.commune, None, name="Bản đang khai")
    make_application(world.commune, world.cast.nobody, state="refused", name="Bản bị từ chối")

    listed = {
        name: names(client_for(getattr(world.cast, name)).get(reverse("units:application-list")))
        for name in ("commune_officer", "neighbour_officer", "province_officer", "leader")
    }

    assert listed == {
        "commune_officer": ["Bản Noong Quang"],
        "neighbour_officer": ["Bản của xã bên"],
        "province_officer": ["Bản Noong Quang", "Bản của xã bên"],
        "leader": [],
    }


def test_list_query_count_does_not_grow(world, client_for, django_assert_max_num_queries):
    client = client_for(world.cast.commune_officer)
    counts = []
    for more in (1, 2):
        for number in range(more):
            make_application(world.commune, world.cast.nobody, state="submitted", name=f"Bản {more}.{number}")
        with django_assert_max_num_queries(12) as queries:
            client.get(reverse("units:application-list"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("name", "status"),
    [("commune_officer", 200), ("province_officer", 200), ("nobody", 200), ("neighbour_officer", 404), ("leader", 404), ("admin", 404),
     ("head", 404)],
)  # fmt: skip
def test_detail_is_for_applicant_and_standing_offices(world, client_for, application, name, status):
    assert client_for(getattr(world.cast, name)).get(reverse("units:application-detail", args=[application.pk])).status_code == status


def test_detail_shows_check_authority_and_doubles_side_by_side(world, client_for, application):
    twin = make_unit(UnitKind.RESIDENTIAL_AREA, "Ban Noong Quang", world.commune, household_count=77)
    make_unit(UnitKind.RESIDENTIAL_AREA, "Bản Noong Quang", world.neighbour)

    page = client_for(world.cast.commune_officer).get(reverse("units:application-detail", args=[application.pk])).content.decode()

    assert all(part in page for part in ("Không thuộc trường hợp loại trừ", "Ủy ban nhân dân xã Suối Thông", "0912 345 678"))
    households = re.search(r">số hộ</th>(.*?)</tr>", page, re.IGNORECASE | re.DOTALL).group(1)
    assert re.findall(r">(\d+)<", households) == ["96", "77"]
    assert set(re.findall(r"DV-\d{5}-\d+", page)) == {twin.code}


def test_detail_shows_the_exclusion(world, client_for):
    application = make_application(
        world.commune, world.cast.nobody, state="submitted", kind="school", school_level="primary", headcount=20, learner_count=300
    )

    page = client_for(world.cast.commune_officer).get(reverse("units:application-detail", args=[application.pk])).content.decode()

    assert "Trường tiểu học, trường mầm non, nhà trẻ không thuộc đối tượng" in page


def test_officer_confirms(world, client_for, application):
    response = post(client_for(world.cast.commune_officer), "confirm", application)

    application.refresh_from_db()
    assert (response.status_code, application.state, application.unit.name) == (302, "confirmed", "Bản Noong Quang")


def test_same_button_twice_makes_one_unit(world, client_for, application):
    client = client_for(world.cast.commune_officer)
    key = str(uuid4())

    answers = [client.post(reverse("units:application-confirm", args=[application.pk]), {"once": key}).url for _ in range(2)]

    assert (len(set(answers)), Unit.objects.filter(name="Bản Noong Quang").count()) == (1, 1)


def test_late_officer_reads_that_it_was_decided(world, client_for, application):
    post(client_for(world.cast.commune_officer), "refuse", application, reason="Trùng với bản cũ.")
    client = client_for(world.cast.commune_officer_two)

    response = post(client, "confirm", application)

    assert "bị từ chối" in client.get(response.url).content.decode()
    assert not Unit.objects.filter(name="Bản Noong Quang").exists()


def test_officer_refuses_with_a_reason_the_applicant_reads(world, client_for, application):
    post(client_for(world.cast.commune_officer), "refuse", application, reason="Ghi sai số hộ.")

    page = client_for(world.cast.nobody).get(reverse("units:application-detail", args=[application.pk])).content.decode()
    assert all(part in page for part in ("Bị từ chối", "Ghi sai số hộ.", "Sửa và gửi lại"))


def test_refusal_without_a_reason_is_answered_on_the_page(world, client_for, application):
    response = post(client_for(world.cast.commune_officer), "refuse", application, reason=" ")

    application.refresh_from_db()
    assert (response.status_code, application.state) == (422, "submitted")
    assert "Ghi lý do từ chối" in response.content.decode()


@pytest.mark.parametrize("verb", ["confirm", "refuse"])
@pytest.mark.parametrize(("name", "status"), [("neighbour_officer", 404), ("province_officer", 403), ("nobody", 403), ("head", 404)])
def test_nobody_else_decides(world, client_for, application, verb, name, status):
    response = post(client_for(getattr(world.cast, name)), verb, application, reason="Không rõ.")

    application.refresh_from_db()
    assert (response.status_code, application.state) == (status, "submitted")


@pytest.mark.parametrize(("name", "status"), [("nobody", 200), ("commune_officer", 404), ("neighbour_officer", 404)])
def test_receipt_is_the_applicants(world, client_for, application, name, status):
    assert client_for(getattr(world.cast, name)).get(reverse("units:application-sent", args=[application.pk])).status_code == status


def test_figures_of_a_unit_in_another_commune_are_not_shown_beside_an_application(world, client_for):
    make_unit(UnitKind.ENTERPRISE, "Công ty ở xã bên", world.neighbour, tax_code="0100233488", insured_headcount=4321)
    application = make_application(
        world.commune, world.cast.nobody, state="submitted", kind="enterprise", tax_code="0100233488", sector="services",
        insured_headcount=30, revenue=10, capital=10,
    )  # fmt: skip

    page = client_for(world.cast.commune_officer).get(reverse("units:application-detail", args=[application.pk])).content.decode()

    assert "4.321" not in page
    assert "Mã số thuế này đã có trong danh bạ của xã khác" in page


def test_an_application_changed_since_the_page_was_opened_is_not_confirmed(world, client_for, application):
    client = client_for(world.cast.commune_officer)
    page = client.get(reverse("units:application-detail", args=[application.pk])).content.decode()
    confirm_url = unescape(re.search(r'action="([^"]*/xac-nhan/\?[^"]*)"', page).group(1))
    type(application).objects.filter(pk=application.pk).update(name="Bản khác hẳn", submitted_at=timezone.now())

    response = client.post(confirm_url, {"once": str(uuid4())})

    application.refresh_from_db()
    assert application.state == "submitted"
    assert "vừa được sửa và gửi lại" in client.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("name", "found"),
    [("Bản Noong Quảng", True), ("Bản Noong Quan", True), ("bản  noong-quang", True), ("Bản Noong Quang 2", False), ("Bản Nà Hừ", False)],
)
def test_near_equal_names_in_the_commune_count_as_doubles(world, application, name, found):
    twin = make_unit(UnitKind.RESIDENTIAL_AREA, name, world.commune)
    make_unit(UnitKind.RESIDENTIAL_AREA, name, world.neighbour)

    assert list(Unit.objects.resembling(application)) == ([twin] if found else [])


def test_numbered_groups_are_no_doubles_of_each_other(world):
    for number in range(1, 6):
        make_unit(UnitKind.RESIDENTIAL_AREA, f"Tổ dân phố số {number}", world.commune)
    application = make_application(world.commune, world.cast.nobody, name="Tổ dân phố số 3", state="submitted")

    assert [unit.name for unit in Unit.objects.resembling(application)] == ["Tổ dân phố số 3"]
