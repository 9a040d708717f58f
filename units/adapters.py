"""What allauth and axes ask of us: no public signing up of accounts, one spelling of a locked name, and a record of who came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core import audit
from units.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 -- for the annotation only


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the registration of a unit or from an administrator, never from allauth's own sign-up page."""

    def is_open_for_signup(self, request: object) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse(settings.LOGIN_REDIRECT_URL)

    def clean_password(self, password: str, user: Any = None) -> str:
        """The rules of the settings, and no change to the password that is there already."""
        cleaned: str = super().clean_password(password, user)
        if user is not None and user.pk and user.check_password(cleaned):
            raise ValidationError(_("Mật khẩu mới phải khác mật khẩu đang dùng."))
        return cleaned

    def set_password(self, user: Any, password: str) -> None:
        """Keep a password that its owner chose: nothing is left to be changed."""
        user.set_password(password)
        user.must_change_password = False
        with transaction.atomic():
            user.save(update_fields=["password", "must_change_password"])
            audit.record("account.password", user, actor=user)

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        audit.record("account.sign_in", user, actor=user)

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            audit.record("account.sign_out", request.user, actor=request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a wrong try with the account it was aimed at; what was typed is not kept, it may be a password."""
        if not getattr(request, "axes_locked_out", False):
            name = lockout_name(request, credentials)
            aimed_at = User.objects.filter(email=name).first() if "@" in name else User.objects.filter(username=name).first()
            audit.refused("account.sign_in", aimed_at, actor=None, reason=_("Tên đăng nhập hoặc mật khẩu không đúng."))


def display_name(user: User) -> str:
    return user.full_name


def lockout_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name axes counts wrong tries under, as the database compares it: “ı” and “ſ” have the capitals of “i” and “s”.

    The credentials come first, for any form may carry a field ``login``.
    """
    named = credentials or {}
    typed = str(named.get("username") or named.get("email") or request.POST.get("login") or "")
    return typed.strip().upper().lower()[:255]
