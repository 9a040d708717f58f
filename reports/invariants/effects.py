"""Effects outside the transaction: each happens, and happens once."""

from __future__ import annotations

from collections.abc import Iterator

from core.outbox import MAX_ATTEMPTS
from reports.invariants.breach import rows


def lost_or_doubled() -> Iterator[str]:
    """Messages given up, jobs called done that are not, registrations received without a dossier, files of one certificate twice."""
    for pk, kind, error in rows("SELECT id, kind, error FROM core_outboxmessage WHERE done_at IS NULL AND attempts >= %s", [MAX_ATTEMPTS]):
        yield f"message {pk} ({kind}) was given up: {error[:200]}"
    for job, waiting in rows(
        """
        SELECT job.id, count(*) FROM core_job job JOIN core_jobitem item ON item.job_id = job.id
        WHERE job.outcome = 'done' AND item.done_at IS NULL AND item.error = '' GROUP BY job.id
        """
    ):
        yield f"job {job} is called done with {waiting} items untried"
    for (participation,) in rows(
        """
        SELECT registration.participation_id FROM movement_registration registration
        LEFT JOIN evaluations_dossier dossier ON dossier.participation_id = registration.participation_id
        WHERE registration.state = 'received' AND dossier.id IS NULL AND NOT EXISTS (
            SELECT FROM core_outboxmessage message WHERE message.kind = 'registration.received' AND message.done_at IS NULL
            AND (message.payload ->> 'participation_id')::bigint = registration.participation_id
        )
        """
    ):
        yield f"participation {participation} is registered and has no dossier"
    for name, count in rows(
        """
        SELECT name, count(*) FROM core_storedfile file WHERE purpose IN ('decision', 'certificate')
        AND NOT EXISTS (SELECT FROM evaluations_certificate WHERE file_id = file.id)
        AND NOT EXISTS (SELECT FROM directives_officialdocument WHERE file_id = file.id)
        GROUP BY name
        """
    ):
        yield f"“{name}” was printed {count} times too often"
    for user, key, count in rows(
        "SELECT user_id, key, count(*) FROM core_notice WHERE key <> '' GROUP BY user_id, key HAVING count(*) > 1"
    ):
        yield f"user {user} was told {count} times: {key}"
