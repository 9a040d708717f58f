"""Values a question may take from our own rows, each with the rows behind it (ruling 25: they prefill, the head may override with reason).

A source is named in the checklist (``Question.source``). Those in ``PREFILLED`` are taken when a dossier is opened; the commune's rates
are taken by an explicit act of the appraiser alone (ruling 4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from core.formats import day, number
from evaluations.models import Recognition, Result
from movement.calendar import window_of
from movement.models import HouseholdCount, ModelPractice, ModelYear, Participation
from movement.states import RegistrationState

PREFILLED: Final = frozenset({"model_practices", "household_signup"})
APPRAISED: Final = frozenset({"commune_registration_rate", "commune_recognition_rate"})
_COUNTED_RATINGS: Final = (ModelYear.Rating.GOOD, ModelYear.Rating.FAIR)


@dataclass(frozen=True)
class SourceRow:
    """One row behind a value: what it is, what it says, and whether it counts."""

    pk: int
    label: str
    detail: str
    counts: bool


@dataclass(frozen=True)
class SourceValue:
    """A value in the shape of the question's kind, or nothing to take; ``rows`` are shown beside it."""

    value: dict[str, Any]
    rows: tuple[SourceRow, ...]

    @property
    def row_ids(self) -> list[int]:
        return [row.pk for row in self.rows]

    @property
    def counted(self) -> int:
        return sum(row.counts for row in self.rows)


Source = Callable[[Participation], SourceValue]


def model_practices(participation: Participation) -> SourceValue:
    """Models of the unit that worked in the window and were rated fair or better this year (TT 124/2021, Đ5.1, Đ6.1, Đ7.1)."""
    window = window_of(participation)
    years = {year.model_id: year for year in ModelYear.objects.filter(model__unit=participation.unit_id, year=participation.campaign.year)}
    rows = []
    for model in ModelPractice.objects.filter(unit=participation.unit_id, launched_on__lte=window.ends_on).order_by("name", "pk"):
        year = years.get(model.pk)
        ended_on = model.ended_on if model.ended_on and model.ended_on <= window.ends_on else None
        rated = year.get_rating_display() if year else _("chưa xếp loại")
        detail = _("dừng ngày %(day)s") % {"day": day(ended_on)} if ended_on else rated
        rows.append(SourceRow(model.pk, model.name, detail, bool(not ended_on and year and year.rating in _COUNTED_RATINGS)))
    found = SourceValue({}, tuple(rows))
    return SourceValue({"count": found.counted} if rows else {}, found.rows)


def household_signup(participation: Participation) -> SourceValue:
    """Households that signed up, as the registration counted them (TT 124/2021, Đ4.1)."""
    count = HouseholdCount.objects.filter(participation=participation.pk).first()
    if count is None:
        return SourceValue({}, ())
    detail = _("%(part)s trên %(whole)s hộ") % {"part": number(count.signed_up), "whole": number(count.total)}
    return SourceValue({"part": count.signed_up, "whole": count.total}, (SourceRow(count.pk, _("Bản đăng ký đã tiếp nhận"), detail, True),))


def commune_registration_rate(participation: Participation) -> SourceValue:
    """Units handled by the commune whose registration was received, late ones too (Đ5.4; ruling 3)."""
    units = list(_handled_by(participation).select_related("registration"))
    received = {unit.pk for unit in units if unit.registration.state == RegistrationState.RECEIVED}
    late = {unit.pk for unit in units if unit.pk in received and unit.registration.is_late}
    return _share(units, received, {True: _("đã đăng ký"), False: _("chưa đăng ký")}, {pk: _("đã đăng ký (muộn)") for pk in late})


def commune_recognition_rate(participation: Participation) -> SourceValue:
    """Units handled by the commune that a released decision recognised; all four kinds together (Đ5.4, circular-124 section 11)."""
    recognised = Recognition.objects.released().filter(dossier__participation=OuterRef("pk"), result=Result.MET, revoked_at__isnull=True)
    units = list(_handled_by(participation).annotate(is_recognised=Exists(recognised)))
    met = {unit.pk for unit in units if unit.is_recognised}
    return _share(units, met, {True: _("đã được công nhận"), False: _("chưa được công nhận")}, {})


def _handled_by(participation: Participation) -> Any:
    """Units under the commune's own or delegated management: those its standing office handles this year, but for itself."""
    return (
        Participation.objects.eligible()
        .filter(campaign=participation.campaign_id, handling_area=participation.area_id)
        .exclude(pk=participation.pk)
        .order_by("sort_key", "pk")
    )


def _share(units: list[Participation], counted: set[int], words: dict[bool, str], special: dict[int, str]) -> SourceValue:
    """Part of whole; those that are missing come first. Nothing to divide by is “không áp dụng” with its reason (ruling 4)."""
    rows = [SourceRow(unit.pk, unit.name, special.get(unit.pk, words[unit.pk in counted]), unit.pk in counted) for unit in units]
    rows.sort(key=lambda row: row.counts)
    if not units:
        reason = _("Xã không có đơn vị nào thuộc quyền quản lý trong đợt này.")
        return SourceValue({"not_applicable": reason, "part": 0, "whole": 0}, ())
    return SourceValue({"part": len(counted), "whole": len(units)}, tuple(rows))


SOURCES: Final[dict[str, Source]] = {
    "model_practices": model_practices,
    "household_signup": household_signup,
    "commune_registration_rate": commune_registration_rate,
    "commune_recognition_rate": commune_recognition_rate,
}


def read(name: str, participation: Participation) -> SourceValue:
    """The present value of a named source for a unit of a campaign."""
    return SOURCES[name](participation)
