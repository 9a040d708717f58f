"""Who may do what with dossiers, sessions and decisions. Submit, appraise and decide are never the same person (ruling 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from movement.policies import can_write_on_behalf, is_of_standing_office, is_of_unit
from units.roles import COMMITTEE_ROLES, STANDING_OFFICE_ROLES, Role

if TYPE_CHECKING:
    from evaluations.models import CommitteeSession, CriteriaSet, Decision, Dossier
    from units.models import User


def can_answer(user: User, dossier: Dossier) -> bool:
    """People of the unit answer; the standing office does it as scribe when the dossier is kept on behalf (ruling 44)."""
    participation = dossier.participation
    return is_of_unit(user, participation) or (dossier.on_behalf and can_write_on_behalf(user, participation))


def can_submit(user: User, dossier: Dossier) -> bool:
    """The head submits; on behalf, the scribe with the scan of the signed paper."""
    participation = dossier.participation
    if dossier.on_behalf:
        return can_write_on_behalf(user, participation)
    return user.has_role(Role.UNIT_HEAD, unit_id=participation.unit_id)


def can_receive(user: User, dossier: Dossier) -> bool:
    """The standing office takes the dossier in, never the submitter's own."""
    return can_appraise(user, dossier)


def can_appraise(user: User, dossier: Dossier) -> bool:
    """Officer of the handling area, not of the unit, and neither scribe nor submitter of this dossier."""
    participation = dossier.participation
    return (
        is_of_standing_office(user, participation)
        and not is_of_unit(user, participation)
        and user.pk not in {dossier.submitted_by_id, dossier.scribe_id}
    )


def can_read_appraisal(user: User, dossier: Dossier) -> bool:
    """Between submission and release a unit sees “đang xem xét” and nothing else (ruling 7)."""
    return not is_of_unit(user, dossier.participation)


def can_decide_by_system(user: User, dossier: Dossier) -> bool:
    """Dossiers become decided only as a consequence of a released decision."""
    return False


def can_publish_criteria(user: User, criteria_set: CriteriaSet) -> bool:
    return user.has_role(Role.PROVINCE_OFFICER)


def can_keep_session(user: User, session: CommitteeSession) -> bool:
    """The standing office of the committee's level prepares and keeps the session."""
    return user.has_any_role(STANDING_OFFICE_ROLES, area_id=session.committee.authority.area_id)


def can_close_session(user: User, session: CommitteeSession) -> bool:
    """Somebody of the committee; who of them presides follows from the conflicts of interest (``operations.session.presides``)."""
    return user.has_any_role(COMMITTEE_ROLES, area_id=session.committee.authority.area_id)


def can_prepare_decision(user: User, decision: Decision) -> bool:
    return can_keep_session(user, decision.session)


def can_approve_decision(user: User, decision: Decision) -> bool:
    """The chair approves and releases, or who stands in for a chair with a conflict of interest."""
    return can_close_session(user, decision.session)
