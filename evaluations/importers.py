"""The checklists that ship with the program, from ``evaluations/data/checklists``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from core import audit
from core.transitions import SYSTEM
from evaluations.models import CriteriaSet, Criterion, Question
from evaluations.states import CriteriaSetState

FOLDER = Path(__file__).parent / "data" / "checklists"
SET_FIELDS = ("kind", "unit_kind", "issuer", "version", "title", "citation")
KEY = ("kind", "unit_kind", "issuer", "version")
DEFAULTS: dict[str, Any] = {
    "threshold": None,
    "part_label": "",
    "whole_label": "",
    "parts": [],
    "ratings": [],
    "exceptions": [],
    "not_applicable_rule": {},
    "source": "",
    "wants_evidence": False,
}
QUESTION_FIELDS = ("code", "label", "help", "citation", "answer_kind", *DEFAULTS)


class ChecklistChanged(Exception):
    """A file says something else than the set of the same version; a set in use is never rewritten."""


def checklist_files() -> list[dict[str, Any]]:
    """The content of the shipped files, one per unit kind."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]


def load_checklists(*, at: datetime, contents: Iterable[dict[str, Any]] | None = None) -> list[CriteriaSet]:
    """Make the sets that are not there yet; answer those made.

    The national sets restate a circular in force, were compared with it before they shipped, and have no draft that anybody could work
    on: they are inserted as published. Sets written here go through the transitions of ``evaluations.states``.
    """
    with transaction.atomic():
        return [made for content in (checklist_files() if contents is None else contents) if (made := _load(content, at=at))]


def _load(content: dict[str, Any], *, at: datetime) -> CriteriaSet | None:
    found = CriteriaSet.objects.select_for_update().filter(**{name: content[name] for name in KEY}).first()
    if found is not None:
        if _as_content(found) != _normal(content):
            raise ChecklistChanged(
                f"Bộ tiêu chí “{found.title}”, phiên bản {found.version}, đã có trong hệ thống với nội dung khác. "
                "Bộ tiêu chí đã ban hành không được sửa: hãy ghi “version” mới trong tệp."
            )
        return None
    made = CriteriaSet.objects.create(**{name: content[name] for name in SET_FIELDS}, state=CriteriaSetState.PUBLISHED, published_at=at)
    _write_criteria(made, _normal(content)["groups"])
    audit.record("criteria.load", made, actor=SYSTEM, to_state=made.state)
    return made


def _write_criteria(made: CriteriaSet, groups: list[dict[str, Any]]) -> None:
    """Groups first, then points of law under them, then the questions; positions run on through the whole set."""
    places: Iterator[int] = iter(range(1, 1000))
    questions: list[Question] = []
    for group in groups:
        parent = Criterion.objects.create(criteria_set=made, position=next(places), **_own(group))
        for point in group["criteria"]:
            leaf = Criterion.objects.create(criteria_set=made, parent=parent, position=next(places), **_own(point))
            questions += [
                Question(criterion=leaf, position=number, **question)
                for number, question in enumerate(point["questions"], len(questions) + 1)
            ]
    Question.objects.bulk_create(questions)


def _own(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("code", "label", "citation")}


def _normal(content: dict[str, Any]) -> dict[str, Any]:
    """The content with every field of a question said, so that files and rows compare."""
    groups = [
        {
            **_own(group),
            "criteria": [
                {**_own(point), "questions": [_question(question) for question in point["questions"]]} for point in group["criteria"]
            ],
        }
        for group in content["groups"]
    ]
    return {**{name: content[name] for name in SET_FIELDS}, "groups": groups}


def _question(entry: dict[str, Any]) -> dict[str, Any]:
    unknown = set(entry) - set(QUESTION_FIELDS)
    if unknown:
        raise ChecklistChanged(f"Câu hỏi {entry.get('code')}: không có trường {', '.join(sorted(unknown))}.")
    question = DEFAULTS | entry
    return question | {"threshold": None if question["threshold"] is None else Decimal(question["threshold"])}


def _as_content(found: CriteriaSet) -> dict[str, Any]:
    """The stored set in the shape of a file."""
    criteria = list(found.criteria.prefetch_related("questions").order_by("position"))
    groups = [
        {
            **_fields(group, ("code", "label", "citation")),
            "criteria": [
                {
                    **_fields(point, ("code", "label", "citation")),
                    "questions": [_fields(question, QUESTION_FIELDS) for question in point.questions.all()],
                }
                for point in criteria
                if point.parent_id == group.pk
            ],
        }
        for group in criteria
        if group.parent_id is None
    ]
    return {**_fields(found, SET_FIELDS), "groups": groups}


def _fields(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
