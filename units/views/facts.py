"""The facts of a unit or an application as lines of a summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import formats
from units.forms import KIND_QUESTIONS
from units.models import Unit, UnitApplication
from units.roles import UnitKind

COMMUNE_FACTS = ("name", "managing_level")


@dataclass(frozen=True)
class FactLine:
    label: str
    value: str


def fact_lines(row: Unit | UnitApplication) -> list[FactLine]:
    """Kind, place and every fact this kind of unit is asked for, in the order of the form."""
    head = [FactLine(_("Loại đơn vị"), row.get_kind_display()), FactLine(_("Xã, phường"), _place(row))]
    return head + [FactLine(fact_label(row, name), _value(row, name)) for name in _asked(row) if name != "name"]


def comparison(application: UnitApplication, units: Iterable[Unit]) -> list[tuple[str, str, list[str]]]:
    """What an application says beside what the register says of units that may be the same: label, declared, one value per unit."""
    lines = [(_("Xã, phường"), _place(application), [_place(unit) for unit in units])]
    for name in ("kind", *_asked(application)):
        lines.append((fact_label(application, name), _value(application, name), [_value(unit, name) for unit in units]))
    return lines


def _asked(row: Unit | UnitApplication) -> tuple[str, ...]:
    return KIND_QUESTIONS.get(UnitKind(row.kind), COMMUNE_FACTS)


def _place(row: Unit | UnitApplication) -> str:
    return f"{row.area}, {row.area.parent}" if row.area and row.area.parent else str(row.area or "")


def fact_label(row: Unit | UnitApplication, name: str) -> str:
    label = str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def _value(row: Unit | UnitApplication, name: str) -> str:
    value: Any = getattr(row, name)
    if value is None or value == "":
        return _("Chưa khai")
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if hasattr(row, f"get_{name}_display"):
        return str(getattr(row, f"get_{name}_display")())
    if isinstance(value, Decimal):
        return formats.number(value.normalize())
    if isinstance(value, int):
        return formats.number(value)
    return formats.day(value) if hasattr(value, "year") else str(value)
