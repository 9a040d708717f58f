"""Dates, figures and phones as officers write them (a stock ``vi`` locale gets these wrong)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.utils import formats as django_formats

from core import formats


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (0, None, "0"),
        (7, None, "7"),
        (1217, None, "1.217"),
        (152328, None, "152.328"),
        (-1217, None, "-1.217"),
        (8.5, None, "8,5"),
        (Decimal("88.00"), None, "88"),
        (Decimal("88"), 1, "88,0"),
        (Decimal("1217.255"), None, "1.217,26"),
        (0.125, 2, "0,13"),
        (-0.001, None, "0"),
    ],
)
def test_number_is_grouped_by_points_and_has_a_decimal_comma(value, places, written):
    assert formats.number(value, places) == written


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (92.35, None, "92,35%"),
        (100, None, "100%"),
        (44.8, 1, "44,8%"),
        (75, 1, "75,0%"),
        (99.96, 1, "99,9%"),
        (Decimal("99.999"), None, "99,99%"),
        (0, None, "0%"),
    ],
)
def test_percent_never_rounds_up_to_a_hundred(value, places, written):
    assert formats.percent(value, places) == written


def test_ratio_of_nothing_is_a_dash():
    assert (formats.ratio(43, 96, 1), formats.ratio(657, 658), formats.ratio(0, 0)) == ("44,8%", "99,85%", "–")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2020, 1, 5), "ngày 05 tháng 01 năm 2020"),
        (date(2021, 4, 1), "ngày 01 tháng 4 năm 2021"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 11, 30), "ngày 30 tháng 11 năm 2026"),
        (datetime(2026, 11, 30, 18, 0, tzinfo=UTC), "ngày 01 tháng 12 năm 2026"),
    ],
)
def test_formal_date_leads_with_zero_below_ten_and_in_months_one_and_two(value, written):
    assert formats.formal_date(value) == written


def test_instants_are_written_in_local_time():
    late = datetime(2026, 11, 12, 17, 5, tzinfo=UTC)

    assert (formats.day(late), formats.moment(late), formats.weekday(late)) == ("13/11/2026", "00:05, 13/11/2026", "Thứ Sáu, 13/11/2026")


def test_weekday_of_a_sunday():
    assert formats.weekday(date(2026, 11, 15)) == "Chủ nhật, 15/11/2026"


@pytest.mark.parametrize(
    ("stored", "shown"), [("+84912345678", "0912 345 678"), ("+842130000147", "0213 000 0147"), ("113", "113"), ("", "")]
)
def test_phone_is_shown_as_it_is_dialled(stored, shown):
    assert formats.phone(stored) == shown


def test_django_writes_dates_our_way():
    assert django_formats.date_format(date(2026, 11, 30)) == "30/11/2026"
    assert django_formats.date_format(date(2026, 4, 3), "SHORT_DATE_FORMAT") == "03/04/2026"


@pytest.mark.parametrize("text", ["03/04/2026", "3/4/2026", "03-04-2026", "03.04.2026", "2026-04-03"])
def test_django_reads_the_day_first(text):
    assert forms.DateField().clean(text) == date(2026, 4, 3)


def test_django_reads_a_late_day():
    assert forms.DateField().clean("30/11/2026") == date(2026, 11, 30)


def test_years_and_codes_are_not_grouped():
    assert django_formats.localize(2026) == "2026"
