"""Writing in a dossier on the unit's side: opened, answered, prefilled from our own rows, the meeting recorded, kept on behalf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, files, pdf, text, uploads
from core.models import StoredFile
from core.transitions import SYSTEM, Actor, DomainError, TransitionRefused, lock
from evaluations import judging, policies, sources
from evaluations.models import Answer, AssessmentPlan, Dossier, Question, SelfReview, SourceSnapshot
from evaluations.operations.papers import self_review_minutes
from evaluations.states import ANSWERABLE_STATES
from movement.models import Participation
from movement.policies import can_write_on_behalf, is_of_standing_office, is_of_unit

TEXT_LIMIT = 2000


@dataclass(frozen=True)
class AnswerInput:
    """What somebody says to one question; ``version`` is the row's version on the page it was typed on."""

    value: Mapping[str, Any]
    note: str = ""
    no_file_reason: str = ""
    version: int = 0


@dataclass(frozen=True)
class Overtaken:
    """An answer that somebody else changed meanwhile: the row as it stands, and what was typed here. Nothing was overwritten."""

    answer: Answer
    typed: AnswerInput


@dataclass
class Saved:
    """Answers written, and those that somebody else had changed before."""

    answers: list[Answer] = field(default_factory=list)
    overtaken: list[Overtaken] = field(default_factory=list)


# ---------- Opening ----------


def open_dossier(participation_id: int, *, at: datetime) -> Dossier:
    """Open the dossier of a registered unit with an answer for every question of its checklist; once, however often it is called."""
    with transaction.atomic():
        participation = (
            Participation.objects.select_for_update(of=("self",), no_key=True)
            .select_related("campaign", "unit", "registration")
            .get(pk=participation_id)
        )
        found = Dossier.objects.filter(participation=participation).first()
        if found:
            return found
        plan = AssessmentPlan.objects.get(campaign=participation.campaign_id, unit_kind=participation.kind)
        dossier = Dossier.objects.create(participation=participation, plan=plan, opened_at=at)
        questions = Question.objects.filter(criterion__criteria_set=plan.checklist_id).order_by("position")
        answers = Answer.objects.bulk_create([Answer(dossier=dossier, question=question) for question in questions])
        _prefill(participation, answers, actor=SYSTEM, at=at)
        audit.record("dossier.open", dossier, actor=SYSTEM, to_state=dossier.state, at=at)
    return dossier


def _prefill(participation: Participation, answers: Iterable[Answer], *, actor: Actor, at: datetime) -> list[Answer]:
    """Put the values of our own rows into answers nobody has given yet; an empty register fills nothing."""
    wanted = [answer for answer in answers if answer.question.source in sources.PREFILLED]
    snapshots, filled = [], []
    facts = facts_of(participation)
    for answer in wanted:
        found = sources.read(answer.question.source, participation)
        if not found.value:
            continue
        snapshots.append(_snapshot(answer, found, actor=actor, at=at))
        answer.self_value = found.value
        answer.self_result = judging.judge(answer.question, found.value, facts)
        answer.version += 1
        filled.append(answer)
    SourceSnapshot.objects.bulk_create(snapshots)
    Answer.objects.bulk_update(filled, ["self_value", "self_result", "version"])
    return filled


def _snapshot(answer: Answer, found: sources.SourceValue, *, actor: Actor, at: datetime) -> SourceSnapshot:
    return SourceSnapshot(answer=answer, taken_at=at, taken_by_id=actor.pk, value=found.value, row_ids=found.row_ids)


# ---------- Answering ----------


def locked_for_writing(dossier: Dossier, *, actor: Actor) -> Dossier:
    """The dossier locked, in a state in which the unit writes, and this actor may write in it. Must run inside a transaction.

    Raises:
        TransitionRefused: the dossier is no longer with the unit.
        PermissionDenied: the actor is neither of the unit nor the one who keeps the dossier on its behalf.
    """
    row = lock(dossier)
    if row.state not in ANSWERABLE_STATES:
        raise TransitionRefused(_("Hồ sơ %(state)s, không sửa được nữa. Hãy tải lại trang.") % {"state": row.get_state_display()})
    if actor is not SYSTEM and not policies.can_answer(actor, row):  # type: ignore[arg-type]
        raise PermissionDenied
    _refuse_other_scribe(row, actor)
    return row


def _refuse_other_scribe(dossier: Dossier, actor: Actor) -> None:
    """One officer keeps a dossier for the unit, so that the others may receive and appraise it (ruling 44)."""
    if actor is SYSTEM or is_of_unit(actor, dossier.participation) or dossier.scribe_id == actor.pk:  # type: ignore[arg-type]
        return
    raise DomainError(_("Hồ sơ này do %(name)s nhập thay đơn vị. Chỉ người đó được sửa và nộp.") % {"name": dossier.scribe or "?"})


def save_answers(dossier: Dossier, *, answers: Mapping[int, AnswerInput], actor: Actor, at: datetime) -> Saved:
    """Write answers that are new and were not changed by somebody else since their page was drawn; the rest is handed back unwritten."""
    saved = Saved()
    with transaction.atomic():
        row = locked_for_writing(dossier, actor=actor)
        rows = Answer.objects.filter(dossier=row, pk__in=answers).select_related("question__criterion").order_by("pk")
        facts = facts_of(row.participation)
        for answer in rows.select_for_update(of=("self",), no_key=True):
            _take(answer, answers[answer.pk], saved, facts=facts, actor=actor, at=at)
        Answer.objects.bulk_update(
            saved.answers, ["self_value", "self_result", "self_note", "no_file_reason", "answered_by", "answered_at", "version"]
        )
        if saved.answers:
            _forget_minutes(row)
            codes = {answer.question.code: answer.self_result for answer in saved.answers}
            audit.record("dossier.answer", row, actor=actor, data=codes, at=at)
    return saved


def _take(answer: Answer, typed: AnswerInput, saved: Saved, *, facts: Any, actor: Actor, at: datetime) -> None:
    note, reason = text.clean(typed.note)[:TEXT_LIMIT], text.clean(typed.no_file_reason)[:TEXT_LIMIT]
    value = dict(typed.value)
    if (value, note, reason) == (answer.self_value, answer.self_note, answer.no_file_reason):
        return
    if not answer.is_unlocked:
        raise DomainError(_("%(code)s không nằm trong phần được trả lại, không sửa được.") % {"code": answer.question.code})
    if typed.version != answer.version:
        saved.overtaken.append(Overtaken(answer, typed))
        return
    _refuse_bare_override(answer, value, note)
    for written in (note, reason, *(str(part) for part in value.values() if isinstance(part, str))):
        if mark := uploads.secrecy_mark(written):
            raise DomainError(
                _("%(code)s: nội dung có dấu hiệu bí mật nhà nước (%(mark)s) nên không được lưu. Hãy viết lại.")
                % {"code": answer.question.code, "mark": mark}
            )
    answer.self_value, answer.self_note, answer.no_file_reason = value, note, reason
    answer.self_result = judging.judge(answer.question, value, facts)
    answer.answered_by_id, answer.answered_at = actor.pk, at
    answer.version += 1
    saved.answers.append(answer)


def _refuse_bare_override(answer: Answer, value: Mapping[str, Any], note: str) -> None:
    """Against our own rows a reason is needed (ruling 25); a rate fixed by the appraiser is not typed at all (ruling 4)."""
    source = answer.question.source
    if source in sources.APPRAISED and value != answer.self_value:
        raise DomainError(_("%(code)s: số liệu do cơ quan thường trực chốt, không nhập tay.") % {"code": answer.question.code})
    if source in sources.PREFILLED and value and not note:
        taken = answer.snapshots.order_by("-taken_at", "-pk").values_list("value", flat=True).first()
        if taken and taken != value:
            raise DomainError(
                _("%(code)s: số liệu khác với sổ của hệ thống, hãy ghi lý do vào ô ghi chú.") % {"code": answer.question.code}
            )


def _forget_minutes(dossier: Dossier) -> None:
    """Before the first submission minutes must say what the answers say; after a return they stay valid (ruling 11)."""
    if not dossier.return_count:
        SelfReview.objects.filter(dossier=dossier).update(minutes=None)


# ---------- Our own rows ----------


def refresh_sources(dossier: Dossier, *, actor: Actor, at: datetime) -> int:
    """Take the prefilled values anew from our own rows, over what stands there; answers how many were found."""
    with transaction.atomic():
        row = locked_for_writing(dossier, actor=actor)
        answers = Answer.objects.filter(dossier=row, is_unlocked=True, question__source__in=sources.PREFILLED)
        locked = list(answers.select_related("question__criterion").select_for_update(of=("self",), no_key=True).order_by("pk"))
        filled = _prefill(row.participation, locked, actor=actor, at=at)
        if filled:
            _forget_minutes(row)
        audit.record("dossier.refresh_sources", row, actor=actor, data={"questions": [each.question.code for each in filled]}, at=at)
    return len(filled)


def take_snapshot(answer: Answer, *, actor: Actor, at: datetime) -> SourceSnapshot:
    """Fix a commune's rate with the rows behind it, by the act of the appraiser, while the dossier is with the unit (ruling 4).

    Raises:
        PermissionDenied: the actor is not of the standing office that handles the dossier, or is of the unit itself.
    """
    with transaction.atomic():
        dossier = lock(answer.dossier)
        participation = dossier.participation
        if actor is not SYSTEM and (not is_of_standing_office(actor, participation) or is_of_unit(actor, participation)):  # type: ignore[arg-type]
            raise PermissionDenied
        if dossier.state not in ANSWERABLE_STATES:
            raise TransitionRefused(_("Hồ sơ %(state)s, không chốt lại số liệu được.") % {"state": dossier.get_state_display()})
        row = Answer.objects.select_for_update(of=("self",), no_key=True).select_related("question__criterion").get(pk=answer.pk)
        if row.question.source not in sources.APPRAISED:
            raise DomainError(_("%(code)s không lấy số liệu do cơ quan thường trực chốt.") % {"code": row.question.code})
        found = sources.read(row.question.source, participation)
        snapshot = _snapshot(row, found, actor=actor, at=at)
        snapshot.save()
        row.self_value = found.value
        row.self_result = judging.judge(row.question, found.value, facts_of(participation))
        row.version += 1
        row.save(update_fields=["self_value", "self_result", "version"])
        _forget_minutes(dossier)
        audit.record("dossier.take_snapshot", dossier, actor=actor, data={"question": row.question.code, "value": found.value}, at=at)
    return snapshot


# ---------- The meeting ----------


def record_self_review(
    dossier: Dossier,
    *,
    actor: Actor,
    at: datetime,
    held_at: datetime,
    ended_at: datetime,
    place: str,
    chair: str,
    secretary: str,
    participants: Sequence[Mapping[str, str]],
    opinions: str = "",
) -> SelfReview:
    """Record the self-review meeting and freeze its minutes (TT 124/2021, Đ9.1, Đ9.2.b); recording it again replaces the minutes.

    ``chair`` and ``secretary`` are “name, post”; each participant has ``name`` and ``post``.
    """
    with transaction.atomic():
        row = locked_for_writing(dossier, actor=actor)
        answers = answers_of(row)
        if missing := unanswered(answers, facts_of(row.participation)):
            raise DomainError(_("Còn %(count)s tiêu chí chưa trả lời: %(codes)s.") % {"count": len(missing), "codes": _few(missing)})
        if not participants:
            raise DomainError(_("Hãy ghi ít nhất một người dự họp."))
        if not held_at <= ended_at <= at:
            raise DomainError(_("Cuộc họp phải kết thúc sau khi bắt đầu và không muộn hơn bây giờ."))
        review = SelfReview.objects.filter(dossier=row).first() or SelfReview(dossier=row)
        review.held_at, review.ended_at, review.place, review.chair, review.secretary = held_at, ended_at, place, chair, secretary
        review.participants = [{"name": each["name"], "post": each["post"]} for each in participants]
        review.opinions = text.clean(opinions)
        for written in (place, chair, secretary, opinions, *(f"{each['name']}\n{each['post']}" for each in participants)):
            if mark := uploads.secrecy_mark(written):
                raise DomainError(_("Biên bản có dấu hiệu bí mật nhà nước (%(mark)s) nên không được lưu. Hãy viết lại.") % {"mark": mark})
        document = self_review_minutes(row, review, answers)
        review.minutes = files.store_bytes(
            pdf.render(document.template, document),
            name=f"Bien-ban-tu-danh-gia-{row.participation.code}.pdf",
            content_type="application/pdf",
            purpose="self_review_minutes",
            created_by=actor,
        )
        review.save()
        audit.record("dossier.record_self_review", row, actor=actor, data={"minutes": review.minutes.sha256}, at=at)
    return review


def facts_of(participation: Participation) -> dict[str, Any]:
    """What the rules of the checklist ask of a unit in its campaign."""
    return judging.facts_of(participation.unit, registered_late=participation.registration.is_late)


def answers_of(dossier: Dossier) -> list[Answer]:
    """All answers in the order of the checklist, with what judging and documents need."""
    rows = dossier.answers.select_related("question__criterion__parent")
    return list(rows.order_by("question__criterion__position", "question__position", "pk"))


def unanswered(answers: Iterable[Answer], facts: Mapping[str, Any]) -> list[str]:
    """Codes of questions the unit has not answered completely, in order; a trend without last year's figure is answered (ruling 24)."""
    return [each.question.code for each in answers if not judging.is_complete(each.question, each.self_value, facts)]


def _few(codes: Sequence[str]) -> str:
    return ", ".join(codes[:5]) + ("…" if len(codes) > 5 else "")


# ---------- On behalf ----------


def keep_on_behalf(dossier: Dossier, *, actor: Actor, at: datetime, reason: str) -> Dossier:
    """An officer of the standing office takes over the writing for a unit that cannot (rulings 9, 44); never for the own unit."""
    with transaction.atomic():
        row = lock(dossier)
        if row.state not in ANSWERABLE_STATES:
            raise TransitionRefused(_("Hồ sơ %(state)s, không nhập thay được nữa.") % {"state": row.get_state_display()})
        if actor is not SYSTEM and not can_write_on_behalf(actor, row.participation):  # type: ignore[arg-type]
            raise PermissionDenied
        if not text.clean(reason):
            raise DomainError(_("Hãy ghi lý do nhập thay đơn vị."))
        if row.on_behalf:
            _refuse_other_scribe(row, actor)
        row.on_behalf, row.scribe_id = True, actor.pk
        row.save(update_fields=["on_behalf", "scribe"])
        audit.record("dossier.keep_on_behalf", row, actor=actor, reason=text.clean(reason), at=at)
    return row


def attach_signed_paper(dossier: Dossier, *, file: StoredFile, actor: Actor, at: datetime) -> Dossier:
    """Keep the scan of the paper that the head signed, without which a dossier kept on behalf is not submitted."""
    with transaction.atomic():
        row = locked_for_writing(dossier, actor=actor)
        if not row.on_behalf:
            raise DomainError(_("Bản scan giấy đã ký chỉ cần khi xã nhập thay đơn vị."))
        row.signed_paper = file
        row.save(update_fields=["signed_paper"])
        audit.record("dossier.attach_signed_paper", row, actor=actor, data={"sha256": file.sha256}, at=at)
    return row
