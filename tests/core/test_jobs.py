"""Jobs: leased, resumed, parked, finished once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import jobs
from core.models import Job, JobItem
from core.transitions import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler(monkeypatch):
    """A kind of job that notes what it did; ``broken`` keys fail."""
    seen = {"done": [], "finished": 0, "broken": set()}

    def work(job, keys):
        for key in keys:
            if key in seen["broken"]:
                raise DomainError(f"không làm được {key}")
            seen["done"].append(key)

    def finish(job):
        seen["finished"] += 1

    monkeypatch.setitem(jobs._handlers, "trial", jobs.Handler(work, finish, 2))
    return seen


def start(keys):
    return jobs.start("trial", keys, label="Thử", created_by=None)


def test_job_does_every_item_and_finishes_once(handler):
    job = start(["a", "b", "c"])

    more = jobs.run(job.pk)
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (more, sorted(handler["done"]), handler["finished"], job.outcome) == (False, ["a", "b", "c"], 1, "done")


def test_job_parks_only_the_broken_item_after_three_tries(handler):
    handler["broken"] = {"b"}
    job = start(["a", "b", "c"])

    jobs.run(job.pk)

    job.refresh_from_db()
    parked = JobItem.objects.get(job=job, key="b")
    assert (jobs.progress(job), parked.attempts, parked.error, job.outcome) == (
        jobs.Progress(total=3, done=2, parked=1), 3, "không làm được b", "done",
    )  # fmt: skip


def test_job_of_a_killed_worker_is_resumed_when_the_lease_ran_out(handler):
    job = start(["a", "b"])
    jobs._lease(job, 2)

    jobs.run(job.pk)
    held = list(handler["done"])
    JobItem.objects.filter(job=job).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.run(job.pk)

    assert (held, sorted(handler["done"])) == ([], ["a", "b"])


def test_job_whose_worker_died_three_times_is_parked_not_stuck(handler):
    job = start(["a"])
    JobItem.objects.filter(job=job).update(attempts=3, lease_until=timezone.now() - timedelta(seconds=1))

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (jobs.progress(job).parked, job.outcome) == (1, "done")


def test_retry_gives_parked_items_another_chance(handler):
    handler["broken"] = {"a"}
    job = start(["a"])
    jobs.run(job.pk)
    handler["broken"] = set()

    jobs.retry(job)
    jobs.run(job.pk)

    assert (handler["done"], Job.objects.get(pk=job.pk).outcome, handler["finished"]) == (["a"], "done", 2)
