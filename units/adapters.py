"""What allauth and axes ask of us: no public signing up of accounts, names as officers write them, one spelling of a locked name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 -- for the annotation only

    from units.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the registration of a unit or from an administrator, never from allauth's own sign-up page."""

    def is_open_for_signup(self, request: object) -> bool:
        return False


def display_name(user: User) -> str:
    return user.full_name


def lockout_name(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """The name axes counts wrong tries under: as typed, in small letters, so that capitals give no further tries."""
    named = credentials or {}
    typed = request.POST.get("login") or named.get("username") or named.get("email") or ""
    return typed.strip().lower()[:255]
