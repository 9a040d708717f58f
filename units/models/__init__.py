from units.models.areas import Area, AreaReach, AreaSuccession
from units.models.authorities import Authority, AuthorityRule, Signatory
from units.models.people import Delegation, RoleGrant, User
from units.models.units import (
    FACT_FIELDS,
    GENERAL_EDUCATION,
    REQUIRED_FACTS,
    SELF_REGISTERED_KINDS,
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
    "FACT_FIELDS",
    "GENERAL_EDUCATION",
    "REQUIRED_FACTS",
    "SELF_REGISTERED_KINDS",
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
