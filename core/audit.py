"""One record for every write, refusal and reading of a dossier: who, what, when, from where, before and after."""

from __future__ import annotations

import hashlib
import json
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from core import clock
from core.models import AuditEvent

if TYPE_CHECKING:
    from core.transitions import Actor

_address: ContextVar[str] = ContextVar("audit_address", default="")
_refusals: ContextVar[list[AuditEvent] | None] = ContextVar("audit_refusals", default=None)


def row_hash(event: AuditEvent) -> str:
    """SHA-256 over every column of the event but its id, in one canonical spelling."""
    content = {
        "at": event.at.isoformat(),
        "actor": event.actor_id,
        "acting_for": event.acting_for_id,
        "verb": event.verb,
        "target": [event.target_type_id, event.target_id],
        "states": [event.from_state, event.to_state],
        "reason": event.reason,
        "data": event.data,
        "refused": event.refused,
        "address": event.address,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _event(verb: str, target: models.Model | None, *, actor: Actor | None, **values: Any) -> AuditEvent:
    user_id = getattr(actor, "pk", None)
    event = AuditEvent(
        at=values.pop("at", None) or clock.now(),
        actor_id=user_id,
        acting_for_id=getattr(getattr(actor, "acting_for", None), "pk", None),
        verb=verb,
        target_type=ContentType.objects.get_for_model(target) if target is not None else None,
        target_id=target.pk if target is not None else None,
        address=_address.get(),
        **values,
    )
    event.row_hash = row_hash(event)
    return event


def record(
    verb: str,
    target: models.Model | None,
    *,
    actor: Actor | None,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEvent:
    """Write one event in the running transaction. ``SYSTEM`` is stored as no actor."""
    event = _event(verb, target, actor=actor, from_state=from_state, to_state=to_state, reason=reason, data=data or {}, at=at)
    event.save(force_insert=True)
    return event


def refused(verb: str, target: models.Model | None, *, actor: Actor | None, reason: str) -> None:
    """Record a refusal, after the refused transaction has ended: inside one it waits for ``flush_refusals``."""
    event = _event(verb, target, actor=actor, reason=reason, refused=True)
    waiting = _refusals.get()
    if waiting is None:
        waiting = []
        _refusals.set(waiting)
    waiting.append(event)
    if not connection.in_atomic_block:
        flush_refusals()


def flush_refusals() -> int:
    """Write the refusals that waited for their transaction to end; answer how many there were."""
    waiting = _refusals.get() or []
    _refusals.set(None)
    for event in waiting:
        event.save(force_insert=True)
    return len(waiting)


def start_request(address: str) -> None:
    """Called by the middleware: events of this request come from ``address``."""
    _address.set(address)
    _refusals.set(None)
