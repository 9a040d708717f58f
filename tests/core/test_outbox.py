"""The outbox: once per message, failures wait, a broken message holds nobody up."""

from datetime import timedelta

import pytest

from core import audit, outbox
from core.models import AuditEvent
from core.transitions import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(monkeypatch):
    calls = []

    def handler(*, number):
        if number < 0:
            raise ValueError("hỏng")
        calls.append(number)

    monkeypatch.setitem(outbox._handlers, "trial", [handler])
    return calls


def test_sweep_carries_out_each_message_once(seen):
    outbox.add("trial", number=1)
    outbox.add("trial", number=2)

    done = [outbox.sweep(), outbox.sweep()]

    assert (done, seen) == ([2, 0], [1, 2])


def test_sweep_goes_past_a_broken_message_and_keeps_its_error(seen):
    broken = outbox.add("trial", number=-1)
    outbox.add("trial", number=2)

    outbox.sweep()

    broken.refresh_from_db()
    assert (seen, broken.done_at, broken.attempts, broken.error) == ([2], None, 1, "ValueError: hỏng")


def test_a_failed_message_waits_longer_after_each_try(seen, monkeypatch):
    broken = outbox.add("trial", number=-1)
    began = broken.created_at
    tried = []
    for minutes in range(0, 24 * 60, 5):
        monkeypatch.setattr(outbox.clock, "now", lambda minutes=minutes: began + timedelta(minutes=minutes))
        before = broken.attempts
        outbox.sweep()
        broken.refresh_from_db()
        if broken.attempts > before:
            tried.append(minutes)

    assert tried == [0, 5, 30, 120, 480]


def test_a_refusal_inside_a_message_is_recorded(seen, monkeypatch):
    def refuse(*, number):
        audit.refused("trial.refuse", None, actor=None, reason="không được")
        raise DomainError("không được")

    monkeypatch.setitem(outbox._handlers, "trial", [refuse])
    outbox.add("trial", number=1)

    outbox.sweep()

    assert AuditEvent.objects.filter(verb="trial.refuse", refused=True).count() == 1
