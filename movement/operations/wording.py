"""The shipped wording of the commitments enters the database, where it is frozen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import audit
from core.transitions import SYSTEM
from movement.documents import CommitmentText, commitment_texts
from movement.models import CommitmentTemplate


def publish_commitment_texts(*, at: datetime) -> list[CommitmentTemplate]:
    """Publish the wording of every kind that differs from the last published one, as a further version; answer the new rows."""
    published = []
    with transaction.atomic():
        for wording in commitment_texts():
            last = CommitmentTemplate.objects.filter(kind=wording.kind).order_by("-version").first()
            if last is None or last.body != _body(wording):
                row = CommitmentTemplate.objects.create(
                    kind=wording.kind,
                    version=last.version + 1 if last else 1,
                    title=wording.subject.replace(" năm {year}", ""),
                    body=_body(wording),
                    published_at=at,
                )
                audit.record("commitmenttemplate.publish", row, actor=SYSTEM, at=at)
                published.append(row)
    return published


def _body(wording: CommitmentText) -> dict[str, str]:
    return {"subject": wording.subject, "statement": wording.statement, "text": wording.text, "closing": wording.closing}
