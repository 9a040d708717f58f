"""Accounts and what they may do where, with dates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import SortKeyField
from units.models.areas import Area
from units.querysets import current
from units.roles import Role
from units.scoping import Grants


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """What a letterhead holds of a person: name, post, work phone, work e-mail."""

    username = models.CharField(_("tên đăng nhập"), max_length=60, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    post = models.CharField(_("chức vụ"), max_length=120, blank=True)
    phone = models.CharField(_("điện thoại công vụ"), max_length=16, blank=True)
    email = models.EmailField(_("thư điện tử công vụ"), blank=True)
    sort_key = SortKeyField("full_name")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["full_name"]

    class Meta:
        ordering: ClassVar = ["sort_key"]
        constraints: ClassVar = [
            models.UniqueConstraint("email", condition=~Q(email=""), name="user_email_once"),
            models.CheckConstraint(condition=Q(username__regex=r"^[a-z0-9._@+-]+$"), name="user_name_is_plain"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def current_grants(self) -> Grants:
        """Today's grants, read once per loaded user."""
        return self._grants

    @cached_property
    def _grants(self) -> Grants:
        rows = list(self.grants.filter(current(clock.today())).values_list("role", "area_id", "unit_id"))
        return Grants(
            frozenset((role, area) for role, area, _unit in rows if area), frozenset((role, unit) for role, _area, unit in rows if unit)
        )

    def forget_grants(self) -> None:
        """Read the grants anew at the next question: they have just changed."""
        self.__dict__.pop("_grants", None)

    def has_role(self, role: str, *, area_id: int | None = None, unit_id: int | None = None) -> bool:
        """Whether the user holds a role today, anywhere or in exactly this area or unit."""
        return self.current_grants().has(role, area_id=area_id, unit_id=unit_id)

    def has_any_role(self, roles: Iterable[str], *, area_id: int | None = None, unit_id: int | None = None) -> bool:
        return any(self.has_role(role, area_id=area_id, unit_id=unit_id) for role in roles)


class RoleGrant(models.Model):
    """A role in an area or in a unit, from a day to a day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(_("vai trò"), max_length=20, choices=Role.choices)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="grants")
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, blank=True, related_name="grants")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, unit__isnull=True) | Q(area__isnull=True, unit__isnull=False),
                name="rolegrant_names_area_or_unit",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, role__in=[Role.UNIT_HEAD, Role.UNIT_OFFICER])
                | (Q(area__isnull=False) & ~Q(role__in=[Role.UNIT_HEAD, Role.UNIT_OFFICER])),
                name="rolegrant_role_fits_place",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "valid_from"], name="rolegrant_by_user")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Delegation(models.Model):
    """``to_user`` acts for ``from_user`` for a period; rights are the intersection (ruling 16)."""

    from_user = models.ForeignKey(User, models.PROTECT, related_name="delegations_given")
    to_user = models.ForeignKey(User, models.PROTECT, related_name="delegations_held")
    valid_from = models.DateField()
    valid_to = models.DateField()
    ground = models.CharField(_("căn cứ"), max_length=200)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(from_user=models.F("to_user")), name="delegation_to_another")]

    def __str__(self) -> str:
        return f"{self.to_user} thay mặt {self.from_user}"
