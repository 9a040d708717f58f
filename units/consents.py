"""What a person agrees to when leaving name, phone and mail: one text per purpose, each with its version.

A changed text takes a new version: an application keeps the version that its person read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Consent:
    """One purpose; ``required`` where the register cannot do without it."""

    purpose: str
    version: str
    label: Any
    text: Any
    required: bool


CONSENTS = (
    Consent(
        "registry",
        "1",
        _("Lưu để xét công nhận"),
        _(
            "Tôi đồng ý để Công an cấp xã, cấp tỉnh và Ban Chỉ đạo lưu họ tên, chức vụ, điện thoại công vụ của tôi "
            "để đăng ký và xét công nhận đơn vị."
        ),
        required=True,
    ),
    Consent(
        "notices",
        "1",
        _("Nhận thông báo, nhắc hạn"),
        _("Tôi đồng ý nhận thông báo, nhắc hạn qua thư điện tử và điện thoại công vụ đã ghi."),
        required=False,
    ),
)
