"""Five people play the year in a real Chromium, on a phone and at a desk; every kind of page they pass is tried by axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer

from core import clock
from evaluations.models import Certificate
from reports.chain.story import Cast, Story
from tests import world as worlds
from tests.journeys.chromium import DESK, PHONE, ChromiumBrowser, Inspection, chromium
from tests.journeys.visiting import work

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def live(committed_db: None, settings: pytest.FixtureRequest) -> Iterator[LiveServer]:
    """The pages on a port of their own, on a database where commits are real."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.mark.django_db(transaction=False)
def test_marked_for_databases() -> None:
    """pytest-django sets databases up for marked tests alone; the journey below works on a clone."""


def test_five_people_play_the_year(live: LiveServer) -> None:
    world = worlds.build()
    people = world.cast
    cast = Cast(
        commune=world.commune.proper_name,
        campaign_id=world.campaign.pk,
        keeper=people.commune_officer.username,
        appraiser=people.commune_officer_two.username,
        chair=people.chair.username,
        members=(people.chair.username, people.member_one.username),
        password=worlds.PASSWORD,
        today=clock.today(),
    )
    inspection = Inspection()
    sizes = iter([PHONE])  # the head of the unit comes first and holds a phone; everybody else sits at a desk

    with chromium() as browser:
        story = Story(
            cast,
            visitor=lambda: ChromiumBrowser(browser, live.url, next(sizes, DESK), inspection),  # type: ignore[arg-type]
            wait=lambda _seconds: work(),
            say=lambda _line: None,
        )
        url = story.play()
        for username in (cast.keeper, cast.chair, cast.head):
            visit_menu(story.browsers[username])

    assert url == f"/c/{Certificate.objects.get().code}/"
    assert len(inspection.seen) > 60
    assert inspection.findings == []
    assert inspection.refused_by_policy == []
    assert inspection.faults == []
    assert inspection.wide == []


def visit_menu(browser: object) -> None:
    """Every page of a person's own menu."""
    browser.get("/viec-cua-toi/")  # type: ignore[attr-defined]
    inside = [link for link in browser.page.links if link.startswith("/") and "tep" not in link]  # type: ignore[attr-defined]
    for link in dict.fromkeys(link.partition("?")[0].partition("#")[0] for link in inside):
        browser.get(link or "/")  # type: ignore[attr-defined]
