"""Counts over an area's participations, each with the list it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from evaluations.models import Dossier
from evaluations.states import DecisionState, DossierState
from movement.models import Participation
from movement.states import RegistrationState

if TYPE_CHECKING:
    from movement.models import Campaign
    from units.models import User


@dataclass(frozen=True)
class Progress:
    """How the units in reach stand in a campaign; ``not_registered + registered = invited``."""

    invited: int
    registered: int
    submitted: int
    proposed: int
    decided: int
    recognised: int

    @property
    def not_registered(self) -> int:
        return self.invited - self.registered

    @property
    def not_submitted(self) -> int:
        return self.registered - self.submitted

    @property
    def share(self) -> float:
        """Recognised of invited units, in per cent."""
        return 100 * self.recognised / self.invited if self.invited else 0.0


def progress_of(campaign: Campaign, user: User) -> Progress:
    """Counts of the eligible participations in the user's reach, in one query. Results count from their release on."""
    sent = Q(dossier__isnull=False) & ~Q(dossier__state=DossierState.OPEN)
    released = Q(dossier__recognition__decision__state=DecisionState.RELEASED)
    rows = Participation.objects.visible_to(user).eligible().filter(campaign=campaign)
    counts = rows.aggregate(
        invited=Count("pk"),
        registered=Count("pk", filter=Q(registration__state=RegistrationState.RECEIVED)),
        submitted=Count("pk", filter=sent),
        proposed=Count("pk", filter=Q(dossier__state=DossierState.PROPOSED)),
        decided=Count("pk", filter=released),
        recognised=Count("pk", filter=released & Q(dossier__recognition__result="met", dossier__recognition__revoked_at__isnull=True)),
    )
    return Progress(**counts)


@dataclass(frozen=True)
class Waiting:
    """Dossiers the user may read, by what they wait for: the figures of the appraisers' queue over all of their scope."""

    submitted: int
    received: int


def waiting_for(user: User) -> Waiting:
    """Counts in one query."""
    rows = Dossier.objects.visible_to(user)
    return Waiting(
        **rows.aggregate(
            submitted=Count("pk", filter=Q(state=DossierState.SUBMITTED)), received=Count("pk", filter=Q(state=DossierState.RECEIVED))
        )
    )
