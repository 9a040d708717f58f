"""Answers judged: pure functions from what a unit entered to đạt, chưa đạt or không áp dụng (TT 124/2021, Đ4–Đ8.1).

A value is a small dictionary, stored in ``Answer.self_value``. ``{}`` is no answer yet. By kind of question:

===============  =========================================================================================================
``document``     ``{"ticks": ["plan", "registration"]}`` for a list of documents, ``{"has": true}`` for a single one
``percentage``   ``{"part": 699, "whole": 700}``; both whole numbers, compared exactly: 99,9 % is not 100 %
``count``        ``{"count": 2}``
``yes_no``       ``{"yes": true}``
``no_incident``  ``{"count": 0}``, or ``{"count": 1, "exception": "force_majeure"}`` when every incident falls under that ground
``trend``        ``{"previous": 14, "current": 12, "source": "Báo cáo năm 2025 của Công an xã"}``; where nobody knows last year's figure
                 ``{"previous": null, "current": 12, "source": "why there is none"}``, which the appraiser judges (ruling 24)
``rating``       ``{"rating": "good"}``
any of them      ``{"not_applicable": "reason"}`` where the question's rule allows it on the unit's facts; a rate taken from our own rows
                 keeps its ``part`` and ``whole`` beside it
===============  =========================================================================================================

What the law leaves open is data of the question: thresholds, the ratings (and outcomes of a trend) that count as met, the grounds on
which an incident does not count, the grounds on which a question falls away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from evaluations.models import AnswerKind, AnswerResult, Criterion, Question, Result
from units.exclusions import Facts, fact, holds

Value = Mapping[str, Any]
Problem = tuple[str, str]
FACTS = ("has_party_organisation", "has_guard_force", "school_level", "sub_unit_count")
LARGEST = 10**9


def facts_of(unit: object, *, registered_late: bool = False) -> dict[str, Any]:
    """What the rules ask of a unit and its registration; missing the first quarter counts against khoản 1 (circular-124, section 11)."""
    return {name: fact(unit, name) for name in FACTS} | {"registered_late": registered_late}


# One question ---------------------------------------------------------------------------------------------------------


def judge(question: Question, value: Value, facts: Facts) -> str:
    """An ``AnswerResult``, or ``""`` while the value is not complete, not allowed, or left to the appraiser."""
    if not is_complete(question, value, facts):
        return ""
    if value.get("not_applicable"):
        return AnswerResult.NOT_APPLICABLE
    met = _VERDICTS[question.answer_kind](question, value, facts)
    return "" if met is None else AnswerResult.MET if met else AnswerResult.NOT_MET


def is_complete(question: Question, value: Value, facts: Facts) -> bool:
    """Whether the unit has said all it can say; a trend without last year's figure is complete and yet not judged."""
    return bool(value) and not validate(question, value, facts)


def not_applicable_grounds(question: Question, facts: Facts, value: Value | None = None) -> tuple[str, ...]:
    """The grounds, as sentences, on which this unit may say “không áp dụng”; none means that the question must be answered."""
    known = {"whole": (value or {}).get("whole")}
    known |= facts if isinstance(facts, Mapping) else facts_of(facts)
    return tuple(ground["label"] for ground in question.not_applicable_rule.get("grounds", ()) if holds(ground["when"], known))


def remarks(question: Question, value: Value, facts: Facts) -> tuple[str, ...]:
    """Why ticked documents do not count, as sentences for the screen."""
    ticks = value.get("ticks") or ()
    return tuple(part["unless_reason"] for part in question.parts if part["code"] in ticks and _is_void(part, facts))


def _is_void(part: Mapping[str, Any], facts: Facts) -> bool:
    return "unless" in part and holds(part["unless"], facts)


def _document_verdict(question: Question, value: Value, facts: Facts) -> bool:
    if not question.parts:
        return bool(value["has"])
    return all(part["code"] in value["ticks"] and not _is_void(part, facts) for part in question.parts)


def _percentage_verdict(question: Question, value: Value, facts: Facts) -> bool:
    return bool(100 * value["part"] >= _threshold(question) * value["whole"])


def _count_verdict(question: Question, value: Value, facts: Facts) -> bool:
    return bool(value["count"] >= _threshold(question))


def _yes_no_verdict(question: Question, value: Value, facts: Facts) -> bool:
    return bool(value["yes"])


def _no_incident_verdict(question: Question, value: Value, facts: Facts) -> bool:
    return value["count"] == 0 or bool(value.get("exception"))


def _trend_verdict(question: Question, value: Value, facts: Facts) -> bool | None:
    if value.get("previous") is None:
        return None
    change = value["current"] - value["previous"]
    return _is_accepted(question, "fallen" if change < 0 else "risen" if change else "unchanged")


def _rating_verdict(question: Question, value: Value, facts: Facts) -> bool:
    return _is_accepted(question, value["rating"])


def _is_accepted(question: Question, code: str) -> bool:
    return any(rating["code"] == code and rating["met"] for rating in question.ratings)


def _threshold(question: Question) -> Fraction:
    return Fraction(question.threshold or 0)


_VERDICTS: dict[str, Callable[[Question, Value, Facts], bool | None]] = {
    AnswerKind.DOCUMENT: _document_verdict,
    AnswerKind.PERCENTAGE: _percentage_verdict,
    AnswerKind.COUNT: _count_verdict,
    AnswerKind.YES_NO: _yes_no_verdict,
    AnswerKind.NO_INCIDENT: _no_incident_verdict,
    AnswerKind.TREND: _trend_verdict,
    AnswerKind.RATING: _rating_verdict,
}


# What a form says -----------------------------------------------------------------------------------------------------


def validate(question: Question, value: Value, facts: Facts) -> list[Problem]:
    """What is wrong with a value, as (field, sentence); an empty value is not wrong, only unanswered."""
    if not value:
        return []
    if "not_applicable" in value:
        return list(_not_applicable_problems(question, value, facts))
    return list(_PROBLEMS[question.answer_kind](question, value))


def _not_applicable_problems(question: Question, value: Value, facts: Facts) -> Iterable[Problem]:
    reason = value["not_applicable"]
    if not not_applicable_grounds(question, facts, value):
        yield "not_applicable", _("Câu này áp dụng với đơn vị, hãy trả lời.")
    elif not isinstance(reason, str) or not reason.strip():
        yield "not_applicable", _("Hãy ghi lý do không áp dụng.")


def _document_problems(question: Question, value: Value) -> Iterable[Problem]:
    if not question.parts:
        yield from _flag_problems("has", value)
        return
    ticks = value.get("ticks")
    if not isinstance(ticks, list) or not set(map(str, ticks)) <= {part["code"] for part in question.parts}:
        yield "ticks", _("Hãy đánh dấu các văn bản trong danh sách.")


def _flag_problems(field: str, value: Value) -> Iterable[Problem]:
    if not isinstance(value.get(field), bool):
        yield field, _("Hãy chọn có hoặc không.")


def _percentage_problems(question: Question, value: Value) -> Iterable[Problem]:
    part, whole = _number_problem("part", value), _number_problem("whole", value)
    yield from (problem for problem in (part, whole) if problem)
    if whole is None and value["whole"] == 0:
        yield "whole", _("Tổng số phải lớn hơn 0.")
    elif part is None and whole is None and value["part"] > value["whole"]:
        yield "part", _("Số này không được lớn hơn tổng số.")


def _count_problems(question: Question, value: Value) -> Iterable[Problem]:
    if problem := _number_problem("count", value):
        yield problem


def _yes_no_problems(question: Question, value: Value) -> Iterable[Problem]:
    yield from _flag_problems("yes", value)


def _no_incident_problems(question: Question, value: Value) -> Iterable[Problem]:
    yield from _count_problems(question, value)
    ground = value.get("exception") or ""
    if ground and ground not in [exception["code"] for exception in question.exceptions]:
        yield "exception", _("Câu này không có trường hợp loại trừ đã chọn.")


def _trend_problems(question: Question, value: Value) -> Iterable[Problem]:
    if problem := _number_problem("current", value):
        yield problem
    if value.get("previous") is not None and (problem := _number_problem("previous", value)):
        yield problem
    if not str(value.get("source") or "").strip():
        yield "source", _("Hãy ghi nguồn số liệu của kỳ trước, hoặc vì sao không có số liệu.")


def _rating_problems(question: Question, value: Value) -> Iterable[Problem]:
    if value.get("rating") not in [rating["code"] for rating in question.ratings]:
        yield "rating", _("Hãy chọn một mức xếp loại.")


def _number_problem(field: str, value: Value) -> Problem | None:
    number = value.get(field)
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= LARGEST:
        return None
    return field, _("Hãy nhập một số nguyên, từ 0 trở lên.")


_PROBLEMS: dict[str, Callable[[Question, Value], Iterable[Problem]]] = {
    AnswerKind.DOCUMENT: _document_problems,
    AnswerKind.PERCENTAGE: _percentage_problems,
    AnswerKind.COUNT: _count_problems,
    AnswerKind.YES_NO: _yes_no_problems,
    AnswerKind.NO_INCIDENT: _no_incident_problems,
    AnswerKind.TREND: _trend_problems,
    AnswerKind.RATING: _rating_problems,
}


# The whole dossier ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """A point of law with its result: met when all its questions are met or fall away (ruling 32)."""

    criterion: Criterion
    result: str


@dataclass(frozen=True)
class Deciding:
    """A question that stands between the unit and the recognition."""

    code: str
    label: str
    citation: str


@dataclass(frozen=True)
class Judgement:
    """The result of a dossier, ``""`` while it is open, with the questions that decide it and those still undecided."""

    result: str
    deciding: tuple[Deciding, ...]
    undecided: tuple[Deciding, ...]


def points_of(results: Iterable[tuple[Question, str]]) -> tuple[Point, ...]:
    """The points of law in the order of the questions; wants ``question.criterion`` loaded."""
    by_criterion: dict[Criterion, list[str]] = {}
    for question, result in results:
        by_criterion.setdefault(question.criterion, []).append(result)
    return tuple(Point(criterion, _combined(parts)) for criterion, parts in by_criterion.items())


def _combined(results: list[str]) -> str:
    if AnswerResult.NOT_MET in results:
        return AnswerResult.NOT_MET
    if not results or "" in results:
        return ""
    return AnswerResult.NOT_APPLICABLE if set(results) == {AnswerResult.NOT_APPLICABLE} else AnswerResult.MET


def result_of(results: Iterable[tuple[Question, str]]) -> Judgement:
    """Every criterion must be met (Đ4–Đ7, “đạt đủ các tiêu chí”): one unmet question decides, an undecided one leaves it open."""
    pairs = list(results)
    combined = _combined([result for _question, result in pairs])
    return Judgement(
        result="" if not combined else Result.NOT_MET if combined == AnswerResult.NOT_MET else Result.MET,
        deciding=tuple(_deciding(question) for question, result in pairs if result == AnswerResult.NOT_MET),
        undecided=tuple(_deciding(question) for question, result in pairs if not result),
    )


def _deciding(question: Question) -> Deciding:
    return Deciding(question.code, question.label, question.citation)
