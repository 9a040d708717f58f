"""Celery wrappers of the outbox and of jobs."""

from __future__ import annotations

import logging

from celery import shared_task

from core import jobs, notices, outbox

logger = logging.getLogger(__name__)


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


@outbox.handles("notice.mail")
def mail_notice(*, notice_id: int) -> None:
    """Mail one notice to its user, once."""
    notices.mail(notice_id=notice_id)
