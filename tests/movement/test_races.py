"""Two people at once, over two connections with real commits; each race is seen to go wrong without its lock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from core.models import AuditEvent, Counter
from core.transitions import TransitionRefused
from movement import operations, transitions
from movement.models import Campaign, Participation, Registration
from movement.states import RegistrationState as S
from tests import world as worlds
from tests.factories import movement as make

pytestmark = pytest.mark.slow


@pytest.fixture
def world(committed_db):
    return worlds.build()


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at the same moment, each on a connection of its own; answer what each returned or raised."""
    answers: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(position: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=10)
            answers[position] = act()
        except Exception as error:
            answers[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(position, act)) for position, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def signed(world) -> Registration:
    return make.bring(world.registration(world.residential_area), S.SIGNED, cast=world.cast, at=world.at)


def race(world, row) -> list[Any]:
    return together(
        lambda: transitions.receive_registration(row, actor=world.cast.commune_officer, at=world.at),
        lambda: transitions.return_registration(row, actor=world.cast.commune_officer_two, at=world.at, reason="Sửa"),
    )


def test_receiving_and_returning_at_once_one_wins(world):
    row = signed(world)

    answers = race(world, row)

    assert sorted(type(answer).__name__ for answer in answers) == ["Registration", "TransitionRefused"]
    winner = next(answer for answer in answers if isinstance(answer, Registration))
    assert Registration.objects.get(pk=row.pk).state == winner.state
    assert AuditEvent.objects.filter(verb__in=["registration.receive", "registration.return"], refused=False).count() == 1


def test_without_the_lock_both_would_win(world, monkeypatch):
    """The control: reading without FOR UPDATE, both judge the same state."""
    from core import transitions as core_transitions

    both_read = threading.Barrier(2)

    def unlocked(instance):
        row = type(instance)._base_manager.get(pk=instance.pk)
        both_read.wait(timeout=10)
        return row

    row = signed(world)
    monkeypatch.setattr(core_transitions, "lock", unlocked)
    answers = race(world, row)

    assert [type(answer).__name__ for answer in answers] == ["Registration", "Registration"]


def test_signing_twice_at_once_makes_one_commitment(world):
    row = make.bring(world.registration(world.residential_area), S.PREPARED, cast=world.cast, at=world.at)
    sign = lambda: transitions.sign_registration(row, actor=world.cast.head, at=world.at)  # noqa: E731

    answers = together(sign, sign)

    assert sorted(type(answer).__name__ for answer in answers) == ["Registration", "TransitionRefused"]
    assert row.commitments.count() == 1
    assert isinstance(next(answer for answer in answers if isinstance(answer, Exception)), TransitionRefused)


def test_inviting_one_commune_twice_at_once_numbers_without_gap(world):
    campaign = Campaign.objects.create(province=world.province, year=2031, title="Đợt 2031", starts_on="2031-01-01", closes_on="2031-12-31")
    invite = lambda: operations.invite_units(campaign, area_ids=[world.commune.pk], at=world.at)  # noqa: E731

    answers = together(invite, invite, invite)

    assert sorted(len(answer) for answer in answers) == [0, 0, 6]
    codes = sorted(Participation.objects.filter(campaign=campaign).values_list("code", flat=True))
    assert codes == [f"ANTT-03390-2031-{number:04d}" for number in range(1, 7)]
    assert Counter.objects.get(key="dossier:03390:2031").value == 6


def test_without_the_counters_lock_an_invitation_would_fail(world, monkeypatch):
    """The control: counters read without lock give the same numbers twice."""
    from movement.operations import invitation

    both_read = threading.Barrier(2)
    write = Participation.objects.bulk_create

    def unlocked(campaign, commune_codes):
        return {code: Counter(key=f"x{code}") for code in commune_codes}

    def write_when_both_have_read(rows):
        both_read.wait(timeout=30)
        return write(rows)

    campaign = Campaign.objects.create(province=world.province, year=2031, title="Đợt 2031", starts_on="2031-01-01", closes_on="2031-12-31")
    monkeypatch.setattr(invitation, "_lock_counters", unlocked)
    monkeypatch.setattr(Counter.objects, "bulk_update", lambda rows, fields: 0)
    monkeypatch.setattr(Participation.objects, "bulk_create", write_when_both_have_read)
    invite = lambda: operations.invite_units(campaign, area_ids=[world.commune.pk], at=world.at)  # noqa: E731

    assert sorted(type(answer).__name__ for answer in together(invite, invite)) == ["IntegrityError", "list"]


def test_a_save_waits_for_the_signature_and_is_refused(world):
    row = make.bring(world.registration(world.residential_area), S.PREPARED, cast=world.cast, at=world.at)

    answers = together(
        lambda: transitions.sign_registration(row, actor=world.cast.head, at=world.at),
        lambda: make.fill(row, actor=world.cast.officer, at=world.at, goals="Sửa lén"),
    )

    assert [type(answer).__name__ for answer in answers] == ["Registration", "TransitionRefused"]
    assert Registration.objects.get(pk=row.pk).goals == "Giữ vững an ninh, trật tự."
