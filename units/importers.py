"""Reference data from outside: the map of the country and, from ``units/data``, exclusions and authorities."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from core import text
from units import exclusions
from units.models import Area, AreaSuccession, AuthorityRule, ExclusionRule
from units.roles import AreaLevel

DATA = Path(__file__).parent / "data"
NEW_MAP_ON = date(2025, 7, 1)  # two levels of local government, no district
OLD_MAP_ON = date(2008, 8, 1)  # the last large change of provinces before it
OLD_MAP_ENDED_ON = NEW_MAP_ON - timedelta(days=1)
LEVELS = {2: AreaLevel.PROVINCE, 3: AreaLevel.DISTRICT, 5: AreaLevel.COMMUNE}
TYPES = ("thành phố", "đặc khu", "phường", "thị trấn", "thị xã", "huyện", "quận", "tỉnh", "xã")
COLUMNS = ("code", "name", "parent_code", "valid_from", "valid_to", "successors")


class ImportRefused(Exception):
    """The data cannot be loaded; ``problems`` says why, one sentence a row, and nothing has been written."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class AreaRow:
    """One place for one span of days. ``successors`` are codes valid on the day after ``valid_to``; the first is the default."""

    code: str
    name: str
    parent_code: str
    valid_from: date
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def level(self) -> str:
        return LEVELS[len(self.code)].value

    @property
    def key(self) -> tuple[str, date]:
        return self.code, self.valid_from

    @property
    def type(self) -> str:
        return next((kind for kind in TYPES if self.name.startswith(f"{kind} ")), "")

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


@dataclass(frozen=True)
class AreaCounts:
    """What a load changed, and what then stands."""

    created: int
    updated: int
    successions: int

    @property
    def changed(self) -> bool:
        return any((self.created, self.updated, self.successions))


def area_name(name: str) -> str:
    """``Xã Bình Lư`` and ``Thị Trấn Ái Tử`` as they stand inside a sentence: ``xã Bình Lư``, ``thị trấn Ái Tử``."""
    plain = text.clean(name)
    kind = next((kind for kind in TYPES if plain.lower().startswith(f"{kind} ")), "")
    return kind + plain[len(kind) :]


# The package ----------------------------------------------------------------------------------------------------------


def package_areas() -> list[AreaRow]:
    """The country of today and its map until 30/06/2025, from the data of ``vietnamadminunits``."""
    spec = find_spec("vietnamadminunits")
    if spec is None or not spec.submodule_search_locations:
        raise ImportRefused(["Chưa cài gói vietnamadminunits: hãy cài theo requirements/run.txt, hoặc nạp từ tệp bằng --file."])
    folder = Path(spec.submodule_search_locations[0]) / "data"
    conversion = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    database = sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True)
    try:
        new = database.execute("SELECT province, provinceCode, provinceKey, ward, wardCode, wardKey FROM admin_units").fetchall()
        old = database.execute(
            "SELECT province, provinceCode, provinceKey, district, districtCode, districtKey, ward, wardCode, wardKey "
            "FROM admin_units_legacy"
        ).fetchall()
    finally:
        database.close()
    codes = {province_key: code for _, code, province_key, *_ in new}
    codes |= {f"{province_key}/{ward_key}": code for _, _, province_key, _, code, ward_key in new}
    return _unique([*_rows_of_today(new), *_rows_of_the_past(old, _successor_codes(conversion, codes))])


def _rows_of_today(rows: Iterable[tuple[str, ...]]) -> Iterator[AreaRow]:
    for province, province_code, _, ward, ward_code, _ in rows:
        yield AreaRow(province_code, area_name(province), "", NEW_MAP_ON)
        yield AreaRow(ward_code, area_name(ward), province_code, NEW_MAP_ON)


def _rows_of_the_past(rows: Iterable[tuple[str, ...]], successors: dict[str, tuple[str, ...]]) -> Iterator[AreaRow]:
    span = (OLD_MAP_ON, OLD_MAP_ENDED_ON)
    for province, province_code, province_key, district, district_code, district_key, ward, ward_code, ward_key in rows:
        after = successors[f"{province_key}_{district_key}_{ward_key or ''}"]
        yield AreaRow(province_code, area_name(province), "", *span, successors[province_key])
        # Five islands were districts without communes: there the district itself became a commune.
        yield AreaRow(district_code, area_name(district), province_code, *span, () if ward_code else after)
        if ward_code:
            yield AreaRow(ward_code, area_name(ward), district_code, *span, after)


def _successor_codes(conversion: dict[str, Any], codes: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Old key of the package → codes of today, the default first."""
    after: dict[str, tuple[str, ...]] = {old: (codes[province],) for province, olds in conversion["DICT_PROVINCE"].items() for old in olds}
    for province, wards in conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        after |= {old: (codes[f"{province}/{ward}"],) for ward, olds in wards.items() for old in olds}
    for province, divided in conversion["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            ordered = sorted(parts, key=lambda part: not part["isDefaultNewWard"])
            after[old] = tuple(codes[f"{province}/{part['newWardKey']}"] for part in ordered)
    return after


def _unique(rows: Iterable[AreaRow]) -> list[AreaRow]:
    return list({row.key: row for row in rows}.values())


# A file of the owner --------------------------------------------------------------------------------------------------


def file_areas(path: Path) -> list[AreaRow]:
    """Areas of a CSV or JSON file with the columns ``code, name, parent_code, valid_from, valid_to, successors``.

    ``code`` has 2 digits for a province, 3 for a district, 5 for a commune, leading zeros kept; ``name`` begins with the kind
    (“xã Bình Lư”); dates are ``2025-07-01`` or ``01/07/2025`` and both belong to the span, an empty ``valid_to`` means today;
    ``successors`` are codes apart by ``|`` (JSON: a list), the default first. The file may be a part of the country: what it does not
    name stays.
    """
    try:
        records = _records(path)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, csv.Error) as problem:
        raise ImportRefused([f"Không đọc được tệp {path.name}: {problem}. Tệp phải là CSV hoặc JSON, bảng mã UTF-8."]) from problem
    rows: list[AreaRow] = []
    problems: list[str] = []
    for line, record in records:
        try:
            rows.append(_row(record, line))
        except ValueError as problem:
            problems.append(f"Dòng {line}: {problem}")
    if not records:
        problems.append(f"Tệp {path.name} không có dòng nào.")
    if problems:
        raise ImportRefused(problems)
    return rows


def _records(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """The records of the file with the number a person finds them by: the line of a CSV, the place in a JSON list."""
    content = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() == ".json":
        entries = json.loads(content)
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise ImportRefused([f"Tệp {path.name} phải là một danh sách JSON, mỗi phần tử là một đơn vị hành chính."])
        return list(enumerate(entries, 1))
    reader = csv.DictReader(content.splitlines())
    absent = [column for column in COLUMNS[:4] if column not in (reader.fieldnames or ())]
    if absent:
        raise ImportRefused([f"Dòng 1: thiếu cột {', '.join(absent)}. Các cột cần có: {', '.join(COLUMNS)}."])
    return [(reader.line_num, record) for record in reader]


def _row(record: dict[str, Any], line: int) -> AreaRow:
    successors = record.get("successors") or ()
    if isinstance(successors, str):
        successors = successors.split("|")
    row = AreaRow(
        code=_code(record.get("code"), "code"),
        name=area_name(str(record.get("name") or "")),
        parent_code=_code(record.get("parent_code"), "parent_code") if record.get("parent_code") else "",
        valid_from=_day(record.get("valid_from"), "valid_from"),
        valid_to=_day(record.get("valid_to"), "valid_to") if record.get("valid_to") else None,
        successors=tuple(_code(code, "successors") for code in successors),
        line=line,
    )
    if not row.type:
        raise ValueError(f"tên “{row.name}” phải bắt đầu bằng loại: {', '.join(TYPES)}.")
    if row.valid_to and row.valid_to < row.valid_from:
        raise ValueError("valid_to sớm hơn valid_from.")
    if row.successors and not row.valid_to:
        raise ValueError("có successors thì phải có valid_to.")
    if len(set(row.successors)) != len(row.successors):
        raise ValueError("successors lặp lại một mã.")
    if bool(row.parent_code) == (row.level == AreaLevel.PROVINCE):
        raise ValueError("tỉnh, thành phố để trống parent_code; huyện và xã phải có parent_code.")
    return row


def _code(value: Any, column: str) -> str:
    code = str(value if value is not None else "").strip()
    if not (code.isascii() and code.isdigit() and len(code) in LEVELS):
        raise ValueError(f"{column} “{code}” phải là 2 chữ số (tỉnh), 3 chữ số (huyện) hoặc 5 chữ số (xã), giữ số 0 ở đầu.")
    return code


def _day(value: Any, column: str) -> date:
    written = str(value or "").strip()
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(written, pattern).date()
        except ValueError:
            continue
    raise ValueError(f"{column} “{written}” không phải là ngày, hãy ghi như 2025-07-01 hoặc 01/07/2025.")


# Writing --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def load_areas(rows: Iterable[AreaRow]) -> AreaCounts:
    """Bring the table of areas to what the rows say; rows it does not name stay, and a second run changes nothing.

    The caller rebuilds the closure (``units.operations.rebuild_area_reach``) when something changed.
    """
    rows = list(rows)
    kept = {
        (area.code, area.valid_from): area for area in Area.objects.select_for_update(of=("self",), no_key=True).select_related("parent")
    }
    _refuse_contradictions(rows, kept)
    wanted = {key: _row_of(area) for key, area in kept.items()} | {row.key: row for row in rows}
    by_code: dict[str, list[AreaRow]] = defaultdict(list)
    for row in wanted.values():
        by_code[row.code].append(row)
    created = updated = 0
    for level in LEVELS.values():
        made, changed = _write_level([row for row in rows if row.level == level], kept, by_code)
        created, updated = created + made, updated + changed
    return AreaCounts(created, updated, _write_successions(rows, kept, by_code))


def _row_of(area: Area) -> AreaRow:
    return AreaRow(area.code, area.name, area.parent.code if area.parent else "", area.valid_from, area.valid_to)


def _refuse_contradictions(rows: list[AreaRow], kept: dict[tuple[str, date], Area]) -> None:
    """Refuse doubled and overlapping spans of a code, and names of parents or successors that nobody knows."""
    problems = []
    seen: dict[tuple[str, date], AreaRow] = {}
    for row in rows:
        if row.key in seen:
            problems.append(f"Dòng {row.line}: mã {row.code} từ {row.valid_from:%d/%m/%Y} đã có ở dòng {seen[row.key].line}.")
        seen[row.key] = row
    spans: dict[str, list[AreaRow]] = defaultdict(list)
    for row in ({key: _row_of(area) for key, area in kept.items()} | seen).values():
        spans[row.code].append(row)
    for code, span in spans.items():
        span.sort(key=lambda row: row.valid_from)
        for earlier, later in pairwise(span):
            if earlier.covers(later.valid_from):
                line = later.line or earlier.line
                problems.append(f"Dòng {line}: mã {code} có hai khoảng thời gian chồng nhau, từ {later.valid_from:%d/%m/%Y}.")
    for row in seen.values():
        if row.parent_code and _on(spans, row.parent_code, row.valid_from) is None:
            problems.append(f"Dòng {row.line}: không có đơn vị cấp trên {row.parent_code} vào ngày {row.valid_from:%d/%m/%Y}.")
        problems += [
            f"Dòng {row.line}: không có đơn vị kế tiếp {code} vào ngày {_next_day(row):%d/%m/%Y}."
            for code in row.successors
            if _on(spans, code, _next_day(row)) is None
        ]
    if problems:
        raise ImportRefused(problems)


def _on(by_code: dict[str, list[AreaRow]], code: str, day: date) -> AreaRow | None:
    return next((row for row in by_code.get(code, ()) if row.covers(day)), None)


def _next_day(row: AreaRow) -> date:
    assert row.valid_to, "only ended areas have successors"
    return row.valid_to + timedelta(days=1)


def _write_level(rows: list[AreaRow], kept: dict[tuple[str, date], Area], by_code: dict[str, list[AreaRow]]) -> tuple[int, int]:
    """Write the areas of one level, parents being there already; add what is new to ``kept``."""
    new: list[Area] = []
    changed: list[Area] = []
    for row in rows:
        parent = _on(by_code, row.parent_code, row.valid_from) if row.parent_code else None
        values = {
            "name": row.name,
            "type": row.type,
            "parent_id": kept[parent.key].pk if parent else None,
            "valid_to": row.valid_to,
        }
        area = kept.get(row.key)
        if area is None:
            new.append(Area(code=row.code, level=row.level, valid_from=row.valid_from, **values))
        elif any(getattr(area, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(area, name, value)
            area.sort_key = text.sort_key(row.name)  # bulk_update does not ask the field
            changed.append(area)
    Area.objects.bulk_update(changed, ["name", "type", "parent", "valid_to", "sort_key"], batch_size=1000)
    kept |= {(area.code, area.valid_from): area for area in Area.objects.bulk_create(new, batch_size=2000)}
    return len(new), len(changed)


def _write_successions(rows: list[AreaRow], kept: dict[tuple[str, date], Area], by_code: dict[str, list[AreaRow]]) -> int:
    """Give each named predecessor exactly the successors of its row; shares stay empty, nobody knows them."""
    wanted: dict[int, list[tuple[int, bool, date]]] = {}
    for row in rows:
        if not row.successors:
            continue
        day = _next_day(row)
        found = [_on(by_code, code, day) for code in row.successors]
        wanted[kept[row.key].pk] = [(kept[area.key].pk, place == 0, day) for place, area in enumerate(found) if area]
    held: dict[int, list[tuple[int, bool, date]]] = defaultdict(list)
    for old, successor, is_default, day in AreaSuccession.objects.values_list("predecessor", "successor", "is_default", "on"):
        held[old].append((successor, is_default, day))
    differing = [old for old, after in wanted.items() if sorted(held[old]) != sorted(after)]
    AreaSuccession.objects.filter(predecessor__in=[old for old in differing if held[old]]).delete()
    AreaSuccession.objects.bulk_create(
        [
            AreaSuccession(predecessor_id=old, successor_id=successor, is_default=is_default, on=day)
            for old in differing
            for successor, is_default, day in wanted[old]
        ],
        batch_size=5000,
    )
    return len(differing)


# Rules ----------------------------------------------------------------------------------------------------------------


def load_exclusion_rules(entries: Iterable[dict[str, Any]] | None = None) -> int:
    """Bring the exclusions of ``units/data/exclusions.json`` (TT 124/2021, Đ1.2.b) into the table; how many rows changed."""
    changed = 0
    for entry in _data("exclusions.json") if entries is None else entries:
        exclusions.check(entry["condition"])
        changed += _upsert(ExclusionRule, entry, ("code", "valid_from"))
    return changed


def load_authority_rules(entries: Iterable[dict[str, Any]] | None = None) -> int:
    """Bring the authorities of ``units/data/authorities.json`` (TT 124/2021, Đ10; ruling 34) into the table; how many rows changed."""
    rows = _data("authorities.json") if entries is None else entries
    return sum(_upsert(AuthorityRule, entry, ("unit_kind", "managing_level", "valid_from")) for entry in rows)


def _data(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return entries


def _upsert(model: type[Model], entry: dict[str, Any], key: tuple[str, ...]) -> int:
    """Write one row found by its key; 1 when something changed."""
    values = {"valid_to": None} | entry
    values |= {name: date.fromisoformat(values[name]) for name in ("valid_from", "valid_to") if values[name]}
    found = model._default_manager.filter(**{name: values[name] for name in key}).first()
    if found is None:
        model._default_manager.create(**values)
        return 1
    if all(getattr(found, name) == value for name, value in values.items()):
        return 0
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    return 1
