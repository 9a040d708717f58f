"""Accounts of the demo: who they are, and the one password they share. They exist only where ``settings.DEMO`` says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from core.transitions import SYSTEM
from units.models import Area, Unit, User
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


# One of each role; the places are the first commune and the first units in order of their codes.
SHOWN: tuple[tuple[str, str], ...] = (
    (Role.UNIT_HEAD, "truong"),
    (Role.UNIT_OFFICER, "canbo"),
    (Role.COMMUNE_OFFICER, "canbo"),
    (Role.COMMUNE_OFFICER, "canbo2"),
    (Role.COMMITTEE_CHAIR, "truongban"),
    (Role.COMMITTEE_MEMBER, "uyvien1"),
    (Role.PROVINCE_OFFICER, "canbo"),
    (Role.LEADER, "lanhdao"),
    (Role.AUDITOR, "thanhtra"),
    (Role.SYSTEM_ADMIN, "quantri"),
)


def shown_accounts() -> Iterable[Shown]:
    """One demo account per role (two commune officers, since one receives and another appraises)."""
    for role, ending in SHOWN:
        user = (
            User.objects.filter(grants__role=role, username__endswith=f".{ending}").order_by("username").first()
            or User.objects.filter(grants__role=role, username=ending).first()
        )
        if user is not None:
            grant = user.grants.filter(role=role).select_related("area", "unit").first()
            yield Shown(str(Role(role).label), user.username, user.full_name, str(grant.area or grant.unit) if grant else "")
