"""Rows of evaluations in the state a test starts from, made by the operations of the product."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from PIL import Image

from core.models import StoredFile
from evaluations.models import Answer, AnswerKind, Dossier
from evaluations.operations import dossier as operations
from evaluations.operations.dossier import AnswerInput
from movement.models import Registration
from units.models import Unit, User


def received_registration(world: Any, unit: Unit, **facts: Any) -> Registration:
    """The unit's registration as the standing office received it; by the columns, for transitions have tests of their own."""
    registration = world.registration(unit)
    signer = facts.pop("signed_by", None) or world.cast.head
    Registration.objects.filter(pk=registration.pk).update(
        state="received", signed_at=world.at, signed_by=signer, received_at=world.at, received_by=world.cast.commune_officer, **facts
    )
    registration.refresh_from_db()
    return registration


def opened_dossier(world: Any, unit: Unit | None = None) -> Dossier:
    """An open dossier of a registered unit, every question unanswered but for what our own rows say."""
    unit = unit or world.residential_area
    received_registration(world, unit)
    return operations.open_dossier(world.participation(unit).pk, at=world.at)


MET: dict[str, dict[str, Any]] = {
    AnswerKind.PERCENTAGE: {"part": 100, "whole": 100},
    AnswerKind.COUNT: {"count": 1},
    AnswerKind.YES_NO: {"yes": True},
    AnswerKind.NO_INCIDENT: {"count": 0},
    AnswerKind.TREND: {"previous": 3, "current": 2, "source": "Báo cáo năm trước"},
}
NOT_MET: dict[str, dict[str, Any]] = {
    AnswerKind.DOCUMENT: {"has": False},
    AnswerKind.PERCENTAGE: {"part": 1, "whole": 100},
    AnswerKind.COUNT: {"count": 0},
    AnswerKind.YES_NO: {"yes": False},
    AnswerKind.NO_INCIDENT: {"count": 1},
    AnswerKind.TREND: {"previous": 2, "current": 3, "source": "Báo cáo năm trước"},
}


def met_value(answer: Answer) -> dict[str, Any]:
    """A value that meets the question."""
    question = answer.question
    match question.answer_kind:
        case AnswerKind.DOCUMENT:
            return {"ticks": [part["code"] for part in question.parts]} if question.parts else {"has": True}
        case AnswerKind.RATING:
            return {"rating": next(rating["code"] for rating in question.ratings if rating["met"])}
    return dict(MET[question.answer_kind])


def answer_all(dossier: Dossier, *, actor: User, at: Any, **special: dict[str, Any]) -> None:
    """Answer every question so that it is met, with “no file” explained; ``special`` by code with ``-`` and ``.`` as ``_``."""
    typed = {}
    for answer in operations.answers_of(dossier):
        value = special.get(answer.question.code.replace("-", "_").replace(".", "_"), met_value(answer))
        typed[answer.pk] = AnswerInput(value=value, no_file_reason="Bản giấy tại trụ sở.", note="Đã đối chiếu.", version=answer.version)
    operations.save_answers(dossier, answers=typed, actor=actor, at=at)


def hold_meeting(dossier: Dossier, *, actor: User, at: Any, **changes: Any) -> None:
    """Record the self-review meeting."""
    meeting = {
        "held_at": at - timedelta(hours=3),
        "ended_at": at - timedelta(hours=2),
        "place": "Nhà văn hóa bản",
        "chair": "Quàng Văn Đon, Trưởng bản",
        "secretary": "Tòng Thị Lả, Phó Trưởng bản",
        "participants": [{"name": "Lò Văn Chi", "post": "Bí thư chi bộ"}],
    }
    operations.record_self_review(dossier, actor=actor, at=at, **{**meeting, **changes})


def ready_dossier(world: Any, unit: Unit | None = None, *, head: User | None = None, **special: dict[str, Any]) -> Dossier:
    """A dossier complete with its meeting, one step before submission."""
    dossier = opened_dossier(world, unit)
    head = head or world.cast.head
    answer_all(dossier, actor=head, at=world.at, **special)
    hold_meeting(dossier, actor=head, at=world.at)
    return dossier


def png(colour: str = "green", size: tuple[int, int] = (30, 20)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, "PNG")
    return target.getvalue()


def stored_file(name: str = "giay.pdf", *, at: Any, size: int = 1) -> StoredFile:
    """A row of a file, without content."""
    return StoredFile.objects.create(sha256="0" * 64, size=size, name=name, content_type="application/pdf", purpose="test", created_at=at)
