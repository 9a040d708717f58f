"""The choice who gives the numbers of a register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm, Radios
from directives.models import NumberSeries


class SeriesModeForm(OnceForm):
    """Own numbers without a gap, or numbers of the authority's office typed at issue."""

    mode = forms.ChoiceField(
        label=_("Ai cấp số"),
        choices=NumberSeries.Mode.choices,
        widget=Radios(
            descriptions={
                "own": _("Số tăng dần từ 01, không trống số nào."),
                "external": _("Nhập số khi duyệt văn bản; phần mềm chỉ kiểm tra không trùng."),
            }
        ),
    )

    def __init__(self, *args: Any, mode: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["mode"] = mode
