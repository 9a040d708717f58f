"""Who sees which dossiers, sessions, decisions and recognitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from core import clock
from evaluations.states import DecisionState, SessionState
from units.roles import COMMITTEE_ROLES, DOSSIER_ROLES, READING_ROLES, RESULT_ROLES, STANDING_OFFICE_ROLES, Role

if TYPE_CHECKING:
    from units.models import User


def _agenda_of(user: User) -> QuerySet[Any]:
    """Dossiers on an open or closed session of a committee the user sits in, but for those of a unit with a conflict of interest."""
    conflict = apps.get_model("evaluations", "Conflict").objects.filter(
        session=OuterRef("session"), member__user=user, unit=OuterRef("dossier__participation__unit")
    )
    return (
        apps.get_model("evaluations", "AgendaItem")
        .objects.filter(session__committee__in=_committees_of(user))
        .exclude(session__state=SessionState.DRAFTED)
        .exclude(Exists(conflict))
        .values("dossier")
    )


def _committees_of(user: User) -> QuerySet[Any]:
    today = clock.today()
    seats = apps.get_model("movement", "CommitteeMembership").objects.filter(user=user, valid_from__lte=today)
    return seats.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)).values("committee")


def _session_scope(user: User, prefix: str = "") -> Q:
    """The standing office and the chair of the level from the first draft, members from the opening, readers in reach from the release."""
    grants = user.current_grants()
    area = f"{prefix}committee__authority__area__in"
    makers = Q(**{area: grants.area_ids(STANDING_OFFICE_ROLES | {Role.COMMITTEE_CHAIR})})
    members = Q(**{f"{prefix}committee__in": _committees_of(user)}) & ~Q(**{f"{prefix}state": SessionState.DRAFTED})
    released = Q(**{area: grants.reached(STANDING_OFFICE_ROLES | READING_ROLES), f"{prefix}decisions__state": DecisionState.RELEASED})
    return makers | members | released


def dossier_scope(user: User, prefix: str = "") -> Q:
    """Officers and auditors by the handling area; the unit's people by lineage; committee members through their agenda alone."""
    grants = user.current_grants()
    scope = Q(**{f"{prefix}participation__handling_area__in": grants.reached(DOSSIER_ROLES)}) | Q(
        **{f"{prefix}participation__unit__in": grants.lineage()}
    )
    if user.has_any_role(COMMITTEE_ROLES):
        scope |= Q(**{f"{prefix}pk__in": _agenda_of(user)})
    return scope


class DossierQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(dossier_scope(user))


class AnswerQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(dossier_scope(user, "dossier__"))


class EvidenceQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(dossier_scope(user, "answer__dossier__"))


class CommitteeSessionQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Sessions the user's own level makes; those of others in reach once their decision is released."""
        return self.filter(_session_scope(user)).distinct()


class AgendaItemQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(_session_scope(user, "session__")).distinct()


class DecisionQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        """Drafts for the level that makes them; released ones for everybody in reach, and for the units they name."""
        grants = user.current_grants()
        makers = grants.area_ids(STANDING_OFFICE_ROLES | COMMITTEE_ROLES)
        released = Q(state=DecisionState.RELEASED)
        return self.filter(
            Q(session__committee__authority__area__in=makers)
            | released & Q(session__committee__authority__area__in=grants.reached(RESULT_ROLES))
            | released & Q(recognitions__dossier__participation__unit__in=grants.lineage())
        ).distinct()


class RecognitionQuerySet(QuerySet):
    def released(self) -> Self:
        """What a released decision made visible; nothing else may be shown outside the level that decides."""
        return self.filter(decision__state=DecisionState.RELEASED)

    def visible_to(self, user: User) -> Self:
        """Released results whose place or handling area is in reach, and those of the user's units and their predecessors."""
        grants = user.current_grants()
        reach = grants.reached(RESULT_ROLES)
        return self.released().filter(
            Q(dossier__participation__unit__in=grants.lineage())
            | Q(dossier__participation__area__in=reach)
            | Q(dossier__participation__handling_area__in=reach)
        )


class CertificateQuerySet(QuerySet):
    def visible_to(self, user: User) -> Self:
        grants = user.current_grants()
        reach = grants.reached(RESULT_ROLES)
        return self.filter(recognition__decision__state=DecisionState.RELEASED).filter(
            Q(recognition__dossier__participation__unit__in=grants.lineage())
            | Q(recognition__dossier__participation__area__in=reach)
            | Q(recognition__dossier__participation__handling_area__in=reach)
        )
