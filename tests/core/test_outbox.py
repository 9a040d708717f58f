"""The outbox: once per message, failures wait, a broken message holds nobody up."""

import pytest

from core import outbox
from core.models import OutboxMessage

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


def test_sweep_gives_up_after_five_tries(seen):
    broken = outbox.add("trial", number=-1)

    for _turn in range(7):
        outbox.sweep()

    broken.refresh_from_db()
    assert (broken.attempts, OutboxMessage.objects.filter(done_at__isnull=True).count()) == (5, 1)
