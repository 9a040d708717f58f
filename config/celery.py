"""The Celery application: JSON only, tasks take ids and may run twice (see docs/operations.md)."""

from celery import Celery

app = Celery("binhyen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
