"""Long work over many items: leased in chunks by SKIP LOCKED, resumed after any kill, with progress that can be watched."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from core import audit, clock, outbox
from core.models import Job, JobItem
from core.transitions import Actor, DomainError

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=120)
MAX_ATTEMPTS = 3
RUNNERS = 2


@dataclass(frozen=True)
class Handler:
    """What a kind of job does with a chunk of keys, inside one transaction, and once at its end."""

    work: Callable[[Job, Sequence[str]], None]
    finish: Callable[[Job], None] | None
    chunk: int


@dataclass(frozen=True)
class Progress:
    """Counts of a job's items: ``total = done + parked + waiting``."""

    total: int
    done: int
    parked: int

    @property
    def waiting(self) -> int:
        return self.total - self.done - self.parked

    @property
    def percent(self) -> int:
        return 100 if not self.total else (self.done + self.parked) * 100 // self.total


_handlers: dict[str, Handler] = {}


def handles(kind: str, *, chunk: int = 25, finish: Callable[[Job], None] | None = None) -> Callable[..., Any]:
    """Register the worker of a kind of job."""

    def register(work: Callable[[Job, Sequence[str]], None]) -> Callable[[Job, Sequence[str]], None]:
        _handlers[kind] = Handler(work, finish, chunk)
        return work

    return register


def start(kind: str, keys: Iterable[str], *, label: str, created_by: Any, args: dict[str, Any] | None = None, result_url: str = "") -> Job:
    """Make a job with one item per key in the running transaction; the workers are woken on commit."""
    at = clock.now()
    job = Job.objects.create(
        kind=kind, label=label, args=args or {}, result_url=result_url, created_at=at, created_by_id=getattr(created_by, "pk", None)
    )
    JobItem.objects.bulk_create([JobItem(job=job, key=key) for key in keys], batch_size=5000)
    transaction.on_commit(lambda: wake(job.pk))
    return job


def wake(job_id: int) -> None:
    """Ask the workers to go on with a job; a lost message is made up for by the sweep of ``resume``."""
    if outbox.is_by_hand():
        return
    from core.tasks import run_job  # noqa: PLC0415 -- tasks import this module

    try:
        for _runner in range(RUNNERS):
            run_job.delay(job_id)
    except run_job.OperationalError:
        logger.warning("broker away: job %s waits for the next sweep", job_id)


def run(job_id: int, *, seconds: float = 240) -> bool:
    """Work on a job until nothing is left or the time is over; True when there may be more to do."""
    until = clock.now() + timedelta(seconds=seconds)
    while clock.now() < until:
        job = Job.objects.get(pk=job_id)
        if job.outcome != Job.Outcome.RUNNING:
            return False
        handler = _handlers[job.kind]
        keys = _lease(job, handler.chunk)
        if not keys:
            _finish(job, handler)
            return False
        _work(job, handler, keys)
    return True


def _lease(job: Job, count: int) -> list[str]:
    at = clock.now()
    with transaction.atomic():
        free = (
            JobItem.objects.select_for_update(skip_locked=True)
            .filter(job=job, done_at__isnull=True, attempts__lt=MAX_ATTEMPTS)
            .filter(_not_leased(at))
            .order_by("id")[:count]
        )
        items = list(free)
        JobItem.objects.filter(pk__in=[item.pk for item in items]).update(lease_until=at + LEASE, attempts=F("attempts") + 1)
    return [item.key for item in items]


def _not_leased(at: datetime) -> Q:
    """Items nobody holds; a killed worker's lease counts until it runs out."""
    return Q(lease_until__isnull=True) | Q(lease_until__lt=at)


def _work(job: Job, handler: Handler, keys: list[str]) -> None:
    """One chunk in one transaction; when it fails, its items are tried one by one so that a bad one is parked alone."""
    items = JobItem.objects.filter(job=job, key__in=keys)
    try:
        with transaction.atomic():
            handler.work(job, keys)
            items.update(done_at=clock.now(), lease_until=None, error="")
    except Exception as error:
        incident = uuid4().hex[:8].upper()
        logger.exception("incident %s: job %s: chunk of %s failed", incident, job.pk, len(keys))
        message = str(error) if isinstance(error, DomainError) else _("lỗi ngoài dự kiến, mã sự cố %(code)s") % {"code": incident}
        audit.flush_refusals()
        if len(keys) == 1:
            items.update(lease_until=None, error=message[:2000])
            return
        for key in keys:
            _work(job, handler, [key])


def _finish(job: Job, handler: Handler) -> None:
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if locked.outcome != Job.Outcome.RUNNING or progress(locked).waiting:
            return
        locked.outcome = Job.Outcome.DONE
        locked.finished_at = clock.now()
        locked.save(update_fields=["outcome", "finished_at"])
        if handler.finish is not None:
            handler.finish(locked)


def progress(job: Job) -> Progress:
    """How far a job is, counted from its items."""
    counts = job.items.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(done_at__isnull=False)),
        parked=Count("pk", filter=Q(done_at__isnull=True, attempts__gte=MAX_ATTEMPTS) & _not_leased(clock.now())),
    )
    return Progress(**counts)


def resume() -> int:
    """Wake every running job that has free items or nothing left but to be closed; answer how many."""
    at = clock.now()
    waiting = Job.objects.filter(outcome=Job.Outcome.RUNNING).exclude(items__lease_until__gt=at).distinct()
    job_ids = list(waiting.values_list("pk", flat=True))
    for job_id in job_ids:
        wake(job_id)
    return len(job_ids)


def retry(job: Job, *, actor: Actor) -> int:
    """Give parked items another three tries, as the user asked on the job's page; items at work are left to their worker."""
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        parked = locked.items.filter(_not_leased(clock.now()), done_at__isnull=True, attempts__gte=MAX_ATTEMPTS)
        count = 0 if locked.outcome == Job.Outcome.CANCELLED else parked.update(attempts=0, lease_until=None, error="")
        if count:
            locked.outcome, locked.finished_at = Job.Outcome.RUNNING, None
            locked.save(update_fields=["outcome", "finished_at"])
            audit.record("job.retry", locked, actor=actor, data={"items": count})
            transaction.on_commit(lambda: wake(job.pk))
    return count
