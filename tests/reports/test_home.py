"""“Việc của tôi” for each member of the cast: what waits for them, and nobody else's work."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from evaluations.models import AgendaItem, CommitteeSession, Conflict, Dossier
from movement.models import Registration
from reports import work
from tests.factories import results

pytestmark = pytest.mark.django_db


def tasks_of(user, today):
    return [(item.title, item.task) for item in work.queue_of(user, today).items]


@pytest.fixture
def today(world):
    return world.at.date()


def set_state(row, state, **fields):
    """Put a row into a state as if it had come there; only reading is tested here."""
    type(row).objects.filter(pk=row.pk).update(state=state, **fields)


def test_head_is_asked_to_register_then_to_assess(world, today):
    head, registration = world.cast.head, world.registration(world.residential_area)
    first = tasks_of(head, today)

    set_state(registration, "received", signed_at=world.at, signed_by=head, received_at=world.at, received_by=world.cast.commune_officer)
    plan = world.campaign.plans.get(unit_kind="residential_area")
    Dossier.objects.create(participation=registration.participation, plan=plan, opened_at=world.at)
    second = tasks_of(head, today)

    assert (first, second) == (
        [("Bản Nà Đon", "Đăng ký và soạn bản cam kết")],
        [("Bản Nà Đon", "Tự đánh giá và nộp hồ sơ")],
    )


def test_only_the_head_is_asked_to_sign(world, today):
    set_state(world.registration(world.residential_area), "prepared")

    assert (tasks_of(world.cast.head, today), tasks_of(world.cast.officer, today)) == ([("Bản Nà Đon", "Ký bản cam kết")], [])


def test_officer_receives_registrations_of_the_own_commune_alone(world, today):
    for unit, signer in [(world.residential_area, world.cast.head), (world.neighbour_residential_area, world.cast.neighbour_officer)]:
        set_state(world.registration(unit), "signed", signed_at=world.at, signed_by=signer)

    assert (tasks_of(world.cast.commune_officer, today), tasks_of(world.cast.neighbour_officer, today)) == (
        [("Bản Nà Đon", "Tiếp nhận bản đăng ký, cam kết")],
        [("Bản Thẳm", "Tiếp nhận bản đăng ký, cam kết")],
    )


def test_queue_puts_overdue_first(world, today):
    registration = world.registration(world.residential_area)
    set_state(registration, "signed", signed_at=world.at, signed_by=world.cast.head)
    world.campaign.milestones.filter(code="registration").update(due_on=today.replace(year=today.year - 1))

    queue = work.queue_of(world.cast.commune_officer, today)

    assert ([item.title for item in queue.overdue], queue.soon, queue.later) == (["Bản Nà Đon"], [], [])


def test_unit_learns_nothing_between_proposal_and_release(world):
    waiting = results.recognition_of(world, world.residential_area, decision=results.decision_of(world, world.committee, state="approved"))

    assert work.unit_view_of(waiting.dossier) == ("info", "Đang xem xét")


def test_unit_sees_its_result_after_release(world):
    released = results.recognition_of(world, world.residential_area, decision=results.decision_of(world, world.committee))

    assert work.unit_view_of(released.dossier) == ("ok", "Đạt")


MEMBERS = [
    "province_officer", "commune_officer", "head", "officer", "school_head", "chair", "member_one", "province_chair", "leader", "auditor",
    "admin", "nobody",
]  # fmt: skip


@pytest.mark.parametrize("member", MEMBERS)
def test_home_works_for_every_role(world, client_for, member):
    set_state(world.registration(world.residential_area), "signed", signed_at=world.at, signed_by=world.cast.head)

    response = client_for(getattr(world.cast, member)).get("/viec-cua-toi/")

    assert (response.status_code, "<h1>Việc của tôi</h1>" in response.content.decode()) == (200, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_home_query_count(world, client_for, rows, django_assert_num_queries):
    units = [world.residential_area, world.school, world.agency][:rows]
    Registration.objects.filter(participation__unit__in=units).update(state="signed", signed_at=world.at, signed_by=world.cast.head)
    client = client_for(world.cast.commune_officer)
    client.get("/viec-cua-toi/")

    with django_assert_num_queries(14):
        client.get("/viec-cua-toi/")


def test_figures_count_only_what_is_in_reach(world, client_for):
    commune, province = [
        re.search(r"Đã quyết định <strong>(\d+)/(\d+)</strong>", client_for(user).get("/viec-cua-toi/").content.decode()).groups()
        for user in (world.cast.commune_officer, world.cast.province_officer)
    ]

    assert (commune, province) == (("0", "6"), ("0", "7"))


def test_home_asks_for_sign_in(client):
    assert client.get("/viec-cua-toi/").url.startswith("/tai-khoan/login/")


def test_every_figure_opens_exactly_its_rows(world, client_for):
    """The links of the province's home page lead to lists that count what the figure says."""
    for unit, state in [(world.residential_area, "submitted"), (world.school, "received"), (world.province_agency, "submitted")]:
        results.recognition_of(world, unit, decision=results.decision_of(world, world.committee, state="approved"))
        Dossier.objects.filter(participation__unit=unit).update(state=state)
    client = client_for(world.cast.province_officer)

    figures = re.findall(
        r'<a class="by-stat[^"]*" href="(/[^"]+)"><b>(\d+)</b><span>([^<]+)', client.get("/viec-cua-toi/").content.decode()
    )
    opened = {label: (value, _total(client.get(url.replace("&amp;", "&")))) for url, value, label in figures}

    assert opened == {
        "Hồ sơ chờ tiếp nhận": ("2", "2"),
        "Hồ sơ đang thẩm định": ("1", "1"),
        "Đơn vị chưa đăng ký xong": ("7", "7"),
    }


def _total(response):
    return re.search(r'role="status">\s*(\d+)', response.content.decode()).group(1)


def test_a_session_early_in_the_morning_is_due_on_its_local_day(world, today):
    CommitteeSession.objects.create(
        committee=world.committee,
        campaign=world.campaign,
        held_at=datetime.combine(today, time(6, 30), tzinfo=timezone.get_default_timezone()),
        place="Hội trường",
        secretary="Thư ký",
    )

    (item,) = [item for item in work.queue_of(world.cast.commune_officer, today).items if item.task == "Phiên họp Ban Chỉ đạo"]

    assert item.due_on == today


@pytest.fixture
def ballot(world):
    """An open session with one item to vote on."""
    decision = results.decision_of(world, world.committee, state="pending")
    dossier = results.recognition_of(world, world.residential_area, decision=decision).dossier
    session = CommitteeSession.objects.create(
        committee=world.committee, campaign=world.campaign, held_at=world.at, place="Hội trường", secretary="Thư ký"
    )
    set_state(session, "open", opened_at=world.at)
    return AgendaItem.objects.create(session=session, dossier=dossier, position=1)


def ballots_of(user, today):
    return [item.sub for item in work.queue_of(user, today).items if item.action == "Biểu quyết"]


def test_a_member_is_asked_to_vote(world, today, ballot):
    assert ballots_of(world.cast.member_one, today) == ["1 hồ sơ chưa biểu quyết"]


def test_nobody_is_asked_to_vote_after_the_own_term_or_against_a_conflict(world, today, ballot):
    seats = world.committee.memberships
    seats.filter(user=world.cast.member_one).update(valid_to=today - timedelta(days=1))
    seats.filter(user=world.cast.chair).update(valid_to=today - timedelta(days=1))
    Conflict.objects.create(
        session=ballot.session, member=seats.get(user=world.cast.member_two), unit=world.residential_area, ground="Là người của đơn vị"
    )

    assert [ballots_of(getattr(world.cast, name), today) for name in ("member_one", "member_two", "chair")] == [[], [], []]
