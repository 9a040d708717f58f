"""The least valid rows of the register."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from core import clock
from units.models import Area, UnitApplication, User
from units.roles import UnitKind
from units.states import ApplicationState


def make_application(area: Area, applicant: User | None = None, *, state: str = ApplicationState.DRAFT, **facts: Any) -> UnitApplication:
    """A complete application of a residential area, put straight into a state."""
    at = clock.now()
    values: dict[str, Any] = {
        "token": uuid4(),
        "kind": UnitKind.RESIDENTIAL_AREA,
        "name": "Bản Noong Quang",
        "address": "Bản Noong Quang",
        "area": area,
        "household_count": 96,
        "head_name": "Lường Văn Quang",
        "head_title": "Trưởng bản",
        "head_phone": "+84912345678",
        "consents": {"registry": "1"},
        "step": 4,
        "applicant": applicant,
        "created_at": at,
        "submitted_at": None if state == ApplicationState.DRAFT else at,
        "reason": "Chưa rõ địa chỉ." if state == ApplicationState.REFUSED else "",
        "state": state,
    } | facts
    return UnitApplication.objects.create(**values)
