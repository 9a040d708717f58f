"""Jobs: leased, resumed, parked, finished once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import jobs
from core.models import AuditEvent, Job, JobItem
from core.transitions import SYSTEM, DomainError

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

    jobs.retry(job, actor=SYSTEM)
    jobs.run(job.pk)

    assert (handler["done"], Job.objects.get(pk=job.pk).outcome, handler["finished"]) == (["a"], "done", 2)


def test_retry_of_a_finished_job_without_parked_items_does_nothing(handler):
    job = start(["a"])
    jobs.run(job.pk)

    count = jobs.retry(job, actor=SYSTEM)
    jobs.run(job.pk)

    assert (count, handler["finished"], Job.objects.get(pk=job.pk).outcome) == (0, 1, "done")


def test_retry_leaves_items_at_work_to_their_worker(handler):
    job = start(["a", "b"])
    JobItem.objects.filter(job=job, key="a").update(attempts=3, error="hỏng")
    JobItem.objects.filter(job=job, key="b").update(attempts=1, lease_until=timezone.now() + timedelta(seconds=60))

    jobs.retry(job, actor=SYSTEM)

    assert [(item.key, item.attempts, item.lease_until is None) for item in job.items.order_by("key")] == [("a", 0, True), ("b", 1, False)]
    assert AuditEvent.objects.filter(verb="job.retry", target_id=job.pk).count() == 1


def test_what_a_fault_says_inside_is_not_shown_to_the_user(handler, monkeypatch):
    def work(job, keys):
        raise ValueError("secret column of a table")

    monkeypatch.setitem(jobs._handlers, "trial", jobs.Handler(work, None, 2))
    job = start(["a"])
    jobs.run(job.pk)

    error = JobItem.objects.get(job=job).error
    assert ("secret" in error, error.startswith("lỗi ngoài dự kiến, mã sự cố ")) == (False, True)
