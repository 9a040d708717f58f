"""What becomes of a unit in a played year: most go straight through, a few take each of the side roads."""

from __future__ import annotations

from enum import StrEnum
from random import Random

from movement.models import Participation
from units.roles import UnitKind


class Fate(StrEnum):
    PLAIN = "plain"
    ABSENT = "absent"  # never registers
    SILENT = "silent"  # registers and never submits
    LATE = "late"  # registers after the last day, with a reason
    REGISTRATION_RETURNED = "registration_returned"
    DECLINED = "declined"  # the head sends the draft back to the officer once
    NOT_MET = "not_met"  # says so itself
    OVERRULED = "overruled"  # says met, the appraiser does not agree
    DOSSIER_RETURNED = "dossier_returned"
    WITHDRAWN = "withdrawn"  # takes the dossier back once, and submits again
    ON_BEHALF = "on_behalf"  # the commune writes for a residential area


# In thousandths, together well below one: the rest is plain.
_SHARES = (
    (Fate.ABSENT, 20),
    (Fate.SILENT, 20),
    (Fate.LATE, 20),
    (Fate.REGISTRATION_RETURNED, 30),
    (Fate.DECLINED, 10),
    (Fate.NOT_MET, 25),
    (Fate.OVERRULED, 15),
    (Fate.DOSSIER_RETURNED, 30),
    (Fate.WITHDRAWN, 10),
    (Fate.ON_BEHALF, 20),
)


def fate_of(participation: Participation) -> Fate:
    """The same for the same dossier code, however often it is asked; communes always go straight through."""
    if participation.kind == UnitKind.COMMUNE:
        return Fate.PLAIN
    lot = Random(participation.code).randrange(1000)
    for fate, share in _SHARES:
        if lot < share:
            alone = fate == Fate.ON_BEHALF and participation.kind != UnitKind.RESIDENTIAL_AREA
            return Fate.PLAIN if alone else fate
        lot -= share
    return Fate.PLAIN
