"""What allauth asks of us: no public signing up of accounts, names as officers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from units.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the registration of a unit or from an administrator, never from allauth's own sign-up page."""

    def is_open_for_signup(self, request: object) -> bool:
        return False


def display_name(user: User) -> str:
    return user.full_name
