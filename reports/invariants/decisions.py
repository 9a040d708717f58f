"""Decisions and certificates: nothing without its ground, nothing missing once released."""

from __future__ import annotations

from collections.abc import Iterator

from reports.invariants.breach import rows


def unfounded() -> Iterator[str]:
    """Certificates of what is not met or not approved, dossiers decided without a released decision or against it."""
    for certificate, result, state in rows(
        """
        SELECT certificate.id, recognition.result, decision.state FROM evaluations_certificate certificate
        JOIN evaluations_recognition recognition ON recognition.id = certificate.recognition_id
        JOIN evaluations_decision decision ON decision.id = recognition.decision_id
        WHERE recognition.result <> 'met' OR decision.state NOT IN ('approved', 'released')
        """
    ):
        yield f"certificate {certificate} of a {result} unit, decision {state}"
    for dossier, result, decided in rows(
        """
        SELECT dossier.id, dossier.result, recognition.result FROM evaluations_dossier dossier
        LEFT JOIN evaluations_recognition recognition ON recognition.dossier_id = dossier.id
        LEFT JOIN evaluations_decision decision ON decision.id = recognition.decision_id AND decision.state = 'released'
        WHERE dossier.state = 'decided' AND (decision.id IS NULL OR dossier.result <> recognition.result)
        """
    ):
        yield f"dossier {dossier} is decided as {result}, its decision says {decided or 'nothing'}"
    for recognition in rows(
        """
        SELECT recognition.id FROM evaluations_recognition recognition
        JOIN evaluations_decision decision ON decision.id = recognition.decision_id
        LEFT JOIN evaluations_agendaitem item ON item.dossier_id = recognition.dossier_id AND item.session_id = decision.session_id
        WHERE item.id IS NULL OR item.outcome <> recognition.result
        """
    ):
        yield f"recognition {recognition[0]} is not what its session voted"


def incomplete() -> Iterator[str]:
    """Released decisions with a file, a certificate, a notice or a dossier missing."""
    for (decision,) in rows(
        """
        SELECT decision.id FROM evaluations_decision decision
        JOIN directives_officialdocument document ON document.id = decision.document_id
        WHERE decision.state = 'released' AND (document.file_id IS NULL OR document.state NOT IN ('issued', 'replaced'))
        """
    ):
        yield f"decision {decision} is released without an issued document"
    for recognition, result in rows(
        """
        SELECT recognition.id, recognition.result FROM evaluations_recognition recognition
        JOIN evaluations_decision decision ON decision.id = recognition.decision_id AND decision.state = 'released'
        LEFT JOIN evaluations_certificate certificate ON certificate.recognition_id = recognition.id AND certificate.file_id IS NOT NULL
        WHERE CASE recognition.result WHEN 'met' THEN certificate.id IS NULL ELSE recognition.notice_id IS NULL END
        """
    ):
        yield f"recognition {recognition} ({result}) is released without its paper"
    for (dossier,) in rows(
        """
        SELECT dossier.id FROM evaluations_dossier dossier
        JOIN evaluations_recognition recognition ON recognition.dossier_id = dossier.id
        JOIN evaluations_decision decision ON decision.id = recognition.decision_id AND decision.state = 'released'
        WHERE dossier.state <> 'decided' AND NOT EXISTS (
            SELECT FROM core_outboxmessage message WHERE message.kind = 'decision.released' AND message.done_at IS NULL
            AND (message.payload ->> 'decision_id')::bigint = decision.id
        )
        """
    ):
        yield f"dossier {dossier} is not decided although its decision is released"
