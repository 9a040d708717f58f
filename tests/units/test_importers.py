"""The map of the country: from the package, and from a table of the owner with its errors by row."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Q

from core.models import AuditEvent
from core.text import sort_key
from units import importers
from units.importers import AreaRow, ImportRefused, area_name, file_areas, load_areas, package_areas
from units.models import Area, AreaReach, AreaSuccession
from units.roles import AreaLevel

OLD = (date(2008, 8, 1), date(2025, 6, 30))
NEW = date(2025, 7, 1)
HEADER = "code,name,parent_code,valid_from,valid_to,successors\n"


def areas():
    return set(Area.objects.values_list("code", "name", "type", "parent__code", "valid_from", "valid_to"))


def successions():
    return set(AreaSuccession.objects.values_list("predecessor__name", "successor__name", "is_default", "share", "on"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Xã Bình Lư", "xã Bình Lư"),
        ("Thành phố Hà Nội", "thành phố Hà Nội"),
        ("Tỉnh Lai Châu", "tỉnh Lai Châu"),
        ("Thị Trấn Ái Tử", "thị trấn Ái Tử"),
        ("Đặc khu  Thổ Châu ", "đặc khu Thổ Châu"),
        ("Phường 5", "phường 5"),
        ("Xã Tắc", "xã Tắc"),
    ],
)
def test_area_name_stands_inside_a_sentence(written, expected):
    assert area_name(written) == expected


def small_map():
    return [
        AreaRow("12", "tỉnh Lai Châu", "", *OLD, ("12",)),
        AreaRow("106", "huyện Tam Đường", "12", *OLD),
        AreaRow("03390", "xã Bình Lư", "106", *OLD, ("03390", "03394")),
        AreaRow("12", "tỉnh Lai Châu", "", NEW),
        AreaRow("03390", "xã Bình Lư", "12", NEW),
        AreaRow("03394", "xã Tả Lèng", "12", NEW),
    ]


@pytest.mark.django_db
def test_load_areas_makes_the_tree_of_each_period():
    counts = load_areas(small_map())

    assert (counts.created, counts.updated, counts.successions) == (6, 0, 2)
    assert areas() == {
        ("12", "tỉnh Lai Châu", "tỉnh", None, *OLD),
        ("106", "huyện Tam Đường", "huyện", "12", *OLD),
        ("03390", "xã Bình Lư", "xã", "106", *OLD),
        ("12", "tỉnh Lai Châu", "tỉnh", None, NEW, None),
        ("03390", "xã Bình Lư", "xã", "12", NEW, None),
        ("03394", "xã Tả Lèng", "xã", "12", NEW, None),
    }
    assert successions() == {
        ("tỉnh Lai Châu", "tỉnh Lai Châu", True, None, NEW),
        ("xã Bình Lư", "xã Bình Lư", True, None, NEW),
        ("xã Bình Lư", "xã Tả Lèng", False, None, NEW),
    }
    assert Area.objects.get(code="03390", valid_to=None).parent.valid_from == NEW
    assert set(Area.objects.values_list("sort_key", flat=True)) == {sort_key(row.name) for row in small_map()}


@pytest.mark.django_db
def test_load_areas_again_changes_nothing(django_assert_max_num_queries):
    load_areas(small_map())
    before = areas(), successions()

    with django_assert_max_num_queries(12):
        counts = load_areas(small_map())

    assert not counts.changed
    assert (areas(), successions()) == before


@pytest.mark.django_db
def test_load_areas_continues_the_map_with_a_part_of_it():
    load_areas(small_map())

    counts = load_areas(
        [
            AreaRow("03394", "xã Tả Lèng", "12", NEW, date(2026, 4, 29), ("03394",)),
            AreaRow("03394", "phường Tả Lèng", "12", date(2026, 4, 30)),
            AreaRow("03390", "xã Bình Lư Mới", "12", NEW),
        ]
    )

    assert (counts.created, counts.updated, counts.successions) == (1, 2, 1)
    assert Area.objects.get(code="03390", valid_to=None).sort_key == sort_key("xã Bình Lư Mới")
    assert ("xã Tả Lèng", "phường Tả Lèng", True, None, date(2026, 4, 30)) in successions()
    assert Area.objects.count() == 7


@pytest.mark.django_db
def test_load_areas_replaces_the_successors_of_a_named_predecessor():
    load_areas(small_map())

    load_areas([AreaRow("03390", "xã Bình Lư", "106", *OLD, ("03394",))])

    assert {(old, new) for old, new, *_ in successions() if old.startswith("xã")} == {("xã Bình Lư", "xã Tả Lèng")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (AreaRow("03394", "xã Tả Lèng", "99", NEW, line=9), "Dòng 9: không có đơn vị cấp trên 99 vào ngày 01/07/2025."),
        (AreaRow("03394", "xã Tả Lèng", "106", NEW, line=9), "Dòng 9: không có đơn vị cấp trên 106 vào ngày 01/07/2025."),
        (
            AreaRow("03394", "xã Tả Lèng", "106", *OLD, ("03399",), line=9),
            "Dòng 9: không có đơn vị kế tiếp 03399 vào ngày 01/07/2025.",
        ),
        (AreaRow("03390", "xã Bình Lư", "12", NEW, line=9), "Dòng 9: mã 03390 từ 01/07/2025 đã có ở dòng 0."),
        (
            AreaRow("03390", "xã Bình Lư", "106", date(2020, 1, 1), date(2021, 1, 1), line=9),
            "Dòng 9: mã 03390 có hai khoảng thời gian chồng nhau, từ 01/01/2020.",
        ),
    ],
)
def test_load_areas_refuses_contradictions_and_writes_nothing(row, problem):
    rows = [*small_map()[:5], row]

    with pytest.raises(ImportRefused) as refusal:
        load_areas(rows)

    assert problem in refusal.value.problems
    assert Area.objects.count() == 0


def written(folder, content, name="areas.csv"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_file_areas_reads_csv_with_either_way_of_writing_dates(tmp_path):
    path = written(
        tmp_path,
        "\ufeff" + HEADER + "12,Tỉnh Lai Châu,,2025-07-01,,\n03390,Xã Bình Lư,12,01/07/2025,31/12/2030,03391|03392\n",
    )

    assert file_areas(path) == [
        AreaRow("12", "tỉnh Lai Châu", "", NEW),
        AreaRow("03390", "xã Bình Lư", "12", NEW, date(2030, 12, 31), ("03391", "03392")),
    ]


def test_file_areas_reads_json(tmp_path):
    entry = {"code": "03390", "name": "Xã Bình Lư", "parent_code": "106", "valid_from": "2008-08-01", "valid_to": "2025-06-30"}
    path = written(tmp_path, json.dumps([entry | {"successors": ["03390"]}]), "areas.json")

    assert file_areas(path) == [AreaRow("03390", "xã Bình Lư", "106", *OLD, ("03390",))]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("3390,Xã Bình Lư,12,2025-07-01,,", "code “3390” phải là 2 chữ số"),
        ("0339a,Xã Bình Lư,12,2025-07-01,,", "code “0339a” phải là"),
        ("03390,Bình Lư,12,2025-07-01,,", "tên “Bình Lư” phải bắt đầu bằng loại"),
        ("03390,Xã Bình Lư,,2025-07-01,,", "phải có parent_code"),
        ("12,Tỉnh Lai Châu,12,2025-07-01,,", "để trống parent_code"),
        ("03390,Xã Bình Lư,12,07/2025,,", "valid_from “07/2025” không phải là ngày"),
        ("03390,Xã Bình Lư,12,,,", "valid_from “” không phải là ngày"),
        ("03390,Xã Bình Lư,12,2025-07-01,2025-06-30,", "valid_to sớm hơn valid_from"),
        ("03390,Xã Bình Lư,12,2025-07-01,,03391", "có successors thì phải có valid_to"),
        ("03390,Xã Bình Lư,12,2008-08-01,2025-06-30,03391|03391", "successors lặp lại"),
        ("03390,Xã Bình Lư,12,2008-08-01,2025-06-30,391x", "successors “391x” phải là"),
    ],
)
def test_file_areas_names_the_row_that_is_wrong(tmp_path, line, problem):
    path = written(tmp_path, HEADER + "12,Tỉnh Lai Châu,,2025-07-01,,\n" + line + "\n")

    with pytest.raises(ImportRefused) as refusal:
        file_areas(path)

    (said,) = refusal.value.problems
    assert said.startswith("Dòng 3: ")
    assert problem in said


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("areas.csv", "code,name\n12,Tỉnh Lai Châu\n", "Dòng 1: thiếu cột parent_code, valid_from"),
        ("areas.csv", HEADER, "không có dòng nào"),
        ("areas.json", "{", "Không đọc được tệp areas.json"),
        ("areas.json", "{}", "phải là một danh sách JSON"),
    ],
)
def test_file_areas_refuses_what_is_no_table(tmp_path, name, content, problem):
    with pytest.raises(ImportRefused, match=problem):
        file_areas(written(tmp_path, content, name))


def test_file_areas_says_that_a_file_is_missing(tmp_path):
    with pytest.raises(ImportRefused, match=r"Không đọc được tệp absent\.csv"):
        file_areas(tmp_path / "absent.csv")


def test_package_areas_says_that_the_package_is_missing(monkeypatch):
    monkeypatch.setattr(importers, "find_spec", lambda name: None)

    with pytest.raises(ImportRefused, match="Chưa cài gói vietnamadminunits"):
        package_areas()


@pytest.mark.django_db
def test_command_loads_a_file_with_its_reach_and_records_it(tmp_path):
    path = written(tmp_path, HEADER + "12,Tỉnh Lai Châu,,2025-07-01,,\n03390,Xã Bình Lư,12,2025-07-01,,\n")
    said = StringIO()

    call_command("load_areas", file=path, stdout=said)
    call_command("load_areas", file=path, verbosity=0)

    assert "2 added" in said.getvalue()
    assert AreaReach.objects.filter(viewer__code="12", area__code="03390").count() == 1
    assert [event.data for event in AuditEvent.objects.filter(verb="areas.load")] == [{"created": 2, "updated": 0}]


@pytest.mark.django_db
def test_command_shows_the_first_problems_and_counts_the_rest(tmp_path):
    path = written(tmp_path, HEADER + "x,Xã Bình Lư,12,2025-07-01,,\n" * 23)

    with pytest.raises(CommandError) as refusal:
        call_command("load_areas", file=path)

    lines = str(refusal.value).splitlines()
    assert (len(lines), lines[0][:7], lines[-1]) == (21, "Dòng 2:", "… và 3 lỗi khác.")


@pytest.mark.slow
@pytest.mark.django_db
def test_command_loads_the_whole_country():
    call_command("load_areas", verbosity=0)

    today = Area.objects.current(date(2026, 1, 1))
    past = Area.objects.current(date(2025, 6, 30))
    assert {level: today.filter(level=level).count() for level in AreaLevel} == {"province": 34, "district": 0, "commune": 3321}
    assert {level: past.filter(level=level).count() for level in AreaLevel} == {"province": 63, "district": 696, "commune": 10035}
    assert dict(today.communes().values_list("type").annotate(Count("pk")).order_by()) == {"xã": 2621, "phường": 687, "đặc khu": 13}
    assert not Area.objects.filter(Q(type="") | Q(parent=None) & ~Q(level=AreaLevel.PROVINCE)).exists()
    ended = past.annotate(defaults=Count("successions", filter=Q(successions__is_default=True)))
    assert set(ended.exclude(level=AreaLevel.DISTRICT).values_list("defaults", flat=True)) == {1}
    assert ended.filter(level=AreaLevel.DISTRICT, defaults=1).count() == 5  # islands that had no communes
    lai_chau = today.get(level=AreaLevel.PROVINCE, code="12")
    assert (lai_chau.name, lai_chau.children.count()) == ("tỉnh Lai Châu", 38)
    assert today.get(code="03390").name == "xã Bình Lư"
    assert AreaReach.objects.filter(viewer=lai_chau, area__in=past.filter(parent__parent__code="12")).exists()
    assert AreaReach.objects.count() > 50_000
