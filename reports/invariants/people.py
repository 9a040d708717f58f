"""Separation of duties (rulings 10, 15, 43): who submits does not appraise, who appraises does not vote, nobody judges the own unit."""

from __future__ import annotations

from collections.abc import Iterator

from reports.invariants.breach import rows

# Who did what with a dossier: (dossier, unit, user, role in the procedure, on which day).
_ACTS = """
    WITH act (dossier, unit, person, part, day) AS (
        SELECT dossier.id, participation.unit_id, dossier.submitted_by_id, 'submits', dossier.submitted_at::date
        FROM evaluations_dossier dossier JOIN movement_participation participation ON participation.id = dossier.participation_id
        WHERE dossier.submitted_by_id IS NOT NULL
        UNION SELECT dossier.id, participation.unit_id, dossier.scribe_id, 'submits', dossier.opened_at::date
        FROM evaluations_dossier dossier JOIN movement_participation participation ON participation.id = dossier.participation_id
        WHERE dossier.scribe_id IS NOT NULL
        UNION SELECT dossier.id, participation.unit_id, answer.appraised_by_id, 'appraises', answer.appraised_at::date
        FROM evaluations_answer answer JOIN evaluations_dossier dossier ON dossier.id = answer.dossier_id
        JOIN movement_participation participation ON participation.id = dossier.participation_id
        WHERE answer.appraised_by_id IS NOT NULL
        UNION SELECT dossier.id, participation.unit_id, proposal.proposed_by_id, 'appraises', proposal.proposed_at::date
        FROM evaluations_proposal proposal JOIN evaluations_dossier dossier ON dossier.id = proposal.dossier_id
        JOIN movement_participation participation ON participation.id = dossier.participation_id
        UNION SELECT dossier.id, participation.unit_id, member.user_id, 'votes', vote.cast_at::date
        FROM evaluations_vote vote JOIN evaluations_agendaitem item ON item.id = vote.item_id
        JOIN evaluations_dossier dossier ON dossier.id = item.dossier_id
        JOIN movement_participation participation ON participation.id = dossier.participation_id
        JOIN movement_committeemembership member ON member.id = vote.member_id
        WHERE member.user_id IS NOT NULL
    )
"""


def not_separate() -> Iterator[str]:
    """Persons with two of the three parts in one dossier."""
    for dossier, person, one, other in rows(
        f"""{_ACTS}
        SELECT DISTINCT a.dossier, a.person, a.part, b.part FROM act a JOIN act b ON b.dossier = a.dossier AND b.person = a.person
        WHERE a.part < b.part
        """
    ):
        yield f"user {person} {one} and {other} in dossier {dossier}"


def on_own_unit() -> Iterator[str]:
    """Appraisers and voters who had a role in the unit that day."""
    for dossier, person, part in rows(
        f"""{_ACTS}
        SELECT DISTINCT act.dossier, act.person, act.part FROM act
        JOIN units_rolegrant held ON held.user_id = act.person AND held.unit_id = act.unit
            AND act.day BETWEEN held.valid_from AND coalesce(held.valid_to, 'infinity'::date)
        WHERE act.part <> 'submits'
        """
    ):
        yield f"user {person} {part} in dossier {dossier} of the own unit"
