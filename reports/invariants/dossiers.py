"""Dossiers: one per participation, judged as stored, still once submitted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from evaluations import judging
from evaluations.models import Answer
from evaluations.states import DossierState
from reports.invariants.breach import rows

D = DossierState
_WRITES = (
    "dossier.answer",
    "dossier.refresh_sources",
    "dossier.take_snapshot",
    "dossier.record_self_review",
    "dossier.keep_on_behalf",
    "dossier.attach_signed_paper",
)


def doubled() -> Iterator[str]:
    """Participations with more than one dossier, units twice in a campaign."""
    for participation, count in rows(
        "SELECT participation_id, count(*) FROM evaluations_dossier GROUP BY participation_id HAVING count(*) > 1"
    ):
        yield f"participation {participation} has {count} dossiers"
    for campaign, unit, count in rows(
        "SELECT campaign_id, unit_id, count(*) FROM movement_participation GROUP BY campaign_id, unit_id HAVING count(*) > 1"
    ):
        yield f"unit {unit} takes part {count} times in campaign {campaign}"


def misjudged() -> Iterator[str]:
    """Answers and dossiers whose stored result is not what judging makes of them now.

    Answers whose result hangs on facts of the unit are left out: facts change later, what was judged then stays.
    """
    answers = Answer.objects.exclude(dossier__state=D.OPEN).select_related("question__criterion", "dossier").order_by("dossier", "pk")
    for dossier, group in groupby(answers.iterator(chunk_size=2000), key=lambda answer: answer.dossier):
        found = list(group)
        for answer in found:
            if not answer.question.not_applicable_rule and not answer.question.parts:
                judged = judging.judge(answer.question, answer.self_value, {})
                if judged != answer.self_result:
                    yield f"answer {answer.pk} is judged {judged or 'nothing'}, stored {answer.self_result or 'nothing'}"
        own = judging.result_of([(answer.question, answer.self_result) for answer in found]).result
        if dossier.state != D.RETURNED and own != dossier.self_result:
            yield f"dossier {dossier.pk}: own result {own}, stored {dossier.self_result}"
        appraised = judging.result_of([(answer.question, answer.appraised_result) for answer in found]).result
        if dossier.state == D.PROPOSED and appraised != dossier.result:
            yield f"dossier {dossier.pk}: appraised {appraised}, proposed {dossier.result}"


def touched_after_submission() -> Iterator[str]:
    """Answers and evidence written after the last submission, and locked answers written while a dossier is returned."""
    still = [state for state in D.values if state not in {D.OPEN, D.RETURNED}]
    for answer, dossier in rows(
        """
        SELECT answer.id, dossier.id FROM evaluations_answer answer JOIN evaluations_dossier dossier ON dossier.id = answer.dossier_id
        WHERE dossier.state = ANY(%s) AND answer.answered_at > dossier.submitted_at
        """,
        [still],
    ):
        yield f"answer {answer} was written after dossier {dossier} was submitted"
    for evidence, dossier in rows(
        """
        SELECT evidence.id, dossier.id FROM evaluations_evidence evidence
        JOIN evaluations_answer answer ON answer.id = evidence.answer_id JOIN evaluations_dossier dossier ON dossier.id = answer.dossier_id
        WHERE dossier.state = ANY(%s) AND greatest(evidence.added_at, evidence.removed_at) > dossier.submitted_at
        """,
        [still],
    ):
        yield f"evidence {evidence} was changed after dossier {dossier} was submitted"
    for answer, dossier in rows(
        """
        SELECT answer.id, dossier.id FROM evaluations_answer answer JOIN evaluations_dossier dossier ON dossier.id = answer.dossier_id
        WHERE dossier.state = 'returned' AND NOT answer.is_unlocked AND answer.answered_at >
            (SELECT max(returned_at) FROM evaluations_return WHERE evaluations_return.dossier_id = dossier.id)
        """
    ):
        yield f"answer {answer} of dossier {dossier} was written although it was not returned"
    yield from _written_between_turns()


def _written_between_turns() -> Iterator[str]:
    """Recorded writes that follow a submission without a return or a withdrawal between."""
    for dossier, verb, event in rows(
        """
        WITH told AS (
            SELECT event.id, event.target_id, event.verb,
                max(event.id) FILTER (WHERE event.verb = 'dossier.submit') OVER turn AS submitted,
                max(event.id) FILTER (WHERE event.verb IN ('dossier.return', 'dossier.withdraw')) OVER turn AS given_back
            FROM core_auditevent event
            JOIN django_content_type type ON type.id = event.target_type_id AND type.app_label = 'evaluations' AND type.model = 'dossier'
            WHERE NOT event.refused AND event.verb = ANY(%s)
            WINDOW turn AS (PARTITION BY event.target_id ORDER BY event.id)
        )
        SELECT target_id, verb, id FROM told
        WHERE verb = ANY(%s) AND submitted IS NOT NULL AND submitted > coalesce(given_back, 0)
        """,
        [[*_WRITES, "dossier.submit", "dossier.return", "dossier.withdraw"], list(_WRITES)],
    ):
        yield f"event {event}: {verb} on dossier {dossier} while it was submitted"


def touched_after_close() -> Iterator[str]:
    """Registrations and submissions dated after the last day of their campaign."""
    for what, pk, campaign in rows(
        """
        SELECT done.what, done.id, done.campaign_id FROM (
            SELECT 'registration' AS what, registration.id, participation.campaign_id,
                greatest(registration.signed_at, registration.received_at) AS at
            FROM movement_registration registration JOIN movement_participation participation ON participation.id = participation_id
            UNION ALL
            SELECT 'dossier', dossier.id, participation.campaign_id, dossier.submitted_at
            FROM evaluations_dossier dossier JOIN movement_participation participation ON participation.id = participation_id
        ) done JOIN movement_campaign campaign ON campaign.id = done.campaign_id
        WHERE (done.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date > campaign.closes_on
        """
    ):
        yield f"{what} {pk} was written after campaign {campaign} had closed"
