"""Who may sign and issue official documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from units.roles import STANDING_OFFICE_ROLES, Role

if TYPE_CHECKING:
    from directives.models import OfficialDocument
    from units.models import User


def can_sign_document(user: User, document: OfficialDocument) -> bool:
    """The chair, or the standing office of the same level that carries the signed paper to the register."""
    return user.has_any_role((Role.COMMITTEE_CHAIR, *STANDING_OFFICE_ROLES), area_id=document.authority.area_id)
