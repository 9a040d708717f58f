"""The invented province and its played year: everything the screens need is there, and nothing that must hold is broken."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from evaluations.models import Certificate, CommitteeSession, Decision, Dossier
from movement.models import Campaign, CommitteeMembership, Participation, Registration
from reports import invariants
from reports.demo import names
from reports.demo.accounts import DEMO_PASSWORD, shown_accounts
from reports.demo.fates import Fate, fate_of
from reports.demo.year import choose
from tests.world import make_area
from units.models import Authority, Unit, User
from units.operations import rebuild_area_reach
from units.roles import AreaLevel, Role, UnitKind

pytestmark = pytest.mark.django_db
COMMUNES = ("99001", "99002", "99003")


@pytest.fixture
def province(monkeypatch: pytest.MonkeyPatch) -> str:
    """A province of three communes on the map; papers are a few bytes each."""
    printed = iter(range(100_000))
    monkeypatch.setattr("core.pdf.render", lambda template, document: f"%PDF {next(printed)}".encode())
    parent = make_area("99", AreaLevel.PROVINCE, "tỉnh Thử", "tỉnh")
    for code in COMMUNES:
        make_area(code, AreaLevel.COMMUNE, f"xã Thử {code[-1]}", "xã", parent)
    rebuild_area_reach()
    return parent.code


def seed(code: str, units: int = 24) -> str:
    out = StringIO()
    call_command("seed_demo", "--province", code, "--units", str(units), "--processes", "0", stdout=out)
    return out.getvalue()


@pytest.mark.slow
def test_seed_demo_leaves_something_for_every_role(province: str) -> None:
    seed(province)

    assert Authority.objects.count() == 4
    assert Counter(Unit.objects.values_list("kind", flat=True))[UnitKind.COMMUNE] == 3
    assert Unit.objects.count() == 27
    assert set(Registration.objects.values_list("state", flat=True)) == {"draft", "prepared", "signed", "received"}
    assert {"open", "submitted", "proposed", "decided"} <= set(Dossier.objects.values_list("state", flat=True))
    assert CommitteeSession.objects.filter(state="open").count() == 1
    assert Decision.objects.filter(state="released").count() == 1
    assert Certificate.objects.exists()
    assert {grant.role for user in User.objects.all() for grant in user.grants.all()} == set(Role)
    assert [str(breach) for breach in invariants.breaches()] == []


@pytest.mark.slow
def test_seed_demo_opens_an_account_per_role_that_can_sign_in(province: str) -> None:
    seed(province)

    shown = list(shown_accounts())

    assert {account.role for account in shown} == {str(role.label) for role in Role}
    for account in shown:
        assert User.objects.get(username=account.username).check_password(DEMO_PASSWORD)
    out = StringIO()
    call_command("show_demo_accounts", stdout=out)
    assert all(account.username in out.getvalue() for account in shown)
    page = Client().post("/tai-khoan/login/", {"login": shown[0].username, "password": DEMO_PASSWORD})
    assert page.status_code == 302


@pytest.mark.slow
def test_seed_demo_runs_once(province: str) -> None:
    seed(province, units=3)
    before = Unit.objects.count()

    call_command("seed_demo", "--province", province, "--if-empty", "--processes", "0")

    assert Unit.objects.count() == before
    with pytest.raises(CommandError, match="entered before"):
        seed(province)


def test_seed_demo_names_a_province_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="no province 98"):
        seed("98")


@pytest.mark.parametrize("command", ["seed_demo", "play_year", "show_demo_accounts"])
def test_demo_is_refused_in_production(command: str, settings: pytest.FixtureRequest) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]

    with pytest.raises(CommandError, match="production"):
        call_command(command)


@pytest.mark.slow
def test_played_year_ends_with_checked_certificates(province: str) -> None:
    out = StringIO()

    call_command("play_year", "--province", province, "--units", "40", "--processes", "0", stdout=out, stderr=out)

    campaign = Campaign.objects.get()
    states = Counter(Dossier.objects.values_list("state", flat=True))
    fates = Counter(fate_of(row) for row in Participation.objects.filter(campaign=campaign))
    assert states["decided"] == 40 - fates[Fate.ABSENT] - fates[Fate.SILENT]
    assert states["open"] == fates[Fate.SILENT]
    assert Certificate.objects.filter(file__isnull=False).count() == Certificate.objects.count() > 25
    assert f"valid {Certificate.objects.count()}" in out.getvalue()
    assert set(Dossier.objects.filter(participation__kind=UnitKind.COMMUNE).values_list("state", flat=True)) == {"decided"}


@pytest.mark.slow
def test_played_year_takes_the_next_free_year_of_a_seeded_province(province: str) -> None:
    seed(province, units=6)
    seeded = Campaign.objects.get()

    call_command("play_year", "--province", province, "--units", "9", "--processes", "0", stdout=StringIO())

    assert sorted(Campaign.objects.values_list("year", flat=True)) == [seeded.year, seeded.year + 1]
    assert [str(breach) for breach in invariants.breaches()] == []


@pytest.mark.slow
def test_chosen_units_are_spread_over_the_communes(province: str) -> None:
    seed(province)
    campaign = Campaign.objects.get()

    chosen = choose(campaign, 6)

    places = Participation.objects.filter(pk__in=chosen).values_list("area__code", flat=True)
    assert Counter(places) == dict.fromkeys(COMMUNES, 2)


def test_voters_are_no_officers(province: str) -> None:
    """The standing office appraises, so it does not vote (ruling 43)."""
    seed(province, units=0)

    officers = set(User.objects.filter(grants__role__in=[Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER]).values_list("pk", flat=True))

    assert officers & set(CommitteeMembership.objects.values_list("user", flat=True)) == set()


def test_invented_persons_bear_names_no_one_has() -> None:
    from random import Random

    rng = Random(1)

    people = [names.person(rng) for _each in range(200)]

    assert all(person.endswith(names.GIVEN) for person in people)
