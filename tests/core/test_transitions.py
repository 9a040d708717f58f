"""The one door of state changes, through the registration's table."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import AuditEvent
from core.transitions import TransitionRefused, perform
from movement import states


def test_perform_changes_state_and_records_who(world):
    registration = world.registration(world.residential_area)

    with perform(states.PREPARE, registration, actor=world.cast.officer) as row:
        row.prepared_by = world.cast.officer

    row.refresh_from_db()
    event = AuditEvent.objects.latest("id")
    assert (row.state, event.verb, event.actor, event.from_state, event.to_state) == (
        "prepared", "registration.prepare", world.cast.officer, "draft", "prepared",
    )  # fmt: skip


def test_perform_refuses_wrong_state_and_records_refusal_after_rollback(world):
    registration = world.registration(world.residential_area)

    with pytest.raises(TransitionRefused, match="đang soạn"), perform(states.SIGN, registration, actor=world.cast.head):
        pass
    audit.flush_refusals()

    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.refused, event.actor) == ("registration.sign", True, world.cast.head)


def test_perform_refuses_foreign_user(world):
    registration = world.registration(world.residential_area)

    with pytest.raises(PermissionDenied), perform(states.PREPARE, registration, actor=world.cast.neighbour_officer):
        pass

    registration.refresh_from_db()
    assert registration.state == "draft"


@pytest.mark.parametrize("statement", ["UPDATE core_auditevent SET verb = 'x'", "DELETE FROM core_auditevent"])
def test_audit_is_append_only(world, statement):
    audit.record("trial", world.residential_area, actor=world.cast.head)

    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor.execute(statement)


def test_audit_hash_covers_every_column(world):
    event = audit.record("trial", world.residential_area, actor=world.cast.head, reason="vì sao", data={"a": 1})
    stored = AuditEvent.objects.get(pk=event.pk)

    assert stored.row_hash == audit.row_hash(stored)
    for field, value in {"verb": "other", "reason": "", "data": {}, "actor_id": None, "target_id": 0, "refused": True}.items():
        changed = AuditEvent.objects.get(pk=event.pk)
        setattr(changed, field, value)
        assert audit.row_hash(changed) != stored.row_hash
