"""Domain-free rows: audit, outbox, jobs, one-time keys, stored files, counters, notices."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import text


class Stateful(models.Model):
    """A row whose ``state`` is written by ``core.transitions.perform`` alone."""

    state: models.CharField

    class Meta:
        abstract = True


class SortKeyField(models.CharField):
    """Keeps ``core.text.sort_key`` of another column beside it, for save() and bulk_create() alike."""

    def __init__(self, source: str = "name", **options: Any) -> None:
        self.source = source
        defaults: dict[str, Any] = {"max_length": 400, "editable": False, "default": "", "db_index": True}
        super().__init__(**(defaults | options))

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = text.sort_key(str(getattr(model_instance, self.source)))
        setattr(model_instance, self.attname, key)
        return key


class AuditEvent(models.Model):
    """Who did what, when, to which row. A trigger refuses UPDATE and DELETE."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=80, db_index=True)
    target_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, related_name="+")
    target_id = models.BigIntegerField(null=True, blank=True)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    refused = models.BooleanField(default=False)
    address = models.CharField(max_length=45, blank=True)
    row_hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["target_type", "target_id", "id"], name="audit_by_target")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class OutboxMessage(models.Model):
    """An effect outside the database, written in the transaction that causes it."""

    kind = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["id"], name="outbox_waiting", condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.kind} {self.payload}"


class Job(models.Model):
    """A long act over many items; its progress is the count of its items done."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("đang chạy")
        DONE = "done", _("đã xong")
        CANCELLED = "cancelled", _("đã hủy")

    kind = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    args = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING, editable=False)
    result_url = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.label


class JobItem(models.Model):
    """One unit of a job's work; leased by a worker, given back when the lease runs out, parked after three failures."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="items")
    key = models.CharField(max_length=60)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "key"], name="jobitem_once_per_job")]
        indexes: ClassVar = [models.Index(fields=["job", "id"], name="jobitem_waiting", condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.key}"


class OneTimeKey(models.Model):
    """The key of one sent form, in the transaction of its effect: a second click finds it and is shown the result."""

    key = models.UUIDField(unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=200)
    result_url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


class StoredFile(models.Model):
    """A file kept under the hash of its content; the row is never changed but for the scanner's answer."""

    class Scan(models.TextChoices):
        WAITING = "waiting", _("chờ quét")
        CLEAN = "clean", _("sạch")
        INFECTED = "infected", _("có mã độc")

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    purpose = models.CharField(max_length=60)
    scan = models.CharField(max_length=10, choices=Scan.choices, default=Scan.CLEAN)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the storage keeps the content: by hash, so that equal contents are kept once."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


class Counter(models.Model):
    """A gapless number per key, taken under a row lock in the transaction that uses it."""

    key = models.CharField(max_length=80, unique=True)
    value = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class Notice(models.Model):
    """A sentence for one user, shown in the application and mailed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    text = models.CharField(max_length=400)
    url = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], condition=~Q(key=""), name="notice_once_per_key"),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="notice_unread", condition=Q(read_at__isnull=True))]

    def __str__(self) -> str:
        return self.text
