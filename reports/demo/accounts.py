"""Accounts of the demo: who they are, and the one password they share. They exist only where ``settings.DEMO`` says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from core.transitions import SYSTEM
from units.models import Area, RoleGrant, Unit, User
from units.operations import grant_role, open_account
from units.roles import Role

DEMO_PASSWORD = "binh-yen-2026"


@cache
def _password_hash() -> str:
    """Hashed once: slow hashing is for guessers, not for a thousand accounts with a printed password."""
    return make_password(DEMO_PASSWORD)


def open_demo_account(username: str, full_name: str, role: Role, place: Area | Unit, *, post: str, at: datetime, since: date) -> User:
    """An account with the demo's password and one role from a day on."""
    user = open_account(username=username, full_name=full_name, password_hash=_password_hash(), post=post, actor=SYSTEM, at=at)
    area, unit = (place, None) if isinstance(place, Area) else (None, place)
    grant_role(user=user, role=role, area=area, unit=unit, valid_from=since, actor=SYSTEM, at=at)
    return user


@dataclass(frozen=True)
class Shown:
    """A line of the list printed at the start of ``bin/dev``."""

    role: str
    username: str
    full_name: str
    place: str


# One of each role, in the first place by its code: a commune's people, people of the province.
SHOWN: tuple[tuple[str, str], ...] = (
    (Role.UNIT_HEAD, "dv-"),
    (Role.UNIT_OFFICER, "dv-"),
    (Role.COMMUNE_OFFICER, "xa"),
    (Role.COMMITTEE_CHAIR, "xa"),
    (Role.COMMITTEE_MEMBER, "xa"),
    (Role.PROVINCE_OFFICER, "tinh"),
    (Role.LEADER, "tinh"),
    (Role.AUDITOR, "tinh"),
    (Role.SYSTEM_ADMIN, "tinh"),
)
BESIDE = {Role.COMMUNE_OFFICER: 2}  # one receives what the other wrote on behalf


def shown_accounts() -> Iterator[Shown]:
    """A demo account for every role."""
    for role, prefix in SHOWN:
        grants = RoleGrant.objects.filter(role=role, user__username__startswith=prefix).select_related("user", "area", "unit")
        for grant in grants.order_by("user__username")[: BESIDE.get(Role(role), 1)]:
            yield Shown(str(Role(role).label), grant.user.username, grant.user.full_name, str(grant.area or grant.unit))
