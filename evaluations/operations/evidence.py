"""Evidence of an answer: files that passed the gate, or a note that the paper is held at the unit. Removing keeps the history."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from core import audit, files, text, uploads
from core.transitions import Actor, DomainError
from evaluations.models import Answer, Dossier, Evidence
from evaluations.operations.dossier import locked_for_writing

FILES_PER_QUESTION = 20
BYTES_PER_DOSSIER = 200 * 1024 * 1024


def add_evidence(
    answer: Answer,
    *,
    actor: Actor,
    at: datetime,
    accepted: uploads.Accepted | None = None,
    held_on_paper: str = "",
    about_from: date | None = None,
    about_to: date | None = None,
) -> Evidence:
    """Add a file the gate let through, or where the paper is kept. The same file sent twice to one question is one evidence."""
    with transaction.atomic():
        dossier, row = _locked(answer, actor=actor)
        if about_from and about_to and about_to < about_from:
            raise DomainError(_("Ngày kết thúc của nội dung phải sau ngày bắt đầu."))
        if accepted is not None and (known := _known(row, accepted)):
            return known
        _refuse_too_much(dossier, row, accepted)
        paper = text.clean(held_on_paper)[:200]
        if accepted is None and not paper:
            raise DomainError(_("Hãy chọn tệp, hoặc ghi bản giấy lưu ở đâu."))
        if mark := uploads.secrecy_mark(paper):
            raise DomainError(_("Nội dung có dấu hiệu bí mật nhà nước (%(mark)s) nên không được lưu. Hãy viết lại.") % {"mark": mark})
        stored = None
        if accepted is not None:
            stored = files.store_bytes(
                accepted.data, name=accepted.name, content_type=accepted.content_type, purpose="evidence", created_by=actor
            )
        evidence = Evidence.objects.create(
            answer=row,
            file=stored,
            held_on_paper="" if stored else paper,
            about_from=about_from,
            about_to=about_to,
            added_by_id=actor.pk,  # type: ignore[misc]
            added_at=at,
        )
        data = {"question": row.question.code, "sha256": stored.sha256 if stored else ""}
        audit.record("evidence.add", evidence, actor=actor, data=data, at=at)
    return evidence


def remove_evidence(evidence: Evidence, *, actor: Actor, at: datetime) -> Evidence:
    """Take an evidence out of its answer; row and file stay for the history."""
    with transaction.atomic():
        _dossier, row = _locked(evidence.answer, actor=actor)
        held = Evidence.objects.select_for_update(of=("self",), no_key=True).get(pk=evidence.pk, answer=row)
        if held.removed_at is None:
            held.removed_at = at
            held.save(update_fields=["removed_at"])
            audit.record("evidence.remove", held, actor=actor, data={"question": row.question.code}, at=at)
    return held


def _locked(answer: Answer, *, actor: Actor) -> tuple[Dossier, Answer]:
    """Dossier before answer: two uploads at once are counted one after the other."""
    dossier = locked_for_writing(answer.dossier, actor=actor)
    row = Answer.objects.select_for_update(of=("self",), no_key=True).select_related("question").get(pk=answer.pk)
    if not row.is_unlocked:
        raise DomainError(_("%(code)s không nằm trong phần được trả lại, không sửa được.") % {"code": row.question.code})
    return dossier, row


def _known(answer: Answer, accepted: uploads.Accepted) -> Evidence | None:
    return answer.evidence.filter(removed_at__isnull=True, file__sha256=hashlib.sha256(accepted.data).hexdigest()).first()


def _refuse_too_much(dossier: Dossier, answer: Answer, accepted: uploads.Accepted | None) -> None:
    if answer.evidence.filter(removed_at__isnull=True).count() >= FILES_PER_QUESTION:
        raise DomainError(_("Mỗi tiêu chí nhận tối đa %(count)s minh chứng. Hãy bỏ bớt trước khi thêm.") % {"count": FILES_PER_QUESTION})
    if accepted is None:
        return
    held = Evidence.objects.filter(answer__dossier=dossier, removed_at__isnull=True).aggregate(total=Sum("file__size"))["total"] or 0
    if held + len(accepted.data) > BYTES_PER_DOSSIER:
        raise DomainError(_("Hồ sơ đã đủ 200 MB tệp. Hãy bỏ bớt tệp, hoặc ghi bản giấy lưu tại đơn vị."))
