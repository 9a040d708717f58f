"""The closure of areas: itself, all below in any period, and everything its predecessors reach."""

from datetime import date

import pytest

from units.models import Area, AreaReach, AreaSuccession
from units.operations import rebuild_area_reach
from units.roles import AreaLevel

OLD = {"valid_from": date(2008, 8, 1), "valid_to": date(2025, 6, 30)}
NEW = {"valid_from": date(2025, 7, 1)}


def area(code, level, name, parent=None, **span):
    return Area.objects.create(code=code, level=level, name=name, type=name.split()[0], parent=parent, **span)


@pytest.fixture
def map_of_two_provinces(db):
    """Two old provinces became one; an old commune was divided between two new ones; a neighbour stands apart."""
    old_province = area("11", AreaLevel.PROVINCE, "tỉnh cũ Một", **OLD)
    other_old = area("12", AreaLevel.PROVINCE, "tỉnh cũ Hai", **OLD)
    district = area("101", AreaLevel.DISTRICT, "huyện cũ", old_province, **OLD)
    divided = area("03001", AreaLevel.COMMUNE, "xã bị chia", district, **OLD)
    province = area("11", AreaLevel.PROVINCE, "tỉnh mới", **NEW)
    first = area("03001", AreaLevel.COMMUNE, "xã mới Một", province, **NEW)
    second = area("03004", AreaLevel.COMMUNE, "xã mới Hai", province, **NEW)
    neighbour = area("20", AreaLevel.PROVINCE, "tỉnh láng giềng", **NEW)
    across = area("05001", AreaLevel.COMMUNE, "xã láng giềng", neighbour, **NEW)
    for old, new, is_default in [
        (old_province, province, True),
        (other_old, province, True),
        (divided, first, True),
        (divided, second, False),
    ]:
        AreaSuccession.objects.create(predecessor=old, successor=new, is_default=is_default, on=date(2025, 7, 1))
    return {row.name: row for row in (old_province, other_old, district, divided, province, first, second, neighbour, across)}


def reached(viewer):
    return set(AreaReach.objects.filter(viewer=viewer).values_list("area__name", flat=True))


def test_reach_covers_below_and_before(map_of_two_provinces):
    rebuild_area_reach()

    assert {name: reached(row) for name, row in map_of_two_provinces.items()} == {
        "tỉnh cũ Một": {"tỉnh cũ Một", "huyện cũ", "xã bị chia"},
        "tỉnh cũ Hai": {"tỉnh cũ Hai"},
        "huyện cũ": {"huyện cũ", "xã bị chia"},
        "xã bị chia": {"xã bị chia"},
        "tỉnh mới": {"tỉnh mới", "xã mới Một", "xã mới Hai", "tỉnh cũ Một", "tỉnh cũ Hai", "huyện cũ", "xã bị chia"},
        "xã mới Một": {"xã mới Một", "xã bị chia"},
        "xã mới Hai": {"xã mới Hai", "xã bị chia"},
        "tỉnh láng giềng": {"tỉnh láng giềng", "xã láng giềng"},
        "xã láng giềng": {"xã láng giềng"},
    }


def test_reach_rebuilt_again_changes_nothing(map_of_two_provinces):
    first = rebuild_area_reach()

    assert (first, rebuild_area_reach()) == (AreaReach.objects.count(), 0)


def test_reach_forgets_what_no_longer_holds(map_of_two_provinces):
    rebuild_area_reach()
    commune = map_of_two_provinces["xã mới Hai"]
    commune.parent = map_of_two_provinces["tỉnh láng giềng"]
    commune.save()

    rebuild_area_reach()

    assert reached(map_of_two_provinces["tỉnh mới"]) == {
        "tỉnh mới",
        "xã mới Một",
        "tỉnh cũ Một",
        "tỉnh cũ Hai",
        "huyện cũ",
        "xã bị chia",
    }
    assert reached(map_of_two_provinces["tỉnh láng giềng"]) == {"tỉnh láng giềng", "xã láng giềng", "xã mới Hai", "xã bị chia"}
