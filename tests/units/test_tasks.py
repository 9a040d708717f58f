"""The clearing of old drafts by the clock."""

from datetime import timedelta

from tests.factories.units import make_application
from units import tasks
from units.models import UnitApplication


def test_forget_drafts_keeps_those_of_the_last_month(world):
    make_application(world.commune, created_at=world.at - timedelta(days=31))
    recent = make_application(world.commune, created_at=world.at - timedelta(days=29))

    tasks.forget_drafts()

    assert list(UnitApplication.objects.all()) == [recent]
