"""Who appraises and who decides for a unit, on a given day (TT 124/2021, Đ10; ruling 34)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.transitions import DomainError
from units.models import Area, Authority, AuthorityRule, Unit
from units.querysets import current
from units.roles import AreaLevel, ManagingLevel


@dataclass(frozen=True)
class Competence:
    """The deciding authority (none where the Ministry follows the unit itself), the area that handles, and the route of appraisal."""

    authority: Authority | None
    handling_area: Area
    route: tuple[str, ...]
    level: str
    citation: str


@dataclass(frozen=True)
class CompetenceTable:
    """The rules and authorities of one day, read once for any number of units."""

    rules: dict[tuple[str, str], AuthorityRule]
    authorities: dict[int, Authority]

    def of(self, unit: Unit) -> Competence:
        """The competence over one unit; its area's parents should be loaded with it."""
        rule = self.rules.get((unit.kind, unit.managing_level))
        if rule is None:
            raise DomainError(
                _("Chưa có quy định thẩm quyền cho %(kind)s, %(level)s. Quản trị hệ thống khai bảng thẩm quyền trước.")
                % {"kind": unit.get_kind_display(), "level": unit.get_managing_level_display()}
            )
        if rule.authority_level == ManagingLevel.MINISTRY:
            return Competence(None, _area_at(unit.area, AreaLevel.PROVINCE), tuple(rule.route), rule.authority_level, rule.citation)
        deciding = _area_at(unit.area, rule.authority_level)
        authority = self.authorities.get(deciding.pk)
        if authority is None:
            raise DomainError(
                _("Chưa khai cơ quan có thẩm quyền của %(area)s. Quản trị hệ thống khai cơ quan này trước.") % {"area": deciding}
            )
        handling = _area_at(unit.area, rule.route[0]) if rule.route else deciding
        return Competence(authority, handling, tuple(rule.route), rule.authority_level, rule.citation)


def table_on(on: date, *, areas: Iterable[Area] | None = None) -> CompetenceTable:
    """The table as it stood on a day, for all areas or for some of them."""
    authorities = Authority.objects.filter(current(on)).order_by("valid_from")
    if areas is not None:
        authorities = authorities.filter(area__in=areas)
    return CompetenceTable(
        {(rule.unit_kind, rule.managing_level): rule for rule in AuthorityRule.objects.filter(current(on)).order_by("valid_from")},
        {authority.area_id: authority for authority in authorities},
    )


def competence_of(unit: Unit, *, on: date) -> Competence:
    """Who appraises and who decides for one unit on a day."""
    return table_on(on, areas=_upwards(unit.area)).of(unit)


def _upwards(area: Area) -> list[Area]:
    """The area and everything above it."""
    chain = [area]
    while chain[-1].parent is not None:
        chain.append(chain[-1].parent)
    return chain


def _area_at(area: Area, level: str) -> Area:
    """The area of a level in which an area lies: itself or one above it."""
    for each in _upwards(area):
        if each.level == level:
            return each
    raise DomainError(_("%(area)s chưa gắn với đơn vị hành chính cấp trên. Quản trị hệ thống xem lại danh mục địa bàn.") % {"area": area})
