"""Appraisal of a dossier by the standing office: a result for each answer, beside the unit's own and never over it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, text
from core.transitions import SYSTEM, Actor, DomainError, TransitionRefused, lock
from evaluations import policies
from evaluations.models import Answer, AnswerResult, Dossier
from evaluations.states import DossierState


class Appraised(NamedTuple):
    """What an officer says of one answer; ``base`` is the fingerprint of what the officer was shown (``fingerprint``)."""

    result: str
    reason: str = ""
    base: str | None = None


@dataclass(frozen=True)
class Recorded:
    """Answers written, and answers another officer had changed meanwhile: those stay as the other wrote them."""

    saved: tuple[Answer, ...]
    overtaken: tuple[Answer, ...]


def fingerprint(result: str, reason: str) -> str:
    """A short mark of a result with its reason, by which two officers on one dossier notice each other."""
    return hashlib.sha256(f"{result}\n{text.clean(reason)}".encode()).hexdigest()[:16]


def needs_reason(answer: Answer, result: str) -> bool:
    """A result other than the unit's own has to be explained."""
    return result != answer.self_result


def record_appraisal(dossier: Dossier, *, actor: Actor, at: datetime, results: Mapping[int, Appraised | Sequence[str]]) -> Recorded:
    """Write results for some answers of a received dossier.

    An answer that another officer changed since ``base`` was shown is left as it is and reported, so that no
    judgement of either is lost without a word.
    """
    wanted = {pk: Appraised(*value) for pk, value in results.items()}
    with transaction.atomic():
        row = lock(dossier)
        if row.state != DossierState.RECEIVED:
            raise TransitionRefused(_("Hồ sơ %(state)s, không ghi thẩm định được. Hãy tải lại trang.") % {"state": row.get_state_display()})
        if actor is not SYSTEM and not policies.can_appraise(actor, row):  # type: ignore[arg-type]
            raise PermissionDenied
        answers = row.answers.filter(pk__in=wanted).select_related("question").select_for_update(of=("self",), no_key=True).order_by("pk")
        saved, overtaken = [], []
        for answer in answers:
            if _overtaken(answer, wanted[answer.pk], actor):
                overtaken.append(answer)
            elif _write(answer, wanted[answer.pk], actor, at):
                saved.append(answer)
        Answer.objects.bulk_update(saved, ["appraised_result", "appraised_reason", "appraised_by", "appraised_at"])
        if saved:
            data = {answer.question.code: answer.appraised_result for answer in saved}
            audit.record("dossier.appraise", row, actor=actor, data=data, at=at)
    return Recorded(tuple(saved), tuple(overtaken))


def _overtaken(answer: Answer, wanted: Appraised, actor: Actor) -> bool:
    """Somebody else wrote after this officer's page was drawn, and this officer wants to write something of their own."""
    if wanted.base is None or answer.appraised_by_id in {None, actor.pk}:
        return False
    now = fingerprint(answer.appraised_result, answer.appraised_reason)
    mine = fingerprint(wanted.result, wanted.reason)
    return now not in {wanted.base, mine} and mine != wanted.base


def _write(answer: Answer, wanted: Appraised, actor: Actor, at: datetime) -> bool:
    """Put the result on the row; False when there is nothing to change."""
    if wanted.result not in AnswerResult.values:
        raise DomainError(_("Chọn kết quả thẩm định cho %(code)s.") % {"code": answer.question.code})
    reason = text.clean(wanted.reason)
    if needs_reason(answer, wanted.result) and not reason:
        raise DomainError(_("%(code)s: hãy ghi lý do khác với tự đánh giá của đơn vị.") % {"code": answer.question.code})
    mine = fingerprint(wanted.result, reason)
    if mine in {fingerprint(answer.appraised_result, answer.appraised_reason), wanted.base}:
        return False  # as it is already, or untouched on a page that is older than the row
    answer.appraised_result, answer.appraised_reason = wanted.result, reason
    answer.appraised_by_id, answer.appraised_at = actor.pk, at
    return True
