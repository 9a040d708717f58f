"""What a unit of the demo answers: a plausible value for every kind of question, met unless told otherwise."""

from __future__ import annotations

from typing import Any

from evaluations import judging
from evaluations.models import AnswerKind, Question

EXPLANATION = "Bản giấy lưu tại đơn vị, xuất trình khi kiểm tra."
_PLAIN: dict[str, dict[str, Any]] = {
    AnswerKind.DOCUMENT: {"has": True},
    AnswerKind.PERCENTAGE: {"part": 20, "whole": 20},
    AnswerKind.COUNT: {"count": 1},
    AnswerKind.YES_NO: {"yes": True},
    AnswerKind.NO_INCIDENT: {"count": 0},
    AnswerKind.TREND: {"previous": 3, "current": 2, "source": "Báo cáo năm trước của Công an xã (số liệu mẫu)"},
}


def met(question: Question, facts: dict[str, Any]) -> dict[str, Any]:
    """A value that meets the question, or the ground on which it falls away."""
    grounds = judging.not_applicable_grounds(question, facts)
    if grounds and (question.answer_kind != AnswerKind.RATING or not facts["has_guard_force"]):
        return {"not_applicable": grounds[0]}
    if question.answer_kind == AnswerKind.DOCUMENT and question.parts:
        return {"ticks": [part["code"] for part in question.parts]}
    if question.answer_kind == AnswerKind.RATING:
        return {"rating": next(rating["code"] for rating in question.ratings if rating["met"])}
    return dict(_PLAIN[question.answer_kind])


def not_met(question: Question) -> dict[str, Any]:
    """A value of a question without exceptions that says it was not met."""
    return {"yes": False} if question.answer_kind == AnswerKind.YES_NO else {"count": 1}
