"""A unit registers itself, plays its year with the people of its commune, and a phone recognises its certificate."""

from __future__ import annotations

import pytest
from django.db.models import Count

from core import clock
from evaluations.models import Certificate, Dossier
from reports import invariants
from reports.chain.story import Cast, Story
from tests.journeys.visiting import visitor, work
from tests.world import PASSWORD, World
from units.models import Unit

# The world writes its campaign, codes and series by hand; everything else must hold.
HELD = [rule for rule in invariants.CHECKS if rule not in {"states change along declared edges, one event each"}]


@pytest.fixture
def cast_of_commune(world: World) -> Cast:
    people = world.cast
    return Cast(
        commune=world.commune.proper_name,
        campaign_id=world.campaign.pk,
        keeper=people.commune_officer.username,
        appraiser=people.commune_officer_two.username,
        chair=people.chair.username,
        members=(people.chair.username, people.member_one.username, people.member_two.username),
        password=PASSWORD,
        today=clock.today(),
    )


@pytest.mark.slow
def test_year_of_a_unit_from_registration_to_certificate(cast_of_commune: Cast) -> None:
    said: list[str] = []
    story = Story(cast_of_commune, visitor=visitor, wait=lambda _seconds: work(), say=said.append)

    url = story.play()

    unit = Unit.objects.get(name=cast_of_commune.unit_name)
    certificate = Certificate.objects.get(recognition__dossier__participation__unit=unit)
    assert url == f"/c/{certificate.code}/"
    assert len(said) == 11
    work()
    assert Dossier.objects.get(participation__unit=unit).state == "decided"
    assert [str(breach) for breach in invariants.breaches(HELD)] == []


@pytest.mark.slow
def test_year_leaves_the_other_units_alone(cast_of_commune: Cast, world: World) -> None:
    story = Story(cast_of_commune, visitor=visitor, wait=lambda _seconds: work(), say=lambda _line: None)

    story.play()

    states = dict(world.campaign.participations.values_list("registration__state").annotate(count=Count("pk")))
    assert states == {"draft": 7, "received": 1}
    assert Certificate.objects.count() == 1
