"""Effects outside the database: written as rows in the transaction, carried out by the worker, safe to run twice."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from core import audit, clock
from core.models import OutboxMessage

logger = logging.getLogger(__name__)
Handler = Callable[..., None]
_handlers: dict[str, list[Handler]] = defaultdict(list)
# How long after it was written a message is tried again: a mail server may be away for hours.
WAITS = (timedelta(0), timedelta(minutes=2), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
MAX_ATTEMPTS = len(WAITS)
_by_hand: ContextVar[bool] = ContextVar("outbox_by_hand", default=False)


@contextmanager
def by_hand() -> Iterator[None]:
    """Wake no worker meanwhile: a command that causes thousands of messages carries them out itself, with ``sweep``."""
    token = _by_hand.set(True)
    try:
        yield
    finally:
        _by_hand.reset(token)


def is_by_hand() -> bool:
    return _by_hand.get()


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a function for messages of ``kind``; it gets the payload as keywords and may run twice."""

    def register(handler: Handler) -> Handler:
        _handlers[kind].append(handler)
        return handler

    return register


def add(kind: str, **payload: Any) -> OutboxMessage:
    """Write a message in the running transaction; the worker is woken on commit, once however many messages there are."""
    message = OutboxMessage.objects.create(kind=kind, payload=payload, created_at=clock.now())
    if not _by_hand.get() and not any(registered[1] is _wake for registered in connection.run_on_commit):
        transaction.on_commit(_wake)
    return message


def _wake() -> None:
    from core.tasks import sweep_outbox  # noqa: PLC0415 -- tasks import this module

    try:
        sweep_outbox.delay()
    except sweep_outbox.OperationalError:
        logger.warning("broker away: the message waits for the next sweep")


def sweep(limit: int = 200) -> int:
    """Carry out waiting messages, oldest first, each in its own transaction; answer how many were done."""
    done = 0
    skipped: list[int] = []
    while done + len(skipped) < limit:
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(_is_due(clock.now()), done_at__isnull=True)
                .exclude(pk__in=skipped)
                .order_by("id")
                .first()
            )
            if message is None:
                break
            if _carry_out(message):
                done += 1
            else:
                skipped.append(message.pk)
        audit.flush_refusals()
    return done


def _is_due(at: datetime) -> Q:
    """Messages whose next try has come; after the last try a message stays and waits for a person."""
    due = Q()
    for attempts, wait in enumerate(WAITS):
        due |= Q(attempts=attempts, created_at__lte=at - wait)
    return due


def _carry_out(message: OutboxMessage) -> bool:
    try:
        with transaction.atomic():
            for handler in _handlers[message.kind]:
                handler(**message.payload)
    except Exception as error:
        logger.exception("outbox message %s (%s) failed", message.pk, message.kind)
        OutboxMessage.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1, error=f"{type(error).__name__}: {error}"[:2000])
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(done_at=clock.now(), attempts=F("attempts") + 1, error="")
    return True
