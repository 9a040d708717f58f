"""How figures and dates are written in Vietnamese, for screens (``templatetags/ui.py``) and for printed documents alike."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.utils import timezone

Number = int | float | Decimal

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def number(value: Number, places: int | None = None) -> str:
    """1217 → 1.217 and 8.5 → 8,5; ``places`` fixes the decimals, otherwise at most two, without zeros at the end."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-(2 if places is None else places)), rounding=ROUND_HALF_UP)
    whole, _, decimals = f"{exact:,f}".partition(".")
    if places is None:
        decimals = decimals.rstrip("0")
    text = whole.replace(",", ".") + (f",{decimals}" if decimals else "")
    return "0" if text == "-0" else text


def percent(value: Number, places: int | None = None) -> str:
    """92.35 → 92,35%; what is short of 100 never shows as 100%, for “100%” is a criterion (TT 124/2021, Đ4–7)."""
    exact = Decimal(str(value))
    step = Decimal(1).scaleb(-(2 if places is None else places))
    if exact < 100 <= exact.quantize(step, rounding=ROUND_HALF_UP):
        exact = exact.quantize(step, rounding=ROUND_DOWN)
    return f"{number(exact, places)}%"


def ratio(part: Number, whole: Number, places: int | None = None) -> str:
    """The share of ``part`` in ``whole`` as a percentage; nothing of nothing is a dash."""
    return percent(Decimal(str(part)) * 100 / Decimal(str(whole)), places) if whole else "–"


def local(value: date) -> date:
    """An instant in local time; a plain date as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date) -> str:
    """30/11/2026, of a date or of an instant in local time."""
    return local(value).strftime("%d/%m/%Y")


def moment(value: datetime) -> str:
    """16:22, 12/11/2026 in local time."""
    return local(value).strftime("%H:%M, %d/%m/%Y")


def weekday(value: date) -> str:
    """Thứ Năm, 12/11/2026."""
    there = local(value)
    return f"{WEEKDAYS[there.weekday()]}, {day(there)}"


def formal_date(value: date) -> str:
    """Ngày on paper: a leading 0 for days below 10 and for months 1 and 2 only (NĐ 30/2020, PL1.II.4)."""
    there = local(value)
    month = f"{there.month:02d}" if there.month < 3 else str(there.month)
    return f"ngày {there.day:02d} tháng {month} năm {there.year:04d}"


def phone(value: str) -> str:
    """+84912345678 → 0912 345 678, +842130000147 → 0213 000 0147; anything else as it is."""
    if not (value.startswith("+84") and value[3:].isdigit()):
        return value
    national = f"0{value[3:]}"
    return f"{national[:4]} {national[4:7]} {national[7:]}"
