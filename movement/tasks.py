"""What follows from campaigns and registrations: units are invited, and people are told."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, jobs, notices, outbox
from core.models import Job
from movement import calendar, operations
from movement.models import Campaign, MilestoneCode, Participation, Registration
from movement.operations import invite_units
from units.models import RoleGrant
from units.querysets import current
from units.roles import STANDING_OFFICE_ROLES, UNIT_ROLES, Role

logger = logging.getLogger(__name__)


@jobs.handles("open_campaign", chunk=3)
def invite_communes(job: Job, keys: Sequence[str]) -> None:
    """Invite the units of some communes into the campaign that was opened."""
    campaign = Campaign.objects.get(pk=job.args["campaign_id"])
    rows = invite_units(campaign, area_ids=[int(key) for key in keys], at=clock.now())
    logger.info("campaign %s: %s units invited in %s communes", campaign.pk, len(rows), len(keys))


@outbox.handles("unit.created")
def invite_new_unit(*, unit_id: int) -> None:
    """A unit that enters the register while a campaign is open, by its head or by an officer, takes part in it."""
    rows = operations.invite_new_unit(unit_id=unit_id, at=clock.now())
    if rows:
        logger.info("unit %s invited to %s campaigns", unit_id, len(rows))


@outbox.handles("participation.invited")
def tell_invited(*, participation_ids: Iterable[int]) -> None:
    """Heads are asked to register their unit; who has no e-mail address reads it after signing in."""
    groups: dict[tuple[int, str], list[Participation]] = {}
    for row in Participation.objects.filter(pk__in=participation_ids).select_related("campaign"):
        groups.setdefault((row.campaign_id, row.kind), []).append(row)
    for rows in groups.values():
        campaign, due_on = rows[0].campaign, calendar.due_on(rows[0], MilestoneCode.REGISTRATION)
        text = _("Đơn vị được mời đăng ký phấn đấu đạt tiêu chuẩn “An toàn về an ninh, trật tự” năm %(year)s. Hạn đăng ký: %(day)s.") % {
            "year": campaign.year,
            "day": f"{due_on:%d/%m/%Y}",
        }
        heads = RoleGrant.objects.filter(current(clock.today()), role=Role.UNIT_HEAD, unit__in=[row.unit_id for row in rows])
        by_mail = set(heads.exclude(user__email="").values_list("user", flat=True))
        key, url = f"invited:{campaign.pk}", reverse("movement:registration-list")
        notices.notify(by_mail, text, url, key=key)
        notices.notify(set(heads.values_list("user", flat=True)) - by_mail, text, url, key=key, mail=False)


@outbox.handles("registration.signed")
def tell_signed(*, registration_id: int) -> None:
    """The standing office that handles the unit learns that a registration waits."""
    row = _registration(registration_id)
    text = _("%(unit)s đã gửi bản đăng ký năm %(year)s, chờ tiếp nhận.") % _names(row)
    officers = RoleGrant.objects.filter(current(clock.today()), role__in=STANDING_OFFICE_ROLES, area=row.participation.handling_area_id)
    notices.notify(
        officers.exclude(user=row.signed_by_id).values_list("user", flat=True), text, _url(row), key=_key("signed", row), mail=False
    )


@outbox.handles("registration.declined")
def tell_declined(*, registration_id: int) -> None:
    """Whoever prepared the registration learns what the head wants changed."""
    row = _registration(registration_id)
    if row.prepared_by_id is not None:
        text = _("Thủ trưởng chưa ký bản đăng ký của %(unit)s: %(reason)s") % {**_names(row), "reason": row.return_reason}
        notices.notify([row.prepared_by_id], text, _url(row), key=_key("declined", row))


@outbox.handles("registration.returned")
def tell_returned(*, registration_id: int) -> None:
    """The unit's head and officers learn what is to be changed."""
    row = _registration(registration_id)
    text = _("Bản đăng ký năm %(year)s của %(unit)s bị trả lại: %(reason)s") % {**_names(row), "reason": row.return_reason}
    notices.notify(_people_of_unit(row), text, _url(row), key=_key("returned", row))


@outbox.handles("registration.received")
def tell_received(*, participation_id: int) -> None:
    """The unit's head and officers learn that the unit is registered."""
    row = Registration.objects.select_related("participation__campaign").get(participation=participation_id)
    text = _("Bản đăng ký năm %(year)s của %(unit)s đã được tiếp nhận.") % _names(row)
    notices.notify(_people_of_unit(row), text, _url(row), key=_key("received", row))


def _registration(pk: int) -> Registration:
    return Registration.objects.select_related("participation__campaign").get(pk=pk)


def _names(row: Registration) -> dict[str, object]:
    return {"unit": row.participation.name, "year": row.participation.campaign.year}


def _url(row: Registration) -> str:
    return reverse("movement:registration-detail", args=[row.pk])


def _key(verb: str, row: Registration) -> str:
    """Once per turn: the version counts the savings between two returns."""
    return f"registration.{verb}:{row.pk}:{row.version}"


def _people_of_unit(row: Registration) -> list[int]:
    grants = RoleGrant.objects.filter(current(clock.today()), role__in=UNIT_ROLES, unit=row.participation.unit_id)
    return list(grants.values_list("user", flat=True))
