"""The register: who finds which unit, filters, entry by the commune, the own account."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.world import make_unit
from units.models import Unit, UnitSuccession
from units.roles import UnitKind

COMMUNE_UNITS = {
    "Xã Suối Thông", "Bản Nà Đon", "Trạm Y tế xã Suối Thông", "Công ty cổ phần Chè Suối Thông", "Trường THCS Suối Thông",
    "Sở Nội vụ tỉnh An Hòa",
}  # fmt: skip
ALL_UNITS = COMMUNE_UNITS | {"Bản Thẳm"}


def names(response):
    return re.findall(r'<th role="rowheader"[^>]*><a [^>]*>([^<]*)</a>', response.content.decode())


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("commune_officer", COMMUNE_UNITS), ("member_one", COMMUNE_UNITS), ("neighbour_officer", {"Bản Thẳm"}),
        ("province_officer", ALL_UNITS),
        ("leader", ALL_UNITS), ("auditor", ALL_UNITS), ("admin", ALL_UNITS), ("head", {"Bản Nà Đon"}), ("officer", {"Bản Nà Đon"}),
        ("nobody", set()),
    ],
)  # fmt: skip
def test_list_shows_units_in_reach(world, client_for, name, found):
    response = client_for(getattr(world.cast, name)).get(reverse("units:unit-list"))

    assert (response.status_code, set(names(response))) == (200, found)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=suoi thong", {"Xã Suối Thông", "Trạm Y tế xã Suối Thông", "Công ty cổ phần Chè Suối Thông", "Trường THCS Suối Thông"}),
        ("q=Nà Đon", {"Bản Nà Đon"}),
        ("q=na don", {"Bản Nà Đon"}),
        ("q=62000012", {"Công ty cổ phần Chè Suối Thông"}),
        ("q=không có đâu", set()),
        ("loai=residential_area", {"Bản Nà Đon", "Bản Thẳm"}),
        ("cap=province", {"Xã Suối Thông", "Sở Nội vụ tỉnh An Hòa"}),
        ("tt=da-dong", {"Bản cũ"}),
        ("tt=tat-ca", ALL_UNITS | {"Bản cũ"}),
        ("loai=sai&cap=sai&xa=abc&trang=abc&xep=sai", ALL_UNITS),
    ],
)
def test_list_filters(world, client_for, query, found):
    old = make_unit(UnitKind.RESIDENTIAL_AREA, "Bản cũ", world.commune)
    Unit.objects.filter(pk=old.pk).update(closed_on="2025-09-01")

    response = client_for(world.cast.province_officer).get(f"{reverse('units:unit-list')}?{query}")

    assert set(names(response)) == found
    assert f"Đơn vị ({len(found)})" in response.content.decode()


def test_list_filters_by_commune_and_sorts_the_vietnamese_way(world, client_for):
    make_unit(UnitKind.RESIDENTIAL_AREA, "Bản Đông", world.neighbour)
    make_unit(UnitKind.RESIDENTIAL_AREA, "Bản Dũng", world.neighbour)
    client = client_for(world.cast.province_officer)

    rising = names(client.get(reverse("units:unit-list"), {"xa": world.neighbour.pk}))
    falling = names(client.get(reverse("units:unit-list"), {"xa": world.neighbour.pk, "xep": "-ten"}))

    assert (rising, falling) == (["Bản Dũng", "Bản Đông", "Bản Thẳm"], ["Bản Thẳm", "Bản Đông", "Bản Dũng"])


def test_commune_outside_reach_is_no_filter(world, client_for):
    response = client_for(world.cast.commune_officer).get(reverse("units:unit-list"), {"xa": world.neighbour.pk})

    assert set(names(response)) == COMMUNE_UNITS


def test_pages_hold_25_units(world, client_for):
    for number in range(30):
        make_unit(UnitKind.RESIDENTIAL_AREA, f"Bản số {number}", world.neighbour)
    client = client_for(world.cast.neighbour_officer)

    pages = [names(client.get(reverse("units:unit-list"), {"trang": number})) for number in (1, 2)]

    assert ([len(page) for page in pages], len({*pages[0], *pages[1]})) == ([25, 6], 31)


def test_list_query_count_does_not_grow(world, client_for, django_assert_max_num_queries):
    client = client_for(world.cast.neighbour_officer)
    counts = []
    for _more in range(2):
        with django_assert_max_num_queries(12) as queries:
            client.get(reverse("units:unit-list"))
        counts.append(len(queries))
        make_unit(UnitKind.RESIDENTIAL_AREA, f"Bản thêm {len(counts)}", world.neighbour)
        make_unit(UnitKind.AGENCY, f"Trạm thêm {len(counts)}", world.neighbour)

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("name", "status"),
    [("commune_officer", 200), ("province_officer", 200), ("leader", 200), ("auditor", 200), ("admin", 200), ("head", 200),
     ("neighbour_officer", 404), ("school_head", 404), ("nobody", 404)],
)  # fmt: skip
def test_detail_is_for_those_in_reach(world, client_for, name, status):
    url = reverse("units:unit-detail", args=[world.residential_area.pk])

    assert client_for(getattr(world.cast, name)).get(url).status_code == status


def test_detail_shows_facts_people_names_and_descent(world, client_for, django_assert_max_num_queries):
    older = make_unit(UnitKind.RESIDENTIAL_AREA, "Bản Nà Cũ", world.commune)
    UnitSuccession.objects.create(predecessor=older, successor=world.residential_area, kind="merge", on="2025-09-01")
    client = client_for(world.cast.commune_officer)

    with django_assert_max_num_queries(15):
        page = client.get(reverse("units:unit-detail", args=[world.residential_area.pk])).content.decode()

    assert all(
        part in page for part in ("<dd>120</dd>", "0213 000 000", "Ủy ban nhân dân xã Suối Thông", "Bản Nà Cũ · sáp nhập 01/09/2025")
    )


def test_own_people_see_the_predecessor_too(world, client_for):
    older = make_unit(UnitKind.RESIDENTIAL_AREA, "Bản Nà Cũ", world.commune)
    UnitSuccession.objects.create(predecessor=older, successor=world.residential_area, kind="merge", on="2025-09-01")

    assert set(names(client_for(world.cast.head).get(reverse("units:unit-list")))) == {"Bản Nà Cũ", "Bản Nà Đon"}


ENTRY = {
    "name": "Bản Huổi Lá", "address": "Bản Huổi Lá", "household_count": "54", "has_party_organisation": "yes", "full_name": "Lò Văn Lá",
    "title": "Trưởng bản", "phone": "", "email": "",
}  # fmt: skip


def enter(client, world, **change):
    url = f"{reverse('units:unit-create')}?loai=residential_area"
    return client.post(url, {"once": str(uuid4()), "area": world.commune.pk, **ENTRY, **change})


def test_commune_enters_a_unit_without_a_phone(world, client_for):
    response = enter(client_for(world.cast.commune_officer), world)

    unit = Unit.objects.get(name="Bản Huổi Lá")
    assert response.url == reverse("units:unit-detail", args=[unit.pk])
    assert (unit.area, unit.household_count, unit.contacts.get().full_name) == (world.commune, 54, "Lò Văn Lá")


def test_entry_begins_with_the_kind(world, client_for):
    page = client_for(world.cast.commune_officer).get(reverse("units:unit-create")).content.decode()

    assert re.findall(r'name="loai" value="(\w+)"', page) == ["residential_area", "agency", "enterprise", "school"]


def test_entry_asks_before_a_double(world, client_for):
    client = client_for(world.cast.commune_officer)

    warned = enter(client, world, name="ban na don")
    entered = enter(client, world, name="ban na don", confirmed="on")

    assert (warned.status_code, entered.status_code) == (422, 302)
    assert f"Bản Nà Đon ({world.residential_area.code})" in warned.content.decode()


def test_entry_only_in_the_own_commune(world, client_for):
    response = enter(client_for(world.cast.commune_officer), world, area=world.neighbour.pk)

    assert (response.status_code, Unit.objects.filter(name="Bản Huổi Lá").exists()) == (422, False)


def test_entry_of_a_known_tax_code_is_refused_in_words(world, client_for):
    client = client_for(world.cast.commune_officer)
    Unit.objects.filter(pk=world.enterprise.pk).update(tax_code="0100233488")
    facts = {
        "once": str(uuid4()), "area": world.commune.pk, "name": "Trạm khác", "address": "Bản", "managing_level": "commune",
        "tax_code": "0100233488", "is_armed_forces": "no", "headcount": "5", "sub_unit_count": "1",
        "has_party_organisation": "yes", "has_guard_force": "no", "full_name": "A", "title": "B",
        "phone": "", "email": "", "confirmed": "on",
    }  # fmt: skip

    response = client.post(f"{reverse('units:unit-create')}?loai=agency", facts, follow=True)

    assert "đã có trong danh bạ" in response.content.decode()
    assert not Unit.objects.filter(name="Trạm khác").exists()


@pytest.mark.parametrize("name", ["province_officer", "leader", "auditor", "admin", "chair", "head", "nobody"])
def test_others_do_not_enter_units(world, client_for, name):
    client = client_for(getattr(world.cast, name))

    assert (client.get(reverse("units:unit-create")).status_code, enter(client, world).status_code) == (403, 403)


def test_account_page_shows_roles_with_dates(world, client_for):
    page = client_for(world.cast.head).get(reverse("units:account")).content.decode()

    assert all(part in page for part in ("Quàng Văn Đon", "ban.truong", "Thủ trưởng đơn vị", "Bản Nà Đon", "01/07/2025"))


def test_every_page_asks_to_sign_in_but_registration(world, client):
    asked = {
        name: client.get(reverse(f"units:{name}")).url.partition("?")[0]
        for name in ("unit-list", "unit-create", "application-list", "account")
    }

    assert set(asked.values()) == {reverse("account_login")}
    assert client.get(reverse("units:application-start")).status_code == 200
