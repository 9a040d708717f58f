"""The one clock. Rules take ``at``; only the outermost caller (view, task, command) asks here."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present instant, aware."""
    return timezone.now()


def local_date(at: datetime) -> date:
    """The calendar day of an instant in Asia/Ho_Chi_Minh: a deadline ends with this day, at 23:59:59.999."""
    return timezone.localtime(at).date()


def today() -> date:
    """The present calendar day in Asia/Ho_Chi_Minh."""
    return local_date(now())
