"""Who may sign and issue official documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from units.roles import COMMITTEE_ROLES, STANDING_OFFICE_ROLES, Role

if TYPE_CHECKING:
    from directives.models import OfficialDocument
    from units.models import Authority, User


def can_sign_document(user: User, document: OfficialDocument) -> bool:
    """The chair or who presides instead, and the standing office of the same level that carries the signed paper to the register."""
    return user.has_any_role(COMMITTEE_ROLES | STANDING_OFFICE_ROLES, area_id=document.authority.area_id)


def can_attach_scan(user: User, document: OfficialDocument) -> bool:
    """The standing office of the authority's level, or the chair, keeps the scan of the paper that was signed."""
    return user.has_any_role(STANDING_OFFICE_ROLES | {Role.COMMITTEE_CHAIR}, area_id=document.authority.area_id)


def can_keep_series(user: User, authority: Authority) -> bool:
    """The standing office keeps the registers of its authority."""
    return user.has_any_role(STANDING_OFFICE_ROLES, area_id=authority.area_id)
