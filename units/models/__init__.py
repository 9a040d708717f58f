from units.models.areas import Area, AreaReach, AreaSuccession
from units.models.authorities import Authority, AuthorityRule, Signatory
from units.models.people import Delegation, RoleGrant, User
from units.models.units import (
    GENERAL_EDUCATION,
    ContactPost,
    ExclusionRule,
    SchoolLevel,
    Sector,
    Unit,
    UnitApplication,
    UnitSuccession,
    UnitVersion,
)

__all__ = [
    "GENERAL_EDUCATION",
    "Area",
    "AreaReach",
    "AreaSuccession",
    "Authority",
    "AuthorityRule",
    "ContactPost",
    "Delegation",
    "ExclusionRule",
    "RoleGrant",
    "SchoolLevel",
    "Sector",
    "Signatory",
    "Unit",
    "UnitApplication",
    "UnitSuccession",
    "UnitVersion",
    "User",
]
