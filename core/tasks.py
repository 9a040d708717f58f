"""Celery wrappers of the outbox and of jobs."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task

from core import clock, jobs, notices, outbox

logger = logging.getLogger(__name__)
KEYS_KEPT_FOR = timedelta(days=30)


@shared_task
def sweep_outbox() -> None:
    """Carry out what waits in the outbox."""
    done = outbox.sweep()
    if done:
        logger.info("outbox: %s messages done", done)


@shared_task
def run_job(job_id: int) -> None:
    """Work on one job for a while, then hand on to the next turn."""
    if jobs.run(job_id):
        run_job.delay(job_id)
    logger.info("job %s: turn ended", job_id)


@shared_task
def resume_jobs() -> None:
    """Go on with jobs whose worker was killed."""
    woken = jobs.resume()
    if woken:
        logger.info("jobs: %s woken", woken)


@shared_task
def forget_keys() -> None:
    """Delete the one-time keys of forms sent more than a month ago."""
    from core import http  # noqa: PLC0415 -- task body

    deleted = http.forget_keys(before=clock.now() - KEYS_KEPT_FOR)
    logger.info("one-time keys: %s old ones deleted", deleted)


@outbox.handles("notice.mail")
def mail_notice(*, notice_id: int) -> None:
    """Mail one notice to its user, once."""
    notices.mail(notice_id=notice_id)
