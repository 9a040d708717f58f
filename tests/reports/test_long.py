"""The long counts: several hundred units over two years in a row, with every invariant looked at afterwards."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from evaluations.models import Certificate, Dossier
from reports import invariants
from tests.reports.test_demo import province

__all__ = ["province"]
pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_two_years_of_a_province_break_nothing(province: str) -> None:
    for _year in range(2):
        call_command("play_year", "--province", province, "--units", "150", "--processes", "0", stdout=StringIO())

    codes = list(Certificate.objects.values_list("code", flat=True))
    assert list(invariants.breaches()) == []
    assert (Dossier.objects.count() > 200, len(codes) == len(set(codes)) > 150) == (True, True)
