"""Vietnamese text: order, folding, the normal form."""

import random
import unicodedata

import pytest
from django.db import connection

from core import text

IN_ORDER = ["An", "Ân", "Ba", "Dung", "Dũng", "Đào", "Em", "Êm", "On", "Ông", "Ơn", "Tổ 4", "Tổ 10", "Tổ dân phố", "Uy", "Ưng", "Yên"]


def test_sort_key_gives_vietnamese_order():
    shuffled = random.Random(7).sample(IN_ORDER, len(IN_ORDER))

    assert sorted(shuffled, key=text.sort_key) == IN_ORDER


def test_sort_key_orders_tones_second():
    names = ["mai", "mạ", "má", "mã", "mả", "mà", "ma"]

    assert sorted(names, key=text.sort_key) == names[::-1]


def test_person_sort_key_goes_by_given_name():
    people = ["Trần Văn An", "Lê Thị Bình", "Nguyễn An"]

    assert sorted(people, key=text.person_sort_key) == ["Nguyễn An", "Trần Văn An", "Lê Thị Bình"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Phường Ninh Kiều", "ĐẮK LẮK", "Hòa  Bình", "Ỹ Lan", unicodedata.normalize("NFD", "Thủy Nguyên")])
def test_fold_is_the_same_in_python_and_sql(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT regexp_replace(vn_fold(%s), '\\s+', ' ', 'g')", [name])
        folded = cursor.fetchone()[0]

    assert text.fold(name) == folded


def test_fold_drops_marks_and_bars():
    assert text.fold("Đường Đê  Trường Giang") == "duong de truong giang"


def test_slug_keeps_the_letter_d():
    assert text.slug("Điều 4: Tổ dân phố số 05") == "dieu-4-to-dan-pho-so-05"


def test_clean_normalises_and_keeps_lines():
    assert text.clean("  Hòa\u00a0Bình \r\n  dòng  hai ") == "Hòa Bình\ndòng hai"
