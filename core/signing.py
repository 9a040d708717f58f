"""The password asked again in place of a signature: before something is signed, decided or made public."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm

TOO_MANY_TRIES = _("Bạn đã nhập mật khẩu quá nhiều lần. Hãy đợi một phút rồi ký lại.")


class SigningForm(OnceForm):
    """A form whose sender proves anew who is at the keyboard."""

    password = forms.CharField(
        label=_("Mật khẩu của bạn"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "class": "by-w-m"}),
        help_text=_("Nhập lại mật khẩu thay cho chữ ký."),
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.order_fields([*(name for name in self.fields if name != "password"), "password"])

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.actor.check_password(password):
            raise ValidationError(_("Mật khẩu không đúng. Hãy nhập lại."), code="password")
        return password


def may_try_password(request: Any) -> bool:
    """Whether this form may be looked at: each sending is a try, and there are only so many a minute."""
    return request.method != "POST" or bool(ratelimit.consume(request, action="reauthenticate", user=request.user))
