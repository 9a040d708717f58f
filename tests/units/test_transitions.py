"""Every state of an application × every verb, the rules beside the table, and two officers at once."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from core import audit, outbox
from core.models import AuditEvent, Counter, Notice, OutboxMessage
from core.transitions import DomainError, TransitionRefused
from tests import world as worlds
from tests.factories.units import make_application
from units import policies, states, transitions
from units.models import RoleGrant, Unit, UnitApplication
from units.states import ApplicationState

VERBS = {
    "submit": lambda row, world: transitions.submit_application(row, actor=world.cast.nobody, at=world.at),
    "confirm": lambda row, world: transitions.confirm_application(row, actor=world.cast.commune_officer, at=world.at),
    "refuse": lambda row, world: transitions.refuse_application(row, actor=world.cast.commune_officer, at=world.at, reason="Trùng."),
}
ALLOWED = {
    ("draft", "submit"): "submitted",
    ("refused", "submit"): "submitted",
    ("submitted", "confirm"): "confirmed",
    ("submitted", "refuse"): "refused",
}


def application_in(world, state, **facts):
    unit = world.agency if state == ApplicationState.CONFIRMED else None
    return make_application(world.commune, world.cast.nobody, state=state, unit=unit, **facts)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ApplicationState.values)
def test_application_moves_only_along_its_table(world, state, verb):
    application = application_in(world, state)

    if (state, verb) in ALLOWED:
        VERBS[verb](application, world)
    else:
        with pytest.raises(TransitionRefused):
            VERBS[verb](application, world)

    application.refresh_from_db()
    assert application.state == ALLOWED.get((state, verb), state)


def test_table_is_what_is_tried():
    declared = {(source, each.verb.partition(".")[2]): each.target for each in states.APPLICATION_TRANSITIONS for source in each.sources}

    assert declared == ALLOWED


@pytest.mark.parametrize(
    ("name", "may"),
    [("commune_officer", True), ("commune_officer_two", True), ("neighbour_officer", False), ("province_officer", False),
     ("chair", False), ("leader", False), ("auditor", False), ("admin", False), ("head", False), ("nobody", False)],
)  # fmt: skip
def test_only_the_commune_police_of_the_place_decide(world, name, may):
    application = application_in(world, "submitted")

    assert policies.can_decide_application(getattr(world.cast, name), application) is may


def test_officer_does_not_decide_an_own_application(world):
    application = make_application(world.commune, world.cast.commune_officer, state="submitted")
    audit.start_request("203.0.113.7")

    with pytest.raises(PermissionDenied):
        transitions.confirm_application(application, actor=world.cast.commune_officer, at=world.at)

    audit.flush_refusals()
    application.refresh_from_db()
    refused = AuditEvent.objects.get(verb="application.confirm", refused=True)
    assert (application.state, refused.actor) == ("submitted", world.cast.commune_officer)


def test_confirm_makes_unit_head_and_message(world):
    application = application_in(world, "submitted")

    confirmed = transitions.confirm_application(application, actor=world.cast.commune_officer, at=world.at)

    unit = Unit.objects.get(name="Bản Noong Quang")
    assert (confirmed.unit, confirmed.decided_by, confirmed.decided_at, unit.code) == (
        unit, world.cast.commune_officer, world.at, "DV-03390-0001",
    )  # fmt: skip
    assert list(world.cast.nobody.grants.values_list("role", "unit")) == [("unit_head", unit.pk)]
    message = OutboxMessage.objects.get(kind="application.confirmed")
    assert message.payload == {"application_id": application.pk, "unit_id": unit.pk}


def test_submit_needs_every_step(world):
    draft = application_in(world, "draft", household_count=None)

    with pytest.raises(DomainError, match="còn thiếu thông tin"):
        transitions.submit_application(draft, actor=world.cast.nobody, at=world.at)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"kind": "school", "school_level": "kindergarten", "headcount": 12, "learner_count": 90}, "điểm b khoản 2 Điều 1"),
        (
            {"kind": "enterprise", "sector": "services", "insured_headcount": 8, "revenue": 2, "capital": 1, "tax_code": "0100233488"},
            "Doanh nghiệp siêu nhỏ",
        ),
        ({"kind": "agency", "headcount": 30, "is_armed_forces": True}, "lực lượng vũ trang"),
    ],
)
def test_excluded_units_are_refused_with_the_article(world, facts, words):
    draft = application_in(world, "draft", **facts)
    sent = application_in(world, "submitted", **facts)

    with pytest.raises(DomainError, match=words):
        transitions.submit_application(draft, actor=world.cast.nobody, at=world.at)
    with pytest.raises(DomainError, match=words):
        transitions.confirm_application(sent, actor=world.cast.commune_officer, at=world.at)


def test_refuse_needs_a_reason(world):
    application = application_in(world, "submitted")

    with pytest.raises(DomainError, match="Ghi lý do"):
        transitions.refuse_application(application, actor=world.cast.commune_officer, at=world.at, reason="  ")


def test_each_step_tells_whom_it_concerns_once(world):
    application = application_in(world, "draft")
    transitions.submit_application(application, actor=world.cast.nobody, at=world.at)
    transitions.refuse_application(application, actor=world.cast.commune_officer, at=world.at, reason="Sai tên bản.")
    application = transitions.submit_application(application, actor=world.cast.nobody, at=world.at)
    transitions.confirm_application(application, actor=world.cast.commune_officer, at=world.at)
    outbox.sweep()
    OutboxMessage.objects.update(done_at=None)

    outbox.sweep()

    notices = Notice.objects.filter(key__startswith="application.")
    told = {name: list(notices.filter(user=getattr(world.cast, name)).values_list("text", flat=True)) for name in (
        "commune_officer", "commune_officer_two", "nobody", "neighbour_officer",
    )}  # fmt: skip
    waits = "“Bản Noong Quang” vừa đăng ký, chờ xác nhận."
    assert told == {
        "commune_officer": [waits],
        "commune_officer_two": [waits],
        "nobody": [
            "Công an xã đã xác nhận “Bản Noong Quang”. Tài khoản của bạn đã dùng được.",
            "Đăng ký “Bản Noong Quang” chưa được xác nhận: Sai tên bản.",
        ],
        "neighbour_officer": [],
    }


def test_two_officers_confirm_at_once_and_one_unit_is_made(committed_db):
    world = worlds.build()
    application = application_in(world, "submitted")
    officers = [world.cast.commune_officer, world.cast.commune_officer_two]
    gate = threading.Barrier(2)
    outcomes = []

    def confirm(officer):
        gate.wait()
        try:
            transitions.confirm_application(application, actor=officer, at=world.at)
            outcomes.append("confirmed")
        except TransitionRefused:
            outcomes.append("too late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    units = Unit.objects.filter(name="Bản Noong Quang")
    assert (sorted(outcomes), units.count(), RoleGrant.objects.filter(unit__in=units).count()) == (["confirmed", "too late"], 1, 1)


def test_without_the_lock_two_officers_would_make_two_units(committed_db, monkeypatch):
    """The control of the race: the same two threads with the row read unlocked."""
    world = worlds.build()
    application = application_in(world, "submitted")
    Counter.objects.create(key="unit:03390")
    both_have_read = threading.Barrier(2)
    outcomes = []

    def read_only(instance):
        row = UnitApplication.objects.get(pk=instance.pk)
        both_have_read.wait(timeout=10)
        return row

    monkeypatch.setattr("core.transitions.lock", read_only)

    def confirm(officer):
        try:
            transitions.confirm_application(application, actor=officer, at=world.at)
            outcomes.append("confirmed")
        except DomainError:
            outcomes.append("too late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm, args=[user]) for user in (world.cast.commune_officer, world.cast.commune_officer_two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # The role is refused to the second (one grant per person and unit differs by unit): both get through.
    assert (outcomes, Unit.objects.filter(name="Bản Noong Quang").count()) == (["confirmed", "confirmed"], 2)
