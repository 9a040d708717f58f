"""Notices about applications, and the clearing of drafts nobody sent."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, notices, outbox
from units.models import RoleGrant, UnitApplication
from units.querysets import current
from units.roles import Role

logger = logging.getLogger(__name__)
DRAFTS_KEPT_FOR = timedelta(days=30)


@outbox.handles("application.submitted")
def notify_commune(*, application_id: int) -> None:
    """Tell the commune police of the place that an application waits."""
    application = UnitApplication.objects.get(pk=application_id)
    officers = RoleGrant.objects.filter(current(clock.today()), role=Role.COMMUNE_OFFICER, area=application.area_id)
    notices.notify(
        officers.values_list("user_id", flat=True),
        _("“%(unit)s” vừa đăng ký, chờ xác nhận.") % {"unit": application.name},
        reverse("units:application-detail", args=[application.pk]),
        key=_key("submitted", application),
    )


@outbox.handles("application.confirmed")
def notify_confirmed(*, application_id: int, unit_id: int) -> None:
    """Tell the applicant that the unit is in the register."""
    application = UnitApplication.objects.get(pk=application_id)
    notices.notify(
        _applicant(application),
        _("Công an xã đã xác nhận “%(unit)s”. Tài khoản của bạn đã dùng được.") % {"unit": application.name},
        reverse("units:unit-detail", args=[unit_id]),
        key=_key("confirmed", application),
    )


@outbox.handles("application.refused")
def notify_refused(*, application_id: int) -> None:
    """Tell the applicant why the application came back."""
    application = UnitApplication.objects.get(pk=application_id)
    notices.notify(
        _applicant(application),
        _("Đăng ký “%(unit)s” chưa được xác nhận: %(reason)s") % {"unit": application.name, "reason": application.reason},
        reverse("units:application-detail", args=[application.pk]),
        key=_key("refused", application),
    )


def _applicant(application: UnitApplication) -> list[int]:
    return [application.applicant_id] if application.applicant_id else []


def _key(event: str, application: UnitApplication) -> str:
    """One notice per sending, however often the message is carried out."""
    return f"application.{event}:{application.pk}:{application.submitted_at:%Y%m%dT%H%M%S%f}"


@shared_task
def forget_drafts() -> None:
    """Delete drafts of applications that nobody sent within a month."""
    from units import operations  # noqa: PLC0415 -- task body

    deleted = operations.forget_drafts(before=clock.now() - DRAFTS_KEPT_FOR)
    logger.info("applications: %s old drafts deleted", deleted)
